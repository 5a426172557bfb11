"""What the demonstration shows of trips (跑动): its stories one by one, and what is declared beside what was needed."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from rich.table import Table

from adapters.declared import declared, declared_themes
from adapters.district_engine import DistrictEngine
from adapters.reporting import Period
from adapters.tables import Tables
from adapters.trip_lists import trip_list
from casecore.vocabulary import TripVerdict
from ops.demo.story_files import Story
from ops.printing.console import out
from ops.printing.declared import declared_table
from projections.explaining.trip_list import TripList

__all__ = ["print_declared", "print_trip_stories"]

MOST_ITEMS: Final = 12
"""Items shown: those that contradict what they declare come first, then those with most cases."""


def print_trip_stories(engine: DistrictEngine, tables: Tables, stories: Sequence[Story]) -> None:
    """Each story's visits beside those promised; ``casecore trips ID`` prints every line."""
    table = Table(title="Trips (跑动): casecore trips ID gives each visit its verdict", title_justify="left")
    for name in ("package or case", "story"):
        table.add_column(name)
    for name in ("visits", "gross", "net", "promised"):
        table.add_column(name, justify="right")
    table.add_column("verdicts")
    for story in stories:
        found = trip_list(engine, tables, story.stream)
        totals = found.totals
        counts = [str(number) for number in (totals.visits, totals.gross, totals.net)]
        promised = "—" if found.promised is None else str(found.promised)
        table.add_row(story.stream, story.about, *counts, promised, _verdicts(found))
    out.print(table)
    out.print()


def print_declared(tables: Tables) -> None:
    """What items and themes declare, beside what their closed cases and packages needed."""
    period = Period(None, None, date(2017, 12, 31))
    items = sorted(declared(tables, period), key=lambda one: (one.contradiction is None, -one.cases, one.item))
    title = "Declared against actual (申报与实际到场次数): casecore declared names the cases"
    out.print(declared_table(declared_themes(tables, period), items[:MOST_ITEMS], title))
    if len(items) > MOST_ITEMS:
        out.print(f"… and {len(items) - MOST_ITEMS} more items")
    out.print()


def _verdicts(found: TripList) -> str:
    verdicts = [line.visit.verdict for line in found.lines]
    counted = ((verdict, verdicts.count(verdict)) for verdict in TripVerdict)
    return ", ".join(f"{count} {verdict.zh}" for verdict, count in counted if count) or "无人到场"
