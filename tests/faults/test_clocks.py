"""Machines whose clocks are set wrong: one that is a year ahead records nothing, judges nobody and spoils no log."""

import itertools
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from support.machines import process_ahead, set_ahead

from adapters.diagnosis import diagnose
from adapters.district_engine import DistrictEngine, open_engine
from adapters.past import position_at
from adapters.testing.world import DISTRICT, A, accept, batch, every_fact, note
from adapters.testing.world import receive as received_of
from adapters.verifying import verify
from casecore import AdmitClock, CaseCommand, ClockAhead, DistrictRule, Reason, Receipt, ReceiveCase, Refused, StepCompleted
from casecore.case.facts.acceptance import AcceptanceDeemed
from casecore.district import AdoptBooks, books_stream
from casecore.histories import History
from casecore.log import COMMON_BOUNDS
from casecore.recorded import Recorded, Source

YEAR: Final = timedelta(days=365)
MINUTE: Final = timedelta(minutes=1)
WRITERS, COMMANDS, AHEAD = 3, 20, 25
BEFORE_IT_WRITES: Final = 2
"""How often a tick asks what time it is until it records something: by when, and whether the clock may record."""
KEPT: Final = pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
CASECORE: Final = Path(sys.executable).parent / "casecore"


@pytest.fixture
def machines(store_url: str) -> Iterator["Machines"]:
    with ExitStack() as stack:
        yield Machines(store_url, stack)


class Machines:
    """Machines that run on one store; each has an engine of its own."""

    def __init__(self, url: str, stack: ExitStack) -> None:
        self.url, self._stack = url, stack

    def machine(self, ahead: timedelta = timedelta(0)) -> DistrictEngine:
        """One whose clock lies so far ahead."""
        engine = self._stack.enter_context(open_engine(self.url, district=DISTRICT))
        set_ahead(engine, ahead)
        return engine


def receive(case: str = A, when: str = "2025-03-03 09:00", **rest: Any) -> ReceiveCase:
    """Wang takes in the papers of a case of the catalogue that ships, a licence."""
    return received_of(case, when, item="food-licence", **rest)


def admit(engine: DistrictEngine, ahead: timedelta, reason: str = "the hall was closed") -> Receipt | Refused:
    until = datetime.now(engine.now().tzinfo) + ahead
    return engine.handle(AdmitClock(district=DISTRICT, by="zhao", until=until, reason=reason))


def recorded(engine: DistrictEngine) -> list[Recorded]:
    """Every fact; that recorded_at grows with the positions is checked here, whatever a test looks for."""
    facts = every_fact(engine.log)
    assert [fact.position for fact in facts] == list(range(1, len(facts) + 1))
    appends = [at for at, _ in itertools.groupby(fact.recorded_at for fact in facts)]
    assert all(before < after for before, after in itertools.pairwise(appends))
    return facts


def write_at_once(right: Sequence[DistrictEngine], wrong: DistrictEngine) -> tuple[list[Receipt], list[Receipt | Refused]]:
    """All write to one log at once: what those were answered whose clocks are right, and the one whose clock is wrong."""

    def write(engine: DistrictEngine, writer: str, count: int) -> list[Receipt | Refused]:
        return [engine.handle(note(f"{writer}-{n}", f"{A}-{writer}", command_id=f"{writer}-{n}")) for n in range(count)]

    with ThreadPoolExecutor(len(right) + 1) as pool:
        jobs = [pool.submit(write, engine, f"right{n}", COMMANDS) for n, engine in enumerate(right)]
        refused = pool.submit(write, wrong, "ahead", AHEAD)
        answers = [answer for job in jobs for answer in job.result()]
    return [answer for answer in answers if isinstance(answer, Receipt)], refused.result()


def receive_all(engine: DistrictEngine) -> None:
    for writer in (*(f"right{n}" for n in range(WRITERS)), "ahead"):
        assert isinstance(engine.handle(receive(f"{A}-{writer}")), Receipt)


@KEPT
def test_a_writer_a_year_ahead_is_refused_while_all_others_go_on(
    machines: Machines, capsys: pytest.CaptureFixture[str]
) -> None:
    right, wrong = [machines.machine() for _ in range(WRITERS)], machines.machine(YEAR)
    receive_all(right[0])
    written, answers = write_at_once(right, wrong)

    facts = recorded(right[0])
    now = right[0].now() + MINUTE
    there = {(fact.position, fact.stream) for fact in facts}
    assert [type(answer) for answer in answers] == [Refused] * AHEAD
    assert {answer.reason for answer in answers if isinstance(answer, Refused)} == {Reason.CLOCK_AHEAD}
    assert len(written) == WRITERS * COMMANDS == sum((one.position, one.stream) in there for one in written)
    assert not [fact for fact in facts if isinstance(fact.event, StepCompleted) and fact.event.name.startswith("ahead")]
    assert right[0].log.receipts([f"ahead-{n}" for n in range(AHEAD)]) == {}
    assert max(fact.recorded_at for fact in facts) < now
    with capsys.disabled():
        print(  # noqa: T201 - what it came to
            f"\nclock a year ahead: {AHEAD} commands refused, {len(written)} of {WRITERS * COMMANDS} others acknowledged and"
            f" there, {len(facts)} facts, none recorded ahead of now"
        )


@KEPT
def test_admitted_the_same_writer_takes_the_log_a_year_ahead(machines: Machines) -> None:
    """The control: it is the bound that holds the clock, and not something else."""
    right, wrong = [machines.machine() for _ in range(WRITERS)], machines.machine(YEAR)
    receive_all(right[0])
    assert isinstance(admit(right[0], YEAR + MINUTE), Receipt)
    written, answers = write_at_once(right, wrong)

    facts = recorded(right[0])
    assert [type(answer) for answer in answers] == [Receipt] * AHEAD
    assert len(written) == WRITERS * COMMANDS
    assert facts[-1].recorded_at > right[0].now() + YEAR - MINUTE


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_machine_ahead_does_not_let_itself_in_by_a_wider_rule(machines: Machines) -> None:
    right, wrong, wider = machines.machine(), machines.machine(YEAR), DistrictRule(name="wide", jump_days=3660)
    assert isinstance(right.handle(receive()), Receipt)
    refused = wrong.handle(AdoptBooks(district=DISTRICT, by="zhao", rule=wider))
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.CLOCK_AHEAD
    assert isinstance(right.handle(AdoptBooks(district=DISTRICT, by="zhao", rule=wider)), Receipt)
    assert isinstance(wrong.handle(accept()), Receipt), "the control: that rule would let it in"


@KEPT
def test_an_admission_counts_for_its_own_recording_up_to_its_instant_and_ends_with_the_next(machines: Machines) -> None:
    wrong = machines.machine(YEAR)
    assert isinstance(wrong.handle(receive()), Refused)
    assert isinstance(admit(wrong, YEAR - MINUTE), Refused)
    assert isinstance(admit(wrong, YEAR + MINUTE), Receipt)
    assert isinstance(wrong.handle(receive()), Receipt)

    set_ahead(wrong, YEAR + 40 * timedelta(days=1))
    assert isinstance(wrong.handle(accept()), Refused), "that is beyond what was admitted"
    assert isinstance(admit(machines.machine(), MINUTE), Receipt), "which ends the admission"
    set_ahead(wrong, 2 * YEAR)
    assert isinstance(wrong.handle(accept()), Refused)
    assert isinstance(machines.machine().handle(accept()), Receipt), "a clock that is behind is lifted"
    recorded(wrong)


@KEPT
def test_after_a_rest_longer_than_the_bound_an_operator_admits_the_clock(
    machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        true, rest = time.time_ns, 40 * 86_400 * 1_000_000_000
        patched.setattr(time, "time_ns", lambda: true() - rest)
        assert isinstance(machines.machine().handle(receive()), Receipt)
    engine = machines.machine()
    answer = engine.handle(accept())
    assert isinstance(answer, Refused)
    assert (answer.reason, "bound 31 days" in answer.named) == (Reason.CLOCK_AHEAD, True)
    with open_engine(machines.url, district="510199") as other:
        assert other.check_clock() is None, "another district has a time of its own"

    assert isinstance(admit(engine, MINUTE), Receipt)
    assert isinstance(engine.handle(accept()), Receipt)
    assert [one.until - one.since > timedelta(days=39) for one in verify(machines.url)[DISTRICT].jumps] == [True]


@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_a_server_has_a_clock_of_its_own_which_ten_minutes_are_held_against(machines: Machines) -> None:
    assert isinstance(machines.machine(9 * MINUTE).handle(receive()), Receipt)
    answer = machines.machine(11 * MINUTE).handle(accept())
    assert isinstance(answer, Refused)
    assert (answer.reason, "the store's clock" in answer.named) == (Reason.CLOCK_AHEAD, True)


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_file_has_none_so_that_only_the_last_fact_holds_a_clock(machines: Machines) -> None:
    assert isinstance(machines.machine(11 * MINUTE).handle(receive()), Receipt)
    answer = machines.machine(32 * timedelta(days=1)).handle(accept())
    assert isinstance(answer, Refused)
    assert (answer.reason, "the last fact" in answer.named) == (Reason.CLOCK_AHEAD, True)


@KEPT
def test_an_import_from_a_machine_ahead_writes_nothing_and_says_so(machines: Machines) -> None:
    right, wrong = machines.machine(), machines.machine(YEAR)
    head = right.log.head()
    facts = tuple(one.event for one in _example(right))
    history = History("C-9", "imported-1", facts, Source("told", "story", 1))
    with pytest.raises(ClockAhead, match="AdmitClock"):
        wrong.record([history])
    assert right.log.history("C-9") == []
    assert right.log.head().position == head.position + len(facts), "those of the example alone"
    assert isinstance(right.record([history])[0], Receipt)


def _example(engine: DistrictEngine) -> list[Recorded]:
    for command in (receive(), accept()):
        assert isinstance(engine.handle(command), Receipt)
    return engine.history(A)


@KEPT
def test_a_tick_a_year_ahead_judges_nobody(machines: Machines) -> None:
    right, wrong = machines.machine(), machines.machine(YEAR)
    morning = right.now() - timedelta(hours=1)
    assert isinstance(right.handle(receive(when=f"{morning:%Y-%m-%d %H:%M}")), Receipt)

    ticked = wrong.tick()
    assert ticked.refused is not None
    assert (ticked.refused.reason, ticked.receipts, ticked.looked_at) == (Reason.CLOCK_AHEAD, (), 0)
    assert right.tick().receipts == (), "and nothing was due"
    assert [type(one.event) for one in right.history(A)] == [type(right.history(A)[0].event)]

    set_ahead(wrong, timedelta(0))
    assert wrong.tick().refused is None, "once it is set right"
    assert isinstance(admit(right, YEAR + MINUTE), Receipt)
    set_ahead(wrong, YEAR)
    (receipt,) = wrong.tick().receipts
    assert isinstance(receipt.events[0], AcceptanceDeemed), "the control: admitted, silence has accepted the case"


@KEPT
def test_a_clock_that_is_set_wrong_under_a_tick_ends_it_and_the_next_looks_at_all_again(machines: Machines) -> None:
    right, wrong = machines.machine(), machines.machine()
    for n in range(3):
        long_ago = right.now() - timedelta(days=60)
        assert isinstance(right.handle(receive(f"C-{n}", when=f"{long_ago:%Y-%m-%d %H:%M}")), Receipt)
    head, asked = right.log.head(), itertools.count(1)
    set_ahead(wrong, lambda: timedelta(0) if next(asked) <= BEFORE_IT_WRITES else YEAR)

    ticked = wrong.tick()
    assert ticked.refused is not None
    assert (ticked.receipts, right.log.head()) == ((), head)
    assert next(asked) > BEFORE_IT_WRITES + 1, "it has begun when it was found to be in order"
    set_ahead(wrong, timedelta(0))
    assert len(wrong.tick().receipts) == 3


@KEPT
def test_two_writers_six_minutes_apart_are_both_served_in_one_order(
    machines: Machines, capsys: pytest.CaptureFixture[str]
) -> None:
    ahead, behind = machines.machine(6 * MINUTE), machines.machine()
    case = "C-6"
    answers = [ahead.handle(receive(case, when=f"{ahead.now():%Y-%m-%d %H:%M}", command_id="k0"))]
    answers.append(behind.handle(_now(accept(case, command_id="k00"))))  # which follows what happened six minutes from now
    answers += [
        desk.handle(_now(note(f"n{n}", case, command_id=f"k{n}")))
        for n, desk in enumerate([ahead, behind, behind, ahead] * 10, 1)
    ]
    assert {type(answer) for answer in answers} == {Receipt}, Counter(map(str, answers))
    facts = [fact for fact in recorded(behind) if fact.stream == case]
    assert [fact.position for fact in facts] == sorted(answer.position for answer in answers if isinstance(answer, Receipt))
    assert facts[0].occurred_at <= facts[1].occurred_at, "the second happened no earlier than what it follows"
    lag = max(fact.recorded_at for fact in facts) - behind.now()
    assert 5 * MINUTE < lag < 7 * MINUTE, "the log's time goes on from the clock that is ahead"
    assert behind.check_clock() is None
    assert ahead.check_clock() is None
    with capsys.disabled():
        print(  # noqa: T201 - what it came to
            f"\nsix minutes apart: {len(answers)} of {len(answers)} acknowledged, in the order of {len(facts)} positions"
        )


def _now(command: CaseCommand) -> CaseCommand:
    """The command, at whatever instant the machine says."""
    return replace(command, at=None)


# --- a log whose time has jumped already ---


def jumped(machines: Machines) -> tuple[DistrictEngine, list[datetime]]:
    """A log as the program of before left it: three facts, one a year ahead, and two that were lifted behind it."""
    old = machines.machine()
    assert isinstance(old.handle(receive()), Receipt)
    unbound = COMMON_BOUNDS._replace(admitted=2**62, skew=2**62)
    moments = []
    for n, ahead in enumerate([timedelta(0), YEAR, timedelta(0), timedelta(0)], 1):
        moments.append(old.now())
        set_ahead(old, ahead)
        old.log.append([batch(f"b{n}", A, n, f"old{n}")], bounds=unbound)
        set_ahead(old, timedelta(0))
    return old, moments


@KEPT
def test_what_was_known_can_be_asked_after_a_jump_that_is_there_already(machines: Machines) -> None:
    engine, moments = jumped(machines)
    before = engine.now()
    later: list[datetime] = []
    for n in range(5, 9):
        assert isinstance(engine.handle(_now(note(f"new{n}", command_id=f"new{n}"))), Receipt)
        later.append(engine.now())
    facts = engine.history(A)
    since = facts[2].recorded_at

    assert [engine.file(A, known_at=at).version for at in later] == [6, 7, 8, 9], "by the clocks of who wrote"
    assert engine.file(A, known_at=before).version == 2, "nobody noted a clock by then"
    assert engine.file(A, known_at=moments[0]).version == 1
    assert engine.file(A, known_at=since).version == 3, "and by its own time, which tells every append apart"
    assert [position_at(engine.log, at) for at in later] == [fact.position for fact in facts[5:]]
    assert [fact.envelope.clock is not None for fact in facts] == [False] * 5 + [True] * 4
    control = [sum(fact.recorded_at <= at for fact in facts) for at in later]
    assert control == [2, 2, 2, 2], "the control: by recorded_at alone, nothing new is known for a year"


@KEPT
def test_verify_and_doctor_name_the_jump_and_what_stood_still_behind_it(machines: Machines) -> None:
    engine, _ = jumped(machines)
    for n in range(5, 20):
        assert isinstance(engine.handle(_now(note(f"new{n}"))), Receipt)
    position = engine.history(A)[2].position
    found = verify(machines.url)[DISTRICT]

    assert (found.first_bad_position, found.why, found.events) == (None, None, engine.log.head().position)
    (jump,) = found.jumps
    assert (jump.position, jump.until - jump.since > YEAR - MINUTE) == (position, True)
    (still,) = found.still
    assert (still.first, still.last) == (position + 1, engine.log.head().position)
    assert found.ahead_of is not None
    said = [one.finding for one in diagnose(machines.url, None) if one.what == f"clock of {DISTRICT}"]
    assert [f"position {position}: recorded_at leaps from {jump.since} to {jump.until}"] == said[:1]
    assert "ahead of now" in said[1]


@KEPT
def test_a_log_of_right_clocks_has_no_jump_to_name(machines: Machines) -> None:
    """The control: what is named is named of the jump."""
    engine = machines.machine()
    for command in (receive(), accept(), *(note(f"n{n}") for n in range(20))):
        assert isinstance(engine.handle(command), Receipt)
    found = verify(machines.url)[DISTRICT]
    assert (found.jumps, found.still, found.ahead_of) == ((), (), None)
    assert [one for one in diagnose(machines.url, None) if one.what == f"clock of {DISTRICT}"] == []
    assert not [fact for fact in recorded(engine) if fact.envelope.clock is not None]


# --- whole processes on a machine whose clock is set wrong ---


def casecore(*line: str, ahead: timedelta = timedelta(0), stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(CASECORE), *line], env=dict(process_ahead(ahead)), input=stdin, capture_output=True, text=True, check=False
    )


@KEPT
def test_the_command_line_of_a_machine_a_year_ahead_records_nothing_and_issues_no_card(machines: Machines) -> None:
    store, district = ("--store", machines.url), ("--district", DISTRICT)
    right = machines.machine()
    assert isinstance(right.handle(receive(when=f"{right.now() - timedelta(hours=1):%Y-%m-%d %H:%M}")), Receipt)
    head = right.log.head()
    asked = json.dumps({"command": "CompleteStep", "case": A, "by": "chen", "name": "scan"})

    handled = casecore("handle", "-", *store, *district, ahead=YEAR, stdin=asked)
    ticked = casecore("tick", *store, ahead=YEAR)
    assert (handled.returncode, json.loads(handled.stdout)["refused"]["reason"]) == (1, "clock_ahead")
    assert (ticked.returncode, "clock_ahead" in ticked.stderr) == (1, True)
    assert right.log.head() == head
    assert casecore("tick", *store).returncode == 0

    until = right.now() + YEAR + timedelta(hours=1)
    admitted = json.dumps(
        {"command": "AdmitClock", "district": DISTRICT, "by": "zhao", "until": until.isoformat(), "reason": "moved"}
    )
    assert casecore("handle", "-", *store, *district, ahead=YEAR, stdin=admitted).returncode == 0
    carded = casecore("tick", *store, "--json", ahead=YEAR)
    assert (carded.returncode, bool(json.loads(carded.stdout)["facts"])) == (0, True), "the control"
    assert "district.clock_admitted.v1" in casecore("books", "history", *store, "--json").stdout
    assert "recorded_at leaps" in casecore("verify", *store).stdout
    assert casecore("follow", *store, "--once").returncode == 0, "the books are those of before"
    assert books_stream(DISTRICT) in right.log.streams(head.position)


def test_a_districts_rule_says_how_far(tmp_path: Path) -> None:
    rule = DistrictRule(name="long rest", jump_days=400)
    with open_engine(f"sqlite:///{tmp_path}/cases.db", district=DISTRICT, rule=rule) as engine:
        set_ahead(engine, YEAR)
        assert isinstance(engine.handle(receive()), Receipt)
        set_ahead(engine, YEAR + 401 * timedelta(days=1))
        assert isinstance(engine.handle(accept()), Refused)
