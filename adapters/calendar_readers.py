"""How each key of a calendar's file is read: what its TOML value must be."""

import re
from collections.abc import Mapping
from datetime import MAXYEAR, date, time
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

from adapters.toml_reading import Reader, many, read_date, read_id, read_table, read_text, read_whole, shown
from casecore.errors import BadInput, Flaw

__all__ = ["CALENDAR_KEYS", "OPTIONAL_KEYS", "OVERLAY_KEYS", "YEAR_KEYS", "month_day"]

_CLOCK_TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_MONTH_DAY: Final = re.compile(r"\d\d-\d\d", re.ASCII)
_YEAR: Final = re.compile(r"[1-9]\d{3}", re.ASCII)
_WEEKDAYS: Final = range(1, 8)


def month_day(written: str, year: str, place: str) -> date:
    """Read a day of a year, written ``MM-DD``."""
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


def _years(value: object, place: str) -> dict[str, dict[str, Any]]:
    if not isinstance(value, dict):
        raise BadInput(Flaw.WRONG_TYPE, place, "must be a table")
    for year in value:
        if not _YEAR.fullmatch(year):
            raise BadInput(Flaw.WRONG_TYPE, place, f"{year!r} is no year")
    return {year: read_table(value[year], YEAR_KEYS, (), f"{place}.{year}") for year in sorted(value)}


YEAR_KEYS: Final[Mapping[str, Reader[Any]]] = {
    "rest": many(read_text),
    "work": many(read_text),
    "notice": read_text,
    "retrieved_on": read_date,
}

CALENDAR_KEYS: Final[Mapping[str, Reader[Any]]] = {
    "version": read_id,
    "title": read_text,
    "zone": _zone,
    "covers": _covers,
    "rest_weekdays": _rest_weekdays,
    "hours": _hours,
    "years": _years,
    "supersedes": read_id,
    "source": read_text,
    "retrieved_on": read_date,
}
OPTIONAL_KEYS: Final = ("supersedes", "source", "retrieved_on")

OVERLAY_KEYS: Final[Mapping[str, Reader[Any]]] = {
    "base": read_id,
    **{key: reader for key, reader in CALENDAR_KEYS.items() if key not in ("zone", "rest_weekdays")},
}
"""A region counts in the zone and the week of its base."""
