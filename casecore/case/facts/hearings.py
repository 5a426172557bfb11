"""Facts of hearings (听证, 行政许可法 Art. 47-48)."""

from datetime import date

from casecore.fact import Fact, fact
from casecore.phrases import sentence
from casecore.said import Said

__all__ = ["HearingFact", "HearingHeld", "HearingNotified", "HearingOffered", "HearingRequested"]


@fact("case.hearing_offered.v1", "听证告知")
class HearingOffered(Fact):
    """听证告知 (Art. 47): the applicant is told of the right to a hearing, to be asked for within five working days."""

    notice: str

    def told(self) -> Said:
        """That there is a right to one, by which notice."""
        return sentence(
            f"已告知申请人有权要求听证（告知书 {self.notice}）", f"the applicant may ask for a hearing ({self.notice})"
        )


@fact("case.hearing_requested.v1", "听证申请")
class HearingRequested(Fact):
    """听证申请: the organ holds it within twenty working days."""

    def told(self) -> Said:
        """That one is asked for."""
        return sentence("已提出听证申请", "a hearing is asked for")


@fact("case.hearing_notified.v1", "听证通知")
class HearingNotified(Fact):
    """听证通知 (Art. 48): time and place, seven days ahead."""

    hearing_on: date
    notice: str

    def told(self) -> Said:
        """When it will be, by which notice."""
        return sentence(
            f"听证定于 {self.hearing_on} 举行（通知书 {self.notice}）",
            f"the hearing is on {self.hearing_on} ({self.notice})",
        )


@fact("case.hearing_held.v1", "听证举行")
class HearingHeld(Fact):
    """听证举行, with its record (笔录)."""

    record: str

    def told(self) -> Said:
        """That it was held, by which record."""
        return sentence(f"听证已举行（笔录 {self.record}）", f"the hearing was held ({self.record})")


HearingFact = HearingOffered | HearingRequested | HearingNotified | HearingHeld
"""What this act may leave in a case's history."""
