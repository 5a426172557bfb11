"""One story in three stores: memory, SQLite and PostgreSQL are told the same, crash, forget, and must not differ.

What each command must come to is known to an oracle of plain dictionaries (:mod:`case_oracle`), kept outside the stores.
"""

# ruff: noqa: T201 - the figures are to be seen

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from support.case_oracle import CLERK, OFFICER, PLAN, Oracle
from support.case_requests import command_of
from support.story import CATALOGUE, moment
from support.three_stores import MemoryStore, PostgresStore, SqliteStore, Store

from adapters.stores.sqlite.ledger import SqliteLedgerRecorder
from adapters.testing.opened import open_desk
from casecore import (
    BadInput,
    CaseCommand,
    CompleteStep,
    Receipt,
    Refused,
    Unavailable,
)

MORNING: Final = moment("2025-03-03 09:00")
LONG_AGO: Final = moment("2025-01-15 09:00")
NEVER_YET: Final = moment("2100-01-04 09:00")
DISTRICTS: Final = count(1)
TRIES: Final = 3
EVERYTHING: Final = 10**6


@dataclass
class Figures:
    """What a run has done."""

    examples: int = 0
    steps: int = 0
    commands: int = 0
    facts: int = 0
    refusals: int = 0
    crashes: int = 0
    torn_writes: int = 0
    retries: int = 0
    rebuilds: int = 0
    unavailable: int = 0


# --- what may be asked ---


def request(kind: str, **parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"kind": st.just(kind), "case": CASES, "when": WHENS, **parts})


CASES: Final = st.sampled_from(["A", "B", "案-C"])
WHENS: Final = st.sampled_from(["now"] * 12 + ["long ago", "never yet"])
DESKS: Final = st.integers(0, 1)
WHO: Final = st.sampled_from([OFFICER, OFFICER, OFFICER, CLERK])
STEPS: Final = st.sampled_from([*PLAN["FOOD"], "moon"])
VISITS: Final = st.sampled_from(["V1", "V2", "V3", "V4"])
REASONS: Final = st.sampled_from(["不再办理", "no longer wanted", " "])
REQUESTS: Final = st.one_of(
    request("receive", item=st.sampled_from(sorted(PLAN)), visit=st.none() | VISITS),
    request("accept"),
    request("route", steps=st.lists(STEPS, max_size=2, unique=True).map(tuple)),
    request("grant", by=WHO, step=STEPS, department=st.sampled_from(["Fire", "Health", "Market"])),
    request("decide", by=WHO),
    request("note", name=st.text("办件note ", min_size=1, max_size=8)),
    request("trip", visit=VISITS),
    request("withdraw", reason=REASONS),
    request("close", outcome=st.sampled_from(["other", "returned"]), reason=REASONS),
)
BAD: Final[dict[str, dict[str, Any]]] = {
    "NUL": {"name": "a\0b"},
    "lone surrogate": {"name": "\ud800"},
    "bidi control": {"name": "a\u202eb"},
    "not NFC": {"name": "e\u0301"},
    "no case": {"case": ""},
    "endless id": {"command_id": "x" * 201},
    "naive instant": {"at": datetime(2025, 3, 3, 9)},  # noqa: DTZ001 - that is what is bad
    "a number": {"by": 7},
}


class OneStory(RuleBasedStateMachine):
    """Tells every store the same, and compares what they say with each other and with the oracle."""

    oracle_class: type[Oracle] = Oracle

    def __init__(self, folder: Path, postgres_url: str, figures: Figures) -> None:
        super().__init__()
        district = f"{next(DISTRICTS):06}"
        path = Path(mkdtemp(prefix=f"{district}-", dir=folder)) / "hall.db"
        self.stores = (
            MemoryStore("memory:", district, "memory:"),
            SqliteStore(f"sqlite:///{path}", district, f"sqlite:///{path}"),
            PostgresStore(f"{postgres_url}?application_name={district}", district, postgres_url),
        )
        self.oracle = self.oracle_class()
        self.told: dict[str, Receipt] = {}
        self.sent: dict[str, CaseCommand] = {}
        self.numbers = count(1)
        self.hours = count()
        self.figures = figures
        figures.examples += 1

    # --- asking ---

    def at(self, when: str) -> datetime:
        return {"long ago": LONG_AGO, "never yet": NEVER_YET}.get(when) or MORNING + timedelta(hours=next(self.hours))

    def everywhere(self, act: Callable[[Store], Any]) -> Any:
        """The one answer of all stores."""
        answers = [self.insisted(act, store) for store in self.stores]
        assert answers[0] == answers[1] == answers[2], answers
        return answers[0]

    def insisted(self, act: Callable[[Store], Any], store: Store) -> Any:
        """What a store says, if need be when asked again: a reader whose connection is gone is told so."""
        for _ in range(TRIES):
            try:
                return act(store)
            except Unavailable:
                self.figures.unavailable += 1
        return act(store)

    def send(self, commands: Sequence[CaseCommand], desk: int, *, alone: bool = False) -> tuple[Receipt, ...] | Refused:
        self.figures.commands += len(commands)
        if not alone:
            return self.everywhere(lambda store: store.desks[desk].handle_many(commands))
        answer = self.everywhere(lambda store: store.desks[desk].handle(commands[0]))
        return answer if isinstance(answer, Refused) else (answer,)

    def put(self, wanted: list[dict[str, Any]], desk: int, old: Sequence[str] = (), *, alone: bool = False) -> None:
        """Ask for something new, perhaps among what was done already; the oracle knows the answer."""
        for asked in wanted:
            asked["at"] = self.at(asked.pop("when", "now"))
        expected = self.oracle.ask(wanted, MORNING + timedelta(days=365))
        new = [command_of(asked, f"N{next(self.numbers)}") for asked in wanted]
        answer = self.send([*(self.sent[number] for number in old), *new], desk, alone=alone)
        if isinstance(answer, Refused):
            assert answer.reason == expected, (answer, expected)
            self.figures.refusals += 1
            return
        assert [receipt.version for receipt in answer[len(old) :]] == expected, (answer, expected)
        assert list(answer[: len(old)]) == [self.told[number] for number in old]
        for one, receipt in zip(new, answer[len(old) :], strict=True):
            self.told[receipt.command_id], self.sent[receipt.command_id] = receipt, one

    # --- what may happen ---

    @rule(wanted=st.lists(REQUESTS, min_size=1, max_size=3), desk=DESKS)
    def ask(self, wanted: list[dict[str, Any]], desk: int) -> None:
        for asked in wanted:
            self.put([dict(asked)], desk, alone=True)

    @rule(case=CASES, steps=st.integers(1, 4), desk=DESKS)
    def go_on(self, case: str, steps: int, desk: int) -> None:
        for step in range(steps):
            self.put([self.oracle.next_request(case) | {"case": case}], (desk + step) % 2, alone=True)

    @rule(wanted=st.lists(REQUESTS, min_size=2, max_size=4), desk=DESKS)
    def ask_for_several(self, wanted: list[dict[str, Any]], desk: int) -> None:
        self.put([dict(asked) for asked in wanted], desk)

    @precondition(lambda self: self.told)
    @rule(choice=st.integers(0, 999), desk=DESKS)
    def retry(self, choice: int, desk: int) -> None:
        number = self._number(choice)
        self.figures.retries += 1
        assert self.send([self.sent[number]], desk, alone=True) == (self.told[number],)

    @precondition(lambda self: self.told)
    @rule(choices=st.lists(st.integers(0, 999), min_size=1, max_size=3), wanted=st.lists(REQUESTS, max_size=2), desk=DESKS)
    def retry_among_new(self, choices: list[int], wanted: list[dict[str, Any]], desk: int) -> None:
        numbers = list(dict.fromkeys(map(self._number, choices)))
        self.figures.retries += len(numbers)
        self.put([dict(asked) for asked in wanted], desk, numbers)

    @precondition(lambda self: self.told)
    @rule(choice=st.integers(0, 999), asked=REQUESTS, desk=DESKS)
    def reuse_an_id(self, choice: int, asked: dict[str, Any], desk: int) -> None:
        number = self._number(choice)
        other = command_of(asked | {"at": self.at("now")}, number)
        if (type(other), other.case) == (type(self.sent[number]), self.sent[number].case):
            other = replace(other, case="another")
        answer = self.send([other], desk, alone=True)
        assert isinstance(answer, Refused)
        assert answer.reason == "command_id_reused"

    @rule(flaw=st.sampled_from(sorted(BAD)), case=CASES, desk=DESKS)
    def ask_what_is_not_fit(self, flaw: str, case: str, desk: int) -> None:
        note = CompleteStep(case=case, by=CLERK, at=MORNING, name="n", command_id="bad")
        bad = replace(note, **BAD[flaw])

        def refused(store: Store) -> str:
            with pytest.raises(BadInput) as caught:
                store.desks[desk].handle(bad)
            return str(caught.value)

        assert self.everywhere(refused)

    @rule(desk=DESKS, write=st.sampled_from([False, False, True]))
    def crash(self, desk: int, write: bool) -> None:  # noqa: FBT001 - Hypothesis's own call
        self.figures.crashes += 1
        self.figures.torn_writes += write
        for store in self.stores:
            store.crash(desk, write=write)

    @rule(anew=st.sampled_from([False, False, False, True]))
    def read_the_figures(self, anew: bool) -> None:  # noqa: FBT001 - Hypothesis's own call
        self.figures.rebuilds += anew
        rows = self.everywhere(lambda store: store.rows(anew=anew))
        versions = {row[1]: row[2] for row in rows["case_facts"]}
        assert versions == {name: len(case["facts"]) for name, case in self.oracle.cases.items()}
        visits = sorted((row[1], row[3]) for row in rows["trip_facts"])
        assert visits == sorted((name, visit) for name, case in self.oracle.cases.items() for visit in case["visits"])

    @rule(case=CASES, hours=st.integers(-2000, 100), desk=DESKS)
    def read_as_of(self, case: str, hours: int, desk: int) -> None:
        at = MORNING + timedelta(hours=hours)
        file = self.everywhere(lambda store: store.desks[desk].file(case, as_of=at))
        assert (file.version, file.stage) == self.oracle.as_of(case, at)

    def _number(self, choice: int) -> str:
        numbers = list(self.told)
        return numbers[choice % len(numbers)]

    # --- what must be so ---

    @invariant()
    def the_heads_agree(self) -> None:
        self.figures.steps += 1
        assert self.everywhere(lambda store: store.log.head()).position == self.oracle.facts()

    def teardown(self) -> None:
        try:
            self.figures.facts += self.oracle.facts()
            whole = self.everywhere(lambda store: store.log.verify())
            assert (whole.why, whole.events) == (None, self.oracle.facts())
            self.everywhere(lambda store: [row._replace(recorded_at=0) for row in store.log.ledger.rows(0, EVERYTHING)])
            assert self.everywhere(lambda store: store.log.receipts(list(self.told))) == self.told
            for name, case in self.oracle.cases.items():
                file = self.everywhere(lambda store, name=name: store.desks[0].file(name))
                assert (file.version, file.stage) == (len(case["facts"]), case["stage"])
        finally:
            for store in self.stores:
                store.close()


# --- the run, and its controls ---


@pytest.fixture
def told_to(tmp_path: Path, postgres_url: str) -> Callable[..., Figures]:
    open_desk(postgres_url, district="000000", catalogue=CATALOGUE).close()

    def run(machine: type[OneStory], examples: int, steps: int, **rest: Any) -> Figures:
        figures = Figures()
        run_state_machine_as_test(
            lambda: machine(tmp_path, postgres_url, figures),
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                **rest,
            ),
        )
        return figures

    return run


@pytest.mark.parametrize(("examples", "steps"), [(6, 25), pytest.param(330, 50, marks=pytest.mark.torture)])
def test_three_stores_told_the_same_say_the_same(told_to: Callable[..., Figures], examples: int, steps: int) -> None:
    began = time.monotonic()
    figures = told_to(OneStory, examples, steps)
    print(f"\n{examples} x {steps}: {figures} in {time.monotonic() - began:.0f} s, no divergence")
    assert figures.examples >= examples
    assert min(figures.commands, figures.facts, figures.refusals, figures.crashes, figures.retries) > 0


QUICK: Final = {"phases": [Phase.generate], "database": None, "report_multiple_bugs": False, "print_blob": False}


def test_control_a_store_that_loses_a_receipt_is_found(
    told_to: Callable[..., Figures], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = SqliteLedgerRecorder.append

    def forgetful(self: SqliteLedgerRecorder, events: Any, receipts: Any, *more: Any) -> Any:
        return whole(self, events, [] if self.head().position % 5 == 4 else receipts, *more)

    monkeypatch.setattr(SqliteLedgerRecorder, "append", forgetful)
    with pytest.raises(AssertionError):
        told_to(OneStory, 50, 25, **QUICK)


class Mistaken(Oracle):
    """Believes that a receipt makes a fact more than it does."""

    def ask(self, requests: list[dict[str, Any]], now: datetime) -> str | list[int]:
        answer = super().ask(requests, now)
        if isinstance(answer, str):
            return answer
        return [version + (asked["kind"] == "receive") for asked, version in zip(requests, answer, strict=True)]


def test_control_a_mistaken_oracle_is_found(told_to: Callable[..., Figures]) -> None:
    class Machine(OneStory):
        oracle_class = Mistaken

    with pytest.raises(AssertionError):
        told_to(Machine, 50, 25, **QUICK)
