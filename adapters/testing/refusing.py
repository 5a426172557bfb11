"""What is not to be written, whether the rules or the door refuse it."""

# ruff: noqa: D102, S101 - these are tests: they assert, their names are their sentences, their figures expected

from dataclasses import replace
from datetime import datetime

import pytest

from adapters.district_engine import DistrictEngine
from adapters.testing.opened import Opened
from adapters.testing.world import CLERK, A, B, accept, carried, contents, note, receive, route
from casecore import BadInput, CaseCommand, Reason, Refused, WithdrawCase

__all__ = ["Refusing"]


class Refusing(Opened):
    """A log that stays as it was."""

    @pytest.mark.parametrize(
        ("command", "reason"),
        [
            (receive(B, item="NONE"), Reason.UNKNOWN_ITEM),
            (receive(A), Reason.WRONG_STAGE),
            (route(A), Reason.WRONG_STAGE),
            (accept("nobody"), Reason.UNKNOWN_CASE),
            (accept(A, "2999-01-01 09:00"), Reason.IN_THE_FUTURE),
        ],
        ids=lambda value: value.name if isinstance(value, Reason) else "",
    )
    def test_what_the_rules_refuse_is_not_written(
        self, engine: DistrictEngine, command: CaseCommand, reason: Reason
    ) -> None:
        carried(engine, receive(A))
        before = contents(engine.log)
        for _ in range(2):
            refused = engine.handle(command)
            assert isinstance(refused, Refused)
            assert (refused.reason, refused.case, refused.command) == (reason, command.case, type(command).__name__)
        assert contents(engine.log) == before

    @pytest.mark.parametrize(
        "command",
        [
            pytest.param(note("a\x00b"), id="NUL"),
            pytest.param(note("a\ud800b"), id="lone surrogate"),
            pytest.param(note("e\u0301"), id="not NFC"),
            pytest.param(note("\u202eevil"), id="bidi control"),
            pytest.param(replace(note("naive"), at=datetime(2025, 3, 3, 9)), id="naive instant"),  # noqa: DTZ001
            pytest.param(note("naive", started_at=datetime(2025, 3, 3, 9)), id="naive instant within"),  # noqa: DTZ001
            pytest.param(WithdrawCase(case=A, by=CLERK, reason="x" * 70 * 1024), id="70 KiB"),
            pytest.param(WithdrawCase(case=A, by=CLERK, reason="件" * 25 * 1024), id="75 KiB in few characters"),
            pytest.param(note("no case", case=""), id="empty case id"),
            pytest.param(note("long case", case="x" * 201), id="long case id"),
            pytest.param(note("bad case", case="a\x00"), id="NUL in the case id"),
            pytest.param(note("empty id", command_id=""), id="empty command id"),
            pytest.param(note("bad id", command_id="a\ud800"), id="surrogate in the command id"),
            pytest.param(note("bad correlation", correlation_id="a\x00"), id="NUL in the correlation id"),
            pytest.param(note("bad cause", causation_id="x" * 201), id="long causation id"),
        ],
    )
    def test_what_the_door_keeps_out_is_not_written(self, engine: DistrictEngine, command: CaseCommand) -> None:
        carried(engine, receive(A))
        before = contents(engine.log)
        with pytest.raises(BadInput):
            engine.handle(command)
        with pytest.raises(BadInput):
            engine.handle_many((receive(B), command))
        assert contents(engine.log) == before

    def test_what_just_fits_through_the_door_is_written(self, engine: DistrictEngine) -> None:
        reason = "x" * 65_000
        carried(engine, receive(A), WithdrawCase(case=A, by=CLERK, reason=reason))
        assert engine.file(A).closing == engine.history(A)[-1].event
        assert engine.file(A).closing.reason == reason  # type: ignore[union-attr]

    def test_one_command_id_twice_in_one_call_is_bad_input_and_nothing_is_written(self, engine: DistrictEngine) -> None:
        carried(engine, receive(A))
        before = contents(engine.log)
        with pytest.raises(BadInput, match="command_id"):
            engine.handle_many((note("one", command_id="k1"), note("two", command_id="k1")))
        assert contents(engine.log) == before
