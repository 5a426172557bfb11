"""A province's districts in one store: its programs share their connections, and the server refuses one too many."""

# ruff: noqa: T201 - the figures are to be seen
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Final, NamedTuple

import psycopg
import pytest
from psycopg import sql
from support.postgres_server import DatabaseServer, PostgresServer
from support.story import CATALOGUE

from adapters.district_engine import open_engine
from adapters.following import follow
from adapters.opening import open_store
from adapters.reporting import Period, report
from adapters.testing.world import note, receive
from adapters.verifying import verify
from casecore import BadInput, Receipt

CASECORE: Final = Path(sys.executable).with_name("casecore")
MOST: Final = 8
"""Connections a program may have, unless its URL says something else."""
THREADS: Final = 12
PROGRAMS: Final = (("follow", "--once"), ("tick",), ("report",), ("verify",))
SECONDS: Final = 1500


class Login(NamedTuple):
    """Somebody whom the server gives so many connections and none more."""

    url: str
    server: str

    def allow(self, connections: int) -> None:
        with psycopg.connect(self.server, autocommit=True) as owner:
            name = sql.Identifier(self.url.rpartition("user=")[2])
            owner.execute(sql.SQL("ALTER ROLE {} CONNECTION LIMIT {}").format(name, sql.Literal(connections)))


@pytest.fixture
def login(postgres_server: DatabaseServer) -> Iterator[Login]:
    yield from logged_in(postgres_server)


@pytest.fixture
def own_login(own_server: PostgresServer) -> Iterator[Login]:
    """On a server of the test's own, at its default of 100 connections."""
    yield from logged_in(own_server)


def logged_in(server: DatabaseServer) -> Iterator[Login]:
    url, name = server.create_database(), f"hall_{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as owner:
        role, database = sql.Identifier(name), sql.Identifier(owner.info.dbname)
        owner.execute(sql.SQL("CREATE ROLE {} LOGIN").format(role))
        owner.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(database, role))
        owner.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(role))
    yield Login(f"{url}{'&' if '?' in url else '?'}user={name}", url)
    server.drop_database(url)
    with psycopg.connect(server.url(), autocommit=True) as owner:
        owner.execute(sql.SQL("DROP ROLE {}").format(role))


def named(count: int) -> list[str]:
    return [f"51{number:04}" for number in range(count)]


def write(url: str, districts: Sequence[str], writer: str, notes: int) -> list[tuple[str, Receipt]]:
    """One program: an engine for each district, a case in each, and threads that write to all; what was acknowledged."""
    with ExitStack() as stack:
        engines = [stack.enter_context(open_engine(url, district=code, catalogue=CATALOGUE)) for code in districts]
        with ThreadPoolExecutor(THREADS) as threads:
            case = f"C-{writer}"
            told = [*threads.map(lambda engine: (engine.district, engine.handle(receive(case))), engines)]
            for number in range(notes):
                told += threads.map(lambda e: (e.district, e.handle(note(f"{number}", case))), engines)  # noqa: B023
    receipts = [(district, answer) for district, answer in told if isinstance(answer, Receipt)]
    assert len(receipts) == len(told)
    return receipts


def run(url: str, *words: str) -> str:
    """One command of the command line, in a process of its own; how it ended."""
    command = [CASECORE, *words, "--store", url]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    return "" if ended.returncode == 0 else f"{' '.join(words)}: {ended.returncode}: {ended.stderr[-500:]}"


def written_elsewhere(url: str, writer: str) -> list[tuple[str, Receipt]]:
    """As :func:`write` in all 200 districts, by a process of its own."""
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        return process.submit(write, url, named(200), writer, 2).result()


def all_is_in(url: str, told: Sequence[tuple[str, Receipt]]) -> int:
    """How many acknowledgements the logs hold, which is all of them."""
    by_district: dict[str, dict[str, Receipt]] = {}
    for district, receipt in told:
        by_district.setdefault(district, {})[receipt.command_id] = receipt
    with open_store(url) as store:
        for engine in store.engines:
            wanted = by_district.pop(engine.district)
            assert engine.log.receipts([*wanted]) == wanted
            assert engine.log.verify().why is None
    assert by_district == {}
    return len(told)


@pytest.mark.parametrize(("connections", "districts"), [(2, 2), (MOST, MOST - 3)])
def test_the_engines_and_tables_of_many_districts_share_their_connections(
    login: Login, connections: int, districts: int
) -> None:
    login.allow(connections)
    url = login.url if connections == MOST else f"{login.url}&connections={connections}"
    told = write(url, named(districts), "w", 3)
    with open_store(url) as store:
        assert follow(store.logs, store.tables) > len(told)
        assert [engine.tick().unreadable for engine in store.engines] == [()] * len(store.engines)
        assert report(store.tables, Period(None, None, date(2026, 1, 1)))
        assert {one.why for one in verify(url).values()} == {None}  # opened beside it
    assert all_is_in(url, told) == len(told)


def test_control_the_server_refuses_one_connection_too_many(login: Login) -> None:
    login.allow(1)
    with psycopg.connect(login.url), pytest.raises(psycopg.OperationalError, match="too many connections"):
        psycopg.connect(login.url)


@pytest.mark.parametrize("said", ["0", "1", "65", "many", ""])
def test_a_number_of_connections_out_of_bounds_is_refused_at_the_door(said: str) -> None:
    with pytest.raises(BadInput, match="a number from 2 to 64"):
        open_engine(f"postgresql://hall@nowhere/cases?connections={said}", district="510107")


@pytest.mark.torture
def test_two_hundred_districts_are_reported_followed_ticked_and_verified_while_four_write(own_login: Login) -> None:
    districts, writers = named(200), 4
    own_login.allow(MOST)
    begun = time.monotonic()
    told = write(own_login.url, districts, "first", 0)
    alone = [run(own_login.url, *words) for words in PROGRAMS]
    print(f"\n200 districts, each program over {MOST} connections: {time.monotonic() - begun:.0f} s")
    assert alone == [""] * len(PROGRAMS)

    own_login.allow(-1)
    begun = time.monotonic()
    with ThreadPoolExecutor(writers + len(PROGRAMS)) as together:
        writing = [together.submit(written_elsewhere, own_login.url, f"w{n}") for n in range(writers)]
        running = [together.submit(run, own_login.url, *words) for words in PROGRAMS]
        told += [answer for one in writing for answer in one.result()]
        assert [one.result() for one in running] == [""] * len(PROGRAMS)
    acknowledged = all_is_in(own_login.url, told)
    print(f"with {writers} writers at once: {time.monotonic() - begun:.0f} s, {acknowledged} acknowledged, none missing")
