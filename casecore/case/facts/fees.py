"""Facts of fees (收费)."""

from casecore.fact import Fact, fact
from casecore.vocabulary import FeeWay

__all__ = ["FeeFact", "FeePaid", "FeeWaived"]


@fact("case.fee_paid.v1", "缴费")
class FeePaid(Fact):
    """缴费; paying online is never a trip."""

    fee: str
    amount_fen: int
    """In fen (分)."""
    way: FeeWay
    receipt: str | None = None


@fact("case.fee_waived.v1", "减免")
class FeeWaived(Fact):
    """减免."""

    fee: str
    amount_fen: int
    """In fen (分)."""
    basis: str
    """The rule it is waived under."""


FeeFact = FeePaid | FeeWaived
"""What this act may leave in a case's history."""
