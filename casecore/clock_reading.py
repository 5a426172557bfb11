"""What a clock says (时限读数): its due date, what was used and what is left; and which of two calendars rules."""

from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple

from casecore.calendar import OutsideCalendarError, WorkCalendar
from casecore.vocabulary import Verdict

__all__ = ["BothDates", "ClockReading", "Exclusion", "judged"]


class Exclusion(NamedTuple):
    """What one suspension took out of a clock. Days (or minutes) an earlier one had taken are not taken again."""

    label: str
    amount: int
    """Days, or minutes for a limit of hours, that count for nobody because of this act alone."""
    first_on: date | None
    """The first day taken; None where it took none."""
    last_on: date | None
    surplus: int
    """What it lasted beyond its declaration: that runs against the agency."""


class BothDates(NamedTuple):
    """A due date that a later notice (后续通知) makes another one than was printed: the later is when it is due."""

    printed_on: date
    """As printed (承诺到期日): under the calendar of the promise."""
    legal_on: date
    """Under the calendar that took its place (法定到期日)."""
    calendar: str
    """That calendar's version."""


class ClockReading(NamedTuple):
    """What one clock says at ``until`` (the closing, or the day of the question)."""

    due_on: date
    due_at: datetime | None
    """The instant, for limits in hours, minutes and half days; else None."""
    excluded: int
    """What did not count, in the unit of ``used``: the union of the exclusions."""
    exclusions: tuple[Exclusion, ...]
    """Each suspension that counted, in order of its start."""
    extension_days: int
    used: int
    """Working days, or natural days (of months and years too); whole minutes for limits in hours, minutes and half days."""
    remaining: int
    """What is left in the same unit; negative when overdue, and of a limit within a day only then."""
    verdict: Verdict
    paused: bool
    """Whether the clock stands still at the moment of the reading."""
    provisional: bool
    """The due date touches or passes the calendar's coverage: a later notice may move it."""
    ignored: tuple[str, ...]
    """Acts that did not count, with the reason."""
    moved_from: date | None = None
    """The last of so many natural days, where it is a rest day and the due date moved off it (民法典 203)."""
    both_dates: BothDates | None = None
    """Where a later notice makes another due date than was printed; None where both are one."""
    counted_by: WorkCalendar | None = None
    """The calendar that took the place of the promise's and by which this was counted; None where the promise's was."""

    @property
    def printed_on(self) -> date:
        """The due date as it was printed."""
        return self.due_on if self.both_dates is None else self.both_dates.printed_on

    @property
    def legal_on(self) -> date:
        """The due date under the calendar in force."""
        return self.due_on if self.both_dates is None else self.both_dates.legal_on


def judged(calendar: WorkCalendar, ended_on: date, read: Callable[[WorkCalendar], ClockReading]) -> ClockReading:
    """What a clock says under the calendar of its promise and under those that took its place: the later due date rules.

    ``read`` reads it under one calendar, ``ended_on`` is the local date it is judged on. An equal date is counted by the
    later notice. A later calendar that cannot count it says nothing of it; raises
    :class:`~casecore.calendar.OutsideCalendarError` where that of the promise cannot.
    """
    printed = read(calendar)
    if not calendar.later:
        return printed
    legal: ClockReading | None = None
    law = calendar
    for one in calendar.judging(ended_on):
        try:
            reading = read(one)
        except OutsideCalendarError:
            continue
        if legal is None or _due_later(reading, legal):
            law, legal = one, reading
    if legal is None:
        return printed
    differs = (printed.due_on, printed.due_at) != (legal.due_on, legal.due_at)
    ruling = printed if _due_later(printed, legal) else legal._replace(counted_by=law)
    return ruling._replace(
        provisional=law.provisional(ruling.due_on),
        both_dates=BothDates(printed.due_on, legal.due_on, law.version) if differs else None,
    )


def _due_later(one: ClockReading, other: ClockReading) -> bool:
    """Whether one is due later than the other."""
    if one.due_at is not None and other.due_at is not None:
        return one.due_at > other.due_at
    return one.due_on > other.due_on
