"""Fact tables in a SQLite file, or in a database in memory of their own."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

from eventsourcing.sqlite import SQLiteTrackingRecorder

from adapters.district_log import translated
from adapters.relations import Cursor
from adapters.stores.sqlite.datastore import LedgerDatastore
from adapters.tables import CaseRows, Generation, Tables
from projections.projection import Projection

__all__ = ["SqliteTables"]


class SqliteTables(Tables):
    """The fact tables of a SQLite file."""

    kinds: Mapping[type, str] = {str: "TEXT", int: "INTEGER", date: "TEXT"}
    hold = "SELECT notification_id FROM tracking WHERE application_name = :name"  # there is one writer at a time
    described = "SELECT name FROM pragma_table_info(:relation)"

    def __init__(self, db_name: str, projections: Sequence[Projection]) -> None:
        super().__init__(projections)
        with translated():
            self.datastore = LedgerDatastore(db_name)
            self.datastore.migrate()
            self.tracker = SQLiteTrackingRecorder(self.datastore)

    def query(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - SQL values
        """Run one query."""
        with translated(), self.datastore.transaction(commit=False) as cursor:
            cursor.execute(sql, _plain(parameters))
            return [tuple(row) for row in cursor.fetchall()]

    def _transaction(self) -> AbstractContextManager[Any]:
        return self.datastore.transaction(commit=True)

    def _execute(self, cursor: Cursor, sql: str, parameters: Mapping[str, Any] | list[dict[str, Any]]) -> None:
        if isinstance(parameters, list):
            cursor.executemany(sql, map(_plain, parameters))
        else:
            cursor.execute(sql, _plain(parameters))

    def _ask(self, cursor: Cursor, sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        cursor.execute(sql, parameters)
        return [tuple(row) for row in cursor.fetchall()]

    def _replace(self, cursor: Cursor, generation: Generation, district: str, cases: Sequence[CaseRows]) -> None:
        for projection, told in self._named(cases):
            table = self.table(projection.name, generation)
            cursor.executemany(
                f"DELETE FROM {table} WHERE log = ? AND {projection.key} = ?",  # noqa: S608 - our own names
                [(district, case.case) for case in told],
            )
            found = self.columns[projection.name]
            dates = [number for number, column in enumerate(found) if column.kind is date]
            marks = ", ".join("?" * len(found))
            cursor.executemany(
                f"INSERT INTO {table} VALUES ({marks})",  # noqa: S608 - our own names
                [_dated(row, dates) for case in told for row in case.rows[projection.name]],
            )

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
