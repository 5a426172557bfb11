"""The six cases of the demonstration: what ``case explain`` prints of each adds up, and says what the case is there for."""

import json
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

import pytest
from typer.testing import CliRunner

from ops.cli import app
from ops.demo.story_files import load_stories

CASES: Final = [story.stream for story in load_stories(1).clocks]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    found = f"sqlite:///{tmp_path_factory.mktemp('six')}/demo.db"
    assert CliRunner().invoke(app, ["demo", "--cases", "30", "--store", found]).exit_code == 0
    return found


def told(url: str, case: str, *options: str) -> dict[str, Any]:
    ran = CliRunner().invoke(app, ["case", "explain", case, "--store", url, "--json", *options])
    assert ran.exit_code == 0, ran.output
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def clock(explanation: dict[str, Any], kind: str) -> dict[str, Any]:
    return next(clock for clock in explanation["clocks"] if clock["kind"] == kind)


def summary(promise: dict[str, Any]) -> tuple[str, int, int, str]:
    return promise["due_on"], promise["used"], len(promise["excluded_days"]), promise["verdict"]


@pytest.mark.parametrize("case", CASES)
def test_the_days_of_every_clock_add_up_to_its_totals(url: str, case: str) -> None:
    clocks = told(url, case)["clocks"]
    assert {"acceptance", "promised", "statutory", "step", "delivery"} <= {clock["kind"] for clock in clocks}
    for found in clocks:
        first, last = date.fromisoformat(found["started_on"]), date.fromisoformat(found["read_on"])
        days = [day for day in found["days"] if day["date"] <= found["read_on"]]
        assert [day["date"] for day in days] == [
            (first + timedelta(days=n)).isoformat() for n in range(1, (last - first).days + 1)
        ]
        assert sum(day["counted"] for day in days) == found["used"]
        assert sum("不计入时限" in day["why"] for day in days) == len(found["excluded_days"])
        to_the_due_day = [day for day in found["days"] if day["date"] <= found["due_on"]]
        amount = int(found["limit"].split()[0])
        assert sum(day["counted"] for day in to_the_due_day) == amount + found["extension_days"]


@pytest.mark.parametrize("case", CASES)
def test_the_critical_path_tiles_the_way_from_the_acceptance_to_the_closing(url: str, case: str) -> None:
    found = told(url, case)
    segments = found["critical_path"]
    assert segments[0]["started_on"] == clock(found, "promised")["started_on"]
    assert segments[-1]["ended_on"] == clock(found, "promised")["read_on"]
    assert all(before["ended_on"] == after["started_on"] for before, after in pairwise(segments))
    promise = clock(found, "promised")
    surplus = sum(segment["working_days"] for segment in segments) - promise["used"]
    assert surplus == len(promise["excluded_days"])


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("DEMO-ONTIME", ("2017-08-14", 8, 0, "on_time")),
        ("DEMO-LATE", ("2017-08-14", 13, 0, "overdue")),
        ("DEMO-CORRECTED", ("2017-08-17", 8, 0, "on_time")),
        ("DEMO-OVERRUN", ("2017-08-17", 10, 3, "on_time")),
        ("DEMO-DEEMED", ("2017-08-25", 10, 0, "on_time")),
        ("DEMO-PROVISIONAL", ("2018-01-01", 8, 0, "on_time")),
    ],
)
def test_each_case_is_due_and_used_what_counting_by_hand_gives(
    url: str, case: str, expected: tuple[str, int, int, str]
) -> None:
    assert summary(clock(told(url, case), "promised")) == expected


def test_the_late_case_bears_a_card_for_its_promise_and_one_for_its_step(url: str) -> None:
    cards = told(url, "DEMO-LATE")["cards"]
    assert {(card["level"], card["ground"]) for card in cards} == {("yellow", "promise_overdue"), ("yellow", "step_overdue")}


def test_the_overrun_runs_against_the_agency(url: str) -> None:
    found = told(url, "DEMO-OVERRUN")
    (act,) = clock(found, "promised")["acts"]
    assert (act["ground"], act["declared_days"], act["excluded"], act["surplus"]) == ("专家评审", 3, 3, 3)
    assert [card["ground"] for card in found["cards"]] == ["procedure_overrun"]
    assert [finding["code"] for finding in found["findings"]] == ["procedure_over_declared_days"]


def test_nobody_answered_so_the_law_accepted_back_to_the_saturday_of_the_receipt(url: str) -> None:
    found = told(url, "DEMO-DEEMED")
    assert {clock(found, kind)["started_on"] for kind in ("promised", "statutory")} == {"2017-08-12"}
    assert clock(found, "acceptance")["verdict"] == "overdue"
    assert "deemed_acceptance" in {finding["code"] for finding in found["findings"]}
    view = CliRunner().invoke(app, ["case", "status", "DEMO-DEEMED", "--store", url])
    assert "视为受理" in view.stdout
    assert "2017-08-12" in view.stdout


def test_what_was_provisional_then_is_known_now_and_the_verdict_stays_with_the_promise(url: str) -> None:
    promise = clock(told(url, "DEMO-PROVISIONAL", "--calendar", "cn-2026.1"), "promised")
    assert (promise["calendar_version"], promise["provisional"]) == ("cn-2017.1", True)
    now = promise["as_now_known"]
    assert (now["calendar_version"], now["due_on"], now["provisional"]) == ("cn-2026.1", "2018-01-02", False)
    assert promise["verdict"] == "on_time"


def test_a_report_says_how_many_of_its_due_dates_are_provisional(url: str) -> None:
    def asked(*options: str) -> Any:
        ran = CliRunner().invoke(app, ["report", "--store", url, *options])
        assert ran.exit_code == 0, ran.output
        return ran.stdout

    december = ("--from", "2017-12-01", "--to", "2017-12-30")
    assert json.loads(asked(*december, "--json"))["provisional_cases"] == 1
    assert "1 case is due at or past the end of the calendar: provisional (暂定)" in asked(*december)
    assert json.loads(asked("--from", "2017-08-01", "--to", "2017-08-30", "--json"))["provisional_cases"] == 0


def test_a_date_supposed_where_the_calendar_ends_is_called_provisional(url: str) -> None:
    ran = CliRunner().invoke(app, ["whatif", "--store", url, "--promise", "7", "--from", "2017-12-01", "--json"])
    assert ran.exit_code == 0, ran.output
    (changed,) = [one for one in json.loads(ran.stdout)["changed"] if one["case"] == "DEMO-PROVISIONAL"]
    assert (changed["verdict_recorded"], changed["verdict_what_if"]) == ("on_time", "overdue")
    assert (changed["due_recorded"], changed["provisional_recorded"]) == ("2018-01-01", True)
    assert (changed["due_what_if"], changed["provisional_what_if"]) == ("2017-12-27", False)
