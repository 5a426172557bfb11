"""Trips that could have been spared (可避免跑动): figure and trip list are one reading, of a package's promise too."""

from random import Random
from typing import Final

import pytest
from support.populations import (
    MARCH,
    WEBSITE,
    A,
    Life,
    Population,
    accepted,
    begun,
    by_group,
    closed,
    figures,
    fractions,
    joined,
    life,
    package,
    reported_on,
    trip,
)
from support.story import CITIZEN, CLERK, fact

from adapters.calendar_toml import shipped_calendars
from casecore import (
    CaseFile,
    CaseVoided,
    CaseWithdrawn,
    Cause,
    CausedBy,
    CorrectionRequested,
    Outcome,
    PackageFile,
    TripMade,
    TripVerdict,
    fold_stream,
)
from casecore.books import Books
from projections.explaining.trip_list import Served, TripList, trip_list_of_package

WITHDRAWN: Final = fact(CaseWithdrawn, "03-05 09:00", by=CITIZEN, reason="moved")
VOIDED: Final = fact(CaseVoided, "03-07 09:00", outcome=Outcome.DELETED, reason="twice")
SPARED: Final = (TripVerdict.AGENCY, TripVerdict.OPTIONAL)


def member(*events: object, ended: object = None) -> Life:
    """A case of the package P, accepted and closed on 6 March, with what happened between."""
    return life(begun(channel=WEBSITE), joined("P"), accepted(), *events, closed("03-06") if ended is None else ended)  # type: ignore[arg-type]


def notice(when: str, **rest: object) -> CorrectionRequested:
    return fact(CorrectionRequested, f"{when} 08:00", by=CLERK, materials=("lease",), **rest)


def of(*members: Life, visits: int = 2) -> Population:
    cases = {f"c{n}": one for n, one in enumerate(members)}
    return {**{(A, case): one for case, one in cases.items()}, (A, "P"): package(*cases, visits_promised=visits)}


def listed(population: Population) -> TripList:
    """The trip list of P."""
    files = {stream: fold_stream(events) for (_, stream), events in population.items()}
    whole = files.pop("P")
    assert isinstance(whole, PackageFile)
    members = {case: file for case, file in files.items() if isinstance(file, CaseFile)}
    return trip_list_of_package(A, "P", whole, members, Served({}), Books(shipped_calendars()))


def spared(found: TripList) -> tuple[int, int]:
    """Of the visits that count, how many could have been spared, and how many there were."""
    counted = [line.visit for line in found.lines if line.visit.gross]
    return sum(visit.verdict in SPARED for visit in counted), len(counted)


def avoidable(population: Population, url: str = "memory:") -> tuple[int, int | None]:
    """The same as the figure tells it; what the package's own figures tell agrees with its list as well."""
    with reported_on(population, url=url) as tables:
        told = fractions(figures(tables, *MARCH))
    totals = listed(population).totals
    ended = [fold_stream(events) for (_, stream), events in population.items() if stream != "P"]
    if any(isinstance(file, CaseFile) and file.counted for file in ended):
        assert (told["K2-package"], told["K3-package"]) == ((totals.gross, 1), (int(totals.net <= 1), 1))
    else:
        assert told["K2-package"] == told["K3-package"] == (0, 0)
    assert told["K2-avoidable"] == spared(listed(population))
    return told["K2-avoidable"]


def test_the_third_visit_of_a_package_that_promises_two_could_have_been_spared(store_url: str) -> None:
    """S3 通州: submitted once for two stores, and each collected apart. No case by itself had more than two visits."""
    stores = of(
        member(trip("03-02", "V1"), trip("03-05", "V2", Cause.COLLECT)),
        member(trip("03-02", "V1"), trip("03-06", "V3", Cause.COLLECT)),
    )

    assert avoidable(stores, store_url) == (1, 3)
    assert [line.visit.verdict for line in listed(stores).lines] == [
        TripVerdict.PROMISED,
        TripVerdict.PROMISED,
        TripVerdict.OPTIONAL,
    ]


def test_a_package_with_no_more_visits_than_promised_could_have_spared_none() -> None:
    one_case_came_twice = of(member(trip("03-02", "V1"), trip("03-05", "V2", Cause.SIGN)), member(), visits=3)

    assert avoidable(one_case_came_twice) == (0, 2)


def test_where_a_package_promises_none_every_visit_could_have_been_spared() -> None:
    assert avoidable(of(member(trip("03-02", "V1")), member(trip("03-02", "V1")), visits=0)) == (1, 1)


@pytest.mark.parametrize("ended", [WITHDRAWN, VOIDED, closed("03-05", Outcome.VOIDED)], ids=lambda one: type(one).__name__)
def test_the_visits_of_a_member_that_counts_nowhere_use_up_no_promise(ended: object) -> None:
    gone = member(trip("03-02", "V1"), trip("03-03", "V2"), trip("03-04", "V3"), ended=ended)
    stays = member(trip("03-02", "V1"), trip("03-05", "V4", Cause.COLLECT))

    assert avoidable(of(gone, stays)) == (0, 2)
    assert {line.visit.visit: line.visit.gross for line in listed(of(gone, stays)).lines} == {
        "V1": True,
        "V2": False,
        "V3": False,
        "V4": True,
    }


def test_a_visit_shared_by_every_member_is_one_visit() -> None:
    five = [member(trip("03-02", "V1"), trip("03-04", "V2", Cause.COLLECT))] * 5

    assert avoidable(of(*five)) == (0, 2)
    assert avoidable(of(*five, visits=1)) == (1, 2)


def test_a_repeat_the_agency_caused_is_avoidable_and_uses_up_no_promise() -> None:
    badly = (notice("03-03", complete=False), trip("03-04", "V2", Cause.CORRECT))
    told_badly = member(trip("03-02", "V1"), *badly, trip("03-05", "V3", Cause.SIGN))
    told_well = member(trip("03-02", "V1"), notice("03-03"), trip("03-04", "V4", Cause.CORRECT))

    assert avoidable(of(told_badly, told_well)) == (1, 4)


def test_a_visit_one_member_needed_was_needed_whatever_else_was_put_right_in_it() -> None:
    agencys = member(notice("03-03", caused_by=CausedBy.AGENCY), trip("03-04", "V2", Cause.CORRECT))

    assert avoidable(of(agencys, member(trip("03-02", "V1"), trip("03-04", "V2", Cause.SIGN)))) == (0, 2)
    assert avoidable(of(agencys, member(trip("03-02", "V1")))) == (1, 2)


def test_within_a_day_the_hour_says_which_visit_was_beyond_the_promise() -> None:
    def came(hour: int, visit: str) -> TripMade:
        made = trip("03-02", visit, Cause.SIGN)
        return fact(TripMade, f"03-02 {hour:02}:00", visit=visit, visitor=made.visitor, place=made.place, cause=made.cause)

    def at(item: str, *trips: TripMade) -> Life:
        return life(begun(), joined("P"), accepted(), *trips, closed("03-06"), item=item)

    stores = of(at("FOOD", came(16, "A"), came(11, "C")), at("BUILD", came(15, "B")))

    assert avoidable(stores) == (1, 3)
    with reported_on(stores) as tables:
        assert by_group(figures(tables, *MARCH, "item"), "K2-avoidable") == {"BUILD": (0, 1), "FOOD": (1, 2)}


def test_a_package_is_measured_when_it_is_closed_and_a_case_of_none_by_itself() -> None:
    alone = life(begun(), accepted(), trip("03-02", "W1"), trip("03-04", "W2", Cause.PAY), closed("03-06"))
    running = {**of(member(trip("03-02", "V1"))), (A, "P"): package("c0", closed=None)}
    elsewhere = life(begun(), joined("Q", visits=1), accepted(), trip("03-02", "X1"), trip("03-04", "X2"), closed("03-06"))

    for population, wanted in (
        (running, (0, 0)),
        ({(A, "alone"): alone}, (1, 2)),
        ({**running, (A, "alone"): alone}, (1, 2)),
        ({(A, "elsewhere"): elsewhere}, (1, 2)),  # of a package nobody opened here
    ):
        with reported_on(population) as tables:
            assert fractions(figures(tables, *MARCH))["K2-avoidable"] == wanted


@pytest.mark.parametrize("seed", range(40))
def test_figure_and_list_of_random_packages_agree(seed: int) -> None:
    dice = Random(seed)  # noqa: S311 - an example, no secret

    def any_life() -> Life:
        events: list[object] = []
        for day in range(2, dice.randrange(3, 10)):
            when = f"03-{day:02}"
            if dice.random() < 0.3:
                events.append(notice(when, complete=dice.random() < 0.6, caused_by=dice.choice(list(CausedBy))))
            if dice.random() < 0.6:
                cause = dice.choice([Cause.CORRECT, Cause.CORRECT, Cause.SIGN, Cause.COLLECT, Cause.CONSULT])
                events.append(trip(when, f"{dice.choice('ABC')}{day}", cause))
        ended = dice.choice([None, None, None, WITHDRAWN, VOIDED])
        return member(*events, ended=ended)

    avoidable(of(*(any_life() for _ in range(dice.randrange(1, 5))), visits=dice.randrange(4)))
