"""The door: what may come in at all, the same on every way in and for every store.

Text is NFC without NUL, other control characters, lone surrogates or bidirectional controls; whole numbers stay within
±2^53 so that every JSON reader sees the same number; instants are aware. Raises :class:`~casecore.errors.BadInput`
naming the place.
"""

import re
import unicodedata
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
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
    if flaw := _text_flaw(text):
        raise BadInput(f"{place}: {flaw}")


def check_id(text: str, place: str) -> None:
    """Refuse an identifier that is empty, too long or not plain text."""
    if flaw := _id_flaw(text):
        raise BadInput(f"{place}: {flaw}")


def check(value: object, place: str = "") -> None:
    """Refuse a command or a fact holding anything the door does not let in."""
    if flaw := _flaw(value):
        path, sentence = flaw
        raise BadInput(f"{place or type(value).__name__}{path}: {sentence}")


def _text_flaw(text: str) -> str | None:
    if found := _FORBIDDEN.search(text):
        return f"character U+{ord(found[0]):04X} is not allowed"
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        return "text is not in normal form NFC"
    return None


def _id_flaw(text: str) -> str | None:
    if not 0 < len(text) <= MAX_ID_LENGTH:
        return f"an identifier has 1 to {MAX_ID_LENGTH} characters"
    return _text_flaw(text)


def _flaw(value: object) -> tuple[str, str] | None:
    """The first flaw as path and sentence; the path is put together only when there is one."""
    sentence = None
    if isinstance(value, str):
        # Words of a closed list need no look.
        sentence = None if isinstance(value, Enum) else _text_flaw(value)
    elif isinstance(value, int):
        if not -_MAX_INTEGER <= value <= _MAX_INTEGER:
            sentence = "whole number beyond ±2^53"
    elif isinstance(value, datetime):
        if value.tzinfo is None:
            sentence = f"instant {value.isoformat()} has no time zone"
    elif isinstance(value, tuple | list):
        for index, part in enumerate(value):
            if flaw := _flaw(part):
                return f"[{index}]{flaw[0]}", flaw[1]
    elif is_dataclass(value):
        return _field_flaw(value)
    return None if sentence is None else ("", sentence)


def _field_flaw(value: Any) -> tuple[str, str] | None:  # noqa: ANN401 - any dataclass
    for field in _names(value.__class__):
        part = getattr(value, field)
        if part is None:
            continue
        if field in _IDENTIFIERS:
            if sentence := _id_flaw(part):
                return f".{field}", sentence
        elif flaw := _flaw(part):
            return f".{field}{flaw[0]}", flaw[1]
    return None


@cache
def _names(cls: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(cls))
