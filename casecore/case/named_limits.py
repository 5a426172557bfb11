"""A limit (时限) that a command names for one case, beside those the item promises."""

from datetime import datetime

from casecore.calendar import WorkCalendar
from casecore.clocks import read_clock
from casecore.ledger import Ledger
from casecore.limits import Limit
from casecore.refusals import Reason, Refused

__all__ = ["unfit_limit"]


def unfit_limit(limit: Limit, at: datetime, calendar: WorkCalendar) -> Refused | None:
    """Why a limit cannot be named at ``at``: it would be over before it began, or says two things.

    Raises :class:`~casecore.calendar.OutsideCalendarError` for one whose last day the calendar cannot count.
    """
    if limit.over_by(at) or limit.says_two_things:
        return Refused(Reason.DAYS_OUT_OF_RANGE, str(limit))
    read_clock(calendar, limit, at.date(), Ledger(), started_at=at, until=at)
    return None
