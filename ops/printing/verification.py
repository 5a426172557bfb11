"""Printing what walking the logs found (存证)."""

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.evidence.checkpoint import Checkpoint
from adapters.evidence.verification import Verification
from adapters.stores.store import Pages
from ops.printing.console import out

__all__ = ["plain_verification", "print_verification"]


def plain_verification(results: Mapping[str, Verification], pages: Pages) -> dict[str, Any]:
    """The JSON of ``verify``: the first bad log's answer, or all of them added up, each under ``logs``; and ``pages``."""
    logs = {
        district: {
            "events": found.events,
            "head": found.head,
            "ok": found.first_bad_position is None,
            "first_bad_position": found.first_bad_position,
            "why": found.why,
            "wrong_snapshots": [*found.wrong_snapshots],
            "clock": {
                "jumps": [{"position": one.position, "from": one.since, "to": one.until} for one in found.jumps],
                "still": [{"from_position": one.first, "to_position": one.last, "at": one.at} for one in found.still],
                "ahead_of": found.ahead_of,
            },
        }
        for district, found in results.items()
    }
    bad = next((found for found in logs.values() if not found["ok"]), None)
    heads = [found["head"] for found in logs.values()]
    return {
        "events": sum(found.events for found in results.values()),
        "head": heads[0] if len(heads) == 1 else None,
        "ok": bad is None and pages.damage is None and not any(found.wrong_snapshots for found in results.values()),
        "first_bad_position": bad["first_bad_position"] if bad else None,
        "why": bad["why"] if bad else pages.damage,
        "logs": logs,
        "pages": {"ok": pages.damage is None, "looked_by": pages.looked_by, "why": pages.damage},
    }


def print_verification(results: Mapping[str, Verification], checkpoints: Sequence[Checkpoint], pages: Pages) -> None:
    """What walking the logs found, which checkpoints were held against them, and what the database says of its pages."""
    for district, found in results.items():
        if found.first_bad_position is None:
            out.print(f"log {district}: {found.events} events, chain whole, head {found.head}")
            for seen in checkpoints:
                if seen.district == district:
                    out.print(f"  as the checkpoint of {seen.at} saw it up to position {seen.size}")
        else:
            out.print(f"log {district}: BROKEN at position {found.first_bad_position}: {found.why}")
        for stream in found.wrong_snapshots:
            out.print(
                f"log {district}: the snapshot of {stream} is not what its facts come to: delete it (casecore_snapshots)"
            )
        _print_clock(found)
    if not results:
        out.print("no log in this store yet")
    out.print(f"pages: {'whole' if pages.damage is None else f'BROKEN: {pages.damage}'}, looked at by {pages.looked_by}")


def _print_clock(found: Verification) -> None:
    """What its time did, where clocks that were set wrong wrote to it (时钟跳变)."""
    for jump in found.jumps:
        out.print(f"  clock: position {jump.position}: recorded_at leaps from {jump.since} to {jump.until}")
    for still in found.still:
        out.print(f"  clock: positions {still.first} to {still.last}: recorded_at stands still at {still.at}")
    if found.ahead_of is not None:
        out.print(f"  clock: the last fact lies ahead of now, {found.ahead_of}")
