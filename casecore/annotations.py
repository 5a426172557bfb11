"""What the fields of commands and facts are annotated with: a type, perhaps optional, perhaps a tuple of any length.

The door, the wire and the readers compile their checks and codecs from it.
"""

from types import NoneType, UnionType
from typing import Any, NamedTuple, Union, get_args, get_origin

__all__ = ["Shape", "shape_of"]


class Shape(NamedTuple):
    """An annotation taken apart."""

    kind: type[Any]
    optional: bool
    """``kind | None``."""
    many: bool
    """``tuple[kind, ...]``."""


def shape_of(hint: Any) -> Shape:  # noqa: ANN401 - a type annotation is any object
    """Take an annotation apart; raises ``TypeError`` for one no field may have."""
    optional = get_origin(hint) in (Union, UnionType)
    if optional:
        hint, *others = (part for part in get_args(hint) if part is not NoneType)
        if others:
            raise TypeError(f"{hint} or {others[0]}: a field has one type")
    many = get_origin(hint) is tuple
    kind = get_args(hint)[0] if many else hint
    if not isinstance(kind, type):
        raise TypeError(f"{kind} is no type a field may have")
    return Shape(kind, optional, many)
