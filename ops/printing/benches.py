"""Printing measurements beside their floors."""

from collections.abc import Sequence

from rich.table import Table

from ops.bench.append import CONTENDERS, Appends
from ops.bench.builds import Comparison
from ops.bench.measuring import Measurement
from ops.printing.console import out

__all__ = ["print_appends", "print_bench", "print_builds"]


def print_bench(results: Sequence[Measurement]) -> None:
    """Measurements beside their floors."""
    table = Table(title="Rates and floors of this run", title_justify="left")
    for name in ("what", "floor"):
        table.add_column(name)
    for name in ("per second", "floor per second", "ratio"):
        table.add_column(name, justify="right")
    for r in results:
        table.add_row(r.what, r.floor, f"{r.rate:,.0f}", f"{r.floor_rate:,.0f}", f"{r.ratio:.2f}")
    out.print(table)


def print_appends(results: Sequence[Appends]) -> None:
    """Commits per second of each contender, and the engine's ratio to it."""
    table = Table(title="Commits per second, and the engine's ratio to each", title_justify="left")
    for name in ("writers", "districts", "events a commit", *CONTENDERS):
        table.add_column(name, justify="right")
    for r in results:
        rates = [f"{r.rates[CONTENDERS[0]]:,.0f}", *(f"{r.rates[n]:,.0f}  {r.ratios[n]:.2f} x" for n in CONTENDERS[1:])]
        table.add_row(str(r.writers), str(r.districts), str(r.events), *rates)
    out.print(table)
    for spread in (r for r in results if r.districts > 1):
        (shared,) = (r for r in results if (r.writers, r.events, r.districts) == (spread.writers, spread.events, 1))
        ratio = spread.rates["engine"] / shared.rates["engine"]
        out.print(f"{spread.events} event(s) a commit: {spread.districts} districts take {ratio:.2f} x what one takes")


def print_builds(results: Sequence[Comparison]) -> None:
    """What each piece of work costs this build and the other one."""
    table = Table(title="CPU seconds of both builds; a ratio above 1: this one takes less", title_justify="left")
    table.add_column("what")
    for name in ("this build", "the other", "ratio"):
        table.add_column(name, justify="right")
    for r in results:
        table.add_row(r.what, f"{r.ours:.2f}", f"{r.theirs:.2f}", f"{r.ratio:.2f}")
    out.print(table)
