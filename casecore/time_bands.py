"""Time bands (时段): in which hours of a hall's day something was done, by the working hours of its calendar."""

from datetime import datetime, time
from typing import Final

from casecore.calendar import OutsideCalendarError, WorkCalendar
from casecore.vocabulary import TimeBand

__all__ = ["band_of"]

MIDNIGHT: Final = time()
MIDDAY: Final = time(12)
SATURDAY: Final = 5


def band_of(calendar: WorkCalendar, at: datetime) -> TimeBand | None:
    """The band an instant lies in, each from its first minute up to the first of the next; seeds S0, S3 (延时, 错时服务).

    A day that is no working day is one band, whatever the hour: a make-up Saturday (调休) is a working day like any other.
    Between two spans of working hours it is noon. None where the calendar cannot say, and at midnight to the microsecond:
    that is a day somebody told without its hour.
    """
    day, clock = at.date(), at.time()
    if clock == MIDNIGHT:
        return None
    try:
        working = calendar.is_working(day)
    except OutsideCalendarError:
        return None
    if not working:
        return TimeBand.SATURDAY if day.weekday() == SATURDAY else TimeBand.REST_DAY
    return _of_a_working_day(calendar, clock)


def _of_a_working_day(calendar: WorkCalendar, clock: time) -> TimeBand:
    if clock < calendar.hours[0][0]:
        return TimeBand.BEFORE_OPENING
    if clock >= calendar.hours[-1][1]:
        return TimeBand.EVENING
    if not any(opens <= clock < closes for opens, closes in calendar.hours):
        return TimeBand.NOON
    return TimeBand.MORNING if clock < MIDDAY else TimeBand.AFTERNOON
