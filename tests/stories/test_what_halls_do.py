"""What halls do every day, told through an engine and read off the figures; places, people and days are ours."""

from typing import Any, Final

from support.hall import APPROVER, Hall, OpenHall, at, item, with_items

from casecore import (
    AddDepartment,
    ApplicantKind,
    CardGround,
    CardIssued,
    Decision,
    DistrictRule,
    GrantApproval,
    Limit,
    MakeDecision,
    PlanStep,
    Reason,
    ReceiveCase,
    RefuseApproval,
    RouteCase,
    Stage,
    WithdrawAddedDepartment,
    critical_path,
)

HALL: Final = "新都区政务服务中心"
JOINT: Final = {
    "code": "joint-shop",
    "joint": True,
    "promised": Limit.working_days(5),
    "plan": tuple(
        PlanStep(step=step, department=department, limit=Limit.working_days(3))
        for step, department in (("fire", "消防"), ("health", "卫健"), ("market", "市场监管"))
    ),
}


def _joint(open_hall: OpenHall, **rest: Any) -> Hall:
    """A hall with an item that three departments review side by side (并联审批), three working days each."""
    like = item("bookstore-licence")
    catalogue = with_items(type(like)(**{**{f: getattr(like, f) for f in like.__dataclass_fields__}, **JOINT}))
    hall = open_hall(catalogue, **rest)
    who = {"item": "joint-shop", "hall": HALL, "applicant": "甲店", "applicant_kind": ApplicantKind.COMPANY}
    hall.do(ReceiveCase, "2021-03-01 09:30", case="J-1", **who)  # a Monday
    hall.accept("J-1", "2021-03-01 10:00")
    hall.do(RouteCase, "2021-03-01 10:30", case="J-1")
    return hall


def _grant(hall: Hall, when: str, step: str, department: str) -> None:
    hall.do(GrantApproval, when, by=APPROVER, case="J-1", step=step, department=department)


def _step_rows(hall: Hall) -> list[tuple[Any, ...]]:
    return hall.facts("SELECT step, department, answer, verdict, critical FROM step_facts ORDER BY number")


def test_a_department_is_added_in_the_last_hour_of_a_joint_review(open_hall: OpenHall) -> None:
    """加签: at 16:10 on the day the steps run out, with one answer missing, water is asked as well, for a day."""
    hall = _joint(open_hall)
    _grant(hall, "2021-03-02 11:00", "fire", "消防")
    _grant(hall, "2021-03-03 15:00", "health", "卫健")
    asked = {"case": "J-1", "step": "water", "department": "水务", "reason": "店后有水井", "limit": Limit.working_days(1)}

    # given 16:10 on Thursday 4 March, the last day of the steps
    hall.refused(AddDepartment, "2021-03-04 16:10", **{**asked, "reason": ""})
    hall.do(AddDepartment, "2021-03-04 16:10", **asked)
    twice = hall.refused(AddDepartment, "2021-03-04 16:11", **{**asked, "step": "water-2"})
    assert (twice.reason, twice.named) == (Reason.DEPARTMENT_ASKED, "水务")
    _grant(hall, "2021-03-04 16:50", "market", "市场监管")

    # then the last of the plan's departments does not end the review, and nobody decides
    assert hall.file("J-1").stage is Stage.IN_REVIEW
    no = hall.refused(MakeDecision, "2021-03-04 16:55", by=APPROVER, case="J-1", decision=Decision.GRANTED)
    assert no.reason is Reason.WRONG_STAGE

    # and the day it was given is its own: nobody is late on Friday evening, water is on Saturday
    hall.engine.tick(at("2021-03-05 23:59"))
    assert not [one for one in hall.told("J-1", CardIssued) if one.ground is CardGround.STEP_OVERDUE]
    hall.engine.tick(at("2021-03-06 00:01"))
    (card,) = [one for one in hall.told("J-1", CardIssued) if one.ground is CardGround.STEP_OVERDUE]
    assert (card.department, card.clock, str(card.due_on)) == ("水务", "step:water", "2021-03-05")

    # when water answers on the last day of the promise, which did not move
    _grant(hall, "2021-03-08 09:30", "water", "水务")
    hall.review("J-1", "2021-03-08 10:00")
    hall.end("J-1", "2021-03-08 10:30")
    assert _step_rows(hall) == [
        ("fire", "消防", "granted", "on_time", 0),
        ("health", "卫健", "granted", "on_time", 0),
        ("market", "市场监管", "granted", "on_time", 0),
        ("water", "水务", "granted", "overdue", 1),
    ]
    assert hall.figure("K6").value == 1.0
    path = critical_path(hall.file("J-1"), hall.engine.office.calendar, at("2021-03-08 10:30"))
    # from Thursday on the case had waited for water alone
    assert [(one.kind.value, one.department, one.working_days) for one in path.segments][-1] == ("step", "水务", 2)


def test_an_added_department_is_withdrawn_and_the_review_is_over(open_hall: OpenHall) -> None:
    hall = _joint(open_hall)
    hall.do(AddDepartment, "2021-03-02 09:00", case="J-1", step="water", department="水务", reason="店后有水井")
    for step, department in (("fire", "消防"), ("health", "卫健"), ("market", "市场监管")):
        _grant(hall, "2021-03-02 11:00", step, department)

    hall.do(WithdrawAddedDepartment, "2021-03-02 16:00", case="J-1", step="water", reason="水井已填")

    assert hall.file("J-1").stage is Stage.REVIEWED
    late = hall.refused(GrantApproval, "2021-03-02 16:30", by=APPROVER, case="J-1", step="water", department="水务")
    assert late.reason is Reason.WRONG_STAGE
    assert _step_rows(hall)[-1] == ("water", "水务", "called_off", None, 1)  # the review had waited for it


def test_where_one_no_is_enough_the_others_are_called_off(open_hall: OpenHall) -> None:
    hall = _joint(open_hall, rule=DistrictRule(name="否决即止", refusal_ends_review=True))

    no = {"case": "J-1", "step": "fire", "department": "消防", "reason": "无安全出口"}
    hall.do(RefuseApproval, "2021-03-02 11:00", by=APPROVER, **no)

    assert hall.file("J-1").stage is Stage.REVIEWED
    hall.do(MakeDecision, "2021-03-03 09:00", by=APPROVER, case="J-1", decision=Decision.REFUSED, reason="无安全出口")
    hall.end("J-1", "2021-03-03 10:00")
    hall.engine.tick(at("2021-03-20 09:00"))
    assert _step_rows(hall) == [
        ("fire", "消防", "refused", "on_time", 1),
        ("health", "卫健", "called_off", None, 0),
        ("market", "市场监管", "called_off", None, 0),
    ]
    assert not hall.told("J-1", CardIssued)
