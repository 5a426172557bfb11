"""Facts of supervision (电子监察): cards."""

from casecore.cards import CardIssue, CardRevocation
from casecore.fact import fact

__all__ = ["CardIssued", "CardRevoked", "SupervisionFact"]


@fact("case.card_issued.v1", "发牌")
class CardIssued(CardIssue):
    """发牌 (电子监察): a warning, a yellow or a red card, for one ground, once."""


@fact("case.card_revoked.v1", "撤牌")
class CardRevoked(CardRevocation):
    """撤牌: the card stays in the history and no longer counts."""


SupervisionFact = CardIssued | CardRevoked
"""What this act may leave in a case's history."""
