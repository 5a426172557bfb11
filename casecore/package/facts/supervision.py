"""Facts of supervision (电子监察) of a package: cards."""

from casecore.cards import CardIssue, CardRevocation
from casecore.fact import fact

__all__ = ["PackageCardIssued", "PackageCardRevoked", "PackageSupervisionFact"]


@fact("package.card_issued.v1", "发牌")
class PackageCardIssued(CardIssue):
    """发牌 (电子监察): a card for the joint promise or the joint limit of the law, once; each case has its own beside it."""


@fact("package.card_revoked.v1", "撤牌")
class PackageCardRevoked(CardRevocation):
    """撤牌: the card stays in the history and no longer counts."""


PackageSupervisionFact = PackageCardIssued | PackageCardRevoked
"""What this act may leave in a package's history."""
