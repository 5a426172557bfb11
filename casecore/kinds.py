"""The kinds of streams a log holds, and what each offers to whoever embeds it. All else is asked of the kind.

This is the one place where kinds are listed: a new one is a folder beside the others, and its name here.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

from casecore import case, district, drop_box, package, visit
from casecore.act import Rule
from casecore.case import *
from casecore.command import Command
from casecore.district import *
from casecore.drop_box import *
from casecore.errors import BadInput, Flaw
from casecore.exports import names_of
from casecore.fact import Fact
from casecore.growing import LONG, frozen, thawed
from casecore.kind import Decided, File, Kind
from casecore.office import Office
from casecore.package import *
from casecore.recorded import Recorded
from casecore.refusals import Reason, Refused
from casecore.visit import *

if not TYPE_CHECKING:  # a type checker reads the stars themselves, and knows no sum of names
    __all__ = [
        "COMMANDS",
        "FACTS",
        "KINDS",
        "advance",
        "as_kind",
        "decide",
        "fold_as",
        "fold_stream",
        "kind_of",
        *names_of(case, district, drop_box, package, visit),
    ]

KINDS: Final[tuple[Kind[Any], ...]] = (
    case.CASE,
    package.PACKAGE,
    drop_box.DROP_BOX,
    visit.VISIT,
    district.DISTRICT,
)
"""In this order they are told, documented and asked."""

FACTS: Final = tuple(fact for kind in KINDS for fact in kind.facts)
"""Every fact a log may hold."""
COMMANDS: Final = tuple(command for kind in KINDS for command, rule in kind.rules.items() if not rule.follows)
"""Everything a hall backend may ask; what only follows from another stream's facts is not among it."""

_BY_FACT: Final[Mapping[type[Fact], Kind[Any]]] = {fact: kind for kind in KINDS for fact in kind.facts}
_BY_COMMAND: Final[Mapping[type, Kind[Any]]] = {command: kind for kind in KINDS for command in kind.rules}
_BY_FILE: Final[Mapping[type, Kind[Any]]] = {type(kind.new): kind for kind in KINDS}

F = TypeVar("F", bound=File)


def kind_of(fact: Fact) -> Kind[Any]:
    """The kind of stream a fact belongs to."""
    return _BY_FACT[type(fact)]


def kind_of_file(file: File) -> Kind[Any]:
    """The kind of stream a file is of."""
    return _BY_FILE[type(file)]


def rule_of(command: type) -> Rule | None:
    """The rule that answers a command; None for what is no command of any kind."""
    kind = _BY_COMMAND.get(command)
    return None if kind is None else kind.rules[command]


def kind_of_command(command: Command) -> Kind[Any]:
    """The kind of stream a command is about."""
    return _BY_COMMAND[type(command)]


def spared(command: Command) -> bool:
    """Whether a command that follows from another stream is left out while its own stream cannot be read."""
    return _BY_COMMAND[type(command)].spared


def advance(file: File | None, fact: Fact) -> File:
    """A stream's file after one more fact; None before its first.

    Raises :class:`~casecore.errors.BadInput` for a fact of another kind than its stream.
    """
    kind = _BY_FACT[type(fact)]
    if file is None or file.version == 0:
        file = kind.new
    elif type(file) is not type(kind.new):
        raise BadInput(Flaw.OTHER_KIND, type(fact).__name__, f"a fact of a {kind.name} in a {kind_of_file(file).name}")
    advanced: File = kind.evolve(file, fact)
    return advanced


def fold_stream(facts: Iterable[Fact], file: File | None = None) -> File | None:
    """Fold a history, of whatever kind: a whole one, or what follows on a file; None where there is nothing."""
    number = 0
    for number, fact in enumerate(facts, 1):
        file = advance(file, fact)
        if number % LONG == 0:
            file = thawed(file)
    return frozen(file) if number >= LONG else file


def as_kind(file: File | None, kind: Kind[F], stream: str) -> F:
    """The file, known to be of the kind; the kind's empty one where there is none.

    Raises :class:`~casecore.errors.BadInput` where the stream is of another kind.
    """
    if file is None:
        return kind.new
    if isinstance(file, type(kind.new)):
        return file
    raise BadInput(Flaw.OTHER_KIND, stream, f"is a {kind_of_file(file).name}, not a {kind.name}")


def fold_as(kind: Kind[F], history: Iterable[Recorded]) -> F:
    """The file of a whole history; raises :class:`~casecore.errors.BadInput` where it is of another kind."""
    history = tuple(history)
    return as_kind(fold_stream(recorded.event for recorded in history), kind, history[0].stream if history else "")


def ruling_of(file: File | None, command: Command, now: datetime, office: Office) -> Decided | Refused:
    """What follows from a command: the facts it makes with the file after them, or why it is refused.

    It reads nothing but its arguments. ``file`` is that of the command's stream, None where it does not exist; ``now``
    and ``command.at`` are aware instants in the district's zone.
    """
    ruling = _BY_COMMAND[type(command)].decide(file, command, now, office)
    if isinstance(ruling, Refused) and ruling.reason is Reason.OTHER_KIND and file is not None and not ruling.named:
        return Refused(ruling.reason, kind_of_file(file).name, ruling.case, ruling.command)
    return ruling


def decide(file: File | None, command: Command, now: datetime, office: Office) -> tuple[Fact, ...] | Refused:
    """The facts a command makes, or why it is refused: :func:`ruling_of` without the file."""
    ruling = ruling_of(file, command, now, office)
    return ruling if isinstance(ruling, Refused) else ruling.facts
