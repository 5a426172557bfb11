"""The approvals of a simulated case: when its departments answer, and what may come between.

What is suspended or extended waits, what is handed back comes again, and behind a refusal nothing opens.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from casecore.case.acts.closing import WithdrawCase
from casecore.case.acts.review import GrantApproval, RefuseApproval, ReturnApproval, RouteCase, TransferCase
from casecore.case.acts.time_limits import ApproveExtension, ResumeCase, SuspendCase
from casecore.plan import PlanStep
from casecore.service_item import HOURS_PER_WORKDAY, MINUTES_AN_HOUR, ServiceItem, working_minutes
from casecore.vocabulary import Authority, SpecialGround, SuspensionKind, Unit
from ops.demo.arrival import CHENGDU, department_of
from ops.demo.life import Life

__all__ = ["review"]

LONGEST_DAYS: Final = 40
"""A longer promise is kept within these working days, so that the play ends in its year."""
WORKDAY_MINUTES: Final = HOURS_PER_WORKDAY * MINUTES_AN_HOUR
LONG_ENOUGH: Final = 5
"""Working days a promise must have to be suspended or extended."""
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


def review(life: Life) -> bool | None:
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
        case Unit.NATURAL_DAY | Unit.MONTH | Unit.WHOLE_MONTH | Unit.YEAR:
            return max(1, (working_minutes(item.promised) or 0) // WORKDAY_MINUTES - 1)
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
    """By whom Art. 42 names: of joint handling (联办) the head of government, else the organ's own."""
    organ, joint = department_of(life.item), life.item.joint
    life.do(
        ApproveExtension,
        life.officer(organ),
        at,
        days=days,
        approver="新都区人民政府-负责人" if joint else f"{organ}-负责人",
        authority=Authority.GOVERNMENT_HEAD if joint else Authority.ORGAN_HEAD,
        reason="案情复杂,需进一步核实",
        notice=f"{life.case}-YC",
    )


def _answer(life: Life, schedule: _Schedule, refused: str | None) -> None:
    """Every step that opens is answered, those before it first; behind a refusal nothing opens."""
    rng, plan = life.rng, life.item.plan
    depths = _depths_of(plan)
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


def _depths_of(plan: tuple[PlanStep, ...]) -> dict[str, int]:
    """How many steps deep each step lies in the plan, from 1."""
    depths: dict[str, int] = {}
    while len(depths) < len(plan):
        for step in plan:
            if step.step not in depths and depths.keys() >= set(step.after):
                depths[step.step] = 1 + max((depths[before] for before in step.after), default=0)
    return depths
