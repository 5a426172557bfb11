"""What commands of a package have in common."""

from casecore.annotations import Id
from casecore.command import Command
from casecore.value import value

__all__ = ["PackageCommand"]


@value
class PackageCommand(Command):
    """A command about one package."""

    package: Id

    @property
    def stream(self) -> str:
        """The package id."""
        return self.package
