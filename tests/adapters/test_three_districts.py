"""Districts of one store, each with its own books: figures are those of three stores with one district each."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

import pytest
from support.adopted import adopt, life, weekdays
from support.followed import LIVES, A, B, Lives, World, rows_of
from support.story import CATALOGUE

from adapters.calendar_toml import shipped_calendars
from adapters.district_books import GivenBooks, books_of
from adapters.district_engine import open_engine
from adapters.following import follow, rebuild
from adapters.reporting import Figure, Period, RestsOn, report
from casecore import Catalogue, DistrictRule

C: Final = "440105"
EVER: Final = Period(None, None, date(2026, 12, 31))
FIRST_HALF: Final = Period(date(2026, 1, 1), date(2026, 6, 30), date(2026, 6, 30))
SECOND_HALF: Final = Period(date(2026, 7, 1), date(2026, 12, 31), date(2026, 12, 31))


def own(name: str, *rest: date, **says: Any) -> GivenBooks:
    """Books with a rule and a calendar of one's own."""
    calendar = weekdays(f"{name}.1", *rest)
    return GivenBooks(DistrictRule(name=name, calendar=calendar.version, **says), CATALOGUE, {calendar.version: calendar})


BOOKS: Final[Mapping[str, GivenBooks]] = {
    A: own("feast", date(2026, 3, 10), date(2026, 3, 11), near_visits_net=False),
    B: own("plain", near_visits_gross=False, near_visits_net=False, hours_per_workday=8),
    C: own("early", date(2026, 3, 12), count_before_application=True)._replace(
        catalogue=Catalogue([one for one in CATALOGUE if one.code == "FOOD"])
    ),
}


def lives(district: str) -> Lives:
    """What happened in a district: another number of cases in each, on other days."""
    days = range(2, 5 + 3 * list(BOOKS).index(district))
    calendar = str(BOOKS[district].rule.calendar) if BOOKS[district].rule else ""
    return {**LIVES, **{f"{district}-{day}": life(date(2026, 3, day), calendar) for day in days}}


def figures(world: World, period: Period = EVER) -> list[Figure]:
    return [one for one in report(world.tables, period, "district") if one.group is not None]


@pytest.fixture
def three(store_url: str) -> Iterator[World]:
    """A store of three districts."""
    world = World(store_url)
    for district, given in BOOKS.items():
        adopt(world, given, district=district)
        world.happened(lives(district), district)
    yield world
    world.close()


def alone(district: str) -> World:
    """The same district in a store of its own."""
    world = World("memory:")
    adopt(world, BOOKS[district], district=district)
    world.happened(lives(district), district)
    follow(world.logs, world.tables)
    return world


def test_figures_of_three_districts_are_those_of_three_stores(three: World) -> None:
    follow(three.logs, three.tables)
    found = figures(three)
    stores = {district: alone(district) for district in BOOKS}

    for district, store in stores.items():
        assert [one for one in found if one.group == district] == figures(store)
        store.close()
    assert {one.numerator for one in found if one.code == "K2"} != {0}
    assert len({one.value for one in found if one.code == "K2"}) == 3
    assert [(one.group, one.numerator, one.denominator) for one in found if one.code == "K21"] == [
        (C, 13, 12), (B, 10, 12), (A, 7, 10)
    ]  # fmt: skip


def test_each_figure_names_the_rule_and_the_calendar_of_its_district(three: World) -> None:
    follow(three.logs, three.tables)
    for one in figures(three):
        if one.code in ("K2", "K6"):
            assert one.rests.rules == ((one.group, 1),)
            assert set(one.rests.calendars) >= {f"{BOOKS[str(one.group)].rule.name}.1"}  # type: ignore[union-attr]
        if one.code == "K21":
            assert one.rests == RestsOn(((one.group, 1),), (f"{BOOKS[str(one.group)].rule.name}.1",))  # type: ignore[union-attr]
        if one.code == "K1":
            assert {log for log, _, _ in one.rests.entries} == {one.group}
    (whole,) = (one for one in report(three.tables, EVER) if one.code == "K2")
    assert whole.rests.rules == ((C, 1), (B, 1), (A, 1))


def test_following_is_rebuilding_and_rows_are_those_of_the_books_of_each(three: World) -> None:
    follow(three.logs, three.tables)
    followed = three.rows()
    rebuild(three.logs, three.tables)

    assert three.rows() == followed
    assert followed == rows_of({d: lives(d) for d in BOOKS}, {log.district: books_of(log) for log in three.logs})


def test_items_and_themes_are_those_each_district_has_adopted(three: World) -> None:
    follow(three.logs, three.tables)
    found = dict(three.tables.query("SELECT log, COUNT(*) FROM item_facts GROUP BY log"))
    assert found == {
        A: len(list(CATALOGUE)),
        B: len(list(CATALOGUE)),
        C: len([1 for one in CATALOGUE if one.code == "FOOD"]),
    }


# --- A rule changed in mid-year ---


def test_a_rule_changed_in_mid_year_leaves_what_began_before_and_counts_what_begins_after(world: World) -> None:
    adopt(world, own("first", near_visits_net=False))
    world.happened({f"old-{day}": life(date(2026, 3, day), "first.1") for day in (2, 3, 4)})
    follow(world.logs, world.tables)
    before = report(world.tables, FIRST_HALF)

    adopt(world, own("second", date(2026, 7, 9), near_visits_net=True), date(2026, 7, 1))
    world.happened({f"new-{day}": life(date(2026, 7, day), "second.1") for day in (1, 2)})
    follow(world.logs, world.tables)

    def k2(period: Period) -> Figure:
        (found,) = (one for one in report(world.tables, period) if one.code == "K2-net")
        return found

    of_cases = [one for one in before if not one.rests.entries]
    assert [one for one in report(world.tables, FIRST_HALF) if not one.rests.entries] == of_cases
    assert (k2(FIRST_HALF).numerator, k2(FIRST_HALF).denominator, k2(FIRST_HALF).rests.rules) == (3, 3, ((A, 1),))
    assert (k2(SECOND_HALF).numerator, k2(SECOND_HALF).denominator, k2(SECOND_HALF).rests.rules) == (4, 2, ((A, 2),))
    assert k2(SECOND_HALF).rests.calendars == ("second.1",)
    (days,) = (one for one in report(world.tables, SECOND_HALF) if one.code == "K21")
    assert days.rests == RestsOn(((A, 2),), ("second.1",))


# --- A store written before books were facts ---


def test_a_store_written_before_is_counted_as_shipped_and_keeps_its_figures_as_it_adopts(store_url: str) -> None:
    world = World(store_url)
    world.happened(LIVES)
    follow(world.logs, world.tables)
    before = report(world.tables, EVER)
    assert {one for figure in before for one in figure.rests.rules} == {(A, 0)}
    for column in ("log", "rule_version"):
        world.tables._run([(f"ALTER TABLE date_facts DROP COLUMN {column}", {})])
    world.tables._run([("UPDATE casecore_tables SET versions = 'case_facts.3 trip_facts.1' WHERE live = 1", {})])

    if store_url != "memory:":
        open_engine(store_url, district=A).close()  # it adopts what ships
    else:
        adopt(world, GivenBooks())
    follow(world.logs, world.tables)

    after = report(world.tables, EVER)
    assert [one[:-1] for one in after] == [one[:-1] for one in before]
    assert {one for figure in after for one in figure.rests.rules} == {(A, 1)}
    world.close()


def test_books_that_ship_name_themselves_version_0(memory: World) -> None:
    memory.happened(LIVES)
    follow(memory.logs, memory.tables)
    ((rule, calendar),) = memory.tables.query("SELECT DISTINCT rule_version, calendar FROM case_facts")
    assert (rule, calendar in shipped_calendars()) == (0, True)
