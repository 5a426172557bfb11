"""``case_facts``: what the row of a case says, for histories made by hand and for histories made up at random."""

from dataclasses import fields
from datetime import date
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.made_up import HISTORIES, NAMES
from support.story import CITIZEN, CLERK, FOOD, HALL, HEAD, fact, moment, procedure, submitted
from support.story import received as story_received

from adapters.calendar_toml import NATIONAL, shipped_calendars
from casecore import (
    AcceptanceDeemed,
    ApplicationSubmitted,
    CaseAccepted,
    CaseClosed,
    CaseEvent,
    CaseRated,
    CaseReceived,
    CaseVoided,
    CaseWithdrawn,
    Cause,
    CausedBy,
    CertificateMade,
    Channel,
    CorrectionRequested,
    CorrectionSubmitted,
    CourierDispatched,
    Decision,
    DecisionMade,
    DeliveryMethod,
    ExtensionApproved,
    Grade,
    HandlingKind,
    Limit,
    NotAccepted,
    Outcome,
    Place,
    PreReviewPassed,
    ResultDelivered,
    Resumed,
    ReviewCompleted,
    Suspended,
    SuspensionKind,
    TripMade,
    Unit,
    Visitor,
    fold,
)
from projections.case_facts import CASE_FACTS, CaseFact
from projections.projection import Subject

LOG, CASE = "510114", "XD-1"
TEN_DAYS, TWENTY_DAYS = Limit.working_days(10), Limit.working_days(20)


def row(*events: CaseEvent) -> CaseFact:
    (found,) = CASE_FACTS.rows(Subject(LOG, CASE, fold(events), shipped_calendars()))
    assert isinstance(found, CaseFact)
    return found


def on(text: str) -> date:
    """A date of the year 2026, or of any year."""
    return date.fromisoformat(text if len(text) > len("03-02") else f"2026-{text}")


def received(when: str = "03-02 09:00", **rest: Any) -> CaseReceived:
    return story_received(when, **rest)


def accepted(when: str = "03-02 10:00", promised: Limit = TEN_DAYS, **rest: Any) -> CaseAccepted:
    """Accepted under the national calendar; ten working days promised, twenty by law, unless said otherwise."""
    promise = {
        "effective_on": moment(when).date(),
        "item": FOOD,
        "item_version": 1,
        "handling": HandlingKind.PROMISED,
        "statutory": TWENTY_DAYS,
        "plan": (),
        "trips_promised": 1,
        "calendar": NATIONAL,
    }
    return fact(CaseAccepted, when, by=CLERK, promised=promised, **{**promise, **rest})


def closed(when: str, outcome: Outcome = Outcome.OTHER) -> CaseClosed:
    return fact(CaseClosed, when, outcome=outcome, reason="so it ended")


def special(when: str = "03-05 09:00", *, number: str = "S1", **rest: Any) -> Suspended:
    return procedure(when, None, number, **rest)


def ordinary(when: str = "03-05 09:00", *, number: str = "S1", moves_promise: bool, **rest: Any) -> Suspended:
    kind = SuspensionKind.ORDINARY
    return fact(
        Suspended, when, suspension=number, kind=kind, reason="a paper is sought", moves_promise=moves_promise, **rest
    )


def resumed(when: str = "03-12 09:00", *, number: str = "S1") -> Resumed:
    return fact(Resumed, when, suspension=number)


def extended(when: str, days: int) -> ExtensionApproved:
    return fact(ExtensionApproved, when, by=HEAD, days=days, approver=HEAD, reason="difficult")


def trip(cause: Cause, when: str, number: str, **rest: Any) -> TripMade:
    came = {"visitor": Visitor.APPLICANT, "place": Place.HALL}
    return fact(TripMade, when, by=CLERK, visit=number, cause=cause, **{**came, **rest})


def delivered(when: str, method: DeliveryMethod, consignment: str | None = None) -> ResultDelivered:
    return fact(ResultDelivered, when, method=method, consignment=consignment)


# --- A whole row ---


def test_the_row_of_a_case_filed_online_and_couriered_home() -> None:
    story = (
        submitted("03-01 20:00"),  # a Sunday evening
        fact(PreReviewPassed, "03-02 08:50"),
        received("03-02 09:00", channel=Channel.WEBSITE, department="Market"),
        accepted("03-02 10:00", item_version=3, trips_promised=0),
        fact(ReviewCompleted, "03-04 09:00", granted=True),
        fact(DecisionMade, "03-05 09:00", by=HEAD, decision=Decision.GRANTED),
        fact(CertificateMade, "03-05 10:00", certificate="C1", kind="licence"),
        closed("03-06 09:00", Outcome.CERTIFICATE_ISSUED),
        fact(CourierDispatched, "03-06 15:00", consignment="P1", courier="EMS", certificate="C1"),
        delivered("03-09 11:00", DeliveryMethod.COURIER, "P1"),
        fact(CaseRated, "03-10 12:00", by=CITIZEN, grade=Grade.SATISFIED),
    )

    found = row(*story)

    assert found == CaseFact(
        log=LOG,
        case_id=CASE,
        stream_version=11,
        stage="closed",
        item=FOOD,
        item_version=3,
        handling="promised",
        department="Market",
        channel="website",
        online=1,
        tier="county",
        hall=HALL,
        submitted_on=on("03-01"),
        received_on=on("03-02"),
        accepted_on=on("03-02"),
        decided_on=on("03-05"),
        closed_on=on("03-06"),
        closed_month="2026-03",
        delivered_on=on("03-09"),
        accepted=1,
        closed=1,
        closed_normally=1,
        outcome=0,
        counted=1,
        promised_amount=10,
        promised_unit="working_day",
        promised_due_on=on("03-16"),
        promised_verdict="on_time",
        statutory_amount=20,
        statutory_unit="working_day",
        statutory_due_on=on("03-30"),
        statutory_verdict="on_time",
        provisional=0,
        excluded_days=0,
        used_days=4,  # 3, 4, 5 and 6 March
        statutory_used_days=3,  # up to the decision
        elapsed_days=4,
        early=1,
        corrections=0,
        suspensions=0,
        trips_recorded=1,
        trips_gross=0,
        trips_net=0,
        trips_near=0,
        trips_promised=0,
        e_delivered=1,
        fully_online=1,
        rating=2,
        package=None,
        theme=None,
        subject=None,
        assisted=0,
        agent=None,
        trips_journey=0,
        trips_agency=0,
        trips_optional=0,
        on_the_spot=0,
        instant_approved=0,
        fees_fen=0,
        waived_fen=0,
        materials_required=0,
        materials_reused=0,
        materials_shared=0,
        materials_replaceable=0,
        materials_by_licence=0,
        applied_on=on("03-01"),
        trips_unknown=None,
        result_owed=0,
        item_type="01",
        implementation_code=None,
        received_band="morning",
        closed_band="morning",
        redecides=None,
        set_aside_on=None,
        set_aside_ground=None,
    )


def test_a_case_only_applied_for_has_a_row_and_no_clock() -> None:
    found = row(submitted("03-01 20:00"))

    assert (found.stage, found.submitted_on, found.received_on, found.accepted_on) == (
        "submitted",
        on("03-01"),
        None,
        None,
    )
    assert (found.accepted, found.closed, found.counted, found.provisional) == (0, 0, 1, 0)
    assert (found.department, found.tier, found.hall) == (None, None, None)
    assert (found.promised_unit, found.promised_due_on, found.statutory_due_on, found.excluded_days) == (None,) * 4


def test_an_instant_is_dated_where_it_happened() -> None:
    before_dawn = moment("03-03 00:30")  # 2 March, 16:30, in Greenwich

    assert row(fact(CaseReceived, "03-03 00:30", **_parts(received()))).received_on == before_dawn.date()
    assert row(received(), accepted(), closed("04-01 00:10")).closed_month == "2026-04"


def _parts(event: CaseReceived) -> dict[str, Any]:
    return {field.name: getattr(event, field.name) for field in fields(event) if field.name not in ("at", "by")}


def test_a_default_rating_is_no_rating() -> None:
    rated = fact(CaseRated, "03-20 09:00", by=CITIZEN, grade=Grade.VERY_SATISFIED, defaulted=True)

    assert row(received(), accepted(), closed("03-06 09:00"), rated).rating is None


def test_the_result_is_in_the_applicants_hands_when_the_last_of_it_is() -> None:
    first = delivered("03-09 09:00", DeliveryMethod.WINDOW)
    last = delivered("03-11 09:00", DeliveryMethod.LOCKER)

    assert row(received(), accepted(), closed("03-06 09:00"), first, last).delivered_on == on("03-11")


# --- Verdicts ---


@pytest.mark.parametrize(
    ("when", "verdict", "early"),
    [
        pytest.param("03-13 16:59", "on_time", 1, id="the Friday before is early"),
        pytest.param("03-14 10:00", "on_time", 1, id="a Saturday before a Monday is one working day early"),
        pytest.param("03-16 00:00", "on_time", 0, id="the first minute of the due day is on time, not early"),
        pytest.param("03-16 23:59", "on_time", 0, id="the last minute of the due day is on time, not early"),
        pytest.param("03-17 00:00", "overdue", 0, id="the first minute of the day after is overdue"),
    ],
)
def test_on_time_is_a_comparison_of_dates(when: str, verdict: str, early: int) -> None:
    found = row(received(), accepted(), closed(when))

    assert (found.promised_due_on, found.promised_verdict, found.early) == (on("03-16"), verdict, early)


def test_past_the_promise_is_not_yet_past_the_law() -> None:
    found = row(received(), accepted(), closed("03-30 17:00"))
    assert (found.promised_verdict, found.statutory_verdict) == ("overdue", "on_time")

    found = row(received(), accepted(), closed("03-31 09:00"))
    assert (found.promised_verdict, found.statutory_verdict) == ("overdue", "overdue")


def test_a_case_without_a_statutory_limit_has_no_statutory_verdict() -> None:
    found = row(received(), accepted(statutory=None), closed("03-17 09:00"))

    assert (found.statutory_due_on, found.statutory_verdict) == (None, None)
    assert found.promised_verdict == "overdue"


@pytest.mark.parametrize(("when", "verdict"), [("03-02 16:00", "on_time"), ("03-03 09:00", "overdue")])
def test_an_instant_promise_is_due_the_same_day(when: str, verdict: str) -> None:
    promise = accepted(promised=Limit.working_days(0), statutory=None, handling=HandlingKind.INSTANT)

    found = row(received(), promise, closed(when))

    assert (found.handling, found.promised_amount) == ("instant", 0)
    assert (found.promised_due_on, found.promised_verdict, found.early) == (on("03-02"), verdict, 0)


def test_an_open_case_has_a_due_date_and_no_verdict() -> None:
    found = row(received(), accepted())

    assert (found.promised_due_on, found.statutory_due_on) == (on("03-16"), on("03-30"))
    assert (found.promised_verdict, found.statutory_verdict) == (None, None)
    assert (found.closed, found.used_days, found.elapsed_days, found.early) == (0, None, None, 0)


def test_days_used_are_counted_from_acceptance_and_days_elapsed_from_receipt() -> None:
    found = row(received("03-02 09:00"), accepted("03-06 09:00"), closed("03-11 09:00"))

    assert found.used_days == 3  # 9, 10, 11 March
    assert found.elapsed_days == 7  # 3, 4, 5, 6, 9, 10, 11 March


def test_days_used_against_the_law_leave_out_what_moved_the_law_alone() -> None:
    story = (received(), accepted(), ordinary(moves_promise=True), resumed(), closed("03-23 09:00"))

    found = row(*story)

    # 15 working days in (2, 23] March; the promise leaves out 6, 9, 10, 11 and 12 March
    assert (found.used_days, found.statutory_used_days) == (10, 15)
    assert row(*story[:-1]).statutory_used_days is None
    assert row(received(), accepted(statutory=None), closed("03-06 09:00")).statutory_used_days is None


def test_what_the_law_allows_is_kept_as_it_was_frozen() -> None:
    natural = row(received(), accepted(statutory=Limit.natural_days(30)))
    agreed = row(received(), accepted(statutory=Limit.fixed(on("03-31"))))
    free = row(received(), accepted(statutory=None))

    found = [(one.statutory_amount, one.statutory_unit) for one in (natural, agreed, free)]
    assert found == [(30, "natural_day"), (None, "fixed_date"), (None, None)]


def test_a_window_that_only_receives_starts_the_clock_on_monday() -> None:
    saturday, monday = "2017-08-05 10:00", date(2017, 8, 7)
    taken = accepted(saturday, Limit.working_days(5), effective_on=monday)

    found = row(received(saturday), taken, closed("2017-08-14 09:00"))

    assert (found.received_on, found.accepted_on) == (date(2017, 8, 5), monday)
    assert (found.promised_due_on, found.promised_verdict) == (date(2017, 8, 14), "on_time")


def test_make_up_days_count_and_holidays_do_not() -> None:
    found = row(received("2026-02-13 09:00"), accepted("2026-02-13 10:00", Limit.working_days(5)))

    assert found.promised_due_on == on("02-27")  # 14 (a make-up Saturday), 24, 25, 26, 27 February


# --- Suspensions and extensions ---


def test_a_special_procedure_with_three_declared_days_moves_both_due_dates_by_three() -> None:
    story = (received(), accepted(), special(declared_days=3), resumed())

    found = row(*story, closed("03-19 09:00"))

    assert (found.promised_due_on, found.statutory_due_on) == (on("03-19"), on("04-02"))
    assert (found.promised_verdict, found.excluded_days, found.suspensions) == ("on_time", 3, 1)
    assert found.used_days == 10  # 13 working days in (2, 19] March, three of them excluded
    assert row(*story, closed("03-20 09:00")).promised_verdict == "overdue"
    assert row(*story).promised_due_on == on("03-19")


def test_a_special_procedure_declared_longer_than_it_took_moves_by_what_it_took() -> None:
    found = row(received(), accepted(), special(declared_days=30), resumed(), closed("03-23 09:00"))

    assert (found.promised_due_on, found.promised_verdict, found.excluded_days) == (on("03-23"), "on_time", 5)


def test_a_special_procedure_still_open_counts_with_the_days_it_declared() -> None:
    found = row(received(), accepted(), special(declared_days=3))

    assert (found.promised_due_on, found.statutory_due_on, found.excluded_days) == (on("03-19"), on("04-02"), 3)


def test_a_day_two_suspensions_share_is_excluded_once() -> None:
    first = (special("03-05 09:00", number="S1", declared_days=9), special("03-10 09:00", number="S2", declared_days=9))
    ends = (resumed("03-12 09:00", number="S1"), resumed("03-13 09:00", number="S2"))

    found = row(received(), accepted(), *first, *ends, closed("03-24 09:00"))

    assert found.excluded_days == 6  # 6, 9, 10, 11, 12 and 13 March
    assert (found.promised_due_on, found.promised_verdict) == (on("03-24"), "on_time")


def test_an_ordinary_suspension_moves_nothing_by_itself() -> None:
    found = row(received(), accepted(), ordinary(moves_promise=False), resumed(), closed("03-17 09:00"))

    assert (found.promised_due_on, found.promised_verdict) == (on("03-16"), "overdue")
    assert (found.excluded_days, found.suspensions) == (0, 1)


def test_an_ordinary_suspension_moves_the_promise_alone_where_the_district_says_so() -> None:
    found = row(received(), accepted(), ordinary(moves_promise=True), resumed(), closed("03-23 09:00"))

    assert (found.promised_due_on, found.promised_verdict) == (on("03-23"), "on_time")
    assert found.statutory_due_on == on("03-30")


def test_a_suspension_open_at_the_closing_excludes_the_days_up_to_it() -> None:
    found = row(received(), accepted(), ordinary(moves_promise=True), closed("03-10 09:00"))

    assert found.excluded_days == 3  # 6, 9 and 10 March
    assert (found.promised_due_on, found.used_days) == (on("03-19"), 3)


def test_while_an_uncapped_suspension_is_open_nothing_is_due() -> None:
    open_ = (received(), accepted(), ordinary(moves_promise=True))

    assert row(*open_).promised_due_on is None
    assert row(*open_).statutory_due_on == on("03-30")
    assert row(*open_, resumed()).promised_due_on == on("03-23")


def test_an_uncapped_suspension_after_the_due_date_does_not_hide_that_the_case_is_overdue() -> None:
    too_late = ordinary("03-20 09:00", moves_promise=True)

    assert row(received(), accepted(), too_late).promised_due_on == on("03-16")


def test_an_uncapped_suspension_before_acceptance_does_not_touch_the_clock() -> None:
    too_soon = ordinary("03-02 09:30", moves_promise=True)

    assert row(received(), too_soon, accepted("03-03 10:00")).promised_due_on == on("03-17")


def test_a_fixed_date_stays_where_it_is_while_an_uncapped_suspension_is_open() -> None:
    agreed = accepted(promised=Limit.fixed(on("03-16")))
    story = (received(), agreed, ordinary(moves_promise=True))

    assert row(*story, closed("03-17 09:00")).promised_due_on == on("03-16")
    assert row(*story).promised_due_on == on("03-16")


def test_a_procedure_after_the_due_date_does_not_revive_a_closed_case() -> None:
    late = (special("03-17 09:00", declared_days=5), resumed("03-24 09:00"))

    found = row(received(), accepted(), *late, closed("03-24 10:00"))

    assert (found.promised_due_on, found.promised_verdict, found.excluded_days) == (on("03-16"), "overdue", 0)
    assert (found.statutory_due_on, found.statutory_verdict) == (on("04-07"), "on_time")  # Monday the 6th is a holiday


def test_an_extension_moves_both_due_dates_of_a_closed_case() -> None:
    found = row(received(), accepted(), extended("03-10 09:00", 10), closed("03-30 09:00"))

    assert (found.promised_due_on, found.promised_verdict) == (on("03-30"), "on_time")
    assert (found.statutory_due_on, found.statutory_verdict) == (on("04-14"), "on_time")


def test_an_extension_moves_both_due_dates_of_an_open_case() -> None:
    found = row(received(), accepted(), extended("03-10 09:00", 10))

    assert (found.promised_due_on, found.statutory_due_on) == (on("03-30"), on("04-14"))


# --- Limits in other units ---


@pytest.mark.parametrize(("when", "verdict", "early"), [("03-19", "on_time", 1), ("03-20", "on_time", 0)])
def test_a_fixed_date_is_the_due_date(when: str, verdict: str, early: int) -> None:
    agreed = accepted(promised=Limit.fixed(on("03-20")), statutory=None)

    found = row(received(), agreed, closed(f"{when} 18:00"))

    assert (found.promised_amount, found.promised_unit) == (None, "fixed_date")
    assert (found.promised_due_on, found.promised_verdict, found.early) == (on("03-20"), verdict, early)
    assert row(received(), agreed, closed("03-21 00:00")).promised_verdict == "overdue"
    assert row(received(), agreed).promised_due_on == on("03-20")


@pytest.mark.parametrize(("when", "early"), [("03-19", 1), ("03-20", 0), ("03-21", 0), ("03-22", 0)])
def test_early_is_a_whole_working_day_before_a_date_agreed_on_a_sunday(when: str, early: int) -> None:
    sunday = accepted(promised=Limit.fixed(on("03-22")), statutory=None)

    found = row(received(), sunday, closed(f"{when} 09:00"))

    assert (found.promised_verdict, found.early) == ("on_time", early)


def test_natural_days_end_on_the_working_day_after_a_rest_day() -> None:
    five = accepted(promised=Limit.natural_days(5), statutory=Limit.natural_days(60))

    found = row(received(), five, closed("03-09 20:00"))

    assert (found.promised_amount, found.promised_unit) == (5, "natural_day")
    assert (found.promised_due_on, found.promised_verdict) == (on("03-09"), "on_time")  # the 7th is a Saturday
    assert found.statutory_due_on == on("05-06")  # 1 May, a holiday until the 5th
    assert row(received(), five, closed("03-10 09:00")).promised_verdict == "overdue"


def test_working_days_used_under_a_limit_in_natural_days_leave_out_excluded_working_days_only() -> None:
    thirty = accepted(promised=Limit.natural_days(30), statutory=None)

    found = row(received(), thirty, special(declared_days=30), resumed(), closed("03-20 09:00"))

    assert found.excluded_days == 7  # 6 to 12 March, a weekend among them
    assert found.promised_due_on == on("04-08")  # 2 March + 37 days
    assert found.used_days == 9  # 14 working days in (2, 20] March, five of them excluded


@pytest.mark.parametrize(
    ("accepted_at", "last_minute", "minute_after"),
    [
        pytest.param("03-02 10:00", "03-02 12:00", "03-02 13:01", id="within the morning: nothing counts until one"),
        pytest.param("03-02 11:00", "03-02 14:00", "03-02 14:01", id="over noon, which does not count"),
        pytest.param("03-02 16:30", "03-03 10:30", "03-03 10:31", id="into the next morning"),
        pytest.param("03-06 16:30", "03-09 10:30", "03-09 10:31", id="over a weekend"),
        pytest.param("03-07 10:00", "03-09 11:00", "03-09 11:01", id="from a Saturday"),
    ],
)
def test_two_hours_end_within_the_same_or_the_next_working_morning(
    accepted_at: str, last_minute: str, minute_after: str
) -> None:
    two_hours = accepted(accepted_at, Limit.hours(2), statutory=None)
    due_on = moment(last_minute).date()

    found = row(received(accepted_at), two_hours, closed(last_minute))

    assert (found.promised_amount, found.promised_unit) == (2, "hour")
    assert (found.promised_due_on, found.promised_verdict) == (due_on, "on_time")
    assert row(received(accepted_at), two_hours, closed(minute_after)).promised_verdict == "overdue"
    assert row(received(accepted_at), two_hours).promised_due_on == due_on


# --- What the calendar does not know ---


@pytest.mark.parametrize(
    ("days", "due", "provisional"),
    [(10, "12-30", 0), (11, "12-31", 1), (12, "2027-01-01", 1)],
)
def test_a_due_date_that_touches_the_end_of_the_calendar_is_provisional(days: int, due: str, provisional: int) -> None:
    story = (received("12-16 09:00"), accepted("12-16 10:00", Limit.working_days(days), statutory=None))

    for found in (row(*story), row(*story, closed("12-18 09:00"))):
        assert (found.promised_due_on, found.provisional) == (on(due), provisional)


@pytest.mark.parametrize("when", ["2003-12-30", "2099-03-02"])
def test_a_date_outside_every_calendar_leaves_the_clocks_unread(when: str) -> None:
    story = (received(f"{when} 09:00"), accepted(f"{when} 10:00"))

    for found in (row(*story), row(*story, closed(f"{when} 16:00"))):
        assert (found.provisional, found.accepted, found.received_on) == (1, 1, on(when))
        assert (found.promised_due_on, found.promised_verdict, found.statutory_due_on) == (None, None, None)
        assert (found.used_days, found.elapsed_days, found.early) == (None, None, 0)


# --- How it ended ---


@pytest.mark.parametrize(
    ("outcome", "normally", "counted"),
    [
        (Outcome.CERTIFICATE_ISSUED, 1, 1),
        (Outcome.RETURNED, 1, 1),
        (Outcome.FORWARDED, 1, 1),
        (Outcome.CORRECTION_NOT_SUPPLIED, 0, 1),
        (Outcome.OTHER, 1, 1),
    ],
)
def test_outcomes_0_1_4_and_6_are_normal_and_5_is_not(outcome: Outcome, normally: int, counted: int) -> None:
    found = row(received(), accepted(), closed("03-06 09:00", outcome))

    assert (found.outcome, found.closed, found.closed_normally, found.counted) == (
        int(outcome),
        1,
        normally,
        counted,
    )


@pytest.mark.parametrize("told", [CaseVoided, CaseClosed])
@pytest.mark.parametrize("outcome", [Outcome.VOIDED, Outcome.DELETED])
@pytest.mark.parametrize("ended", [(), (closed("03-06 09:00"),)])
def test_a_voided_case_is_out_of_every_figure_even_after_closing(
    outcome: Outcome, ended: tuple[CaseEvent, ...], told: type[CaseVoided] | type[CaseClosed]
) -> None:
    found = row(received(), accepted(), *ended, fact(told, "03-08 09:00", outcome=outcome, reason="a slip"))

    assert (found.stage, found.outcome, found.counted) == ("voided", int(outcome), 0)
    assert (found.closed, found.closed_on, found.closed_month, found.closed_normally) == (0, None, None, 0)


def test_a_withdrawn_case_is_not_counted() -> None:
    found = row(received(), accepted(), fact(CaseWithdrawn, "03-05 09:00", by=CITIZEN, reason="moved away"))

    assert (found.stage, found.outcome, found.counted, found.closed) == ("withdrawn", None, 0, 0)


def test_a_late_fact_does_not_bring_a_withdrawn_case_back() -> None:
    withdrawn = fact(CaseWithdrawn, "03-05 09:00", by=CITIZEN, reason="moved away")
    learned_late = fact(ReviewCompleted, "03-04 09:00", granted=True)

    assert row(received(), accepted(), withdrawn, learned_late).counted == 0


def test_a_case_not_accepted_counts_but_has_no_outcome() -> None:
    declined = fact(NotAccepted, "03-03 09:00", reason="not ours", remedy="appeal")

    found = row(received(), declined)

    assert (found.stage, found.outcome, found.accepted, found.counted, found.closed) == (
        "not_accepted",
        None,
        0,
        1,
        0,
    )


# --- Trips ---


def test_a_correction_after_one_complete_notice_is_gross_and_not_net() -> None:
    asked = fact(CorrectionRequested, "03-02 09:30", by=CLERK, materials=("lease",))
    story = (
        received(),
        trip(Cause.SUBMIT, "03-02 09:00", "V1"),
        asked,
        fact(CorrectionSubmitted, "03-04 09:00", by=CLERK, materials=("lease",)),
        trip(Cause.CORRECT, "03-04 09:00", "V2"),
        accepted("03-04 10:00"),
        trip(Cause.COLLECT, "03-12 09:00", "V3"),
    )

    found = row(*story)

    assert (found.trips_gross, found.trips_net, found.trips_near, found.corrections) == (3, 2, 0, 1)


@pytest.mark.parametrize("notice", [{"complete": False}, {"caused_by": CausedBy.AGENCY}])
def test_a_correction_the_agency_caused_is_net_as_well(notice: dict[str, Any]) -> None:
    asked = fact(CorrectionRequested, "03-02 09:30", by=CLERK, materials=("lease",), **notice)

    found = row(received(), asked, trip(Cause.CORRECT, "03-04 09:00", "V2"))

    assert (found.trips_gross, found.trips_net) == (1, 1)


def test_near_trips_count_and_are_told_apart() -> None:
    near = trip(Cause.SUBMIT, "03-02 09:00", "V1", place=Place.VILLAGE_POINT)
    far = trip(Cause.COLLECT, "03-12 09:00", "V2")
    agents_own = trip(Cause.PAY, "03-05 09:00", "V3", place=Place.COMMUNITY_KIOSK, visitor=Visitor.HALL_AGENT)

    found = row(received(), near, accepted(), agents_own, far)

    assert (found.trips_gross, found.trips_net, found.trips_near) == (2, 2, 1)


def test_home_service_the_halls_agent_and_asking_beforehand_cost_no_trip() -> None:
    story = (
        trip(Cause.CONSULT, "02-27 09:00", "V0"),
        received(),
        trip(Cause.SUBMIT, "03-02 09:00", "V1", place=Place.HOME),
        trip(Cause.PAY, "03-03 09:00", "V2", visitor=Visitor.HALL_AGENT),
    )

    found = row(*story)

    assert (found.trips_gross, found.trips_net, found.trips_near) == (0, 0, 0)


def test_an_imported_case_may_say_nothing_of_trips() -> None:
    found = row(received(trips_recorded=False), accepted(trips_promised=None), closed("03-06 09:00"))

    assert (found.trips_recorded, found.trips_gross, found.trips_promised) == (0, 0, None)


# --- Online ---


@pytest.mark.parametrize(
    ("channel", "assisted", "online"),
    [
        (Channel.WEBSITE, False, 1),
        (Channel.MOBILE, False, 1),
        (Channel.WEBSITE, True, 0),
        (Channel.WINDOW, False, 0),
        (Channel.KIOSK, False, 0),
        (Channel.COURIER, False, 0),
    ],
)
def test_online_is_website_or_mobile_unless_staff_filed_it(channel: Channel, assisted: bool, online: int) -> None:  # noqa: FBT001 - a row of the table
    assert row(submitted(channel=channel, assisted=assisted)).online == online
    assert row(received(channel=channel, assisted=assisted)).online == online


def test_help_at_the_window_makes_an_online_application_an_assisted_one() -> None:
    found = row(submitted(), received(channel=Channel.WEBSITE, assisted=True))

    assert (found.channel, found.online) == ("website", 0)


@pytest.mark.parametrize(
    ("first", "between", "method", "fully_online"),
    [
        pytest.param(submitted(), (), DeliveryMethod.E_CERTIFICATE, 1, id="an e-certificate"),
        pytest.param(submitted(), (), DeliveryMethod.COURIER, 1, id="a courier"),
        pytest.param(submitted(), (), DeliveryMethod.LOCKER, 0, id="not from the locker"),
        pytest.param(submitted(), (), None, 0, id="not before it is delivered"),
        pytest.param(submitted(assisted=True), (), DeliveryMethod.COURIER, 0, id="not with staff's help"),
        pytest.param(
            submitted(),
            (trip(Cause.SIGN, "03-03 09:00", "V1"),),
            DeliveryMethod.COURIER,
            0,
            id="not with a trip",
        ),
    ],
)
def test_fully_online_is_filed_online_without_a_trip_and_delivered_without_one(
    first: ApplicationSubmitted, between: tuple[CaseEvent, ...], method: DeliveryMethod | None, fully_online: int
) -> None:
    last = () if method is None else (delivered("03-09 09:00", method),)
    taken = received(channel=Channel.WEBSITE)

    found = row(first, taken, accepted(), *between, closed("03-06 09:00"), *last)

    assert found.fully_online == fully_online
    assert found.e_delivered == int(method in (DeliveryMethod.E_CERTIFICATE, DeliveryMethod.COURIER))


def test_nobody_knows_whether_a_case_without_recorded_trips_was_fully_online() -> None:
    taken = received(channel=Channel.WEBSITE, trips_recorded=False)
    sent = delivered("03-09 09:00", DeliveryMethod.COURIER)

    assert row(submitted(), taken, accepted(), closed("03-06 09:00"), sent).fully_online == 0


# --- Histories made up at random ---


@settings(max_examples=150)
@given(HISTORIES)
def test_the_columns_of_a_row_agree_with_each_other_and_with_the_facts(history: list[CaseEvent]) -> None:
    found = row(*history)
    voided = any(isinstance(e, CaseVoided) or (isinstance(e, CaseClosed) and e.outcome.void) for e in history)
    ends = [e for e in history if isinstance(e, CaseClosed | CaseWithdrawn | NotAccepted)]
    closing = ends[0] if ends and isinstance(ends[0], CaseClosed) and not voided else None
    came = [e for e in history if isinstance(e, TripMade)]

    assert found.closed == (closing is not None)
    assert found.closed_on == (closing.at.date() if closing else None)
    assert found.closed_month == (f"{closing.at:%Y-%m}" if closing else None)
    assert found.closed_normally == (closing is not None and closing.outcome in (0, 1, 4, 6))
    assert found.counted == (found.stage != "new" and not voided and not (ends and isinstance(ends[0], CaseWithdrawn)))
    assert found.accepted == any(isinstance(e, CaseAccepted | AcceptanceDeemed) for e in history)
    assert found.suspensions == sum(isinstance(e, Suspended) for e in history)
    assert found.trips_net <= found.trips_gross <= len(came)
    assert found.trips_near <= sum(e.place in (Place.VILLAGE_POINT, Place.COMMUNITY_KIOSK) for e in came)
    assert (found.promised_verdict is not None) == bool(found.closed and found.accepted)
    if found.early:
        assert found.promised_verdict == "on_time"
        assert found.closed_on is not None
        assert found.promised_due_on is not None
        assert found.closed_on < found.promised_due_on
    if found.promised_verdict is not None and found.promised_unit != Unit.HOUR.value:
        assert found.closed_on is not None
        assert found.promised_due_on is not None
        assert (found.promised_verdict == "overdue") == (found.closed_on > found.promised_due_on)


_ACTS: Final = st.lists(
    st.one_of(
        st.builds(
            special,
            st.dates(date(2026, 2, 20), date(2026, 4, 20)).map(lambda found: f"{found:%m-%d} 09:00"),
            number=NAMES,
            declared_days=st.integers(0, 12),
        ),
        st.builds(
            resumed,
            st.dates(date(2026, 3, 1), date(2026, 5, 20)).map(lambda found: f"{found:%m-%d} 10:00"),
            number=NAMES,
        ),
        st.builds(
            extended,
            st.dates(date(2026, 2, 20), date(2026, 4, 20)).map(lambda found: f"{found:%m-%d} 11:00"),
            st.integers(1, 10),
        ),
    ),
    max_size=5,
)


@settings(max_examples=200)
@given(_ACTS, st.integers(0, 20))
def test_an_open_case_is_due_when_a_much_later_closing_will_find_it_was(acts: list[CaseEvent], days: int) -> None:
    story = (received(), accepted(promised=Limit.working_days(days)), *acts)

    still_open, long_after = row(*story), row(*story, closed("12-01 09:00"))

    assert still_open.promised_due_on == long_after.promised_due_on
    assert still_open.statutory_due_on == long_after.statutory_due_on
    assert still_open.excluded_days == long_after.excluded_days
