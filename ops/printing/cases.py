"""Printing one case: its file, its history, its explanation."""

from collections.abc import Sequence
from typing import Any

from rich.markup import escape
from rich.table import Table

from adapters.mapper import WIRE
from casecore.case.state import CaseFile
from casecore.clocks import ClockReading
from casecore.recorded import Entry, Unreadable
from ops.explaining.explanation import Explanation
from ops.printing.clocks import PROVISIONAL, padded, print_cards, print_clock, print_path, print_uncounted
from ops.printing.console import out, put_json
from ops.printing.findings import print_findings

__all__ = ["print_explanation", "print_file", "print_history"]


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
        stated = ", ".join(f"{name}={value}" for name, value in row["data"].items() if _worth(value))
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


def print_file(case: str, file: CaseFile, reading: ClockReading | None = None, *, as_json: bool) -> None:
    """Where a case stands; ``reading`` is its promised limit's, where a calendar can count it."""
    promise = file.promise
    plain: dict[str, Any] = {
        "case": case,
        "version": file.version,
        "stage": file.stage.value,
        "suspended": file.suspended,
        "item": file.item,
        "channel": file.channel,
        "tier": file.tier,
        "hall": file.hall,
        "department": file.department,
        "applicant": file.applicant,
        "submitted_at": file.submitted_at,
        "received_at": file.received_at,
        "accepted_at": file.accepted_at,
        "closed_at": file.closed_at,
        "outcome": file.outcome,
        "promised": str(promise.promised) if promise else None,
        "statutory": str(promise.statutory) if promise and promise.statutory else None,
        "due_on": reading.due_on if reading is not None else None,
        "due_at": reading.due_at if reading is not None else None,
        "provisional": reading.provisional if reading is not None else None,
        "calendar_version": promise.calendar if promise else None,
        "approvals": [
            {"step": a.step, "department": a.department, "answer": a.answer.value if a.answer else None}
            for a in file.approvals
        ],
        "certificates": [c.certificate for c in file.certificates],
        "consignments": [{"consignment": c.consignment, "state": c.state.value} for c in file.consignments],
        "trips": len(file.trips),
        "rating": int(file.rating.grade) if file.rating else None,
    }
    if as_json:
        put_json(plain)
        return
    out.print(f"[bold]{case}[/bold]  {file.stage.zh} ({file.stage.value}), version {file.version}", highlight=False)
    for name, value in plain.items():
        if name == "provisional" and value:
            value = PROVISIONAL.removeprefix("provisional ")  # noqa: PLW2901 - said in words
        if name not in ("case", "stage", "version") and _worth(value):
            out.print(f"  {name:<17} {value}", markup=False, highlight=False)


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
        counted = "counts" if trip.net else ("gross only" if trip.gross else "not counted")
        out.print(
            f"  {trip.trip.at:%Y-%m-%d}  {trip.trip.visit}: {trip.trip.cause.zh} at {trip.trip.place.zh}"
            f" — {counted}: {trip.why}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
    gross, net = sum(t.gross for t in explanation.trips), sum(t.net for t in explanation.trips)
    out.print(f"  gross {gross}, net {net}" if file.trips_recorded else "  trips were not recorded", highlight=False)


def _worth(value: object) -> bool:
    """Whether a field says anything: 0 does (出证办结), None, False and an empty list do not."""
    return value is not None and value is not False and value != []
