"""How a value of the house is declared: frozen, slotted, its fields given by name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, dataclass_transform

__all__ = ["value"]

C = TypeVar("C", bound=type[Any])

_frozen: Callable[[Any], Any] = dataclass(frozen=True, slots=True, kw_only=True)


@dataclass_transform(kw_only_default=True, frozen_default=True)
def value(cls: C) -> C:
    """Make a class a frozen, slotted dataclass whose fields are given by name: a command, or a value inside one."""
    made: C = _frozen(cls)
    return made
