"""Acts that move a clock (挂起, 特别程序, 延长审批). Each fact says which clocks it moves; the clocks are derived."""

from collections.abc import Iterable
from datetime import datetime
from itertools import count
from typing import Final, Protocol

from casecore.calendar import WorkCalendar
from casecore.case.commands import ApproveExtension, ResumeCase, SuspendCase
from casecore.case.events import ExtensionApproved, Resumed, Suspended
from casecore.case.ruling import Ruling
from casecore.case.state import CaseFile, Suspension, longest_extension, told_in_writing
from casecore.office import Office
from casecore.refusals import Reason, Refused, blank
from casecore.vocabulary import Authority, SuspensionKind, Unit

__all__ = ["approve_extension", "overlapped", "resume_case", "suspend_case", "unfit_extension"]


MOST_DECLARED_DAYS: Final = 1000
"""More than any procedure takes: a slip of the pen that would outlast every calendar."""


def suspend_case(file: CaseFile, command: SuspendCase, at: datetime, office: Office) -> Ruling:
    """A clock may stand still: for a special procedure told in writing, or by the district's own rule.

    Only a procedure on a ground of Art. 45, with days declared in a written notice, moves the statutory limit; an
    ordinary suspension moves at most the promise, and only where the district says so. Days declared for two
    procedures do not overlap, unless the district's rule lets procedures run side by side (they count once then).
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
    suspended = Suspended(
        at=at,
        by=command.by,
        suspension=name,
        kind=command.kind,
        reason=command.reason,
        ground=command.ground,
        declared_days=command.declared_days,
        notice=command.notice,
        moves_promise=lawful or (not special and command.kind in office.rule.moves_promise),
        moves_statutory=lawful,
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
    extended = ExtensionApproved(
        at=at,
        by=command.by,
        days=command.days,
        approver=command.approver,
        reason=command.reason,
        notice=command.notice,
        authority=command.authority,
    )
    return (extended,)


class ExtensionAsked(Protocol):
    """What is said of an extension, of a case's limit or of a package's."""

    @property
    def days(self) -> int:
        """How many are added."""

    @property
    def approver(self) -> str:
        """Who approved it."""

    @property
    def reason(self) -> str:
        """Why."""

    @property
    def notice(self) -> str | None:
        """What the applicant was told it with."""

    @property
    def authority(self) -> Authority:
        """As whom the approver approved."""


def unfit_extension(  # noqa: PLR0911 - one way out a refusal
    asked: ExtensionAsked, *, joint: bool, again: bool
) -> Refused | None:
    """Why a limit cannot be extended so (Art. 42); ``again`` where it was extended before."""
    longest, authority = longest_extension(joint=joint)
    if asked.days < 1:
        return Refused(Reason.DAYS_OUT_OF_RANGE, str(asked.days))
    if asked.days > longest:
        return Refused(Reason.EXTENSION_TOO_LONG, f"{asked.days} > {longest}")
    if asked.authority is not authority:
        return Refused(Reason.WRONG_AUTHORITY, authority.value)
    if again:
        return Refused(Reason.ALREADY_EXTENDED)
    if blank(asked.notice):
        return Refused(Reason.NOTICE_REQUIRED)
    if blank(asked.reason) or blank(asked.approver):
        return Refused(Reason.REASON_REQUIRED)
    return None


def _overlapped(file: CaseFile, command: SuspendCase, at: datetime, office: Office) -> str | None:
    """The special procedure whose declared days the new ones would share, where only one may be on at a time."""
    promise, days = file.promise, command.declared_days
    if office.rule.parallel_procedures or promise is None or days is None:
        return None
    return overlapped(file.suspensions, at, days, office.calendar_of(promise.calendar), promise.promised.unit)


def overlapped(others: Iterable[Suspension], at: datetime, days: int, calendar: WorkCalendar, unit: Unit) -> str | None:
    """The procedure among ``others`` whose declared days, as far as it lasted, share one with those declared now."""

    def number(moment: datetime) -> int:
        return moment.date().toordinal() if unit is Unit.NATURAL_DAY else calendar.number(moment.date())

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
