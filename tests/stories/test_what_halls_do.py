"""What halls do every day, told through an engine and read off the figures; places, people and days are ours."""

from typing import Any, Final

from support.hall import APPROVER, LAST_DAY, Hall, OpenHall, at, item, on, with_items

from adapters.reporting import Period, report
from casecore import (
    AddDepartment,
    ApplicantKind,
    CardGround,
    CardIssued,
    Decision,
    DeliverResult,
    DeliveryMethod,
    DistrictRule,
    GrantApproval,
    Limit,
    MakeDecision,
    PlanStep,
    Reason,
    ReceiveCase,
    RefuseApproval,
    RouteCase,
    SetAsideGround,
    SetAsideResult,
    Stage,
    Visit,
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

    # and the day it was given is its own: nobody is late on Friday evening, water is on Saturday, and told so on Monday
    hall.engine.tick(at("2021-03-06 23:59"))
    assert not [one for one in hall.told("J-1", CardIssued) if one.ground is CardGround.STEP_OVERDUE]
    hall.engine.tick(at("2021-03-08 00:01"))
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


# --- 撤销重作 ---

FIRST: Final = Period(on("2021-03-01"), on("2021-03-31"), LAST_DAY)


def _figures(hall: Hall, period: Period) -> dict[str, tuple[int, int | None]]:
    hall.facts("SELECT 1")
    return {one.code: (one.numerator, one.denominator) for one in report(hall.tables, period) if one.group is None}


def test_a_licence_is_revoked_by_a_court_and_decided_anew(open_hall: OpenHall) -> None:
    """A bookstore's licence of March is set aside in June; the court names a month, and the organ takes a day too long."""
    hall = open_hall()
    who = {"item": "bookstore-licence", "hall": HALL, "applicant": "甲店", "applicant_kind": ApplicantKind.COMPANY}
    hall.do(ReceiveCase, "2021-03-01 09:30", case="L-1", **who, visit=Visit(visit="V-1"))
    hall.handle_and_certify("L-1", "2021-03-03")
    hall.end("L-1", "2021-03-03 16:00")
    collected = {"case": "L-1", "certificate": "证-L-1", "method": DeliveryMethod.WINDOW}
    hall.do(DeliverResult, "2021-03-05 10:00", **collected, visit=Visit(visit="V-2"))
    published = _figures(hall, FIRST)
    assert published["K6"] == (1, 1)

    # when the judgment reaches the organ on Tuesday 1 June
    judgment = {"ground": SetAsideGround.COURT, "organ": "区人民法院", "document": "（2021）行初1号"}
    ordered = {**judgment, "case": "L-1", "redecide_in": "L-2", "limit": Limit.months(1)}
    taken = hall.refused(SetAsideResult, "2021-06-01 09:00", **{**ordered, "redecide_in": "L-1"})
    assert taken.reason is Reason.WRONG_STAGE
    hall.do(SetAsideResult, "2021-06-01 09:00", **ordered)

    # then the licence is void, the first case stays as it was published, and the second runs by the court's clock
    assert hall.facts("SELECT revoked_on FROM certificate_facts") == [("2021-06-01",)]
    again = hall.file("L-2")
    assert (again.stage, again.applicant) == (Stage.IN_REVIEW, "甲店")
    assert str(hall.due("L-2", Limit.months(1), "2021-06-02 09:00").due_on) == "2021-07-01"
    assert _figures(hall, FIRST) == published

    # when it is refused this time, on Friday 2 July
    hall.do(RouteCase, "2021-06-02 09:00", case="L-2")
    for step in hall.file("L-2").plan:
        hall.do(GrantApproval, "2021-06-10 09:00", by=APPROVER, case="L-2", step=step.step, department=step.department)
    hall.do(MakeDecision, "2021-07-02 09:00", by=APPROVER, case="L-2", decision=Decision.REFUSED, reason="场地不符")
    hall.end("L-2", "2021-07-02 10:00")

    assert hall.facts(
        "SELECT case_id, promised_verdict, redecides, set_aside_on, set_aside_ground FROM case_facts ORDER BY case_id"
    ) == [("L-1", "on_time", None, "2021-06-01", "court"), ("L-2", "overdue", "L-1", None, None)]
    assert _figures(hall, FIRST) == published
    july = _figures(hall, Period(on("2021-07-01"), on("2021-07-31"), LAST_DAY))
    assert (july["K6"], july["K20-closed"][0]) == ((0, 1), 1)
    # nobody applied again, and nobody had to come
    whole = _figures(hall, Period(None, None, LAST_DAY))
    assert [whole[code][0] for code in ("K20-received", "K20-accepted", "K20-closed")] == [1, 1, 2]
    assert whole["K1"] == published["K1"]


def test_a_result_set_aside_for_good_opens_no_case(open_hall: OpenHall) -> None:
    hall = open_hall()
    who = {"item": "bookstore-licence", "hall": HALL, "applicant": "甲店", "applicant_kind": ApplicantKind.COMPANY}
    hall.do(ReceiveCase, "2021-03-01 09:30", case="L-1", **who)
    hall.handle_and_certify("L-1", "2021-03-03")
    hall.end("L-1", "2021-03-03 16:00")

    own = {"ground": SetAsideGround.OWN_MOTION, "organ": "区文广局", "document": "撤1号", "case": "L-1"}
    hall.do(SetAsideResult, "2021-06-01 09:00", **own)

    assert hall.facts("SELECT case_id, set_aside_ground FROM case_facts") == [("L-1", "own_motion")]
    late = hall.refused(SetAsideResult, "2021-06-02 09:00", **own)
    assert (late.reason, late.named) == (Reason.RESULT_SET_ASIDE, "撤1号")
