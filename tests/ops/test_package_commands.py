"""``casecore package`` and ``casecore box``: what a hall and an applicant see of what is no single case."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.story import accepted, day, fact, moment, received
from support.vandal import Vandal

from adapters import open_engine
from adapters.calendar_toml import NATIONAL, shipped_calendars
from casecore import (
    ApplicantKind,
    Authority,
    CaseFile,
    CaseRouted,
    Catalogue,
    Channel,
    ConditionFailed,
    CorrectionRequested,
    Limit,
    MemberAccepted,
    MemberDropped,
    MemberEnded,
    MemberStarted,
    MemberSuspended,
    Outcome,
    PackageAccepted,
    PackageClosed,
    PackageExtended,
    PackageOpened,
    PlannedCase,
    PlanStep,
    Receipt,
    Stage,
    Tier,
    fold,
)
from casecore.drop_box.acts import CollectBox
from casecore.kinds import PACKAGE as PACKAGES
from casecore.reading.package_progress import PackageProgress, package_progress
from ops.printing.packages import print_package
from projections.explaining.package_view import view_package

CASECORE = Path(sys.executable).parent / "casecore"
HOUSE = "DEMO-HOUSE"
LICENCE, TAX, SEAL = "P-licence", "P-tax", "P-seal"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([CASECORE, *arguments], capture_output=True, text=True, timeout=120, check=False)


def plain(*arguments: str, code: int = 0) -> Any:
    done = run(*arguments, "--json")
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout)


OPENED = fact(
    PackageOpened,
    "03-02 09:00",
    theme="start-up",
    theme_version=1,
    applicant="Han Books",
    applicant_kind=ApplicantKind.COMPANY,
    channel=Channel.WINDOW,
    hall="Hall",
    tier=Tier.COUNTY,
    window=None,
    assisted=False,
    answers=(),
    form=(),
    cases=(
        PlannedCase(case=LICENCE, item="licence"),
        PlannedCase(case=SEAL, item="seal", conditional_on=(LICENCE,)),
        PlannedCase(case=TAX, item="tax", after=(LICENCE,)),
    ),
    promised=Limit.working_days(5),
    visits_promised=1,
)
TAKEN = (
    OPENED,
    fact(MemberAccepted, "03-02 10:00", case=LICENCE, effective_on=day("03-02")),
    fact(MemberAccepted, "03-03 10:00", case=SEAL, effective_on=day("03-03")),
    fact(PackageAccepted, "03-03 10:00", effective_on=day("03-03"), statutory=Limit.working_days(45), calendar=NATIONAL),
)


def ended(case: str, when: str, **rest: Any) -> MemberEnded:
    told = {"stage": Stage.CLOSED, "outcome": Outcome.OTHER, "granted": True, **rest}
    return fact(MemberEnded, when, case=case, **told)


def told(*events: Any, at: str = "03-05 12:00", cases: dict[str, CaseFile] | None = None) -> PackageProgress:
    calendar = shipped_calendars()[NATIONAL]
    return package_progress(PACKAGES.fold(events), cases or {}, moment(at), lambda _: calendar)


# --- show ---


def test_a_package_is_shown_with_its_cases_materials_and_clocks_and_what_joint_review_saved(all_kinds: str) -> None:
    found = plain("package", "show", HOUSE, "--store", all_kinds)

    assert (found["stage"], found["theme"], found["visits_promised"]) == ("closed", "house-and-utilities", 1)
    assert [(one["item"], one["state"], one["granted"]) for one in found["cases"]] == [
        ("house-transfer", "ended", True),
        ("power-transfer", "ended", True),
        ("water-transfer", "ended", True),
        ("gas-transfer", "ended", True),
    ]
    assert {tuple(one["after"]) for one in found["cases"][1:]} == {(f"{HOUSE}-house-transfer",)}
    assert {one["way"] for one in found["materials"]} == {"paper"}
    promised, statutory = found["clocks"]
    assert (promised["due_at"], promised["verdict"]) == ("2017-08-02T10:40:00+08:00", "on_time")
    assert (statutory["limit"], statutory["due_on"]) == ("45 working days", "2017-10-10")
    assert found["joint_review"]["critical_path"][0] == f"{HOUSE}-house-transfer"
    # the house from 09:40 to 10:08, then three utilities side by side, the last closed at 10:18
    assert found["joint_review"]["working_minutes"] == {"serial": 46, "actual": 38, "saved": 8}
    assert [(one["case"], one["step"], one["department"], one["working_days"]) for one in found["critical_path"]] == [
        (f"{HOUSE}-house-transfer", "tax", "地税", 0),
        (f"{HOUSE}-house-transfer", "registry", "国土", 0),
    ]
    printed = run("package", "show", HOUSE, "--store", all_kinds).stdout
    for said in (
        "一件事 DEMO-HOUSE",
        "共用材料 身份证明: 纸质提交",
        "承诺时限 promised",
        "联审联办",
        "46 minutes of legal working time (法定工作时间), actual 38 minutes, saved 8 minutes",
        "关键路径",
        f"{HOUSE}-house-transfer: 环节办理 registry, 国土: less than a working day, on 2017-08-02",
        "at most 1 visit\n",
    ):
        assert said in printed, said


def test_a_package_is_shown_as_it_stood(all_kinds: str) -> None:
    found = plain("package", "show", HOUSE, "--store", all_kinds, "--as-of", "2017-08-02T09:50")

    assert (found["stage"], found["joint_review"], found["closed_at"]) == ("accepted", None, None)
    assert [one["state"] for one in found["cases"]] == ["running", "waiting", "waiting", "waiting"]


def test_what_became_of_conditions_and_extensions_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    story = (
        *TAKEN,
        fact(MemberSuspended, "03-04 09:00", case=LICENCE, suspension="S1", declared_days=2),
        fact(
            PackageExtended,
            "03-05 09:00",
            days=15,
            approver="zhao",
            reason="difficult",
            notice="N1",
            authority=Authority.GOVERNMENT_HEAD,
        ),
        ended(SEAL, "03-06 09:00", pending=(LICENCE,)),
        ended(LICENCE, "03-09 09:00", granted=False, outcome=Outcome.RETURNED),
        fact(ConditionFailed, "03-09 09:00", case=SEAL, prerequisite=LICENCE),
        fact(MemberDropped, "03-09 09:00", case=TAX, prerequisite=LICENCE),
        fact(PackageClosed, "03-09 09:00", granted=0, failed=3),
    )
    view = view_package("510114", "P", PACKAGES.fold(story), {}, moment("03-20 09:00"), shipped_calendars())

    print_package(view, as_json=False)
    printed = capsys.readouterr().out

    for said in (
        "lost to P-licence",
        "on condition of P-licence",
        "after P-licence",
        "延长审批 15 working days",
        "退回办结",
    ):
        assert said in printed, said
    assert view.plain()["failed"] == 3
    assert view.plain()["extended_days"] == 15
    assert view.review is not None
    assert (view.review.serial_days, view.review.actual_days) == (8, 5)


STANDS = (
    received("03-02 09:00", department="Market"),
    accepted("03-02 10:00", plan=(PlanStep(step="review", department="Market"),), calendar=NATIONAL),
)


def test_while_it_runs_the_critical_path_so_far_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    opened = replace(OPENED, cases=OPENED.cases[:1])
    calendar = {"statutory": Limit.working_days(45), "calendar": NATIONAL}
    history = (opened, *TAKEN[1:2], fact(PackageAccepted, "03-02 10:00", effective_on=day("03-02"), **calendar))
    cases = {LICENCE: fold((*STANDS, fact(CaseRouted, "03-04 10:00", step="review", department="Market")))}
    view = view_package("510114", "P", PACKAGES.fold(history), cases, moment("03-09 10:00"), shipped_calendars())

    print_package(view, as_json=False)
    printed = capsys.readouterr().out

    for said in (
        "critical path so far",
        "P-licence: 待分办, Market: 2 working days, 2026-03-02 to 2026-03-04",
        "P-licence: 环节办理 review, Market: 3 working days, 2026-03-04 to 2026-03-09",
    ):
        assert said in printed, said
    assert [one["working_days"] for one in view.plain()["critical_path"]] == [2, 3]


@pytest.mark.parametrize(
    ("closed", "said"),
    [
        ("03-03 11:30", "one after the other (串联) 1 hour 30 minutes of legal working time"),
        ("03-03 12:00", "one after the other (串联) 2 hours of legal working time"),
        ("03-04 11:30", "one after the other (串联) 1 working day, actual 1, saved 0"),
    ],
)
def test_what_took_less_than_a_working_day_is_told_in_legal_working_time(
    closed: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said in within(capsys, "03-03 10:00", closed)


def test_what_was_done_outside_the_legal_working_time_took_less_than_a_working_day(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert "joint review: less than a working day\n" in within(capsys, "03-03 20:00", "03-03 21:00")


def within(capsys: pytest.CaptureFixture[str], accepted_at: str, closed_at: str) -> str:
    """What is printed of a package of one case, accepted and closed at these moments."""
    history = (
        replace(OPENED, cases=OPENED.cases[:1]),
        fact(MemberAccepted, accepted_at, case=LICENCE, effective_on=day("03-03")),
        fact(
            PackageAccepted,
            accepted_at,
            effective_on=day("03-03"),
            statutory=Limit.working_days(45),
            calendar=NATIONAL,
        ),
        ended(LICENCE, closed_at),
        fact(PackageClosed, closed_at, granted=1, failed=0),
    )
    view = view_package("510114", "P", PACKAGES.fold(history), {}, moment("03-20 09:00"), shipped_calendars())
    print_package(view, as_json=False)
    return capsys.readouterr().out


def test_under_a_calendar_nobody_knows_the_joint_clocks_cannot_be_counted(capsys: pytest.CaptureFixture[str]) -> None:
    view = view_package("510114", "P", PACKAGES.fold(TAKEN), {}, moment("03-20 09:00"), {})

    print_package(view, as_json=False)

    assert "cannot be counted: " in capsys.readouterr().out
    assert [clock.reading for clock in view.clocks] == [None, None]
    assert view.plain()["clocks"][0]["why_not"]


# --- history ---


def test_every_fact_of_a_package_is_listed(all_kinds: str) -> None:
    rows = plain("package", "history", HOUSE, "--store", all_kinds)

    assert [row["version"] for row in rows] == list(range(1, len(rows) + 1))
    assert {row["event"].split(".")[0] for row in rows} == {"package"}


def test_a_fact_of_a_package_that_cannot_be_read_is_told_with_the_others(own_kinds: str) -> None:
    rows = plain("package", "history", HOUSE, "--store", own_kinds)
    vandal = Vandal(own_kinds)
    vandal.set_event("topic", rows[-1]["position"], "package.nonsense.v9")
    vandal.close()

    after = plain("package", "history", HOUSE, "--store", own_kinds, code=1)
    shown = run("package", "show", HOUSE, "--store", own_kinds)

    assert after[:-1] == rows[:-1]
    assert "unknown event name package.nonsense.v9" in after[-1]["unreadable"]
    assert (shown.returncode, shown.stdout) == (1, "")
    assert "package.nonsense.v9" in shown.stderr


# --- status ---


def test_an_applicant_is_told_of_the_whole_and_of_each_case(all_kinds: str) -> None:
    found = plain("package", "status", HOUSE, "--store", all_kinds, "--as-of", "2017-08-02T10:16")

    assert (found["stage"], found["received_on"], found["accepted_on"]) == ("accepted", "2017-08-02", "2017-08-02")
    assert found["standing"]["zh"] == "已受理, 正在办理: 共 4 件, 已结束 1 件。"
    assert found["due"]["at"] == "2017-08-02T10:40:00+08:00"
    assert found["trips"] == {"made": 1, "counted": 1, "promised": 1}
    assert found["cases"][0]["said"]["en"] == "Ended on 2017-08-02, granted."
    printed = run("package", "status", HOUSE, "--store", all_kinds, "--as-of", "2017-08-02T10:16").stdout
    for said in ("进度 standing", "时限 due", f"{HOUSE}-gas-transfer: ", "跑动 trips"):
        assert said in printed, said


def test_before_it_is_accepted_it_has_no_due_date() -> None:
    found = told(OPENED)

    assert (found.due, found.accepted_on) == (None, None)
    assert found.standing.en == "Filed, 3 cases; the hall has to accept them."
    assert [one.said.en for one in found.members] == ["It is to be accepted."] * 2 + ["It waits for P-licence."]


def test_what_is_missing_in_one_case_is_to_do_for_the_whole() -> None:
    asked = fact(CorrectionRequested, "03-03 09:00", materials=("lease",))

    (to_do,) = told(OPENED, cases={LICENCE: fold((received(), asked))}).to_do

    assert (to_do.zh, to_do.en) == ("P-licence: 请补正: lease。", "P-licence: Hand in what is missing: lease.")


def test_every_way_a_case_of_a_package_ends_is_told() -> None:
    on_condition = ended(SEAL, "03-05 09:00", pending=(LICENCE,))
    failed = (
        ended(LICENCE, "03-06 09:00", granted=False),
        fact(ConditionFailed, "03-06 09:00", case=SEAL, prerequisite=LICENCE),
        fact(MemberDropped, "03-06 09:00", case=TAX, prerequisite=LICENCE),
    )
    granted = (ended(LICENCE, "03-06 09:00"), fact(MemberStarted, "03-06 09:00", case=TAX))

    before = told(*TAKEN, on_condition)
    lost = told(*TAKEN, on_condition, *failed, fact(PackageClosed, "03-06 09:00", granted=0, failed=3))
    won = told(*TAKEN, on_condition, *granted)

    stopped = told(*TAKEN, *failed)
    refused = told(*TAKEN, *failed, ended(SEAL, "03-09 09:00", granted=False))

    assert stopped.members[1].said.en == "Its condition has failed with P-licence: it is granted no more."
    assert refused.members[1].said.en == "Ended on 2026-03-09, not granted."
    assert before.members[0].said.en == "Accepted on 2026-03-02 and under way."
    assert before.members[1].said.en == "Ended on 2026-03-05, granted, on condition of P-licence."
    assert [one.said.en for one in lost.members] == [
        "Ended on 2026-03-06, not granted.",
        "It was granted on condition, and P-licence failed.",
        "Not opened: P-licence was not granted.",
    ]
    assert lost.standing.zh == "已全部办结: 共 3 件, 通过 0 件。"
    assert won.members[2].said.en == "It is to be accepted."
    assert told().standing.en == "Nothing has been applied for yet."


# --- another kind than asked for ---


@pytest.mark.parametrize("command", ["show", "history", "explain", "status"])
def test_a_package_is_no_case_and_it_is_said_where_to_look(all_kinds: str, command: str) -> None:
    done = run("case", command, HOUSE, "--store", all_kinds)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"casecore: {HOUSE}: is a package (一件事), not a case: see casecore package show {HOUSE}\n"


@pytest.mark.parametrize("command", [("package", "show"), ("package", "history"), ("package", "status"), ("box", "duty")])
def test_a_case_is_neither_package_nor_box(all_kinds: str, command: tuple[str, str]) -> None:
    done = run(*command, "DEMO-BOX", "--store", all_kinds)

    assert (done.returncode, done.stdout) == (2, "")
    assert "DEMO-BOX: is a case (办件), not a " in done.stderr
    assert done.stderr.endswith("see casecore case show DEMO-BOX\n")


def test_a_package_that_is_not_there_is_a_mistake_of_use(all_kinds: str) -> None:
    done = run("package", "show", "GONE", "--store", all_kinds)

    assert (done.returncode, done.stderr) == (2, f"casecore: package GONE: not in {all_kinds}\n")


# --- the drop box ---


BOX = "小蜜蜂箱"


def test_the_days_on_which_a_box_was_not_emptied_often_enough_are_a_finding(all_kinds: str) -> None:
    found = plain("box", "duty", BOX, "--store", all_kinds, "--as-of", "2017-08-04", code=1)

    assert [(one["day"], one["collections"], one["done"]) for one in found["days"]] == [
        ("2017-07-31", 0, False),
        ("2017-08-01", 2, True),
        ("2017-08-02", 0, False),
        ("2017-08-03", 0, False),
    ]
    assert (found["missed"], found["working_days"], found["inside"]) == (3, 4, 0)
    assert found["days"][1]["longest_wait_minutes"] == 620
    printed = run("box", "duty", BOX, "--store", all_kinds, "--as-of", "2017-08-04")
    assert printed.returncode == 1
    assert "2017-08-02: emptied 0 of 2 times" in printed.stdout
    assert "2017-08-01" not in printed.stdout


def test_a_box_emptied_twice_a_day_has_nothing_to_be_found(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/box.db"
    with open_engine(url, district="440105") as engine:
        for hour in ("09:00", "15:00"):
            assert isinstance(engine.handle(CollectBox(box=BOX, by="post", at=moment(f"03-02 {hour}"))), Receipt)

    done = run("box", "duty", BOX, "--store", url, "--as-of", "2026-03-03")

    assert (done.returncode, "0 not emptied often enough" in done.stdout) == (0, True)


def test_how_often_a_box_nobody_registered_is_to_be_emptied_nobody_knows(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/box.db"
    with open_engine(url, district="440105", catalogue=Catalogue([])) as engine:  # it keeps no register
        assert isinstance(engine.handle(CollectBox(box="B-77", by="post", at=moment("03-02 09:00"))), Receipt)

    done = run("box", "duty", "B-77", "--store", url)

    assert (done.returncode, done.stdout) == (2, "")
    assert "the catalogue does not say how often it is to be emptied" in done.stderr


def test_every_fact_of_a_box_is_listed(all_kinds: str) -> None:
    rows = plain("box", "history", BOX, "--store", all_kinds)

    assert [row["event"] for row in rows] == ["drop_box.deposited.v1", "drop_box.collected.v1", "drop_box.collected.v1"]
