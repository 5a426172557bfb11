"""Clocks (时限): due date, used and remaining time, all derived from a limit and the ledger of suspensions and extensions.

Nothing here is stored. A :class:`Ledger` holds the acts that may move a deadline; :func:`read_clock` walks them in
order of date and answers. Rules (domain: 行政许可法 Art. 42, 45, 82; day 0 is the day the clock starts):

* an act counts only if it happened on or after the start, on or before the end, and on or before the due date as it
  stood then: what starts after the deadline does not revive it;
* a suspension excludes the first ``declared_days`` of (start, end]; overlapping days count once; without a
  declaration nothing caps it;
* on time is a comparison of dates, not of instants, except for limits in hours.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from casecore.calendar import WorkCalendar
from casecore.limits import Limit
from casecore.vocabulary import Unit, Verdict

__all__ = ["ClockReading", "CountedDay", "Extension", "Ledger", "SuspensionSpan", "count_days", "read_clock"]

MINUTES_AN_HOUR: Final = 60


class SuspensionSpan(NamedTuple):
    """One interval that may not count: local instants, ``ended_at`` None while it is open."""

    label: str
    started_at: datetime
    ended_at: datetime | None
    declared_days: int | None
    """The time told in writing (Art. 45), in the limit's own days; None: no cap."""


class Extension(NamedTuple):
    """Days added to the limit (延长审批): once, approved on a local date."""

    approved_on: date
    days: int


class Ledger(NamedTuple):
    """All acts that may move one clock, in the order they were recorded."""

    suspensions: tuple[SuspensionSpan, ...] = ()
    extension: Extension | None = None


class ClockReading(NamedTuple):
    """What one clock says at ``until`` (the closing, or the day of the question)."""

    due_on: date
    due_at: datetime | None
    """The instant, for limits in hours; else None."""
    excluded: frozenset[date]
    """Days that did not count."""
    extension_days: int
    used: int
    """Working days, natural days or whole minutes used, in the limit's unit (minutes for hours)."""
    remaining: int
    """What is left in the same unit; negative when overdue."""
    verdict: Verdict
    paused: bool
    """Whether the clock stands still at the moment of the reading."""
    provisional: bool
    ignored: tuple[str, ...]
    """Acts that did not count, with the reason."""


class CountedDay(NamedTuple):
    """One day after day 0, whether it counts against the limit, and why."""

    day: date
    counted: bool
    why: str


def count_days(
    calendar: WorkCalendar, unit: Unit, started_on: date, reading: ClockReading, until: date
) -> Iterator[CountedDay]:
    """The proof of a reading: every day in (started_on, until] with whether it counted and by which rule."""
    natural = unit is Unit.NATURAL_DAY
    number = 0
    for found in calendar.days(started_on, until):
        if found.day in reading.excluded:
            yield CountedDay(found.day, counted=False, why=f"excluded: suspended (不计入时限); {found.why}")
        elif natural or found.working:
            number += 1
            yield CountedDay(found.day, counted=True, why=f"day {number} (第{number}日); {found.why}")
        else:
            yield CountedDay(found.day, counted=False, why=found.why)


class _Counting(NamedTuple):
    """How one unit of days is counted: working days or natural days."""

    calendar: WorkCalendar
    working: bool

    def between(self, after: date, until: date) -> int:
        return self.calendar.between(after, until) if self.working else max(0, (until - after).days)

    def due(self, start: date, days: int) -> date:
        if self.working:
            return self.calendar.due(start, days)
        # 民法典 203: a last day that is a rest day moves to the next working day.
        return start if days == 0 else self.calendar.next_working(start + timedelta(days=days))

    def first(self, after: date, until: date, cap: int | None) -> set[date]:
        """The first ``cap`` counted days of (after, until]."""
        count = self.between(after, until)
        if cap is not None:
            count = min(count, cap)
        if not self.working:
            return {after + timedelta(days=n) for n in range(1, count + 1)}
        return {self.calendar.due(after, n) for n in range(1, count + 1)}


def read_clock(  # noqa: PLR0913 - the six facts a clock is a function of
    calendar: WorkCalendar,
    limit: Limit,
    started_on: date,
    ledger: Ledger,
    *,
    started_at: datetime | None = None,
    closed_at: datetime | None = None,
    until: date | datetime | None = None,
) -> ClockReading:
    """Read a clock: of a closed case at ``closed_at``, of a running one at ``until``.

    ``started_on`` is day 0, ``started_at`` the instant (needed for hours only). Raises
    :class:`~casecore.calendar.OutsideCalendarError` where the calendar cannot count.
    """
    end_at = closed_at if closed_at is not None else until
    if end_at is None:
        raise ValueError("a clock is read at the closing or at a given day")
    end = end_at.date() if isinstance(end_at, datetime) else end_at
    closed = closed_at is not None
    if limit.due_on is not None:
        return _read_fixed(calendar, limit.due_on, started_on, end, closed=closed)
    if limit.unit is Unit.HOUR:
        if started_at is None:
            raise ValueError("a limit in hours needs the instant it starts at")
        moment = end_at if isinstance(end_at, datetime) else datetime.combine(end, datetime.max.time(), started_at.tzinfo)
        return _read_hours(calendar, limit, started_at, ledger, moment, closed=closed)
    return _read_days(
        _Counting(calendar, limit.unit is Unit.WORKING_DAY), limit.amount, started_on, ledger, end, closed=closed
    )


def _read_fixed(calendar: WorkCalendar, due_on: date, start: date, end: date, *, closed: bool) -> ClockReading:
    used = calendar.between(start, end)
    remaining = calendar.between(end, due_on) if end <= due_on else -calendar.between(due_on, end)
    return ClockReading(
        due_on=due_on,
        due_at=None,
        excluded=frozenset(),
        extension_days=0,
        used=used,
        remaining=remaining,
        verdict=_verdict(closed=closed, late=end > due_on),
        paused=False,
        provisional=calendar.provisional(due_on),
        ignored=(),
    )


def _read_days(  # noqa: PLR0913 - as read_clock
    counting: _Counting, amount: int, start: date, ledger: Ledger, end: date, *, closed: bool
) -> ClockReading:
    excluded: set[date] = set()
    added = 0
    paused = False
    ignored: list[str] = []
    acts: list[tuple[date, int, SuspensionSpan | Extension]] = [(s.started_at.date(), 0, s) for s in ledger.suspensions]
    if ledger.extension is not None:
        acts.append((ledger.extension.approved_on, 1, ledger.extension))
    for on, _, act in sorted(acts, key=lambda entry: entry[:2]):
        due = counting.due(start, amount + added + len(excluded))
        label = act.label if isinstance(act, SuspensionSpan) else "extension"
        if on < start:
            ignored.append(f"{label}: before the start")
        elif on > end:
            ignored.append(f"{label}: after the end")
        elif on > due:
            ignored.append(f"{label}: after the due date {due}")
        elif isinstance(act, SuspensionSpan):
            stop = end if act.ended_at is None else min(act.ended_at.date(), end)
            excluded |= counting.first(on, stop, act.declared_days)
            open_now = act.ended_at is None or act.ended_at.date() > end
            within = act.declared_days is None or counting.between(on, end) <= act.declared_days
            paused = paused or (not closed and open_now and within)
        else:
            added = act.days
    due = counting.due(start, amount + added + len(excluded))
    used = counting.between(start, end) - sum(1 for day in excluded if start < day <= end)
    return ClockReading(
        due_on=due,
        due_at=None,
        excluded=frozenset(excluded),
        extension_days=added,
        used=used,
        remaining=amount + added - used,
        verdict=_verdict(closed=closed, late=end > due),
        paused=paused,
        provisional=counting.calendar.provisional(due),
        ignored=tuple(ignored),
    )


def _read_hours(  # noqa: PLR0913 - as read_clock
    calendar: WorkCalendar, limit: Limit, start: datetime, ledger: Ledger, end: datetime, *, closed: bool
) -> ClockReading:
    """Minutes of legal working time. Suspended minutes count once; days declared or added do not apply to hours."""
    allowed = limit.amount * MINUTES_AN_HOUR
    paused, reached, open_now = 0, start, False
    ignored = ["extension: a limit in hours is not extended by days"] if ledger.extension else []
    for span in sorted(ledger.suspensions, key=lambda s: s.started_at):
        due_at = calendar.after_working_minutes(start, allowed + paused)
        if span.started_at < start:
            ignored.append(f"{span.label}: before the start")
        elif span.started_at > end:
            ignored.append(f"{span.label}: after the end")
        elif span.started_at > due_at:
            ignored.append(f"{span.label}: after the due time {due_at.isoformat()}")
        else:
            begin = max(span.started_at, reached)
            reached = max(reached, end if span.ended_at is None else min(span.ended_at, end))
            paused += calendar.working_minutes(begin, reached) if begin < reached else 0
            open_now = open_now or span.ended_at is None
    due_at = calendar.after_working_minutes(start, allowed + paused)
    used = calendar.working_minutes(start, end) - paused
    return ClockReading(
        due_on=due_at.date(),
        due_at=due_at,
        excluded=frozenset(),
        extension_days=0,
        used=used,
        remaining=allowed - used,
        verdict=_verdict(closed=closed, late=end > due_at),
        paused=not closed and open_now,
        provisional=calendar.provisional(due_at.date()),
        ignored=tuple(ignored),
    )


def _verdict(*, closed: bool, late: bool) -> Verdict:
    if late:
        return Verdict.OVERDUE
    return Verdict.ON_TIME if closed else Verdict.RUNNING
