"""``casecore bench append``: the engine's appends on PostgreSQL beside what they are held against, in the same run.

The floors: the ``eventsourcing`` library as it comes (an aggregate's event through an application) and its recorder
alone with ready-made events; a plain insert and commit, in psycopg's way and in a single round trip; and the same insert
ordered by an advisory lock, which is the least that gives readers a log in commit order.

All write events of the same size from processes of their own; every contender gets its turn in every
round, so that a drift of the machine meets all alike.
"""

import itertools
import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing.connection import Connection as Pipe
from statistics import median
from typing import Final, NamedTuple, Self
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import psycopg
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import StoredEvent
from psycopg.conninfo import conninfo_to_dict

from adapters.district_engine import open_engine
from adapters.stores.addresses import shown_address
from adapters.stores.known import store_at
from adapters.stores.postgres import STORE
from casecore.case.acts.application import ReceiveCase
from casecore.case.acts.review import CompleteStep
from casecore.errors import BadInput, Flaw

__all__ = ["CONTENDERS", "Appends", "bench_append"]

CONTENDERS: Final = ("engine", "library", "recorder", "plain", "autocommit", "ordered")
PROCESSES: Final = 8
CASES: Final = 96
STATE: Final = b"x" * 175
"""As many bytes as the engine keeps of a reported step."""
TABLES: Final = ("casecore_bench_plain", "casecore_bench_ordered")

Write = Callable[[int], None]
"""Commits so many events at once."""


class Appends(NamedTuple):
    """One setting: commits per second of each contender, and the engine's ratio to each, medians of the rounds."""

    writers: int
    districts: int
    events: int
    """Events a commit."""
    rates: dict[str, float]
    ratios: dict[str, float]


def bench_append(url: str, *, rounds: int = 5, seconds: float = 1.0) -> list[Appends]:
    """Measure on an empty PostgreSQL database; leaves the engine's districts in it, drops its own tables."""
    if not isinstance(store_at(url), STORE):
        raise BadInput(Flaw.USAGE, f"store {shown_address(url)}", "the floors of an append are PostgreSQL's")
    run = uuid4().hex[:6]
    logs = tuple(f"bench-{run}-{n}" for n in range(PROCESSES))
    with _tables(url, logs), ExitStack() as stack:
        workers = [stack.enter_context(_Worker(url, logs)) for _ in range(PROCESSES)]
        settings = [(1, 1), (PROCESSES, 1), (PROCESSES, PROCESSES)]
        return [
            _setting(workers[:writers], districts, events, rounds, seconds)
            for (writers, districts), events in itertools.product(settings, (1, 12))
        ]


def _setting(workers: Sequence["_Worker"], districts: int, events: int, rounds: int, seconds: float) -> Appends:
    found: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    for _ in range(rounds):
        for name in CONTENDERS:
            for number, worker in enumerate(workers):
                worker.begin(name, number % districts, events, seconds)
            found[name].append(sum(worker.rate() for worker in workers))
    ratios = {
        name: median(ours / theirs for ours, theirs in zip(found["engine"], found[name], strict=True))
        for name in CONTENDERS[1:]
    }
    return Appends(len(workers), districts, events, {name: median(rates) for name, rates in found.items()}, ratios)


class _Worker:
    """A writing process, kept for all settings."""

    def __init__(self, url: str, logs: Sequence[str]) -> None:
        processes = multiprocessing.get_context("spawn")
        self._pipe, theirs = processes.Pipe()
        self._process = processes.Process(target=_work, args=(theirs, url, logs), daemon=True)

    def __enter__(self) -> Self:
        self._process.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._pipe.send(None)
        self._process.join(10)
        self._process.kill()

    def begin(self, contender: str, district: int, events: int, seconds: float) -> None:
        """Write as this contender for so long."""
        self._pipe.send((contender, district, events, seconds))

    def rate(self) -> float:
        """Commits per second of what was begun."""
        answer = self._pipe.recv()
        if isinstance(answer, Exception):
            raise answer
        return float(answer)


def _work(pipe: Pipe, url: str, logs: Sequence[str]) -> None:
    """The life of a writing process: one job after another."""
    while job := pipe.recv():
        contender, district, events, seconds = job
        try:
            with _MAKERS[contender](url, logs[district]) as write:
                pipe.send(_timed(write, events, seconds))
        except Exception as error:  # noqa: BLE001 - the parent raises it
            pipe.send(error)


def _timed(write: Write, events: int, seconds: float) -> float:
    for _ in range(6):  # past the planner's first five plans
        write(events)
    start, commits = time.perf_counter(), 0
    while (now := time.perf_counter()) < start + seconds:
        write(events)
        commits += 1
    return commits / (now - start)


@contextmanager
def _engine(url: str, log: str) -> Iterator[Write]:
    """Steps reported for cases that are under way, by commands through the whole engine."""
    with open_engine(url, district=log) as engine:
        at = datetime.now(ZoneInfo(engine.office.calendar.zone)) - timedelta(days=1)
        cases = [uuid4().hex for _ in range(CASES)]
        engine.handle_many([ReceiveCase(case=case, by="clerk", at=at, hall="hall", item="house-transfer") for case in cases])
        turn = itertools.cycle(cases)

        def write(events: int) -> None:
            engine.handle_many([CompleteStep(case=next(turn), by="clerk", name="scan") for _ in range(events)])

        yield write


class _Case(Aggregate):
    """A case as the library's users would write it."""

    @event("StepCompleted")
    def complete_step(self, by: str, name: str, at: datetime) -> None:
        """A department reports a step."""


@contextmanager
def _library(url: str, log: str) -> Iterator[Write]:
    """The library as it comes: events of aggregates that are in memory, saved through an application of the district."""
    with _application(url, log, create="no") as application:
        cases = [_Case() for _ in range(CASES)]
        application.save(*cases)
        turn = itertools.cycle(cases)

        def write(events: int) -> None:
            touched = [next(turn) for _ in range(events)]
            for case in touched:
                case.complete_step(by="clerk", name="scan", at=datetime.now(UTC))
            application.save(*touched)

        yield write


@contextmanager
def _recorder(url: str, log: str) -> Iterator[Write]:
    """The library's recorder alone, a table a district."""
    with _application(url, log, create="no") as application:
        recorder = application.recorder

        def write(events: int) -> None:
            recorder.insert_events([StoredEvent(uuid4(), 1, "case.step_completed.v1", STATE) for _ in range(events)])

        yield write


def _application(url: str, log: str, *, create: str) -> Application[UUID]:
    """The library's application of a district, which keeps its events in a table of its own."""
    parts = conninfo_to_dict(url)
    place = {f"POSTGRES_{key.upper()}": str(parts.get(key, "")) for key in ("dbname", "host", "port", "user", "password")}
    kind: type[Application[UUID]] = type(_name(log), (Application,), {})
    return kind({"PERSISTENCE_MODULE": "eventsourcing.postgres", "CREATE_TABLE": create, **place})


def _name(log: str) -> str:
    return f"casecore_{log.replace('-', '_')}"


@contextmanager
def _inserting(url: str, log: str, sql: str, *, autocommit: bool) -> Iterator[Write]:
    """Rows like ours, inserted through psycopg in one statement; the database numbers them."""
    with psycopg.connect(url, autocommit=autocommit) as connection:

        def write(events: int) -> None:
            values: list[object] = [log] if _ORDER in sql else []
            for _ in range(events):
                values += (log, uuid4().hex, 1, "case.step_completed.v1", STATE, b"d" * 32, time.time_ns() // 1000)
            connection.execute(sql.format(rows=", ".join([_ROW] * events)), values, prepare=True)
            if not autocommit:
                connection.commit()

        yield write


_ROW: Final = "(%s::text, %s::text, %s::bigint, %s::text, %s::bytea, %s::bytea, %s::bigint)"
_COLUMNS: Final = "log, originator_id, originator_version, topic, state, digest, recorded_at"
_ORDER: Final = "(SELECT pg_advisory_xact_lock(hashtext(%s))) AS turn"
_PLAIN: Final = f"INSERT INTO {TABLES[0]} ({_COLUMNS}) VALUES {{rows}}"  # noqa: S608
_ORDERED: Final = f"INSERT INTO {TABLES[1]} ({_COLUMNS}) SELECT r.* FROM {_ORDER}, (VALUES {{rows}}) AS r"  # noqa: S608

_MAKERS: Final[dict[str, Callable[[str, str], AbstractContextManager[Write]]]] = {
    "engine": _engine,
    "library": _library,
    "recorder": _recorder,
    "plain": partial(_inserting, sql=_PLAIN, autocommit=False),
    "autocommit": partial(_inserting, sql=_PLAIN, autocommit=True),
    "ordered": partial(_inserting, sql=_ORDERED, autocommit=True),
}


@contextmanager
def _tables(url: str, logs: Sequence[str]) -> Iterator[None]:
    """The tables of the floors, with the keys ours have; dropped at the end."""
    theirs = [f"{_name(log)}_events" for log in logs]
    with psycopg.connect(url, autocommit=True) as connection:
        durable = connection.execute("SHOW fsync").fetchone(), connection.execute("SHOW synchronous_commit").fetchone()
        if durable != (("on",), ("on",)):
            raise BadInput(
                Flaw.USAGE, f"store {shown_address(url)}", f"fsync and synchronous_commit are to be on, these are {durable}"
            )
        for table in TABLES:
            connection.execute(
                f"CREATE TABLE {table} (log text NOT NULL, position bigserial, originator_id text NOT NULL,"
                " originator_version bigint NOT NULL, topic text NOT NULL, state bytea NOT NULL, digest bytea NOT NULL,"
                " recorded_at bigint NOT NULL, PRIMARY KEY (log, position),"
                " UNIQUE (log, originator_id, originator_version))"
            )
        for log in logs:
            _application(url, log, create="yes").close()
        try:
            yield
        finally:
            for table in (*TABLES, *theirs):
                connection.execute(f"DROP TABLE {table}")
