"""How indicators are declared, and the SQL that is put together from the declarations."""

import sqlite3
from collections import Counter
from typing import Final

import pytest
from support.populations import ASKED, MARCH

from adapters.relations import DIMENSIONS
from adapters.restating import RESTATABLE
from projections.indicator import GROUPS, Indicator, Measure, Population, count, count_if, total
from projections.indicator_sql import by_case, by_group, of_the_whole
from projections.indicators import INDICATORS
from projections.populations import CLOSED, ITEMS
from projections.projection import columns
from projections.registry import PROJECTIONS

STATEMENTS: Final = {
    (indicator.code, how): sql
    for indicator in INDICATORS
    for how, sql in (
        ("whole", of_the_whole(indicator)),
        *((group, by_group(indicator, group)) for group in indicator.groups),
        *([("case", by_case(indicator))] if indicator.population.case_key else []),
    )
}
ASKED_FOR: Final = {
    "since": MARCH[0].isoformat(),
    "until": MARCH[1].isoformat(),
    "as_of": ASKED.isoformat(),
    "first": MARCH[0].isoformat(),
    "last": MARCH[1].isoformat(),
    "calendar": "cn-2026.1",
}


@pytest.fixture(scope="module")
def empty() -> sqlite3.Connection:
    """Every fact table and dimension, without a row."""
    connection = sqlite3.connect(":memory:")
    tables = {projection.name: projection.columns for projection in PROJECTIONS}
    tables |= {name: columns(row) for name, row in DIMENSIONS.items()}
    for name, told in tables.items():
        connection.execute(f"CREATE TABLE {name} ({', '.join(column.name for column in told)})")
    return connection


# --- What is declared ---


def test_every_indicator_has_a_code_and_names_of_its_own() -> None:
    for told in ("code", "zh", "en"):
        several = Counter(getattr(indicator, told) for indicator in INDICATORS)
        assert [name for name, times in several.items() if times > 1] == [], told


def test_an_indicator_is_declared_by_key_alone() -> None:
    measure = count("cases")
    with pytest.raises(TypeError):
        Indicator("X", "假设", "given", CLOSED, measure, None, "nobody")  # type: ignore[misc]


@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda one: one.code)
def test_every_indicator_says_who_is_counted_what_of_them_and_by_whose_definition(indicator: Indicator) -> None:
    assert indicator.population.told
    assert indicator.numerator.told
    assert indicator.denominator is None or indicator.denominator.told
    assert indicator.source
    assert set(indicator.groups) <= set(GROUPS)


@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda one: one.code)
def test_an_indicator_names_exactly_the_tables_a_database_reads_for_it(
    indicator: Indicator, empty: sqlite3.Connection
) -> None:
    known = {name for (name,) in empty.execute("SELECT name FROM sqlite_master")}
    read: set[str] = set()

    def noted(action: int, table: str | None, *_: str | None) -> int:
        if action == sqlite3.SQLITE_READ and table in known:
            read.add(table)
        return sqlite3.SQLITE_OK

    empty.set_authorizer(noted)
    try:
        empty.execute(of_the_whole(indicator), ASKED_FOR)
    finally:
        empty.set_authorizer(None)

    assert indicator.tables == read


def test_these_figures_follow_a_cohort_by_now() -> None:
    assert {indicator.code for indicator in INDICATORS if indicator.cohort} >= {"K10", "K11", "K19", "K19-callback"}


def test_what_can_be_restated_is_told_case_by_case_and_of_cases_alone() -> None:
    of_other_things = {"item_facts", "theme_facts", "box_facts", "visit_facts"}
    held_against_the_catalogue = {"K2-saved"}
    of_packages = {"package_facts", "member_facts"}
    for indicator in RESTATABLE:
        assert indicator.population.case_key == ("c.log", "c.case_id")
        assert indicator.tables.isdisjoint(of_other_things) or indicator.code in held_against_the_catalogue
    of_cases = {i.code for i in INDICATORS if i.tables.isdisjoint(of_other_things | of_packages) and not i.cohort}
    held_against_a_packages_promise = {"K2-avoidable"}
    others = held_against_a_packages_promise | held_against_the_catalogue
    assert {indicator.code for indicator in RESTATABLE} == of_cases | others


# --- What is put together ---


LATE: Final = CLOSED.narrowed("c.early = 1 OR c.provisional = 1", told="some")


def given(denominator: Measure | None = None, population: Population = LATE) -> Indicator:
    return Indicator(
        code="X", zh="假设", en="given", population=population, numerator=total("c.trips_net", "trips"),
        denominator=denominator, source="nobody",
    )  # fmt: skip


def test_the_whole_is_one_row_of_no_group() -> None:
    assert of_the_whole(given(count("cases"))) == (
        "SELECT CAST(NULL AS TEXT), SUM(c.trips_net) AS numerator, COUNT(*) AS denominator\n"
        "FROM case_facts AS c\n"
        "WHERE (c.closed = 1) AND (c.counted = 1) AND (c.early = 1 OR c.provisional = 1)"
        " AND c.closed_on BETWEEN :since AND :until"
    )


def test_a_count_has_no_denominator_and_a_group_is_the_first_column() -> None:
    assert by_group(given(), "district").startswith("SELECT c.log, SUM(c.trips_net) AS numerator, NULL AS denominator\n")
    assert by_group(given(), "district").endswith("\nGROUP BY 1")


def test_case_by_case_the_district_and_the_case_are_the_first_columns() -> None:
    told = by_case(given(count_if("c.early = 1", "early ones")))
    assert told.startswith("SELECT c.log, c.case_id, SUM(c.trips_net) AS numerator, ")
    assert " SUM(CASE WHEN c.early = 1 THEN 1 ELSE 0 END) AS denominator\n" in told
    assert told.endswith("\nGROUP BY 1, 2")


def test_a_month_may_be_measured_by_what_is_of_that_month() -> None:
    days = Measure(told="days", sql="31", by_month="DAYS(c.closed_month)")
    assert "DAYS(c.closed_month) AS denominator" in by_group(given(days), "month")
    assert "31 AS denominator" in by_group(given(days), "hall")
    assert "31 AS denominator" in of_the_whole(given(days))


def test_what_is_of_no_case_is_not_told_case_by_case() -> None:
    with pytest.raises(ValueError, match="X is of no cases"):
        by_case(given(population=ITEMS))


def test_a_group_the_indicator_does_not_have_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        by_group(given(population=ITEMS), "hall")


def test_every_statement_runs_where_there_is_nothing(empty: sqlite3.Connection) -> None:
    for (code, how), sql in STATEMENTS.items():
        found = empty.execute(sql, ASKED_FOR).fetchall()
        assert len(found) == (1 if how == "whole" else 0), f"{code} {how}"
