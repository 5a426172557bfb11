"""Printing what is stored of a stream, of whatever kind: every fact with its envelope."""

from collections.abc import Sequence
from typing import Any

from rich.table import Table

from adapters.mapper import WIRE
from casecore.recorded import Entry, Unreadable
from ops.printing.console import out, put_json, styled, worth_saying

__all__ = ["print_history"]


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
                str(row["position"]), str(row["version"]), "", "", styled(("unreadable", "red")), "", row["unreadable"]
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
