"""One visit of two applicants, halls or days: refused live, and found where an import or an old history tells it."""

from typing import Any, Final

import pytest
from support.followed import A, World
from support.story import CLERK, HALL, day, fact, moment, received

from adapters.auditing import Wanted, findings
from casecore import (
    ApplicantKind,
    Cause,
    FindingCode,
    History,
    OpenVisit,
    Place,
    Reason,
    Receipt,
    ReceiveCase,
    RecordTrip,
    Refused,
    Source,
    TripMade,
    Visit,
    Visitor,
    visit_id,
)

AT: Final = moment("12-30 17:00")
OTHER_HALL: Final = "Yard 7"
WANTED: Final = Wanted(codes=(FindingCode.VISIT_CONTRADICTED,))


def imported(world: World, case: str, on: str = "03-02", **rest: Any) -> None:
    """A case and its trip, as another program told them."""
    taken = received(f"{on} 09:00", applicant=rest.pop("applicant", "Li Lei"), hall=rest.pop("received_at", HALL))
    came = {"visit": "V-1", "visitor": Visitor.APPLICANT, "place": Place.HALL, "cause": Cause.SUBMIT, **rest}
    history = History(case, f"import-{case}", (taken, fact(TripMade, f"{on} 09:00", **came)), Source("old", "cases.csv", 1))
    (found,) = world.engine().record([history])
    assert isinstance(found, Receipt)


def taken_in(world: World, case: str, when: str = "2026-03-02 09:30", **rest: Any) -> Receipt | Refused:
    """A case received live, with a visit."""
    given = {"applicant": "Li Lei", "applicant_kind": ApplicantKind.PERSON, "hall": HALL, "item": "FOOD", **rest}
    visit = given.pop("visit", Visit(visit="A1"))
    return world.engine().handle(ReceiveCase(case=case, by=CLERK, at=moment(when), visit=visit, **given))


def found(world: World) -> list[tuple[str, str, tuple[str, ...]]]:
    audit = findings([world.engine(A)], AT, WANTED)
    assert audit.unreadable == ()
    return [(one.case, one.sentence, one.cases) for one in audit.findings]


# imported and old histories


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"applicant": "Han Mei"}, "2 applicants in person (Han Mei, Li Lei)"),
        ({"on": "03-03"}, "2 days (2026-03-02, 2026-03-03)"),
        ({"received_at": OTHER_HALL}, f"2 halls ({HALL}, {OTHER_HALL})"),
        (
            {"applicant": "Han Mei", "on": "03-03"},
            "2 days (2026-03-02, 2026-03-03), of 2 applicants in person (Han Mei, Li Lei)",
        ),
    ],
    ids=["applicants", "days", "halls", "applicants and days"],
)
def test_an_imported_visit_that_cannot_have_been_one_is_a_finding(
    world: World, other: dict[str, Any], sentence: str
) -> None:
    imported(world, "one")
    imported(world, "two", **other)

    (only,) = found(world)
    assert only == ("two", f"one visit V-1 of {sentence}: trip figures take it for one", ("one", "two"))


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"applicant": "Han Mei", "visitor": Visitor.OWN_AGENT},
        {"applicant": "Han Mei", "visitor": Visitor.HALL_AGENT},
        {"applicant": "Han Mei", "place": Place.HOME},
        {"applicant": None},
        {"on": "03-03", "visit": "V-2"},
    ],
    ids=["same", "proxy", "agent", "home", "nobody knows", "another"],
)
def test_whoever_comes_for_several_or_is_not_known_contradicts_nobody(world: World, other: dict[str, Any]) -> None:
    imported(world, "one")
    imported(world, "two", **other)

    assert found(world) == []


def test_an_imported_trip_is_held_against_what_its_own_id_says(world: World) -> None:
    named = visit_id(HALL, day("03-02"), "A1")
    imported(world, "one", visit=named, hall=HALL)
    imported(world, "two", visit=visit_id(HALL, day("03-02"), "A2"), hall=HALL, on="03-03")
    imported(world, "six", visit=visit_id(HALL, day("03-02"), "A3"), hall=OTHER_HALL)

    assert [case for case, _, _ in found(world)] == ["two", "six"]


def test_an_imported_trip_is_held_against_the_live_visit_it_names(world: World) -> None:
    named = visit_id(HALL, day("03-02"), "A1")
    assert isinstance(taken_in(world, "live"), Receipt)
    imported(world, "told", visit=named, hall=HALL, applicant="Han Mei")

    (only,) = found(world)
    assert (only[0], only[2]) == ("told", ("told", "live"))


def test_as_many_applicants_may_come_as_are_said_to_have_come(world: World) -> None:
    named = visit_id(HALL, day("03-02"), "A1")
    arrived = OpenVisit(hall=HALL, on=day("03-02"), number="A1", by="gate", at=moment("03-02 09:00"), persons=2)
    assert isinstance(world.engine().handle(arrived), Receipt)
    assert isinstance(taken_in(world, "live"), Receipt)
    imported(world, "told", visit=named, hall=HALL, applicant="Han Mei")

    assert found(world) == []


# live


@pytest.mark.parametrize(
    "again", [{"case": "C1"}, {"case": "C2", "when": "2026-03-02 16:00"}], ids=["at once", "later that day"]
)
def test_one_visit_of_two_applicants_in_person_is_refused(world: World, again: dict[str, Any]) -> None:
    assert isinstance(taken_in(world, "C0"), Receipt)

    refused = taken_in(world, applicant="Han Mei", **again)

    assert isinstance(refused, Refused)
    assert (refused.reason, refused.named) == (Reason.TWO_APPLICANTS, "Li Lei")
    assert refused.case == f"{HALL}/2026-03-02/A1"
    assert world.engine().history(again["case"]) == [], "nothing is half-written"


@pytest.mark.parametrize(
    "other",
    [
        {"when": "2026-03-03 09:30", "applicant": "Han Mei"},
        {"hall": OTHER_HALL, "applicant": "Han Mei"},
        {"visit": Visit(visit="A1", hall=OTHER_HALL), "applicant": "Han Mei"},
        {"visit": Visit(visit="A2"), "applicant": "Han Mei"},
        {"visit": Visit(visit="A1/2026", hall=HALL), "applicant": "Han Mei"},
    ],
    ids=["day", "hall", "said hall", "number", "a number with the separator"],
)
def test_the_number_of_another_day_or_hall_is_another_visit_of_whomever(world: World, other: dict[str, Any]) -> None:
    assert isinstance(taken_in(world, "C0"), Receipt)
    assert isinstance(taken_in(world, "C1", **other), Receipt)

    visits = [world.engine().file(case).trips[0].visit for case in ("C0", "C1")]
    assert len(set(visits)) == 2
    assert found(world) == []


def test_an_act_told_late_by_another_applicant_is_refused_too(world: World) -> None:
    assert isinstance(taken_in(world, "C0"), Receipt)
    assert isinstance(taken_in(world, "C1", applicant="Han Mei", visit=None), Receipt)

    late = RecordTrip(case="C1", by=CLERK, at=moment("2026-03-02 10:00"), visit="A1", cause=Cause.SIGN)

    refused = world.engine().handle(late)
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.TWO_APPLICANTS
