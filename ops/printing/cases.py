"""Printing one case: its history, its explanation."""

from collections.abc import Sequence
from typing import Any

from rich.markup import escape
from rich.table import Table

from adapters.mapper import WIRE
from casecore.recorded import Entry, Unreadable
from ops.printing.clocks import padded, print_cards, print_clock, print_path, print_uncounted
from ops.printing.console import out, put_json, worth_saying
from ops.printing.findings import print_findings
from ops.printing.trips import print_counted
from projections.explaining.explanation import Explanation

__all__ = ["print_explanation", "print_history"]


def print_history(entries: Sequence[Entry], *, as_json: bool) -> None:
    """Every fact with its envelope; one that cannot be read with the reason."""
    rows = [_row(entry) for entry in entries]
    if as_json:
        put_json(rows)
        return
    table = Table()
    for name in ("pos", "v", "occurred", "recorded", "event", "actor", "data"):
        table.add_column(name, overflow="fold", justify="right" if name in ("pos", "v") else "left")
    for row in rows:
        if "unreadable" in row:
            table.add_row(
                str(row["position"]), str(row["version"]), "", "", "[red]unreadable[/red]", "", escape(row["unreadable"])
            )
            continue
        stated = ", ".join(f"{name}={value}" for name, value in row["data"].items() if worth_saying(value))
        table.add_row(
            str(row["position"]),
            str(row["version"]),
            f"{row['occurred_at']:%Y-%m-%d %H:%M}",
            f"{row['recorded_at']:%Y-%m-%d %H:%M}",
            row["event"],
            row["actor"],
            stated,
        )
    out.print(table)


def _row(recorded: Entry) -> dict[str, Any]:
    if isinstance(recorded, Unreadable):
        return {"position": recorded.position, "version": recorded.version, "unreadable": recorded.why}
    name, fields = WIRE.plain(recorded.event)
    source = recorded.envelope.source
    return {
        "position": recorded.position,
        "version": recorded.version,
        "event": name,
        "occurred_at": recorded.occurred_at,
        "recorded_at": recorded.recorded_at,
        "actor": recorded.envelope.actor,
        "command_id": recorded.envelope.command_id,
        "data": fields,
        **({"source": source._asdict()} if source is not None else {}),
    }


def print_explanation(explanation: Explanation, *, as_json: bool) -> None:
    """Story, clocks, the way through the departments, cards and trips, for a clerk."""
    if as_json:
        put_json(explanation.plain())
        return
    file = explanation.file
    out.print(f"[bold]办件 {explanation.case}[/bold] ({explanation.district}) — {file.stage.zh} {file.stage.value}\n")
    out.print("[bold]经过 Story[/bold]")
    for line in explanation.story:
        out.print(
            f"  {line.at:%Y-%m-%d %H:%M}  {padded(line.term, 10)} {line.sentence}  — {line.by}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
    for clock in explanation.clocks:
        print_clock(clock)
    print_uncounted(explanation.uncounted)
    print_path(explanation.path)
    print_cards(explanation.cards)
    if explanation.findings:
        out.print("\n[bold]疑点 Findings[/bold]")
        print_findings(explanation.findings)
    out.print("\n[bold]跑动 Trips[/bold]")
    for trip in explanation.trips:
        print_counted(trip)
    gross, net = sum(t.gross for t in explanation.trips), sum(t.net for t in explanation.trips)
    out.print(f"  gross {gross}, net {net}" if file.trips_recorded else "  trips were not recorded", highlight=False)
