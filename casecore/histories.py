"""Histories: facts brought in from elsewhere (an import), what the door asks of them, and where they have no place."""

from collections.abc import Mapping
from typing import Final, NamedTuple, get_args

from casecore import door
from casecore.case.events import (
    AcceptanceDeemed,
    CaseAccepted,
    CaseClosed,
    CaseEvent,
    CaseJoined,
    CaseVoided,
    CaseWithdrawn,
    NotAccepted,
    Resumed,
    Suspended,
)
from casecore.errors import BadInput, Flaw
from casecore.recorded import Source
from casecore.refusals import Reason, Refused
from casecore.streams import CASE, PACKAGE, Kind

__all__ = ["History", "Membership", "check_history", "joined_packages", "not_to_be_recorded"]

_PACKAGE_MUST_KNOW: Final = (
    CaseAccepted,
    AcceptanceDeemed,
    NotAccepted,
    Suspended,
    Resumed,
    CaseClosed,
    CaseWithdrawn,
    CaseVoided,
)
"""Facts of a case that its package follows; recorded past it, they would leave it open for ever."""

_FACTS: Final = frozenset(get_args(CaseEvent))


class History(NamedTuple):
    """Facts to be recorded as they are, for one case: an import, not a command."""

    case: str
    command_id: str
    events: tuple[CaseEvent, ...]
    source: Source
    continues: bool = False
    """True when the case must exist already."""


class Membership(NamedTuple):
    """A case's place in a package that is kept here."""

    package: str
    waiting: bool
    """Whether it waits for others of it."""


def check_history(history: History) -> None:
    """Let an imported history in; its place in its file is named where it is not fit."""
    door.check_text(history.source.name, "source name")
    door.check_text(history.source.file, "source file")
    door.check(history.source.line, "source line")
    place = f"{history.source.file}:{history.source.line}"
    door.check_id(history.case, f"{place}: case")
    door.check_id(history.command_id, f"{place}: command_id")
    if not history.events:
        raise BadInput(Flaw.NO_FACT, place, "no facts")
    for number, event in enumerate(history.events):
        if type(event) not in _FACTS:
            raise BadInput(Flaw.WRONG_TYPE, f"{place}[{number}]", f"a fact is wanted, not {door.shown(event)}")
    door.check(history.events, place)


def joined_packages(history: History) -> list[str]:
    """The packages an imported case joined."""
    return [event.package for event in history.events if isinstance(event, CaseJoined)]


def not_to_be_recorded(
    history: History, version: int, kinds: Mapping[str, Kind], members: Mapping[str, Membership]
) -> Refused | None:
    """Why an imported history has no place here: nothing to continue, or something else under an id it names.

    Nor has it in a case of a package kept here that waits for others, which the package will open; nor have there facts
    the package follows, which are given as commands so that it learns of them.
    """
    if history.continues and version == 0:
        return Refused(Reason.UNKNOWN_CASE, case=history.case, command="import")
    for stream, wanted in ((history.case, CASE), *((package, PACKAGE) for package in joined_packages(history))):
        if (kind := kinds.get(stream, wanted)) is not wanted:
            return Refused(Reason.OTHER_KIND, f"{stream}: {kind.name}", history.case, "import")
    member = members.get(history.case)
    if member is not None and member.waiting:
        return Refused(Reason.WAITS_FOR_OTHERS, member.package, history.case, "import")
    if member is not None and any(isinstance(event, _PACKAGE_MUST_KNOW) for event in history.events):
        return Refused(Reason.PACKAGE_MUST_KNOW, member.package, history.case, "import")
    return None
