"""What an indicator (指标) is: a declaration. Who is counted, what of them over what, and where the definition comes from.

It says what stands in the places of an SQL text; :mod:`projections.indicator_sql` alone puts the text together. What is
said runs on SQLite and PostgreSQL alike, and may name these parameters, all of them dates: ``:since`` and ``:until`` (the
period, both included; where it is open, from the first to the last date there is), ``:as_of`` (the day the question is
asked: what still runs is late if it was due before; of what is in force on a day, that day), ``:first`` and ``:last`` (the
period as it was asked for: null where it is open). Flags add up. Whole numbers are divided only where none is negative:
there both databases cut off alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

__all__ = ["GROUPS", "Indicator", "Join", "Measure", "Population", "Relation", "count", "count_if", "fact_table", "total"]

GROUPS: Final = ("district", "department", "item", "hall", "tier", "channel", "theme", "month", "band")
"""What figures can be grouped by, one or two at once; item indicators have no hall, channel, month and band (时段), packages
no item, department and band; what is due in a period has no band."""


@dataclass(frozen=True, slots=True)
class Relation:
    """What is read: a fact table, or a query over some."""

    sql: str
    """The table's name, or the query in parentheses."""
    tables: frozenset[str]
    """The fact tables that are read for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """What a row of a population is joined with."""

    relation: Relation
    alias: str
    on: str
    optional: bool = False
    """Whether a row stays that finds nothing to be joined with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Who is counted: rows of a table, those of a period or those in force on a day."""

    told: str
    """Who that is, in English."""
    relation: Relation
    alias: str
    joins: tuple[Join, ...] = ()
    where: tuple[str, ...] = ()
    """Conditions, all of which hold."""
    dated: str | None = None
    """The date column that lies in the period; None where what is in force on a day decides."""
    columns: Mapping[str, str]
    """What rows can be grouped by: group -> SQL expression. Where they have a date its month is one more."""
    case_key: tuple[str, str] | None = None
    """The columns of district and case, where what is counted can be told case by case."""
    entry: tuple[str, str] | None = None
    """The columns of code and version of the catalogue's entry a row is of, where it is of one (an item, a theme)."""

    @property
    def groups(self) -> Mapping[str, str]:
        """What figures can be grouped by: group -> SQL expression."""
        months = {} if self.dated is None else {"month": f"substr(CAST({self.dated} AS TEXT), 1, 7)"}
        return {**months, **self.columns}

    @property
    def tables(self) -> frozenset[str]:
        """The fact tables it is found in."""
        return self.relation.tables.union(*(join.relation.tables for join in self.joins))

    def narrowed(self, *where: str, told: str) -> "Population":
        """Those of them for whom these conditions hold too."""
        return replace(self, told=told, where=(*self.where, *where))

    def joined(self, *joins: Join, told: str | None = None) -> "Population":
        """The same rows, each with what it is joined with."""
        return replace(self, told=told or self.told, joins=(*self.joins, *joins))


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What is added up over the rows of a population, or of one group of them."""

    told: str
    """What that is, in English."""
    sql: str
    """An aggregate."""
    each: str | None = None
    """What each row adds, where the aggregate is the sum of that: groups of such a measure add up to the whole."""
    by_month: str | None = None
    """The aggregate for one month, where it takes another one."""
    tables: frozenset[str] = frozenset()
    """The fact tables it looks into beside those of the population."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One indicator: its numerator over its denominator, or a count where it has none."""

    code: str
    zh: str
    en: str
    population: Population
    numerator: Measure
    denominator: Measure | None
    source: str
    """Where the definition comes from."""
    cohort: bool = False
    """Whether it follows a cohort "by now": such a figure goes on moving when nothing is late, and is never closed."""
    percent: bool = True
    """Whether it is read as a percentage."""
    coverage: "Indicator | None" = None
    """Of how many of those it should count (denominator) enough is known to be counted (numerator); None: of all."""
    spread: str | None = None
    """The whole number of each row whose median and 90th percentile are told beside the mean; rows without one have none."""
    rests: Population | None = None
    """The rows that say which rule and calendar it rests on, where those are not the rows it counts."""

    @property
    def groups(self) -> Mapping[str, str]:
        """What it can be grouped by: group -> SQL expression."""
        return self.population.groups

    @property
    def tables(self) -> frozenset[str]:
        """The fact tables it is asked of."""
        denominator = frozenset[str]() if self.denominator is None else self.denominator.tables
        coverage = frozenset[str]() if self.coverage is None else self.coverage.tables
        return self.population.tables | self.numerator.tables | denominator | coverage


def fact_table(name: str) -> Relation:
    """A fact table, or a dimension."""
    return Relation(name, frozenset({name}))


def count(told: str, *, weight: int = 1) -> Measure:
    """How many rows there are, each counted ``weight`` times."""
    return Measure(told=told, sql="COUNT(*)" if weight == 1 else f"{weight} * COUNT(*)", each=str(weight))


def count_if(condition: str, told: str, *, tables: frozenset[str] = frozenset()) -> Measure:
    """How many rows fulfil a condition."""
    return replace(total(f"CASE WHEN {condition} THEN 1 ELSE 0 END", told), tables=tables)


def total(number: str, told: str) -> Measure:
    """A number of each row, added up; of a flag that is how many have it."""
    return Measure(told=told, sql=f"SUM({number})", each=number)
