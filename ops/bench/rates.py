"""``casecore bench``: what we do beside the floor of the same machine in the same run. Ratios, never promises."""

import sqlite3
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final
from uuid import uuid4
from zoneinfo import ZoneInfo

import psycopg
from casecore.case.acts.application import ReceiveCase

from adapters.calendar_toml import NATIONAL, shipped_calendars
from adapters.open_engine import open_engine
from adapters.open_tables import open_tables
from ops.bench.clock import CalendarDays, due_dates
from ops.bench.measuring import Measurement, paired, rate
from ops.following import rebuild
from projections.registry import PROJECTIONS

__all__ = ["bench"]

COMMANDS: Final = 300
BULK: Final = 5000
DUE_DAYS: Final = 20
DISTRICT: Final = "510114"


def bench(postgres_url: str | None) -> list[Measurement]:
    """Measure on a SQLite file of its own and, where a database is given, on PostgreSQL; medians of five rounds."""
    with tempfile.TemporaryDirectory() as folder:
        results = [
            *_commands(f"sqlite:///{folder}/bench.db", "SQLite", _sqlite_floor(Path(folder) / "floor.db")),
            due_dates(CalendarDays(shipped_calendars()[NATIONAL]), DUE_DAYS),
        ]
    if postgres_url is not None:
        results += _commands(postgres_url, "PostgreSQL", _postgres_floor(postgres_url))
    return results


def _commands(url: str, store: str, floor: Callable[[int], None]) -> list[Measurement]:
    with open_engine(url, district=DISTRICT) as engine:
        tables = open_tables(url, PROJECTIONS)
        at = datetime.now(ZoneInfo(engine.office.calendar.zone)) - timedelta(days=1)

        def receive() -> ReceiveCase:
            return ReceiveCase(case=uuid4().hex, by="clerk", at=at, hall="hall", item="house-transfer")

        def one_by_one(count: int) -> None:
            for _ in range(count):
                engine.handle(receive())

        def in_bulk(count: int) -> None:
            engine.handle_many([receive() for _ in range(count)])

        def all_anew(_: int) -> None:
            rebuild([engine.log], tables)

        def verified(_: int) -> None:
            engine.log.verify()

        def hashed(_: int) -> None:
            with engine.log.ledger.written() as written:
                for _, _, _, _, state, _, _ in written.rows:
                    sha256(state).digest()

        try:
            return [
                paired(
                    f"{store}: a command a transaction",
                    "plain insert + commit",
                    lambda: rate(one_by_one, COMMANDS),
                    lambda: rate(floor, COMMANDS),
                ),
                paired(
                    f"{store}: {BULK} commands a transaction",
                    "plain insert + commit",
                    lambda: rate(in_bulk, BULK),
                    lambda: rate(floor, COMMANDS),
                ),
                paired(
                    f"{store}: rebuild, events",
                    "reading and decoding the log",
                    lambda: rate(all_anew, engine.log.head().position),
                    lambda: rate(lambda _: [None for _ in engine.follow()].clear(), engine.log.head().position),
                ),
                paired(
                    f"{store}: verify, events",
                    "reading the rows, SHA-256 of each",
                    lambda: rate(verified, engine.log.head().position),
                    lambda: rate(hashed, engine.log.head().position),
                ),
            ]
        finally:
            tables.close()


def _sqlite_floor(path: Path) -> Callable[[int], None]:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE floor (id TEXT PRIMARY KEY, state BLOB)")

    def insert(count: int) -> None:
        for _ in range(count):
            connection.execute("INSERT INTO floor VALUES (?, ?)", (uuid4().hex, b"x" * 400))

    return insert


def _postgres_floor(url: str) -> Callable[[int], None]:
    connection = psycopg.connect(url, autocommit=True)
    connection.execute("CREATE TABLE IF NOT EXISTS casecore_bench_floor (id text PRIMARY KEY, state bytea)")

    def insert(count: int) -> None:
        for _ in range(count):
            connection.execute("INSERT INTO casecore_bench_floor VALUES (%s, %s)", (uuid4().hex, b"x" * 400), prepare=True)

    return insert
