"""Visits as rows, and person-times, visits in vain and consultations worked out by hand, on every database."""

from datetime import date
from typing import Any, Final

import pytest
from support.populations import A, B, Population, by_group, day, figures, fractions, reported_on
from support.story import CLERK, fact

from adapters.district_books import shipped_books
from casecore import (
    CaseServed,
    Cause,
    Need,
    Place,
    Purpose,
    VainReason,
    VisitLeft,
    VisitOpened,
    Visitor,
    fold_stream,
    visit_id,
)
from casecore.recorded import Event
from projections.projection import subject_of
from projections.visit_facts import VISIT_FACTS, VisitFact

H1, H2 = "Chengbei Hall", "Yard 7"


def came(when: str, hall: str = H1, **rest: Any) -> VisitOpened:
    return fact(VisitOpened, when, by="gate", hall=hall, number="A1", **rest)


def served(when: str, case: str = "c1", cause: Cause = Cause.SUBMIT, hall: str = H1, **rest: Any) -> CaseServed:
    who = {"visitor": Visitor.APPLICANT, "place": Place.HALL, "applicant": "Li Lei"}
    return fact(CaseServed, when, by=CLERK, hall=hall, number="A1", case=case, cause=cause, **{**who, **rest})


def left(when: str, **rest: Any) -> VisitLeft:
    return fact(VisitLeft, when, by="gate", **rest)


def row(*events: Event, stream: str = f"{H1}/2026-03-02/A1") -> VisitFact | None:
    file = fold_stream(events)
    assert file is not None
    return next(iter(VISIT_FACTS.rows(subject_of(shipped_books(), A, stream, file))), None)


# rows


def test_a_visit_is_one_row_that_says_who_came_when_and_what_for() -> None:
    arrived = came(
        "03-02 09:05", persons=2, purpose=Purpose.HANDLE, items=("FOOD", "TAXI"), needs=(Need.FOREIGN_LANGUAGE,), device="G1"
    )

    found = row(arrived, served("03-02 09:20"), served("03-02 09:40", cause=Cause.PAY), served("03-02 09:50", "c2"),
                left("03-02 10:15"))  # fmt: skip

    assert found == VisitFact(
        log=A,
        visit_id=f"{H1}/2026-03-02/A1",
        stream_version=5,
        hall=H1,
        came_on=day("03-02"),
        number="A1",
        came_at="09:05",
        left_at="10:15",
        minutes=70,
        arrival_told=1,
        persons=2,
        person_times=2,
        visitor="applicant",
        place="hall",
        purpose="handle",
        consultation=0,
        items="FOOD,TAXI",
        needs="foreign_language",
        cases=2,
        acts=3,
        ended=1,
        in_vain=0,
        vain_reason=None,
        swiped=0,
        kiosk=0,
        device="G1",
    )


def test_a_visit_nobody_told_of_begins_with_its_first_act_and_is_of_one_person() -> None:
    found = row(served("03-02 09:40", cause=Cause.PAY), served("03-02 09:20"))

    assert found is not None
    assert (found.came_at, found.left_at, found.minutes) == ("09:20", None, None)
    assert (found.arrival_told, found.persons, found.person_times, found.purpose) == (0, 1, 1, None)


@pytest.mark.parametrize(
    ("event", "times"),
    [
        (came("03-02 09:00", persons=3, visitor=Visitor.OWN_AGENT), 3),
        (came("03-02 09:00", persons=3, place=Place.VILLAGE_POINT), 3),
        (came("03-02 09:00", persons=3, visitor=Visitor.HALL_AGENT), 0),
        (served("03-02 09:00", place=Place.HOME), 0),
        (served("03-02 09:00", place=Place.OUTSIDE), 0),
    ],
    ids=["own agent", "village point", "hall agent", "at home", "outside"],
)
def test_only_those_who_come_for_a_matter_of_theirs_are_counted(event: Event, times: int) -> None:
    found = row(event)

    assert found is not None
    assert found.person_times == times


@pytest.mark.parametrize(
    ("events", "advice"),
    [
        ((came("03-02 09:00", purpose=Purpose.CONSULT),), 1),
        ((came("03-02 09:00", purpose=Purpose.CONSULT), served("03-02 09:10")), 1),
        ((came("03-02 09:00", purpose=Purpose.HANDLE), served("03-02 09:10", cause=Cause.CONSULT)), 0),
        ((came("03-02 09:00"), served("03-02 09:10", cause=Cause.CONSULT)), 1),
        ((served("03-02 09:10", cause=Cause.CONSULT),), 1),
        ((served("03-02 09:10", cause=Cause.CONSULT), served("03-02 09:20")), 0),
        ((came("03-02 09:00"),), 0),
    ],
)
def test_a_consultation_is_what_they_said_they_came_for_else_what_they_got(events: tuple[Event, ...], advice: int) -> None:
    found = row(*events)

    assert found is not None
    assert found.consultation == advice


def test_a_visit_in_vain_says_why_and_an_entry_by_card_to_machines_that_it_was_one() -> None:
    gate = {"place": Place.HALL_KIOSK, "purpose": Purpose.SELF_SERVICE, "id_hash": "ab" * 32, "device": "K-7"}

    found = row(came("03-02 22:00", **gate), left("03-02 22:10", in_vain=VainReason.SYSTEM_DOWN))

    assert found is not None
    assert (found.in_vain, found.vain_reason, found.ended) == (1, "system_down", 1)
    assert (found.swiped, found.kiosk, found.device) == (1, 1, "K-7")


# figures


def there(hall: str, on: date, number: str) -> str:
    return visit_id(hall, on, number)


POPULATION: Final[Population] = {
    # two came together for one case
    (A, there(H1, day("03-02"), "A1")): (came("03-02 09:00", persons=2), served("03-02 09:10"), left("03-02 09:40")),
    # the same number on another day: in vain, the papers were missing
    (A, there(H1, day("03-03"), "A1")): (
        came("03-03 09:00"), left("03-03 09:05", in_vain=VainReason.PAPERS_MISSING),
    ),
    # for advice, and nobody told that they left
    (A, there(H1, day("03-04"), "A1")): (came("03-04 09:00", persons=3, purpose=Purpose.CONSULT),),
    # an agent of the hall, who counts for nobody
    (A, there(H1, day("03-05"), "A1")): (served("03-05 09:00", visitor=Visitor.HALL_AGENT),),
    # the same number in another hall, nobody told of the arrival
    (A, there(H2, day("03-02"), "A1")): (served("03-02 11:00", hall=H2),),
    # in April, in vain
    (A, there(H2, day("04-01"), "A1")): (came("04-01 09:00", hall=H2), left("04-01 09:30", in_vain=VainReason.CLOSED)),
    (B, there(H1, day("03-02"), "A1")): (served("03-02 09:00", cause=Cause.CONSULT),),
}  # fmt: skip


def test_person_times_visits_in_vain_and_consultations_are_what_was_worked_out_by_hand(store_url: str) -> None:
    with reported_on(POPULATION, url=store_url) as tables:
        whole = fractions(figures(tables, None, None), "V1", "V2", "V3", "V4")
        march = fractions(figures(tables, day("03-01"), day("03-31")), "V1", "V2", "V3", "V4")
        halls, months, districts = (figures(tables, None, None, by) for by in ("hall", "month", "district"))

    # 2 + 1 + 3 + 1 + 1 + 1; six visits, of which it is known of five how they ended, two of them in vain
    assert whole == {"V1": (9, None), "V2": (6, None), "V3": (2, 5), "V4": (2, None)}
    assert march == {"V1": (8, None), "V2": (5, None), "V3": (1, 4), "V4": (2, None)}
    assert by_group(halls, "V1") == {H1: (7, None), H2: (2, None)}
    assert by_group(halls, "V3") == {H1: (1, 3), H2: (1, 2)}
    assert by_group(months, "V2") == {"2026-03": (5, None), "2026-04": (1, None)}
    assert by_group(districts, "V4") == {A: (1, None), B: (1, None)}


def test_a_visit_is_no_case_and_cannot_be_grouped_as_one() -> None:
    with reported_on(POPULATION) as tables:
        found = figures(tables, None, None, "department")

    assert by_group(found, "V1") == {}
