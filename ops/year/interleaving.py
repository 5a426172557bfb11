"""Many lives at once: what is done in each of them, in the order of time across all."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from heapq import heappop, heappush, heapreplace
from typing import TypeVar

__all__ = ["interleaved"]

T = TypeVar("T")
Life = Sequence[tuple[datetime, T]]
"""What is done in one of them and when, in the order of time."""


def interleaved(days: Iterable[tuple[datetime, Iterable[Life[T]]]], until: datetime) -> Iterator[T]:
    """Merge lives by their instants, up to ``until``; of one instant, those that came first go first.

    Each day brings lives and the instant before which no later day brings anything: no more is held than what is under
    way, however many days there are.
    """
    under_way: list[tuple[datetime, int, list[tuple[datetime, T]]]] = []
    serial = 0
    for sure_until, lives in days:
        for life in lives:
            if life:
                heappush(under_way, (life[0][0], serial, list(reversed(life))))
                serial += 1
        yield from _up_to(under_way, min(sure_until, until))
    yield from _up_to(under_way, until)


def _up_to(under_way: list[tuple[datetime, int, list[tuple[datetime, T]]]], until: datetime) -> Iterator[T]:
    while under_way and under_way[0][0] < until:
        _, serial, left = under_way[0]
        yield left.pop()[1]
        if left:
            heapreplace(under_way, (left[-1][0], serial, left))
        else:
            heappop(under_way)
