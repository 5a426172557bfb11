"""Routing and approvals (分办, 转办, 审批, 决定): a plan is a graph; departments work in parallel where it lets them."""

from datetime import datetime

from casecore.case.commands import (
    CompleteStep,
    GrantApproval,
    MakeDecision,
    RefuseApproval,
    ReturnApproval,
    RouteCase,
    TransferCase,
)
from casecore.case.events import (
    ApprovalGranted,
    ApprovalRefused,
    ApprovalReturned,
    CaseEvent,
    CaseRouted,
    CaseTransferred,
    DecisionMade,
    ReviewCompleted,
    StepCompleted,
)
from casecore.case.passing_time import deem_renewal
from casecore.case.ruling import Ruling
from casecore.case.state import Approval, CaseFile, fold
from casecore.office import Office
from casecore.refusals import Reason, Refused, blank
from casecore.vocabulary import Answer, Decision, Stage

__all__ = [
    "complete_step",
    "grant_approval",
    "make_decision",
    "refuse_approval",
    "return_approval",
    "route_case",
    "transfer_case",
]


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
    transferred = CaseTransferred(
        at=at,
        by=command.by,
        step=command.step,
        from_department=approval.department,
        to_department=command.to_department,
        reason=command.reason,
    )
    return (transferred,)


def complete_step(file: CaseFile, command: CompleteStep, at: datetime, office: Office) -> Ruling:
    """Some internal step was done; it moves nothing by itself."""
    completed = StepCompleted(
        at=at,
        by=command.by,
        name=command.name,
        department=command.department,
        action=command.action,
        started_at=command.started_at,
    )
    return (completed,)


def grant_approval(file: CaseFile, command: GrantApproval, at: datetime, office: Office) -> Ruling:
    """A department says yes: what waited for it opens, and the last yes completes the review."""
    if refused := _not_to_answer(file, command, at):
        return refused
    granted = ApprovalGranted(
        at=at, by=command.by, step=command.step, department=command.department, opinion=command.opinion
    )
    return _after(file, granted)


def refuse_approval(file: CaseFile, command: RefuseApproval, at: datetime, office: Office) -> Ruling:
    """A department says no: what waited for it never opens; the others finish."""
    if refused := _not_to_answer(file, command, at):
        return refused
    if blank(command.reason):
        return Refused(Reason.REASON_REQUIRED)
    no = ApprovalRefused(at=at, by=command.by, step=command.step, department=command.department, reason=command.reason)
    return _after(file, no)


def return_approval(file: CaseFile, command: ReturnApproval, at: datetime, office: Office) -> Ruling:
    """A department hands the file back; it waits to be routed again."""
    if refused := _not_to_answer(file, command, at):
        return refused
    if blank(command.reason):
        return Refused(Reason.REASON_REQUIRED)
    returned = ApprovalReturned(
        at=at, by=command.by, step=command.step, department=command.department, reason=command.reason
    )
    return (returned,)


def make_decision(  # noqa: PLR0911 - one way out a refusal
    file: CaseFile, command: MakeDecision, at: datetime, office: Office
) -> Ruling:
    """The organ decides; a yes needs every department's, a no its reason.

    Once the condition it is handled on has failed (附条件未成就) there is no yes any more.
    A licence that ran out undecided is renewed already (Art. 50): a yes then records that, and a no comes too late.
    """
    lapsed = file.service.lapsed
    if lapsed is not None and command.decision is not Decision.REFUSED:
        return Refused(Reason.CONDITION_FAILED, lapsed.prerequisite)
    if renewed := deem_renewal(file, command.by, at):
        refused = command.decision is Decision.REFUSED
        return Refused(Reason.WRONG_STAGE, Stage.DECIDED.value) if refused else tuple(renewed)
    if file.suspended:
        return Refused(Reason.CASE_SUSPENDED)
    if command.by == file.accepted_by:
        return Refused(Reason.ACCEPTOR_MAY_NOT_APPROVE, command.by)
    if command.decision is Decision.REFUSED:
        if blank(command.reason):
            return Refused(Reason.REASON_REQUIRED)
    elif not file.review_granted:
        return Refused(Reason.REVIEW_REFUSED)
    decided = DecisionMade(
        at=at,
        by=command.by,
        decision=command.decision,
        reason=command.reason,
        document=command.document,
        automatic=command.automatic,
    )
    return (decided,)


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


def _after(file: CaseFile, answered: ApprovalGranted | ApprovalRefused) -> tuple[CaseEvent, ...]:
    """The answer, and what follows from it: steps that open, or the end of the review."""
    file = fold((answered,), file)
    opening = [
        CaseRouted(at=answered.at, by=answered.by, step=s.step, department=s.department)
        for s in file.ready_steps()
        if answered.step in s.after
    ]
    if opening:
        return (answered, *opening)
    latest = [file.current(step.step) for step in file.plan]
    if file.ready_steps() or any(a is not None and a.answer is None for a in latest):
        return (answered,)
    granted = all(a is not None and a.answer is Answer.GRANTED for a in latest)
    return (answered, ReviewCompleted(at=answered.at, by=answered.by, granted=granted))
