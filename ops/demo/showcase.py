"""The showcase of the simulated week: one case with one of everything, told day by day."""

from collections.abc import Callable
from datetime import date, datetime

from casecore.case.acts.acceptance import AcceptCase
from casecore.case.acts.application import ReceiveCase
from casecore.case.acts.certificates import MakeCertificate, SealCertificate
from casecore.case.acts.closing import CloseCase
from casecore.case.acts.correction import RequestCorrection, SubmitCorrection
from casecore.case.acts.courier import DispatchCourier, ReportCourierReturned, ResendCourier
from casecore.case.acts.decision import MakeDecision
from casecore.case.acts.delivery import DeliverResult
from casecore.case.acts.ratings import RateCase
from casecore.case.acts.review import GrantApproval, RouteCase
from casecore.case.acts.time_limits import ResumeCase, SuspendCase
from casecore.case.command import CaseCommand
from casecore.given import Visit

from casecore.plan import PlanStep
from casecore.service_item import ServiceItem
from casecore.vocabulary import (
    ApplicantKind,
    Channel,
    Decision,
    DeliveryMethod,
    Grade,
    Outcome,
    SpecialGround,
    SuspensionKind,
)
from ops.demo.intake import CHENGDU, Act, Hall, department_of
from ops.demo.life import depths_of

__all__ = ["live_showcase", "parallel_steps"]


def parallel_steps(item: ServiceItem) -> tuple[PlanStep, ...]:
    """The largest group of approvals that open together."""
    groups: dict[tuple[str, ...], tuple[PlanStep, ...]] = {}
    for step in item.plan:
        groups[step.after] = (*groups.get(step.after, ()), step)
    return max(groups.values(), key=len, default=())


def live_showcase(case: str, item: ServiceItem, hall: Hall) -> list[Act]:
    """A story: corrected once, approved side by side, suspended for experts, sealed, and sent to a wrong address."""
    organ, clerk, applicant = department_of(item), f"{hall.desk}-07", "applicant-0001"
    side_by_side = parallel_steps(item)[::-1]
    missing = item.materials[-1:] or ("申请材料",)
    depths = depths_of(item.plan)
    ordered = sorted(item.plan, key=lambda step: depths[step.step])
    before = [step for step in ordered if depths[step.step] < depths[side_by_side[0].step]]
    behind = [step for step in ordered if step not in before and step not in side_by_side]
    *others, last = side_by_side
    certificate, expert = f"{case}-C1", f"{last.department}-02"
    acts: list[Act] = []

    def do(at: str, kind: Callable[..., CaseCommand], by: str, /, **rest: object) -> None:
        acts.append(Act(datetime.fromisoformat(f"2017-{at}").replace(tzinfo=CHENGDU), kind, by, rest))

    def grant(at: str, step: PlanStep) -> None:
        do(at, GrantApproval, f"{step.department}-03", step=step.step, department=step.department, opinion="同意")

    kind = ApplicantKind.COMPANY if ApplicantKind.COMPANY in item.serves else item.serves[0]
    do(
        "07-31 09:42",
        ReceiveCase,
        clerk,
        item=item.code,
        channel=Channel.WINDOW,
        hall=hall.name,
        tier=hall.tier,
        window="07号",
        department=organ,
        applicant=applicant,
        applicant_kind=kind,
        materials=item.materials,
        entitled_from=None if item.window_months is None else date(2017, 7, 17),
        visit=Visit(visit=f"{case}-V1"),
    )
    do("07-31 09:58", RequestCorrection, clerk, materials=missing, notice=f"{case}-BZ1")
    do("08-02 14:20", SubmitCorrection, applicant, materials=missing, visit=Visit(visit=f"{case}-V2"))
    do("08-02 14:35", AcceptCase, clerk, notice=f"{case}-SL")
    do("08-02 14:50", RouteCase, clerk)
    for n, step in enumerate(before):
        grant(f"08-03 10:{10 + n}", step)
    for n, step in enumerate(others):
        grant(f"08-0{4 if n == 0 else 8} 10:{30 + n}", step)
    do(
        "08-07 09:30",
        SuspendCase,
        expert,
        reason=f"{last.department}:组织专家评审",
        kind=SuspensionKind.SPECIAL_PROCEDURE,
        ground=SpecialGround.EXPERT_REVIEW,
        declared_days=3,
        notice=f"{case}-TB",
    )
    do("08-10 16:00", ResumeCase, expert)
    grant("08-11 10:40", last)
    for n, step in enumerate(behind):
        grant(f"08-11 15:{10 + n}", step)
    chief = f"{organ}-负责人"
    do("08-14 09:20", MakeDecision, chief, decision=Decision.GRANTED, document=f"{case}-JD")
    do("08-14 10:05", MakeCertificate, f"{organ}-制证", certificate=certificate, kind=item.name_zh)
    do("08-14 11:15", SealCertificate, f"{organ}-制证", certificate=certificate, seal=f"{organ}专用章")
    do("08-14 14:00", CloseCase, chief, outcome=Outcome.CERTIFICATE_ISSUED)
    first, second, counter = f"{case}-K1", f"{case}-K2", f"{hall.desk}-出件"
    do("08-15 10:00", DispatchCourier, counter, consignment=first, courier="EMS", certificate=certificate)
    do("08-18 16:20", ReportCourierReturned, "EMS", consignment=first, reason="地址有误:门牌号与店址不符")
    do("08-21 09:30", ResendCourier, counter, consignment=second, courier="EMS", replaces=first)
    arrived = {"method": DeliveryMethod.COURIER, "certificate": certificate, "consignment": second}
    do("08-23 11:05", DeliverResult, "EMS", **arrived, recipient=applicant)
    do("08-24 20:15", RateCase, applicant, grade=Grade.SATISFIED, remark="审批快,证寄错地址多等了几天")
    return sorted(acts, key=lambda act: act.at)
