"""Trips: facts with a visit id, counted by rule: how often did the applicant have to come?"""

from fractions import Fraction
from typing import Any

import pytest
from support.story import (
    CITIZEN,
    CLERK,
    CLOSED,
    FOOD,
    HALL,
    OFFICE,
    OFFICER,
    SEALED,
    Story,
    accepted,
    ask,
    fact,
    moment,
    received,
    scoped,
    submitted,
    visit,
)

from casecore import (
    CaseClosed,
    CaseEvent,
    CaseVoided,
    CaseWithdrawn,
    Cause,
    CausedBy,
    CertificateCorrected,
    CertificateMade,
    CertificateReissued,
    CorrectionRequested,
    CorrectionSubmitted,
    CountedTrip,
    DeliverResult,
    DeliveryMethod,
    DistrictRule,
    MandateGranted,
    MaterialsCouriered,
    NotAccepted,
    Outcome,
    Place,
    Reason,
    ReceiveCase,
    RecordTrip,
    ResultDelivered,
    SubmitCorrection,
    TripMade,
    TripVerdict,
    Visitor,
    apportion,
    count_trips,
)
from casecore.case.acts.trips import trips_of
from casecore.district_rule import DEFAULT_RULE
from casecore.given import Coming


def trip(
    cause: Cause,
    when: str = "03-02 09:00",
    *,
    place: Place = Place.HALL,
    visitor: Visitor = Visitor.APPLICANT,
    number: str = "",
) -> TripMade:
    return fact(TripMade, when, visit=number or f"{cause}@{when}", visitor=visitor, place=place, cause=cause)


def counted(*events: CaseEvent, rule: DistrictRule = DEFAULT_RULE) -> tuple[CountedTrip, ...]:
    return count_trips(Story(*events).file, rule)


def gross_and_net(*events: CaseEvent, rule: DistrictRule = DEFAULT_RULE) -> tuple[int, int]:
    trips = counted(*events, rule=rule)
    return sum(t.gross for t in trips), sum(t.net for t in trips)


def gross_and_net_of(story: Story) -> tuple[int, int]:
    trips = count_trips(story.file)
    return sum(t.gross for t in trips), sum(t.net for t in trips)


def verdicts(*events: CaseEvent, rule: DistrictRule = DEFAULT_RULE) -> list[TripVerdict]:
    return [one.verdict for one in counted(*events, rule=rule)]


def notice(when: str = "03-02 09:30", **rest: object) -> CorrectionRequested:
    return fact(CorrectionRequested, when, by=CLERK, **{"materials": ("lease", "photo"), **rest})


# recording


def test_a_trip_nobody_recorded_with_an_act_is_recorded_by_itself() -> None:
    came = ask(RecordTrip, "03-04 09:00", visit="V5", cause=Cause.PAY, place=Place.OUTSIDE, visitor=Visitor.OWN_AGENT)

    Story(received(), accepted()).when(came).then(
        TripMade(
            at=moment("03-04 09:00"),
            by=OFFICER,
            visit=scoped("V5", "03-04"),
            hall=HALL,
            visitor=Visitor.OWN_AGENT,
            place=Place.OUTSIDE,
            cause=Cause.PAY,
        )
    )


def test_a_visit_is_recorded_once() -> None:
    story = Story(received()).when(came(Cause.SIGN, "03-03 09:00", visit="V1")).done()

    story.when(came(Cause.PAY, "03-03 11:00", visit="V1")).refused(Reason.VISIT_RECORDED, "V1")


@pytest.mark.parametrize("other", [{"when": "03-04 09:00"}, {"hall": "Another Hall"}], ids=["day", "hall"])
def test_the_number_of_another_day_or_hall_is_another_visit(other: Any) -> None:
    story = Story(received()).when(came(Cause.SIGN, "03-03 09:00", visit="V1")).done()

    after = story.when(came(Cause.PAY, **{"when": "03-03 11:00", "visit": "V1", **other})).done()

    assert len({one.visit for one in after.file.trips}) == 2
    assert gross_and_net_of(after) == (2, 2)


def test_a_number_told_before_visits_were_scoped_is_the_visit_of_its_day() -> None:
    story = Story(received(), trip(Cause.SUBMIT, "03-02 09:00", number="V1"))

    story.when(came(Cause.PAY, "03-02 11:00", visit="V1")).refused(Reason.VISIT_RECORDED, "V1")
    story.when(came(Cause.PAY, "03-03 09:00", visit="V1")).done()


def test_who_comes_before_any_hall_has_the_case_says_where() -> None:
    story = Story(submitted())

    story.when(came(Cause.CONSULT, "03-02 08:00", visit="V1")).refused(Reason.HALL_REQUIRED, "V1")
    after = story.when(came(Cause.CONSULT, "03-02 08:00", visit="V1", hall=HALL)).done()
    assert [one.visit for one in after.file.trips] == [scoped("V1")]


def test_a_visit_that_served_two_acts_is_one_trip() -> None:
    morning = visit("V1")
    story = Story().when(ask(ReceiveCase, "03-02 09:00", by=CLERK, item=FOOD, hall=HALL, visit=morning)).done()
    story = story.given(notice())

    brought = ask(SubmitCorrection, "03-02 11:00", by=CITIZEN, visit=morning)
    after = story.when(brought).then(CorrectionSubmitted(at=moment("03-02 11:00"), by=CITIZEN))

    assert [t.cause for t in after.file.trips] == [Cause.SUBMIT]


def test_a_visit_in_which_everything_was_done_is_one_trip() -> None:
    story = Story(*SEALED, trip(Cause.SIGN, "03-05 11:30", number=scoped("V7", "03-05")))
    collected = ask(DeliverResult, "03-05 11:40", method=DeliveryMethod.WINDOW, certificate="C1", visit=visit("V7"))

    story.when(collected).then(fact(ResultDelivered, "03-05 11:40", method=DeliveryMethod.WINDOW, certificate="C1"))


def test_a_visit_that_served_two_cases_is_a_trip_of_each() -> None:
    one, other = Story(received()), Story(received())
    same = Coming(visit("V1"), Cause.SUBMIT)

    assert trips_of(one.file, same, moment("03-02 09:00"), CLERK) == trips_of(other.file, same, moment("03-02 09:00"), CLERK)


def test_an_act_without_a_visit_makes_no_trip() -> None:
    assert trips_of(Story(received()).file, None, moment("03-02 09:00"), CLERK) == ()


def test_trips_may_be_reported_late_and_after_the_end() -> None:
    Story(*CLOSED).when(ask(RecordTrip, "03-01 08:00", visit="V0", cause=Cause.CONSULT)).done()
    voided = fact(CaseVoided, "03-07 09:00", outcome=Outcome.VOIDED, reason="not a real case")
    Story(*CLOSED, voided).when(ask(RecordTrip, "03-01 08:00", visit="V0", cause=Cause.CONSULT)).done()


def test_nobody_travels_for_a_case_that_does_not_exist() -> None:
    Story().when(ask(RecordTrip, visit="V0", cause=Cause.CONSULT)).refused(Reason.UNKNOWN_CASE)


def test_nobody_has_travelled_tomorrow() -> None:
    tomorrow = ask(RecordTrip, "03-04 09:00", visit="V0", cause=Cause.PAY)

    Story(received()).when(tomorrow, now=moment("03-03 09:00")).refused(Reason.IN_THE_FUTURE)


# counting


def test_a_case_filed_online_and_answered_by_courier_cost_no_trip() -> None:
    arrived = fact(ResultDelivered, "03-09 10:00", method=DeliveryMethod.COURIER, certificate="C1", consignment="EMS1")
    papers = fact(MaterialsCouriered, "03-02 08:00", consignment="IN1")

    assert counted(submitted(), papers, *CLOSED, arrived) == ()


def test_submitting_at_the_hall_is_one_trip_gross_and_net() -> None:
    (only,) = counted(received(), trip(Cause.SUBMIT))

    assert (only.gross, only.net, only.why) == (True, True, "visit (到场)")


def test_submitting_and_collecting_are_two_trips() -> None:
    assert gross_and_net(*CLOSED, trip(Cause.SUBMIT), trip(Cause.COLLECT, "03-09 10:00")) == (2, 2)


@pytest.mark.parametrize("cause", [Cause.SUBMIT, Cause.INSPECT, Cause.SIGN, Cause.PAY, Cause.COLLECT])
def test_every_visit_the_case_demands_counts(cause: Cause) -> None:
    assert gross_and_net(received(), accepted(), trip(cause, "03-03 09:00")) == (1, 1)


def test_a_visit_to_a_bank_or_a_notary_counts() -> None:
    assert gross_and_net(received(), trip(Cause.PAY, "03-03 09:00", place=Place.OUTSIDE)) == (1, 1)


def test_the_self_service_area_of_the_hall_is_on_site() -> None:
    (only,) = counted(received(), trip(Cause.SUBMIT, place=Place.HALL_KIOSK))

    assert (only.gross, only.net, only.trip.place.near) == (True, True, False)


@pytest.mark.parametrize("place", [Place.VILLAGE_POINT, Place.COMMUNITY_KIOSK])
def test_a_near_visit_counts_and_says_that_it_was_near(place: Place) -> None:
    (only,) = counted(received(), trip(Cause.SUBMIT, place=place))

    assert (only.gross, only.net, only.trip.place.near, only.why) == (True, True, True, "near visit (就近)")


def test_only_the_village_point_and_the_community_kiosk_are_near() -> None:
    assert {place for place in Place if place.near} == {Place.VILLAGE_POINT, Place.COMMUNITY_KIOSK}


def test_the_applicants_own_agent_travels_for_the_applicant() -> None:
    assert gross_and_net(received(), trip(Cause.SUBMIT, visitor=Visitor.OWN_AGENT)) == (1, 1)


@pytest.mark.parametrize("place", list(Place))
@pytest.mark.parametrize("cause", list(Cause))
def test_the_halls_own_agent_never_costs_a_trip(place: Place, cause: Cause) -> None:
    assert gross_and_net(received(), trip(cause, place=place, visitor=Visitor.HALL_AGENT)) == (0, 0)


@pytest.mark.parametrize("visitor", list(Visitor))
@pytest.mark.parametrize("cause", list(Cause))
def test_home_service_costs_no_trip(visitor: Visitor, cause: Cause) -> None:
    assert gross_and_net(received(), trip(cause, place=Place.HOME, visitor=visitor)) == (0, 0)


def test_consulting_before_the_application_is_recorded_and_counts_for_nothing() -> None:
    (only,) = counted(received("03-02 09:00"), trip(Cause.CONSULT, "02-27 09:00"))

    assert (only.gross, only.net, only.why) == (False, False, "before the application (申请前咨询)")


def test_consulting_before_the_papers_come_in_counts_once_the_application_was_filed_online() -> None:
    filed = (submitted("03-01 20:00"), received("03-04 09:00"))

    assert gross_and_net(*filed, trip(Cause.CONSULT, "03-03 09:00")) == (1, 1)
    assert gross_and_net(*filed, trip(Cause.CONSULT, "03-01 19:00")) == (0, 0)


def test_consulting_while_the_case_runs_counts() -> None:
    assert gross_and_net(received(), accepted(), trip(Cause.CONSULT, "03-03 09:00")) == (1, 1)


def test_a_visit_after_the_result_was_received_is_no_trip_of_the_case() -> None:
    delivered = fact(ResultDelivered, "03-09 10:00", method=DeliveryMethod.WINDOW, certificate="C1")
    collected = trip(Cause.COLLECT, "03-09 10:00")

    assert gross_and_net(*CLOSED, delivered, collected) == (1, 1)
    assert gross_and_net(*CLOSED, delivered, collected, trip(Cause.CONSULT, "03-20 10:00")) == (1, 1)


# 补正


def test_a_correction_of_the_applicants_own_fault_counts_gross_but_not_net() -> None:
    correction = trip(Cause.CORRECT, "03-04 09:00")

    assert gross_and_net(received(), trip(Cause.SUBMIT), notice(), correction) == (2, 1)
    assert counted(received(), notice(), correction)[0].why == "correction after one complete notice (一次性告知后补正)"


def test_a_correction_the_agency_caused_counts_net() -> None:
    asked = notice(caused_by=CausedBy.AGENCY)

    assert gross_and_net(received(), trip(Cause.SUBMIT), asked, trip(Cause.CORRECT, "03-04 09:00")) == (2, 2)


def test_a_correction_after_an_incomplete_notice_counts_net() -> None:
    asked = notice(complete=False)

    assert gross_and_net(received(), trip(Cause.SUBMIT), asked, trip(Cause.CORRECT, "03-04 09:00")) == (2, 2)


def test_a_second_correction_counts_net_for_it_was_not_told_once() -> None:
    first = (received(), notice(), fact(CorrectionSubmitted, "03-04 09:00"), trip(Cause.CORRECT, "03-04 09:00"))
    second = (
        notice("03-04 10:00", materials=("photo",)),
        fact(CorrectionSubmitted, "03-06 09:00"),
        trip(Cause.CORRECT, "03-06 09:00"),
    )

    assert gross_and_net(*first) == (1, 0)
    assert gross_and_net(*first, *second) == (2, 1)


def test_a_later_notice_does_not_change_what_the_first_correction_counted_for() -> None:
    first = trip(Cause.CORRECT, "03-04 09:00")

    before = counted(received(), notice(), first)
    after = counted(received(), notice(), first, notice("03-04 10:00", caused_by=CausedBy.AGENCY))

    assert before == after


def test_a_correction_nobody_asked_for_counts_net() -> None:
    assert gross_and_net(received(), trip(Cause.CORRECT, "03-04 09:00")) == (1, 1)


def test_a_correction_made_before_the_notice_counts_net() -> None:
    assert gross_and_net(received(), notice("03-05 09:00"), trip(Cause.CORRECT, "03-04 09:00")) == (1, 1)


@pytest.mark.parametrize("place", [Place.VILLAGE_POINT, Place.HALL_KIOSK, Place.OUTSIDE])
def test_where_the_applicants_own_correction_is_brought_makes_no_difference(place: Place) -> None:
    assert gross_and_net(received(), notice(), trip(Cause.CORRECT, "03-04 09:00", place=place)) == (1, 0)


def test_only_the_correction_is_forgiven_and_no_other_visit_after_the_notice() -> None:
    assert gross_and_net(received(), notice(), trip(Cause.SIGN, "03-04 09:00")) == (1, 1)


def test_trips_are_counted_in_the_order_they_were_recorded() -> None:
    later, earlier = trip(Cause.PAY, "03-04 09:00"), trip(Cause.SUBMIT, "03-02 09:00")

    assert [t.trip.cause for t in counted(received(), later, earlier)] == [Cause.PAY, Cause.SUBMIT]


def test_counting_needs_no_application_at_all() -> None:
    closed = fact(CaseClosed, "03-06 09:00", outcome=Outcome.OTHER)

    assert gross_and_net(closed, trip(Cause.CONSULT)) == (1, 1)


# whose trip it is, and when it may be recorded


def came(cause: Cause, when: str, **rest: Any) -> RecordTrip:
    return ask(RecordTrip, when, **{"visit": "V9", "cause": cause, **rest})


@pytest.mark.parametrize("cause", [cause for cause in Cause if cause is not Cause.CONSULT])
def test_before_the_application_only_advice_is_a_reason_to_come(cause: Cause) -> None:
    early = came(cause, "02-27 09:00")

    Story(received()).when(early).refused(Reason.TRIP_BEFORE_APPLICATION, cause.value)
    Story(received()).when(came(Cause.CONSULT, "02-27 09:00")).done()


def test_who_comes_to_hand_it_in_applies_with_that_though_papers_are_entered_later_that_day() -> None:
    Story(received("03-02 11:00")).when(came(Cause.SUBMIT, "03-02 09:00")).done()
    Story(received("03-02 11:00")).when(came(Cause.SIGN, "03-02 09:00")).refused(Reason.TRIP_BEFORE_APPLICATION)


@pytest.mark.parametrize(
    "theirs",
    [{"visitor": Visitor.HALL_AGENT, "agent": "xiao chen"}, {"place": Place.HOME}],
    ids=["an agent's errand", "home service"],
)
def test_the_halls_own_people_may_have_come_before_the_application(theirs: dict[str, Any]) -> None:
    mandate = fact(MandateGranted, "02-26 09:00", agent="xiao chen", applicant="Li Lei", scope="the whole matter")

    after = Story(mandate, received()).when(came(Cause.OTHER, "02-27 09:00", **theirs)).done()

    assert [(one.gross, one.net, one.verdict) for one in count_trips(after.file)] == [(False, False, TripVerdict.NO_TRIP)]


def test_where_a_district_counts_from_preparing_the_papers_every_visit_is_recorded_and_counts() -> None:
    """不设前提, "从准备材料开始": the stricter promise."""
    strict = DistrictRule(name="strict", count_before_application=True)
    story = Story(received(), accepted(), office=OFFICE._replace(rule=strict))

    after = story.when(came(Cause.OTHER, "02-27 09:00", place=Place.OUTSIDE)).done()

    (only,) = count_trips(after.file, strict)
    assert (only.gross, only.net, only.journey, only.verdict) == (True, True, True, TripVerdict.PROMISED)


def test_who_asks_and_then_applies_in_the_same_visit_has_made_a_trip() -> None:
    asked_first = fact(MandateGranted, "02-26 09:00", agent="xiao chen", applicant="Li Lei", scope="the whole matter")
    story = Story(asked_first).when(came(Cause.CONSULT, "03-02 08:40", visit="V1", hall=HALL)).done()

    after = story.when(ask(ReceiveCase, "03-02 09:00", by=CLERK, item=FOOD, hall=HALL, visit=visit("V1"))).done()

    both = scoped("V1")
    assert [(one.visit, one.cause) for one in after.file.trips] == [(both, Cause.CONSULT), (both, Cause.SUBMIT)]
    assert [one.gross for one in count_trips(after.file)] == [False, True]
    assert apportion({"one": count_trips(after.file)}) == {"one": 1}, "one visit, one trip"


def test_a_trip_recorded_late_is_counted_as_of_when_it_was_made() -> None:
    """On time it would have been the visit promised; the one recorded first was the second."""
    story = Story(received(), accepted(), trip(Cause.SIGN, "03-04 09:00"))
    assert verdicts(received(), accepted(), trip(Cause.SIGN, "03-04 09:00")) == [TripVerdict.PROMISED]

    after = story.when(came(Cause.SUBMIT, "03-02 09:00")).done()

    assert [one.verdict for one in count_trips(after.file)] == [TripVerdict.OPTIONAL, TripVerdict.PROMISED]


# domain.md §4 "Trip rules", sentence by sentence: what was not said above


def test_a_trip_is_made_between_the_application_and_the_receipt_of_the_result() -> None:
    """A physical visit … between 提出申请 and 收到办理结果."""
    delivered = fact(ResultDelivered, "03-09 10:00", method=DeliveryMethod.COURIER, certificate="C1")
    asked = {when: trip(Cause.CONSULT, when) for when in ("03-02 08:59", "03-02 09:00", "03-09 10:00", "03-09 10:01")}

    trips = counted(*CLOSED, delivered, *asked.values())

    assert [one.gross for one in trips] == [False, True, True, False]
    assert [one.journey for one in trips] == [True, True, True, False], "the whole journey begins before it"


def test_the_result_is_received_when_all_of_it_is() -> None:
    second = fact(CertificateMade, "03-06 09:10", certificate="C2", kind="licence")
    half = fact(ResultDelivered, "03-09 10:00", method=DeliveryMethod.WINDOW, certificate="C1")
    whole = fact(ResultDelivered, "03-12 10:00", method=DeliveryMethod.WINDOW, certificate="C2")
    visits = (trip(Cause.COLLECT, "03-09 10:00"), trip(Cause.COLLECT, "03-12 10:00"))

    assert gross_and_net(*CLOSED, second, half, whole, *visits) == (2, 2)
    assert gross_and_net(*CLOSED, second, half, *visits) == (2, 2)


def test_what_is_issued_again_later_makes_no_visit_before_it_a_trip_after_all() -> None:
    delivered = fact(ResultDelivered, "03-09 10:00", method=DeliveryMethod.COURIER, certificate="C1")
    again = (
        fact(CertificateReissued, "04-01 09:00", certificate="C9", kind="licence", replaces="C1", reason="lost"),
        fact(ResultDelivered, "04-02 10:00", method=DeliveryMethod.WINDOW, certificate="C9"),
    )
    visits = (trip(Cause.CONSULT, "03-20 10:00"), trip(Cause.COLLECT, "04-02 10:00"))

    assert gross_and_net(*CLOSED, delivered, *visits) == gross_and_net(*CLOSED, delivered, *again, *visits) == (0, 0)


@pytest.mark.parametrize(
    "end",
    [
        (received(), fact(CaseWithdrawn, "03-03 09:00", reason="moved away")),
        (received(), fact(NotAccepted, "03-03 09:00", reason="not ours", remedy="appeal")),
    ],
)
def test_who_gave_up_or_was_turned_away_receives_nothing_more(end: tuple[CaseEvent, ...]) -> None:
    assert gross_and_net(*end, trip(Cause.SUBMIT), trip(Cause.CONSULT, "03-04 09:00")) == (1, 1)


def test_what_was_withdrawn_is_in_no_figure_of_closed_cases() -> None:
    """Withdrawn before acceptance: excluded."""
    withdrawn = Story(received(), trip(Cause.SUBMIT), fact(CaseWithdrawn, "03-03 09:00", reason="moved away")).file

    assert (withdrawn.closed_at, withdrawn.promise) == (None, None)


def test_whoever_booked_and_did_not_come_made_no_trip() -> None:
    """No-show booking: 0. Nobody records a visit before it is made, so a booking never becomes one by itself."""
    booked = came(Cause.SUBMIT, "03-05 09:00")

    story = Story(received()).when(booked, now=moment("03-03 09:00")).refused(Reason.IN_THE_FUTURE)

    assert count_trips(story.file) == ()


def test_several_cases_in_one_visit_are_a_full_trip_of_each_and_a_share_of_it() -> None:
    """Several cases in one visit → K2: full count 1 each, and 1/k."""
    shared, own = trip(Cause.SUBMIT, number="V1"), trip(Cause.COLLECT, "03-09 10:00", number="V2")
    cases = {
        "one": counted(received(), shared, own),
        "two": counted(received(), shared),
        "three": counted(received(), shared),
    }

    assert [len(trips) for trips in cases.values()] == [2, 1, 1]
    assert apportion(cases) == {"one": Fraction(4, 3), "two": Fraction(1, 3), "three": Fraction(1, 3)}
    assert sum(apportion(cases).values()) == len({"V1", "V2"})


def test_a_visit_that_costs_one_case_nothing_is_borne_by_the_others() -> None:
    shared = trip(Cause.SUBMIT, number="V1")
    errand = trip(Cause.SUBMIT, number="V1", visitor=Visitor.HALL_AGENT)

    assert apportion({"own": counted(received(), shared), "agent": counted(received(), errand)}) == {"own": 1, "agent": 0}


def test_a_visit_outside_the_hall_that_the_case_demands_counts_as_one_in_it() -> None:
    """Visit outside the hall demanded by the case (utility, bank, notary, medical) counts."""
    three_halls = [trip(Cause.SIGN, f"03-0{number} 09:00", place=Place.OUTSIDE) for number in (3, 4, 5)]

    assert gross_and_net(received(), trip(Cause.SUBMIT), *three_halls) == (4, 4)


# 就近, where practice differs

NEAR_IS_NOTHING = DistrictRule(name="near", near_visits_gross=False, near_visits_net=False)
TWO_STEPS = DistrictRule(name="two steps", near_visits_net=False)


@pytest.mark.parametrize(("rule", "expected"), [(DEFAULT_RULE, (1, 1)), (TWO_STEPS, (1, 0)), (NEAR_IS_NOTHING, (0, 0))])
@pytest.mark.parametrize("place", [Place.VILLAGE_POINT, Place.COMMUNITY_KIOSK])
def test_a_near_visit_counts_as_the_district_says(rule: DistrictRule, expected: tuple[int, int], place: Place) -> None:
    """Visit to a village 代办点 = 1 near visit (default counts in gross, configurable in net: 两步路)."""
    assert gross_and_net(received(), trip(Cause.SUBMIT, place=place), rule=rule) == expected


@pytest.mark.parametrize("rule", [TWO_STEPS, NEAR_IS_NOTHING])
@pytest.mark.parametrize("place", [place for place in Place if not place.near and place is not Place.HOME])
def test_no_rule_of_near_visits_reaches_a_visit_that_is_not_near(rule: DistrictRule, place: Place) -> None:
    assert gross_and_net(received(), trip(Cause.SUBMIT, place=place), rule=rule) == (1, 1)


def test_a_repetition_the_agency_caused_counts_though_it_was_near() -> None:
    """Agency-caused repeats always count."""
    again = (notice(caused_by=CausedBy.AGENCY), trip(Cause.CORRECT, "03-04 09:00", place=Place.VILLAGE_POINT))

    assert gross_and_net(received(), *again, rule=TWO_STEPS) == (1, 1)


def test_a_near_visit_before_the_application_is_near_as_well() -> None:
    both = DistrictRule(name="both", near_visits_net=False, count_before_application=True)

    early = trip(Cause.CONSULT, "02-27 09:00", place=Place.VILLAGE_POINT)

    assert gross_and_net(received(), early, rule=both) == (1, 0)


# 能否避免: the verdict on each trip


def test_visits_within_the_promise_were_promised_and_those_beyond_could_have_been_spared() -> None:
    visits = (trip(Cause.SUBMIT), trip(Cause.COLLECT, "03-05 16:00"))

    assert verdicts(received(), accepted(), *visits) == [TripVerdict.PROMISED, TripVerdict.OPTIONAL]
    assert verdicts(received(), accepted(trips_promised=2), *visits) == [TripVerdict.PROMISED] * 2
    assert verdicts(received(), accepted(trips_promised=0), *visits) == [TripVerdict.OPTIONAL] * 2


@pytest.mark.parametrize("before", [(received(),), (received(), accepted(trips_promised=None))])
def test_where_nothing_was_promised_no_visit_is_beyond_it(before: tuple[CaseEvent, ...]) -> None:
    assert verdicts(*before, trip(Cause.SUBMIT), trip(Cause.SIGN, "03-04 09:00")) == [TripVerdict.PROMISED] * 2


def test_what_costs_nothing_uses_up_no_promise() -> None:
    near = trip(Cause.SUBMIT, place=Place.VILLAGE_POINT)

    visits = (received(), accepted(), near, trip(Cause.SIGN, "03-04 09:00"))

    assert verdicts(*visits) == [TripVerdict.PROMISED, TripVerdict.OPTIONAL]
    assert verdicts(*visits, rule=TWO_STEPS) == [TripVerdict.PROMISED, TripVerdict.PROMISED]


@pytest.mark.parametrize(
    ("asked", "verdict"),
    [
        (notice(), TripVerdict.APPLICANT),
        (notice(complete=False), TripVerdict.AGENCY),
        (notice(caused_by=CausedBy.AGENCY), TripVerdict.AGENCY),
    ],
    ids=["one complete notice", "an incomplete one", "a fault of its own"],
)
def test_a_second_visit_goes_to_the_account_of_whoever_caused_it(asked: CorrectionRequested, verdict: TripVerdict) -> None:
    assert verdicts(received(), trip(Cause.SUBMIT), asked, trip(Cause.CORRECT, "03-04 09:00"))[1] is verdict


def test_the_second_visit_after_an_incomplete_notice_is_the_agencys_whatever_the_second_says() -> None:
    first = (notice(complete=False), fact(CorrectionSubmitted, "03-04 09:00"), trip(Cause.CORRECT, "03-04 09:00"))
    second = (notice("03-04 10:00"), fact(CorrectionSubmitted, "03-06 09:00"), trip(Cause.CORRECT, "03-06 09:00"))

    assert verdicts(received(), *first, *second) == [TripVerdict.AGENCY, TripVerdict.AGENCY]


def test_what_is_no_trip_of_the_applicants_could_not_have_been_spared_either() -> None:
    delivered = fact(ResultDelivered, "03-09 10:00", method=DeliveryMethod.COURIER, certificate="C1")
    nothing = (
        trip(Cause.CONSULT, "02-27 09:00"),
        trip(Cause.SUBMIT, visitor=Visitor.HALL_AGENT),
        trip(Cause.INSPECT, "03-03 09:00", place=Place.HOME),
        trip(Cause.CONSULT, "03-10 09:00"),
    )

    assert verdicts(*CLOSED, delivered, *nothing) == [TripVerdict.NO_TRIP] * 4


def test_fetching_a_certificate_the_agency_got_wrong_counts_and_is_the_agencys() -> None:
    """Agency-caused repeats always count, though the result had been received once."""
    delivered = fact(ResultDelivered, "03-09 10:00", method=DeliveryMethod.WINDOW, certificate="C1")
    wrong = fact(CertificateCorrected, "03-11 09:00", certificate="C1", correction="the name", reason="misspelt")
    visits = (
        trip(Cause.COLLECT, "03-09 10:00"),
        trip(Cause.CONSULT, "03-10 09:00"),
        trip(Cause.COLLECT, "03-12 10:00"),
    )

    trips = counted(*CLOSED, delivered, *visits, wrong)

    assert [one.net for one in trips] == [True, False, True]
    assert [one.verdict for one in trips] == [TripVerdict.PROMISED, TripVerdict.NO_TRIP, TripVerdict.AGENCY]


def test_a_certificate_got_wrong_twice_was_fetched_twice_and_no_other_visit_was_for_it() -> None:
    """A later correction does not undo what the first one cost; what comes after it is in hand again is no trip."""
    facts = [fact(ResultDelivered, "03-09 10:00", method=DeliveryMethod.WINDOW, certificate="C1")]
    for wrong, fetched in (("03-11 09:00", "03-12 10:00"), ("04-07 09:00", "04-08 10:00")):
        facts += [
            fact(CertificateCorrected, wrong, certificate="C1", correction="the name", reason="misspelt"),
            fact(ResultDelivered, fetched, method=DeliveryMethod.WINDOW, certificate="C1"),
            trip(Cause.COLLECT, fetched),
        ]

    trips = counted(*CLOSED, *facts, trip(Cause.CONSULT, "03-20 09:00"), trip(Cause.CONSULT, "06-01 09:00"))

    agency, none = TripVerdict.AGENCY, TripVerdict.NO_TRIP
    assert [one.verdict for one in trips] == [agency, agency, none, none]


@pytest.mark.parametrize("again", [True, False])
def test_what_takes_the_place_of_a_wrong_certificate_is_fetched_once(*, again: bool) -> None:
    facts = (
        fact(ResultDelivered, "03-09 10:00", method=DeliveryMethod.WINDOW, certificate="C1"),
        fact(CertificateCorrected, "03-11 09:00", certificate="C1", correction="the name", reason="misspelt"),
        fact(CertificateReissued, "03-12 09:00", certificate="C9", kind="licence", replaces="C1", reason="spoilt"),
        *([fact(ResultDelivered, "03-13 09:00", method=DeliveryMethod.WINDOW, certificate="C9")] if again else []),
    )

    (late,) = counted(*CLOSED, *facts, trip(Cause.COLLECT, "03-16 09:00"))

    assert late.verdict is (TripVerdict.NO_TRIP if again else TripVerdict.AGENCY)


@pytest.mark.parametrize("rule", [DEFAULT_RULE, DistrictRule(count_before_application=True)])
def test_who_asks_and_then_applies_in_one_visit_came_once_in_every_form(rule: DistrictRule) -> None:
    asked, applied = trip(Cause.CONSULT, "03-02 08:40", number="V1"), trip(Cause.SUBMIT, "03-02 09:00", number="V1")

    trips = counted(received(), accepted(trips_promised=1), asked, applied, rule=rule)

    assert [(one.gross, one.net, one.journey) for one in trips] == [(False, False, False), (True, True, True)]
    assert [one.verdict for one in trips] == [TripVerdict.NO_TRIP, TripVerdict.PROMISED]
