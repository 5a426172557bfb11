"""Figures by two groups at once, by time band, and with median and 90th percentile beside their means."""

import json
import math
from typing import Final

import pytest
from support.populations import MARCH, crowd, figures, reported_on

from adapters.calendar_toml import NATIONAL, shipped_calendars
from adapters.reporting import Figure
from projections.indicator import GROUPS
from projections.indicator_sql import spread
from projections.indicators import INDICATORS

CALENDAR: Final = shipped_calendars()[NATIONAL]
SPREAD: Final = {indicator.code for indicator in INDICATORS if indicator.spread is not None}
ADDITIVE: Final = ("K2", "K2-net", "K6", "K7-early", "K9-promised", "K9-days", "K15", "K11", "K20-received", "K20-closed")
"""Figures whose groups add up to the whole, numerator and denominator."""


def only(found: list[Figure], code: str) -> tuple[Figure, list[Figure]]:
    """The whole, and the groups."""
    (whole,) = [one for one in found if one.code == code and one.group is None]
    return whole, [one for one in found if one.code == code and one.group is not None]


@pytest.mark.parametrize("by", [("month", "department"), ("department", "channel"), ("district", "band"), ("band", "month")])
def test_the_pairs_add_up_to_the_whole_and_to_each_group(by: tuple[str, str], store_url: str) -> None:
    with reported_on(crowd(1), url=store_url) as tables:
        pairs, first = figures(tables, *MARCH, by), figures(tables, *MARCH, by[0])

    for code in ADDITIVE:
        whole, found = only(pairs, code)
        assert sum(one.numerator for one in found) == whole.numerator, code
        assert sum(one.denominator or 0 for one in found) == (whole.denominator or 0), code
        for group in only(first, code)[1]:
            told = [one for one in found if dict(one.groups)[by[0]] == group.group]
            assert sum(one.numerator for one in told) == group.numerator, code


def test_each_row_names_both_groups() -> None:
    with reported_on(crowd(2)) as tables:
        _, found = only(figures(tables, *MARCH, ("month", "department")), "K6")

    assert {one.group for one in found} == {f"2026-03 · {name}" for name in ("Fire", "Health", "Market")}
    assert found[0].groups == (("month", "2026-03"), ("department", "Fire"))
    assert found == sorted(found, key=lambda one: one.groups)
    plain = json.loads(json.dumps(found[0].plain()))
    assert plain["groups"] == {"month": "2026-03", "department": "Fire"}


def test_the_same_figures_come_in_the_other_order() -> None:
    with reported_on(crowd(3)) as tables:
        one, other = (figures(tables, *MARCH, by) for by in (("tier", "channel"), ("channel", "tier")))

    def told(found: list[Figure]) -> set[tuple[str, frozenset[tuple[str, str]], int, int | None]]:
        return {(f.code, frozenset(f.groups), f.numerator, f.denominator) for f in found}

    assert told(one) == told(other)


@pytest.mark.parametrize("first", GROUPS)
def test_every_figure_that_has_both_groups_is_told_by_both(first: str) -> None:
    with reported_on(crowd(4, 20)) as tables:
        for second in set(GROUPS) - {first}:
            found = figures(tables, *MARCH, (first, second))
            grouped = {one.code for one in found if one.group is not None}
            both = {one.code for one in INDICATORS if {first, second} <= one.groups.keys()}
            counted = {one.code for one in found if one.group is None and (one.denominator or one.numerator)}
            assert grouped & counted == both & counted


def test_the_working_days_of_a_pair_with_a_month_are_those_of_the_month() -> None:
    with reported_on(crowd(5)) as tables:
        _, found = only(figures(tables, *MARCH, ("month", "department")), "K21")

    assert {one.denominator for one in found} == {22}


# --- Median and 90th percentile, by nearest rank ---


def by_hand(numbers: list[int], percent: int) -> int:
    return sorted(numbers)[math.ceil(len(numbers) * percent / 100) - 1]


@pytest.mark.parametrize("size", [1, 2, 3, 9, 10, 11, 20, 61])
def test_percentiles_are_by_nearest_rank_on_every_database(size: int, store_url: str) -> None:
    with reported_on(crowd(size, size), url=store_url) as tables:
        found = figures(tables, *MARCH, ("department", "channel"))
        rows = tables.query(
            "SELECT department, channel, used_days, elapsed_days FROM case_facts WHERE closed = 1 AND counted = 1"
        )

    for code, place in (("K9-days", 2), ("K9-elapsed", 3)):
        for figure in [one for one in found if one.code == code]:
            wanted = tuple(name for _, name in figure.groups)
            numbers = [row[place] for row in rows if row[: len(wanted)] == wanted]
            assert figure.denominator == len(numbers)
            expected = (by_hand(numbers, 50), by_hand(numbers, 90)) if numbers else (None, None)
            assert (figure.median, figure.p90) == expected
            assert figure.numerator == sum(numbers)


def test_only_means_of_days_have_a_median() -> None:
    with reported_on(crowd(6)) as tables:
        found = figures(tables, *MARCH)

    assert {one.code for one in found if one.median is not None} <= SPREAD
    assert {"K9-days", "K9-decided", "K9-elapsed", "K9-step"} == SPREAD


def test_of_nothing_there_is_no_median() -> None:
    with reported_on({}) as tables:
        assert {(one.median, one.p90) for one in figures(tables, *MARCH)} == {(None, None)}


def test_an_indicator_without_a_spread_has_no_spread() -> None:
    with pytest.raises(ValueError, match="K1 has no spread"):
        spread(next(one for one in INDICATORS if one.code == "K1"))
