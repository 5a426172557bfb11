"""The ledger on PostgreSQL (``postgresql://…``): one statement an append, through psycopg 3 with a pool."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, ClassVar, Final

import psycopg
from eventsourcing.persistence import DatabaseError, OperationalError, StoredEvent
from eventsourcing.postgres import ConnectionPool, PostgresDatastore, PostgresFactory, PostgresRecorder
from psycopg import Connection, Cursor, sql
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow, dict_row, tuple_row

from adapters.evidence.chain import batch_digest, genesis
from adapters.ledger import Appended, ReceiptRow, SqlLedgerRecorder, digests_of
from adapters.migrating import migrations, numbered
from casecore.errors import Fault

__all__ = ["PostgresLedgerFactory", "PostgresLedgerRecorder", "UrlDatastore"]

POOL_SIZE: Final = 8
CONNECT_SECONDS: Final = 10
MIGRATION_LOCK: Final = 0x63617365636F7265  # "casecore", the key of the advisory lock
LEAST_SERVER: Final = 130000

APPEND: Final = sql.SQL("""
WITH head AS (
    UPDATE casecore_heads
    SET position = position + %(count)s,
        recorded_at = greatest(%(now)s, recorded_at + 1),
        hash = sha256(hash || %(batch)b)
    WHERE log = %(log)s
    RETURNING position, recorded_at, hash
), appended AS (
    INSERT INTO casecore_events
    SELECT %(log)s, head.position - %(count)s + e.n, e.stream, e.version, e.topic, e.state, e.digest, head.recorded_at
    FROM head, unnest(
        %(streams)b::text[], %(versions)b::bigint[], %(topics)b::text[], %(states)b::bytea[], %(digests)b::bytea[]
    ) WITH ORDINALITY AS e (stream, version, topic, state, digest, n)
), receipted AS (
    INSERT INTO casecore_receipts
    SELECT %(log)s, r.command, r.stream, r.version, r.events, head.position - %(count)s + r.reach, head.hash,
           head.recorded_at
    FROM head, unnest(
        %(commands)b::text[], %(of)b::text[], %(reached)b::bigint[], %(counts)b::bigint[], %(offsets)b::bigint[]
    ) AS r (command, stream, version, events, reach)
)
SELECT position, hash FROM head
""")
"""The whole append: bump the head, insert events and receipts. The head row's lock orders the writers of a district,
so positions are gap-free in commit order; a taken version or command id undoes all of it."""


NEW_HEAD: Final = "INSERT INTO casecore_heads VALUES (%s, 0, %s, 0) ON CONFLICT DO NOTHING"


class UrlDatastore(PostgresDatastore):
    """The library's datastore over a connection URL with all its options."""

    def __init__(self, url: str) -> None:
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
        self.pool = ConnectionPool(
            url,
            connection_class=Connection[DictRow],
            kwargs={"row_factory": dict_row, "connect_timeout": CONNECT_SECONDS},
            min_size=1,
            max_size=POOL_SIZE,
            open=False,
            configure=_configured(self.after_connect_func()),
            timeout=CONNECT_SECONDS,
            name="casecore",
        )

    def migrate(self, kind: str = "postgres") -> None:
        """Bring the schema up to date; an advisory lock makes it safe when many processes start at once.

        It has a connection of its own: one attempt, whose error says what a pool's time-out would not.
        """
        wanted = migrations(kind)
        with _connected(self.url) as cursor:
            if cursor.connection.info.server_version < LEAST_SERVER:
                raise Fault(f"PostgreSQL {cursor.connection.info.server_version // 10000} is too old, 13 is the least")
            cursor.execute("SELECT to_regclass('casecore_migrations') AS found")
            if _first(cursor)["found"] is not None and self._applied(cursor) >= len(wanted):
                return
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (MIGRATION_LOCK,))
            cursor.execute(
                "CREATE TABLE IF NOT EXISTS casecore_migrations (number bigint NOT NULL PRIMARY KEY, name text NOT NULL)"
            )
            for number, name, statements in numbered(wanted, self._applied(cursor)):
                for statement in statements:
                    cursor.execute(statement)
                cursor.execute("INSERT INTO casecore_migrations VALUES (%s, %s)", (number, name))

    @staticmethod
    def _applied(cursor: Any) -> int:  # noqa: ANN401 - any cursor
        cursor.execute("SELECT coalesce(max(number), 0) AS applied FROM casecore_migrations")
        return int(_first(cursor)["applied"])


def _configured(library: Callable[[Connection[Any]], None]) -> Callable[[Connection[Any]], None]:
    """The library's settings and ours: dates are read as ISO text whatever the server's habit."""

    def configure(connection: Connection[Any]) -> None:
        library(connection)
        connection.execute("SET datestyle TO 'ISO, YMD'")

    return configure


@contextmanager
def _connected(url: str) -> Iterator[Cursor[DictRow]]:
    """One transaction on one connection."""
    try:
        with psycopg.connect(url, row_factory=dict_row, connect_timeout=CONNECT_SECONDS) as connection:
            yield connection.cursor()
    except psycopg.OperationalError as error:
        raise OperationalError(str(error)) from error
    except psycopg.Error as error:
        raise DatabaseError(str(error)) from error


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in value


def _first(cursor: Any) -> dict[str, Any]:  # noqa: ANN401 - any cursor
    (row,) = cursor.fetchall()
    return dict(row)


@cache
def named(statement: str) -> sql.SQL:
    """A statement with ``:name`` parameters in psycopg's own form."""
    return sql.SQL(re.sub(r"(?<!:):(\w+)", r"%(\1)s", statement))


class PostgresLedgerRecorder(PostgresRecorder, SqlLedgerRecorder):
    """One district's ledger in a PostgreSQL database."""

    member_of: ClassVar[str] = "= ANY({})"

    def __init__(self, datastore: PostgresDatastore, district: str) -> None:
        super().__init__(datastore)
        self.district = district

    def listed(self, values: Sequence[str]) -> object:
        """A list parameter: an array, without what no text of PostgreSQL can be and so nothing is named."""
        return [value for value in values if _is_text(value)]

    def select(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - SQL values
        """Run one query in autocommit; bytes come over in binary."""
        with (
            self.datastore.get_connection() as connection,
            connection.cursor(row_factory=tuple_row, binary=True) as cursor,
        ):
            cursor.execute(named(sql), parameters, prepare=True)
            return cursor.fetchall()

    def append(self, stored_events: Sequence[StoredEvent], receipts: Sequence[ReceiptRow]) -> Appended:
        """Write events and receipts with one statement, or nothing."""
        digests = digests_of(stored_events)
        parameters = {
            "log": self.district,
            "now": time.time_ns() // 1000,
            "count": len(digests),
            "batch": batch_digest(digests),
            "streams": [str(e.originator_id) for e in stored_events],
            "versions": [e.originator_version for e in stored_events],
            "topics": [e.topic for e in stored_events],
            "states": [e.state for e in stored_events],
            "digests": digests,
            "commands": [r.command_id for r in receipts],
            "of": [r.stream for r in receipts],
            "reached": [r.version for r in receipts],
            "counts": [r.event_count for r in receipts],
            "offsets": [r.offset for r in receipts],
        }
        with (
            self.datastore.get_connection() as connection,
            connection.cursor(row_factory=tuple_row, binary=True) as cursor,
        ):
            end = cursor.execute(APPEND, parameters, prepare=True).fetchone()
            if end is None:  # the district's first append: without a head row the statement wrote nothing
                cursor.execute(NEW_HEAD, (self.district, genesis(self.district)))
                end = cursor.execute(APPEND, parameters, prepare=True).fetchone()
        if end is None:
            raise Fault(f"log {self.district}: its head row cannot be made")
        return Appended(*end)


class PostgresLedgerFactory(PostgresFactory):
    """The library's factory, making our recorder; reads ``POSTGRES_URL`` and ``DISTRICT``."""

    DISTRICT = "DISTRICT"
    POSTGRES_URL = "POSTGRES_URL"

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
