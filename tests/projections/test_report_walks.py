"""A report walks the rows of a population once for all that is counted of them, and says what each statement alone says."""

from datetime import date
from typing import Any, Final

import pytest
from support.populations import ASKED, MARCH, crowd, reported_on

from adapters.reporting import Period, report
from adapters.tables import Tables
from projections.indicator import GROUPS, Indicator
from projections.indicator_sql import by_group, of_the_whole, walked_alike
from projections.indicators import INDICATORS

BY_THEMSELVES: Final = {"K2-visits", "K12-most", "K21"}
"""What does not add up over groups."""
BOUNDS: Final = {"since": MARCH[0], "until": MARCH[1], "as_of": ASKED, "first": MARCH[0], "last": MARCH[1]}


def noted(tables: Tables, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement the tables are asked from now on."""
    asked: list[str] = []
    query = tables.query

    def note(sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
        asked.append(sql)
        return query(sql, **parameters)

    monkeypatch.setattr(tables, "query", note)
    return asked


def most(by: str) -> int:
    """One statement for all that is walked alike, one a spread, and two for what has to be asked by itself."""
    told = [one for i in INDICATORS for one in (i.population, *([i.coverage.population] if i.coverage else []), i.rests)]
    walks = {walked_alike(one, (by,) if by in one.groups else ()) for one in told if one is not None}
    return len(walks) + sum(one.spread is not None for one in INDICATORS) + 2 * len(BY_THEMSELVES)


def one_by_one(indicator: Indicator, by: str) -> list[tuple[tuple[str, ...], str]]:
    """The statements of an indicator alone: of the whole, and by group where it has that."""
    grouped = [((by,), by_group(indicator, by))] if by in indicator.groups else []
    return [((), of_the_whole(indicator)), *grouped]


@pytest.mark.parametrize("by", ["month", "department"])
def test_a_report_asks_once_for_all_that_is_walked_alike(by: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with reported_on(crowd(3)) as tables:
        asked = noted(tables, monkeypatch)
        report(tables, Period(MARCH[0], MARCH[1], ASKED), by)
        together = list(asked)
        asked.clear()
        for indicator in INDICATORS:
            for _, sql in one_by_one(indicator, by):
                tables.query(sql, **BOUNDS)

    assert len(set(together)) == len(together) <= most(by)
    assert len(asked) > 2 * most(by)  # what asking for each figure by itself takes, without coverage, books and medians


@pytest.mark.parametrize("by", GROUPS)
def test_a_walk_says_of_each_figure_what_its_own_statement_says(by: str, store_url: str) -> None:
    with reported_on(crowd(4), url=store_url) as tables:
        found = report(tables, Period(MARCH[0], MARCH[1], ASKED), by)
        told = {(one.code, one.group): (one.numerator, one.denominator) for one in found}
        for indicator in INDICATORS:
            for groups, sql in one_by_one(indicator, by):
                rows = tables.query(sql, **BOUNDS)
                for key, upper, lower in rows:
                    group = str(key) if groups else None
                    counted = None if indicator.denominator is None else int(lower or 0)
                    assert told[indicator.code, group] == (int(upper or 0), counted), (indicator.code, group)
    assert any(upper for upper, _ in told.values())


def test_only_what_does_not_add_up_is_asked_by_itself() -> None:
    measures = {one.code: (one.numerator, one.denominator) for one in INDICATORS}
    no_sums = {code for code, both in measures.items() if any(one is not None and one.each is None for one in both)}
    assert no_sums == BY_THEMSELVES


def test_of_an_open_period_the_whole_is_the_sum_of_its_months() -> None:
    with reported_on(crowd(5)) as tables:
        found = report(tables, Period(None, None, date(2026, 12, 31)), "month")
    for code in ("K2", "K6", "K9-days", "K20-closed"):
        whole, *months = (one for one in found if one.code == code)
        assert whole.numerator == sum(one.numerator for one in months) > 0
