"""The wire to PostgreSQL is cut after every byte: what was acknowledged is in, once, and nothing hangs."""

# ruff: noqa: T201 - the figures are to be seen
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Final
from uuid import uuid4

import psycopg
import pytest
from support.dialogues import A_BATCH, a_batch, a_page, a_start, an_append, fact_rows, warm
from support.postgres_server import PostgresServer
from support.proxy import Cut, How, Proxy, Way
from support.story import CLERK, OFFICER, moment
from support.wire_driver import Dialogue, Driver, Tally

from adapters.following import Followers
from adapters.open_tables import open_tables
from adapters.stores.postgres import bounded_connection
from adapters.stores.postgres.bounded_connection import ANSWER_SECONDS, CONNECT_SECONDS, BoundedConnection
from adapters.tables import Tables
from casecore import AcceptCase, Conflict, Envelope, Receipt, StepCompleted, Unavailable
from casecore.log import Batch
from projections.registry import PROJECTIONS

LIMIT_SECONDS: Final = 2 * (CONNECT_SECONDS + ANSWER_SECONDS)
"""The longest wait of a call whose peer is silent: two tries, each of a connection and an answer that do not come."""
MARGIN_SECONDS: Final = 5.0
SOON: Final = 0.25
LEAST_CONNECT_SECONDS: Final = 2
"""psycopg waits no shorter for a connection."""
SEED: Final = 20260302
MANY: Final = 2000
LONG_SECONDS: Final = 0.03
"""About as long as a dialogue takes."""


# --- given: a server, a wire, a driver with its account ---


@pytest.fixture(scope="module")
def server(postgres_bin: Path) -> Iterator[PostgresServer]:
    with PostgresServer(postgres_bin, durable=True) as started:
        yield started


@pytest.fixture
def proxy(server: PostgresServer) -> Iterator[Proxy]:
    with Proxy("127.0.0.1", server.port) as opened:
        yield opened


@pytest.fixture
def driver(server: PostgresServer, proxy: Proxy) -> Iterator[Driver]:
    url = server.create_database()
    with Driver(url, proxy, "510107") as opened:
        yield opened
    server.drop_database(url)


@pytest.fixture
def tables(driver: Driver) -> Iterator[Tables]:
    """Fact tables behind the wire, made already."""
    made = open_tables(driver.url, PROJECTIONS)
    Followers([driver.direct.log], made).follow()
    made.close()
    opened = open_tables(driver.wired_url, PROJECTIONS)
    yield opened
    opened.close()


# --- then ---


def no_harm(tally: Tally, limit: float = LIMIT_SECONDS, *, writes: bool) -> None:
    assert tally.cuts > 0
    assert tally.checked > 0
    assert not tally.undeclared, tally.undeclared[:3]
    assert (tally.conflicts, tally.refusals) == (0, 0)
    assert tally.longest < limit + MARGIN_SECONDS
    if writes:
        assert tally.in_before > 0, "no cut fell between the commit and its answer"


def rows_are_right(driver: Driver) -> None:
    """The fact tables hold each case as far as its last receipt, and each visit once."""
    last = {receipt.stream: receipt.version for receipt in sorted(driver.told.values(), key=lambda r: r.position)}
    cases = driver.eye.execute("SELECT case_id, stream_version FROM case_facts").fetchall()
    visits = driver.eye.execute("SELECT case_id, visit FROM trip_facts").fetchall()
    assert sorted(cases) == sorted(last.items())
    assert sorted(visits) == sorted(driver.visits.items())


# --- the short set, and every byte ---

STRIDES: Final = {an_append: 7, a_batch: 61, a_page: 61, a_start: 311}


@pytest.mark.parametrize("dialogue", STRIDES, ids=lambda d: d.__name__)
def test_a_cut_wire_loses_doubles_and_disputes_nothing(driver: Driver, dialogue: Callable[[Driver], Dialogue]) -> None:
    tally = driver.cut_everywhere(dialogue(driver), STRIDES[dialogue])
    no_harm(tally, writes=dialogue in (an_append, a_batch))  # of an engine's start, few bytes lie behind the commit


def test_fact_rows_are_right_after_a_cut_wire(driver: Driver, tables: Tables) -> None:
    tally = driver.cut_everywhere(fact_rows(driver, tables), 97)
    no_harm(tally, writes=True)
    rows_are_right(driver)


@pytest.mark.torture
@pytest.mark.parametrize("dialogue", STRIDES, ids=lambda d: d.__name__)
def test_a_wire_cut_after_every_byte_loses_doubles_and_disputes_nothing(
    driver: Driver, dialogue: Callable[[Driver], Dialogue]
) -> None:
    tally = driver.cut_everywhere(dialogue(driver), 1)
    no_harm(tally, writes=dialogue is not a_page)


@pytest.mark.torture
def test_fact_rows_are_right_after_a_wire_cut_after_every_byte(driver: Driver, tables: Tables) -> None:
    tally = driver.cut_everywhere(fact_rows(driver, tables), 1)
    no_harm(tally, writes=True)
    rows_are_right(driver)


# --- a peer that goes silent ---


def silenced(driver: Driver, dialogue: Dialogue, way: Way, after: int, limit: float) -> None:
    """A peer goes silent in the middle: the call ends with a typed error, and once the peer is back the retry works."""
    prepared = dialogue.given()
    driver.proxy.arm(Cut(way, after, How.SILENCE))
    rescue = Timer(limit + MARGIN_SECONDS, driver.proxy.heal)  # a hang is found, not waited out
    rescue.start()
    try:
        with pytest.raises(Unavailable):
            driver.once(lambda: dialogue.call(prepared))
    finally:
        rescue.cancel()
        rescue.join()
        driver.tally.cuts += driver.proxy.disarm() is not None
        driver.proxy.heal()
    driver.hold(dialogue, prepared)


def silenced_at(driver: Driver, dialogue: Callable[[Driver], Dialogue], parts: int, limit: float) -> None:
    """The peer goes silent at so many places of a dialogue, each way."""
    held = dialogue(driver)
    driver.tally = Tally(f"a silent peer, {held.name}")
    length = driver.length(held)
    for way in Way:
        for part in range(parts):
            silenced(driver, held, way, length[way] * part // parts, limit)
    driver.check()
    print(f"\n{driver.tally}, at most {limit} s")
    no_harm(driver.tally, limit, writes=False)


@pytest.fixture
def impatience(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> float:
    """The limits of the engine behind the wire cut short; returns the longest wait they make."""
    monkeypatch.setattr(BoundedConnection, "answer_seconds", SOON)
    monkeypatch.setattr(bounded_connection, "CONNECT_SECONDS", LEAST_CONNECT_SECONDS)
    driver.wired.close()
    driver.wired = driver.open()
    return 2 * (LEAST_CONNECT_SECONDS + SOON)


SILENT: Final = (an_append, a_batch, a_page)


@pytest.mark.parametrize("parts", [1, pytest.param(64, marks=pytest.mark.torture)])
@pytest.mark.parametrize("dialogue", SILENT, ids=lambda d: d.__name__)
def test_a_silent_peer_is_given_up_in_time(
    driver: Driver, impatience: float, dialogue: Callable[[Driver], Dialogue], parts: int
) -> None:
    silenced_at(driver, dialogue, parts, impatience)


@pytest.mark.torture
def test_a_silent_peer_is_given_up_within_the_limits_of_the_product(server: PostgresServer) -> None:
    url = server.create_database()

    def one(number: int) -> None:
        with Proxy("127.0.0.1", server.port) as proxy, Driver(url, proxy, f"51010{number}") as driver:
            silenced_at(driver, SILENT[number], 2, LIMIT_SECONDS)

    with ThreadPoolExecutor() as threads:
        assert list(threads.map(one, range(len(SILENT)))) == [None] * len(SILENT)
    server.drop_database(url)


# --- backends that are terminated ---


@contextmanager
def terminated(driver: Driver, seconds: float) -> Iterator[None]:
    """Somebody terminates every backend of the driver's so long after the beginning, whatever they are at."""
    sql = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'wired'"

    def terminate() -> None:
        (found,) = driver.eye.execute(sql).fetchall()
        driver.tally.cuts += int(found[0])

    timer = Timer(seconds, terminate)
    timer.start()
    yield
    timer.join()


@pytest.mark.parametrize("dialogues", [60, pytest.param(MANY, marks=pytest.mark.torture)])
def test_terminated_backends_lose_and_double_nothing(driver: Driver, tables: Tables, dialogues: int) -> None:
    driver.tally = Tally(f"terminated backends, {dialogues} dialogues, seed {SEED}")
    chance = random.Random(SEED)  # noqa: S311 - a seed to run again
    followers = Followers([driver.wired.log], tables)
    for _ in range(dialogues):
        with terminated(driver, chance.uniform(0, LONG_SECONDS)):
            driver.ask(driver.notes(chance.choice((1, 1, A_BATCH))))
            if chance.random() < 1 / 2:
                driver.insist(followers.follow)
    driver.insist(followers.follow)
    driver.check()
    rows_are_right(driver)
    print(f"\n{driver.tally}")
    no_harm(driver.tally, writes=False)


# --- the write that is still under way when it is looked up ---


def acceptance(case: str) -> AcceptCase:
    """What can be done once only: done already, it would be refused."""
    return AcceptCase(case=case, by=CLERK, at=moment("03-02 11:00"), command_id=f"accept {case}")


def test_a_write_that_comes_in_while_it_is_looked_up_is_not_refused(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    *before, case = [driver.a_case(anew=True) for _ in range(6)]
    for each in before:
        driver.proxy.count()
        driver.ask([acceptance(each)])
    length = driver.proxy.carried()[Way.TO_SERVER]
    look_up = driver.wired.log.receipts

    with psycopg.connect(driver.url) as holder:
        # The append waits for the head row, whole at the server, when its wire breaks; it goes in once it was looked for.
        holder.execute("SELECT FROM casecore_heads WHERE log = %s FOR UPDATE", (driver.district,))

        def late(numbers: Sequence[str]) -> dict[str, Receipt]:
            found = look_up(numbers)
            holder.rollback()
            deadline = time.monotonic() + MARGIN_SECONDS
            while not driver.direct.log.receipts(numbers) and time.monotonic() < deadline:
                time.sleep(0.001)
            return found

        monkeypatch.setattr(driver.wired.log, "receipts", late)
        driver.proxy.arm(Cut(Way.TO_SERVER, length, How.FINISH))
        driver.ask([acceptance(case)])
        assert driver.proxy.disarm() is not None
    driver.check()


# --- controls: a client that does less is harmed by the same cuts ---


def cut_answers(driver: Driver, attempt: Callable[[str, int], None]) -> list[str]:
    """Cut the answer to appends made at the store itself; ``attempt`` gets a note to write, above a version."""
    names = []
    for after in range(0, 120, 10):
        (command,) = warm(driver, driver.notes(1))
        version = driver.direct.log.versions([command.case])[command.case]
        driver.proxy.arm(Cut(Way.TO_CLIENT, after, How.RESET))
        names.append(f"control {after}")
        attempt(names[-1], version)
        driver.proxy.disarm()
    return names


def written(driver: Driver, name: str, version: int) -> None:
    """Write a note with an id nobody knows."""
    fact = StepCompleted(at=moment("03-02 10:00"), by=OFFICER, name=name)
    number = uuid4().hex
    driver.wired.log.append([Batch(number, driver.case, (Envelope(driver.case, version + 1, fact, number),))])


def test_control_a_client_without_command_ids_doubles(driver: Driver) -> None:
    def attempt(name: str, _: int) -> None:
        driver.insist(lambda: written(driver, name, driver.direct.log.versions([driver.case])[driver.case]))

    names = cut_answers(driver, attempt)
    found = Counter(f.event.name for f in driver.direct.follow() if isinstance(f.event, StepCompleted))
    assert any(found[name] > 1 for name in names)
    with pytest.raises(AssertionError, match="doubled"):
        driver.check()


def test_control_a_client_that_takes_an_error_for_a_no_conflicts_with_itself(driver: Driver) -> None:
    conflicts = 0

    def attempt(name: str, version: int) -> None:
        nonlocal conflicts
        try:
            written(driver, name, version)
        except Unavailable:
            try:
                written(driver, name, version)
            except Conflict:
                conflicts += 1

    cut_answers(driver, attempt)
    assert conflicts > 0
