"""The draft of one case's history: what was found of it, put in the order in which it happened."""

from dataclasses import replace
from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple

from casecore.case.facts import CaseEvent
from casecore.errors import BadInput, Flaw

__all__ = ["BETWEEN", "FIRST", "LAST", "SECOND", "Draft", "Held"]

FIRST, SECOND, BETWEEN, LAST = range(4)
"""Where facts of the same instant stand: receipt, acceptance, what happens to the case, closing."""


class Held(NamedTuple):
    """An event that says a milestone, so far."""

    at: datetime
    event: Any
    only: bool
    """Whether it says nothing else."""


class Draft:
    """What is found of one case while its record is walked."""

    __slots__ = (
        "accepted_at",
        "candidates",
        "closed_at",
        "closed_day_only",
        "command_id",
        "dated",
        "deadline",
        "held",
        "ignored",
        "open_steps",
        "received_at",
    )

    def __init__(self, command_id: str) -> None:
        self.command_id = command_id
        self.dated: list[tuple[datetime, int, CaseEvent]] = []
        self.received_at: datetime | None = None
        self.accepted_at: datetime | None = None
        self.closed_at: datetime | None = None
        self.closed_day_only = False
        self.deadline: datetime | None = None
        self.open_steps = 0
        self.ignored = 0
        self.held: dict[int, Held] = {}
        """For a milestone that is taken from events the one that says it so far, by the milestone's place in the mapping."""
        self.candidates = 0
        """Events that could say a milestone, and say nothing else."""

    @property
    def found(self) -> int:
        """How much was found so far, of whatever kind."""
        return len(self.dated) + self.open_steps + self.ignored

    def events(self) -> tuple[CaseEvent, ...]:
        """The facts in the order of their instants, equal ones in the order they were found."""
        received, accepted, closed = self.received_at, self.accepted_at, self.closed_at
        if accepted is not None and received is not None and accepted < received:
            raise BadInput(
                Flaw.CONTRADICTION,
                "",
                f"accepted at {accepted.isoformat()}, before it was received at {received.isoformat()}",
            )
        if closed is not None:
            for earlier, verb in ((received, "received"), (accepted, "accepted")):
                if earlier is not None and closed < earlier:
                    if not self.closed_day_only or closed.date() < earlier.date():
                        sentence = f"closed at {closed.isoformat()}, before it was {verb} at {earlier.isoformat()}"
                        raise BadInput(Flaw.CONTRADICTION, "", sentence)
                    self._close_at(earlier)
        self.dated.sort(key=itemgetter(0, 1))
        return tuple(event for _, _, event in self.dated)

    def _close_at(self, earliest: datetime) -> None:
        """Put a closing that is known by its day only behind what happened earlier on that day."""
        self.dated = [
            (earliest, rank, replace(event, at=earliest)) if rank == LAST else (at, rank, event)
            for at, rank, event in self.dated
        ]
