"""Parts of sentences that more than one fact is told with, in both languages.

In Chinese a space sets off identifiers, numbers and dates; names and what people wrote stand without.
"""

from casecore.said import Said
from casecore.vocabulary import LicenceLevel

__all__ = ["NOTHING", "because", "charged", "listed", "number_of", "origin", "sentence", "yuan"]

NOTHING = Said("", "")

FEN = 100


def sentence(zh: str, en: str) -> Said:
    """A whole sentence: the Chinese ends with one full stop, whatever it quotes last; the English goes without."""
    return Said(zh.removesuffix("。") + "。", en)


def because(text: str | None, word_zh: str) -> Said:
    """What was said beside a fact, where anything was: in English in brackets, in Chinese after the word for it."""
    return Said(f"，{word_zh}：{text}", f" ({text})") if text else NOTHING


def listed(names: tuple[str, ...], lead_zh: str = "") -> Said:
    """The names a fact is about, after a colon, where it names any; ``lead_zh`` says before it what they are names of."""
    return Said(f"{lead_zh}：{'、'.join(names)}", f": {', '.join(names)}") if names else NOTHING


def number_of(count: int, thing: str) -> str:
    """``1 case``, ``2 cases``: what English needs, and Chinese does not."""
    return f"{count} {thing}{'' if count == 1 else 's'}"


def yuan(fen: int) -> Said:
    """An amount of money in yuan (元), from fen (分)."""
    amount = f"{fen // FEN}.{fen % FEN:02d}"
    return Said(f"{amount} 元", f"{amount} yuan (元)")


def charged(fen: int) -> Said:
    """What a consignment cost the applicant; nothing is said where it is free (免费寄递)."""
    return Said(f"，收费 {yuan(fen).zh}", f", charged {yuan(fen).en}") if fen else NOTHING


def origin(source: str | None, level: LicenceLevel | None) -> Said:
    """Where a material comes from, and how far a licence is trusted."""
    return Said(
        (f"，来源：{source}" if source else "") + (f"，用证等级：{level.zh}" if level else ""),
        (f", from {source}" if source else "") + (f", level {level.value}" if level else ""),
    )
