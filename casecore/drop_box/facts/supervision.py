"""Facts of supervision (电子监察) of a drop box: cards."""

from casecore.cards import CardIssue, CardRevocation
from casecore.fact import fact

__all__ = ["BoxCardIssued", "BoxCardRevoked", "BoxSupervisionFact"]


@fact("drop_box.card_issued.v1", "发牌")
class BoxCardIssued(CardIssue):
    """发牌 (电子监察): a card for a day on which the box was not emptied as often as it must be, once."""


@fact("drop_box.card_revoked.v1", "撤牌")
class BoxCardRevoked(CardRevocation):
    """撤牌: the card stays in the history and no longer counts."""


BoxSupervisionFact = BoxCardIssued | BoxCardRevoked
"""What this act may leave in a box's history."""
