"""The append on PostgreSQL: one statement, its parameters in the server's binary form.

The statement bumps the district's head row (next position, chained hash, clock made monotonic) and inserts all events
and receipts. The head row's lock orders the writers of a district, so positions are gap-free in commit order; a taken
version or command id undoes all of it. It is a transaction by itself: no lock outlives it, however the client ends.
"""

from collections.abc import Sequence
from struct import Struct
from typing import Final

from eventsourcing.persistence import StoredEvent
from psycopg.pq.abc import PGresult

from adapters.evidence.chain import batch_digest
from adapters.ledger import Appended, ReceiptRow, digests_of
from adapters.stores.postgres.bounded_connection import Prepared

__all__ = ["APPEND", "append_parameters", "appended"]

_BYTES, _BIGINT, _TEXT = 17, 20, 25
_BYTES_ARRAY, _BIGINT_ARRAY, _TEXT_ARRAY = 1001, 1016, 1009

APPEND: Final = Prepared(
    b"casecore_append",
    b"""
WITH head AS (
    UPDATE casecore_heads
    SET position = position + $3, recorded_at = greatest($2, recorded_at + 1), hash = sha256(hash || $4)
    WHERE log = $1
    RETURNING position, recorded_at, hash
), appended AS (
    INSERT INTO casecore_events
    SELECT $1, head.position - $3 + e.n, e.stream, e.version, e.topic, e.state, e.digest, head.recorded_at
    FROM head, unnest($5, $6, $7, $8, $9) WITH ORDINALITY AS e (stream, version, topic, state, digest, n)
), receipted AS (
    INSERT INTO casecore_receipts
    SELECT $1, r.command, r.stream, r.version, r.events, head.position - $3 + r.reach, head.hash, head.recorded_at
    FROM head, unnest($10, $11, $12, $13, $14) AS r (command, stream, version, events, reach)
)
SELECT position, hash FROM head
""",
    (
        *(_TEXT, _BIGINT, _BIGINT, _BYTES),
        *(_TEXT_ARRAY, _BIGINT_ARRAY, _TEXT_ARRAY, _BYTES_ARRAY, _BYTES_ARRAY),
        *(_TEXT_ARRAY, _TEXT_ARRAY, _BIGINT_ARRAY, _BIGINT_ARRAY, _BIGINT_ARRAY),
    ),
)


def append_parameters(
    district: str, now: int, stored_events: Sequence[StoredEvent], receipts: Sequence[ReceiptRow]
) -> list[bytes]:
    """The parameters of :data:`APPEND`; ``now`` in microseconds since the epoch."""
    digests = digests_of(stored_events)
    return [
        district.encode(),
        max(now, 0).to_bytes(8),
        len(digests).to_bytes(8),
        batch_digest(digests),
        _texts([str(e.originator_id) for e in stored_events]),
        _bigints([e.originator_version for e in stored_events]),
        _texts([e.topic for e in stored_events]),
        _array(_BYTES, [e.state for e in stored_events]),
        _array(_BYTES, digests),
        _texts([r.command_id for r in receipts]),
        _texts([r.stream for r in receipts]),
        _bigints([r.version for r in receipts]),
        _bigints([r.event_count for r in receipts]),
        _bigints([r.offset for r in receipts]),
    ]


def appended(result: PGresult) -> Appended | None:
    """Where the append ended; None where the district has no head row yet and nothing was written."""
    if result.ntuples == 0:
        return None
    position, head = result.get_value(0, 0) or b"", result.get_value(0, 1) or b""
    return Appended(int.from_bytes(position), head)


_ARRAY: Final = Struct("!iiIii")  # dimensions, has nulls, element type, length, lower bound
_EMPTY: Final = Struct("!iiI")


def _array(element: int, values: Sequence[bytes]) -> bytes:
    """A one-dimensional array in binary."""
    if not values:
        return _EMPTY.pack(0, 0, element)
    parts = [_ARRAY.pack(1, 0, element, len(values), 1)]
    for value in values:
        parts += (len(value).to_bytes(4), value)
    return b"".join(parts)


def _texts(values: Sequence[str]) -> bytes:
    return _array(_TEXT, [value.encode() for value in values])


def _bigints(values: Sequence[int]) -> bytes:
    return _array(_BIGINT, [value.to_bytes(8, signed=True) for value in values])
