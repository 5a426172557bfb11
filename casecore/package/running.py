"""A package on its way (一件事办理): what becomes of it as its cases are accepted, stand still and end."""

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from casecore.case.time_limits import unfit_extension
from casecore.limits import Limit
from casecore.office import Office
from casecore.package.commands import ExtendPackage, NoteAcceptance, NoteEnd, NoteResumption, NoteSuspension
from casecore.package.events import (
    ConditionFailed,
    ConditionMet,
    MemberAccepted,
    MemberDropped,
    MemberEnded,
    MemberResumed,
    MemberStarted,
    MemberSuspended,
    PackageAccepted,
    PackageClosed,
    PackageEvent,
    PackageExtended,
)
from casecore.package.opening import cannot_be_opened
from casecore.package.state import Member, PackageFile, evolve_package, fold_package
from casecore.refusals import Refused
from casecore.vocabulary import MemberState, PackageStage, Stage

__all__ = ["JOINT_DAYS", "extend_package", "note_acceptance", "note_end", "note_resumption", "note_suspension"]

JOINT_DAYS: Final = 45
"""Art. 42(2): joint handling (统一办理, 联合办理, 集中办理) is decided within 45 working days."""

Ruling = tuple[PackageEvent, ...] | Refused


def extend_package(file: PackageFile, command: ExtendPackage, at: datetime, office: Office) -> Ruling:
    """The joint limit is extended, once (Art. 42(2)); the cases keep their own."""
    if refused := unfit_extension(command, joint=True, again=file.extension is not None):
        return refused
    extended = PackageExtended(
        at=at,
        by=command.by,
        days=command.days,
        approver=command.approver,
        reason=command.reason,
        notice=command.notice or "",
        authority=command.authority,
    )
    return (extended,)


def note_acceptance(file: PackageFile, command: NoteAcceptance, at: datetime, office: Office) -> Ruling:
    """A case was accepted; with the last answer the joint limits begin to run.

    Nothing follows in a package that knows nothing of the case, as where an imported history says that it joined one.
    """
    member = file.member(command.case)
    if member is None or member.accepted_on is not None:
        return ()
    accepted = MemberAccepted(at=at, by=command.by, case=command.case, effective_on=command.effective_on)
    return (accepted, *_accepted(evolve_package(file, accepted), at, command.by, office))


def note_suspension(file: PackageFile, command: NoteSuspension, at: datetime, office: Office) -> Ruling:
    """A special procedure stops the joint limits too (Art. 45)."""
    if file.member(command.case) is None:
        return ()
    suspended = MemberSuspended(
        at=at,
        by=command.by,
        case=command.case,
        suspension=command.suspension,
        declared_days=command.declared_days,
    )
    return (suspended,)


def note_resumption(file: PackageFile, command: NoteResumption, at: datetime, office: Office) -> Ruling:
    """It ended."""
    name = f"{command.case}/{command.suspension}"
    if not any(span.label == name and span.ended_at is None for span in file.suspensions):
        return ()
    return (MemberResumed(at=at, by=command.by, case=command.case, suspension=command.suspension),)


def note_end(file: PackageFile, command: NoteEnd, at: datetime, office: Office) -> Ruling:
    """A case came to its end: others may start, conditions are met or fail, and with the last one the package closes."""
    member = file.member(command.case)
    if member is None or (member.end is not None and command.stage is not Stage.VOIDED):
        return ()
    ended = MemberEnded(
        at=at,
        by=command.by,
        case=command.case,
        stage=command.stage,
        outcome=command.outcome,
        granted=command.granted,
        pending=_still_open(file, member) if command.granted else (),
    )
    facts: list[PackageEvent] = [ended]
    file = fold_package(facts, file)
    if file.stage is PackageStage.CLOSED:
        return tuple(facts)  # voided afterwards: the package was closed all the same
    for follow in _followed(file, command.case, at, command.by, office):
        facts.append(follow)
        file = evolve_package(file, follow)
    for last in (*_accepted(file, at, command.by, office), *_closed(file, at, command.by)):
        facts.append(last)
        file = evolve_package(file, last)
    return tuple(facts)


def _followed(file: PackageFile, ended: str, at: datetime, by: str, office: Office) -> Iterator[PackageEvent]:
    """What the end of one case means to those that wait for it, and what that means in turn."""
    moved = deque([ended])
    while moved:
        before = moved.popleft()
        for waiting in [member.plan.case for member in file.members if before in _awaited(member)]:
            fact = _next(file, waiting, at, by, office)
            if fact is not None:
                yield fact
                file = evolve_package(file, fact)
                moved.append(waiting)


def _still_open(file: PackageFile, member: Member) -> tuple[str, ...]:
    """附条件办结: the prerequisites that still run as a case is closed; none where its condition has failed already."""
    if member.lost_to is not None:
        return ()
    return tuple(case for case in member.plan.conditional_on if not _over(file, case))


def _awaited(member: Member) -> tuple[str, ...]:
    """The cases on whose ends something depends for a member: to be opened, to run on, to stand unconditionally."""
    if member.lost_to is not None:
        return ()
    match member.state:
        case MemberState.WAITING:
            return (*member.plan.after, *member.plan.conditional_on)
        case MemberState.RUNNING:
            return member.plan.conditional_on
        case MemberState.ENDED | MemberState.DROPPED:
            return member.pending


def _next(file: PackageFile, case: str, at: datetime, by: str, office: Office) -> PackageEvent | None:
    """What one member makes of the ends of the others; told late, it happens when those it follows from had ended."""
    member = file.member(case)
    if member is None:
        return None
    failed = _failed(file, _awaited(member))
    waiting = member.state is MemberState.WAITING
    if failed is not None:
        at = max((at, *_ends(file, (case, failed))))
        lost = MemberDropped if waiting else ConditionFailed
        return lost(at=at, by=by, case=case, prerequisite=failed)
    needed = member.plan.after if waiting else member.pending
    if not needed or not all(_granted(file, before) for before in needed):
        return None
    at = max((at, *_ends(file, (case, *needed))))
    if not waiting:
        return ConditionMet(at=at, by=by, case=case)
    if cannot_be_opened(file.opened, member.plan, at, office):
        # Nobody may apply for it any more: that is no reason to keep what it waited for open.
        return MemberDropped(at=at, by=by, case=case, prerequisite=member.plan.item)
    return MemberStarted(at=at, by=by, case=case)


def _accepted(file: PackageFile, at: datetime, by: str, office: Office) -> Iterator[PackageEvent]:
    """受理 of the whole, once every case opened with it was answered."""
    first = [member for member in file.members if not member.plan.after]
    answered = [member.accepted_at or member.ended_at for member in first]
    days = [member.accepted_on for member in first if member.accepted_on is not None]
    if file.stage is PackageStage.OPENED and None not in answered and days:
        yield PackageAccepted(
            at=max(at, *(answer for answer in answered if answer is not None)),
            by=by,
            effective_on=max(days),
            statutory=Limit.working_days(JOINT_DAYS),
            calendar=office.calendar.version,
        )


def _closed(file: PackageFile, at: datetime, by: str) -> Iterator[PackageEvent]:
    if all(member.over for member in file.members):
        granted = sum(member.granted for member in file.members)
        at = max(at, *_ends(file, [member.plan.case for member in file.members]))
        yield PackageClosed(at=at, by=by, granted=granted, failed=len(file.members) - granted)


def _ends(file: PackageFile, cases: Iterable[str]) -> Iterator[datetime]:
    """When those of the cases that are over came to their ends."""
    found = (file.member(case) for case in cases)
    yield from (member.ended_at for member in found if member is not None and member.ended_at is not None)


def _over(file: PackageFile, case: str) -> bool:
    member = file.member(case)
    return member is not None and member.over


def _granted(file: PackageFile, case: str) -> bool:
    """Whether a prerequisite stands: granted, and on no condition any more."""
    member = file.member(case)
    return member is not None and member.granted and member.over


def _failed(file: PackageFile, cases: tuple[str, ...]) -> str | None:
    """The first of the prerequisites that came to nothing; one that lost its own condition does, whatever its end."""
    for case in cases:
        member = file.member(case)
        if member is not None and (member.lost_to is not None or (member.over and not member.granted)):
            return case
    return None
