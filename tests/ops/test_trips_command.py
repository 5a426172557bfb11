"""``casecore trips``: the trip list of a case or a package as the command line shows it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.followed import A

CASECORE = Path(sys.executable).parent / "casecore"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([CASECORE, *arguments], capture_output=True, text=True, timeout=120, check=False)


def plain(store: str, stream: str, *more: str) -> Any:
    done = run("trips", stream, "--store", store, "--json", *more)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def test_a_package_shows_each_visit_once_with_the_cases_it_served(all_kinds: str) -> None:
    found = plain(all_kinds, "DEMO-020")

    (visit,) = found["visits"]
    assert (found["kind"], found["district"], len(visit["cases"])) == ("package", A, 5)
    assert (visit["visitor"], visit["place"], visit["causes"], visit["share"]) == ("applicant", "hall", ["submit"], "1")
    assert found["totals"] == {"visits": 1, "gross": 1, "net": 1, "near": 0, "journey": 1, "apportioned": "1"}
    assert (found["promised"], found["actual"], found["kept"]) == (1, 1, True)


def test_a_case_of_a_package_bears_its_share_of_the_visit(all_kinds: str) -> None:
    (visit,) = plain(all_kinds, "DEMO-020-startup-tax")["visits"]

    assert (visit["share"], len(visit["cases"])) == ("1/5", 5)


def test_every_line_has_its_verdict_and_why(all_kinds: str) -> None:
    found = plain(all_kinds, "DEMO-REPEAT")

    assert [(one["causes"], one["gross"], one["net"], one["journey"], one["verdict"]) for one in found["visits"]] == [
        (["consult"], False, False, True, "no_trip"),
        (["submit"], True, True, True, "promised"),
        (["correct"], True, True, True, "agency"),
        (["collect"], True, True, True, "optional"),
    ]
    assert all(one["why"] for one in found["visits"])
    assert (found["promised"], found["actual"], found["kept"]) == (1, 3, False)
    printed = run("trips", "DEMO-REPEAT", "--store", all_kinds).stdout
    for said in (
        "跑动台账",
        "申请前咨询",
        "因行政机关重复到场 agency",
        "可不跑而跑 optional",
        "gross 毛次数 3, net 净次数 3",
        "whole journey 全程 4",
        "承诺 promised 1, 实际 actual 3 (net): not kept 未守诺",
    ):
        assert said in printed, said


def test_the_agent_who_went_is_named_and_costs_the_applicant_nothing(all_kinds: str) -> None:
    (visit,) = plain(all_kinds, "DEMO-AGENT")["visits"]

    assert (visit["visitor"], visit["agent"], visit["place"]) == ("hall_agent", "叶伦康", "village_point")
    assert (visit["gross"], visit["share"], visit["verdict_zh"]) == (False, "0", "不计跑动")
    assert "代办员 叶伦康" in run("trips", "DEMO-AGENT", "--store", all_kinds).stdout


def test_the_list_is_shown_as_of_an_instant(all_kinds: str) -> None:
    found = plain(all_kinds, "DEMO-REPEAT", "--as-of", "2017-08-02T09:00")

    assert [one["visit"] for one in found["visits"]] == [
        "新都区政务服务中心/2017-07-31/DEMO-REPEAT-V0",
        "新都区政务服务中心/2017-08-01/DEMO-REPEAT-V1",
    ]
    assert found["promised"] is None  # nobody had accepted it


@pytest.mark.parametrize(
    ("stream", "said"),
    [
        ("NOBODY", "case or package NOBODY: not in "),
        ("小蜜蜂箱", "小蜜蜂箱: is a drop box (投递箱), not a case or a package: see casecore box history 小蜜蜂箱"),
    ],
)
def test_an_id_that_has_no_trips_is_a_mistake_of_use(all_kinds: str, stream: str, said: str) -> None:
    done = run("trips", stream, "--store", all_kinds)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"casecore: {said}")


def test_a_case_is_explained_with_the_verdict_of_each_trip(all_kinds: str) -> None:
    printed = run("case", "explain", "DEMO-REPEAT", "--store", all_kinds).stdout
    trips = json.loads(run("case", "explain", "DEMO-REPEAT", "--store", all_kinds, "--json").stdout)["trips"]

    assert (
        "申请人, 补正 at 办事大厅 — counts: a correction the agency caused (行政机关原因补正); 因行政机关重复到场" in printed
    )
    assert {one["visit"][-2:]: one["verdict"] for one in trips} == {
        "V0": "no_trip",
        "V1": "promised",
        "V2": "agency",
        "V3": "optional",
    }
