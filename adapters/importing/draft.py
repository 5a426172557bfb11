"""The draft of one case's history: what was found of it, put in the order in which it happened."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from operator import itemgetter
from typing import Any, Final, NamedTuple

from casecore.case.facts import CaseEvent
from casecore.errors import BadInput, Flaw

__all__ = ["BETWEEN", "FIRST", "LAST", "SECOND", "Dated", "Draft", "Held"]

FIRST, SECOND, BETWEEN, LAST = range(4)
"""Where facts of the same instant stand: receipt, acceptance, what happens to the case, closing."""

Dated = tuple[datetime, int, CaseEvent, int]
"""A fact with its instant, where it stands among those of the same instant, and the line of its event (0: of none)."""
_FACT: Final[Callable[[Dated], CaseEvent]] = itemgetter(2)


class Held(NamedTuple):
    """An event that says a milestone, so far."""

    at: datetime
    event: Any
    only: bool
    """Whether it says nothing else."""
    line: int
    """The line of the event."""


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
        "line",
        "open_steps",
        "received_at",
    )

    def __init__(self, command_id: str) -> None:
        self.command_id = command_id
        self.dated: list[Dated] = []
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
        self.line = 0
        """The line of the event that is read; 0 for what the record says as a whole."""

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
                f"accepted at {accepted.isoformat()}{self._where(SECOND)}, before it was received at"
                f" {received.isoformat()}{self._where(FIRST)}",
            )
        if closed is not None:
            for earlier, verb, rank in ((received, "received", FIRST), (accepted, "accepted", SECOND)):
                if earlier is not None and closed < earlier:
                    if not self.closed_day_only or closed.date() < earlier.date():
                        sentence = f"closed at {closed.isoformat()}{self._where(LAST)}, before it was {verb} at"
                        raise BadInput(Flaw.CONTRADICTION, "", f"{sentence} {earlier.isoformat()}{self._where(rank)}")
                    self._close_at(earlier)
        self.dated.sort(key=itemgetter(0, 1))
        return tuple(map(_FACT, self.dated))

    def _where(self, rank: int) -> str:
        """The line of the event a milestone was taken from, to be put into a sentence; nothing where there is none."""
        lines = (line for _, one, _, line in self.dated if one == rank and line)
        return next((f" (event at line {line})" for line in lines), "")

    def _close_at(self, earliest: datetime) -> None:
        """Put a closing that is known by its day only behind what happened earlier on that day."""
        self.dated = [
            (earliest, rank, replace(event, at=earliest), line) if rank == LAST else (at, rank, event, line)
            for at, rank, event, line in self.dated
        ]
