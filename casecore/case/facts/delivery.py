"""Facts of the handing over of results (送达)."""

from casecore.annotations import Id, Personal
from casecore.fact import Fact, fact
from casecore.vocabulary import DeliveryMethod

__all__ = ["DeliveryFact", "ResultDelivered"]


@fact("case.result_delivered.v1", "送达")
class ResultDelivered(Fact):
    """送达: the result is in the applicant's hands; ends the delivery clock of Art. 44."""

    method: DeliveryMethod
    certificate: Id | None = None
    consignment: Id | None = None
    recipient: Personal | None = None


DeliveryFact = ResultDelivered
"""What this act may leave in a case's history."""
