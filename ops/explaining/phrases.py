"""Parts of sentences that more than one kind of fact is told with."""

from casecore.case.facts.supervision import CardIssued

from casecore.vocabulary import LicenceLevel, Unit

__all__ = ["because", "card_terms", "charged", "listed", "number_of", "origin", "yuan"]

FEN = 100


def because(text: str | None) -> str:
    """What was said beside a fact, in brackets, where anything was."""
    return f" ({text})" if text else ""


def listed(names: tuple[str, ...]) -> str:
    """The names a fact is about, after a colon, where it names any."""
    return f": {', '.join(names)}" if names else ""


def number_of(count: int, thing: str) -> str:
    """``1 case``, ``2 cases``."""
    return f"{count} {thing}{'' if count == 1 else 's'}"


def yuan(fen: int) -> str:
    """An amount of money in yuan (元), from fen (分)."""
    return f"{fen // FEN}.{fen % FEN:02d} yuan (元)"


def charged(fen: int) -> str:
    """What a consignment cost the applicant; nothing is said where it is free (免费寄递)."""
    return f", charged {yuan(fen)}" if fen else ""


def origin(source: str | None, level: LicenceLevel | None) -> str:
    """Where a material comes from, and how far a licence is trusted."""
    return (f", from {source}" if source else "") + (f", level {level.value}" if level else "")


def card_terms(card: CardIssued) -> list[str]:
    """What a card is about, in parts: the due date, whether that may still move, and by how much it was passed."""
    parts = []
    if card.due_on is not None:
        parts.append(f"due {card.due_on}" + (" (provisional 暂定)" if card.provisional else ""))
    if card.overdue:
        unit = "minute" if card.unit is Unit.MINUTE else "natural day" if card.unit is Unit.NATURAL_DAY else "day"
        parts.append(f"{number_of(card.overdue, unit)} over")
    return parts
