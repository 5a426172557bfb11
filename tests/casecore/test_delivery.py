"""Delivery: papers in by courier, results out by window, locker, courier or as an e-certificate."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from support.story import (
    CALENDAR,
    CLOSED,
    DECIDED,
    FOOD,
    HALL,
    IN_REVIEW,
    NOW,
    OFFICER,
    REVIEWED,
    SEALED,
    Story,
    ask,
    fact,
    moment,
    received,
    scoped,
    submitted,
    visit,
)

from casecore import (
    CaseCommand,
    Cause,
    CertificateCorrected,
    CertificateMade,
    CertificateReissued,
    CertificateRevoked,
    CertificateSealed,
    ClockKind,
    CourierDispatched,
    CourierLost,
    CourierRefused,
    CourierReturned,
    DeliverResult,
    DeliveryMethod,
    DispatchCourier,
    MandateGranted,
    MaterialsCouriered,
    PapersSent,
    Place,
    Reason,
    ReceiveCase,
    ReceiveCourieredMaterials,
    ReportCourierLost,
    ReportCourierRefused,
    ReportCourierReturned,
    ResendCourier,
    ResultDelivered,
    SendPapers,
    Stage,
    Transit,
    TripMade,
    Verdict,
    Visitor,
    count_trips,
)
from casecore.case.clocks import clock_named, handed_over

SENT = (*CLOSED, fact(CourierDispatched, "03-06 10:00", consignment="EMS1", courier="EMS", certificate="C1"))
CAME_BACK = (*SENT, fact(CourierReturned, "03-09 10:00", consignment="EMS1", reason="nobody at home"))
WAS_LOST = (*SENT, fact(CourierLost, "03-09 10:00", consignment="EMS1"))
ARRIVED = (
    *SENT,
    fact(ResultDelivered, "03-09 10:00", method=DeliveryMethod.COURIER, certificate="C1", consignment="EMS1"),
)
SECOND_CERTIFICATE = (
    fact(CertificateMade, "03-06 09:10", certificate="C2", kind="licence"),
    fact(CertificateSealed, "03-06 09:20", certificate="C2", seal="seal-7"),
)


def dispatch(consignment: str = "EMS1", certificate: str | None = "C1", when: str = "03-06 10:00") -> DispatchCourier:
    return ask(DispatchCourier, when, consignment=consignment, courier="EMS", certificate=certificate)


def resend(consignment: str = "EMS2", replaces: str = "EMS1", when: str = "03-10 10:00") -> ResendCourier:
    return ask(ResendCourier, when, consignment=consignment, courier="SF", replaces=replaces)


def came_back(consignment: str = "EMS1", when: str = "03-09 10:00", **rest: object) -> ReportCourierReturned:
    return ask(ReportCourierReturned, when, consignment=consignment, **{"reason": "nobody at home", **rest})


def lost(consignment: str = "EMS1", when: str = "03-09 10:00") -> ReportCourierLost:
    return ask(ReportCourierLost, when, consignment=consignment)


def deliver(method: DeliveryMethod, when: str = "03-09 10:00", **rest: object) -> DeliverResult:
    return ask(DeliverResult, when, method=method, **{"certificate": "C1", **rest})


Reporting = Callable[..., ReportCourierReturned | ReportCourierLost]

# 材料寄达


@pytest.mark.parametrize("before", [(submitted(),), (received(),)])
def test_papers_come_in_by_courier_without_a_trip(before: tuple) -> None:
    parcel = ask(ReceiveCourieredMaterials, "03-02 11:00", consignment="IN1", materials=("lease",))

    after = (
        Story(*before)
        .when(parcel)
        .then(MaterialsCouriered(at=moment("03-02 11:00"), by=OFFICER, consignment="IN1", materials=("lease",)))
    )

    assert after.file.trips == ()
    assert after.file.stage is Story(*before).file.stage


def test_an_incoming_parcel_is_taken_in_once() -> None:
    in_ = fact(MaterialsCouriered, "03-02 11:00", consignment="IN1")

    Story(received(), in_).when(ask(ReceiveCourieredMaterials, consignment="IN1")).refused(Reason.CONSIGNMENT_EXISTS, "IN1")


def test_papers_do_not_come_in_after_acceptance() -> None:
    Story(*IN_REVIEW).when(ask(ReceiveCourieredMaterials, consignment="IN1")).refused(Reason.WRONG_STAGE, "in_review")


# 寄出


@pytest.mark.parametrize("before", [SEALED, CLOSED])
def test_a_sealed_certificate_leaves_by_courier(before: tuple) -> None:
    after = (
        Story(*before)
        .when(dispatch())
        .then(CourierDispatched(at=moment("03-06 10:00"), by=OFFICER, consignment="EMS1", courier="EMS", certificate="C1"))
    )

    assert after.file.consignments[0].state is Transit.UNDER_WAY


def test_the_decision_paper_leaves_by_courier_without_a_certificate() -> None:
    Story(*DECIDED).when(dispatch(certificate=None)).then(
        fact(CourierDispatched, "03-06 10:00", consignment="EMS1", courier="EMS")
    )


def test_nothing_leaves_before_the_decision() -> None:
    Story(*REVIEWED).when(dispatch()).refused(Reason.WRONG_STAGE, "reviewed")


def test_a_certificate_that_was_not_made_does_not_leave() -> None:
    Story(*SEALED).when(dispatch(certificate="C9")).refused(Reason.UNKNOWN_CERTIFICATE, "C9")


def test_an_unsealed_certificate_does_not_leave() -> None:
    Story(*SEALED[:-1]).when(dispatch()).refused(Reason.NOT_SEALED, "C1")


def test_a_consignment_number_is_used_once() -> None:
    Story(*SENT).when(dispatch(when="03-06 11:00")).refused(Reason.CONSIGNMENT_EXISTS, "EMS1")


def test_what_was_delivered_does_not_leave_again() -> None:
    Story(*ARRIVED).when(dispatch("EMS2", when="03-09 11:00")).refused(Reason.ALREADY_DELIVERED, "C1")


# 退回, 遗失, 重寄


def test_a_consignment_comes_back() -> None:
    after = (
        Story(*SENT)
        .when(came_back())
        .then(CourierReturned(at=moment("03-09 10:00"), by=OFFICER, consignment="EMS1", reason="nobody at home"))
    )

    assert (after.file.consignments[0].state, after.file.deliveries) == (Transit.RETURNED, ())


def test_a_consignment_does_not_come_back_without_a_reason() -> None:
    Story(*SENT).when(came_back(reason="")).refused(Reason.REASON_REQUIRED)


def test_a_consignment_is_lost() -> None:
    after = Story(*SENT).when(lost()).then(CourierLost(at=moment("03-09 10:00"), by=OFFICER, consignment="EMS1"))

    assert after.file.consignments[0].state is Transit.LOST


@pytest.mark.parametrize("report", [came_back, lost])
class TestWhatIsReportedOfAConsignment:
    def test_it_was_sent(self, report: Reporting) -> None:
        Story(*CLOSED).when(report("EMS9")).refused(Reason.UNKNOWN_CONSIGNMENT, "EMS9")

    @pytest.mark.parametrize("before", [CAME_BACK, WAS_LOST, ARRIVED])
    def test_it_may_be_reported_whatever_was_reported_before(self, report: Reporting, before: tuple) -> None:
        after = Story(*before).when(report(when="03-10 10:00")).done()

        assert after.file.consignments[0].ended_at == moment("03-10 10:00")
        after.when(report(when="03-10 10:00")).refused(Reason.CONSIGNMENT_NOT_IN_TRANSIT, "EMS1")

    def test_it_may_be_reported_after_closing(self, report: Reporting) -> None:
        sent = fact(CourierDispatched, "03-05 12:00", consignment="EMS1", courier="EMS", certificate="C1")

        Story(*SEALED, sent, CLOSED[-1]).when(report(when="03-05 18:00")).done()

    def test_it_did_not_happen_before_the_consignment_left(self, report: Reporting) -> None:
        Story(*SENT).when(report(when="03-06 09:30")).refused(Reason.BEFORE_STAGE)


@pytest.mark.parametrize("before", [CAME_BACK, WAS_LOST])
def test_what_came_back_or_was_lost_is_sent_again_with_what_it_carried(before: tuple) -> None:
    after = (
        Story(*before)
        .when(resend())
        .then(
            CourierDispatched(
                at=moment("03-10 10:00"),
                by=OFFICER,
                consignment="EMS2",
                courier="SF",
                certificate="C1",
                replaces="EMS1",
            )
        )
    )

    assert [c.state is Transit.UNDER_WAY for c in after.file.consignments] == [False, True]


def test_what_was_never_sent_is_not_sent_again() -> None:
    Story(*CLOSED).when(resend()).refused(Reason.UNKNOWN_CONSIGNMENT, "EMS1")


def test_what_is_still_under_way_is_not_sent_again() -> None:
    Story(*SENT).when(resend()).refused(Reason.CONSIGNMENT_NOT_FAILED, "EMS1")


def test_what_arrived_is_not_sent_again() -> None:
    Story(*ARRIVED).when(resend()).refused(Reason.ALREADY_DELIVERED, "C1")


def test_what_is_sent_again_gets_a_new_number() -> None:
    Story(*CAME_BACK).when(resend("EMS1")).refused(Reason.CONSIGNMENT_EXISTS, "EMS1")


def test_what_was_fetched_at_the_window_meanwhile_is_not_sent_again() -> None:
    fetched = fact(ResultDelivered, "03-09 15:00", method=DeliveryMethod.WINDOW, certificate="C1")

    Story(*CAME_BACK, fetched).when(resend()).refused(Reason.ALREADY_DELIVERED, "C1")


def test_a_consignment_is_replaced_once() -> None:
    story = Story(*CAME_BACK).when(resend()).done()

    told = story.when(resend("EMS3", when="03-10 11:00"))

    told.refused(Reason.CONSIGNMENT_NOT_FAILED, "EMS1")


def test_returned_lost_and_at_last_delivered() -> None:
    story = Story(*CAME_BACK).when(resend()).done().when(lost("EMS2", "03-11 10:00")).done()
    story = story.when(resend("EMS3", "EMS2", "03-12 10:00")).done()

    after = story.when(deliver(DeliveryMethod.COURIER, "03-13 10:00", consignment="EMS3", recipient="Li Lei")).then(
        ResultDelivered(
            at=moment("03-13 10:00"),
            by=OFFICER,
            method=DeliveryMethod.COURIER,
            certificate="C1",
            consignment="EMS3",
            recipient="Li Lei",
        )
    )

    assert [c.state for c in after.file.consignments] == [Transit.RETURNED, Transit.LOST, Transit.DELIVERED]
    assert after.file.trips == ()


# 送达


def test_a_result_fetched_at_the_window_is_a_trip() -> None:
    fetched = deliver(DeliveryMethod.WINDOW, recipient="Li Lei", visit=visit("V9"))

    Story(*CLOSED).when(fetched).then(
        ResultDelivered(
            at=moment("03-09 10:00"), by=OFFICER, method=DeliveryMethod.WINDOW, certificate="C1", recipient="Li Lei"
        ),
        TripMade(
            at=moment("03-09 10:00"),
            by=OFFICER,
            visit=scoped("V9", "03-09"),
            hall=HALL,
            visitor=Visitor.APPLICANT,
            place=Place.HALL,
            cause=Cause.COLLECT,
        ),
    )


@pytest.mark.parametrize("method", [DeliveryMethod.WINDOW, DeliveryMethod.LOCKER, DeliveryMethod.E_CERTIFICATE])
def test_a_result_needs_no_consignment_but_by_courier(method: DeliveryMethod) -> None:
    told = Story(*CLOSED).when(deliver(method, consignment="EMS1"))

    told.then(fact(ResultDelivered, "03-09 10:00", method=method, certificate="C1"))


def test_a_refusal_is_delivered_as_a_paper() -> None:
    Story(*DECIDED).when(deliver(DeliveryMethod.WINDOW, certificate=None)).then(
        fact(ResultDelivered, "03-09 10:00", method=DeliveryMethod.WINDOW)
    )


def test_a_delivery_may_be_reported_after_closing() -> None:
    Story(*CLOSED).when(deliver(DeliveryMethod.WINDOW, "03-05 18:00")).done()


def test_nothing_is_delivered_before_it_was_decided() -> None:
    told = Story(*DECIDED).when(deliver(DeliveryMethod.WINDOW, "03-05 08:00", certificate=None))

    told.refused(Reason.BEFORE_STAGE)


def test_no_consignment_arrives_before_it_left() -> None:
    told = Story(*SENT).when(deliver(DeliveryMethod.COURIER, "03-06 09:30", consignment="EMS1"))

    told.refused(Reason.BEFORE_STAGE)


def test_nothing_is_delivered_before_the_decision() -> None:
    Story(*REVIEWED).when(deliver(DeliveryMethod.WINDOW)).refused(Reason.WRONG_STAGE, "reviewed")


def test_a_certificate_that_was_not_made_is_not_delivered() -> None:
    Story(*CLOSED).when(deliver(DeliveryMethod.LOCKER, certificate="C9")).refused(Reason.UNKNOWN_CERTIFICATE, "C9")


def test_an_unsealed_certificate_is_not_delivered() -> None:
    Story(*SEALED[:-1]).when(deliver(DeliveryMethod.E_CERTIFICATE)).refused(Reason.NOT_SEALED, "C1")


@pytest.mark.parametrize("certificate", ["C1", None])
def test_a_result_is_delivered_once(certificate: str | None) -> None:
    told = Story(*CLOSED).when(deliver(DeliveryMethod.WINDOW, certificate=certificate))

    told.done().when(deliver(DeliveryMethod.WINDOW, "03-10 10:00", certificate=certificate)).refused(
        Reason.ALREADY_DELIVERED, certificate or ""
    )


@pytest.mark.parametrize("consignment", [None, "EMS9"])
def test_what_the_courier_delivers_was_sent(consignment: str | None) -> None:
    told = Story(*SENT).when(deliver(DeliveryMethod.COURIER, consignment=consignment))

    told.refused(Reason.UNKNOWN_CONSIGNMENT, consignment or "")


@pytest.mark.parametrize("before", [CAME_BACK, WAS_LOST])
def test_what_came_back_or_was_lost_may_be_delivered_after_all(before: tuple) -> None:
    after = Story(*before).when(deliver(DeliveryMethod.COURIER, "03-10 10:00", consignment="EMS1")).done()

    assert (after.file.consignments[0].state, len(after.file.deliveries)) == (Transit.DELIVERED, 1)
    again = after.when(deliver(DeliveryMethod.COURIER, "03-10 10:00", consignment="EMS1"))
    again.refused(Reason.ALREADY_DELIVERED, "C1")


def test_the_courier_delivers_what_the_consignment_carried() -> None:
    told = Story(*SENT).when(deliver(DeliveryMethod.COURIER, consignment="EMS1", certificate=None))

    told.then(fact(ResultDelivered, "03-09 10:00", method=DeliveryMethod.COURIER, certificate="C1", consignment="EMS1"))


def test_two_certificates_arrive_in_two_consignments() -> None:
    story = Story(*SENT, *SECOND_CERTIFICATE).when(dispatch("EMS2", "C2", "03-06 11:00")).done()

    one = story.when(deliver(DeliveryMethod.COURIER, consignment="EMS1", certificate=None)).done()
    two = one.when(deliver(DeliveryMethod.COURIER, "03-10 10:00", consignment="EMS2", certificate=None)).done()

    assert [d.consignment for d in two.file.deliveries] == ["EMS1", "EMS2"]


def test_a_certificate_fetched_at_the_window_may_arrive_by_courier_too() -> None:
    fetched = fact(ResultDelivered, "03-07 15:00", method=DeliveryMethod.WINDOW, certificate="C1")
    after = Story(*SENT, fetched).when(deliver(DeliveryMethod.COURIER, consignment="EMS1")).done()

    assert handed_over(after.file) == moment("03-07 15:00")


@pytest.mark.parametrize("command", [dispatch(), resend(), deliver(DeliveryMethod.WINDOW)])
def test_a_case_that_was_never_decided_has_nothing_to_send(command: CaseCommand) -> None:
    Story(*IN_REVIEW).when(command).refused(Reason.WRONG_STAGE, "in_review")


@pytest.mark.parametrize("report", [came_back, lost])
def test_what_becomes_of_papers_on_their_way_in_is_reported_wherever_the_case_stands(report: Reporting) -> None:
    on_the_way = fact(PapersSent, "03-02 08:00", consignment="IN1", courier="EMS")

    after = Story(*IN_REVIEW, on_the_way).when(report("IN1")).done()

    assert after.file.inbound[0].state in (Transit.RETURNED, Transit.LOST)
    Story(*IN_REVIEW).when(report()).refused(Reason.UNKNOWN_CONSIGNMENT, "EMS1")


# 寄件: papers on their way in


def send(consignment: str = "IN1", when: str = "03-02 08:00", **rest: Any) -> SendPapers:
    return ask(SendPapers, when, consignment=consignment, courier="EMS", **{"materials": ("lease",), **rest})


def arrive(consignment: str = "IN1", when: str = "03-03 08:00", **rest: Any) -> ReceiveCourieredMaterials:
    return ask(ReceiveCourieredMaterials, when, consignment=consignment, **rest)


def test_a_courier_fetches_papers_at_the_door_free_of_charge() -> None:
    after = (
        Story(submitted())
        .when(send())
        .then(
            PapersSent(
                at=moment("03-02 08:00"), by=OFFICER, consignment="IN1", courier="EMS", materials=("lease",), charge_fen=0
            )
        )
    )

    assert after.file.inbound[0].state is Transit.UNDER_WAY
    assert after.file.service.papers == (), "nobody has them yet"


def test_papers_may_be_sent_before_anything_else_is_known_of_the_case() -> None:
    after = Story().when(send()).done().when(arrive()).done()

    assert (after.file.stage, after.file.service.papers) == (Stage.NEW, ("lease",))
    after.when(ask(ReceiveCase, "03-03 09:00", item=FOOD, hall=HALL, applicant="Li Lei")).done()


def test_what_arrives_is_what_was_sent_where_nobody_says_otherwise() -> None:
    sent = Story(submitted()).when(send(materials=("lease", "photo"))).done()

    assert sent.when(arrive()).done().file.couriered_in[0].materials == ("lease", "photo")
    assert sent.when(arrive(materials=("lease",))).done().file.service.papers == ("lease",)


def test_papers_lost_on_the_way_in_are_sent_again_under_a_new_number() -> None:
    story = Story(submitted()).when(send()).done().when(lost("IN1", "03-03 10:00")).done()
    story.when(send(when="03-04 08:00")).refused(Reason.CONSIGNMENT_EXISTS, "IN1")

    after = story.when(send("IN2", "03-04 08:00")).done().when(arrive("IN2", "03-05 08:00")).done()

    assert [one.state for one in after.file.inbound] == [Transit.LOST, Transit.DELIVERED]
    assert (after.file.service.papers, after.file.trips) == (("lease",), ())


def test_papers_do_not_arrive_before_they_were_sent() -> None:
    Story(submitted()).when(send()).done().when(arrive(when="03-02 07:59")).refused(Reason.BEFORE_STAGE)


@pytest.mark.parametrize("charged", [send(), dispatch(), resend()])
def test_nobody_is_charged_less_than_nothing(charged: Any) -> None:
    before = {SendPapers: (submitted(),), DispatchCourier: CLOSED, ResendCourier: CAME_BACK}[type(charged)]

    Story(*before).when(replace(charged, charge_fen=-1)).refused(Reason.AMOUNT_OUT_OF_RANGE, "-1")


def test_both_ways_are_free_unless_somebody_says_what_they_cost() -> None:
    """双向免费快递."""
    assert (send().charge_fen, dispatch().charge_fen, resend().charge_fen) == (0, 0, 0)
    after = Story(*CLOSED).when(replace(dispatch(), charge_fen=1200)).done()
    assert [one.charge_fen for one in after.file.consignments] == [1200]


# 拒收


def turned_away(consignment: str = "EMS1", when: str = "03-09 10:00", **rest: Any) -> ReportCourierRefused:
    return ask(ReportCourierRefused, when, consignment=consignment, **{"reason": "not my parcel", **rest})


def test_whoever_is_there_may_refuse_it_and_it_is_sent_again_once() -> None:
    story = (
        Story(*SENT)
        .when(turned_away())
        .then(CourierRefused(at=moment("03-09 10:00"), by=OFFICER, consignment="EMS1", reason="not my parcel"))
    )
    assert (story.file.consignments[0].state, story.file.deliveries) == (Transit.REFUSED, ())

    again = story.when(resend()).done()

    again.when(resend("EMS3", when="03-10 11:00")).refused(Reason.CONSIGNMENT_NOT_FAILED, "EMS1")
    again.when(resend("EMS3", "EMS2", "03-10 11:00")).refused(Reason.CONSIGNMENT_NOT_FAILED, "EMS2")
    again.when(deliver(DeliveryMethod.COURIER, "03-11 10:00", consignment="EMS2")).done()


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (turned_away(reason=" "), Reason.REASON_REQUIRED),
        (turned_away("EMS9"), Reason.UNKNOWN_CONSIGNMENT),
        (turned_away(when="03-06 09:30"), Reason.BEFORE_STAGE),
    ],
)
def test_what_is_refused_was_brought_and_for_a_reason(told: ReportCourierRefused, reason: Reason) -> None:
    Story(*SENT).when(told).refused(reason)


@pytest.mark.parametrize("before", [CAME_BACK, WAS_LOST, ARRIVED])
def test_what_is_under_way_no_more_may_be_refused_at_the_door(before: tuple) -> None:
    after = Story(*before).when(turned_away(when="03-10 10:00")).done()

    assert (after.file.consignments[0].state, after.file.deliveries) == (Transit.REFUSED, ())
    after.when(turned_away(when="03-10 10:00")).refused(Reason.CONSIGNMENT_NOT_IN_TRANSIT, "EMS1")


# 自助取件, 送件上门


def test_fetching_it_from_a_locker_is_collecting_it() -> None:
    locker = visit("V9", place=Place.HALL_KIOSK, device="locker 12")

    after = Story(*CLOSED).when(deliver(DeliveryMethod.LOCKER, visit=locker)).done()

    (trip,) = count_trips(after.file)
    assert (trip.trip.cause, trip.trip.device, trip.net) == (Cause.COLLECT, "locker 12", True)


@pytest.mark.parametrize("method", [DeliveryMethod.COURIER, DeliveryMethod.E_CERTIFICATE, DeliveryMethod.HOME])
def test_nobody_collects_what_is_brought_or_sent(method: DeliveryMethod) -> None:
    entrusted = fact(MandateGranted, "03-01 09:00", agent="xiao chen", applicant="Li Lei", scope="the whole matter")
    errand = visit("V9", visitor=Visitor.HALL_AGENT, agent="xiao chen")
    story = Story(*SENT, entrusted)

    assert story.when(deliver(method, consignment="EMS1", visit=visit("V9"))).done().file.trips == ()
    brought = story.when(deliver(method, consignment="EMS1", visit=errand)).done()
    assert len(brought.file.trips) == (method is DeliveryMethod.HOME), "the agent's journey, and none of the applicant's"
    assert not any(one.gross for one in count_trips(brought.file))


# revoked, replaced, corrected

REVOKED = fact(CertificateRevoked, "03-08 09:00", certificate="C1", reason="the ground fell away")
REISSUED = (
    fact(CertificateReissued, "03-08 09:00", certificate="C9", kind="licence", replaces="C1", reason="torn"),
    fact(CertificateSealed, "03-08 10:00", certificate="C9", seal="seal-7"),
)
CORRECTED = fact(CertificateCorrected, "03-11 09:00", certificate="C1", correction="the name", reason="misspelt")


@pytest.mark.parametrize("end", [(REVOKED,), REISSUED])
def test_what_is_valid_no_more_neither_leaves_nor_is_delivered(end: tuple) -> None:
    story = Story(*CLOSED, *end)

    story.when(dispatch(when="03-09 09:00")).refused(Reason.CERTIFICATE_REVOKED, "C1")
    story.when(deliver(DeliveryMethod.WINDOW)).refused(Reason.CERTIFICATE_REVOKED, "C1")
    Story(*CAME_BACK, *end).when(resend()).refused(Reason.CERTIFICATE_REVOKED, "C1")


def test_what_was_handed_over_while_it_was_valid_may_be_told_of_after_it_was_revoked() -> None:
    Story(*CLOSED, REVOKED).when(deliver(DeliveryMethod.WINDOW, "03-07 15:00")).done()
    Story(*CLOSED, REVOKED).when(deliver(DeliveryMethod.WINDOW, "03-08 09:00")).refused(Reason.CERTIFICATE_REVOKED)


def test_nothing_was_handed_over_before_it_was_sealed() -> None:
    Story(*CLOSED).when(deliver(DeliveryMethod.WINDOW, "03-05 10:59")).refused(Reason.NOT_SEALED, "C1")
    Story(*CLOSED).when(deliver(DeliveryMethod.WINDOW, "03-05 11:00")).done()


def test_a_corrected_certificate_is_handed_over_again_once_it_is_sealed_again() -> None:
    corrected = Story(*ARRIVED, CORRECTED)
    corrected.when(deliver(DeliveryMethod.WINDOW, "03-12 10:00")).refused(Reason.NOT_SEALED, "C1")
    sealed = corrected.given(fact(CertificateSealed, "03-11 10:00", certificate="C1", seal="seal-7"))

    after = sealed.when(dispatch("EMS2", when="03-11 11:00")).done()
    after = after.when(deliver(DeliveryMethod.COURIER, "03-13 10:00", consignment="EMS2")).done()

    assert [one.consignment for one in after.file.deliveries] == ["EMS1", "EMS2"]
    after.when(deliver(DeliveryMethod.WINDOW, "03-14 10:00")).refused(Reason.ALREADY_DELIVERED, "C1")
    assert handed_over(after.file) == moment("03-09 10:00"), "the first time ended the clock"


# 送达时限, Art. 44: when the applicant had all there is


@pytest.mark.parametrize(
    ("events", "at"),
    [
        ((*CLOSED,), None),
        (ARRIVED, "03-09 10:00"),
        ((*CLOSED, *REISSUED), None),
        (
            (*CLOSED, *REISSUED, fact(ResultDelivered, "03-09 15:00", method=DeliveryMethod.WINDOW, certificate="C9")),
            "03-09 15:00",
        ),
        (
            (
                *ARRIVED,
                fact(CertificateReissued, "05-06 09:00", certificate="C9", kind="licence", replaces="C1", reason="lost"),
            ),
            "03-09 10:00",
        ),
        (
            (
                *ARRIVED,
                fact(CertificateReissued, "05-06 09:00", certificate="C9", kind="licence", replaces="C1", reason="lost"),
                fact(ResultDelivered, "05-07 09:00", method=DeliveryMethod.WINDOW, certificate="C9"),
            ),
            "03-09 10:00",
        ),
        ((*ARRIVED, *SECOND_CERTIFICATE), None),
        (
            (
                *ARRIVED,
                *SECOND_CERTIFICATE,
                fact(CertificateRevoked, "03-06 12:00", certificate="C2", reason="made in error"),
            ),
            "03-09 10:00",
        ),
        (
            (
                *ARRIVED,
                *SECOND_CERTIFICATE,
                fact(CertificateRevoked, "03-30 12:00", certificate="C2", reason="never fetched"),
            ),
            "03-30 12:00",
        ),
        ((*ARRIVED, fact(CertificateRevoked, "03-30 12:00", certificate="C1", reason="fraud")), "03-09 10:00"),
        ((*CLOSED, REVOKED), "03-08 09:00"),
        ((*CLOSED, *REISSUED, fact(CertificateRevoked, "03-10 09:00", certificate="C9", reason="fraud")), "03-10 09:00"),
        ((*CLOSED, *SECOND_CERTIFICATE, fact(ResultDelivered, "03-09 15:00", method=DeliveryMethod.WINDOW)), "03-09 15:00"),
        ((*DECIDED, fact(ResultDelivered, "03-09 15:00", method=DeliveryMethod.WINDOW, certificate="X1")), "03-09 15:00"),
    ],
    ids=[
        "nothing handed over",
        "handed over",
        "replaced before it was handed over",
        "and the new one handed over",
        "replaced after it was handed over",
        "and the new one handed over long after",
        "one of two",
        "the other made in error",
        "the other owed until it was revoked",
        "revoked after it was handed over",
        "revoked before anybody had it",
        "replaced, and that one revoked",
        "the result as one",
        "what nobody told of being made",
    ],
)
def test_the_applicant_has_all_there_is(events: tuple, at: str | None) -> None:
    assert handed_over(Story(*events).file) == (None if at is None else moment(at))


def test_a_revoked_certificate_stops_the_delivery_clock_and_one_issued_again_does_not_move_it() -> None:
    file = Story(
        *ARRIVED,
        fact(CertificateReissued, "05-06 09:00", certificate="C9", kind="licence", replaces="C1", reason="lost"),
        fact(ResultDelivered, "05-07 09:00", method=DeliveryMethod.WINDOW, certificate="C9"),
    ).file

    clock = clock_named(file, ClockKind.DELIVERY.value)

    assert clock is not None
    assert clock.ended_at == moment("03-09 10:00")
    assert clock.read(CALENDAR, NOW).verdict is Verdict.ON_TIME
