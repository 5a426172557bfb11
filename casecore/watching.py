"""Watching the clocks of a stream (时限监控): what each says at a moment, and when time alone may change that next."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from datetime import datetime, time, timedelta
from typing import Final, NamedTuple

from casecore.calendar import OutsideCalendarError
from casecore.cards import Card
from casecore.clock import CaseClock
from casecore.clocks import ClockReading
from casecore.office import Office
from casecore.vocabulary import CardGround, ClockKind, Verdict

__all__ = ["PERCENT", "Span", "Watched", "looks", "next_midnight", "watch"]


_DAY: Final = timedelta(days=1)
PERCENT: Final = 100
"""The whole, in per cent."""


class Watched(NamedTuple):
    """A clock with what it says at a moment."""

    clock: CaseClock
    reading: ClockReading
    judged_at: datetime
    """The clock's end, or the moment of the question."""


class Span(NamedTuple):
    """A suspension: since when, and until when if it has ended."""

    started_at: datetime
    ended_at: datetime | None


def watch(clocks: Iterable[CaseClock], at: datetime, office: Office) -> Iterator[Watched]:
    """Every clock that has begun by ``at``, read; one no calendar can count is left out."""
    for clock in clocks:
        if clock.started_at > at:
            continue
        calendar = office.calendar_of(clock.calendar)
        try:
            reading = clock.read(calendar, at)
        except OutsideCalendarError:
            continue
        yield Watched(clock, reading, at if clock.ended_at is None else min(at, clock.ended_at))


def looks(  # noqa: PLR0913 - what a stream shows of its time
    clocks: tuple[CaseClock, ...],
    suspensions: Iterable[Span],
    at: datetime,
    office: Office,
    *,
    over: bool,
    cards: Iterable[Card] = (),
) -> Iterator[datetime]:
    """The instants at which the passing of time alone may bring a stream something, as far as its clocks say.

    A fact may lie ahead of ``at``, where another machine's clock is ahead of ours: what it begins is looked at then. Of a
    stream that is ``over`` no suspension lasts. What a day of rest keeps back beside the ``cards`` it bears is looked at
    on the day after.
    """
    resting = office.rests(at.date())
    carded = {card.fact.clock for card in cards if card.fact.ground is not CardGround.DUE_SOON}
    for watched in watch(clocks, at, office):
        yield from _looks(watched, at, office)
        if resting and _kept_back(watched, carded):
            yield next_midnight(at)
    spans = tuple(suspensions)
    yield from (begun for begun in (*(c.started_at for c in clocks), *(s.started_at for s in spans)) if begun > at)
    if not over and any(s.started_at <= at and (s.ended_at is None or s.ended_at > at) for s in spans):
        yield next_midnight(at)  # whether it still stands still tomorrow, its declared days say


def _kept_back(watched: Watched, carded: AbstractSet[str | None]) -> bool:
    """Whether a clock may have earned what nobody issued: it has run out without a card for that, or may be nearly due."""
    clock, reading, _ = watched
    if reading.verdict is Verdict.OVERDUE:
        return clock.name not in carded
    return clock.ended_at is None and clock.kind is ClockKind.PROMISED


def next_midnight(at: datetime) -> datetime:
    """When the day of an instant is over."""
    return _midnight(at) + _DAY


def _looks(watched: Watched, at: datetime, office: Office) -> Iterator[datetime]:
    clock, reading, _ = watched
    if clock.ended_at is not None and clock.ended_at <= at:
        return
    if reading.verdict is Verdict.OVERDUE:
        return
    yield _run_out(watched, at, office)
    if clock.kind is not ClockKind.PROMISED:
        return
    # So much counted time is at least as much on the wall: this is no later than the warning.
    share = (reading.used + reading.remaining) * office.rule.warn_percent // PERCENT
    if clock.limit.unit.within_a_day:
        if reading.remaining > share:
            yield at + timedelta(minutes=reading.remaining - share)
    elif (left := reading.remaining - max(office.rule.warn_days, share)) > 0:
        yield _midnight(at) + left * _DAY


def _run_out(watched: Watched, at: datetime, office: Office) -> datetime:
    """The first moment at which a clock as it stands has run out: the day after, or the next minute of working time."""
    clock, reading, _ = watched
    if reading.due_at is None:
        return datetime.combine(reading.due_on + _DAY, time.min, at.tzinfo)
    try:
        return office.calendar_of(clock.calendar).after_working_minutes(reading.due_at, 1)
    except OutsideCalendarError:
        return reading.due_at


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)
