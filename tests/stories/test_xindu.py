"""S1 Xindu, 2017-11: the village agent, one hall for a house, five stages of a project, 1+6 (mechanisms 17, 18, 23-25).

Days, hours, numbers of papers and names of people are ours where a story does not quote them.
"""

from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from support.hall import CLERK, Hall, OpenHall, filled, item, on, theme, with_items

from casecore import (
    AcceptCase,
    ApplicantKind,
    Baseline,
    Catalogue,
    Channel,
    DeliverResult,
    DeliveryMethod,
    GrantMandate,
    HandOverPapers,
    HolderKind,
    Limit,
    MemberState,
    OpenPackage,
    PackageStage,
    Place,
    PlanStep,
    Reason,
    ReceiveCase,
    Theme,
    ThemeItem,
    Tier,
    TripVerdict,
    Visit,
    Visitor,
)
from casecore.reading.joint_review import joint_review

CENTRE: Final = "新都区政务服务中心"


# --- 17 ---

YE: Final = "叶伦康"
POINT: Final = "木兰镇宫王社区代办点"
PAPERS: Final = ("身份证", "照片")


def test_mechanism_17_the_village_agent_fetches_the_papers_and_brings_the_senior_card_home(hall: Hall) -> None:
    """S1: 「找他代办最多的就是办理“老年证”」「我都是亲自上门去接件,然后办完了又给他们送过去」"""
    # given an old neighbour who has never gone anywhere for it; day, hours and names but Ye's are ours
    _fetched(hall, "OLD-1", "本社区老人", "2017-11-06 09:00")
    assert hall.file("OLD-1").service.holder("身份证") == (HolderKind.AGENT, YE)

    # when Ye carries the papers to the town's window and the card back to the door
    _carried(hall, "OLD-1", "本社区老人", "2017-11-06")

    # then the old man went nowhere, and the way of the agent is on record without being a trip of his
    assert [(one.trip.agent, one.gross, one.net, one.verdict) for one in hall.trips("OLD-1")] == [
        (YE, False, False, TripVerdict.NO_TRIP)
    ]
    rows = hall.facts("SELECT channel, trips_gross, trips_net FROM case_facts")
    assert rows == [("agent_point", 0, 0)]
    assert hall.figure("K4-case").value == 1.0
    # and the papers are back with him who gave them, hand by hand
    file = hall.file("OLD-1")
    assert [one.holder for one in file.service.handovers] == [YE, "木兰镇便民服务中心", YE, "本社区老人"]
    assert file.service.holder("身份证") == (HolderKind.APPLICANT, "本社区老人")
    assert file.corrections == ()  # 从来没有出过一次错


def test_mechanism_17_he_helps_other_communities_and_only_whoever_entrusts_him(hall: Hall) -> None:
    """S1: 「如果其他社区的居民找他代办,他也要负责」「记者翻阅代办记录本」"""
    # given two who entrust him, one of his own community and one of another, and a third who does not; all ours
    for case, who in (("OLD-1", "本社区老人"), ("OLD-2", "其他社区老人")):
        _fetched(hall, case, who, "2017-11-06 09:00")
        _carried(hall, case, who, "2017-11-06")
    alone = {
        "hall": "木兰镇便民服务中心",
        "tier": Tier.TOWNSHIP,
        "item": "senior-card",
        "channel": Channel.AGENT_POINT,
        "applicant": "未委托的老人",
        "applicant_kind": ApplicantKind.PERSON,
    }

    # when he would act for the third
    answer = hall.refused(ReceiveCase, "2017-11-07 09:00", by=YE, case="OLD-3", **alone, visit=_errand("OLD-3"))

    # then the rules ask for a mandate
    assert (answer.reason, answer.named) == (Reason.NO_MANDATE, YE)
    # and his ledger (代办记录本) holds the two he was entrusted with, whatever community they are of
    ledger = hall.facts("SELECT case_id, agent, site, scope, trips FROM agent_facts ORDER BY case_id")
    assert ledger == [(case, YE, POINT, "办理老年证", 1) for case in ("OLD-1", "OLD-2")]
    # and from each door he fetched papers and to each he brought the card
    doors = hall.facts("SELECT material, handed_on FROM custody_facts WHERE place = 'home'")
    assert doors == [(paper, "2017-11-06") for paper in PAPERS] * 2


def _errand(case: str) -> Visit:
    return Visit(visit=f"errand-{case}", visitor=Visitor.HALL_AGENT, agent=YE)


def _fetched(hall: Hall, case: str, who: str, when: str) -> None:
    hall.do(GrantMandate, when, by=who, case=case, agent=YE, applicant=who, scope="办理老年证", site=POINT)
    given: dict[str, Any] = {"giver_kind": HolderKind.APPLICANT, "giver": who, "holder_kind": HolderKind.AGENT, "holder": YE}
    hall.do(HandOverPapers, when, by=YE, case=case, materials=PAPERS, **given, place=Place.HOME)


def _carried(hall: Hall, case: str, who: str, day: str) -> None:
    """To the window and back."""
    town = "木兰镇便民服务中心"
    agent, window = (HolderKind.AGENT, YE), (HolderKind.HALL, town)
    _handed(hall, case, f"{day} 10:00", agent, window)
    hall.do(
        ReceiveCase,
        f"{day} 10:00",
        by=YE,
        case=case,
        hall=town,
        tier=Tier.TOWNSHIP,
        item="senior-card",
        channel=Channel.AGENT_POINT,
        applicant=who,
        applicant_kind=ApplicantKind.PERSON,
        visit=_errand(case),
    )
    hall.accept(case, f"{day} 10:05")
    hall.review(case, f"{day} 10:10")
    hall.certify(case, f"{day} 10:15", f"老年证-{case}")
    _handed(hall, case, f"{day} 10:20", window, agent)
    _handed(hall, case, f"{day} 14:00", agent, (HolderKind.APPLICANT, who))
    hall.do(
        DeliverResult,
        f"{day} 14:00",
        by=YE,
        case=case,
        certificate=f"老年证-{case}",
        method=DeliveryMethod.HOME,
        recipient=who,
    )
    hall.end(case, f"{day} 14:05")


def _handed(hall: Hall, case: str, when: str, giver: tuple[HolderKind, str], holder: tuple[HolderKind, str]) -> None:
    hands: dict[str, Any] = {"giver_kind": giver[0], "giver": giver[1], "holder_kind": holder[0], "holder": holder[1]}
    hall.do(HandOverPapers, when, by=YE, case=case, materials=PAPERS, **hands)


# --- 18 ---

LINKS: Final = {
    "公证": "公证处",
    "住房公积金贷款": "公积金",
    "担保": "担保机构",
    "税务": "地税",
    "银行": "建设银行",
    "不动产登记": "不动产登记中心",
}
"""The links the seed names, with who handles each; the banks are 建设银行 and 中国银行."""


def test_mechanism_18_every_link_of_a_house_sale_stands_in_one_hall_and_is_done_in_one_visit(open_hall: OpenHall) -> None:
    """S1: 「不动产交易办事各环节事项实现了全流程集中入驻」「公证、公积金、税务等窗口全部入驻」「只跑一次」"""
    # given a matter of six links, each with a partner of its own; the shipped catalogue has two of them, not the whole,
    # so the items are ours, with the promise of the shipped house-transfer
    like = item("house-transfer", "2017-11-06")
    links = [
        replace(
            like,
            code=f"house-sale-{n}",
            name_zh=name,
            department=partner,
            plan=(PlanStep(step="link", department=partner),),
            fee=False,
        )
        for n, (name, partner) in enumerate(LINKS.items())
    ]
    whole = Theme(
        code="house-sale",
        version=1,
        name_zh="不动产交易",
        name_en="Sale of a house",
        source="S1",
        valid_from=on("2017-01-01"),
        serves=like.serves,
        channels=(Channel.WINDOW,),
        items=tuple(ThemeItem(item=one.code) for one in links),
        materials=like.materials,
        promised=like.promised,
        visits=1,
    )
    hall = open_hall(with_items(*links, themes=[whole]))

    # when Ms Li comes once and hands everything in at the hall; the day is ours
    came = Visit(visit="李女士到场")
    hall.do(
        OpenPackage,
        "2017-11-06 09:00",
        package="HOUSE",
        theme="house-sale",
        applicant="李女士",
        applicant_kind=ApplicantKind.PERSON,
        hall=CENTRE,
        visit=came,
    )
    cases = [member.plan.case for member in hall.package("HOUSE").members]
    for case in cases:
        hall.accept(case, "2017-11-06 09:10")
        hall.review(case, "2017-11-06 09:40")
        hall.do(DeliverResult, "2017-11-06 09:45", case=case, method=DeliveryMethod.WINDOW, visit=came)
        hall.end(case, "2017-11-06 09:50")

    # then every partner has handled its link in that one hall
    rows = hall.facts("SELECT hall, department FROM case_facts")
    assert sorted(rows) == sorted((CENTRE, partner) for partner in LINKS.values())
    # and she came once (只跑一次): for all six, from the filing to the papers in her hand
    assert {one.trip.visit for case in cases for one in hall.trips(case)} == {f"{CENTRE}/2017-11-06/李女士到场"}
    assert sum(hall.shares(*cases), Fraction()) == 1
    assert hall.package("HOUSE").stage is PackageStage.CLOSED
    assert (hall.figure("K2-package").value, hall.figure("K3-package").value) == (1.0, 1.0)


# --- 23 ---

STAGES: Final = ("注册", "立项", "建筑方案审批", "施工图审批", "竣工验收产权证办理")


def test_mechanism_23_an_investment_project_passes_five_stages_in_their_order(hall: Hall) -> None:
    """S1: 「对注册、立项、建筑方案审批、施工图审批、竣工验收产权证办理5个环节涉及要素进行深度优化」"""
    # given the theme of five stages, each waiting for the one before
    stages = [item(one.item, "2017-06-01") for one in theme("investment-project", "2017-06-01").items]
    assert [wanted in one.name_zh for wanted, one in zip(STAGES, stages, strict=True)] == [True] * 5
    hall.do(
        OpenPackage,
        "2017-06-01 09:00",
        package="PROJECT",
        theme="investment-project",
        applicant="项目单位",  # project, days and officers are ours
        hall=CENTRE,
        form=filled(theme("investment-project", "2017-06-01").form),
        visit=Visit(visit="交件"),
    )
    cases = [f"PROJECT-{one.code}" for one in stages]

    # when each stage takes as long as it may
    day = on("2017-06-01")
    for n, (case, stage) in enumerate(zip(cases, stages, strict=True)):
        states = [member.state for member in hall.package("PROJECT").members]
        assert states == [MemberState.ENDED] * n + [MemberState.RUNNING] + [MemberState.WAITING] * (4 - n)
        if n < 4:  # nobody gets ahead
            assert hall.refused(AcceptCase, f"{day} 16:59", case=cases[n + 1]).reason is Reason.WRONG_STAGE
        hall.accept(case, f"{day} 17:00")
        day = hall.due(case, stage.promised, f"{day} 17:00").due_on  # its own stage clock
        hall.review(case, f"{day} 16:00")
        hall.end(case, f"{day} 17:00")

    # then every stage kept its own clock, one after the other, and the project ends with the last
    rows = hall.facts("SELECT item, accepted_on, closed_on, promised_verdict FROM case_facts ORDER BY closed_on")
    assert [row[0] for row in rows] == [one.code for one in stages]
    assert [row[3] for row in rows] == ["on_time"] * 5
    assert [row[1] for row in rows[1:]] == [row[2] for row in rows[:-1]]
    file = hall.package("PROJECT")
    assert file.closing is not None
    assert (file.stage, file.closing.granted, file.closing.failed) == (PackageStage.CLOSED, 5, 0)
    # nothing was saved by running side by side, because nothing could: the way is all five
    found = joint_review(file, hall.engine.office.calendar)
    assert found is not None
    assert (found.path, found.serial_days, found.saved_days) == (tuple(cases), 30, 0)  # 1 + 5 + 8 + 8 + 8


def test_mechanism_23_two_fewer_and_one_faster_are_the_figures_of_the_whole_centre(open_hall: OpenHall) -> None:
    """S1: 「申请材料从3113个减少到2153个,审批环节从1709个减少到1228个,事项承诺提速率从85%提升到93%」"""
    # given the centre as if it were one item, before and now; only so large a limit is ours: 100 working days
    like = item("project-approval", "2017-11-14")
    before = replace(
        like,
        code="centre",
        version=1,
        valid_until=on("2016-12-31"),
        promised=Limit.working_days(15),
        statutory=Limit.working_days(100),
        stages=tuple(f"环节{n}" for n in range(1709)),
        materials=tuple(f"材料{n}" for n in range(3113)),
        plan=(),
    )
    now = replace(
        before,
        version=2,
        valid_from=on("2017-01-01"),
        valid_until=None,
        promised=Limit.working_days(7),
        stages=before.stages[:1228],
        materials=before.materials[:2153],
        before=Baseline(source="S1", materials=3113),
    )
    hall = open_hall(Catalogue([before, now]))

    # when the indicators are asked for before the reform and after it
    faster = [hall.figure("K8", as_of=on(day)).value for day in ("2016-06-01", "2017-11-14")]
    fewer_papers, fewer_steps = hall.figure("K12"), hall.figure("K13")

    # then two are fewer and one is faster (两减一升)
    assert faster == [0.85, 0.93]
    assert (fewer_papers.numerator, fewer_papers.denominator, fewer_papers.value) == (960, 3113, 0.308384)
    assert (fewer_steps.numerator, fewer_steps.denominator, fewer_steps.value) == (481, 1709, 0.281451)


# --- 24 ---


def test_mechanism_24_a_building_project_goes_in_and_comes_out_by_one_window(hall: Hall) -> None:
    """S1: 「加快行政审批“一窗进出”改革,从源头上规范建设项目审批」"""
    # given one window for building projects; its name, the days and who comes are ours
    window = "建设项目一窗进出窗口"
    hall.do(
        ReceiveCase,
        "2017-06-01 09:00",
        case="BUILD",
        hall=CENTRE,
        window=window,
        item="project-approval",
        applicant="建设单位",
        applicant_kind=ApplicantKind.COMPANY,
        visit=Visit(visit="交件"),
    )
    hall.accept("BUILD", "2017-06-01 09:20")

    # when five departments have reviewed it behind that window, and it hands the result out again
    hall.review("BUILD", "2017-06-20 15:00")
    hall.certify("BUILD", "2017-06-20 16:00", "建设项目批复")
    hall.do(
        DeliverResult,
        "2017-06-21 09:30",
        case="BUILD",
        certificate="建设项目批复",
        method=DeliveryMethod.WINDOW,
        recipient="建设单位",
        visit=Visit(visit="取件"),
    )
    hall.end("BUILD", "2017-06-21 09:40")

    # then nobody but the window met the applicant: in once, out once, whoever reviewed
    file = hall.file("BUILD")
    assert file.window == window
    assert [one.department for one in file.approvals] == ["市场监管", "发改", "规划", "住建", "国土"]
    assert [(one.trip.visit, one.trip.place, one.verdict) for one in hall.trips("BUILD")] == [
        (f"{CENTRE}/2017-06-01/交件", Place.HALL, TripVerdict.PROMISED),
        (f"{CENTRE}/2017-06-21/取件", Place.HALL, TripVerdict.PROMISED),
    ]
    # who handed it out is the clerk who took it in, not a department
    assert {file.accepted_by, file.deliveries[0].by} == {CLERK}
    assert file.promise is not None
    assert hall.net("BUILD") == file.promise.trips_promised == 2


# --- 25 ---


def test_mechanism_25_a_company_registers_at_any_of_1_and_6_offices_licensed_the_same_day(hall: Hall) -> None:
    """S1: 「在全市首创“1+6全域通办”模式,方便企业注册」「当天就拿到了企业的营业执照」"""
    # given the district's centre and six offices the seed does not name; its 8300 new companies are seven here
    offices = (CENTRE, *(f"全域通办点{n}" for n in range(1, 7)))
    assert len(offices) == 1 + 6

    # when a company is registered at each, on the day of the seed's founder
    for n, office in enumerate(offices):
        _registered(hall, f"FIRM-{n}", office, "2017-07-11")

    # then wherever it was taken in, the same organ answers for it
    rows = hall.facts("SELECT hall, department, accepted_on, closed_on, trips_net FROM case_facts")
    assert hall.groups("K20-accepted", "hall") == dict.fromkeys(offices, 1)
    assert {row[1] for row in rows} == {"新都区市场和质量监督管理局"}
    # and each had its licence on the same day, by one visit
    assert {row[2:] for row in rows} == {("2017-07-11", "2017-07-11", 1)}
    assert hall.figure("K20-accepted").numerator == 7
    assert hall.figure("K3-case").value == 1.0


def _registered(hall: Hall, case: str, office: str, day: str) -> None:
    came = Visit(visit=f"到场-{case}")
    hall.do(
        ReceiveCase,
        f"{day} 09:30",
        case=case,
        hall=office,
        item="company-registration",
        applicant=f"创客{case}",
        applicant_kind=ApplicantKind.COMPANY,
        visit=came,
    )
    hall.accept(case, f"{day} 09:40")
    hall.review(case, f"{day} 10:30")
    hall.certify(case, f"{day} 10:40", f"营业执照-{case}")
    hall.do(
        DeliverResult, f"{day} 10:45", case=case, certificate=f"营业执照-{case}", method=DeliveryMethod.WINDOW, visit=came
    )
    hall.end(case, f"{day} 10:50")
