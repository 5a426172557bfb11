"""What comes in with a command: the visit it was done in (到场), and how materials are met (材料)."""

from casecore.annotations import Id, PersonalId
from casecore.refusals import Reason, Refused, blank
from casecore.value import value
from casecore.vocabulary import LicenceLevel, MaterialWay, Place, Visitor

__all__ = ["GivenMaterial", "Visit"]


@value
class Visit:
    """The visit in which something was handed in or collected: one id, however many cases it served."""

    visit: Id
    place: Place = Place.HALL
    visitor: Visitor = Visitor.APPLICANT
    agent: PersonalId | None = None
    """Which 代办员 came, where one did: whoever the applicant entrusted."""
    device: Id | None = None
    """The terminal (自助终端) it was handled at."""
    id_hash: str | None = None
    """刷证入场: SHA-256 of the identity swiped at the entry, 64 hexadecimal digits."""


@value
class GivenMaterial:
    """How one required material is met as papers come in."""

    material: str
    way: MaterialWay = MaterialWay.PAPER
    source: str | None = None
    """Licence number, data source or earlier case; required where it is met by one of these."""
    level: LicenceLevel | None = None
    """Of an electronic licence."""


def unfit_source(material: str, way: MaterialWay, source: str | None, level: LicenceLevel | None) -> Refused | None:
    """Why nobody could look up where a material comes from."""
    licence = way is MaterialWay.E_LICENCE
    from_elsewhere = way.reused or way is MaterialWay.PACKAGE
    if (from_elsewhere and blank(source)) or (licence and level is None):
        return Refused(Reason.SOURCE_REQUIRED, material)
    return None
