"""Words of the lives of cases (办件) and packages (一件事): stages, answers, ends."""

from casecore.vocabulary.terms import Code, Term

__all__ = ["Answer", "CoreStep", "Decision", "MemberState", "Outcome", "PackageStage", "SetAsideGround", "Stage"]


class Stage(Term):
    """Where a case stands. Suspension (挂起) is a state beside the stage, not one of these."""

    NEW = "new", "未申请"
    SUBMITTED = "submitted", "已申请"
    RETURNED = "returned", "预审退回"
    PRE_REVIEWED = "pre_reviewed", "预审通过"
    RECEIVED = "received", "已收件"
    CORRECTING = "correcting", "待补正"
    IN_REVIEW = "in_review", "审批中"
    REVIEWED = "reviewed", "审批完毕"
    DECIDED = "decided", "已决定"
    CLOSED = "closed", "已办结"
    NOT_ACCEPTED = "not_accepted", "不予受理"
    WITHDRAWN = "withdrawn", "已撤回"
    VOIDED = "voided", "已作废"


class Decision(Term):
    """The organ's decision on the application (审批决定)."""

    GRANTED = "granted", "准予"
    CONDITIONALLY_GRANTED = "conditionally_granted", "容缺准予"
    REFUSED = "refused", "不予"


class Answer(Term):
    """How a department answered a step of the plan."""

    GRANTED = "granted", "通过"
    REFUSED = "refused", "不通过"
    RETURNED = "returned", "退回"
    CALLED_OFF = "called_off", "终止"
    """Nobody waits for it any more (撤回加签, 否决即止)."""


class CoreStep(Term):
    """The five steps shown to citizens (五个环节); a rating is tied to one."""

    RECEIPT = "receipt", "受理"
    REVIEW = "review", "审核"
    APPROVAL = "approval", "审批"
    CLOSING = "closing", "办结"
    DELIVERY = "delivery", "送达"


class Outcome(Code):
    """办结结果: how a case was closed. Reasons are mandatory for 1, 2 and 3."""

    CERTIFICATE_ISSUED = 0, "出证办结"
    RETURNED = 1, "退回办结"
    VOIDED = 2, "作废办结"
    DELETED = 3, "删除办结"
    FORWARDED = 4, "转报办结"
    CORRECTION_NOT_SUPPLIED = 5, "补交不来办结"
    OTHER = 6, "办结"

    @property
    def plain_by_number(self) -> bool:
        """Whether its number alone says it: of the ordinary ends, which leave the case in every figure.

        A slip of any other number hides a case or puts it on somebody's account: those are said in words.
        """
        return self in (Outcome.CERTIFICATE_ISSUED, Outcome.OTHER)

    @property
    def void(self) -> bool:
        """Whether the record itself was wrong, and counts nowhere: 作废 for an invalid case, 删除 for a typing error."""
        return self in (Outcome.VOIDED, Outcome.DELETED)

    @property
    def reason_required(self) -> bool:
        """Whether closing this way without a reason would be a supervision finding."""
        return self in (Outcome.RETURNED, Outcome.VOIDED, Outcome.DELETED)


class SetAsideGround(Term):
    """On what a result was set aside (撤销)."""

    RECONSIDERATION = "reconsideration", "行政复议"
    COURT = "court", "行政诉讼"
    OWN_MOTION = "own_motion", "自行纠正"


class PackageStage(Term):
    """Where a package (一件事) stands."""

    NEW = "new", "未申请"
    OPENED = "opened", "已申请"
    ACCEPTED = "accepted", "已受理"
    CLOSED = "closed", "已办结"


class MemberState(Term):
    """Where a case of a package stands, as the package sees it."""

    WAITING = "waiting", "待前置事项"
    RUNNING = "running", "在办"
    ENDED = "ended", "已结束"
    DROPPED = "dropped", "前置事项未通过, 不再办理"
