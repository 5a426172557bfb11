"""One clock of a case, explained: every act beside it and every day of it, counted or not, and why.

It is judged under the calendar it was promised under and under those that took its place (后续通知), and due on the later
date. Under any other version a clock can be told beside it: as judged, and as it would be.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from casecore.calendar import OutsideCalendarError, WorkCalendar
from casecore.case.clocks import clock_named
from casecore.case.file import CaseFile
from casecore.clock import CaseClock
from casecore.clocks import ClockReading, count_days
from casecore.limits import Limit
from casecore.office import Office
from casecore.vocabulary import ClockKind, Verdict
from projections.explaining.acts import ClockAct, Positions, acts_of
from projections.explaining.plain import plain_reading

__all__ = [
    "Clock",
    "Compared",
    "DifferingDay",
    "ExplainedDay",
    "explain_clock",
    "moment_for",
    "promised_reading",
]

_DAY = timedelta(days=1)


class ExplainedDay(NamedTuple):
    """One day of a clock: how much of it counted, how much an act excluded, and why."""

    day: date
    counted: bool
    why: str
    amount: int
    """1 or 0 days; minutes of legal working time for limits of hours, minutes and half days."""
    excluded: int
    """1 or 0 days, or minutes, taken out by a suspension."""


class DifferingDay(NamedTuple):
    """A day of which two calendars say different things."""

    day: date
    promised_working: bool
    promised: str
    """What the calendar of the promise says of it."""
    known_working: bool
    known: str
    """What the other calendar says of it."""


class Compared(NamedTuple):
    """A clock under another calendar version alone; the verdict stays what it is."""

    calendar: str
    reading: ClockReading | None
    """None where that calendar cannot count this clock."""
    days: tuple[DifferingDay, ...]
    why: str | None
    """Why it cannot."""


class Clock(NamedTuple):
    """One clock, explained."""

    clock: str
    """Its name within the case: promised, step:fire, step:fire:2 …"""
    name: str
    """What a clerk calls it."""
    kind: ClockKind
    source: str
    limit: Limit
    department: str | None
    step: str | None
    started_on: date
    started_at: datetime
    ended_at: datetime | None
    """When what it waits for happened; None while it runs."""
    read_on: date
    """Its end, or the day of the question: up to here the days counted are the days used."""
    reading: ClockReading
    acts: tuple[ClockAct, ...]
    days: tuple[ExplainedDay, ...]
    """Every day after day 0 up to the due date or the end, whichever is later; for limits in hours, minutes and half
    days every day from day 0 to the end."""
    calendar: str
    compared: Compared | None
    remark: str | None
    """What has to be known of its end, where that is less than certain."""

    @property
    def unit(self) -> str:
        """What its numbers are."""
        return "minutes" if self.limit.unit.within_a_day else "days"

    def plain(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "clock": self.name,
            "id": self.clock,
            "kind": self.kind.value,
            "limit": str(self.limit),
            "source": self.source,
            "department": self.department,
            "step": self.step,
            "started_on": self.started_on,
            "started_at": self.started_at,
            "ended_at": self.ended_at,
            "remark": self.remark,
            "read_on": self.read_on,
            "unit": self.unit,
            **plain_reading(self.reading),
            "verdict": self.reading.verdict.value,
            "calendar_version": self.calendar,
            "acts": [act.plain() for act in self.acts],
            "excluded_days": [d.day for d in self.days if d.excluded],
            "exclusions": [one._asdict() for one in self.reading.exclusions],
            "ignored": self.reading.ignored,
            "totals": self.totals(),
            "days": [
                {"date": d.day, "counted": d.counted, "amount": d.amount, "excluded": d.excluded, "why": d.why}
                for d in self.days
            ],
            "as_now_known": _plain_compared(self.compared),
        }

    def totals(self) -> dict[str, int]:
        """The days up to the end or the question, added up: together, counted, excluded by acts, and neither."""
        days = [day for day in self.days if day.day <= self.read_on]
        counted, excluded = sum(d.amount for d in days), sum(d.excluded for d in days)
        neither = sum(not d.amount and not d.excluded for d in days)
        return {"days": len(days), "counted": counted, "excluded": excluded, "neither": neither}


def explain_clock(  # noqa: PLR0913, PLR0917 - a clock, what it is counted under and what it is told beside
    file: CaseFile,
    clock: CaseClock,
    as_of: datetime,
    positions: Positions,
    office: Office,
    other: WorkCalendar | None = None,
) -> Clock:
    """A clock as of a moment, with its acts and days, and told under an ``other`` calendar beside.

    It is counted under the calendar it was promised under, or the one that took its place and is due later; where it began
    before a promise, under the office's in force.
    Raises :class:`~casecore.errors.BadInput` where the office does not know that calendar, and
    :class:`~casecore.calendar.OutsideCalendarError` where it cannot count the clock.
    """
    calendar = office.calendar_of(clock.calendar)
    asked_at = max(as_of, clock.started_at)
    ended_at = clock.ended_at if clock.ended_at is not None and clock.ended_at <= asked_at else None
    moment = moment_for(calendar, asked_at) if ended_at is None else asked_at
    end_at = ended_at or moment
    reading = clock.read(calendar, moment)
    counted_by = reading.counted_by or calendar
    read_on = max(end_at.date(), clock.started_on)
    if clock.limit.unit.within_a_day:
        days = tuple(_minutes(clock, counted_by, read_on, end_at))
    else:
        days = tuple(_days(clock, counted_by, reading, max(reading.due_on, read_on)))
    title = "limit " if clock.kind in (ClockKind.PROMISED, ClockKind.STATUTORY) else ""
    return Clock(
        clock.name,
        f"{clock.name} {title}({clock.kind.zh})",
        clock.kind,
        clock.source,
        clock.limit,
        clock.department,
        clock.step,
        clock.started_on,
        clock.started_at,
        ended_at,
        read_on,
        reading,
        acts_of(file, clock, reading, positions),
        days,
        counted_by.version,
        None if other is None else _compare(clock, counted_by, other.under(()), reading, moment),
        clock.remark if ended_at is not None else None,
    )


def promised_reading(file: CaseFile, as_of: datetime, calendars: Mapping[str, WorkCalendar]) -> ClockReading | None:
    """What the promised limit of a case says; None where there is none, or no calendar to count it."""
    clock = clock_named(file, ClockKind.PROMISED.value)
    calendar = None if clock is None or clock.calendar is None else calendars.get(clock.calendar)
    if clock is None or calendar is None:
        return None
    try:
        return clock.read(calendar, moment_for(calendar, max(as_of, clock.started_at)))
    except OutsideCalendarError:
        return None


def moment_for(calendar: WorkCalendar, as_of: datetime) -> datetime:
    """The moment a running case is told as of: where the calendar cannot count that far, the last day it covers."""
    try:
        calendar.is_working(as_of.date())
    except OutsideCalendarError:
        return min(as_of, _end_of(calendar.covers[1], as_of))
    return as_of


def _end_of(day: date, at: datetime) -> datetime:
    return datetime.combine(day, time.max, at.tzinfo)


def _days(clock: CaseClock, calendar: WorkCalendar, reading: ClockReading, last: date) -> Iterator[ExplainedDay]:
    for found in count_days(calendar, clock.limit.unit, clock.started_on, reading, last):
        excluded = not found.counted and any(
            one.first_on is not None and one.last_on is not None and one.first_on <= found.day <= one.last_on
            for one in reading.exclusions
        )
        counts = clock.limit.unit.natural or calendar.is_working(found.day)
        yield ExplainedDay(*found, amount=int(found.counted), excluded=int(excluded and counts))


def _minutes(clock: CaseClock, calendar: WorkCalendar, last: date, end_at: datetime) -> Iterator[ExplainedDay]:
    """What each day took of a limit within a day: what the clock read at its end, less what it read the evening before."""
    used = excluded = 0
    first = min(clock.started_on, clock.started_at.date())
    for offset in range((last - first).days + 1):
        day = first + offset * _DAY
        moment = end_at if day == last else _end_of(day, clock.started_at)
        reading = clock._replace(ended_at=None).read(calendar, max(clock.started_at, moment))
        amount, out = reading.used - used, reading.excluded - excluded
        used, excluded = reading.used, reading.excluded
        told = [f"{amount} minutes count (计时{amount}分钟)"] if amount else []
        told += [f"{out} minutes excluded (不计入时限)"] if out else []
        rule = calendar.describe(day).why
        yield ExplainedDay(day, counted=amount > 0, why="; ".join((*told, rule)), amount=amount, excluded=out)


def _compare(
    clock: CaseClock, promised: WorkCalendar, known: WorkCalendar, reading: ClockReading, moment: datetime
) -> Compared:
    """The clock under another calendar, and the days between its start and the later due date on which both differ."""
    try:
        other = clock.read(known, moment)
        last = max(reading.due_on, other.due_on, (clock.ended_at or moment).date())
        days = tuple(_differing(promised, known, clock.started_on, last))
    except OutsideCalendarError as outside:
        return Compared(known.version, None, (), str(outside))
    return Compared(known.version, other, days, None)


def _differing(promised: WorkCalendar, known: WorkCalendar, after: date, until: date) -> Iterator[DifferingDay]:
    for one, other in zip(promised.days(after, until), known.days(after, until), strict=True):
        if one.working is not other.working:
            yield DifferingDay(one.day, one.working, one.why, other.working, other.why)


def _plain_compared(compared: Compared | None) -> dict[str, Any] | None:
    if compared is None:
        return None
    reading = compared.reading
    return {
        "calendar_version": compared.calendar,
        **(plain_reading(reading) if reading is not None else {}),
        "would_be_overdue": reading.verdict is Verdict.OVERDUE if reading is not None else None,
        "differing_days": [day._asdict() for day in compared.days],
        "why_not": compared.why,
    }
