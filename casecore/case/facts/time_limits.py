"""Facts that may move a clock (挂起, 特别程序, 延长审批); each says which ones."""

from typing import Final

from casecore.annotations import Id, UniqueId
from casecore.fact import Fact, Older, fact
from casecore.phrases import NOTHING, because, sentence
from casecore.refusals import blank
from casecore.said import Said
from casecore.vocabulary import Authority, SpecialGround, SuspensionKind

__all__ = ["ExtensionApproved", "Resumed", "Suspended", "TimeLimitFact", "told_in_writing"]


_EFFECTS: Final = {
    (True, True): Said("可停止计算承诺时限和法定时限", "it may stop the promised and the statutory clock"),
    (True, False): Said("可停止计算承诺时限", "it may stop the promised clock"),
    (False, True): Said("可停止计算法定时限", "it may stop the statutory clock"),
    (False, False): Said("不停止计算任何时限", "it stops no clock"),
}
"""Which clocks a suspension says it moves: the promised one, the statutory one."""


@fact("case.suspended.v1", "挂起")
class Suspended(Fact):
    """挂起 or 特别程序: a clock may stand still; the fact says which ones it moves."""

    suspension: UniqueId
    kind: SuspensionKind
    reason: str
    ground: SpecialGround | None = None
    declared_days: int | None = None
    """Working days told to the applicant in writing (Art. 45); the excluded time is capped at them."""
    notice: str | None = None
    moves_promise: bool = False
    moves_statutory: bool = False

    @property
    def term(self) -> str:
        """What kind of standing still it is."""
        return self.kind.zh

    def told(self) -> Said:
        """Which suspension, why, for how long as declared, and which clocks it may stop."""
        ground = because(self.ground.zh if self.ground else None, "情形")
        days = (
            Said(f"，告知期限 {self.declared_days} 个工作日", f", {self.declared_days} working days declared")
            if self.declared_days is not None
            else NOTHING
        )
        effect = _EFFECTS[self.moves_promise, self.moves_statutory]
        return sentence(
            f"{self.kind.zh} {self.suspension} 开始{ground.zh}{days.zh}，{effect.zh}；事由：{self.reason}",
            f"{self.suspension}: {self.reason}{ground.en}{days.en}; {effect.en}",
        )


@fact("case.resumed.v1", "解挂")
class Resumed(Fact):
    """解挂: a suspension or special procedure has ended."""

    suspension: Id

    def told(self) -> Said:
        """Which suspension is over."""
        return sentence(f"挂起 {self.suspension} 结束", f"{self.suspension} ends")


@fact("case.extension_approved.v2", "延长审批", older=(Older("case.extension_approved.v1"),))
class ExtensionApproved(Fact):
    """延长审批 (Art. 42): once, up to 10 working days, 15 for joint handling."""

    days: int
    approver: str
    reason: str
    notice: str | None = None
    authority: Authority | None = None
    """As whom the approver approved; None where nobody recorded it."""

    def told(self) -> Said:
        """How much longer, by whose approval, and why."""
        return sentence(
            f"延长 {self.days} 个工作日，批准人：{self.approver}，理由：{self.reason}",
            f"{self.days} working days more, approved by {self.approver}: {self.reason}",
        )


def told_in_writing(fact: Suspended) -> bool:
    """Whether a suspension is what Art. 45 leaves out of the limit: on its ground, for days declared in a written notice."""
    special = fact.kind is SuspensionKind.SPECIAL_PROCEDURE and fact.ground is not None
    return special and fact.declared_days is not None and fact.declared_days > 0 and not blank(fact.notice)


TimeLimitFact = Suspended | Resumed | ExtensionApproved
"""What this act may leave in a case's history."""
