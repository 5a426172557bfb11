"""How values of the house are made: frozen and slotted where they come in, named tuples where facts are folded."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, dataclass_transform

__all__ = ["swift", "value"]

C = TypeVar("C", bound=type[Any])

_frozen: Callable[[Any], Any] = dataclass(frozen=True, slots=True, kw_only=True)


@dataclass_transform(kw_only_default=True, frozen_default=True)
def value(cls: C) -> C:
    """Make a class a frozen, slotted dataclass whose fields are given by name: a command, or a value inside one."""
    made: C = _frozen(cls)
    return made


def swift(cls: C) -> C:
    """Give a named tuple a ``_replace`` that costs what it changes, not what it holds: every fact folded passes there.

    Python's own asks for each of the tuple's fields by name whether it changes.
    """
    places = {name: place for place, name in enumerate(cls._fields)}

    def _replace(self: Any, /, **changes: object) -> Any:  # noqa: ANN401 - the type checker knows Python's own
        values = list(self)
        for name, changed in changes.items():
            values[places[name]] = changed
        return tuple.__new__(cls, values)

    cls._replace = _replace
    return cls
