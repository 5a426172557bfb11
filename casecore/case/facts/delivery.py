"""Facts of the handing over of results (送达)."""

from casecore.annotations import Id, Personal
from casecore.fact import Fact, fact
from casecore.phrases import NOTHING, because, sentence
from casecore.said import Said
from casecore.vocabulary import DeliveryMethod

__all__ = ["DeliveryFact", "ResultDelivered"]


@fact("case.result_delivered.v1", "送达")
class ResultDelivered(Fact):
    """送达: the result is in the applicant's hands; ends the delivery clock of Art. 44."""

    method: DeliveryMethod
    certificate: Id | None = None
    consignment: Id | None = None
    recipient: Personal | None = None

    def told(self) -> Said:
        """What was delivered, how, to whom, and under which consignment."""
        to = Said(f"，接收人：{self.recipient}", f", to {self.recipient}") if self.recipient else NOTHING
        what = Said(f"证照 {self.certificate} ", self.certificate) if self.certificate else Said("办理结果", "the result")
        consignment = because(self.consignment, "运单")
        return sentence(
            f"{what.zh}已送达，方式：{self.method.zh}{to.zh}{consignment.zh}",
            f"{what.en} delivered: {self.method.zh}{to.en}{consignment.en}",
        )


DeliveryFact = ResultDelivered
"""What this act may leave in a case's history."""
