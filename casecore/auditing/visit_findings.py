"""Findings of a visit (到场): where somebody came, as the register of sites has it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from casecore.auditing.any_kind import find_ahead
from casecore.auditing.finding import Examination, Finding, examine, gathered
from casecore.auditing.place_findings import about_hall, contradicted
from casecore.given import Visit
from casecore.kinds import VISIT
from casecore.office import Office
from casecore.recorded import Recorded
from casecore.visit.facts import VisitOpened
from casecore.visit.file import VisitFile
from casecore.whereabouts import place_of

__all__ = ["findings_of_visit"]

Examined = Examination[VisitFile]


def findings_of_visit(history: Sequence[Recorded], office: Office, at: datetime) -> tuple[Finding, ...]:
    """Everything questionable in one visit's facts, in the order of the facts; what its cases show is theirs."""
    return gathered(examine(VISIT, history, office, at), _CHECKS) if history else ()


def _arrival(visit: Examined) -> Iterator[Finding]:
    """A hall the register does not know, or one closed that day where nobody came in vain; a place told otherwise."""
    for recorded in visit.history:
        event, on = recorded.event, recorded.occurred_at.date()
        if not isinstance(event, VisitOpened):
            continue
        office = visit.office.on(on)
        in_vain = visit.file.left is not None and visit.file.left.in_vain is not None
        if not in_vain:
            yield from about_hall(recorded, event.hall, visit.office)
        came = Visit(visit=event.number, place=event.place, visitor=event.visitor, device=event.device)
        place = place_of(came, event.hall, on, office, at_window=True)
        if place is not event.place:
            yield contradicted(recorded, f"{event.number} at {event.hall} told as {event.place.value}", place.value)


_CHECKS: Final = (_arrival, find_ahead)
