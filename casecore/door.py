"""The door: what may come in at all, the same on every way in and for every store.

Text is NFC without NUL, other control characters, lone surrogates or bidirectional controls; whole numbers stay within
±2^53 so that every JSON reader sees the same number; instants are aware; every field is of the type it declares (a
word of a closed list is a member of it, not its spelling). Raises :class:`~casecore.errors.BadInput`
naming the place.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from casecore.errors import BadInput

__all__ = ["MAX_EVENT_BYTES", "MAX_ID_LENGTH", "check", "check_id", "check_text"]

MAX_EVENT_BYTES: Final = 64 * 1024
MAX_ID_LENGTH: Final = 200
_MAX_INTEGER: Final = 2**53
_FORBIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_IDENTIFIERS: Final = frozenset({
    "applicant", "by", "case", "causation_id", "certificate", "command_id", "consignment", "correlation_id",
    "courier", "department", "from_department", "hall", "item", "replaces", "seal", "step", "suspension",
    "to_department", "visit", "window",
})  # fmt: skip
"""Fields that name something: never empty, of bounded length."""


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


Flaw = tuple[str, str] | None
"""Where in a value something is wrong, and what; the path is put together only when there is something."""


def _flaw(value: object) -> Flaw:
    """The first flaw of a value whose type nobody declared."""
    if is_dataclass(value) and not isinstance(value, type):
        return _object_flaw(value)
    if isinstance(value, tuple | list):
        return _each(value, _flaw)
    return _scalar_flaw(value)


def _scalar_flaw(value: object) -> Flaw:
    sentence = None
    if isinstance(value, str):
        # Words of a closed list need no look.
        sentence = None if isinstance(value, Enum) else _text_flaw(value)
    elif isinstance(value, int):
        if not -_MAX_INTEGER <= value <= _MAX_INTEGER:
            sentence = "whole number beyond ±2^53"
    elif isinstance(value, datetime) and value.tzinfo is None:
        sentence = f"instant {value.isoformat()} has no time zone"
    return None if sentence is None else ("", sentence)


def _each(values: Iterable[Any], flaw_of: Callable[[Any], Flaw]) -> Flaw:
    for index, part in enumerate(values):
        if flaw := flaw_of(part):
            return f"[{index}]{flaw[0]}", flaw[1]
    return None


def _object_flaw(value: Any) -> Flaw:  # noqa: ANN401 - any dataclass
    for name, flaw_of in _fields(value.__class__):
        if flaw := flaw_of(getattr(value, name)):
            return f".{name}{flaw[0]}", flaw[1]
    return None


@cache
def _fields(cls: type[Any]) -> tuple[tuple[str, Callable[[Any], Flaw]], ...]:
    """The check of each field of a dataclass, from its annotation."""
    hints = get_type_hints(cls)
    return tuple((f.name, _of_type(hints[f.name], identifier=f.name in _IDENTIFIERS)) for f in fields(cls))


def _of_type(hint: Any, *, identifier: bool = False) -> Callable[[Any], Flaw]:  # noqa: ANN401 - any annotation
    """The check an annotation asks for: the very type, and what the door asks of any value of it."""
    parts = [part for part in get_args(hint) if part is not NoneType]
    if get_origin(hint) in (Union, UnionType):
        inner = _of_type(parts[0], identifier=identifier)
        return lambda value: None if value is None else inner(value)
    if get_origin(hint) is tuple:
        each = _of_type(parts[0])
        return lambda value: (
            _each(value, each) if isinstance(value, tuple) else ("", f"a tuple is wanted, not {value!r:.60}")
        )
    kind: type = hint
    words = ", ".join(str(member.value) for member in kind) if issubclass(kind, Enum) else ""
    wanted = f"one of {kind.__name__} ({words})" if words else kind.__name__
    further = _further(kind, identifier=identifier)
    # A bool is no number and an instant no date, whatever Python's classes say.
    never = {int: bool, date: datetime}.get(kind, ())

    def flaw_of(value: Any) -> Flaw:  # noqa: ANN401 - what it is is the question
        if not isinstance(value, kind) or isinstance(value, never):
            return "", f"{wanted} is wanted, not {value!r:.60}"
        return further(value) if further is not None else None

    return flaw_of


def _further(kind: type, *, identifier: bool) -> Callable[[Any], Flaw] | None:
    """What the door asks of a value beyond its type; None where that is all."""
    if kind is str:
        flaw_of_text = _id_flaw if identifier else _text_flaw
        return lambda value: None if (sentence := flaw_of_text(value)) is None else ("", sentence)
    if is_dataclass(kind):
        return _object_flaw
    return _scalar_flaw if kind in (int, datetime) else None
