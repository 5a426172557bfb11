"""加签 and 否决即止: a department added to a running review, withdrawn before it answers, and what one refusal ends."""

from datetime import date
from typing import Any

import pytest
from support.story import (
    BUILD,
    CALENDAR,
    CATALOGUE,
    CLERK,
    DECIDED,
    HEAD,
    IN_REVIEW,
    NOW,
    OFFICE,
    OFFICER,
    REVIEWED,
    ROUTED,
    Story,
    accepted,
    ask,
    day,
    fact,
    granted,
    moment,
    received,
    routed,
)
from support.told_adding import WELL

from casecore import (
    AddDepartment,
    ApprovalCalledOff,
    ApprovalRefused,
    CardGround,
    CardIssued,
    CaseEvent,
    CaseRouted,
    Decision,
    DecisionMade,
    DepartmentAdded,
    DistrictRule,
    GrantApproval,
    Limit,
    MakeDecision,
    Office,
    PassTime,
    Reason,
    RefuseApproval,
    Refused,
    ReturnApproval,
    ReviewCompleted,
    RouteCase,
    Stage,
    TransferCase,
    WithdrawAddedDepartment,
    clocks_of,
    critical_path,
    fold,
)
from casecore.testing import Answer as Answered
from casecore.vocabulary import Answer, Unit

WHY = {"reason": "a well in the yard"}


def added(when: str = "03-03 10:00", step: str = "well", at: str = "Water", **rest: object) -> tuple[CaseEvent, ...]:
    """A department was added, and has the file."""
    asked = fact(DepartmentAdded, when, step=step, department=at, **{**WHY, **rest})
    return (asked, fact(CaseRouted, when, step=step, department=at))


def add(when: str | None = "03-04 10:00", **rest: object) -> AddDepartment:
    return ask(AddDepartment, when, **{**WELL, **WHY, **rest})


def withdraw(when: str | None = "03-05 10:00", **rest: object) -> WithdrawAddedDepartment:
    return ask(WithdrawAddedDepartment, when, **{"step": "well", "reason": "the well is dry", **rest})


def told(answer: Answered) -> tuple[Any, ...]:
    """The facts that came of it."""
    assert not isinstance(answer.ruling, Refused), answer.ruling
    return answer.ruling


def yes(step: str, department: str, when: str = "03-06 09:00", **rest: object) -> GrantApproval:
    return ask(GrantApproval, when, step=step, department=department, **rest)


# 加签


def test_an_added_department_has_the_file_at_once() -> None:
    Story(*ROUTED).when(add()).then(*added("03-04 10:00"))


@pytest.mark.parametrize("last", ["well", "market"])
def test_the_review_waits_for_the_added_department_as_for_any_other(last: str) -> None:
    first = granted("fire", "health", *(["market"] if last == "well" else []))
    story = Story(*ROUTED, *added(), *first)
    if last == "market":
        story = story.given(*told(Story(*ROUTED, *added(), *first).when(yes("well", "Water", "03-05 09:00"))))

    answer = story.when(yes(last, {"well": "Water", "market": "Market"}[last]))

    assert [type(one).__name__ for one in told(answer)] == ["ApprovalGranted", "ReviewCompleted"]
    assert told(answer)[-1] == fact(ReviewCompleted, "03-06 09:00", granted=True)


def test_without_the_added_departments_yes_nobody_decides() -> None:
    story = Story(*ROUTED, *added(), *granted("fire", "health", "market"))

    story.when(ask(MakeDecision, by=HEAD, decision=Decision.GRANTED)).refused(Reason.WRONG_STAGE, "in_review")


def test_the_added_departments_no_keeps_the_decision_from_granting() -> None:
    story = Story(*ROUTED, *added(), *granted("fire", "health", "market"))

    story.when(ask(RefuseApproval, "03-06 09:00", **WELL, reason="it would be poisoned")).then(
        fact(ApprovalRefused, "03-06 09:00", **WELL, reason="it would be poisoned"),
        fact(ReviewCompleted, "03-06 09:00", granted=False),
    )


def test_several_departments_are_added_each_in_a_step_of_its_own() -> None:
    several = (*added(), *added("03-03 11:00", "noise", "Environment"), *added("03-03 12:00", "road", "Transport"))
    file = fold([*ROUTED, *several])

    assert [step.department for step in file.plan] == ["Fire", "Health", "Market", "Water", "Environment", "Transport"]
    assert file.promise is not None
    assert [step.department for step in file.promise.plan] == ["Fire", "Health", "Market"]  # what was promised stays
    assert told(Story(*ROUTED, *several).when(yes("noise", "Environment")))


def test_a_department_is_added_while_another_step_was_handed_on() -> None:
    """Fire handed its step on to the county's brigade: it is not asked any more, and may be added; the brigade may not."""
    handed_on = Story(*ROUTED).when(
        ask(TransferCase, "03-03 09:30", step="fire", to_department="County Fire", reason="not our street")
    )
    story = Story(*ROUTED, *told(handed_on))

    assert told(story.when(add(department="Fire")))
    story.when(add(department="County Fire")).refused(Reason.DEPARTMENT_ASKED, "County Fire")


def test_what_was_added_may_be_handed_on_handed_back_and_routed_again() -> None:
    story = Story(*ROUTED, *added())
    on = story.when(ask(TransferCase, "03-04 09:00", step="well", to_department="Health Bureau", reason="theirs"))
    back = Story(*ROUTED, *added(), *told(on)).when(
        ask(ReturnApproval, "03-05 09:00", step="well", department="Health Bureau", reason="no plan")
    )

    again = Story(*ROUTED, *added(), *told(on), *told(back)).when(ask(RouteCase, "03-06 09:00"))

    again.then(fact(CaseRouted, "03-06 09:00", **WELL))


def test_a_department_that_has_answered_may_be_asked_once_more() -> None:
    assert told(Story(*ROUTED, *granted("fire")).when(add("03-05 09:00", step="fire again", department="Fire")))


@pytest.mark.parametrize(
    ("facts", "department"),
    [
        (ROUTED, "Health"),  # its step is open
        ((received(code=BUILD), accepted(code=BUILD), *routed("survey")), "Planning"),  # its step waits for another
        ((*ROUTED, *added()), "Water"),  # it was added already
    ],
    ids=["open", "waiting", "added"],
)
def test_a_department_that_has_still_to_answer_is_not_asked_twice(facts: tuple[CaseEvent, ...], department: str) -> None:
    Story(*facts).when(add(step="twice", department=department)).refused(Reason.DEPARTMENT_ASKED, department)


@pytest.mark.parametrize(("rest", "reason"), [
    ({"reason": " "}, Reason.REASON_REQUIRED),
    ({"step": "fire"}, Reason.STEP_EXISTS),
    ({"limit": Limit.fixed(day("03-03"))}, Reason.DAYS_OUT_OF_RANGE),
    ({"limit": Limit.fixed_at(moment("03-04 08:59"), by_instant=True)}, Reason.DAYS_OUT_OF_RANGE),
    ({"limit": Limit(0, Unit.FIXED_DATE, day("03-09"), moment("03-10 09:00"))}, Reason.DAYS_OUT_OF_RANGE),
    ({"limit": Limit(5, Unit.FIXED_DATE, day("03-09"))}, Reason.DAYS_OUT_OF_RANGE),
    ({"limit": Limit.working_days(999_999)}, Reason.OUTSIDE_CALENDAR),
    ({"limit": Limit.years(999_999)}, Reason.OUTSIDE_CALENDAR),
    ({"limit": Limit.minutes(10**9)}, Reason.OUTSIDE_CALENDAR),
    ({"limit": Limit.fixed(date(9000, 1, 1))}, Reason.OUTSIDE_CALENDAR),
])  # fmt: skip
def test_a_department_is_added_with_a_reason_and_in_a_new_step(rest: dict[str, Any], reason: Reason) -> None:
    Story(*ROUTED).when(add(**rest)).refused(reason)


def test_a_department_without_a_limit_is_added_under_a_calendar_nobody_knows_any_more() -> None:
    gone = (received(), accepted(calendar="gone.1"), *routed("fire", "health", "market"))

    assert Story(*gone).when(add(limit=None)).done()


@pytest.mark.parametrize(
    ("facts", "stage"),
    [((received(),), "received"), (REVIEWED, "reviewed"), (DECIDED, "decided")],
    ids=["before", "reviewed", "decided"],
)
def test_nobody_is_added_but_to_a_running_review(facts: tuple[CaseEvent, ...], stage: str) -> None:
    Story(*facts).when(add(None)).refused(Reason.WRONG_STAGE, stage)


def test_whoever_accepted_the_case_does_not_answer_for_the_added_department_either() -> None:
    Story(*ROUTED, *added()).when(yes("well", "Water", by=CLERK)).refused(Reason.ACCEPTOR_MAY_NOT_APPROVE)


# its limit


def test_an_added_department_moves_no_limit_of_the_case_and_keeps_its_own() -> None:
    before, after = fold(ROUTED), fold([*ROUTED, *added(limit=Limit.working_days(2))])
    due = {clock.name: clock.read(CALENDAR, moment("03-04 09:00")).due_on for clock in clocks_of(after)}

    assert {name: due[name] for name in ("promised", "statutory")} == {
        clock.name: clock.read(CALENDAR, moment("03-04 09:00")).due_on
        for clock in clocks_of(before)
        if clock.name in ("promised", "statutory")
    }
    assert due["step:well"] == day("03-05")


def test_without_a_limit_of_its_own_it_has_the_days_of_the_case_alone() -> None:
    assert not [clock for clock in clocks_of(fold([*ROUTED, *added()])) if clock.step == "well"]


@pytest.mark.parametrize(("limit", "late_at"), [
    (Limit.working_days(2), "03-06 00:01"),
    (Limit.natural_days(3), "03-09 00:01"),
    (Limit.hours(4), "03-03 15:01"),
])  # fmt: skip
def test_an_added_step_over_its_limit_earns_its_department_a_card(limit: Limit, late_at: str) -> None:
    looked = Story(*ROUTED, *added(limit=limit)).when(ask(PassTime, late_at))

    (card,) = [one for one in told(looked) if isinstance(one, CardIssued)]
    assert (card.ground, card.department, card.clock) == (CardGround.STEP_OVERDUE, "Water", "step:well")


# 撤回加签


def test_an_added_department_is_withdrawn_before_it_answers() -> None:
    Story(*ROUTED, *added()).when(withdraw()).then(
        fact(ApprovalCalledOff, "03-05 10:00", **WELL, reason="the well is dry"),
    )


def test_where_it_was_the_last_to_answer_its_withdrawal_completes_the_review() -> None:
    Story(*ROUTED, *added(), *granted("fire", "health", "market")).when(withdraw()).then(
        fact(ApprovalCalledOff, "03-05 10:00", **WELL, reason="the well is dry"),
        fact(ReviewCompleted, "03-05 10:00", granted=True),
    )


def test_a_withdrawn_department_does_not_turn_a_no_into_a_yes() -> None:
    no = fact(ApprovalRefused, "03-04 09:00", step="market", department="Market", reason="no exit")

    Story(*ROUTED, *added(), *granted("fire", "health"), no).when(withdraw()).then(
        fact(ApprovalCalledOff, "03-05 10:00", **WELL, reason="the well is dry"),
        fact(ReviewCompleted, "03-05 10:00", granted=False),
    )


def test_a_withdrawn_department_answers_no_more_and_is_routed_no_more() -> None:
    off = fact(ApprovalCalledOff, "03-05 10:00", **WELL, reason="the well is dry")
    story = Story(*ROUTED, *added(), off)

    story.when(yes("well", "Water")).refused(Reason.STEP_NOT_OPEN, "well")
    story.when(withdraw("03-06 10:00")).refused(Reason.STEP_NOT_OPEN, "well")
    story.when(ask(RouteCase, steps=("well",))).refused(Reason.STEP_NOT_READY, "well")
    assert told(story.when(add("03-06 10:00", step="well again")))


@pytest.mark.parametrize(
    ("facts", "rest", "reason"),
    [
        (ROUTED, {"step": "fire"}, Reason.STEP_NOT_ADDED),
        (ROUTED, {"step": "moon"}, Reason.UNKNOWN_STEP),
        ((*ROUTED, *added()), {"reason": ""}, Reason.REASON_REQUIRED),
        ((*ROUTED, *added("03-05 11:00")), {}, Reason.BEFORE_STAGE),
    ],
    ids=["of the plan", "unknown", "no reason", "before it was added"],
)
def test_only_what_was_added_is_withdrawn_and_with_a_reason(
    facts: tuple[CaseEvent, ...], rest: dict[str, str], reason: Reason
) -> None:
    Story(*facts).when(withdraw(**rest)).refused(reason)


def test_once_it_has_answered_it_is_not_withdrawn_any_more() -> None:
    answered = told(Story(*ROUTED, *added()).when(yes("well", "Water", "03-04 09:00")))

    Story(*ROUTED, *added(), *answered).when(withdraw()).refused(Reason.STEP_NOT_OPEN, "well")


# 关键路径


def test_the_added_department_is_on_the_path_where_the_review_waited_for_it() -> None:
    file = fold([
        *ROUTED, *granted("fire", "health", "market"), *added("03-04 08:00"),
        *told(Story(*ROUTED, *added("03-04 08:00"), *granted("fire", "health", "market")).when(
            yes("well", "Water", "03-10 09:00")
        )),
        fact(DecisionMade, "03-10 10:00", by=HEAD, decision=Decision.GRANTED),
    ])  # fmt: skip
    path = critical_path(file, CALENDAR, moment("03-10 12:00"))

    assert [(one.step, one.department, one.working_days) for one in path.segments if one.step] == [("well", "Water", 4)]


# 否决即止

AT_ONCE = Office(CATALOGUE, CALENDAR, DistrictRule(name="one no is enough", refusal_ends_review=True))
NO = {"step": "fire", "department": "Fire", "reason": "no exit"}


def test_by_default_the_others_still_answer_after_a_refusal() -> None:
    Story(*ROUTED).when(ask(RefuseApproval, "03-04 09:00", **NO)).then(fact(ApprovalRefused, "03-04 09:00", **NO))


def test_where_one_no_is_enough_it_ends_the_review_and_nobody_waits_for_the_others() -> None:
    Story(*ROUTED, office=AT_ONCE).when(ask(RefuseApproval, "03-04 09:00", **NO)).then(
        fact(ApprovalRefused, "03-04 09:00", **NO),
        fact(ApprovalCalledOff, "03-04 09:00", step="health", department="Health"),
        fact(ApprovalCalledOff, "03-04 09:00", step="market", department="Market"),
        fact(ReviewCompleted, "03-04 09:00", granted=False),
    )


@pytest.mark.parametrize(
    ("facts", "called_off"),
    [
        ((*IN_REVIEW, *routed("fire")), []),  # nobody else was asked yet
        ((*ROUTED, *granted("market")), ["health"]),  # who has answered has answered
        ((*ROUTED, *added()), ["health", "market", "well"]),  # 加签
    ],
    ids=["alone", "answered", "added"],
)
def test_one_no_calls_off_just_those_that_are_open(facts: tuple[CaseEvent, ...], called_off: list[str]) -> None:
    made = told(Story(*facts, office=AT_ONCE).when(ask(RefuseApproval, "03-04 09:00", **NO)))
    file = fold([*facts, *made])

    assert [one.step for one in made if isinstance(one, ApprovalCalledOff)] == called_off
    assert (file.stage, file.review_granted) == (Stage.REVIEWED, False)


def test_a_yes_ends_nothing_where_one_no_is_enough() -> None:
    Story(*ROUTED, office=AT_ONCE).when(ask(GrantApproval, "03-04 09:00", step="fire", department="Fire")).then(
        *granted("fire")
    )


def test_the_rule_of_the_refusal_holds_and_not_that_of_a_later_day() -> None:
    """A rule that comes into force after a refusal does not end the review; the next refusal does."""
    refused_before = fact(ApprovalRefused, "03-04 09:00", **NO)
    story = Story(*ROUTED, refused_before, office=AT_ONCE)

    assert fold([*ROUTED, refused_before]).stage is Stage.IN_REVIEW
    next_no = story.when(ask(RefuseApproval, "03-05 09:00", step="health", department="Health", reason="no sink"))
    assert told(next_no)[-1] == fact(ReviewCompleted, "03-05 09:00", granted=False)


def test_who_was_called_off_is_neither_late_nor_in_time_and_not_on_the_path() -> None:
    made = Story(*ROUTED, *added(limit=Limit.working_days(9)), office=AT_ONCE).when(ask(RefuseApproval, "03-06 09:00", **NO))
    no = fact(DecisionMade, "03-09 09:00", by=HEAD, decision=Decision.REFUSED, reason="no exit")
    file = fold([*ROUTED, *added(limit=Limit.working_days(9)), *told(made), no])

    assert {one.step: one.answer for one in file.approvals} == {
        "fire": Answer.REFUSED, "health": Answer.CALLED_OFF, "market": Answer.CALLED_OFF, "well": Answer.CALLED_OFF,
    }  # fmt: skip
    path = critical_path(file, CALENDAR, NOW)
    assert [one.step for one in path.segments if one.step] == ["fire"]
    cards = Story(*ROUTED, *added(limit=Limit.working_days(9)), *told(made)).when(ask(PassTime, "03-16 09:00"))
    assert not [one for one in told(cards) if isinstance(one, CardIssued) and one.clock == "step:well"]


def test_the_offices_of_these_tests_differ_in_the_rule_alone() -> None:
    assert OFFICE._replace(rule=AT_ONCE.rule) == AT_ONCE
    assert OFFICER != HEAD


def test_who_ended_the_review_is_on_the_path_and_not_who_was_asked_before_and_called_off() -> None:
    story = (*ROUTED, *added("03-04 08:00"))
    ended = told(Story(*story, office=AT_ONCE).when(ask(RefuseApproval, "03-06 09:00", **WELL, reason="poisoned")))
    no = fact(DecisionMade, "03-09 09:00", by=HEAD, decision=Decision.REFUSED, reason="poisoned")

    path = critical_path(fold([*story, *ended, no]), CALENDAR, NOW)

    assert [one.step for one in path.segments if one.step] == ["well"]
    assert {one.step for one in path.slack} == {"fire", "health", "market"}
