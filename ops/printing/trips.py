"""Printing a trip list (跑动台账): a line a visit with its verdict, then the totals against the promise."""

from typing import Final

from rich.table import Table

from casecore.reading.trips import CountedTrip
from casecore.vocabulary import TripsUnknown
from ops.printing.console import out, put_json, styled
from projections.explaining.trip_list import TripLine, TripList

__all__ = ["print_counted", "print_trip_list"]

NAMED: Final = 3
"""So many of the cases a visit served are named for people; JSON names all."""


def print_trip_list(trips: TripList, *, as_json: bool) -> None:
    """A trip list, for people or complete."""
    if as_json:
        put_json(trips.plain())
        return
    head = f"跑动台账 Trips: {trips.kind.zh} {trips.stream}", "bold"
    out.print(styled(head, f" ({trips.district}) — {trips.stage}; rule {trips.rule}"))
    if trips.lines:
        out.print(_table(trips))
    _print_totals(trips)
    for why in trips.unread:
        out.print(f"shares a visit and cannot be read, left out of the shares: {why}")


def _table(trips: TripList) -> Table:
    table = Table()
    for name in ("visit", "when", "who", "where", "for", "cases"):
        table.add_column(name, overflow="fold")
    for name in ("gross", "net", "near", "journey", "share"):
        table.add_column(name, justify="right")
    table.add_column("verdict", overflow="fold")
    for line in trips.lines:
        visit, trip = line.visit, line.visit.trip
        who = trip.visitor.zh + (f" {trip.agent}" if trip.agent else "")
        where = trip.place.zh + (f" {trip.device}" if trip.device else "")
        table.add_row(
            visit.visit,
            f"{visit.at:%Y-%m-%d %H:%M}",
            who,
            where,
            "、".join(cause.zh for cause in visit.causes),
            _cases(line),
            *(str(int(counts)) for counts in (visit.gross, visit.net, visit.near, visit.journey)),
            str(line.share),
            f"{visit.verdict.zh} {visit.verdict.value}: {visit.why}",
        )
    return table


def _cases(line: TripLine) -> str:
    named = ", ".join(line.cases[:NAMED])
    return f"{len(line.cases)}: {named}" + (", …" if len(line.cases) > NAMED else "")


def _print_totals(trips: TripList) -> None:
    if trips.unknown is TripsUnknown.NOT_RECORDED:
        out.print("trips were not recorded (跑动未记录): no line says nothing")
        return
    totals = trips.totals
    out.print(
        f"合计 totals: gross 毛次数 {totals.gross}, net 净次数 {totals.net}, near 就近 {totals.near},"
        f" whole journey 全程 {totals.journey}, apportioned 分摊 {totals.apportioned}",
    )
    if trips.uncounted is not None:
        promised = "—" if trips.promised is None else trips.promised
        said = f"承诺 promised {promised}, 实际 actual {totals.net} (net): in no trip figure 不计入跑动指标"
        out.print(f"{said}: {trips.uncounted}")
        return
    if trips.unknown is not None:
        said = f"{trips.unknown.zh} {trips.unknown.value}"
        out.print(f"in no trip figure 不计入跑动指标: its trips are not known: {said}")
        return
    if trips.promised is None:
        out.print("承诺 promised: nothing yet")
        return
    kept = "kept 守诺" if trips.kept else "not kept 未守诺"
    out.print(f"承诺 promised {trips.promised}, 实际 actual {totals.net} (net): {kept}")


def print_counted(trip: CountedTrip) -> None:
    """One trip of a case's explanation, in one line."""
    counted = "counts" if trip.net else ("gross only" if trip.gross else "not counted")
    made = trip.trip
    who = made.visitor.zh + (f" {made.agent}" if made.agent else "")
    out.print(
        f"  {made.at:%Y-%m-%d}  {made.visit}: {who}, {made.cause.zh} at {made.place.zh}"
        f" — {counted}: {trip.why}; {trip.verdict.zh} {trip.verdict.value}",
    )
