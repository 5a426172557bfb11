"""Threads of one process share commits: each gets its own answer, whoever carried it."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from types import NoneType
from typing import Final

import pytest
from eventsourcing.persistence import IntegrityError, OperationalError, StoredEvent
from support.story import CATALOGUE, CLERK, moment

from adapters.district_engine import DistrictEngine
from adapters.ledger import Appended, LedgerRecorder, ReceiptRow, Standing
from adapters.testing.opened import open_desk
from casecore import Conflict, Receipt, StepCompleted, Unavailable
from casecore.log import COMMON_BOUNDS, Batch, ClockBounds
from casecore.recorded import Envelope

DISTRICT: Final = "510107"
SECONDS: Final = 20


class Gate:
    """A ledger whose first append waits until it is told to go on; counts the appends."""

    def __init__(self, ledger: LedgerRecorder) -> None:
        self._append = ledger.append
        self.reached, self.open = Event(), Event()
        self.sizes: list[int] = []
        self.trouble: list[BaseException] = []

    def append(
        self,
        events: Sequence[StoredEvent],
        receipts: Sequence[ReceiptRow],
        reads: Sequence[Standing] = (),
        branch: int | None = None,
        bounds: ClockBounds = COMMON_BOUNDS,
    ) -> Appended:
        self.sizes.append(len(receipts))
        if len(self.sizes) == 1:
            self.reached.set()
            assert self.open.wait(SECONDS)
        if self.trouble:
            raise self.trouble.pop()
        return self._append(events, receipts, reads, branch, bounds)


@pytest.fixture
def engine(store_url: str) -> Iterator[DistrictEngine]:
    with open_desk(store_url, district=DISTRICT, catalogue=CATALOGUE) as opened:
        yield opened
        assert opened.log.verify().why is None


@pytest.fixture
def gate(engine: DistrictEngine, monkeypatch: pytest.MonkeyPatch) -> Gate:
    made = Gate(engine.log.ledger)
    monkeypatch.setattr(engine.log.ledger, "append", made.append)
    return made


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(16) as pool:
        yield pool


def step(case: str, version: int, command_id: str) -> Batch:
    fact = StepCompleted(at=moment("2025-03-03 11:00"), by=CLERK, name="scan")
    return Batch(command_id, case, (Envelope(case, version, fact, command_id),))


def queued(
    engine: DistrictEngine, gate: Gate, threads: ThreadPoolExecutor, batches: Sequence[Batch]
) -> list[Future[list[Receipt]]]:
    """The first append is under way, the others have queued up behind it."""
    first = threads.submit(engine.log.append, [batches[0]])
    assert gate.reached.wait(SECONDS)
    others = [threads.submit(engine.log.append, [batch]) for batch in batches[1:]]
    wait_until(lambda: len(engine.log._commits._queue) == len(others))
    gate.open.set()
    return [first, *others]


def wait_until(true: Callable[[], bool]) -> None:
    pause = Event()
    for _ in range(SECONDS * 1000):
        if true():
            return
        pause.wait(0.001)
    raise AssertionError("it did not come to that")


def test_what_queues_up_behind_an_append_shares_the_next(
    engine: DistrictEngine, gate: Gate, threads: ThreadPoolExecutor
) -> None:
    batches = [step(f"case-{n}", 1, f"k{n}") for n in range(9)]
    receipts = [future.result()[0] for future in queued(engine, gate, threads, batches)]
    assert gate.sizes == [1, 8]
    assert sorted(receipt.position for receipt in receipts) == list(range(1, 10))
    assert len({receipt.hash for receipt in receipts}) == 2
    for receipt, fact in zip(sorted(receipts, key=lambda r: r.position), engine.follow(), strict=True):
        assert (fact.stream, fact.position, fact.envelope.command_id) == (
            receipt.stream,
            receipt.position,
            receipt.command_id,
        )
    assert engine.log.receipts([batch.command_id for batch in batches]) == {r.command_id: r for r in receipts}


def test_a_taken_version_is_the_trouble_of_its_own_thread_only(
    engine: DistrictEngine, gate: Gate, threads: ThreadPoolExecutor
) -> None:
    batches = [step("case-0", 1, "k0"), step("case-1", 1, "k1"), step("case-0", 1, "late"), step("case-2", 1, "k2")]
    futures = queued(engine, gate, threads, batches)
    assert [future.exception() is None for future in futures] == [True, True, False, True]
    assert gate.sizes == [1, 3, 1, 1, 1]
    assert engine.log.head().position == 3


def test_two_of_one_case_never_share_a_commit(engine: DistrictEngine, gate: Gate, threads: ThreadPoolExecutor) -> None:
    batches = [step("other", 1, "k0"), step("case", 1, "k1"), step("case", 1, "k2"), step("case", 1, "k3")]
    answers = [type(future.exception()).__name__ for future in queued(engine, gate, threads, batches)]
    assert sorted(answers) == ["Conflict", "Conflict", "NoneType", "NoneType"]
    assert gate.sizes == [1, 1, 1, 1]


def test_an_append_without_an_answer_leaves_none_to_any_of_its_threads(
    engine: DistrictEngine, gate: Gate, threads: ThreadPoolExecutor
) -> None:
    gate.trouble = [OperationalError("cut"), IntegrityError("for the first")]
    futures = queued(engine, gate, threads, [step(f"case-{n}", 1, f"k{n}") for n in range(4)])
    assert [type(future.exception()).__name__ for future in futures] == ["Conflict", *["Unavailable"] * 3]


def test_a_thread_that_is_stopped_while_it_carries_others_leaves_them_none(
    engine: DistrictEngine, gate: Gate, threads: ThreadPoolExecutor
) -> None:
    gate.trouble = [KeyboardInterrupt(), IntegrityError("for the first")]
    futures = queued(engine, gate, threads, [step(f"case-{n}", 1, f"k{n}") for n in range(4)])
    assert sorted(type(future.exception()).__name__ for future in futures[1:]) == [
        "KeyboardInterrupt",
        "Unavailable",
        "Unavailable",
    ]
    assert engine.log.append([step("case-9", 1, "k9")])[0].position == 1  # the next goes on


def test_a_thread_that_is_stopped_after_a_conflict_leaves_the_others_none(
    engine: DistrictEngine, gate: Gate, threads: ThreadPoolExecutor
) -> None:
    gate.trouble = [KeyboardInterrupt(), IntegrityError("for all together"), IntegrityError("for the first")]
    futures = queued(engine, gate, threads, [step(f"case-{n}", 1, f"k{n}") for n in range(4)])
    assert sorted(type(future.exception()).__name__ for future in futures[1:]) == [
        "KeyboardInterrupt",
        "Unavailable",
        "Unavailable",
    ]


def test_no_more_than_a_bound_is_carried_along(
    monkeypatch: pytest.MonkeyPatch, engine: DistrictEngine, gate: Gate, threads: ThreadPoolExecutor
) -> None:
    monkeypatch.setattr("adapters.group_commit.MOST_EVENTS", 3)
    for future in queued(engine, gate, threads, [step(f"case-{n}", 1, f"k{n}") for n in range(8)]):
        future.result()
    assert gate.sizes == [1, 3, 3, 1]


def test_who_gives_up_waiting_leaves_nothing_for_others_to_write(
    engine: DistrictEngine, gate: Gate, threads: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine.log._commits._turn, "_seconds", 0.1)
    first = threads.submit(engine.log.append, [step("case-0", 1, "k0")])
    assert gate.reached.wait(SECONDS)
    with pytest.raises(Unavailable, match="other threads still write"):
        engine.log.append([step("case-1", 1, "k1")])
    gate.open.set()
    assert first.result()[0].position == 1
    assert engine.log.append([step("case-2", 1, "k2")])[0].position == 2
    assert engine.log.receipts(["k1"]) == {}


def test_a_store_that_is_away_is_waited_for_once_and_not_by_each_in_turn(
    engine: DistrictEngine, gate: Gate, threads: ThreadPoolExecutor
) -> None:
    gate.trouble = [OperationalError("away")]
    futures = queued(engine, gate, threads, [step("case", 1, f"k{n}") for n in range(5)])
    assert [type(future.exception()).__name__ for future in futures] == ["Unavailable"] * 5
    assert gate.sizes == [1]


# --- what appends rest on ---


def resting(
    engine: DistrictEngine,
    gate: Gate,
    threads: ThreadPoolExecutor,
    appends: Sequence[tuple[Batch, dict[str, int]]],
) -> list[bool]:
    """The first is under way, the others have queued up behind it in this order; whether each was written."""
    first = threads.submit(engine.log.append, [step("first", 1, "k0")])
    assert gate.reached.wait(SECONDS)
    futures = []
    for number, (batch, reads) in enumerate(appends, 1):
        futures.append(threads.submit(engine.log.append, [batch], reads))
        wait_until(lambda number=number: len(engine.log._commits._queue) == number)
    gate.open.set()
    first.result()
    for future in futures:
        assert isinstance(future.exception(), Conflict | NoneType)
    return [future.exception() is None for future in futures]


def test_those_that_rest_on_one_stream_share_a_commit(
    engine: DistrictEngine, gate: Gate, threads: ThreadPoolExecutor
) -> None:
    appends = [(step(f"case-{n}", 1, f"k{n}"), {"rule": 0, "first": 1}) for n in range(1, 5)]
    assert resting(engine, gate, threads, appends) == [True] * 4
    assert gate.sizes == [1, 4]


def test_two_that_each_rest_on_what_the_other_writes_never_share_a_commit(
    engine: DistrictEngine, gate: Gate, threads: ThreadPoolExecutor
) -> None:
    appends = [(step("a", 1, "k1"), {"b": 0}), (step("b", 1, "k2"), {"a": 0})]
    assert sorted(resting(engine, gate, threads, appends)) == [False, True]
    assert gate.sizes == [1, 1, 1]
    assert engine.log.head().position == 2


@pytest.mark.parametrize("order", [1, -1])
def test_who_rests_on_a_stream_does_not_ride_with_who_writes_it(
    engine: DistrictEngine, gate: Gate, threads: ThreadPoolExecutor, order: int
) -> None:
    writes, rests = (step("first", 2, "k1"), {}), (step("a", 1, "k2"), {"first": 1})
    written = resting(engine, gate, threads, [writes, rests][::order])
    assert gate.sizes == [1, 1, 1]
    assert written[::order][0], "who rests on nothing"
    assert engine.log.head().position == 1 + sum(written)
    positions = {fact.stream: fact.position for fact in engine.follow() if fact.envelope.command_id != "k0"}
    assert "a" not in positions or positions["a"] < positions["first"], "as if there had been no company"


def test_what_rests_on_what_has_moved_is_the_trouble_of_its_own_thread_only(
    engine: DistrictEngine, gate: Gate, threads: ThreadPoolExecutor
) -> None:
    appends = [(step(f"case-{n}", 1, f"k{n}"), {"first": 0 if n == 2 else 1}) for n in range(1, 5)]
    assert resting(engine, gate, threads, appends) == [True, False, True, True]
    assert gate.sizes == [1, 4, 1, 1, 1, 1]


def test_one_stream_read_at_two_versions_is_right_for_one_of_them_at_most(
    engine: DistrictEngine, gate: Gate, threads: ThreadPoolExecutor
) -> None:
    appends = [(step("a", 1, "k1"), {"first": 1}), (step("b", 1, "k2"), {"first": 2})]
    assert resting(engine, gate, threads, appends) == [True, False]
