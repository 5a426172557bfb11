"""The ledger on PostgreSQL (``postgresql://…``): one statement an append, through psycopg 3 with a pool."""

import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from itertools import count
from typing import Any, ClassVar, Final

import psycopg
from eventsourcing import persistence
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import ConnectionPool, PostgresDatastore, PostgresFactory, PostgresRecorder
from psycopg import Connection, sql
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import dict_row, tuple_row

from adapters.bounded_connection import CONNECT_SECONDS, BoundedConnection, as_library_error, bounded, parameters
from adapters.evidence.chain import genesis
from adapters.ledger import Appended, ReceiptRow, SqlLedgerRecorder, Streaming, Turn, same_process
from adapters.migrating import Migration
from adapters.postgres_append import APPEND, append_parameters, appended
from adapters.postgres_schema import migrate
from casecore.door import is_text
from casecore.errors import Fault

__all__ = ["PostgresLedgerFactory", "PostgresLedgerRecorder", "UrlDatastore"]

POOL_SIZE: Final = 8
STREAMED_ROWS: Final = 2000  # between two round trips

NEW_HEAD: Final = "INSERT INTO casecore_heads VALUES (%s, 0, %s, 0) ON CONFLICT DO NOTHING"


class UrlDatastore(PostgresDatastore):
    """The library's datastore over a connection URL with all its options; no wait is without a limit.

    ``seconds`` is the longest a statement may take.
    """

    pool: ConnectionPool[BoundedConnection]  # type: ignore[assignment]
    _writer: BoundedConnection | None = None
    _closed = False
    _opened_by = 0

    def __init__(self, url: str, *, seconds: float | None = None) -> None:
        self.url = url
        parts = conninfo_to_dict(url)
        super().__init__(
            dbname=str(parts.get("dbname", "")),
            host=str(parts.get("host", "")),
            port=str(parts.get("port", "")),
            user=str(parts.get("user", "")),
            password=str(parts.get("password", "")),
            originator_id_type="text",
        )
        limit = BoundedConnection.answer_seconds if seconds is None else seconds
        self._kind = bounded(limit)
        self._options: dict[str, Any] = {"row_factory": dict_row, "autocommit": True, **parameters(url)}
        self._configure = _configured(limit)
        self._turn = Turn(limit)
        self._opened_by = os.getpid()
        self.pool = ConnectionPool(
            url,
            connection_class=self._kind,
            kwargs=self._options,
            min_size=1,
            max_size=POOL_SIZE,
            open=False,
            configure=self._configure,
            timeout=CONNECT_SECONDS,
            reconnect_timeout=CONNECT_SECONDS,
            name="casecore",
        )

    @contextmanager
    def get_connection(self) -> Iterator[BoundedConnection]:
        """A connection nobody else has, that the server has not hung up on; psycopg's errors become the library's."""
        same_process(self._opened_by)
        try:
            if self.pool.closed:
                self.pool.open()
            connection = self.pool.getconn()
            while connection.dropped():
                connection.close()
                self.pool.putconn(connection)
                connection = self.pool.getconn()
            try:
                yield connection
            finally:
                self.pool.putconn(connection)
        except psycopg.Error as error:
            raise as_library_error(error) from error

    @contextmanager
    def writing(self) -> Iterator[BoundedConnection]:
        """The connection that appends, one a log and process: its threads queue here, not for a lock on the server."""
        same_process(self._opened_by)
        with self._turn.taken():
            if self._closed:
                raise persistence.InterfaceError("the store was closed")
            try:
                if self._writer is not None and self._writer.dropped():
                    self._writer.close()
                    self._writer = None
                if self._writer is None:
                    self._writer = self._connect()
                yield self._writer
            except psycopg.Error as error:
                raise as_library_error(error) from error

    def _connect(self) -> BoundedConnection:
        connection = self._kind.connect(self.url, **self._options)
        try:
            self._configure(connection)
        except psycopg.Error:
            connection.close()
            raise
        return connection

    def close(self) -> None:
        """Close every connection, the writing one when it has ended what it does; a forked child leaves them alone."""
        if os.getpid() != self._opened_by:
            return
        self._closed = True
        super().close()
        with suppress(persistence.OperationalError), self._turn.taken():  # who writes has had his time
            pass
        if self._writer is not None:
            self._writer.close()

    def migrate(self) -> tuple[Migration, ...]:
        """Bring the schema up to date; see :func:`adapters.postgres_schema.migrate`."""
        return migrate(self.url)


_ON_DISK: Final = "coalesce(nullif(current_setting('synchronous_commit'), 'off'), 'on')"


def _configured(seconds: float) -> Callable[[Connection[Any]], None]:
    """Settings of every session, in one round trip, whatever the server's, the database's or the role's habit.

    Dates are read as ISO text, and what is acknowledged is on disk: of the ways to commit only ``off`` is not let stand.
    """
    wanted = {
        "datestyle": "ISO, YMD",
        "default_transaction_isolation": "read committed",
        "statement_timeout": f"{int(seconds * 900)}ms",
        "idle_in_transaction_session_timeout": f"{int(seconds * 1000)}ms",
    }
    calls = ", ".join(f"set_config('{name}', '{value}', false)" for name, value in wanted.items())
    calls += f", set_config('synchronous_commit', {_ON_DISK}, false)"

    def configure(connection: Connection[Any]) -> None:
        connection.execute(f"SELECT {calls}")

    return configure


@cache
def named(statement: str) -> sql.SQL:
    """A statement with ``:name`` parameters in psycopg's own form."""
    return sql.SQL(re.sub(r"(?<!:):(\w+)", r"%(\1)s", statement))


class PostgresLedgerRecorder(PostgresRecorder, SqlLedgerRecorder):
    """One district's ledger in a PostgreSQL database."""

    member_of: ClassVar[str] = "= ANY({})"
    datastore: UrlDatastore

    def __init__(self, datastore: UrlDatastore, district: str) -> None:
        super().__init__(datastore)
        self.district = district

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

    def select(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - SQL values
        """Run one query in autocommit; bytes come over in binary."""
        with (
            self.datastore.get_connection() as connection,
            connection.cursor(row_factory=tuple_row, binary=True) as cursor,
        ):
            cursor.execute(named(sql), parameters, prepare=True)
            return cursor.fetchall()

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

    def append(self, stored_events: Sequence[StoredEvent], receipts: Sequence[ReceiptRow]) -> Appended:
        """Write events and receipts with one statement, or nothing."""
        parameters = append_parameters(self.district, time.time_ns() // 1000, stored_events, receipts)
        with self.datastore.writing() as connection:
            end = appended(connection.run(APPEND, parameters))
            if end is None:  # the district's first append
                connection.execute(NEW_HEAD, (self.district, genesis(self.district)))
                end = appended(connection.run(APPEND, parameters))
        if end is None:
            raise Fault(f"log {self.district}: its head row cannot be made")
        return end


class PostgresLedgerFactory(PostgresFactory):
    """The library's factory, making our recorder; reads ``POSTGRES_URL`` and ``DISTRICT``."""

    DISTRICT = "DISTRICT"
    POSTGRES_URL = "POSTGRES_URL"
    datastore: UrlDatastore

    def __init__(self, env: Any) -> None:  # noqa: ANN401 - the library's own type
        url = env.get(self.POSTGRES_URL, "")
        parts = conninfo_to_dict(url)
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
