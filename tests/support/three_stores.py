"""A memory, a SQLite and a PostgreSQL store, each with two engines that know nothing of each other, and how each crashes."""

import subprocess
import sys
import time
from contextlib import ExitStack, closing
from datetime import date
from typing import Any, Final

import psycopg

from adapters.district_engine import DistrictEngine
from adapters.following import Followers
from adapters.open_tables import open_tables
from adapters.tables import Tables
from adapters.testing.opened import beside, open_desk
from casecore import Engine
from projections.registry import PROJECTIONS
from support.story import CATALOGUE

TORN_WRITE: Final = """
import sqlite3, sys, time
writer = sqlite3.connect(sys.argv[1], isolation_level=None)
writer.execute("BEGIN IMMEDIATE")
writer.execute("UPDATE casecore_heads SET position = position + 7, recorded_at = recorded_at + 7, hash = x'00'")
writer.execute("INSERT INTO casecore_receipts VALUES (?, 'torn', 'nobody', 1, 1, 1, x'00', 0)", (sys.argv[2],))
print("in the middle", flush=True)
time.sleep(60)
"""


class Store:
    """One store with two engines that know nothing of each other, and the fact tables over it."""

    def __init__(self, url: str, district: str, tables_url: str) -> None:
        self.url, self.district, self.tables_url = url, district, tables_url
        self.desks: list[Engine] = [self.open(), self.open()]
        self.left: list[Engine] = []
        self.tables: Tables | None = None
        self.followers: Followers | None = None

    def open(self) -> Engine:
        return open_desk(self.url, district=self.district, catalogue=CATALOGUE)

    @property
    def log(self) -> Any:
        return self.desks[0].log

    def crash(self, desk: int, *, write: bool) -> None:  # noqa: ARG002 - memory tears no write
        """A desk's engine is left as it is, another opened in its place."""
        self.left.append(self.desks[desk])
        self.desks[desk] = self.open()

    def rows(self, *, anew: bool) -> dict[str, list[tuple[Any, ...]]]:
        """The district's fact rows, brought up to date, with dates as text."""
        if self.tables is None or self.followers is None:
            self.tables = open_tables(self.tables_url, PROJECTIONS)
            self.followers = Followers([self.log], self.tables)
        if anew:
            self.followers.rebuild()
        else:
            self.followers.follow()
        return {p.name: self._rows(self.tables, p.name) for p in PROJECTIONS}

    def _rows(self, tables: Tables, name: str) -> list[tuple[Any, ...]]:
        found = tables.query(f"SELECT * FROM {name} WHERE log = :log", log=self.district)  # noqa: S608 - ours
        return sorted((tuple(str(v) if isinstance(v, date) else v for v in row) for row in found), key=repr)

    def close(self) -> None:
        for engine in (*self.desks, *self.left):
            if isinstance(engine, DistrictEngine):
                engine.close()
        if self.tables is not None:
            self.tables.close()


class MemoryStore(Store):
    """Gone with its process: all a crash can take is what an engine remembers."""

    def open(self) -> Engine:
        if not hasattr(self, "desks"):
            self.desks = [open_desk(self.url, district=self.district, catalogue=CATALOGUE)]
        first = self.desks[0]
        return beside(first)


class SqliteStore(Store):
    def crash(self, desk: int, *, write: bool) -> None:
        """A process is killed in the middle of a write of its own."""
        if write:
            path = self.url.removeprefix("sqlite:///")
            with subprocess.Popen(
                [sys.executable, "-S", "-c", TORN_WRITE, path, self.district], stdout=subprocess.PIPE
            ) as writer:
                assert writer.stdout is not None
                assert writer.stdout.readline() == b"in the middle\n"
                writer.kill()
        super().crash(desk, write=write)


class PostgresStore(Store):
    def crash(self, desk: int, *, write: bool) -> None:
        """Every backend of the district is terminated, one in the middle of a write; the other desk is not told."""
        with ExitStack() as stack:
            if write:
                writer = stack.enter_context(closing(psycopg.connect(self.url)))
                writer.execute(
                    "UPDATE casecore_heads SET position = position + 7, recorded_at = recorded_at + 1 WHERE log = %s",
                    (self.district,),
                )
                torn = "INSERT INTO casecore_receipts VALUES (%s, 'torn', 'nobody', 1, 1, 1, '', 0)"
                writer.execute(torn, (self.district,))
            reaper = stack.enter_context(psycopg.connect(self.tables_url, autocommit=True))
            sql = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = %s"
            while reaper.execute(sql, (self.district,)).fetchall() != [(0,)]:
                time.sleep(0.002)
        super().crash(desk, write=write)
