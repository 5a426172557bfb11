"""The review (分办, 转办, 加签, 审批, 环节): a plan is a graph; departments work in parallel where it lets them."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial, reduce
from typing import Final, assert_never

from casecore.act import Act, Folded, Rule, Ruling, facts_in, made
from casecore.annotations import Id
from casecore.case.command import CaseCommand
from casecore.case.facts.review import (
    ApprovalCalledOff,
    ApprovalGranted,
    ApprovalRefused,
    ApprovalReturned,
    CaseRouted,
    CaseTransferred,
    DepartmentAdded,
    ReviewCompleted,
    ReviewFact,
    StepCompleted,
)
from casecore.case.file import CaseFile
from casecore.case.named_limits import unfit_limit
from casecore.case.parts import Approval
from casecore.case.stages import EXISTS, stages
from casecore.growing import grown
from casecore.limits import Limit
from casecore.office import Office
from casecore.plan import PlanStep
from casecore.refusals import Reason, Refused, blank
from casecore.value import value
from casecore.vocabulary import Answer, Stage

__all__ = [
    "AddDepartment",
    "CompleteStep",
    "GrantApproval",
    "RefuseApproval",
    "ReturnApproval",
    "RouteCase",
    "TransferCase",
    "WithdrawAddedDepartment",
]


_Answering = ApprovalGranted | ApprovalRefused | ApprovalReturned | ApprovalCalledOff
_ANSWERS: Final[Mapping[type[_Answering], Answer]] = {
    ApprovalGranted: Answer.GRANTED,
    ApprovalRefused: Answer.REFUSED,
    ApprovalReturned: Answer.RETURNED,
    ApprovalCalledOff: Answer.CALLED_OFF,
}


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
class AddDepartment(CaseCommand):
    """加签: ask one more department while the review runs, in a step of its own, with the reason.

    The limits of the case do not move for it; ``limit`` is its own, counted from now.
    """

    step: Id
    department: Id
    reason: str
    limit: Limit | None = None


@value
class WithdrawAddedDepartment(CaseCommand):
    """撤回加签: a department that was added is not asked after all, before it has answered, with the reason."""

    step: Id
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


def add_department(file: CaseFile, command: AddDepartment, at: datetime, office: Office) -> Ruling:
    """One more department is asked, and has the file at once; whoever is asked already need not be asked twice."""
    if command.step in {planned.step for planned in file.plan}:
        return Refused(Reason.STEP_EXISTS, command.step)
    if command.department in _still_asked(file):
        return Refused(Reason.DEPARTMENT_ASKED, command.department)
    if blank(command.reason):
        return Refused(Reason.REASON_REQUIRED)
    if command.limit is not None:
        counted_by = office.calendar_of(file.promise.calendar if file.promise else None)
        if unfit := unfit_limit(command.limit, at, counted_by):
            return unfit
    added = made(DepartmentAdded, command, at)
    return added, CaseRouted(at=at, by=command.by, step=command.step, department=command.department)


def withdraw_added_department(file: CaseFile, command: WithdrawAddedDepartment, at: datetime, office: Office) -> Ruling:
    """A department that was added is not asked after all; where it was the last to answer, the review is over."""
    approval = _open(file, command.step)
    if isinstance(approval, Refused):
        return approval
    if command.step not in {step.step for step in file.added}:
        return Refused(Reason.STEP_NOT_ADDED, command.step)
    if at < approval.opened_at:
        return Refused(Reason.BEFORE_STAGE, approval.opened_at.isoformat())
    if blank(command.reason):
        return Refused(Reason.REASON_REQUIRED)
    return _after(file, made(ApprovalCalledOff, command, at, department=approval.department))


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
    """A department says no: what waited for it never opens; the others finish, unless one no is enough (否决即止)."""
    if refused := _not_to_answer(file, command, at):
        return refused
    if blank(command.reason):
        return Refused(Reason.REASON_REQUIRED)
    no = made(ApprovalRefused, command, at)
    return _ended_by(file, no) if office.rule.refusal_ends_review else _after(file, no)


def return_approval(file: CaseFile, command: ReturnApproval, at: datetime, office: Office) -> Ruling:
    """A department hands the file back; it waits to be routed again."""
    if refused := _not_to_answer(file, command, at):
        return refused
    if blank(command.reason):
        return Refused(Reason.REASON_REQUIRED)
    returned = made(ApprovalReturned, command, at)
    return (returned,)


def _still_asked(file: CaseFile) -> Iterator[str]:
    """The departments that have still to answer: of the steps that are open, and of those that wait for others."""
    for planned in file.plan:
        approval = file.current(planned.step)
        if approval is None:
            yield planned.department
        elif approval.answer in (None, Answer.RETURNED):
            yield approval.department


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


def _ended_by(file: CaseFile, no: ApprovalRefused) -> Folded:
    """否决即止: the refusal ends the review, and nobody waits for those who have not answered."""
    file = evolve_review(file, no)
    waiting = tuple(
        ApprovalCalledOff(at=no.at, by=no.by, step=a.step, department=a.department)
        for a in file.approvals
        if a.answer is None
    )
    ending: tuple[ReviewFact, ...] = (*waiting, ReviewCompleted(at=no.at, by=no.by, granted=False))
    return Folded((no, *ending), reduce(evolve_review, ending, file))


def _after(file: CaseFile, answered: ApprovalGranted | ApprovalRefused | ApprovalCalledOff) -> Folded:
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
    granted = all(a is not None and a.answer in (Answer.GRANTED, Answer.CALLED_OFF) for a in latest)
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


def _answered(approval: Approval, *, fact: _Answering) -> Approval:
    reason = None if isinstance(fact, ApprovalGranted) else fact.reason
    return approval._replace(answer=_ANSWERS[type(fact)], answered_at=fact.at, by=fact.by, reason=reason)


def _with_added(added: tuple[PlanStep, ...], fact: DepartmentAdded) -> tuple[PlanStep, ...]:
    if any(step.step == fact.step for step in added):  # told twice by an imported history
        return added
    return grown(added, PlanStep(step=fact.step, department=fact.department, limit=fact.limit))


def evolve_review(file: CaseFile, fact: ReviewFact) -> CaseFile:
    """A case's file after one more fact of its review."""
    match fact:
        case StepCompleted():
            return file._replace(steps=grown(file.steps, fact))
        case CaseRouted():
            return file._replace(approvals=grown(file.approvals, Approval(fact.step, fact.department, fact.at)))
        case CaseTransferred():
            return _approval(file, fact.step, partial(_transferred, event=fact))
        case DepartmentAdded():
            return file._replace(added=_with_added(file.added, fact))
        case ApprovalGranted() | ApprovalRefused() | ApprovalReturned() | ApprovalCalledOff():
            return _approval(file, fact.step, partial(_answered, fact=fact))
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
        AddDepartment: Rule(add_department, (DepartmentAdded,), stages(Stage.IN_REVIEW)),
        WithdrawAddedDepartment: Rule(withdraw_added_department, (ApprovalCalledOff,), stages(Stage.IN_REVIEW)),
        CompleteStep: Rule(complete_step, (StepCompleted,), EXISTS, late=True),
        GrantApproval: Rule(grant_approval, (ApprovalGranted,), stages(Stage.IN_REVIEW)),
        RefuseApproval: Rule(refuse_approval, (ApprovalRefused,), stages(Stage.IN_REVIEW)),
        ReturnApproval: Rule(return_approval, (ApprovalReturned,), stages(Stage.IN_REVIEW)),
    },
)
"""Steps of the plan are routed to departments and answered, until the last answer completes the review."""
