"""Pages, histories, versions, following, and files as they were."""

# ruff: noqa: D102, PLR2004, S101 - these are tests: they assert, their names are their sentences, their figures expected

from datetime import timedelta
from threading import Thread

import pytest

from adapters.district_engine import DistrictEngine
from adapters.testing.opened import Opened
from adapters.testing.world import CLERK, DISTRICT, SECONDS, A, B, accept, batch, carried, done, moment, note, receive, route
from casecore import NEW, Engine, Head, Stage

__all__ = ["Reading"]


class Reading(Opened):
    """What is read back is what was written."""

    def test_a_history_is_one_cases_facts_above_a_version(self, told: DistrictEngine) -> None:
        names = [type(fact.event).__name__ for fact in told.history(A)]
        assert names == ["CaseReceived", "CaseAccepted", "StepCompleted"]
        assert [fact.version for fact in told.log.history(A, after=1)] == [2, 3]
        assert told.log.history(A, after=3) == []
        assert told.log.history("nobody") == []

    def test_histories_are_whole_and_leave_out_the_unknown(self, told: DistrictEngine) -> None:
        assert told.log.histories([B, "nobody", A, B]) == {A: told.log.history(A), B: told.log.history(B)}
        assert told.log.histories([]) == {}

    def test_a_page_is_so_many_facts_above_a_position(self, told: DistrictEngine) -> None:
        assert [fact.position for fact in told.log.page(0, 2)] == [1, 2]
        assert [fact.position for fact in told.log.page(2, 2)] == [3, 4]
        assert [fact.position for fact in told.log.page(4, 2)] == [5]
        assert told.log.page(5, 2) == []

    def test_a_page_and_a_history_show_the_same_facts(self, told: DistrictEngine) -> None:
        facts = told.log.page(0, 100)
        assert [fact for fact in facts if fact.stream == A] == told.log.history(A)
        assert all(fact.log == DISTRICT for fact in facts)

    def test_versions_are_the_last_ones_of_the_cases_there_are(self, told: DistrictEngine) -> None:
        assert told.log.versions([A, "nobody", B]) == {A: 3, B: 2}
        assert told.log.versions([]) == {}

    def test_carried_out_are_the_commands_with_a_receipt(self, told: DistrictEngine) -> None:
        assert told.log.carried_out(["k1", "k9", "k2"]) == {"k1", "k2"}
        assert told.log.carried_out([]) == set()
        assert told.log.receipts(["k9"]) == {}
        assert told.log.receipts([]) == {}

    def test_the_head_is_the_last_position_and_the_last_receipts_hash(self, engine: DistrictEngine) -> None:
        for command in (receive(), accept(), route()):
            receipt = done(engine.handle(command))
            assert engine.log.head() == Head(receipt.position, receipt.hash)

    def test_an_envelope_comes_back_with_all_it_goes_back_to(self, engine: DistrictEngine) -> None:
        carried(engine, receive(command_id="k1", correlation_id="package 7", causation_id="k0"))
        envelope = engine.history(A)[0].envelope
        assert (envelope.command_id, envelope.correlation_id, envelope.causation_id) == ("k1", "package 7", "k0")
        assert (envelope.actor, envelope.source) == (CLERK, None)

    def test_text_of_any_script_comes_back_as_it_was(self, engine: DistrictEngine) -> None:
        case, name = "办件-🂡-'\"\\;--%s:x", "核验“原件”\t50 %\n{}[]$1 ?"
        carried(engine, receive(case, command_id="命令 1"), note(name, case))
        assert [fact.envelope.stream for fact in engine.history(case)] == [case, case]
        assert engine.file(case).steps[0].name == name
        assert engine.log.versions([case]) == {case: 2}
        assert engine.log.carried_out(["命令 1"]) == {"命令 1"}

    @pytest.mark.parametrize("case", ["", "a\x00b", "a\ud800b", "x" * 100_000], ids=["empty", "NUL", "surrogate", "long"])
    def test_a_case_id_that_can_never_be_is_one_of_nobody(self, engine: DistrictEngine, case: str) -> None:
        carried(engine, receive())
        assert engine.history(case) == []
        assert engine.file(case) == NEW

    def test_following_yields_every_fact_in_order_from_any_position(self, told: DistrictEngine) -> None:
        assert list(told.follow()) == told.log.page(0, 100)
        assert [fact.position for fact in told.follow(after=3)] == [4, 5]
        assert list(told.follow(after=5)) == []

    def test_following_goes_on_over_many_pages(self, engine: DistrictEngine) -> None:
        for start in range(0, 4500, 500):
            engine.log.append([batch(f"k{start}", A, start, *map(str, range(500)))])
        assert [fact.position for fact in engine.follow()] == list(range(1, 4501))

    def test_following_with_patience_yields_what_another_thread_adds_later(self, desks: tuple[Engine, Engine]) -> None:
        here, there = desks
        carried(here, receive(A))
        found: list[int] = []

        def watch() -> None:
            for fact in there.follow(wait=True):
                found.append(fact.position)
                if len(found) == 4:
                    return

        watcher = Thread(target=watch, daemon=True)
        watcher.start()
        for n in range(3):
            watcher.join(0.03)  # let it find the log idle
            assert watcher.is_alive()
            carried(here, note(f"later {n}"))
        watcher.join(SECONDS)
        assert found == [1, 2, 3, 4]

    def test_a_file_as_of_an_instant_holds_what_had_happened_by_then(self, engine: DistrictEngine) -> None:
        carried(
            engine, receive(when="2025-03-03 09:00"), accept(when="2025-03-03 10:00"), note("x", when="2025-03-04 09:00")
        )
        assert engine.file(A, as_of=moment("2025-03-03 08:59")) == NEW
        assert engine.file(A, as_of=moment("2025-03-03 09:00")).stage is Stage.RECEIVED
        assert engine.file(A, as_of=moment("2025-03-03 10:00")).version == 2
        assert engine.file(A, as_of=moment("2025-03-04 09:00")) == engine.file(A)

    def test_a_late_report_had_happened_before_it_was_known(self, engine: DistrictEngine) -> None:
        carried(engine, receive(when="2025-03-03 09:00"), accept(when="2025-03-05 10:00"))
        known_at = engine.history(A)[-1].recorded_at
        carried(engine, note("inspection", when="2025-03-04 09:00"))
        as_of = moment("2025-03-04 12:00")
        assert [step.name for step in engine.file(A, as_of=as_of).steps] == ["inspection"]
        assert engine.file(A, as_of=as_of).stage is Stage.RECEIVED
        assert engine.file(A, known_at=known_at).steps == ()
        assert engine.file(A, known_at=known_at).stage is Stage.IN_REVIEW
        assert engine.file(A, as_of=as_of, known_at=known_at).version == 1
        assert engine.file(A).version == 3

    def test_a_file_known_before_the_case_began_is_nobodys(self, engine: DistrictEngine) -> None:
        carried(engine, receive())
        recorded_at = engine.history(A)[0].recorded_at
        assert engine.file(A, known_at=recorded_at - timedelta(microseconds=1)) == NEW
        assert engine.file(A, known_at=recorded_at).version == 1
