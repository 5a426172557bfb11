"""Watching the clocks of a case: what each says at a moment, and when time alone may change that next."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Final, NamedTuple

from casecore.calendar import OutsideCalendarError
from casecore.case.clocks import clocks_of
from casecore.case.facts.acceptance import NotAccepted
from casecore.case.facts.closing import CaseClosed
from casecore.case.file import CaseFile
from casecore.case.licences import with_kind_of_item
from casecore.clock import CaseClock
from casecore.clocks import ClockReading
from casecore.office import Office
from casecore.refusals import blank
from casecore.vocabulary import ClockKind, Decision, Stage, Verdict

__all__ = ["PERCENT", "Watched", "next_look", "reasonless", "watch"]


_DAY: Final = timedelta(days=1)
PERCENT: Final = 100
"""The whole, in per cent."""


class Watched(NamedTuple):
    """A clock of a case with what it says at a moment."""

    clock: CaseClock
    reading: ClockReading
    judged_at: datetime
    """The clock's end, or the moment of the question."""


def watch(file: CaseFile, at: datetime, office: Office) -> Iterator[Watched]:
    """Every clock of a case that has begun by ``at``, read; one no calendar can count is left out."""
    file = with_kind_of_item(file, office.catalogue, office.rule)
    for clock in clocks_of(file):
        if clock.started_at > at:
            continue
        calendar = office.calendar_of(clock.calendar)
        try:
            reading = clock.read(calendar, at)
        except OutsideCalendarError:
            continue
        yield Watched(clock, reading, at if clock.ended_at is None else min(at, clock.ended_at))


def next_look(file: CaseFile, at: datetime, office: Office) -> datetime | None:
    """The earliest instant at which the passing of time alone may bring this case something; None where nothing runs.

    A fact may lie ahead of ``at``, where another machine's clock is ahead of ours: what it begins is looked at then.
    """
    if file.stage is Stage.VOIDED:
        return None
    looks = [found for watched in watch(file, at, office) for found in _looks(watched, at, office)]
    without_reason = reasonless(file)
    begins = [clock.started_at for clock in clocks_of(file)] + [s.fact.at for s in file.suspensions]
    looks += [begun for begun in (*begins, *([without_reason] if without_reason else [])) if begun > at]
    over = file.closing is not None and file.closing.at <= at
    if not over and any(s.fact.at <= at and (s.ended_at is None or s.ended_at > at) for s in file.suspensions):
        looks.append(_midnight(at) + _DAY)  # whether it still stands still tomorrow, its declared days say
    return min(looks, default=None)


def _looks(watched: Watched, at: datetime, office: Office) -> Iterator[datetime]:
    clock, reading, _ = watched
    if clock.ended_at is not None and clock.ended_at <= at:
        return
    if reading.verdict is Verdict.OVERDUE:
        return
    yield reading.due_at or datetime.combine(reading.due_on + _DAY, time.min, at.tzinfo)
    if clock.kind is not ClockKind.PROMISED:
        return
    # So much counted time is at least as much on the wall: this is no later than the warning.
    share = (reading.used + reading.remaining) * office.rule.warn_percent // PERCENT
    if clock.limit.unit.within_a_day:
        if reading.remaining > share:
            yield at + timedelta(minutes=reading.remaining - share)
    elif (left := reading.remaining - max(office.rule.warn_days, share)) > 0:
        yield _midnight(at) + left * _DAY


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def reasonless(file: CaseFile) -> datetime | None:
    """When a no was given without its reason (不予受理, 不予许可, 退回 …); None where every no has one."""
    decision, closing = file.decision, file.closing
    if decision is not None and decision.decision is Decision.REFUSED and blank(decision.reason):
        return decision.at
    if isinstance(closing, CaseClosed) and closing.outcome.reason_required and blank(closing.reason):
        return closing.at
    return closing.at if isinstance(closing, NotAccepted) and blank(closing.reason) else None
