"""The same on every store, and every district by itself."""

# ruff: noqa: D102, PLR2004, S101 - these are tests: they assert, their names are their sentences, their figures expected

from adapters.district_engine import DistrictEngine
from adapters.evidence.chain import genesis
from adapters.testing.imports import imported
from adapters.testing.opened import Opened, open_desk
from adapters.testing.world import (
    BUILD,
    CATALOGUE,
    DISTRICT,
    NEIGHBOUR,
    A,
    B,
    C,
    Contents,
    accept,
    carried,
    contents,
    done,
    grant,
    receive,
    route,
    stored,
)
from casecore import NEW, Engine, Head, Reason, Refused, Stage, Visit

__all__ = ["Districts"]


def story_of_a_district(engine: Engine) -> None:
    """A few cases with everything that could differ between stores: scripts, ids, batches, imports, a conflict."""
    carried(
        engine,
        receive(A, command_id="k1", visit=Visit(visit="v1"), materials=("身份证", "Antrag äöü")),
        receive(B, "2025-03-03 09:30", command_id="k2", item=BUILD, correlation_id="一件事 1"),
        accept(A, command_id="k3", notice="受理通知书 1"),
    )
    done(
        engine.handle_many(
            (accept(B, command_id="k4"), route(A, command_id="k5"), route(B, command_id="k6", causation_id="k5"))
        )
    )
    carried(engine, grant("fire", "Fire", command_id="k7"), grant("health", "Health", command_id="k8"))
    assert isinstance(engine.handle(receive(C, command_id="k1")), Refused)
    carried(engine, grant("market", "Market", command_id="k9"), accept(A, command_id="k3", notice="受理通知书 1"))
    engine.record([imported(C, "i1", "收件", "审核"), imported(A, "i2", "late", continues=True)])


class Districts(Opened):
    """What is written depends neither on the store nor on the neighbours."""

    def test_the_same_history_has_the_same_bytes_digests_and_head_as_in_memory(self, engine: DistrictEngine) -> None:
        with open_desk("memory:", district=DISTRICT, catalogue=CATALOGUE) as memory:
            for hall in (engine, memory):
                story_of_a_district(hall)
            given = [f"k{n}" for n in range(10)] + ["i1", "i2"]
            rows = stored(memory.log)
            assert len(rows) > 15
            for here, there in zip(stored(engine.log), rows, strict=True):
                assert here == there
            assert engine.log.head() == memory.log.head()
            assert engine.log.receipts(given) == memory.log.receipts(given)

    def test_a_store_keeps_plain_bytes(self, engine: DistrictEngine) -> None:
        story_of_a_district(engine)
        for row in engine.log.ledger.rows(0, 10_000):
            assert [type(value) for value in row] == [int, str, int, str, bytes, bytes, int]

    def test_two_districts_in_one_database_have_positions_and_chains_of_their_own(
        self, neighbours: tuple[DistrictEngine, DistrictEngine]
    ) -> None:
        here, there = neighbours
        for n in range(3):
            carried(here, receive(f"{A}-{n}", command_id=f"k{n}"))
            carried(there, receive(f"{A}-{n}", command_id=f"k{n}"))
        assert [fact.position for fact in here.follow()] == [fact.position for fact in there.follow()] == [1, 2, 3]
        assert stored(here.log) == stored(there.log)
        assert here.log.head().hash != there.log.head().hash

    def test_two_districts_in_one_database_do_not_see_each_other(
        self, neighbours: tuple[DistrictEngine, DistrictEngine]
    ) -> None:
        here, there = neighbours
        carried(here, receive(A, command_id="k1"), accept(A))
        assert contents(there.log) == Contents([], Head(0, genesis(NEIGHBOUR).hex()), {}, {})
        assert there.file(A) == NEW
        assert there.log.histories([A]) == {}
        refused = there.handle(accept(A))
        assert isinstance(refused, Refused)
        assert refused.reason is Reason.UNKNOWN_CASE
        carried(there, receive(A, command_id="k1"))
        assert (here.file(A).stage, there.file(A).stage) == (Stage.IN_REVIEW, Stage.RECEIVED)
