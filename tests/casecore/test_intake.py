"""Intake: from the first paper to the promise."""

from collections.abc import Callable
from datetime import date

import pytest
from support.story import (
    ARCHIVE,
    CALENDAR,
    CITIZEN,
    CLERK,
    FOOD,
    FOREST,
    GONE,
    HALL,
    ITEMS,
    PROOF,
    SUBSIDY,
    TAXI,
    Story,
    accepted,
    ask,
    day,
    fact,
    item,
    moment,
    received,
    scoped,
    submitted,
    visit,
)

from casecore import (
    AcceptCase,
    ApplicantKind,
    ApplicationSubmitted,
    CaseAccepted,
    CaseReceived,
    CaseRouted,
    CaseVoided,
    Catalogue,
    Cause,
    CausedBy,
    Channel,
    CorrectedOnSpot,
    CorrectionRequested,
    CorrectionSubmitted,
    CorrectOnSpot,
    DeclineAcceptance,
    HandlingKind,
    ItemType,
    Limit,
    NotAccepted,
    Office,
    Outcome,
    PassPreReview,
    Place,
    PlanStep,
    PreReviewPassed,
    PreReviewReturned,
    Reason,
    ReceiveCase,
    RequestCorrection,
    ReturnPreReview,
    ReviewCompleted,
    RouteCase,
    Stage,
    SubmitApplication,
    SubmitCorrection,
    Tier,
    TripMade,
    Visitor,
    fold,
)

PASSED = fact(PreReviewPassed, "03-02 08:30", by=CLERK)
RETURNED = fact(PreReviewReturned, "03-02 08:30", by=CLERK, reason="the photo is blurred")
CORRECTING = (received(), fact(CorrectionRequested, "03-02 09:30", by=CLERK, materials=("lease", "photo")))


def submit(when: str = "03-01 20:00", code: str = FOOD, **rest: object) -> SubmitApplication:
    filed = {"channel": Channel.WEBSITE, "applicant": "Li Lei"}
    return ask(SubmitApplication, when, by=CITIZEN, item=code, **{**filed, **rest})


def receive(when: str = "03-02 09:00", **rest: object) -> ReceiveCase:
    return ask(ReceiveCase, when, by=CLERK, hall=HALL, **rest)


def receive_at_window(when: str = "03-02 09:00", code: str = FOOD, **rest: object) -> ReceiveCase:
    return receive(when, item=code, **rest)


Opening = Callable[..., SubmitApplication | ReceiveCase]


# 申请


def test_an_application_is_filed_online() -> None:
    Story().when(submit(assisted=True, applicant_kind=ApplicantKind.COMPANY)).then(
        ApplicationSubmitted(
            at=moment("03-01 20:00"),
            by=CITIZEN,
            item=FOOD,
            channel=Channel.WEBSITE,
            applicant="Li Lei",
            applicant_kind=ApplicantKind.COMPANY,
            assisted=True,
        )
    )


def test_an_application_handed_back_may_be_filed_again_and_keeps_its_first_date() -> None:
    story = Story(submitted(), RETURNED).when(submit("03-03 20:00")).then(submitted("03-03 20:00"))

    assert story.file.submitted_at == moment("03-01 20:00")


def test_an_application_handed_back_cannot_be_filed_again_for_another_item() -> None:
    Story(submitted(), RETURNED).when(submit("03-03 20:00", FOREST)).refused(Reason.ITEM_DIFFERS, FOOD)


def test_an_application_is_filed_once() -> None:
    Story(submitted()).when(submit("03-01 21:00")).refused(Reason.WRONG_STAGE, "submitted")


@pytest.mark.parametrize("opens", [submit, receive_at_window])
class TestWhatIsOfferedToWhom:
    def test_nobody_applies_for_an_item_that_is_in_no_catalogue(self, opens: Opening) -> None:
        Story().when(opens(code="MOON")).refused(Reason.UNKNOWN_ITEM, "MOON")

    def test_nobody_applies_for_an_item_that_was_cancelled(self, opens: Opening) -> None:
        Story().when(opens(code=GONE)).refused(Reason.ITEM_NOT_IN_FORCE, GONE)

    def test_nobody_applies_through_a_door_the_item_does_not_have(self, opens: Opening) -> None:
        Story().when(opens(channel=Channel.KIOSK)).refused(Reason.CHANNEL_NOT_OFFERED, "kiosk")

    def test_nobody_applies_for_what_does_not_serve_them(self, opens: Opening) -> None:
        claim = opens(code=FOOD, applicant_kind=ApplicantKind.ORGAN)

        Story().when(claim).refused(Reason.APPLICANT_NOT_SERVED, "organ")

    def test_an_item_with_an_application_window_needs_the_entitling_day(self, opens: Opening) -> None:
        Story().when(opens(code=SUBSIDY)).refused(Reason.ENTITLING_DAY_MISSING, SUBSIDY)

    def test_nobody_applies_after_the_application_window(self, opens: Opening) -> None:
        claim = opens(code=SUBSIDY, when="03-03 09:00", entitled_from=date(2025, 12, 2))

        Story().when(claim).refused(Reason.OUTSIDE_APPLICATION_WINDOW, "2025-12-02..2026-03-02")

    def test_nobody_applies_before_the_application_window(self, opens: Opening) -> None:
        claim = opens(code=SUBSIDY, when="03-03 09:00", entitled_from=day("03-04"))

        Story().when(claim).refused(Reason.OUTSIDE_APPLICATION_WINDOW, "2026-03-04..2026-06-04")

    def test_a_window_that_opens_at_the_end_of_time_is_refused_and_no_accident(self, opens: Opening) -> None:
        claim = opens(code=SUBSIDY, when="03-03 09:00", entitled_from=date(9999, 12, 31))

        Story().when(claim).refused(Reason.OUTSIDE_APPLICATION_WINDOW)

    @pytest.mark.parametrize(
        ("entitled_from", "last"),
        [
            (date(2025, 12, 7), "03-07 12:00"),  # a Saturday: the day the papers came in is what counts
            (date(2025, 11, 30), "02-28 12:00"),  # no 30 February: the month's last day
            (date(2025, 12, 31), "03-31 23:59"),
            (date(2026, 3, 31), "06-30 09:00"),
        ],
    )
    def test_the_last_day_of_the_application_window_is_in_time(self, opens: Opening, entitled_from: date, last: str) -> None:
        Story().when(opens(code=SUBSIDY, when=last, entitled_from=entitled_from)).done()

    def test_the_first_day_of_the_application_window_is_in_time(self, opens: Opening) -> None:
        Story().when(opens(code=SUBSIDY, when="03-03 09:00", entitled_from=day("03-03"))).done()

    def test_an_item_without_an_application_window_asks_for_no_entitling_day(self, opens: Opening) -> None:
        Story().when(opens(entitled_from=date(2019, 1, 1))).done()


# 预审


def test_the_pre_review_passes() -> None:
    story = Story(submitted()).when(ask(PassPreReview, "03-02 08:30", by=CLERK, opinion="complete"))

    story.then(PreReviewPassed(at=moment("03-02 08:30"), by=CLERK, opinion="complete"))


def test_the_pre_review_hands_the_papers_back_with_its_reason() -> None:
    returned = ask(ReturnPreReview, "03-02 08:30", by=CLERK, reason="blurred", materials=("photo",))

    Story(submitted()).when(returned).then(
        PreReviewReturned(at=moment("03-02 08:30"), by=CLERK, reason="blurred", materials=("photo",))
    )


def test_the_pre_review_hands_nothing_back_without_a_reason() -> None:
    Story(submitted()).when(ask(ReturnPreReview, "03-02 08:30", reason="")).refused(Reason.REASON_REQUIRED)


@pytest.mark.parametrize("command", [ask(PassPreReview), ask(ReturnPreReview, reason="blurred")])
def test_what_was_never_filed_online_is_not_pre_reviewed(command: PassPreReview | ReturnPreReview) -> None:
    Story(received()).when(command).refused(Reason.WRONG_STAGE, "received")


# 收件


def test_papers_are_taken_in_at_a_window_and_the_visit_is_a_trip() -> None:
    taken_in = receive(
        item=FOOD,
        tier=Tier.TOWNSHIP,
        window="B7",
        applicant="Li Lei",
        applicant_kind=ApplicantKind.PERSON,
        materials=("form", "lease"),
        visit=visit("V1", visitor=Visitor.OWN_AGENT, place=Place.VILLAGE_POINT),
    )

    story = Story().when(taken_in)

    story.then(
        CaseReceived(
            at=moment("03-02 09:00"),
            by=CLERK,
            item=FOOD,
            item_type=ItemType.LICENCE,
            channel=Channel.WINDOW,
            tier=Tier.TOWNSHIP,
            hall=HALL,
            window="B7",
            department="Market",
            applicant="Li Lei",
            applicant_kind=ApplicantKind.PERSON,
            materials=("form", "lease"),
        ),
        TripMade(
            at=moment("03-02 09:00"),
            by=CLERK,
            visit=scoped("V1"),
            hall=HALL,
            visitor=Visitor.OWN_AGENT,
            place=Place.VILLAGE_POINT,
            cause=Cause.SUBMIT,
        ),
    )


def test_receiving_is_not_accepting() -> None:
    file = Story(received()).file

    assert (file.stage, file.received_at, file.accepted_at) == (Stage.RECEIVED, moment("03-02 09:00"), None)
    assert file.promise is None


@pytest.mark.parametrize("before", [(submitted(),), (submitted(), PASSED)])
def test_an_online_application_is_taken_over_with_its_item_door_and_applicant(before: tuple) -> None:
    Story(*before).when(receive()).then(
        CaseReceived(
            at=moment("03-02 09:00"),
            by=CLERK,
            item=FOOD,
            item_type=ItemType.LICENCE,
            channel=Channel.WEBSITE,
            tier=Tier.COUNTY,
            hall=HALL,
            department="Market",
            applicant="Li Lei",
            applicant_kind=ApplicantKind.PERSON,
        )
    )


def test_a_case_belongs_to_the_items_department_unless_the_window_names_another() -> None:
    Story().when(receive(item=FOOD)).then(received(department="Market", applicant=None, applicant_kind=None))
    Story().when(receive(item=FOOD, department="Branch 2")).then(
        received(department="Branch 2", applicant=None, applicant_kind=None)
    )


def test_an_item_cancelled_since_it_was_filed_is_not_received() -> None:
    ended = Office(Catalogue([item(FOOD, valid_until=day("03-01"))]), CALENDAR)

    Story(submitted(), office=ended).when(receive()).refused(Reason.ITEM_NOT_IN_FORCE, FOOD)


def test_an_online_application_stays_the_one_who_applied() -> None:
    told = Story(submitted()).when(receive(applicant="Han Meimei", applicant_kind=ApplicantKind.COMPANY))

    (taken_in,) = told.ruling
    assert (taken_in.applicant, taken_in.applicant_kind) == ("Li Lei", ApplicantKind.PERSON)


def test_help_with_filing_is_not_forgotten_when_the_case_is_taken_over() -> None:
    Story(submitted(assisted=True)).when(receive()).then(received(channel=Channel.WEBSITE, assisted=True))


def test_an_application_filed_within_the_window_is_received_after_it() -> None:
    filed = Story().when(submit("03-02 20:00", SUBSIDY, entitled_from=date(2025, 12, 2))).done()

    filed.when(receive("03-05 09:00")).then(received("03-05 09:00", SUBSIDY, channel=Channel.WEBSITE))


def test_a_case_cannot_be_received_for_another_item_than_was_filed() -> None:
    Story(submitted()).when(receive(item=FOREST)).refused(Reason.ITEM_DIFFERS, FOOD)


def test_a_case_cannot_be_received_for_no_item_at_all() -> None:
    Story().when(receive()).refused(Reason.UNKNOWN_ITEM, "")


def test_what_was_handed_back_is_filed_again_before_it_is_received() -> None:
    Story(submitted(), RETURNED).when(receive()).refused(Reason.WRONG_STAGE, "returned")


# 补正


def test_a_slip_is_put_right_on_the_spot_without_a_notice_or_a_trip() -> None:
    story = Story(received()).when(ask(CorrectOnSpot, "03-02 09:10", by=CLERK, materials=("form",)))

    after = story.then(CorrectedOnSpot(at=moment("03-02 09:10"), by=CLERK, materials=("form",)))

    assert (after.file.stage, after.file.corrections, after.file.trips) == (Stage.RECEIVED, (), ())


@pytest.mark.parametrize("kind", [CorrectOnSpot, RequestCorrection])
def test_a_correction_names_its_materials(kind: type[CorrectOnSpot | RequestCorrection]) -> None:
    Story(received()).when(ask(kind, "03-02 09:10", materials=())).refused(Reason.NOTHING_NAMED)


def test_everything_missing_is_told_in_one_notice() -> None:
    told = ask(
        RequestCorrection,
        "03-02 09:30",
        by=CLERK,
        materials=("lease", "photo"),
        complete=False,
        caused_by=CausedBy.AGENCY,
        notice="N-1",
    )

    story = Story(received()).when(told)

    after = story.then(
        CorrectionRequested(
            at=moment("03-02 09:30"),
            by=CLERK,
            materials=("lease", "photo"),
            complete=False,
            caused_by=CausedBy.AGENCY,
            notice="N-1",
        )
    )
    assert after.file.stage is Stage.CORRECTING


def test_a_notice_is_complete_and_the_applicants_unless_it_says_otherwise() -> None:
    told = Story(received()).when(ask(RequestCorrection, "03-02 09:30", by=CLERK, materials=("lease",)))

    told.then(
        fact(
            CorrectionRequested,
            "03-02 09:30",
            by=CLERK,
            materials=("lease",),
            complete=True,
            caused_by=CausedBy.APPLICANT,
        )
    )


def test_there_is_one_notice_at_a_time() -> None:
    again = ask(RequestCorrection, "03-02 10:00", materials=("lease",))

    Story(*CORRECTING).when(again).refused(Reason.WRONG_STAGE, "correcting")


def test_corrections_come_in_and_the_case_stands_received_again() -> None:
    brought = ask(SubmitCorrection, "03-04 09:00", by=CLERK, materials=("lease",), visit=visit("V2"))

    after = (
        Story(*CORRECTING)
        .when(brought)
        .then(
            CorrectionSubmitted(at=moment("03-04 09:00"), by=CLERK, materials=("lease",)),
            TripMade(
                at=moment("03-04 09:00"),
                by=CLERK,
                visit=scoped("V2", "03-04"),
                hall=HALL,
                visitor=Visitor.APPLICANT,
                place=Place.HALL,
                cause=Cause.CORRECT,
            ),
        )
    )

    assert after.file.stage is Stage.RECEIVED
    assert after.file.received_at == moment("03-02 09:00")
    assert after.file.corrections[0].submitted_at == moment("03-04 09:00")


def test_corrections_sent_online_make_no_trip() -> None:
    sent = ask(SubmitCorrection, "03-04 09:00", by=CITIZEN)

    Story(*CORRECTING).when(sent).then(CorrectionSubmitted(at=moment("03-04 09:00"), by=CITIZEN))


def test_corrections_cannot_come_in_before_they_were_asked_for() -> None:
    early = ask(SubmitCorrection, "03-02 09:15", by=CITIZEN)

    Story(*CORRECTING).when(early).refused(Reason.BEFORE_STAGE, "2026-03-02T09:30:00+08:00")


def test_a_second_notice_may_repeat_what_is_still_missing() -> None:
    back = Story(*CORRECTING, fact(CorrectionSubmitted, "03-04 09:00"))
    repeated = ask(RequestCorrection, "03-04 10:00", by=CLERK, materials=("photo",))

    after = back.when(repeated).then(fact(CorrectionRequested, "03-04 10:00", by=CLERK, materials=("photo",)))

    assert [c.submitted_at is None for c in after.file.corrections] == [False, True]


def test_a_second_notice_may_not_ask_for_more_than_the_first() -> None:
    back = Story(*CORRECTING, fact(CorrectionSubmitted, "03-04 09:00"))
    more = ask(RequestCorrection, "03-04 10:00", materials=("photo", "will", "deed"))

    back.when(more).refused(Reason.NOT_IN_FIRST_NOTICE, "deed, will")


def test_a_third_notice_is_still_held_to_the_first() -> None:
    twice = Story(
        *CORRECTING,
        fact(CorrectionSubmitted, "03-04 09:00"),
        fact(CorrectionRequested, "03-04 10:00", materials=("photo",)),
        fact(CorrectionSubmitted, "03-05 09:00"),
    )

    twice.when(ask(RequestCorrection, "03-05 10:00", materials=("lease",))).done()
    twice.when(ask(RequestCorrection, "03-05 10:00", materials=("deed",))).refused(Reason.NOT_IN_FIRST_NOTICE, "deed")


def test_nothing_is_corrected_that_was_not_asked_for() -> None:
    Story(received()).when(ask(SubmitCorrection)).refused(Reason.WRONG_STAGE, "received")


# 受理


def test_acceptance_freezes_version_limits_plan_trips_and_calendar() -> None:
    story = Story(received()).when(ask(AcceptCase, "03-02 10:00", by=CLERK, notice="A-1"))

    after = story.then(
        CaseAccepted(
            at=moment("03-02 10:00"),
            by=CLERK,
            effective_on=day("03-02"),
            item=FOOD,
            item_type=ItemType.LICENCE,
            item_version=1,
            handling=HandlingKind.PROMISED,
            promised=Limit.working_days(10),
            statutory=Limit.working_days(20),
            plan=(
                PlanStep(step="fire", department="Fire"),
                PlanStep(step="health", department="Health"),
                PlanStep(step="market", department="Market"),
            ),
            trips_promised=1,
            calendar="story.1",
            notice="A-1",
        )
    )
    assert (after.file.stage, after.file.accepted_by) == (Stage.IN_REVIEW, CLERK)


def test_an_instant_item_is_reviewed_as_soon_as_it_is_accepted() -> None:
    told = Story(received(code=PROOF)).when(ask(AcceptCase, "03-02 10:00", by=CLERK))

    told.then(
        CaseAccepted(
            at=moment("03-02 10:00"),
            by=CLERK,
            effective_on=day("03-02"),
            item=PROOF,
            item_type=ItemType.LICENCE,
            item_version=1,
            handling=HandlingKind.INSTANT,
            promised=Limit.working_days(0),
            statutory=None,
            plan=(),
            trips_promised=0,
            calendar="story.1",
        ),
        ReviewCompleted(at=moment("03-02 10:00"), by=CLERK, granted=True),
    )


def test_a_promised_item_that_asks_no_department_is_reviewed_as_soon_as_it_is_accepted() -> None:
    told = Story(received(code=ARCHIVE)).when(ask(AcceptCase, "03-02 10:00", by=CLERK))

    told.then(accepted(code=ARCHIVE), fact(ReviewCompleted, "03-02 10:00", by=CLERK, granted=True))


def accept_on(when: str, code: str, *, receipt_only: bool | None = None) -> date | None:
    """Day 0 of a case received and accepted then."""
    told = Story(received(when, code)).when(ask(AcceptCase, when, by=CLERK, receipt_only=receipt_only))
    return told.done().file.started_on


@pytest.mark.parametrize(
    ("when", "code", "receipt_only", "effective_on"),
    [
        ("03-06 10:00", FOOD, None, "03-06"),  # Friday
        ("03-07 10:00", FOOD, None, "03-09"),  # Saturday: 周末收件, 顺延受理
        ("03-08 10:00", FOOD, None, "03-09"),  # Sunday
        ("03-07 10:00", FOOD, False, "03-07"),  # the window accepts on Saturdays
        ("03-07 10:00", FOOD, True, "03-09"),
        ("03-07 10:00", PROOF, None, "03-07"),  # an instant item is accepted and done on the spot
        ("03-07 10:00", PROOF, False, "03-07"),
        ("03-07 10:00", PROOF, True, "03-09"),
        ("02-28 10:00", FOOD, None, "02-28"),  # a make-up Saturday is a working day (调休)
        ("04-04 10:00", FOOD, None, "04-07"),  # Saturday before a Monday holiday
        ("05-01 10:00", FOOD, None, "05-04"),  # a holiday on a Friday
    ],
)
def test_rest_day_acceptance_is_deferred_for_promised_items_and_where_the_window_only_receives(
    when: str, code: str, effective_on: str, *, receipt_only: bool | None
) -> None:
    assert accept_on(when, code, receipt_only=receipt_only) == day(effective_on)


def test_deferred_acceptance_still_says_when_it_was_signed() -> None:
    after = Story(received("03-07 09:00")).when(ask(AcceptCase, "03-07 10:00", by=CLERK)).done()

    assert (after.file.received_at, after.file.accepted_at) == (moment("03-07 09:00"), moment("03-07 10:00"))


def test_the_version_in_force_at_acceptance_is_the_one_promised() -> None:
    old = Story(received("06-30 09:00", TAXI)).when(ask(AcceptCase, "06-30 10:00", by=CLERK))
    new = Story(received("06-30 09:00", TAXI)).when(ask(AcceptCase, "07-01 10:00", by=CLERK))

    old.then(accepted("06-30 10:00", TAXI, item_version=1, promised=Limit.working_days(10), trips_promised=1))
    new.then(accepted("07-01 10:00", TAXI, item_version=2, promised=Limit.working_days(3), trips_promised=0))


def test_a_later_catalogue_version_does_not_move_a_running_case() -> None:
    story = Story(received("06-30 09:00", TAXI)).when(ask(AcceptCase, "06-30 10:00", by=CLERK)).done()
    promise = story.file.promise

    after = story.when(ask(RouteCase, "07-02 09:00")).then(
        CaseRouted(at=moment("07-02 09:00"), by="chen", step="road", department="Transport")
    )

    assert after.file.promise == promise


def test_a_catalogue_that_forgets_the_item_does_not_stop_a_running_case() -> None:
    file = fold((received(), accepted()))
    empty = Office(Catalogue([]), CALENDAR)

    Story(office=empty, file=file).when(ask(RouteCase, "03-03 09:00")).done()


def test_an_item_cancelled_since_receipt_is_not_accepted() -> None:
    ended = Office(Catalogue([item(FOOD, valid_until=day("03-02"))]), CALENDAR)

    Story(received(), office=ended).when(ask(AcceptCase, "03-03 09:00")).refused(Reason.ITEM_NOT_IN_FORCE, FOOD)


def test_an_item_that_left_the_catalogue_is_not_accepted() -> None:
    without = Office(Catalogue([kept for kept in ITEMS if kept.code != FOOD]), CALENDAR)

    Story(received(), office=without).when(ask(AcceptCase, "03-03 09:00")).refused(Reason.UNKNOWN_ITEM, FOOD)


def test_a_case_waiting_for_corrections_is_not_accepted() -> None:
    Story(*CORRECTING).when(ask(AcceptCase)).refused(Reason.WRONG_STAGE, "correcting")


def test_a_case_is_accepted_once() -> None:
    Story(received(), accepted()).when(ask(AcceptCase)).refused(Reason.WRONG_STAGE, "in_review")


# 不予受理


@pytest.mark.parametrize("before", [(submitted(),), (submitted(), PASSED), (received(),), CORRECTING])
def test_declining_is_a_fact_with_its_reason_and_its_remedy(before: tuple) -> None:
    declined = ask(
        DeclineAcceptance, "03-03 09:00", by=CLERK, reason="not this organ", remedy="appeal", redirect_to="the city"
    )

    after = (
        Story(*before)
        .when(declined)
        .then(
            NotAccepted(
                at=moment("03-03 09:00"),
                by=CLERK,
                reason="not this organ",
                remedy="appeal",
                redirect_to="the city",
            )
        )
    )

    assert after.file.stage is Stage.NOT_ACCEPTED
    assert after.file.closed_at is None


@pytest.mark.parametrize(("reason", "remedy"), [("", "appeal"), ("not this organ", ""), ("", "")])
def test_declining_needs_its_reason_and_its_remedy(reason: str, remedy: str) -> None:
    declined = ask(DeclineAcceptance, "03-03 09:00", reason=reason, remedy=remedy)

    Story(received()).when(declined).refused(Reason.REASON_REQUIRED)


def test_what_was_accepted_cannot_be_declined_any_more() -> None:
    declined = ask(DeclineAcceptance, "03-03 09:00", reason="not this organ", remedy="appeal")

    Story(received(), accepted()).when(declined).refused(Reason.WRONG_STAGE, "in_review")


def test_a_case_voided_before_acceptance_is_not_received_again() -> None:
    voided = fact(CaseVoided, "03-02 09:30", outcome=Outcome.DELETED, reason="typed twice")

    Story(received(), voided).when(receive("03-02 10:00", item=FOOD)).refused(Reason.WRONG_STAGE, "voided")
