"""Who comes on a day, where and what for."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Final

from casecore.calendar import WorkCalendar
from casecore.service_item import Catalogue
from casecore.vocabulary import Channel, HandlingKind, Tier
from ops.demo.arrival import CHENGDU, Arrival, Hall
from ops.demo.demand import HALLS, Asked, asked_for, hall_of, offer_to, offered
from ops.demo.simulation import TOGETHER_SHARE, WEEKDAY
from ops.year.days import Day, Share, desks_open, some_moment

__all__ = ["Comers"]

INHABITANTS: Final = 900_000
"""Of the district, of whom some come again; assumed."""
FORESEEN_DAYS: Final = 150
"""An item is asked for while the same version of it is in force for so long: no case outlives it."""
MOST_TRIES: Final = 200
"""To find somebody who can be received on a day of rest."""


class Comers:
    """Those who come on one day, drawn one after the other."""

    def __init__(self, share: Share, day: Day, catalogue: Catalogue, calendar: WorkCalendar) -> None:
        items = offered(catalogue, day.day, day.day + timedelta(days=FORESEEN_DAYS))
        self.rng = share.chance(day.day)
        self.day, self._calendar = day.day, calendar
        self._offers = {tier: offer_to(items, tier) for tier in WEEKDAY}
        self._tiers, self._weights = tuple(WEEKDAY), tuple(WEEKDAY.values())
        self._inhabitants = max(1, int(INHABITANTS * share.share))
        self._open = {hall: desks_open(hall, day.day, calendar) for hall in HALLS}
        self._visits = 0
        self.count = int(day.received + self.rng.random())
        """Cases there are to be."""

    def groups(self) -> Iterator[tuple[Arrival, ...]]:
        """Give the cases, those of one visit together."""
        left = self.count
        while left > 0:
            first = self._first()
            if first is None:
                return
            group: tuple[Arrival, ...] = (first,)
            if first.channel is Channel.WINDOW and left > 1 and self.rng.random() < TOGETHER_SHARE:
                group += tuple(self._together(first, min(left - 1, self.rng.choice((1, 1, 2)))))
            left -= len(group)
            yield group

    def desk(self) -> tuple[Hall, datetime] | None:
        """Draw a desk of a hall and a moment at which it is open; None on a day on which none is."""
        halls = [hall for hall, spans in self._open.items() if spans and not hall.self_service]
        if not halls:
            return None
        hall = self.rng.choices(halls, [hall.weight for hall in halls])[0]
        return hall, some_moment(self.rng, self.day, self._open[hall])

    def number(self) -> str:
        """The next number (排队号) of the day: it begins anew each morning."""
        self._visits += 1
        return f"A{self._visits:05d}"

    def applicant(self) -> str:
        """Somebody of the district, who may have come before."""
        return f"applicant-{self.rng.randrange(self._inhabitants):06d}"

    def _first(self) -> Arrival | None:
        rng = self.rng
        for _ in range(MOST_TRIES):
            tier: Tier = rng.choices(self._tiers, self._weights)[0]
            asked = asked_for(rng, self._offers[tier])
            hall = hall_of(rng, self.day, asked.channel, (hall for hall in HALLS if hall.tier is tier))
            at = self._received_at(hall, asked)
            if at is None:
                continue
            arrival = Arrival(
                item=asked.item,
                channel=asked.channel,
                hall=hall,
                at=at,
                filed_at=at,
                applicant=self.applicant(),
                kind=asked.kind,
                visit=self.number(),
            )
            return arrival._replace(filed_at=self._filed_at(arrival)) if arrival.filed else arrival
        return None

    def _together(self, first: Arrival, count: int) -> Iterator[Arrival]:
        """More cases of the same applicant in the same visit."""
        offer = self._offers[first.hall.tier]
        items = [item for item in offer.items if Channel.WINDOW in item.channels and first.kind in item.serves]
        for n in range(1, count + 1):
            at = first.at + timedelta(minutes=7 * n)
            yield first._replace(item=self.rng.choice(items), at=at, filed_at=at)

    def _received_at(self, hall: Hall, asked: Asked) -> datetime | None:
        """Machines receive at any hour, desks while they are open, and the post comes to them in the afternoon."""
        instant = asked.item.handling is HandlingKind.INSTANT
        if hall.self_service or (asked.channel.online and asked.item.fully_online and instant):
            return self._midnight() + timedelta(seconds=int(self.rng.triangular(1200, 84_000, 54_000)))
        spans = self._open[hall]
        if not spans:
            return None
        if asked.channel is not Channel.COURIER:
            return some_moment(self.rng, self.day, spans)
        closes = datetime.combine(self.day, spans[-1][1], CHENGDU)
        return closes - timedelta(seconds=self.rng.randrange(1500, 9900))

    def _filed_at(self, arrival: Arrival) -> datetime:
        """Online at any hour since the desks closed the day before; what is posted was filed by the morning."""
        if arrival.automatic:
            return arrival.at - timedelta(seconds=self.rng.randrange(20, 300))
        earliest = self._midnight() - timedelta(hours=7)
        latest = self._midnight() + timedelta(hours=9) if arrival.channel is Channel.COURIER else arrival.at
        return earliest + timedelta(seconds=self.rng.randrange(int((latest - earliest).total_seconds()) - 1500))

    def _midnight(self) -> datetime:
        return datetime.combine(self.day, time(0), CHENGDU)
