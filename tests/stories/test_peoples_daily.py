"""S2 People's Daily, 2019-01-18: Longyou, Haizhu, Jinfeng (mechanisms 31, 32, 35, 36, 37).

Days, hours, numbers of papers and names of people are ours where a story does not quote them.
"""

from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from support.hall import SHIPPED, Hall, OpenHall, filled, hashed, item, many_items, minutes_between, on, theme, with_items

from casecore import (
    ApplicantKind,
    ApplicationSubmitted,
    BoxCollected,
    Channel,
    CollectBox,
    DeliverResult,
    DeliveryMethod,
    DepositPapers,
    DispatchCourier,
    DistrictRule,
    GivenMaterial,
    GrantMandate,
    Limit,
    MaterialWay,
    OpenPackage,
    PackageStage,
    PassPreReview,
    Place,
    PlanStep,
    Reason,
    Receipt,
    ReceiveCase,
    ReceiveCourieredMaterials,
    Refused,
    RouteCase,
    SendPapers,
    Stage,
    SubmitApplication,
    Tier,
    Visit,
    duty_of,
    material_ledger,
)

# --- Longyou: 31, 32 ---

LONGYOU: Final = "龙游县行政服务中心"
LI: Final = "李冉冉"
HOUSE: Final = "MOVE-house-transfer"
UTILITIES: Final = tuple(f"MOVE-{one}-transfer" for one in ("power", "water", "gas"))
DAY: Final = "2019-01-14"
"""Ours: the seed says only 岁末年初; it was a Monday."""


def test_mechanism_31_three_windows_became_one_and_the_departments_review_side_by_side(hall: Hall) -> None:
    """S2: 「大約40分鐘,工作人員就辦好過戶手續」「至少得跑國土、地稅、住建3個部門的窗口,排了3次隊,交了3套資料」"""
    # given a house to be transferred, whose papers are handed in all at once at one window
    _moved_in(hall)

    # when the departments review it
    routed = set(hall.open_steps(HOUSE))
    hall.review(HOUSE, f"{DAY} 09:35")
    hall.end(HOUSE, f"{DAY} 09:40")

    # then those that need not wait for each other had it at the same time (多部门并联审批)
    departments = [one.department for one in hall.file(HOUSE).approvals]
    assert departments == ["住建", "地税", "国土"]
    assert routed == {"housing", "tax"}
    # and it took 40 minutes, within the promise
    file = hall.file(HOUSE)
    assert minutes_between(file.received_at, file.closed_at) == 40
    assert hall.figure("K6").value == 1.0
    # and there was one window, one set of papers, one visit instead of three
    before = item("house-transfer", DAY).before
    assert before is not None
    assert (before.visits, hall.net(HOUSE)) == (3, 1)
    # what the window may call from the data platform nobody has to carry (打破数据壁垒)
    ways = {line.material: line.way for line in material_ledger(file)}
    assert ways == {
        "身份证明": MaterialWay.DATA_SHARING,
        "不动产权证书": MaterialWay.DATA_SHARING,
        "房屋买卖合同": MaterialWay.PAPER,
    }


def test_mechanism_31_twelve_papers_and_six_ways_fall_away_for_everyone(hall: Hall) -> None:
    """S2: 「居民單次可減少攜帶證件12份,減少跑腿6次」"""
    # given what it took before: a set of papers at each of three windows, then papers at each of three halls; how many
    # papers a set holds is the catalogue's (three for the house, two for each account), and gives the seed's 12
    house = item("house-transfer", DAY)
    accounts = [item(f"{one}-transfer", DAY) for one in ("power", "water", "gas")]
    carried_before = 3 * len(house.materials) + sum(len(one.materials) for one in accounts)
    whole = theme("house-and-utilities", DAY)
    assert whole.before is not None
    assert whole.before.visits == 6  # 国土、地税、住建, 供水、供电、供气: the six that fall away

    # when it is one matter, whose papers come in once and are shared by all four cases
    _moved_in(hall, shared=MaterialWay.PAPER)
    _all_moved(hall)

    # then twelve papers fewer were carried, by the count of papers handed in: six of the nine the four cases require were
    # handed in for another of them (一件事共用), and the sets at the two windows before are asked for no more
    carried = len(hall.package("MOVE").materials)
    assert (carried_before, carried, carried_before - carried) == (15, 3, 12)
    together = hall.figure("K14-shared")
    assert (together.numerator, together.denominator) == (6, 9)
    # and nothing was looked up: not handing in again is no 免提交
    assert hall.figure("K14").value == 0
    # and of the six ways one visit to one window is left; the seed counts the six that went, the ledger the one that stays
    cases = (HOUSE, *UTILITIES)
    assert sum(hall.shares(*cases), Fraction()) == whole.visits == 1
    assert (hall.figure("K2-package").value, hall.figure("K2-inherited").value) == (1.0, 0.25)


def test_mechanism_32_power_water_and_gas_follow_the_house_on_the_same_papers(hall: Hall) -> None:
    """S2: 「所有的證件資料就會同步到‘電水氣’系統共享,就不需要重復提交了」「10分鐘,三項過戶順利完成」"""
    # given the house, handed in and not yet transferred
    _moved_in(hall)
    assert [hall.file(case).stage for case in UTILITIES] == [Stage.NEW] * 3

    # when it is transferred, and the three accounts with it; in the seed on her phone, here at the window next to her,
    # because a package opens its cases through its own channel
    _all_moved(hall)

    # then they were opened by the transfer itself, at its hour, on papers that were there already
    for case in UTILITIES:
        file = hall.file(case)
        assert file.received_at == hall.file(HOUSE).closed_at
        assert [(line.way, line.source) for line in material_ledger(file)] == [
            (MaterialWay.DATA_SHARING, "大数据信息平台")
        ] * 2
        assert file.trips == ()
    assert hall.figure("K14", by="theme", group="house-and-utilities").numerator == 2 + 6  # one look-up serves all
    # and power was done within seconds of that (秒办), all three within ten minutes
    seconds = [60 * minutes_between(hall.file(HOUSE).closed_at, hall.file(case).closed_at) for case in UTILITIES]
    assert seconds == [30, 300, 600]
    # and she has half a day of her one day's leave left: the package is over before noon
    closing = hall.package("MOVE").closing
    assert closing is not None
    assert (hall.package("MOVE").stage, closing.granted, closing.at.hour) == (PackageStage.CLOSED, 4, 9)


def _moved_in(hall: Hall, shared: MaterialWay = MaterialWay.DATA_SHARING) -> None:
    """Li hands everything in at the one window; what was entered where is ours."""
    given = [GivenMaterial(material="房屋买卖合同")]
    for name in ("身份证明", "不动产权证书"):
        looked_up = shared is MaterialWay.DATA_SHARING
        given.append(GivenMaterial(material=name, way=shared, source="大数据信息平台" if looked_up else None))
    hall.do(
        OpenPackage,
        f"{DAY} 09:00",
        package="MOVE",
        theme="house-and-utilities",
        applicant=LI,
        applicant_kind=ApplicantKind.PERSON,
        hall=LONGYOU,
        window="不动产窗口",
        form=filled(theme("house-and-utilities", DAY).form),
        given=tuple(given),
        visit=Visit(visit="李冉冉请假一天"),
    )
    hall.accept(HOUSE, f"{DAY} 09:01")
    hall.do(RouteCase, f"{DAY} 09:02", case=HOUSE)


def _all_moved(hall: Hall) -> None:
    hall.review(HOUSE, f"{DAY} 09:35")
    hall.end(HOUSE, f"{DAY} 09:40")
    for case, when in zip(UTILITIES, ("09:40:30", "09:45", "09:50"), strict=True):
        hall.accept(case, f"{DAY} {when}")
        hall.review(case, f"{DAY} {when}", automatic=True)
        hall.end(case, f"{DAY} {when}")


# --- Haizhu: 35 ---

BOX: Final = "小蜜蜂箱"


def test_mechanism_35_photographed_pre_reviewed_put_in_the_box_and_mailed_back_without_a_trip(hall: Hall) -> None:
    """S2: 「將所需材料逐一拍照上傳,并在線提交申請」「直接對接雙向快遞」
    「實現群眾辦事“零跑動”」"""
    # given an application photographed and filed on the phone; days, hours and applicant are ours
    person: dict[str, Any] = {"applicant": "海珠市民", "applicant_kind": ApplicantKind.PERSON}
    photographed = GivenMaterial(material="按所选业务提交", way=MaterialWay.UPLOAD)
    hall.do(
        SubmitApplication,
        "2019-01-14 21:00",
        by="海珠市民",
        case="BEE",
        item="courier-application",
        channel=Channel.MOBILE,
        **person,
        given=(photographed,),
    )
    hall.do(PassPreReview, "2019-01-15 09:00", case="BEE")

    # when the post takes the papers from the door into the box, and the hall empties it twice that day
    hall.do(SendPapers, "2019-01-15 11:00", by="邮政", case="BEE", consignment="IN-1", courier="邮政")
    hall.do(CollectBox, "2019-01-15 11:30", box=BOX)
    hall.do(DepositPapers, "2019-01-15 13:00", by="邮政", case="BEE", box=BOX, deposit="D-1")
    hall.do(CollectBox, "2019-01-15 16:30", box=BOX)
    assert [len(one.deposits) for one in hall.told(BOX, BoxCollected)] == [0, 1]
    hall.do(ReceiveCourieredMaterials, "2019-01-15 16:30", case="BEE", consignment="IN-1")
    # and the department it is brought to grants it, and the result leaves at once
    hall.accept("BEE", "2019-01-15 16:40")
    hall.review("BEE", "2019-01-17 10:00")
    hall.certify("BEE", "2019-01-17 10:10", "结果-1")
    hall.do(DispatchCourier, "2019-01-17 10:30", case="BEE", consignment="OUT-1", courier="邮政", certificate="结果-1")
    hall.do(
        DeliverResult,
        "2019-01-18 15:00",
        by="邮政",
        case="BEE",
        method=DeliveryMethod.COURIER,
        consignment="OUT-1",
        recipient="海珠市民",
    )
    hall.end("BEE", "2019-01-18 15:10")

    # then it was received when the box was emptied, not when the papers were put in
    file = hall.file("BEE")
    assert f"{file.received_at:%Y-%m-%d %H:%M}" == "2019-01-15 16:30"
    # and nobody went anywhere (零跑动)
    assert (hall.trips("BEE"), hall.figure("K4-case").value) == ((), 1.0)
    assert hall.figure("K16-case").value == 1.0
    # and decision and dispatch lie on one day
    assert file.decision is not None
    assert file.decision.at.date() == file.consignments[0].dispatched_at.date()


def test_mechanism_35_the_box_is_emptied_at_least_twice_a_day_or_the_day_is_named(hall: Hall) -> None:
    """S2: 「服務中心會保證每天至少兩次從“小蜜蜂箱”里取出申辦材料進行分類」"""
    # given the box of the register, which asks for two
    box = SHIPPED.boxes[BOX]
    assert box.collections_a_day == 2

    # when it is emptied twice on Monday, once on Tuesday, and on Wednesday three times; the days are ours
    for when in ("14 10:00", "14 16:00", "15 10:00", "16 09:00", "16 12:00", "16 17:00"):
        hall.do(CollectBox, f"2019-01-{when}", box=BOX)

    # then Tuesday is the day on which the duty was not done
    days = list(duty_of(BOX, hall.engine.drop_box(BOX), hall.engine.office, on("2019-01-16")))
    assert [(day.day.day, day.collections, day.done) for day in days] == [(14, 2, True), (15, 1, False), (16, 3, True)]
    rows = hall.facts("SELECT day, collections FROM box_facts WHERE collections < wanted")
    assert rows == [("2019-01-15", 1)]


# --- Jinfeng: 36, 37 ---

POINT: Final = "和顺新村为民办事代办点"
BANK: Final = "黄河商业银行"


def test_mechanism_36_the_village_point_takes_38_of_39_items_and_sends_the_39th_to_the_bank(open_hall: OpenHall) -> None:
    """S2: 「承接自治區三級四同便民服務事項39項,除城鄉居民社會保險繳費在銀行辦理外,其余38個事項均可通過代辦點來完成」"""
    # given 39 items: the senior card, the payment at the bank, and 37 the seed does not name
    others = many_items(item("senior-card", "2019-01-14"), "三级四同事项", 37)
    hall = open_hall(with_items(*others))
    codes = ["senior-card", *(one.code for one in others), "resident-insurance-payment"]
    assert len(codes) == 39
    asked: dict[str, Any] = {"applicant": "村民", "applicant_kind": ApplicantKind.PERSON, "tier": Tier.VILLAGE}

    # when villagers ask for each of them at the point's four windows; the day is ours
    answers = [
        hall.ask(
            ReceiveCase,
            "2019-01-14 09:30",
            by="王小梅",
            case=f"V-{n}",
            hall=POINT,
            window=f"综合服务窗口{n % 4 + 1}",
            item=code,
            channel=Channel.OTHER if code == codes[-1] else Channel.AGENT_POINT,
            **asked,
        )
        for n, code in enumerate(codes)
    ]

    # then 38 are taken and the 39th is told where to go
    assert [isinstance(one, Receipt) for one in answers] == [True] * 38 + [False]
    sent_on = answers[-1]
    assert isinstance(sent_on, Refused)
    assert sent_on.reason is Reason.NOT_TAKEN_HERE
    assert sent_on.named.startswith(BANK)
    # where it is taken
    hall.do(
        ReceiveCase,
        "2019-01-14 10:00",
        case="V-BANK",
        hall="黄河商业银行办事点",
        item=codes[-1],
        channel=Channel.OTHER,
        **asked,
        visit=Visit(visit="出门左转", place=Place.COMMUNITY_KIOSK),
    )
    assert hall.file("V-BANK").stage is Stage.RECEIVED


def test_mechanism_36_two_steps_and_half_an_hour_instead_of_half_a_month(open_hall: OpenHall) -> None:
    """S2: 「走兩步路的工夫就到代辦點,不到半個小時就拿到了」「這一去一回要花半個月的時間」"""
    # given a district that counts near visits as trips, and one that does not (两步路): the rule is each district's own
    ways = (open_hall(), open_hall(rule=DistrictRule(near_visits_net=False)))

    # when old Mr Shi comes for his card; the day and the minutes are ours, the half hour is the seed's
    for hall in ways:
        came = Visit(visit="石彦斌到点", place=Place.VILLAGE_POINT)
        hall.do(
            ReceiveCase,
            "2019-01-14 09:00",
            by="王小梅",
            case="SHI",
            hall=POINT,
            tier=Tier.VILLAGE,
            item="senior-card",
            channel=Channel.AGENT_POINT,
            applicant="石彦斌",
            applicant_kind=ApplicantKind.PERSON,
            visit=came,
        )
        hall.accept("SHI", "2019-01-14 09:05")
        hall.review("SHI", "2019-01-14 09:15")
        hall.certify("SHI", "2019-01-14 09:20", "老年人优待证")
        hall.do(
            DeliverResult,
            "2019-01-14 09:25",
            case="SHI",
            certificate="老年人优待证",
            method=DeliveryMethod.WINDOW,
            visit=came,
        )
        hall.end("SHI", "2019-01-14 09:25")

    # then he had it within the half hour, where it took half a month before
    file = ways[0].file("SHI")
    assert minutes_between(file.received_at, file.deliveries[0].at) < 30
    before = item("senior-card", "2019-01-14").before
    assert before is not None
    assert before.limit == Limit.natural_days(15)
    # and his two steps are one near visit, which is a trip or not as the district has it
    assert [hall.figure("K4-case").value for hall in ways] == [0.0, 1.0]
    assert [hall.figure("K2-net").value for hall in ways] == [1.0, 0.0]
    assert [hall.figure("K2-near").value for hall in ways] == [1.0, 1.0]


def test_mechanism_37_the_agent_enters_the_villager_and_three_tiers_handle_it_online(open_hall: OpenHall) -> None:
    """S2: 「將前來辦理事項的村民基本信息輸入,網上辦理、現場核辦全流程網上審批」「市縣鄉三級聯網」"""
    # given a matter three tiers handle, one after the other; which matter it is, and in what order, is ours
    like = item("veterans-allowance", "2019-01-14")
    tiers = ("良田镇便民服务中心", "金凤区", "银川市")
    steps = tuple(
        PlanStep(step=f"tier-{n}", department=where, after=(f"tier-{n - 1}",) if n else ()) for n, where in enumerate(tiers)
    )
    hall = open_hall(with_items(replace(like, channels=(*like.channels, Channel.WEBSITE), plan=steps)))
    entered = {
        "case": "PROXY",
        "item": like.code,
        "channel": Channel.WEBSITE,
        "applicant": "和顺新村村民",
        "applicant_kind": ApplicantKind.PERSON,
        "agent": "王小梅",
        "assisted": True,
    }
    # and an agent nobody has entrusted yet
    assert hall.refused(SubmitApplication, "2019-01-14 09:00", by="王小梅", **entered).reason is Reason.NO_MANDATE

    # when the villager entrusts her, and she enters him on the platform
    hall.do(
        GrantMandate,
        "2019-01-14 09:05",
        by="和顺新村村民",
        case="PROXY",
        agent="王小梅",
        applicant="和顺新村村民",
        scope="网上代办",
        site=POINT,
    )
    hall.do(SubmitApplication, "2019-01-14 09:10", by="王小梅", **entered)
    swiped = Visit(visit="到点", place=Place.VILLAGE_POINT, id_hash=hashed("640106194501010011"))  # a made-up card
    hall.do(ReceiveCase, "2019-01-14 09:20", case="PROXY", hall=POINT, tier=Tier.VILLAGE, visit=swiped)
    hall.handle("PROXY", "2019-01-16 10:00")

    # then the case is the villager's, though the agent filed it
    file = hall.file("PROXY")
    (filed,) = hall.told("PROXY", ApplicationSubmitted)
    assert (file.applicant, filed.by, file.tier) == ("和顺新村村民", "王小梅", Tier.VILLAGE)
    # and it went up through the three tiers on the net, while he made one near visit
    assert [one.department for one in file.approvals] == list(tiers)
    assert [one.trip.place for one in hall.trips("PROXY")] == [Place.VILLAGE_POINT]
    # and because she typed it, it is 帮办, which is not filing online
    assert (file.assisted, hall.figure("K15").numerator, hall.figure("K15").denominator) == (True, 0, 1)
