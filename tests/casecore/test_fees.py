"""缴费, 减免: once each, and never a trip by itself when it is paid online."""

from typing import Any

import pytest
from support.story import (
    CALENDAR,
    CITIZEN,
    CLOSED,
    FOOD,
    HALL,
    OFFICER,
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
    CaseEvent,
    CaseWithdrawn,
    Catalogue,
    Cause,
    FeePaid,
    FeeWaived,
    FeeWay,
    MandateGranted,
    Office,
    PayFee,
    Place,
    Reason,
    TripMade,
    Visitor,
    WaiveFee,
    count_trips,
)

TOLL = Office(Catalogue((item(FOOD, fee=True, online_payment=True),)), CALENDAR)
FREE = Office(Catalogue((item(FOOD),)), CALENDAR)


def pay(way: FeeWay = FeeWay.ONLINE, when: str = "03-03 09:00", **rest: Any) -> PayFee:
    return ask(PayFee, when, by=CITIZEN, way=way, **{"fee": "work", "amount_fen": 5000, **rest})


def waive(when: str = "03-03 09:00", **rest: Any) -> WaiveFee:
    return ask(WaiveFee, when, **{"fee": "work", "amount_fen": 5000, "basis": "first shop of a veteran", **rest})


def running(*events: CaseEvent, office: Office = TOLL) -> Story:
    return Story(received(), accepted(), *events, office=office)


def test_paying_online_is_never_a_trip_whatever_visit_is_named() -> None:
    told = running().when(pay(receipt="R-1", visit=visit("V2")))

    after = told.then(
        FeePaid(at=moment("03-03 09:00"), by=CITIZEN, fee="work", amount_fen=5000, way=FeeWay.ONLINE, receipt="R-1")
    )

    assert after.file.trips == ()


def test_paying_at_a_window_in_a_visit_is_a_trip() -> None:
    told = running().when(pay(FeeWay.WINDOW, visit=visit("V2", place=Place.OUTSIDE)))

    after = told.then(
        FeePaid(at=moment("03-03 09:00"), by=CITIZEN, fee="work", amount_fen=5000, way=FeeWay.WINDOW),
        TripMade(
            at=moment("03-03 09:00"),
            by=CITIZEN,
            visit=scoped("V2", "03-03"),
            hall=HALL,
            visitor=Visitor.APPLICANT,
            place=Place.OUTSIDE,
            cause=Cause.PAY,
        ),
    )

    assert [one.net for one in count_trips(after.file)] == [True]


def test_paying_at_a_window_in_the_visit_one_came_for_anyway_is_no_trip_more() -> None:
    came = fact(
        TripMade, "03-03 08:00", visit=scoped("V1", "03-03"), hall=HALL, visitor=Visitor.APPLICANT, place=Place.HALL,
        cause=Cause.SUBMIT,
    )  # fmt: skip

    running(came).when(pay(FeeWay.WINDOW, visit=visit("V1"))).then(
        fact(FeePaid, "03-03 09:00", by=CITIZEN, fee="work", amount_fen=5000, way=FeeWay.WINDOW)
    )


def test_paying_at_a_window_where_nobody_says_who_came_is_no_trip() -> None:
    assert running().when(pay(FeeWay.WINDOW)).done().file.trips == ()


def test_an_agent_pays_only_under_a_mandate() -> None:
    errand = visit("V2", visitor=Visitor.HALL_AGENT, agent="xiao chen")
    entrusted = fact(MandateGranted, "03-01 09:00", agent="xiao chen", applicant="Li Lei", scope="to pay")

    running().when(pay(FeeWay.WINDOW, visit=errand)).refused(Reason.NO_MANDATE, "xiao chen")
    after = running(entrusted).when(pay(FeeWay.WINDOW, visit=errand)).done()
    assert [one.gross for one in count_trips(after.file)] == [False]


def test_a_fee_is_waived_under_a_rule() -> None:
    running().when(waive()).then(
        FeeWaived(at=moment("03-03 09:00"), by=OFFICER, fee="work", amount_fen=5000, basis="first shop of a veteran")
    )
    running().when(waive(basis=" ")).refused(Reason.REASON_REQUIRED)


@pytest.mark.parametrize("first", [pay(), waive()], ids=["paid", "waived"])
@pytest.mark.parametrize("second", [pay(when="03-04 09:00"), waive("03-04 09:00")], ids=["paid", "waived"])
def test_a_fee_is_settled_once(first: PayFee | WaiveFee, second: PayFee | WaiveFee) -> None:
    settled = running().when(first).done()

    settled.when(second).refused(Reason.FEE_SETTLED, "work")


def test_two_fees_are_settled_each_by_itself() -> None:
    after = running().when(pay()).done().when(waive(fee="plate")).done()

    assert [type(one) for one in after.file.service.fees] == [FeePaid, FeeWaived]


@pytest.mark.parametrize("settle", [pay(), waive()], ids=["paid", "waived"])
def test_nothing_is_charged_for_what_is_free(settle: PayFee | WaiveFee) -> None:
    running(office=FREE).when(settle).refused(Reason.NO_FEE, FOOD)


def test_what_is_charged_goes_by_the_version_the_case_was_promised_under() -> None:
    paid_until, free_since = item(FOOD, fee=True, valid_until=day("03-02")), item(FOOD, version=2, valid_from=day("03-03"))
    office = Office(Catalogue((paid_until, free_since)), CALENDAR)

    running(office=office).when(pay()).done()
    Story(submitted("03-03 08:00"), office=office).when(pay()).refused(Reason.NO_FEE, FOOD)


@pytest.mark.parametrize("settle", [pay(amount_fen=-1), waive(amount_fen=-1)], ids=["paid", "waived"])
def test_nobody_is_paid_for_applying(settle: PayFee | WaiveFee) -> None:
    running().when(settle).refused(Reason.AMOUNT_OUT_OF_RANGE, "-1")


def test_a_fee_may_be_settled_before_acceptance_and_after_closing_not_for_what_was_given_up() -> None:
    Story(received(), office=TOLL).when(pay()).done()
    Story(*CLOSED, office=TOLL).when(pay(when="03-09 09:00")).done()
    withdrawn = fact(CaseWithdrawn, "03-03 09:00", by=CITIZEN, reason="moved away")
    Story(received(), withdrawn, office=TOLL).when(pay(when="03-09 09:00")).refused(Reason.WRONG_STAGE, "withdrawn")
