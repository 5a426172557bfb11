"""Cards of supervision (电子监察): what one says, whatever kind of stream it is issued to.

Each kind has its own facts of them, which add nothing to these but their names in storage.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final, NamedTuple

from casecore.annotations import Id, UniqueId
from casecore.fact import Fact
from casecore.growing import grown
from casecore.phrases import NOTHING, because, number_of, sentence
from casecore.said import Said
from casecore.value import value
from casecore.vocabulary import CardGround, CardLevel, Unit

__all__ = ["Card", "CardIssue", "CardRevocation", "card_terms"]

_OVER: Final = {Unit.MINUTE: Said("分钟", "minute"), Unit.NATURAL_DAY: Said("个自然日", "natural day")}
"""What a card is overdue by, where that is not simply days."""


@value
class CardIssue(Fact):
    """发牌 (电子监察): a warning, a yellow or a red card, for one ground, once."""

    card: UniqueId
    """Names the card within its stream: ground, what it is about, and the due date it is about."""
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

    @property
    def term(self) -> str:
        """With its colour."""
        return f"{self.zh}:{self.level.zh}"

    def told(self) -> Said:
        """Which card, what for, and how late it is."""
        terms, reason = card_terms(self), because(self.reason, "理由")
        return sentence(
            "，".join((f"{self.card}：{self.ground.zh}", *(term.zh for term in terms))) + reason.zh,
            ", ".join((f"{self.card}: {self.ground.zh}", *(term.en for term in terms))) + reason.en,
        )


@value
class CardRevocation(Fact):
    """撤牌: the card stays in the history and no longer counts."""

    card: Id
    reason: str

    def told(self) -> Said:
        """Which card counts no longer, and why."""
        return sentence(f"撤销 {self.card}，理由：{self.reason}", f"{self.card} revoked: {self.reason}")


class Card(NamedTuple):
    """A card of supervision with the fact that revoked it, if one did."""

    fact: CardIssue
    revoked: CardRevocation | None = None


def card_terms(card: CardIssue) -> list[Said]:
    """What a card is about, in parts: the due date, whether that may still move, and by how much it was passed."""
    parts = []
    if card.due_on is not None:
        provisional = Said("（暂定）", " (provisional 暂定)") if card.provisional else NOTHING
        parts.append(Said(f"到期日 {card.due_on}{provisional.zh}", f"due {card.due_on}{provisional.en}"))
    if card.overdue:
        unit = _OVER[card.unit] if card.unit in _OVER else Said("天", "day")
        parts.append(Said(f"超期 {card.overdue} {unit.zh}", f"{number_of(card.overdue, unit.en)} over"))
    return parts


def card_named(cards: Iterable[Card], name: str) -> Card | None:
    """The card of that name, revoked or not."""
    return next((card for card in cards if card.fact.card == name), None)


def with_card(cards: tuple[Card, ...], fact: CardIssue | CardRevocation) -> tuple[Card, ...]:
    """The cards of a stream after one more fact of them; one nobody issued is revoked in vain."""
    if isinstance(fact, CardIssue):
        return grown(cards, Card(fact))
    return tuple(
        card._replace(revoked=fact) if card.fact.card == fact.card and card.revoked is None else card for card in cards
    )
