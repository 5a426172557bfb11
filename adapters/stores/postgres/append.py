"""The append on PostgreSQL: one statement, its parameters in the server's binary form.

The statement bumps the district's head row (next position, chained hash, clock made monotonic) and inserts all events
and receipts. The head row's lock orders the writers of a district, so positions are gap-free in commit order; a taken
version or command id undoes all of it. It is a transaction by itself: no lock outlives it, however the client ends.

A statement sees the store as it was when it began, and it may wait for the head row: where the streams stand that were
only read, it has to ask again once it holds the row (``GUARDED``, by a function that looks anew). That the version is
there which one stream is gone on with from can be asked at once (``APPEND``): what is there stays. So it is with the last
fact that was seen of the log, and with its epoch (``FENCE``): onto a store that was set back nothing is written. Nor is
anything by a clock that lies too far ahead of the server's own, or behind a log's time its facts do not know of (``CLOCK``).
"""

from collections.abc import Sequence
from struct import Struct
from typing import Final

from psycopg.pq.abc import PGresult

from adapters.evidence.chain import batch_digest
from adapters.ledger import Appended, Appending, standing_before
from adapters.stores.postgres.bounded_connection import Prepared

__all__ = ["append_statement", "appended"]

_BYTES, _BIGINT, _TEXT, _INSTANT = 17, 20, 25, 1184
_BYTES_ARRAY, _BIGINT_ARRAY, _TEXT_ARRAY = 1001, 1016, 1009

_HEAD: Final = """
UPDATE casecore_heads
SET position = position + $3, recorded_at = greatest($2, recorded_at + 1), hash = sha256(hash || $4)
WHERE log = $1"""

FENCE: Final = """
AND $17 = coalesce((SELECT max(epoch) FROM casecore_epochs WHERE log = $1), 1)
AND ($18 = 0 OR EXISTS (
    SELECT FROM casecore_events AS e WHERE e.log = $1 AND e.position = $18 AND e.digest = $19 AND e.recorded_at = $20
))"""

CLOCK: Final = """
AND $21 <= clock_timestamp() AND recorded_at <= $22"""

_MOVED: Final = f"""{_HEAD}{FENCE}{CLOCK} AND ($16 = 0 OR EXISTS (
    SELECT FROM casecore_events AS e WHERE e.log = $1 AND e.originator_id = $15 AND e.originator_version = $16
))
RETURNING position, recorded_at, hash"""

_HELD: Final = f"""{_HEAD}{FENCE}{CLOCK}
RETURNING log, position, recorded_at, hash
), head AS MATERIALIZED (
SELECT position, recorded_at, hash FROM held WHERE casecore_assert_standing(held.log, $15, $16)"""  # noqa: S608 - constants


def _statement(name: str, head: str, *further: int) -> Prepared:
    return Prepared(
        name.encode(),
        f"""
WITH {head}
), appended AS (
    INSERT INTO casecore_events
    SELECT $1, head.position - $3 + e.n, e.stream, e.version, e.topic, e.state, e.digest, head.recorded_at
    FROM head, unnest($5, $6, $7, $8, $9) WITH ORDINALITY AS e (stream, version, topic, state, digest, n)
), receipted AS (
    INSERT INTO casecore_receipts
    SELECT $1, r.command, r.stream, r.version, r.events, head.position - $3 + r.reach, head.hash, head.recorded_at
    FROM head, unnest($10, $11, $12, $13, $14) AS r (command, stream, version, events, reach)
)
SELECT position, hash, recorded_at FROM head
""".encode(),  # noqa: S608 - constants
        (
            *(_TEXT, _BIGINT, _BIGINT, _BYTES),
            *(_TEXT_ARRAY, _BIGINT_ARRAY, _TEXT_ARRAY, _BYTES_ARRAY, _BYTES_ARRAY),
            *(_TEXT_ARRAY, _TEXT_ARRAY, _BIGINT_ARRAY, _BIGINT_ARRAY, _BIGINT_ARRAY),
            *further,
            *(_BIGINT, _BIGINT, _BYTES, _BIGINT),
            *(_INSTANT, _BIGINT),
        ),
    )


APPEND: Final = _statement("casecore_append", f"head AS ({_MOVED}", _TEXT, _BIGINT)
"""Of events of one stream, or of streams that begin here: the version below is there, or nothing is written."""
GUARDED: Final = _statement("casecore_append_guarded", f"held AS ({_HELD}", _TEXT_ARRAY, _BIGINT_ARRAY)
"""Each stream named stands where it is said to, or the whole fails."""


def append_statement(district: str, now: int, asked: Appending) -> tuple[Prepared, list[bytes]]:
    """The statement that writes what is asked, and its parameters; ``now`` in microseconds since 1970."""
    parameters, seen, bounds = _written(district, now, asked), asked.seen, asked.bounds
    fence = [_bigint(seen.epoch), _bigint(seen.last.position), seen.last.digest, _bigint(seen.last.recorded_at)]
    earliest = 0 if now <= bounds.admitted else now - bounds.skew  # what the server's clock is to say at the least
    fence.append((earliest - _2000).to_bytes(8, signed=True))
    fence.append(_bigint(asked.latest(now)))
    before = standing_before(asked.events)
    if asked.reads or len(before) > 1:
        streams, versions = zip(*asked.reads, *before, strict=True)
        return GUARDED, [*parameters, _texts(streams), _bigints(versions), *fence]
    stream, version = before[0] if before else ("", 0)
    return APPEND, [*parameters, stream.encode(), _bigint(version), *fence]


_2000: Final = 946_684_800_000_000
"""From 1970 to 2000, whence PostgreSQL counts its instants, in microseconds."""


def _written(district: str, now: int, asked: Appending) -> list[bytes]:
    stored_events, digests, receipts = asked.events, asked.digests, asked.receipts
    return [
        district.encode(),
        _bigint(max(now, 0)),
        _bigint(len(digests)),
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
    """Where the append ended; None where nothing was written, because something that should be there is not."""
    if result.ntuples == 0:
        return None
    position, head, recorded_at = (result.get_value(0, column) or b"" for column in range(3))
    return Appended(int.from_bytes(position), head, int.from_bytes(recorded_at))


_ARRAY: Final = Struct("!iiIii")  # dimensions, has nulls, element type, length, lower bound
_ONE: Final = Struct("!iiIiii")  # and the length of its value
_EMPTY: Final = Struct("!iiI")


def _array(element: int, values: Sequence[bytes]) -> bytes:
    """A one-dimensional array in binary."""
    if not values:
        return _EMPTY.pack(0, 0, element)
    if len(values) == 1:  # as nearly always
        return _ONE.pack(1, 0, element, 1, 1, len(values[0])) + values[0]
    parts = [_ARRAY.pack(1, 0, element, len(values), 1)]
    for value in values:
        parts += (len(value).to_bytes(4), value)
    return b"".join(parts)


def _texts(values: Sequence[str]) -> bytes:
    return _array(_TEXT, [value.encode() for value in values])


def _bigint(value: int) -> bytes:
    return value.to_bytes(8, signed=True)


def _bigints(values: Sequence[int]) -> bytes:
    return _array(_BIGINT, [_bigint(value) for value in values])
