"""Somebody with access to the database behind a store."""

import sqlite3
from typing import Any

import psycopg
from psycopg.rows import tuple_row

__all__ = ["Vandal"]


class Vandal:
    """SQL with ``?`` for parameters, on either database, behind the back of casecore."""

    def __init__(self, url: str) -> None:
        self._file = url.removeprefix("sqlite:///") if url.startswith("sqlite:") else None
        self.connection: Any = (
            psycopg.connect(url, autocommit=True, row_factory=tuple_row)
            if self._file is None
            else sqlite3.connect(self._file, isolation_level=None)
        )
        self._disarm()

    def _disarm(self) -> None:
        """Whoever owns the database can drop the triggers that refuse changes, where there are any."""
        if self._file:
            armed = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE ?"
        else:
            armed = (
                "SELECT tgname, tgrelid::regclass::text FROM pg_trigger"
                " WHERE NOT tgisinternal AND tgrelid::regclass::text LIKE ?"
            )
        for name, table in self.run(armed, "casecore%"):
            self.run(f"DROP TRIGGER {name}" + ("" if self._file else f" ON {table}"))

    def run(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        statement = sql if self._file else sql.replace("?", "%s")
        cursor = self.connection.execute(statement, parameters)
        return list(cursor.fetchall()) if cursor.description else []

    def position(self, stream: str, version: int) -> int:
        """Where a fact stands in its log."""
        where = "originator_id = ? AND originator_version = ?"
        ((found,),) = self.run(f"SELECT position FROM casecore_events WHERE {where}", stream, version)  # noqa: S608
        return int(found)

    def event(self, column: str, position: int) -> Any:
        ((value,),) = self.run(f"SELECT {column} FROM casecore_events WHERE position = ?", position)  # noqa: S608
        return value

    def set_event(self, column: str, position: int, value: object) -> None:
        self.run(f"UPDATE casecore_events SET {column} = ? WHERE position = ?", value, position)  # noqa: S608

    def set_receipt(self, column: str, command_id: str, value: object) -> None:
        self.run(f"UPDATE casecore_receipts SET {column} = ? WHERE command_id = ?", value, command_id)  # noqa: S608

    def receipt(self, column: str, command_id: str) -> Any:
        ((value,),) = self.run(f"SELECT {column} FROM casecore_receipts WHERE command_id = ?", command_id)  # noqa: S608
        return value

    def close(self) -> None:
        self.connection.close()
