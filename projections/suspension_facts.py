"""``suspension_facts``: one row a suspension (挂起, 特别程序) of a case."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from projections.projection import Projection, Subject

__all__ = ["SUSPENSION_FACTS", "SuspensionFact"]


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


def _rows(subject: Subject) -> Iterator[SuspensionFact]:
    for suspension in subject.file.suspensions:
        fact = suspension.fact
        ended = suspension.ended_at.date() if suspension.ended_at else None
        yield SuspensionFact(
            log=subject.log,
            case_id=subject.case,
            stream_version=subject.file.version,
            suspension=fact.suspension,
            kind=fact.kind.value,
            ground=fact.ground.value if fact.ground else None,
            started_on=fact.at.date(),
            ended_on=ended,
            declared_days=fact.declared_days,
            moves_promise=int(fact.moves_promise),
            moves_statutory=int(fact.moves_statutory),
            working_days=subject.working_days(fact.at.date(), ended),
        )


SUSPENSION_FACTS = Projection("suspension_facts", 1, SuspensionFact, _rows)
"""One row a suspension."""
