"""What an act is: the unit a kind of stream is made of (听证, 补正, 送达 …).

An act holds the facts it may leave, the commands that ask for them, the rule that answers each, the stages it applies
in, and what its facts make of the file. A kind puts its acts together; nobody lists them again.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any, Final, Generic, NamedTuple, TypeVar, cast, get_args

from casecore.command import Command
from casecore.fact import Fact
from casecore.office import Office
from casecore.refusals import Refused

__all__ = ["Act", "Folded", "Rule", "Ruling", "facts_in", "made"]

F = TypeVar("F")
M = TypeVar("M", bound=Fact)


@dataclass(frozen=True, slots=True)
class Folded:
    """The facts a rule makes with the file they lead to, of a rule that had to fold them to know what follows.

    They are of a stream that has not ended: what an ended one keeps is the kind's to say.
    """

    facts: tuple[Fact, ...]
    file: Any


Ruling = tuple[Fact, ...] | Folded | Refused
"""What a rule answers: the facts it makes, or why not. No facts where what follows from elsewhere changes nothing here."""


class Rule(NamedTuple):
    """A rule, what it makes, where it applies, and whether it may report what happened before the present stage.

    Rules see the file, the command, its instant and the books as arguments; they read no clock and no file.
    """

    answer: Callable[[Any, Any, datetime, Office], Ruling]
    makes: tuple[type[Fact], ...]
    """The facts a yes may begin with."""
    stages: frozenset[Any]
    late: bool = False
    begins: bool = False
    """Whether its facts may be the first of their stream."""
    follows: bool = False
    """Whether the command only ever follows from another stream's facts, and is given by nobody."""


class Act(NamedTuple, Generic[F]):
    """One act of a kind of stream."""

    zh: str
    rules: Mapping[type[Command], Rule]
    """Each command with the rule of the same name."""
    facts: tuple[type[Fact], ...] = ()
    evolve: Callable[[F, Any], F] | None = None
    """The file after one of these facts. It never refuses, reads neither clock nor catalogue, and takes facts in any order:
    an imported or late one may lie before others already recorded. Counting versions is the kind's."""


def facts_in(union: Any) -> tuple[type[Fact], ...]:  # noqa: ANN401 - a union of classes, or one class
    """The facts of an act, from the union its fold is exhaustive over."""
    return get_args(union) or (union,)


_Shared = tuple[tuple[str, ...], Callable[[Command], tuple[Any, ...]]]
"""The fields a fact takes from a command, and what reads them."""


def made(fact: type[M], command: Command, at: datetime, **given: object) -> M:
    """The fact a command asks for: each field is the command's of the same name, but for what is ``given``.

    Raises ``TypeError`` where the command lacks a field the fact must have.
    """
    names, read = _shared(fact, type(command), frozenset(given))
    return fact(at=at, by=command.by, **dict(zip(names, read(command), strict=True)), **given)


def _shared_fields(fact: type[Fact], command: type[Command], given: frozenset[str]) -> _Shared:
    asked = {field.name for field in fields(command)}
    wanted = [field for field in fields(fact) if field.name not in {"at", "by", *given}]
    if lacking := [field.name for field in wanted if field.name not in asked and field.default is MISSING]:
        raise TypeError(f"{command.__name__} says nothing of {', '.join(lacking)}, which {fact.__name__} wants")
    names = tuple(field.name for field in wanted if field.name in asked)
    match names:
        case ():
            return names, lambda _: ()
        case (name,):
            get = attrgetter(name)
            return names, lambda asks: (get(asks),)
        case _:
            return names, attrgetter(*names)


_shared: Final[Callable[[type[Fact], type[Command], frozenset[str]], _Shared]] = cast("Any", cache(_shared_fields))
