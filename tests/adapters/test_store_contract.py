"""One contract for every store: positions, versions, receipts, transactions, districts, threads: the same on each."""

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Barrier, Event, Thread
from typing import Any, Final, NamedTuple, TypeVar

import pytest
from postgres_server import DatabaseServer
from story import BUILD, CATALOGUE, CLERK, FOOD, HALL, OFFICER, moment

from adapters import open_engine
from adapters.district_log import DistrictLog
from adapters.evidence.chain import genesis
from adapters.open_engine import DistrictEngine
from adapters.stores.postgres import bounded_connection
from casecore import (
    NEW,
    AcceptCase,
    ApplicantKind,
    BadInput,
    CaseCommand,
    CaseFile,
    Catalogue,
    Channel,
    CompleteStep,
    Conflict,
    Decision,
    Engine,
    Envelope,
    Fault,
    GrantApproval,
    Head,
    History,
    MakeDecision,
    Office,
    Reason,
    Receipt,
    ReceiveCase,
    Recorded,
    Refused,
    RouteCase,
    ServiceItem,
    Source,
    Stage,
    StepCompleted,
    Unavailable,
    Visit,
    WithdrawCase,
)
from casecore.log import Batch

DISTRICT: Final = "510107"
NEIGHBOUR: Final = "510108"
A, B, C = "510107-2025-000001", "510107-2025-000002", "510107-2025-000003"
SECONDS: Final = 20.0

K = TypeVar("K")


# --- given: stores, engines, commands ---


@pytest.fixture
def engine(store_url: str) -> Iterator[DistrictEngine]:
    """An engine over an empty store; whatever a test did to it, its chain must hold."""
    with open_engine(store_url, district=DISTRICT, catalogue=CATALOGUE) as opened:
        yield opened
        assert opened.log.verify().why is None


@pytest.fixture
def log(engine: DistrictEngine) -> DistrictLog:
    return engine.log


@pytest.fixture
def desks(store_url: str, engine: DistrictEngine) -> Iterator[tuple[Engine, Engine]]:
    """Two engines that know nothing of each other, on one store."""
    if store_url == "memory:":
        yield engine, beside(engine)
        return
    with open_engine(store_url, district=DISTRICT, catalogue=CATALOGUE) as other:
        yield engine, other


def beside(engine: Engine, office: Office | None = None, **around: Any) -> Engine:
    """Another engine on the same log, with files of its own."""
    return Engine(engine.log, office or engine.office, engine._surroundings._replace(**around), {})


def receive(case: str = A, when: str = "2025-03-03 09:00", **rest: Any) -> ReceiveCase:
    taken = {"item": FOOD, "channel": Channel.WINDOW, "applicant": "李雷", "applicant_kind": ApplicantKind.PERSON}
    return ReceiveCase(case=case, by=CLERK, at=moment(when), hall=HALL, **{**taken, **rest})


def accept(case: str = A, when: str = "2025-03-03 10:00", **rest: Any) -> AcceptCase:
    return AcceptCase(case=case, by=CLERK, at=moment(when), **rest)


def route(case: str = A, when: str = "2025-03-04 09:00", **rest: Any) -> RouteCase:
    return RouteCase(case=case, by=CLERK, at=moment(when), **rest)


def grant(step: str, department: str, case: str = A, when: str = "2025-03-05 09:00", **rest: Any) -> GrantApproval:
    return GrantApproval(case=case, by=OFFICER, at=moment(when), step=step, department=department, **rest)


def note(name: str, case: str = A, when: str = "2025-03-03 11:00", **rest: Any) -> CompleteStep:
    """Something that may be done at any time to any case there is."""
    return CompleteStep(case=case, by=OFFICER, at=moment(when), name=name, **rest)


def noted(name: str, when: str = "2025-03-03 11:00") -> StepCompleted:
    return StepCompleted(at=moment(when), by=OFFICER, name=name)


def batch(command_id: str, case: str, after: int, *names: str) -> Batch:
    """One command's facts for the store itself, above version ``after``."""
    envelopes = [Envelope(case, after + n, noted(name), command_id) for n, name in enumerate(names, 1)]
    return Batch(command_id, case, tuple(envelopes))


def done(result: Receipt | tuple[Receipt, ...] | Refused) -> Any:
    """What a command has to give; a refusal is not expected."""
    assert not isinstance(result, Refused), result
    return result


def carried(engine: Engine, *commands: CaseCommand) -> list[Receipt]:
    return [done(engine.handle(command)) for command in commands]


class Contents(NamedTuple):
    """All there is to see of a log."""

    facts: list[Recorded]
    head: Head
    versions: dict[str, int]
    receipts: dict[str, Receipt]


def contents(log: DistrictLog) -> Contents:
    facts = log.page(0, 10_000)
    ids = sorted({fact.envelope.command_id for fact in facts} - {None} | {"k1", "k2", "k3"})  # type: ignore[type-var]
    return Contents(facts, log.head(), dict(log.versions([A, B, C])), log.receipts(ids))  # type: ignore[arg-type]


# --- positions, versions, time ---


def test_an_empty_log_stands_at_zero_with_its_districts_own_hash(log: DistrictLog) -> None:
    assert contents(log) == Contents([], Head(0, genesis(DISTRICT).hex()), {}, {})


def test_positions_run_from_one_without_gaps_in_commit_order(engine: DistrictEngine) -> None:
    receipts = carried(engine, receive(A), receive(B), accept(B), accept(A), route(A))
    assert [receipt.position for receipt in receipts] == [1, 2, 3, 4, 7]
    facts = engine.log.page(0, 100)
    assert [fact.position for fact in facts] == [1, 2, 3, 4, 5, 6, 7]
    assert [fact.stream for fact in facts] == [A, B, B, A, A, A, A]


def test_versions_run_from_one_within_each_case(engine: DistrictEngine) -> None:
    receipts = carried(engine, receive(A), receive(B), accept(B), accept(A), route(A))
    assert [receipt.version for receipt in receipts] == [1, 1, 2, 2, 5]
    assert [fact.version for fact in engine.history(A)] == [1, 2, 3, 4, 5]
    assert [fact.version for fact in engine.history(B)] == [1, 2]


def test_an_append_leaves_no_gap_after_one_that_failed(log: DistrictLog) -> None:
    log.append([batch("k1", A, 0, "one")])
    with pytest.raises(Conflict):
        log.append([batch("k2", B, 0, "one", "two", "three"), batch("k3", A, 0, "again")])
    (receipt,) = log.append([batch("k4", B, 0, "one")])
    assert receipt.position == 2


def test_recorded_at_grows_with_every_append_and_is_one_instant_within_it(log: DistrictLog) -> None:
    for n in range(50):
        log.append([batch(f"a{n}", A, 2 * n, "one", "two"), batch(f"b{n}", B, n, "three")])
    instants = [fact.recorded_at for fact in log.page(0, 1000)]
    appends = [set(instants[n : n + 3]) for n in range(0, 150, 3)]
    assert all(len(append) == 1 for append in appends)
    order = [append.pop() for append in appends]
    assert all(earlier < later for earlier, later in itertools.pairwise(order))


def test_recorded_at_grows_even_while_the_clock_of_the_machine_goes_back(
    log: DistrictLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.append([batch("k0", A, 0, "one")])
    clock = itertools.count(time.time_ns(), -60_000_000_000)
    monkeypatch.setattr(time, "time_ns", lambda: next(clock))
    for n in range(1, 5):
        log.append([batch(f"k{n}", A, n, "one more")])
    instants = [fact.recorded_at for fact in log.page(0, 100)]
    assert all(earlier < later for earlier, later in itertools.pairwise(instants))


def test_recorded_at_is_the_present_and_occurred_at_what_the_command_says(engine: DistrictEngine) -> None:
    before = engine.now()
    carried(engine, receive(when="2025-03-03 09:00"))
    (fact,) = engine.history(A)
    assert before - timedelta(seconds=1) <= fact.recorded_at <= engine.now() + timedelta(seconds=1)
    assert fact.occurred_at == moment("2025-03-03 09:00")


def test_an_instant_is_kept_with_the_offset_of_the_district(engine: DistrictEngine) -> None:
    carried(engine, replace(receive(), at=datetime.fromisoformat("2025-03-03T23:30:00+00:00")))
    (fact,) = engine.history(A)
    assert fact.occurred_at.isoformat() == "2025-03-04T07:30:00+08:00"
    assert fact.occurred_at.date() == date(2025, 3, 4)


# --- an append is everything or nothing ---


def test_an_append_of_nothing_changes_nothing(log: DistrictLog) -> None:
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
def test_an_append_with_something_taken_in_it_writes_nothing(log: DistrictLog, second: Batch) -> None:
    log.append([batch("k1", A, 0, "one")])
    before = contents(log)
    for both in (batch("k3", B, 0, "good"), second), (second, batch("k3", B, 0, "good")):
        with pytest.raises(Conflict):
            log.append(both)
        assert contents(log) == before


def test_the_same_append_without_what_was_taken_is_written(log: DistrictLog) -> None:
    log.append([batch("k1", A, 0, "one")])
    first, second = log.append([batch("k3", B, 0, "good"), batch("k2", A, 1, "another")])
    assert (first.position, second.position) == (2, 3)
    assert contents(log).versions == {A: 2, B: 1}


# --- reading ---


@pytest.fixture
def told(engine: DistrictEngine) -> DistrictEngine:
    """Three facts of one case and two of another, in four appends."""
    carried(engine, receive(A, command_id="k1"), receive(B, command_id="k2"), accept(A), note("scan", B), note("scan"))
    return engine


def test_a_history_is_one_cases_facts_above_a_version(told: DistrictEngine) -> None:
    names = [type(fact.event).__name__ for fact in told.log.history(A)]
    assert names == ["CaseReceived", "CaseAccepted", "StepCompleted"]
    assert [fact.version for fact in told.log.history(A, after=1)] == [2, 3]
    assert told.log.history(A, after=3) == []
    assert told.log.history("nobody") == []


def test_histories_are_whole_and_leave_out_the_unknown(told: DistrictEngine) -> None:
    assert told.log.histories([B, "nobody", A, B]) == {A: told.log.history(A), B: told.log.history(B)}
    assert told.log.histories([]) == {}


def test_a_page_is_so_many_facts_above_a_position(told: DistrictEngine) -> None:
    assert [fact.position for fact in told.log.page(0, 2)] == [1, 2]
    assert [fact.position for fact in told.log.page(2, 2)] == [3, 4]
    assert [fact.position for fact in told.log.page(4, 2)] == [5]
    assert told.log.page(5, 2) == []


def test_a_page_and_a_history_show_the_same_facts(told: DistrictEngine) -> None:
    facts = told.log.page(0, 100)
    assert [fact for fact in facts if fact.stream == A] == told.log.history(A)
    assert all(fact.log == DISTRICT for fact in facts)


def test_versions_are_the_last_ones_of_the_cases_there_are(told: DistrictEngine) -> None:
    assert told.log.versions([A, "nobody", B]) == {A: 3, B: 2}
    assert told.log.versions([]) == {}


def test_carried_out_are_the_commands_with_a_receipt(told: DistrictEngine) -> None:
    assert told.log.carried_out(["k1", "k9", "k2"]) == {"k1", "k2"}
    assert told.log.carried_out([]) == set()
    assert told.log.receipts(["k9"]) == {}
    assert told.log.receipts([]) == {}


def test_the_head_is_the_last_position_and_the_last_receipts_hash(engine: DistrictEngine) -> None:
    for command in (receive(), accept(), route()):
        receipt = done(engine.handle(command))
        assert engine.log.head() == Head(receipt.position, receipt.hash)


def test_an_envelope_comes_back_with_all_it_goes_back_to(engine: DistrictEngine) -> None:
    carried(engine, receive(command_id="k1", correlation_id="package 7", causation_id="k0"))
    envelope = engine.history(A)[0].envelope
    assert (envelope.command_id, envelope.correlation_id, envelope.causation_id) == ("k1", "package 7", "k0")
    assert (envelope.actor, envelope.source) == (CLERK, None)


def test_text_of_any_script_comes_back_as_it_was(engine: DistrictEngine) -> None:
    case, name = "办件-🂡-'\"\\;--%s:x", "核验“原件”\t50 %\n{}[]$1 ?"
    carried(engine, receive(case, command_id="命令 1"), note(name, case))
    assert [fact.envelope.stream for fact in engine.history(case)] == [case, case]
    assert engine.file(case).steps[0].name == name
    assert engine.log.versions([case]) == {case: 2}
    assert engine.log.carried_out(["命令 1"]) == {"命令 1"}


@pytest.mark.parametrize("case", ["", "a\x00b", "a\ud800b", "x" * 100_000], ids=["empty", "NUL", "surrogate", "long"])
def test_a_case_id_that_can_never_be_is_one_of_nobody(engine: DistrictEngine, case: str) -> None:
    carried(engine, receive())
    assert engine.history(case) == []
    assert engine.file(case) == NEW


# --- receipts ---


def test_a_receipt_says_where_the_facts_are_and_what_they_are(engine: DistrictEngine) -> None:
    first, second = carried(engine, receive(command_id="k1", visit=Visit(visit="v1")), accept(command_id="k2"))
    assert (first.command_id, first.stream, first.version, first.position) == ("k1", A, 2, 2)
    assert [type(event).__name__ for event in first.events] == ["CaseReceived", "TripMade"]
    assert (second.version, second.position, len(second.events)) == (3, 3, 1)
    assert [fact.event for fact in engine.history(A)] == [*first.events, *second.events]
    assert len(bytes.fromhex(first.hash)) == 32
    assert first.hash != second.hash


def test_a_retry_gets_the_first_receipt_and_writes_nothing(engine: DistrictEngine) -> None:
    command = receive(command_id="k1", visit=Visit(visit="v1"))
    first = done(engine.handle(command))
    carried(engine, accept(), receive(B))
    before = contents(engine.log)
    assert engine.handle(command) == first
    assert contents(engine.log) == before


def test_a_retry_at_another_desk_gets_the_first_receipt(desks: tuple[Engine, Engine]) -> None:
    here, there = desks
    first = done(here.handle(receive(command_id="k1")))
    carried(here, accept())
    assert there.handle(receive(command_id="k1")) == first
    assert there.log.receipts(["k1"]) == {"k1": first}


def test_a_retry_that_would_be_refused_by_now_still_gets_its_receipt(engine: DistrictEngine) -> None:
    first = done(engine.handle(receive(command_id="k1")))
    carried(engine, WithdrawCase(case=A, by=CLERK, reason="changed mind"))
    assert engine.handle(receive(command_id="k1")) == first


def test_a_command_without_an_id_gets_one_of_its_own(engine: DistrictEngine) -> None:
    first, second = carried(engine, receive(A), receive(B))
    assert first.command_id
    assert first.command_id != second.command_id
    assert engine.log.carried_out([first.command_id, second.command_id]) == {first.command_id, second.command_id}


def test_a_command_id_used_for_another_case_is_refused(engine: DistrictEngine) -> None:
    carried(engine, receive(A, command_id="k1"))
    before = contents(engine.log)
    refused = engine.handle(receive(B, command_id="k1"))
    assert refused == Refused(Reason.COMMAND_ID_REUSED, "k1", B, "ReceiveCase")
    assert contents(engine.log) == before


def test_a_command_id_used_for_another_case_is_refused_even_where_the_rules_say_no(engine: DistrictEngine) -> None:
    carried(engine, receive(A, command_id="k1"))
    refused = engine.handle(accept(B, command_id="k1"))
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.COMMAND_ID_REUSED


# --- several commands in one transaction ---


def test_several_commands_of_several_cases_make_one_append(engine: DistrictEngine) -> None:
    receipts = done(engine.handle_many((receive(A), receive(B), accept(A), route(A), accept(B))))
    assert [receipt.position for receipt in receipts] == [1, 2, 3, 6, 7]
    assert [receipt.version for receipt in receipts] == [1, 1, 2, 5, 2]
    assert {receipt.hash for receipt in receipts} == {engine.log.head().hash}
    assert len({fact.recorded_at for fact in engine.log.page(0, 100)}) == 1


def test_each_of_several_commands_has_a_receipt_of_its_own_facts(engine: DistrictEngine) -> None:
    commands = receive(A, command_id="k1"), receive(B, command_id="k2"), accept(A, command_id="k3")
    receipts = done(engine.handle_many(commands))
    assert engine.log.receipts(["k1", "k2", "k3"]) == {receipt.command_id: receipt for receipt in receipts}
    assert [type(receipt.events[0]).__name__ for receipt in receipts] == ["CaseReceived", "CaseReceived", "CaseAccepted"]


def test_one_refusal_among_several_commands_and_nothing_is_written(engine: DistrictEngine) -> None:
    carried(engine, receive(A, command_id="k1"))
    before = contents(engine.log)
    refused = engine.handle_many((receive(B, command_id="k2"), accept(A, command_id="k3"), accept(A), receive(C)))
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.case) == (Reason.WRONG_STAGE, A)
    assert contents(engine.log) == before
    assert engine.file(B) == NEW


def test_several_commands_without_the_refused_one_are_carried_out(engine: DistrictEngine) -> None:
    carried(engine, receive(A, command_id="k1"))
    done(engine.handle_many((receive(B, command_id="k2"), accept(A, command_id="k3"), receive(C))))
    assert contents(engine.log).versions == {A: 2, B: 1, C: 1}


def test_several_commands_of_which_some_were_done_keep_their_receipts(engine: DistrictEngine) -> None:
    (first,) = carried(engine, receive(A, command_id="k1"))
    receipts = done(engine.handle_many((receive(A, command_id="k1"), accept(A, command_id="k2"))))
    assert receipts[0] == first
    assert (receipts[1].version, receipts[1].position) == (2, 2)


def test_several_commands_tried_again_get_the_same_receipts(engine: DistrictEngine) -> None:
    commands = receive(A, command_id="k1"), receive(B, command_id="k2"), accept(A, command_id="k3")
    first = done(engine.handle_many(commands))
    carried(engine, note("later"))
    before = contents(engine.log)
    assert engine.handle_many(commands) == first
    assert contents(engine.log) == before


def test_no_commands_are_no_receipts(engine: DistrictEngine) -> None:
    before = contents(engine.log)
    assert engine.handle_many(()) == ()
    assert contents(engine.log) == before


# --- what is not to be written ---


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
def test_what_the_rules_refuse_is_not_written(engine: DistrictEngine, command: CaseCommand, reason: Reason) -> None:
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
def test_what_the_door_keeps_out_is_not_written(engine: DistrictEngine, command: CaseCommand) -> None:
    carried(engine, receive(A))
    before = contents(engine.log)
    with pytest.raises(BadInput):
        engine.handle(command)
    with pytest.raises(BadInput):
        engine.handle_many((receive(B), command))
    assert contents(engine.log) == before


def test_what_just_fits_through_the_door_is_written(engine: DistrictEngine) -> None:
    reason = "x" * 65_000
    carried(engine, receive(A), WithdrawCase(case=A, by=CLERK, reason=reason))
    assert engine.file(A).closing == engine.history(A)[-1].event
    assert engine.file(A).closing.reason == reason  # type: ignore[union-attr]


def test_one_command_id_twice_in_one_call_is_bad_input_and_nothing_is_written(engine: DistrictEngine) -> None:
    carried(engine, receive(A))
    before = contents(engine.log)
    with pytest.raises(BadInput, match="command_id"):
        engine.handle_many((note("one", command_id="k1"), note("two", command_id="k1")))
    assert contents(engine.log) == before


# --- imports ---

SOURCE: Final = Source("hall export", "cases.csv", 2)


def imported(case: str, command_id: str, *names: str, **rest: Any) -> History:
    return History(case, command_id, tuple(noted(name) for name in names), **{"source": SOURCE, **rest})


def test_imported_histories_are_recorded_as_they_are_in_one_append(engine: DistrictEngine) -> None:
    results = engine.record([imported(A, "k1", "one", "two"), imported(B, "k2", "three")])
    assert [(r.position, r.version) for r in results if isinstance(r, Receipt)] == [(2, 2), (3, 1)]
    assert {r.hash for r in results if isinstance(r, Receipt)} == {engine.log.head().hash}
    assert [fact.envelope.source for fact in engine.history(A)] == [SOURCE, SOURCE]


def test_a_history_recorded_before_is_passed_over(engine: DistrictEngine) -> None:
    engine.record([imported(A, "k1", "one")])
    first, second = engine.record([imported(A, "k1", "one"), imported(B, "k2", "two")])
    assert first is None
    assert isinstance(second, Receipt)
    before = contents(engine.log)
    assert engine.record([imported(A, "k1", "one"), imported(B, "k2", "two")]) == [None, None]
    assert contents(engine.log) == before


def test_a_history_that_continues_nothing_is_refused_and_the_others_are_recorded(engine: DistrictEngine) -> None:
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


def test_an_import_is_seen_by_a_desk_that_remembers_the_case(engine: DistrictEngine) -> None:
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
def test_an_import_the_door_keeps_out_is_not_written(engine: DistrictEngine, history: History) -> None:
    carried(engine, receive(A, command_id="k1"))
    before = contents(engine.log)
    with pytest.raises(BadInput):
        engine.record([imported(B, "k3", "good"), history])
    assert contents(engine.log) == before


def test_one_command_id_twice_in_one_import_is_bad_input_and_nothing_is_written(engine: DistrictEngine) -> None:
    before = contents(engine.log)
    with pytest.raises(BadInput, match="command_id"):
        engine.record([imported(A, "k1", "one"), imported(B, "k1", "two")])
    assert contents(engine.log) == before


# --- the same on every store ---


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
    carried(engine, grant("market", "Market", command_id="k9"), accept(A, command_id="k3"))
    engine.record([imported(C, "i1", "收件", "审核"), imported(A, "i2", "late", continues=True)])


def stored(log: DistrictLog) -> list[tuple[Any, ...]]:
    """The rows as they are kept, but for the time they were written."""
    return [tuple(row._replace(recorded_at=0)) for row in log.ledger.rows(0, 10_000)]


def test_the_same_history_has_the_same_bytes_digests_and_head_on_every_store(tmp_path: Path, postgres_url: str) -> None:
    urls = {"memory": "memory:", "sqlite": f"sqlite:///{tmp_path}/cases.db", "postgresql": postgres_url}
    rows: dict[str, list[tuple[Any, ...]]] = {}
    heads: dict[str, Head] = {}
    receipts: dict[str, dict[str, Receipt]] = {}
    for name, url in urls.items():
        with open_engine(url, district=DISTRICT, catalogue=CATALOGUE) as engine:
            story_of_a_district(engine)
            rows[name], heads[name] = stored(engine.log), engine.log.head()
            receipts[name] = engine.log.receipts([f"k{n}" for n in range(10)] + ["i1", "i2"])
    assert len(rows["memory"]) > 15
    for one, other in itertools.combinations(urls, 2):
        for left, right in zip(rows[one], rows[other], strict=True):
            assert left == right, (one, other)
        assert heads[one] == heads[other], (one, other)
        assert receipts[one] == receipts[other], (one, other)


def test_a_store_keeps_plain_bytes(engine: DistrictEngine) -> None:
    story_of_a_district(engine)
    for row in engine.log.ledger.rows(0, 10_000):
        assert [type(value) for value in row] == [int, str, int, str, bytes, bytes, int]


# --- districts ---


@pytest.fixture
def neighbours(store_url: str, engine: DistrictEngine) -> Iterator[tuple[DistrictEngine, DistrictEngine]]:
    """Two districts in one database."""
    with open_engine(store_url, district=NEIGHBOUR, catalogue=CATALOGUE) as other:
        yield engine, other
        assert other.log.verify().why is None


def test_two_districts_in_one_database_have_positions_and_chains_of_their_own(
    neighbours: tuple[DistrictEngine, DistrictEngine],
) -> None:
    here, there = neighbours
    for n in range(3):
        carried(here, receive(f"{A}-{n}", command_id=f"k{n}"))
        carried(there, receive(f"{A}-{n}", command_id=f"k{n}"))
    assert [fact.position for fact in here.follow()] == [fact.position for fact in there.follow()] == [1, 2, 3]
    assert stored(here.log) == stored(there.log)
    assert here.log.head().hash != there.log.head().hash


def test_two_districts_in_one_database_do_not_see_each_other(
    neighbours: tuple[DistrictEngine, DistrictEngine],
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


# --- following ---


def test_following_yields_every_fact_in_order_from_any_position(told: DistrictEngine) -> None:
    assert list(told.follow()) == told.log.page(0, 100)
    assert [fact.position for fact in told.follow(after=3)] == [4, 5]
    assert list(told.follow(after=5)) == []


def test_following_goes_on_over_many_pages(engine: DistrictEngine) -> None:
    for start in range(0, 4500, 500):
        engine.log.append([batch(f"k{start}", A, start, *map(str, range(500)))])
    assert [fact.position for fact in engine.follow()] == list(range(1, 4501))


def test_following_with_patience_yields_what_another_thread_adds_later(desks: tuple[Engine, Engine]) -> None:
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


# --- files as they were ---


def test_a_file_as_of_an_instant_holds_what_had_happened_by_then(engine: DistrictEngine) -> None:
    carried(engine, receive(when="2025-03-03 09:00"), accept(when="2025-03-03 10:00"), note("x", when="2025-03-04 09:00"))
    assert engine.file(A, as_of=moment("2025-03-03 08:59")) == NEW
    assert engine.file(A, as_of=moment("2025-03-03 09:00")).stage is Stage.RECEIVED
    assert engine.file(A, as_of=moment("2025-03-03 10:00")).version == 2
    assert engine.file(A, as_of=moment("2025-03-04 09:00")) == engine.file(A)


def test_a_late_report_had_happened_before_it_was_known(engine: DistrictEngine) -> None:
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


def test_a_file_known_before_the_case_began_is_nobodys(engine: DistrictEngine) -> None:
    carried(engine, receive())
    recorded_at = engine.history(A)[0].recorded_at
    assert engine.file(A, known_at=recorded_at - timedelta(microseconds=1)) == NEW
    assert engine.file(A, known_at=recorded_at).version == 1


# --- many hands ---

THREADS: Final = 8
COMMANDS: Final = 40


def at_once(*jobs: Callable[[], K]) -> list[K]:
    """Run them in as many threads, all starting together."""
    barrier = Barrier(len(jobs))

    def run(job: Callable[[], K]) -> K:
        barrier.wait(SECONDS)
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result() for future in [pool.submit(run, job) for job in jobs]]


def insisting(engine: Engine, commands: Sequence[CaseCommand]) -> list[Receipt]:
    """Carry them out as a hall backend does that lost its races: the same command again, under the same id."""

    def insist(command: CaseCommand) -> Receipt:
        for _ in range(20):
            try:
                return done(engine.handle(command))  # type: ignore[no-any-return]
            except Conflict:
                continue
        raise AssertionError(f"{command} never came through")

    return [insist(command) for command in commands]


def assert_nothing_lost_or_doubled(log: DistrictLog, receipts: Sequence[Receipt], begun: int) -> None:
    facts = log.page(0, 10_000)
    assert [fact.position for fact in facts] == list(range(1, begun + len(receipts) + 1))
    assert len({receipt.position for receipt in receipts}) == len(receipts)
    by_position = {fact.position: fact for fact in facts}
    for receipt in receipts:
        fact = by_position[receipt.position]
        assert (fact.stream, fact.version, fact.event) == (receipt.stream, receipt.version, *receipt.events)
        assert fact.envelope.command_id == receipt.command_id
    for case, version in log.versions([A, B, C]).items():
        assert [fact.version for fact in facts if fact.stream == case] == list(range(1, version + 1))
    assert log.verify().why is None


def test_many_threads_on_shared_cases_lose_nothing_and_double_nothing(engine: DistrictEngine) -> None:
    cases = (A, B, C)
    carried(engine, *map(receive, cases))

    def job(worker: int) -> list[Receipt]:
        return insisting(engine, [note(f"{worker}/{n}", cases[n % 3], command_id=f"{worker}/{n}") for n in range(COMMANDS)])

    results = at_once(*[lambda worker=worker: job(worker) for worker in range(THREADS)])
    receipts = list(itertools.chain.from_iterable(results))
    assert len(receipts) == THREADS * COMMANDS
    assert_nothing_lost_or_doubled(engine.log, receipts, begun=3)
    steps = [step.name for case in cases for step in engine.file(case).steps]
    assert sorted(steps) == sorted(f"{worker}/{n}" for worker in range(THREADS) for n in range(COMMANDS))


def test_each_threads_own_commands_are_kept_in_its_order(engine: DistrictEngine) -> None:
    carried(engine, receive(A))

    def job(worker: int) -> list[Receipt]:
        return insisting(engine, [note(f"{worker}/{n}") for n in range(10)])

    for receipts in at_once(*[lambda worker=worker: job(worker) for worker in range(4)]):
        assert [receipt.position for receipt in receipts] == sorted(receipt.position for receipt in receipts)


def test_one_command_given_by_many_threads_at_once_is_carried_out_once(engine: DistrictEngine) -> None:
    carried(engine, receive(A))
    receipts = at_once(*[lambda: insisting(engine, [note("once", command_id="k1")])[0] for _ in range(THREADS)])
    assert len(set(receipts)) == 1
    assert [step.name for step in engine.file(A).steps] == ["once"]


def test_the_first_of_many_who_can_only_win_alone_wins_and_the_others_are_refused(engine: DistrictEngine) -> None:
    carried(engine, receive(A), accept(A), route(A))
    results = at_once(*[lambda n=n: engine.handle(grant("fire", "Fire", command_id=f"k{n}")) for n in range(THREADS)])
    assert sum(isinstance(result, Receipt) for result in results) == 1
    refusals = [result.reason for result in results if isinstance(result, Refused)]
    assert refusals == [Reason.STEP_NOT_OPEN] * (THREADS - 1)


def test_two_desks_racing_for_the_same_cases_lose_nothing(desks: tuple[Engine, Engine]) -> None:
    carried(desks[0], receive(A), receive(B))

    def job(desk: Engine, name: str) -> list[Receipt]:
        return insisting(desk, [note(f"{name}/{n}", (A, B)[n % 2]) for n in range(COMMANDS)])

    results = at_once(*[lambda n=n: job(desks[n % 2], str(n)) for n in range(4)])
    receipts = list(itertools.chain.from_iterable(results))
    assert len(receipts) == 4 * COMMANDS
    assert isinstance(desks[0].log, DistrictLog)
    assert_nothing_lost_or_doubled(desks[0].log, receipts, begun=2)


def test_a_stale_file_never_makes_a_wrong_refusal(desks: tuple[Engine, Engine]) -> None:
    here, there = desks
    carried(here, receive(A))
    carried(there, accept(A))  # the file remembered here still says received
    carried(here, route(A))
    carried(there, grant("fire", "Fire"), grant("health", "Health"))
    carried(here, grant("market", "Market"))
    refused = there.handle(grant("market", "Market"))
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.WRONG_STAGE
    carried(there, MakeDecision(case=A, by=OFFICER, decision=Decision.GRANTED))
    assert here.file(A).stage is Stage.DECIDED


def test_a_stale_file_never_makes_a_wrong_receipt(desks: tuple[Engine, Engine]) -> None:
    here, there = desks
    carried(here, receive(A))
    carried(there, WithdrawCase(case=A, by=CLERK, reason="changed mind"))
    refused = here.handle(accept(A))  # the file remembered here would allow it
    assert refused == Refused(Reason.WRONG_STAGE, Stage.WITHDRAWN.value, A, "AcceptCase")


class Haunted(dict[str, CaseFile]):
    """Remembered files, where a slow thread puts back what it knew just after another has let go of it."""

    def __init__(self, case: str, old: CaseFile) -> None:
        super().__init__({case: old})
        self._late = (case, old)

    def pop(self, *args: Any) -> Any:
        found = super().pop(*args)
        self.update([self._late])
        return found


def test_a_file_remembered_late_by_another_thread_never_makes_a_wrong_refusal(engine: DistrictEngine) -> None:
    carried(engine, receive(A))
    old = engine.file(A)
    carried(engine, accept(A))
    desk = Engine(engine.log, engine.office, engine._surroundings, Haunted(A, old))
    assert len(done(desk.handle(route(A))).events) == 3


class Interrupted(Catalogue):
    """A catalogue whose every look-up gives somebody else the time to write first."""

    __slots__ = ("interrupt", "times")

    def __init__(self, interrupt: Callable[[int], object], times: int) -> None:
        super().__init__(CATALOGUE)
        self.interrupt, self.times = interrupt, times

    def find(self, code: str, on: date) -> ServiceItem | None:
        if self.times:
            self.times -= 1
            self.interrupt(self.times)
        return super().find(code, on)


def overtaken(engine: Engine, times: int) -> tuple[Engine, list[int]]:
    """A desk that loses its first races, and the pauses it makes."""
    rival, pauses = beside(engine), list[int]()
    catalogue = Interrupted(lambda n: carried(rival, note(f"rival {n}")), times)
    return beside(engine, engine.office._replace(catalogue=catalogue), pause=pauses.append), pauses


def test_a_race_lost_a_few_times_is_run_again(engine: DistrictEngine) -> None:
    carried(engine, receive(A))
    desk, pauses = overtaken(engine, times=5)
    receipt = done(desk.handle(accept(A)))
    assert receipt.version == 7
    assert pauses == sorted(set(pauses))
    assert engine.file(A).stage is Stage.IN_REVIEW


def test_a_race_lost_again_and_again_is_given_up_as_a_conflict(engine: DistrictEngine) -> None:
    carried(engine, receive(A))
    desk, pauses = overtaken(engine, times=1000)
    with pytest.raises(Conflict, match=A):
        desk.handle(accept(A, command_id="k1"))
    assert 3 <= len(pauses) <= 40
    assert engine.log.carried_out(["k1"]) == set()
    assert engine.file(A).stage is Stage.RECEIVED


def test_the_chain_verifies_while_others_write(desks: tuple[Engine, Engine]) -> None:
    here, there = desks
    assert isinstance(there.log, DistrictLog)
    carried(here, receive(A))
    enough = Event()

    def write() -> None:
        for n in itertools.count():
            if enough.is_set():
                return
            carried(here, note(str(n)))

    writer, deadline = Thread(target=write), time.monotonic() + SECONDS
    writer.start()
    try:
        found = [there.log.verify()]
        while len({verification.events for verification in found}) < 20 and time.monotonic() < deadline:
            found.append(there.log.verify())
    finally:
        enough.set()
        writer.join(SECONDS)
    assert {verification.why for verification in found} == {None}
    assert found[0].events < found[-1].events
    assert there.log.verify().events == there.log.head().position


# --- what cannot be opened ---


@pytest.mark.parametrize("url", ["", "memory:x", "sqlite:cases.db", "sqlite://", "mysql://host/x", "cases.db"])
def test_a_store_of_an_unknown_kind_is_bad_input(url: str) -> None:
    with pytest.raises(BadInput):
        open_engine(url, district=DISTRICT, catalogue=CATALOGUE)


def test_a_file_in_a_folder_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="none"):
        open_engine(f"sqlite:///{tmp_path}/none/cases.db", district=DISTRICT, catalogue=CATALOGUE)


def test_a_file_that_is_no_database_is_a_fault_and_stays_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "cases.db"
    file.write_text("办件 " * 1000, "utf-8")
    with pytest.raises(Fault):
        open_engine(f"sqlite:///{file}", district=DISTRICT, catalogue=CATALOGUE)
    assert file.read_text("utf-8") == "办件 " * 1000


def test_a_folder_in_the_place_of_a_file_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        open_engine(f"sqlite:///{tmp_path}", district=DISTRICT, catalogue=CATALOGUE)


def test_a_database_that_is_not_there_is_unavailable_and_named(
    postgres_server: DatabaseServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded_connection, "CONNECT_SECONDS", 1)
    with pytest.raises(Unavailable, match="casecore_test_nowhere"):
        open_engine(postgres_server.url("casecore_test_nowhere"), district=DISTRICT, catalogue=CATALOGUE)


@pytest.mark.parametrize("district", ["", "a\x00", "5" * 201], ids=["empty", "NUL", "long"])
def test_a_district_that_can_never_be_is_bad_input(store_url: str, district: str) -> None:
    with pytest.raises(BadInput):
        open_engine(store_url, district=district, catalogue=CATALOGUE)
