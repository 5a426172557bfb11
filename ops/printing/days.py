"""Printing the days of a clock: counted or not, and why."""

from collections.abc import Sequence
from typing import Any

from ops.printing.console import out
from projections.explaining.explanation import collapse

__all__ = ["print_days"]


def print_days(days: Sequence[Any]) -> None:
    """Days of a clock, neighbouring ones of a kind in one line."""
    for first, last, count, counted, why in collapse(days):
        span = f"{first}" if first == last else f"{first} … {last}"
        out.print(
            f"  {span:<25} {'+' if counted else ' '}{count if counted else '·':<3} {why}",
        )
