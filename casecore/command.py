"""What every command carries, of whatever stream."""

from dataclasses import dataclass
from datetime import datetime

__all__ = ["Command"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """``at`` is when it happened, an aware instant (default: now); ``by`` who did it.

    ``command_id`` makes a retry harmless: the same id is carried out once and answered with the first receipt.
    """

    by: str
    at: datetime | None = None
    command_id: str | None = None
    correlation_id: str | None = None
    causation_id: str | None = None

    @property
    def stream(self) -> str:
        """The stream it is about."""
        raise NotImplementedError
