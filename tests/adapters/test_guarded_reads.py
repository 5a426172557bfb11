"""A decision that only read another stream is made anew where that has moved: on every store, among threads and processes.

The controls show what gets in where a store is not told, or asks too early, what an append rests on.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from multiprocessing.connection import Connection
from threading import Barrier, BrokenBarrierError
from typing import Any, Final

import psycopg
import pytest
from eventsourcing.persistence import StoredEvent
from support.vandal import Vandal
from support.victims import Victim
from support.windows import LeaveWindow, StaffWindow, WindowLeft, list_windows

from adapters import ledger, open_engine
from adapters.district_engine import DistrictEngine
from adapters.last_seen import Seen
from adapters.stores.known import store_at
from adapters.stores.postgres import append
from adapters.stores.postgres.bounded_connection import BoundedConnection, Prepared, parameters
from adapters.testing.opened import beside
from adapters.testing.world import DISTRICT, SECONDS, A, B, batch
from casecore import Catalogue, Conflict, Engine, Reason, Receipt, Refused
from casecore.district import books_stream
from casecore.log import COMMON_BOUNDS, Batch, ClockBounds

ROUNDS: Final = 10
THREADS: Final = 8
PROCESSES: Final = 4
WAITING: Final = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%casecore_heads%'"

Appending = Callable[[Sequence[Batch], Mapping[str, int], int | None, ClockBounds], list[Receipt]]


def hall(url: str) -> DistrictEngine:
    return open_engine(url, district=DISTRICT, catalogue=Catalogue([]))


@pytest.fixture(autouse=True)
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    list_windows(monkeypatch.setattr)


@pytest.fixture
def engine(store_url: str) -> Iterator[DistrictEngine]:
    with hall(store_url) as opened:
        yield opened
        assert opened.log.verify().why is None


@pytest.fixture
def desks(store_url: str, engine: DistrictEngine) -> Iterator[tuple[Engine, Engine]]:
    """Two engines that know nothing of each other."""
    if not store_at(store_url).kept:
        yield engine, beside(engine)
        return
    with hall(store_url) as other:
        yield engine, other


def staff(engine: Engine, *windows: str) -> None:
    for window in windows:
        assert isinstance(engine.handle(StaffWindow(window=window, by="wang")), Receipt)


def leave(engine: Engine, window: str, stays: str) -> Receipt | Refused:
    return engine.handle(LeaveWindow(window=window, stays=stays, by="wang"))


def left(engine: Engine, *windows: str) -> int:
    """How many of the windows were left."""
    histories = engine.log.histories(windows)
    return sum(isinstance(histories[window][-1].event, WindowLeft) for window in windows)  # type: ignore[union-attr]


def unguarded(append: Appending) -> Appending:
    """A store that is not told what an append rests on."""
    return lambda batches, _, branch, bounds: append(batches, {}, branch, bounds)


# --- one desk overtaken by another ---


def overtaken(monkeypatch: pytest.MonkeyPatch, engine: Engine, *first: Callable[[], object]) -> list[int]:
    """Before each of its next appends somebody else acts; how many streams beside the books each append rests on."""
    append, waiting, appends = engine.log.append, list(first), list[int]()

    def late(batches: Sequence[Batch], reads: Mapping[str, int], branch: int | None, bounds: ClockBounds) -> list[Receipt]:
        appends.append(len(reads.keys() - {books_stream(engine.district)}))
        if waiting:
            waiting.pop(0)()
        return append(batches, reads, branch, bounds)

    monkeypatch.setattr(engine.log, "append", late)
    return appends


def test_what_rested_on_another_stream_is_decided_anew_once_that_has_moved(
    monkeypatch: pytest.MonkeyPatch, desks: tuple[Engine, Engine]
) -> None:
    here, there = desks
    staff(here, "1", "2")
    appends = overtaken(monkeypatch, here, lambda: leave(there, "2", "1"))
    assert leave(here, "1", "2") == Refused(Reason.WRONG_STAGE, "left", "2", "AskWhetherStaffed")
    assert left(there, "1", "2") == 1
    assert appends.count(1) >= 1


def test_what_rested_on_another_stream_goes_in_once_that_allows_it_again(
    monkeypatch: pytest.MonkeyPatch, desks: tuple[Engine, Engine]
) -> None:
    here, there = desks
    staff(here, "1", "2", "3")
    assert isinstance(leave(here, "2", "3"), Receipt)
    staff(there, "2")
    assert isinstance(leave(there, "3", "2"), Receipt)
    assert isinstance(leave(here, "1", "2"), Receipt), "which is remembered here as left"
    appends = overtaken(monkeypatch, here)
    staff(here, "3")
    assert isinstance(leave(here, "3", "2"), Receipt)
    assert appends == [0, 1], "what was read beside is remembered as it stands: nothing is lost once more"


def test_without_the_guard_both_leave(monkeypatch: pytest.MonkeyPatch, desks: tuple[Engine, Engine]) -> None:
    here, there = desks
    staff(here, "1", "2")
    overtaken(monkeypatch, here, lambda: leave(there, "2", "1"))
    monkeypatch.setattr(here.log, "append", unguarded(here.log.append))
    assert isinstance(leave(here, "1", "2"), Receipt)
    assert left(there, "1", "2") == 2


# --- threads ---


def leaving_at_once(monkeypatch: pytest.MonkeyPatch, desks: Sequence[Engine], *, guarded: bool) -> list[int]:
    """Eight threads, four at each of two windows, all of whom have decided before anybody appends; who left, by round."""
    gate, logs = Barrier(THREADS), {id(desk.log): desk.log for desk in desks}.values()

    def meeting(append: Appending) -> Appending:
        def meet(
            batches: Sequence[Batch], reads: Mapping[str, int], branch: int | None, bounds: ClockBounds
        ) -> list[Receipt]:
            with suppress(BrokenBarrierError):  # once all have met, each goes his way
                gate.wait(SECONDS)
                gate.abort()
            return append(batches, reads, branch, bounds)

        return meet

    found = []
    for n in range(ROUNDS):
        one, other = f"{n}-1", f"{n}-2"
        staff(desks[0], one, other)
        with monkeypatch.context() as patched, ThreadPoolExecutor(THREADS) as pool:
            gate.reset()
            for log in logs:
                patched.setattr(log, "append", meeting(log.append if guarded else unguarded(log.append)))
            jobs = [
                pool.submit(leave, desks[k // 2 % 2], *((one, other) if k % 2 else (other, one))) for k in range(THREADS)
            ]
            answers = [job.result() for job in jobs]
        found.append(left(desks[0], one, other))
        assert sum(isinstance(answer, Receipt) for answer in answers) == found[-1]
    return found


def test_of_eight_threads_at_two_windows_one_leaves(monkeypatch: pytest.MonkeyPatch, desks: tuple[Engine, Engine]) -> None:
    assert leaving_at_once(monkeypatch, desks, guarded=True) == [1] * ROUNDS


def test_of_eight_threads_at_two_windows_both_windows_leave_without_the_guard(
    monkeypatch: pytest.MonkeyPatch, desks: tuple[Engine, Engine]
) -> None:
    assert leaving_at_once(monkeypatch, desks, guarded=False) == [2] * ROUNDS


# --- processes ---


class Asking:
    """A log's append that asks its driver before its first: by then the desk has decided."""

    def __init__(self, append: Appending, wire: Connection) -> None:
        self._append, self._wire, self._asked = append, wire, False

    def __call__(
        self, batches: Sequence[Batch], reads: Mapping[str, int], branch: int | None, bounds: ClockBounds
    ) -> list[Receipt]:
        if not self._asked:
            self._asked = True
            self._wire.send("decided")
            self._wire.recv()
        return self._append(batches, reads, branch, bounds)


def clerk(wire: Connection, url: str) -> None:
    """Leave one window after the other, each once all have decided."""
    list_windows()
    with hall(url) as engine:
        append = engine.log.append
        wire.send("ready")
        while True:
            window, stays, guarded = wire.recv()
            engine.log.append = Asking(append if guarded else unguarded(append), wire)  # type: ignore[method-assign]
            wire.send(isinstance(leave(engine, window, stays), Receipt))


@pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
def test_of_four_processes_at_two_windows_one_leaves_and_without_the_guard_both_windows(
    engine: DistrictEngine, store_url: str
) -> None:
    clerks = [Victim(clerk, store_url) for _ in range(PROCESSES)]
    with ExitStack() as stack:
        for one in clerks:
            stack.callback(one.end)
        assert {one.hear() for one in clerks} == {"ready"}
        for n in range(2 * ROUNDS):
            guarded, windows = n % 2 == 0, (f"{n}-1", f"{n}-2")
            staff(engine, *windows)
            for number, one in enumerate(clerks):
                one.wire.send((*windows[:: 1 if number % 2 else -1], guarded))
            assert {one.hear() for one in clerks} == {"decided"}
            for one in clerks:
                one.wire.send("go on")
            assert sum(one.hear() for one in clerks) == left(engine, *windows) == (1 if guarded else 2)


# --- PostgreSQL: an append that waits for the head has a snapshot from before it waited ---


def looking_early() -> Prepared:
    """The guarded append as it would be if the statement itself looked where the streams stand."""
    early = b"""NOT EXISTS (
        SELECT FROM unnest($15, $16) AS r (stream, version)
        WHERE r.version <> (SELECT count(*) FROM casecore_events AS e WHERE e.log = held.log AND e.originator_id = r.stream)
    )"""
    sql = append.GUARDED.sql.replace(b"casecore_assert_standing(held.log, $15, $16)", early)
    assert sql != append.GUARDED.sql
    return append.GUARDED._replace(name=b"early", sql=sql)


@pytest.mark.parametrize(
    ("statement", "written"), [(append.GUARDED, False), (looking_early(), True)], ids=["guarded", "control"]
)
def test_what_was_written_while_an_append_waited_for_the_head_is_seen(
    postgres_url: str,
    monkeypatch: pytest.MonkeyPatch,
    statement: Prepared,
    written: bool,  # noqa: FBT001
) -> None:
    monkeypatch.setattr(append, "GUARDED", statement)
    with (
        store_at(postgres_url).log(DISTRICT) as log,
        closing(psycopg.connect(postgres_url, autocommit=True)) as watching,
        ThreadPoolExecutor(1) as pool,
    ):
        log.append([batch("k1", A, 0, "one")])
        with closing(BoundedConnection.connect(postgres_url, **parameters(postgres_url))) as session:
            session.execute("BEGIN")
            event = StoredEvent(A, 2, "x", b"{}")
            asked = ledger.Appending([event], [b"a digest"], [], [], Seen(epoch=1), COMMON_BOUNDS)
            session.run(*append.append_statement(DISTRICT, log.ledger.clock(), asked))
            rests = pool.submit(log.append, [batch("k2", B, 0, "one")], {A: 1})
            while not watching.execute(WAITING).fetchall()[0][0]:
                assert not rests.done()
            session.commit()
        assert was_written(rests) is written
        assert log.versions([A, B]) == ({A: 2, B: 1} if written else {A: 2})


def was_written(future: Future[Any]) -> bool:
    try:
        return bool(future.result(SECONDS))
    except Conflict:
        return False


# --- a store that was set back under a running engine ---


@pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
def test_a_store_set_back_under_an_engine_is_read_again_and_no_stream_gets_a_gap(
    engine: DistrictEngine, store_url: str
) -> None:
    staff(engine, "1", "2")
    head = engine.log.head()
    (recorded_at,) = {row.recorded_at for row in engine.log.ledger.rows(1, 1)}
    assert isinstance(leave(engine, "1", "2"), Receipt)
    staff(engine, "1")
    with closing(Vandal(store_url)) as vandal:
        for table in ("casecore_events", "casecore_receipts"):
            vandal.run(f"DELETE FROM {table} WHERE position > ?", head.position)  # noqa: S608
        vandal.run(
            "UPDATE casecore_heads SET position = ?, hash = ?, recorded_at = ?",
            head.position, bytes.fromhex(head.hash), recorded_at,
        )  # fmt: skip
    assert isinstance(leave(engine, "1", "2"), Receipt)
    assert [fact.version for fact in engine.history("1")] == [1, 2]
