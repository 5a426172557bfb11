"""The end of a case and what the citizen says of it."""

import pytest
from support.examined import codes as found_codes
from support.story import (
    CITIZEN,
    CLOSED,
    DECIDED,
    HEAD,
    IN_REVIEW,
    OFFICER,
    REVIEWED,
    SEALED,
    Story,
    accepted,
    ask,
    fact,
    moment,
    received,
    submitted,
)

from casecore import (
    AcceptCase,
    CaseClosed,
    CaseEvent,
    CaseRated,
    CaseVoided,
    CaseWithdrawn,
    CloseCase,
    CoreStep,
    CorrectionRequested,
    Decision,
    DecisionMade,
    Grade,
    Limit,
    NotAccepted,
    Outcome,
    PreReviewPassed,
    PreReviewReturned,
    RateCase,
    Reason,
    ReceiveCase,
    Resumed,
    Stage,
    Suspended,
    SuspensionKind,
    VoidCase,
    WithdrawCase,
)

Facts = tuple[CaseEvent, ...]

DECLINED: Facts = (received(), fact(NotAccepted, "03-03 09:00", reason="not this organ", remedy="appeal"))
WITHDRAWN: Facts = (received(), fact(CaseWithdrawn, "03-03 09:00", reason="moved away"))
VOIDED: Facts = (received(), fact(CaseVoided, "03-03 09:00", outcome=Outcome.DELETED, reason="typed twice"))
OPEN: dict[Stage, Facts] = {
    Stage.SUBMITTED: (submitted(),),
    Stage.RETURNED: (submitted(), fact(PreReviewReturned, "03-02 08:30", reason="blurred")),
    Stage.PRE_REVIEWED: (submitted(), fact(PreReviewPassed, "03-02 08:30")),
    Stage.RECEIVED: (received(),),
    Stage.CORRECTING: (received(), fact(CorrectionRequested, "03-02 09:30", materials=("lease",))),
    Stage.IN_REVIEW: IN_REVIEW,
    Stage.REVIEWED: REVIEWED,
    Stage.DECIDED: SEALED,
}
ENDED: dict[Stage, Facts] = {
    Stage.CLOSED: CLOSED,
    Stage.NOT_ACCEPTED: DECLINED,
    Stage.WITHDRAWN: WITHDRAWN,
    Stage.VOIDED: VOIDED,
}
CLOSES_FROM: dict[Outcome, set[Stage]] = {
    Outcome.CERTIFICATE_ISSUED: {Stage.DECIDED},
    Outcome.RETURNED: set(OPEN),
    Outcome.FORWARDED: {Stage.IN_REVIEW, Stage.REVIEWED, Stage.DECIDED},
    Outcome.CORRECTION_NOT_SUPPLIED: {Stage.CORRECTING},
    Outcome.OTHER: {Stage.DECIDED},
}
PAUSED = fact(Suspended, "03-04 12:00", suspension="S1", kind=SuspensionKind.ORDINARY, reason="flood")


def close(outcome: Outcome, when: str = "03-06 09:00", **rest: object) -> CloseCase:
    return ask(CloseCase, when, outcome=outcome, **{"reason": "said so", "forwarded_to": "the city", **rest})


# 办结


@pytest.mark.parametrize(
    ("outcome", "stage"), [(outcome, stage) for outcome, stages in CLOSES_FROM.items() for stage in sorted(stages)]
)
def test_each_outcome_closes_from_where_it_makes_sense(outcome: Outcome, stage: Stage) -> None:
    after = (
        Story(*OPEN[stage])
        .when(close(outcome))
        .then(CaseClosed(at=moment("03-06 09:00"), by=OFFICER, outcome=outcome, reason="said so", forwarded_to="the city"))
    )

    assert (after.file.stage, after.file.outcome) == (Stage.CLOSED, outcome)
    assert after.file.closed_at == moment("03-06 09:00")


@pytest.mark.parametrize(
    ("outcome", "stage"),
    [(outcome, stage) for outcome, stages in CLOSES_FROM.items() for stage in sorted(set(OPEN) - stages)],
)
def test_no_outcome_closes_from_anywhere_else(outcome: Outcome, stage: Stage) -> None:
    Story(*OPEN[stage]).when(close(outcome)).refused(Reason.OUTCOME_UNFIT, stage.value)


@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("stage", sorted(ENDED))
def test_what_has_ended_is_not_closed(outcome: Outcome, stage: Stage) -> None:
    Story(*ENDED[stage]).when(close(outcome)).refused(Reason.WRONG_STAGE, stage.value)


@pytest.mark.parametrize("outcome", [Outcome.RETURNED, Outcome.VOIDED, Outcome.DELETED])
@pytest.mark.parametrize("reason", [None, ""])
def test_returned_voided_and_deleted_need_their_reason(outcome: Outcome, reason: str | None) -> None:
    Story(*IN_REVIEW).when(close(outcome, reason=reason)).refused(Reason.REASON_REQUIRED)


@pytest.mark.parametrize(
    ("outcome", "stage"),
    [
        (Outcome.CERTIFICATE_ISSUED, Stage.DECIDED),
        (Outcome.FORWARDED, Stage.REVIEWED),
        (Outcome.CORRECTION_NOT_SUPPLIED, Stage.CORRECTING),
        (Outcome.OTHER, Stage.DECIDED),
    ],
)
def test_the_other_outcomes_need_none(outcome: Outcome, stage: Stage) -> None:
    Story(*OPEN[stage]).when(close(outcome, reason=None)).done()


@pytest.mark.parametrize("nowhere", [None, ""])
def test_forwarding_needs_its_destination(nowhere: str | None) -> None:
    told = Story(*REVIEWED).when(close(Outcome.FORWARDED, forwarded_to=nowhere))

    told.refused(Reason.DESTINATION_REQUIRED)


def test_closing_with_a_certificate_needs_one_made() -> None:
    Story(*DECIDED).when(close(Outcome.CERTIFICATE_ISSUED)).refused(Reason.CERTIFICATE_NOT_MADE)


def test_a_refused_application_closes_without_a_certificate() -> None:
    no = fact(DecisionMade, "03-05 09:00", by=HEAD, decision=Decision.REFUSED, reason="unsafe")

    Story(*REVIEWED, no).when(close(Outcome.CERTIFICATE_ISSUED)).refused(Reason.CERTIFICATE_NOT_MADE)
    Story(*REVIEWED, no).when(close(Outcome.OTHER)).done()


@pytest.mark.parametrize("outcome", [Outcome.RETURNED, Outcome.FORWARDED])
def test_a_suspended_case_is_resumed_before_it_is_closed(outcome: Outcome) -> None:
    story = Story(*REVIEWED, PAUSED)

    story.when(close(outcome)).refused(Reason.CASE_SUSPENDED)
    story.given(fact(Resumed, "03-05 09:00", suspension="S1")).when(close(outcome)).done()


# 撤回


@pytest.mark.parametrize("stage", sorted(set(OPEN) - {Stage.DECIDED}))
def test_the_applicant_withdraws_before_the_decision(stage: Stage) -> None:
    withdrawn = ask(WithdrawCase, "03-06 09:00", by=CITIZEN, reason="moved away")

    after = (
        Story(*OPEN[stage]).when(withdrawn).then(CaseWithdrawn(at=moment("03-06 09:00"), by=CITIZEN, reason="moved away"))
    )

    assert (after.file.stage, after.file.outcome, after.file.closed_at) == (Stage.WITHDRAWN, None, None)


@pytest.mark.parametrize("stage", [Stage.DECIDED, *sorted(ENDED)])
def test_nobody_withdraws_after_the_decision_or_the_end(stage: Stage) -> None:
    told = Story(*{**OPEN, **ENDED}[stage]).when(ask(WithdrawCase, reason="moved away"))

    told.refused(Reason.WRONG_STAGE, stage.value)


def test_the_applicant_may_withdraw_while_the_case_is_suspended() -> None:
    Story(*REVIEWED, PAUSED).when(ask(WithdrawCase, reason="moved away")).done()


def test_withdrawing_needs_a_reason() -> None:
    Story(received()).when(ask(WithdrawCase, reason="")).refused(Reason.REASON_REQUIRED)


def test_what_was_withdrawn_goes_no_further() -> None:
    Story(*WITHDRAWN).when(ask(AcceptCase)).refused(Reason.WRONG_STAGE, "withdrawn")


# 作废


@pytest.mark.parametrize("stage", sorted({**OPEN, **ENDED}.keys() - {Stage.VOIDED}))
@pytest.mark.parametrize(("typing_error", "outcome"), [(False, Outcome.VOIDED), (True, Outcome.DELETED)])
def test_a_wrong_record_is_voided_wherever_it_stands_even_after_closing(
    stage: Stage, outcome: Outcome, *, typing_error: bool
) -> None:
    voided = ask(VoidCase, "03-09 09:00", reason="not a real case", typing_error=typing_error)

    after = (
        Story(*{**OPEN, **ENDED}[stage])
        .when(voided)
        .then(CaseVoided(at=moment("03-09 09:00"), by=OFFICER, outcome=outcome, reason="not a real case"))
    )

    assert (after.file.stage, after.file.outcome, after.file.closed_at) == (Stage.VOIDED, outcome, None)


@pytest.mark.parametrize("stage", sorted(OPEN))
@pytest.mark.parametrize("outcome", [Outcome.VOIDED, Outcome.DELETED])
def test_closing_with_what_makes_void_is_voiding(stage: Stage, outcome: Outcome) -> None:
    slip = outcome is Outcome.DELETED

    closed = Story(*OPEN[stage]).when(close(outcome, "03-09 09:00"))
    voided = Story(*OPEN[stage]).when(ask(VoidCase, "03-09 09:00", reason="said so", typing_error=slip))

    told = CaseVoided(at=moment("03-09 09:00"), by=OFFICER, outcome=outcome, reason="said so")
    assert closed.then(told).file == voided.then(told).file


@pytest.mark.parametrize("outcome", [Outcome.VOIDED, Outcome.DELETED])
@pytest.mark.parametrize("before", [*OPEN.values(), CLOSED, WITHDRAWN, (*REVIEWED, PAUSED)])
def test_a_closing_of_older_versions_that_made_void_folds_like_a_voiding(before: Facts, outcome: Outcome) -> None:
    told = fact(CaseClosed, "03-09 09:00", outcome=outcome, reason="twice")

    after = Story(*before, told).file

    assert after == Story(*before, fact(CaseVoided, "03-09 09:00", outcome=outcome, reason="twice")).file
    assert (after.stage, after.outcome, after.closed_at, after.counted) == (Stage.VOIDED, outcome, None, False)


def test_what_was_struck_out_at_once_was_not_handled_off_the_record() -> None:
    def codes(outcome: Outcome) -> set[str]:
        slip = fact(CaseClosed, "03-02 10:01", outcome=outcome, reason="twice")
        return set(map(str, found_codes(received(), accepted("03-02 10:00"), slip)))

    assert "accepted_and_closed_at_once" in codes(Outcome.RETURNED)
    assert codes(Outcome.VOIDED) == codes(Outcome.DELETED) == set()


def test_a_suspended_case_may_be_voided() -> None:
    Story(*REVIEWED, PAUSED).when(close(Outcome.DELETED, "03-06 09:00")).done()
    Story(*REVIEWED, PAUSED).when(ask(VoidCase, reason="not a real case")).done()


def test_voiding_needs_a_reason() -> None:
    Story(*CLOSED).when(ask(VoidCase, reason="")).refused(Reason.REASON_REQUIRED)


def test_a_record_is_voided_once() -> None:
    Story(*VOIDED).when(ask(VoidCase, reason="not a real case")).refused(Reason.WRONG_STAGE, "voided")


def test_what_never_was_is_not_voided() -> None:
    Story().when(ask(VoidCase, reason="not a real case")).refused(Reason.UNKNOWN_CASE)


def test_a_voided_number_is_not_used_again() -> None:
    again = ask(ReceiveCase, item="FOOD", hall="Chengbei Hall")

    Story(*VOIDED).when(again).refused(Reason.WRONG_STAGE, "voided")


# 好差评


def rate(grade: Grade = Grade.SATISFIED, **rest: object) -> RateCase:
    return ask(RateCase, "03-10 09:00", by=CITIZEN, grade=grade, **rest)


@pytest.mark.parametrize("before", [CLOSED, DECLINED])
@pytest.mark.parametrize("grade", list(Grade))
def test_the_citizen_rates_what_was_closed_or_declined(before: Facts, grade: Grade) -> None:
    promised = Limit.working_days(5) if grade.bad else None

    Story(*before).when(rate(grade, remark="quick")).then(
        fact(CaseRated, "03-10 09:00", by=CITIZEN, grade=grade, remark="quick", rectify_within=promised)
    )


def test_a_rating_given_by_default_promises_nothing() -> None:
    told = Story(*CLOSED).when(rate(Grade.DISSATISFIED, defaulted=True))

    told.then(fact(CaseRated, "03-10 09:00", by=CITIZEN, grade=Grade.DISSATISFIED, defaulted=True))


@pytest.mark.parametrize("defaulted", [False, True])
def test_a_rating_is_not_replaced(*, defaulted: bool) -> None:
    Story(*CLOSED).when(rate()).done().when(rate(defaulted=defaulted)).refused(Reason.ALREADY_RATED)


def test_a_real_rating_replaces_a_default_one() -> None:
    after = Story(*CLOSED).when(rate(defaulted=True)).done().when(rate(Grade.DISSATISFIED)).done()

    assert after.file.rating is not None
    assert (after.file.rating.grade, after.file.rating.defaulted) == (Grade.DISSATISFIED, False)


def test_a_default_rating_does_not_replace_a_default_one() -> None:
    Story(*CLOSED).when(rate(defaulted=True)).done().when(rate(defaulted=True)).refused(Reason.ALREADY_RATED)


@pytest.mark.parametrize("stage", [*sorted(OPEN), Stage.WITHDRAWN])
@pytest.mark.parametrize("step", [None, CoreStep.CLOSING])
def test_nobody_rates_as_a_whole_what_is_open_or_was_withdrawn(stage: Stage, step: CoreStep | None) -> None:
    Story(*{**OPEN, **ENDED}[stage]).when(rate(step=step)).refused(Reason.NOTHING_TO_RATE, step or "")


def test_nobody_rates_a_record_that_was_voided() -> None:
    Story(*VOIDED).when(rate(step=CoreStep.RECEIPT)).refused(Reason.WRONG_STAGE, "voided")


@pytest.mark.parametrize("before", [OPEN[Stage.RECEIVED], CLOSED, DECLINED, WITHDRAWN])
def test_a_step_that_was_done_is_rated_wherever_the_case_stands(before: Facts) -> None:
    after = Story(*before).when(rate(step=CoreStep.RECEIPT)).done()

    assert after.file.rating is None, "a step is not the whole"
    after.when(rate(Grade.DISSATISFIED, step=CoreStep.RECEIPT)).refused(Reason.ALREADY_RATED, "receipt")


def test_nothing_is_rated_before_it_was_done_however_late_that_is_told() -> None:
    early = ask(RateCase, "03-06 08:59", by=CITIZEN, grade=Grade.SATISFIED)

    Story(*CLOSED).when(early).refused(Reason.NOTHING_TO_RATE, "")


def test_a_case_has_seven_outcomes() -> None:
    assert [(outcome.value, outcome.zh) for outcome in Outcome] == [
        (0, "出证办结"),
        (1, "退回办结"),
        (2, "作废办结"),
        (3, "删除办结"),
        (4, "转报办结"),
        (5, "补交不来办结"),
        (6, "办结"),
    ]
