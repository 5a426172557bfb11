"""How values of the house are made: frozen and slotted where they come in, named tuples where facts are folded."""

from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, dataclass, fields
from operator import attrgetter
from typing import Any, Final, TypeVar, dataclass_transform

__all__ = ["swift", "value"]

C = TypeVar("C", bound=type[Any])

# What dataclasses would compile for each class, every class is given from here, and what makes one is compiled when the
# first is made: a program makes few of the values there are, and casecore loads the faster for it.
_bare: Callable[[Any], Any] = dataclass(slots=True, kw_only=True, init=False, repr=False, eq=False)
_frozen: Callable[[Any], Any] = dataclass(frozen=True, kw_only=True, repr=False, eq=False)


def _fixed(_: object, name: str, __: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _kept(_: object, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _held(self: Any) -> list[Any]:  # noqa: ANN401 - any value
    return [getattr(self, field.name) for field in fields(self)]


def _taken(self: Any, state: list[Any]) -> None:  # noqa: ANN401 - any value
    for field, held in zip(fields(self), state, strict=True):
        object.__setattr__(self, field.name, held)


_EACH: Final = {"__setattr__": _fixed, "__delattr__": _kept, "__getstate__": _held, "__setstate__": _taken}


def _maker(made: type[Any]) -> Callable[..., None]:
    """What makes a value of a class: at the first call it is compiled, by dataclasses, and put in its own place."""

    def __init__(self: object, **given: object) -> None:  # noqa: N807 - it is one
        told = {field.name: field.default for field in fields(made) if field.default is not MISSING}
        told["__annotations__"] = {field.name: field.type for field in fields(made)}
        made.__init__ = _frozen(type(made.__name__, (), told)).__init__
        made.__init__(self, **given)

    return __init__


@dataclass_transform(kw_only_default=True, frozen_default=True)
def value(cls: C) -> C:
    """Make a class a frozen, slotted dataclass whose fields are given by name: a command, or a value inside one."""
    made: C = _bare(cls)
    names = tuple(field.name for field in fields(made))
    read = attrgetter(*names) if names else type

    def equal(self: object, other: object) -> bool:
        return read(self) == read(other) if other.__class__ is self.__class__ else NotImplemented

    def hashed(self: object) -> int:
        return hash(read(self))

    def shown(self: object) -> str:
        said = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{self.__class__.__qualname__}({said})"

    own = {"__init__": _maker(made), "__eq__": equal, "__hash__": hashed, "__repr__": shown, **_EACH}
    for name, method in own.items():
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
