"""Fact tables in a SQLite file, or in a database in memory of their own."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from threading import Lock
from typing import Any, Final

from eventsourcing.sqlite import SQLiteTrackingRecorder

from adapters.district_log import translated
from adapters.generations import Keep
from adapters.relations import Cursor
from adapters.stores.sqlite.datastore import LedgerDatastore
from adapters.stores.sqlite.locks import held
from adapters.tables import CaseRows, Generation, Tables
from projections.projection import Projection

__all__ = ["SqliteTables"]

DROPPED_ROWS: Final = 5000


class SqliteTables(Tables):
    """The fact tables of a SQLite file."""

    kinds: Mapping[type, str] = {str: "TEXT", int: "INTEGER", date: "TEXT"}
    tracking = "tracking"
    writes_alone = True
    indexed_last = False
    hold = "SELECT notification_id FROM tracking WHERE application_name = :name"  # there is one writer at a time
    for_update = ""
    described = "SELECT name FROM pragma_table_info(:relation)"

    def __init__(self, db_name: str, projections: Sequence[Projection]) -> None:
        super().__init__(projections)
        with translated():
            self.datastore = LedgerDatastore(db_name)
            self.datastore.migrate()
            self.tracker = SQLiteTrackingRecorder(self.datastore)
        self._in_memory = Lock()

    def query(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - SQL values
        """Run one query."""
        with translated(), self.datastore.transaction(commit=False) as cursor:
            cursor.execute(sql, _plain(parameters))
            return [tuple(row) for row in cursor.fetchall()]

    @contextmanager
    def claim(self) -> Iterator[Keep | None]:
        """The lock beside the file; tables in memory have one of their own."""
        with ExitStack() as stack:
            if self.datastore.pool.is_sqlite_memory_mode:
                mine = self._in_memory.acquire(blocking=False)
                if mine:
                    stack.callback(self._in_memory.release)
            else:
                with translated():
                    mine = stack.enter_context(held(self.datastore.pool.db_name, "making"))
            yield (lambda: None) if mine else None

    @contextmanager
    def _transaction(self) -> Iterator[Any]:
        with self.datastore.transaction(commit=True) as cursor:
            began = time.monotonic()
            yield cursor
        self.held_seconds = time.monotonic() - began

    def _execute(self, cursor: Cursor, sql: str, parameters: Mapping[str, Any] | list[dict[str, Any]]) -> None:
        if isinstance(parameters, list):
            cursor.executemany(sql, map(_plain, parameters))
        else:
            cursor.execute(sql, _plain(parameters))

    def _ask(self, cursor: Cursor, sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        cursor.execute(sql, parameters)
        return [tuple(row) for row in cursor.fetchall()]

    def _remove(self, cursor: Cursor, generation: Generation, district: str, cases: Sequence[CaseRows]) -> None:
        for projection, told in self._named(cases):
            cursor.executemany(
                f"DELETE FROM {self.table(projection.name, generation)} WHERE log = ? AND {projection.key} = ?",  # noqa: S608 - ours
                [(district, case.case) for case in told],
            )

    def _insert(self, cursor: Cursor, generation: Generation, cases: Sequence[CaseRows]) -> None:
        for projection, told in self._named(cases):
            found = self.columns[projection.name]
            dates = [number for number, column in enumerate(found) if column.kind is date]
            marks = ", ".join("?" * len(found))
            cursor.executemany(
                f"INSERT INTO {self.table(projection.name, generation)} VALUES ({marks})",  # noqa: S608 - our own names
                [_dated(row, dates) for case in told for row in case.rows[projection.name]],
            )

    def _drop_table(self, table: str) -> None:
        """Drop a table whose rows went before, by and by: nobody writes while SQLite walks through all its pages."""
        while self._thinned(table):
            pass
        super()._drop_table(table)

    def _thinned(self, table: str) -> bool:
        """Whether the table had more rows than are dropped at once; so many are gone."""
        with translated(), self._transaction() as cursor:
            if not self._ask(cursor, self.described, {"relation": table}):
                return False
            if not self._ask(cursor, f"SELECT 1 FROM {table} LIMIT 1 OFFSET {DROPPED_ROWS}", {}):  # noqa: S608 - our own names
                return False
            some = f"SELECT rowid FROM {table} LIMIT {DROPPED_ROWS}"  # noqa: S608 - our own names
            self._execute(cursor, f"DELETE FROM {table} WHERE rowid IN ({some})", {})  # noqa: S608 - our own names
        return True

    def _readers(self, _: str) -> set[str]:
        return set()  # who opens the file reads it

    def close(self) -> None:
        """Close every connection."""
        self.datastore.close()


def _plain(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """SQLite keeps a date as its ISO text."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in parameters.items()}


def _dated(row: Iterable[Any], dates: Sequence[int]) -> list[Any]:
    plain = [*row]
    for number in dates:
        if (day := plain[number]) is not None:
            plain[number] = day.isoformat()
    return plain
