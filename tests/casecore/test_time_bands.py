"""Time bands (时段): one definition of when something was done, by the working hours of the calendar."""

from datetime import date, time
from typing import Final

import pytest
from support.story import moment

from adapters.calendar_toml import NATIONAL, shipped_calendars
from casecore import WorkCalendar
from casecore.time_bands import band_of
from casecore.vocabulary import TimeBand

CALENDAR: Final = shipped_calendars()[NATIONAL]
"""09:00 to 12:00 and 13:00 to 17:00."""


@pytest.mark.parametrize(
    ("at", "band"),
    [
        ("03-02 00:01", TimeBand.BEFORE_OPENING),
        ("03-02 08:30", TimeBand.BEFORE_OPENING),  # S3 通州: 早晚延时办, 08:30 to 09:00 …
        ("03-02 08:59", TimeBand.BEFORE_OPENING),
        ("03-02 09:00", TimeBand.MORNING),
        ("03-02 11:59", TimeBand.MORNING),
        ("03-02 12:00", TimeBand.NOON),
        ("03-02 12:59", TimeBand.NOON),
        ("03-02 13:00", TimeBand.AFTERNOON),
        ("03-02 16:59", TimeBand.AFTERNOON),
        ("03-02 17:00", TimeBand.EVENING),  # … and 17:00 to 17:30
        ("03-02 23:59", TimeBand.EVENING),
        ("03-07 10:00", TimeBand.SATURDAY),
        ("03-07 20:00", TimeBand.SATURDAY),
        ("03-08 10:00", TimeBand.REST_DAY),  # a Sunday
        ("02-17 10:00", TimeBand.REST_DAY),  # 春节, a Tuesday
        ("02-14 10:00", TimeBand.MORNING),  # a Saturday that is worked (调休上班)
        ("02-28 08:00", TimeBand.BEFORE_OPENING),  # and another one
    ],
)
def test_each_instant_lies_in_one_band(at: str, band: TimeBand) -> None:
    assert band_of(CALENDAR, moment(at)) is band


def test_what_was_told_by_its_day_only_lies_in_none() -> None:
    assert band_of(CALENDAR, moment("03-02 00:00")) is None


def test_where_the_calendar_knows_nothing_no_band_is_known() -> None:
    assert band_of(CALENDAR, moment("2001-03-02 10:00")) is None


def hours(*spans: tuple[time, time]) -> WorkCalendar:
    return WorkCalendar(
        version="own.1", title="own", zone="Asia/Shanghai", covers=(date(2026, 1, 1), date(2026, 12, 31)),
        rest_weekdays=frozenset({5, 6}), rest=frozenset(), work=frozenset(), hours=spans,
    )  # fmt: skip


def test_a_hall_that_does_not_rest_at_noon_has_no_noon() -> None:
    through = hours((time(8, 30), time(17, 30)))

    told = {at: band_of(through, moment(f"03-02 {at}")) for at in ("08:29", "08:30", "11:59", "12:00", "17:29", "17:30")}
    assert told == {
        "08:29": TimeBand.BEFORE_OPENING,
        "08:30": TimeBand.MORNING,
        "11:59": TimeBand.MORNING,
        "12:00": TimeBand.AFTERNOON,
        "17:29": TimeBand.AFTERNOON,
        "17:30": TimeBand.EVENING,
    }
