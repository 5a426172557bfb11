"""The ledger in a PostgreSQL database: one statement an append."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from typing import Any, ClassVar, Final

from eventsourcing.postgres import PostgresFactory, PostgresRecorder
from psycopg import Connection, errors
from psycopg.rows import tuple_row

from adapters.evidence.chain import genesis
from adapters.last_seen import FIRST_EPOCH, LastSeen
from adapters.ledger import Appended, Appending, Standing, moved, standing_before
from adapters.sql_ledger import Changing, SqlLedgerRecorder, Streaming
from adapters.stores.postgres.append import append_statement, appended
from adapters.stores.postgres.bounded_connection import BoundedConnection, parts_of
from adapters.stores.postgres.connections import libpq_url
from adapters.stores.postgres.datastore import UrlDatastore, named
from adapters.writers_clock import Times
from casecore.door import is_text
from casecore.errors import Fault

__all__ = ["PostgresLedgerFactory", "PostgresLedgerRecorder"]

STREAMED_ROWS: Final = 2000  # between two round trips

TIMELINE: Final = "SELECT ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::bigint"
EPOCH: Final = """
SELECT coalesce(max(epoch), 0),
    (SELECT timeline FROM casecore_epochs WHERE log = %s AND timeline IS NOT NULL ORDER BY epoch DESC LIMIT 1)
FROM casecore_epochs WHERE log = %s
"""
BEGIN_EPOCH: Final = """
INSERT INTO casecore_epochs
SELECT %s, %s, %s, coalesce(head.position, 0), coalesce(head.hash, %s), %s, %s
FROM (SELECT) AS one LEFT JOIN casecore_heads AS head ON head.log = %s
ON CONFLICT DO NOTHING
"""
TIMES: Final = """
SELECT head.recorded_at, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
FROM (SELECT) AS one LEFT JOIN casecore_heads AS head ON head.log = :log
"""
NEW_HEAD: Final = "INSERT INTO casecore_heads VALUES (%s, 0, %s, 0) ON CONFLICT DO NOTHING"


class PostgresLedgerRecorder(PostgresRecorder, SqlLedgerRecorder):
    """One district's ledger in a PostgreSQL database."""

    member_of: ClassVar[str] = "= ANY({})"
    each_pair: ClassVar[str] = "json_each_text(CAST({} AS json))"
    each_value: ClassVar[str] = "json_array_elements_text(CAST({} AS json))"
    datastore: UrlDatastore

    def __init__(self, datastore: UrlDatastore, district: str) -> None:
        super().__init__(datastore)
        self.district = district
        self.last_seen = LastSeen(district)

    def listed(self, values: Sequence[str]) -> object:
        """A list parameter: an array, each once, without what no text of PostgreSQL can be and so nothing is named."""
        return [value for value in dict.fromkeys(values) if is_text(value)]

    def lookup(self, table: str, key: str, columns: str, further: str = "") -> str:
        """The query for the rows whose key is in the list ``:wanted``.

        One look into the index for each (``OFFSET 0`` keeps them apart): a plan made for an empty table would otherwise
        read the whole log when it has grown.
        """
        one = f"SELECT * FROM {table} WHERE log = :log AND {key} = wanted.value {further} OFFSET 0"  # noqa: S608 - constants
        return f"SELECT {columns} FROM unnest(:wanted::text[]) AS wanted (value) CROSS JOIN LATERAL ({one}) AS found"  # noqa: S608

    def lookup_each(self, table: str, key: str, columns: str, further: str) -> str:
        """As :meth:`lookup`: there each is looked up by itself."""
        return self.lookup(table, key, columns, further)

    def run(self, sql: str, **parameters: Any) -> None:  # noqa: ANN401 - SQL values
        """Run one statement in autocommit."""
        with self.datastore.get_connection() as connection:
            connection.execute(named(sql), parameters)

    def select(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - SQL values
        """Run one query in autocommit; bytes come over in binary."""
        with (
            self.datastore.get_connection() as connection,
            connection.cursor(row_factory=tuple_row, binary=True) as cursor,
        ):
            cursor.execute(named(sql), parameters, prepare=True)
            return cursor.fetchall()

    @contextmanager
    def changing(self) -> Iterator[Changing]:
        """One transaction."""
        with (
            self.datastore.get_connection() as connection,
            connection.transaction(),
            connection.cursor(row_factory=tuple_row) as cursor,
        ):

            def run(sql: str, **parameters: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - SQL values
                cursor.execute(named(sql), parameters)
                return cursor.fetchall() if cursor.description else []

            yield run

    @contextmanager
    def reading(self) -> Iterator[Streaming]:
        """One read-only transaction with one snapshot; the server keeps the cursors."""
        with self.datastore.get_connection() as connection, connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            names = count()

            def rows_of(sql: str, **parameters: Any) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - SQL values
                with connection.cursor(name=f"rows_{next(names)}", row_factory=tuple_row) as rows:
                    rows.itersize = STREAMED_ROWS
                    yield from rows.execute(named(sql), parameters, binary=True)

            yield rows_of

    def _append(self, asked: Appending) -> Appended:
        """Write events and receipts with one statement, or nothing."""
        with self.datastore.turn(), self.datastore.get_connection() as connection:
            if self.district not in connection.known_logs:
                self._meet(connection)
            now = self.clock()
            if now > asked.seen.last.recorded_at + asked.bounds.jump:  # the last fact is no earlier than the one seen
                self._times(connection)[0].check(self.district, now, asked.bounds)
            written = append_statement(self.district, now, asked)
            end = appended(connection.run(*written))
            if end is None:  # the district's first append, a clock ahead, or something that should be there is not
                self._times(connection)[0].check(self.district, now, asked.bounds)
                connection.execute(NEW_HEAD, (self.district, genesis(self.district)))
                end = appended(connection.run(*written))
        if end is None:
            self._same_branch(asked.seen)
            before = standing_before(asked.events)
            with self.datastore.get_connection() as connection:
                times, there = self._times(connection)
            times.check(self.district, now, asked.bounds)
            if before or there:  # the server's clock may have come near enough meanwhile: it is tried again
                raise moved(before[0] if before else Standing(self.district, 0))
            raise Fault(f"log {self.district}: its head row cannot be made")
        return end

    def times(self) -> Times:
        """When the last fact was recorded, and what the server's clock says."""
        with self.datastore.get_connection() as connection:
            return self._times(connection)[0]

    def _times(self, connection: Connection[Any]) -> tuple[Times, bool]:
        """The same, and whether the log has a head."""
        with connection.cursor(row_factory=tuple_row) as cursor:
            ((last, own),) = cursor.execute(named(TIMES), {"log": self.district}).fetchall()
        return Times(last or 0, own), last is not None

    def _meet(self, connection: BoundedConnection) -> None:
        """Before a connection writes to the log: begin a new epoch where its server came to be by recovery or promotion.

        Such a server is on another timeline, and facts acknowledged by the one before it may be missing. The append finds
        that the epoch it knows is over.
        """
        epoch, known, timeline = self._epoch(connection)
        if timeline is not None and timeline != known:  # a server that tells none stays in the epoch it is in
            following = epoch or FIRST_EPOCH if known is None else epoch + 1
            self._write_epoch(connection, following, timeline, "begun" if known is None else "promotion")
        connection.known_logs.add(self.district)

    def begin_epoch(self, why: str) -> int:
        """Begin the log's next epoch."""
        with self.datastore.turn(), self.datastore.get_connection() as connection:
            epoch, _, timeline = self._epoch(connection)
            epoch = max(epoch, FIRST_EPOCH) + 1
            self._write_epoch(connection, epoch, timeline, why)
        return epoch

    def _epoch(self, connection: BoundedConnection) -> tuple[int, int | None, int | None]:
        """The log's epoch, 0 where none was noted, the timeline it began on, and the server's; None where it tells none."""
        with connection.cursor(row_factory=tuple_row) as cursor:
            timeline = None
            with suppress(errors.FeatureNotSupported, errors.InsufficientPrivilege, errors.UndefinedFunction):
                ((timeline,),) = cursor.execute(TIMELINE).fetchall()
            ((epoch, known),) = cursor.execute(EPOCH, (self.district, self.district)).fetchall()
        return epoch, known, timeline

    def _write_epoch(self, connection: BoundedConnection, epoch: int, timeline: int | None, why: str) -> None:
        """Note that an epoch begins; of two processes that see it at once, one does."""
        written = self.district, epoch, timeline, genesis(self.district), time.time_ns() // 1000, why, self.district
        connection.execute(BEGIN_EPOCH, written)


class PostgresLedgerFactory(PostgresFactory):
    """The library's factory, making our recorder; reads ``POSTGRES_URL`` and ``DISTRICT``."""

    DISTRICT = "DISTRICT"
    POSTGRES_URL = "POSTGRES_URL"
    datastore: UrlDatastore

    def __init__(self, env: Any) -> None:  # noqa: ANN401 - the library's own type
        url = env.get(self.POSTGRES_URL, "")
        parts = parts_of(libpq_url(url))
        for key in ("dbname", "host", "port", "user", "password"):
            env.setdefault(f"POSTGRES_{key.upper()}", str(parts.get(key, "")))
        super().__init__(env)
        if self.datastore.enable_db_functions:
            raise Fault(
                "POSTGRES_ENABLE_DB_FUNCTIONS is set: it drops the lock that keeps positions in commit order, and"
                " subscribers lose events; casecore does not start with it"
            )
        self.datastore = UrlDatastore(url)
        self.datastore.migrate()

    def application_recorder(self) -> PostgresLedgerRecorder:
        """The ledger of the district in the environment."""
        return PostgresLedgerRecorder(self.datastore, self.env.get(self.DISTRICT, ""))
