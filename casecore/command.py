"""What every command carries, of whatever stream."""

from datetime import datetime

from casecore.annotations import Id
from casecore.value import value

__all__ = ["Command"]


@value
class Command:
    """What is asked, in the imperative; the rule of the same name answers it."""

    by: Id
    """Who does it."""
    at: datetime | None = None
    """When it happened, an aware instant; None is now."""
    command_id: Id | None = None
    """Makes a retry harmless: the same command under the same id is carried out once, and answered with the first
    receipt; another under it is refused."""
    correlation_id: Id | None = None
    """What it belongs to, in whatever the caller calls together; kept with its facts."""
    causation_id: Id | None = None
    """What made the caller ask; kept with its facts."""

    @property
    def stream(self) -> str:
        """The stream it is about."""
        raise NotImplementedError
