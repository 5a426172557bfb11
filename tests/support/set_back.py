"""Setting a real store back under running programs: to a copy of before, in its place, as a backup is restored."""

import sqlite3
from contextlib import closing
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from adapters.tables import Tables
from projections.registry import PROJECTIONS

__all__ = ["Copied", "rows"]


class Copied:
    """A store as it stands now, to be put back into its place as often as wanted."""

    def __init__(self, url: str) -> None:
        self._url = url
        if url.startswith("sqlite:"):
            self._file = Path(url.removeprefix("sqlite:///"))
            self._copy = self._file.with_name(f"{self._file.name}.{token_hex(4)}")
            _online_copy(self._file, self._copy)
        else:
            self._name = urlsplit(url).path.removeprefix("/")
            self._saved = f"{self._name}_{token_hex(4)}"
            self._made_from(self._saved, self._name)

    def put_back(self) -> None:
        """Put the copy into the store's place: SQLite by its online backup, PostgreSQL as a database of the same name."""
        if self._url.startswith("sqlite:"):
            _online_copy(self._copy, self._file)
            return
        self._maintain("DROP DATABASE {} WITH (FORCE)", self._name)
        self._made_from(self._name, self._saved)

    def close(self) -> None:
        """Remove the copy."""
        if self._url.startswith("sqlite:"):
            self._copy.unlink()
        else:
            self._maintain("DROP DATABASE IF EXISTS {} WITH (FORCE)", self._saved)

    def _made_from(self, new: str, template: str) -> None:
        """A copy of a database, file by file; who is connected to it is sent away, or there could be none."""
        with self._connected() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
                (template,),
            )
        self._maintain("CREATE DATABASE {} TEMPLATE {}", new, template)

    def _maintain(self, statement: str, *names: str) -> None:
        with self._connected() as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def _connected(self) -> psycopg.Connection:
        return psycopg.connect(urlsplit(self._url)._replace(path="/postgres").geturl(), autocommit=True)


def rows(tables: Tables) -> dict[str, list[str]]:
    """All rows of all fact tables, as text, in one order."""
    return {one.name: sorted(map(repr, tables.query(f"SELECT * FROM {one.name}"))) for one in PROJECTIONS}  # noqa: S608


def _online_copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
        read.backup(written)
