"""Histories: facts brought in from elsewhere (an import), and what the door asks of them."""

from typing import Final, NamedTuple

from casecore import door
from casecore.errors import BadInput, Flaw
from casecore.fact import Fact
from casecore.kinds import KINDS
from casecore.recorded import Source

__all__ = ["History"]

_FACTS: Final = frozenset(fact for kind in KINDS if kind.imported for fact in kind.facts)


class History(NamedTuple):
    """Facts to be recorded as they are, for one case: an import, not a command."""

    case: str
    command_id: str
    events: tuple[Fact, ...]
    source: Source
    continues: bool = False
    """True when the case must exist already."""


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
