"""Routing and approvals: a plan is a graph, and departments work side by side where it lets them."""

from collections.abc import Callable
from functools import partial

import pytest
from support.story import (
    ARCHIVE,
    BUILD,
    CLERK,
    HEAD,
    IN_REVIEW,
    OFFICER,
    PROOF,
    REVIEWED,
    ROUTED,
    Story,
    accepted,
    ask,
    fact,
    granted,
    moment,
    received,
    routed,
)

from casecore import (
    ApprovalGranted,
    ApprovalRefused,
    ApprovalReturned,
    CaseCommand,
    CaseRouted,
    CaseTransferred,
    CompleteStep,
    Decision,
    DecisionMade,
    GrantApproval,
    MakeDecision,
    Reason,
    RefuseApproval,
    ReturnApproval,
    ReviewCompleted,
    RouteCase,
    Stage,
    StepCompleted,
    Suspended,
    SuspensionKind,
    TransferCase,
)

BUILDING = (received(code=BUILD), accepted(code=BUILD))


def grant(step: str, department: str, when: str = "03-04 09:00", **rest: object) -> GrantApproval:
    return ask(GrantApproval, when, step=step, department=department, **rest)


def refuse(step: str, department: str, when: str = "03-04 09:00", **rest: object) -> RefuseApproval:
    return ask(RefuseApproval, when, step=step, department=department, **{"reason": "no exit", **rest})


def hand_back(step: str, department: str, when: str = "03-04 09:00", **rest: object) -> ReturnApproval:
    return ask(ReturnApproval, when, step=step, department=department, **{"reason": "page 3 missing", **rest})


Answering = Callable[..., CaseCommand]

ANSWERS = (grant, refuse, hand_back)


# 分办


def test_routing_opens_every_step_that_waits_for_nobody() -> None:
    Story(*IN_REVIEW).when(ask(RouteCase, "03-03 09:00")).then(
        CaseRouted(at=moment("03-03 09:00"), by=OFFICER, step="fire", department="Fire"),
        CaseRouted(at=moment("03-03 09:00"), by=OFFICER, step="health", department="Health"),
        CaseRouted(at=moment("03-03 09:00"), by=OFFICER, step="market", department="Market"),
    )


def test_routing_leaves_steps_with_prerequisites_closed() -> None:
    Story(*BUILDING).when(ask(RouteCase, "03-03 09:00")).then(*routed("survey", "heritage"))


def test_routing_can_name_its_steps_in_any_order() -> None:
    story = Story(*IN_REVIEW).when(ask(RouteCase, "03-03 09:00", steps=("market", "fire"))).then(*routed("market", "fire"))

    story.when(ask(RouteCase, "03-03 10:00")).then(*routed("health", when="03-03 10:00"))


def test_a_step_named_twice_is_routed_once() -> None:
    Story(*IN_REVIEW).when(ask(RouteCase, "03-03 09:00", steps=("fire", "fire"))).then(*routed("fire"))


def test_a_step_that_is_not_in_the_plan_is_not_routed() -> None:
    Story(*IN_REVIEW).when(ask(RouteCase, steps=("fire", "police"))).refused(Reason.UNKNOWN_STEP, "police")


def test_a_step_is_not_routed_before_its_prerequisites_are_granted() -> None:
    Story(*BUILDING).when(ask(RouteCase, steps=("design",))).refused(Reason.STEP_NOT_READY, "design")


def test_an_open_step_is_not_routed_again() -> None:
    Story(*IN_REVIEW, *routed("fire")).when(ask(RouteCase, steps=("fire",))).refused(Reason.STEP_NOT_READY, "fire")


def test_a_granted_step_is_not_routed_again() -> None:
    story = Story(*IN_REVIEW, *routed("fire"), *granted("fire"))

    story.when(ask(RouteCase, steps=("fire",))).refused(Reason.STEP_NOT_READY, "fire")


def test_there_is_nothing_to_route_while_every_step_is_open() -> None:
    Story(*ROUTED).when(ask(RouteCase)).refused(Reason.STEP_NOT_READY)


# 转办


def test_an_open_step_moves_to_another_department_which_then_answers() -> None:
    moved = ask(TransferCase, "03-03 10:00", step="fire", to_department="County Fire", reason="not our street")

    story = (
        Story(*ROUTED)
        .when(moved)
        .then(
            CaseTransferred(
                at=moment("03-03 10:00"),
                by=OFFICER,
                step="fire",
                from_department="Fire",
                to_department="County Fire",
                reason="not our street",
            )
        )
    )

    story.when(grant("fire", "Fire")).refused(Reason.WRONG_DEPARTMENT, "County Fire")
    story.when(grant("fire", "County Fire")).done()


def test_a_step_does_not_move_to_where_it_is() -> None:
    moved = ask(TransferCase, step="fire", to_department="Fire", reason="again")

    Story(*ROUTED).when(moved).refused(Reason.SAME_DEPARTMENT, "Fire")


def test_a_step_does_not_move_without_a_reason() -> None:
    moved = ask(TransferCase, step="fire", to_department="County Fire", reason="")

    Story(*ROUTED).when(moved).refused(Reason.REASON_REQUIRED)


@pytest.mark.parametrize(
    ("step", "reason"), [("police", Reason.UNKNOWN_STEP), ("fire", Reason.STEP_NOT_OPEN), ("health", None)]
)
def test_only_an_open_step_moves(step: str, reason: Reason | None) -> None:
    story = Story(*ROUTED, *granted("fire"))
    told = story.when(ask(TransferCase, step=step, to_department="Elsewhere", reason="not ours"))

    if reason is None:
        told.done()
    else:
        told.refused(reason, step)


# 审批


def test_one_yes_of_three_completes_nothing() -> None:
    Story(*ROUTED).when(grant("health", "Health", opinion="clean")).then(
        ApprovalGranted(at=moment("03-04 09:00"), by=OFFICER, step="health", department="Health", opinion="clean")
    )


@pytest.mark.parametrize("last", ["fire", "health", "market"])
def test_the_last_yes_completes_the_review(last: str) -> None:
    others = [step for step in ("fire", "health", "market") if step != last]
    story = Story(*ROUTED, *granted(*others))

    after = story.when(grant(last, last.title(), "03-05 10:00")).then(
        ApprovalGranted(at=moment("03-05 10:00"), by=OFFICER, step=last, department=last.title()),
        ReviewCompleted(at=moment("03-05 10:00"), by=OFFICER, granted=True),
    )

    assert after.file.stage is Stage.REVIEWED


def test_a_yes_to_all_that_is_open_completes_nothing_while_a_step_was_never_routed() -> None:
    story = Story(*IN_REVIEW, *routed("fire", "health"), *granted("fire"))

    story.when(grant("health", "Health")).then(*granted("health"))


def test_a_yes_opens_what_waited_for_it() -> None:
    story = Story(*BUILDING, *routed("survey", "heritage"))

    story.when(grant("survey", "Land")).then(*granted("survey"), *routed("design", "safety", when="03-04 09:00"))


def test_a_step_with_two_prerequisites_opens_at_the_second_yes() -> None:
    story = Story(*BUILDING, *routed("survey", "heritage"), *granted("survey"), *routed("design", "safety"))

    one = story.when(grant("safety", "Fire")).then(*granted("safety"))
    two = one.when(grant("design", "Planning", "03-05 09:00")).then(
        *granted("design", when="03-05 09:00"), *routed("seal", when="03-05 09:00")
    )

    assert {a.step for a in two.file.approvals if a.answer is None} == {"heritage", "seal"}


def test_a_graph_is_reviewed_when_its_last_open_step_is_granted() -> None:
    story = Story(
        *BUILDING,
        *routed("survey", "heritage"),
        *granted("survey", "heritage"),
        *routed("design", "safety"),
        *granted("design", "safety"),
        *routed("seal"),
    )

    story.when(grant("seal", "Planning")).then(*granted("seal"), fact(ReviewCompleted, "03-04 09:00", granted=True))


def test_a_refusal_is_a_fact_and_the_others_finish() -> None:
    story = (
        Story(*ROUTED)
        .when(refuse("fire", "Fire"))
        .then(ApprovalRefused(at=moment("03-04 09:00"), by=OFFICER, step="fire", department="Fire", reason="no exit"))
    )

    assert story.file.stage is Stage.IN_REVIEW
    last = story.when(grant("health", "Health")).then(*granted("health")).when(grant("market", "Market"))
    last.then(*granted("market"), fact(ReviewCompleted, "03-04 09:00", granted=False))


def test_the_last_answer_may_be_the_no() -> None:
    story = Story(*ROUTED, *granted("fire", "health"))

    story.when(refuse("market", "Market")).then(
        fact(ApprovalRefused, "03-04 09:00", step="market", department="Market", reason="no exit"),
        ReviewCompleted(at=moment("03-04 09:00"), by=OFFICER, granted=False),
    )


def test_a_refusal_stops_what_waits_for_it_but_not_the_rest() -> None:
    story = Story(*BUILDING, *routed("survey", "heritage"))

    no = fact(ApprovalRefused, "03-04 09:00", step="survey", department="Land", reason="no exit")
    after = story.when(refuse("survey", "Land")).then(no)
    after.when(ask(RouteCase, steps=("design",))).refused(Reason.STEP_NOT_READY, "design")

    after.when(grant("heritage", "Culture")).then(*granted("heritage"), fact(ReviewCompleted, "03-04 09:00", granted=False))


def test_a_refusal_of_one_prerequisite_keeps_the_step_shut_when_the_other_is_granted() -> None:
    story = Story(
        *BUILDING,
        *routed("survey", "heritage"),
        *granted("survey", "heritage"),
        *routed("design", "safety"),
        fact(ApprovalRefused, "03-04 09:00", step="design", department="Planning", reason="too high"),
    )

    story.when(grant("safety", "Fire")).then(*granted("safety"), fact(ReviewCompleted, "03-04 09:00", granted=False))


def test_a_refused_step_is_not_routed_again() -> None:
    no = fact(ApprovalRefused, "03-04 09:00", step="fire", department="Fire", reason="no exit")

    Story(*ROUTED, no).when(ask(RouteCase, steps=("fire",))).refused(Reason.STEP_NOT_READY, "fire")


def test_what_a_department_hands_back_waits_to_be_routed_again() -> None:
    story = (
        Story(*ROUTED)
        .when(hand_back("fire", "Fire"))
        .then(
            ApprovalReturned(at=moment("03-04 09:00"), by=OFFICER, step="fire", department="Fire", reason="page 3 missing")
        )
    )

    story.when(grant("fire", "Fire")).refused(Reason.STEP_NOT_OPEN, "fire")
    again = story.when(ask(RouteCase, "03-05 09:00")).then(*routed("fire", when="03-05 09:00"))
    again.when(grant("fire", "Fire", "03-06 09:00")).then(*granted("fire", when="03-06 09:00"))


def test_a_review_is_not_complete_while_a_step_is_handed_back() -> None:
    back = fact(ApprovalReturned, "03-04 09:00", step="fire", department="Fire", reason="page 3 missing")
    story = Story(*ROUTED, back, *granted("health"))

    story.when(grant("market", "Market")).then(*granted("market"))
    story.when(refuse("market", "Market")).then(
        fact(ApprovalRefused, "03-04 09:00", step="market", department="Market", reason="no exit")
    )


def test_handing_back_the_last_open_step_does_not_complete_the_review() -> None:
    story = Story(*ROUTED, *granted("fire", "health"))

    after = story.when(hand_back("market", "Market")).done()

    assert after.file.stage is Stage.IN_REVIEW


def test_a_prerequisite_handed_back_keeps_its_dependents_shut() -> None:
    back = fact(ApprovalReturned, "03-04 09:00", step="survey", department="Land", reason="page 3 missing")
    story = Story(*BUILDING, *routed("survey", "heritage"), back)

    story.when(ask(RouteCase, "03-05 09:00")).then(*routed("survey", when="03-05 09:00"))


@pytest.mark.parametrize("answer", ANSWERS)
class TestWhoMayAnswerWhat:
    def test_a_step_that_is_not_in_the_plan_has_no_answer(self, answer: Answering) -> None:
        Story(*ROUTED).when(answer("police", "Police")).refused(Reason.UNKNOWN_STEP, "police")

    def test_a_step_that_was_not_routed_has_no_answer(self, answer: Answering) -> None:
        Story(*IN_REVIEW, *routed("fire")).when(answer("health", "Health")).refused(Reason.STEP_NOT_OPEN, "health")

    def test_a_step_is_answered_once(self, answer: Answering) -> None:
        Story(*ROUTED, *granted("fire")).when(answer("fire", "Fire")).refused(Reason.STEP_NOT_OPEN, "fire")

    def test_another_department_does_not_answer(self, answer: Answering) -> None:
        Story(*ROUTED).when(answer("fire", "Health")).refused(Reason.WRONG_DEPARTMENT, "Fire")

    def test_who_accepted_the_case_never_answers_any_step_of_a_parallel_plan(self, answer: Answering) -> None:
        for step in ("fire", "health", "market"):
            said = answer(step, step.title(), by=CLERK)
            Story(*ROUTED).when(said).refused(Reason.ACCEPTOR_MAY_NOT_APPROVE, CLERK)

    def test_who_accepted_the_case_never_answers_a_step_that_opened_later(self, answer: Answering) -> None:
        story = Story(*BUILDING, *routed("survey"), *granted("survey"), *routed("design"))

        story.when(answer("design", "Planning", by=CLERK)).refused(Reason.ACCEPTOR_MAY_NOT_APPROVE, CLERK)

    def test_no_answer_is_older_than_the_routing_it_answers(self, answer: Answering) -> None:
        early = answer("fire", "Fire", "03-03 08:00")  # accepted on the 2nd, routed on the 3rd at nine

        Story(*ROUTED).when(early).refused(Reason.BEFORE_STAGE)

    def test_nobody_answers_before_acceptance(self, answer: Answering) -> None:
        Story(received()).when(answer("fire", "Fire")).refused(Reason.WRONG_STAGE, "received")

    def test_nobody_answers_after_the_review(self, answer: Answering) -> None:
        Story(*REVIEWED).when(answer("fire", "Fire", "03-05 09:00")).refused(Reason.WRONG_STAGE, "reviewed")


@pytest.mark.parametrize("no", [refuse, hand_back])
def test_a_department_that_does_not_say_yes_says_why(no: Answering) -> None:
    Story(*ROUTED).when(no("fire", "Fire", reason="")).refused(Reason.REASON_REQUIRED)


def test_departments_may_answer_while_the_clock_stands_still() -> None:
    pause = fact(Suspended, "03-03 12:00", suspension="S1", kind=SuspensionKind.ORDINARY, reason="flood")

    Story(*ROUTED, pause).when(grant("fire", "Fire")).then(*granted("fire"))


# 环节


def test_an_internal_step_is_noted_and_moves_nothing() -> None:
    noted = ask(
        CompleteStep,
        "03-03 15:00",
        name="审核",
        department="Fire",
        action="通过",
        started_at=moment("03-03 14:00"),
    )

    after = (
        Story(*ROUTED)
        .when(noted)
        .then(
            StepCompleted(
                at=moment("03-03 15:00"),
                by=OFFICER,
                name="审核",
                department="Fire",
                action="通过",
                started_at=moment("03-03 14:00"),
            )
        )
    )

    assert (after.file.stage, len(after.file.steps)) == (Stage.IN_REVIEW, 1)


def test_an_internal_step_may_be_reported_late_and_of_any_case() -> None:
    Story(*REVIEWED).when(ask(CompleteStep, "03-01 08:00", name="承办")).done()


def test_an_internal_step_of_nobodys_case_is_not_noted() -> None:
    Story().when(ask(CompleteStep, name="承办")).refused(Reason.UNKNOWN_CASE)


# 决定


@pytest.mark.parametrize("decision", [Decision.GRANTED, Decision.CONDITIONALLY_GRANTED])
def test_the_organ_grants_what_every_department_granted(decision: Decision) -> None:
    decided = ask(MakeDecision, "03-05 09:00", by=HEAD, decision=decision, document="D-1")

    after = (
        Story(*REVIEWED)
        .when(decided)
        .then(DecisionMade(at=moment("03-05 09:00"), by=HEAD, decision=decision, document="D-1"))
    )

    assert after.file.stage is Stage.DECIDED


REFUSED_REVIEW = (
    *ROUTED,
    *granted("fire", "health"),
    fact(ApprovalRefused, "03-04 09:00", step="market", department="Market", reason="no exit"),
    fact(ReviewCompleted, "03-04 09:00", granted=False),
)


@pytest.mark.parametrize("decision", [Decision.GRANTED, Decision.CONDITIONALLY_GRANTED])
def test_the_organ_cannot_grant_what_a_department_refused(decision: Decision) -> None:
    Story(*REFUSED_REVIEW).when(ask(MakeDecision, by=HEAD, decision=decision)).refused(Reason.REVIEW_REFUSED)


@pytest.mark.parametrize("review", [REVIEWED, REFUSED_REVIEW])
def test_the_organ_may_always_refuse_with_its_reason(review: tuple) -> None:
    no = ask(MakeDecision, "03-05 09:00", by=HEAD, decision=Decision.REFUSED, reason="unsafe")

    Story(*review).when(no).then(DecisionMade(at=moment("03-05 09:00"), by=HEAD, decision=Decision.REFUSED, reason="unsafe"))


@pytest.mark.parametrize("reason", [None, ""])
def test_the_organ_does_not_refuse_without_a_reason(reason: str | None) -> None:
    no = ask(MakeDecision, by=HEAD, decision=Decision.REFUSED, reason=reason)

    Story(*REVIEWED).when(no).refused(Reason.REASON_REQUIRED)


@pytest.mark.parametrize("decision", list(Decision))
def test_who_accepted_the_case_never_decides_it(decision: Decision) -> None:
    decided = ask(MakeDecision, by=CLERK, decision=decision, reason="because")

    Story(*REVIEWED).when(decided).refused(Reason.ACCEPTOR_MAY_NOT_APPROVE, CLERK)


def test_who_accepted_a_promised_case_does_not_decide_it_even_where_no_department_is_asked() -> None:
    story = Story(received(code=ARCHIVE), accepted(code=ARCHIVE), fact(ReviewCompleted, "03-02 10:00", granted=True))

    told = story.when(ask(MakeDecision, "03-02 10:05", by=CLERK, decision=Decision.GRANTED))

    told.refused(Reason.ACCEPTOR_MAY_NOT_APPROVE, CLERK)


def test_who_accepted_an_instant_case_does_not_decide_it_either() -> None:
    story = Story(received(code=PROOF), accepted(code=PROOF), fact(ReviewCompleted, "03-02 10:00", granted=True))

    decide = partial(ask, MakeDecision, "03-02 10:05", decision=Decision.GRANTED)
    story.when(decide(by=CLERK)).refused(Reason.ACCEPTOR_MAY_NOT_APPROVE, CLERK)
    story.when(decide(by=HEAD)).then(DecisionMade(at=moment("03-02 10:05"), by=HEAD, decision=Decision.GRANTED))


def test_nothing_is_decided_while_the_case_is_suspended() -> None:
    pause = fact(Suspended, "03-04 10:00", suspension="S1", kind=SuspensionKind.ORDINARY, reason="flood")
    decided = ask(MakeDecision, by=HEAD, decision=Decision.GRANTED)

    Story(*REVIEWED, pause).when(decided).refused(Reason.CASE_SUSPENDED)


@pytest.mark.parametrize(
    ("command", "stage"),
    [
        (ask(RouteCase), "reviewed"),
        (ask(TransferCase, step="fire", to_department="Elsewhere", reason="not ours"), "reviewed"),
    ],
)
def test_a_complete_review_is_not_opened_again(command: CaseCommand, stage: str) -> None:
    Story(*REVIEWED).when(command).refused(Reason.WRONG_STAGE, stage)


def test_nothing_is_decided_before_the_review_is_complete() -> None:
    decided = ask(MakeDecision, by=HEAD, decision=Decision.GRANTED)

    Story(*ROUTED).when(decided).refused(Reason.WRONG_STAGE, "in_review")
