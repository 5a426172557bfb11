"""Values of whatever a field may be annotated with: every codec, check and fold is tried on every field there is.

Which texts, numbers, days and instants, whoever asks says; all else is read off the annotations.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from typing import Any, NamedTuple

from hypothesis import strategies as st

from casecore.annotations import Shape, shapes_of

Strategy = st.SearchStrategy[Any]


class Samples(NamedTuple):
    """One value of each type: of an optional one there is a value, of a choice the first."""

    plain: Mapping[type, Callable[[str], Any]]
    """The value of a type that is no choice and made of no fields, given the name of its field."""
    named: tuple[str, ...] = ("{}",)
    """What the values of a tuple are called, after the name of their field; so many there are."""

    def full(self, cls: Any) -> Any:
        """A value with everything filled in, but for what was added to it later: then bytes of before had nothing of it."""
        later = unsaid(cls)
        return cls(**{name: self._some(shape, name) for name, shape in shapes_of(cls).items() if name not in later})

    def bare(self, cls: Any) -> Any:
        """A value with only what has to be: no default is said, nothing optional is there, no tuple holds anything."""
        needed = required(cls)
        return cls(**{name: self._least(shape, name) for name, shape in shapes_of(cls).items() if name in needed})

    def _some(self, shape: Shape, name: str) -> Any:
        if shape.many:
            return tuple(self._one(shape.kind, called.format(name)) for called in self.named)
        return self._one(shape.kind, name)

    def _least(self, shape: Shape, name: str) -> Any:
        return None if shape.optional else () if shape.many else self._one(shape.kind, name)

    def _one(self, kind: type[Any], name: str) -> Any:
        if kind in self.plain:
            return self.plain[kind](name)
        return self.full(kind) if is_dataclass(kind) else next(iter(_choices(kind)))


class AnyValues(NamedTuple):
    """All values of each type, to be drawn from."""

    plain: Mapping[type, Strategy]
    """The values of a type, rather than what its fields and choices may be."""
    by_field: Mapping[str, Strategy] = {}
    """The values of a field, whatever its type."""
    most: int = 3
    """How many a tuple holds at most."""

    def of(self, cls: Any) -> Strategy:
        """Any value of a dataclass."""
        return st.builds(cls, **{name: self._any(shape, name) for name, shape in shapes_of(cls).items()})

    def one_of(self, classes: Any) -> Strategy:
        """Any value of one of some dataclasses."""
        return st.one_of(*map(self.of, classes))

    def _any(self, shape: Shape, name: str) -> Strategy:
        if name in self.by_field:
            held = self.by_field[name]
        elif shape.many:
            held = st.lists(self._one(shape.kind), max_size=self.most).map(tuple)
        else:
            held = self._one(shape.kind)
        return st.none() | held if shape.optional else held

    def _one(self, kind: type[Any]) -> Strategy:
        if kind in self.plain:
            return self.plain[kind]
        return self.of(kind) if is_dataclass(kind) else st.sampled_from(list(_choices(kind)))


def required(cls: Any) -> frozenset[str]:
    """The fields of a dataclass that have no default."""
    return frozenset(field.name for field in fields(cls) if field.default is MISSING)


def unsaid(cls: Any) -> frozenset[str]:
    """The fields that are left out of what is written where they say what they say anyway."""
    return frozenset(field.name for field in fields(cls) if "unsaid" in field.metadata)


def _choices(kind: type[Any]) -> type[Enum]:
    assert issubclass(kind, Enum), f"a field of a type nobody expected: {kind}"
    return kind
