"""A store behind pgbouncer: whole where a client keeps its session, and not opened where it does not."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from threading import Event
from typing import Final

import psycopg
import pytest
from support.pgbouncer import Pgbouncer
from support.story import CATALOGUE

from adapters.district_engine import open_engine
from adapters.following import follow
from adapters.opening import open_store
from adapters.testing.world import note, receive
from adapters.verifying import verify
from casecore import Fault, Receipt

DISTRICTS: Final = ("510107", "510108", "510109")
COMMANDS: Final = 40
OPENINGS: Final = 10
"""How often a program is started while others use the pooler."""
OTHERS: Final = 6


def write(url: str, district: str) -> list[Receipt]:
    """What one writer is told."""
    with open_engine(url, district=district, catalogue=CATALOGUE) as engine:
        answers = [engine.handle(receive("C-1")), *(engine.handle(note(f"{n}", "C-1")) for n in range(COMMANDS))]
    receipts = [answer for answer in answers if isinstance(answer, Receipt)]
    assert len(receipts) == len(answers)
    return receipts


def test_behind_session_pooling_writers_and_followers_are_whole(postgres_url: str) -> None:
    with Pgbouncer(postgres_url, "session") as pooler:
        with ThreadPoolExecutor() as threads:
            told = dict(zip(DISTRICTS, threads.map(lambda district: write(pooler.url, district), DISTRICTS), strict=True))
        with open_store(pooler.url) as store:
            follow(store.logs, store.tables)
            rows = store.tables.query("SELECT log, case_id, stream_version FROM case_facts ORDER BY log")
        walked = verify(pooler.url)
    assert rows == [(district, "C-1", COMMANDS + 1) for district in DISTRICTS]
    assert {district: one.first_bad_position for district, one in walked.items()} == dict.fromkeys(DISTRICTS)
    with open_store(postgres_url) as store:  # the server itself says so, too
        for engine in store.engines:
            kept = engine.log.receipts([receipt.command_id for receipt in told[engine.district]])
            assert [*kept.values()] == sorted(told[engine.district], key=lambda receipt: receipt.position)


@contextmanager
def others_use(url: str) -> Iterator[None]:
    """Other clients, each of which asks something again and again."""
    ended = Event()

    def ask() -> None:
        with psycopg.connect(url, autocommit=True, prepare_threshold=None) as connection:
            while not ended.is_set():
                connection.execute("SELECT 1")

    with ThreadPoolExecutor(OTHERS) as threads:
        asking = [threads.submit(ask) for _ in range(OTHERS)]
        try:
            yield
        finally:
            ended.set()
    assert [one.result() for one in asking] == [None] * OTHERS


@pytest.mark.parametrize("mode", ["transaction", "statement"])
@pytest.mark.parametrize("round_robin", [False, True], ids=["last first", "in turn"])
@pytest.mark.parametrize("busy", [False, True], ids=["alone", "among others"])
def test_a_pooler_that_changes_the_session_is_refused_by_name(
    postgres_url: str, mode: str, *, round_robin: bool, busy: bool
) -> None:
    with ExitStack() as stack:
        pooler = stack.enter_context(Pgbouncer(postgres_url, mode, round_robin=round_robin))
        if busy:
            stack.enter_context(others_use(pooler.url))
        for _ in range(OPENINGS):
            with pytest.raises(Fault, match=r"^127\.0\.0\.1: .*transaction pooling"):
                open_engine(pooler.url, district=DISTRICTS[0], catalogue=CATALOGUE)
    with psycopg.connect(postgres_url) as server:
        assert server.execute("SELECT to_regclass('casecore_events')").fetchall() == [(None,)]


def test_a_pooler_with_one_session_is_taken_for_one_that_keeps_it(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.stores.postgres.connections.POOLED_SECONDS", 0.5)
    with Pgbouncer(postgres_url, "session", sessions=1) as pooler:
        assert write(pooler.url, DISTRICTS[0])[-1].version == COMMANDS + 1
