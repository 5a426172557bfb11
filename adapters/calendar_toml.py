"""Working calendars as data: ``calendars/*.toml``, one versioned calendar a file, read strictly.

A file is a whole calendar, or an overlay (叠加日历): ``base`` names the version it lies on, its ``rest`` and ``work`` days
are changes of that. What is wrong with a file is a :class:`~casecore.errors.Fault` of one line naming the file and the key.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, time
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from adapters.calendar_readers import CALENDAR_KEYS, OPTIONAL_KEYS, OVERLAY_KEYS, month_day
from adapters.toml_reading import (
    one_line,
    parse_toml,
    read_table,
    toml_files,
)
from casecore.calendar import Notice, WorkCalendar
from casecore.calendars import successors
from casecore.errors import BadInput, Fault, Flaw

__all__ = ["NATIONAL", "known_calendars", "load_calendar", "own_calendars", "shipped_calendars"]

NATIONAL: Final = "cn-2026.1"
"""The national calendar new promises are counted under."""


class _Sheet(NamedTuple):
    """What a calendar is made of, as :class:`WorkCalendar` takes it and an overlay needs it of its base."""

    version: str
    title: str
    zone: str
    covers: tuple[date, date]
    rest_weekdays: frozenset[int]
    hours: tuple[tuple[time, time], ...]
    rest: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()
    supersedes: str | None = None
    base: str | None = None
    source: Notice = Notice()
    notices: Mapping[int, Notice] = {}

    def rests(self, day: date) -> bool:
        return day in self.rest or (day.isoweekday() in self.rest_weekdays and day not in self.work)

    def calendar(self) -> WorkCalendar:
        return WorkCalendar(**self._asdict())


def load_calendar(source: Path | Traversable) -> WorkCalendar:
    """Load one file, whatever its name; an overlay's base is one that ships.

    Raises :class:`~casecore.errors.Fault` naming the file and its first unsound key.
    """
    with _naming(source.name):
        parts = _read(source)
        base, shipped = parts.get("base"), _shipped_sheets()
        if base is not None:
            _check_base(base, shipped)
        return _lay(parts, shipped[base] if base else None).calendar()


@cache
def shipped_calendars() -> Mapping[str, WorkCalendar]:
    """List every calendar of the package by its version."""
    return _sound({version: sheet.calendar() for version, sheet in _shipped_sheets().items()})


def known_calendars(folder: Path | None = None) -> Mapping[str, WorkCalendar]:
    """List every calendar by its version: those of the package, and those of a folder of one's own TOML files.

    A file is named after its version, ``VERSION.toml``, and may lie on, or supersede, any of either; what ships is never
    redefined. Read anew at every call. Raises :class:`~casecore.errors.Fault` naming the file and its first unsound key.
    """
    shipped = shipped_calendars()
    if folder is None:
        return shipped
    own = _sheets(_sources(folder), _shipped_sheets())
    return _sound({**shipped, **{version: sheet.calendar() for version, sheet in own.items()}})


def own_calendars(folder: Path, known: Mapping[str, WorkCalendar]) -> Mapping[str, WorkCalendar]:
    """List the calendars of a folder by their versions, and none beside; they may lie on, or supersede, any ``known``.

    One of a known version is read as it stands in the folder: whoever adopts it is told where it contradicts the other.
    Raises :class:`~casecore.errors.Fault` naming the file and its first unsound key.
    """
    sources = _sources(folder)
    here = {source.name.removesuffix(".toml") for source in sources}
    others = {version: _sheet_of(calendar) for version, calendar in known.items() if version not in here}
    own = {version: sheet.calendar() for version, sheet in _sheets(sources, others).items()}
    _sound({**known, **own})
    return MappingProxyType(own)


@cache
def _shipped_sheets() -> Mapping[str, _Sheet]:
    return _sheets(toml_files(files("adapters") / "calendars"), {})


# --- From files to calendars ---


def _sources(folder: Path) -> list[Path | Traversable]:
    try:
        sources = toml_files(folder)
    except OSError as flaw:
        raise Fault(one_line(f"{folder}: the directory cannot be read: {flaw.strerror or flaw}")) from flaw
    if not sources:
        raise Fault(one_line(f"{folder}: no *.toml file in this directory"))
    return sources


def _sheet_of(calendar: WorkCalendar) -> _Sheet:
    return _Sheet(*(getattr(calendar, name) for name in _Sheet._fields))


@contextmanager
def _naming(file: str) -> Iterator[None]:
    """Say in which file it is, whatever is wrong in it."""
    try:
        yield
    except BadInput as flaw:
        raise Fault(one_line(f"{file}: {flaw}")) from flaw


def _sound(calendars: dict[str, WorkCalendar]) -> Mapping[str, WorkCalendar]:
    """The calendars, whose lines of versions are sound."""
    try:
        successors(calendars)
    except BadInput as flaw:
        raise Fault(one_line(f"{flaw.place}.toml: supersedes: {flaw.sentence}")) from flaw
    return MappingProxyType(calendars)


def _sheets(sources: Collection[Path | Traversable], known: Mapping[str, _Sheet]) -> Mapping[str, _Sheet]:
    """What each file describes, by its version; ``known`` are those described elsewhere."""
    written: dict[str, dict[str, Any]] = {}
    for source in sources:
        with _naming(source.name):
            parts = _read(source)
            version = parts["version"]
            if source.name != f"{version}.toml":
                raise BadInput(Flaw.CONTRADICTION, "version", f"{version} belongs in a file of its own name")
            if version in known:
                raise BadInput(Flaw.DUPLICATE_ID, "version", f"{version} ships with casecore and stays what it is")
            written[version] = parts
    found = dict(known)
    for version in written:
        chain = _chain(version, written, found)
        for upper in reversed(chain):  # from the one that needs nobody else, upwards
            with _naming(f"{upper}.toml"):
                base = written[upper].get("base")
                found[upper] = _lay(written[upper], found[base] if base else None)
    return {version: found[version] for version in written}


def _chain(version: str, written: Mapping[str, dict[str, Any]], found: Mapping[str, _Sheet]) -> list[str]:
    """A version, its base, the base of that and so on, as far as they are not found yet."""
    chain: dict[str, None] = {}
    while version not in found:
        chain[version] = None
        base = written[version].get("base")
        if base is None:
            break
        with _naming(f"{version}.toml"):
            if base in chain:
                above = list(chain)
                circle = " on ".join([*above[above.index(base) :], base])
                raise BadInput(Flaw.CONTRADICTION, "base", f"{base} would lie on itself ({circle})")
            _check_base(base, {*written, *found})
        version = base
    return list(chain)


def _check_base(base: str, known: Collection[str]) -> None:
    if base not in known:
        raise BadInput(Flaw.UNKNOWN_CALENDAR, "base", f"{base!r} is none of {', '.join(sorted(known))}")


def _read(source: Path | Traversable) -> dict[str, Any]:
    """What a file says; raises ``BadInput`` at the first key that cannot be read."""
    table = parse_toml(source)
    if "base" in table:
        return read_table(table, OVERLAY_KEYS, ("version", "title", "base"))
    return read_table(table, CALENDAR_KEYS, [key for key in CALENDAR_KEYS if key not in OPTIONAL_KEYS])


def _lay(parts: Mapping[str, Any], base: _Sheet | None) -> _Sheet:
    """Make the calendar a file describes, on top of its base if it has one."""
    years = parts.get("years", {})
    said = {key: value for key, value in parts.items() if key not in ("years", "source", "retrieved_on")}
    said["source"] = Notice(parts.get("source"), parts.get("retrieved_on"))
    said["notices"] = {
        int(year): Notice(kinds.get("notice"), kinds.get("retrieved_on"))
        for year, kinds in years.items()
        if "notice" in kinds or "retrieved_on" in kinds
    }
    if base is None:
        return _changed(_Sheet(**said), years, None)
    sheet = base._replace(**{"supersedes": None, **said})
    first, last = sheet.covers
    if not base.covers[0] <= first <= base.covers[1]:
        raise BadInput(Flaw.CONTRADICTION, "covers", f"must begin where {base.version} counts ({_span(base)})")
    known = sheet._replace(
        rest=frozenset(day for day in base.rest if first <= day <= last),
        work=frozenset(day for day in base.work if first <= day <= last),
    )
    # Who lays nothing on a year takes it over with the notice that ordered it.
    inherited = {year: one for year, one in base.notices.items() if first.year <= year <= last.year}
    return _changed(known._replace(notices={**inherited, **known.notices}), years, base.version)


def _changed(sheet: _Sheet, years: Mapping[str, Mapping[str, Any]], base: str | None) -> _Sheet:
    """The calendar with the days of its years; each changes what it would be without, and stands once."""
    first, last = sheet.covers
    changes: set[date] = set()
    for year, kinds in years.items():
        if not first.year <= int(year) <= last.year:
            raise BadInput(Flaw.CONTRADICTION, f"years.{year}", f"the year lies outside covers ({_span(sheet)})")
        for kind in ("rest", "work"):
            place = f"years.{year}.{kind}"
            for written in kinds.get(kind, ()):
                day = month_day(written, year, place)
                if not first <= day <= last:
                    raise BadInput(Flaw.CONTRADICTION, place, f"{day} lies outside covers ({_span(sheet)})")
                if sheet.rests(day) is (kind == "rest"):
                    raise BadInput(Flaw.CONTRADICTION, place, _no_change(day, kind, base))
                if day in changes:
                    raise BadInput(Flaw.CONTRADICTION, place, f"{day} is listed twice")
                changes.add(day)
    off = {day for day in changes if day.isoweekday() in sheet.rest_weekdays}
    # A change of a weekday is a holiday more or less, one of a weekend day a make-up day more or less.
    return sheet._replace(rest=sheet.rest ^ (changes - off), work=sheet.work ^ off)


def _no_change(day: date, kind: str, base: str | None) -> str:
    if base is not None:
        return f"{day} {'rests' if kind == 'rest' else 'is worked'} under {base} already"
    return f"{day} is a rest weekday already" if kind == "rest" else f"{day} is not a rest weekday, so it is worked anyway"


def _span(sheet: _Sheet) -> str:
    return f"{sheet.covers[0]} to {sheet.covers[1]}"
