"""``casecore report --at``: what a report printed when the log ended there, on the day it ended there."""

import json
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pytest
from support.story import CATALOGUE
from typer.testing import CliRunner

from adapters import open_engine
from adapters.writers_clock import Times
from casecore import (
    AcceptCase,
    ApplicantKind,
    Channel,
    CloseCase,
    DistrictRule,
    Outcome,
    Receipt,
    ReceiveCase,
    Visit,
)
from ops.cli import app
from ops.cli.moments import zone

A: Final = "510114"
FOOD: Final = "FOOD"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=zone())


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets the clock of the machine, by which facts are recorded; it goes on from there.

    Months lie between: an operator would have to admit the clock.
    """
    monkeypatch.setattr(Times, "check", lambda *_: None)
    began = time.time_ns()
    behind = [0]
    true_ns = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: true_ns() - behind[0])

    def set_to(when: str) -> None:
        behind[0] = began - int(at(when).timestamp() * 1e9)

    return set_to


class Hall:
    """A store written to by hand."""

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder}/cases.db"

    def opens(self) -> None:
        open_engine(self.url, district=A, catalogue=CATALOGUE, rule=DistrictRule(name="first")).close()

    def adopts(self, folder: Path, rule: str, since: str) -> None:
        (folder / "rule.toml").write_text(rule, "utf-8")
        done = CliRunner().invoke(
            app, ["books", "adopt", str(folder), "--district", A, "--store", self.url, "--from", since]
        )
        assert done.exit_code == 0, done.output

    def takes(self, case: str, when: str) -> None:
        self.did(
            ReceiveCase,
            when,
            case=case,
            hall="H1",
            item=FOOD,
            applicant=case,
            channel=Channel.WINDOW,
            applicant_kind=ApplicantKind.COMPANY,
            visit=Visit(visit=case),
        )
        self.did(AcceptCase, when, case=case)

    def did(self, command: Callable[..., Any], when: str, **fields: Any) -> None:
        with open_engine(self.url, district=A) as engine:
            answer = engine.handle(command(by="chen", at=at(when), **fields))
            assert isinstance(answer, Receipt), answer

    def position(self) -> int:
        with open_engine(self.url, district=A) as engine:
            return engine.log.head().position

    def reports(self, *options: object) -> Any:
        done = CliRunner().invoke(app, ["report", "--json", "--store", self.url, *map(str, options)])
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return Hall(tmp_path)


def test_asked_as_of_then_it_says_what_it_said_though_books_cases_and_days_changed(
    hall: Hall, clock: Callable[[str], None], tmp_path: Path
) -> None:
    clock("03-02 08:00")
    hall.opens()
    hall.takes("C1", "03-02 09:30")
    hall.takes("C2", "03-03 09:30")
    clock("03-13 15:00")
    hall.did(CloseCase, "03-13 15:00", case="C1", outcome=Outcome.RETURNED, reason="so it ended")
    position = hall.position()
    said = {by: hall.reports("--as-of", "2026-03-13", *by) for by in ((), ("--by", "month"), ("--by", "item"))}

    clock("04-20 15:00")  # C2 is overdue by now
    hall.adopts(tmp_path, 'name = "second"\nmoves_promise = ["ordinary"]\n', "2026-03-03")
    hall.did(CloseCase, "04-20 15:00", case="C2", outcome=Outcome.RETURNED, reason="so it ended")
    hall.takes("C3", "04-20 15:30")

    for by, then in said.items():
        assert hall.reports("--at", position, *by) == then
        assert hall.reports("--at", "2026-03-14", *by) == then
        assert hall.reports(*by) != then
    assert hall.reports("--at", position, "--as-of", "2026-04-20") != said[()]


def test_before_the_first_fact_there_is_nothing_and_it_is_asked_today(hall: Hall) -> None:
    hall.opens()

    found = hall.reports("--at", 0)["indicators"]

    assert {one["code"]: one["denominator"] for one in found if one["code"] in ("K6", "K2")} == {"K6": 0, "K2": 0}
    assert found == hall.reports("--at", 0, "--as-of", str(datetime.now(zone()).date()))["indicators"]


@pytest.mark.parametrize(
    ("asked", "flaw"),
    [
        (("--at", "99999"), "ends at"),
        (("--at", f"{A}:99999"), "ends at"),
        (("--at", "000000:3"), "000000 is none of 510114"),
        (("--at", "3", "--at", f"{A}:4"), "one position a log"),
        (("--at", "yesterday"), "is not an instant"),
    ],
)
def test_a_place_no_log_has_is_one_line(hall: Hall, asked: tuple[str, ...], flaw: str) -> None:
    hall.opens()
    done = CliRunner().invoke(app, ["report", "--store", hall.url, *asked])

    assert (done.exit_code, done.stdout) == (2, "")
    assert flaw in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
