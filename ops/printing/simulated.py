"""Printing what a simulation wrote."""

from ops.printing.console import out
from ops.year.running import Year
from ops.year.writing import Written

__all__ = ["print_simulated"]


def print_simulated(written: Written, year: Year, seconds: float, cpu_seconds: float) -> None:
    """What was written now, over which days, and how fast."""
    share, days = year.share, year.days
    out.print(
        f"{share.working_days} working days of {share.share:g} of district {year.town.district}, {days[0].day} to"
        f" {days[-1].day} (seed {share.seed}): {written.cases} cases, {written.closed} closed, {written.visits} visits,"
        f" {written.packages} packages"
    )
    rate = (
        ""
        if not written.facts
        else f": {written.facts / seconds:.0f} facts/s, {cpu_seconds / written.facts * 1e6:.0f} µs of CPU a fact"
    )
    out.print(f"{written.facts} facts written in {seconds:.1f} s{rate}")
    if not written.facts:
        out.print("the store held them already")
