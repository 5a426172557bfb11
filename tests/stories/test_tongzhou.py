"""S3 Tongzhou, 2021: noon, general windows, one matter, lists, e窗通, seals, trips, help (mechanisms 40-43, 45, 46, 49, 50).

Days, hours, numbers of papers and names of people are ours where a story does not quote them.
"""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any, Final

from support.hall import APPROVER, LAST_DAY, SHIPPED, Hall, OpenHall, filled, item, many_items, minutes_between, on, theme

from adapters.declared import Contradiction, declared_themes
from adapters.reporting import Period
from casecore import (
    AcceptCase,
    ApplicantKind,
    Catalogue,
    Cause,
    Channel,
    Decision,
    DeliverResult,
    DeliveryMethod,
    FeeWay,
    GivenMaterial,
    HandlingKind,
    ItemLabel,
    LeaveVisit,
    Limit,
    MakeCertificate,
    MakeDecision,
    MaterialWay,
    Need,
    OpenPackage,
    OpenVisit,
    PackageOpened,
    PackageStage,
    PassPreReview,
    PayFee,
    PlanStep,
    Purpose,
    Reason,
    ReceiveCase,
    RecordTrip,
    Seal,
    SealCertificate,
    SubmitApplication,
    TripVerdict,
    VainReason,
    Verdict,
    Visit,
    material_ledger,
)

HALL: Final = "通州区政务服务中心"
TOWNS: Final = ("宋庄镇便民服务中心", "马驹桥镇便民服务中心")
"""Two of the towns; which ones is ours."""
ALWAYS: Final = Period(None, None, LAST_DAY)
END_OF_2020: Final = date(2020, 12, 31)


# --- 40 ---


def test_mechanism_40_75_000_person_times_are_a_counter_of_people_and_not_of_cases(hall: Hall) -> None:
    """S3: 「通州区各级政务服务大厅的“早晚弹性办”“午间不间断”和“周末不休息”延时服务,已累计服务办事人7.5万余人次」"""
    # given one noon for every thousand, in the district's hall and in two towns, three people at a time; all ours
    halls = (HALL, *TOWNS)
    for n in range(25):
        where, number = halls[n % 3], f"午{n}"
        day = f"2021-03-{n + 1:02}"
        place = {"hall": where, "on": on(day), "number": number}
        hall.do(OpenVisit, f"{day} 12:10", by="午间值班", **place, persons=3, purpose=Purpose.HANDLE)
        # one in five brings two matters, one in five none that can be taken in
        for k in range((1, 1, 2, 1, 0)[n % 5]):
            asked = {"item": "property-query", "applicant": f"市民{n}", "applicant_kind": ApplicantKind.PERSON}
            hall.do(ReceiveCase, f"{day} 12:20", case=f"N-{n}-{k}", hall=where, **asked, visit=Visit(visit=number))
        why = VainReason.PAPERS_MISSING if n % 5 == 4 else None
        hall.do(LeaveVisit, f"{day} 12:50", by="午间值班", **place, in_vain=why)

    # then 75 came, 25 times, with 25 cases among 20 of them, and five times in vain; the towns' count adds to the hall's
    assert [hall.figure(code).numerator for code in ("V1", "V2", "K20-received")] == [75, 25, 25]
    assert hall.groups("V1", "hall") == {HALL: 27, TOWNS[0]: 24, TOWNS[1]: 24}
    in_vain = hall.figure("V3")
    assert (in_vain.numerator, in_vain.denominator, in_vain.value) == (5, 25, 0.2)
    assert hall.facts("SELECT SUM(cases), COUNT(*) FROM visit_facts WHERE cases > 0") == [(25, 20)]


# --- 41 ---


def test_mechanism_41_any_of_34_general_windows_takes_what_43_departments_handle(open_hall: OpenHall) -> None:
    """S3: 「进驻区政务服务大厅的部门已有43个,区政务服务大厅承办工作事项已达1629项」「大厅综合窗口34个」"""
    # given 1629 items of 43 departments; items and departments are numbered by us, as the seed only counts them
    like = item("foreign-translation-company")
    items = [
        replace(one, department=f"部门{n % 43 + 1}", plan=(PlanStep(step="review", department=f"部门{n % 43 + 1}"),))
        for n, one in enumerate(many_items(like, "大厅事项", 1629))
    ]
    hall = open_hall(Catalogue(items))
    declared = hall.facts("SELECT COUNT(*), COUNT(DISTINCT department) FROM item_facts")
    assert declared == [(1629, 43)]

    # when one case for each department is handed in, each at the general window whose turn it is
    for n in range(43):
        hall.do(
            ReceiveCase,
            "2021-03-01 09:30",
            case=f"W-{n}",
            hall=HALL,
            window=f"综合窗口{n % 34 + 1}",
            item=items[n].code,
            applicant=f"企业{n}",
            applicant_kind=ApplicantKind.COMPANY,
            visit=Visit(visit=f"visit-{n}"),
        )
        hall.handle(f"W-{n}", "2021-03-01 10:00")

    # then the window is nobody's and the review is its department's (不再“跑部门”“跑窗口”)
    windows = {hall.file(f"W-{n}").window for n in range(43)}
    reviewed = {one.department for n in range(43) for one in hall.file(f"W-{n}").approvals}
    assert (len(windows), len(reviewed)) == (34, 43)
    assert hall.figure("K2").value == 1.0


def test_mechanism_41_a_company_name_took_ten_minutes_at_one_window(hall: Hall) -> None:
    """S3: 「服务台咨询、取号、综合窗口办理,总共花费10分钟」"""
    # given Ms Li of an investment company at a general window; the day is ours, the ten minutes are the seed's
    came = Visit(visit="黎女士到场")
    company: dict[str, Any] = {"applicant": "投资公司", "applicant_kind": ApplicantKind.COMPANY}
    hall.do(
        ReceiveCase,
        "2021-03-01 10:00",
        case="NAME",
        hall=HALL,
        window="综合窗口1",
        item="company-name-check",
        **company,
        visit=came,
    )

    # when her name is checked while she waits
    hall.handle("NAME", "2021-03-01 10:10")

    # then it took ten minutes, from one window, in one visit
    file = hall.file("NAME")
    assert minutes_between(file.received_at, file.closed_at) == 10
    assert (hall.net("NAME"), hall.item_of("NAME").handling) == (1, HandlingKind.INSTANT)


# --- 42 ---

SHOPS: Final = tuple(f"大运河书店{n}号店" for n in range(1, 13))
"""The twelve shops; their names are ours."""
FIRST, SECOND = Visit(visit="王女士第一次"), Visit(visit="王女士第二次")


def test_mechanism_42_twelve_bookstores_in_one_submission_and_two_visits(hall_on_disk: Hall, open_hall: OpenHall) -> None:
    """S3: 「第一次到大厅,她在一个窗口同时提交了12家书店的开设申请;第二次再来,就顺利拿到了全部12家书店分店的开业许可文书」"""
    # given one submission for twelve shops; the days are ours, of a week without a holiday in it
    hall = hall_on_disk
    _twelve_filed(hall)
    assert len(hall.told("SHOPS", PackageOpened)) == 1
    cases = [member.plan.case for member in hall.package("SHOPS").members]
    assert len(cases) == 12
    assert {hall.file(case).window for case in cases} == {"“办好一件事”窗口"}

    # when the departments have reviewed all of them at once, and she collects twelve licences on her second visit
    for n, case in enumerate(cases):
        hall.accept(case, "2020-11-02 11:00")
        hall.review(case, "2020-11-13 15:00")
        hall.certify(case, "2020-11-13 16:00", f"出版物经营许可证-{n + 1}")
    for n, case in enumerate(cases):
        number = f"出版物经营许可证-{n + 1}"
        hall.do(
            DeliverResult,
            "2020-11-16 10:00",
            case=case,
            certificate=number,
            method=DeliveryMethod.WINDOW,
            visit=SECOND,
        )
        hall.end(case, "2020-11-16 10:10")

    # then one submission led to twelve licences
    certificates = {one.certificate for case in cases for one in hall.file(case).certificates}
    package = hall.package("SHOPS")
    assert len(certificates) == 12
    assert package.closing is not None
    assert (package.stage, package.closing.granted, package.closing.failed) == (PackageStage.CLOSED, 12, 0)
    # and she came twice: two visits for the whole, two twelfths for each shop
    visits = {one.trip.visit for case in cases for one in hall.trips(case)}
    assert visits == {f"{HALL}/2020-11-02/王女士第一次", f"{HALL}/2020-11-16/王女士第二次"}
    assert hall.shares(*cases) == [Fraction(2, 12)] * 12
    assert sum(hall.shares(*cases), Fraction()) == 2
    assert hall.figure("K2-package", by="theme", group="bookstores").value == 2.0
    assert hall.figure("K2").value == 2.0  # each shop by itself
    assert hall.figure("K2-apportioned").value == hall.figure("K2-inherited").value == 0.166667
    # whoever opens the store later reads the same
    assert open_hall(url=hall.url).package("SHOPS") == package
    # and two were promised for the whole
    (found,) = declared_themes(hall.tables, ALWAYS)
    assert (found.declared_visits, found.mean_net, found.contradiction) == (2, (2, 1), None)


def test_mechanism_42_ten_working_days_instead_of_twenty(hall: Hall) -> None:
    """S3: 「至少需要20个工作日」「办理时限也压缩至10个工作日」"""
    # given the package, promised ten working days, and what it took before
    before = theme("bookstores").before
    assert before is not None
    assert before.limit == Limit.working_days(20)
    _twelve_filed(hall)
    cases = [member.plan.case for member in hall.package("SHOPS").members]
    for case in cases:
        hall.accept(case, "2020-11-02 11:00")

    # when its clock is read, and the last shop is decided on the tenth working day
    reading = hall.due("SHOPS", Limit.working_days(10), "2020-11-16 17:00")
    for case in cases:
        hall.handle(case, "2020-11-16 15:00")

    # then it was due on that day, two weeks after the acceptance, and in time
    assert (reading.due_on, reading.used) == (on("2020-11-16"), 10)
    assert hall.due("SHOPS", Limit.working_days(10), "2020-11-20 09:00").verdict is Verdict.ON_TIME
    # and the package took half of what the shops took before (K27)
    compressed = hall.figure("K27", by="theme", group="bookstores")
    assert (compressed.value, compressed.numerator * 2) == (0.5, compressed.denominator)


def test_mechanism_42_one_form_and_one_set_of_papers_for_twelve_shops(hall: Hall) -> None:
    """S3: 「只需提供一套资料,一次填报,“一表填报”的信息就可重复调用」「免费帮代办」"""
    # given the form filled in once and one set of papers
    _twelve_filed(hall)

    # when the twelve cases are accepted
    cases = [member.plan.case for member in hall.package("SHOPS").members]
    for case in cases:
        hall.accept(case, "2020-11-02 11:00")

    # then each paper was entered once and stands in every case: the first has it, the others share it
    package = hall.package("SHOPS")
    assert package.opened is not None
    assert [one.name for one in package.opened.form] == list(theme("bookstores").form)
    assert [one.material for one in package.materials] == list(item("bookstore-licence").materials)
    ways = [[line.way for line in material_ledger(hall.file(case))] for case in cases]
    assert ways == [[MaterialWay.PAPER] * 3, *[[MaterialWay.PACKAGE] * 3] * 11]
    # and staff helped (帮代办) at no cost: nothing may be charged
    assert package.opened.assisted
    charged: dict[str, Any] = {"fee": "代办费", "amount_fen": 100, "way": FeeWay.WINDOW}
    assert hall.refused(PayFee, "2020-11-02 11:10", case=cases[0], **charged).reason is Reason.NO_FEE


def _twelve_filed(hall: Hall) -> None:
    hall.do(
        OpenPackage,
        "2020-11-02 10:00",
        by="政务专员",
        package="SHOPS",
        theme="bookstores",
        applicant="大运河书店股份有限公司",
        hall=HALL,
        window="“办好一件事”窗口",
        assisted=True,
        form=filled(theme("bookstores").form),
        subjects=SHOPS,
        given=tuple(GivenMaterial(material=one) for one in theme("bookstores").materials),
        visit=FIRST,
    )


# --- 43 ---

LISTS: Final = {
    ItemLabel.JOINT_REVIEW: 303,
    ItemLabel.CITYWIDE: 105,
    ItemLabel.ONE_LICENCE: 101,
    ItemLabel.INSTANT_APPROVAL: 60,
}


def test_mechanism_43_four_lists_of_items_each_in_force_from_its_day(open_hall: OpenHall) -> None:
    """S3: 「梳理“全城通办”清单105项、“一证通办”清单101项、“秒批”清单60项、“联审联办”清单303项」"""
    # given items that stand on no list until the last day of 2019 and on one from 2020 on, the year the lists were made;
    # which items they are, and that no item stands on two lists, is ours
    like = item("property-query")  # instant, and its one material a licence stands for
    items = [
        version
        for label, count in LISTS.items()
        for one in many_items(like, label.zh, count, labels=())
        for version in (
            replace(one, valid_until=on("2019-12-31")),
            replace(one, version=2, valid_from=on("2020-01-01"), labels=(label,)),
        )
    ]
    hall = open_hall(Catalogue(items))

    # when the lists are asked for on a day before and on a day after
    counted = {
        day: dict(
            hall.facts(
                "SELECT labels, COUNT(*) FROM item_facts WHERE labels IS NOT NULL"
                " AND valid_from <= :day AND (valid_until IS NULL OR valid_until >= :day) GROUP BY labels",
                day=on(day),
            )
        )
        for day in ("2019-12-31", "2020-12-31")
    }

    # then there were none, and then those of the seed
    assert counted == {"2019-12-31": {}, "2020-12-31": {label.value: count for label, count in LISTS.items()}}
    # and a case of the day before stays what it was when it was accepted: on no list
    hall.do(
        ReceiveCase,
        "2019-12-31 16:00",
        case="BEFORE",
        hall=HALL,
        item=items[0].code,
        channel=Channel.KIOSK,
        applicant="市民",
        applicant_kind=ApplicantKind.PERSON,
    )
    hall.accept("BEFORE", "2019-12-31 16:01")
    hall.review("BEFORE", "2020-01-02 09:00")
    assert (hall.item_of("BEFORE").version, hall.item_of("BEFORE").labels) == (1, ())


def test_mechanism_43_an_item_on_the_list_of_instant_approval_is_granted_by_no_human_hand(open_hall: OpenHall) -> None:
    """S3: 「“秒批”清单60项」"""
    # given one of the sixty; which one, and who asks for what, is ours
    instant = many_items(item("power-transfer"), "秒批", 60, labels=(ItemLabel.INSTANT_APPROVAL,), licence_materials=())
    hall = open_hall(Catalogue(instant))
    filed: dict[str, Any] = {"item": instant[-1].code, "channel": Channel.MOBILE, "applicant": "市民"}
    hall.do(SubmitApplication, "2021-03-01 20:00", by="市民", case="FAST", **filed)

    # when the machine takes it in, accepts and grants it within seconds, in the evening
    machine: dict[str, Any] = {"by": "智能审批", "case": "FAST"}
    hall.do(ReceiveCase, "2021-03-01 20:00:10", hall=HALL, **machine)
    hall.do(AcceptCase, "2021-03-01 20:00:11", receipt_only=False, **machine)
    hall.do(MakeDecision, "2021-03-01 20:00:20", by="智能审批引擎", case="FAST", decision=Decision.GRANTED, automatic=True)
    hall.end("FAST", "2021-03-01 20:00:30")

    # then it was granted automatically, within the minute that makes it 秒批
    file = hall.file("FAST")
    assert file.decision is not None
    assert file.decision.automatic
    waited = 60 * minutes_between(file.applied_at, file.decision.at)
    assert waited == 20
    assert hall.engine.office.rule.instant_seconds == 60
    assert hall.figure("K17-instant").value == 1.0


# --- 45 ---

START_UP: Final = tuple(f"SU-online-{link}" for link in ("licence", "seal", "invoices", "insurance", "account"))


def test_mechanism_45_a_company_is_started_by_one_filing_within_one_day_at_no_cost(hall: Hall) -> None:
    """S3: 「合并,实现开办企业1次申报、1天办结、“零成本”」「营业执照当天“立等可取”」"""
    # given Mr Lin on his phone; the day and the hours are ours
    _filed_on_the_phone(hall)

    # when the licence is granted the same morning, and seal, invoices, insurance and account follow it
    for case, hour in zip(START_UP, (10, 11, 14, 15, 16), strict=True):
        _handled_online(hall, case, f"2021-03-01 {hour}:00")

    # then one filing led to five results, all on one day
    package = hall.package("SU")
    assert len(hall.told("SU", PackageOpened)) == 1
    assert (package.closing is not None, len(package.members)) == (True, 5)
    rows = hall.facts("SELECT closed_on, promised_verdict FROM case_facts")
    assert rows == [("2021-03-01", "on_time")] * 5
    # without a trip (一趟都不用跑)
    assert hall.figure("K4-package").value == 1.0
    assert hall.figure("K16-case").value == 1.0
    # and at no cost: no link may charge anything
    charged: dict[str, Any] = {"fee": "工本费", "amount_fen": 1, "way": FeeWay.ONLINE}
    assert {hall.refused(PayFee, "2021-03-01 17:00", case=case, **charged).reason for case in START_UP} == {Reason.NO_FEE}


def test_mechanism_45_a_landlords_address_used_already_cost_mr_lin_the_one_unpromised_trip(hall: Hall) -> None:
    """S3: 「如果不是房东地址上已有注册公司这种特殊情况,我一趟都不用跑」"""
    # given the same filing
    _filed_on_the_phone(hall)

    # when he has to come once because of the address; the hour is ours
    hall.do(RecordTrip, "2021-03-01 09:30", case=START_UP[0], visit="林先生到场", cause=Cause.INSPECT, hall=HALL)
    for case in START_UP:
        _handled_online(hall, case, "2021-03-01 15:00")

    # then nothing was promised and once it was needed: the ledger says so beside the catalogue
    declared, actual = hall.file(START_UP[0]).promise, hall.trips(START_UP[0])
    assert declared is not None
    assert declared.trips_promised == 0
    assert [(one.net, one.verdict) for one in actual] == [(True, TripVerdict.OPTIONAL)]
    assert hall.figure("K4-package").value == 0.0
    (found,) = declared_themes(hall.tables, ALWAYS)
    assert (found.declared_visits, found.mean_net, found.against) == (0, (1, 1), ("SU",))
    assert found.contradiction is Contradiction.TRIPS_THOUGH_NONE


def _filed_on_the_phone(hall: Hall) -> None:
    whole = theme("company-online")
    hall.do(
        OpenPackage,
        "2021-03-01 09:00",
        by="林先生",
        package="SU",
        theme="company-online",
        applicant="林先生的文化创意公司",
        hall=HALL,
        channel=Channel.MOBILE,
        form=filled(whole.form),
        given=tuple(GivenMaterial(material=one, way=MaterialWay.UPLOAD) for one in whole.materials),
    )


def _handled_online(hall: Hall, case: str, when: str) -> None:
    """From the pre-review to the electronic result."""
    hall.do(PassPreReview, when, case=case)
    hall.do(ReceiveCase, when, case=case, hall=HALL)
    hall.accept(case, when)
    hall.review(case, when)
    hall.certify(case, when, f"电子证照-{case}", electronic=True)
    hall.do(DeliverResult, when, case=case, certificate=f"电子证照-{case}", method=DeliveryMethod.E_CERTIFICATE)
    hall.end(case, when)


# --- 46 ---


def test_mechanism_46_178_electronic_seals_make_results_valid_online_and_no_other_does(open_hall: OpenHall) -> None:
    """S3: 「去年,通州区政务服务局共计完成178枚电子印章刻制,形成“全程网办”台账」"""
    # given a register of 178 electronic seals, in force from 2020 on; their codes and whose they are is ours
    seals = [
        Seal(
            code=f"电子印章-{n:03d}",
            name_zh=f"电子印章第{n}枚",
            source="S3",
            department="通州区市场监督管理局",
            electronic=True,
            valid_from=on("2020-01-01"),
            valid_until=on("2021-02-28") if n == 1 else None,  # that one was withdrawn is ours
        )
        for n in range(1, 179)
    ]
    hall = open_hall(Catalogue(SHIPPED, themes=SHIPPED.themes, seals=seals))
    assert len(hall.engine.office.catalogue.seals) == 178
    _filed_on_the_phone(hall)
    case = START_UP[0]
    hall.do(ReceiveCase, "2021-03-01 09:10", case=case, hall=HALL)
    hall.accept(case, "2021-03-01 09:10")
    hall.review(case, "2021-03-01 09:20")

    # when an electronic certificate is made for each seal, and each is sealed
    answers = []
    for n in range(1, 180):  # the 179th was never made
        made = {"case": case, "certificate": f"电子证照-{n}"}
        hall.do(MakeCertificate, "2021-03-01 09:30", by=APPROVER, **made, kind="营业执照", electronic=True)
        sealed = hall.ask(SealCertificate, "2021-03-01 09:31", by=APPROVER, **made, seal=f"电子印章-{n:03d}")
        answers.append(getattr(sealed, "reason", None))

    # then 177 are valid, one seal is out of force and one in no register
    assert answers == [Reason.SEAL_NOT_IN_FORCE, *[None] * 177, Reason.UNKNOWN_SEAL]
    # and only what is sealed leaves the hall
    online: dict[str, Any] = {"case": case, "method": DeliveryMethod.E_CERTIFICATE}
    assert hall.refused(DeliverResult, "2021-03-01 09:40", certificate="电子证照-1", **online).reason is Reason.NOT_SEALED
    hall.do(DeliverResult, "2021-03-01 09:40", certificate="电子证照-178", **online)
    assert hall.file(case).deliveries[0].certificate == "电子证照-178"


# --- 49 ---


def test_mechanism_49_less_than_one_trip_in_three_items(open_hall: OpenHall) -> None:
    """S3: 「平均跑动次数降低至0.3次以下,全区1529项事项实现“一次不用跑”,413项事项实现“最多跑一次”」"""
    # given the district's items: 1529 without a visit and 413 with one
    never = many_items(item("investment-filing"), "一次不用跑", 1529)
    once = many_items(item("foreign-translation-company"), "最多跑一次", 413)
    assert ({one.visits for one in never}, {one.visits for one in once}) == ({0}, {1})
    hall = open_hall(Catalogue([*never, *once]))

    # when the figures of the end of 2020 are asked for
    mean, at_most_once, never_at_all = (hall.figure(code, as_of=END_OF_2020) for code in ("K1", "K3", "K4"))

    # then 413 trips fall on 1942 items: 0.2127, below 0.3
    assert (mean.numerator, mean.denominator, mean.value) == (413, 1942, 0.212667)
    assert mean.numerator / 1942 < 0.3
    # every item is done with one visit at most, and 78.73 % without any
    assert at_most_once.value == 1.0
    assert (never_at_all.numerator, never_at_all.denominator) == (1529, 1942)
    assert never_at_all.value is not None
    assert f"{never_at_all.value:.2%}" == "78.73%"


# --- 50 ---


def test_mechanism_50_two_ladies_from_russia_are_helped_one_to_one_and_done_within_the_hour(hall: Hall) -> None:
    """S3: 「远程手语可翻译 现场外语能沟通」「全程一对一服务,1个小时就办完了手续」「两位外籍女士对当天办结很意外」"""
    # given two who come together for one company; the day, the hour and the name of the applicant are ours
    arrived = {"hall": HALL, "on": on("2021-03-01"), "number": "A031"}
    needs = (Need.FOREIGN_LANGUAGE, Need.ONE_TO_ONE)
    hall.do(
        OpenVisit, "2021-03-01 14:00", by="张继超", **arrived, persons=2, needs=needs, purpose=Purpose.HANDLE,
        items=("foreign-translation-company",),
    )  # fmt: skip
    # and one the same day who needs the remote interpreter of signs, and only asks
    signs = {**arrived, "number": "A032", "purpose": Purpose.CONSULT, "needs": (Need.SIGN_LANGUAGE,)}
    hall.do(OpenVisit, "2021-03-01 14:05", by="服务台", **signs)

    # when the form is the right one at last, and the matter is handled while they wait
    hall.do(
        ReceiveCase, "2021-03-01 14:20", by="张继超", case="RU", hall=HALL, item="foreign-translation-company",
        applicant="两位外籍女士", applicant_kind=ApplicantKind.COMPANY, visit=Visit(visit="A031"),
    )  # fmt: skip
    hall.handle("RU", "2021-03-01 14:50")
    hall.do(LeaveVisit, "2021-03-01 15:00", by="张继超", **arrived)

    # then the visit took an hour, was one of two persons, and the case took one trip and closed the same day
    told = "SELECT number, minutes, person_times, needs, cases, consultation FROM visit_facts ORDER BY number"
    assert hall.facts(told) == [
        ("A031", 60, 2, "foreign_language,one_to_one", 1, 0),
        ("A032", None, 1, "sign_language", 0, 1),
    ]
    closed_at = hall.file("RU").closed_at
    assert closed_at is not None
    assert closed_at.date() == on("2021-03-01")
    assert (hall.figure("K2").numerator, hall.figure("V1").numerator, hall.figure("V4").numerator) == (1, 3, 1)
