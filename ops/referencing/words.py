"""Closed lists: refusals, what the door says, and the words and values fields are of."""

from collections.abc import Iterator
from enum import Enum
from typing import Any

from casecore.errors import Flaw
from casecore.kinds import FACTS, KINDS
from casecore.refusals import Reason
from ops.referencing.docstrings import said_of
from ops.referencing.fields import fields_table, values_in
from ops.referencing.markdown import code, page, prose, table

__all__ = ["refusals", "words"]


def refusals() -> str:
    """Everything the rules say no with, and what is refused at the door."""
    return page(
        "# Refusals (拒绝)",
        "What the rules say no with: `Refused.reason`, a closed list of stable codes. Where several apply, the first in this"
        f" order is given. {len(Reason)} reasons:",
        table(("code", "中文", "English"), ((code(reason.value), reason.zh, reason.en) for reason in Reason)),
        "## At the door",
        f"What is not fit to be looked at raises `BadInput` with one of {len(Flaw)} codes, the same from Python, JSON or an"
        " imported row:",
        ", ".join(code(flaw.value) for flaw in Flaw),
    )


def words() -> str:
    """The lists and values fields are of."""
    commands = tuple(command for kind in KINDS for command in kind.rules)
    return page(
        "# Words and values (用语)",
        "What the fields of [commands](commands.md) and [facts](facts.md) may hold, by name: closed lists, each word with"
        " the value that is stored and sent, and values made of fields of their own.",
        *(block for found in values_in((*commands, *FACTS)) for block in _described(found)),
    )


def _described(found: type[Any]) -> Iterator[str]:
    yield f"## {found.__name__}"
    yield prose(said_of(found))
    if issubclass(found, Enum):
        yield table(("value", "中文"), ((code(word.value), str(getattr(word, "zh", ""))) for word in found))
    else:
        yield fields_table(found)
