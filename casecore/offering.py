"""Whether a service item (事项) is offered: on a day, through a channel, to an applicant, at a place of intake."""

from datetime import date
from typing import NamedTuple

from casecore.limits import months_later
from casecore.office import Office
from casecore.refusals import Reason, Refused
from casecore.service_item import ServiceItem
from casecore.vocabulary import ApplicantKind, Channel
from casecore.whereabouts import not_taken_at

__all__ = ["Claim", "inadmissible", "item_in_force", "not_offered"]


class Claim(NamedTuple):
    """How an applicant asks: through which door, as whom, and since when entitled."""

    channel: Channel
    applicant_kind: ApplicantKind | None
    entitled_from: date | None


def not_offered(  # noqa: PLR0913, PLR0917 - what an application says
    code: str, channel: Channel, kind: ApplicantKind, on: date, office: Office, hall: str | None
) -> Refused | None:
    """Why nobody could open a case of the item on a day: through this channel, as this applicant, at this hall if any."""
    item = item_in_force(code, on, office)
    if isinstance(item, Refused):
        return item
    if hall is not None and (refused := not_taken_at(item, hall, on, office)):
        return refused
    return inadmissible(item, Claim(channel, kind, None), on)


def item_in_force(code: str, on: date, office: Office) -> ServiceItem | Refused:
    """The version of an item in force on a day, or why there is none."""
    item = office.catalogue.find(code, on)
    if item is not None:
        return item
    return Refused(Reason.ITEM_NOT_IN_FORCE if office.catalogue.known(code) else Reason.UNKNOWN_ITEM, code)


def inadmissible(item: ServiceItem, claim: Claim, on: date) -> Refused | None:
    """Why the item is not offered to this applicant through this channel on this day."""
    if claim.channel not in item.channels:
        return Refused(Reason.CHANNEL_NOT_OFFERED, claim.channel.value)
    if claim.applicant_kind is not None and claim.applicant_kind not in item.serves:
        return Refused(Reason.APPLICANT_NOT_SERVED, claim.applicant_kind.value)
    if item.window_months is not None:
        if claim.entitled_from is None:
            return Refused(Reason.ENTITLING_DAY_MISSING, item.code)
        last = _last_day(claim.entitled_from, item.window_months)
        if not claim.entitled_from <= on <= last:
            return Refused(Reason.OUTSIDE_APPLICATION_WINDOW, f"{claim.entitled_from}..{last}")
    return None


def _last_day(claim_from: date, months: int) -> date:
    try:
        return months_later(claim_from, months)
    except OverflowError:
        return date.max
