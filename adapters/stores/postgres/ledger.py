"""The ledger in a PostgreSQL database: one statement an append."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any, ClassVar, Final

from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresFactory, PostgresRecorder
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import tuple_row

from adapters.evidence.chain import genesis
from adapters.ledger import Appended, ReceiptRow, SqlLedgerRecorder, Standing, Streaming, moved, standing_before
from adapters.stores.postgres.append import append_statement, appended
from adapters.stores.postgres.connections import libpq_url
from adapters.stores.postgres.datastore import UrlDatastore, named
from casecore.door import is_text
from casecore.errors import Fault

__all__ = ["PostgresLedgerFactory", "PostgresLedgerRecorder"]

STREAMED_ROWS: Final = 2000  # between two round trips

NEW_HEAD: Final = "INSERT INTO casecore_heads VALUES (%s, 0, %s, 0) ON CONFLICT DO NOTHING"


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

    def append(
        self, stored_events: Sequence[StoredEvent], receipts: Sequence[ReceiptRow], reads: Sequence[Standing] = ()
    ) -> Appended:
        """Write events and receipts with one statement, or nothing."""
        written = append_statement(self.district, time.time_ns() // 1000, stored_events, receipts, reads)
        with self.datastore.writing() as connection:
            end = appended(connection.run(*written))
            if end is None:  # the district's first append, or it goes on from what is not there
                connection.execute(NEW_HEAD, (self.district, genesis(self.district)))
                end = appended(connection.run(*written))
        if end is None:
            before = standing_before(stored_events)
            raise moved(before[0]) if before else Fault(f"log {self.district}: its head row cannot be made")
        return end


class PostgresLedgerFactory(PostgresFactory):
    """The library's factory, making our recorder; reads ``POSTGRES_URL`` and ``DISTRICT``."""

    DISTRICT = "DISTRICT"
    POSTGRES_URL = "POSTGRES_URL"
    datastore: UrlDatastore

    def __init__(self, env: Any) -> None:  # noqa: ANN401 - the library's own type
        url = env.get(self.POSTGRES_URL, "")
        parts = conninfo_to_dict(libpq_url(url))
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
