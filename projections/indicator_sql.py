"""The one place where the SQL of an indicator is put together: for the whole, by a group, case by case, many at once.

Each text yields the columns it is grouped by, numerator, and denominator (null for a plain count). Which of the parameters
(:mod:`projections.indicator`) a text names is its own affair: all of them may be given with every one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from projections.indicator import Indicator, Join, Measure, Population

__all__ = ["BOOKS", "by_case", "by_group", "of_the_whole", "spread", "walk", "walked_alike"]

MONTH: Final = "month"
BOOKS: Final = 5
"""How many columns say what a row rests on: district, rule version, calendar, catalogue entry and its version."""


def of_the_whole(indicator: Indicator) -> str:
    """One row, even where nothing is counted; its group is null."""
    return _select(indicator, ("CAST(NULL AS TEXT)",))


def by_group(indicator: Indicator, *groups: str) -> str:
    """One row a group, or for each pair of groups there is; raises ``KeyError`` where the indicator has no such group."""
    keys = [indicator.groups[group] for group in groups]
    return _grouped(_select(indicator, keys, monthly=MONTH in groups), len(keys))


def spread(indicator: Indicator, *groups: str) -> str:
    """How many rows have each number of an indicator's spread, by group: groups, number, rows; nothing where none has one.

    Counts of numbers add up over groups, as percentiles do not. Raises ``ValueError`` for an indicator without a spread.
    """
    number, keys = indicator.spread, [indicator.groups[group] for group in groups]
    if number is None:
        raise ValueError(f"{indicator.code} has no spread")
    measured = replace(indicator.population, where=(*indicator.population.where, f"{number} IS NOT NULL"))
    columns = ", ".join([*keys, number])
    return _grouped(f"SELECT {columns}, COUNT(*)\n{_rows(measured)}", len(keys) + 1)


def walked_alike(population: Population, groups: Sequence[str]) -> tuple[object, ...]:
    """What populations have in common that are found in one walk: the same rows of the same date, grouped alike."""
    keys = tuple(population.groups[group] for group in groups)
    return population.relation, population.alias, population.joins, population.dated, population.entry, keys


def walk(numbers: Mapping[tuple[str, ...], Sequence[str]], of: Population, groups: Sequence[str]) -> str:
    """One walk over the rows several populations are found in: for each group and the books it rests on, all their sums.

    ``numbers`` are what each row adds, by the conditions (``where``) of the population they are summed up over; ``of`` is
    any of these populations, which are walked alike. The columns are the groups, district, rule version, calendar, entry and
    its version (``BOOKS``), then the sums in the order of ``numbers``; null where that population has no row there.
    """
    shared = tuple(one for one in of.where if all(one in where for where in numbers))
    calendar = "CAST(NULL AS TEXT)" if of.entry else f"{of.alias}.calendar"
    entry = of.entry or ("CAST(NULL AS TEXT)", "CAST(NULL AS INTEGER)")
    keys = [*(of.groups[group] for group in groups), f"{of.alias}.log", f"{of.alias}.rule_version", calendar, *entry]
    sums = []
    for where, added in numbers.items():
        own = " AND ".join(f"({one})" for one in where if one not in shared)
        sums += [f"SUM({number})" + (f" FILTER (WHERE {own})" if own else "") for number in added]
    columns = ",\n    ".join([", ".join(keys), *sums])
    return _grouped(f"SELECT {columns}\n{_rows(replace(of, where=shared))}", len(keys))


def by_case(indicator: Indicator) -> str:
    """One row a case: its district, the case, and what it adds; raises ``ValueError`` where cases are not told apart."""
    key = indicator.population.case_key
    if key is None:
        raise ValueError(f"{indicator.code} is of no cases")
    return _grouped(_select(indicator, key), len(key))


def _select(indicator: Indicator, keys: Sequence[str], *, monthly: bool = False) -> str:
    upper, lower = _aggregate(indicator.numerator, monthly=monthly), "NULL"
    if indicator.denominator is not None:
        lower = _aggregate(indicator.denominator, monthly=monthly)
    columns = f"{', '.join(keys)}, {upper} AS numerator, {lower} AS denominator"
    return f"SELECT {columns}\n{_rows(indicator.population)}"


def _aggregate(measure: Measure, *, monthly: bool) -> str:
    return measure.by_month if monthly and measure.by_month is not None else measure.sql


def _rows(population: Population) -> str:
    lines = [f"FROM {population.relation.sql} AS {population.alias}", *map(_joined, population.joins)]
    conditions = " AND ".join(_conditions(population))
    return "\n".join([*lines, f"WHERE {conditions}"] if conditions else lines)


def _joined(join: Join) -> str:
    return f"{'LEFT JOIN' if join.optional else 'JOIN'} {join.relation.sql} AS {join.alias} ON {join.on}"


def _conditions(population: Population) -> Iterator[str]:
    """In parentheses: one may be an alternative."""
    yield from (f"({condition})" for condition in population.where)
    if population.dated is not None:
        yield f"{population.dated} BETWEEN :since AND :until"


def _grouped(statement: str, keys: int) -> str:
    return f"{statement}\nGROUP BY {', '.join(str(place) for place in range(1, keys + 1))}"
