"""Ids as a spreadsheet leaves them (被电子表格改写的编号): refused by name, never mended.

What a spreadsheet made of an id says how, but seldom what it was: ``1.10101E+17`` stands for a hundred cases. So a file is
mended where it comes from, by saving the column as text.
"""

import re
from functools import lru_cache
from typing import Final

from casecore.door import check_text, shown
from casecore.errors import BadInput, Flaw

__all__ = ["check_unmangled"]

_MONTH: Final = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_FORMS: Final = (
    (
        r"[+-]?\d+[.,]\d+[eE]\+?\d{1,3}|[+-]?\d+[eE]\+\d{1,3}",
        "is a number as a spreadsheet shows it, its last digits are lost",
    ),
    (r"\d{5,}[.,]0+", "is a number as a table of numbers writes it, no id"),
    (r"[=＝].*", "is a formula of a spreadsheet, not what it shows"),
    (r"['`].*\d.*", "bears the mark by which a spreadsheet knows text, which is no part of the id"),
    (
        r"#(?:N/A|NAME\?|REF!|VALUE!|DIV/0!|NUM!|NULL!|SPILL!|CALC!|#+)",
        "is what a spreadsheet shows in the place of a value",
    ),
    (
        rf"\d{{1,2}}月\d{{1,2}}日|\d{{1,2}}-{_MONTH}|{_MONTH}-\d{{1,2}}",
        "is a day, as a spreadsheet takes an id such as 3-5 for one",
    ),
)
_MANGLED: Final = re.compile("|".join(f"({form})" for form, _ in _FORMS), re.ASCII)
_MENDED: Final = "save the column as text"


def check_unmangled(text: str, place: str) -> None:
    """Refuse an id that a spreadsheet has changed; the sentence says what it made of it."""
    what = _happened(text)
    if what is not None:
        check_text(text, place)
        raise BadInput(Flaw.MANGLED_ID, place, f"{shown(text)} {what}: {_MENDED}")


@lru_cache(maxsize=64)  # hall, department and case of a row often come from one field
def _happened(text: str) -> str | None:
    """What a spreadsheet made of it; None where it has not changed it."""
    if text.isalnum() and "月" not in text:
        return None  # each other form has a mark in it; most ids are told so in a thirtieth of the time
    found = _MANGLED.fullmatch(text)
    return None if found is None else _FORMS[(found.lastindex or 1) - 1][1]
