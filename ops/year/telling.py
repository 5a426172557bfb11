"""A party while it is told: commands about its streams, each under an id that is the same in every run.

A party is whatever shares a stream: the cases of one visit with the visit, a package with its cases, the cases whose papers
lay in one box. Nobody else's facts are in its streams, but in a box's those of the emptyings before.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, Final

from casecore.command import Command
from ops.demo.life import Act
from ops.year.days import Share

__all__ = ["Party", "Telling"]

Party = tuple[Command, ...]
"""All that is done in it, in the order of time."""

_at: Final = attrgetter("at")


class Telling:
    """One party in the making."""

    def __init__(self, share: Share) -> None:
        self._name = share.name
        self._commands: list[Command] = []
        self._numbers: Counter[str] = Counter()

    def acts(self, case: str, acts: Sequence[Act]) -> None:
        """Tell what was done in a case."""
        for act in acts:
            self.act(act.kind, case, act.by, act.at, case=case, **act.rest)

    def act(self, kind: Callable[..., Command], about: str, by: str, at: datetime, /, **rest: Any) -> None:  # noqa: ANN401 - any field of a command
        """Tell one thing that was done; the id of its command names what it is about."""
        self._numbers[about] += 1
        number = f"{self._name}:{about}:{self._numbers[about]}"
        self._commands.append(kind(by=by, at=at, command_id=number, **rest))

    def told(self) -> Party:
        """The whole."""
        return tuple(sorted(self._commands, key=_at))
