"""Special procedures (特别程序) held to the days they were declared for, whatever the limits make of them.

One definition for the card (发牌) and for the finding (疑点). A clock leaves out what was declared and counts the surplus;
but it may have run out before the procedure began, have ended, or be one that no act moves, and the procedure has its
days all the same (Art. 45).
"""

from datetime import date, datetime
from typing import NamedTuple

from casecore.calendar import WorkCalendar
from casecore.case.facts.time_limits import told_in_writing
from casecore.case.file import CaseFile
from casecore.case.parts import Suspension
from casecore.office import Office
from casecore.vocabulary import Unit

__all__ = ["Overrun", "overrun_of"]


class Overrun(NamedTuple):
    """A special procedure that lasted longer than the applicant was told."""

    suspension: str
    judged_at: datetime
    """Its end, the end of the case or the moment of the question, whichever came first."""
    surplus: int
    """By how many days; at least 1."""
    unit: Unit
    """Working or natural days, as the promise is counted."""


def overrun_of(file: CaseFile, suspension: Suspension, at: datetime, office: Office) -> Overrun | None:
    """By how much a procedure told in writing has exceeded its declared days at ``at``; None where it has not.

    Raises ``OutsideCalendarError`` where its calendar cannot count it, ``BadInput`` where nobody knows the calendar.
    """
    (fact, ended_at), promise, closing = suspension, file.promise, file.closing
    declared = fact.declared_days
    if promise is None or declared is None or not told_in_writing(fact):
        return None
    judged_at = min(moment for moment in (at, ended_at, closing.at if closing else None) if moment is not None)
    first, last = fact.at.date(), judged_at.date()
    natural = promise.promised.unit.natural
    lasted = (last - first).days if natural else _working_days(office.calendar_of(promise.calendar), first, last)
    unit = Unit.NATURAL_DAY if natural else Unit.WORKING_DAY
    return Overrun(fact.suspension, judged_at, lasted - declared, unit) if lasted > declared else None


def _working_days(calendar: WorkCalendar, first: date, last: date) -> int:
    """The working days it lasted by the calendar of the promise, or by a later notice where that makes them fewer."""
    return min(one.between(first, last) for one in (calendar, *calendar.judging(last)))
