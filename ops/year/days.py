"""The days of a simulated year: which are worked, how many come, and at what hour."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import accumulate
from random import Random
from typing import Final, NamedTuple

from casecore.calendar import WorkCalendar
from ops.demo.arrival import CHENGDU, Hall
from ops.demo.simulation import opening

__all__ = ["CLOSINGS_A_DAY", "Day", "Share", "days_of", "desks_open", "some_moment"]

CLOSINGS_A_DAY: Final = 9710
"""Cases closed on a working day (日均办结量) of the whole district: S1 Xindu 2017-11."""
CLOSED_EACH: Final = 0.989
"""Closings for each case drawn of a working day. Some are withdrawn, void, not accepted or stay open; packages, the box and
days of rest bring others beside them. Counted in the play itself, once the first weeks are over."""
WEEKDAYS: Final = (19, 17, 16, 15, 15)
"""Monday to Friday, of 82; assumed. A make-up day (调休) at a weekend goes like a Friday."""
AFTER_REST: Final = 1.3
"""How much more comes on the first day after a holiday (three days of rest or more); assumed."""
LONG_REST_DAYS: Final = 3
SATURDAY_SHARE: Final = 0.06
"""Of a working day's, what extended service (延时服务) brings on a Saturday; assumed, for S1 says 100 a week and more."""
REST_SHARE: Final = 0.02
"""The same for days on which only machines, the web and the market-day centre receive; assumed."""
FRIDAY: Final = 5
SATURDAY: Final = 6
SUNDAY: Final = 7
CLOSES: Final = time(17)
"""When the desks close but for the late ones: what is filed online later is the next day's."""

HOURLY: Final = {9: 13, 10: 18, 11: 12, 12: 4, 13: 8, 14: 15, 15: 14, 16: 9, 17: 4, 18: 2}
"""How many come in which hour while the desks are open: a peak before noon, a lower one after it; assumed."""
FIRST_MINUTES: Final = 15
LAST_MINUTES: Final = 25
"""Minutes of a span in which nobody is received: the desk is made ready, or cleared."""


class Share(NamedTuple):
    """Which part of a district's year is simulated."""

    seed: int
    share: float
    """Of all that a district does."""
    begins: date
    working_days: int
    """How many of them; it ends with the last one's midnight, whatever is under way."""

    @property
    def name(self) -> str:
        """What the ids of its commands begin with; one of more days has the same."""
        return f"year-{self.seed}-{self.share:g}-{self.begins:%Y%m%d}"

    def chance(self, day: date) -> Random:
        """Chance of one day's own: what happens on it does not hang on how many days there are."""
        return Random(f"{self.name}/{day.isoformat()}")  # noqa: S311 - a play, not a secret


class Day(NamedTuple):
    """One local date of the year."""

    day: date
    working: bool
    received: float
    """Cases drawn for it, in the mean; those of packages, of the box and filed again come on top."""
    sure_until: datetime
    """Whatever the days after it bring happens no earlier: to there all is known."""


def days_of(share: Share, calendar: WorkCalendar) -> Iterator[Day]:
    """Give the days from the beginning on, those of rest too, to the last working day."""
    a_day = CLOSINGS_A_DAY * share.share / CLOSED_EACH
    day, worked, rested = share.begins, 0, 0
    sure_until = datetime.combine(day - timedelta(days=1), CLOSES, CHENGDU)
    while worked < share.working_days:
        weekday = day.isoweekday()
        working = calendar.is_working(day)
        if working:
            factor = WEEKDAYS[min(weekday, FRIDAY) - 1] * len(WEEKDAYS) / sum(WEEKDAYS)
            factor *= AFTER_REST if rested >= LONG_REST_DAYS else 1
        else:
            factor = SATURDAY_SHARE if _extended(day, calendar) else REST_SHARE
        if working or _extended(day, calendar):
            sure_until = datetime.combine(day, CLOSES, CHENGDU)
        yield Day(day, working, a_day * factor, sure_until)
        worked, rested = worked + working, 0 if working else rested + 1
        day += timedelta(days=1)


def _extended(day: date, calendar: WorkCalendar) -> bool:
    """Whether it is a Saturday with extended service: of a week that was worked to its end."""
    return day.isoweekday() == SATURDAY and not calendar.is_working(day) and calendar.is_working(day - timedelta(days=1))


def desks_open(hall: Hall, day: date, calendar: WorkCalendar) -> tuple[tuple[time, time], ...]:
    """When a hall's desks are open on a local date; never on a holiday, and on a make-up day as on a Friday."""
    if calendar.is_working(day):
        return opening(hall, day if day.isoweekday() <= FRIDAY else date(2017, 8, 4))
    market = day.isoweekday() == SUNDAY and calendar.is_working(day - timedelta(days=2))
    return opening(hall, day) if market or _extended(day, calendar) else ()


def some_moment(rng: Random, day: date, spans: tuple[tuple[time, time], ...]) -> datetime:
    """Draw when somebody is received, by the hour's share."""
    minutes, weights = _minutes(spans)
    minute = rng.choices(minutes, cum_weights=weights)[0]
    return datetime.combine(day, time(minute // 60, minute % 60, rng.randrange(60)), CHENGDU)


@cache
def _minutes(spans: tuple[tuple[time, time], ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The minutes of a day in which a desk receives, with their running weights."""
    found = [
        minute
        for opens, closes in spans
        for minute in range(opens.hour * 60 + opens.minute + FIRST_MINUTES, closes.hour * 60 + closes.minute - LAST_MINUTES)
    ]
    return tuple(found), tuple(accumulate(HOURLY.get(minute // 60, 1) for minute in found))
