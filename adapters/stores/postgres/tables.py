"""Fact tables in a PostgreSQL database."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from typing import Any, Final

import psycopg
from eventsourcing.postgres import PostgresTrackingRecorder
from psycopg import errors
from psycopg.rows import tuple_row

from adapters.district_log import translated
from adapters.generations import Keep
from adapters.relations import Cursor, Statement
from adapters.stores.postgres.datastore import UrlDatastore, named
from adapters.tables import CaseRows, Durability, Generation, Tables
from casecore.errors import Unavailable
from projections.projection import Projection

__all__ = ["PostgresTables"]

TABLE_SECONDS: Final = 600.0
"""The longest a statement over the fact tables may take on PostgreSQL: reports read many rows."""
LOCK_MILLISECONDS: Final = 50
"""How long the views are waited for at once: who wants to read one queues behind that."""
LOCK_PAUSE_SECONDS: Final = 0.25
CLAIM: Final = "SELECT pg_try_advisory_xact_lock(%s, 'casecore_tables'::regclass::oid::int4)"
CLAIM_KEY: Final = 0x63617365  # "case"
READERS: Final = """
SELECT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END
FROM pg_class AS c, aclexplode(c.relacl) AS a
WHERE c.oid = to_regclass(:relation) AND a.privilege_type = 'SELECT' AND a.grantee <> c.relowner
"""


class _Tracker(PostgresTrackingRecorder):
    """The library's own, which asks once: the library asks ten times, and of a silent server each goes to the limit."""

    def max_tracking_id(self, application_name: str) -> int | None:
        """The last checkpoint; None before the first."""
        with self.datastore.get_connection() as connection, connection.cursor() as cursor:
            return self._max_tracking_id(application_name, cursor)


class PostgresTables(Tables):
    """The fact tables of a PostgreSQL database."""

    kinds: Mapping[type, str] = {str: "text", int: "bigint", date: "date"}
    tracking = "casecore_tracking"
    writes_alone = False
    indexed_last = True
    hold = "SELECT notification_id FROM casecore_tracking WHERE application_name = :name FOR UPDATE"
    for_update = "FOR UPDATE"
    described = """
SELECT attname::text FROM pg_attribute WHERE attrelid = to_regclass(:relation) AND attnum > 0 AND NOT attisdropped
"""

    def __init__(self, url: str, projections: Sequence[Projection]) -> None:
        super().__init__(projections)
        with translated():
            self.datastore = UrlDatastore(url, seconds=TABLE_SECONDS)
            self.datastore.migrate()
            self.tracker = _Tracker(self.datastore, tracking_table_name="casecore_tracking")

    def query(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - SQL values
        """Run one query."""
        with (
            translated(),
            self.datastore.get_connection() as connection,
            connection.cursor(row_factory=tuple_row) as cursor,
        ):
            return cursor.execute(named(sql), parameters).fetchall()

    @contextmanager
    def claim(self) -> Iterator[Keep | None]:
        """An advisory lock of a transaction: it ends with the connection, which the server ends where it hears nothing."""
        with translated(), self.datastore.get_connection() as connection, connection.transaction():
            cursor = connection.cursor(row_factory=tuple_row)
            ((mine,),) = cursor.execute(CLAIM, (CLAIM_KEY,)).fetchall()

            def keep() -> None:
                try:
                    connection.execute("SELECT 1")
                except psycopg.Error as error:
                    raise Unavailable(f"the claim to make the fact tables was lost: {error}") from error

            yield keep if mine else None

    def _switch(self, statements: Sequence[Statement]) -> None:
        """Wait for the locks in small doses: whoever comes to read would queue behind a patient request."""
        until = time.monotonic() + TABLE_SECONDS
        while True:
            try:
                with translated():
                    self._run([(f"SET LOCAL lock_timeout = {LOCK_MILLISECONDS}", {}), *statements])
            except Unavailable as error:
                if not _taken(error) or time.monotonic() > until:
                    raise
                time.sleep(LOCK_PAUSE_SECONDS)
            else:
                return

    def _transaction(self) -> AbstractContextManager[Any]:
        return self.datastore.transaction(commit=True)

    def _execute(self, cursor: Cursor, sql: str, parameters: Mapping[str, Any] | list[dict[str, Any]]) -> None:
        if isinstance(parameters, list):
            cursor.executemany(named(sql), parameters)
        else:
            cursor.execute(named(sql), parameters)

    def _ask(self, cursor: Cursor, sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        return [tuple(row.values()) for row in cursor.execute(named(sql), parameters).fetchall()]

    def _remove(self, cursor: Cursor, generation: Generation, district: str, cases: Sequence[CaseRows]) -> None:
        for projection, told in self._named(cases):
            table = self.table(projection.name, generation)
            cursor.execute(
                named(f"DELETE FROM {table} WHERE log = :log AND {projection.key} = ANY(:cases)"),  # noqa: S608 - ours
                {"log": district, "cases": [case.case for case in told]},
            )

    def _insert(self, cursor: Cursor, generation: Generation, cases: Sequence[CaseRows]) -> None:
        for projection, told in self._named(cases):
            with cursor.copy(f"COPY {self.table(projection.name, generation)} FROM STDIN") as copy:
                for case in told:
                    for row in case.rows[projection.name]:
                        copy.write_row(row)

    def _readers(self, relation: str) -> set[str]:
        return {role for (role,) in self.query(READERS, relation=relation)}

    def durability(self) -> Durability:
        """As the server is set; what a session may set, we set ourselves."""
        ((fsync, pages),) = self.query("SELECT current_setting('fsync'), current_setting('full_page_writes')")
        return Durability("PostgreSQL", (fsync, pages) == ("on", "on"), f"fsync {fsync}, full_page_writes {pages}")

    def close(self) -> None:
        """Close every connection."""
        self.datastore.close()


def _taken(error: BaseException | None) -> bool:
    """Whether it comes of a table that somebody else has a lock on."""
    while error is not None and not isinstance(error, errors.LockNotAvailable):
        error = error.__cause__
    return error is not None
