"""``casecore trips``: every visit of a case or a package, the cases it served, what it counts for, against the promise."""

import json
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from followed import A, B, Lives, World, nationally, trip
from poisoned import set_aside
from story import CITIZEN, CLERK, accepted, fact, moment, received
from vandal import Vandal

from adapters.following import follow
from adapters.trip_lists import case_ledger
from casecore import (
    CaseClosed,
    CaseEvent,
    CaseFile,
    CaseJoined,
    CaseVoided,
    CaseWithdrawn,
    Cause,
    ConditionLapsed,
    DistrictRule,
    NotAccepted,
    Outcome,
    Place,
    TripMade,
    TripVerdict,
    Visitor,
    fold_stream,
)
from ops.printing.trips import print_trip_list
from projections.explaining.trip_list import TripList

CASECORE = Path(sys.executable).parent / "casecore"
ONE, TWO, THREE, ALONE = "one", "two", "three", "alone"
SHARED: Lives = {
    ONE: nationally(received(), trip("03-02 09:00", "V1"), accepted(), trip("03-10 09:00", "V2", Cause.COLLECT)),
    TWO: nationally(received(), trip("03-02 09:05", "V1"), accepted()),
    THREE: nationally(received(), trip("03-02 09:10", "V1"), accepted()),
    ALONE: nationally(received(), trip("03-02 09:20", "V9"), accepted()),
}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([CASECORE, *arguments], capture_output=True, text=True, timeout=120, check=False)


def plain(store: str, stream: str, *more: str) -> Any:
    done = run("trips", stream, "--store", store, "--json", *more)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def ledger(world: World, case: str, until: str | None = None) -> TripList:
    """Of a case by an instant."""
    engine, instant = world.engine(), moment(until) if until is not None else None
    file = fold_stream(r.event for r in engine.history(case) if instant is None or r.occurred_at <= instant)
    assert isinstance(file, CaseFile)
    return case_ledger(engine, world.tables, case, file, instant)


def shares(found: TripList) -> dict[str, tuple[int, Fraction]]:
    return {line.visit.visit: (len(line.cases), line.share) for line in found.lines}


# --- Whom a visit served ---


@pytest.mark.parametrize("followed", ["never", "to the end", "for a while"])
def test_a_visit_is_shared_among_all_it_served_whether_anybody_follows_the_log_or_not(memory: World, followed: str) -> None:
    memory.happened({ONE: SHARED[ONE], ALONE: SHARED[ALONE]})
    if followed == "for a while":
        follow(memory.logs, memory.tables)
    memory.happened({TWO: SHARED[TWO], THREE: SHARED[THREE]})
    if followed == "to the end":
        follow(memory.logs, memory.tables)

    found = ledger(memory, ONE)

    assert shares(found) == {"V1": (3, Fraction(1, 3)), "V2": (1, Fraction(1))}
    assert found.lines[0].cases == (ONE, THREE, TWO)
    assert found.totals.apportioned == Fraction(4, 3)
    assert found.unread == ()


def test_the_shares_of_all_cases_add_up_to_the_visits_made(memory: World) -> None:
    memory.happened(SHARED)

    assert sum(ledger(memory, case).totals.apportioned for case in SHARED) == len({"V1", "V2", "V9"})


def test_a_visit_of_the_same_number_in_another_district_is_another_visit(memory: World) -> None:
    memory.happened({ONE: SHARED[ONE]})
    memory.happened({TWO: SHARED[TWO]}, B)
    follow(memory.logs, memory.tables)

    assert shares(ledger(memory, ONE))["V1"] == (1, Fraction(1))


def test_whoever_came_to_be_served_later_is_not_yet_there(memory: World) -> None:
    memory.happened(SHARED)

    found = ledger(memory, ONE, "03-02 09:06")

    assert shares(found) == {"V1": (2, Fraction(1, 2))}
    assert (found.promised, found.kept) == (None, None)


def test_of_a_case_that_waits_or_is_dropped_no_promise_is_kept(memory: World, capsys: pytest.CaptureFixture[str]) -> None:
    joined = fact(CaseJoined, "03-02 09:00", package="PKG", theme="shop", visits_promised=2)
    waits = replace(joined, waiting=True)
    dropped = (waits, fact(ConditionLapsed, "03-03 09:00", prerequisite="PKG-FIRE"))
    memory.happened({"waits": (waits,), "dropped": dropped, "runs": (waits, joined)})

    found = {case: ledger(memory, case) for case in ("waits", "dropped", "runs")}

    assert [(one.promised, one.kept) for one in found.values()] == [(None, None), (None, None), (2, True)]
    for case in ("waits", "dropped"):
        print_trip_list(found[case], as_json=False)
        assert "守诺" not in capsys.readouterr().out


def test_where_it_counts_for_nobody_it_is_nobodys_share(memory: World) -> None:
    went = {"visitor": Visitor.HALL_AGENT, "agent": "ma", "place": Place.VILLAGE_POINT, "cause": Cause.SUBMIT}
    carried = fact(TripMade, "03-02 09:05", by=CLERK, visit="V1", **went)
    memory.happened({ONE: SHARED[ONE], TWO: (received(), carried)})

    (line, _), (agents,) = ledger(memory, ONE).lines, ledger(memory, TWO).lines

    assert (line.cases, line.share) == ((ONE, TWO), Fraction(1))
    assert (agents.share, agents.visit.verdict) == (Fraction(), TripVerdict.NO_TRIP)


@pytest.mark.parametrize("followed", [True, False])
def test_a_case_that_shares_a_visit_and_cannot_be_read_is_named(tmp_path: Path, followed: bool) -> None:  # noqa: FBT001 - a parameter of the test
    world = World(f"sqlite:///{tmp_path}/cases.db")
    world.happened(SHARED)
    (position,) = (r.position for r in world.engine().history(TWO) if r.version == len(SHARED[TWO]))
    vandal = Vandal(world.url)
    vandal.set_event("topic", position, "case.nonsense.v9")
    vandal.close()
    if followed:
        follow(world.logs, world.tables)
        assert list(set_aside(world)) == [TWO]

    found = ledger(world, ONE)
    world.close()

    assert found.lines[0].cases == (ONE, THREE)
    assert found.unread == (f"{TWO}: {TWO} version 3: unknown event name case.nonsense.v9",)


def test_the_districts_rule_says_what_counts(memory: World) -> None:
    near = fact(
        TripMade,
        "03-02 09:00",
        by=CLERK,
        visit="V1",
        visitor=Visitor.OWN_AGENT,
        place=Place.COMMUNITY_KIOSK,
        cause=Cause.SUBMIT,
        device="K-07",
    )
    memory.happened({ONE: (received(), near, accepted())})
    engine = memory.engine()
    file = engine.file(ONE)

    usual = case_ledger(engine, memory.tables, ONE, file, None)
    engine.office = engine.office._replace(rule=DistrictRule(name="two steps", near_visits_net=False))
    lenient = case_ledger(engine, memory.tables, ONE, file, None)

    assert (usual.totals.gross, usual.totals.net, usual.totals.near) == (1, 1, 1)
    assert (lenient.totals.gross, lenient.totals.net, lenient.totals.near, lenient.rule) == (1, 0, 1, "two steps")


def test_where_trips_were_not_recorded_nothing_is_said_to_be_kept(memory: World) -> None:
    memory.happened({ONE: (received(trips_recorded=False), accepted())})

    found = ledger(memory, ONE)

    assert (found.recorded, found.promised, found.kept, found.plain()["actual"]) == (False, 1, None, None)


WITHDRAWN = fact(CaseWithdrawn, "03-04 09:00", by=CITIZEN, reason="moved")
DECLINED = fact(NotAccepted, "03-03 09:00", by=CLERK, reason="not ours", remedy="appeal")
JOINED = fact(CaseJoined, "03-02 08:59", by=CLERK, package="P1", theme="SHOPS", subject=None, visits_promised=1)


@pytest.mark.parametrize(
    ("ending", "said"),
    [
        (WITHDRAWN, "已撤回 withdrawn"),
        (fact(CaseVoided, "03-04 09:00", by=CLERK, outcome=Outcome.VOIDED, reason="twice"), "作废办结 voided"),
        (fact(CaseVoided, "03-04 09:00", by=CLERK, outcome=Outcome.DELETED, reason="twice"), "删除办结 deleted"),
        (fact(CaseClosed, "03-04 09:00", by=CLERK, outcome=Outcome.DELETED, reason="twice"), "删除办结 deleted"),
    ],
)
def test_what_no_figure_counts_kept_no_promise_and_says_so(
    memory: World, capsys: pytest.CaptureFixture[str], ending: CaseEvent, said: str
) -> None:
    memory.happened({ONE: nationally(received(), trip("03-02 09:00", "V1"), accepted(), ending)})
    follow(memory.logs, memory.tables)

    found = ledger(memory, ONE)

    assert (found.promised, found.totals.net, found.kept, found.uncounted) == (1, 1, None, said)
    assert memory.tables.query("SELECT counted FROM case_facts") == [(0,)], "as the indicators treat it"
    print_trip_list(found, as_json=False)
    assert f"承诺 promised 1, 实际 actual 1 (net): in no trip figure 不计入跑动指标: {said}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("before", "promised", "more"),
    [((), None, ""), ((JOINED,), 1, ", though its visits count for its package (一件事)")],
    ids=["alone", "of a package"],
)
def test_what_was_not_accepted_is_no_closed_case_whose_trips_are_told(
    memory: World, capsys: pytest.CaptureFixture[str], before: tuple[CaseEvent, ...], promised: int | None, more: str
) -> None:
    memory.happened({ONE: (*before, received(), trip("03-02 09:00", "V1"), DECLINED)})
    follow(memory.logs, memory.tables)

    found = ledger(memory, ONE)

    assert (found.promised, found.kept) == (promised, None)
    assert found.uncounted == f"不予受理 not_accepted: never closed (办结){more}"
    assert memory.tables.query("SELECT counted, closed FROM case_facts") == [(1, 0)]
    print_trip_list(found, as_json=True)
    assert json.loads(capsys.readouterr().out)["uncounted"] == found.uncounted


@pytest.mark.parametrize("outcome", [Outcome.OTHER, Outcome.CORRECTION_NOT_SUPPLIED, None])
def test_a_case_that_runs_or_was_closed_otherwise_is_held_to_its_promise(memory: World, outcome: Outcome | None) -> None:
    ending = () if outcome is None else (fact(CaseClosed, "03-04 09:00", by=CLERK, outcome=outcome),)
    memory.happened({ONE: nationally(received(), trip("03-02 09:00", "V1"), accepted(), *ending)})

    assert (ledger(memory, ONE).kept, ledger(memory, ONE).uncounted) == (True, None)


# --- The command ---


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


def test_the_ledger_is_shown_as_of_an_instant(all_kinds: str) -> None:
    found = plain(all_kinds, "DEMO-REPEAT", "--as-of", "2017-08-02T09:00")

    assert [one["visit"] for one in found["visits"]] == ["DEMO-REPEAT-V0", "DEMO-REPEAT-V1"]
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
