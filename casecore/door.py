"""The door: what may come in at all, the same on every way in and for every store.

Text is NFC without NUL, other control characters, lone surrogates or bidirectional controls, and else whatever a name is
written with (:mod:`casecore.characters` names what stays outside, by range); whole numbers stay within
±2^53 so that every JSON reader sees the same number; instants are aware; every field is of the type it declares (a
word of a closed list is a member of it, not its spelling). Raises :class:`~casecore.errors.BadInput` with the code of
the flaw and its place.
"""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, Final, NamedTuple, NoReturn

from casecore.annotations import Shape, shape_of, shapes_of
from casecore.characters import identifier_flaw, quoted, text_flaw
from casecore.errors import BadInput, Flaw

__all__ = [
    "MAX_DEPTH",
    "MAX_EVENT_BYTES",
    "MAX_ID_LENGTH",
    "MAX_INTEGER",
    "check",
    "check_district",
    "check_id",
    "check_instant",
    "check_text",
    "is_text",
    "refuse",
    "shown",
]

MAX_EVENT_BYTES: Final = 64 * 1024
"""How long a fact may be, as it is stored."""
MAX_DEPTH: Final = 32
"""How deep values may nest; a command as JSON is the first level."""
MAX_ID_LENGTH: Final = 200
"""How many characters an identifier may have."""
MAX_INTEGER: Final = 2**53
"""Beyond this a reader of JSON may see another number."""
_MAX_SHOWN: Final = 60

_DISTRICT: Final = re.compile(r"[A-Za-z0-9]+([._-][A-Za-z0-9]+)*")


class _Found(NamedTuple):
    """A flaw, where in the value it is, and what to say; the path is put together only when there is something."""

    code: Flaw
    sentence: str
    path: str = ""

    def under(self, step: str) -> "_Found":
        return self._replace(path=step + self.path)


_Check = Callable[[Any], _Found | None]


def check_text(text: object, place: str) -> None:
    """Refuse what is not plain NFC text."""
    _let_in(_text_flaw(text) if isinstance(text, str) else _mismatch("str", text), place)


def check_id(text: object, place: str) -> None:
    """Refuse an identifier that is empty, too long or not plain text."""
    _let_in(_id_flaw(text) if isinstance(text, str) else _mismatch("str", text), place)


def check_district(text: object, place: str) -> None:
    """Refuse what names no district's log: ASCII letters and digits, with ``.``, ``_`` and ``-`` between them."""
    check_id(text, place)
    if not _DISTRICT.fullmatch(str(text)):
        raise BadInput(Flaw.NOT_PLAIN, place, "a district is named by ASCII letters and digits, with . _ - between them")


def check_instant(value: object, place: str) -> None:
    """Refuse what is not an aware instant."""
    _let_in(_of_shape(shape_of(datetime))(value), place)


def check(value: object, place: str = "") -> None:
    """Refuse a command or a fact holding anything the door does not let in."""
    _let_in(_flaw(value), place or type(value).__name__)


def refuse(value: object, place: str, wanted: str, code: Flaw = Flaw.WRONG_TYPE) -> NoReturn:
    """Refuse a value because something else is wanted in its place; what comes in nowhere keeps the code of that."""
    found = _mismatch(wanted, value, code)
    raise BadInput(found.code, f"{place}{found.path}", found.sentence)


def is_text(value: str) -> bool:
    """Whether a database takes it as text at all: it can be encoded, and holds no NUL."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in value


def shown(value: object) -> str:
    """Show a value in a message: on one line and bounded, whatever it is."""
    if type(value) is str:
        return quoted(value) if len(value) <= _MAX_SHOWN else f"{quoted(value[:_MAX_SHOWN])}…"
    if value is None or isinstance(value, bool | float) or (isinstance(value, int) and abs(value) <= MAX_INTEGER):
        return repr(value)
    return type(value).__name__


def _let_in(found: _Found | None, place: str) -> None:
    if found is not None:
        raise BadInput(found.code, f"{place}{found.path}", found.sentence)


def _text_flaw(text: str) -> _Found | None:
    return _Found(*found) if (found := text_flaw(text)) else None


def _id_flaw(text: str) -> _Found | None:
    if text.isascii() and text.isprintable() and 0 < len(text) <= MAX_ID_LENGTH and text[0] != " " != text[-1]:
        return None  # as most are
    if not 0 < len(text) <= MAX_ID_LENGTH:
        return _Found(Flaw.IDENTIFIER_LENGTH, f"an identifier has 1 to {MAX_ID_LENGTH} characters")
    return _Found(*found) if (found := identifier_flaw(text)) else None


def _flaw(value: object, depth: int = 0) -> _Found | None:
    """The first flaw of a value whose type nobody declared."""
    if is_dataclass(value) and not isinstance(value, type):
        return _object_flaw(value)
    if isinstance(value, tuple | list):
        if depth == MAX_DEPTH:
            return _Found(Flaw.TOO_DEEP, f"nested deeper than {MAX_DEPTH}")
        return _each(value, lambda part: _flaw(part, depth + 1))
    if isinstance(value, str):
        # Words of a closed list need no look.
        return None if isinstance(value, Enum) else _text_flaw(value)
    if isinstance(value, int):
        return _whole_flaw(value)
    return _instant_flaw(value) if isinstance(value, datetime) else None


def _whole_flaw(value: int) -> _Found | None:
    if -MAX_INTEGER <= value <= MAX_INTEGER:
        return None
    return _Found(Flaw.NUMBER_OUT_OF_RANGE, "whole number beyond ±2^53")


def _instant_flaw(value: datetime) -> _Found | None:
    if value.utcoffset() is not None:
        return None
    return _Found(Flaw.NAIVE_INSTANT, f"instant {value.isoformat()} has no time zone")


def _each(values: Iterable[Any], flaw_of: _Check) -> _Found | None:
    for index, part in enumerate(values):
        if found := flaw_of(part):
            return found.under(f"[{index}]")
    return None


def _object_flaw(value: Any) -> _Found | None:  # noqa: ANN401 - any dataclass
    for name, flaw_of in _fields(value.__class__):
        if found := flaw_of(getattr(value, name)):
            return found.under(f".{name}")
    return None


@cache
def _fields(cls: type[Any]) -> tuple[tuple[str, _Check], ...]:
    """The check of each field of a dataclass, from its annotation."""
    return tuple((name, _of_shape(shape)) for name, shape in shapes_of(cls).items())


def _of_shape(shape: Shape) -> _Check:
    """The check an annotation asks for: the very type, and what the door asks of any value of it."""
    one = _of_kind(shape.kind, identifier=shape.identifier is not None)

    def several(value: Any) -> _Found | None:  # noqa: ANN401 - what it is is the question
        return _each(value, one) if isinstance(value, tuple) else _mismatch("a tuple", value)

    whole = several if shape.many else one
    return (lambda value: None if value is None else whole(value)) if shape.optional else whole


def _of_kind(kind: type[Any], *, identifier: bool) -> _Check:
    """The check of one value of a type."""
    words = ", ".join(f"{kind.__name__}.{member.name}" for member in kind) if issubclass(kind, Enum) else ""
    wanted = f"one of {words}" if words else kind.__name__
    further = _further(kind, identifier=identifier)
    # A bool is no number and an instant no date, whatever Python's classes say.
    never = {int: bool, date: datetime}.get(kind, ())

    def flaw_of(value: Any) -> _Found | None:  # noqa: ANN401 - what it is is the question
        if value.__class__ is not kind and (not isinstance(value, kind) or isinstance(value, never)):
            return _mismatch(wanted, value, Flaw.UNKNOWN_WORD if words else Flaw.WRONG_TYPE)
        return further(value) if further is not None else None

    return flaw_of


def _mismatch(wanted: str, value: object, code: Flaw = Flaw.WRONG_TYPE) -> _Found:
    """What a value of another type is refused for: what comes in nowhere has its own code, whatever was wanted."""
    if isinstance(value, str) and (found := _text_flaw(value)):
        return found
    if isinstance(value, float) and not math.isfinite(value):
        code = Flaw.NOT_FINITE
    elif _nested_too_deep(value):
        code = Flaw.TOO_DEEP
    return _Found(code, f"{wanted} is wanted, not {shown(value)}")


def _nested_too_deep(value: object) -> bool:
    """Whether lists lie in each other more than so many deep; level by level, each list once."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = list({id(part): part for outer in level if isinstance(outer, tuple | list) for part in outer}.values())
    return bool(level)


def _further(kind: type, *, identifier: bool) -> _Check | None:
    """What the door asks of a value beyond its type; None where that is all."""
    if kind is str:
        return _id_flaw if identifier else _text_flaw
    if kind is int:
        return _whole_flaw
    if kind is datetime:
        return _instant_flaw
    return _object_flaw if is_dataclass(kind) else None
