"""The demonstration at any size: what happens seldom is lawful too, and a store that is in the way is told from a rule."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from typer.testing import CliRunner

from adapters.district_books import shipped_books
from adapters.district_engine import open_engine
from casecore import AcceptCase, ApproveExtension, Authority, Catalogue, Office, Refused, ServiceItem
from casecore.command import Command
from casecore.district import books_stream
from casecore.drafting import Desk, Draft
from ops.cli import app
from ops.demo import life
from ops.demo.arrival import CHENGDU
from ops.demo.refusing import fault_of
from ops.demo.simulation import DISTRICT, MONDAY, simulate

BOOKS: Final = shipped_books()
ENDING: Final = ("void", "declined", "withdrawn", "correction never comes", "correction still awaited", "open")
"""What ends a life early: half of them would leave little to see."""
ITEMS: Final = tuple(item for item in BOOKS.catalogue if item.applied_for and item.in_force(MONDAY) and item.channels)
NOW: Final = datetime(2026, 6, 30, 12, tzinfo=CHENGDU)


@cache
def office() -> Office:
    return BOOKS.office(MONDAY)


def refusals(cases: Iterator[tuple[str, tuple[Command, ...]]]) -> Iterator[Refused]:
    """What the rules say no to, each life decided by itself."""
    desk = Desk(NOW, dict.fromkeys, books_stream(DISTRICT), lambda _, __: office())
    for _, commands in cases:
        draft = Draft(desk)
        answers = (draft.carry_out(command.command_id or "", command) for command in commands)
        yield from (answer for answer in answers if answer is not None)


def lives_of(item: ServiceItem, cases: int) -> Iterator[tuple[str, tuple[Command, ...]]]:
    catalogue = BOOKS.catalogue
    only = Catalogue([item], sites=catalogue.sites.values(), seals=catalogue.seals.values())
    return simulate(seed=1, cases=cases, catalogue=only, calendar=office().calendar)


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each thing that may happen to a case happens to every second one."""
    for what in life.SHARES:
        monkeypatch.setitem(life.SHARES, what, 0.1 if what in ENDING else 0.5)


@pytest.mark.usefixtures("often")
@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.code)
def test_nothing_that_may_happen_to_a_case_of_any_item_is_refused(item: ServiceItem) -> None:
    assert list(refusals(lives_of(item, 31))) == []


@pytest.mark.usefixtures("often")
def test_an_organ_that_extends_joint_handling_by_itself_is_found_so() -> None:
    """The control: what the demonstration did before."""
    joint = next(item for item in ITEMS if item.joint)

    def by_itself() -> Iterator[tuple[str, tuple[Command, ...]]]:
        for case, commands in lives_of(joint, 31):
            yield case, tuple(_by_the_organ(command) for command in commands)

    assert {refused.reason.value for refused in refusals(by_itself())} == {"wrong_authority"}


def _by_the_organ(command: Command) -> Command:
    return replace(command, authority=Authority.ORGAN_HEAD) if isinstance(command, ApproveExtension) else command


def test_a_store_that_holds_another_week_is_said_to(tmp_path: Path) -> None:
    store = ("--store", f"sqlite:///{tmp_path}/demo.db")
    assert CliRunner().invoke(app, ["demo", "--cases", "5", *store]).exit_code == 0
    for other in (("--cases", "6"), ("--cases", "5", "--seed", "2")):
        ran = CliRunner().invoke(app, ["demo", *other, *store])
        assert ran.exit_code == 1
        assert ran.stderr.startswith("casecore: the store holds something else already, take a fresh one (")


def test_a_rule_that_says_no_is_not_blamed_on_the_store() -> None:
    with open_engine("memory:", district=DISTRICT) as engine:
        command = AcceptCase(case="C-1", by="clerk", at=datetime(2017, 8, 1, 9, tzinfo=CHENGDU), command_id="demo-1:C-1:1")
        refused = engine.handle(command)
        assert isinstance(refused, Refused)
        assert str(fault_of(engine, refused, "demo-1:")).startswith("the rules refuse what is simulated (C-1 AcceptCase: ")


@pytest.mark.torture
@pytest.mark.parametrize("seed", [1, 2])
def test_a_week_of_twelve_thousand_cases_is_shown(seed: int) -> None:
    ran = CliRunner().invoke(app, ["demo", "--cases", "12000", "--seed", str(seed)])
    assert ran.exit_code == 0, ran.output
    assert f"(seed {seed}): 12000 cases" in ran.output
