"""Facts of the end of a case (办结, 撤回, 作废)."""

from casecore.fact import Fact, fact
from casecore.vocabulary import Outcome

__all__ = ["CaseClosed", "CaseVoided", "CaseWithdrawn", "ClosingFact"]


@fact("case.closed.v1", "办结")
class CaseClosed(Fact):
    """办结 with one of the seven 办结结果."""

    outcome: Outcome
    reason: str | None = None
    forwarded_to: str | None = None


@fact("case.withdrawn.v1", "撤回")
class CaseWithdrawn(Fact):
    """撤回, by the applicant."""

    reason: str


@fact("case.voided.v1", "作废")
class CaseVoided(Fact):
    """作废: the record itself was wrong; 2 for an invalid case, 3 for a typing error."""

    outcome: Outcome
    reason: str


ClosingFact = CaseClosed | CaseWithdrawn | CaseVoided
"""What this act may leave in a case's history."""
