"""One SQLite file, several writers: who waits comes next, and a rebuild lets others in after each slice."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final

import pytest
from eventsourcing.persistence import OperationalError
from support.followed import LIVES, A, World, rows_of

from adapters import pace
from adapters.following import follow, rebuild
from adapters.pace import Pace
from adapters.stores.sqlite import files, locks
from adapters.stores.sqlite.datastore import LedgerDatastore
from adapters.stores.sqlite.locks import Turnstile, held
from adapters.tables import CaseRows

GREEDY_TIMES: Final = 60
MANY: Final = {f"{case}-{n}": events for n in range(6) for case, events in LIVES.items()}


@pytest.fixture
def file(tmp_path: Path) -> str:
    """A file with our schema, and no locks of ours beside it yet."""
    with closing(LedgerDatastore(f"{tmp_path}/cases.db")) as datastore:
        datastore.migrate()
    return f"{tmp_path}/cases.db"


def eventually(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.001)


def overtaken(file: str, waits: Callable[[], bool]) -> int:
    """How often somebody greedy writes, who never rests, from when another begins to wait until that one has written."""
    order: list[str] = []
    entered = Event()

    def patient() -> None:
        with closing(LedgerDatastore(file)) as mine:
            entered.set()
            with mine.transaction(commit=True):
                order.append("patient")

    waiting = Thread(target=patient)
    with closing(LedgerDatastore(file)) as greedy:
        with greedy.transaction(commit=True):
            waiting.start()
            entered.wait()
            eventually(waits)
        for _ in range(GREEDY_TIMES):
            with greedy.transaction(commit=True):
                order.append("greedy")
                time.sleep(0.005)
    waiting.join()
    return order.index("patient") if "patient" in order else GREEDY_TIMES


def taken(file: str) -> bool:
    with held(file, "turn") as free:
        return not free


def test_nobody_writes_twice_while_another_waits(file: str) -> None:
    assert overtaken(file, lambda: taken(file)) == 0


def test_without_a_turnstile_who_just_wrote_writes_again_and_again(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Turnstile, "_queued_at", lambda _: None)
    began = time.monotonic()
    assert overtaken(file, lambda: time.monotonic() > began + 0.05) > 3


def test_who_stopped_while_next_in_line_is_not_waited_for_long(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "COURTESY_SECONDS", 0.05)
    with held(file, "turn") as mine, closing(LedgerDatastore(file)) as datastore:
        assert mine
        with datastore.transaction(commit=True) as cursor:
            cursor.execute("CREATE TABLE written (x)")


@pytest.mark.parametrize("others", ["write", "hold the lock", "have stopped"])
def test_who_waits_does_so_as_long_as_somebody_writes(file: str, monkeypatch: pytest.MonkeyPatch, others: str) -> None:
    monkeypatch.setattr(locks, "COURTESY_SECONDS", 1.0)
    begun = Event()

    def wait() -> None:
        with closing(LedgerDatastore(file)) as mine, mine.transaction(commit=True):
            begun.set()

    with held(file, "turn") as mine, closing(sqlite3.connect(file, isolation_level=None)) as other:
        assert mine
        other.execute("CREATE TABLE written (x)")
        if others == "hold the lock":
            other.execute("BEGIN IMMEDIATE")
        waiting = Thread(target=wait)
        waiting.start()
        for _ in range(20):
            time.sleep(0.1)
            if others == "write":
                other.execute("INSERT INTO written VALUES (1)")
        assert begun.is_set() is (others == "have stopped")
    waiting.join()


def test_who_never_comes_to_write_says_that_the_file_is_locked(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in (("COURTESY_SECONDS", 0.1), ("LOCK_TIMEOUT_SECONDS", 0.3)):
        monkeypatch.setattr(locks, name, seconds)
    monkeypatch.setattr(files, "LOCK_TIMEOUT_SECONDS", 0.2)
    with held(file, "turn") as mine, closing(sqlite3.connect(file, isolation_level=None)) as other:
        assert mine
        other.execute("BEGIN IMMEDIATE")
        with (
            closing(LedgerDatastore(file)) as datastore,
            pytest.raises(OperationalError, match="database is locked"),
            datastore.transaction(commit=True),
        ):
            pass


def test_where_no_lock_file_can_be_made_sqlite_s_own_lock_does(file: str) -> None:
    Path(f"{file}-turn").unlink()
    Path(f"{file}-turn").mkdir()
    for _ in range(2):
        with closing(LedgerDatastore(file)) as datastore, datastore.transaction(commit=True) as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS written (x)")


def test_a_lock_file_lets_in_whoever_may_write_to_the_store(tmp_path: Path) -> None:
    file = tmp_path / "shared.db"
    file.touch(0o664)
    file.chmod(0o664)
    with closing(LedgerDatastore(str(file))) as datastore:
        datastore.migrate()
    assert Path(f"{file}-turn").stat().st_mode & 0o777 == 0o664


def test_who_comes_by_a_link_queues_where_all_others_do(file: str, tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(file)
    with held(str(tmp_path / "link.db"), "making") as mine, held(file, "making") as another:
        assert (mine, another) == (True, False)


# --- Slices ---


def test_what_is_written_in_one_transaction_fits_the_time_others_can_wait() -> None:
    found = Pace(5000, alone=True)
    assert found.size == pace.LEAST
    found.took(pace.HELD_SECONDS / 10)
    assert found.size == 2 * pace.LEAST
    for _ in range(20):
        found.took(0.001)
    assert found.size == 5000
    found.took(pace.HELD_SECONDS * 4)
    assert found.size == 1250
    for _ in range(20):
        found.took(60)
    assert found.size == pace.LEAST
    several = Pace(5000, alone=False)
    several.took(60)
    assert several.size == 5000


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_rebuild_lets_a_waiting_window_in_after_each_slice(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "LEAST", 4)
    monkeypatch.setattr(pace, "HELD_SECONDS", 0.0)  # never more than the least
    world.happened(MANY)
    window = LedgerDatastore(world.url.removeprefix("sqlite:///"))
    tables, let_in, sizes = world.again(), [], []
    insert = tables._insert

    def beside() -> None:
        with window.transaction(commit=True):
            let_in.append(len(sizes))

    def slowly(cursor: Any, generation: Any, cases: list[CaseRows]) -> None:
        waiting.append(Thread(target=beside))
        waiting[-1].start()
        eventually(lambda: taken(window.pool.db_name))
        insert(cursor, generation, cases)
        sizes.append(len(cases))

    waiting: list[Thread] = []
    monkeypatch.setattr(tables, "_insert", slowly)
    rebuild(world.logs, tables)
    for thread in waiting:
        thread.join()
    window.close()

    assert max(sizes) <= 4
    assert len(sizes) > len(MANY) // 4
    assert let_in == list(range(1, len(sizes) + 1))  # each before the next slice
    assert world.rows() == rows_of({A: MANY})


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_who_follows_much_at_once_does_it_in_small_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "LEAST", 4)
    monkeypatch.setattr(pace, "HELD_SECONDS", 0.0)
    world.engine()
    follow(world.logs, world.tables)
    world.happened(LIVES)
    pages: list[int] = []

    follow(world.logs, world.tables, pages.append)

    assert max(pages) == 4
    assert world.rows() == rows_of({A: LIVES})
