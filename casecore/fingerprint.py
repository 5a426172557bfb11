"""The fingerprint (指纹) of a value: the SHA-256 of its canonical content, the same wherever it is computed.

A field that says what it says anyway is left out, so that a key which later versions of casecore add changes no
fingerprint of what was written before.
"""

import json
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import cache, lru_cache
from hashlib import sha256
from operator import attrgetter
from typing import Any, Final, cast

from casecore.command import Command

__all__ = ["canonical", "command_fingerprint", "fingerprint"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_NOT_SAID: Final = frozenset({"command_id", "correlation_id", "causation_id"})
"""What a command is called by, and where it belongs: a retry may be told under another trace."""


@lru_cache(maxsize=4096)
def fingerprint(value: object) -> str:
    """The SHA-256, in hexadecimal, of what a frozen value says."""
    text = json.dumps(canonical(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def canonical(value: Any) -> Any:  # noqa: ANN401 - whatever a value is made of
    """A value as plain JSON: dates as ISO text, words of closed lists as they stand on the wire."""
    if is_dataclass(value) and not isinstance(value, type):
        said = ((field.name, getattr(value, field.name), field.default) for field in fields(value))
        return {name: canonical(part) for name, part, usual in said if usual is MISSING or part != usual}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [canonical(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


def command_fingerprint(command: Command) -> str:
    """The SHA-256, in hexadecimal, of what a command asks for: its name and its fields, but for the ids it goes by.

    An instant is the same whatever offset it is told with, and none (``at`` of None) is the present one, whichever that is.
    """
    return sha256(f"{type(command).__name__} {_said_by(command)}".encode()).hexdigest()


def _said_by(value: Any) -> str:  # noqa: ANN401 - a command, or a value inside one
    """Each field by its name that does not say what it says anyway, with the length of what it says: by every command."""
    names, read, usual = _parts_of(value.__class__)
    return "".join(
        [
            f"{name}={len(text := part if part.__class__ is str else _text_of(part.__class__)(part))}:{text}"
            for name, part, as_usual in zip(names, read(value), usual, strict=True)
            if part is not as_usual and part != as_usual
        ]
    )


_Text = Callable[[Any], str]


def _text(cls: type[Any]) -> _Text:
    """What makes the text of a part of that class. A field has one type, so that no two parts of one are told alike."""
    if issubclass(cls, datetime):
        return lambda at: str((at - _EPOCH) // _MICROSECOND)
    if issubclass(cls, tuple):
        return lambda parts: "".join([f"{len(text := _text_of(part.__class__)(part))}:{text}" for part in parts])
    if issubclass(cls, Enum):
        return lambda word: str(word.value)
    return _said_by if is_dataclass(cls) else str


_text_of: Final[Callable[[type[Any]], _Text]] = cast("Any", cache(_text))
_Parts = tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]], tuple[Any, ...]]
"""The fields of a class that are said, by their names, what reads them, and what each says where nobody says it."""


def _parts(cls: type[Any]) -> _Parts:
    usual = {field.name: field.default for field in fields(cls) if field.name not in _NOT_SAID}
    names = tuple(sorted(usual))
    get = attrgetter(*names)
    read = get if len(names) > 1 else lambda value: (get(value),)
    return names, cast("Callable[[Any], tuple[Any, ...]]", read), tuple(usual[name] for name in names)


_parts_of: Final[Callable[[type[Any]], _Parts]] = cast("Any", cache(_parts))
