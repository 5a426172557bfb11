"""Working calendars as data: ``calendars/*.toml``, one versioned calendar a file, read strictly.

What is wrong with a file is a :class:`~casecore.errors.Fault` of one line naming the file and the key.
"""

import re
from collections.abc import Mapping
from datetime import MAXYEAR, date, time
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

from adapters.toml_reading import (
    Reader,
    many,
    one_line,
    parse_toml,
    read_date,
    read_id,
    read_table,
    read_text,
    read_whole,
    shown,
    toml_files,
)
from casecore.calendar import WorkCalendar
from casecore.errors import BadInput, Fault, Flaw

__all__ = ["NATIONAL", "load_calendar", "shipped_calendars"]

NATIONAL: Final = "cn-2026.1"
"""The national calendar new promises are counted under."""

_CLOCK_TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_MONTH_DAY: Final = re.compile(r"\d\d-\d\d", re.ASCII)
_YEAR: Final = re.compile(r"[1-9]\d{3}", re.ASCII)
_WEEKDAYS: Final = range(1, 8)


def load_calendar(source: Path | Traversable) -> WorkCalendar:
    """Load one file; raises :class:`~casecore.errors.Fault` naming the file and its first unsound key."""
    try:
        return _calendar(parse_toml(source))
    except BadInput as flaw:
        raise Fault(one_line(f"{source.name}: {flaw}")) from flaw


@cache
def shipped_calendars() -> Mapping[str, WorkCalendar]:
    """List every calendar of the package by its version."""
    found: dict[str, WorkCalendar] = {}
    for source in toml_files(files("adapters") / "calendars"):
        calendar = load_calendar(source)
        if source.name != f"{calendar.version}.toml":
            raise Fault(f"{source.name}: version: {calendar.version} belongs in a file of its own name")
        found[calendar.version] = calendar
    return MappingProxyType(found)


def _calendar(table: dict[str, object]) -> WorkCalendar:
    """Make the calendar a table describes; raises ``BadInput`` at the first thing wrong with it."""
    parts = read_table(table, _CALENDAR_KEYS, _CALENDAR_KEYS)
    first, last = parts["covers"]
    weekend: frozenset[int] = parts["rest_weekdays"]
    rest: set[date] = set()
    work: set[date] = set()
    for year, kinds in parts.pop("years").items():
        if not first.year <= int(year) <= last.year:
            raise BadInput(Flaw.CONTRADICTION, f"years.{year}", f"the year lies outside covers ({first} to {last})")
        for kind, days in kinds.items():
            place = f"years.{year}.{kind}"
            for written in days:
                day = _month_day(written, year, place)
                if not first <= day <= last:
                    raise BadInput(Flaw.CONTRADICTION, place, f"{day} lies outside covers ({first} to {last})")
                if kind == "rest" and day.isoweekday() in weekend:
                    raise BadInput(Flaw.CONTRADICTION, place, f"{day} is a rest weekday already")
                if kind == "work" and day.isoweekday() not in weekend:
                    raise BadInput(Flaw.CONTRADICTION, place, f"{day} is not a rest weekday, so it is worked anyway")
                chosen = rest if kind == "rest" else work
                if day in chosen:
                    raise BadInput(Flaw.CONTRADICTION, place, f"{day} is listed twice")
                chosen.add(day)
    return WorkCalendar(**parts, rest=frozenset(rest), work=frozenset(work))


def _month_day(written: str, year: str, place: str) -> date:
    try:
        if _MONTH_DAY.fullmatch(written):
            return date.fromisoformat(f"{year}-{written}")
    except ValueError:
        pass
    raise BadInput(Flaw.WRONG_TYPE, place, f"{written!r} is no MM-DD of {year}")


def _covers(value: object, place: str) -> tuple[date, date]:
    match many(read_date)(value, place):
        case (first, last) if first <= last:
            if last.year == MAXYEAR:
                raise BadInput(Flaw.NUMBER_OUT_OF_RANGE, place, f"the last covered year is before {MAXYEAR}")
            return first, last
        case _:
            raise BadInput(Flaw.WRONG_TYPE, place, "must be [first day, last day]")


def _rest_weekdays(value: object, place: str) -> frozenset[int]:
    weekdays = many(read_whole)(value, place)
    if not set(weekdays) < set(_WEEKDAYS) or len(set(weekdays)) != len(weekdays):
        raise BadInput(Flaw.CONTRADICTION, place, "must be different ISO weekdays from 1 to 7, and not all of them")
    return frozenset(weekdays)


def _hours(value: object, place: str) -> tuple[tuple[time, time], ...]:
    spans = many(many(_clock_time))(value, place)
    if not spans or any(len(span) != len(("opens", "closes")) for span in spans):
        raise BadInput(Flaw.WRONG_TYPE, place, "must be a list of [opens, closes]")
    flat = [moment for span in spans for moment in span]
    if not all(earlier < later for earlier, later in pairwise(flat)):
        raise BadInput(Flaw.CONTRADICTION, place, "must go up, with a break between one [opens, closes] and the next")
    return tuple((opens, closes) for opens, closes in spans)


def _clock_time(value: object, place: str) -> time:
    if not isinstance(value, str) or not _CLOCK_TIME.fullmatch(value):
        raise BadInput(Flaw.WRONG_TYPE, place, f"must be a time HH:MM in quotes, not {shown(value)}")
    return time.fromisoformat(value)


def _zone(value: object, place: str) -> str:
    name = read_id(value, place)
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        raise BadInput(Flaw.UNKNOWN_NAME, place, f"{name!r} is no time zone") from None


def _years(value: object, place: str) -> dict[str, dict[str, tuple[str, ...]]]:
    if not isinstance(value, dict):
        raise BadInput(Flaw.WRONG_TYPE, place, "must be a table")
    for year in value:
        if not _YEAR.fullmatch(year):
            raise BadInput(Flaw.WRONG_TYPE, place, f"{year!r} is no year")
    return {year: read_table(value[year], _YEAR_KEYS, (), f"{place}.{year}") for year in sorted(value)}


# --- Strict readers: what a TOML value must be ---


_YEAR_KEYS: Final[Mapping[str, Reader[Any]]] = {"rest": many(read_text), "work": many(read_text)}

_CALENDAR_KEYS: Final[Mapping[str, Reader[Any]]] = {
    "version": read_id,
    "title": read_text,
    "zone": _zone,
    "covers": _covers,
    "rest_weekdays": _rest_weekdays,
    "hours": _hours,
    "years": _years,
}
