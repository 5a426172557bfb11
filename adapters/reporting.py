"""Reporting: the indicators over the live fact tables, as figures with numerator and denominator."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, NamedTuple

from adapters.tables import Tables
from projections.indicator import Indicator, Population
from projections.indicator_sql import by_case, by_group, of_the_whole, percentiles, resting
from projections.indicators import INDICATORS

__all__ = ["Coverage", "Figure", "Period", "RestsOn", "provisional_cases", "report", "shares", "stale_cases"]

DIGITS: Final = Decimal("0.000001")
BETWEEN: Final = " · "
"""What stands between two groups in one text."""
_Key = tuple[str | None, ...]
"""The groups of a figure."""
WHOLE: Final[_Key] = (None,)


class Period(NamedTuple):
    """From ``since`` to ``until``, both included, asked on ``as_of``; local dates."""

    since: date | None
    until: date | None
    as_of: date
    """The day the question is asked: what still runs and was due before is late, what is due that day is not yet."""
    catalogue_on: date | None = None
    """The day whose catalogue is counted; None for the day the question is asked."""


class RestsOn(NamedTuple):
    """Which books (账簿) figures rest on: those of the rows that are counted."""

    rules: tuple[tuple[str, int], ...] = ()
    """District and version of its rule; 0 for common practice, which nobody adopted."""
    calendars: tuple[str, ...] = ()
    """Calendar versions."""
    entries: tuple[tuple[str, str, int], ...] = ()
    """District, code and version of entries of the catalogue, where the figure is one of items or themes."""

    def plain(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "rules": [{"district": log, "version": version} for log, version in self.rules],
            "calendars": list(self.calendars),
            "entries": [{"district": log, "code": code, "version": version} for log, code, version in self.entries],
        }


class Coverage(NamedTuple):
    """Of how many of those a figure should count enough is known to count them (覆盖率)."""

    known: int
    closed: int
    """All of them."""


class Figure(NamedTuple):
    """One indicator for one group; ``group`` is None for the whole, ``value`` where there is nothing to divide by."""

    code: str
    name_zh: str
    name_en: str
    group: str | None
    """None for the whole; two groups in one text, ``2026-03 · Market``, see ``groups``."""
    numerator: int
    denominator: int | None
    value: float | None
    """Numerator over denominator, rounded half up to six places; the count itself where there is no denominator."""
    coverage: Coverage | None = None
    """Of a figure of trips (跑动); None where nothing can be unknown."""
    median: int | None = None
    """Of a mean of days: the number half of them do not exceed (nearest rank); None of other figures, and of nothing."""
    p90: int | None = None
    """The number nine in ten do not exceed (nearest rank)."""
    groups: tuple[tuple[str, str], ...] = ()
    """What it is grouped by, each by its name: ``(("month", "2026-03"), ("department", "Market"))``."""
    rests: RestsOn = RestsOn()
    """The books the rows it counts were made under."""

    def plain(self) -> dict[str, Any]:
        """As JSON values."""
        covered = None if self.coverage is None else self.coverage._asdict()
        rest = {"coverage": covered, "groups": dict(self.groups), "rests": self.rests.plain()}
        return {**self._asdict(), **rest}


def report(
    tables: Tables,
    period: Period,
    by: str | Sequence[str] | None = None,
    indicators: Sequence[Indicator] | None = None,
) -> list[Figure]:
    """Each indicator (default: all) for the whole, and for each group of ``by`` where it has that.

    ``by`` is one of ``GROUPS``, or two of them: then a figure for each pair there is, of the indicators that have both.
    The tables are followed before they are asked.
    """
    asked = _Asked(tables, period)
    groups = (by,) if isinstance(by, str) else tuple(by or ())
    figures: list[Figure] = []
    for indicator in INDICATORS if indicators is None else indicators:
        figures += asked.figures(indicator)
        if groups and set(groups) <= indicator.groups.keys():
            figures += asked.figures(indicator, *groups)
    return figures


def shares(tables: Tables, period: Period, indicator: Indicator) -> dict[tuple[str, str], tuple[int, int]]:
    """What each case adds to an indicator of cases: district and case to numerator and denominator."""
    found = tables.query(by_case(indicator), **_bounds(period))
    return {(log, case): (int(upper or 0), int(lower or 0)) for log, case, upper, lower in found}


def _bounds(period: Period) -> dict[str, date | None]:
    return {
        "since": period.since or date.min,
        "until": period.until or date.max,
        "as_of": period.as_of,
        "first": period.since,
        "last": period.until,
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


class _Asked:
    """Fact tables, asked for one period; what the rows of a population rest on is asked once."""

    def __init__(self, tables: Tables, period: Period) -> None:
        self._tables, self._bounds = tables, _bounds(period)
        self._in_force = {**self._bounds, "as_of": period.catalogue_on or period.as_of}
        self._rests: dict[str, Mapping[_Key, RestsOn]] = {}
        self._covered: dict[tuple[str, str, tuple[str, ...]], Mapping[_Key, Coverage]] = {}

    def figures(self, indicator: Indicator, *groups: str) -> list[Figure]:
        """The figures of an indicator for the whole, or for each of its groups, in their order.

        A group of which nothing is known is one all the same: its coverage says so.
        """
        rests, covered = self._resting(indicator, groups), self._covering(indicator, groups)
        spreads = self._spreads(indicator, groups)
        counted = {key: (int(upper or 0), int(lower or 0)) for key, upper, lower in self._counted(indicator, groups)}
        found = []
        for key in counted.keys() | covered.keys():
            median, p90 = spreads.get(key, (None, None))
            told = tuple((group, str(name)) for group, name in zip(groups, key, strict=False))
            figure = _figure(indicator, told, *counted.get(key, (0, 0)))._replace(
                median=median,
                p90=p90,
                coverage=None if indicator.coverage is None else covered.get(key, Coverage(0, 0)),
                rests=rests.get(key, rests.get(WHOLE, RestsOn())),
            )
            found.append(figure)
        return sorted(found, key=lambda figure: [name for _, name in figure.groups])

    def _covering(self, indicator: Indicator, groups: tuple[str, ...]) -> Mapping[_Key, Coverage]:
        """Of how many of each group enough is known; nothing where the indicator counts all."""
        coverage = indicator.coverage
        if coverage is None:
            return {}
        asked = coverage.code, coverage.population.told, groups
        if asked not in self._covered:
            rows = self._counted(coverage, groups)
            self._covered[asked] = {key: Coverage(int(upper or 0), int(lower or 0)) for key, upper, lower in rows}
        return self._covered[asked]

    def _counted(self, indicator: Indicator, groups: tuple[str, ...]) -> Iterator[tuple[_Key, Any, Any]]:
        """Numerator and denominator of each group."""
        sql = by_group(indicator, *groups) if groups else of_the_whole(indicator)
        for *key, upper, lower in self._rows(indicator.population, sql):
            yield tuple(key) if groups else WHOLE, upper, lower

    def _rows(self, population: Population, sql: str) -> Sequence[tuple[Any, ...]]:
        """The rows of one statement; what is in force on a day has no date of its own, and is asked for that day."""
        return self._tables.query(sql, **(self._in_force if population.dated is None else self._bounds))

    def _spreads(self, indicator: Indicator, groups: tuple[str, ...]) -> Mapping[_Key, tuple[int, int]]:
        """Median and 90th percentile of each group, of an indicator that tells them."""
        if indicator.spread is None:
            return {}
        rows = self._rows(indicator.population, percentiles(indicator, *groups))
        return {tuple(key): (int(median), int(p90)) for *key, median, p90 in rows}

    def _resting(self, indicator: Indicator, groups: tuple[str, ...]) -> Mapping[_Key, RestsOn]:
        """What the figures of each group rest on; as of the whole where the rows that say so are not grouped like that."""
        population = indicator.rests or indicator.population
        told = groups if set(groups) <= population.groups.keys() else ()
        sql = resting(population, *told)
        if sql not in self._rests:
            found: dict[_Key, list[tuple[Any, ...]]] = {}
            for row in self._rows(population, sql):
                places = max(len(told), 1)
                found.setdefault(tuple(row[:places]), []).append(tuple(row[places:]))
            self._rests[sql] = {key: _rests_on(rows) for key, rows in found.items()}
        return self._rests[sql]


def _rests_on(rows: Sequence[tuple[Any, ...]]) -> RestsOn:
    """What rows of district, rule version, calendar, entry and its version rest on together; what is unknown is left out."""
    return RestsOn(
        tuple(sorted({(log, rule) for log, rule, *_ in rows if log is not None and rule is not None})),
        tuple(sorted({calendar for _, _, calendar, *_ in rows if calendar is not None})),
        tuple(sorted({(log, code, version) for log, _, _, code, version in rows if code is not None})),
    )


def _figure(indicator: Indicator, groups: tuple[tuple[str, str], ...], numerator: int, counted: int) -> Figure:
    denominator = None if indicator.denominator is None else counted
    value: float | None
    if denominator is None:
        value = float(numerator)
    elif denominator == 0:
        value = None
    else:
        value = float((Decimal(numerator) / Decimal(denominator)).quantize(DIGITS, ROUND_HALF_UP))
    group = BETWEEN.join(name for _, name in groups) or None
    return Figure(indicator.code, indicator.zh, indicator.en, group, numerator, denominator, value, groups=groups)
