"""Measuring: a rate beside the floor it is held against, both taken in turn. Ratios, never promises."""

import time
from collections.abc import Callable
from statistics import median
from typing import Final, NamedTuple

__all__ = ["Measurement", "paired", "rate"]

ROUNDS: Final = 5


class Measurement(NamedTuple):
    """A rate, the floor it is held against, and their ratio (above 1: faster than the floor)."""

    what: str
    floor: str
    rate: float
    floor_rate: float
    ratio: float


def rate(work: Callable[[int], None], count: int, clock: Callable[[], float] = time.perf_counter) -> float:
    """How many a second of a clock (default: the wall's), of work done ``count`` times."""
    start = clock()
    work(count)
    return count / (clock() - start)


def paired(
    what: str, floor: str, ours: Callable[[], float], theirs: Callable[[], float], rounds: int = ROUNDS
) -> Measurement:
    """In turn, so that a drift of the machine meets both alike; medians of the rounds."""
    taken = [(ours(), theirs()) for _ in range(rounds)]
    ratio = median(mine / floor_ for mine, floor_ in taken)
    return Measurement(what, floor, median(r[0] for r in taken), median(r[1] for r in taken), ratio)
