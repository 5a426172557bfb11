"""Positions, versions, time; and an append is everything or nothing."""

# ruff: noqa: D102, PLR2004, S101 - these are tests: they assert, their names are their sentences, their figures expected

import itertools
import time
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from adapters.district_engine import DistrictEngine
from adapters.district_log import DistrictLog
from adapters.evidence.chain import genesis
from adapters.testing.opened import Opened
from adapters.testing.world import (
    DISTRICT,
    A,
    B,
    C,
    Contents,
    accept,
    batch,
    carried,
    contents,
    every_fact,
    moment,
    receive,
    route,
)
from casecore import ClockAhead, Conflict, Head
from casecore.log import COMMON_BOUNDS, EPOCH, MICROSECOND, Batch

__all__ = ["Appending"]


class Appending(Opened):
    """What an append leaves behind."""

    def test_an_empty_log_stands_at_zero_with_its_districts_own_hash(self, log: DistrictLog) -> None:
        assert contents(log) == Contents([], Head(0, genesis(DISTRICT).hex()), {}, {})

    def test_positions_run_from_one_without_gaps_in_commit_order(self, engine: DistrictEngine) -> None:
        receipts = carried(engine, receive(A), receive(B), accept(B), accept(A), route(A))
        assert [receipt.position for receipt in receipts] == [1, 2, 3, 4, 7]
        facts = engine.log.page(0, 100)
        assert [fact.position for fact in facts] == [1, 2, 3, 4, 5, 6, 7]
        assert [fact.stream for fact in facts] == [A, B, B, A, A, A, A]

    def test_versions_run_from_one_within_each_case(self, engine: DistrictEngine) -> None:
        receipts = carried(engine, receive(A), receive(B), accept(B), accept(A), route(A))
        assert [receipt.version for receipt in receipts] == [1, 1, 2, 2, 5]
        assert [fact.version for fact in engine.history(A)] == [1, 2, 3, 4, 5]
        assert [fact.version for fact in engine.history(B)] == [1, 2]

    def test_an_append_leaves_no_gap_after_one_that_failed(self, log: DistrictLog) -> None:
        log.append([batch("k1", A, 0, "one")])
        with pytest.raises(Conflict):
            log.append([batch("k2", B, 0, "one", "two", "three"), batch("k3", A, 0, "again")])
        (receipt,) = log.append([batch("k4", B, 0, "one")])
        assert receipt.position == 2

    def test_recorded_at_grows_with_every_append_and_is_one_instant_within_it(self, log: DistrictLog) -> None:
        for n in range(50):
            log.append([batch(f"a{n}", A, 2 * n, "one", "two"), batch(f"b{n}", B, n, "three")])
        instants = [fact.recorded_at for fact in every_fact(log)]
        appends = [set(instants[n : n + 3]) for n in range(0, 150, 3)]
        assert all(len(append) == 1 for append in appends)
        order = [append.pop() for append in appends]
        assert all(earlier < later for earlier, later in itertools.pairwise(order))

    def test_recorded_at_grows_even_while_the_clock_of_the_machine_goes_back(
        self, log: DistrictLog, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        log.append([batch("k0", A, 0, "one")])
        clock = itertools.count(time.time_ns(), -60_000_000_000)
        monkeypatch.setattr(time, "time_ns", lambda: next(clock))
        for n in range(1, 5):
            log.append([batch(f"k{n}", A, n, "one more")])
        instants = [fact.recorded_at for fact in every_fact(log)]
        assert all(earlier < later for earlier, later in itertools.pairwise(instants))

    def test_a_clock_too_far_ahead_of_the_last_fact_writes_nothing_unless_it_is_admitted(
        self, log: DistrictLog, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        log.append([batch("k0", A, 0, "one")])
        head, later = log.head(), time.time_ns() + 32 * 86_400_000_000_000
        monkeypatch.setattr(time, "time_ns", lambda: later)
        with pytest.raises(ClockAhead):
            log.append([batch("k1", A, 1, "ahead"), batch("k2", B, 0, "ahead")])
        with pytest.raises(ClockAhead):
            log.check_clock(COMMON_BOUNDS)
        assert (log.head(), log.versions([A, B]), log.receipts(["k1", "k2"])) == (head, {A: 1}, {})
        admitted = COMMON_BOUNDS._replace(admitted=later // 1000)
        log.check_clock(admitted)
        log.append([batch("k1", A, 1, "ahead")], bounds=admitted)
        assert every_fact(log)[-1].recorded_at == EPOCH + later // 1000 * MICROSECOND

    def test_what_is_recorded_behind_the_logs_time_notes_what_the_clock_said(
        self, log: DistrictLog, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        log.append([batch("k0", A, 0, "one")])
        now = time.time_ns()
        for n, behind in enumerate((9, 11), 1):
            monkeypatch.setattr(time, "time_ns", lambda minutes=behind: now - minutes * 60_000_000_000)
            log.append([batch(f"k{n}", A, n, "behind")])
        first, second, third = every_fact(log)
        assert (first.envelope.clock, second.envelope.clock) == (None, None)
        assert third.envelope.clock is not None
        assert timedelta(minutes=10) < third.recorded_at - third.envelope.clock < timedelta(minutes=12)

    def test_recorded_at_is_the_present_and_occurred_at_what_the_command_says(self, engine: DistrictEngine) -> None:
        before = engine.now()
        carried(engine, receive(when="2025-03-03 09:00"))
        (fact,) = engine.history(A)
        assert before - timedelta(seconds=1) <= fact.recorded_at <= engine.now() + timedelta(seconds=1)
        assert fact.occurred_at == moment("2025-03-03 09:00")

    def test_an_instant_is_kept_with_the_offset_of_the_district(self, engine: DistrictEngine) -> None:
        carried(engine, replace(receive(), at=datetime.fromisoformat("2025-03-03T23:30:00+00:00")))
        (fact,) = engine.history(A)
        assert fact.occurred_at.isoformat() == "2025-03-04T07:30:00+08:00"
        assert fact.occurred_at.date() == date(2025, 3, 4)

    def test_an_append_of_nothing_changes_nothing(self, log: DistrictLog) -> None:
        log.append([batch("k1", A, 0, "one")])
        before = contents(log)
        assert log.append([]) == []
        assert contents(log) == before

    @pytest.mark.parametrize(
        "second",
        [
            pytest.param(batch("k2", A, 0, "another"), id="a taken version"),
            pytest.param(batch("k2", A, 0, "another", "and a free one"), id="a taken version before a free one"),
            pytest.param(batch("k1", B, 1, "another"), id="a taken command id"),
            pytest.param(batch("k3", C, 0, "another"), id="a command id twice in one append"),
            pytest.param(batch("k2", B, 0, "another"), id="a version twice in one append"),
        ],
    )
    def test_an_append_with_something_taken_in_it_writes_nothing(self, log: DistrictLog, second: Batch) -> None:
        log.append([batch("k1", A, 0, "one")])
        before = contents(log)
        for both in (batch("k3", B, 0, "good"), second), (second, batch("k3", B, 0, "good")):
            with pytest.raises(Conflict):
                log.append(both)
            assert contents(log) == before

    def test_the_same_append_without_what_was_taken_is_written(self, log: DistrictLog) -> None:
        log.append([batch("k1", A, 0, "one")])
        first, second = log.append([batch("k3", B, 0, "good"), batch("k2", A, 1, "another")])
        assert (first.position, second.position) == (2, 3)
        assert contents(log).versions == {A: 2, B: 1}
