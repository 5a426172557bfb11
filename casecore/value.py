"""How values of the house are made: frozen and slotted where they come in, named tuples where facts are folded."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

__all__ = ["swift", "value"]

C = TypeVar("C", bound=type[Any])

# What dataclasses would compile for each class, every class is given from here: casecore loads the faster for it.
_frozen: Callable[[Any], Any] = dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)


@dataclass_transform(kw_only_default=True, frozen_default=True)
def value(cls: C) -> C:
    """Make a class a frozen, slotted dataclass whose fields are given by name: a command, or a value inside one."""
    made: C = _frozen(cls)
    names = tuple(field.name for field in fields(made))
    read = attrgetter(*names) if names else type

    def equal(self: object, other: object) -> bool:
        return read(self) == read(other) if other.__class__ is self.__class__ else NotImplemented

    def hashed(self: object) -> int:
        return hash(read(self))

    def shown(self: object) -> str:
        said = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{self.__class__.__qualname__}({said})"

    for name, method in (("__eq__", equal), ("__hash__", hashed), ("__repr__", shown)):
        if name not in cls.__dict__:
            setattr(made, name, method)
    return made


def swift(cls: C) -> C:
    """Give a named tuple a ``_replace`` that costs what it changes, not what it holds: every fact folded passes there.

    Python's own asks for each of the tuple's fields by name whether it changes.
    """
    places = {name: place for place, name in enumerate(cls._fields)}

    def _replace(self: Any, /, **changes: object) -> Any:  # noqa: ANN401 - the type checker knows Python's own
        values = list(self)
        try:
            for name, changed in changes.items():
                values[places[name]] = changed
        except KeyError:
            strangers = [name for name in changes if name not in places]
            raise ValueError(f"Got unexpected field names: {strangers!r}") from None
        return tuple.__new__(type(self), values)

    cls._replace = _replace
    return cls
