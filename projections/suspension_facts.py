"""``suspension_facts``: one row a suspension (挂起, 特别程序) of a case."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final, NamedTuple

from casecore.calendar import OutsideCalendarError
from casecore.case.parts import Suspension
from casecore.clocks import Exclusion
from casecore.vocabulary import ClockKind
from projections.projection import Projection, Subject
from projections.settling import Settled

__all__ = ["NEAR_DAYS", "SUSPENSION_FACTS", "SuspensionFact"]

NEAR_DAYS: Final = 2
"""A suspension that starts so few working days before the promise runs out deserves a look."""


class SuspensionFact(NamedTuple):
    """One suspension."""

    log: str
    case_id: str
    stream_version: int
    suspension: str
    kind: str
    ground: str | None
    started_on: date
    ended_on: date | None
    declared_days: int | None
    moves_promise: int
    moves_statutory: int
    working_days: int | None
    """Working days from start to end; None while open."""
    promise_excluded_days: int | None
    """What this act alone took out of the promise, in the promise's own days: the rows of a case add up to what its
    clock excluded. None where there is no such clock, where it counts minutes or cannot count, and while the act is open
    and nothing caps it."""
    statutory_excluded_days: int | None
    """The same of the statutory limit."""
    surplus_days: int | None
    """Working days it lasted beyond its declaration, until the closing at the latest; None while open or undeclared."""
    noticed: int
    """1 where the applicant was told in writing (Art. 45)."""
    started_near_due: int | None
    """1 where it started on, or at most two working days before, the promise's due date as it stood then; None where
    nothing was promised or no calendar can say."""


def _rows(subject: Subject) -> Iterator[SuspensionFact]:
    file = subject.file
    if not file.suspensions:
        return
    promise, law = subject.clock(ClockKind.PROMISED.value), subject.clock(ClockKind.STATUTORY.value)
    of_promise, of_law = _Taken(promise), _Taken(law)
    for suspension in sorted(file.suspensions, key=lambda found: found.fact.at):
        fact = suspension.fact
        ended = suspension.ended_at.date() if suspension.ended_at else None
        yield SuspensionFact(
            log=subject.log,
            case_id=subject.case,
            stream_version=file.version,
            suspension=fact.suspension,
            kind=fact.kind.value,
            ground=fact.ground.value if fact.ground else None,
            started_on=fact.at.date(),
            ended_on=ended,
            declared_days=fact.declared_days,
            moves_promise=int(fact.moves_promise),
            moves_statutory=int(fact.moves_statutory),
            working_days=subject.working_days(fact.at.date(), ended),
            promise_excluded_days=of_promise.by(suspension, moves=fact.moves_promise),
            statutory_excluded_days=of_law.by(suspension, moves=fact.moves_statutory),
            surplus_days=_surplus(subject, suspension),
            noticed=int(bool(fact.notice)),
            started_near_due=_near_due(promise, fact.at),
        )


class _Taken:
    """What a clock's exclusions say of each suspension, taken from them one by one in the order of their starts."""

    def __init__(self, settled: Settled | None) -> None:
        self._settled = settled
        reading = settled.reading if settled is not None else None
        self._left: list[Exclusion] = list(reading.exclusions) if reading is not None else []

    def by(self, suspension: Suspension, *, moves: bool) -> int | None:
        """Days this suspension took out; None where that is not known (yet)."""
        settled, fact = self._settled, suspension.fact
        if settled is None or settled.reading is None or settled.clock.limit.unit.within_a_day:
            return None
        if not moves:
            return 0
        running = settled.ended_on is None or settled.cut_off
        if running and suspension.ended_at is None and fact.declared_days is None:
            return None
        found = next((one for one in self._left if one.label == fact.suspension), None)
        if found is None:  # it did not count: it began before the clock, after its end, or after its due date
            return 0
        self._left.remove(found)
        return found.amount


def _surplus(subject: Subject, suspension: Suspension) -> int | None:
    """Days beyond the declaration; a suspension nobody ended ends with the case."""
    closed_at, declared = subject.file.closed_at, suspension.fact.declared_days
    ends = [at for at in (suspension.ended_at, closed_at) if at is not None]
    lasted = subject.working_days(suspension.fact.at.date(), min(ends).date() if ends else None)
    return None if lasted is None or declared is None else max(0, lasted - declared)


def _near_due(promise: Settled | None, at: datetime) -> int | None:
    """Whether a moment lies near the promise's due date, as the acts up to that day had left it."""
    if promise is None:
        return None
    day = at.date()
    if day < promise.clock.started_on:
        return 0
    try:
        due_on = promise.clock.read(promise.calendar, at).due_on
        left = promise.calendar.between(day, due_on)
    except OutsideCalendarError:
        return None
    return int(day <= due_on and left <= NEAR_DAYS)


SUSPENSION_FACTS = Projection("suspension_facts", 2, SuspensionFact, _rows)
"""One row a suspension."""
