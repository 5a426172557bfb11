"""S0 Chengdu, 2017-08: extended hours, the self-service zone, home service, three tiers (mechanisms 9, 11, 14, 15).

Days, hours, numbers of papers and names of people are ours where a story does not quote them.
"""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any, Final

from support.hall import APPROVER, Hall, OpenHall, at, hashed, item, on, with_items

from casecore import (
    AcceptCase,
    ApplicantKind,
    Cause,
    Channel,
    CloseCase,
    Decision,
    DeliverResult,
    DeliveryMethod,
    LeaveVisit,
    MakeDecision,
    OpenVisit,
    Outcome,
    PassPreReview,
    Place,
    Purpose,
    Reason,
    ReceiveCase,
    RecordTrip,
    RequestHomeService,
    ReturnPreReview,
    Stage,
    SubmitApplication,
    Tier,
    TripVerdict,
    VainReason,
    Visit,
)

ZONE_OF_XINDU: Final = "新都区24小时政务自助服务区"
NAMED_DEVICES: Final = (
    "房产信息自助查询",
    "存量房交易自助签约",
    "自助办税",
    "人社自助缴费一体机",
    "港澳签注(卡式)自助一体机",
    "银行ATM自助服务终端",
)
"""The six the seed names; the other 13 are numbered by us."""
DEVICES: Final = (*NAMED_DEVICES, *(f"智能自助设备{n}" for n in range(7, 20)))
ID_CARD: Final = hashed("510114199001011234")
"""Of a made-up card."""


def test_mechanism_09_nineteen_machines_day_and_night_behind_one_swipe_of_the_id_card(hall: Hall) -> None:
    """S0: 「该自助服务区只需要刷身份证进入,就能享受到线上24小时全天服务」
    「等19个智能自助设备,可以为群众提供6大类40余项自助服务」"""
    # given a zone of 19 machines, entered by ID card; what is asked for at each is ours, as of the 6 kinds of service and
    # over 40 services the seed only gives the number
    assert len(DEVICES) == 19
    midnight = at("2017-08-05 00:10")  # the first extended Saturday
    comings = [f"{midnight + n * timedelta(minutes=75):%Y-%m-%d %H:%M}" for n in range(19)]
    asked: dict[str, Any] = {
        "hall": ZONE_OF_XINDU,
        "item": "property-query",
        "channel": Channel.KIOSK,
        "applicant": "新都市民",
        "applicant_kind": ApplicantKind.PERSON,
    }

    # when each machine is used once, all around the clock
    for n, (device, when) in enumerate(zip(DEVICES, comings, strict=True)):
        came = Visit(visit=f"swipe-{n}", place=Place.HALL_KIOSK, device=device, id_hash=ID_CARD)
        hall.do(ReceiveCase, when, by=device, case=f"Z-{n}", **asked, visit=came)
        hall.do(AcceptCase, when, by=device, case=f"Z-{n}")
        hall.do(MakeDecision, when, by=APPROVER, case=f"Z-{n}", decision=Decision.GRANTED, automatic=True)
        hall.do(CloseCase, when, by=device, case=f"Z-{n}", outcome=Outcome.OTHER)

    # then all are done at the machine, in the night and on a Saturday too, for one visit to the hall each
    rows = hall.facts("SELECT case_id, channel, trips_gross, trips_net, trips_near FROM case_facts WHERE closed = 1")
    assert sorted(rows) == sorted((f"Z-{n}", "kiosk", 1, 1, 0) for n in range(19))
    assert {device for (device,) in hall.facts("SELECT device FROM trip_facts")} == set(DEVICES)
    assert hall.figure("K2").value == 1.0
    assert hall.groups("K20-closed", "channel") == {"kiosk": 19}
    # and nobody's number is kept: an entry is recorded by the hash of the card alone
    plain = Visit(visit="swipe-x", place=Place.HALL_KIOSK, device=DEVICES[0], id_hash="510114199001011234")
    answer = hall.refused(ReceiveCase, "2017-08-06 02:00", case="Z-x", **asked, visit=plain)
    assert answer.reason is Reason.ID_NOT_HASHED


def test_mechanism_09_whoever_swipes_in_at_night_is_a_visit_though_no_machine_takes_a_case(hall: Hall) -> None:
    """S0: 「该自助服务区只需要刷身份证进入,就能享受到线上24小时全天服务」"""
    # given three who swipe in one night; one is served by a machine, one only asks, for one the machine is down; all ours
    night = {"hall": ZONE_OF_XINDU, "on": on("2017-08-05")}
    gate = {"place": Place.HALL_KIOSK, "purpose": Purpose.SELF_SERVICE, "device": "闸机-1", "id_hash": ID_CARD}
    for number, minute in (("G1", "00"), ("G2", "10"), ("G3", "20")):
        hall.do(OpenVisit, f"2017-08-05 23:{minute}", by="闸机-1", **night, number=number, **gate)
    came = Visit(visit="G1", place=Place.HALL_KIOSK, device=DEVICES[0], id_hash=ID_CARD)
    asked = {"item": "property-query", "channel": Channel.KIOSK, "applicant": "新都市民"}
    hall.do(ReceiveCase, "2017-08-05 23:05", by=DEVICES[0], case="Z", hall=ZONE_OF_XINDU, **asked, visit=came)

    # when they leave
    hall.do(LeaveVisit, "2017-08-05 23:09", by="闸机-1", **night, number="G1")
    hall.do(LeaveVisit, "2017-08-05 23:15", by="闸机-1", **night, number="G2")
    hall.do(LeaveVisit, "2017-08-05 23:40", by="闸机-1", **night, number="G3", in_vain=VainReason.SYSTEM_DOWN)

    # then three came by card, one case was taken in, and one came in vain
    rows = hall.facts("SELECT number, swiped, kiosk, cases, in_vain FROM visit_facts ORDER BY number")
    assert rows == [("G1", 1, 1, 1, 0), ("G2", 1, 1, 0, 0), ("G3", 1, 1, 0, 1)]
    assert [hall.figure(code).numerator for code in ("V1", "K20-received")] == [3, 1]
    in_vain = hall.figure("V3")
    assert (in_vain.numerator, in_vain.denominator) == (1, 3)


def test_mechanism_11_the_hall_comes_to_a_key_enterprise_on_a_saturday(open_hall: OpenHall) -> None:
    """S0: 「针对重点项目,重点企业临时性的政务服务需求,还推出预约制,不仅进行延时服务还提供上门服务」"""
    # given the first stage of a project, offered at home too: the shipped item names no such channel, the seed does
    stage = item("project-registration", "2017-08-05")
    hall = open_hall(with_items(replace(stage, channels=(*stage.channels, Channel.HOME_SERVICE))))
    # and a key enterprise that has booked the hall to its door for Saturday; enterprise, item and day are ours
    hall.do(RequestHomeService, "2017-08-03 15:00", by="重点企业", case="KEY", wanted_on=on("2017-08-05"), where="企业厂区")
    assert [one.wanted_on for one in hall.file("KEY").service.home_services] == [on("2017-08-05")]

    # when staff take the papers in there on Saturday, and bring the result back there
    hall.do(
        ReceiveCase,
        "2017-08-05 10:00",
        case="KEY",
        hall="新都区政务服务中心",
        item=stage.code,
        channel=Channel.HOME_SERVICE,
        applicant="重点企业",
        applicant_kind=ApplicantKind.COMPANY,
        visit=Visit(visit="to-the-door-1", place=Place.HOME),
    )
    hall.accept("KEY", "2017-08-05 10:10")
    hall.review("KEY", "2017-08-07 11:00")
    hall.certify("KEY", "2017-08-07 11:30", "登记证明")
    hall.do(
        DeliverResult,
        "2017-08-07 15:00",
        case="KEY",
        certificate="登记证明",
        method=DeliveryMethod.HOME,
        visit=Visit(visit="to-the-door-2", place=Place.HOME),
    )
    hall.end("KEY", "2017-08-07 15:10")

    # then the enterprise made no trip, and Saturday was no working day: the promise runs from Monday
    assert [(one.trip.place, one.net, one.verdict) for one in hall.trips("KEY")] == [
        (Place.HOME, False, TripVerdict.NO_TRIP),
        (Place.HOME, False, TripVerdict.NO_TRIP),
    ]
    assert hall.figure("K4-case").value == 1.0
    promise = hall.file("KEY").promise
    assert promise is not None
    assert promise.effective_on == on("2017-08-07")
    assert hall.figure("K6").value == 1.0


def test_mechanism_14_filed_pre_reviewed_and_printed_by_oneself_in_one_visit_to_the_o2o_zone(hall: Hall) -> None:
    """S0: 「推出了“互联网+政务服务”O2O自助体验区」
    「可以为群众提供审批事项、自助申报、网上预审、打印社保清单、查询房产信息」"""
    # given one visit to the zone, in which somebody files by himself; which matter is ours: the seed names none
    zone = "双流区政务服务中心O2O自助体验区"
    came: dict[str, Any] = {"visit": "o2o-1", "place": Place.HALL_KIOSK, "device": "O2O自助终端", "hall": zone}
    applicant: dict[str, Any] = {"applicant": "双流市民", "applicant_kind": ApplicantKind.PERSON}
    filed: dict[str, Any] = {"case": "O-1", "item": "social-insurance", "channel": Channel.WEBSITE, **applicant}
    hall.do(SubmitApplication, "2017-08-05 14:00", by="双流市民", **filed)
    hall.do(RecordTrip, "2017-08-05 14:00", case="O-1", cause=Cause.SUBMIT, **came)

    # when the pre-review hands it back and he mends it on the spot, then prints one list and asks for one record
    hall.do(ReturnPreReview, "2017-08-05 14:10", case="O-1", reason="登记表漏填", materials=("参保登记表",))
    hall.do(SubmitApplication, "2017-08-05 14:15", by="双流市民", **filed)
    hall.do(PassPreReview, "2017-08-05 14:20", case="O-1")
    for case, printed in (("O-2", "social-security-list"), ("O-3", "property-query")):
        hall.do(
            ReceiveCase,
            "2017-08-05 14:30",
            case=case,
            hall=zone,
            item=printed,
            channel=Channel.KIOSK,
            **applicant,
            visit=Visit(**came),
        )
        hall.handle(case, "2017-08-05 14:31")
    hall.do(ReceiveCase, "2017-08-07 09:00", case="O-1", hall="双流区政务服务中心")
    hall.handle("O-1", "2017-08-07 09:30")

    # then three matters took one visit: one trip each if each is asked, a third of it if the visit is
    cases = ("O-1", "O-2", "O-3")
    assert [hall.net(case) for case in cases] == [1, 1, 1]
    assert hall.shares(*cases) == [Fraction(1, 3)] * 3
    assert (hall.figure("K2").value, hall.figure("K2-apportioned").value) == (1.0, 0.333333)
    visits = hall.figure("K2-visits")
    assert (visits.numerator, visits.denominator) == (1, 3)
    # and what the pre-review found cost no second one: the same visit is not recorded twice
    again = hall.refused(RecordTrip, "2017-08-05 14:15", case="O-1", cause=Cause.CORRECT, **came)
    assert again.reason is Reason.VISIT_RECORDED
    # only what he filed from there counts as filed online
    assert hall.groups("K15", "channel") == {"website": 1, "kiosk": 0}


def test_mechanism_15_a_county_matter_is_taken_in_at_district_street_and_community(hall: Hall) -> None:
    """S0: 「建立起区政务中心、街道服务中心(站)、社区三级联动机制」
    「分别设置政务服务、公共服务和便民服务三大窗口」
    「就近办理」"""
    # given a matter of county tier; which one is ours, and so is which of the three windows takes it where
    assert item("social-insurance", "2017-08-07").tier is Tier.COUNTY
    levels = (
        ("双流区政务服务中心", "政务服务窗口", Tier.COUNTY, Place.HALL),
        ("东升街道便民服务中心", "公共服务窗口", Tier.TOWNSHIP, Place.HALL),
        ("东升街道社区", "便民服务窗口", Tier.VILLAGE, Place.VILLAGE_POINT),
    )

    # when it is handed in at each of the three levels
    for n, (where, window, tier, place) in enumerate(levels):
        hall.do(
            ReceiveCase,
            "2017-08-07 09:30",
            case=f"L-{n}",
            hall=where,
            window=window,
            tier=tier,
            item="social-insurance",
            applicant=f"居民{n}",
            applicant_kind=ApplicantKind.PERSON,
            visit=Visit(visit=f"visit-{n}", place=place),
        )
        hall.handle(f"L-{n}", "2017-08-08 10:00")

    # then where it was taken and whose it is are two things
    rows = hall.facts("SELECT hall, tier, department, trips_near FROM case_facts ORDER BY case_id")
    owner = "新都区人力资源和社会保障局"  # the catalogue's; the seed's is that of Shuangliu
    assert rows == [
        ("双流区政务服务中心", "county", owner, 0),
        ("东升街道便民服务中心", "township", owner, 0),
        ("东升街道社区", "village", owner, 1),
    ]
    # and the three levels add up to the whole
    assert hall.groups("K20-received", "tier") == {"county": 1, "township": 1, "village": 1}
    assert hall.figure("K20-received").numerator == 3
    assert all(hall.file(f"L-{n}").stage is Stage.CLOSED for n in range(3))
