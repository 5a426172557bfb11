"""Working calendars as data: ``calendars/*.toml``, one versioned calendar a file, read strictly.

What is wrong with a file is a :class:`~casecore.errors.Fault` of one line naming the file and the key. The strict
readers below (``read_table``, ``read_text`` …) serve the catalogue's tables as well: a reader takes a value out of a
TOML table with its place, and returns what it means or raises :class:`~casecore.errors.BadInput` naming the place.
"""

import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import MAXYEAR, date, time
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from casecore.calendar import WorkCalendar
from casecore.door import check, check_id, check_text
from casecore.errors import BadInput, Fault

__all__ = [
    "NATIONAL",
    "Reader",
    "load_calendar",
    "many",
    "one_line",
    "parse_toml",
    "read_date",
    "read_id",
    "read_table",
    "read_text",
    "read_whole",
    "shipped_calendars",
    "shown",
    "table_flaws",
    "toml_files",
]

NATIONAL: Final = "cn-2026.1"
"""The national calendar new promises are counted under."""

T = TypeVar("T")
Reader = Callable[[object, str], T]
"""``(value, place) -> what it means``; raises ``BadInput`` whose message begins with the place."""

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
            raise BadInput(f"years.{year}: the year lies outside covers ({first} to {last})")
        for kind, days in kinds.items():
            place = f"years.{year}.{kind}"
            for written in days:
                day = _month_day(written, year, place)
                if not first <= day <= last:
                    raise BadInput(f"{place}: {day} lies outside covers ({first} to {last})")
                if kind == "rest" and day.isoweekday() in weekend:
                    raise BadInput(f"{place}: {day} is a rest weekday already")
                if kind == "work" and day.isoweekday() not in weekend:
                    raise BadInput(f"{place}: {day} is not a rest weekday, so it is worked anyway")
                chosen = rest if kind == "rest" else work
                if day in chosen:
                    raise BadInput(f"{place}: {day} is listed twice")
                chosen.add(day)
    return WorkCalendar(**parts, rest=frozenset(rest), work=frozenset(work))


def _month_day(written: str, year: str, place: str) -> date:
    try:
        if _MONTH_DAY.fullmatch(written):
            return date.fromisoformat(f"{year}-{written}")
    except ValueError:
        pass
    raise BadInput(f"{place}: {written!r} is no MM-DD of {year}")


def _covers(value: object, place: str) -> tuple[date, date]:
    match many(read_date)(value, place):
        case (first, last) if first <= last:
            if last.year == MAXYEAR:
                raise BadInput(f"{place}: the last covered year is before {MAXYEAR}")
            return first, last
        case _:
            raise BadInput(f"{place}: must be [first day, last day]")


def _rest_weekdays(value: object, place: str) -> frozenset[int]:
    weekdays = many(read_whole)(value, place)
    if not set(weekdays) < set(_WEEKDAYS) or len(set(weekdays)) != len(weekdays):
        raise BadInput(f"{place}: must be different ISO weekdays from 1 to 7, and not all of them")
    return frozenset(weekdays)


def _hours(value: object, place: str) -> tuple[tuple[time, time], ...]:
    spans = many(many(_clock_time))(value, place)
    if not spans or any(len(span) != len(("opens", "closes")) for span in spans):
        raise BadInput(f"{place}: must be a list of [opens, closes]")
    flat = [moment for span in spans for moment in span]
    if not all(earlier < later for earlier, later in pairwise(flat)):
        raise BadInput(f"{place}: must go up, with a break between one [opens, closes] and the next")
    return tuple((opens, closes) for opens, closes in spans)


def _clock_time(value: object, place: str) -> time:
    if not isinstance(value, str) or not _CLOCK_TIME.fullmatch(value):
        raise BadInput(f"{place}: must be a time HH:MM in quotes, not {shown(value)}")
    return time.fromisoformat(value)


def _zone(value: object, place: str) -> str:
    name = read_id(value, place)
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        raise BadInput(f"{place}: {name!r} is no time zone") from None


def _years(value: object, place: str) -> dict[str, dict[str, tuple[str, ...]]]:
    if not isinstance(value, dict):
        raise BadInput(f"{place}: must be a table")
    for year in value:
        if not _YEAR.fullmatch(year):
            raise BadInput(f"{place}: {year!r} is no year")
    return {year: read_table(value[year], _YEAR_KEYS, (), f"{place}.{year}") for year in sorted(value)}


# --- Strict readers: what a TOML value must be ---


def toml_files(directory: Path | Traversable) -> list[Path | Traversable]:
    """List the TOML files of a directory by name; raises ``OSError`` where it cannot be read."""
    return sorted((entry for entry in directory.iterdir() if entry.name.endswith(".toml")), key=lambda e: e.name)


def parse_toml(source: Path | Traversable) -> dict[str, object]:
    """Parse a file; whatever keeps it from being a TOML table is a ``BadInput``."""
    try:
        return tomllib.loads(source.read_bytes().decode("utf-8"))
    except OSError as flaw:
        raise BadInput(f"cannot be read: {flaw.strerror or flaw}") from flaw
    except UnicodeDecodeError as flaw:
        raise BadInput(f"is not UTF-8 (byte {flaw.start})") from flaw
    except (ValueError, RecursionError) as flaw:
        raise BadInput(f"is not TOML: {flaw}") from flaw


def read_table(
    value: object, readers: Mapping[str, Reader[Any]], required: Collection[str], place: str = ""
) -> dict[str, Any]:
    """Read a table whose every key has a reader, with all ``required`` keys; raises at the first flaw."""
    parts: dict[str, Any] = {}
    for flaw in table_flaws(value, readers, required, parts, place):
        raise BadInput(flaw)
    return parts


def table_flaws(
    value: object,
    readers: Mapping[str, Reader[Any]],
    required: Collection[str],
    parts: dict[str, Any],
    place: str = "",
) -> Iterator[str]:
    """Read a table into ``parts`` and yield what is wrong with it: unknown keys, missing ones, unreadable values."""
    if not isinstance(value, dict):
        yield f"{place}: must be a table, not {shown(value)}"
        return
    prefix = f"{place}." if place else ""
    for key in value:
        if key not in readers:
            yield f"{prefix}{key}: unknown key"
    for key, reader in readers.items():
        if key in value:
            try:
                parts[key] = reader(value[key], f"{prefix}{key}")
            except BadInput as flaw:
                yield str(flaw)
        elif key in required:
            yield f"{prefix}{key}: missing"


def many(reader: Reader[T]) -> Reader[tuple[T, ...]]:
    """Read a list of what ``reader`` reads."""

    def read(value: object, place: str) -> tuple[T, ...]:
        if not isinstance(value, list):
            raise BadInput(f"{place}: must be a list, not {shown(value)}")
        return tuple(reader(part, f"{place}[{index}]") for index, part in enumerate(value))

    return read


def read_text(value: object, place: str) -> str:
    """Read one line of plain text that is not blank."""
    if not isinstance(value, str):
        raise BadInput(f"{place}: must be text, not {shown(value)}")
    check_text(value, place)
    if not value.strip() or len(value.splitlines()) != 1:
        raise BadInput(f"{place}: must be one line of text")
    return value


def read_id(value: object, place: str) -> str:
    """Read an identifier: text without spaces, of bounded length."""
    name = read_text(value, place)
    check_id(name, place)
    if len(name.split()) != 1 or name != name.strip():
        raise BadInput(f"{place}: an identifier has no spaces")
    return name


def read_whole(value: object, place: str) -> int:
    """Read a whole number (true and false are none)."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadInput(f"{place}: must be a whole number, not {shown(value)}")
    check(value, place)
    return value


def read_date(value: object, place: str) -> date:
    """Read a date without a time."""
    if type(value) is not date:
        raise BadInput(f"{place}: must be a date such as 2020-01-31, not {shown(value)}")
    return value


def shown(value: object) -> str:
    """Show a value in a message, shortly and as TOML would write it."""
    match value:
        case dict():
            return "a table"
        case list():
            return "a list"
        case str():
            return repr(value)
        case bool():
            return str(value).lower()
        case _:
            return str(value)


def one_line(message: str) -> str:
    """Put a message on one line, whatever names and values it quotes."""
    return " ".join(message.splitlines())


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
