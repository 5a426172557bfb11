"""The cards of supervision (电子监察) of a stream, of whatever kind, with where they stand in its log."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from casecore.cards import Card, CardIssue, CardRevocation
from casecore.recorded import Recorded

__all__ = ["IssuedCard", "issued_cards"]


class IssuedCard(NamedTuple):
    """A card, with where it stands in the log."""

    card: Card
    position: int
    revoked_position: int | None

    def plain(self) -> dict[str, Any]:
        """As JSON values."""
        fact, revoked = self.card
        return {
            "card": fact.card,
            "level": fact.level.value,
            "ground": fact.ground.value,
            "clock": fact.clock,
            "department": fact.department,
            "due_on": fact.due_on,
            "overdue": fact.overdue,
            "unit": fact.unit,
            "provisional": fact.provisional,
            "judged_at": fact.judged_at,
            "issued_at": fact.at,
            "issued_by": fact.by,
            "rule": fact.rule,
            "reason": fact.reason,
            "position": self.position,
            "revoked_at": revoked.at if revoked is not None else None,
            "revoked_by": revoked.by if revoked is not None else None,
            "revoked_because": revoked.reason if revoked is not None else None,
            "revoked_position": self.revoked_position,
        }


def issued_cards(cards: Iterable[Card], history: Iterable[Recorded]) -> tuple[IssuedCard, ...]:
    """The cards of a file, with the positions of the facts that issued and revoked them."""
    issued, revoked = list[int](), list[tuple[str, int]]()
    for recorded in history:
        if isinstance(recorded.event, CardIssue):
            issued.append(recorded.position)
        elif isinstance(recorded.event, CardRevocation):
            revoked.append((recorded.event.card, recorded.position))
    return tuple(
        IssuedCard(card, position, _revoked(card, position, revoked)) for card, position in zip(cards, issued, strict=True)
    )


def _revoked(card: Card, issued: int, revocations: Iterable[tuple[str, int]]) -> int | None:
    """Where the first revocation stands that found the card issued."""
    if card.revoked is None:
        return None
    return next((position for name, position in revocations if name == card.fact.card and position > issued), None)
