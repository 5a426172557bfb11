"""Facts of hearings (听证, 行政许可法 Art. 47-48)."""

from datetime import date

from casecore.fact import Fact, fact

__all__ = ["HearingFact", "HearingHeld", "HearingNotified", "HearingOffered", "HearingRequested"]


@fact("case.hearing_offered.v1", "听证告知")
class HearingOffered(Fact):
    """听证告知 (Art. 47): the applicant is told of the right to a hearing, to be asked for within five working days."""

    notice: str


@fact("case.hearing_requested.v1", "听证申请")
class HearingRequested(Fact):
    """听证申请: the organ holds it within twenty working days."""


@fact("case.hearing_notified.v1", "听证通知")
class HearingNotified(Fact):
    """听证通知 (Art. 48): time and place, seven days ahead."""

    hearing_on: date
    notice: str


@fact("case.hearing_held.v1", "听证举行")
class HearingHeld(Fact):
    """听证举行, with its record (笔录)."""

    record: str


HearingFact = HearingOffered | HearingRequested | HearingNotified | HearingHeld
"""What this act may leave in a case's history."""
