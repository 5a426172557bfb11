"""A PostgreSQL database as we open it: psycopg 3 with a pool, one writing connection a log and process."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any, Final

import psycopg
from eventsourcing import persistence
from eventsourcing.postgres import ConnectionPool, PostgresDatastore
from psycopg import Connection, sql
from psycopg.rows import dict_row

from adapters.ledger import Turn, same_process
from adapters.stores.migrating import Migration
from adapters.stores.postgres.bounded_connection import (
    CONNECT_SECONDS,
    BoundedConnection,
    as_library_error,
    bounded,
    parameters,
    parts_of,
)
from adapters.stores.postgres.schema import migrate

__all__ = ["UrlDatastore", "named"]

POOL_SIZE: Final = 8


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
        parts = parts_of(url)
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
        """Bring the schema up to date; see :func:`adapters.stores.postgres.schema.migrate`."""
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
