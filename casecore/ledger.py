"""The ledger of a clock (时限): the acts that may move its due date, in the order they were recorded."""

from datetime import date, datetime
from typing import NamedTuple

__all__ = ["Extension", "Ledger", "SuspensionSpan"]


class SuspensionSpan(NamedTuple):
    """One interval that may not count: local instants, ``ended_at`` None while it is open."""

    label: str
    started_at: datetime
    ended_at: datetime | None
    declared_days: int | None
    """The time told in writing (Art. 45), in the limit's own days (working days for hours); None: no cap."""
    seen_from: datetime | None = None
    """Where the clock started later: the instant from which it sees the act. Declared days count from its beginning."""


class Extension(NamedTuple):
    """Days added to the limit (延长审批): once, approved on a local date."""

    approved_on: date
    days: int


class Ledger(NamedTuple):
    """All acts that may move one clock, in the order they were recorded."""

    suspensions: tuple[SuspensionSpan, ...] = ()
    extension: Extension | None = None
