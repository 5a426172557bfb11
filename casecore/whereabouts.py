"""Where something was done: what the register of sites (办理点) says of a hall goes before what a command says of it.

A district that keeps no register, or whose register does not know the hall on that day, has the caller's word alone.
"""

from dataclasses import replace
from datetime import date
from typing import Final

from casecore.given import Coming, Visit
from casecore.office import Office
from casecore.places import Site
from casecore.refusals import Reason, Refused
from casecore.service_item import ServiceItem
from casecore.vocabulary import Place, Tier, Visitor

__all__ = ["closed", "led_to", "not_taken_at", "place_of", "site_of", "tier_at"]

_AT_NO_SITE: Final = (Place.HOME, Place.OUTSIDE)


def site_of(hall: str | None, on: date, office: Office) -> Site | None:
    """The site of the register that a hall is, where papers are taken in on a day; None where none is known."""
    site = office.catalogue.sites.get(hall) if hall is not None else None
    return site if site is not None and site.in_force(on) else None


def closed(hall: str | None, on: date, office: Office) -> Refused | None:
    """Why nothing is done at a hall on a day: it is a site of the register that is closed then."""
    site = office.catalogue.sites.get(hall) if hall is not None else None
    return None if site is None or site.in_force(on) else Refused(Reason.SITE_NOT_IN_SERVICE, f"{hall}: {site.span}")


def not_taken_at(item: ServiceItem, hall: str, on: date, office: Office) -> Refused | None:
    """Why a hall does not take an item on a day: it is closed, takes it elsewhere, or lies too far from its owner."""
    registered = office.catalogue.sites.get(hall)
    if registered is None:
        return None
    if refused := closed(hall, on, office):
        return refused
    if (instead := registered.instead(item.code)) is not None:
        return Refused(Reason.NOT_TAKEN_HERE, instead or item.code)
    if registered.away is not None and not item.taken_as_far_as(registered.away):
        return Refused(Reason.OUTSIDE_AREA, f"{item.code}: {registered.away.value}")
    return None


def tier_at(hall: str, told: Tier, on: date, office: Office) -> Tier:
    """The tier a hall takes papers in at (受理层级): the register's, else what was told."""
    site = site_of(hall, on, office)
    return told if site is None else site.tier


def place_of(visit: Visit, hall: str | None, on: date, office: Office, *, at_window: bool = False) -> Place:
    """Where a visit led: to the terminal (自助终端) it names, if that is a site, else to the hall.

    Who comes to the applicant's home, or goes to somebody outside the halls for the case, has come to neither; but where
    something was done ``at_window``, the applicant was there.
    """
    site = site_of(visit.device, on, office) or site_of(hall, on, office)
    theirs = at_window and visit.visitor is not Visitor.HALL_AGENT
    return visit.place if site is None or (visit.place in _AT_NO_SITE and not theirs) else site.place


def led_to(
    coming: Coming | None, hall: str | None, on: date, office: Office, *, at_window: bool = False
) -> Coming | Refused | None:
    """A visit with the place of the site it led to, whatever was told; ``hall`` is the case's, where it names none.

    Refused where it names a site that is closed that day: nothing is done there.
    """
    if coming is None:
        return None
    visit = coming.visit
    if at_window and (refused := closed(visit.hall, on, office)):
        return refused
    place = place_of(visit, visit.hall or coming.hall or hall, on, office, at_window=at_window)
    return coming if place is visit.place else coming._replace(visit=replace(visit, place=place))
