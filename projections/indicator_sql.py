"""The one place where the SQL of an indicator is put together: for the whole, by a group, and case by case.

Each text yields the columns it is grouped by, numerator, and denominator (null for a plain count). Which of the parameters
(:mod:`projections.indicator`) a text names is its own affair: all of them may be given with every one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from projections.indicator import Indicator, Join, Measure, Population, fact_table

__all__ = ["by_case", "by_group", "of_the_whole", "percentiles", "resting"]

MONTH: Final = "month"
PERCENTILES: Final = (50, 90)
"""The median, and what nine in ten do not exceed."""


def of_the_whole(indicator: Indicator) -> str:
    """One row, even where nothing is counted; its group is null."""
    return _select(indicator, ("CAST(NULL AS TEXT)",))


def by_group(indicator: Indicator, *groups: str) -> str:
    """One row a group, or for each pair of groups there is; raises ``KeyError`` where the indicator has no such group."""
    keys = [indicator.groups[group] for group in groups]
    return _grouped(_select(indicator, keys, monthly=MONTH in groups), len(keys))


def percentiles(indicator: Indicator, *groups: str) -> str:
    """One row a group, or one for the whole: its median and its 90th percentile, none where nothing is counted.

    By nearest rank: of n numbers in order the one at place ⌈n · 50 / 100⌉, or ⌈n · 90 / 100⌉. It is one of the numbers
    itself, a whole one, and the same on every database. Raises ``ValueError`` for an indicator without a spread.
    """
    number, keys = indicator.spread, [indicator.groups[group] for group in groups]
    if number is None:
        raise ValueError(f"{indicator.code} has no spread")
    names = ", ".join(f"g{place}" for place in range(1, len(keys) + 1)) if keys else "g1"
    told = ", ".join(f"{key} AS g{place}" for place, key in enumerate(keys or ["CAST(NULL AS TEXT)"], 1))
    among = f"PARTITION BY {', '.join(keys)} " if keys else ""
    measured = replace(indicator.population, where=(*indicator.population.where, f"{number} IS NOT NULL"))
    ranks = ", ".join(f"MIN(CASE WHEN r.place * 100 >= r.among * {percent} THEN r.number END)" for percent in PERCENTILES)
    return _grouped(
        f"""SELECT {names}, {ranks}
FROM (
SELECT {told}, {number} AS number,
    ROW_NUMBER() OVER ({among}ORDER BY {number}) AS place, COUNT(*) OVER ({among.rstrip()}) AS among
{_rows(measured)}
) AS r""",  # noqa: S608 - our own names
        max(len(keys), 1),
    )


def by_case(indicator: Indicator) -> str:
    """One row a case: its district, the case, and what it adds; raises ``ValueError`` where cases are not told apart."""
    key = indicator.population.case_key
    if key is None:
        raise ValueError(f"{indicator.code} is of no cases")
    return _grouped(_select(indicator, key), len(key))


def resting(population: Population, *groups: str) -> str:
    """What the rows of a population rest on, each once: its groups, or null; district, rule version, calendar.

    Then the catalogue's entry and its version, where they are of one, or null. Cases are looked up in ``case_facts``, where
    the population is no table that says so itself; raises ``KeyError`` where it has no such group.
    """
    keys = ", ".join(population.groups[group] for group in groups) or "CAST(NULL AS TEXT)"
    code, version = population.entry or ("CAST(NULL AS TEXT)", "CAST(NULL AS INTEGER)")
    alias, rows = population.alias, population
    if population.case_key is not None and not population.relation.sql.isidentifier():
        log, case = population.case_key
        alias = "rested"
        rows = population.joined(
            Join(relation=fact_table("case_facts"), alias=alias, on=f"{alias}.log = {log} AND {alias}.case_id = {case}")
        )
    calendar = "CAST(NULL AS TEXT)" if population.entry else f"{alias}.calendar"
    return f"SELECT DISTINCT {keys}, {alias}.log, {alias}.rule_version, {calendar}, {code}, {version}\n{_rows(rows)}"


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
