"""What the clocks say of a case in its row: the columns that follow from its promise and what moved its limits."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from casecore.calendar import OutsideCalendarError, WorkCalendar
from casecore.case.clocks import decided_by
from casecore.case.file import CaseFile
from casecore.clocks import ClockReading, read_clock
from casecore.ledger import Ledger
from casecore.limits import Limit
from casecore.vocabulary import ClockKind, Unit, Verdict
from projections.projection import Subject, day_of

__all__ = ["time_columns"]


class _Times(NamedTuple):
    """What the clocks say of a case, as far as its history settles it."""

    due_on: date | None = None
    verdict: str | None = None
    statutory_due_on: date | None = None
    statutory_verdict: str | None = None
    provisional: int = 0
    excluded: int | None = None
    used: int | None = None
    statutory_used: int | None = None
    elapsed: int | None = None
    early: int = 0


def _times(subject: Subject[CaseFile]) -> _Times:
    """Read the clocks; a date no calendar knows leaves them unread, and the case provisional."""
    file, promise = subject.file, subject.file.promise
    if promise is None:
        return _Times()
    calendar = subject.calendar(promise.calendar)
    closed_on, received_on, started_on = day_of(file.closed_at), day_of(file.received_at), promise.effective_on
    decided_on, limits = day_of(decided_by(file)), (promise.promised, promise.statutory)
    within_a_day = any(limit and (limit.unit.within_a_day or limit.by_instant) for limit in limits)
    if closed_on is not None and decided_on is not None and not (file.suspensions or file.extensions or within_a_day):
        return _undisturbed(calendar, *limits, started_on, received_on, closed_on, decided_on)
    clock, law = subject.clock(ClockKind.PROMISED.value), subject.clock(ClockKind.STATUTORY.value)
    if clock is None or clock.reading is None or (law is not None and law.reading is None):
        return _Times(provisional=1)
    try:
        statutory_used = _used(calendar, law.reading if law else None, started_on, decided_on)
        if closed_on is not None:
            times = _closed(calendar, clock.reading, started_on, received_on, closed_on)
        else:
            excluded = None if clock.paused else clock.reading.excluded
            times = _Times(clock.due_on, clock.verdict, provisional=clock.provisional, excluded=excluded)
    except OutsideCalendarError:
        return _Times(provisional=1)
    if law is None:
        return times
    return times._replace(
        statutory_due_on=law.due_on, statutory_verdict=law.verdict, statutory_used=None if law.cut_off else statutory_used
    )


@lru_cache(1 << 16)
def _undisturbed(  # noqa: PLR0913, PLR0917 - all it depends on, which is what it is remembered by
    calendar: WorkCalendar,
    promised: Limit,
    statutory: Limit | None,
    started_on: date,
    received_on: date | None,
    closed_on: date,
    decided_on: date,
) -> _Times:
    """What the limits of a closed case say that nothing moved: dates alone decide, and many cases have the same."""
    closed_at, decided_at = (datetime.combine(day, time.min) for day in (closed_on, decided_on))
    try:
        clock = read_clock(calendar, promised, started_on, Ledger(), closed_at=closed_at)
        times = _closed(calendar, clock, started_on, received_on, closed_on)
        if statutory is None:
            return times
        law = read_clock(calendar, statutory, started_on, Ledger(), closed_at=decided_at)
        used = _used(calendar, law, started_on, decided_on)
    except OutsideCalendarError:
        return _Times(provisional=1)
    return times._replace(statutory_due_on=law.due_on, statutory_verdict=law.verdict.value, statutory_used=used)


def _closed(
    calendar: WorkCalendar, clock: ClockReading, started_on: date, received_on: date | None, closed_on: date
) -> _Times:
    """What the promise says of a closed case; its days are those of the calendar that rules."""
    calendar = clock.counted_by or calendar
    return _Times(
        due_on=clock.due_on,
        verdict=clock.verdict.value,
        provisional=int(clock.provisional),
        excluded=clock.excluded,
        used=_used(calendar, clock, started_on, closed_on),
        elapsed=calendar.between(received_on, closed_on) if received_on else None,
        early=int(clock.verdict is Verdict.ON_TIME and calendar.between(closed_on, clock.due_on) >= 1),
    )


def time_columns(subject: Subject[CaseFile]) -> dict[str, Any]:
    """The columns of a case's row that follow from its promise, its calendar and what moved its limits; no others do."""
    promise, times = subject.file.promise, _times(subject)
    promised, statutory = (promise.promised, promise.statutory) if promise else (None, None)
    return {
        "promised_amount": promised.amount if promised and promised.unit is not Unit.FIXED_DATE else None,
        "promised_unit": promised.unit.value if promised else None,
        "promised_due_on": times.due_on,
        "promised_verdict": times.verdict,
        "statutory_amount": statutory.amount if statutory and statutory.unit is not Unit.FIXED_DATE else None,
        "statutory_unit": statutory.unit.value if statutory else None,
        "statutory_due_on": times.statutory_due_on,
        "statutory_verdict": times.statutory_verdict,
        "provisional": times.provisional,
        "excluded_days": times.excluded,
        "used_days": times.used,
        "statutory_used_days": times.statutory_used,
        "elapsed_days": times.elapsed,
        "early": times.early,
    }


def _used(calendar: WorkCalendar, clock: ClockReading | None, started_on: date, ended_on: date | None) -> int | None:
    """Working days a clock used up to its end, excluded ones left out; None while it runs."""
    if clock is None or ended_on is None:
        return None
    calendar = clock.counted_by or calendar
    return calendar.between(started_on, ended_on) - _working_days(calendar, clock)


def _working_days(calendar: WorkCalendar, clock: ClockReading) -> int:
    """How many of the days a clock excluded are working days."""
    return sum(
        calendar.between(one.first_on - timedelta(days=1), one.last_on)
        for one in clock.exclusions
        if one.first_on is not None and one.last_on is not None
    )
