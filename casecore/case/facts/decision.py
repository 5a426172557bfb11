"""Facts of the decision (决定, 视为准予延续)."""

from datetime import date

from casecore.fact import Fact, Older, fact
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


@fact("case.renewal_deemed.v1", "视为准予延续")
class RenewalDeemed(Fact):
    """视为准予延续 (Art. 50): the licence ran out and nobody had decided on its renewal."""

    licence_expired_on: date


DecisionFact = DecisionMade | RenewalDeemed
"""What this act may leave in a case's history."""
