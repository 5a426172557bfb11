"""Clocks (时限): due date, used and remaining time, all derived from a limit and the ledger of suspensions and extensions.

Nothing here is stored. A :class:`Ledger` holds the acts that may move a deadline; :func:`read_clock` walks them in
order of date and answers, in time linear in the ledger. Rules (domain: 行政许可法 Art. 42, 45, 82; 民法典 201, 203; day
0 is the day the clock starts):

* a limit of months or years ends on the same-numbered day, or the month's last (民法典 202); it is counted as the natural
  days up to there: what is excluded, and an extension, are natural days added to that end, and only then does a last day
  of rest move to the next working day (203);
* an act counts only if it happened on or after the start, on or before the end, and on or before the due date as it
  stood then: what starts after the deadline does not revive it;
* a suspension excludes the first ``declared_days`` of (start, end]; overlapping days count once; without a
  declaration nothing caps it;
* on time is a comparison of dates, not of instants, but for an agreed deadline that says its instant rules;
* a limit of hours, minutes and half days is counted in whole minutes of legal working time (法定工作时间), every
  instant read to the minute the clock shows: it is overdue when more of them were used than it has, and at no other
  time. Seconds count for nothing, nor does what is done over lunch or in an extended window;
* where another calendar took the place of the one of the promise (后续通知), the date printed stands, and so does the legal
  one: a clock is overdue past both.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from casecore.calendar import OutsideCalendarError, WorkCalendar, to_the_minute
from casecore.clock_reading import BothDates, ClockReading, Exclusion, judged
from casecore.ledger import Extension, Ledger, SuspensionSpan
from casecore.limits import Limit
from casecore.vocabulary import Unit, Verdict

__all__ = ["BothDates", "ClockReading", "CountedDay", "Exclusion", "count_days", "read_clock"]


_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)


class CountedDay(NamedTuple):
    """One day after day 0, whether it counts against the limit, and why."""

    day: date
    counted: bool
    why: str


def count_days(
    calendar: WorkCalendar, unit: Unit, started_on: date, reading: ClockReading, until: date
) -> Iterator[CountedDay]:
    """The proof of a reading: every day in (started_on, until] with whether it counted and by which rule."""
    natural = unit.natural
    taken = [
        (found.first_on, found.last_on, found.label)
        for found in reading.exclusions
        if found.first_on is not None and found.last_on is not None
    ]
    number = 0
    for found in calendar.days(started_on, until):
        label = next((name for first, last, name in taken if first <= found.day <= last), None)
        if not (natural or found.working):
            yield CountedDay(found.day, counted=False, why=found.why)
        elif label is not None:
            yield CountedDay(found.day, counted=False, why=f"excluded by {label} (不计入时限); {found.why}")
        else:
            number += 1
            moved = reading.moved_from is not None and reading.moved_from < found.day <= reading.due_on
            rolled = f", the last day moved off {reading.moved_from} (顺延)" if moved else ""
            yield CountedDay(found.day, counted=True, why=f"day {number} (第{number}日){rolled}; {found.why}")


class _Scale(NamedTuple):
    """How one unit of days is counted. Every day has a number that grows by one with each day that counts."""

    calendar: WorkCalendar
    working: bool

    def number(self, day: date) -> int:
        return self.calendar.number(day) if self.working else day.toordinal()

    def day(self, number: int) -> date:
        return self.calendar.numbered(number) if self.working else date.fromordinal(number)

    def due(self, start: date, days: int) -> date:
        if self.working:
            return self.calendar.due(start, days)
        # 民法典 203: a last day that is a rest day moves to the next working day.
        if days == 0:
            return start
        try:
            last = start + timedelta(days=days)
        except OverflowError as error:
            raise OutsideCalendarError(f"{days} natural days after {start} lie beyond any date") from error
        return self.calendar.next_working(last)

    def moved_from(self, start: date, days: int, due: date) -> date | None:
        """The last of so many natural days where it was a rest day and the due date moved off it."""
        if self.working or days == 0:
            return None
        last = start + timedelta(days=days)
        return last if last < due else None

    def left(self, end: date, due: date, days: int) -> int:
        """What is left of so many days; of natural days the last may have moved."""
        return days if self.working else (due - end).days


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

    ``started_on`` is day 0, ``started_at`` the instant (needed for limits within a day only). Where others took the place
    of the ``calendar``, it is judged under them, too. Raises :class:`~casecore.calendar.OutsideCalendarError` where the
    calendar cannot count.
    """
    end_at = closed_at if closed_at is not None else until
    if end_at is None:
        raise ValueError("a clock is read at the closing or at a given day")

    def under(one: WorkCalendar) -> ClockReading:
        return _read(one, limit, started_on, ledger, started_at, end_at, closed=closed_at is not None)

    return judged(calendar, end_at.date() if isinstance(end_at, datetime) else end_at, under)


def _read(  # noqa: PLR0913, PLR0917 - as read_clock
    calendar: WorkCalendar,
    limit: Limit,
    started_on: date,
    ledger: Ledger,
    started_at: datetime | None,
    end_at: date | datetime,
    *,
    closed: bool,
) -> ClockReading:
    """Read a clock under one calendar."""
    end = end_at.date() if isinstance(end_at, datetime) else end_at
    if limit.due_on is not None:
        reading = _read_fixed(calendar, limit.due_on, started_on, ledger, end, closed=closed)
        return _to_the_instant(reading, limit, end_at, closed=closed) if limit.by_instant else reading
    if limit.unit.within_a_day:
        if started_at is None:
            raise ValueError("a limit within a day needs the instant it starts at")
        moment = end_at if isinstance(end_at, datetime) else datetime.combine(end, datetime.max.time(), started_at.tzinfo)
        return _read_minutes(calendar, limit, started_at, ledger, moment, closed=closed)
    scale = _Scale(calendar, limit.unit is Unit.WORKING_DAY)
    return _read_days(scale, _days_of(limit, started_on), started_on, ledger, end, closed=closed)


def _days_of(limit: Limit, started_on: date) -> int:
    """A limit in its own days: months and years are the natural days up to their last one."""
    try:
        return limit.natural_days_from(started_on)
    except OverflowError as error:
        raise OutsideCalendarError(str(error)) from error


def _read_fixed(  # noqa: PLR0913 - as read_clock
    calendar: WorkCalendar, due_on: date, start: date, ledger: Ledger, end: date, *, closed: bool
) -> ClockReading:
    acts = [span.label for span in ledger.suspensions] + ["extension"] * (ledger.extension is not None)
    return ClockReading(
        due_on=due_on,
        due_at=None,
        excluded=0,
        exclusions=(),
        extension_days=0,
        used=calendar.between(start, end),
        remaining=calendar.between(end, due_on) if end <= due_on else -calendar.between(due_on, end),
        verdict=_verdict(closed=closed, late=end > due_on),
        paused=False,
        provisional=calendar.provisional(due_on),
        ignored=tuple(f"{label}: an agreed date is not moved" for label in acts),
    )


def _to_the_instant(reading: ClockReading, limit: Limit, end_at: date | datetime, *, closed: bool) -> ClockReading:
    """An agreed date judged by its instant; asked for a day alone, by the day."""
    due_at = limit.due_at
    if due_at is None or not isinstance(end_at, datetime):
        return reading
    return reading._replace(due_at=due_at, verdict=_verdict(closed=closed, late=end_at > due_at))


def _read_days(  # noqa: PLR0913 - as read_clock
    scale: _Scale, amount: int, start: date, ledger: Ledger, end: date, *, closed: bool
) -> ClockReading:
    excluded = added = 0
    reached = first = scale.number(start)  # no day up to this number is excluded any more
    paused = False
    walked_to = max(end, start)  # asked before day 0, it knows of what counts from day 0 on
    exclusions: list[Exclusion] = []
    ignored: list[str] = []
    acts: list[tuple[date, int, SuspensionSpan | Extension]] = [(_seen(s).date(), 0, s) for s in ledger.suspensions]
    if ledger.extension is not None:
        acts.append((ledger.extension.approved_on, 1, ledger.extension))
    for on, _, act in sorted(acts, key=lambda entry: entry[:2]):
        due = scale.due(start, amount + added + excluded)
        label = act.label if isinstance(act, SuspensionSpan) else "extension"
        if why := _out_of_time(on, start, walked_to, due):
            ignored.append(f"{label}: {why}")
        elif isinstance(act, Extension):
            added = act.days
        else:
            stop = walked_to if act.ended_at is None else min(act.ended_at.date(), walked_to)
            high = scale.number(stop)
            last = high if act.declared_days is None else min(high, scale.number(act.started_at.date()) + act.declared_days)
            low_left = max(scale.number(on), reached)
            taken = max(0, last - low_left)
            first_on, last_on = (scale.day(low_left + 1), scale.day(last)) if taken else (None, None)
            exclusions.append(Exclusion(label, taken, first_on, last_on, max(0, high - max(last, scale.number(on)))))
            excluded += taken
            reached = max(reached, last)
            open_now = act.ended_at is None or act.ended_at.date() > end
            paused = paused or (not closed and open_now and last == high)
    due = scale.due(start, amount + added + excluded)
    used = scale.number(end) - first - excluded if end > start else 0
    return ClockReading(
        due_on=due,
        due_at=None,
        excluded=excluded,
        exclusions=tuple(exclusions),
        extension_days=added,
        used=used,
        remaining=scale.left(end, due, amount + added - used),
        verdict=_verdict(closed=closed, late=end > due),
        paused=paused,
        provisional=scale.calendar.provisional(due),
        ignored=tuple(ignored),
        moved_from=scale.moved_from(start, amount + added + excluded, due),
    )


def _read_minutes(  # noqa: PLR0913 - as read_clock
    calendar: WorkCalendar, limit: Limit, start: datetime, ledger: Ledger, end: datetime, *, closed: bool
) -> ClockReading:
    """Minutes of legal working time. Suspended minutes count once; an extension in days does not apply.

    Compared is what the clock on the wall shows: a fact bears the offset of its day, and over the change to summer time
    an hour of work is still an hour of work. What was used decides alone: the limit has run out once that is more than it
    has, whatever passed on the wall over lunch or in the night.
    """
    zone = end.tzinfo
    start, end = _shown(start, start), _shown(end, start)
    ledger = Ledger(tuple(_on_the_wall(span, start) for span in ledger.suspensions), ledger.extension)
    allowed = _minutes(calendar, limit)
    excluded, reached, open_now = 0, start, False
    exclusions: list[Exclusion] = []
    ignored = ["extension: a limit within a day is not extended by days"] if ledger.extension else []
    for span in sorted(ledger.suspensions, key=_seen):
        due_at = calendar.after_working_minutes(start, allowed + excluded)
        run_out = calendar.working_minutes(start, _seen(span)) > allowed + excluded
        if why := _out_of_time(_seen(span), start, end, due_at if run_out else max(due_at, _seen(span))):
            ignored.append(f"{span.label}: {why}")
            continue
        stop = end if span.ended_at is None else min(span.ended_at, end)
        last = stop
        if span.declared_days is not None:
            declared = span.declared_days * (calendar.hours_a_day // _MINUTE)
            if calendar.working_minutes(span.started_at, stop) > declared:
                last = calendar.after_working_minutes(span.started_at, declared)
        begin = max(_seen(span), reached)
        taken = calendar.working_minutes(begin, last) if begin < last else 0
        first_on, last_on = (begin.date(), last.date()) if taken else (None, None)
        exclusions.append(Exclusion(span.label, taken, first_on, last_on, calendar.working_minutes(last, stop)))
        excluded += taken
        reached = max(reached, last)
        open_now = open_now or (last == stop and (span.ended_at is None or span.ended_at > end))
    due_at = calendar.after_working_minutes(start, allowed + excluded)
    used = calendar.working_minutes(start, end) - excluded
    return ClockReading(
        due_on=due_at.date(),
        due_at=due_at if zone is None else due_at.replace(tzinfo=zone),
        excluded=excluded,
        exclusions=tuple(exclusions),
        extension_days=0,
        used=used,
        remaining=allowed - used,
        verdict=_verdict(closed=closed, late=used > allowed),
        paused=not closed and open_now,
        provisional=calendar.provisional(due_at.date()),
        ignored=tuple(ignored),
    )


def _shown(at: datetime, start: datetime) -> datetime:
    """The minute the clock on the wall shows, under the offset of the start."""
    return to_the_minute(at).replace(tzinfo=start.tzinfo)


def _on_the_wall(span: SuspensionSpan, start: datetime) -> SuspensionSpan:
    """The span with its wall times under the offset of the start."""
    times = (span.started_at, span.ended_at, span.seen_from)
    started_at, ended_at, seen_from = (None if at is None else _shown(at, start) for at in times)
    return span._replace(started_at=started_at or span.started_at, ended_at=ended_at, seen_from=seen_from)


def _seen(span: SuspensionSpan) -> datetime:
    return span.started_at if span.seen_from is None else span.seen_from


def _minutes(calendar: WorkCalendar, limit: Limit) -> int:
    """A limit within a day in minutes; half a working day is half of its legal working time."""
    match limit.unit:
        case Unit.HALF_DAY:
            return limit.amount * (calendar.hours_a_day // _MINUTE) // 2
        case Unit.HOUR:
            return limit.amount * (_HOUR // _MINUTE)
        case _:
            return limit.amount


def _out_of_time(on: date, start: date, end: date, due: date) -> str | None:
    """Why an act of that day, or instant, does not count."""
    if on < start:
        return "before the start"
    if on > end:
        return "after the end"
    if on > due:
        return f"after the due {'time' if isinstance(due, datetime) else 'date'} {due.isoformat()}"
    return None


def _verdict(*, closed: bool, late: bool) -> Verdict:
    if late:
        return Verdict.OVERDUE
    return Verdict.ON_TIME if closed else Verdict.RUNNING
