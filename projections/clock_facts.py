"""``clock_facts``: one row a clock (时限) of a case or a package.

Running ones without a "now": who asks compares with the due date.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from casecore.kinds import CASE
from casecore.vocabulary import Unit
from projections.projection import Projection, Subject

__all__ = ["CLOCK_FACTS", "ClockFact"]


class ClockFact(NamedTuple):
    """One clock, running while it has no end."""

    log: str
    stream_id: str
    stream_version: int
    stream_kind: str
    """Of which kind the stream is: case, package."""
    kind: str
    clock: str
    """Its name within the stream: the kind, with the step and its routing, or the round, where there are several."""
    department: str | None
    """Who has to act."""
    step: str | None
    item: str | None
    """None of what is no case."""
    limit_amount: int | None
    """None for an agreed date: then ``due_on`` is it."""
    limit_unit: str
    started_on: date
    """Day 0."""
    due_on: date | None
    """Until when at most, by what is known; None while paused, and where the calendar cannot count."""
    due_time: str | None
    """``HH:MM`` of the due date, for limits within a day."""
    ended_on: date | None
    verdict: str | None
    """on_time or overdue; None while it runs, where the case was withdrawn or voided, where nothing can be counted."""
    provisional: int
    """The due date touches or passes the calendar's coverage, or cannot be counted at all."""
    excluded_days: int | None
    """What does not count, in the limit's own days (工作日 or 自然日); None of limits within a day, and while paused."""
    excluded_minutes: int | None
    """The same for limits within a day, in minutes of legal working time."""
    extension_days: int
    paused: int
    """1 while a suspension that nothing caps is open: nothing is due then."""
    calendar: str
    """The version it is counted under: that of the promise, or the one that took its place."""
    printed_on: date | None
    """The due date as printed (承诺到期日): under the calendar of the promise. None where there is no ``due_on``."""
    legal_on: date | None
    """The due date under the calendar in force (法定到期日, 后续通知); ``due_on`` is the later of both."""


def _rows(subject: Subject[Any]) -> Iterator[ClockFact]:
    item = subject.file.item if subject.kind is CASE else None
    for settled in subject.clocks:
        clock, reading = settled.clock, settled.reading
        limit = clock.limit
        yield ClockFact(
            log=subject.log,
            stream_id=subject.stream,
            stream_version=subject.file.version,
            stream_kind=subject.kind.name,
            kind=clock.kind.value,
            clock=clock.name,
            department=clock.department if reading is None or reading.paused else clock.department_due(reading),
            step=clock.step,
            item=item,
            limit_amount=limit.amount if limit.unit is not Unit.FIXED_DATE else None,
            limit_unit=limit.unit.value,
            started_on=clock.started_on,
            due_on=settled.due_on,
            due_time=settled.due_time,
            ended_on=settled.ended_on,
            verdict=settled.verdict,
            provisional=settled.provisional,
            excluded_days=settled.excluded_days,
            excluded_minutes=settled.excluded_minutes,
            extension_days=reading.extension_days if reading is not None else 0,
            paused=int(settled.paused),
            calendar=settled.calendar.version,
            printed_on=settled.printed_on,
            legal_on=settled.legal_on,
        )


CLOCK_FACTS = Projection("clock_facts", 4, ClockFact, _rows, None)
"""One row a clock."""
