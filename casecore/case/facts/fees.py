"""Facts of fees (收费)."""

from casecore.fact import Fact, fact
from casecore.phrases import because, sentence, yuan
from casecore.said import Said
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

    def told(self) -> Said:
        """Which fee, how much, how, and the receipt."""
        amount, receipt = yuan(self.amount_fen), because(self.receipt, "票据")
        return sentence(
            f"{self.fee}：{amount.zh}，{self.way.zh}{receipt.zh}",
            f"{self.fee}: {amount.en}, {self.way.zh}{receipt.en}",
        )


@fact("case.fee_waived.v1", "减免")
class FeeWaived(Fact):
    """减免: a fee need not be paid, under the rule named."""

    fee: str
    amount_fen: int
    """In fen (分)."""
    basis: str
    """The rule it is waived under."""

    def told(self) -> Said:
        """Which fee, how much, and under which rule."""
        amount = yuan(self.amount_fen)
        return sentence(
            f"{self.fee}：免收 {amount.zh}，依据：{self.basis}",
            f"{self.fee}: {amount.en} not asked for, under {self.basis}",
        )


FeeFact = FeePaid | FeeWaived
"""What this act may leave in a case's history."""
