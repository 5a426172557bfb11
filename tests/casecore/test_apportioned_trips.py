"""Apportioned trips (1/k): over all cases they add up to the visits made, exactly, whatever visit served which cases."""

import random
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction
from typing import Final, NamedTuple

import pytest
from support.story import CLERK, OFFICER, fact, moment, received

from casecore import (
    Cause,
    CountedTrip,
    DeliveryMethod,
    DistrictRule,
    Place,
    ResultDelivered,
    TripMade,
    Visitor,
    count_trips,
    fold,
)
from casecore.reading.trips import apportion

ASSIGNMENTS: Final = 100_000
CASES: Final = 20_000
VISITS: Final = 40_000
NO_STEPS: Final = DistrictRule(near_visits_gross=False)
"""A district in which two steps are no trip (两步路)."""
RECEIVED: Final = received("03-02 09:00")
BEGINS: Final = moment("03-02 09:00")
DONE: Final = fact(ResultDelivered, "03-12 09:00", method=DeliveryMethod.WINDOW)


class Came(NamedTuple):
    """One visit, the same for every case it served."""

    visitor: Visitor
    place: Place
    day: int
    """Days after the receipt; the result was received on the tenth, where the case has one."""

    def counts(self, rule: DistrictRule, *, done: bool) -> bool:
        """Whether it is a trip of a case: the rules of domain.md §4, written down once more."""
        if self.visitor is Visitor.HALL_AGENT or self.place is Place.HOME:
            return False
        near = self.place in (Place.VILLAGE_POINT, Place.COMMUNITY_KIOSK)
        return not (done and self.day > 10) and (rule.near_visits_gross or not near)


class Town(NamedTuple):
    """Who came when, for which cases."""

    visits: dict[str, Came]
    served: list[tuple[str, str]]
    """Visit and case; some pairs stand here twice, as imports have them."""
    done: frozenset[str]
    """Cases whose result was received."""

    def counted(self, rule: DistrictRule) -> dict[str, tuple[CountedTrip, ...]]:
        """Every case's ledger, by the rules of the heart over its facts."""
        made: dict[str, list[TripMade]] = defaultdict(list)
        for visit, case in self.served:
            came = self.visits[visit]
            at = BEGINS + timedelta(days=came.day)
            made[case].append(
                TripMade(at=at, by=CLERK, visit=visit, visitor=came.visitor, place=came.place, cause=Cause.SIGN)
            )
        return {
            case: count_trips(fold([RECEIVED, *trips, *([DONE] if case in self.done else [])]), rule)
            for case, trips in made.items()
        }

    def gross_visits(self, rule: DistrictRule) -> int:
        """How many visits were a trip of any case."""
        return len({visit for visit, case in self.served if self.visits[visit].counts(rule, done=case in self.done)})


@pytest.fixture(scope="module")
def town() -> Town:
    dice = random.Random(20260302)  # noqa: S311 - the same town each time
    visitors, places = list(Visitor), list(Place)
    visits = {f"V{n}": Came(dice.choice(visitors), dice.choice(places), dice.randrange(20)) for n in range(VISITS)}
    served = [(f"V{dice.randrange(VISITS)}", f"C{dice.randrange(CASES)}") for _ in range(ASSIGNMENTS)]
    return Town(visits, served, frozenset(f"C{n}" for n in range(0, CASES, 3)))


@pytest.mark.slow
@pytest.mark.parametrize("rule", [DistrictRule(), NO_STEPS], ids=["every visit", "no near visits"])
def test_apportioned_trips_of_all_cases_add_up_to_the_visits_made(town: Town, rule: DistrictRule) -> None:
    cases = town.counted(rule)

    shares = apportion(cases)

    assert len(town.served) == ASSIGNMENTS
    assert shares.keys() == cases.keys()
    assert sum(shares.values()) == town.gross_visits(rule) > VISITS // 4
    assert all((share > 0) == any(one.gross for one in cases[case]) for case, share in shares.items())


def divided_among(cases: Mapping[str, tuple[CountedTrip, ...]], k: Mapping[str, int]) -> Fraction:
    """What the shares of all cases add up to, each gross trip counting 1/k."""
    return sum((Fraction(1, k[one.trip.visit]) for trips in cases.values() for one in trips if one.gross), Fraction())


@pytest.mark.slow
def test_a_wrong_k_does_not_add_up(town: Town) -> None:
    """The control: each of these divides by what looks like k, and the sum above tells each of them apart."""
    rule = DistrictRule()
    cases, visits = town.counted(rule), town.gross_visits(rule)
    once = {case: tuple({one.trip.visit: one for one in trips}.values()) for case, trips in cases.items()}

    k = Counter(one.trip.visit for trips in once.values() for one in trips if one.gross)
    told = Counter(visit for visit, _ in town.served)
    all_served = Counter(one.trip.visit for trips in once.values() for one in trips)

    assert divided_among(once, k) == visits
    assert divided_among(cases, k) == visits, "a case that stands twice at a visit has it counted once"
    assert divided_among(once, all_served) < visits, "cases of which the visit is no trip take a share"
    assert divided_among(once, told) < visits, "every line counts as a case"
    assert divided_among(once, Counter(dict.fromkeys(k, 1))) > visits, "every case counts the visit in full (K2)"


def test_a_case_alone_at_its_visit_has_it_whole_and_three_have_a_third_each() -> None:
    def ledger(*visits: str) -> tuple[CountedTrip, ...]:
        came = {"visitor": Visitor.APPLICANT, "place": Place.HALL, "cause": Cause.SIGN}
        return count_trips(fold([RECEIVED, *(fact(TripMade, "03-03 09:00", by=OFFICER, visit=v, **came) for v in visits)]))

    assert apportion({"A": ledger("V1", "V2"), "B": ledger("V2"), "C": ledger("V2"), "D": ledger()}) == {
        "A": Fraction(4, 3),
        "B": Fraction(1, 3),
        "C": Fraction(1, 3),
        "D": Fraction(),
    }
