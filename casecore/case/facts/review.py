"""Facts of the review (分办, 转办, 审批, 环节)."""

from datetime import datetime

from casecore.annotations import Id
from casecore.fact import Fact, fact

__all__ = [
    "ApprovalGranted",
    "ApprovalRefused",
    "ApprovalReturned",
    "CaseRouted",
    "CaseTransferred",
    "ReviewCompleted",
    "ReviewFact",
    "StepCompleted",
]


@fact("case.routed.v1", "分办")
class CaseRouted(Fact):
    """分办: a step of the plan reaches its department and is open there."""

    step: Id
    department: Id


@fact("case.transferred.v1", "转办")
class CaseTransferred(Fact):
    """转办: an open step changes departments."""

    step: Id
    from_department: Id
    to_department: Id
    reason: str


@fact("case.step_completed.v1", "环节办结")
class StepCompleted(Fact):
    """环节办结: some internal step (承办, 审核, 批准 …) was done; what an imported log knows of a case's way."""

    name: str
    department: Id | None = None
    action: str | None = None
    started_at: datetime | None = None


@fact("case.approval_granted.v1", "审批通过")
class ApprovalGranted(Fact):
    """审批通过."""

    step: Id
    department: Id
    opinion: str | None = None


@fact("case.approval_refused.v1", "审批不通过")
class ApprovalRefused(Fact):
    """审批不通过."""

    step: Id
    department: Id
    reason: str


@fact("case.approval_returned.v1", "审批退回")
class ApprovalReturned(Fact):
    """审批退回: the department hands the file back; it has to be routed again."""

    step: Id
    department: Id
    reason: str


@fact("case.review_completed.v1", "审批完毕")
class ReviewCompleted(Fact):
    """审批完毕: nothing in the plan is open or can still open."""

    granted: bool


ReviewFact = (
    CaseRouted | CaseTransferred | StepCompleted | ApprovalGranted | ApprovalRefused | ApprovalReturned | ReviewCompleted
)
"""What this act may leave in a case's history."""
