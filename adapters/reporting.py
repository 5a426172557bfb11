"""Reporting: the indicators over the live fact tables, as figures with numerator and denominator."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, NamedTuple

from adapters.tables import Tables
from projections.indicator import Indicator, Population
from projections.indicator_sql import BOOKS, by_case, by_group, of_the_whole, spread, walk, walked_alike
from projections.indicators import INDICATORS

__all__ = ["Coverage", "Figure", "Period", "RestsOn", "provisional_cases", "report", "shares", "stale_cases"]

DIGITS: Final = Decimal("0.000001")
BETWEEN: Final = " · "
"""What stands between two groups in one text."""
_Key = tuple[str | None, ...]
"""The groups of a figure."""
WHOLE: Final[_Key] = ()
EACH: Final = "1"
"""What a row adds to how many rows there are."""


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
    groups = (by,) if isinstance(by, str) else tuple(by or ())
    counted = INDICATORS if indicators is None else indicators
    asked = _Asked(tables, period, counted, groups)
    figures: list[Figure] = []
    for indicator in counted:
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


class _Sums(NamedTuple):
    """What the rows of one population add up to, of one group or of the whole."""

    added: Counter[str]
    """The sum of each number."""
    books: set[tuple[Any, ...]]
    """What they rest on: district, rule version, calendar, entry and its version."""


class _Asked:
    """Fact tables, asked for one period: every figure that adds up is found in one walk with all those of the same rows.

    The whole is the sum of its groups. What does not add up (distinct visits, the highest of all) is asked by itself.
    """

    def __init__(self, tables: Tables, period: Period, indicators: Sequence[Indicator], groups: tuple[str, ...]) -> None:
        self._tables, self._bounds, self._groups = tables, _bounds(period), groups
        self._in_force = {**self._bounds, "as_of": period.catalogue_on or period.as_of}
        self._numbers: dict[tuple[object, ...], dict[tuple[str, ...], dict[str, None]]] = {}
        for indicator in indicators:
            for one in (indicator, *filter(None, (indicator.coverage,))):
                self._note(one.population, _added(one) or ())
            self._note(indicator.rests or indicator.population, ())
        self._walked: dict[tuple[object, ...], Mapping[tuple[str, ...], Mapping[_Key, _Sums]]] = {}
        self._spread: dict[str, Mapping[_Key, Counter[int]]] = {}

    def figures(self, indicator: Indicator, *groups: str) -> list[Figure]:
        """The figures of an indicator for the whole, or for each of its groups, in their order.

        A group of which nothing is known is one all the same: its coverage says so.
        """
        resting = self._sums(indicator.rests or indicator.population, groups)
        covered, spreads = self._covering(indicator, groups), self._spreads(indicator)
        counted = {key: (int(upper or 0), int(lower or 0)) for key, upper, lower in self._counted(indicator, groups)}
        found = []
        for key in counted.keys() | covered.keys():
            told = tuple((group, str(name)) for group, name in zip(groups, key, strict=True))
            rest = resting.get(key, resting.get(WHOLE))
            figure = _figure(indicator, told, *counted.get(key, (0, 0)))._replace(
                median=_nearest_rank(spreads.get(key), 50),
                p90=_nearest_rank(spreads.get(key), 90),
                coverage=None if indicator.coverage is None else covered.get(key, Coverage(0, 0)),
                rests=_rests_on(rest.books if rest is not None else ()),
            )
            found.append(figure)
        return sorted(found, key=lambda figure: [name for _, name in figure.groups])

    def _counted(self, indicator: Indicator, groups: tuple[str, ...]) -> Iterator[tuple[_Key, Any, Any]]:
        """Numerator and denominator of each group; of the whole there is always one."""
        added = _added(indicator)
        if added is None:
            sql = by_group(indicator, *groups) if groups else of_the_whole(indicator)
            for *key, upper, lower in self._rows(indicator.population, sql):
                yield tuple(key) if groups else WHOLE, upper, lower
            return
        sums = self._sums(indicator.population, groups)
        if not groups and not sums:
            yield WHOLE, 0, 0
        for of, one in sums.items():
            yield of, one.added[added[0]], one.added[added[-1]]

    def _covering(self, indicator: Indicator, groups: tuple[str, ...]) -> Mapping[_Key, Coverage]:
        """Of how many of each group enough is known; nothing where the indicator counts all."""
        if indicator.coverage is None:
            return {}
        return {key: Coverage(int(upper), int(lower)) for key, upper, lower in self._counted(indicator.coverage, groups)}

    def _rows(self, population: Population, sql: str) -> Sequence[tuple[Any, ...]]:
        """The rows of one statement; what is in force on a day has no date of its own, and is asked for that day."""
        return self._tables.query(sql, **(self._in_force if population.dated is None else self._bounds))

    def _spreads(self, indicator: Indicator) -> Mapping[_Key, Counter[int]]:
        """How often each number is there, by group, of an indicator that tells median and 90th percentile."""
        if indicator.spread is None:
            return {}
        if indicator.code not in self._spread:
            found: dict[_Key, Counter[int]] = {}
            sql = spread(indicator, *self._kept(indicator.population))
            for *key, number, times in self._rows(indicator.population, sql):
                for of in {tuple(key), WHOLE}:
                    found.setdefault(of, Counter())[int(number)] += int(times)
            self._spread[indicator.code] = found
        return self._spread[indicator.code]

    def _kept(self, population: Population) -> tuple[str, ...]:
        """The groups that are asked for, where the population has them all."""
        return self._groups if set(self._groups) <= population.groups.keys() else ()

    def _note(self, population: Population, numbers: Iterable[str]) -> None:
        """Say that these numbers will be asked for."""
        alike = self._numbers.setdefault(walked_alike(population, self._kept(population)), {})
        alike.setdefault(population.where, {EACH: None}).update(dict.fromkeys(numbers))

    def _sums(self, population: Population, groups: tuple[str, ...]) -> Mapping[_Key, _Sums]:
        """What the rows of a population add up to: by group, or, where it has no such groups, as a whole."""
        kept = self._kept(population)
        alike = walked_alike(population, kept)
        if alike not in self._walked:
            self._walked[alike] = self._walk(population, kept, self._numbers[alike])
        found = self._walked[alike][population.where]
        return {key: one for key, one in found.items() if (key == WHOLE) is not bool(groups and kept)}

    def _walk(
        self, population: Population, kept: tuple[str, ...], numbers: Mapping[tuple[str, ...], Mapping[str, None]]
    ) -> Mapping[tuple[str, ...], Mapping[_Key, _Sums]]:
        found: dict[tuple[str, ...], dict[_Key, _Sums]] = {where: {} for where in numbers}
        for row in self._rows(population, walk({where: tuple(added) for where, added in numbers.items()}, population, kept)):
            key, sums = row[: len(kept)], iter(row[len(kept) + BOOKS :])
            for where, added in numbers.items():
                told = {number: int(next(sums) or 0) for number in added}
                if not told[EACH]:
                    continue
                for of in {key, WHOLE}:
                    one = found[where].setdefault(of, _Sums(Counter(), set()))
                    one.added.update(told)
                    one.books.add(row[len(kept) : len(kept) + BOOKS])
        return found


def _added(indicator: Indicator) -> tuple[str, ...] | None:
    """What each row adds to numerator and denominator; None where the aggregates are no such sums."""
    measures = [one for one in (indicator.numerator, indicator.denominator) if one is not None]
    told = tuple(one.each for one in measures if one.each is not None and one.by_month is None)
    return told if len(told) == len(measures) else None


def _nearest_rank(times: Counter[int] | None, percent: int) -> int | None:
    """Of n numbers in order the one at place ⌈n · percent / 100⌉; None of nothing. ``times`` is how often each is there."""
    passed, among = 0, 0 if times is None else times.total()
    for number in sorted(times or ()):
        passed += times[number] if times is not None else 0
        if passed * 100 >= among * percent:
            return number
    return None


def _rests_on(rows: Iterable[tuple[Any, ...]]) -> RestsOn:
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
