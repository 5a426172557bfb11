"""Files of rejected rows, to be mended: what they have that other files have not.

The last column says why a row was rejected; a clerk may mend the file in a spreadsheet, which fills up every row to the
longest one. So a field that was missing is marked, and what stands beyond the last named column is no part of a row unless
something stands there.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final

from adapters.importing.reading import Rejection
from casecore.errors import BadInput, Flaw

__all__ = ["A_REASON", "MISSING", "REASON", "check_mended", "named_width", "reason_begins", "reason_of"]

REASON: Final = "拒收原因"
"""The last column: the line a row stood on and why it was rejected. No mapping asks for it, so it may stay there."""
A_REASON: Final = re.compile(r"line [0-9]+: [a-z0-9_]+: ")
"""What the reason a row was rejected for begins with."""
MISSING: Final = "(缺此栏)"
"""Stands for a field that a row of too few fields had not; a row in which it still stands was not mended."""


def named_width(names: Sequence[str]) -> int:
    """How many fields a row has; in a file of rejected rows without those a spreadsheet put behind the last named one."""
    return max(n for n, name in enumerate(names, 1) if name) if REASON in names else len(names)


def reason_of(names: Sequence[str]) -> Callable[[Sequence[str]], str] | None:
    """How to read the line and code a row was rejected with, empty where none is left; None in a file of other rows.

    The rest of a reason tells what stood in the row, and may have been replaced together with it.
    """
    places = [n for n, name in enumerate(names) if name == REASON]
    if not places:
        return None

    def read(row: Sequence[str]) -> str:
        found = (A_REASON.match(row[n].strip()) for n in reversed(places))
        return next((match[0] for match in found if match), "")

    return read


def reason_begins(rejected: Rejection) -> str:
    """What the reason of a rejected row begins with."""
    return f"line {rejected.line}: {rejected.code.value}: "


def check_mended(row: Sequence[str], names: Sequence[str]) -> None:
    """Raise ``BadInput`` where a field that was missing still is."""
    for name, text in zip(names, row, strict=False):
        if text.strip() == MISSING:
            raise BadInput(
                Flaw.NOT_CSV, name, f"{MISSING} stands there still: the row had too few fields, and is not mended"
            )
