"""What commands of a case have in common."""

from casecore.annotations import Id
from casecore.command import Command
from casecore.given import Coming
from casecore.value import value

__all__ = ["CaseCommand"]


@value
class CaseCommand(Command):
    """A command about one case."""

    case: Id
    """办件编号."""

    @property
    def stream(self) -> str:
        """The case id (办件编号)."""
        return self.case

    @property
    def coming(self) -> Coming | None:
        """The visit it is done in, and what somebody came for; None where nobody came."""
        return None
