"""``custody_facts``: one row a link of an original's chain of custody (原件交接, 物料流转)."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from projections.projection import Projection, Subject

__all__ = ["CUSTODY_FACTS", "CustodyFact"]


class CustodyFact(NamedTuple):
    """One original in one hand-over; a hand-over of several has a row for each."""

    log: str
    case_id: str
    stream_version: int
    handover: int
    """1, 2, 3 … within the case, in the order told."""
    material: str
    giver_kind: str
    giver: str
    holder_kind: str
    holder: str
    place: str | None
    handed_on: date
    current: int
    """1 for the link that says who holds it now."""


def _rows(subject: Subject) -> Iterator[CustodyFact]:
    handovers = subject.file.service.handovers
    last = {material: number for number, link in enumerate(handovers, 1) for material in link.materials}
    for number, link in enumerate(handovers, 1):
        for material in dict.fromkeys(link.materials):
            yield CustodyFact(
                log=subject.log,
                case_id=subject.case,
                stream_version=subject.file.version,
                handover=number,
                material=material,
                giver_kind=link.giver_kind.value,
                giver=link.giver,
                holder_kind=link.holder_kind.value,
                holder=link.holder,
                place=link.place.value if link.place is not None else None,
                handed_on=link.at.date(),
                current=int(last[material] == number),
            )


CUSTODY_FACTS = Projection("custody_facts", 1, CustodyFact, _rows)
"""One row a link."""
