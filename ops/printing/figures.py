"""Printing figures (指标): one table for people, CSV for scripts, and what they leave out."""

import sys
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from rich.console import Console
from rich.table import Table

from adapters.csv_cells import csv_writer
from adapters.reporting import Coverage, Figure, RestsOn
from ops.printing.console import out, visible
from projections.indicators import INDICATORS

__all__ = ["covered", "print_figures", "print_provisional", "print_rests", "print_stale", "put_csv", "shown"]

MOST_TOLD: Final = 6
"""Rules of districts named in one line."""
PLACES: Final = Decimal("0.0001")

_NUMBERS: Final = ("numerator", "denominator", "value", "median", "p90")

_PERCENT: Final = {indicator.code for indicator in INDICATORS if indicator.percent}


def put_csv(figures: Sequence[Figure], by: Sequence[str] = ()) -> None:
    """Figures as CSV on stdout; of two groups each has a column of its own name, empty for the whole."""
    writer = csv_writer(sys.stdout)
    groups = tuple(by) if len(by) > 1 else ("group",)
    told_of = (*_NUMBERS, *(f"coverage_{name}" for name in Coverage._fields), *RestsOn._fields)
    writer.row(("code", "name_zh", "name_en", *groups, *told_of))
    for figure in figures:
        told = [dict(figure.groups).get(name, "") for name in by] if len(by) > 1 else [figure.group or ""]
        numbers = [getattr(figure, name) for name in _NUMBERS]
        covers = figure.coverage or ("", "")
        writer.row(
            (figure.code, figure.name_zh, figure.name_en, *map(visible, told), *numbers, *covers, *_told(figure.rests))
        )


def _told(rests: RestsOn) -> tuple[str, str, str]:
    """The books of figures, each kind in one text: rules by district, calendars, the catalogue's entries."""
    return (
        " ".join(f"{log}:{version}" for log, version in rests.rules),
        " ".join(rests.calendars),
        " ".join(f"{log}:{code}:{version}" for log, code, version in rests.entries),
    )


def print_rests(figures: Sequence[Figure]) -> None:
    """Which books (账簿) the figures rest on: rules by district, calendars, how many entries of the catalogue."""
    rests = [figure.rests for figure in figures]
    rules = sorted({one for found in rests for one in found.rules})
    calendars = sorted({one for found in rests for one in found.calendars})
    entries = {one for found in rests for one in found.entries}
    if not rules and not calendars:
        return
    told = ", ".join(f"{log} rule {f'v{version}' if version else 'as shipped (v0)'}" for log, version in rules[:MOST_TOLD])
    if len(rules) > MOST_TOLD:
        told += f" and {len(rules) - MOST_TOLD} more (--json lists all)"
    items = f"; {len(entries)} entries of the catalogue" if entries else ""
    out.print(
        f"rests on (所依账簿): {told or 'no rule'}; calendar {', '.join(calendars) or 'none'}{items}",
    )  # fmt: skip


def shown(figure: Figure) -> str:
    """A figure as people read it, half up: a percentage with two places, a mean with four, a count as it is."""
    if figure.denominator is None:
        return f"{figure.numerator}"
    if figure.denominator == 0:
        return "—"
    # From the two whole numbers, so that it is rounded once.
    ratio = (Decimal(figure.numerator) / Decimal(figure.denominator)).quantize(PLACES, ROUND_HALF_UP)
    return f"{ratio * 100:.2f}%" if figure.code in _PERCENT else f"{ratio}"


def covered(figure: Figure) -> str:
    """Of how many of those it should count a figure of trips (跑动) counts: the known over the closed ones (覆盖率)."""
    return "" if figure.coverage is None else f"{figure.coverage.known}/{figure.coverage.closed}"


def print_provisional(provisional: int, console: Console = out) -> None:
    """How many cases the figures count by a due date that may still move, if any."""
    if provisional:
        cases = "1 case is" if provisional == 1 else f"{provisional} cases are"
        console.print(
            f"{cases} due at or past the end of the calendar: provisional (暂定), the next holiday notice may move it",
        )


def print_stale(stale: int, console: Console = out) -> None:
    """How many cases the figures leave behind, if any."""
    if stale:
        cases = "1 case is" if stale == 1 else f"{stale} cases are"
        console.print(
            f"{cases} stale: figures leave them at their last known state; casecore doctor names them",
        )


def print_figures(figures: Sequence[Figure], by: Sequence[str] = ()) -> None:
    """The indicators as one table; median and 90th percentile where any of them tells them."""
    table = Table(title="Indicators (指标)" + (f" by {' and '.join(by)}" if by else ""), title_justify="left")
    for name in ("code", "指标", "indicator", *by):
        table.add_column(name, overflow="fold")
    spread = any(figure.median is not None for figure in figures)
    for name in ("numerator", "denominator", "value", *(["median 中位数", "p90"] if spread else []), "coverage"):
        table.add_column(name, justify="right")
    last = None
    for figure in figures:
        head = (figure.code, figure.name_zh, figure.name_en) if figure.code != last else ("", "", "")
        last = figure.code
        groups = [dict(figure.groups).get(name, "(all)") for name in by]
        denominator = "" if figure.denominator is None else str(figure.denominator)
        percentiles = ["" if one is None else str(one) for one in (figure.median, figure.p90)] if spread else []
        table.add_row(*head, *groups, str(figure.numerator), denominator, shown(figure), *percentiles, covered(figure))
    out.print(table)
