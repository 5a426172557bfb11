"""Findings about where and when something was done, held against the registers of the catalogue (办理点, 投递箱, 事项).

Live the register decides, or the rule refuses; an import, or a fact from before, may show it all the same. A district
that keeps no register of a kind has nothing to hold it against. A fact is held against the registers of its day.
"""

from collections.abc import Iterator

from casecore.auditing.finding import Examined, Finding, found
from casecore.case.facts.agents import MandateGranted
from casecore.case.facts.application import ApplicationSubmitted, CaseReceived
from casecore.case.facts.deposits import PapersDeposited
from casecore.case.facts.trips import TripMade
from casecore.given import Visit
from casecore.office import Office
from casecore.recorded import Recorded
from casecore.refusals import Reason
from casecore.vocabulary import FindingCode
from casecore.whereabouts import not_taken_at, place_of, site_of

__all__ = ["about_hall", "contradicted", "find_in_boxes", "find_in_halls", "find_in_items", "find_in_sites"]

_NOT_TAKEN = {
    Reason.NOT_TAKEN_HERE: FindingCode.ITEM_NOT_TAKEN_HERE,
    Reason.OUTSIDE_AREA: FindingCode.ITEM_OUTSIDE_AREA,
}


def about_hall(recorded: Recorded, hall: str, office: Office) -> Iterator[Finding]:
    """What the register of sites has against a hall that took in papers: it knows none of that name, or not for that day."""
    on = recorded.occurred_at.date()
    sites = office.on(on).catalogue.sites
    if not sites:
        return
    site = sites.get(hall)
    if site is None:
        sentence = f"{hall} is no site of the register: tier and place are as they were told"
        yield found(FindingCode.HALL_UNKNOWN, recorded, sentence)
    elif not site.in_force(on):
        yield found(FindingCode.SITE_OUT_OF_SERVICE, recorded, f"{hall} takes papers {site.span}, not on {on}")


def find_in_halls(case: Examined) -> Iterator[Finding]:
    """Halls and points of agents the register does not know, each once; halls closed on that day."""
    told = set[tuple[str, FindingCode]]()
    for recorded in case.history:
        match recorded.event:
            case CaseReceived(hall=hall):
                pass
            case MandateGranted(site=str() as hall) | TripMade(hall=str() as hall):
                pass
            case _:
                continue
        for finding in about_hall(recorded, hall, case.office):
            if (hall, finding.code) not in told:
                yield finding
            told.add((hall, finding.code))


def find_in_sites(case: Examined) -> Iterator[Finding]:
    """Tiers and places told otherwise than the register of sites says, and items a site does not take."""
    for recorded in case.history:
        event, on = recorded.event, recorded.occurred_at.date()
        office = case.office.on(on)
        if isinstance(event, CaseReceived):
            site = site_of(event.hall, on, office)
            if site is not None and event.tier is not site.tier:
                yield contradicted(recorded, f"tier {event.tier.value} told of {event.hall}", site.tier.value)
            yield from _not_taken(recorded, event, office)
        elif isinstance(event, TripMade):
            visit = Visit(visit=event.visit, place=event.place, visitor=event.visitor, device=event.device)
            hall = event.hall or case.file.hall
            place = place_of(visit, hall, on, office)
            if place is not event.place:
                where = event.device if site_of(event.device, on, office) is not None else hall
                yield contradicted(recorded, f"visit {event.visit} to {where} told as {event.place.value}", place.value)


def find_in_items(case: Examined) -> Iterator[Finding]:
    """Applications for an item that was not in force on the day they were filed or received."""
    for recorded in case.history:
        event = recorded.event
        if not isinstance(event, ApplicationSubmitted | CaseReceived):
            continue
        catalogue = case.office.on(event.at.date()).catalogue
        if catalogue.known(event.item) and catalogue.find(event.item, event.at.date()) is None:
            sentence = f"no version of {event.item} is in force on {event.at.date()}"
            yield found(FindingCode.ITEM_OUT_OF_FORCE, recorded, sentence)
            return


def find_in_boxes(case: Examined) -> Iterator[Finding]:
    """Papers put into a drop box the register does not know, or not for that day."""
    for recorded in case.history:
        event = recorded.event
        if not isinstance(event, PapersDeposited):
            continue
        boxes = case.office.on(event.at.date()).catalogue.boxes
        box = boxes.get(event.box)
        if not boxes:
            continue
        if box is None or not box.in_force(event.at.date()):
            register = "which is in no register" if box is None else f"which is in service {box.span}"
            sentence = f"{event.deposit} was put on {event.at.date()} into {event.box}, {register}"
            yield found(FindingCode.BOX_OUT_OF_SERVICE, recorded, sentence)


def _not_taken(recorded: Recorded, event: CaseReceived, office: Office) -> Iterator[Finding]:
    item = office.catalogue.find(event.item, event.at.date())
    refused = None if item is None else not_taken_at(item, event.hall, event.at.date(), office)
    code = _NOT_TAKEN.get(refused.reason) if refused is not None else None
    if refused is not None and code is not None:
        yield found(code, recorded, f"{event.item} is not taken at {event.hall}: {refused.reason.en} [{refused.named}]")


def contradicted(recorded: Recorded, told: str, registered: str) -> Finding:
    """A finding that something was told otherwise than the register of sites says."""
    return found(FindingCode.SITE_CONTRADICTED, recorded, f"{told}: the register of sites says {registered}")
