"""Facts of supervision (电子监察): cards."""

from datetime import date, datetime

from casecore.annotations import Id, UniqueId
from casecore.fact import Fact, fact
from casecore.vocabulary import CardGround, CardLevel, Unit

__all__ = ["CardIssued", "CardRevoked", "SupervisionFact"]


@fact("case.card_issued.v1", "发牌")
class CardIssued(Fact):
    """发牌 (电子监察): a warning, a yellow or a red card, for one ground, once."""

    card: UniqueId
    """Names the card within the case: ground, what it is about, and the due date it is about."""
    level: CardLevel
    ground: CardGround
    judged_at: datetime
    """The moment of the fact that was judged: the closing, the answer, or the question where it still runs."""
    clock: str | None = None
    department: Id | None = None
    """责任部门."""
    due_on: date | None = None
    overdue: int = 0
    """By how much, in ``unit``."""
    unit: Unit | None = None
    """What its clock is counted in: minutes of legal working time for limits within a day."""
    provisional: bool = False
    """The due date touched or passed the calendar's coverage when it was judged (暂定): a later notice may move it."""
    rule: str | None = None
    """The district's rule it was issued under; None for a card issued by hand."""
    reason: str | None = None


@fact("case.card_revoked.v1", "撤牌")
class CardRevoked(Fact):
    """撤牌: the card stays in the history and no longer counts."""

    card: Id
    reason: str


SupervisionFact = CardIssued | CardRevoked
"""What this act may leave in a case's history."""
