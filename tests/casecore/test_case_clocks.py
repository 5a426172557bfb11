"""The clocks of a case: which it runs, since when, until when, by which law, under which calendar."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from support.story import (
    BUILD,
    CALENDAR,
    CASE,
    CLOSED,
    FOOD,
    HEAD,
    PROOF,
    SEALED,
    Story,
    accepted,
    day,
    fact,
    moment,
    procedure,
    received,
    routed,
)

from casecore import (
    AcceptanceDeemed,
    ApprovalGranted,
    ApprovalReturned,
    CaseClosed,
    CaseEvent,
    CaseRated,
    CaseRouted,
    CaseTransferred,
    CaseVoided,
    CaseWithdrawn,
    CertificateMade,
    ClockKind,
    CoreStep,
    CorrectionRequested,
    CorrectionSubmitted,
    Decision,
    DecisionMade,
    DeliveryMethod,
    ExtensionApproved,
    Grade,
    HearingOffered,
    HearingRequested,
    Limit,
    NotAccepted,
    Outcome,
    PlanStep,
    RatingRectified,
    RatingReview,
    RatingReviewed,
    ResultDelivered,
    Resumed,
    SuspensionKind,
    Verdict,
    clocks_of,
)
from casecore.annotations import shapes_of
from casecore.clock import CaseClock

PLAN = (
    PlanStep(step="look", department="Fire", limit=Limit.hours(4)),
    PlanStep(step="weigh", department="Health", limit=Limit.working_days(3)),
    PlanStep(step="review", department="Township", preliminary=True),
    PlanStep(step="sign", department="Market"),
)
BEGUN = (received(), accepted(plan=PLAN))
LICENCE = fact(CertificateMade, "03-05 10:00", certificate="C1", kind="licence")


def named(*events: CaseEvent) -> dict[str, CaseClock]:
    clocks = clocks_of(Story(*events).file)
    found = {clock.name: clock for clock in clocks}
    assert len(found) == len(clocks), "a name stands for one clock"
    return found


def reach(step: str, when: str, department: str | None = None) -> CaseRouted:
    at = next(planned.department for planned in PLAN if planned.step == step)
    return fact(CaseRouted, when, step=step, department=department or at)


def rated(when: str = "03-09 15:00", step: CoreStep | None = None, **rest: Any) -> CaseRated:
    bad = {"grade": Grade.DISSATISFIED, "rectify_within": Limit.working_days(5)}
    return fact(CaseRated, when, step=step, **{**bad, **rest})


def granted(step: str, when: str) -> ApprovalGranted:
    return fact(ApprovalGranted, when, step=step, department="any")


def test_every_kind_of_clock_is_shown_here() -> None:
    found = named(
        received(licence_expires_on=day("06-30")),
        accepted(plan=PLAN),
        reach("look", "03-03 09:00"),
        reach("review", "03-03 09:00"),
        fact(HearingOffered, "03-03 10:00", notice="H-1"),
        fact(HearingRequested, "03-04 10:00"),
        fact(DecisionMade, "03-05 09:00", by=HEAD, decision=Decision.GRANTED),
        LICENCE,
        rated("03-05 15:00", CoreStep.APPROVAL),
    )

    assert {clock.kind for clock in found.values()} == set(ClockKind)
    assert list(found) == [
        *("acceptance", "promised", "statutory", "step:look", "preliminary_review:review"),
        *("hearing_request", "hearing", "renewal", "delivery", "rectification:approval"),
    ]


def test_a_case_nobody_has_received_runs_no_clock() -> None:
    assert clocks_of(Story().file) == ()


# 受理时限


def test_the_acceptance_clock_runs_from_the_receipt_to_the_answer() -> None:
    clock = named(received("03-07 10:00"))["acceptance"]

    assert (clock.kind, clock.source, clock.limit) == (ClockKind.ACCEPTANCE, "行政许可法 Art. 32", Limit.working_days(5))
    assert (clock.started_on, clock.started_at, clock.ended_at) == (day("03-07"), moment("03-07 10:00"), None)
    assert clock.calendar is None, "no promise names a version yet"
    assert clock.read(CALENDAR, moment("03-13 23:59")).verdict is Verdict.RUNNING
    assert clock.read(CALENDAR, moment("03-14 00:00")).verdict is Verdict.OVERDUE


@pytest.mark.parametrize(
    "answer",
    [
        accepted("03-10 10:00"),
        fact(NotAccepted, "03-10 10:00", reason="not this organ", remedy="appeal"),
        fact(CorrectionRequested, "03-10 10:00", materials=("lease",)),
        fact(CaseWithdrawn, "03-10 10:00", reason="moved away"),
    ],
    ids=lambda event: type(event).__name__,
)
def test_any_answer_ends_the_acceptance_clock(answer: CaseEvent) -> None:
    assert named(received(), answer)["acceptance"].ended_at == moment("03-10 10:00")


def test_what_is_corrected_after_acceptance_opens_no_acceptance_clock() -> None:
    imported = (fact(CorrectionRequested, "03-04 10:00", materials=("x",)), fact(CorrectionSubmitted, "03-06 10:00"))

    found = named(received(), accepted(), *imported)

    assert [name for name in found if name.startswith("acceptance")] == ["acceptance"]


# 承诺时限, 法定时限


def test_the_promise_runs_to_the_closing_and_the_limit_of_the_law_to_the_decision() -> None:
    found = named(*CLOSED)
    promised, statutory = found["promised"], found["statutory"]

    assert (promised.limit, statutory.limit) == (Limit.working_days(10), Limit.working_days(20))
    assert (promised.source, statutory.source) == (f"{FOOD} v1 承诺", "行政许可法 Art. 42(1)")
    for clock in (promised, statutory):
        assert (clock.started_on, clock.started_at) == (day("03-02"), moment("03-02 10:00"))
        assert clock.calendar == "story.1"
    assert (promised.ended_at, statutory.ended_at) == (moment("03-06 09:00"), moment("03-05 09:00"))


def test_joint_handling_has_its_own_paragraph() -> None:
    assert named(received(code=BUILD), accepted(code=BUILD))["statutory"].source == "行政许可法 Art. 42(2)"


def test_an_item_the_law_sets_no_limit_for_has_a_promise_alone() -> None:
    assert [name for name in named(received(code=PROOF), accepted(code=PROOF)) if name != "acceptance"] == ["promised"]


def test_a_deferred_acceptance_starts_the_limits_on_the_deferred_day() -> None:
    found = named(received("03-07 09:00"), accepted("03-07 10:00", effective_on=day("03-09")))

    assert found["promised"].started_on == day("03-09")
    assert found["acceptance"].ended_at == moment("03-07 10:00")


def test_deemed_acceptance_starts_the_limits_with_the_last_papers() -> None:
    promise = accepted()
    fields = {name: getattr(promise, name) for name in shapes_of(AcceptanceDeemed) if hasattr(promise, name)}
    deemed = AcceptanceDeemed(
        **{**fields, "at": moment("03-28 00:00"), "effective_on": day("03-20"), "notice_due_on": day("03-27")}
    )
    asked = fact(CorrectionRequested, "03-13 17:00", materials=("lease",))

    found = named(received(), asked, fact(CorrectionSubmitted, "03-20 09:30"), deemed)

    assert (found["statutory"].started_on, found["statutory"].started_at) == (day("03-20"), moment("03-20 09:30"))
    assert found["acceptance:2"].ended_at == moment("03-28 00:00")
    assert found["acceptance:2"].read(CALENDAR, moment("04-01 09:00")).verdict is Verdict.OVERDUE


# 环节时限, 初审时限


def test_a_step_runs_from_its_routing_to_its_answer() -> None:
    found = named(*BEGUN, reach("weigh", "03-03 09:00"), granted("weigh", "03-09 09:00"))["step:weigh"]

    assert (found.kind, found.step, found.department) == (ClockKind.STEP, "weigh", "Health")
    assert (found.limit, found.calendar) == (Limit.working_days(3), "story.1")
    assert (found.started_on, found.ended_at) == (day("03-03"), moment("03-09 09:00"))
    reading = found.read(CALENDAR, moment("03-30 09:00"))
    assert (reading.due_on, reading.used, reading.verdict) == (day("03-06"), 4, Verdict.OVERDUE)


def test_a_step_of_four_hours_is_counted_in_legal_working_time() -> None:
    found = named(*BEGUN, reach("look", "03-03 16:00"), granted("look", "03-04 11:00"))["step:look"]

    reading = found.read(CALENDAR, moment("03-30 09:00"))  # one hour on Tuesday, three on Wednesday until 12:00
    assert (reading.due_at, reading.used, reading.verdict) == (moment("03-04 12:00"), 180, Verdict.ON_TIME)


def test_a_step_without_a_limit_has_no_clock() -> None:
    assert not any(name.startswith("step") for name in named(*BEGUN, reach("sign", "03-03 09:00")))


def test_a_preliminary_review_has_twenty_days_by_law() -> None:
    found = named(*BEGUN, reach("review", "03-03 09:00"))["preliminary_review:review"]

    assert (found.kind, found.source) == (ClockKind.PRELIMINARY_REVIEW, "行政许可法 Art. 43")
    assert (found.limit, found.department) == (Limit.working_days(20), "Township")
    assert found.read(CALENDAR, moment("03-10 09:00")).due_on == day("03-31")


def test_a_preliminary_review_may_promise_less() -> None:
    plan = (PlanStep(step="review", department="Township", limit=Limit.working_days(8), preliminary=True),)
    found = named(received(), accepted(plan=plan), reach("review", "03-03 09:00"))["preliminary_review:review"]

    assert found.limit == Limit.working_days(8)


def test_a_second_routing_is_a_second_clock() -> None:
    found = named(
        *BEGUN,
        reach("weigh", "03-03 09:00"),
        fact(ApprovalReturned, "03-04 09:00", step="weigh", department="Health", reason="page 3 missing"),
        reach("weigh", "03-06 09:00"),
    )

    first, second = found["step:weigh"], found["step:weigh:2"]
    assert (first.started_on, first.ended_at) == (day("03-03"), moment("03-04 09:00"))
    assert (second.started_on, second.ended_at) == (day("03-06"), None)


def test_a_step_is_the_department_s_it_was_transferred_to() -> None:
    moved = fact(
        CaseTransferred,
        "03-04 09:00",
        step="weigh",
        from_department="Health",
        to_department="County Health",
        reason="not our street",
    )

    assert named(*BEGUN, reach("weigh", "03-03 09:00"), moved)["step:weigh"].department == "County Health"


def test_what_makes_the_case_stand_still_makes_its_open_steps_stand_still() -> None:
    story = (
        *BEGUN,
        reach("weigh", "03-03 09:00"),
        procedure("03-04 09:00", 5),
        fact(Resumed, "03-09 09:00", suspension="S1"),
    )

    assert named(*story)["step:weigh"].read(CALENDAR, moment("03-10 09:00")).due_on == day("03-11")  # 03-06 and three


def test_a_step_opened_during_a_special_procedure_sees_the_rest_of_it_only() -> None:
    # declared from 03-04: 03-05, 03-06, 03-09, 03-10, 03-11; opened on 03-06 the step is spared the last three
    found = named(*BEGUN, procedure("03-04 09:00", 5), reach("weigh", "03-06 09:00"))

    reading = found["step:weigh"].read(CALENDAR, moment("03-13 09:00"))
    assert (reading.excluded, reading.due_on) == (3, day("03-16"))
    assert found["promised"].read(CALENDAR, moment("03-13 09:00")).excluded == 5


def test_a_step_opened_after_a_special_procedure_sees_nothing_of_it() -> None:
    over = (procedure("03-04 09:00", 5), fact(Resumed, "03-06 09:00", suspension="S1"))

    reading = named(*BEGUN, *over, reach("weigh", "03-09 09:00"))["step:weigh"].read(CALENDAR, moment("03-10 09:00"))
    assert (reading.excluded, reading.ignored) == (0, ())


def test_a_suspension_that_moves_no_promise_moves_no_step() -> None:
    silent = procedure("03-04 09:00", 5, kind=SuspensionKind.ORDINARY, moves_promise=False, moves_statutory=False)

    found = named(*BEGUN, reach("weigh", "03-03 09:00"), silent)["step:weigh"]
    assert found.read(CALENDAR, moment("03-10 09:00")).due_on == day("03-06")


def test_an_extension_of_the_case_does_not_extend_its_steps() -> None:
    more = fact(ExtensionApproved, "03-04 09:00", days=10, approver="Qian", reason="complex")

    found = named(*BEGUN, reach("weigh", "03-03 09:00"), more)
    assert found["step:weigh"].read(CALENDAR, moment("03-05 09:00")).due_on == day("03-06")
    assert found["promised"].read(CALENDAR, moment("03-05 09:00")).due_on == day("03-30")


@pytest.mark.parametrize(
    ("end", "ended_at"),
    [
        (fact(CaseWithdrawn, "03-05 09:00", reason="moved away"), "03-05 09:00"),
        (fact(CaseVoided, "03-06 09:00", outcome=Outcome.DELETED, reason="typed twice"), "03-06 09:00"),
        (fact(CaseClosed, "03-09 09:00", outcome=Outcome.RETURNED, reason="a dead end"), "03-09 09:00"),
    ],
    ids=lambda part: type(part).__name__,
)
def test_a_step_nobody_answered_ends_with_the_case(end: CaseEvent, ended_at: str) -> None:
    assert named(*BEGUN, reach("weigh", "03-03 09:00"), end)["step:weigh"].ended_at == moment(ended_at)


# 送达时限


def test_what_was_granted_is_delivered_within_ten_days_of_the_decision() -> None:
    handed = fact(ResultDelivered, "03-13 09:00", method=DeliveryMethod.WINDOW, certificate="C1")
    found = named(*SEALED, handed)["delivery"]

    assert (found.kind, found.source, found.limit) == (ClockKind.DELIVERY, "行政许可法 Art. 44", Limit.working_days(10))
    assert (found.started_on, found.ended_at) == (day("03-05"), moment("03-13 09:00"))  # from the decision, not the seal
    assert found.read(CALENDAR, moment("03-30 09:00")).due_on == day("03-19")


def test_the_delivery_clock_runs_on_after_the_case_was_closed() -> None:
    found = named(*CLOSED)["delivery"]

    assert found.ended_at is None
    assert found.read(CALENDAR, moment("03-20 00:00")).verdict is Verdict.OVERDUE


def test_a_refusal_is_delivered_under_no_such_clock_and_neither_is_what_needs_no_paper() -> None:
    no = fact(DecisionMade, "03-05 09:00", by=HEAD, decision=Decision.REFUSED, reason="unsafe")
    yes = fact(DecisionMade, "03-05 09:00", by=HEAD, decision=Decision.GRANTED)

    assert "delivery" not in named(*BEGUN, no)
    assert "delivery" not in named(*BEGUN, yes)
    assert "delivery" in named(*BEGUN, yes, LICENCE)


def test_nobody_waits_for_the_result_of_a_void_record() -> None:
    void = fact(CaseVoided, "03-09 09:00", outcome=Outcome.VOIDED, reason="another one's")

    assert "delivery" not in named(*CLOSED, void)


# 差评整改时限

RECTIFIED = fact(RatingRectified, "03-12 10:00", measure="a second window opens at noon")


def test_a_bad_rating_is_put_right_within_what_the_district_promised_after_the_case_was_closed() -> None:
    clock = named(*CLOSED, rated())["rectification"]

    assert (clock.kind, clock.source, clock.limit) == (ClockKind.RECTIFICATION, "差评整改承诺", Limit.working_days(5))
    assert (clock.started_on, clock.started_at, clock.ended_at) == (day("03-09"), moment("03-09 15:00"), None)
    assert (clock.calendar, clock.department) == ("story.1", "Market")
    assert clock.read(CALENDAR, moment("03-16 23:59")).verdict is Verdict.RUNNING
    assert clock.read(CALENDAR, moment("03-17 00:00")).verdict is Verdict.OVERDUE


@pytest.mark.parametrize(
    ("acts", "ended"),
    [
        ((RECTIFIED,), "03-12 10:00"),
        ((fact(RatingReviewed, "03-10 09:00", review=RatingReview.VALID, reason="he did wait"), RECTIFIED), "03-12 10:00"),
        ((fact(RatingReviewed, "03-10 09:00", review=RatingReview.MISTAKEN, reason="another hall"),), "03-10 09:00"),
        ((fact(RatingReviewed, "03-10 09:00", review=RatingReview.MALICIOUS, reason="no such visit"),), "03-10 09:00"),
    ],
    ids=["put right", "valid and put right", "mistaken", "malicious"],
)
def test_it_ends_when_it_is_put_right_or_was_no_bad_rating_at_all(acts: tuple[CaseEvent, ...], ended: str) -> None:
    assert named(*CLOSED, rated(), *acts)["rectification"].ended_at == moment(ended)


def test_a_review_that_finds_it_valid_ends_nothing() -> None:
    valid = fact(RatingReviewed, "03-10 09:00", review=RatingReview.VALID, reason="he did wait")

    assert named(*CLOSED, rated(), valid)["rectification"].ended_at is None


@pytest.mark.parametrize(
    "fine",
    [rated(grade=Grade.SATISFIED), rated(defaulted=True), rated(rectify_within=None)],
    ids=["satisfied", "given by default", "from before it was promised"],
)
def test_what_nobody_promised_to_put_right_has_no_clock(fine: CaseRated) -> None:
    assert "rectification" not in named(*CLOSED, fine)


def test_each_step_rated_badly_has_its_own_clock_and_of_one_the_last_rating_stands() -> None:
    found = named(
        *CLOSED,
        rated("03-09 15:00", CoreStep.RECEIPT),
        rated("03-10 15:00", CoreStep.DELIVERY),
        rated("03-11 15:00", CoreStep.RECEIPT),
    )

    assert found["rectification:receipt"].started_on == day("03-11")
    assert found["rectification:delivery"].started_on == day("03-10")
    assert "rectification" not in found


def test_what_was_declined_is_rated_and_put_right_under_the_calendar_in_force() -> None:
    declined = fact(NotAccepted, "03-03 09:00", reason="not this organ", remedy="appeal")

    assert named(received(), declined, rated())["rectification"].calendar is None


def test_a_step_rated_before_a_withdrawal_is_put_right_all_the_same_and_a_void_record_is_not() -> None:
    step = rated("03-02 15:00", CoreStep.RECEIPT)
    withdrawn = fact(CaseWithdrawn, "03-03 09:00", reason="moved away")
    void = fact(CaseVoided, "03-03 09:00", outcome=Outcome.VOIDED, reason="another one's")

    assert named(received(), step, withdrawn)["rectification:receipt"].ended_at is None
    assert "rectification:receipt" not in named(received(), step, void)


# reading


@pytest.mark.parametrize("minutes", [0, 1])
def test_a_clock_read_before_its_end_runs_and_at_its_end_is_judged(minutes: int) -> None:
    ended = moment("03-06 09:00")
    clock = named(*CLOSED)["promised"]

    early = clock.read(CALENDAR, ended - timedelta(minutes=minutes))
    assert early.verdict is (Verdict.RUNNING if minutes else Verdict.ON_TIME)
    assert clock.read(CALENDAR, moment("12-30 09:00")) == clock.read(CALENDAR, ended)


def test_every_clock_of_a_case_can_be_read_at_any_moment() -> None:
    story = Story(*CLOSED[:2], *routed("fire"), *CLOSED[2:])
    for clock in clocks_of(story.file):
        for at in (clock.started_at, moment("03-06 09:00"), datetime(2027, 3, 1, tzinfo=clock.started_at.tzinfo)):
            assert clock.read(CALENDAR, at).used >= 0, (CASE, clock.name)


def test_a_procedure_begun_between_a_saturdays_acceptance_and_its_day_0_counts_from_day_0_on() -> None:
    monday = day("03-09")
    found = named(
        received("03-07 09:00"),
        accepted("03-07 10:00", effective_on=monday, plan=()),
        procedure("03-07 14:00", 3),  # 03-09, 03-10, 03-11; the first of them is day 0
        fact(Resumed, "03-20 09:00", suspension="S1"),
        fact(ExtensionApproved, "03-08 09:00", days=2, approver="zhao", reason="hard", notice="N-2"),
    )

    for name, due_on in (("promised", "03-27"), ("statutory", "04-13")):
        reading = found[name].read(CALENDAR, moment("03-20 09:00"))
        assert (reading.excluded, reading.extension_days, reading.ignored) == (2, 2, ())
        assert reading.due_on == day(due_on)


def test_asked_on_the_sunday_before_day_0_the_clock_knows_of_the_extension_and_stands_still() -> None:
    found = named(
        received("03-07 09:00"),
        accepted("03-07 10:00", effective_on=day("03-09"), plan=()),
        procedure("03-07 14:00", 3),
        fact(ExtensionApproved, "03-07 15:00", days=2, approver="zhao", reason="hard", notice="N-2"),
    )

    reading = found["promised"].read(CALENDAR, moment("03-08 09:00"))
    assert (reading.due_on, reading.extension_days, reading.paused) == (day("03-25"), 2, True)
    assert (reading.used, reading.excluded, reading.ignored) == (0, 0, ())


def test_what_was_done_before_the_acceptance_moves_nothing_however_late_day_0_is() -> None:
    found = named(
        received("03-07 09:00"),
        accepted("03-07 10:00", effective_on=day("03-09"), plan=()),
        procedure("03-07 09:59", 3),
    )

    reading = found["promised"].read(CALENDAR, moment("03-20 09:00"))
    assert (reading.excluded, reading.ignored) == (0, ("S1: before the start",))


def test_the_delivery_clock_ends_with_the_last_certificate_or_with_the_result_as_one() -> None:
    second = fact(CertificateMade, "03-05 12:00", certificate="C2", kind="licence")
    one, other, again, whole = (
        fact(ResultDelivered, when, method=DeliveryMethod.WINDOW, certificate=number)
        for when, number in (("03-09 09:00", "C1"), ("03-11 09:00", "C2"), ("03-12 09:00", "C1"), ("03-10 09:00", None))
    )

    assert named(*SEALED, second, one)["delivery"].ended_at is None
    assert named(*SEALED, second, one, other, again)["delivery"].ended_at == moment("03-11 09:00")
    assert named(*SEALED, second, whole, one)["delivery"].ended_at == moment("03-10 09:00")
