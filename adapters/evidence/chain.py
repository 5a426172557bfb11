"""The hash chain of a log. A digest stands beside each event, a link is one append.

* digest = SHA-256(len(stream) ‖ stream ‖ version ‖ len(topic) ‖ topic ‖ stored bytes), so a change is located to the
  event;
* link = SHA-256(previous head hash ‖ SHA-256(digests of the appended events, in order)), beginning with
  SHA-256("casecore" ‖ district), so one statement serves one event or a thousand.

The same history in the same appends has the same head hash on every store. When it was recorded is not in the chain:
it differs between two stores by nature. It is cross-checked against the receipts, and it is in the Merkle tree.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

__all__ = ["Row", "batch_digest", "event_digest", "genesis", "link"]


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
