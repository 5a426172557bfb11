"""References (参考): pages made from the declarations themselves, so that none says what the code does not.

``make reference`` writes them to ``docs/reference``; a test compares. What a declaration says of itself stands in its
docstring and below its fields: a page that reads badly is mended there.
"""

from collections.abc import Callable, Mapping
from typing import Final

from ops.referencing.figures import indicators, tables
from ops.referencing.streams import commands, facts
from ops.referencing.words import refusals, words

__all__ = ["PAGES"]

PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "facts.md": facts,
    "commands.md": commands,
    "words.md": words,
    "refusals.md": refusals,
    "tables.md": tables,
    "indicators.md": indicators,
}
"""The name of each page, and what writes it."""
