"""The review (分办, 转办, 审批, 环节): a plan is a graph; departments work in parallel where it lets them."""

from collections.abc import Callable
from datetime import datetime
from functools import partial, reduce
from typing import Final, assert_never

from casecore.act import Act, Folded, Rule, Ruling, facts_in, made
from casecore.annotations import Id
from casecore.case.command import CaseCommand
from casecore.case.facts.review import (
    ApprovalGranted,
    ApprovalRefused,
    ApprovalReturned,
    CaseRouted,
    CaseTransferred,
    ReviewCompleted,
    ReviewFact,
    StepCompleted,
)
from casecore.case.file import CaseFile
from casecore.case.parts import Approval
from casecore.case.stages import EXISTS, stages
from casecore.office import Office
from casecore.refusals import Reason, Refused, blank
from casecore.value import value
from casecore.vocabulary import Answer, Stage

__all__ = ["CompleteStep", "GrantApproval", "RefuseApproval", "ReturnApproval", "RouteCase", "TransferCase"]


@value
class RouteCase(CaseCommand):
    """分办: send every step that is ready to its department, or only those named."""

    steps: tuple[str, ...] = ()


@value
class TransferCase(CaseCommand):
    """转办: move an open step to another department."""

    step: Id
    to_department: Id
    reason: str


@value
class CompleteStep(CaseCommand):
    """环节办结: record an internal step that was done."""

    name: str
    department: Id | None = None
    action: str | None = None
    started_at: datetime | None = None


@value
class GrantApproval(CaseCommand):
    """审批通过: a department says yes to its step."""

    step: Id
    department: Id
    opinion: str | None = None


@value
class RefuseApproval(CaseCommand):
    """审批不通过: a department says no to its step, with the reason."""

    step: Id
    department: Id
    reason: str


@value
class ReturnApproval(CaseCommand):
    """审批退回: a department hands its step back; it has to be routed again."""

    step: Id
    department: Id
    reason: str


def route_case(file: CaseFile, command: RouteCase, at: datetime, office: Office) -> Ruling:
    """Every step that is ready goes to its department, or only those named."""
    ready = {step.step: step for step in file.ready_steps()}
    named = tuple(dict.fromkeys(command.steps))
    if unknown := [step for step in named if step not in {planned.step for planned in file.plan}]:
        return Refused(Reason.UNKNOWN_STEP, unknown[0])
    if waiting := [step for step in named if step not in ready]:
        return Refused(Reason.STEP_NOT_READY, waiting[0])
    chosen = [ready[step] for step in named or ready]
    if not chosen:
        return Refused(Reason.STEP_NOT_READY)
    return tuple(CaseRouted(at=at, by=command.by, step=s.step, department=s.department) for s in chosen)


def transfer_case(file: CaseFile, command: TransferCase, at: datetime, office: Office) -> Ruling:
    """An open step moves to another department."""
    approval = _open(file, command.step)
    if isinstance(approval, Refused):
        return approval
    if approval.department == command.to_department:
        return Refused(Reason.SAME_DEPARTMENT, command.to_department)
    if blank(command.reason):
        return Refused(Reason.REASON_REQUIRED)
    transferred = made(CaseTransferred, command, at, from_department=approval.department)
    return (transferred,)


def complete_step(file: CaseFile, command: CompleteStep, at: datetime, office: Office) -> Ruling:
    """Some internal step was done; it moves nothing by itself."""
    completed = made(StepCompleted, command, at)
    return (completed,)


def grant_approval(file: CaseFile, command: GrantApproval, at: datetime, office: Office) -> Ruling:
    """A department says yes: what waited for it opens, and the last yes completes the review."""
    if refused := _not_to_answer(file, command, at):
        return refused
    granted = made(ApprovalGranted, command, at)
    return _after(file, granted)


def refuse_approval(file: CaseFile, command: RefuseApproval, at: datetime, office: Office) -> Ruling:
    """A department says no: what waited for it never opens; the others finish."""
    if refused := _not_to_answer(file, command, at):
        return refused
    if blank(command.reason):
        return Refused(Reason.REASON_REQUIRED)
    no = made(ApprovalRefused, command, at)
    return _after(file, no)


def return_approval(file: CaseFile, command: ReturnApproval, at: datetime, office: Office) -> Ruling:
    """A department hands the file back; it waits to be routed again."""
    if refused := _not_to_answer(file, command, at):
        return refused
    if blank(command.reason):
        return Refused(Reason.REASON_REQUIRED)
    returned = made(ApprovalReturned, command, at)
    return (returned,)


def _open(file: CaseFile, step: str) -> Approval | Refused:
    """The open approval of a step."""
    if step not in {planned.step for planned in file.plan}:
        return Refused(Reason.UNKNOWN_STEP, step)
    approval = file.current(step)
    if approval is None or approval.answer is not None:
        return Refused(Reason.STEP_NOT_OPEN, step)
    return approval


def _not_to_answer(file: CaseFile, command: GrantApproval | RefuseApproval | ReturnApproval, at: datetime) -> Refused | None:
    """Why this person of this department may not answer this step now (受审分离)."""
    approval = _open(file, command.step)
    if isinstance(approval, Approval) and at < approval.opened_at:
        return Refused(Reason.BEFORE_STAGE, approval.opened_at.isoformat())
    if command.by == file.accepted_by:
        return Refused(Reason.ACCEPTOR_MAY_NOT_APPROVE, command.by)
    if isinstance(approval, Refused):
        return approval
    if approval.department != command.department:
        return Refused(Reason.WRONG_DEPARTMENT, approval.department)
    return None


def _after(file: CaseFile, answered: ApprovalGranted | ApprovalRefused) -> Folded:
    """The answer, and what follows from it: steps that open, or the end of the review."""
    file = evolve_review(file, answered)
    opening = [
        CaseRouted(at=answered.at, by=answered.by, step=s.step, department=s.department)
        for s in file.ready_steps()
        if answered.step in s.after
    ]
    if opening:
        return Folded((answered, *opening), reduce(evolve_review, opening, file))
    latest = [file.current(step.step) for step in file.plan]
    if file.ready_steps() or any(a is not None and a.answer is None for a in latest):
        return Folded((answered,), file)
    granted = all(a is not None and a.answer is Answer.GRANTED for a in latest)
    reviewed = ReviewCompleted(at=answered.at, by=answered.by, granted=granted)
    return Folded((answered, reviewed), evolve_review(file, reviewed))


def _transferred(approval: Approval, *, event: CaseTransferred) -> Approval:
    left = (event.at, approval.department)
    return approval._replace(department=event.to_department, handed_over=(*approval.handed_over, left))


def _approval(file: CaseFile, step: str, change: Callable[[Approval], Approval]) -> CaseFile:
    """The file with the latest routing of a step changed; unchanged where the step was never routed."""
    approvals = list(file.approvals)
    for index in reversed(range(len(approvals))):
        if approvals[index].step == step:
            approvals[index] = change(approvals[index])
            break
    return file._replace(approvals=tuple(approvals))


def evolve_review(file: CaseFile, fact: ReviewFact) -> CaseFile:
    """A case's file after one more fact of its review."""
    match fact:
        case StepCompleted():
            return file._replace(steps=(*file.steps, fact))
        case CaseRouted():
            return file._replace(approvals=(*file.approvals, Approval(fact.step, fact.department, fact.at)))
        case CaseTransferred():
            return _approval(file, fact.step, partial(_transferred, event=fact))
        case ApprovalGranted():
            granted = partial(Approval._replace, answer=Answer.GRANTED, answered_at=fact.at, by=fact.by)
            return _approval(file, fact.step, granted)
        case ApprovalRefused() | ApprovalReturned():
            answer = Answer.REFUSED if isinstance(fact, ApprovalRefused) else Answer.RETURNED
            no = partial(Approval._replace, answer=answer, answered_at=fact.at, by=fact.by, reason=fact.reason)
            return _approval(file, fact.step, no)
        case ReviewCompleted():
            return file._replace(stage=Stage.REVIEWED, stage_at=fact.at, review_granted=fact.granted)
        case _:
            assert_never(fact)


REVIEW: Final = Act(
    "审批",
    facts=facts_in(ReviewFact),
    evolve=evolve_review,
    rules={
        RouteCase: Rule(route_case, (CaseRouted,), stages(Stage.IN_REVIEW)),
        TransferCase: Rule(transfer_case, (CaseTransferred,), stages(Stage.IN_REVIEW)),
        CompleteStep: Rule(complete_step, (StepCompleted,), EXISTS, late=True),
        GrantApproval: Rule(grant_approval, (ApprovalGranted,), stages(Stage.IN_REVIEW)),
        RefuseApproval: Rule(refuse_approval, (ApprovalRefused,), stages(Stage.IN_REVIEW)),
        ReturnApproval: Rule(return_approval, (ApprovalReturned,), stages(Stage.IN_REVIEW)),
    },
)
"""Steps of the plan are routed to departments and answered, until the last answer completes the review."""
