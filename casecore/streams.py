"""The kinds of streams a log holds: case (办件), package (一件事), drop box (小蜜蜂箱).

A kind is what its folder holds: a file to begin with, the fold, the table of rules. Which kind a stream is, its first
fact says; a command of another kind is refused there.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, NamedTuple, TypeVar, get_args

from casecore.case.commands import CaseCommand, FollowingCommand
from casecore.case.events import CaseEvent
from casecore.case.rules import RULES
from casecore.case.state import NEW, CaseFile, evolve
from casecore.deciding import Rule, ruled
from casecore.drop_box.commands import DropBoxCommand, DropBoxFollowing
from casecore.drop_box.events import DropBoxEvent
from casecore.drop_box.rules import BOX_RULES
from casecore.drop_box.state import NEW_BOX, DropBoxFile, evolve_box
from casecore.errors import BadInput, Flaw
from casecore.office import Office
from casecore.package.commands import PackageCommand, PackageFollowing
from casecore.package.events import PackageEvent
from casecore.package.rules import PACKAGE_RULES
from casecore.package.state import NEW_PACKAGE, PackageFile, evolve_package
from casecore.recorded import Event, Recorded
from casecore.refusals import Reason, Refused

__all__ = [
    "CASE",
    "DROP_BOX",
    "KINDS",
    "PACKAGE",
    "AnyCommand",
    "Command",
    "File",
    "Kind",
    "advance",
    "as_kind",
    "decide",
    "fold_case",
    "fold_stream",
    "kind_of",
    "rule_of",
]

File = CaseFile | PackageFile | DropBoxFile
"""What a stream's history adds up to."""
Command = CaseCommand | PackageCommand | DropBoxCommand
"""Everything a hall backend may ask."""
AnyCommand = Command | FollowingCommand | PackageFollowing | DropBoxFollowing
"""With what only follows."""


class Kind(NamedTuple):
    """One kind of stream."""

    name: str
    zh: str
    new: File
    evolve: Callable[[Any, Any], Any]
    rules: Mapping[type, Rule]
    events: frozenset[type]
    unknown: Reason
    """What a command to a stream that does not exist is refused with."""


CASE: Final = Kind("case", "办件", NEW, evolve, RULES, frozenset(get_args(CaseEvent)), Reason.UNKNOWN_CASE)
PACKAGE: Final = Kind(
    "package",
    "一件事",
    NEW_PACKAGE,
    evolve_package,
    PACKAGE_RULES,
    frozenset(get_args(PackageEvent)),
    Reason.UNKNOWN_PACKAGE,
)
DROP_BOX: Final = Kind(
    "drop_box", "投递箱", NEW_BOX, evolve_box, BOX_RULES, frozenset(get_args(DropBoxEvent)), Reason.UNKNOWN_BOX
)
KINDS: Final = (CASE, PACKAGE, DROP_BOX)

_BY_EVENT: Final = {event: kind for kind in KINDS for event in kind.events}
_BY_COMMAND: Final = {command: kind for kind in KINDS for command in kind.rules}
_BY_FILE: Final[Mapping[type, Kind]] = {type(kind.new): kind for kind in KINDS}

F = TypeVar("F", CaseFile, PackageFile, DropBoxFile)


def kind_of(event: Event) -> Kind:
    """The kind of stream a fact belongs to."""
    return _BY_EVENT[type(event)]


def rule_of(command: type) -> Rule | None:
    """The rule that answers a command; None for what is no command of any kind."""
    kind = _BY_COMMAND.get(command)
    return None if kind is None else kind.rules[command]


def advance(file: File | None, event: Event) -> File:
    """A stream's file after one more fact; None before its first.

    Raises :class:`~casecore.errors.BadInput` for a fact of another kind than its stream.
    """
    kind = _BY_EVENT[type(event)]
    if file is None or file.version == 0:
        file = kind.new
    elif type(file) is not type(kind.new):
        raise BadInput(Flaw.OTHER_KIND, type(event).__name__, f"a fact of a {kind.name} in a {_BY_FILE[type(file)].name}")
    advanced: File = kind.evolve(file, event)
    return advanced


def fold_stream(events: Iterable[Event]) -> File | None:
    """Fold a whole history, of whatever kind; None where there is none."""
    file: File | None = None
    for event in events:
        file = advance(file, event)
    return file


def as_kind(file: File | None, new: F, stream: str) -> F:
    """The file, known to be of the kind ``new`` begins; ``new`` itself where there is none.

    Raises :class:`~casecore.errors.BadInput` where the stream is of another kind.
    """
    if file is None:
        return new
    if isinstance(file, type(new)):
        return file
    raise BadInput(Flaw.OTHER_KIND, stream, f"is a {_BY_FILE[type(file)].name}, not a {_BY_FILE[type(new)].name}")


def fold_case(history: Iterable[Recorded]) -> CaseFile:
    """The file of a case's whole history; raises :class:`~casecore.errors.BadInput` for a stream of another kind."""
    history = tuple(history)
    file = fold_stream(recorded.event for recorded in history)
    return as_kind(file, NEW, history[0].stream if history else "")


def decide(file: File | None, command: AnyCommand, now: datetime, office: Office) -> tuple[Event, ...] | Refused:
    """What follows from a command: the facts it makes, or why it is refused. Reads nothing but its arguments.

    ``file`` is that of the command's stream, None where it does not exist; ``now`` and ``command.at`` are aware instants
    in the district's zone.
    """
    kind = _BY_COMMAND[type(command)]
    if file is None:
        file = kind.new
    ruling = (
        ruled(kind.rules[type(command)], file, command, now, office, kind.unknown)
        if isinstance(file, type(kind.new))
        else Refused(Reason.OTHER_KIND, _BY_FILE[type(file)].name)
    )
    if isinstance(ruling, Refused):
        return replace(ruling, case=command.stream, command=type(command).__name__)
    return ruling
