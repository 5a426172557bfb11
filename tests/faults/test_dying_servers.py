"""A PostgreSQL that is going, frozen or changed under a program: each of its answers has one of our names, in time."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from threading import Timer
from typing import Final

import psycopg
import pytest
from support.farewell import Farewell
from support.postgres_server import PostgresServer
from support.story import CATALOGUE

from adapters.district_engine import DistrictEngine, open_engine
from adapters.following import Followers
from adapters.open_tables import open_tables
from adapters.stores.postgres import bounded_connection
from adapters.stores.postgres.bounded_connection import BoundedConnection
from adapters.tables import Tables
from adapters.testing.world import note, receive
from casecore import CasecoreError, Conflict, Receipt, Recorded, Unavailable
from casecore.log import Batch
from projections.registry import PROJECTIONS

DISTRICT: Final = "510107"
CASE: Final = "C-1"
TRIES: Final = 5


def insist(act: Callable[[], object], errors: Counter[str]) -> object:
    """Do it until it goes through; what goes wrong is Unavailable, and nothing else."""
    for _ in range(TRIES):
        try:
            return act()
        except Unavailable:
            errors["Unavailable"] += 1
    raise AssertionError(errors)


# --- a server that goes in the middle of an answer ---


@pytest.fixture
def wire(postgres_url: str) -> Iterator[Farewell]:
    with Farewell(postgres_url) as opened:
        yield opened


@pytest.fixture
def engine(wire: Farewell) -> Iterator[DistrictEngine]:
    with open_engine(wire.url, district=DISTRICT, catalogue=CATALOGUE) as opened:
        assert isinstance(opened.handle(receive(CASE)), Receipt)
        yield opened


@pytest.fixture
def tables(engine: DistrictEngine, wire: Farewell) -> Iterator[Tables]:
    opened = open_tables(wire.url, PROJECTIONS)
    Followers([engine.log], opened).follow()
    yield opened
    opened.close()


def went_everywhere(wire: Farewell, act: Callable[[], object]) -> Counter[str]:
    """Let the server go in each of the answers an act takes, and see what comes of it."""
    act()
    before = wire.answers
    act()
    answers, errors = wire.answers - before, Counter[str]()
    assert answers > 0
    for number in range(answers):
        wire.arm(number)
        insist(act, errors)
        errors["gone"] += wire.disarm()
    assert errors["gone"] == answers
    return errors


@pytest.mark.filterwarnings("ignore:Exception ignored in.*ServerCursor")  # whose own CLOSE was not answered
def test_a_server_that_goes_in_the_middle_of_its_answer_to_an_append_loses_nothing(
    engine: DistrictEngine, wire: Farewell
) -> None:
    told: dict[str, Receipt] = {}

    def append() -> None:
        number = f"k{len(told)}"
        receipt = engine.handle(note(number, CASE, command_id=number))
        assert isinstance(receipt, Receipt)
        told[number] = receipt
        assert [entry.version for entry in engine.log.history(CASE)] == list(range(1, receipt.version + 1))
        assert engine.log.verify().why is None

    errors = went_everywhere(wire, append)
    assert engine.log.receipts([*told]) == told
    assert engine.file(CASE).version == len(told) + 1
    print(f"\n{len(told)} acknowledged, {dict(errors)}")  # noqa: T201 - the figures are to be seen


def test_two_errors_in_one_answer_are_told_by_the_first(engine: DistrictEngine, wire: Farewell) -> None:
    """What the statement came to says whether anything was written: a version that is taken is no dying server."""
    twin = engine.log.page(engine.log.head().position - 1, 1)[0]
    assert isinstance(twin, Recorded)
    batch = [Batch("twin", CASE, (twin.envelope._replace(command_id="twin"),))]
    with pytest.raises(Conflict):
        engine.log.append(batch)
    wire.arm(0)
    with pytest.raises(Conflict):
        engine.log.append(batch)
    assert wire.disarm()
    assert isinstance(engine.handle(note("goes on", CASE)), Receipt)


def test_a_server_that_goes_in_the_middle_of_an_answer_to_a_follower_leaves_the_rows_right(
    engine: DistrictEngine, wire: Farewell, tables: Tables
) -> None:
    followers = Followers([engine.log], tables)

    def follow() -> None:
        if followers.follow() == 0:
            engine.handle(note("more", CASE))
            followers.follow()

    errors = went_everywhere(wire, follow)
    insist(followers.follow, errors)
    assert tables.query("SELECT stream_version FROM case_facts") == [(engine.file(CASE).version,)]
    print(f"\n{dict(errors)}")  # noqa: T201 - the figures are to be seen


# --- a server that stands still ---


PROMISED_SECONDS: Final = 60.0
"""The longest wait for a silent server, over the fact tables too."""
SOON: Final = 0.4


@pytest.fixture
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence is asked after soon, and a connection waited for as short as psycopg knows; a statement may take as long."""
    monkeypatch.setattr(BoundedConnection, "silent_seconds", SOON)
    monkeypatch.setattr(bounded_connection, "CONNECT_SECONDS", 2)


def given_up(server: PostgresServer, asking: Callable[[], object]) -> float:
    """How long a frozen server is waited for; once it goes on, it answers."""
    with server.frozen():
        rescue = Timer(PROMISED_SECONDS + 10, server.kill)  # a hang is found, not waited out
        rescue.start()
        begun = time.monotonic()
        try:
            with pytest.raises(Unavailable):
                asking()
        finally:
            rescue.cancel()
        waited = time.monotonic() - begun
    asking()
    return waited


def followed(url: str) -> tuple[DistrictEngine, Tables]:
    engine, tables = open_engine(url, district=DISTRICT, catalogue=CATALOGUE), open_tables(url, PROJECTIONS)
    engine.handle(receive(CASE))
    Followers([engine.log], tables).follow()
    return engine, tables


def slow_and_frozen(server: PostgresServer) -> list[float]:
    """How long a follower and a query of the fact tables wait for a server that stands still."""
    engine, tables = followed(server.create_database())
    with engine, closing(tables):
        followers = Followers([engine.log], tables)
        asked = (followers.follow, lambda: tables.query("SELECT count(*) FROM case_facts"), tables.districts)
        waited = [given_up(server, asking) for asking in asked]
        engine.handle(note("goes on", CASE))
        assert followers.follow() == 1
    return waited


@pytest.mark.usefixtures("impatience")
def test_a_frozen_server_is_given_up_by_followers_and_tables_while_a_slow_one_is_waited_for(
    own_server: PostgresServer,
) -> None:
    assert max(slow_and_frozen(own_server)) < PROMISED_SECONDS / 4
    with closing(open_tables(own_server.create_database(), PROJECTIONS)) as tables:
        assert tables.query("SELECT 1 FROM pg_sleep(:seconds)", seconds=6 * SOON) == [(1,)]


@pytest.mark.torture
def test_a_frozen_server_is_given_up_by_followers_and_tables_within_a_minute(own_server: PostgresServer) -> None:
    waited = slow_and_frozen(own_server)
    print(f"\na frozen server was waited for {', '.join(f'{seconds:.1f}' for seconds in waited)} s")  # noqa: T201
    assert max(waited) < PROMISED_SECONDS


def test_an_answer_that_was_lost_is_not_waited_for_though_its_server_lives(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BoundedConnection, "silent_seconds", SOON)
    with Farewell(postgres_url) as wire, closing(open_tables(wire.url, PROJECTIONS)) as tables:
        tables.districts()
        wire.swallow(1)
        begun = time.monotonic()
        with pytest.raises(Unavailable, match="no answer"):
            tables.districts()
        assert time.monotonic() - begun < PROMISED_SECONDS / 4
        assert tables.districts() == []


# --- a schema that changes under prepared statements ---


ASKED: Final = 20
CHANGES: Final = (
    "ALTER TABLE casecore_receipts ALTER COLUMN stream TYPE varchar(500)",
    "ALTER TABLE casecore_tracking ALTER COLUMN notification_id TYPE numeric",
    "ALTER TABLE casecore_quarantine ALTER COLUMN reason TYPE varchar(5000)",
)


def test_a_column_whose_type_changes_under_prepared_statements_is_read_on(postgres_url: str) -> None:
    engine, tables = followed(postgres_url)
    with engine, closing(tables):
        receipt = engine.handle(note("first", CASE, command_id="k"))
        live = tables.live()
        assert live is not None
        reads: dict[str, Callable[[], object]] = {
            "receipts": lambda: engine.log.receipts(["k"]),
            "checkpoint": lambda: tables.checkpoint(live, DISTRICT),
            "quarantine": lambda: tables.quarantine(live, DISTRICT),
        }
        expected = {name: [read() for _ in range(ASKED)] for name, read in reads.items()}
        assert expected["receipts"][0] == {"k": receipt}
        failed = Counter[str]()
        with psycopg.connect(postgres_url, autocommit=True) as owner:
            for change in CHANGES:
                owner.execute(change.encode())
                for name, read in reads.items():
                    for number in range(ASKED):
                        try:
                            assert read() == expected[name][number]
                        except CasecoreError as error:
                            failed[f"{name}: {error}"] += 1
        assert failed == {}
        assert isinstance(engine.handle(note("goes on", CASE)), Receipt)
        assert Followers([engine.log], tables).follow() > 0
