"""Indicators of trips (跑动), form by form: for a case, a visit, in shares of it, and for a package (一件事)."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from random import Random
from typing import Any, Final

import pytest
from support.populations import (
    ASKED,
    COURIER,
    MARCH,
    WEBSITE,
    A,
    B,
    Life,
    Population,
    accepted,
    begun,
    by_group,
    closed,
    day,
    delivered,
    figures,
    fractions,
    item,
    joined,
    life,
    package,
    reported_on,
    theme,
    trip,
)
from support.story import CITIZEN, CLERK, HALL, fact

from adapters.calendar_toml import shipped_calendars
from adapters.open_tables import open_tables
from adapters.reporting import Coverage, Period, shares
from adapters.tables import CaseRows, Tables
from casecore import (
    CaseJoined,
    CaseVoided,
    CaseWithdrawn,
    Cause,
    ConditionLapsed,
    CorrectionRequested,
    DistrictRule,
    NotAccepted,
    Outcome,
    Place,
    TripMade,
    Visitor,
    fold,
)
from casecore.reading.trips import apportion, count_trips
from projections.case_facts import CASE_FACTS
from projections.indicator_sql import of_the_whole
from projections.indicators import INDICATORS
from projections.projection import Subject
from projections.trip_facts import TRIP_FACTS
from projections.trip_populations import PARTS

INDICATOR: Final = {indicator.code: indicator for indicator in INDICATORS}
WITHDRAWN: Final = fact(CaseWithdrawn, "03-03 09:00", by=CITIZEN, reason="moved")


def came(*visits: str, ended: str = "03-06", item: str = "FOOD", joins: str | None = None) -> Life:
    """A closed case for which somebody came in these visits."""
    joins_first = () if joins is None else (joined(joins),)
    trips = (trip("03-02" if n == 0 else "03-03", visit) for n, visit in enumerate(visits))
    how = begun() if visits else begun(channel=WEBSITE)  # at a window somebody would have come
    return life(how, *joins_first, *trips, accepted(), closed(ended), item=item)


def found(population: Population, by: str | None = None, **how: Any) -> dict[str, Any]:
    """The figures of March, or one dictionary of groups for each."""
    with reported_on(population, **how) as tables:
        told = figures(tables, *MARCH, by)
    return fractions(told) if by is None else {code: by_group(told, code) for code in INDICATOR}


def of_cases(tables: Tables, code: str) -> dict[str, int]:
    """What each case adds to the numerator."""
    return {case: parts for (_, case), (parts, _) in shares(tables, Period(*MARCH, ASKED), INDICATOR[code]).items()}


# --- A visit that served several cases ---


def test_a_visit_that_served_three_cases_is_three_trips_one_visit_and_three_thirds() -> None:
    three = {(A, f"c{n}"): came("V1") for n in range(3)}

    told = found(three)

    assert (told["K2"], told["K2-visits"], told["K2-apportioned"]) == ((3, 3), (1, 3), (PARTS, 3 * PARTS))


@pytest.mark.parametrize("several", [1, 2, 7, 16, 17, 23])
def test_the_parts_of_one_visit_always_add_up_to_it_and_differ_by_one_at_most(several: int) -> None:
    with reported_on({(A, f"c{n:02}"): came("V1") for n in range(several)}) as tables:
        parts = of_cases(tables, "K2-apportioned")

    assert sum(parts.values()) == PARTS
    assert set(parts.values()) <= {PARTS // several, PARTS // several + 1}
    assert len(set(parts.values())) == (1 if several <= 16 else 2)


def test_the_shares_of_the_groups_add_up_where_distinct_visits_do_not() -> None:
    told = found({(A, "c1"): came("V1", item="FOOD"), (A, "c2"): came("V1", item="BUILD")}, "item")

    half = PARTS // 2
    assert told["K2-apportioned"] == {"BUILD": (half, PARTS), "FOOD": (half, PARTS)}
    assert told["K2-visits"] == {"BUILD": (1, 1), "FOOD": (1, 1)}


def test_a_withdrawn_case_takes_no_share_of_a_visit_and_one_not_accepted_does() -> None:
    withdrawn = life(begun(), trip("03-02", "V1"), WITHDRAWN)
    refused = life(begun(), trip("03-02", "V1"), fact(NotAccepted, "03-03 09:00", reason="not ours", remedy="appeal"))

    assert found({(A, "c1"): came("V1"), (A, "c2"): withdrawn})["K2-apportioned"] == (PARTS, PARTS)
    assert found({(A, "c1"): came("V1"), (A, "c2"): refused})["K2-apportioned"] == (PARTS // 2, PARTS)


def test_a_case_closed_in_another_period_has_its_share_of_the_visit_there() -> None:
    both = {(A, "c1"): came("V1"), (A, "c2"): came("V1", ended="04-07")}

    with reported_on(both) as tables:
        march, april = (fractions(figures(tables, *period)) for period in (MARCH, (day("04-01"), day("04-30"))))

    assert march["K2-apportioned"] == april["K2-apportioned"] == (PARTS // 2, PARTS)
    assert march["K2-visits"] == april["K2-visits"] == (1, 1)


def test_visits_of_two_districts_with_one_number_are_shared_out_apart() -> None:
    assert found({(log, "c1"): came("V1") for log in (A, B)}, "district")["K2-apportioned"] == {
        A: (PARTS, PARTS),
        B: (PARTS, PARTS),
    }


def test_a_visit_told_twice_of_one_case_is_one_visit() -> None:
    told = found({(A, "c1"): came("V1", "V1"), (A, "c2"): came("V1")})

    assert (told["K2-visits"], told["K2-apportioned"]) == ((1, 2), (PARTS, 2 * PARTS))


def test_the_shares_are_those_of_the_trip_ledger_to_the_part() -> None:
    random = Random(5)  # noqa: S311 - an example, no secret
    population = {(A, f"c{n:02}"): came(*random.sample([f"V{v}" for v in range(9)], random.randrange(4))) for n in range(60)}
    ledger = apportion({case: count_trips(fold(events)) for (_, case), events in population.items()})

    with reported_on(population) as tables:
        parts = of_cases(tables, "K2-apportioned")

    assert parts.keys() == ledger.keys()
    for case, share in ledger.items():
        assert abs(parts[case] - share * PARTS) < 4, case  # less than one part for each of three visits at most


@pytest.mark.slow
def test_apportioned_trips_of_100000_random_assignments_add_up_to_the_visits(store_url: str) -> None:
    random = Random(720)  # noqa: S311 - an example, no secret
    # some visits serve one case, some more than sixteen
    pairs: dict[tuple[str, str], None] = {}
    while len(pairs) < 100_000:
        pairs[f"V{int(random.paretovariate(0.7)) % 40_000}", f"c{random.randrange(20_000):05}"] = None
    assert max(Counter(visit for visit, _ in pairs).values()) > 16

    tables = open_tables(store_url, (CASE_FACTS, TRIP_FACTS))
    try:
        generation = tables.begin()
        tables.put(generation, A, list(_rows_of(pairs)), 1)
        tables.show(generation)
        told = {
            code: tables.query(of_the_whole(INDICATOR[code]), since=date.min, until=date.max)
            for code in ("K2-visits", "K2-apportioned")
        }
    finally:
        tables.close()

    ((_, visits, _),) = told["K2-visits"]
    ((_, parts, _),) = told["K2-apportioned"]
    assert visits == len({visit for visit, _ in pairs})
    assert parts == visits * PARTS


def _rows_of(pairs: Iterable[tuple[str, str]]) -> Iterable[CaseRows]:
    """One row a case and one a trip, for cases of which it is only told who came in which visit."""
    subject = Subject(A, "", fold(came("V1")), shipped_calendars())
    (case,), (made,) = CASE_FACTS.rows(subject), TRIP_FACTS.rows(subject)
    (rests, *_), (made_rests, *_) = (
        [whole[len(row) :] for whole in facts.whole_rows(subject)] for facts, row in ((CASE_FACTS, case), (TRIP_FACTS, made))
    )
    visits: dict[str, list[str]] = {}
    for visit, name in pairs:
        visits.setdefault(name, []).append(visit)
    for name, several in visits.items():
        trips = tuple((*made._replace(case_id=name, visit=visit), *made_rests) for visit in several)
        row = case._replace(case_id=name, trips_gross=len(several))
        yield CaseRows(name, {"case_facts": ((*row, *rests),), "trip_facts": trips})


# --- Other forms for a case ---


def test_a_visit_before_the_application_belongs_to_the_whole_journey_alone() -> None:
    consulted = life(begun(), trip("02-26", "V0", Cause.CONSULT), trip("03-02", "V1"), accepted(), closed("03-06"))

    told = found({(A, "c"): consulted})

    assert (told["K2"], told["K2-net"], told["K2-journey"]) == ((1, 1), (1, 1), (2, 1))


def test_where_the_district_says_so_a_visit_before_the_application_counts_like_any_other() -> None:
    consulted = life(begun(), trip("02-26", "V0", Cause.CONSULT), trip("03-02", "V1"), accepted(), closed("03-06"))

    told = found({(A, "c"): consulted}, rule=DistrictRule(count_before_application=True))

    assert (told["K2"], told["K2-net"], told["K2-journey"]) == ((2, 1), (2, 1), (2, 1))


def test_a_near_visit_is_told_apart() -> None:
    near = life(
        begun(), trip("03-02", "V1", place=Place.VILLAGE_POINT), trip("03-03", "V2", Cause.PAY), accepted(), closed("03-06")
    )

    told = found({(A, "c"): near})

    assert (told["K2"], told["K2-near"], told["K2-net"]) == ((2, 1), (1, 1), (2, 1))


def test_only_what_the_agency_caused_and_what_was_not_needed_could_have_been_spared() -> None:
    told_twice = life(
        begun(),
        trip("03-02", "V1"),
        fact(CorrectionRequested, "03-02 10:00", by=CLERK, materials=("lease",), complete=False),
        trip("03-03", "V2", Cause.CORRECT),  # the agency's: the notice was incomplete
        accepted("03-03"),
        trip("03-04", "V3", Cause.PAY),  # one visit was promised: it could be paid online
        closed("03-06"),
    )
    own_fault = life(
        begun(),
        trip("03-02", "W1"),
        fact(CorrectionRequested, "03-02 10:00", by=CLERK, materials=("lease",)),
        trip("03-03", "W2", Cause.CORRECT),
        accepted("03-03"),
        closed("03-06"),
    )

    told = found({(A, "c1"): told_twice, (A, "c2"): own_fault})

    assert told["K2-avoidable"] == (2, 5)
    assert (told["K2"], told["K2-net"], told["K3-case"]) == ((5, 2), (4, 2), (1, 2))


def test_where_nobody_came_no_trip_could_have_been_spared() -> None:
    assert found({(A, "c"): came()})["K2-avoidable"] == (0, 0)


def test_trips_are_told_by_the_hall_that_received_the_case() -> None:
    elsewhere = life(begun(hall="Xilai"), trip("03-02", "V2"), trip("03-03", "V3", Cause.PAY), accepted(), closed("03-06"))

    told = found({(A, "c1"): came("V1"), (A, "c2"): elsewhere}, "hall")

    assert told["K2"] == {HALL: (1, 1), "Xilai": (2, 1)}
    assert told["K2-avoidable"] == {HALL: (0, 1), "Xilai": (1, 2)}


# --- Trips saved ---


def test_trips_are_saved_against_what_a_source_says_the_item_took_before() -> None:
    cases = {
        (A, "one"): came("V1"),
        (A, "four"): came("V2", "V3", "V4", "V5"),
        (A, "no source"): came("V6", item="BUILD"),
        (A, "none known"): life(begun(), accepted(), closed("03-06")),
        (A, "later"): life(begun(), trip("03-02", "V7"), accepted(item_version=2), closed("03-06")),
        (B, "their own"): came("V8"),
        (A, "in a package"): came("V9", joins="P1"),
    }
    before = [
        item(A, "FOOD", 1, visits_before=3),
        item(A, "FOOD", 1, item_version=2, visits_before=9),
        item(A, "BUILD", 1),
        item(B, "FOOD", 1),
    ]

    assert found(cases, items=before)["K2-saved"] == ((3 - 1) + (3 - 4) + (9 - 1), 3)
    assert found(cases, "item", items=before)["K2-saved"] == {"FOOD": (9, 3)}
    assert found(cases)["K2-saved"] == (0, 0)
    with reported_on(cases, items=before) as tables:
        (saved,) = (one for one in figures(tables, *MARCH) if one.code == "K2-saved")
    assert saved.coverage == Coverage(3, 4)  # of the one at a window nobody knows


def test_visits_are_saved_against_what_a_source_says_the_theme_took_before(store_url: str) -> None:
    before = [theme(A, "SHOPS", visits_before=24), theme(A, "SHOPS", theme_version=2, visits_before=1)]

    assert found(bookstores(), themes=before, url=store_url)["K2-saved-package"] == (22, 1)
    assert found(bookstores(), themes=[theme(A, "SHOPS")])["K2-saved-package"] == (0, 0)
    assert found(bookstores(), themes=[theme(B, "SHOPS", visits_before=24)])["K2-saved-package"] == (0, 0)


# --- Packages ---


def bookstores() -> Population:
    """S3 通州: twelve bookstores in one form; one visit to hand it in, one to collect the twelve licences."""
    shops = {(A, f"shop-{n:02}"): came("submit", "collect", joins="P1") for n in range(1, 13)}
    return {**shops, (A, "P1"): package(*(case for _, case in shops))}


def test_twelve_bookstores_in_one_submission_take_two_visits_not_twenty_four(store_url: str) -> None:
    told = found(bookstores(), url=store_url)

    assert told["K2"] == (24, 12)  # in full for each licence
    assert told["K2-visits"] == (2, 12)
    twelfths = 2 * PARTS // 12
    assert told["K2-apportioned"] == told["K2-inherited"] == (12 * twelfths, 12 * PARTS)
    assert told["K2-package"] == (2, 1)
    assert (told["K3-package"], told["K4-package"]) == ((0, 1), (0, 1))


def test_packages_are_told_by_theme_and_cases_outside_of_them_as_of_none(store_url: str) -> None:
    told = found({**bookstores(), (A, "alone"): came("V1")}, "theme", url=store_url)

    assert told["K2"] == {"SHOPS": (24, 12), "none": (1, 1)}
    assert told["K2-inherited"] == {"SHOPS": (2 * PARTS, 12 * PARTS)}
    assert told["K2-package"] == {"SHOPS": (2, 1)}


@pytest.mark.parametrize("by", ["district", "hall", "tier", "channel", "month"])
def test_packages_are_told_by_what_is_known_of_them(by: str) -> None:
    told = found(bookstores(), by)

    known = {"district": A, "hall": HALL, "tier": "county", "channel": "window", "month": "2026-03"}
    assert told["K2-package"] == {known[by]: (2, 1)}


def test_the_cases_of_a_package_inherit_its_visits_alike_whichever_they_served() -> None:
    three = {
        (A, "c1"): came("V1", joins="P1"),
        (A, "c2"): came(joins="P1"),
        (A, "c3"): came(joins="P1"),
        (A, "P1"): package("c1", "c2", "c3"),
    }

    with reported_on(three) as tables:
        served, inherited = of_cases(tables, "K2-apportioned"), of_cases(tables, "K2-inherited")

    third = PARTS // 3
    assert served == {"c1": PARTS, "c2": 0, "c3": 0}
    assert inherited == {"c1": third, "c2": third, "c3": third}


def test_what_seventeen_cases_inherit_adds_up_to_the_visits_of_their_package() -> None:
    cases = [f"c{n:02}" for n in range(17)]
    population = {(A, case): came("V1", "V2", joins="P1") for case in cases} | {(A, "P1"): package(*cases)}

    with reported_on(population) as tables:
        inherited = of_cases(tables, "K2-inherited")

    assert sum(inherited.values()) == 2 * PARTS
    assert max(inherited.values()) - min(inherited.values()) == 1


def test_at_most_once_is_asked_of_the_package_not_of_its_cases() -> None:
    apart = {
        (A, "c1"): came("V1", joins="P1"),
        (A, "c2"): came("V2", joins="P1"),
        (A, "P1"): package("c1", "c2"),
        (A, "c3"): came("V3", joins="P2"),
        (A, "c4"): came("V3", joins="P2"),
        (A, "P2"): package("c3", "c4"),
    }

    told = found(apart)

    assert told["K3-case"] == (4, 4)
    assert (told["K2-package"], told["K3-package"]) == ((3, 2), (1, 2))


def test_a_package_nobody_came_for_is_zero_trips() -> None:
    online = life(begun(channel=WEBSITE), joined("P1"), accepted(), closed("03-06"), delivered("03-06", COURIER))

    told = found({(A, "c1"): online, (A, "P1"): package("c1")})

    assert (told["K2-package"], told["K3-package"], told["K4-package"]) == ((0, 1), (1, 1), (1, 1))


def test_a_correction_the_applicant_caused_is_a_visit_of_the_package_that_breaks_no_promise() -> None:
    corrected = life(
        begun(),
        joined("P1"),
        trip("03-02", "V1"),
        fact(CorrectionRequested, "03-02 10:00", by=CLERK, materials=("lease",)),
        trip("03-03", "V2", Cause.CORRECT),
        accepted("03-03"),
        closed("03-06"),
    )

    told = found({(A, "c1"): corrected, (A, "P1"): package("c1")})

    assert (told["K2-package"], told["K3-package"]) == ((2, 1), (1, 1))


def test_a_visit_that_corrected_one_case_and_handed_in_another_counts_against_the_promise() -> None:
    corrected = life(
        begun(),
        joined("P1"),
        trip("03-02", "V1"),
        fact(CorrectionRequested, "03-02 10:00", by=CLERK, materials=("lease",)),
        trip("03-03", "V2", Cause.CORRECT),
        accepted("03-03"),
        closed("03-06"),
    )
    paid = life(begun(), joined("P1"), accepted(), trip("03-02", "V1"), trip("03-03", "V2", Cause.PAY), closed("03-06"))

    told = found({(A, "c1"): corrected, (A, "c2"): paid, (A, "P1"): package("c1", "c2")})

    assert (told["K2-package"], told["K3-package"]) == ((2, 1), (0, 1))


def test_visits_outside_the_hall_that_the_matter_demanded_are_the_packages_too() -> None:
    bank = fact(TripMade, "03-03 09:00", visit="V2", visitor=Visitor.APPLICANT, place=Place.OUTSIDE, cause=Cause.OTHER)
    told = found(
        {
            (A, "c1"): life(begun(), joined("P1"), trip("03-02", "V1"), accepted(), bank, closed("03-06")),
            (A, "P1"): package("c1"),
        }
    )

    assert told["K2-package"] == (2, 1)


def test_packages_count_once_they_are_closed_if_they_were_accepted() -> None:
    population = {
        (A, "c1"): came("V1", joins="P1"),
        (A, "P1"): package("c1", closed=None),
        (A, "c2"): life(begun(), joined("P2"), trip("03-02", "V2"), WITHDRAWN),
        (A, "P2"): package("c2", accepted=None),
        (A, "c3"): came("V3", joins="P3"),
        (A, "P3"): package("c3", closed="04-01"),
    }

    assert found(population)["K2-package"] == (0, 0)


def test_a_withdrawn_case_brings_its_package_no_visit_and_inherits_none() -> None:
    population = {
        (A, "c1"): came("V1", joins="P1"),
        (A, "c2"): life(begun(), joined("P1"), trip("03-02", "V2"), WITHDRAWN),
        (A, "c3"): life(begun(), joined("P1"), WITHDRAWN),
        (A, "P1"): package("c1", "c2", "c3"),
    }

    told = found(population)

    assert told["K2-package"] == (1, 1)
    assert told["K2-inherited"] == (PARTS, PARTS)


# --- Cases that were never opened ---

WAITS: Final = (fact(CaseJoined, "03-02 08:30", by=CLERK, package="P1", theme="SHOPS", visits_promised=2, waiting=True),)
DROPPED: Final = (*WAITS, fact(ConditionLapsed, "03-06 16:00", prerequisite="c1"))
VOID: Final = life(begun(), joined("P1"), fact(CaseVoided, "03-03 09:00", outcome=Outcome.VOIDED, reason="twice"))

DELETED: Final = life(begun(), joined("P1"), closed("03-03", Outcome.DELETED))


@pytest.mark.parametrize(
    "others",
    [
        pytest.param((WAITS,), id="one waits"),
        pytest.param((DROPPED,), id="one was dropped"),
        pytest.param((DROPPED, DROPPED, DROPPED, DROPPED), id="all were dropped but one"),
        pytest.param((life(begun(), joined("P1"), WITHDRAWN), WAITS), id="one withdrawn, one waits"),
        pytest.param((VOID, DROPPED), id="one void, one dropped"),
        pytest.param((DELETED, DROPPED), id="one deleted, one dropped"),
    ],
)
def test_visits_are_shared_out_among_the_cases_that_were_opened(others: tuple[Life, ...]) -> None:
    """domain.md §4: sub-cases inherit by 1/N, and the shares add up to the visits made."""
    members = {"c1": came("V1", "V2", joins="P1"), **{f"d{n}": one for n, one in enumerate(others)}}
    population = {(A, case): one for case, one in members.items()} | {(A, "P1"): package(*members)}

    with reported_on(population) as tables:
        told = fractions(figures(tables, *MARCH))
        rows = of_cases(tables, "K2-inherited"), of_cases(tables, "K2-apportioned")

    assert told["K2-package"] == (2, 1)
    assert told["K2-inherited"] == told["K2-apportioned"] == (2 * PARTS, PARTS)
    assert rows == ({"c1": 2 * PARTS}, {"c1": 2 * PARTS})


def test_a_case_opened_later_takes_its_share_from_then_on() -> None:
    first, running = came("V1", joins="P1"), life(begun("03-05"), joined("P1"), accepted("03-05"))

    def inherited(second: Life) -> tuple[int, int | None]:
        return found({(A, "c1"): first, (A, "c2"): second, (A, "P1"): package("c1", "c2", closed=None)})["K2-inherited"]

    assert inherited(WAITS) == (PARTS, PARTS)
    assert inherited((*WAITS, *running)) == (PARTS // 2, PARTS)


def test_a_visit_for_a_case_that_was_never_opened_is_nobodys_share() -> None:
    """Where a district counts what came before the application, a case nobody applied for has had trips, and no figure."""
    strict = DistrictRule(count_before_application=True)
    population = {
        (A, "c1"): came("V1", joins="P1"),
        (A, "c2"): (*DROPPED, trip("03-02", "V1", Cause.CONSULT), trip("03-03", "V2", Cause.CONSULT)),
        (A, "P1"): package("c1", "c2"),
    }

    told = found(population, rule=strict)

    assert (told["K2-inherited"], told["K2-apportioned"], told["K2-package"]) == ((PARTS, PARTS), (PARTS, PARTS), (1, 1))
