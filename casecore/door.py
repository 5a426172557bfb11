"""The door: what may come in at all, the same on every way in and for every store.

Text is NFC without NUL, other control characters, lone surrogates or bidirectional controls; whole numbers stay within
±2^53 so that every JSON reader sees the same number; instants are aware. Raises :class:`~casecore.errors.BadInput`
naming the place.
"""

import re
import unicodedata
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from casecore.errors import BadInput

__all__ = ["MAX_EVENT_BYTES", "MAX_ID_LENGTH", "check", "check_id", "check_text"]

MAX_EVENT_BYTES: Final = 64 * 1024
MAX_ID_LENGTH: Final = 200
_MAX_INTEGER: Final = 2**53
_FORBIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_IDENTIFIERS: Final = frozenset({"case", "by", "command_id", "correlation_id", "causation_id"})


def check_text(text: str, place: str) -> None:
    """Refuse text that is not plain NFC."""
    if found := _FORBIDDEN.search(text):
        raise BadInput(f"{place}: character U+{ord(found[0]):04X} is not allowed")
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        raise BadInput(f"{place}: text is not in normal form NFC")


def check_id(text: str, place: str) -> None:
    """Refuse an identifier that is empty, too long or not plain text."""
    check_text(text, place)
    if not 0 < len(text) <= MAX_ID_LENGTH:
        raise BadInput(f"{place}: an identifier has 1 to {MAX_ID_LENGTH} characters")


def check(value: object, place: str = "") -> None:  # noqa: C901 - one arm a kind of value
    """Refuse a command or a fact holding anything the door does not let in."""
    match value:
        case str():
            check_text(value, place)
        case None | bool():
            pass
        case int():
            if not -_MAX_INTEGER <= value <= _MAX_INTEGER:
                raise BadInput(f"{place}: whole number beyond ±2^53")
        case datetime():
            if value.tzinfo is None:
                raise BadInput(f"{place}: instant {value.isoformat()} has no time zone")
        case tuple() | list():
            for index, part in enumerate(value):
                check(part, f"{place}[{index}]")
        case _ if is_dataclass(value) and not isinstance(value, type):
            name = place or type(value).__name__
            for field in _names(type(value)):
                part = getattr(value, field)
                check(part, f"{name}.{field}")
                if field in _IDENTIFIERS and part is not None:
                    check_id(part, f"{name}.{field}")
        case _:
            pass


@cache
def _names(cls: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(cls))
