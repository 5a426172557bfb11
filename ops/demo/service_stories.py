"""Stories of the demonstration about trips: two packages, a village agent, a courier both ways, a drop box.

They are the seeds' own (S4 企业开办“020”, S2 电水气过户 and 小蜜蜂箱, S1 代办员), played in the week of the demonstration.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple

from casecore.case.acts.acceptance import AcceptCase
from casecore.case.acts.agents import GrantMandate
from casecore.case.acts.application import PassPreReview, ReceiveCase, SubmitApplication
from casecore.case.acts.certificates import MakeCertificate, SealCertificate
from casecore.case.acts.closing import CloseCase
from casecore.case.acts.correction import RequestCorrection, SubmitCorrection
from casecore.case.acts.courier import (
    DispatchCourier,
    ReceiveCourieredMaterials,
    ReportCourierRefused,
    ResendCourier,
    SendPapers,
)
from casecore.case.acts.custody import HandOverPapers
from casecore.case.acts.decision import MakeDecision
from casecore.case.acts.delivery import DeliverResult
from casecore.case.acts.deposits import DepositPapers
from casecore.case.acts.fees import PayFee
from casecore.case.acts.ratings import CallBackRater, RateCase, RectifyRating, ReviewRating
from casecore.case.acts.review import GrantApproval, RouteCase
from casecore.case.acts.trips import RecordTrip
from casecore.drop_box.acts import CollectBox
from casecore.given import GivenMaterial, Visit
from casecore.package.acts.opening import OpenPackage
from casecore.package.facts.opening import FormField

from casecore.command import Command
from casecore.vocabulary import (
    ApplicantKind,
    Cause,
    Channel,
    CoreStep,
    Decision,
    DeliveryMethod,
    FeeWay,
    Grade,
    HolderKind,
    LicenceLevel,
    MaterialWay,
    Outcome,
    Place,
    RatingReview,
    Tier,
    Visitor,
)
from ops.demo.intake import CHENGDU

__all__ = ["SERVICE_STORIES", "ServiceStory", "service_commands"]

HALL: Final = "新都区政务服务中心"
CLERK: Final = "新都综合窗口-05"
POINT, AGENT, ELDER = "木兰镇宫王社区代办点", "叶伦康", "applicant-老年证"
BOX: Final = "小蜜蜂箱"

STARTUP: Final = (
    ("startup-licence", "licence", "市场监管", "增城区市场监督管理局"),
    ("startup-seal", "seal", "公安", None),
    ("startup-account", "bank", "银行", None),
    ("startup-tax", "tax", "税务", None),
    ("startup-invoices", "invoices", "税务", None),
)
"""Items of the theme with the step of their plan, its department, and whose seal their certificate bears."""


class ServiceStory(NamedTuple):
    """One story: the package or case it is told by."""

    stream: str
    about: str
    package: bool = False


SERVICE_STORIES: Final = (
    ServiceStory("DEMO-020", "企业开办“020” one submission, five cases side by side", package=True),
    ServiceStory("DEMO-HOUSE", "房屋过户与电水气 one set of papers, four cases", package=True),
    ServiceStory("DEMO-AGENT", "代办员上门 a village agent fetches and brings"),
    ServiceStory("DEMO-COURIER", "双向寄递 by courier in and out, refused at the door once"),
    ServiceStory("DEMO-BOX", "小蜜蜂箱 put into the box at night"),
    ServiceStory("DEMO-REPEAT", "一次告知不全 came three times, once for the agency's fault"),
)


def service_commands(seed: int) -> Iterator[tuple[Command, ...]]:
    """The commands of each story, each with an id of its own that is the same in every run of a seed."""
    for story, acts in zip(SERVICE_STORIES, (_startup, _house, _agent, _courier, _box, _repeat), strict=True):
        play = _Play(f"demo-{seed}:{story.stream}")
        acts(story.stream, play)
        yield tuple(play.commands)


class _Play:
    """Commands in the making; days are of 2017, ``"MM-DD HH:MM"``."""

    def __init__(self, stem: str) -> None:
        self._stem = stem
        self.commands: list[Command] = []

    def do(self, at: str, kind: Callable[..., Command], by: str, /, **rest: Any) -> None:  # noqa: ANN401 - a command's own
        """One command."""
        moment = datetime.fromisoformat(f"2017-{at}").replace(tzinfo=CHENGDU)
        number = len(self.commands) + 1
        self.commands.append(kind(by=by, at=moment, command_id=f"{self._stem}:{number}", **rest))

    def examined(self, day: str, case: str, step: str | None = None, department: str | None = None) -> None:
        """Accepted, approved and decided within the morning of a day."""
        self.do(f"{day} 09:40", AcceptCase, CLERK, case=case)
        if step is not None and department is not None:
            self.do(f"{day} 09:41", RouteCase, CLERK, case=case)
            self.do(f"{day} 10:30", GrantApproval, f"{department}-02", case=case, step=step, department=department)
        self.do(f"{day} 10:40", MakeDecision, f"{department or HALL}-负责人", case=case, decision=Decision.GRANTED)

    def certified(self, day: str, case: str, seal: str | None) -> str | None:
        """A certificate is made and sealed, where the item gives one, and the case closed."""
        number = f"{case}-C1" if seal is not None else None
        if number is not None:
            self.do(f"{day} 10:45", MakeCertificate, "制证", case=case, certificate=number, kind="证照", electronic=True)
            self.do(f"{day} 10:50", SealCertificate, "制证", case=case, certificate=number, seal=seal)
        outcome = Outcome.CERTIFICATE_ISSUED if number is not None else Outcome.OTHER
        self.do(f"{day} 11:00", CloseCase, CLERK, case=case, outcome=outcome)
        return number


def _startup(package: str, play: _Play) -> None:
    """No papers, two hours, one visit: the licence is fetched with everything else."""
    form = tuple(
        FormField(name=name, value=value)
        for name, value in (
            ("企业名称", "新都某某科技有限公司"),
            ("住所", "新都区"),
            ("法定代表人", "applicant-020"),
            ("注册资本", "100万元"),
            ("经营范围", "软件开发"),
        )
    )
    play.do(
        "08-01 09:30",
        OpenPackage,
        CLERK,
        package=package,
        theme="company-020",
        applicant="applicant-020",
        hall=HALL,
        window="05号",
        form=form,
        visit=Visit(visit=f"{package}-V1"),
    )
    for item, step, department, seal in STARTUP:
        case = f"{package}-{item}"
        play.examined("08-01", case, step, department)
        number = play.certified("08-01", case, f"{seal}专用章" if seal else None)
        method = {"method": DeliveryMethod.WINDOW, "certificate": number}
        play.do("08-01 11:20", DeliverResult, CLERK, case=case, **method, visit=Visit(visit=f"{package}-V1"))


def _house(package: str, play: _Play) -> None:
    """Three windows and three halls before, one visit now: the three utilities share the papers of the house."""
    names = ("房屋坐落", "转让方", "受让方", "电表户号", "水表户号", "燃气户号")
    materials = ("身份证明", "不动产权证书", "房屋买卖合同")
    visit = Visit(visit=f"{package}-V1")
    play.do(
        "08-02 09:30",
        OpenPackage,
        CLERK,
        package=package,
        theme="house-and-utilities",
        applicant="applicant-房屋",
        applicant_kind=ApplicantKind.PERSON,
        hall=HALL,
        form=tuple(FormField(name=name, value=f"{name}(略)") for name in names),
        given=tuple(GivenMaterial(material=material) for material in materials),
        visit=visit,
    )
    house = f"{package}-house-transfer"
    play.do("08-02 09:40", AcceptCase, CLERK, case=house)
    _registered(house, play, "08-02")
    play.do("08-02 09:55", PayFee, "applicant-房屋", case=house, fee="不动产登记费", amount_fen=8000, way=FeeWay.ONLINE)
    play.do("08-02 10:00", MakeDecision, "国土-负责人", case=house, decision=Decision.GRANTED)
    number = f"{house}-C1"
    play.do("08-02 10:02", MakeCertificate, "制证", case=house, certificate=number, kind="不动产权证书")
    play.do("08-02 10:05", SealCertificate, "制证", case=house, certificate=number, seal="龙游县自然资源和规划局专用章")
    play.do("08-02 10:08", CloseCase, CLERK, case=house, outcome=Outcome.CERTIFICATE_ISSUED)
    play.do("08-02 10:09", DeliverResult, CLERK, case=house, method=DeliveryMethod.WINDOW, certificate=number, visit=visit)
    for utility in ("power-transfer", "water-transfer", "gas-transfer"):
        case = f"{package}-{utility}"
        play.do("08-02 10:12", AcceptCase, CLERK, case=case)
        play.do("08-02 10:15", MakeDecision, "自动审批", case=case, decision=Decision.GRANTED, automatic=True)
        play.do("08-02 10:18", CloseCase, CLERK, case=case, outcome=Outcome.OTHER)
        play.do("08-02 10:20", DeliverResult, CLERK, case=case, method=DeliveryMethod.E_CERTIFICATE)


def _agent(case: str, play: _Play) -> None:
    """Entrusted at home, fetched at home, filed at the village point, brought home: not one trip of the applicant's."""
    home = {"materials": ("身份证", "照片"), "place": Place.HOME}
    applicant = (HolderKind.APPLICANT, ELDER)
    agent = (HolderKind.AGENT, AGENT)

    def handed(at: str, giver: tuple[HolderKind, str], holder: tuple[HolderKind, str]) -> None:
        ends = {"giver_kind": giver[0], "giver": giver[1], "holder_kind": holder[0], "holder": holder[1]}
        play.do(at, HandOverPapers, AGENT, case=case, **ends, **home)

    scope = {"applicant": ELDER, "scope": "代办老年证", "site": POINT}
    play.do("08-01 08:30", GrantMandate, ELDER, case=case, agent=AGENT, **scope)
    handed("08-01 08:40", applicant, agent)
    play.do(
        "08-01 09:20",
        ReceiveCase,
        AGENT,
        case=case,
        item="senior-card",
        channel=Channel.AGENT_POINT,
        hall=POINT,
        tier=Tier.VILLAGE,
        applicant=ELDER,
        applicant_kind=ApplicantKind.PERSON,
        given=(
            GivenMaterial(material="身份证", way=MaterialWay.E_LICENCE, source=f"{case}-电子身份证", level=LicenceLevel.A),
            GivenMaterial(material="照片"),
        ),
        visit=Visit(visit=f"{case}-V1", place=Place.VILLAGE_POINT, visitor=Visitor.HALL_AGENT, agent=AGENT),
    )
    play.examined("08-01", case)
    number = play.certified("08-01", case, "金凤区良田镇便民服务中心专用章")
    handed("08-01 15:30", agent, applicant)
    play.do("08-01 15:30", DeliverResult, AGENT, case=case, method=DeliveryMethod.HOME, certificate=number)
    rated = {"grade": Grade.VERY_SATISFIED, "step": CoreStep.DELIVERY, "channel": Channel.AGENT_POINT}
    play.do("08-02 10:00", RateCase, ELDER, case=case, **rated, real_name=True)


def _courier(case: str, play: _Play) -> None:
    """Fetched at the door and brought to the door; the first time nobody would take it."""
    applicant = "applicant-寄递"
    filed = {"item": "courier-application", "channel": Channel.COURIER, "applicant": applicant}
    play.do("07-31 20:10", SubmitApplication, applicant, case=case, **filed)
    play.do("08-01 09:10", PassPreReview, CLERK, case=case)
    play.do("08-01 14:00", SendPapers, "EMS", case=case, consignment=f"{case}-IN", courier="EMS", materials=("申请书",))
    play.do("08-02 09:20", ReceiveCourieredMaterials, CLERK, case=case, consignment=f"{case}-IN", materials=("申请书",))
    play.do("08-02 09:25", ReceiveCase, CLERK, case=case, hall=HALL)
    play.examined("08-02", case, "department", "审批部门")
    number = play.certified("08-02", case, "海珠区政务服务管理局专用章")
    first, second = f"{case}-K1", f"{case}-K2"
    play.do("08-02 14:00", DispatchCourier, CLERK, case=case, consignment=first, courier="EMS", certificate=number)
    play.do("08-03 11:00", ReportCourierRefused, "EMS", case=case, consignment=first, reason="家中无人,邻居拒收")
    play.do("08-03 16:00", ResendCourier, CLERK, case=case, consignment=second, courier="EMS", replaces=first)
    arrived = {"method": DeliveryMethod.COURIER, "certificate": number, "consignment": second}
    play.do("08-04 18:30", DeliverResult, "EMS", case=case, **arrived, recipient=applicant)


def _box(case: str, play: _Play) -> None:
    """Photographed, pre-reviewed, put into the box at night, collected in the morning, and sent back."""
    applicant = "applicant-小蜜蜂箱"
    filed = {"item": "courier-application", "channel": Channel.MOBILE, "applicant": applicant}
    play.do("07-31 18:00", SubmitApplication, applicant, case=case, **filed)
    play.do("07-31 18:20", PassPreReview, CLERK, case=case)
    play.do("07-31 22:40", DepositPapers, applicant, case=case, box=BOX, deposit=f"{case}-D1", materials=("申请书",))
    play.do("08-01 09:00", CollectBox, "邮政揽收", box=BOX)
    play.do("08-01 15:00", CollectBox, "邮政揽收", box=BOX)
    play.examined("08-01", case, "department", "审批部门")
    number = play.certified("08-01", case, "海珠区政务服务管理局专用章")
    sent = f"{case}-K1"
    play.do("08-01 16:00", DispatchCourier, CLERK, case=case, consignment=sent, courier="EMS", certificate=number)
    arrived = {"method": DeliveryMethod.COURIER, "certificate": number, "consignment": sent}
    play.do("08-02 11:00", DeliverResult, "EMS", case=case, **arrived)


def _registered(case: str, play: _Play, day: str) -> None:
    """The approvals of a house: housing and tax side by side, then the registry."""
    play.do(f"{day} 09:41", RouteCase, CLERK, case=case)
    play.do(f"{day} 09:45", GrantApproval, "住建-01", case=case, step="housing", department="住建")
    play.do(f"{day} 09:46", GrantApproval, "地税-01", case=case, step="tax", department="地税")
    play.do(f"{day} 09:52", GrantApproval, "国土-01", case=case, step="registry", department="国土")


def _repeat(case: str, play: _Play) -> None:
    """Came for advice, came to hand in, and came again because the notice did not name all that was missing."""
    applicant = "applicant-重复"
    play.do(
        "08-01 09:30",
        ReceiveCase,
        CLERK,
        case=case,
        item="house-transfer",
        channel=Channel.WINDOW,
        hall=HALL,
        applicant=applicant,
        applicant_kind=ApplicantKind.PERSON,
        materials=("身份证明", "不动产权证书"),
        visit=Visit(visit=f"{case}-V1"),
    )
    came = {"visit": f"{case}-V0", "cause": Cause.CONSULT}
    play.do("07-31 10:00", RecordTrip, CLERK, case=case, **came)
    missing = {"materials": ("房屋买卖合同",), "complete": False, "notice": f"{case}-BZ1"}
    play.do("08-01 09:40", RequestCorrection, CLERK, case=case, **missing)
    brought = {"materials": ("房屋买卖合同",), "visit": Visit(visit=f"{case}-V2")}
    play.do("08-02 09:30", SubmitCorrection, applicant, case=case, **brought)
    play.do("08-02 09:40", AcceptCase, CLERK, case=case)
    _registered(case, play, "08-02")
    play.do("08-02 10:00", MakeDecision, "国土-负责人", case=case, decision=Decision.GRANTED)
    number = play.certified("08-02", case, "龙游县自然资源和规划局专用章")
    fetched = {"method": DeliveryMethod.WINDOW, "certificate": number, "visit": Visit(visit=f"{case}-V3")}
    play.do("08-04 09:30", DeliverResult, applicant, case=case, **fetched)
    rated = {"grade": Grade.DISSATISFIED, "real_name": True, "channel": Channel.WINDOW}
    play.do("08-04 10:00", RateCase, applicant, case=case, **rated, remark="一次没说清,多跑一趟")
    play.do("08-04 11:00", ReviewRating, "好差评专员", case=case, review=RatingReview.VALID, reason="告知单漏列一项")
    play.do("08-08 11:00", RectifyRating, "好差评专员", case=case, measure="一次性告知单改版并培训")
    play.do("08-08 15:00", CallBackRater, "好差评专员", case=case, satisfied=True)
