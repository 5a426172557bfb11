"""Printing what a proof proves, and what it cannot."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from adapters.evidence.proof import InclusionProof, Signed
from ops.printing import console

__all__ = ["plain_consistency", "plain_inclusion", "print_consistency", "print_inclusion"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def plain_inclusion(proof: InclusionProof, signed: Signed) -> dict[str, Any]:
    """The JSON of ``check-proof`` for the facts of a case."""
    return {
        **_seen(signed),
        "case": proof.events[0].stream,
        "events": [
            {
                "position": event.position,
                "version": event.version,
                "event": event.topic,
                "recorded_at": _EPOCH + timedelta(microseconds=event.recorded_at),
            }
            for event in proof.events
        ],
    }


def plain_consistency(old: Signed, new: Signed) -> dict[str, Any]:
    """The JSON of ``check-proof`` for a log gone on."""
    return {**_seen(new), "since": _seen(old)}


def print_inclusion(proof: InclusionProof, signed: Signed) -> None:
    """What a proof of a case says, for people."""
    first, last = proof.events[0], proof.events[-1]
    kind = first.topic.partition(".")[0].replace("_", " ")
    _line(f"HOLDS: {kind} {first.stream}, versions {first.version} to {last.version}, is in {_told(signed)}")
    for event in proof.events:
        at = _EPOCH + timedelta(microseconds=event.recorded_at)
        _line(f"  version {event.version:<3} position {event.position:<9} recorded {at.isoformat()} {event.topic}")
    _line(f"not proven: that nothing followed version {last.version}, and anything after the checkpoint")


def print_consistency(old: Signed, new: Signed) -> None:
    """What a proof of growth says, for people."""
    seen = old.checkpoint
    _line(f"HOLDS: the {seen.size} events seen at {seen.at} are, unchanged, the beginning of {_told(new)}")
    _line("not proven: anything after the later checkpoint")


def _seen(signed: Signed) -> dict[str, Any]:
    seen = signed.checkpoint
    return {"log": seen.district, "size": seen.size, "at": seen.at, "signer": signed.signer}


def _told(signed: Signed) -> str:
    seen = signed.checkpoint
    return f"log {seen.district} of {seen.size} events, seen at {seen.at}, signed by {signed.signer}"


def _line(text: str) -> None:
    console.out.print(text)
