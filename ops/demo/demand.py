"""What a district's halls are asked for, through which channel and in which of them: what both simulations draw from."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import accumulate
from random import Random
from typing import Final, NamedTuple

from casecore.errors import BadInput, Flaw
from casecore.service_item import Catalogue, ServiceItem
from casecore.vocabulary import ApplicantKind, Channel, Tier
from ops.demo.arrival import Hall

__all__ = ["HALLS", "POPULARITY", "WITHIN_PACKAGES", "Asked", "Offer", "asked_for", "hall_of", "offer_to", "offered"]

COLUMNS: Final = (Tier.CITY, Tier.COUNTY, Tier.TOWNSHIP)
"""Of the demand below."""

HALLS: Final = (
    Hall("新都区政务服务中心", "新都综合窗口", Tier.COUNTY),
    Hall("成都市政务服务中心", "市级综合窗口", Tier.CITY),
    Hall("新都区24小时政务自助服务区", "新都自助服务区", Tier.COUNTY, self_service=True),
    Hall("东升街道便民服务中心", "东升窗口", Tier.TOWNSHIP, weight=3, late_days=True),
    Hall("西来镇便民服务中心", "西来窗口", Tier.TOWNSHIP, weight=2, market_days=True),
)

WITHIN_PACKAGES: Final = (
    *(f"startup-{link}" for link in ("licence", "seal", "account", "tax", "invoices")),
    *(f"online-{link}" for link in ("licence", "seal", "invoices", "insurance", "account")),
    *("project-registration", "project-initiation", "building-design", "construction-drawings", "completion-title"),
    *("food-licence", "fire-check", "hygiene-licence", "hotel-licence", "entertainment-licence"),
    *("power-transfer", "water-transfer", "gas-transfer"),
)
"""Items asked for as parts of one matter (一件事), not by themselves."""

DEMAND: Final = {
    "household-registration": (2, 14, 8),
    "social-insurance": (6, 12, 10),
    "exit-entry-permit": (10, 10, 0),
    "house-transfer": (8, 10, 0),
    "hk-macau-endorsement": (3, 4, 0),
    "property-query": (4, 6, 1),
    "senior-card": (0, 1, 9),
    "birth-registration": (0, 1, 8),
    "veterans-allowance": (0, 1, 5),
    "company-registration": (3, 5, 0),
    "company-startup": (2, 4, 0),
    "company-startup-online": (2, 3, 0),
    "company-name-check": (3, 3, 0),
    "foreign-translation-company": (1, 1, 0),
    "tax-self-service": (3, 5, 1),
    "courier-application": (2, 4, 2),
    "bookstore-licence": (0, 1, 0),
    "restaurant-licence": (1, 4, 1),
    "project-approval": (1, 2, 0),
    "investment-filing": (2, 3, 0),
    "utilities-transfer": (2, 4, 2),
    "house-sale-signing": (0, 3, 0),
    "housing-fund-loan": (8, 3, 0),
    "social-security-list": (3, 5, 4),
    "resident-insurance-payment": (0, 0, 4),
    "tuition-subsidy": (6, 0, 0),
    "policy-claim": (1, 2, 0),
    "driving-licence-renewal": (3, 6, 1),
    **dict.fromkeys(WITHIN_PACKAGES, (0, 0, 0)),
}
"""How often an item is asked for in city, county and township halls: 户政, 社保, 出入境, 不动产 lead (S0); assumed."""
UNKNOWN_DEMAND: Final = (1, 1, 1)

POPULARITY: Final = {
    Channel.WINDOW: 62,
    Channel.WEBSITE: 16,
    Channel.MOBILE: 14,
    Channel.KIOSK: 12,
    Channel.COURIER: 6,
    Channel.AGENT_POINT: 14,
    Channel.HOME_SERVICE: 3,
}
"""How often a channel is taken where an item offers it; assumed. 其他 is nobody's desk here."""
KINDS: Final = {ApplicantKind.PERSON: 10, ApplicantKind.COMPANY: 8}


class Offer(NamedTuple):
    """What a tier's halls handle: items with their running weights, as ``Random.choices`` wants them."""

    items: tuple[ServiceItem, ...]
    weights: tuple[int, ...]


class Asked(NamedTuple):
    """What somebody asks for."""

    item: ServiceItem
    channel: Channel
    kind: ApplicantKind


def offer_to(items: Sequence[ServiceItem], tier: Tier) -> Offer:
    """What a tier's halls handle of the items, as often as it is asked for there."""
    column = COLUMNS.index(tier)
    weighed = [(item, DEMAND.get(item.code, UNKNOWN_DEMAND)[column]) for item in items]
    wanted = [(item, weight) for item, weight in weighed if weight] or [(item, 1) for item in items]
    return Offer(tuple(item for item, _ in wanted), tuple(accumulate(weight for _, weight in wanted)))


def asked_for(rng: Random, offer: Offer) -> Asked:
    """Draw an item, a channel it offers, and for whom."""
    item = rng.choices(offer.items, cum_weights=offer.weights)[0]
    channels = [channel for channel in item.channels if channel in POPULARITY]
    channel = rng.choices(channels, [POPULARITY[channel] for channel in channels])[0]
    kind = rng.choices(item.serves, [KINDS.get(kind, 1) for kind in item.serves])[0]
    return Asked(item, channel, kind)


def hall_of(rng: Random, day: date, channel: Channel, halls: Iterable[Hall]) -> Hall:
    """Draw one of the halls of a tier; machines take what comes to machines."""
    halls = tuple(halls)
    machines = [hall for hall in halls if hall.self_service]
    if channel is Channel.KIOSK and machines:
        return machines[0]
    desks = [hall for hall in halls if not hall.self_service]
    return rng.choices(desks, [hall.weight * (2 if hall.market_day(day) else 1) for hall in desks])[0]


def offered(catalogue: Catalogue, since: date, until: date) -> tuple[ServiceItem, ...]:
    """Items citizens can apply for, in one version from one day to the other; ``BadInput`` where there is none."""
    items = tuple(
        item
        for item in catalogue
        if item.applied_for
        and item.in_force(since)
        and item.in_force(until)
        and any(channel in POPULARITY for channel in item.channels)
    )
    if not items:
        raise BadInput(Flaw.USAGE, "", f"no item of the catalogue is in force from {since} to {until}")
    return items
