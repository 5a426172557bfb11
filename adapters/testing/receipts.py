"""Receipts, of one command or of several in one transaction."""

# ruff: noqa: D102, PLR2004, S101 - these are tests: they assert, their names are their sentences, their figures expected

from dataclasses import replace
from datetime import UTC

from adapters.district_engine import DistrictEngine
from adapters.testing.opened import Opened
from adapters.testing.world import (
    CLERK,
    A,
    B,
    C,
    accept,
    batch,
    carried,
    contents,
    done,
    every_fact,
    moment,
    note,
    receive,
    route,
)
from casecore import NEW, Engine, Reason, Refused, Visit, WithdrawCase

__all__ = ["Receipts"]


class Receipts(Opened):
    """A command is carried out once, however often it is given."""

    def test_a_receipt_says_where_the_facts_are_and_what_they_are(self, engine: DistrictEngine) -> None:
        first, second = carried(engine, receive(command_id="k1", visit=Visit(visit="v1")), accept(command_id="k2"))
        assert (first.command_id, first.stream, first.version, first.position) == ("k1", A, 2, 2)
        assert [type(event).__name__ for event in first.events] == ["CaseReceived", "TripMade"]
        assert (second.version, second.position, len(second.events)) == (3, 4, 1)  # at 3 stands the visit itself
        assert [fact.event for fact in engine.history(A)] == [*first.events, *second.events]
        assert len(bytes.fromhex(first.hash)) == 32
        assert first.hash != second.hash

    def test_a_retry_gets_the_first_receipt_and_writes_nothing(self, engine: DistrictEngine) -> None:
        command = receive(command_id="k1", visit=Visit(visit="v1"))
        first = done(engine.handle(command))
        carried(engine, accept(), receive(B))
        before = contents(engine.log)
        assert engine.handle(command) == first
        assert contents(engine.log) == before

    def test_a_retry_at_another_desk_gets_the_first_receipt(self, desks: tuple[Engine, Engine]) -> None:
        here, there = desks
        first = done(here.handle(receive(command_id="k1")))
        carried(here, accept())
        assert there.handle(receive(command_id="k1")) == first
        assert there.log.receipts(["k1"]) == {"k1": first}

    def test_a_retry_that_would_be_refused_by_now_still_gets_its_receipt(self, engine: DistrictEngine) -> None:
        first = done(engine.handle(receive(command_id="k1")))
        carried(engine, WithdrawCase(case=A, by=CLERK, reason="changed mind"))
        assert engine.handle(receive(command_id="k1")) == first

    def test_a_command_without_an_id_gets_one_of_its_own(self, engine: DistrictEngine) -> None:
        first, second = carried(engine, receive(A), receive(B))
        assert first.command_id
        assert first.command_id != second.command_id
        assert engine.log.carried_out([first.command_id, second.command_id]) == {first.command_id, second.command_id}

    def test_a_command_id_used_for_another_case_is_refused(self, engine: DistrictEngine) -> None:
        carried(engine, receive(A, command_id="k1"))
        before = contents(engine.log)
        refused = engine.handle(receive(B, command_id="k1"))
        assert refused == Refused(Reason.COMMAND_ID_REUSED, "k1", B, "ReceiveCase")
        assert contents(engine.log) == before

    def test_a_command_id_used_for_another_case_is_refused_even_where_the_rules_say_no(self, engine: DistrictEngine) -> None:
        carried(engine, receive(A, command_id="k1"))
        refused = engine.handle(accept(B, command_id="k1"))
        assert isinstance(refused, Refused)
        assert refused.reason is Reason.COMMAND_ID_REUSED

    def test_a_command_id_used_for_the_same_act_with_other_content_is_refused(self, engine: DistrictEngine) -> None:
        carried(engine, receive(A), note("scan", command_id="k1"))
        before = contents(engine.log)
        for other in (
            note("copy", command_id="k1"),
            note("scan", when="2025-03-03 11:01", command_id="k1"),
            replace(note("scan", command_id="k1"), by=CLERK),
        ):
            assert engine.handle(other) == Refused(Reason.COMMAND_ID_REUSED, "k1", A, "CompleteStep")
            assert engine.handle_many((receive(B, command_id="k2"), other)) == engine.handle(other)
        assert contents(engine.log) == before

    def test_a_retry_spelled_otherwise_gets_the_first_receipt(self, engine: DistrictEngine) -> None:
        carried(engine, receive(A))
        command = note("scan", command_id="k1", correlation_id="first try")
        first = done(engine.handle(command))
        spelled = replace(command, at=moment("2025-03-03 11:00").astimezone(UTC), correlation_id="second try")
        assert engine.handle(spelled) == first
        assert first.fingerprint is not None
        assert contents(engine.log).receipts["k1"] == first

    def test_what_was_written_without_a_fingerprint_answers_as_it_did(self, engine: DistrictEngine) -> None:
        carried(engine, receive(A))
        (first,) = engine.log.append([batch("k1", A, 1, "scan")])
        assert first.fingerprint is None
        assert engine.handle(note("copy", command_id="k1")) == first
        refused = engine.handle(accept(A, command_id="k1"))
        assert isinstance(refused, Refused)
        assert refused.reason is Reason.COMMAND_ID_REUSED

    def test_several_commands_of_several_cases_make_one_append(self, engine: DistrictEngine) -> None:
        receipts = done(engine.handle_many((receive(A), receive(B), accept(A), route(A), accept(B))))
        assert [receipt.position for receipt in receipts] == [1, 2, 3, 6, 7]
        assert [receipt.version for receipt in receipts] == [1, 1, 2, 5, 2]
        assert {receipt.hash for receipt in receipts} == {engine.log.head().hash}
        assert len({fact.recorded_at for fact in every_fact(engine.log)}) == 1

    def test_each_of_several_commands_has_a_receipt_of_its_own_facts(self, engine: DistrictEngine) -> None:
        commands = receive(A, command_id="k1"), receive(B, command_id="k2"), accept(A, command_id="k3")
        receipts = done(engine.handle_many(commands))
        assert engine.log.receipts(["k1", "k2", "k3"]) == {receipt.command_id: receipt for receipt in receipts}
        assert [type(receipt.events[0]).__name__ for receipt in receipts] == ["CaseReceived", "CaseReceived", "CaseAccepted"]

    def test_one_refusal_among_several_commands_and_nothing_is_written(self, engine: DistrictEngine) -> None:
        carried(engine, receive(A, command_id="k1"))
        before = contents(engine.log)
        refused = engine.handle_many((receive(B, command_id="k2"), accept(A, command_id="k3"), accept(A), receive(C)))
        assert isinstance(refused, Refused)
        assert (refused.reason, refused.case) == (Reason.WRONG_STAGE, A)
        assert contents(engine.log) == before
        assert engine.file(B) == NEW

    def test_several_commands_without_the_refused_one_are_carried_out(self, engine: DistrictEngine) -> None:
        carried(engine, receive(A, command_id="k1"))
        done(engine.handle_many((receive(B, command_id="k2"), accept(A, command_id="k3"), receive(C))))
        assert contents(engine.log).versions == {A: 2, B: 1, C: 1}

    def test_several_commands_of_which_some_were_done_keep_their_receipts(self, engine: DistrictEngine) -> None:
        (first,) = carried(engine, receive(A, command_id="k1"))
        receipts = done(engine.handle_many((receive(A, command_id="k1"), accept(A, command_id="k2"))))
        assert receipts[0] == first
        assert (receipts[1].version, receipts[1].position) == (2, 2)

    def test_several_commands_tried_again_get_the_same_receipts(self, engine: DistrictEngine) -> None:
        commands = receive(A, command_id="k1"), receive(B, command_id="k2"), accept(A, command_id="k3")
        first = done(engine.handle_many(commands))
        carried(engine, note("later"))
        before = contents(engine.log)
        assert engine.handle_many(commands) == first
        assert contents(engine.log) == before

    def test_no_commands_are_no_receipts(self, engine: DistrictEngine) -> None:
        before = contents(engine.log)
        assert engine.handle_many(()) == ()
        assert contents(engine.log) == before
