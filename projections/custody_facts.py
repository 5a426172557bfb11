"""``custody_facts``: one row a link of an original's chain of custody (原件交接, 物料流转)."""

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from casecore.case.file import CaseFile
from casecore.case.parts import Custody
from casecore.vocabulary import HolderKind, Place
from projections.projection import Projection, Subject

__all__ = ["CUSTODY_FACTS", "CustodyFact"]

AT_FIRST: Final = HolderKind.APPLICANT.value, None
"""Who has an original that nobody has taken yet."""


class CustodyFact(NamedTuple):
    """One original that changed hands; the first link leads away from the applicant."""

    log: str
    case_id: str
    stream_version: int
    handover: int
    """1, 2, 3 … within the case, in the order they happened."""
    material: str
    giver_kind: str
    giver: str | None
    """None for an applicant, whom the tables do not name, and where nobody said who."""
    holder_kind: str
    holder: str | None
    """As ``giver``."""
    place: str | None
    """Where, of what was handed over from one to another (物料流转凭证)."""
    handed_on: date
    current: int
    """1 for the link that says who holds it now."""


def _rows(subject: Subject[CaseFile]) -> Iterator[CustodyFact]:
    service = subject.file.service
    places = {
        (material, link.holder_kind, link.holder, link.at): link.place
        for link in service.handovers
        for material in link.materials
    }
    last = {link.material: number for number, link in enumerate(service.custody, 1)}
    had: dict[str, tuple[str, str | None]] = {}
    for number, link in enumerate(service.custody, 1):
        giver_kind, giver = had.get(link.material, AT_FIRST)
        holder_kind, holder = had[link.material] = link.kind.value, _named(link)
        place: Place | None = places.get((link.material, link.kind, link.holder, link.since))
        yield CustodyFact(
            log=subject.log,
            case_id=subject.stream,
            stream_version=subject.file.version,
            handover=number,
            material=link.material,
            giver_kind=giver_kind,
            giver=giver,
            holder_kind=holder_kind,
            holder=holder,
            place=place.value if place is not None else None,
            handed_on=link.since.date(),
            current=int(last[link.material] == number),
        )


def _named(link: Custody) -> str | None:
    return None if link.kind is HolderKind.APPLICANT or not link.holder else link.holder


CUSTODY_FACTS = Projection("custody_facts", 2, CustodyFact, _rows)
"""One row a link."""
