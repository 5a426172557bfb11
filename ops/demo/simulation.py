"""One week in the halls of a district, as commands for the engine: what the demonstration is played with.

The week is that of 2017-07-31 to 2017-08-06, whose Saturday was the first of Chengdu's extended service (seed S0). The
district bears Xindu's code and is made up: the seed's halls stand in it side by side. Everything follows from the
seed number, nothing from the clock, so a second run gives the same commands under the same ids and adds nothing.

Halls are open 09:00-12:00 and 13:00-17:00, on Saturday 09:00-17:00; 东升街道 takes papers until 18:30 on Monday,
Wednesday and Friday. On Sundays only the market-day centre 西来镇 opens, 09:00-13:00, where the day of the month is odd:
2017-08-06 is even, so no desk receives anything that day. The web and the 24-hour self-service zone never close.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from typing import Final, NamedTuple

from casecore.case.command import CaseCommand

from casecore.calendar import WorkCalendar
from casecore.errors import BadInput, Flaw
from casecore.service_item import Catalogue, ServiceItem
from casecore.vocabulary import ApplicantKind, Channel, HandlingKind, Tier, Unit
from ops.demo.intake import CHENGDU, Act, Arrival, Hall
from ops.demo.life import LAST_DAY, live
from ops.demo.showcase import live_showcase, parallel_steps

__all__ = [
    "DISTRICT",
    "SHOWCASE",
    "WEEKEND",
    "WITHIN_PACKAGES",
    "SimulatedCase",
    "apportion",
    "opening",
    "simulate",
]

DISTRICT: Final = "510114"
"""新都区."""
SHOWCASE: Final = "DEMO-0001"
"""The first case: a story with one of everything."""
MONDAY: Final = date(2017, 7, 31)
SATURDAY: Final = date(2017, 8, 5)
SUNDAY: Final = date(2017, 8, 6)

WEEKEND: Final = {Tier.CITY: 2090, Tier.COUNTY: 7694, Tier.TOWNSHIP: 1522}
"""S0: the 11306 cases of the first extended weekend, by tier."""
WEEKDAY: Final = {Tier.CITY: 15, Tier.COUNTY: 60, Tier.TOWNSHIP: 25}
DAYS: Final = (19, 17, 16, 15, 15, 18)
"""Monday to Friday, and the weekend; assumed."""

COUNTY_HALL: Final = Hall("新都区政务服务中心", "新都综合窗口", Tier.COUNTY)
HALLS: Final = (
    COUNTY_HALL,
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

SIDE_BY_SIDE: Final = 3
"""Approvals the showcase's item has open at once."""
TOGETHER_SHARE: Final = 0.1
"""How many visitors at a window bring more than one case."""
SUNDAY_SHARE: Final = 0.3
"""Of what the weekend's machines receive."""


class SimulatedCase(NamedTuple):
    """One case and all that is done in it, in the order of time."""

    case: str
    commands: tuple[CaseCommand, ...]


class _Offer(NamedTuple):
    """What a tier's halls handle: items with their running weights, as ``Random.choices`` wants them."""

    items: tuple[ServiceItem, ...]
    weights: tuple[int, ...]


def simulate(*, seed: int, cases: int, catalogue: Catalogue, calendar: WorkCalendar) -> Iterator[SimulatedCase]:
    """Play the week with so many cases, the showcase first, the others by the day and time they were received.

    Raises :class:`~casecore.errors.BadInput` for a catalogue that has nothing to offer in that week.
    """
    if cases < 1:
        return
    rng = Random(seed)  # noqa: S311 - a play, not a secret
    items = _in_force(catalogue)
    yield _numbered(seed, SHOWCASE, live_showcase(SHOWCASE, _showcase_item(items), COUNTY_HALL))
    week = _Week(rng, items)
    serials: Counter[str] = Counter()
    for arrival in week.arrivals(cases - 1):
        day = f"{arrival.filed_at:%Y%m%d}"
        serials[day] += 1
        case = f"{DISTRICT}-{day}-{serials[day]:05d}"
        yield _numbered(seed, case, live(case, arrival, rng, calendar))


def apportion(total: int, weights: Sequence[int]) -> list[int]:
    """Split a number in proportion to the weights, by largest remainders: the parts add up exactly."""
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda n: (-(total * weights[n] % whole), n))
    for n in by_remainder[: total - sum(parts)]:
        parts[n] += 1
    return parts


def opening(hall: Hall, day: date) -> tuple[tuple[time, time], ...]:
    """When a hall's desks are open on a day of an ordinary week."""
    match day.isoweekday():
        case 7:
            return ((time(9), time(13)),) if hall.market_day(day) else ()
        case 6:
            return ((time(9), time(17)),)
        case weekday:
            late = hall.late_days and weekday in (1, 3, 5)
            return ((time(9), time(12)), (time(13), time(18, 30) if late else time(17)))


class _Week:
    """Who comes when, where and what for."""

    def __init__(self, rng: Random, items: Sequence[ServiceItem]) -> None:
        self._rng = rng
        self._offers = {tier: _offer(items, n) for n, tier in enumerate(WEEKEND)}
        self._applicants = 1  # the first is the showcase's
        self._visits = 0

    def arrivals(self, total: int) -> list[Arrival]:
        """All arrivals of the week in the order they are received."""
        *weekdays, weekend = apportion(total, DAYS)
        found: list[Arrival] = []
        for n, count in enumerate(weekdays):
            day = MONDAY + timedelta(days=n)
            for tier, share in zip(WEEKDAY, apportion(count, tuple(WEEKDAY.values())), strict=True):
                found += self._on(day, tier, share)
        for tier, share in zip(WEEKEND, apportion(weekend, tuple(WEEKEND.values())), strict=True):
            found += self._on(SATURDAY, tier, share)
        return sorted(found, key=lambda arrival: arrival.at)

    def _on(self, day: date, tier: Tier, count: int) -> Iterator[Arrival]:
        left = count
        while left > 0:
            first = self._first(day, tier)
            yield first
            left -= 1
            if first.channel is Channel.WINDOW and left > 0 and self._rng.random() < TOGETHER_SHARE:
                for arrival in self._together(first, tier, min(left, self._rng.choice((1, 1, 2)))):
                    yield arrival
                    left -= 1

    def _first(self, day: date, tier: Tier) -> Arrival:
        rng, offer = self._rng, self._offers[tier]
        item = rng.choices(offer.items, cum_weights=offer.weights)[0]
        channels = [channel for channel in item.channels if channel in POPULARITY]
        channel = rng.choices(channels, [POPULARITY[channel] for channel in channels])[0]
        kind = rng.choices(item.serves, [KINDS.get(kind, 1) for kind in item.serves])[0]
        hall = self._hall(day, tier, channel)
        at = self._received_at(hall, day, channel, item)
        self._applicants += 1
        self._visits += 1
        arrival = Arrival(
            item=item,
            channel=channel,
            hall=hall,
            at=at,
            filed_at=at,
            applicant=f"applicant-{self._applicants:04d}",
            kind=kind,
            visit=f"V-{at:%Y%m%d}-{self._visits:05d}",
        )
        return arrival._replace(filed_at=self._filed_at(arrival))

    def _together(self, first: Arrival, tier: Tier, count: int) -> Iterator[Arrival]:
        """More cases of the same applicant in the same visit."""
        items = [i for i in self._offers[tier].items if Channel.WINDOW in i.channels and first.kind in i.serves]
        for n in range(1, count + 1):
            at = first.at + timedelta(minutes=7 * n)
            yield first._replace(item=self._rng.choice(items), at=at, filed_at=at)

    def _hall(self, day: date, tier: Tier, channel: Channel) -> Hall:
        halls = [hall for hall in HALLS if hall.tier is tier]
        machines = [hall for hall in halls if hall.self_service]
        if channel is Channel.KIOSK and machines:
            return machines[0]
        desks = [hall for hall in halls if not hall.self_service]
        return self._rng.choices(desks, [hall.weight * (2 if hall.market_day(day) else 1) for hall in desks])[0]

    def _received_at(self, hall: Hall, day: date, channel: Channel, item: ServiceItem) -> datetime:
        """Some time at which the desk is open, not in its first and last minutes; couriers come in the afternoon.

        Machines receive at any hour, on Sunday as well.
        """
        if hall.self_service or (channel.online and item.fully_online and item.handling is HandlingKind.INSTANT):
            sunday = day == SATURDAY and self._rng.random() < SUNDAY_SHARE
            midnight = datetime.combine(SUNDAY if sunday else day, time(0), CHENGDU)
            return midnight + timedelta(seconds=int(self._rng.triangular(1200, 84_000, 54_000)))
        spans = [
            (datetime.combine(day, opens, CHENGDU), datetime.combine(day, closes, CHENGDU))
            for opens, closes in opening(hall, day)
        ]
        if channel is Channel.COURIER:
            spans = [(spans[-1][1] - timedelta(hours=3), spans[-1][1])]
        lengths = [int((closes - opens).total_seconds()) - 2400 for opens, closes in spans]
        ((opens, _), length) = self._rng.choices(tuple(zip(spans, lengths, strict=True)), lengths)[0]
        return opens + timedelta(seconds=900 + self._rng.randrange(length))

    def _filed_at(self, arrival: Arrival) -> datetime:
        """When it was filed: online at any hour since the desk closed the day before, else when it is received."""
        if not arrival.filed:
            return arrival.at
        if arrival.automatic:
            return arrival.at - timedelta(seconds=self._rng.randrange(20, 300))
        midnight = datetime.combine(arrival.at.date(), time(0), CHENGDU)
        earliest = midnight if arrival.at.date() == MONDAY else midnight - timedelta(hours=7)
        latest = midnight + timedelta(hours=9) if arrival.channel is Channel.COURIER else arrival.at
        return earliest + timedelta(seconds=self._rng.randrange(int((latest - earliest).total_seconds()) - 1500))


def _in_force(catalogue: Catalogue) -> tuple[ServiceItem, ...]:
    """Items citizens can apply for, in one version from the week on to the end of the play."""
    items = tuple(
        item
        for item in catalogue
        if item.applied_for
        and item.in_force(MONDAY)
        and item.in_force(LAST_DAY)
        and any(channel in POPULARITY for channel in item.channels)
    )
    if not items:
        raise BadInput(Flaw.USAGE, "", f"no item of the catalogue is in force from {MONDAY} to {LAST_DAY}")
    return items


def _offer(items: Sequence[ServiceItem], column: int) -> _Offer:
    weighed = [(item, DEMAND.get(item.code, UNKNOWN_DEMAND)[column]) for item in items]
    wanted = [(item, weight) for item, weight in weighed if weight] or [(item, 1) for item in items]
    return _Offer(tuple(item for item, _ in wanted), tuple(accumulate(weight for _, weight in wanted)))


def _showcase_item(items: Sequence[ServiceItem]) -> ServiceItem:
    """The item of the showcase: filed at a window, promised in working days, three approvals side by side."""
    fit = [
        item
        for item in items
        if Channel.WINDOW in item.channels
        and item.promised.unit is Unit.WORKING_DAY
        and len(parallel_steps(item)) >= SIDE_BY_SIDE
    ]
    if not fit:
        raise BadInput(
            Flaw.USAGE, "", f"no item in force on {MONDAY} has three parallel approvals, which the showcase needs"
        )
    return min(fit, key=lambda item: (item.code != "bookstore-licence", item.code))


def _numbered(seed: int, case: str, acts: Sequence[Act]) -> SimulatedCase:
    """The commands of a case, each with an id of its own that is the same in every run."""
    return SimulatedCase(
        case,
        tuple(
            act.kind(case=case, by=act.by, at=act.at, command_id=f"demo-{seed}:{case}:{n}", **act.rest)
            for n, act in enumerate(acts, 1)
        ),
    )
