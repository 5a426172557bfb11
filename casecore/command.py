"""What every command carries, of whatever stream."""

from datetime import datetime

from casecore.annotations import Id
from casecore.value import value

__all__ = ["Command"]


@value
class Command:
    """What is asked, in the imperative; the rule of the same name answers it.

    ``at`` is when it happened, an aware instant (default: now); ``by`` who did it. ``command_id`` makes a retry harmless:
    the same id is carried out once and answered with the first receipt.
    """

    by: Id
    at: datetime | None = None
    command_id: Id | None = None
    correlation_id: Id | None = None
    causation_id: Id | None = None

    @property
    def stream(self) -> str:
        """The stream it is about."""
        raise NotImplementedError
