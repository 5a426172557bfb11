"""What commands of a case have in common: the case, the visit one came in, the materials one came with."""

from dataclasses import dataclass

from casecore.command import Command
from casecore.vocabulary import LicenceLevel, MaterialWay, Place, Visitor

__all__ = ["CaseCommandBase", "GivenMaterial", "Visit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCommandBase(Command):
    """A command about one case."""

    case: str

    @property
    def stream(self) -> str:
        """The case id (办件编号)."""
        return self.case


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """The visit in which something was handed in or collected: one id, however many cases it served."""

    visit: str
    place: Place = Place.HALL
    visitor: Visitor = Visitor.APPLICANT
    agent: str | None = None
    """Which 代办员 came, where one did: whoever the applicant entrusted."""
    device: str | None = None
    """The terminal (自助终端) it was handled at."""
    id_hash: str | None = None
    """刷证入场: SHA-256 of the identity swiped at the entry, 64 hexadecimal digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenMaterial:
    """How one required material is met as papers come in."""

    material: str
    way: MaterialWay = MaterialWay.PAPER
    source: str | None = None
    """Licence number, data source or earlier case; required where it is met by one of these."""
    level: LicenceLevel | None = None
    """Of an electronic licence."""
