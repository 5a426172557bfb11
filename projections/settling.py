"""Clocks without a "now": each clock of a case or package as far as its history settles what it says.

A row may not depend on the day it is made. So a clock that has ended is read at its end, and one that still runs as far
as its ledger says anything: whether it is overdue by today is for whoever asks to compare.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import NamedTuple, TypeVar

from casecore.calendar import OutsideCalendarError, WorkCalendar
from casecore.calendars import find_calendar
from casecore.clock import CaseClock
from casecore.clocks import ClockReading
from casecore.kind import File, Kind

F = TypeVar("F", bound=File)

__all__ = ["Settled", "settle"]


class Settled(NamedTuple):
    """A clock with what the history it belongs to settles of it."""

    clock: CaseClock
    calendar: WorkCalendar
    """The one it is counted by: that of the promise, or the one that took its place."""
    reading: ClockReading | None
    """None where the calendar cannot count: its dates lie outside."""
    ended_on: date | None
    """None while it runs."""
    cut_off: bool
    """Whether the case was withdrawn or voided while it ran, which is neither in time nor late."""

    @property
    def paused(self) -> bool:
        """Whether it stands still and nothing says until when: nothing is due then."""
        return self.reading is not None and self.reading.paused

    @property
    def due_on(self) -> date | None:
        """The due date; None while it is paused, and where it cannot be counted."""
        return None if self.reading is None or self.reading.paused else self.reading.due_on

    @property
    def printed_on(self) -> date | None:
        """The due date as it was printed (承诺到期日); None as :attr:`due_on`."""
        return None if self.reading is None or self.reading.paused else self.reading.printed_on

    @property
    def legal_on(self) -> date | None:
        """The due date under the calendar in force (法定到期日); None as :attr:`due_on`."""
        return None if self.reading is None or self.reading.paused else self.reading.legal_on

    @property
    def due_time(self) -> str | None:
        """The due hour and minute, ``HH:MM``, of a limit within a day."""
        due_at = None if self.reading is None or self.reading.paused else self.reading.due_at
        return None if due_at is None else due_at.strftime("%H:%M")

    @property
    def verdict(self) -> str | None:
        """on_time or overdue, judged at its end; None while it runs, where it was cut off or cannot be counted."""
        judged = self.reading is not None and self.ended_on is not None and not self.cut_off
        return self.reading.verdict.value if judged and self.reading is not None else None

    @property
    def provisional(self) -> int:
        """1 where the due date touches or passes the calendar's coverage, or lies where it cannot count at all."""
        return int(self.reading is None or (self.reading.provisional and not self.reading.paused))

    @property
    def excluded_days(self) -> int | None:
        """Days that do not count, in the limit's own days; None of a limit within a day, and while it is paused."""
        if self.reading is None or self.reading.paused or self.clock.limit.unit.within_a_day:
            return None
        return self.reading.excluded

    @property
    def excluded_minutes(self) -> int | None:
        """Minutes of legal working time that do not count; None of a limit in days, and while it is paused."""
        if self.reading is None or self.reading.paused or not self.clock.limit.unit.within_a_day:
            return None
        return self.reading.excluded


def settle(kind: Kind[F], file: F, calendars: Mapping[str, WorkCalendar], in_force: str | None) -> Iterator[Settled]:
    """Every clock of a stream; one that began before the promise is counted under the version ``in_force``, if any.

    Raises :class:`~casecore.errors.BadInput` where the version of the promise is not among the calendars.
    """
    for clock in kind.clocks(file):
        if clock.calendar is not None:
            calendar = find_calendar(calendars, clock.calendar)
        elif in_force is not None and in_force in calendars:
            calendar = calendars[in_force]
        else:
            continue
        cut_off_at = kind.cut_off(file, clock)
        if cut_off_at is not None:
            yield _settled(clock._replace(ended_at=cut_off_at), calendar, cut_off=True)
        else:
            yield _settled(clock, calendar)


def _settled(clock: CaseClock, calendar: WorkCalendar, *, cut_off: bool = False) -> Settled:
    try:
        reading = _read(clock, calendar, None if cut_off else clock.ended_at)
    except OutsideCalendarError:
        reading = None
    counted_by = calendar if reading is None or reading.counted_by is None else reading.counted_by
    return Settled(clock, counted_by, reading, None if clock.ended_at is None else clock.ended_at.date(), cut_off)


def _read(clock: CaseClock, calendar: WorkCalendar, ended_at: datetime | None) -> ClockReading:
    """Read a clock at its end, or as far as the ledger goes.

    An open suspension with declared days counts in full (the due date it can at most lead to: until then the case is
    not overdue). Where an open one without a cap stops the clock, the reading says that it is paused.
    """
    if ended_at is not None:
        return clock.read(calendar, ended_at)
    known = [clock.started_on, clock.started_at.date()]
    if clock.ledger.extension is not None:
        known.append(clock.ledger.extension.approved_on)
    for span in clock.ledger.suspensions:
        known.append((span.ended_at or span.started_at).date())
        if span.ended_at is None and span.declared_days is not None:
            known.append(calendar.due(span.started_at.date(), span.declared_days + 1))
    last = datetime.combine(max(known), time.max, clock.started_at.tzinfo)
    return clock._replace(ended_at=None).read(calendar, last)
