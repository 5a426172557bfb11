"""好差评: five grades of a step or of the whole, and what becomes of bad ones (差评整改)."""

from typing import Any

import pytest
from support.story import (
    CALENDAR,
    CATALOGUE,
    CITIZEN,
    CLERK,
    CLOSED,
    DECIDED,
    IN_REVIEW,
    OFFICER,
    PROOF,
    REVIEWED,
    ROUTED,
    SEALED,
    Story,
    accepted,
    ask,
    fact,
    granted,
    moment,
    received,
    submitted,
)

from casecore import (
    CallBackRater,
    CaseEvent,
    CaseRated,
    CaseVoided,
    CaseWithdrawn,
    Channel,
    ClockKind,
    CoreStep,
    Decision,
    DecisionMade,
    DeliveryMethod,
    DistrictRule,
    Grade,
    Limit,
    NotAccepted,
    Office,
    Outcome,
    RateCase,
    RaterCalledBack,
    RatingRectified,
    RatingReview,
    RatingReviewed,
    Reason,
    RectifyRating,
    ResultDelivered,
    ReviewCompleted,
    ReviewRating,
    StepCompleted,
)
from casecore.case.clocks import clock_named

DELIVERED = (*CLOSED, fact(ResultDelivered, "03-09 10:00", method=DeliveryMethod.COURIER, certificate="C1"))
BAD = fact(
    CaseRated, "03-10 09:00", by=CITIZEN, grade=Grade.DISSATISFIED, real_name=True, rectify_within=Limit.working_days(5)
)
VALID = fact(RatingReviewed, "03-10 15:00", review=RatingReview.VALID, reason="he did wait an hour")


def rate(when: str = "03-10 09:00", grade: Grade = Grade.SATISFIED, **rest: Any) -> RateCase:
    return ask(RateCase, when, by=CITIZEN, grade=grade, **rest)


def review(found: RatingReview = RatingReview.VALID, when: str = "03-10 15:00", **rest: Any) -> ReviewRating:
    return ask(ReviewRating, when, review=found, **{"reason": "he did wait an hour", **rest})


def rectify(when: str = "03-12 10:00", **rest: Any) -> RectifyRating:
    return ask(RectifyRating, when, **{"measure": "a second window opens at noon", **rest})


def call_back(when: str = "03-12 16:00", **rest: Any) -> CallBackRater:
    return ask(CallBackRater, when, **{"satisfied": True, **rest})


# 一次一评, 一事一评


@pytest.mark.parametrize(
    ("step", "before", "done"),
    [
        (CoreStep.RECEIPT, (received(),), "03-02 09:00"),
        (
            CoreStep.RECEIPT,
            (submitted(), fact(NotAccepted, "03-02 11:00", reason="not ours", remedy="appeal")),
            "03-02 11:00",
        ),
        (CoreStep.REVIEW, (*ROUTED, *granted("fire")), "03-04 09:00"),
        (CoreStep.REVIEW, (*IN_REVIEW, fact(StepCompleted, "03-03 15:00", name="审核")), "03-03 15:00"),
        (CoreStep.APPROVAL, DECIDED, "03-05 09:00"),
        (CoreStep.CLOSING, CLOSED, "03-06 09:00"),
        (CoreStep.DELIVERY, DELIVERED, "03-09 10:00"),
        (None, CLOSED, "03-06 09:00"),
        (None, (received(), fact(NotAccepted, "03-03 09:00", reason="not ours", remedy="appeal")), "03-03 09:00"),
    ],
)
def test_a_step_is_rated_from_when_it_was_done(step: CoreStep | None, before: tuple[CaseEvent, ...], done: str) -> None:
    story = Story(*before)
    at = moment(done)

    story.when(rate(f"{at:%m-%d %H:%M}", step=step)).then(CaseRated(at=at, by=CITIZEN, grade=Grade.SATISFIED, step=step))
    early = at.replace(minute=at.minute - 1) if at.minute else at.replace(hour=at.hour - 1, minute=59)
    story.when(rate(f"{early:%m-%d %H:%M}", step=step)).refused(Reason.NOTHING_TO_RATE, step.value if step else "")


@pytest.mark.parametrize(
    ("step", "before"),
    [
        (CoreStep.RECEIPT, (submitted(),)),
        (CoreStep.REVIEW, ROUTED),
        (CoreStep.APPROVAL, REVIEWED),
        (CoreStep.CLOSING, SEALED),
        (CoreStep.DELIVERY, CLOSED),
        (None, SEALED),
        (None, (received(), fact(CaseWithdrawn, "03-03 09:00", by=CITIZEN, reason="moved away"))),
    ],
)
def test_what_was_not_done_is_not_rated(step: CoreStep | None, before: tuple[CaseEvent, ...]) -> None:
    Story(*before).when(rate(step=step)).refused(Reason.NOTHING_TO_RATE, step.value if step else "")


def test_what_is_decided_at_once_was_reviewed_with_the_decision() -> None:
    """即办件: no department is asked, and the citizen may rate the review all the same."""
    at_once = (
        received(code=PROOF),
        accepted(code=PROOF),
        fact(ReviewCompleted, "03-02 10:00", granted=True),
        fact(DecisionMade, "03-02 10:05", decision=Decision.GRANTED),
    )

    Story(*at_once).when(rate("03-02 10:05", step=CoreStep.REVIEW)).done()
    Story(*at_once[:-1]).when(rate("03-02 10:05", step=CoreStep.REVIEW)).refused(Reason.NOTHING_TO_RATE, "review")


def test_each_step_and_the_whole_are_rated_each_by_itself_and_once() -> None:
    story = Story(*DELIVERED)
    for step in (*CoreStep, None):
        story = story.when(rate(step=step, channel=Channel.MOBILE)).done()

    assert [one.fact.step for one in story.file.service.ratings] == [*CoreStep, None]
    for step in (*CoreStep, None):
        story.when(rate(step=step)).refused(Reason.ALREADY_RATED, step.value if step else "")


def test_a_rating_says_through_which_channel_and_whether_by_name() -> None:
    told = Story(*CLOSED).when(rate(remark="quick", channel=Channel.KIOSK, real_name=True))

    told.then(
        CaseRated(
            at=moment("03-10 09:00"),
            by=CITIZEN,
            grade=Grade.SATISFIED,
            remark="quick",
            channel=Channel.KIOSK,
            real_name=True,
        )
    )


def test_a_void_record_is_not_rated() -> None:
    void = fact(CaseVoided, "03-09 09:00", outcome=Outcome.VOIDED, reason="not a real case")

    Story(*CLOSED, void).when(rate()).refused(Reason.WRONG_STAGE, "voided")


# 默认评价


def test_a_rating_by_default_is_kept_apart_and_gives_way_to_a_real_one() -> None:
    story = Story(*CLOSED).when(rate(grade=Grade.VERY_SATISFIED, defaulted=True)).done()
    assert story.file.rating is not None
    assert story.file.rating.defaulted
    story.when(rate(defaulted=True)).refused(Reason.ALREADY_RATED)

    after = story.when(rate(grade=Grade.DISSATISFIED)).done()

    assert after.file.rating is not None
    assert (after.file.rating.grade, after.file.rating.defaulted) == (Grade.DISSATISFIED, False)
    assert [one.fact.defaulted for one in after.file.service.ratings] == [True, False], "what was recorded stays"
    after.when(rate(defaulted=True)).refused(Reason.ALREADY_RATED)


def test_a_real_rating_of_one_step_leaves_the_default_of_another() -> None:
    story = Story(*DELIVERED).when(rate(step=CoreStep.RECEIPT, defaulted=True)).done()

    after = story.when(rate(step=CoreStep.DELIVERY)).done()

    standing = after.file.service.rating(CoreStep.RECEIPT)
    assert standing is not None
    assert standing.fact.defaulted


# 差评


@pytest.mark.parametrize("grade", list(Grade))
def test_the_two_worst_grades_are_bad_and_are_put_right_in_time(grade: Grade) -> None:
    rule = DistrictRule(name="slow", rectify_days=15)

    after = Story(*CLOSED, office=Office(CATALOGUE, CALENDAR, rule)).when(rate(grade=grade)).done()

    assert grade.bad is (grade in {Grade.DISSATISFIED, Grade.VERY_DISSATISFIED})
    assert after.file.rating is not None
    assert after.file.rating.rectify_within == (Limit.working_days(15) if grade.bad else None)


def test_a_bad_rating_is_reviewed_put_right_and_answered() -> None:
    story = Story(*CLOSED, BAD)
    story = story.when(review()).then(VALID)
    story = story.when(rectify()).then(
        RatingRectified(at=moment("03-12 10:00"), by=OFFICER, measure="a second window opens at noon")
    )
    story = story.when(call_back()).then(RaterCalledBack(at=moment("03-12 16:00"), by=OFFICER, satisfied=True))

    clock = clock_named(story.file, ClockKind.RECTIFICATION.value)
    assert clock is not None
    assert (clock.limit, clock.ended_at) == (Limit.working_days(5), moment("03-12 10:00"))
    standing = story.file.service.rating(None)
    assert standing is not None
    assert (standing.review, standing.called_back is not None) == (VALID, True)


@pytest.mark.parametrize("found", [RatingReview.MISTAKEN, RatingReview.MALICIOUS])
def test_a_rating_that_was_mistaken_or_malicious_asks_for_nothing(found: RatingReview) -> None:
    reviewed = Story(*CLOSED, BAD).when(review(found, reason="another hall")).done()

    reviewed.when(rectify()).refused(Reason.RATING_NOT_VALID)
    clock = clock_named(reviewed.file, ClockKind.RECTIFICATION.value)
    assert clock is not None
    assert clock.ended_at == moment("03-10 15:00")


@pytest.mark.parametrize("act", [review(), rectify(), call_back()], ids=["review", "rectify", "call back"])
@pytest.mark.parametrize(
    "before",
    [
        (),
        (fact(CaseRated, "03-10 09:00", by=CITIZEN, grade=Grade.FAIRLY_SATISFIED, real_name=True),),
        (fact(CaseRated, "03-10 09:00", by=CITIZEN, grade=Grade.DISSATISFIED, defaulted=True),),
        (fact(CaseRated, "03-10 09:00", by=CITIZEN, grade=Grade.DISSATISFIED, step=CoreStep.RECEIPT),),
    ],
    ids=["none", "a good one", "one by default", "one of a step"],
)
def test_only_a_bad_rating_of_the_same_thing_is_followed_up(before: tuple[CaseEvent, ...], act: Any) -> None:
    Story(*CLOSED, *before).when(act).refused(Reason.NOT_RATED_BADLY, "")


def test_what_is_put_right_was_found_valid_first() -> None:
    Story(*CLOSED, BAD).when(rectify()).refused(Reason.RATING_NOT_VALID)


def test_each_follow_up_is_done_once() -> None:
    story = Story(*CLOSED, BAD, VALID)
    story.when(review(when="03-11 09:00")).refused(Reason.RATING_REVIEWED)
    story = story.when(rectify()).done().when(call_back()).done()

    story.when(rectify("03-13 10:00")).refused(Reason.RATING_RECTIFIED)
    story.when(call_back("03-13 16:00")).refused(Reason.RATER_CALLED_BACK)


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (review(reason=" "), Reason.REASON_REQUIRED),
        (rectify(measure=" "), Reason.NOTHING_NAMED),
        (review(when="03-10 08:59"), Reason.BEFORE_STAGE),
        (call_back("03-10 08:59"), Reason.BEFORE_STAGE),
    ],
)
def test_a_follow_up_says_what_it_found_and_comes_after_the_rating(act: Any, reason: Reason) -> None:
    given = (BAD,) if reason in {Reason.REASON_REQUIRED, Reason.BEFORE_STAGE} else (BAD, VALID)

    Story(*CLOSED, *given).when(act).refused(reason)


def test_nothing_is_put_right_before_the_review() -> None:
    Story(*CLOSED, BAD, VALID).when(rectify("03-10 14:59")).refused(Reason.BEFORE_STAGE, "2026-03-10T15:00:00+08:00")


def test_an_anonymous_rater_cannot_be_called_back_and_one_with_a_name_need_not_wait() -> None:
    nameless = fact(CaseRated, "03-10 09:00", by=CITIZEN, grade=Grade.VERY_DISSATISFIED)

    Story(*CLOSED, nameless).when(call_back()).refused(Reason.RATER_UNKNOWN)
    Story(*CLOSED, BAD).when(call_back("03-10 10:00", satisfied=False)).then(
        fact(RaterCalledBack, "03-10 10:00", satisfied=False)
    )


def test_a_bad_rating_that_took_the_place_of_a_default_one_is_the_one_that_is_followed_up() -> None:
    default = fact(CaseRated, "03-08 09:00", by=CLERK, grade=Grade.VERY_SATISFIED, defaulted=True)

    after = Story(*CLOSED, default, BAD).when(review()).done()

    assert [one.review for one in after.file.service.ratings] == [None, VALID]
