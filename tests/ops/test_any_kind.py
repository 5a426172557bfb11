"""A kind of stream the command line has never heard of: it has its commands all the same."""

import json
from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple

import pytest
import typer
from support.followed import A
from support.story import moment
from typer.testing import CliRunner, Result

from adapters import district_log, open_engine
from adapters.wire import Wire
from casecore import Command, Fact, Reason, Receipt, Said, kinds
from casecore.act import Act, Rule, made
from casecore.annotations import Id
from casecore.clock import CaseClock
from casecore.fact import fact
from casecore.kind import Kind
from casecore.ledger import Ledger
from casecore.limits import Limit
from casecore.office import Office
from casecore.value import value
from casecore.vocabulary import ClockKind
from ops.cli import kinds as commands
from ops.printing import history


class Called(Enum):
    """Where a number stands."""

    WAITING = "waiting"
    SERVED = "served"


@fact("queue_number.drawn.v1", "取号")
class NumberDrawn(Fact):
    """取号: a number was drawn."""

    window: Id

    def told(self) -> Said:
        return Said(f"在 {self.window} 取号。", f"drawn for {self.window}")


@fact("queue_number.called.v1", "叫号")
class NumberCalled(Fact):
    """叫号: the number was called."""

    def told(self) -> Said:
        return Said("已叫号。", "called")


class Number(NamedTuple):
    """A number's file."""

    version: int = 0
    stage: Called | None = None
    stage_at: datetime | None = None
    window: str | None = None
    ended_at: datetime | None = None


@value
class DrawNumber(Command):
    """Draw a number."""

    number: Id
    window: Id

    @property
    def stream(self) -> str:
        return self.number


@value
class CallNumber(Command):
    """Call it."""

    number: Id

    @property
    def stream(self) -> str:
        return self.number


def draw(_: Number, command: DrawNumber, at: datetime, __: Office) -> tuple[Fact, ...]:
    return (made(NumberDrawn, command, at),)


def call(_: Number, command: CallNumber, at: datetime, __: Office) -> tuple[Fact, ...]:
    return (made(NumberCalled, command, at),)


def evolve(file: Number, one: Any) -> Number:
    if isinstance(one, NumberDrawn):
        return file._replace(stage=Called.WAITING, stage_at=one.at, window=one.window)
    return file._replace(stage=Called.SERVED, ended_at=one.at)


def clocks(file: Number) -> tuple[CaseClock, ...]:
    assert file.stage_at is not None
    kind, law = ClockKind.PROMISED, "the hall"
    day = file.stage_at.date()
    return (
        CaseClock(kind, "wait", law, Limit.working_days(2), day, file.stage_at, Ledger(), file.ended_at, None),
        CaseClock(kind, "lost", law, Limit.working_days(2), day, file.stage_at, Ledger(), file.ended_at, "cn-1900"),
    )


NUMBER: Kind[Number] = Kind(
    "queue_number",
    "排队号",
    new=Number(),
    acts=(
        Act(
            "排队",
            {
                DrawNumber: Rule(draw, (NumberDrawn,), frozenset({None}), begins=True),
                CallNumber: Rule(call, (NumberCalled,), frozenset({Called.WAITING})),
            },
            (NumberDrawn, NumberCalled),
            evolve,
        ),
    ),
    unknown=Reason.UNKNOWN_CASE,
    clocks=clocks,
    word="number",
)


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> str:
    """A store that holds one number, drawn and called."""
    wire = Wire((*kinds.FACTS, *NUMBER.facts))
    monkeypatch.setattr(kinds, "_BY_FACT", {**kinds._BY_FACT, **dict.fromkeys(NUMBER.facts, NUMBER)})
    monkeypatch.setattr(kinds, "_BY_COMMAND", {**kinds._BY_COMMAND, **dict.fromkeys(NUMBER.rules, NUMBER)})
    monkeypatch.setattr(kinds, "_BY_FILE", {**kinds._BY_FILE, Number: NUMBER})
    monkeypatch.setattr("adapters.mapper.WIRE", wire)
    monkeypatch.setattr(district_log, "WIRE", wire)
    monkeypatch.setattr(history, "WIRE", wire)
    url = f"sqlite:///{tmp_path}/numbers.db"
    at = moment("2026-03-02 09:00")
    with open_engine(url, district=A) as engine:
        assert isinstance(engine.handle(DrawNumber(number="N-1", window="W-3", by="wang", at=at)), Receipt)
        called = moment("2026-03-02 09:12")
        assert isinstance(engine.handle(CallNumber(number="N-1", by="wang", at=called)), Receipt)
    return url


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands.group_of(NUMBER), [*arguments])


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


def test_its_history_is_that_of_any_kind(store: str) -> None:
    done = run("history", "N-1", "--store", store, "--json")

    rows = json.loads(done.stdout)
    assert [(row["event"], row["data"]) for row in rows] == [
        ("queue_number.drawn.v1", {"window": "W-3"}),
        ("queue_number.called.v1", {}),
    ]


def test_its_file_is_shown_field_by_field(store: str) -> None:
    plain = json.loads(run("show", "N-1", "--store", store, "--json").stdout)

    assert (plain["number"], plain["stage"], plain["version"], plain["file"]["window"]) == ("N-1", "served", 2, "W-3")
    then = json.loads(run("show", "N-1", "--store", store, "--json", "--as-of", "2026-03-02T09:10").stdout)
    assert (then["stage"], then["version"]) == ("waiting", 1)


def test_its_status_says_when_it_is_due_and_what_cannot_be_counted(store: str) -> None:
    plain = json.loads(run("status", "N-1", "--store", store, "--json").stdout)

    wait, lost = plain["clocks"]
    assert (wait["clock"], wait["due_on"], wait["verdict"]) == ("wait", "2026-03-04", "on_time")
    assert (lost["verdict"], "cn-1900" in lost["why_not"]) == (None, True)


def test_its_story_is_told_by_its_facts(store: str) -> None:
    plain = json.loads(run("explain", "N-1", "--store", store, "--json").stdout)

    assert [(line["term"], line["sentence"]) for line in plain["story"]] == [
        ("取号", "drawn for W-3"),
        ("叫号", "called"),
    ]
    assert len(plain["clocks"]) == 2


@pytest.mark.parametrize("name", ["show", "status", "explain"])
def test_people_are_told_too(store: str, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    group = typer.main.get_command(commands.group_of(NUMBER))
    with pytest.raises(SystemExit):
        group([name, "N-1", "--store", store])

    said = capsys.readouterr().out
    assert "N-1" in said


def test_its_help_is_made_of_its_words() -> None:
    asked = run("show", "--help").stdout
    assert "The file of a queue number (排队号)" in asked
    assert "Example: casecore number show ID --store" in asked


def test_a_listed_kind_has_its_group_under_its_word(monkeypatch: pytest.MonkeyPatch) -> None:
    from ops.cli import app  # noqa: PLC0415
    from ops.cli.app import app as hung  # noqa: PLC0415

    monkeypatch.setattr(commands, "KINDS", (*kinds.KINDS, NUMBER))
    monkeypatch.setattr(hung, "registered_groups", list(hung.registered_groups))

    asked = CliRunner().invoke(app, ["number", "--help"])

    assert asked.exit_code == 0
    assert [name for name in ("show", "history", "explain", "status") if f"│ {name} " not in asked.stdout] == []
