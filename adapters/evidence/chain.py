"""The hash chain of a log. A digest stands beside each event, a link is one append.

* digest = SHA-256(len(stream) ‖ stream ‖ version ‖ len(topic) ‖ topic ‖ stored bytes), so a change is located to the
  event;
* link = SHA-256(previous head hash ‖ SHA-256(digests of the appended events, in order)), beginning with
  SHA-256("casecore" ‖ district), so one statement serves one event or a thousand.

The same history in the same appends has the same head hash on every store. When it was recorded is not in the chain:
it differs between two stores by nature. It is cross-checked against the receipts instead.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import groupby
from typing import Any, NamedTuple

__all__ = ["ReceiptMark", "Row", "Verification", "batch_digest", "event_digest", "genesis", "link", "verify_chain"]


class Row(NamedTuple):
    """One stored event as a store keeps it."""

    position: int
    stream: str
    version: int
    topic: str
    state: bytes
    digest: bytes
    recorded_at: int
    """Microseconds since the epoch, UTC; one value an append, growing within a log."""


class ReceiptMark(NamedTuple):
    """What a receipt says of the chain: after this position, the head had this hash."""

    position: int
    hash: bytes
    recorded_at: int


class Verification(NamedTuple):
    """The result of walking a chain; ``first_bad_position`` is None when all is well."""

    events: int
    head: str
    first_bad_position: int | None
    why: str | None


def genesis(district: str) -> bytes:
    """The head hash of an empty log."""
    return sha256(b"casecore" + district.encode()).digest()


def event_digest(stream: str, version: int, topic: str, state: bytes) -> bytes:
    """The digest of one stored event."""
    name, kind = stream.encode(), topic.encode()
    return sha256(b"%d:%b,%d,%d:%b,%b" % (len(name), name, version, len(kind), kind, state)).digest()


def batch_digest(digests: Iterable[bytes]) -> bytes:
    """The digest over an append's digests."""
    return sha256(b"".join(digests)).digest()


def link(previous: bytes, batch: bytes) -> bytes:
    """The next head hash."""
    return sha256(previous + batch).digest()


def verify_chain(district: str, rows: Iterable[Row], marks: Iterator[ReceiptMark], head: tuple[int, bytes]) -> Verification:
    """Walk a log once: rows and receipts up to the head's position, by position, and the head they should reach."""
    expected, running, last_at = 1, genesis(district), 0
    versions: dict[str, int] = {}
    mark = next(marks, None)
    for recorded_at, append in groupby(rows, key=lambda row: row.recorded_at):
        digests: list[bytes] = []
        first = expected
        for row in append:
            if fault := _fault(row, expected, versions):
                return Verification(expected - 1, running.hex(), min(expected, row.position), fault)
            versions[row.stream] = row.version
            digests.append(row.digest)
            expected += 1
        if recorded_at <= last_at:
            return Verification(first - 1, running.hex(), first, "recorded before the append that precedes it")
        last_at = recorded_at
        running = link(running, batch_digest(digests))
        while mark is not None and mark.position < expected:
            if mark.position < first or mark.hash != running or mark.recorded_at != recorded_at:
                return Verification(first - 1, running.hex(), first, "does not match the receipt given for it")
            mark = next(marks, None)
    reached = Verification(expected - 1, running.hex(), None, None)
    return reached._replace(**_end(reached, running, head, mark))


def _end(reached: Verification, running: bytes, head: tuple[int, bytes], mark: ReceiptMark | None) -> dict[str, Any]:
    """What is wrong with where a log ends, if anything."""
    if reached.events != head[0]:
        why = f"the log ends at position {reached.events}, its head says {head[0]}"
        return {"first_bad_position": reached.events + 1, "why": why}
    if mark is not None:
        return {"first_bad_position": mark.position, "why": "a receipt was given for what is not there"}
    if running != head[1]:
        why = "the chain does not reach the hash the head holds"
        return {"first_bad_position": max(reached.events, 1), "why": why}
    return {}


def _fault(row: Row, expected: int, versions: dict[str, int]) -> str | None:
    if row.position != expected:
        return f"position {expected} is missing, {row.position} follows"
    if row.digest != event_digest(row.stream, row.version, row.topic, row.state):
        return "the stored bytes do not match their digest"
    last = versions.get(row.stream)
    if last is not None and row.version != last + 1:
        return f"{row.stream} goes from version {last} to {row.version}"
    return None
