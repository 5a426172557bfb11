"""A store that is lived in: windows, a clock, a keeper of tables and a reader on it, all the time, for long."""

from contextlib import closing
from pathlib import Path
from typing import Final

import psycopg
import pytest
from support.oracle import DISTRICT, opened
from support.soaking import Lived, live
from support.victims import received

from adapters.evidence.note import make_key
from adapters.following import follow, rebuild
from adapters.open_tables import open_tables
from adapters.verifying import take_checkpoint, verify
from casecore import Receipt
from projections.registry import PROJECTIONS

WINDOWS: Final = 3
SECONDS: Final = 1200
CHECKPOINT_EVERY: Final = 60
"""Seconds, roughly."""
MOST_CONNECTIONS: Final = 2 * (WINDOWS + 3) + 6
"""Two for each program and the pool of whoever takes the checkpoint."""
GROWTH: Final = 1.5
"""What memory may grow to from the second quarter on; the files of cases that are remembered are bounded."""
ROOM: Final = 60 * 1024
"""KiB."""


class Beside:
    """What is done and counted from outside while programs live on a store."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url, self._key, self._folder = url, folder / "soak.key", folder
        make_key(self._key)
        self.seconds, self.checkpoints, self.connections, self.waiting = 0, 0, 0, 0

    def __call__(self) -> None:
        self.seconds += 1
        if self._url.startswith("postgres"):
            with psycopg.connect(self._url, autocommit=True) as asked:
                found = asked.execute(
                    "SELECT count(*), count(*) FILTER (WHERE wait_event_type = 'Lock') FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                ).fetchone()
            assert found is not None
            self.connections, self.waiting = max(self.connections, found[0]), max(self.waiting, found[1])
        if self.seconds % CHECKPOINT_EVERY == 2:
            take_checkpoint(self._url, self._key, self._folder / "soak.checkpoint")
            self.checkpoints += 1


def told(one: Lived) -> str:
    early, late = _memory(one)
    return (
        f"{one.name}: {one.done} done, median {one.median_seconds * 1000:.1f} ms, 99 of 100 within"
        f" {one.slowest_percent_seconds * 1000:.0f} ms, longest {one.longest_seconds * 1000:.0f} ms, {one.retries} retries,"
        f" {early // 1024} MiB early, {late // 1024} MiB late"
    )


def _memory(one: Lived) -> tuple[int, int]:
    quarter = max(1, len(one.memory) // 4)
    return max(one.memory[quarter : 2 * quarter] or one.memory), max(one.memory[-quarter:])


def soak(url: str, folder: Path, seconds: float) -> None:
    with opened(url) as engine, closing(open_tables(url, PROJECTIONS)) as tables:
        assert isinstance(engine.handle(received("first")), Receipt)
        follow([engine.log], tables)
    beside = Beside(url, folder)
    lived = live(url, WINDOWS, seconds, beside)
    print(f"\n{url.partition(':')[0]}, {beside.seconds} s: {beside.checkpoints} checkpoints,", end=" ")  # noqa: T201
    print(f"at most {beside.connections} connections, {beside.waiting} of them waiting for a lock")  # noqa: T201
    for one in lived:
        print(f"  {told(one)}")  # noqa: T201
    with opened(url) as engine, closing(open_tables(url, PROJECTIONS)) as tables:
        acknowledged = {case: version for one in lived for case, version in one.cases.items()}
        assert engine.log.versions([*acknowledged]) == acknowledged, "what was acknowledged is there, and no more"
        head = engine.log.head().position
        assert [entry.position for entry in engine.follow()] == list(range(1, head + 1))
        follow([engine.log], tables)
        counted = "SELECT count(*), sum(stream_version), sum(closed) FROM case_facts"
        followed = tables.query(counted)
        rebuild([engine.log], tables)
        assert tables.query(counted) == followed
    assert verify(url)[DISTRICT].why is None
    assert len(acknowledged) > WINDOWS
    assert beside.connections <= MOST_CONNECTIONS
    assert all(late <= GROWTH * early + ROOM for early, late in map(_memory, lived))
    print(f"  {head} facts, {len(acknowledged)} cases, 0 lost, 0 doubled")  # noqa: T201


@pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
def test_programs_live_together_on_a_store(store_url: str, tmp_path: Path) -> None:
    soak(store_url, tmp_path, 4)


@pytest.mark.torture
@pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
def test_programs_live_together_on_a_store_for_twenty_minutes(store_url: str, tmp_path: Path) -> None:
    soak(store_url, tmp_path, SECONDS)
