"""Facts of the review (分办, 转办, 加签, 审批, 环节)."""

from datetime import datetime

from casecore.annotations import Id
from casecore.fact import Fact, fact
from casecore.limits import Limit
from casecore.phrases import NOTHING, because, sentence
from casecore.said import Said

__all__ = [
    "ApprovalCalledOff",
    "ApprovalGranted",
    "ApprovalRefused",
    "ApprovalReturned",
    "CaseRouted",
    "CaseTransferred",
    "DepartmentAdded",
    "ReviewCompleted",
    "ReviewFact",
    "StepCompleted",
]


@fact("case.routed.v1", "分办")
class CaseRouted(Fact):
    """分办: a step of the plan reaches its department and is open there."""

    step: Id
    department: Id

    def told(self) -> Said:
        """Which step opens where."""
        return sentence(
            f"环节 {self.step} 分送{self.department}办理",
            f"step {self.step} opens at {self.department}",
        )


@fact("case.transferred.v1", "转办")
class CaseTransferred(Fact):
    """转办: an open step changes departments."""

    step: Id
    from_department: Id
    to_department: Id
    reason: str

    def told(self) -> Said:
        """Which step moves from where to where, and why."""
        return sentence(
            f"环节 {self.step} 由{self.from_department}转至{self.to_department}，理由：{self.reason}",
            f"step {self.step}: {self.from_department} to {self.to_department}, {self.reason}",
        )


@fact("case.department_added.v1", "加签")
class DepartmentAdded(Fact):
    """加签: a department the plan does not name is asked as well, in a step of its own that waits for nobody.

    It answers within the limits of the case, which do not move for it, and within ``limit`` where one was set for it.
    """

    step: Id
    department: Id
    reason: str
    limit: Limit | None = None
    """环节时限 set for it, counted from its routing."""

    def told(self) -> Said:
        """Who is asked besides, in which step, within which limit, and why."""
        within = Said(f"，时限：{self.limit.zh}", f", within {self.limit}") if self.limit else NOTHING
        return sentence(
            f"增加{self.department}会签，环节 {self.step}{within.zh}，理由：{self.reason}",
            f"{self.department} is asked as well, in step {self.step}{within.en}: {self.reason}",
        )


@fact("case.step_completed.v1", "环节办结")
class StepCompleted(Fact):
    """环节办结: some internal step (承办, 审核, 批准 …) was done; what an imported log knows of a case's way."""

    name: str
    department: Id | None = None
    action: str | None = None
    started_at: datetime | None = None

    def told(self) -> Said:
        """What was done, where, and how."""
        where = Said(f"，办理部门：{self.department}", f" at {self.department}") if self.department else NOTHING
        action = because(self.action, "处理结果")
        return sentence(f"{self.name}已办结{where.zh}{action.zh}", f"{self.name}{where.en}{action.en}")


@fact("case.approval_granted.v1", "审批通过")
class ApprovalGranted(Fact):
    """审批通过: a department says yes to its step."""

    step: Id
    department: Id
    opinion: str | None = None

    def told(self) -> Said:
        """Who grants which step; with the opinion."""
        opinion = because(self.opinion, "意见")
        return sentence(
            f"{self.department}对环节 {self.step} 审批通过{opinion.zh}",
            f"{self.department} grants step {self.step}{opinion.en}",
        )


@fact("case.approval_refused.v1", "审批不通过")
class ApprovalRefused(Fact):
    """审批不通过: a department says no to its step, with the reason."""

    step: Id
    department: Id
    reason: str

    def told(self) -> Said:
        """Who refuses which step, and why."""
        return sentence(
            f"{self.department}对环节 {self.step} 审批不通过，理由：{self.reason}",
            f"{self.department} refuses step {self.step}: {self.reason}",
        )


@fact("case.approval_returned.v1", "审批退回")
class ApprovalReturned(Fact):
    """审批退回: the department hands the file back; it has to be routed again."""

    step: Id
    department: Id
    reason: str

    def told(self) -> Said:
        """Who hands which step back, and why."""
        return sentence(
            f"{self.department}退回环节 {self.step}，理由：{self.reason}",
            f"{self.department} hands step {self.step} back: {self.reason}",
        )


@fact("case.approval_called_off.v1", "终止审批")
class ApprovalCalledOff(Fact):
    """终止审批: nobody waits for the answer of an open step any more.

    撤回加签: the department was added and is not asked after all; or 否决即止: another's refusal has ended the review.
    """

    step: Id
    department: Id
    reason: str | None = None
    """Why it is not asked after all; None where another's refusal has ended the review."""

    def told(self) -> Said:
        """Which step needs no answer any more, and why."""
        if self.reason is None:
            why = Said("已有部门审批不通过（否决即止）", "another department's refusal has ended the review")
        else:
            why = Said(f"撤回加签，理由：{self.reason}", f"it is not asked after all, {self.reason}")
        return sentence(
            f"环节 {self.step} 无需{self.department}审批，{why.zh}",
            f"step {self.step} needs no answer of {self.department}: {why.en}",
        )


@fact("case.review_completed.v1", "审批完毕")
class ReviewCompleted(Fact):
    """审批完毕: nothing in the plan is open or can still open, or one refusal was enough (否决即止)."""

    granted: bool

    def told(self) -> Said:
        """Whether everybody has granted."""
        if self.granted:
            return sentence("各部门均已审批通过", "every department has granted")
        return sentence("并非所有部门均审批通过", "not every department has granted")


ReviewFact = (
    CaseRouted
    | CaseTransferred
    | DepartmentAdded
    | StepCompleted
    | ApprovalGranted
    | ApprovalRefused
    | ApprovalReturned
    | ApprovalCalledOff
    | ReviewCompleted
)
"""What this act may leave in a case's history."""
