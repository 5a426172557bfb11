"""``casecore case``: what an applicant is told, when a case is due, and its clocks under another calendar."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from support.explained import special, taken
from support.followed import World, trip
from support.story import OFFICER, accepted, fact, received

from adapters.calendar_toml import NATIONAL
from casecore import CorrectionRequested

CASECORE = Path(sys.executable).parent / "casecore"
SILENT, RUNNING, WAITING, DECEMBER = "silent", "running", "waiting", "december"


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store with four cases: one nobody answers, one under a special procedure, one to correct, one due next year."""
    url = f"sqlite:///{tmp_path_factory.mktemp('hall')}/hall.db"
    world = World(url)
    world.happened(
        {
            SILENT: (received("03-07 10:00"),),
            RUNNING: (trip("03-02 09:00", "V1"), *taken(), special("03-05 09:00")),
            WAITING: (received(), fact(CorrectionRequested, "03-03 09:00", materials=("租赁合同",))),
            DECEMBER: (received("12-21 09:00"), accepted("12-21 10:00", calendar=NATIONAL)),
        }
    )
    world.close()
    return url


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([CASECORE, "case", *arguments], capture_output=True, text=True, timeout=120, check=False)


def plain(*arguments: str) -> Any:
    done = run(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_an_applicant_nobody_has_answered_is_told_what_the_law_says(hall: str) -> None:
    found = plain("status", SILENT, "--store", hall, "--as-of", "2026-03-16T00:30")

    assert found["acceptance"] == {"on": "2026-03-07", "deemed": True, "recorded": False, "said": found["standing"]}
    assert "the law deems it accepted" in found["standing"]["en"]
    assert "第三十二条" in run("status", SILENT, "--store", hall, "--as-of", "2026-03-16T00:30").stdout


def test_an_applicant_is_told_of_the_standstill_and_the_later_due_date(hall: str) -> None:
    found = plain("status", RUNNING, "--store", hall, "--as-of", "2026-03-06T12:00")

    assert (found["stage"], found["received_on"], found["acceptance"]["on"]) == ("in_review", "2026-03-02", "2026-03-02")
    (standstill,) = found["standstills"]
    assert (standstill["until"], standstill["stops_clock"]) == ("2026-03-10", True)
    assert found["trips"]["made"] == 1
    printed = run("status", RUNNING, "--store", hall, "--as-of", "2026-03-06T12:00").stdout
    for said in ("进度 standing:", "暂停 stands still:", "检测", "跑动 trips: 已跑动 1 次"):
        assert said in printed, said
    assert "samples are tested" not in printed
    assert OFFICER not in printed


def test_an_applicant_is_told_what_to_hand_in(hall: str) -> None:
    (to_do,) = plain("status", WAITING, "--store", hall)["to_do"]

    assert to_do == {"zh": "请补正: 租赁合同。", "en": "Hand in what is missing: 租赁合同."}


def test_a_provisional_due_date_is_said_wherever_it_is_printed(hall: str) -> None:
    at: Final = ("--store", hall, "--as-of", "2026-12-22T12:00")

    assert plain("show", DECEMBER, *at)["provisional"] is True
    assert "(暂定)" in run("show", DECEMBER, *at).stdout
    assert "provisional (暂定)" in run("explain", DECEMBER, *at).stdout
    assert "暂定" in run("status", DECEMBER, *at).stdout


def test_the_file_of_a_case_says_when_it_is_due(hall: str) -> None:
    shown = plain("show", RUNNING, "--store", hall, "--as-of", "2026-03-04T12:00")

    assert (shown["due_on"], shown["provisional"]) == ("2026-03-16", False)
    assert plain("show", SILENT, "--store", hall)["due_on"] is None


def test_the_clocks_are_told_under_another_calendar_too(hall: str) -> None:
    at = ("--store", hall, "--as-of", "2026-03-04T12:00")

    promised, *_ = plain("explain", RUNNING, *at, "--calendar", "cn-2026.1")["clocks"]

    assert (promised["as_now_known"]["calendar_version"], promised["as_now_known"]["due_on"]) == ("cn-2026.1", "2026-03-16")
    assert plain("explain", RUNNING, *at)["clocks"][0]["as_now_known"] is None


def test_a_day_that_became_a_holiday_moves_the_deadline_as_now_known_alone(hall: str, tmp_path: Path) -> None:
    later = 'version = "later.1"\ntitle = "a later notice"\nbase = "cn-2026.1"\n[years]\n2026.rest = ["03-10"]\n'
    (tmp_path / "later.1.toml").write_text(later, "utf-8")
    at = ("--store", hall, "--as-of", "2026-03-04T12:00", "--calendars", str(tmp_path), "--calendar", "later.1")

    promised, *_ = plain("explain", RUNNING, *at)["clocks"]

    known = promised["as_now_known"]
    assert (promised["due_on"], known["due_on"], known["would_be_overdue"]) == ("2026-03-16", "2026-03-17", False)
    assert [day["day"] for day in known["differing_days"]] == ["2026-03-10"]
    printed = run("explain", RUNNING, *at).stdout
    assert "as promised  (cn-2026.1, 按承诺时的日历): due 2026-03-16" in printed
    assert "as now known (later.1, 按现知的日历): due 2026-03-17" in printed


def test_an_unknown_calendar_is_a_mistake_of_use(hall: str) -> None:
    done = run("explain", RUNNING, "--store", hall, "--calendar", "cn-1949.1")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("casecore: --calendar: 'cn-1949.1' is none of ")
