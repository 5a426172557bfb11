"""What comes in with a command: the visit it was done in (到场), and how materials are met (材料)."""

from datetime import date
from typing import Final, NamedTuple

from casecore.annotations import Id, PersonalId
from casecore.refusals import Reason, Refused, blank
from casecore.value import value
from casecore.visit_ids import VisitName
from casecore.vocabulary import Cause, LicenceLevel, MaterialWay, Place, Visitor

__all__ = ["GivenMaterial", "Visit"]

_HASH_DIGITS: Final = frozenset("0123456789abcdef")
_HASH_LENGTH: Final = 64
"""A SHA-256 in hexadecimal."""


@value
class Visit:
    """The visit in which something was handed in or collected: one number, however many cases it served."""

    visit: Id
    """The hall's own number (排队号): with the hall and the local day of the act it names one visit."""
    hall: Id | None = None
    """The hall or site somebody came to, where it is not the act's own, nor the case's."""
    place: Place = Place.HALL
    visitor: Visitor = Visitor.APPLICANT
    agent: PersonalId | None = None
    """Which 代办员 came, where one did: whoever the applicant entrusted."""
    device: Id | None = None
    """The terminal (自助终端) it was handled at."""
    id_hash: str | None = None
    """刷证入场: SHA-256 of the identity swiped at the entry, 64 hexadecimal digits."""


class Coming(NamedTuple):
    """A visit with what somebody came for in it."""

    visit: Visit
    cause: Cause
    hall: str | None = None
    """The hall the act itself names."""

    def named(self, hall: str | None, on: date) -> VisitName | None:
        """What the visit is known by, of an act of that local day in a case of that hall; None where nobody says where."""
        found = self.visit.hall or self.hall or hall
        return None if found is None else VisitName(found, on, self.visit.visit)


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


def unfit_hash(id_hash: str | None) -> Refused | None:
    """Why what is kept of a swiped identity (刷证) is not its SHA-256."""
    if id_hash is None or (len(id_hash) == _HASH_LENGTH and _HASH_DIGITS.issuperset(id_hash)):
        return None
    return Refused(Reason.ID_NOT_HASHED)
