"""What an append rests on is asserted with it: where streams stand that were only read, and that no stream gets a gap."""

# ruff: noqa: D102, PLR2004, S101 - these are tests: they assert, their names are their sentences, their figures expected

from collections.abc import Mapping, Sequence
from typing import Final

import pytest

from adapters.district_log import DistrictLog
from adapters.testing.opened import Opened
from adapters.testing.threads import at_once
from adapters.testing.world import A, B, C, batch, contents
from casecore import Conflict, Engine
from casecore.log import Batch

__all__ = ["Reads"]

ROUNDS: Final = 40
D: Final = "510107-2025-000004"


def appended(log: DistrictLog, batches: Sequence[Batch], reads: Mapping[str, int]) -> bool:
    """Whether it was written, and not too late."""
    try:
        log.append(batches, reads)
    except Conflict:
        return False
    return True


def skewed(logs: Sequence[DistrictLog], run: str, *, guarded: bool = True) -> list[int]:
    """How many begin a stream each, by round, of writers who may only do so while none of the others has begun his.

    Each looked before anybody began. Without the guard nothing says that he did.
    """
    found = []
    for n in range(ROUNDS):
        own = [f"{run}/{n}/{number}" for number in range(len(logs))]
        others = [{stream: 0 for stream in own if guarded and stream != mine} for mine in own]
        jobs = [
            lambda log=log, mine=mine, reads=reads: appended(log, [batch(mine, mine, 0, "alone")], reads)
            for log, mine, reads in zip(logs, own, others, strict=True)
        ]
        found.append(sum(at_once(*jobs)))
    return found


class Reads(Opened):
    """Whoever rests on what has moved meanwhile writes nothing."""

    @pytest.fixture
    def begun(self, log: DistrictLog) -> DistrictLog:
        """Two facts of A, one of B."""
        log.append([batch("b1", A, 0, "one", "two"), batch("b2", B, 0, "one")])
        return log

    @pytest.mark.parametrize(
        "reads",
        [{A: 2}, {B: 1}, {D: 0}, {A: 2, B: 1, D: 0}, {"一件事-☂": 0}],
        ids=["the last version", "another stream", "none", "all of them", "none, in any script"],
    )
    def test_what_rests_on_what_still_stands_is_written(self, begun: DistrictLog, reads: Mapping[str, int]) -> None:
        (first,) = begun.append([batch("k1", C, 0, "one")], reads)
        (second,) = begun.append([batch("k2", C, 1, "two")], reads)
        assert (first.position, second.position, second.version) == (4, 5, 2)
        assert begun.versions([A, B, C, D]) == {A: 2, B: 1, C: 2}

    @pytest.mark.parametrize(
        "reads",
        [{A: 1}, {A: 0}, {A: 3}, {D: 1}, {B: 1, A: 1}, {A: 2, B: 0}, {D: 0, A: 2, B: 2}],
        ids=["gone on", "begun", "set back", "gone", "one of two", "the other of two", "one of three"],
    )
    def test_what_rests_on_what_has_moved_is_a_conflict_and_writes_nothing(
        self, begun: DistrictLog, reads: Mapping[str, int]
    ) -> None:
        before = contents(begun)
        for batches in (
            [batch("k1", C, 0, "one")],
            [batch("k1", C, 0, "one"), batch("k2", D, 0, "two")],
            [batch("k1", C, 0, "one"), batch("k2", "other", 0, "two", "three")],
        ):
            with pytest.raises(Conflict, match="does not stand at version"):
                begun.append(batches, reads)
            assert contents(begun) == before
        (receipt,) = begun.append([batch("k1", C, 0, "one")])
        assert receipt.position == 4

    def test_the_first_append_of_a_log_rests_on_what_there_is_not_yet(self, log: DistrictLog) -> None:
        before = contents(log)
        with pytest.raises(Conflict):
            log.append([batch("k1", A, 0, "one")], {B: 1})
        assert contents(log) == before
        assert log.append([batch("k1", A, 0, "one")], {B: 0})[0].position == 1

    def test_what_an_append_goes_on_with_and_rests_on_as_well_stands_as_before_it(self, begun: DistrictLog) -> None:
        assert begun.append([batch("k1", A, 2, "three")], {A: 2, B: 1})[0].version == 3
        with pytest.raises(Conflict):
            begun.append([batch("k2", A, 3, "four")], {A: 4})

    def test_an_append_of_nothing_rests_on_nothing(self, begun: DistrictLog) -> None:
        before = contents(begun)
        assert begun.append([], {A: 99}) == []
        assert contents(begun) == before

    @pytest.mark.parametrize(
        "batches",
        [
            [batch("k1", A, 13, "fourteenth")],
            [batch("k1", D, 1, "second")],
            [batch("k1", A, 3, "fourth"), batch("k2", C, 0, "good")],
            [batch("k1", C, 0, "good"), batch("k2", B, 2, "third"), batch("k3", A, 2, "good")],
            [batch("k1", A, 2, "good"), batch("k2", B, 2, "third")],
        ],
        ids=["far above", "of no stream", "before a good one", "between good ones", "after a good one"],
    )
    def test_a_stream_is_never_gone_on_with_above_what_is_there(self, begun: DistrictLog, batches: Sequence[Batch]) -> None:
        before = contents(begun)
        for reads in ({}, {B: 1}):
            with pytest.raises(Conflict):
                begun.append(batches, reads)
            assert contents(begun) == before

    def test_of_two_desks_that_each_rest_on_the_other_writing_nothing_one_writes(self, desks: tuple[Engine, Engine]) -> None:
        here, there = (desk.log for desk in desks)
        assert isinstance(here, DistrictLog)
        assert isinstance(there, DistrictLog)
        assert skewed((here, there), "guarded") == [1] * ROUNDS
        assert skewed((here, there), "control", guarded=False) == [2] * ROUNDS, "both write what only one of them may"

    def test_of_eight_threads_that_each_rest_on_the_others_writing_nothing_one_writes(
        self, desks: tuple[Engine, Engine]
    ) -> None:
        logs = [log for desk in desks for log in [desk.log] * 4 if isinstance(log, DistrictLog)]
        assert skewed(logs, "guarded") == [1] * ROUNDS

    def test_threads_that_rest_on_a_stream_that_stands_hinder_nobody(self, begun: DistrictLog) -> None:
        jobs = [lambda n=n: appended(begun, [batch(f"k{n}", f"s{n}", 0, "one")], {A: 2, B: 1}) for n in range(8)]
        assert at_once(*jobs) == [True] * 8
