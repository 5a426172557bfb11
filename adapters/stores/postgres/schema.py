"""The schema on PostgreSQL, brought up to date while others write."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from psycopg import Connection, errors
from psycopg.rows import tuple_row

from adapters.stores.migrating import Migration, lacking, not_allowed
from adapters.stores.postgres.bounded_connection import as_library_error
from adapters.stores.postgres.connections import shared
from casecore.errors import Fault, Unavailable

__all__ = ["connected", "has_schema", "is_writable", "migrate"]

PACKAGE: Final = "adapters.stores.postgres"
LEAST_SERVER: Final = 130000
MIGRATION_LOCK: Final = 0x63617365636F7265  # "casecore", the key of the advisory lock
LOCK_MILLISECONDS: Final = 50
"""How long a migration waits for a table: writers queue behind its request, so this is the longest it stalls them."""
STOPPED_MILLISECONDS: Final = 5000
"""How long the server keeps the locks of a program that has stopped in the middle."""
PAUSE_SECONDS: Final = 0.25
PATIENCE_SECONDS: Final = 60
STATEMENT_SECONDS: Final = 600
"""The longest one statement of a migration may take: an index over many rows."""

NO_RIGHT: Final = (errors.InsufficientPrivilege, errors.InvalidSchemaName, errors.ReadOnlySqlTransaction)


def has_schema(url: str) -> bool:
    """Whether a database has our schema, of whatever age; asks, and makes nothing."""
    with connected(url) as connection:
        ((found,),) = connection.execute("SELECT to_regclass('casecore_migrations') IS NOT NULL").fetchall()
        return bool(found)


def is_writable(url: str) -> bool:
    """Whether a session can write: not on a standby, nor in a database that was made read-only."""
    with connected(url) as connection:
        ((found,),) = connection.execute("SELECT current_setting('transaction_read_only') = 'off'").fetchall()
        return bool(found)


def migrate(url: str) -> tuple[Migration, ...]:
    """Bring the schema up to date, safely when many programs start at once; returns the migrations applied here.

    Raises ``Unavailable`` where a table stays taken, ``Fault`` where a migration is missing and this role may not apply it.
    """
    done: list[Migration] = []
    until = time.monotonic() + PATIENCE_SECONDS
    with connected(url) as connection:
        if connection.info.server_version < LEAST_SERVER:
            raise Fault(f"PostgreSQL {connection.info.server_version // 10000} is too old, 13 is the least")
        if (encoding := connection.info.parameter_status("server_encoding")) != "UTF8":
            raise Fault(f"the database keeps text as {encoding}, casecore needs one that keeps UTF8")
        while missing := lacking(PACKAGE, _applied(connection)):
            try:
                done += _apply_next(connection)
            except NO_RIGHT as error:
                raise not_allowed(missing) from error
            except errors.LockNotAvailable as error:
                if time.monotonic() > until:
                    raise Unavailable(f"{PATIENCE_SECONDS} s in vain for the tables of the migration: {error}") from error
                time.sleep(PAUSE_SECONDS)
    return tuple(done)


def _apply_next(connection: Connection[tuple[Any, ...]]) -> tuple[Migration, ...]:
    """The next migration in one transaction, or nothing where another program was faster."""
    with connection.transaction():
        connection.execute(f"SET LOCAL lock_timeout = {LOCK_MILLISECONDS}")
        connection.execute(f"SET LOCAL idle_in_transaction_session_timeout = {STOPPED_MILLISECONDS}")
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (MIGRATION_LOCK,))
        connection.execute(
            "CREATE TABLE IF NOT EXISTS casecore_migrations (number bigint NOT NULL PRIMARY KEY, name text NOT NULL)"
        )
        following = lacking(PACKAGE, _last(connection))[:1]
        for number, name, statements in following:
            for statement in statements:
                connection.execute(statement)
            connection.execute("INSERT INTO casecore_migrations VALUES (%s, %s)", (number, name))
    return following


def _applied(connection: Connection[tuple[Any, ...]]) -> int:
    ((found,),) = connection.execute("SELECT to_regclass('casecore_migrations')").fetchall()
    return _last(connection) if found is not None else 0


def _last(connection: Connection[tuple[Any, ...]]) -> int:
    ((last,),) = connection.execute("SELECT coalesce(max(number), 0) FROM casecore_migrations").fetchall()
    return int(last)


@contextmanager
def connected(url: str) -> Iterator[Connection[tuple[Any, ...]]]:
    """One connection in autocommit, its errors the library's."""
    try:
        with shared(url) as connections:
            connection = connections.take(STATEMENT_SECONDS, tuple_row)
            try:
                yield connection
            finally:
                connections.give_back(connection)
    except psycopg.Error as error:
        raise as_library_error(error) from error
