"""The life of a simulated case (办件) after the promise: approvals, decision, certificate, delivery and rating.

No act comes before its time, nobody approves what he accepted,
nothing is closed while it is suspended: the engine would refuse it.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random
from typing import Final, NamedTuple

from casecore.case.acts.certificates import MakeCertificate, SealCertificate
from casecore.case.acts.closing import CloseCase, VoidCase, WithdrawCase
from casecore.case.acts.courier import DispatchCourier, ReportCourierLost, ReportCourierReturned, ResendCourier
from casecore.case.acts.decision import MakeDecision
from casecore.case.acts.delivery import DeliverResult
from casecore.case.acts.ratings import RateCase
from casecore.case.acts.review import GrantApproval, RefuseApproval, ReturnApproval, RouteCase, TransferCase
from casecore.case.acts.time_limits import ApproveExtension, ResumeCase, SuspendCase
from casecore.given import Visit

from casecore.calendar import WorkCalendar
from casecore.plan import PlanStep
from casecore.service_item import ServiceItem
from casecore.vocabulary import (
    Channel,
    Decision,
    DeliveryMethod,
    Grade,
    ItemType,
    Outcome,
    Place,
    SpecialGround,
    SuspensionKind,
    Unit,
)
from ops.demo.intake import CHENGDU, Act, Arrival, Life, accept, department_of, file_application, receive

__all__ = ["LAST_DAY", "depths_of", "live"]

LAST_DAY: Final = date(2017, 12, 31)
"""Nothing happens on it or later."""
LONGEST_DAYS: Final = 40
"""A longer promise is kept within these working days, so that the play ends in its year."""
LONG_ENOUGH: Final = 5
"""Working days a promise must have to be suspended or extended."""

CERTIFYING: Final = (ItemType.LICENCE, ItemType.CONFIRMATION)
"""Kinds of item (行政许可, 行政确认) whose result is a certificate."""

DELIVERIES: Final = {
    Channel.WINDOW: (45, 10, 38, 7),
    Channel.KIOSK: (35, 25, 35, 5),
    Channel.AGENT_POINT: (75, 0, 25, 0),
    Channel.HOME_SERVICE: (0, 0, 100, 0),
}
"""Weights of window, locker, courier and e-certificate, by channel."""
ONLINE_DELIVERIES: Final = (12, 6, 74, 8)
"""The same for what came in without a visit."""
METHODS: Final = (
    DeliveryMethod.WINDOW,
    DeliveryMethod.LOCKER,
    DeliveryMethod.COURIER,
    DeliveryMethod.E_CERTIFICATE,
)
RETURNS: Final = ("地址有误", "收件人电话无法接通", "收件人拒收")
GROUNDS: Final = (
    SpecialGround.EXPERT_REVIEW,
    SpecialGround.EXPERT_REVIEW,
    SpecialGround.TESTING,
    SpecialGround.APPRAISAL,
    SpecialGround.EXAMINATION,
    SpecialGround.HEARING,
)


class _Schedule(NamedTuple):
    """When the departments answer: a scale of their own, running on from ``begins`` to ``ends``."""

    begins: float
    ends: float
    when: Callable[[float], datetime]


def live(case: str, arrival: Arrival, rng: Random, calendar: WorkCalendar) -> list[Act]:
    """Everything that is done in a case, in the order of time."""
    life = Life(case, arrival, rng, calendar)
    if arrival.filed:
        file_application(life)
    receive(life)
    if accept(life):
        granted = True if arrival.instant else _review(life)
        if granted is not None:
            certificate = _close(life, granted=granted)
            _hand_over(life, certificate, granted=granted)
            _rate(life)
    return life.acts


# --- Review ---


def _review(life: Life) -> bool | None:
    """The approvals: True or False when all are answered, None where the case stays open or is withdrawn."""
    begun = len(life.acts)
    schedule = _hours(life) if life.item.promised.unit is Unit.HOUR else _days(life)
    refused = life.rng.choice(life.item.plan).step if life.item.plan and life.happens("refused") else None
    _answer(life, schedule, refused)
    life.acts[begun:] = sorted(life.acts[begun:], key=lambda act: act.at)
    stays, leaves = life.happens("open"), life.happens("withdrawn")
    if not (stays or leaves):
        life.at = schedule.when(schedule.ends)
        return refused is None
    # Cut off before some act; what happened until then is consistent by itself.
    cut = life.rng.randint(begun + 1, max(begun + 1, len(life.acts) - 1))
    del life.acts[cut:]
    if leaves and not stays:
        life.at = max(life.acts[-1].at, life.at)
        life.wait(20, 90)
        life.do(WithdrawCase, life.arrival.applicant, reason="申请人自行撤回")
    return None


def _hours(life: Life) -> _Schedule:
    """A promise in hours: done while one waits, or, seldom, late on a later day."""
    life.wait(1, 3)
    accepted, minutes = life.at, life.item.promised.amount * 60
    if life.item.plan:
        life.do(RouteCase, life.clerk)
    ends = life.rng.uniform(0.3, 0.72) * minutes
    begins = min(5.0, ends / 2)
    if life.happens("overdue"):
        life.wake(life.calendar.due(accepted.date(), 1 + life.item.promised.amount // 4), within=120)
        ends = (life.at - accepted).total_seconds() / 60 + 270
        begins = ends - 40
    return _Schedule(begins, ends, lambda minute: accepted + timedelta(seconds=int(minute * 60)))


def _days(life: Life) -> _Schedule:
    """A promise in days: the scale is working days after day 0, an office day being six hours of it."""
    rng, calendar = life.rng, life.calendar
    start = calendar.next_working(life.at.date())
    deferred = start > life.at.date()
    if deferred:
        life.wake(start, within=25)
    else:
        life.wait(5, 20)
    if life.item.plan:
        life.do(RouteCase, life.clerk)

    def when(offset: float) -> datetime:
        day = datetime.combine(calendar.due(start, int(offset)), datetime.min.time(), CHENGDU)
        return day + timedelta(hours=9, seconds=int(offset % 1 * 6 * 3600))

    begins = 0.1 if deferred else 1.0
    promised = _promised_days(life.item)
    allowed = min(promised, LONGEST_DAYS)
    extended = 0
    if allowed >= LONG_ENOUGH:
        if life.happens("suspended"):
            begins, excluded = _suspend(life, when, begins)
            allowed += excluded
        elif life.happens("extended"):
            extended = rng.randint(3, 10)
            _extend(life, when(max(begins, promised - 1) + 0.15), extended)
    if promised <= LONGEST_DAYS and life.happens("overdue"):
        last = allowed + extended + rng.randint(1, 4)
    elif extended:
        last = allowed + rng.randint(1, extended)
    else:
        last = int(begins) + round((allowed - int(begins)) * rng.uniform(0.15, 0.75))
    return _Schedule(begins, last + rng.uniform(0.3, 0.7), when)


def _promised_days(item: ServiceItem) -> int:
    """The promise in whole working days, at least one."""
    amount = item.promised.amount
    match item.promised.unit:
        case Unit.NATURAL_DAY:
            return max(1, amount * 5 // 7 - 1)
        case Unit.FIXED_DATE:
            return LONG_ENOUGH
        case _:
            return max(1, amount)


def _suspend(life: Life, when: Callable[[float], datetime], begins: float) -> tuple[float, int]:
    """A special procedure told in writing; seldom it lasts longer than declared, at the agency's expense."""
    rng = life.rng
    declared = rng.randint(2, 8)
    lasted = declared + 1 if life.happens("suspended too long") else rng.randint(2, declared)
    ground = rng.choice(GROUNDS)
    officer = life.officer(life.item.plan[0].department if life.item.plan else department_of(life.item))
    life.do(
        SuspendCase,
        officer,
        when(begins + 0.05),
        reason=f"依法需要{ground.zh}",
        kind=SuspensionKind.SPECIAL_PROCEDURE,
        ground=ground,
        declared_days=declared,
        notice=f"{life.case}-TB",
    )
    resumed = int(begins) + lasted + 0.06
    life.do(ResumeCase, officer, when(resumed))
    return resumed + 0.01, min(lasted, declared)


def _extend(life: Life, at: datetime, days: int) -> None:
    organ = department_of(life.item)
    life.do(
        ApproveExtension,
        life.officer(organ),
        at,
        days=days,
        approver=f"{organ}-负责人",
        reason="案情复杂,需进一步核实",
        notice=f"{life.case}-YC",
    )


def _answer(life: Life, schedule: _Schedule, refused: str | None) -> None:
    """Every step that opens is answered, those before it first; behind a refusal nothing opens."""
    rng, plan = life.rng, life.item.plan
    depths = depths_of(plan)
    deepest = max(depths.values(), default=1)
    begins, span = schedule.begins, schedule.ends - schedule.begins
    answered: dict[str, float] = {}
    for step in sorted(plan, key=lambda step: depths[step.step]):
        if not answered.keys() >= set(step.after):
            continue
        opened = max((answered[before] for before in step.after), default=begins)
        at = begins + span * (depths[step.step] - 0.6 * rng.random()) / deepest
        department, officer = step.department, life.officer(step.department)
        if life.happens("handed back"):
            back, again = (schedule.when(opened + part * (at - opened)) for part in (0.4, 0.6))
            life.do(ReturnApproval, officer, back, step=step.step, department=department, reason="附图缺页,请重新分办")
            life.do(RouteCase, life.clerk, again, steps=(step.step,))
        elif life.happens("transferred"):
            to = next((s.department for s in plan if s.department != department), "政务服务管理")
            moved = schedule.when((opened + at) / 2)
            life.do(TransferCase, officer, moved, step=step.step, to_department=to, reason="职责已划转")
            department, officer = to, life.officer(to)
        answer: dict[str, str] = {"step": step.step, "department": department}
        if step.step == refused:
            life.do(RefuseApproval, officer, schedule.when(at), **answer, reason="现场条件不符合法定标准")
        else:
            life.do(GrantApproval, officer, schedule.when(at), **answer)
            answered[step.step] = at


def depths_of(plan: tuple[PlanStep, ...]) -> dict[str, int]:
    """How many steps deep each step lies in the plan, from 1."""
    depths: dict[str, int] = {}
    while len(depths) < len(plan):
        for step in plan:
            if step.step not in depths and depths.keys() >= set(step.after):
                depths[step.step] = 1 + max((depths[before] for before in step.after), default=0)
    return depths


# --- Decision, delivery, rating ---


def _close(life: Life, *, granted: bool) -> str | None:
    """Decide, make out what is to be handed over, close; the number of the certificate, if there is one."""
    organ = department_of(life.item)
    if life.arrival.automatic:
        chief = "自动审批"
        life.at += timedelta(seconds=life.rng.randint(2, 30))
    else:
        chief = f"{life.desk}-值班长" if life.arrival.instant else f"{organ}-负责人"
        life.wait(1, 3)
    if not granted:
        life.do(
            MakeDecision,
            chief,
            decision=Decision.REFUSED,
            reason="有关部门审查未通过,不符合法定条件",
            document=f"{life.case}-JD",
        )
        life.wait(1, 5)
        life.do(CloseCase, chief, outcome=Outcome.OTHER, reason="不予许可")
        return None
    life.do(MakeDecision, chief, decision=Decision.GRANTED, document=f"{life.case}-JD")
    certificate = None
    if life.item.item_type in CERTIFYING:
        certificate = f"{life.case}-C1"
        maker = life.clerk if life.arrival.automatic else f"{organ}-制证"
        life.wait(1, 2)
        life.do(MakeCertificate, maker, certificate=certificate, kind=life.item.name_zh)
        life.wait(1, 2)
        life.do(SealCertificate, maker, certificate=certificate, seal=f"{organ}专用章")
    life.wait(1, 2)
    life.do(CloseCase, chief, outcome=Outcome.CERTIFICATE_ISSUED if certificate else Outcome.OTHER)
    return certificate


def _hand_over(life: Life, certificate: str | None, *, granted: bool) -> None:
    """On the spot where the applicant is still there; else as was asked for, or there is nothing to hand over."""
    arrival, rng = life.arrival, life.rng
    channel = arrival.channel
    if visit := life.present():
        life.wait(1, 4)
        method = DeliveryMethod.LOCKER if channel is Channel.KIOSK else DeliveryMethod.WINDOW
        life.do(DeliverResult, life.clerk, method=method, certificate=certificate, visit=visit)
        return
    if channel is Channel.HOME_SERVICE:
        life.sleep(1, 2)
        life.do(DeliverResult, life.clerk, method=DeliveryMethod.HOME, certificate=certificate)
        return
    if arrival.item.fully_online and channel.online:
        life.wait(1, 10)
        life.do(DeliverResult, life.clerk, method=DeliveryMethod.E_CERTIFICATE, certificate=certificate)
        return
    if granted and life.happens("result not fetched" if certificate else "nothing to hand over"):
        return
    method = rng.choices(METHODS, ONLINE_DELIVERIES if arrival.filed else DELIVERIES[channel])[0]
    if method is DeliveryMethod.COURIER:
        _send(life, certificate)
    elif method is DeliveryMethod.E_CERTIFICATE:
        life.wait(5, 30)
        life.do(DeliverResult, life.clerk, method=method, certificate=certificate)
    else:
        life.sleep(1, 6)
        visit = life.visit()
        if method is DeliveryMethod.LOCKER:
            visit = Visit(visit=visit.visit, place=Place.HALL_KIOSK)
        life.do(DeliverResult, life.clerk, method=method, certificate=certificate, recipient=arrival.applicant, visit=visit)


def _send(life: Life, certificate: str | None) -> None:
    """By courier: most arrive, some come back and some are lost, and those are sent once more."""
    rng, desk = life.rng, f"{life.desk}-出件"
    first, second = f"{life.case}-K1", f"{life.case}-K2"
    life.sleep(1, 2)
    life.do(DispatchCourier, desk, consignment=first, courier="EMS", certificate=certificate)
    arrives = first
    returned = life.happens("courier brings it back")
    if returned or life.happens("courier loses it"):
        arrives = second
        if returned:
            life.travel(3, 6)
            life.do(ReportCourierReturned, "EMS", consignment=first, reason=rng.choice(RETURNS))
        else:
            life.travel(7, 10)
            life.do(ReportCourierLost, "EMS", consignment=first)
        life.sleep(1, 2)
        life.do(ResendCourier, desk, consignment=second, courier="EMS", replaces=first)
    life.travel(1, 3)
    life.do(
        DeliverResult,
        "EMS",
        method=DeliveryMethod.COURIER,
        certificate=certificate,
        consignment=arrives,
        recipient=life.arrival.applicant,
    )


def _rate(life: Life) -> None:
    """Half of the applicants say how it was; now and then a record turns out to be wrong after all."""
    rng = life.rng
    if life.happens("rated"):
        life.travel(0, 6)
        grade = rng.choices(tuple(Grade), (55, 30, 10, 3, 2))[0]
        defaulted = life.happens("rated by default")
        life.do(RateCase, "好差评系统" if defaulted else life.arrival.applicant, grade=grade, defaulted=defaulted)
    if life.happens("void in the end"):
        life.sleep(1, 3)
        life.do(VoidCase, f"{life.desk}-值班长", reason="登记对象有误,重新立案办理")
