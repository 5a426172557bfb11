"""Histories that were recorded elsewhere."""

# ruff: noqa: D102, PLR2004, S101 - these are tests: they assert, their names are their sentences, their figures expected

from typing import Any, Final

import pytest

from adapters.district_engine import DistrictEngine
from adapters.testing.opened import Opened
from adapters.testing.world import A, B, accept, carried, contents, noted, receive
from casecore import BadInput, History, Reason, Receipt, Refused, Source

__all__ = ["Imports", "imported"]

SOURCE: Final = Source("hall export", "cases.csv", 2)


def imported(case: str, command_id: str, *names: str, **rest: Any) -> History:  # noqa: ANN401 - any field of a history
    """So many steps that are told of one case."""
    return History(case, command_id, tuple(noted(name) for name in names), **{"source": SOURCE, **rest})


class Imports(Opened):
    """Imported histories, whole or not at all."""

    def test_imported_histories_are_recorded_as_they_are_in_one_append(self, engine: DistrictEngine) -> None:
        results = engine.record([imported(A, "k1", "one", "two"), imported(B, "k2", "three")])
        assert [(r.position, r.version) for r in results if isinstance(r, Receipt)] == [(2, 2), (3, 1)]
        assert {r.hash for r in results if isinstance(r, Receipt)} == {engine.log.head().hash}
        assert [fact.envelope.source for fact in engine.history(A)] == [SOURCE, SOURCE]

    def test_a_history_recorded_before_is_passed_over(self, engine: DistrictEngine) -> None:
        engine.record([imported(A, "k1", "one")])
        first, second = engine.record([imported(A, "k1", "one"), imported(B, "k2", "two")])
        assert first is None
        assert isinstance(second, Receipt)
        before = contents(engine.log)
        assert engine.record([imported(A, "k1", "one"), imported(B, "k2", "two")]) == [None, None]
        assert contents(engine.log) == before

    def test_a_history_that_continues_nothing_is_refused_and_the_others_are_recorded(self, engine: DistrictEngine) -> None:
        one, two, three = engine.record(
            [
                imported(A, "k1", "one", continues=True),
                imported(B, "k2", "two"),
                imported(B, "k3", "three", continues=True),
            ]
        )
        assert one == Refused(Reason.UNKNOWN_CASE, case=A, command="import")
        assert [(r.version, r.position) for r in (two, three) if isinstance(r, Receipt)] == [(1, 1), (2, 2)]
        assert engine.history(A) == []

    def test_an_import_is_seen_by_a_desk_that_remembers_the_case(self, engine: DistrictEngine) -> None:
        carried(engine, receive(A))
        engine.record([imported(A, "k1", "one", continues=True)])
        (receipt,) = carried(engine, accept(A))
        assert receipt.version == 3

    @pytest.mark.parametrize(
        "history",
        [
            pytest.param(imported(A, "k2", "a\x00b"), id="NUL in a fact"),
            pytest.param(imported("", "k2", "one"), id="empty case id"),
            pytest.param(imported("a\x00", "k2", "one"), id="NUL in the case id"),
            pytest.param(imported(A, "", "one"), id="empty command id"),
            pytest.param(imported(A, "a\x00", "one"), id="NUL in the command id"),
            pytest.param(imported(A, "a\ud800", "one"), id="surrogate in the command id"),
            pytest.param(imported(A, "k2", "one", source=Source("x", "a\udce4.csv", 1)), id="surrogate in the file"),
            pytest.param(imported(A, "k2", "one", source=Source("x\x00", "a.csv", 1)), id="NUL in the mapping's name"),
            pytest.param(imported(A, "k2", "x" * 70 * 1024), id="70 KiB"),
            pytest.param(imported(A, "k2"), id="no facts"),
        ],
    )
    def test_an_import_the_door_keeps_out_is_not_written(self, engine: DistrictEngine, history: History) -> None:
        carried(engine, receive(A, command_id="k1"))
        before = contents(engine.log)
        with pytest.raises(BadInput):
            engine.record([imported(B, "k3", "good"), history])
        assert contents(engine.log) == before

    def test_one_command_id_twice_in_one_import_is_bad_input_and_nothing_is_written(self, engine: DistrictEngine) -> None:
        before = contents(engine.log)
        with pytest.raises(BadInput, match="command_id"):
            engine.record([imported(A, "k1", "one"), imported(B, "k1", "two")])
        assert contents(engine.log) == before
