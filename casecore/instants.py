"""Instants and days as text: one grammar on every way in (commands as JSON, imported files, options, books).

An instant is written as RFC 3339 has it: ``2026-03-02T09:30:00+08:00``, or with one space for the ``T``. Seconds may be
left out; a fraction has up to nine digits behind a point or a comma and is cut to the microsecond, as databases and
runtimes write more of them than anybody means. The offset is ``Z``, ``+08:00``, ``+0800`` or ``+08``; one of the nineteenth
century has seconds. Without an offset it is a local time, of which the way in has to know the zone. A day is
``2026-03-02``, and where a way in takes it for an instant it is the midnight it begins with.

``24:00`` is the end of a day. It is read as the last microsecond of that day, so that the act belongs to the day it was
written for: what is done at 24:00 of the last day of a limit is done in time (民法典 Art. 203: 期间的最后一日的截止时间为
二十四时), while 00:00 of the next day is late. Nothing follows 24:00, neither minutes nor seconds.
"""

import re
from datetime import date, datetime
from typing import Final

from casecore.door import check_text, shown
from casecore.errors import BadInput, Flaw

__all__ = ["AN_INSTANT", "A_DAY", "day_in", "instant_in", "read_day", "read_instant"]

A_DAY: Final = "a date such as 2026-03-02"
AN_INSTANT: Final = "an instant such as 2026-03-02T09:30:00+08:00"

_DAY_ALONE: Final = len("2026-03-02")
_INSTANT: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](?:(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?|(24:00)(?::00(?:[.,]0{1,9})?)?)"
    r"(Z|[+-](?:[01]\d|2[0-3])(?:[0-5]\d|:[0-5]\d(?::[0-5]\d)?)?)?",
    re.ASCII,
)
_LOCAL: Final = len("2026-03-02T09:30:00")
_COMMON: Final = (_LOCAL, len("2026-03-02T09:30:00+08:00"), len("2026-03-02T09:30:00.000+08:00"))
_END_OF_DAY: Final = "T23:59:59.999999"


def instant_in(text: str) -> datetime | None:
    """The instant a text names, naive where it has no offset; None where it names none."""
    try:
        if len(text) in _COMMON and _is_common(text):
            return datetime.fromisoformat(text)
        found = _INSTANT.fullmatch(text)
        if found is None:
            return None
        return datetime.fromisoformat(text if found[2] is None else f"{found[1]}{_END_OF_DAY}{found[3] or ''}")
    except ValueError:
        return None  # no month, no such day of it, or the year 0


def _is_common(text: str) -> bool:
    """Whether it is as long, and punctuated, as most instants are: then the library reads what the grammar means.

    Between the marks it takes ASCII digits and nothing else. This costs a fifth of the expression's time.
    """
    marked = text[4] == "-" == text[7] and text[10] in "T " and text[13] == ":" == text[16] and text[11:13] != "24"
    if len(text) == _LOCAL or not marked:
        return marked
    return text[_LOCAL] in ".,+-" and text[-6] in "+-" and text[-3] == ":" and text[-2] <= "5"


def day_in(text: str) -> date | None:
    """The day a text names; None where it names none."""
    try:
        return date.fromisoformat(text) if len(text) == _DAY_ALONE and text[4] == "-" == text[7] else None
    except ValueError:
        return None


def read_instant(text: str, place: str, *, or_day: bool = False) -> datetime:
    """The instant a text names, or with ``or_day`` the midnight a day begins with; raises ``BadInput`` for another text."""
    at = instant_in(text)
    if at is None and or_day and day_in(text) is not None:
        at = datetime.fromisoformat(text)
    if at is None:
        raise _flaw(text, place, f"{AN_INSTANT}{f', or {A_DAY}' if or_day else ''}")
    return at


def read_day(text: str, place: str) -> date:
    """The day a text names; raises ``BadInput`` for another text."""
    day = day_in(text)
    if day is None:
        raise _flaw(text, place, A_DAY)
    return day


def _flaw(text: str, place: str, wanted: str) -> BadInput:
    check_text(text, place)  # what comes in nowhere has its own code
    return BadInput(Flaw.WRONG_TYPE, place, f"{shown(text)} is not {wanted}")
