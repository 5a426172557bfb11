"""What ``casecore due`` is told of acts beside a limit: the texts of --exclude and --extend as the acts they name."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Final

from casecore.errors import BadInput, Flaw
from casecore.ledger import Extension, SuspensionSpan

__all__ = ["MOST_DAYS", "extension_of", "spans_of"]

MOST_DAYS: Final = 5000


def spans_of(texts: Sequence[str]) -> tuple[SuspensionSpan, ...]:
    """Special procedures, each written ``START..END`` or ``START..END:DECLARED``; raises ``BadInput`` naming --exclude."""
    return tuple(_span(text, f"S{n}") for n, text in enumerate(texts, 1))


def extension_of(text: str | None) -> Extension | None:
    """The extension written ``DATE:DAYS``, None where none is; raises ``BadInput`` naming --extend."""
    if text is None:
        return None
    on, _, days = text.partition(":")
    try:
        extension = Extension(date.fromisoformat(on), int(days))
    except ValueError:
        raise BadInput(Flaw.USAGE, "--extend", f"{text!r} is not DATE:DAYS") from None
    if not 0 <= extension.days <= MOST_DAYS:
        raise BadInput(Flaw.USAGE, "--extend", f"{text!r} adds no possible number of days")
    return extension


def _span(text: str, label: str) -> SuspensionSpan:
    dates, _, declared = text.partition(":")
    start, dots, end = dates.partition("..")
    try:
        if not dots:
            raise ValueError  # noqa: TRY301 - one message for every way to get it wrong
        first, last = date.fromisoformat(start), date.fromisoformat(end)
        days = int(declared) if declared else None
    except ValueError:
        raise BadInput(Flaw.USAGE, "--exclude", f"{text!r} is not START..END or START..END:DECLARED") from None
    if last < first or (days is not None and not 0 <= days <= MOST_DAYS):
        raise BadInput(Flaw.USAGE, "--exclude", f"{text!r} ends before it starts, or declares no possible number of days")
    return SuspensionSpan(label, datetime.combine(first, time.min), datetime.combine(last, time.min), days)
