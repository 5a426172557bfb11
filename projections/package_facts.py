"""``package_facts``: one row a package (一件事); ``member_facts``: one row a case of a package, as the package sees it."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from casecore.calendar import OutsideCalendarError
from casecore.calendars import find_calendar
from casecore.kinds import PACKAGE
from casecore.package.file import Member, PackageFile
from casecore.reading.joint_review import JointReview, joint_review
from casecore.vocabulary import ClockKind, MemberState, Stage, Unit
from projections.projection import Projection, Subject, day_of

__all__ = ["MEMBER_FACTS", "PACKAGE_FACTS", "MemberFact", "PackageFact"]


class PackageFact(NamedTuple):
    """One package. Days are working days under its own calendar."""

    log: str
    package_id: str
    stream_version: int
    theme: str
    theme_version: int
    stage: str
    applicant_kind: str
    """服务对象."""
    channel: str
    hall: str
    tier: str
    opened_on: date
    accepted_on: date | None
    """Day 0 of the joint limits: that of the case accepted last."""
    closed_on: date | None
    cases: int
    granted: int
    """Cases granted for good, as known now: none of them on a condition that is still open."""
    failed: int
    """Cases that came to nothing: refused, withdrawn, voided, dropped, or lost with their condition (部分未通过)."""
    waiting: int
    """Cases that are not opened yet: what they wait for still runs (串联)."""
    conditional: int
    """附条件办结: cases closed while a prerequisite still ran, whatever became of it."""
    visits_promised: int
    """到办事现场次数 promised for the whole."""
    promised_amount: int | None
    """None for an agreed date."""
    promised_unit: str
    promised_due_on: date | None
    """None before the acceptance, while paused, and where the calendar cannot count."""
    promised_verdict: str | None
    """on_time or overdue, of closed packages."""
    statutory_due_on: date | None
    statutory_verdict: str | None
    provisional: int
    """A due date touches or passes the calendar's coverage, or cannot be counted at all."""
    used_days: int | None
    """From the day 0 of the case accepted first to the closing."""
    serial_days: int | None
    """串联: the days of its cases one after the other."""
    saved_days: int | None
    """What running side by side saved (并联审批); the three are None while it runs."""
    shared_materials: int
    """Materials that came in once for all (一套材料)."""
    closed: int
    withdrawn: int
    """1 where no case of it is left to be judged: each was withdrawn (撤回), void or never opened."""


class MemberFact(NamedTuple):
    """One case of a package."""

    log: str
    package_id: str
    stream_version: int
    case_id: str
    item: str
    subject: str | None
    """What it is about (门店 …)."""
    state: str
    """waiting, running, ended or dropped."""
    started_on: date | None
    """When it was opened."""
    accepted_on: date | None
    """Day 0 of its own limits."""
    ended_on: date | None
    """When it ended, or was dropped."""
    granted: int
    """Ended with what was applied for, and no condition has failed since."""
    pending: int
    """Prerequisites it was closed on condition of that still run."""
    lost_to: str | None
    """The prerequisite it was dropped for, or lost its condition with."""


def _rows(subject: Subject[PackageFile]) -> Iterator[PackageFact]:
    file, opened, promise = subject.file, subject.file.opened, subject.file.promise
    if opened is None:
        return
    clocks = {settled.clock.kind: settled for settled in subject.clocks}
    promised, statutory = clocks.get(ClockKind.PROMISED), clocks.get(ClockKind.STATUTORY)
    review = _review(subject)
    yield PackageFact(
        log=subject.log,
        package_id=subject.stream,
        stream_version=file.version,
        theme=opened.theme,
        theme_version=opened.theme_version,
        stage=file.stage.value,
        applicant_kind=opened.applicant_kind.value,
        channel=opened.channel.value,
        hall=opened.hall,
        tier=opened.tier.value,
        opened_on=opened.at.date(),
        accepted_on=promise.effective_on if promise is not None else None,
        closed_on=file.closing.at.date() if file.closing is not None else None,
        cases=len(file.members),
        granted=sum(member.over and member.granted for member in file.members),
        failed=sum(member.over and not member.granted for member in file.members),
        waiting=sum(member.state is MemberState.WAITING for member in file.members),
        conditional=sum(member.end is not None and bool(member.end.pending) for member in file.members),
        visits_promised=opened.visits_promised,
        promised_amount=opened.promised.amount if opened.promised.unit is not Unit.FIXED_DATE else None,
        promised_unit=opened.promised.unit.value,
        promised_due_on=promised.due_on if promised is not None else None,
        promised_verdict=promised.verdict if promised is not None else None,
        statutory_due_on=statutory.due_on if statutory is not None else None,
        statutory_verdict=statutory.verdict if statutory is not None else None,
        provisional=max((settled.provisional for settled in subject.clocks), default=0),
        used_days=review.actual_days if review is not None else None,
        serial_days=review.serial_days if review is not None else None,
        saved_days=review.saved_days if review is not None else None,
        shared_materials=len({one.material for one in file.materials}),
        closed=int(file.closing is not None),
        withdrawn=int(not any(_counts(member) for member in file.members)),
    )


def _counts(member: Member) -> bool:
    """Whether a case of a package counts: it was not withdrawn (撤回), made void (作废, 删除) or dropped before it began."""
    if member.state is MemberState.DROPPED:
        return False
    end = member.end
    if end is None:
        return True
    return end.stage not in (Stage.WITHDRAWN, Stage.VOIDED) and not (end.outcome is not None and end.outcome.void)


def _review(subject: Subject[PackageFile]) -> JointReview | None:
    """What its joint review saved; None where there is nothing to count yet, or the calendar cannot."""
    promise = subject.file.promise
    if promise is None:
        return None
    try:
        return joint_review(subject.file, find_calendar(subject.calendars, promise.calendar).law)
    except OutsideCalendarError:
        return None


def _member_rows(subject: Subject[PackageFile]) -> Iterator[MemberFact]:
    for member in subject.file.members:
        yield MemberFact(
            log=subject.log,
            package_id=subject.stream,
            stream_version=subject.file.version,
            case_id=member.plan.case,
            item=member.plan.item,
            subject=member.plan.subject,
            state=member.state.value,
            started_on=day_of(member.started_at),
            accepted_on=member.accepted_on,
            ended_on=day_of(member.ended_at),
            granted=int(member.granted),
            pending=len(member.pending),
            lost_to=member.lost_to,
        )


PACKAGE_FACTS = Projection("package_facts", 2, PackageFact, _rows, PACKAGE)
"""One row a package."""

MEMBER_FACTS = Projection("member_facts", 1, MemberFact, _member_rows, PACKAGE)
"""One row a case of a package."""
