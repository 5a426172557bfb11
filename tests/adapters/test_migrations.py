"""A database in use is brought up to date: nobody waits long, nothing is lost, and it is whole or not at all."""

# ruff: noqa: S608, T201 - the names are our own, and the figures are to be seen
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final, NamedTuple

import psycopg
import pytest
from psycopg.rows import tuple_row
from support.old_programs import forget_what_is_new
from support.postgres_server import DatabaseServer, PostgresServer
from support.story import CATALOGUE, CLERK, FOOD, HALL, OFFICER, moment

import adapters
from adapters.open_tables import open_tables
from adapters.opening import migrate_store
from adapters.stores.known import store_at
from adapters.stores.migrating import migrations
from adapters.testing.opened import open_desk
from casecore import ApplicantKind, Channel, CompleteStep, Fault, ReceiveCase, Unavailable
from projections.registry import PROJECTIONS

CASECORE: Final = Path(sys.executable).parent / "casecore"
DISTRICT: Final = "510107"
OLD: Final = 2
"""The last migration the old program knows."""
CASES: Final = 400
STEPS: Final = 50
EVENTS: Final = CASES * (1 + STEPS)
WRITERS: Final = 4
HELD_SECONDS: Final = 1.0
AROUND_SECONDS: Final = 0.05
"""A migration may be over before any of the writers comes to its next append."""


# --- given: a store an old program has filled, and goes on writing to ---


def kind_of(url: str) -> str:
    return "sqlite" if url.startswith("sqlite:") else "postgres"


@contextmanager
def known_only(monkeypatch: pytest.MonkeyPatch, last: int) -> Iterator[None]:
    """What is opened here is opened by a program that knows no later migration."""
    with monkeypatch.context() as patched:
        forget_what_is_new(last, patched.setattr)
        yield


def fill(url: str, cases: int, steps: int) -> None:
    at = moment("03-03 09:00")
    with open_desk(url, district=DISTRICT, catalogue=CATALOGUE) as engine:
        for first in range(0, cases, 40):
            batch = range(first, min(first + 40, cases))
            commands = [
                ReceiveCase(
                    case=f"c{n}", by=CLERK, at=at, hall=HALL, item=FOOD, channel=Channel.WINDOW, applicant="李雷",
                    applicant_kind=ApplicantKind.PERSON,
                ) for n in batch
            ]  # fmt: skip
            names = [f"s{n}" for n in range(steps)]
            notes = [CompleteStep(case=f"c{n}", by=OFFICER, at=at, name=name) for n in batch for name in names]
            assert isinstance(engine.handle_many([*commands, *notes]), tuple)


def ask(url: str, sql: str) -> list[tuple[Any, ...]]:
    """Run SQL behind the back of casecore."""
    if kind_of(url) == "sqlite":
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as file:
            return file.execute(sql).fetchall()
    with psycopg.connect(url, autocommit=True, row_factory=tuple_row) as connection:
        cursor = connection.execute(sql.encode())
        return cursor.fetchall() if cursor.description else []


def applied(url: str) -> list[int]:
    return [number for (number,) in ask(url, "SELECT number FROM casecore_migrations ORDER BY number")]


def triggers(url: str) -> list[str]:
    of = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY 1",
        "postgres": "SELECT tgname::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1",
    }
    return [name for (name,) in ask(url, of[kind_of(url)])]


NEWEST: Final = {kind: len(migrations(f"adapters.stores.{kind}")) for kind in ("sqlite", "postgres")}

OLD_WRITER: Final = """
import json, select, sys, time
from datetime import UTC, datetime
from adapters.testing.opened import open_desk
from support.old_programs import forget_what_is_new
from casecore import Catalogue, CompleteStep, Receipt

url, case, last, pause = sys.argv[1:]
forget_what_is_new(int(last), setattr)
at, appends = datetime(2026, 3, 4, tzinfo=UTC), []
with open_desk(url, district="510107", catalogue=Catalogue([])) as engine:
    engine.file(case)
    print("ready", flush=True)
    while not select.select([sys.stdin], [], [], 0)[0]:
        step = CompleteStep(case=case, by="x", at=at, name=f"w{len(appends)}", command_id=f"{case}-{len(appends)}")
        began = time.monotonic()
        assert isinstance(engine.handle(step), Receipt)
        appends.append((began, time.monotonic()))
        time.sleep(float(pause))
print(json.dumps(appends))
"""


class Append(NamedTuple):
    """When it was begun and when it was acknowledged, by the machine's monotonic clock."""

    began: float
    done: float

    @property
    def milliseconds(self) -> float:
        return (self.done - self.began) * 1000


class Writer:
    """A process that knows only the old migrations, and appends until it is told to stop."""

    def __init__(self, url: str, case: str, pause: float) -> None:
        self.case = case
        self._process = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", OLD_WRITER, url, case, str(OLD), str(pause)],
            cwd=Path(adapters.__file__).parents[1],
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def wait_until_ready(self) -> None:
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def stop(self) -> list[Append]:
        out, err = self._process.communicate("stop\n", timeout=60)
        assert self._process.returncode == 0, err
        return [Append(*each) for each in json.loads(out)]

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()


class Observed(NamedTuple):
    """What four writers saw of a migration."""

    during: list[Append]
    others: list[Append]
    seconds: float
    """How long the migration took, its waiting included."""

    @property
    def stall(self) -> float:
        return max(append.milliseconds for append in self.during)

    def __str__(self) -> str:
        usual = sorted(append.milliseconds for append in self.others)
        return (
            f"longest stall {self.stall:.0f} ms among {len(self.during)} appends during {self.seconds:.2f} s of migration;"
            f" longest ordinary append {usual[-1]:.0f} ms, median {usual[len(usual) // 2]:.1f} ms, of {len(usual)}"
        )


def observe(url: str, migrate: Callable[[], object], held: AbstractContextManager[object]) -> Observed:
    """Have four old programs write, migrate in the midst of it while the table is ``held`` for a while, and count."""
    before = ask(url, "SELECT position FROM casecore_heads")[0][0]
    # Without a pause, SQLite itself lets one of several writers wait for seconds: whoever asks first has the lock.
    pause = 0.01 if kind_of(url) == "sqlite" else 0.0
    writers = [Writer(url, f"c{n}", pause) for n in range(WRITERS)]
    try:
        for writer in writers:
            writer.wait_until_ready()
        time.sleep(0.5)
        with ThreadPoolExecutor(1) as other:
            with held:
                began = time.monotonic()
                migration = other.submit(migrate)
                if not isinstance(held, nullcontext):
                    time.sleep(HELD_SECONDS)
            migration.result(timeout=60)
            done = time.monotonic()
        time.sleep(0.5)
        appends = {writer.case: writer.stop() for writer in writers}
    finally:
        for writer in writers:
            writer.end()
    assert all(seen[0].done < began for seen in appends.values())
    assert any(seen[-1].began > done for seen in appends.values())
    whole_and_complete(url, before, {case: len(seen) for case, seen in appends.items()})
    everything = [append for seen in appends.values() for append in seen]
    during = [
        append for append in everything if append.began < done + AROUND_SECONDS and append.done > began - AROUND_SECONDS
    ]
    assert during
    return Observed(during, [append for append in everything if append not in set(during)], done - began)


def whole_and_complete(url: str, before: int, written: dict[str, int]) -> None:
    """The new program reads the old histories, and every append that was acknowledged."""
    with store_at(url).log(DISTRICT) as log:
        found = log.verify()
        assert (found.events, found.why) == (before + sum(written.values()), None)
        histories = log.histories([f"c{n}" for n in range(CASES)])
        assert len(histories) == CASES
        for case, history in histories.items():
            names = [getattr(fact.event, "name", None) for fact in history]
            old, new = names[: 1 + STEPS], names[1 + STEPS :]
            assert old == [None, *(f"s{n}" for n in range(STEPS))]
            assert new == [f"w{n}" for n in range(written.get(case, 0))]


# --- PostgreSQL ---


@contextmanager
def long_transaction(url: str) -> Iterator[None]:
    """Somebody's large import: it has written to the events and is not at its end."""
    with psycopg.connect(url) as connection:
        connection.execute("LOCK TABLE casecore_events IN ROW EXCLUSIVE MODE")
        yield


def carelessly(url: str) -> None:
    """The same migrations in one transaction that waits for its locks as long as it takes."""
    with psycopg.connect(url) as connection:
        for number, name, statements in migrations("adapters.stores.postgres")[OLD:]:
            for statement in statements:
                connection.execute(statement.encode())
            connection.execute("INSERT INTO casecore_migrations VALUES (%s, %s)", (number, name))


def watch_postgres(server: DatabaseServer, monkeypatch: pytest.MonkeyPatch) -> None:
    careful, careless = server.create_database(), ""
    try:
        with known_only(monkeypatch, OLD):
            fill(careful, CASES, STEPS)
        assert applied(careful) == [1, 2]
        careless = copied(server, careful)
        seen = observe(careful, lambda: migrate_store(careful), long_transaction(careful))
        control = observe(careless, lambda: carelessly(careless), long_transaction(careless))
        print(f"\nPostgreSQL {server.version}, {EVENTS} events, four writers, an import of {HELD_SECONDS} s: {seen}")
        print(f"control without lock_timeout: {control}")
        assert applied(careful) == applied(careless) == list(range(1, NEWEST["postgres"] + 1))
        assert seen.seconds > HELD_SECONDS  # it waited, and they did not
        assert control.stall > HELD_SECONDS * 500
        assert seen.stall < control.stall
    finally:
        for url in filter(None, (careful, careless)):
            server.drop_database(url)


def copied(server: DatabaseServer, url: str) -> str:
    """Another database that holds the same."""
    copy = server.create_database()
    server.drop_database(copy)
    name, original = (address.rpartition("/")[2].partition("?")[0] for address in (copy, url))
    ask(server.url(), f"CREATE DATABASE {name} TEMPLATE {original}")
    return copy


def test_four_processes_write_on_while_a_populated_postgresql_is_migrated_behind_a_long_import(
    postgres_server: DatabaseServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch_postgres(postgres_server, monkeypatch)


@pytest.mark.torture
def test_four_processes_write_on_while_a_durable_postgresql_is_migrated(
    postgres_bin: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with PostgresServer(postgres_bin) as server:
        for _ in range(5):
            watch_postgres(server, monkeypatch)


def test_a_migration_gives_up_where_a_table_stays_taken_and_says_so(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with known_only(monkeypatch, OLD):
        open_desk(postgres_url, district=DISTRICT, catalogue=CATALOGUE).close()
    monkeypatch.setattr("adapters.stores.postgres.schema.PATIENCE_SECONDS", 0.3)
    began = time.monotonic()
    with long_transaction(postgres_url), pytest.raises(Unavailable, match=r"0\.3 s in vain .* lock timeout"):
        migrate_store(postgres_url)
    assert time.monotonic() - began < 5
    assert applied(postgres_url) == [1, 2]
    assert [step.number for step in migrate_store(postgres_url)] == list(range(OLD + 1, NEWEST["postgres"] + 1))


# --- SQLite ---


def hold_the_file(url: str) -> None:
    """The same migrations in one transaction that takes its time."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, timeout=30)) as file:
        file.execute("BEGIN IMMEDIATE")
        for number, name, statements in migrations("adapters.stores.sqlite")[OLD:]:
            for statement in statements:
                file.execute(statement)
            file.execute("INSERT INTO casecore_migrations VALUES (?, ?)", (number, name))
        time.sleep(HELD_SECONDS)
        file.execute("COMMIT")


def test_four_processes_write_on_while_a_populated_sqlite_file_is_migrated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    careful, careless = (f"sqlite:///{tmp_path}/{name}.db" for name in ("careful", "careless"))
    with known_only(monkeypatch, OLD):
        fill(careful, CASES, STEPS)
    assert applied(careful) == [1, 2]
    shutil.copy(tmp_path / "careful.db", tmp_path / "careless.db")
    seen = observe(careful, lambda: migrate_store(careful), nullcontext())
    control = observe(careless, lambda: hold_the_file(careless), nullcontext())
    print(f"\nSQLite {sqlite3.sqlite_version}, {EVENTS} events, four writers: {seen}")
    print(f"control that holds the file for {HELD_SECONDS} s: {control}")
    assert applied(careful) == applied(careless) == list(range(1, NEWEST["sqlite"] + 1))
    assert control.stall > HELD_SECONDS * 500


# --- a killed migration ---

HALTING: Final = """
import sys, time
from adapters.stores import migrating
from adapters.opening import migrate_store

url, last, halt = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])

class Halting(tuple):
    def __iter__(self):
        for n, statement in enumerate((*super().__iter__(), "SELECT 1")):
            if n == halt:
                print("half way", flush=True)
                time.sleep(60)
            yield statement

known = migrating.migrations
migrating.migrations = lambda package: tuple(
    step._replace(statements=Halting(step.statements)) if step.number > last else step for step in known(package)
)
migrate_store(url)
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database."""
    return f"sqlite:///{tmp_path}/cases.db" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))


def kill_after(url: str, last: int, statements: int) -> None:
    """SIGKILL a process in the transaction of the first migration after ``last``, so many statements in."""
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-c", HALTING, url, str(last), str(statements)],
        cwd=Path(adapters.__file__).parents[1],
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "half way\n"
        program.kill()


def test_a_killed_migration_leaves_nothing_half_done_and_nobody_waiting(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with known_only(monkeypatch, OLD):
        fill(url, 1, 5)
        for done in (1, len(migrations(f"adapters.stores.{kind_of(url)}")[OLD].statements)):
            kill_after(url, OLD, done)
            assert (applied(url), triggers(url)) == ([1, 2], [])
            began = time.monotonic()
            fill_one_more(url, f"after {done}")
            assert time.monotonic() - began < 10
    assert [step.number for step in migrate_store(url)] == list(range(OLD + 1, NEWEST[kind_of(url)] + 1))
    assert triggers(url)
    with store_at(url).log(DISTRICT) as log:
        assert (log.verify().events, log.verify().why) == (8, None)


def fill_one_more(url: str, name: str) -> None:
    with open_desk(url, district=DISTRICT, catalogue=CATALOGUE) as engine:
        engine.handle(CompleteStep(case="c0", by=OFFICER, at=moment("03-05 09:00"), name=name))


# --- which program fits which database ---


def test_a_database_ahead_of_the_program_is_not_opened(url: str) -> None:
    open_desk(url, district=DISTRICT, catalogue=CATALOGUE).close()
    newest = NEWEST[kind_of(url)]
    ask(url, f"INSERT INTO casecore_migrations VALUES ({newest + 1}, 'of_tomorrow')")
    for way in (
        lambda: open_desk(url, district=DISTRICT, catalogue=CATALOGUE),
        lambda: open_tables(url, PROJECTIONS),
        lambda: migrate_store(url),
    ):
        with pytest.raises(Fault, match=f"the database is at migration {newest + 1}, this program knows {newest}"):
            way()


def test_the_command_prints_what_it_applied_and_the_second_time_that_there_is_nothing(tmp_path: Path) -> None:
    def ran() -> list[str]:
        command = [CASECORE, "migrate", "--store", "sqlite:///cases.db"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout.splitlines()

    assert ran() == [f"applied {step.number:04} {step.name}" for step in migrations("adapters.stores.sqlite")]
    assert ran() == ["nothing to apply"]


def test_the_body_of_a_function_is_one_statement() -> None:
    append_only = next(step for step in migrations("adapters.stores.postgres") if step.name == "append_only")
    assert [s for s in append_only.statements if "$$" in s and s.count("$$") != 2] == []
    assert any(s.startswith("CREATE FUNCTION") and s.endswith("$$") for s in append_only.statements)


# --- append-only on SQLite; on PostgreSQL see the roles ---

REFUSED: Final = (
    ("UPDATE casecore_events SET state = state", "casecore_events: UPDATE"),
    ("UPDATE OR REPLACE casecore_events SET position = 1", "casecore_events: UPDATE"),
    ("DELETE FROM casecore_events", "casecore_events: DELETE"),
    ("UPDATE casecore_receipts SET hash = hash", "casecore_receipts: UPDATE"),
    ("DELETE FROM casecore_receipts", "casecore_receipts: DELETE"),
    ("UPDATE casecore_heads SET position = position - 1", "casecore_heads: UPDATE"),
    ("UPDATE casecore_heads SET position = position + 1", "casecore_heads: UPDATE"),
    ("DELETE FROM casecore_heads", "casecore_heads: DELETE"),
)


@pytest.mark.parametrize(("statement", "named"), REFUSED)
def test_sqlite_refuses_to_change_what_is_written(tmp_path: Path, statement: str, named: str) -> None:
    url = f"sqlite:///{tmp_path}/cases.db"
    fill(url, 1, 2)
    with pytest.raises(sqlite3.IntegrityError, match=f"^{named} is refused"):
        ask(url, statement)
    for name in triggers(url):
        ask(url, f"DROP TRIGGER {name}")
    ask(url, statement)  # as it would be without them
