"""Pages in Markdown: what every page begins with, tables, and docstrings without their markup."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

__all__ = ["code", "page", "prose", "table"]

GENERATED: Final = "<!-- Made by `make reference` from the declarations in the source: mend it there, not here. -->"

_ROLE: Final = re.compile(r":[a-z]+:`~?(?:[\w.]+\.)?(\w+)`")
_LITERAL: Final = re.compile(r"``([^`]+)``")


def page(*blocks: str) -> str:
    """A page: a line that says what makes it, then the blocks with a line between them."""
    return "\n\n".join((GENERATED, *filter(None, blocks))) + "\n"


def prose(said: str) -> str:
    """A docstring as one line a paragraph, its markup that of Markdown."""
    plain = _LITERAL.sub(r"`\1`", _ROLE.sub(r"`\1`", said))
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in plain.split("\n\n"))


def code(text: object) -> str:
    """A name or a value, as it is written in code."""
    return f"`{text}`"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; nothing where it has no rows."""
    lines = [_row(row) for row in rows]
    return "\n".join((_row(head), _row(["---"] * len(head)), *lines)) if lines else ""


def _row(cells: Sequence[str]) -> str:
    fitting = (cell.replace("\n\n", " ").replace("|", "\\|") for cell in cells)
    return "|" + "".join(f" {cell} |" if cell else " |" for cell in fitting)
