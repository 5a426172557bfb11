"""Reporting: the indicators over the live fact tables, as figures with numerator and denominator."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, NamedTuple

from adapters.calendar_toml import NATIONAL, shipped_calendars
from adapters.tables import Tables
from casecore.calendar import WorkCalendar
from casecore.engine import Engine
from projections.dimensions import date_rows, item_rows, theme_rows
from projections.indicator import Indicator
from projections.indicator_sql import by_case, by_group, of_the_whole
from projections.indicators import INDICATORS

__all__ = ["Figure", "Period", "load_dimensions", "provisional_cases", "report", "shares", "stale_cases"]

DIGITS: Final = Decimal("0.000001")


class Period(NamedTuple):
    """From ``since`` to ``until``, both included, asked on ``as_of``; local dates."""

    since: date | None
    until: date | None
    as_of: date
    """The day the question is asked: what still runs and was due before is late, what is due that day is not yet."""
    catalogue_on: date | None = None
    """The day whose catalogue is counted; None for the day the question is asked."""


class Figure(NamedTuple):
    """One indicator for one group; ``group`` is None for the whole, ``value`` where there is nothing to divide by."""

    code: str
    name_zh: str
    name_en: str
    group: str | None
    numerator: int
    denominator: int | None
    value: float | None
    """Numerator over denominator, rounded half up to six places; the count itself where there is no denominator."""


def load_dimensions(
    tables: Tables,
    engines: Sequence[Engine],
    *,
    anew: bool = True,
    calendars: Mapping[str, WorkCalendar] | None = None,
) -> None:
    """Load what facts are grouped by: each district's items and themes, and the dates of the calendars (default: shipped).

    Unless ``anew``, what is loaded stays: a catalogue given once is not undone by a job that does not name it.
    """
    for engine in engines:
        office = engine.office
        hours, log = office.rule.hours_per_workday, engine.district
        items = item_rows(log, office.catalogue, hours_per_workday=hours)
        themes = theme_rows(log, office.catalogue.themes, hours_per_workday=hours)
        for name, rows in (("item_facts", items), ("theme_facts", themes)):
            tables.load_dimension(name, rows, "log = :log", anew=anew, log=log)
    for version, calendar in (shipped_calendars() if calendars is None else calendars).items():
        tables.load_dimension("date_facts", date_rows(calendar), "calendar = :version", anew=anew, version=version)


def report(
    tables: Tables, period: Period, by: str | None = None, indicators: Sequence[Indicator] | None = None
) -> list[Figure]:
    """Each indicator (default: all) for the whole, and for each group of ``by`` (one of ``GROUPS``) where it has that.

    The tables are followed and their dimensions loaded (:func:`load_dimensions`) before they are asked.
    """
    bounds = _bounds(tables, period)
    figures: list[Figure] = []
    in_force = {**bounds, "as_of": period.catalogue_on or period.as_of}
    for indicator in INDICATORS if indicators is None else indicators:
        asked = in_force if indicator.population.dated is None else bounds
        figures += _asked(tables, indicator, of_the_whole(indicator), asked)
        if by is not None and by in indicator.groups:
            figures += _asked(tables, indicator, by_group(indicator, by), asked)
    return figures


def shares(tables: Tables, period: Period, indicator: Indicator) -> dict[tuple[str, str], tuple[int, int]]:
    """What each case adds to an indicator of cases: district and case to numerator and denominator."""
    found = tables.query(by_case(indicator), **_bounds(tables, period))
    return {(log, case): (int(upper or 0), int(lower or 0)) for log, case, upper, lower in found}


def _bounds(tables: Tables, period: Period) -> dict[str, date | str]:
    ((first, last),) = tables.query("SELECT min(closed_on), max(closed_on) FROM case_facts WHERE closed = 1")
    return {
        "since": period.since or date.min,
        "until": period.until or date.max,
        "as_of": period.as_of,
        "first": period.since or _date(first) or date.min,
        "last": period.until or _date(last) or date.min,
        "calendar": NATIONAL,
    }


def provisional_cases(tables: Tables, period: Period) -> int:
    """How many cases of the figures are due where their calendar ends (暂定): a later notice may move those dates."""
    ((found,),) = tables.query(
        "SELECT COUNT(*) FROM case_facts WHERE provisional = 1 AND counted = 1"
        " AND (closed_on BETWEEN :since AND :until OR promised_due_on BETWEEN :since AND :until)",
        since=period.since or date.min,
        until=period.until or date.max,
    )
    return int(found)


def stale_cases(tables: Tables) -> int:
    """How many cases are in quarantine: their rows are those of their last known state, or none."""
    ((stale,),) = tables.query("SELECT COUNT(*) FROM stale_cases")
    return int(stale)


def _asked(tables: Tables, indicator: Indicator, sql: str, bounds: Mapping[str, date | str]) -> list[Figure]:
    return [
        _figure(indicator, name, int(numerator or 0), int(denominator or 0))
        for name, numerator, denominator in sorted(tables.query(sql, **bounds), key=lambda row: row[0] or "")
    ]


def _figure(indicator: Indicator, group: str | None, numerator: int, counted: int) -> Figure:
    denominator = None if indicator.denominator is None else counted
    value: float | None
    if denominator is None:
        value = float(numerator)
    elif denominator == 0:
        value = None
    else:
        value = float((Decimal(numerator) / Decimal(denominator)).quantize(DIGITS, ROUND_HALF_UP))
    return Figure(indicator.code, indicator.zh, indicator.en, group, numerator, denominator, value)


def _date(found: date | str | None) -> date | None:
    return date.fromisoformat(found) if isinstance(found, str) else found
