"""What the fields of commands and facts are annotated with: a type, perhaps optional, perhaps a tuple, and marks.

A mark says what is true of a field beyond its type: that it names something, or that it is about a person. The door, the
wire and the readers compile their checks and codecs from the annotation; no list elsewhere knows a field by its name.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, Any, Final, NamedTuple, TypeVar, Union, cast, get_args, get_origin, get_type_hints

__all__ = [
    "Id",
    "Identifier",
    "Personal",
    "PersonalId",
    "PersonalText",
    "Shape",
    "UniqueId",
    "localized",
    "shape_of",
    "shapes_of",
]


UNSAID: Final[Mapping[str, bool]] = MappingProxyType({"unsaid": True})
"""Metadata of a field that was added to a value after it was first written: where it says what it says anyway, it is left
out of what is written, so that the bytes of before stay what they were."""


class Identifier(NamedTuple):
    """The field names something: never empty, of bounded length, one line."""

    unique: bool = False
    """Whether the fact gives something its name: within its stream no other may give that name again."""


class PersonalText(NamedTuple):
    """The field is text about a person."""


Id = Annotated[str, Identifier()]
"""Names something."""
UniqueId = Annotated[str, Identifier(unique=True)]
"""Gives something its name, once within the stream."""
Personal = Annotated[str, PersonalText()]
"""Text about a person. A mark only, for now."""
PersonalId = Annotated[str, Identifier(), PersonalText()]
"""Names a person."""


class Shape(NamedTuple):
    """An annotation taken apart."""

    kind: type[Any]
    optional: bool
    """``kind | None``."""
    many: bool
    """``tuple[kind, ...]``."""
    marks: tuple[Any, ...] = ()

    @property
    def identifier(self) -> Identifier | None:
        """The mark of a field that names something."""
        return next((mark for mark in self.marks if isinstance(mark, Identifier)), None)

    @property
    def personal(self) -> bool:
        """Whether it is text about a person."""
        return any(isinstance(mark, PersonalText) for mark in self.marks)

    @property
    def holds_instants(self) -> bool:
        """Whether it is an instant, or a value that holds one somewhere."""
        return self.kind is datetime or (is_dataclass(self.kind) and _hold_instants(self.kind))


def shape_of(hint: Any) -> Shape:  # noqa: ANN401 - a type annotation is any object
    """Take an annotation apart; raises ``TypeError`` for one no field may have."""
    hint, marks = _unmarked(hint)
    optional = get_origin(hint) in (Union, UnionType)
    if optional:
        hint, *others = (part for part in get_args(hint) if part is not NoneType)
        if others:
            raise TypeError(f"{hint} or {others[0]}: a field has one type")
        hint, within = _unmarked(hint)
        marks += within
    many = get_origin(hint) is tuple
    kind, within = _unmarked(get_args(hint)[0] if many else hint)
    if not isinstance(kind, type):
        raise TypeError(f"{kind} is no type a field may have")
    return Shape(kind, optional, many, marks + within)


def _shapes_of(cls: type[Any]) -> Mapping[str, Shape]:
    hints = get_type_hints(cls, include_extras=True)
    return {field.name: shape_of(hints[field.name]) for field in fields(cls)}


shapes_of: Final[Callable[[type[Any]], Mapping[str, Shape]]] = cast("Any", cache(_shapes_of))
"""The shape of each field of a dataclass, by its name, in their order."""
V = TypeVar("V")


def localized(value: V, localize: Callable[[datetime], datetime]) -> V:
    """The value with every instant in it, wherever it stands, as ``localize`` gives it; itself where none changes."""
    changed = {
        name: after
        for name in _instants_in(type(value))
        if (after := _localized(before := getattr(value, name), localize)) is not before
    }
    return replace(value, **changed) if changed else value  # type: ignore[type-var] # a dataclass has such fields


def _localized(found: Any, localize: Callable[[datetime], datetime]) -> Any:  # noqa: ANN401 - a field's value
    if found is None:
        return None
    if isinstance(found, datetime):
        return localize(found)
    if isinstance(found, tuple):
        after = tuple(_localized(one, localize) for one in found)
        return found if all(a is b for a, b in zip(after, found, strict=True)) else after
    return localized(found, localize)


def _instants(cls: type[Any]) -> tuple[str, ...]:
    return tuple(name for name, shape in shapes_of(cls).items() if shape.holds_instants)


_instants_in: Final[Callable[[type[Any]], tuple[str, ...]]] = cast("Any", cache(_instants))
"""The fields of a dataclass that are instants, or hold some."""
_NO_MARKS: Final[tuple[Any, ...]] = ()


def _unmarked(hint: Any) -> tuple[Any, tuple[Any, ...]]:  # noqa: ANN401 - a type annotation is any object
    return (hint.__origin__, hint.__metadata__) if get_origin(hint) is Annotated else (hint, _NO_MARKS)


def _hold_instants(cls: type[Any]) -> bool:
    return any(shape.holds_instants for shape in shapes_of(cls).values())
