"""The cases of a package (一件事办理): what becomes of it as they are accepted, stand still and end."""

from collections import deque
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial, reduce
from typing import Any, Final, assert_never

from casecore.act import Act, Folded, Rule, Ruling, facts_in, made
from casecore.annotations import Id
from casecore.fact import Fact
from casecore.growing import grown
from casecore.ledger import SuspensionSpan
from casecore.office import Office
from casecore.package.acts.limits import ends_of, evolve_limits, whole_accepted, whole_closed
from casecore.package.acts.opening import cannot_be_opened
from casecore.package.command import PackageCommand
from casecore.package.facts.members import (
    ConditionFailed,
    ConditionMet,
    MemberAccepted,
    MemberDecided,
    MemberDropped,
    MemberEnded,
    MemberFact,
    MemberResumed,
    MemberStarted,
    MemberSuspended,
)
from casecore.package.file import Member, PackageFile
from casecore.value import value
from casecore.vocabulary import Decision, MemberState, Outcome, PackageStage, Stage

__all__ = ["NoteAcceptance", "NoteDecision", "NoteEnd", "NoteResumption", "NoteSuspension"]


@value
class NoteAcceptance(PackageCommand):
    """A case was accepted."""

    case: Id
    effective_on: date


@value
class NoteDecision(PackageCommand):
    """A case was decided."""

    case: Id
    decision: Decision


@value
class NoteEnd(PackageCommand):
    """A case came to its end."""

    case: Id
    stage: Stage
    outcome: Outcome | None
    granted: bool


@value
class NoteSuspension(PackageCommand):
    """A special procedure told in writing began in a case."""

    case: Id
    suspension: Id
    declared_days: int
    moves_statutory: bool = True


@value
class NoteResumption(PackageCommand):
    """A suspension ended in a case."""

    case: Id
    suspension: Id


def note_acceptance(file: PackageFile, command: NoteAcceptance, at: datetime, office: Office) -> Ruling:
    """A case was accepted; with the last answer the joint limits begin to run.

    Nothing follows in a package that knows nothing of the case, as where an imported history says that it joined one.
    """
    member = file.member(command.case)
    if member is None or member.accepted_on is not None:
        return ()
    accepted = made(MemberAccepted, command, at)
    file = _evolve(file, accepted)
    whole = tuple(whole_accepted(file, at, command.by, office))
    return Folded((accepted, *whole), reduce(evolve_limits, whole, file))


def note_suspension(file: PackageFile, command: NoteSuspension, at: datetime, office: Office) -> Ruling:
    """A special procedure stops the joint limits too, that of the law where its case is under that law (Art. 45)."""
    if file.member(command.case) is None:
        return ()
    suspended = made(MemberSuspended, command, at)
    return (suspended,)


def note_resumption(file: PackageFile, command: NoteResumption, at: datetime, office: Office) -> Ruling:
    """It ended."""
    name = f"{command.case}/{command.suspension}"
    if not any(span.label == name and span.ended_at is None for span in file.suspensions):
        return ()
    return (made(MemberResumed, command, at),)


def note_decision(file: PackageFile, command: NoteDecision, at: datetime, office: Office) -> Ruling:
    """A case was decided: the joint limit of the law waits for it no longer."""
    if file.member(command.case) is None:
        return ()
    return (made(MemberDecided, command, at),)


def note_end(file: PackageFile, command: NoteEnd, at: datetime, office: Office) -> Ruling:
    """A case came to its end: others may start, conditions are met or fail, and with the last one the package closes."""
    member = file.member(command.case)
    if member is None or (member.end is not None and command.stage is not Stage.VOIDED):
        return ()
    ended = made(MemberEnded, command, at, pending=_still_open(file, member) if command.granted else ())
    facts: list[Fact] = [ended]
    file = _evolve(file, ended)
    if file.stage is PackageStage.CLOSED:
        return Folded((ended,), file)  # voided afterwards: the package was closed all the same
    for follow, after in _followed(file, command.case, at, command.by, office):
        facts.append(follow)
        file = after
    whole = (*whole_accepted(file, at, command.by, office), *whole_closed(file, at, command.by))
    return Folded((*facts, *whole), reduce(evolve_limits, whole, file))


def _followed(
    file: PackageFile, ended: str, at: datetime, by: str, office: Office
) -> Iterator[tuple[MemberFact, PackageFile]]:
    """What the end of one case means to those that wait for it, and that in turn: each fact, with the file after it."""
    moved = deque([ended])
    while moved:
        before = moved.popleft()
        for waiting in [member.plan.case for member in file.members if before in _awaited(member)]:
            fact = _next(file, waiting, at, by, office)
            if fact is not None:
                file = _evolve(file, fact)
                yield fact, file
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


def _next(file: PackageFile, case: str, at: datetime, by: str, office: Office) -> MemberFact | None:
    """What one member makes of the ends of the others; told late, it happens when those it follows from had ended."""
    member = file.member(case)
    if member is None:
        return None
    failed = _failed(file, _awaited(member))
    waiting = member.state is MemberState.WAITING
    if failed is not None:
        at = max((at, *ends_of(file, (case, failed))))
        lost = MemberDropped if waiting else ConditionFailed
        return lost(at=at, by=by, case=case, prerequisite=failed)
    needed = member.plan.after if waiting else member.pending
    if not needed or not all(_granted(file, before) for before in needed):
        return None
    at = max((at, *ends_of(file, (case, *needed))))
    if not waiting:
        return ConditionMet(at=at, by=by, case=case)
    if cannot_be_opened(file.opened, member.plan, at, office):
        # Nobody may apply for it any more: that is no reason to keep what it waited for open.
        return MemberDropped(at=at, by=by, case=case, prerequisite=member.plan.item)
    return MemberStarted(at=at, by=by, case=case)


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


def _evolve(file: PackageFile, fact: MemberFact) -> PackageFile:  # noqa: PLR0911 - one arm a fact
    match fact:
        case MemberStarted():
            return _changed(file, fact.case, partial(Member._replace, state=MemberState.RUNNING, started_at=fact.at))
        case MemberAccepted():
            accepted = partial(Member._replace, accepted_at=fact.at, accepted_on=fact.effective_on)
            return _changed(file, fact.case, accepted)
        case MemberSuspended():
            span = SuspensionSpan(f"{fact.case}/{fact.suspension}", fact.at, None, fact.declared_days)
            promise_only = file.promise_only if fact.moves_statutory else grown(file.promise_only, span.label)
            return file._replace(suspensions=grown(file.suspensions, span), promise_only=promise_only)
        case MemberResumed():
            name = f"{fact.case}/{fact.suspension}"
            spans = tuple(
                s._replace(ended_at=fact.at) if s.label == name and s.ended_at is None else s for s in file.suspensions
            )
            return file._replace(suspensions=spans)
        case MemberDecided():
            return _changed(file, fact.case, partial(Member._replace, decided_at=fact.at))
        case MemberEnded():
            ended = partial(Member._replace, state=MemberState.ENDED, ended_at=fact.at, end=fact, pending=fact.pending)
            return _changed(_without_procedures(file, fact), fact.case, ended)
        case MemberDropped():
            dropped = partial(Member._replace, state=MemberState.DROPPED, ended_at=fact.at, lost_to=fact.prerequisite)
            return _changed(file, fact.case, dropped)
        case ConditionMet():
            return _changed(file, fact.case, partial(Member._replace, pending=()))
        case ConditionFailed():
            return _changed(file, fact.case, partial(Member._replace, pending=(), lost_to=fact.prerequisite))
        case _:
            assert_never(fact)


def _without_procedures(file: PackageFile, fact: MemberEnded) -> PackageFile:
    """The file with nothing under way any more in a case that ended: whoever withdraws waits for no test (Art. 45)."""
    spans = tuple(
        span._replace(ended_at=max(fact.at, span.started_at))
        if span.ended_at is None and span.label.rpartition("/")[0] == fact.case
        else span
        for span in file.suspensions
    )
    return file._replace(suspensions=spans)


def _changed(file: PackageFile, case: str, change: Callable[[Member], Member]) -> PackageFile:
    """The file with one member changed; unchanged where the package has no such case."""
    return file._replace(members=tuple(change(m) if m.plan.case == case else m for m in file.members))


def _noted(answer: Callable[[PackageFile, Any, datetime, Office], Ruling], makes: type[Fact]) -> Rule:
    """The rule of something a package learns of its case, at any stage."""
    return Rule(answer, (makes,), frozenset(PackageStage), late=True, begins=True, follows=True)


MEMBERS: Final = Act(
    "一件事办理",
    facts=facts_in(MemberFact),
    evolve=_evolve,
    rules={
        # In a package nobody has opened nothing follows: an imported case may say that it joined one elsewhere.,
        NoteAcceptance: _noted(note_acceptance, MemberAccepted),
        NoteDecision: _noted(note_decision, MemberDecided),
        NoteEnd: _noted(note_end, MemberEnded),
        NoteSuspension: _noted(note_suspension, MemberSuspended),
        NoteResumption: _noted(note_resumption, MemberResumed),
    },
)
"""What becomes of the cases of a package, and of the conditions between them."""
