"""Facts of the decision (决定, 视为准予延续)."""

from datetime import date

from casecore.fact import Fact, Older, fact
from casecore.phrases import because, sentence
from casecore.said import Said
from casecore.vocabulary import Decision

__all__ = ["DecisionFact", "DecisionMade", "RenewalDeemed"]


@fact("case.decision_made.v2", "决定", older=(Older("case.decision_made.v1"),))
class DecisionMade(Fact):
    """准予, 容缺准予 or 不予: the organ has decided."""

    decision: Decision
    reason: str | None = None
    document: str | None = None
    automatic: bool = False
    """智能审批 (秒批): no human hand in it."""

    @property
    def term(self) -> str:
        """With what was decided."""
        return f"{self.zh}:{self.decision.zh}"

    def told(self) -> Said:
        """What was decided, and why."""
        reason = because(self.reason, "理由")
        return sentence(
            f"审批决定：{self.decision.zh}{reason.zh}",
            f"{self.decision.value.replace('_', ' ')}{reason.en}",
        )


@fact("case.renewal_deemed.v1", "视为准予延续")
class RenewalDeemed(Fact):
    """视为准予延续 (Art. 50): the licence ran out and nobody had decided on its renewal."""

    licence_expired_on: date

    def told(self) -> Said:
        """Until when nobody had decided."""
        return sentence(
            f"许可有效期于 {self.licence_expired_on} 届满，届满前未作出决定",
            f"the licence ran out on {self.licence_expired_on} and nobody had decided",
        )


DecisionFact = DecisionMade | RenewalDeemed
"""What this act may leave in a case's history."""
