"""``casecore bench``: what we do beside the floor of the same machine in the same run. Ratios, never promises."""

import sqlite3
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Final
from uuid import uuid4
from zoneinfo import ZoneInfo

import psycopg

from adapters.calendar_toml import NATIONAL, shipped_calendars
from adapters.district_engine import open_engine
from adapters.following import rebuild
from adapters.open_tables import open_tables
from casecore.case.acts.application import ReceiveCase
from casecore.errors import Fault
from casecore.given import Visit
from casecore.refusals import Refused
from casecore.vocabulary import ApplicantKind
from ops.bench.clock import CalendarDays, due_dates
from ops.bench.measuring import Measurement, paired, rate
from projections.registry import PROJECTIONS

__all__ = ["bench"]

COMMANDS: Final = 300
BULK: Final = 5000
DUE_DAYS: Final = 20
WARMING: Final = 20
"""Commands before the first that are measured: past what is compiled when first met, and the planner's first plans."""
MATERIALS: Final = ("身份证明", "不动产权证书", "房屋买卖合同")
DISTRICT: Final = "510114"


def bench(postgres_url: str | None) -> list[Measurement]:
    """Measure on a SQLite file of its own and, where a database is given, on PostgreSQL; medians of five rounds."""
    with tempfile.TemporaryDirectory() as folder:
        results = [
            *_commands(f"sqlite:///{folder}/bench.db", "SQLite", _sqlite_floor(Path(folder) / "floor.db")),
            *_intake("memory:", "memory"),
            *_intake(f"sqlite:///{folder}/intake.db", "SQLite"),
            due_dates(CalendarDays(shipped_calendars()[NATIONAL]), DUE_DAYS),
        ]
    if postgres_url is not None:
        results += _commands(postgres_url, "PostgreSQL", _postgres_floor(postgres_url))
        results += _intake(postgres_url, "PostgreSQL")
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


def _intake(url: str, store: str) -> list[Measurement]:
    """Papers taken in (收件) in a visit each, which is written beside the case, and by the same engine without one."""
    with open_engine(url, district=DISTRICT) as engine:
        at = datetime.now(ZoneInfo(engine.office.calendar.zone)) - timedelta(days=1)

        def taken_in(visit: Visit | None) -> None:
            received = ReceiveCase(
                case=uuid4().hex,
                by="clerk",
                at=at,
                hall="hall",
                item="house-transfer",
                applicant="applicant",
                applicant_kind=ApplicantKind.PERSON,
                materials=MATERIALS,
                visit=visit,
            )
            if isinstance(answer := engine.handle(received), Refused):
                raise Fault(str(answer))

        def in_visits(count: int) -> None:
            for _ in range(count):
                taken_in(Visit(visit=uuid4().hex))

        def without(count: int) -> None:
            for _ in range(count):
                taken_in(None)

        in_visits(WARMING)
        without(WARMING)
        return [
            paired(
                f"{store}: intake in a visit, {told}",
                "intake without one",
                partial(rate, in_visits, COMMANDS, clock),
                partial(rate, without, COMMANDS, clock),
            )
            for told, clock in (("by the clock", time.perf_counter), ("a CPU second", time.process_time))
        ]


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
