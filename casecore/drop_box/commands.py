"""Commands of a drop box."""

from dataclasses import dataclass

from casecore.command import Command

__all__ = ["CollectBox", "DropBoxCommand", "DropBoxFollowing", "NoteDeposit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DropBoxCommandBase(Command):
    """A command about one box."""

    box: str

    @property
    def stream(self) -> str:
        """The box's code."""
        return self.box


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectBox(DropBoxCommandBase):
    """取件: empty the box; every case whose papers lay in it is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDeposit(DropBoxCommandBase):
    """Something was put in."""

    case: str
    deposit: str


DropBoxCommand = CollectBox
"""What a hall backend may ask of a box."""

DropBoxFollowing = NoteDeposit
"""What follows in a box from a case."""
