"""The fold: it takes facts in any order, never refuses, and changes nothing but its own result."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from support.made_up import whatever
from support.story import (
    BUILD,
    CALENDAR,
    CLERK,
    CLOSED,
    DECIDED,
    HALL,
    IN_REVIEW,
    ROUTED,
    SEALED,
    accepted,
    day,
    fact,
    granted,
    moment,
    received,
    routed,
    sample,
    submitted,
)

from casecore import (
    NEW,
    Answer,
    ApprovalGranted,
    ApprovalReturned,
    CaseClosed,
    CaseEvent,
    CaseFile,
    CaseRated,
    CaseReceived,
    CaseRouted,
    CaseTransferred,
    CaseVoided,
    Channel,
    CorrectionRequested,
    CorrectionSubmitted,
    CourierDispatched,
    CourierLost,
    Decision,
    DecisionMade,
    DeliveryMethod,
    ExtensionApproved,
    Grade,
    MaterialsCouriered,
    Outcome,
    PreReviewReturned,
    ResultDelivered,
    Resumed,
    ReviewCompleted,
    SpecialGround,
    Stage,
    StepCompleted,
    Suspended,
    SuspensionKind,
    Tier,
    Transit,
    TripMade,
    count_trips,
    evolve,
    fold,
    read_clock,
)
from casecore.kinds import CASE

PROCEDURE = fact(
    Suspended,
    "03-05 09:00",
    suspension="S1",
    kind=SuspensionKind.SPECIAL_PROCEDURE,
    reason="the roof is measured",
    ground=SpecialGround.TESTING,
    declared_days=5,
    notice="T-1",
    moves_promise=True,
    moves_statutory=True,
)
PROCEDURE_ENDED = fact(Resumed, "03-12 09:00", suspension="S1")

# late facts


def test_a_procedure_reported_after_closing_keeps_the_case_closed_and_enters_both_ledgers() -> None:
    closed = fact(CaseClosed, "03-20 09:00", outcome=Outcome.OTHER)

    file = fold((*IN_REVIEW, closed, PROCEDURE, PROCEDURE_ENDED))

    assert (file.stage, file.stage_at, file.closed_at) == (Stage.CLOSED, closed.at, closed.at)
    for statutory in (False, True):
        (span,) = file.ledger(statutory=statutory).suspensions
        assert (span.label, span.started_at, span.ended_at) == ("S1", moment("03-05 09:00"), moment("03-12 09:00"))


def test_the_due_date_is_the_same_whenever_the_procedure_was_reported() -> None:
    closed = fact(CaseClosed, "03-20 09:00", outcome=Outcome.OTHER)
    in_time = fold((*IN_REVIEW, PROCEDURE, PROCEDURE_ENDED, closed))
    late = fold((*IN_REVIEW, closed, PROCEDURE, PROCEDURE_ENDED))

    assert _due(in_time) == _due(late) == day("03-23")
    assert in_time.ledger(statutory=True) == late.ledger(statutory=True)


def _due(file: CaseFile) -> date:
    assert file.promise is not None
    assert file.started_on is not None
    ledger = file.ledger(statutory=False)
    return read_clock(CALENDAR, file.promise.promised, file.started_on, ledger, closed_at=file.closed_at).due_on


def test_a_step_reported_after_closing_is_kept() -> None:
    late = fact(StepCompleted, "03-03 09:00", name="审核")

    file = fold((*CLOSED, late))

    assert (file.stage, file.steps) == (Stage.CLOSED, (late,))


NOT_THE_STAGE = (
    fact(StepCompleted, "03-03 09:00", name="审核"),
    PROCEDURE,
    PROCEDURE_ENDED,
    fact(ExtensionApproved, "03-03 09:00", days=5, approver="Director Qian", reason="complex"),
    fact(CorrectionRequested, "03-02 09:10", materials=("lease",)),
    fact(CorrectionSubmitted, "03-02 09:20"),
    *routed("fire"),
    *granted("fire"),
    fact(CaseTransferred, "03-03 10:00", step="fire", from_department="Fire", to_department="City", reason="theirs"),
    fact(MaterialsCouriered, "03-02 08:00", consignment="IN1"),
    fact(CourierDispatched, "03-06 10:00", consignment="EMS1", courier="EMS"),
    fact(CourierLost, "03-07 10:00", consignment="EMS1"),
    fact(ResultDelivered, "03-08 10:00", method=DeliveryMethod.WINDOW),
    fact(CaseRated, "03-09 10:00", grade=Grade.SATISFIED),
    sample(TripMade),
)


@pytest.mark.parametrize("late", NOT_THE_STAGE, ids=lambda event: type(event).__name__)
def test_what_arrives_after_closing_keeps_the_case_closed(late: CaseEvent) -> None:
    file = fold((*CLOSED, late))

    assert (file.stage, file.stage_at, file.closed_at) == (Stage.CLOSED, CLOSED[-1].at, CLOSED[-1].at)


@pytest.mark.parametrize(
    "late",
    [
        submitted("03-01 20:00"),
        received("03-02 09:00"),
        accepted("03-02 10:00"),
        fact(ReviewCompleted, "03-04 09:00", granted=True),
        fact(DecisionMade, "03-05 09:00", decision=Decision.GRANTED),
    ],
    ids=lambda event: type(event).__name__,
)
def test_no_earlier_fact_that_arrives_late_opens_a_closed_case_again(late: CaseEvent) -> None:
    assert fold((*CLOSED, late)).stage is Stage.CLOSED


def test_voiding_is_the_one_end_after_the_end() -> None:
    file = fold((*CLOSED, fact(CaseVoided, "03-09 09:00", outcome=Outcome.VOIDED, reason="not a real case")))

    assert (file.stage, file.outcome, file.closed_at) == (Stage.VOIDED, Outcome.VOIDED, None)


def test_a_correction_an_import_knows_of_after_acceptance_does_not_undo_it() -> None:
    asked = fact(CorrectionRequested, "03-03 09:00", materials=("lease",))

    file = fold((*IN_REVIEW, asked))
    again = fold((fact(CorrectionSubmitted, "03-04 09:00"),), file)

    assert (file.stage, again.stage) == (Stage.IN_REVIEW, Stage.IN_REVIEW)
    assert again.corrections[0].submitted_at == moment("03-04 09:00")


# what the file adds up to


def test_the_file_of_nobody_is_new() -> None:
    assert (NEW.version, NEW.stage, NEW.plan, NEW.started_on, NEW.closed_at, NEW.outcome) == (
        0,
        Stage.NEW,
        (),
        None,
        None,
        None,
    )


def test_the_file_remembers_who_came_through_which_door() -> None:
    file = fold((submitted(assisted=True), received(channel=Channel.WEBSITE, applicant=None, applicant_kind=None)))

    assert (file.channel, file.applicant, file.assisted) == (Channel.WEBSITE, "Li Lei", True)
    assert (file.submitted_at, file.received_at) == (moment("03-01 20:00"), moment("03-02 09:00"))


def test_the_file_remembers_what_was_received_and_where() -> None:
    file = fold((received(code=BUILD, window="B7", department="Branch 2"),))

    assert (file.item, file.tier, file.hall, file.window, file.department, file.trips_recorded) == (
        BUILD,
        Tier.COUNTY,
        HALL,
        "B7",
        "Branch 2",
        True,
    )


def test_the_file_of_an_import_that_begins_with_acceptance_knows_its_item() -> None:
    file = fold((accepted(code=BUILD),))

    assert (file.item, file.accepted_by, len(file.plan)) == (BUILD, CLERK, 5)


def test_a_correction_that_came_in_is_not_overwritten_by_another() -> None:
    asked = fact(CorrectionRequested, "03-02 09:30", materials=("lease",))

    file = fold((received(), asked, *(fact(CorrectionSubmitted, when) for when in ("03-04 09:00", "03-05 09:00"))))

    assert [c.submitted_at for c in file.corrections] == [moment("03-04 09:00")]


def test_the_stage_is_as_old_as_the_fact_that_brought_it() -> None:
    asked = fact(CorrectionRequested, "03-02 09:30", materials=("lease",))

    for events in (
        (submitted(),),
        (submitted(), fact(PreReviewReturned, "03-02 08:30", reason="blurred")),
        (received(),),
        (received(), asked),
        (received(), asked, fact(CorrectionSubmitted, "03-04 09:00")),
        IN_REVIEW,
        DECIDED,
        CLOSED,
    ):
        file = fold(events)
        assert (file.stage, file.stage_at) == (file.stage, events[-1].at)


def test_each_routing_of_a_step_is_remembered_and_the_last_one_counts() -> None:
    back = fact(ApprovalReturned, "03-04 09:00", step="fire", department="Fire", reason="page 3 missing")

    file = fold((*ROUTED, back, *routed("fire", when="03-05 09:00"), *granted("fire", when="03-06 09:00")))

    assert [(a.step, a.answer) for a in file.approvals] == [
        ("fire", Answer.RETURNED),
        ("health", None),
        ("market", None),
        ("fire", Answer.GRANTED),
    ]
    current = file.current("fire")
    assert current is not None
    assert (current.opened_at, current.answered_at) == (moment("03-05 09:00"), moment("03-06 09:00"))


def test_a_transfer_moves_the_open_routing() -> None:
    moved = fact(CaseTransferred, "03-03 10:00", step="fire", from_department="Fire", to_department="City", reason="theirs")
    file = fold((*ROUTED, moved))

    current = file.current("fire")
    assert current is not None
    assert (current.department, current.opened_at) == ("City", moment("03-03 09:00"))


def test_a_consignment_ends_where_the_last_report_says() -> None:
    sent = fact(CourierDispatched, "03-06 10:00", consignment="EMS1", courier="EMS", certificate="C1")
    arrived = fact(ResultDelivered, "03-09 10:00", method=DeliveryMethod.COURIER, consignment="EMS1")

    file = fold((*SEALED, sent, arrived))

    assert (file.consignments[0].state, file.consignments[0].ended_at) == (Transit.DELIVERED, moment("03-09 10:00"))


@pytest.mark.parametrize(
    "orphan",
    [
        fact(CourierLost, "03-07 10:00", consignment="EMS1"),
        fact(CorrectionSubmitted, "03-02 09:20"),
        fact(ApprovalGranted, "03-04 09:00", step="fire", department="Fire"),
    ],
    ids=lambda event: type(event).__name__,
)
def test_an_answer_to_nothing_is_counted_and_changes_nothing(orphan: CaseEvent) -> None:
    file = fold(IN_REVIEW)

    assert evolve(file, orphan) == file._replace(version=file.version + 1)


def test_the_end_of_a_suspension_may_be_reported_before_its_beginning() -> None:
    in_order = fold((*IN_REVIEW, PROCEDURE, PROCEDURE_ENDED))
    end_first = fold((*IN_REVIEW, PROCEDURE_ENDED, PROCEDURE))

    assert fold((*IN_REVIEW, PROCEDURE_ENDED)).suspensions == ()
    assert end_first == in_order
    assert not end_first.suspended


def test_the_end_of_one_suspension_is_kept_for_no_other() -> None:
    other = replace(PROCEDURE, suspension="S2")

    file = fold((*IN_REVIEW, PROCEDURE_ENDED, other))

    assert file.suspended
    assert file.resumptions == (PROCEDURE_ENDED,)


@pytest.mark.parametrize(
    "lacking",
    [{"ground": None}, {"declared_days": None}, {"declared_days": 0}, {"notice": " "}, {"kind": SuspensionKind.ORDINARY}],
    ids=str,
)
def test_whatever_a_fact_claims_only_a_procedure_told_in_writing_moves_the_statutory_clock(lacking: dict[str, Any]) -> None:
    claimed = replace(PROCEDURE, **lacking)

    file = fold((*IN_REVIEW, claimed, PROCEDURE_ENDED))

    assert file.ledger(statutory=True).suspensions == ()
    assert len(file.ledger(statutory=False).suspensions) == 1


@pytest.mark.parametrize("days", [0, -5])
def test_an_extension_by_no_days_takes_none_away(days: int) -> None:
    extended = fact(ExtensionApproved, "03-10 09:00", days=days, approver="Qian", reason="complex", notice="N1")

    assert fold((*IN_REVIEW, extended)).ledger(statutory=True).extension is None


def test_an_import_that_knows_no_trips_says_so() -> None:
    assert fold((received(trips_recorded=False),)).trips_recorded is False


# whatever comes

HISTORIES = whatever(CASE)


@given(HISTORIES)
@settings(deadline=None)
def test_any_facts_in_any_order_fold_into_a_file(history: list[CaseEvent]) -> None:
    file = NEW
    for version, event in enumerate(history, 1):
        before = file
        twice = evolve(file, event), evolve(file, event)
        assert before == file
        assert twice[0] == twice[1]
        assert hash(twice[0]) == hash(twice[1])
        file = twice[0]
        assert file.version == version
    assert file == fold(history)


@given(HISTORIES, HISTORIES)
@settings(deadline=None)
def test_a_history_may_be_folded_in_parts(first: list[CaseEvent], rest: list[CaseEvent]) -> None:
    assert fold(rest, fold(first)) == fold([*first, *rest])


@given(HISTORIES)
@settings(deadline=None)
def test_whatever_is_asked_of_a_file_it_answers(history: list[CaseEvent]) -> None:
    file = fold(history)

    assert len(count_trips(file)) == len(file.trips)
    assert {step.step for step in file.ready_steps()} <= {step.step for step in file.plan}
    assert file.suspended == any(s.ended_at is None for s in file.suspensions)
    for statutory in (False, True):
        assert len(file.ledger(statutory=statutory).suspensions) <= len(file.suspensions)
    assert file.closed_at is None or file.stage_at is not None
    assert file.outcome is None or isinstance(file.outcome, Outcome)
    assert [a.step for a in file.approvals] == [e.step for e in history if isinstance(e, CaseRouted)]


@given(HISTORIES)
@settings(deadline=None)
def test_nothing_that_happened_is_lost(history: list[CaseEvent]) -> None:
    file = fold(history)

    def kept(kind: type) -> list[CaseEvent]:
        return [event for event in history if isinstance(event, kind)]

    assert list(file.steps) == kept(StepCompleted)
    assert [s.fact for s in file.suspensions] == kept(Suspended)
    assert list(file.couriered_in) == kept(MaterialsCouriered)
    assert list(file.deliveries) == kept(ResultDelivered)
    assert len(file.corrections) == len(kept(CorrectionRequested))
    assert len(file.consignments) == len(kept(CourierDispatched))
    assert len(file.trips) == len(kept(TripMade))
    assert file.received_at == (kept(CaseReceived)[-1].at if kept(CaseReceived) else None)
