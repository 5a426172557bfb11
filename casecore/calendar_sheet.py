"""A calendar written down (日历文本): what its file says, as plain values that can be adopted, hashed and laid side by side.

A :class:`~casecore.calendar.WorkCalendar` counts; a sheet with its years is what it counts by, and where that is from.
"""

from collections.abc import Iterable, Iterator
from datetime import date, time
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from casecore.annotations import Id
from casecore.calendar import Notice, WorkCalendar
from casecore.value import value

__all__ = ["CalendarSheet", "CalendarYear", "WorkingHours", "WrittenCalendar", "unsound_calendar", "written"]

_WEEKDAYS: Final = frozenset(range(1, 8))


@value
class WorkingHours:
    """From when to when is worked (法定工作时间), as ``HH:MM``."""

    opens: str
    closes: str


@value
class CalendarSheet:
    """One version of a working calendar but for the days of its years."""

    version: Id
    title: str
    zone: Id
    first_on: date
    """The first day notices are known for."""
    last_on: date
    """The last; a deadline on or past it is provisional (暂定)."""
    rest_weekdays: tuple[int, ...]
    """ISO weekdays off."""
    hours: tuple[WorkingHours, ...]
    supersedes: Id | None = None
    """The version whose place it took."""
    base: Id | None = None
    """The version it lies on (叠加日历); its days stand in its own years all the same."""
    source: str | None = None
    """Where it comes from."""
    retrieved_on: date | None = None
    """When it was looked up there."""


@value
class CalendarYear:
    """The days of one year of a calendar, as a notice (放假安排通知) orders them."""

    calendar: Id
    year: int
    rest: tuple[date, ...] = ()
    """Ordinary weekdays off (放假), ascending."""
    work: tuple[date, ...] = ()
    """Rest weekdays worked (调休上班), ascending."""
    notice: str | None = None
    """The State Council's, or the region's, notice that ordered them."""
    retrieved_on: date | None = None
    """When the notice was looked up."""


class WrittenCalendar(NamedTuple):
    """A whole calendar in writing: its sheet, and its years in their order."""

    sheet: CalendarSheet
    years: tuple[CalendarYear, ...] = ()

    def calendar(self) -> WorkCalendar:
        """The calendar that counts by it; the same one for the same writing."""
        return _counting(self)


@lru_cache(maxsize=64)
def _counting(writing: WrittenCalendar) -> WorkCalendar:
    sheet, years = writing
    return WorkCalendar(
        version=sheet.version,
        title=sheet.title,
        zone=sheet.zone,
        covers=(sheet.first_on, sheet.last_on),
        rest_weekdays=frozenset(sheet.rest_weekdays),
        rest=frozenset(day for year in years for day in year.rest),
        work=frozenset(day for year in years for day in year.work),
        hours=tuple((time.fromisoformat(span.opens), time.fromisoformat(span.closes)) for span in sheet.hours),
        supersedes=sheet.supersedes,
        base=sheet.base,
        source=Notice(sheet.source, sheet.retrieved_on),
        notices={one.year: Notice(one.notice, one.retrieved_on) for one in years if one.notice or one.retrieved_on},
    )


@lru_cache(maxsize=256)
def written(calendar: WorkCalendar) -> WrittenCalendar:
    """A calendar in writing, whoever made it."""
    sheet = CalendarSheet(
        version=calendar.version,
        title=calendar.title,
        zone=calendar.zone,
        first_on=calendar.covers[0],
        last_on=calendar.covers[1],
        rest_weekdays=tuple(sorted(calendar.rest_weekdays)),
        hours=tuple(WorkingHours(opens=f"{opens:%H:%M}", closes=f"{closes:%H:%M}") for opens, closes in calendar.hours),
        supersedes=calendar.supersedes,
        base=calendar.base,
        source=calendar.source.said,
        retrieved_on=calendar.source.retrieved_on,
    )
    return WrittenCalendar(sheet, tuple(_years(calendar)))


def _years(calendar: WorkCalendar) -> Iterator[CalendarYear]:
    """Each year a notice changed a day of, or is named for."""
    changed = {day.year for day in calendar.rest | calendar.work}
    for year in sorted(changed | calendar.notices.keys()):
        notice = calendar.notices.get(year, Notice())
        yield CalendarYear(
            calendar=calendar.version,
            year=year,
            rest=tuple(sorted(day for day in calendar.rest if day.year == year)),
            work=tuple(sorted(day for day in calendar.work if day.year == year)),
            notice=notice.said,
            retrieved_on=notice.retrieved_on,
        )


def unsound_calendar(writing: WrittenCalendar) -> Iterator[tuple[str, str]]:
    """What keeps a calendar from being counted by, as (key, sentence)."""
    sheet, years = writing
    if sheet.last_on < sheet.first_on:
        yield "covers", f"ends on {sheet.last_on}, before it begins on {sheet.first_on}"
    if sheet.last_on.year == date.max.year:
        yield "covers", f"the last covered year is before {date.max.year}"
    weekdays = set(sheet.rest_weekdays)
    if not weekdays < _WEEKDAYS or len(weekdays) < len(sheet.rest_weekdays):
        yield "rest_weekdays", "must be different ISO weekdays from 1 to 7, and not all of them"
    yield from _unsound_hours(sheet.hours)
    if len({one.year for one in years}) < len(years):
        yield "years", "a year stands here twice"
    for one in years:
        place = f"years.{one.year}"
        if one.calendar != sheet.version:
            yield place, f"the days of {one.calendar}, not of {sheet.version}"
        yield from _unsound_days(sheet, f"{place}.rest", one.year, one.rest, resting=True)
        yield from _unsound_days(sheet, f"{place}.work", one.year, one.work, resting=False)


def _unsound_hours(hours: tuple[WorkingHours, ...]) -> Iterator[tuple[str, str]]:
    try:
        moments = [time.fromisoformat(moment) for span in hours for moment in (span.opens, span.closes)]
    except ValueError:
        yield "hours", "must be times HH:MM"
        return
    if any(f"{moment:%H:%M}" != said for moment, said in zip(moments, _said(hours), strict=True)):
        yield "hours", "must be times HH:MM"
    if not moments or not all(earlier < later for earlier, later in pairwise(moments)):
        yield "hours", "must go up, with a break between one [opens, closes] and the next"


def _said(hours: Iterable[WorkingHours]) -> Iterator[str]:
    for span in hours:
        yield from (span.opens, span.closes)


def _unsound_days(
    sheet: CalendarSheet, place: str, year: int, days: tuple[date, ...], *, resting: bool
) -> Iterator[tuple[str, str]]:
    if any(earlier >= later for earlier, later in pairwise(days)):
        yield place, "the days must go up, each once"
    for day in days:
        if day.year != year:
            yield place, f"{day} is no day of {year}"
        elif not sheet.first_on <= day <= sheet.last_on:
            yield place, f"{day} lies outside covers ({sheet.first_on} to {sheet.last_on})"
        elif (day.isoweekday() in sheet.rest_weekdays) is resting:
            yield place, f"{day} is {'a rest weekday' if resting else 'no rest weekday'} already"
