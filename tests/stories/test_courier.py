"""A courier that loses, finds and delivers: what it reports is told as it comes, and the last report holds.

Days and numbers are ours. Granted on Tuesday 2019-10-22, the result is to be in hand within ten working days: by 11-05.
"""

from typing import Any, Final

import pytest
from support.hall import Hall

from casecore import (
    ApplicantKind,
    Channel,
    DeliverResult,
    DeliveryMethod,
    DispatchCourier,
    PassPreReview,
    Reason,
    ReceiveCase,
    ReceiveCourieredMaterials,
    ReportCourierLost,
    ReportCourierRefused,
    ReportCourierReturned,
    ResendCourier,
    SendPapers,
    SubmitApplication,
)

CENTRE: Final = "增城区政务服务中心"
CASE, POST = "ONLINE", "邮政"
LAST: Final = "SELECT state, ended_on FROM delivery_facts WHERE direction = 'out' ORDER BY delivery"
CLOCK: Final = "SELECT due_on, ended_on, verdict FROM clock_facts WHERE kind = 'delivery'"


@pytest.fixture
def sent(hall: Hall) -> Hall:
    """A restaurant filed online, its papers lost on their way in, found and taken in; the result is sent."""
    hall.do(
        SubmitApplication,
        "2019-10-18 20:00",
        by="增城餐馆",
        case=CASE,
        item="restaurant-licence",
        channel=Channel.WEBSITE,
        applicant="增城餐馆",
        applicant_kind=ApplicantKind.COMPANY,
    )
    hall.do(SendPapers, "2019-10-18 21:00", by=POST, case=CASE, consignment="IN-1", courier=POST, materials=("营业执照",))
    hall.do(PassPreReview, "2019-10-19 09:00", case=CASE)
    hall.do(ReportCourierLost, "2019-10-20 09:00", by=POST, case=CASE, consignment="IN-1")
    hall.do(ReceiveCourieredMaterials, "2019-10-21 09:00", case=CASE, consignment="IN-1")
    hall.do(ReceiveCase, "2019-10-21 09:30", case=CASE, hall=CENTRE)
    hall.handle_and_certify(CASE, "2019-10-22")
    hall.end(CASE, "2019-10-22 16:00")
    hall.do(DispatchCourier, "2019-10-22 16:30", case=CASE, consignment="OUT-1", courier=POST, certificate=f"证-{CASE}")
    return hall


def report(hall: Hall, command: type[Any], when: str, consignment: str = "OUT-1", **rest: Any) -> None:
    hall.do(command, when, by=POST, case=CASE, consignment=consignment, **rest)


def delivered(hall: Hall, when: str, consignment: str = "OUT-1") -> None:
    report(hall, DeliverResult, when, consignment, method=DeliveryMethod.COURIER)


def test_a_courier_loses_finds_and_delivers_both_what_it_lost_and_what_was_sent_again(sent: Hall) -> None:
    # given the courier reports the result lost, and the hall sends it again
    report(sent, ReportCourierLost, "2019-10-28 10:00")
    assert sent.facts(LAST) == [("lost", "2019-10-28")]
    sent.do(ResendCourier, "2019-10-29 10:00", case=CASE, consignment="OUT-2", courier=POST, replaces="OUT-1")
    assert sent.facts(CLOCK) == [("2019-11-05", None, None)]

    # when it finds it and delivers it, and two days later what was sent again as well
    delivered(sent, "2019-10-30 11:00")
    delivered(sent, "2019-11-01 11:00", "OUT-2")

    # then both have arrived, the ten days ended with the first, and nobody came for anything
    assert sent.facts(LAST) == [("delivered", "2019-10-30"), ("delivered", "2019-11-01")]
    assert sent.facts(CLOCK) == [("2019-11-05", "2019-10-30", "on_time")]
    assert sent.facts("SELECT trips_gross, delivered_on FROM case_facts") == [(0, "2019-11-01")]
    assert sent.figure("K6b-delivery").value == sent.figure("K4-case").value == 1.0
    again = sent.refused(ResendCourier, "2019-11-04 10:00", case=CASE, consignment="OUT-3", courier=POST, replaces="OUT-1")
    assert again.reason is Reason.ALREADY_DELIVERED
    # and the papers it had lost on the way in are at the hall
    assert sent.facts("SELECT holder_kind FROM custody_facts WHERE current = 1") == [("hall",)]


def test_refused_at_the_gate_and_signed_for_the_next_day(sent: Hall) -> None:
    report(sent, ReportCourierRefused, "2019-10-24 10:00", reason="家中无人, 门卫拒收")
    delivered(sent, "2019-10-25 18:00")

    assert sent.facts(LAST) == [("delivered", "2019-10-25")]
    assert sent.facts(CLOCK) == [("2019-11-05", "2019-10-25", "on_time")]


def test_signed_for_by_a_neighbour_and_brought_back_it_is_owed_again(sent: Hall) -> None:
    # given a delivery within the ten days that the courier takes back
    delivered(sent, "2019-10-25 18:00")
    assert sent.figure("K6b-delivery").value == 1.0
    report(sent, ReportCourierReturned, "2019-10-28 09:00", reason="邻居误签")
    assert sent.facts(CLOCK) == [("2019-11-05", None, None)]
    assert sent.figure("K4-case").denominator == 0, "a result on paper waits to be handed over"

    # when it is sent again and arrives a day too late
    sent.do(ResendCourier, "2019-10-29 10:00", case=CASE, consignment="OUT-2", courier=POST, replaces="OUT-1")
    delivered(sent, "2019-11-06 09:00", "OUT-2")

    # then the figure that was published is restated
    assert sent.facts(CLOCK) == [("2019-11-05", "2019-11-06", "overdue")]
    assert sent.figure("K6b-delivery").value == 0.0


def test_a_report_told_late_of_an_earlier_day_overtakes_nothing(sent: Hall) -> None:
    delivered(sent, "2019-10-30 11:00")
    report(sent, ReportCourierLost, "2019-10-28 10:00")

    assert sent.facts(LAST) == [("delivered", "2019-10-30")]
    assert sent.facts(CLOCK) == [("2019-11-05", "2019-10-30", "on_time")]
