"""Loading what facts are grouped by, and is in no stream's history: a district's items, themes and dates, from its books."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from adapters.tables import Tables
from casecore.books import Books
from casecore.calendar import WorkCalendar
from casecore.service_item import Catalogue, ServiceItem
from casecore.theme import Theme
from projections.dimensions import date_rows, item_rows, theme_rows

__all__ = ["calendar_by_day", "calendars_in_force", "load_dimensions"]

Entry = TypeVar("Entry", ServiceItem, Theme)


def load_dimensions(tables: Tables, district: str, books: Books) -> None:
    """Load a district's items, themes and dates as its books have them; what is loaded already is left as it is.

    Following does it (:func:`adapters.following.follow`); who fills tables by hand calls it too.
    """
    latest = books.rule_on(None)
    told = {"rule_version": latest.version, "hours_per_workday": latest.rule.hours_per_workday}
    items, themes = _as_held(books, iter), _as_held(books, lambda catalogue: catalogue.themes)
    tables.load_dimension("item_facts", district, item_rows(district, items, **told))
    tables.load_dimension("theme_facts", district, theme_rows(district, themes, **told))
    tables.load_dimension("date_facts", district, date_rows(district, books))


def _as_held(books: Books, entries: Callable[[Catalogue], Iterable[Entry]]) -> Iterator[Entry]:
    """Every version of an entry the books have ever held, in force within its own dates only while they held it.

    So what is planned, or taken out, changes nothing that is counted of the days before; before the first adoption that one
    is in force. One that was taken out and came back is taken for one that never went.
    """
    if not books.catalogues:
        yield from entries(books.catalogue)
        return
    held: dict[tuple[str, int], Entry] = {}
    since: dict[tuple[str, int], date] = {}
    until: dict[tuple[str, int], date] = {}
    begun: list[date] = [date.min, *(one.from_on or date.min for one in books.catalogues[1:])]
    ended = [*(day - timedelta(days=1) for day in begun[1:]), date.max]
    for dated, first, last in zip(books.catalogues, begun, ended, strict=True):
        for one in entries(dated.catalogue):
            key = one.code, one.version
            held[key], until[key] = one, last
            since.setdefault(key, first)
    for key, one in held.items():
        last = min(one.valid_until or date.max, until[key])
        yield replace(one, valid_from=max(one.valid_from, since[key]), valid_until=None if last == date.max else last)


def calendars_in_force(tables: Tables, district: str | None = None) -> dict[str, WorkCalendar]:
    """By district the calendar its dates make (``date_facts``): on each day the one in force there.

    It goes on beyond them on bare weekdays, as every calendar does.
    """
    dates: dict[str, dict[date, bool]] = defaultdict(dict)
    sql = "SELECT log, day, working FROM date_facts WHERE log IS NOT NULL AND (CAST(:log AS TEXT) IS NULL OR log = :log)"
    for log, day, working in tables.query(sql, log=district):
        dates[log][date.fromisoformat(day) if isinstance(day, str) else day] = bool(working)
    return {log: _calendar(log, found) for log, found in sorted(dates.items())}


def calendar_by_day(district: str, books: Books) -> WorkCalendar:
    """The calendar that says of each day what the one in force in a district on it says."""
    return _calendar(district, {row.day: bool(row.working) for row in date_rows(district, books)})


def _calendar(log: str, dates: Mapping[date, bool]) -> WorkCalendar:
    """The calendar that says of these dates what they say."""
    works = Counter(day.isoweekday() for day, working in dates.items() if working)
    rests = Counter(day.isoweekday() for day, working in dates.items() if not working)
    weekend = frozenset(number for number in rests if rests[number] > works[number])
    return WorkCalendar(
        version=f"in force in {log}",
        title=log,
        zone="",
        covers=(min(dates), max(dates)),
        rest_weekdays=weekend,
        rest=frozenset(day for day, working in dates.items() if not working and day.isoweekday() not in weekend),
        work=frozenset(day for day, working in dates.items() if working and day.isoweekday() in weekend),
        hours=(),
    )
