"""Commands as JSON, read strictly: the way in for a hall backend that sends text, and for the command line.

A command is one object: ``command`` names it, its other keys are the command's own fields. Instants and dates are ISO
8601, words of closed lists their values, tuples lists, a visit an object of its own. How much it is and how deep it
nests is asked before anything is parsed. What JSON cannot say is put into the types the fields declare; whether it
fits there is the door's to judge, as for a command made in Python: the same code, the same place.
"""

import json
import re
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import partial
from typing import Any, Final, NamedTuple

from adapters.json_objects import each_key_once
from casecore import door
from casecore.annotations import Shape, shapes_of
from casecore.command import Command
from casecore.errors import BadInput, Flaw
from casecore.kinds import COMMANDS

__all__ = ["MAX_COMMAND_BYTES", "read_command"]

MAX_COMMAND_BYTES: Final = 64 * 1024
"""How long a command as JSON may be."""
_NAME: Final = "command"
_MAX_DIGITS: Final = 20
"""A longer number is beyond ±2^53 whatever it is, and not worth converting."""

_NESTING: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
"""A text as a whole, or one step in or out. It takes whatever stands there, so that it never looks back."""
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d{1,6})?)?(Z|[+-]\d\d:\d\d(:\d\d)?)?", re.ASCII)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

_Read = Callable[[Any, str], Any]
"""``(what JSON holds, place) -> what the field wants``; anything that cannot be that is handed on as it is."""


class _Form(NamedTuple):
    """How an object becomes a dataclass."""

    cls: type[Any]
    readers: dict[str, _Read]
    required: tuple[str, ...]


def read_command(text: bytes | str) -> Command:
    """Read one command and let it in; raises :class:`~casecore.errors.BadInput` with code and place."""
    found = _parsed(_bounded(text))
    if not isinstance(found, dict):
        raise BadInput(Flaw.WRONG_TYPE, _NAME, f"an object is wanted, not {door.shown(found)}")
    if _NAME not in found:
        raise BadInput(Flaw.MISSING_FIELD, _NAME, "missing")
    name = found.pop(_NAME)
    form = _FORMS.get(name) if isinstance(name, str) else None
    if form is None:
        raise BadInput(Flaw.UNKNOWN_COMMAND, _NAME, f"{door.shown(name)} is no command")
    command: Command = _filled(form, found, form.cls.__name__)
    door.check(command)
    return command


def _bounded(text: bytes | str) -> str:
    """The text, once it is known to be neither too large nor too deep."""
    size = len(text)
    if size <= MAX_COMMAND_BYTES and isinstance(text, str):
        size = len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_COMMAND_BYTES:
        raise BadInput(Flaw.TOO_LARGE, _NAME, f"longer than {MAX_COMMAND_BYTES} bytes")
    if isinstance(text, bytes):
        try:
            text = text.decode()
        except UnicodeDecodeError as flaw:
            raise BadInput(Flaw.NOT_UTF8, _NAME, f"is not UTF-8 (byte {flaw.start + 1})") from None
    if text.count("{") + text.count("[") > door.MAX_DEPTH:
        _check_depth(text)
    return text


def _check_depth(text: str) -> None:
    depth = 0
    for token in _NESTING.finditer(text):
        if token[0] in "[{":
            depth += 1
            if depth > door.MAX_DEPTH:
                where = f"character {token.start() + 1}"
                raise BadInput(Flaw.TOO_DEEP, _NAME, f"nested deeper than {door.MAX_DEPTH} ({where})")
        elif token[0] in "]}":
            depth -= 1


def _parsed(text: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as flaw:
        control = "\0" <= text[flaw.pos : flaw.pos + 1] < " " and text[flaw.pos] not in "\t\r\n"
        code = Flaw.CONTROL_CHARACTER if control else Flaw.NOT_JSON
        raise BadInput(code, _NAME, f"is not JSON: {flaw.msg} (character {flaw.pos + 1})") from None


def _whole(digits: str) -> int:
    return int(digits[:_MAX_DIGITS])


# What JSON has no word for (NaN, Infinity) is taken for the number it means, and stays outside with all that are none.
_DECODER: Final = json.JSONDecoder(object_pairs_hook=each_key_once, parse_int=_whole, parse_constant=float)


def _filled(form: _Form, found: dict[str, Any], place: str) -> Any:  # noqa: ANN401 - the form's class
    readers = form.readers
    try:
        values = {name: readers[name](value, place) for name, value in found.items()}
    except KeyError as unknown:
        raise BadInput(Flaw.UNKNOWN_FIELD, f"{place}.{door.shown(unknown.args[0])}", "no such field") from None
    for name in form.required:
        if name not in values:
            raise BadInput(Flaw.MISSING_FIELD, f"{place}.{name}", "missing")
    return form.cls(**values)


def _form(cls: type[Any]) -> _Form:
    return _Form(
        cls,
        {name: _reader(shape, name) for name, shape in shapes_of(cls).items()},
        tuple(field.name for field in fields(cls) if field.default is MISSING),
    )


def _reader(shape: Shape, name: str) -> _Read:
    """What puts a JSON value into the annotated type."""
    one = _reader_of(shape.kind, name)
    return partial(_as_tuple, one) if shape.many else one


def _reader_of(kind: type[Any], name: str) -> _Read:
    if kind is datetime:
        return partial(_as_iso, _INSTANT, datetime.fromisoformat)
    if kind is date:
        return partial(_as_iso, _DATE, date.fromisoformat)
    if issubclass(kind, Enum):
        return partial(_as_word, {(type(word.value), word.value): word for word in kind})
    if is_dataclass(kind):
        return partial(_as_object, _form(kind), name)
    return _as_it_is


def _as_it_is(value: Any, _: str) -> Any:  # noqa: ANN401
    return value


def _as_tuple(one: _Read, value: Any, place: str) -> Any:  # noqa: ANN401
    return tuple(one(part, place) for part in value) if isinstance(value, list) else value


def _as_iso(written: re.Pattern[str], read: Callable[[str], date], value: Any, _: str) -> Any:  # noqa: ANN401
    try:
        return read(value) if isinstance(value, str) and written.fullmatch(value) else value
    except ValueError:
        return value


def _as_word(words: dict[tuple[type, Any], Enum], value: Any, _: str) -> Any:  # noqa: ANN401
    return words.get((type(value), value), value) if isinstance(value, str | int) else value


def _as_object(form: _Form, name: str, value: Any, place: str) -> Any:  # noqa: ANN401
    return _filled(form, value, f"{place}.{name}") if isinstance(value, dict) else value


_FORMS: Final = {command.__name__: _form(command) for command in COMMANDS}
"""Every command there is, by its name."""
