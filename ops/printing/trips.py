"""Printing a trip ledger (跑动台账): a line a visit with its verdict, then the totals against the promise."""

from typing import Final

from casecore.reading.trips import CountedTrip
from rich.markup import escape
from rich.table import Table

from ops.explaining.trip_ledger import LedgerLine, TripLedger
from ops.printing.console import out, put_json

__all__ = ["print_counted", "print_ledger"]

NAMED: Final = 3
"""So many of the cases a visit served are named for people; JSON names all."""


def print_ledger(ledger: TripLedger, *, as_json: bool) -> None:
    """A ledger, for people or complete."""
    if as_json:
        put_json(ledger.plain())
        return
    head = f"[bold]跑动台账 Trips: {ledger.kind.zh} {escape(ledger.stream)}[/bold]"
    out.print(f"{head} ({ledger.district}) — {ledger.stage}; rule {escape(ledger.rule)}", highlight=False)
    if ledger.lines:
        out.print(_table(ledger))
    _print_totals(ledger)
    for why in ledger.unread:
        out.print(f"shares a visit and cannot be read, left out of the shares: {why}", markup=False, highlight=False)


def _table(ledger: TripLedger) -> Table:
    table = Table()
    for name in ("visit", "when", "who", "where", "for", "cases"):
        table.add_column(name, overflow="fold")
    for name in ("gross", "net", "near", "journey", "share"):
        table.add_column(name, justify="right")
    table.add_column("verdict", overflow="fold")
    for line in ledger.lines:
        visit, trip = line.visit, line.visit.trip
        who = trip.visitor.zh + (f" {trip.agent}" if trip.agent else "")
        where = trip.place.zh + (f" {trip.device}" if trip.device else "")
        table.add_row(
            escape(visit.visit),
            f"{visit.at:%Y-%m-%d %H:%M}",
            escape(who),
            escape(where),
            "、".join(cause.zh for cause in visit.causes),
            escape(_cases(line)),
            *(str(int(counts)) for counts in (visit.gross, visit.net, visit.near, visit.journey)),
            str(line.share),
            f"{visit.verdict.zh} {visit.verdict.value}: {escape(visit.why)}",
        )
    return table


def _cases(line: LedgerLine) -> str:
    named = ", ".join(line.cases[:NAMED])
    return f"{len(line.cases)}: {named}" + (", …" if len(line.cases) > NAMED else "")


def _print_totals(ledger: TripLedger) -> None:
    if not ledger.recorded:
        out.print("trips were not recorded (跑动未记录): no line says nothing", highlight=False)
        return
    totals = ledger.totals
    out.print(
        f"合计 totals: gross 毛次数 {totals.gross}, net 净次数 {totals.net}, near 就近 {totals.near},"
        f" whole journey 全程 {totals.journey}, apportioned 分摊 {totals.apportioned}",
        highlight=False,
        soft_wrap=True,
    )
    if ledger.uncounted is not None:
        promised = "—" if ledger.promised is None else ledger.promised
        said = f"承诺 promised {promised}, 实际 actual {totals.net} (net): in no trip figure 不计入跑动指标"
        out.print(f"{said}: {ledger.uncounted}", highlight=False, soft_wrap=True)
        return
    if ledger.promised is None:
        out.print("承诺 promised: nothing yet", highlight=False)
        return
    kept = "kept 守诺" if ledger.kept else "not kept 未守诺"
    out.print(f"承诺 promised {ledger.promised}, 实际 actual {totals.net} (net): {kept}", highlight=False)


def print_counted(trip: CountedTrip) -> None:
    """One trip of a case's explanation, in one line."""
    counted = "counts" if trip.net else ("gross only" if trip.gross else "not counted")
    made = trip.trip
    who = made.visitor.zh + (f" {made.agent}" if made.agent else "")
    out.print(
        f"  {made.at:%Y-%m-%d}  {made.visit}: {who}, {made.cause.zh} at {made.place.zh}"
        f" — {counted}: {trip.why}; {trip.verdict.zh} {trip.verdict.value}",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
