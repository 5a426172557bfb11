"""What commands of a drop box have in common."""

from casecore.annotations import Id
from casecore.command import Command
from casecore.value import value

__all__ = ["DropBoxCommand"]


@value
class DropBoxCommand(Command):
    """A command about one box."""

    box: Id

    @property
    def stream(self) -> str:
        """The box's code."""
        return self.box
