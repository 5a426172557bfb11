"""Acts that move a clock (挂起, 特别程序, 延长审批). Each fact says which clocks it moves; the clocks are derived."""

from collections.abc import Iterable
from datetime import datetime
from itertools import count
from typing import Final, assert_never

from casecore.act import Act, Rule, Ruling, facts_in, made
from casecore.annotations import Id
from casecore.calendar import WorkCalendar
from casecore.case.command import CaseCommand
from casecore.case.facts.time_limits import ExtensionApproved, Resumed, Suspended, TimeLimitFact, told_in_writing
from casecore.case.file import CaseFile
from casecore.case.parts import Suspension
from casecore.case.stages import BEFORE_DECISION, stages
from casecore.extending import unfit_extension
from casecore.growing import grown
from casecore.office import Office
from casecore.refusals import Reason, Refused, blank
from casecore.value import value
from casecore.vocabulary import Authority, SpecialGround, Stage, SuspensionKind, Unit

__all__ = ["ApproveExtension", "ResumeCase", "SuspendCase"]


@value
class SuspendCase(CaseCommand):
    """挂起, or start a special procedure (特别程序); ``declared_days`` are of the limit's own kind, working days mostly."""

    reason: str
    kind: SuspensionKind = SuspensionKind.ORDINARY
    ground: SpecialGround | None = None
    declared_days: int | None = None
    notice: str | None = None
    suspension: Id | None = None
    """Its name within the case; None leaves it to be given one."""


@value
class ResumeCase(CaseCommand):
    """解挂; the suspension may stay unnamed while only one is open."""

    suspension: Id | None = None


@value
class ApproveExtension(CaseCommand):
    """延长审批; ``days`` are of the limit's own kind, working days mostly.

    The organ's head approves up to 10; for joint handling the head of government up to 15. The applicant is told why
    (延长办理期限通知书).
    """

    days: int
    approver: str
    reason: str
    notice: str | None = None
    authority: Authority = Authority.ORGAN_HEAD


MOST_DECLARED_DAYS: Final = 1000
"""More than any procedure takes: a slip of the pen that would outlast every calendar."""


def suspend_case(file: CaseFile, command: SuspendCase, at: datetime, office: Office) -> Ruling:
    """A clock may stand still: for a special procedure told in writing, or by the district's own rule.

    Only a procedure on a ground of Art. 45, with days declared in a written notice, moves the statutory limit, and only
    of what is under the law of licences; an ordinary suspension moves at most the promise, and only where the district
    says so. Days declared for two procedures do not overlap, unless the district's rule lets procedures run side by side
    (they count once then).
    """
    special = command.kind is SuspensionKind.SPECIAL_PROCEDURE
    if special and command.ground is None:
        return Refused(Reason.GROUND_MISSING)
    if command.declared_days is not None and not 1 <= command.declared_days <= MOST_DECLARED_DAYS:
        return Refused(Reason.DAYS_OUT_OF_RANGE, str(command.declared_days))
    taken = {s.fact.suspension for s in file.suspensions} | {r.suspension for r in file.resumptions}
    if command.suspension in taken:
        return Refused(Reason.SUSPENSION_EXISTS, command.suspension or "")
    lawful = special and command.declared_days is not None and not blank(command.notice)
    if lawful and (other := _overlapped(file, command, at, office)):
        return Refused(Reason.OVERLAPPING_DECLARATION, other)
    if blank(command.reason):
        return Refused(Reason.REASON_REQUIRED)
    name = command.suspension or next(free for n in count(1) if (free := f"S{n}") not in taken)
    suspended = made(
        Suspended,
        command,
        at,
        suspension=name,
        moves_promise=lawful or (not special and command.kind in office.rule.moves_promise),
        moves_statutory=lawful and file.licence_law,
    )
    return (suspended,)


def resume_case(file: CaseFile, command: ResumeCase, at: datetime, office: Office) -> Ruling:
    """The clock goes on."""
    open_ = [s.fact for s in file.suspensions if s.ended_at is None and command.suspension in (None, s.fact.suspension)]
    if len(open_) != 1:
        return Refused(Reason.NOT_SUSPENDED, command.suspension or ", ".join(s.suspension for s in open_))
    if at < open_[0].at:
        return Refused(Reason.ENDED_BEFORE_STARTED, open_[0].suspension)
    return (Resumed(at=at, by=command.by, suspension=open_[0].suspension),)


def approve_extension(file: CaseFile, command: ApproveExtension, at: datetime, office: Office) -> Ruling:
    """The limit is extended: once, within what Art. 42 allows, by whom it names, and the applicant is told why."""
    joint = file.promise is not None and file.promise.joint
    if refused := unfit_extension(command, joint=joint, again=bool(file.extensions)):
        return refused
    extended = made(ExtensionApproved, command, at)
    return (extended,)


def _overlapped(file: CaseFile, command: SuspendCase, at: datetime, office: Office) -> str | None:
    """The special procedure whose declared days the new ones would share, where only one may be on at a time."""
    promise, days = file.promise, command.declared_days
    if office.rule.parallel_procedures or promise is None or days is None:
        return None
    return overlapped(file.suspensions, at, days, office.calendar_of(promise.calendar), promise.promised.unit)


def overlapped(others: Iterable[Suspension], at: datetime, days: int, calendar: WorkCalendar, unit: Unit) -> str | None:
    """The procedure among ``others`` whose declared days, as far as it lasted, share one with those declared now."""

    def number(moment: datetime) -> int:
        return moment.date().toordinal() if unit.natural else calendar.number(moment.date())

    start = number(at)
    for fact, ended_at in others:
        if told_in_writing(fact) and fact.declared_days is not None:
            first = number(fact.at)
            last = first + fact.declared_days
            if ended_at is not None:
                last = min(last, number(ended_at))
            if max(first, start) < min(last, start + days):
                return fact.suspension
    return None


def _suspended(file: CaseFile, event: Suspended) -> CaseFile:
    """One suspension more; its end may have been reported before it."""
    end = next((r for r in file.resumptions if r.suspension == event.suspension), None)
    suspended = file._replace(suspensions=grown(file.suspensions, Suspension(event, end.at if end is not None else None)))
    if end is None:
        return suspended
    return suspended._replace(resumptions=tuple(r for r in file.resumptions if r is not end))


def _resumed(file: CaseFile, event: Resumed) -> CaseFile:
    """The open suspension of that name ends; where none of that name is known yet, its end is kept for it."""
    if all(s.fact.suspension != event.suspension for s in file.suspensions):
        return file._replace(resumptions=grown(file.resumptions, event))
    ended = tuple(
        s._replace(ended_at=event.at) if s.fact.suspension == event.suspension and s.ended_at is None else s
        for s in file.suspensions
    )
    return file._replace(suspensions=ended)


def _evolve(file: CaseFile, fact: TimeLimitFact) -> CaseFile:
    match fact:
        case Suspended():
            return _suspended(file, fact)
        case Resumed():
            return _resumed(file, fact)
        case ExtensionApproved():
            return file._replace(extensions=grown(file.extensions, fact))
        case _:
            assert_never(fact)


TIME_LIMITS: Final = Act(
    "时限",
    facts=facts_in(TimeLimitFact),
    evolve=_evolve,
    rules={
        SuspendCase: Rule(suspend_case, (Suspended,), BEFORE_DECISION),
        # It may have ended before the last approval came in.,
        ResumeCase: Rule(resume_case, (Resumed,), stages(Stage.IN_REVIEW, Stage.REVIEWED, Stage.DECIDED), late=True),
        ApproveExtension: Rule(approve_extension, (ExtensionApproved,), BEFORE_DECISION),
    },
)
"""Clocks are suspended, go on, and are extended."""
