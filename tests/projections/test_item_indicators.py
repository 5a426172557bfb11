"""What the catalogue saves (K12, K17 by item, K27): the seeds' own figures, over shipped rows or rows made for it."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

import pytest
from support.populations import ASKED, MARCH, WORKDAY, A, B, by_group, figures, item, reported_on, theme

from adapters.catalogue_toml import load_catalogue
from adapters.reporting import Figure
from projections.dimensions import ItemFact, ThemeFact, item_rows, theme_rows

SHIPPED: Final = load_catalogue()


def declared(
    items: Iterable[ItemFact] = (), themes: Iterable[ThemeFact] = (), *, asked: date = ASKED, url: str = "memory:"
) -> dict[str, Figure]:
    """The figures of a catalogue without a case."""
    with reported_on({}, items, url, themes=themes) as tables:
        return {figure.code: figure for figure in figures(tables, *MARCH, as_of=asked)}


def of_themes(hours: int, asked: date = ASKED) -> dict[str | None, tuple[int, int | None]]:
    """K27 of each theme of the shipped catalogue."""
    rows = theme_rows(A, SHIPPED.themes, hours_per_workday=hours)
    with reported_on({}, themes=rows) as tables:
        return by_group(figures(tables, *MARCH, "theme", as_of=asked), "K27")


def ratio(figure: Figure) -> tuple[int, int | None, float | None]:
    return figure.numerator, figure.denominator, figure.value


def spared(code: str, before: int | None, now: int, **rest: Any) -> ItemFact:
    return item(rest.pop("log", A), code, 1, materials_before=before, materials_now=now, **rest)


# --- Materials (K12) ---


def test_xindus_3113_materials_became_2153() -> None:
    # 1000 items: 113 took 4 and 887 took 3 before; 153 take 3 and 847 take 2 now
    items = [spared(f"item-{n}", 3 + (n < 113), 2 + (n < 153)) for n in range(1000)]
    assert (sum(i.materials_before or 0 for i in items), sum(i.materials_now or 0 for i in items)) == (3113, 2153)

    assert ratio(declared(items)["K12"]) == (960, 3113, 0.308384)


def test_zengchengs_items_were_cut_by_a_half_at_most_and_by_28_percent_in_the_mean() -> None:
    items = [spared("half", 4, 2), spared("fifth", 5, 4), spared("seventh", 50, 43)]

    found = declared(items)

    assert found["K12-most"].value == 0.5
    assert ratio(found["K12-mean"]) == (840_000_000, 3_000_000_000, 0.28)
    assert ratio(found["K12"]) == (2 + 1 + 7, 59, 0.169492)


def test_the_start_of_a_company_took_28_papers_and_takes_none() -> None:
    rows = [row for row in item_rows(A, SHIPPED) if row.item == "company-startup"]

    found = declared(rows)

    assert ratio(found["K12"]) == (28, 28, 1)
    assert ratio(found["K12-mean"]) == ratio(found["K12-most"]) == (1_000_000_000, 1_000_000_000, 1)


@pytest.mark.parametrize(
    ("before", "now", "saved"),
    [(3, 1, 666_666_667), (3, 2, 333_333_333), (2, 3, -500_000_000), (3, 8, -1_666_666_667), (2**53, 0, 10**9)],
)
def test_what_an_item_saves_is_rounded_to_the_nearest_billionth_alike_everywhere(
    before: int, now: int, saved: int, store_url: str
) -> None:
    found = declared([spared("ITEM", before, now)], url=store_url)

    assert (found["K12-mean"].numerator, found["K12-most"].numerator) == (saved, saved)
    assert (found["K12"].numerator, found["K12"].denominator) == (before - now, before)


def test_items_of_which_nobody_says_what_they_took_are_left_out() -> None:
    found = declared(
        [
            spared("UNKNOWN", None, 3),
            spared("NOTHING", 0, 0),
            spared("ABOLISHED", 9, 0, valid_until=date(2026, 4, 9)),
            spared("PLACEHOLDER", 9, 0, applied_for=0),
            spared("LATER", 9, 0, valid_from=date(2026, 4, 11)),
        ]
    )

    assert [ratio(found[code]) for code in ("K12", "K12-mean", "K12-most")] == [(0, 0, None)] * 3


def test_the_highest_of_each_district_is_its_own() -> None:
    with reported_on({}, [spared("A", 4, 2), spared("C", 4, 3), spared("B", 4, 1, log=B)]) as tables:
        found = by_group(figures(tables, *MARCH, "district"), "K12-most")

    assert found == {A: (500_000_000, 1_000_000_000), B: (750_000_000, 1_000_000_000)}


# --- Instant handling (K17) ---


def test_instant_items_are_counted_among_all_that_are_applied_for_on_that_day() -> None:
    found = declared(
        [
            item(A, "AT-ONCE", 1, handling="instant"),
            item(A, "LATER-ON", 1),
            item(A, "OTHER", 1, handling="other"),
            item(A, "GONE", 1, handling="instant", valid_until=date(2026, 4, 9)),
            item(A, "PLACEHOLDER", 1, handling="instant", applied_for=0),
        ]
    )

    assert ratio(found["K17"]) == (1, 3, 0.333333)


# --- Matters made one (K27) ---


def test_bookstores_were_cut_by_a_half_and_start_ups_from_six_days_to_two_hours() -> None:
    assert of_themes(7) == {"bookstores": (10 * WORKDAY, 20 * WORKDAY), "company-020": (6 * WORKDAY - 120, 6 * WORKDAY)}
    assert of_themes(8)["company-020"] == (6 * 8 * 60 - 120, 6 * 8 * 60)


def test_before_the_theme_was_in_force_nothing_was_cut() -> None:
    assert of_themes(7, date(2019, 12, 31)).keys() == {"company-020"}
    assert of_themes(7, date(2014, 12, 31)) == {}


def test_several_themes_are_a_ratio_of_sums() -> None:
    found = declared(themes=theme_rows(A, SHIPPED.themes))

    assert ratio(found["K27"]) == (16 * WORKDAY - 120, 26 * WORKDAY, 0.604396)


def test_a_theme_without_a_time_before_or_with_a_fixed_date_is_compared_with_nothing() -> None:
    found = declared(
        themes=[
            theme(A, "UNKNOWN", before_minutes=None),
            theme(A, "DATED", promised_minutes=None),
            theme(A, "AT-ONCE", before_minutes=0),
            theme(A, "GONE", valid_until=date(2026, 4, 9)),
            theme(A, "LAST-DAY", valid_until=ASKED, promised_minutes=3 * WORKDAY, before_minutes=4 * WORKDAY),
        ]
    )

    assert ratio(found["K27"]) == (WORKDAY, 4 * WORKDAY, 0.25)
