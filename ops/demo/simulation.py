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
from random import Random
from typing import Final, NamedTuple

from casecore.calendar import WorkCalendar
from casecore.command import Command
from casecore.service_item import Catalogue, ServiceItem
from casecore.vocabulary import Channel, HandlingKind, Tier
from ops.demo.arrival import CHENGDU, Arrival, Hall
from ops.demo.demand import HALLS, asked_for, hall_of, offer_to, offered
from ops.demo.ending import close, hand_over, rate
from ops.demo.intake import accept, file_application, receive
from ops.demo.life import Act, Life
from ops.demo.review import review
from ops.demo.story_files import load_showcase

__all__ = [
    "DISTRICT",
    "SHOWCASE",
    "TOGETHER_SHARE",
    "WEEKDAY",
    "WEEKEND",
    "SimulatedCase",
    "accepted_on",
    "apportion",
    "live",
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
LAST_DAY: Final = date(2017, 12, 31)
"""Nothing happens on it or later."""

WEEKEND: Final = {Tier.CITY: 2090, Tier.COUNTY: 7694, Tier.TOWNSHIP: 1522}
"""S0: the 11306 cases of the first extended weekend, by tier."""
WEEKDAY: Final = {Tier.CITY: 15, Tier.COUNTY: 60, Tier.TOWNSHIP: 25}
DAYS: Final = (19, 17, 16, 15, 15, 18)
"""Monday to Friday, and the weekend; assumed."""

TOGETHER_SHARE: Final = 0.1
"""How many visitors at a window bring more than one case."""
SUNDAY_SHARE: Final = 0.3
"""Of what the weekend's machines receive."""


class SimulatedCase(NamedTuple):
    """One case and all that is done in it, in the order of time."""

    case: str
    commands: tuple[Command, ...]


def simulate(*, seed: int, cases: int, catalogue: Catalogue, calendar: WorkCalendar) -> Iterator[SimulatedCase]:
    """Play the week with so many cases, the showcase first, the others by the day and time they were received.

    Raises :class:`~casecore.errors.BadInput` for a catalogue that has nothing to offer in that week.
    """
    if cases < 1:
        return
    rng = Random(seed)  # noqa: S311 - a play, not a secret
    items = offered(catalogue, MONDAY, LAST_DAY)
    yield SimulatedCase(SHOWCASE, load_showcase(seed).commands)
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
        self._offers = {tier: offer_to(items, tier) for tier in WEEKEND}
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
        item, channel, kind = asked_for(self._rng, self._offers[tier])
        hall = hall_of(self._rng, day, channel, (hall for hall in HALLS if hall.tier is tier))
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


def live(case: str, arrival: Arrival, rng: Random, calendar: WorkCalendar) -> list[Act]:
    """Everything that is done in a case, in the order of time."""
    life = Life(case, arrival, rng, calendar)
    if arrival.filed:
        file_application(life)
    receive(life)
    return accepted_on(life)


def accepted_on(life: Life) -> list[Act]:
    """The same from the papers on the desk on."""
    if accept(life):
        granted = True if life.arrival.instant else review(life)
        if granted is not None:
            certificate = close(life, granted=granted)
            hand_over(life, certificate, granted=granted)
            rate(life)
    return life.acts


def _numbered(seed: int, case: str, acts: Sequence[Act]) -> SimulatedCase:
    """The commands of a case, each with an id of its own that is the same in every run."""
    return SimulatedCase(
        case,
        tuple(
            act.kind(case=case, by=act.by, at=act.at, command_id=f"demo-{seed}:{case}:{n}", **act.rest)
            for n, act in enumerate(acts, 1)
        ),
    )
