"""What every fact carries, of whatever stream."""

from dataclasses import dataclass
from datetime import datetime

__all__ = ["Fact"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What every fact carries: when it happened, local instant, and who did it."""

    at: datetime
    by: str
