"""The story of a stream, of whatever kind: each fact told by itself, in the order things happened."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from casecore.recorded import Recorded

__all__ = ["Line", "story_of"]


class Line(NamedTuple):
    """One fact, told."""

    position: int
    at: datetime
    by: str
    term: str
    sentence: str


def story_of(history: Iterable[Recorded]) -> tuple[Line, ...]:
    """Every fact of a history, told."""
    return tuple(
        Line(recorded.position, recorded.occurred_at, recorded.envelope.actor, recorded.event.term, recorded.event.told().en)
        for recorded in sorted(history, key=lambda recorded: (recorded.occurred_at, recorded.version))
    )
