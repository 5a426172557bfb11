"""The ledger in a SQLite file."""

import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from itertools import chain
from typing import Any, ClassVar, Final

from eventsourcing.persistence import DatabaseError
from eventsourcing.sqlite import SQLiteCursor, SQLiteFactory, SQLiteRecorder

from adapters.evidence.chain import batch_digest, genesis, link
from adapters.last_seen import LastSeen, Seen
from adapters.ledger import Appended, Appending, moved, standing_before
from adapters.sql_ledger import Changing, SqlLedgerRecorder, Streaming
from adapters.stores.sqlite.datastore import NOT_TEXT, LedgerDatastore
from adapters.writers_clock import LeapUnseen, Times
from casecore.errors import Fault

__all__ = ["SqliteFactory", "SqliteLedgerRecorder"]


_INDEXES: Final = {"casecore_events": "INDEXED BY casecore_events_stream"}
FENCED_HEAD: Final = """
SELECT head.position, head.hash, head.recorded_at,
    (SELECT coalesce(max(epoch), 1) FROM casecore_epochs WHERE log = ?), seen.digest, seen.recorded_at
FROM (SELECT 1)
LEFT JOIN casecore_events AS seen ON seen.log = ? AND seen.position = ?
LEFT JOIN casecore_heads AS head ON head.log = ?
"""
LAST_VERSION: Final = "SELECT max(originator_version) FROM casecore_events WHERE log = ? AND originator_id = ?"


def _marked(raw: bytes) -> str:
    return raw.decode(errors="replace")


class SqliteLedgerRecorder(SQLiteRecorder, SqlLedgerRecorder):
    """One district's ledger in a SQLite file."""

    member_of: ClassVar[str] = "IN (SELECT value FROM json_each({}))"
    each_pair: ClassVar[str] = "json_each({})"
    each_value: ClassVar[str] = "json_each({})"
    by_position: ClassVar[str] = "INDEXED BY sqlite_autoindex_casecore_events_1"  # of the primary key
    datastore: LedgerDatastore

    def __init__(self, datastore: LedgerDatastore, district: str) -> None:
        super().__init__(datastore)
        self.district = district
        self.last_seen = LastSeen(district)

    def listed(self, values: Sequence[str]) -> object:
        """A list parameter: JSON text."""
        return json.dumps(list(values))

    def lookup(self, table: str, key: str, columns: str, further: str = "") -> str:
        """The query for the rows whose key is in the list ``:wanted``.

        The index is named: where SQLite has counted nothing, it takes the whole log to be shorter than one of its lists.
        """
        listed, index = self.member_of.format(":wanted"), _INDEXES.get(table, "")
        return f"SELECT {columns} FROM {table} {index} WHERE log = :log AND {key} {listed} {further}"  # noqa: S608 - constants

    def lookup_each(self, table: str, key: str, columns: str, further: str) -> str:
        """As :meth:`lookup`; what is wanted comes one by one, for SQLite bounds a walk of the index by nothing else."""
        wanted = f"json_each(:wanted) AS wanted CROSS JOIN {table} {_INDEXES.get(table, '')}"
        return f"SELECT {columns} FROM {wanted} WHERE log = :log AND {key} = wanted.value {further}"  # noqa: S608 - constants

    def run(self, sql: str, **parameters: Any) -> None:  # noqa: ANN401 - SQL values
        """Run one statement where nobody else writes just now; else ``OperationalError``, at once."""
        self.datastore.run_at_once(sql, parameters)

    def select(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - SQL values
        """Run one query in a read transaction; damaged text comes over with marks in place of what is none."""
        try:
            with self.datastore.transaction(commit=False) as cursor:
                cursor.execute(sql, parameters)
                return [tuple(row) for row in cursor.fetchall()]
        except DatabaseError as error:
            if NOT_TEXT not in str(error):
                raise
        with self.datastore.transaction(commit=False) as cursor:
            connection = cursor.sqlite_cursor.connection
            connection.text_factory = _marked
            try:
                cursor.execute(sql, parameters)
                return [tuple(row) for row in cursor.fetchall()]
            finally:
                connection.text_factory = str

    @contextmanager
    def changing(self) -> Iterator[Changing]:
        """One transaction under the write lock."""
        with self.datastore.transaction(commit=True) as cursor:

            def run(sql: str, **parameters: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - SQL values
                cursor.execute(sql, parameters)
                return [tuple(row) for row in cursor.fetchall()]

            yield run

    @contextmanager
    def reading(self) -> Iterator[Streaming]:
        """One read transaction, with which ends what is still being streamed; a row that cannot be read is a ``Fault``."""
        with (
            self.datastore.get_connection(commit=False) as connection,
            ExitStack() as when_broken,
            connection.transaction(commit=False) as cursor,
            ExitStack() as streams,
        ):

            def rows_of(sql: str, **parameters: Any) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - SQL values
                rows = streams.enter_context(closing(cursor.sqlite_cursor.connection.cursor()))
                rows.row_factory = None
                try:
                    yield from chain(rows.execute(sql, parameters))  # which, unlike the cursor, is not closed again
                except sqlite3.DatabaseError as error:
                    if isinstance(error, sqlite3.OperationalError) and hasattr(error, "sqlite_errorcode"):
                        raise  # the disk's trouble, not the row's
                    when_broken.callback(connection.close)
                    raise Fault(f"{self.datastore.pool.db_name}: {error}") from error

            yield rows_of

    def _append(self, asked: Appending) -> Appended:
        """Write events and receipts in one transaction under the write lock, or nothing."""
        log, digests = self.district, asked.digests
        with self.datastore.transaction(commit=True) as cursor:
            head = self._fenced_head(cursor, asked.seen)
            for expected in (*asked.reads, *standing_before(asked.events)):
                cursor.execute(LAST_VERSION, (log, expected.stream))
                if (cursor.fetchone()[0] or 0) != expected.version:
                    raise moved(expected)
            start, previous, last_at = head
            now = self.clock()
            if now > last_at + asked.bounds.jump:
                Times(last_at).check(log, now, asked.bounds)
            if last_at > asked.latest(now):
                raise LeapUnseen(f"log {log}: its time stands at {last_at}")
            recorded_at = max(now, last_at + 1)
            end = Appended(start + len(digests), link(previous, batch_digest(digests)), recorded_at)
            cursor.executemany(
                "INSERT INTO casecore_events VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (log, position, str(e.originator_id), e.originator_version, e.topic, e.state, digest, recorded_at)
                    for position, (e, digest) in enumerate(zip(asked.events, digests, strict=True), start + 1)
                ],
            )
            cursor.executemany(
                "INSERT INTO casecore_receipts VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (log, r.command_id, r.stream, r.version, r.event_count, start + r.offset, end.hash, recorded_at)
                    for r in asked.receipts
                ],
            )
            cursor.execute(
                "INSERT OR REPLACE INTO casecore_heads VALUES (?, ?, ?, ?)", (log, end.position, end.hash, recorded_at)
            )
        return end

    def _fenced_head(self, cursor: SQLiteCursor, seen: Seen) -> tuple[int, bytes, int]:
        """The head of the log: position, hash, instant; raises ``SetBack`` where the file does not hold what was seen."""
        cursor.execute(FENCED_HEAD, (self.district, self.district, seen.last.position, self.district))
        position, head, last_at, epoch, digest, recorded_at = cursor.fetchone()
        if epoch != seen.epoch or (seen.last.position and (digest, recorded_at) != seen.last[1:]):
            raise self._not_held()
        return (0, genesis(self.district), 0) if head is None else (position, head, last_at)

    def times(self) -> Times:
        """When the last fact was recorded; a file has no clock of its own."""
        found = self.select("SELECT recorded_at FROM casecore_heads WHERE log = :log", log=self.district)
        return Times(found[0][0] if found else 0)

    def begin_epoch(self, why: str) -> int:
        """Begin the log's next epoch."""
        with self.datastore.transaction(commit=True) as cursor:
            cursor.execute("SELECT coalesce(max(epoch), 1) + 1 FROM casecore_epochs WHERE log = ?", (self.district,))
            epoch = int(cursor.fetchone()[0])
            cursor.execute("SELECT position, hash FROM casecore_heads WHERE log = ?", (self.district,))
            position, head = cursor.fetchone() or (0, genesis(self.district))
            began = self.district, epoch, None, position, head, time.time_ns() // 1000, why
            cursor.execute("INSERT INTO casecore_epochs VALUES (?, ?, ?, ?, ?, ?, ?)", began)
        return epoch


class SqliteFactory(SQLiteFactory):
    """The library's factory, making our recorder; reads ``SQLITE_DBNAME`` and ``DISTRICT``."""

    DISTRICT = "DISTRICT"

    def __init__(self, env: Any) -> None:  # noqa: ANN401 - the library's own type
        super().__init__(env)
        self.datastore.close()
        self.datastore: LedgerDatastore = LedgerDatastore(self.env[self.SQLITE_DBNAME])
        self.datastore.migrate()

    def application_recorder(self) -> SqliteLedgerRecorder:
        """The ledger of the district in the environment."""
        return SqliteLedgerRecorder(self.datastore, self.env.get(self.DISTRICT, ""))
