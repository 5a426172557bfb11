"""Acts that move a clock (挂起, 特别程序, 延长审批). Each fact says which clocks it moves; the clocks are derived."""

from datetime import datetime
from itertools import count
from typing import Final

from casecore.case.commands import ApproveExtension, ResumeCase, SuspendCase
from casecore.case.events import ExtensionApproved, Resumed, Suspended
from casecore.case.ruling import Ruling
from casecore.case.state import CaseFile
from casecore.office import Office
from casecore.refusals import Reason, Refused, blank
from casecore.vocabulary import SuspensionKind

__all__ = ["approve_extension", "resume_case", "suspend_case"]

EXTENSION_DAYS: Final = 10
"""Art. 42(1): by the organ's head."""
JOINT_EXTENSION_DAYS: Final = 15
"""Art. 42(2): joint handling (联办件), by the head of government."""


def suspend_case(file: CaseFile, command: SuspendCase, at: datetime, office: Office) -> Ruling:
    """A clock may stand still: for a special procedure told in writing, or by the district's own rule.

    Only a procedure on a ground of Art. 45, with days declared in a written notice, moves the statutory limit; an
    ordinary suspension moves at most the promise, and only where the district says so.
    """
    special = command.kind is SuspensionKind.SPECIAL_PROCEDURE
    if special and command.ground is None:
        return Refused(Reason.GROUND_MISSING)
    if command.declared_days is not None and command.declared_days < 1:
        return Refused(Reason.DAYS_OUT_OF_RANGE, str(command.declared_days))
    taken = {s.fact.suspension for s in file.suspensions}
    if command.suspension in taken:
        return Refused(Reason.SUSPENSION_EXISTS, command.suspension or "")
    if blank(command.reason):
        return Refused(Reason.REASON_REQUIRED)
    name = command.suspension or next(free for n in count(1) if (free := f"S{n}") not in taken)
    lawful = special and command.declared_days is not None and bool(command.notice)
    suspended = Suspended(
        at=at,
        by=command.by,
        suspension=name,
        kind=command.kind,
        reason=command.reason,
        ground=command.ground,
        declared_days=command.declared_days,
        notice=command.notice,
        moves_promise=lawful or (command.kind is SuspensionKind.ORDINARY and office.suspension_moves_promise),
        moves_statutory=lawful,
    )
    return (suspended,)


def resume_case(file: CaseFile, command: ResumeCase, at: datetime, office: Office) -> Ruling:
    """The clock goes on."""
    open_ = [s.fact for s in file.suspensions if s.ended_at is None and command.suspension in (None, s.fact.suspension)]
    if len(open_) != 1:
        return Refused(Reason.NOT_SUSPENDED, command.suspension or ", ".join(s.suspension for s in open_))
    if at < open_[0].at:
        return Refused(Reason.BEFORE_STAGE, open_[0].suspension)
    return (Resumed(at=at, by=command.by, suspension=open_[0].suspension),)


def approve_extension(file: CaseFile, command: ApproveExtension, at: datetime, office: Office) -> Ruling:
    """The limit is extended: once, within what Art. 42 allows, with its reason."""
    joint = file.promise is not None and file.promise.joint
    if not 1 <= command.days <= (JOINT_EXTENSION_DAYS if joint else EXTENSION_DAYS):
        return Refused(Reason.DAYS_OUT_OF_RANGE, str(command.days))
    if file.extension is not None:
        return Refused(Reason.ALREADY_EXTENDED)
    if blank(command.reason) or blank(command.approver):
        return Refused(Reason.REASON_REQUIRED)
    extended = ExtensionApproved(
        at=at,
        by=command.by,
        days=command.days,
        approver=command.approver,
        reason=command.reason,
        notice=command.notice,
    )
    return (extended,)
