"""Tuples that grow while a long history is folded (只增): one more costs one more, not a copy of all there were.

A file is made of tuples, and an arm of its fold that adds to one copies it: over a history, that is the square of its
length. While many facts are folded at once, a file holds growing ones in their place (:func:`thawed`), of which the longer
shares with the shorter what both have; nobody sees them but the arms, for it leaves the fold with tuples (:func:`frozen`).
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final, TypeVar, cast, overload

__all__ = ["LONG", "frozen", "grown", "thawed"]

LONG: Final = 256
"""So many facts are folded at once before it is worth the while."""

T = TypeVar("T")
N = TypeVar("N")


class _Growing(Sequence[T]):
    """The first so many of a list that others may have more of. It never changes; whoever adds where another did copies.

    Where each stands first is noted once somebody asks whether one is among them.
    """

    __slots__ = ("_count", "_items", "_places")

    def __init__(self, items: list[T], count: int, places: dict[T, int] | None = None) -> None:
        self._items, self._count, self._places = items, count, places

    def grown(self, one: T) -> "_Growing[T]":
        items, count, places = self._items, self._count, self._places
        if len(items) == count:
            items.append(one)
            if items[count] is one:  # and not what somebody else has added just now
                if places is not None:
                    places.setdefault(one, count)
                return _Growing(items, count + 1, places)
        return _Growing([*self, one], count + 1)

    def __contains__(self, one: object) -> bool:
        if self._places is None:
            places: dict[Any, int] = {}
            for place, held in enumerate(self):
                places.setdefault(held, place)
            self._places = places
        return self._places.get(cast("Any", one), self._count) < self._count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[T]:
        return islice(self._items, self._count)

    def __reversed__(self) -> Iterator[T]:
        items = self._items
        return (items[place] for place in range(self._count - 1, -1, -1))

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[T, ...]: ...
    def __getitem__(self, place: int | slice) -> T | tuple[T, ...]:
        if isinstance(place, slice):
            return tuple(self._items[at] for at in range(*place.indices(self._count)))
        if not -self._count <= place < self._count:
            raise IndexError(place)
        return self._items[place if place >= 0 else self._count + place]

    def __add__(self, others: Sequence[T]) -> tuple[T, ...]:
        return (*self, *others)

    def __radd__(self, others: Sequence[T]) -> tuple[T, ...]:
        return (*others, *self)

    def __eq__(self, other: object) -> bool:
        return tuple(self) == (tuple(other) if isinstance(other, _Growing) else other)

    def __hash__(self) -> int:
        return hash(tuple(self))


def grown(items: tuple[T, ...], one: T) -> tuple[T, ...]:
    """The tuple with one more at its end."""
    held: Any = items
    return cast("tuple[T, ...]", held.grown(one)) if type(held) is _Growing else (*items, one)


def thawed(file: N) -> N:
    """A file, a named tuple, with growing ones in place of its tuples, and of those of the named tuples it holds."""
    return cast("N", _each(file, tuple, lambda items: _Growing([*items], len(items))))


def frozen(file: N) -> N:
    """The file with tuples again."""
    return cast("N", _each(file, _Growing, tuple))


def _each(file: Any, kind: type[Any], other: Any) -> Any:  # noqa: ANN401 - fields of a named tuple
    changed = [
        other(held) if type(held) is kind else _each(held, kind, other) if hasattr(held, "_fields") else held
        for held in file
    ]
    return tuple.__new__(type(file), changed)
