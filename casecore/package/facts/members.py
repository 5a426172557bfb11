"""Facts of the cases of a package (一件事办理): what became of each."""

from datetime import date

from casecore.annotations import Id
from casecore.fact import Fact, Older, fact
from casecore.phrases import NOTHING, number_of, sentence
from casecore.said import Said
from casecore.vocabulary import Decision, Outcome, Stage

__all__ = [
    "ConditionFailed",
    "ConditionMet",
    "MemberAccepted",
    "MemberDecided",
    "MemberDropped",
    "MemberEnded",
    "MemberFact",
    "MemberResumed",
    "MemberStarted",
    "MemberSuspended",
]


@fact("package.member_started.v1", "后续办件启动")
class MemberStarted(Fact):
    """A case that waited for others is opened: they were granted."""

    case: Id

    def told(self) -> Said:
        """Which case is opened now."""
        return sentence(
            f"办件 {self.case} 启动，其前置事项已获准予",
            f"{self.case} is opened: what comes before it was granted",
        )


@fact("package.member_accepted.v1", "办件受理")
class MemberAccepted(Fact):
    """A case of the package was accepted."""

    case: Id
    effective_on: date
    """Day 0 of its own limits."""

    def told(self) -> Said:
        """Which case, and since when."""
        return sentence(
            f"办件 {self.case} 的受理自 {self.effective_on} 起生效",
            f"{self.case} accepted with effect from {self.effective_on}",
        )


@fact("package.member_suspended.v2", "办件特别程序", older=(Older("package.member_suspended.v1"),))
class MemberSuspended(Fact):
    """A special procedure told in writing began in a case; the joint promise leaves its days out."""

    case: Id
    suspension: Id
    declared_days: int
    moves_statutory: bool = True
    """Whether the joint limit of the law leaves them out too: of a case under the law of licences (Art. 45)."""

    def told(self) -> Said:
        """Which case, for how long as declared, and what that does to the joint limit."""
        days = number_of(self.declared_days, "working day")
        zh, en = ("一件事时限", "limit") if self.moves_statutory else ("一件事承诺时限", "promise")
        return sentence(
            f"办件 {self.case} 的特别程序 {self.suspension} 开始，告知期限 {self.declared_days} 个工作日，{zh}随之顺延",
            f"{self.case}: {self.suspension} begins, {days} declared; the joint {en} moves with it",
        )


@fact("package.member_resumed.v1", "办件解挂")
class MemberResumed(Fact):
    """The special procedure of a case ended."""

    case: Id
    suspension: Id

    def told(self) -> Said:
        """Which case goes on."""
        return sentence(
            f"办件 {self.case} 的特别程序 {self.suspension} 结束",
            f"{self.case}: {self.suspension} ends",
        )


@fact("package.member_decided.v1", "办件决定")
class MemberDecided(Fact):
    """A case of the package was decided; the joint limit of the law ends with the last decision (Art. 42(2))."""

    case: Id
    decision: Decision

    def told(self) -> Said:
        """Which case, and how it was decided."""
        return sentence(
            f"办件 {self.case} 作出决定：{self.decision.zh}",
            f"{self.case} decided: {self.decision.value.replace('_', ' ')}",
        )


@fact("package.member_ended.v1", "办件结束")
class MemberEnded(Fact):
    """A case of the package came to its end, whatever end that was."""

    case: Id
    stage: Stage
    """CLOSED, NOT_ACCEPTED, WITHDRAWN or VOIDED."""
    outcome: Outcome | None
    granted: bool
    """Closed with what was applied for."""
    pending: tuple[str, ...] = ()
    """附条件办结: prerequisites that still ran when it was closed."""

    def told(self) -> Said:
        """Which case, how it ended, whether that is a grant, and on condition of what."""
        how = self.stage.zh if self.outcome is None else f"{self.outcome.value} {self.outcome.zh}"
        granted = Said("获准予", "granted") if self.granted else Said("未获准予", "not granted")
        condition = (
            Said(
                f"，附条件办结，所待事项：{'、'.join(self.pending)}",
                f", on condition of {', '.join(self.pending)} (附条件办结)",
            )
            if self.pending
            else NOTHING
        )
        return sentence(
            f"办件 {self.case}：{how}，{granted.zh}{condition.zh}",
            f"{self.case}: {how}, {granted.en}{condition.en}",
        )


@fact("package.member_dropped.v1", "不再办理")
class MemberDropped(Fact):
    """A case that waited is not opened any more: what it waits for, or would be closed on condition of, came to nothing.

    Or nobody may apply for it any more when its turn comes.
    """

    case: Id
    prerequisite: Id
    """The case that came to nothing; the item itself where it is not offered any more when its turn comes."""

    def told(self) -> Said:
        """Which case is not opened, and for want of what."""
        return sentence(
            f"前置事项 {self.prerequisite} 未办成，办件 {self.case} 不再办理",
            f"{self.case} is not opened any more: {self.prerequisite} came to nothing",
        )


@fact("package.condition_met.v1", "附条件成就")
class ConditionMet(Fact):
    """附条件成就: the last prerequisite of a case closed on condition was granted."""

    case: Id

    def told(self) -> Said:
        """Whose condition is met."""
        return sentence(
            f"办件 {self.case} 附条件办结所待的最后一个事项已获准予",
            f"{self.case}: the last thing it was closed on condition of was granted",
        )


@fact("package.condition_failed.v1", "附条件未成就")
class ConditionFailed(Fact):
    """附条件未成就: a prerequisite came to nothing, and with it what was issued, or might have been, on its condition.

    Told once of a case, when the prerequisite fails: the case may still run then, and is granted no more.
    """

    case: Id
    prerequisite: Id

    def told(self) -> Said:
        """Whose condition failed, and with what."""
        return sentence(
            f"{self.prerequisite} 未办成，办件 {self.case} 所附条件随之未成就",
            f"{self.case}: {self.prerequisite} came to nothing, and its condition with it",
        )


MemberFact = (
    MemberStarted
    | MemberAccepted
    | MemberSuspended
    | MemberResumed
    | MemberDecided
    | MemberEnded
    | MemberDropped
    | ConditionMet
    | ConditionFailed
)
"""What this act may leave in a package's history."""
