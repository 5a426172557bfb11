"""What ``casecore due`` is told of acts beside a limit: the texts of --exclude and --extend as the acts they name."""

import re
from collections.abc import Sequence
from datetime import datetime, time
from typing import Final

from casecore.door import shown
from casecore.errors import BadInput, Flaw
from casecore.instants import day_in
from casecore.ledger import Extension, SuspensionSpan

__all__ = ["MOST_DAYS", "extension_of", "spans_of"]

MOST_DAYS: Final = 5000
_COUNT: Final = re.compile(r"-?\d{1,9}", re.ASCII)


def spans_of(texts: Sequence[str]) -> tuple[SuspensionSpan, ...]:
    """Special procedures, each written ``START..END`` or ``START..END:DECLARED``; raises ``BadInput`` naming --exclude."""
    return tuple(_span(text, f"S{n}") for n, text in enumerate(texts, 1))


def extension_of(text: str | None) -> Extension | None:
    """The extension written ``DATE:DAYS``, None where none is; raises ``BadInput`` naming --extend."""
    if text is None:
        return None
    on, _, days = text.partition(":")
    day = day_in(on)
    if day is None or not _COUNT.fullmatch(days):
        raise BadInput(Flaw.USAGE, "--extend", f"{shown(text)} is not DATE:DAYS")
    extension = Extension(day, int(days))
    if not 0 <= extension.days <= MOST_DAYS:
        raise BadInput(Flaw.USAGE, "--extend", f"{shown(text)} adds no possible number of days")
    return extension


def _span(text: str, label: str) -> SuspensionSpan:
    dates, _, declared = text.partition(":")
    start, dots, end = dates.partition("..")
    first, last = day_in(start), day_in(end)
    if not dots or first is None or last is None or not (declared == "" or _COUNT.fullmatch(declared)):
        raise BadInput(Flaw.USAGE, "--exclude", f"{shown(text)} is not START..END or START..END:DECLARED")
    days = int(declared) if declared else None
    if last < first or (days is not None and not 0 <= days <= MOST_DAYS):
        raise BadInput(
            Flaw.USAGE, "--exclude", f"{shown(text)} ends before it starts, or declares no possible number of days"
        )
    return SuspensionSpan(label, datetime.combine(first, time.min), datetime.combine(last, time.min), days)
