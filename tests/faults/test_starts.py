"""Programs that all start at once, of one version or two: the tables are made once, and nobody ends."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest
from support.oracle import DISTRICT, opened
from support.postgres_server import DatabaseServer, PostgresServer
from support.vandal import Vandal
from support.victims import Victim, rebuild_slowly, received, start

from adapters import generations as made
from adapters.following import follow
from adapters.opening import open_store

DISTRICTS: Final = (DISTRICT, "510115", "510116")
SECONDS: Final = 570.0


def generations(url: str) -> list[tuple[int, int]]:
    """Each generation ever begun, and how it stands: 1 is what the views show, -1 was dropped."""
    with closing(Vandal(url)) as asked:
        return [(a, b) for a, b in asked.run("SELECT generation, live FROM casecore_tables ORDER BY generation")]


def all_start(url: str, count: int, later: int) -> list[int]:
    """So many programs start at once, the last ``later`` of them of a newer version; the cases each found."""
    began = time.monotonic()
    versions = [n >= count - later for n in range(count)]
    started = [Victim(start, url, DISTRICTS[n % len(DISTRICTS)], later) for n, later in enumerate(versions)]
    try:
        for one in started:
            assert one.hear(SECONDS) == "ready"
        for one in started:
            one.wire.send("go")
        found = [one.hear(SECONDS) for one in started]  # what failed says so
    finally:
        for one in started:
            one.kill()
            one.wire.close()
    kind = url.partition(":")[0]
    print(f"{kind}: {count} starts at once, {later} newer: 0 ended, {generations(url)}; {time.monotonic() - began:.0f} s")  # noqa: T201
    return found


def watch_starts(url: str, count: int) -> None:
    """First start, upgrade, and two versions beside each other, on one store."""
    found = all_start(url, count, 0)
    assert len(found) == count
    assert generations(url) == [(1, 1)]
    all_start(url, count, count // 2)  # the older half goes on, or follows nothing
    assert generations(url) == [(1, -1), (2, 1)]
    all_start(url, count, count)
    assert generations(url) == [(1, -1), (2, 1)]
    with closing(Vandal(url)) as asked:
        ((cases,),) = asked.run("SELECT count(*) FROM case_facts")
        ((recorded,),) = asked.run("SELECT count(*) FROM casecore_receipts WHERE substr(command_id, 1, 8) = 'receive-'")
        assert cases == recorded == 3 * count


@pytest.fixture
def roomy_server(postgres_bin: Path) -> Iterator[PostgresServer]:
    """A server that lets in as many as come."""
    with PostgresServer(postgres_bin, durable=False, connections=1500) as server:
        yield server


@pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
def test_programs_that_start_at_once_make_the_tables_once_and_none_ends(store_url: str) -> None:
    watch_starts(store_url, 6)


@pytest.mark.torture
def test_two_hundred_programs_start_at_once_on_sqlite(tmp_path: Path) -> None:
    watch_starts(f"sqlite:///{tmp_path}/cases.db", 200)


@pytest.mark.torture
def test_two_hundred_programs_start_at_once_on_postgresql(roomy_server: DatabaseServer) -> None:
    watch_starts(roomy_server.create_database(), 200)


@pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
def test_a_killed_rebuild_keeps_nobody_waiting_and_leaves_nothing(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(made, "KEPT_SECONDS", 0.0)  # a day has passed
    with opened(store_url) as engine:
        for n in range(4):
            engine.handle(received(f"case-{n}"))
    victims = 0
    for _ in range(3):
        victim = Victim(rebuild_slowly, store_url)
        assert victim.hear() == "ready"  # it has the claim, and some of its rows are in
        victim.kill()
        victim.wire.close()
        victims += 1
        with open_store(store_url) as store:
            follow(store.logs, store.tables)
            until = time.monotonic() + 30
            while store.tables.left_behind() and time.monotonic() < until:  # a server takes a moment to see it die
                follow(store.logs, store.tables)
    print(f"{victims} rebuilds killed: {generations(store_url)}")  # noqa: T201
    assert [live for _, live in generations(store_url)] == [-1, 1, -1, -1]
