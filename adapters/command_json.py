"""Commands as JSON, read strictly: the way in for a hall backend that sends text, and for the command line.

A command is one object: ``command`` names it, its other keys are the command's own fields. Instants and days are written as
:mod:`casecore.instants` says, words of closed lists as :mod:`casecore.spelling` says, tuples are lists, a visit is an object
of its own. How much it is and how deep it nests is asked before anything is parsed. What JSON cannot say is put into the
types the fields declare, and what it cannot be is refused as a command made in Python would be: the same code, the same
place, in JSON's words. All else is the door's to judge.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache, partial
from typing import Any, Final, NamedTuple, NoReturn, cast

from adapters.json_objects import each_key_once
from casecore import door
from casecore.annotations import Shape, shapes_of
from casecore.command import Command
from casecore.errors import BadInput, Flaw
from casecore.instants import A_DAY, AN_INSTANT, day_in, instant_in
from casecore.kinds import COMMANDS
from casecore.spelling import meanings, word_in

__all__ = ["MAX_COMMAND_BYTES", "read_command"]

MAX_COMMAND_BYTES: Final = 64 * 1024
"""How long a command as JSON may be."""
_NAME: Final = "command"
_MAX_DIGITS: Final = 20
"""A longer number is beyond ±2^53 whatever it is, and not worth converting."""

_NESTING: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
"""A text as a whole, or one step in or out. It takes whatever stands there, so that it never looks back."""

_COMMANDS: Final[Mapping[str, type[Any]]] = {command.__name__: command for command in COMMANDS}

_Read = Callable[[Any, str], Any]
"""``(what JSON holds, place) -> what the field wants``; raises ``BadInput`` for what it cannot be."""


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
    kind = _COMMANDS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise BadInput(Flaw.UNKNOWN_COMMAND, _NAME, f"{door.shown(name)} is no command")
    command: Command = _filled(_form(kind), found, kind.__name__)
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
    for name in found:
        if name not in readers:
            raise BadInput(Flaw.UNKNOWN_FIELD, f"{place}.{door.shown(name)}", "no such field")
    for name in form.required:
        if name not in found:
            raise BadInput(Flaw.MISSING_FIELD, f"{place}.{name}", "missing")
    said = {name: readers[name](value, f"{place}.{name}") for name, value in found.items()}
    try:
        return form.cls(**said)
    except ValueError as flaw:  # fields that are sound each, and together are none: a limit of fewer than no days
        raise BadInput(Flaw.CONTRADICTION, place, str(flaw)) from None


def _made_form(cls: type[Any]) -> _Form:
    return _Form(
        cls,
        {name: _reader(shape) for name, shape in shapes_of(cls).items()},
        tuple(field.name for field in fields(cls) if field.default is MISSING),
    )


_form: Final[Callable[[type[Any]], _Form]] = cast("Any", cache(_made_form))
"""The form of a class, made when it is first asked for."""


def _reader(shape: Shape) -> _Read:
    """What puts a JSON value into the annotated type."""
    one = _reader_of(shape.kind)
    whole = partial(_as_list, one) if shape.many else one
    return partial(_as_optional, whole) if shape.optional else whole


def _reader_of(kind: type[Any]) -> _Read:
    if kind is datetime:
        return partial(_as_iso, instant_in, AN_INSTANT)
    if kind is date:
        return partial(_as_iso, day_in, A_DAY)
    if issubclass(kind, Enum):
        return partial(_as_word, kind)
    if is_dataclass(kind):
        return partial(_as_object, _form(kind))
    return partial(_as_it_is, kind, _PLAIN[kind])


_PLAIN: Final = {str: "text", int: "a whole number", bool: "true or false"}


def _as_it_is(kind: type, wanted: str, value: Any, place: str) -> Any:  # noqa: ANN401
    return value if type(value) is kind else _refuse(value, place, wanted)


def _as_optional(whole: _Read, value: Any, place: str) -> Any:  # noqa: ANN401
    return None if value is None else whole(value, place)


def _as_list(one: _Read, value: Any, place: str) -> tuple[Any, ...]:  # noqa: ANN401
    if not isinstance(value, list):
        _refuse(value, place, "a list")
    return tuple(one(part, f"{place}[{index}]") for index, part in enumerate(value))


def _as_iso(read: Callable[[str], date | None], wanted: str, value: Any, place: str) -> date:  # noqa: ANN401
    found = read(value) if isinstance(value, str) else None
    return _refuse(value, place, wanted) if found is None else found


def _as_word(kind: type[Enum], value: Any, place: str) -> Enum:  # noqa: ANN401
    found = word_in(kind, value)
    if found is not None:
        return found
    bare = type(value) is int or (isinstance(value, str) and value.isdecimal())
    return _refuse(value, place, f"{'no bare number: ' if bare else ''}one of {meanings(kind)}", Flaw.UNKNOWN_WORD)


def _as_object(form: _Form, value: Any, place: str) -> Any:  # noqa: ANN401
    if not isinstance(value, dict):
        _refuse(value, place, f"an object with {', '.join(form.readers)}")
    return _filled(form, value, place)


def _refuse(value: Any, place: str, wanted: str, code: Flaw = Flaw.WRONG_TYPE) -> NoReturn:  # noqa: ANN401
    if value is None or isinstance(value, bool):
        raise BadInput(code, place, f"{wanted} is wanted, not {json.dumps(value)}")
    door.refuse(value, place, wanted, code)
