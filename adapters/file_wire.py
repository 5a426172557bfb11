"""The bytes of a file: what the fold of a stream has come to, written down and read again.

What a file is made of stands in its annotations: named tuples, facts, values, choices, instants, dates, texts, numbers.
Each is written as the list of its fields in their order, and a fact begins with its wire name, for a field may hold one of
several. The same file always has the same bytes. They are read by the program that wrote them and by no other, so nothing
here is superseded: see :mod:`adapters.snapshots`.
"""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Union, cast, get_args, get_origin, get_type_hints

import orjson

from casecore.fact import Fact
from casecore.kind import File
from casecore.kinds import FACTS, KINDS, kind_of_file

__all__ = ["read_file", "written_file"]

_OPTIONS: Final = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
_BY_NAME: Final = {kind.name: kind for kind in KINDS}
_FACTS: Final = {fact.wire: fact for fact in FACTS}
_FASTEST: Final = 1

_Read = Callable[[Any], Any]


def written_file(file: File) -> bytes:
    """The bytes of a file; raises ``TypeError`` where something in it cannot be written."""
    plain = [kind_of_file(file).name, _written(file)]
    return zlib.compress(orjson.dumps(plain, default=_written, option=_OPTIONS), _FASTEST)


def read_file(written: bytes) -> File:
    """The file again; raises ``ValueError`` for bytes that are none."""
    try:
        name, parts = orjson.loads(zlib.decompress(written))
        file: File = _reader(type(_BY_NAME[name].new))(parts)
    except (zlib.error, ArithmeticError, AttributeError, LookupError, TypeError) as error:
        raise ValueError(f"no bytes of a file: {error!r}") from error
    return file


def _written(found: object) -> Any:  # noqa: ANN401 - what JSON has, or what is asked about next
    if isinstance(found, date):
        return found.isoformat()
    if isinstance(found, tuple):  # a named one: JSON has the others
        return [*found]
    values = _values_of(type(found))(found)
    return [type(found).wire, *values] if isinstance(found, Fact) else [*values]


def _fields_of(cls: type[Any]) -> Callable[[Any], tuple[Any, ...]]:
    if not is_dataclass(cls):
        raise TypeError(f"{cls.__name__} has no place in a file")
    names = [field.name for field in fields(cls)]
    if len(names) > 1:
        return attrgetter(*names)
    return lambda found: tuple(getattr(found, name) for name in names)


_values_of: Final[Callable[[type[Any]], Callable[[Any], tuple[Any, ...]]]] = cast("Any", cache(_fields_of))


def _reader_of(hint: Any) -> _Read | None:  # noqa: ANN401 - a type annotation is any object
    """What reads a value of an annotation; None where JSON has it already."""
    if get_origin(hint) is Annotated:
        return _reader_of(hint.__origin__)
    if get_origin(hint) in (Union, UnionType):
        return _choice_reader([kind for kind in get_args(hint) if kind is not NoneType])
    if get_origin(hint) is tuple:
        return _tuple_reader(get_args(hint))
    if not isinstance(hint, type):
        raise TypeError(f"{hint} has no place in a file")
    return None if hint in (str, int, bool) else _reader_of_type(hint)


def _reader_of_type(kind: type[Any]) -> _Read:
    if issubclass(kind, datetime | date):
        return kind.fromisoformat
    if issubclass(kind, Enum):
        return kind._value2member_map_.__getitem__
    return _fact if issubclass(kind, Fact) else _reader(kind)


def _choice_reader(kinds: Sequence[Any]) -> _Read | None:
    """Of something that may be None: a fact says which one it is, and all else is of one kind."""
    if len(kinds) > 1 and not all(isinstance(kind, type) and issubclass(kind, Fact) for kind in kinds):
        raise TypeError(f"{kinds[0]} or {kinds[1]}: which of them it is would have to be written")
    one = _reader_of(kinds[0])
    return None if one is None else lambda value: None if value is None else one(value)


def _tuple_reader(parts: tuple[Any, ...]) -> _Read:
    if parts[-1] is Ellipsis:
        one = _reader_of(parts[0])
        return tuple if one is None else lambda values: tuple(map(one, values))
    readers = [_reader_of(part) for part in parts]
    return lambda values: tuple(_each(readers, values))


def _each(readers: Sequence[_Read | None], values: Sequence[Any]) -> list[Any]:
    return [value if read is None or value is None else read(value) for read, value in zip(readers, values, strict=True)]


def _compiled(cls: type[Any]) -> _Read:
    hints = get_type_hints(cls, include_extras=True)
    if issubclass(cls, tuple):
        readers = [_reader_of(hint) for hint in hints.values()]
        return lambda values: tuple.__new__(cls, _each(readers, values))
    names = [field.name for field in fields(cls)]
    readers = [_reader_of(hints[name]) for name in names]
    return lambda values: cls(**dict(zip(names, _each(readers, values), strict=True)))


_reader: Final[Callable[[type[Any]], _Read]] = cast("Any", cache(_compiled))
"""What reads a named tuple or a value; compiled when it is first met."""


def _fact(values: Sequence[Any]) -> Any:  # noqa: ANN401 - a fact
    return _reader(_FACTS[values[0]])(values[1:])
