"""Trips: facts with a visit id, counted by rule: how often did the applicant have to come?"""

import pytest
from story import (
    CITIZEN,
    CLERK,
    CLOSED,
    FOOD,
    HALL,
    OFFICER,
    SEALED,
    Story,
    accepted,
    ask,
    fact,
    moment,
    received,
    submitted,
    visit,
)

from casecore import (
    CaseClosed,
    CaseEvent,
    CaseVoided,
    Cause,
    CausedBy,
    CorrectionRequested,
    CorrectionSubmitted,
    CountedTrip,
    DeliverResult,
    DeliveryMethod,
    MaterialsCouriered,
    Outcome,
    Place,
    Reason,
    ReceiveCase,
    RecordTrip,
    ResultDelivered,
    SubmitCorrection,
    TripMade,
    Visitor,
    count_trips,
)
from casecore.case.trips import trips_of


def trip(
    cause: Cause,
    when: str = "03-02 09:00",
    *,
    place: Place = Place.HALL,
    visitor: Visitor = Visitor.APPLICANT,
    number: str = "",
) -> TripMade:
    return fact(TripMade, when, visit=number or f"{cause}@{when}", visitor=visitor, place=place, cause=cause)


def counted(*events: CaseEvent) -> tuple[CountedTrip, ...]:
    return count_trips(Story(*events).file)


def gross_and_net(*events: CaseEvent) -> tuple[int, int]:
    trips = counted(*events)
    return sum(t.gross for t in trips), sum(t.net for t in trips)


def notice(when: str = "03-02 09:30", **rest: object) -> CorrectionRequested:
    return fact(CorrectionRequested, when, by=CLERK, **{"materials": ("lease", "photo"), **rest})


# recording


def test_a_trip_nobody_recorded_with_an_act_is_recorded_by_itself() -> None:
    came = ask(RecordTrip, "03-04 09:00", visit="V5", cause=Cause.PAY, place=Place.OUTSIDE, visitor=Visitor.OWN_AGENT)

    Story(received(), accepted()).when(came).then(
        TripMade(
            at=moment("03-04 09:00"),
            by=OFFICER,
            visit="V5",
            visitor=Visitor.OWN_AGENT,
            place=Place.OUTSIDE,
            cause=Cause.PAY,
        )
    )


def test_a_visit_is_recorded_once() -> None:
    story = Story(received(), trip(Cause.SUBMIT, number="V1"))

    story.when(ask(RecordTrip, visit="V1", cause=Cause.PAY)).refused(Reason.VISIT_RECORDED, "V1")


def test_a_visit_that_served_two_acts_is_one_trip() -> None:
    morning = visit("V1")
    story = Story().when(ask(ReceiveCase, "03-02 09:00", by=CLERK, item=FOOD, hall=HALL, visit=morning)).done()
    story = story.given(notice())

    brought = ask(SubmitCorrection, "03-02 11:00", by=CITIZEN, visit=morning)
    after = story.when(brought).then(CorrectionSubmitted(at=moment("03-02 11:00"), by=CITIZEN))

    assert [t.cause for t in after.file.trips] == [Cause.SUBMIT]


def test_a_visit_in_which_everything_was_done_is_one_trip() -> None:
    story = Story(*SEALED, trip(Cause.SIGN, "03-05 11:30", number="V7"))
    collected = ask(DeliverResult, "03-05 11:40", method=DeliveryMethod.WINDOW, certificate="C1", visit=visit("V7"))

    story.when(collected).then(fact(ResultDelivered, "03-05 11:40", method=DeliveryMethod.WINDOW, certificate="C1"))


def test_a_visit_that_served_two_cases_is_a_trip_of_each() -> None:
    one, other = Story(received()), Story(received())
    same = visit("V1")

    assert trips_of(one.file, same, Cause.SUBMIT, moment("03-02 09:00"), CLERK) == trips_of(
        other.file, same, Cause.SUBMIT, moment("03-02 09:00"), CLERK
    )


def test_an_act_without_a_visit_makes_no_trip() -> None:
    assert trips_of(Story(received()).file, None, Cause.SUBMIT, moment("03-02 09:00"), CLERK) == ()


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
