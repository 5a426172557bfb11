"""Declared against actual (申报与实际): the visits the catalogue promises beside those that were needed, both ways."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

import pytest
from support.populations import (
    ASKED,
    MARCH,
    WEBSITE,
    A,
    B,
    Life,
    Population,
    accepted,
    begun,
    closed,
    item,
    joined,
    life,
    package,
    reported_on,
    theme,
    trip,
)
from support.story import CITIZEN, CLERK, fact

from adapters.declared import Contradiction, DeclaredItem, DeclaredTheme, declared, declared_themes
from adapters.reporting import Period
from casecore import CaseWithdrawn, Cause, Channel, CorrectionRequested, Outcome, TripMade
from projections.dimensions import ItemFact

PERIOD: Final = Period(*MARCH, ASKED)


def came(*visits: str) -> tuple[TripMade, ...]:
    """Somebody came to hand in the papers, and then to pay."""
    return tuple(
        trip("03-03", visit, Cause.PAY) if n else trip("03-02", visit, Cause.SUBMIT) for n, visit in enumerate(visits)
    )


def needed(*visits: str, promised: int = 1, code: str = "FOOD", channel: Channel | None = None, **rest: Any) -> Life:
    """A closed case that was promised so many visits and took these; without one it came by courier."""
    how = channel or (Channel.WINDOW if visits else Channel.COURIER)
    return life(begun(channel=how), *came(*visits), accepted(trips_promised=promised, **rest), closed("03-06"), item=code)


def asked(population: Population, items: Iterable[ItemFact] = (), district: str | None = None) -> tuple[DeclaredItem, ...]:
    with reported_on(population, items) as tables:
        return declared(tables, PERIOD, district=district)


def only(population: Population, items: Iterable[ItemFact] = ()) -> DeclaredItem:
    (found,) = asked(population, items)
    return found


# --- What is put side by side ---


def test_what_an_item_declares_stands_beside_what_its_cases_needed(store_url: str) -> None:
    population = {
        (A, "c1"): needed("V1"),
        (A, "c2"): needed("V2", "V3"),
        (A, "c3"): needed(channel=WEBSITE),
    }

    with reported_on(population, [item(A, "FOOD", 1, name_zh="食品经营许可")], store_url) as tables:
        (found,) = declared(tables, PERIOD)

    assert found == DeclaredItem(
        log=A,
        item="FOOD",
        item_version=1,
        name_zh="食品经营许可",
        declared_visits=1,
        fully_online=False,
        cases=3,
        online=1,
        mean_net=(3, 3),
        mean_gross=(3, 3),
        more=("c2",),
        fewer=("c3",),
        contradiction=None,
        against=(),
    )


def test_a_correction_the_applicant_caused_is_gross_and_not_net() -> None:
    corrected = life(
        begun(),
        trip("03-02", "V1"),
        fact(CorrectionRequested, "03-02 10:00", by=CLERK, materials=("lease",)),
        trip("03-03", "V2", Cause.CORRECT),
        accepted("03-03"),
        closed("03-06"),
    )

    found = only({(A, "c1"): corrected})

    assert (found.mean_net, found.mean_gross, found.more) == ((1, 1), (2, 1), ())


def test_each_version_is_asked_what_it_promised_itself() -> None:
    population = {(A, "c1"): needed("V1", promised=2), (A, "c2"): needed("V2", promised=1, item_version=2)}

    found = asked(population, [item(A, "FOOD", 2), item(A, "FOOD", 1, item_version=2, fully_online=1)])

    assert [(one.item_version, one.declared_visits, one.fully_online, one.cases) for one in found] == [
        (1, 2, False, 1),
        (2, 1, True, 1),
    ]


def test_what_was_promised_to_the_case_counts_where_the_catalogue_says_something_else_now() -> None:
    found = only({(A, "c1"): needed("V1", promised=1)}, [item(A, "FOOD", 0)])

    assert (found.declared_visits, found.contradiction) == (1, None)


def test_a_version_no_catalogue_knows_is_told_without_its_name() -> None:
    found = only({(A, "c1"): needed("V1")})

    assert (found.name_zh, found.fully_online, found.declared_visits) == (None, None, 1)


def test_districts_are_told_apart_and_one_can_be_asked_alone() -> None:
    population = {(A, "c1"): needed("V1"), (B, "c1"): needed(promised=0), (A, "c2"): needed("V1", code="BUILD")}

    assert [(one.log, one.item) for one in asked(population)] == [(B, "FOOD"), (A, "BUILD"), (A, "FOOD")]
    assert [(one.log, one.cases) for one in asked(population, district=B)] == [(B, 1)]
    assert asked(population, district="110112") == ()


def test_only_counted_cases_closed_in_the_period_with_known_trips_outside_packages_are_asked() -> None:
    withdrawn = life(begun(), accepted(), fact(CaseWithdrawn, "03-04 09:00", by=CITIZEN, reason="moved"))
    population = {
        (A, "open"): life(begun(), accepted()),
        (A, "withdrawn"): withdrawn,
        (A, "deleted"): life(begun(), accepted(), closed("03-06", Outcome.DELETED)),
        (A, "april"): life(begun(), accepted(), closed("04-01")),
        (A, "imported"): life(begun(trips_recorded=False), accepted(), closed("03-06")),
        (A, "part"): life(begun(), joined("P1"), accepted(), closed("03-06")),
        (A, "never accepted"): life(begun(), closed("03-06")),
    }

    assert asked(population) == ()


# --- Contradictions, both ways ---


def test_none_declared_and_somebody_came() -> None:
    population = {
        (A, "c1"): needed("V1", promised=0),
        (A, "c2"): needed(promised=0),
        (A, "c3"): needed("V1", "V2", promised=0),
    }

    found = only(population)

    assert (found.contradiction, found.against) == (Contradiction.TRIPS_THOUGH_NONE, ("c1", "c3"))
    assert (found.mean_net, found.more) == ((3, 3), ("c1", "c3"))


def test_some_declared_and_more_needed_on_average() -> None:
    population = {(A, f"c{n}"): needed(f"V{n}", f"W{n}") if n < 2 else needed(f"V{n}") for n in range(5)}

    found = only(population)

    assert (found.mean_net, found.contradiction) == ((7, 5), Contradiction.MORE_ON_AVERAGE)  # 1.4 where 1 is declared
    assert found.against == found.more == ("c0", "c1")


def test_some_declared_and_nobody_ever_came() -> None:
    found = only({(A, "c1"): needed(), (A, "c2"): needed()})

    assert (found.contradiction, found.against) == (Contradiction.NOBODY_CAME, ("c1", "c2"))


def test_who_came_only_to_correct_came() -> None:
    corrected = life(
        begun(channel=WEBSITE),
        fact(CorrectionRequested, "03-02 10:00", by=CLERK, materials=("lease",)),
        trip("03-03", "V1", Cause.CORRECT),
        accepted("03-03"),
        closed("03-06"),
    )

    found = only({(A, "c1"): corrected})

    assert (found.mean_net, found.mean_gross, found.contradiction) == ((0, 1), (1, 1), Contradiction.NEVER_AS_MANY)


def test_more_declared_than_anybody_ever_needed() -> None:
    population = {(A, "c1"): needed("V1", promised=2), (A, "c2"): needed(promised=2), (A, "c3"): needed("V3", promised=2)}

    found = only(population)

    assert (found.contradiction, found.against) == (Contradiction.NEVER_AS_MANY, ("c1", "c2", "c3"))
    assert found.against == found.fewer


def test_one_who_needed_all_the_visits_declared_is_enough() -> None:
    found = only({(A, "c1"): needed("V1", "V2", promised=2), (A, "c2"): needed(promised=2)})

    assert (found.contradiction, found.fewer, found.against) == (None, ("c2",), ())


def test_visits_nobody_used_up_are_named_before_the_online_filing_nobody_used() -> None:
    found = only({(A, "c1"): needed("V1", promised=2)}, [item(A, "FOOD", 2, fully_online=1)])

    assert found.contradiction is Contradiction.NEVER_AS_MANY


def test_fully_online_declared_and_nobody_filed_online() -> None:
    at_windows = {(A, "c1"): needed("V1"), (A, "c2"): needed("V2")}
    depth = [item(A, "FOOD", 1, fully_online=1)]

    found = only(at_windows, depth)

    assert (found.contradiction, found.against) == (Contradiction.NOBODY_ONLINE, ("c1", "c2"))
    assert only({**at_windows, (A, "c3"): needed(channel=WEBSITE)}, depth).contradiction is None


def test_filed_online_by_staff_is_not_online() -> None:
    helped = life(begun(channel=WEBSITE, assisted=True), accepted(), trip("03-03", "V1"), closed("03-06"))

    found = only({(A, "c1"): helped}, [item(A, "FOOD", 1, fully_online=1)])

    assert (found.online, found.contradiction) == (0, Contradiction.NOBODY_ONLINE)


@pytest.mark.parametrize("visits", [(), ("V1",)])
def test_what_is_as_declared_contradicts_nothing(visits: tuple[str, ...]) -> None:
    found = only({(A, "c1"): needed(*visits, promised=len(visits))})

    assert (found.contradiction, found.more, found.fewer, found.against) == (None, (), (), ())


# --- Packages ---


def test_what_a_theme_declares_is_asked_of_the_whole_package(store_url: str) -> None:
    def part(of: str, *visits: str) -> Life:
        return life(begun(), joined(of), *came(*visits), accepted(), closed("03-06"))

    population = {
        (A, "c1"): part("P1", "V1", "V2"),
        (A, "c2"): part("P1", "V1"),
        (A, "P1"): package("c1", "c2"),
        (A, "c3"): part("P2", "V3", "V4"),
        (A, "c4"): part("P2", "V5", "V6", "V7"),
        (A, "P2"): package("c3", "c4"),
        (A, "P3"): package("c5", closed=None),
    }

    with reported_on(population, url=store_url, themes=[theme(A, "SHOPS", name_zh="开办书店")]) as tables:
        (found,) = declared_themes(tables, PERIOD)
        assert declared(tables, PERIOD) == declared_themes(tables, PERIOD, district=B) == ()

    assert found == DeclaredTheme(
        log=A,
        theme="SHOPS",
        theme_version=1,
        name_zh="开办书店",
        declared_visits=2,
        packages=2,
        mean_net=(7, 2),
        mean_gross=(7, 2),
        more=("P2",),
        fewer=(),
        contradiction=Contradiction.MORE_ON_AVERAGE,
        against=("P2",),
    )


def test_a_theme_that_promises_no_visit_and_takes_one_contradicts_itself() -> None:
    one = life(begun(), joined("P1", visits=0), *came("V1"), accepted(), closed("03-06"))

    with reported_on({(A, "c1"): one, (A, "P1"): package("c1", visits_promised=0)}) as tables:
        (found,) = declared_themes(tables, PERIOD)

    assert (found.name_zh, found.contradiction, found.against) == (None, Contradiction.TRIPS_THOUGH_NONE, ("P1",))


def test_a_theme_that_promises_more_visits_than_any_package_took_asks_for_too_many() -> None:
    def part(of: str, visit: str) -> Life:
        return life(begun(), joined(of), *came(visit), accepted(), closed("03-06"))

    population = {
        (A, "c1"): part("P1", "V1"),
        (A, "P1"): package("c1"),
        (A, "c2"): part("P2", "V2"),
        (A, "P2"): package("c2"),
    }

    with reported_on(population) as tables:
        (found,) = declared_themes(tables, PERIOD)

    assert (found.declared_visits, found.mean_net) == (2, (2, 2))
    assert (found.contradiction, found.against) == (Contradiction.NEVER_AS_MANY, ("P1", "P2"))


# --- The period ---


def test_without_a_period_every_closed_case_is_asked() -> None:
    with reported_on({(A, "c1"): needed("V1")}) as tables:
        (found,) = declared(tables, Period(None, None, date(2026, 4, 10)))

    assert found.cases == 1
