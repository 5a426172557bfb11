"""S4 Zengcheng, 2019-10: hall A and hall B, free courier, the 020, one matter, e-licences, kiosks (mechanisms 52 to 58).

Days, hours, numbers of papers and names of people are ours where a story does not quote them.
"""

from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from support.hall import APPROVER, CLERK, Hall, OpenHall, at, filled, item, many_items, theme, with_items

from casecore import (
    ApplicantKind,
    Baseline,
    Catalogue,
    Channel,
    Choice,
    CloseCase,
    Condition,
    ConditionMet,
    CourierDispatched,
    Decision,
    DeliverResult,
    DeliveryMethod,
    DispatchCourier,
    FeeWay,
    GivenMaterial,
    GrantApproval,
    LicenceLevel,
    Limit,
    MakeDecision,
    MaterialWay,
    MeetMaterial,
    MemberEnded,
    MemberState,
    OpenPackage,
    Outcome,
    PackageClosed,
    PackageStage,
    PapersSent,
    PassPreReview,
    PayFee,
    Place,
    Question,
    Reason,
    ReceiveCase,
    ReceiveCourieredMaterials,
    RefuseApproval,
    Refused,
    RouteCase,
    SendPapers,
    SubmitApplication,
    ThemeItem,
    Verdict,
    Visit,
    material_ledger,
)

CENTRE: Final = "增城区政务服务中心"
DAY: Final = "2019-10-21"
"""Ours: a Monday of the month of the seed."""


# --- 52 ---


def test_mechanism_52_who_takes_it_in_at_the_counter_is_not_who_approves_it_behind(hall: Hall) -> None:
    """S4: 「“前台综合受理、后台分类审批、统一窗口出件”的 “一窗受理、受审分离”服务模式」"""
    # given a restaurant, taken in at one of hall A's 42 windows; which one is ours
    hall.do(
        ReceiveCase,
        f"{DAY} 09:00",
        case="FOOD",
        hall=CENTRE,
        window="A区综合窗口42",
        item="restaurant-licence",
        applicant="增城餐馆",
        applicant_kind=ApplicantKind.COMPANY,
        visit=Visit(visit="一次到场"),
    )
    hall.accept("FOOD", f"{DAY} 09:10")
    hall.do(RouteCase, f"{DAY} 09:20", case="FOOD")

    # when the clerk of the counter would approve it himself
    approval: dict[str, Any] = {"case": "FOOD", "step": "food", "department": "市场监管"}
    answer = hall.refused(GrantApproval, f"{DAY} 09:30", by=CLERK, **approval)

    # then he may not: receiving and reviewing are apart (受审分离)
    assert (answer.reason, answer.named) == (Reason.ACCEPTOR_MAY_NOT_APPROVE, CLERK)
    # and the departments behind the counter each answer for their own kind of it
    hall.do(GrantApproval, f"{DAY} 10:00", by=APPROVER, **approval)
    assert hall.open_steps("FOOD") == ["fire", "drainage", "signboard"]
    for step, department in (("fire", "消防"), ("drainage", "水务"), ("signboard", "城管")):
        hall.do(GrantApproval, "2019-10-23 10:00", by=f"{department}人员", case="FOOD", step=step, department=department)
    decided: dict[str, Any] = {"case": "FOOD", "decision": Decision.GRANTED}
    assert hall.refused(MakeDecision, "2019-10-23 11:00", by=CLERK, **decided).reason is Reason.ACCEPTOR_MAY_NOT_APPROVE
    hall.do(MakeDecision, "2019-10-23 11:00", by=APPROVER, **decided)
    # and it goes out by one window again (统一窗口出件)
    hall.certify("FOOD", "2019-10-23 11:30", "食品经营许可证")
    handed: dict[str, Any] = {"certificate": "食品经营许可证", "method": DeliveryMethod.WINDOW, "visit": Visit(visit="取件")}
    hall.do(DeliverResult, "2019-10-24 09:00", by="统一出件窗口", case="FOOD", **handed)
    assert {one.by for one in hall.file("FOOD").approvals}.isdisjoint({CLERK})


# --- 53 ---


def test_mechanism_53_nobody_waits_for_the_matter_before_and_it_is_closed_on_condition(open_hall: OpenHall) -> None:
    """S4: 「“一窗联办、协同服务”服务模式,解决因办一件事需办理完成前置环节后再申办带来的时间长,多头跑的问题」"""
    # given a hotel, whose licence stands on the fire check: as it was before, one after the other, and as it is now
    now = theme("post-licences", DAY)
    serial = tuple(
        replace(one, after=one.conditional_on, conditional_on=()) if one.conditional_on else one for one in now.items
    )
    before = open_hall(with_items(themes=[replace(now, items=serial)]))
    after = open_hall()
    for hall in (before, after):
        _hotel(hall)

    # when the fire check takes ten working days and the licence eight, which is ours
    states = [{m.plan.item: m.state for m in hall.package("HOTEL").members}["hotel-licence"] for hall in (before, after)]
    assert states == [MemberState.WAITING, MemberState.RUNNING]
    _hotel_handled(after, {"hygiene": "2019-10-25", "hotel": "2019-10-31", "fire": "2019-11-04"})
    _hotel_handled(before, {"hygiene": "2019-10-25", "fire": "2019-11-04", "hotel": "2019-11-14"})

    # then the licence was closed before the check, on condition, and the condition was met with the check
    pending = [(one.case, one.pending) for one in after.told("HOTEL", MemberEnded) if one.pending]
    assert pending == [("HOTEL-hotel-licence", ("HOTEL-fire-check",))]
    last = [type(one.event) for one in after.engine.history("HOTEL")[-3:]]
    assert last == [MemberEnded, ConditionMet, PackageClosed]
    # and nobody waited: ten working days for the whole instead of eighteen
    took = "SELECT conditional, used_days, serial_days, saved_days FROM package_facts WHERE closed = 1"
    assert before.facts(took) == [(0, 18, 22, 4)]  # hygiene: 4, beside the others in both
    assert after.facts(took) == [(1, 10, 22, 12)]


def test_mechanism_53_what_was_closed_on_a_condition_that_fails_loses_its_licence(hall: Hall) -> None:
    """S4: 「前台无差别受理、后台无缝隙对接」"""
    # given a hotel licence, issued while the fire check still ran
    _hotel(hall)
    _hotel_handled(hall, {"hotel": "2019-10-31"})
    assert hall.package("HOTEL").stage is PackageStage.ACCEPTED

    # when the fire check is refused; that it is is ours
    fire = "HOTEL-fire-check"
    hall.do(RouteCase, "2019-11-04 09:00", case=fire)
    no: dict[str, Any] = {"case": fire, "step": "fire", "department": "消防", "reason": "疏散通道不符"}
    hall.do(RefuseApproval, "2019-11-04 10:00", by=APPROVER, **no)
    hall.do(MakeDecision, "2019-11-04 11:00", by=APPROVER, case=fire, decision=Decision.REFUSED, reason="疏散通道不符")
    hall.do(CloseCase, "2019-11-04 11:10", case=fire, outcome=Outcome.OTHER)

    # then the licence is revoked with it, in the same moment
    (licence,) = hall.file("HOTEL-hotel-licence").certificates
    assert licence.revoked_at == hall.file(fire).closed_at
    lost = hall.package("HOTEL").member("HOTEL-hotel-licence")
    assert lost is not None
    assert (lost.granted, lost.lost_to) == (False, fire)


def _hotel(hall: Hall) -> None:
    hall.do(
        OpenPackage,
        f"{DAY} 09:00",
        package="HOTEL",
        theme="post-licences",
        applicant="增城市民",
        applicant_kind=ApplicantKind.PERSON,  # hall B serves persons
        hall=CENTRE,
        window="B区综合窗口180",
        answers=(Choice(question="trade", answer="hotel"), Choice(question="food", answer="no")),
        form=filled(theme("post-licences", DAY).form),
        visit=Visit(visit="一次到场"),
    )
    for member in hall.package("HOTEL").members:
        if member.state is MemberState.RUNNING:
            hall.accept(member.plan.case, f"{DAY} 09:10")


def _hotel_handled(hall: Hall, days: dict[str, str]) -> None:
    cases = {"hygiene": "HOTEL-hygiene-licence", "fire": "HOTEL-fire-check", "hotel": "HOTEL-hotel-licence"}
    for name, day in days.items():
        if hall.file(cases[name]).promise is None:  # opened only when the one before was granted
            hall.accept(cases[name], f"{days['fire']} 16:30")
        hall.review(cases[name], f"{day} 15:00")
        if name == "hotel":
            hall.certify(cases[name], f"{day} 15:30", "特种行业许可证")
        hall.end(cases[name], f"{day} 16:00")


# --- 54 ---


def test_mechanism_54_papers_are_fetched_and_results_brought_free_of_charge(hall: Hall) -> None:
    """S4: 「政务服务双向免费快递,即申办材料免费上门收取,业务办理结果免费送件上门」「实现办事“不出门”、“零跑动”」"""
    # given a restaurant filed online, whose papers the post fetches at the door; days and numbers are ours
    hall.do(
        SubmitApplication,
        f"{DAY} 20:00",
        by="增城餐馆",
        case="ONLINE",
        item="restaurant-licence",
        channel=Channel.WEBSITE,
        applicant="增城餐馆",
        applicant_kind=ApplicantKind.COMPANY,
    )
    papers = item("restaurant-licence", DAY).materials
    hall.do(SendPapers, "2019-10-22 10:00", by="邮政", case="ONLINE", consignment="IN-1", courier="邮政", materials=papers)
    hall.do(PassPreReview, "2019-10-22 09:00", case="ONLINE")
    hall.do(ReceiveCourieredMaterials, "2019-10-23 09:30", case="ONLINE", consignment="IN-1", materials=papers)
    hall.do(ReceiveCase, "2019-10-23 09:40", case="ONLINE", hall=CENTRE)

    # when the result is sent to the door as well
    _licence_mailed(hall, "ONLINE", "2019-10-28")

    # then it cost nothing, in either direction, and nobody left the house
    file = hall.file("ONLINE")
    assert [one.charge_fen for one in hall.told("ONLINE", PapersSent)] == [0]
    assert [one.charge_fen for one in hall.told("ONLINE", CourierDispatched)] == [0]
    assert (file.trips, file.deliveries[0].method) == ((), DeliveryMethod.COURIER)
    assert hall.figure("K4-case").value == 1.0


def test_mechanism_54_whoever_files_at_the_counter_may_choose_the_courier_for_the_way_back(hall: Hall) -> None:
    """S4: 「办事群众在线上或现场申办业务时,可以直接选择快递服务模式,提交材料或领取结果」"""
    # given two restaurants filed at the counter; that one takes the courier and one comes back is ours
    for case in ("MAILED", "FETCHED"):
        hall.do(
            ReceiveCase,
            f"{DAY} 09:00",
            case=case,
            hall=CENTRE,
            item="restaurant-licence",
            applicant="增城餐馆",
            applicant_kind=ApplicantKind.COMPANY,
            visit=Visit(visit=f"{case}-1"),
        )

    # when one result goes by courier and the other is collected
    _licence_mailed(hall, "MAILED", "2019-10-28")
    hall.handle_and_certify("FETCHED", "2019-10-28")
    fetched: dict[str, Any] = {
        "certificate": "证-FETCHED",
        "method": DeliveryMethod.WINDOW,
        "visit": Visit(visit="FETCHED-2"),
    }
    hall.do(DeliverResult, "2019-10-29 10:00", case="FETCHED", **fetched)
    hall.end("FETCHED", "2019-10-29 10:10")

    # then the courier spared the second way
    rows = dict(hall.facts("SELECT case_id, trips_net FROM case_facts"))
    assert rows == {"MAILED": 1, "FETCHED": 2}
    assert hall.file("MAILED").consignments[0].courier == "邮政"


def _licence_mailed(hall: Hall, case: str, day: str) -> None:
    hall.handle_and_certify(case, day)
    number = f"证-{case}"
    hall.do(DispatchCourier, f"{day} 16:00", case=case, consignment=f"OUT-{case}", courier="邮政", certificate=number)
    hall.do(
        DeliverResult, "2019-10-29 11:00", by="邮政", case=case, consignment=f"OUT-{case}", method=DeliveryMethod.COURIER
    )
    hall.end(case, "2019-10-29 11:10")


# --- 55 ---

LINKS: Final = tuple(f"020-startup-{link}" for link in ("licence", "seal", "account", "tax", "invoices"))


def test_mechanism_55_a_company_starts_without_papers_in_two_hours_at_no_cost_and_by_one_visit(hall: Hall) -> None:
    """S4: 「由原来需提交28份申办材料到现在无需提交申办材料」「办理时限从原来的6个工作日缩短到2个小时」
    「到场次数由原来的6次到现在的1次就可办结」"""
    # given what it took before
    whole = theme("company-020", DAY)
    before = whole.before
    assert before is not None
    assert (before.materials, before.limit, before.visits) == (28, Limit.working_days(6), 6)
    _started(hall)

    # when all five services, which had it at the same time, are done two hours later
    for case in LINKS:
        hall.handle(case, f"{DAY} 11:30")
    # and the licence is collected on the one visit
    hall.certify(LINKS[0], f"{DAY} 11:30", "营业执照")
    once: dict[str, Any] = {"method": DeliveryMethod.WINDOW, "visit": Visit(visit="一次到场")}
    hall.do(DeliverResult, f"{DAY} 14:00", case=LINKS[0], certificate="营业执照", **once)
    for case in LINKS[1:]:
        hall.do(DeliverResult, f"{DAY} 14:00", case=case, **once)

    # then 28 papers became none (K12: 100 %)
    assert hall.package("020").materials == ()
    assert [material_ledger(hall.file(case)) for case in LINKS] == [()] * 5
    papers = hall.figure("K12", by="item", group="company-startup")
    assert (papers.numerator, papers.denominator, papers.value) == (28, 28, 1.0)
    # and six working days became two hours, kept to the minute
    reading = hall.due("020", Limit.hours(2), f"{DAY} 17:00")
    assert (reading.due_at, reading.verdict) == (at(f"{DAY} 11:30"), Verdict.ON_TIME)
    quicker = hall.figure("K27", by="theme", group="company-020")
    assert (quicker.numerator, quicker.denominator) == (40 * 60, 42 * 60)  # minutes of six days of seven hours
    # and six visits became one, for all five together
    assert sum(hall.shares(*LINKS), Fraction()) == whole.visits == 1
    assert hall.figure("K2-package", by="theme", group="company-020").value == 1.0
    # and what seal, account and tax disk cost is not asked for any more
    for case, fee in zip(LINKS[1:4], ("刻章费", "开户费", "税控盘费"), strict=True):
        charged: dict[str, Any] = {"fee": fee, "amount_fen": 1, "way": FeeWay.ONLINE}
        assert hall.refused(PayFee, f"{DAY} 15:00", case=case, **charged).reason is Reason.NO_FEE


def test_mechanism_55_licence_seal_account_and_tax_are_handled_side_by_side(hall: Hall) -> None:
    """S4: 「将企业设立、刻章备案、银行开户、税务登记、申领税票等业务通过系统同时分发个给相应部门进行并联办理」"""
    # given one filing
    _started(hall)

    # when it has been sent on
    members = hall.package("020").members
    opened = [member.state for member in members]
    for case in LINKS:
        hall.do(RouteCase, f"{DAY} 09:30", case=case)

    # then all five lie at their departments in the same minute: none waits for another
    assert opened == [MemberState.RUNNING] * 5
    routed = [approval for case in LINKS for approval in hall.file(case).approvals]
    assert [one.department for one in routed] == ["市场监管", "公安", "银行", "税务", "税务"]
    assert {one.opened_at for one in routed} == {at(f"{DAY} 09:30")}
    # and though the seal was ready first, it stood on the licence (附条件) until that was granted
    for case, hour in ((LINKS[1], "10:00"), (LINKS[0], "10:30")):
        hall.review(case, f"{DAY} {hour}")
        hall.end(case, f"{DAY} {hour}")
    assert [(one.case, one.at) for one in hall.told("020", ConditionMet)] == [(LINKS[1], at(f"{DAY} 10:30"))]


def _started(hall: Hall) -> None:
    whole = theme("company-020", DAY)
    assert whole.materials == ()
    hall.do(
        OpenPackage,
        f"{DAY} 09:30",
        by="增城创业者",
        package="020",
        theme="company-020",
        applicant="增城新企业",
        hall=CENTRE,
        channel=Channel.WEBSITE,
        form=filled(whole.form),
    )
    for case in LINKS:
        hall.do(ReceiveCase, f"{DAY} 09:30", case=case, hall=CENTRE, window="企业开办服务专窗")
        hall.accept(case, f"{DAY} 09:30")


# --- 56 ---


def test_mechanism_56_one_theme_one_form_one_window_one_set_of_papers_one_visit(hall: Hall) -> None:
    """S4: 「一种开办主题、一表线上填报、一窗综合受理、一套材料复用、一次到场办理」"""
    # given one theme, one form and one set of papers; the trade and the answers are ours, 休闲娱乐 is the seed's
    whole = theme("post-licences", DAY)
    came = Visit(visit="一次到场")
    hall.do(
        OpenPackage,
        f"{DAY} 09:00",
        package="FUN",
        theme="post-licences",
        applicant="增城娱乐城",
        hall=CENTRE,
        window="一窗综合受理",
        answers=(Choice(question="trade", answer="leisure"), Choice(question="food", answer="yes")),
        form=filled(whole.form),
        given=tuple(GivenMaterial(material=one) for one in whole.materials),
        visit=came,
    )

    # when all its licences are handled and sent by the free courier
    package = hall.package("FUN")
    cases = [member.plan.case for member in package.members]
    for case in cases:
        hall.handle_and_certify(case, "2019-10-28")
        sent = {"consignment": f"OUT-{case}", "courier": "邮政"}
        hall.do(DispatchCourier, "2019-10-28 16:00", case=case, **sent, certificate=f"证-{case}")
        hall.do(DeliverResult, "2019-10-29 10:00", case=case, consignment=f"OUT-{case}", method=DeliveryMethod.COURIER)
        hall.end(case, "2019-10-29 10:00")

    # then the answers called for four matters of this theme, and none of another trade
    assert [member.plan.item for member in package.members] == [
        "food-licence",
        "fire-check",
        "hygiene-licence",
        "entertainment-licence",
    ]
    # one form, filled in once
    assert package.opened is not None
    assert len(package.opened.form) == len(whole.form)
    # one window
    assert {hall.file(case).window for case in cases} == {"一窗综合受理"}
    # one set of papers: four sheets, of which the first case has the paper and the others the same again
    required = [line for case in cases for line in material_ledger(hall.file(case))]
    assert (len(package.materials), len(required)) == (4, 14)
    assert sum(line.way is MaterialWay.PACKAGE for line in required) == 10
    # one visit
    assert sum(hall.shares(*cases), Fraction()) == whole.visits == 1
    assert (hall.figure("K2-package").value, hall.figure("K3-package").value) == (1.0, 1.0)
    # of each sheet one, so ten of fourteen were not handed in again; none was looked up, which is what 免提交 means
    together = hall.figure("K14-shared")
    assert (together.numerator, together.denominator) == (10, 14)
    assert (hall.figure("K14").numerator, hall.figure("K14").denominator) == (0, 14)


def test_mechanism_56_the_questionnaire_tells_47_fields_and_60_conditions_apart(open_hall: OpenHall) -> None:
    """S4: 「全面梳理文体教育、酒店餐饮、休闲娱乐等47个领域60种以上的企业后置经营许可准入条件」"""
    # given 47 fields and 60 conditions of entry; the seed names three fields, so they are numbered, and so is which
    # condition stands in which field
    fields = tuple(f"field-{n}" for n in range(1, 48))
    conditions = many_items(item("food-licence", DAY), "准入条件", 60)
    whole = replace(
        theme("post-licences", DAY),
        questions=(Question(question="field", ask_zh="属于哪个领域?", answers=fields),),
        items=tuple(
            ThemeItem(item=one.code, when=(Condition(question="field", answers=(fields[n % 47],)),))
            for n, one in enumerate(conditions)
        ),
    )
    hall = open_hall(with_items(*conditions, themes=[whole]))
    assert (len(whole.questions[0].answers), len(whole.items)) == (47, 60)

    # when one is opened in each field
    asked: dict[str, Any] = {"theme": whole.code, "applicant": "增城企业", "hall": CENTRE, "form": filled(whole.form)}
    called: list[list[str]] = []
    for n, field in enumerate(fields):
        answer = Choice(question="field", answer=field)
        hall.do(OpenPackage, f"{DAY} 09:00", package=f"F-{n}", **asked, answers=(answer,))
        called.append([member.plan.item for member in hall.package(f"F-{n}").members])

    # then each is asked for the conditions of its own field, and for no other
    assert {len(one) for one in called} == {1, 2}
    assert sorted(code for one in called for code in one) == [one.code for one in conditions]
    # and what no field knows is not taken
    odd = hall.refused(
        OpenPackage, f"{DAY} 09:00", package="F-x", **asked, answers=(Choice(question="field", answer="field-48"),)
    )
    assert odd.reason is Reason.ANSWERS_UNFIT


# --- 57 ---


def test_mechanism_57_of_222_electronic_licences_51_are_in_use(open_hall: OpenHall) -> None:
    """S4: 「增城共制作电子证照222种,已有51中电子证照实现了便民应用」"""
    # given a matter that asks for each of 222 licences, 51 of which the window may call instead of paper; that they are
    # all asked for by one matter is ours
    kinds = tuple(f"电子证照{n}" for n in range(1, 223))
    wide = replace(item("food-licence", DAY), code="wide", materials=kinds, licence_materials=kinds[:51])
    hall = open_hall(Catalogue([wide]))
    hall.do(ReceiveCase, f"{DAY} 09:00", case="WIDE", hall=CENTRE, item="wide", applicant="增城企业")

    # when the window tries to call each of them
    answers = [
        hall.ask(
            MeetMaterial,
            f"{DAY} 09:10",
            case="WIDE",
            material=kind,
            way=MaterialWay.E_LICENCE,
            source=f"证照编号-{kind}",
            level=LicenceLevel.A,
        )
        for kind in kinds
    ]

    # then 51 stand for the paper and the others do not: 22.97 % of those made are in use
    refused = [one.reason for one in answers if isinstance(one, Refused)]
    in_use = len(answers) - len(refused)
    assert (in_use, len(answers), set(refused)) == (51, 222, {Reason.NO_LICENCE_FOR_IT})
    assert f"{in_use / len(answers):.2%}" == "22.97%"


FOUR: Final = ("甲", "乙", "丙", "丁")
SPARED: Final = [2] * 3 + [1] * 22
"""25 matters of four papers each: a licence stands for two of them in three matters, for one in the others, so that the
seed's mean comes out: 28 of 100."""


def test_mechanism_57_licences_called_at_the_window_spare_28_per_cent_of_papers_and_50_at_most(
    open_hall: OpenHall,
) -> None:
    """S4: 「窗口人员通过增城区综合受理审批系统调取电子证照替代纸质证照,材料精简数量最高可达50%,平均精简率达28%」"""
    # given those matters, each with a case whose clerk calls what a licence may stand for
    like = replace(item("food-licence", DAY), materials=FOUR, plan=())
    matters = [
        replace(one, licence_materials=FOUR[:number])
        for one, number in zip(many_items(like, "事项", 25), SPARED, strict=True)
    ]
    hall = open_hall(Catalogue(matters))
    for n, (matter, number) in enumerate(zip(matters, SPARED, strict=True)):
        case = f"CALL-{n}"
        asked: dict[str, Any] = {"case": case, "hall": CENTRE, "item": matter.code, "applicant": f"企业{n}"}
        hall.do(ReceiveCase, f"{DAY} 09:00", **asked, materials=FOUR[number:])
        for paper in FOUR[:number]:
            called: dict[str, Any] = {"material": paper, "source": f"证照-{paper}-{n}", "level": LicenceLevel.A}
            hall.do(MeetMaterial, f"{DAY} 09:05", case=case, way=MaterialWay.E_LICENCE, **called)

    # when they are closed
    for n in range(25):
        hall.handle(f"CALL-{n}", f"{DAY} 10:00")

    # then 28 of 100 papers were spared, half of them at most in one matter
    mean, reused = hall.figure("K14"), hall.figure("K14-licence")
    assert (mean.numerator, mean.denominator, mean.value) == (28, 100, 0.28)
    assert reused.value == 1.0  # no call failed
    ((most,),) = hall.facts("SELECT MAX(1.0 * materials_reused / materials_required) FROM case_facts")
    assert most == 0.5


def test_mechanism_57_the_catalogue_declares_the_same_reduction_matter_by_matter(open_hall: OpenHall) -> None:
    """S4: 「材料精简数量最高可达50%,平均精简率达28%」"""
    # given the same matters as a catalogue that asks for the papers no more which a licence stands for
    like = replace(item("food-licence", DAY), materials=FOUR, licence_materials=(), plan=())
    matters = [
        replace(
            one,
            materials=FOUR[number:],
            before=Baseline(source="S4", materials=4),
        )
        for one, number in zip(many_items(like, "事项", 25), SPARED, strict=True)
    ]
    hall = open_hall(Catalogue(matters))

    # when the reductions are asked for
    mean, most, together = (hall.figure(code) for code in ("K12-mean", "K12-most", "K12"))

    # then they are the seed's
    assert (mean.value, most.value) == (0.28, 0.5)
    assert (together.numerator, together.denominator) == (28, 100)


def test_mechanism_57_a_licence_that_is_called_stands_in_the_ledger_with_its_level(open_hall: OpenHall) -> None:
    """S4: 「形成“五化”特征」"""
    # given one of those matters as its cases see it: four papers, a licence may stand for two
    hall = open_hall(Catalogue([replace(item("food-licence", DAY), materials=FOUR, licence_materials=FOUR[:2])]))
    received: dict[str, Any] = {"hall": CENTRE, "item": "food-licence", "applicant": "增城企业", "materials": FOUR[2:]}
    called = tuple(
        GivenMaterial(material=one, way=MaterialWay.E_LICENCE, source=f"证照-{one}", level=level)
        for one, level in zip(FOUR, (LicenceLevel.A, LicenceLevel.B), strict=False)
    )

    # when the clerk calls both instead of asking for them
    hall.do(ReceiveCase, f"{DAY} 09:00", case="HALF", **received, given=called)
    hall.accept("HALF", f"{DAY} 09:10")

    # then half of the four papers were not handed in, and the ledger says what stood for them
    ledger = material_ledger(hall.file("HALF"))
    assert [(line.material, line.way, line.level) for line in ledger] == [
        ("甲", MaterialWay.E_LICENCE, LicenceLevel.A),
        ("乙", MaterialWay.E_LICENCE, LicenceLevel.B),
        ("丙", MaterialWay.PAPER, None),
        ("丁", MaterialWay.PAPER, None),
    ]
    assert Fraction(sum(line.way is MaterialWay.E_LICENCE for line in ledger), len(ledger)) == Fraction(1, 2)


# --- 58 ---

ZONE_A: Final = "增城区综合政务自助区"


def test_mechanism_58_the_machine_that_starts_a_company_prints_its_licence_in_the_same_visit(hall: Hall) -> None:
    """S4: 「综合商事登记一体机更是全国首台实现集企业开办“照、章、户、税”四大环节一键申办、营业执照自助打印为一体的终端」"""
    # given the company filed at the machine of zone A by one key; days, hours and company are ours
    whole = theme("company-020", DAY)
    came = Visit(visit="到自助区", place=Place.HALL_KIOSK, device="综合商事登记一体机")
    hall.do(
        OpenPackage,
        f"{DAY} 19:00",
        by="增城创业者",
        package="020",
        theme="company-020",
        applicant="增城新企业",
        hall=ZONE_A,
        channel=Channel.KIOSK,
        form=filled(whole.form),
        visit=came,
    )

    # when it is handled, and the machine prints the licence
    for case in LINKS:
        hall.accept(case, f"{DAY} 19:05")
        hall.review(case, f"{DAY} 19:30")
    hall.certify(LINKS[0], f"{DAY} 19:31", "营业执照")
    printed: dict[str, Any] = {"certificate": "营业执照", "method": DeliveryMethod.LOCKER, "visit": came}
    hall.do(DeliverResult, f"{DAY} 19:35", by="综合商事登记一体机", case=LINKS[0], **printed)
    for case in LINKS:
        hall.end(case, f"{DAY} 19:40")

    # then all four links (照、章、户、税) took one visit to one machine, in the evening
    assert {trip.trip.device for case in LINKS for trip in hall.trips(case)} == {"综合商事登记一体机"}
    assert sum(hall.shares(*LINKS), Fraction()) == 1
    assert hall.package("020").stage is PackageStage.CLOSED


def test_mechanism_58_25_terminals_of_zone_a_take_matters_day_and_night_and_zone_b_its_own(hall: Hall) -> None:
    """S4: 「配备了54台自助服务终端」「共配备自助服务终端设备25台」「B区的公安业务自助区和税务业务自助区」"""
    # given 25 terminals in zone A, numbered by us, and the rest of the 54 in two zones of hall B
    terminals = tuple(f"A区终端{n}" for n in range(1, 26))
    assert 54 - len(terminals) == 29

    # when each of the 25 takes one matter, one after the other around the clock
    for n, device in enumerate(terminals):
        when = f"{DAY} {n % 24:02d}:15"
        hall.do(
            ReceiveCase,
            when,
            by=device,
            case=f"T-{n}",
            hall=ZONE_A,
            item="property-query",
            channel=Channel.KIOSK,
            applicant=f"市民{n}",
            applicant_kind=ApplicantKind.PERSON,
            visit=Visit(visit=f"swipe-{n}", place=Place.HALL_KIOSK, device=device),
        )
        hall.handle(f"T-{n}", when)

    # then every hour of the day has had somebody served (零时差), each for one visit on site
    hours = {file.received_at.hour for n in range(25) if (file := hall.file(f"T-{n}")).received_at is not None}
    assert hours == set(range(24))
    came = hall.facts("SELECT kiosk, COUNT(*), SUM(person_times), SUM(cases) FROM visit_facts GROUP BY kiosk")
    assert came == [(1, 25, 25, 25)]
    assert hall.figure("K2").value == 1.0
    assert hall.figure("K20-closed").numerator == 25
    # and the police's zone in hall B takes the police's matters only
    asked: dict[str, Any] = {"applicant": "市民", "applicant_kind": ApplicantKind.PERSON, "channel": Channel.KIOSK}
    police: dict[str, Any] = {"hall": "增城区公安业务自助区", **asked}
    hall.do(ReceiveCase, f"{DAY} 20:00", case="B-1", item="hk-macau-endorsement", **police)
    assert hall.refused(ReceiveCase, f"{DAY} 20:00", case="B-2", item="tax-self-service", **police).reason is (
        Reason.NOT_TAKEN_HERE
    )


def test_mechanism_58_a_result_waits_in_the_locker_and_fetching_it_is_the_one_trip(hall: Hall) -> None:
    """S4: 「综合政务、商事登记、综合警务、微警认证、自助取件5个功能」"""
    # given a restaurant filed online and granted; applicant and days are ours
    hall.do(
        SubmitApplication,
        f"{DAY} 10:00",
        by="增城餐馆",
        case="LOCK",
        item="restaurant-licence",
        channel=Channel.WEBSITE,
        applicant="增城餐馆",
        applicant_kind=ApplicantKind.COMPANY,
    )
    hall.do(ReceiveCase, f"{DAY} 10:30", case="LOCK", hall=CENTRE)
    hall.handle_and_certify("LOCK", "2019-10-28")

    # when it is fetched from the locker at night
    fetched = Visit(visit="自助取件", place=Place.HALL_KIOSK, device="自助取件柜")
    taken: dict[str, Any] = {"certificate": "证-LOCK", "method": DeliveryMethod.LOCKER, "visit": fetched}
    hall.do(DeliverResult, "2019-10-28 23:00", by="自助取件柜", case="LOCK", **taken)
    hall.end("LOCK", "2019-10-29 09:00")

    # then collecting is a trip, to the hall: a locker spares the hour, not the way
    assert [(one.trip.cause.value, one.gross, one.net) for one in hall.trips("LOCK")] == [("collect", True, True)]
    assert hall.figure("K4-case").value == 0.0
