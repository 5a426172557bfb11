"""Visits: streams of their own, opened by arriving, served by cases, left; the hall's number holds for one hall and day."""

import unicodedata
from datetime import date
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.refusal_scenes import CAME, GONE_AGAIN, IN_VAIN, SERVED, come, serve
from support.story import FOOD, HALL, TICKET, Story, ask, day, fact, moment, scoped

from casecore import (
    BadInput,
    CaseServed,
    Cause,
    Flaw,
    LeaveVisit,
    Need,
    Place,
    Purpose,
    Reason,
    VainReason,
    VisitFile,
    VisitLeft,
    VisitOpened,
    Visitor,
    VisitStage,
    visit_id,
    visit_name,
)
from casecore.door import check_id
from casecore.fact import Fact
from casecore.kinds import VISIT
from casecore.testing import Answer
from casecore.visit_ids import VisitName


def visit(*facts: Fact) -> Story:
    return Story(*facts, file=VISIT.new)


def leave(when: str = "03-02 10:00", **rest: Any) -> LeaveVisit:
    return ask(LeaveVisit, when, **rest)


# the id

IDS: Final = st.text(st.characters(codec="utf-8", categories=("L", "M", "N", "P", "S")), min_size=1, max_size=30).map(
    lambda text: unicodedata.normalize("NFC", text)
)
PARTS: Final = st.tuples(
    IDS | st.text("/%2F5a", min_size=1, max_size=6), st.dates(), IDS | st.text("/%2F5a", min_size=1, max_size=6)
)


def test_tuesdays_number_is_not_wednesdays_nor_another_halls() -> None:
    tuesday, wednesday = date(2026, 3, 3), date(2026, 3, 4)

    assert visit_id("H1", tuesday, "A023") == "H1/2026-03-03/A023"
    assert len({visit_id(hall, on, "A023") for hall in ("H1", "H2") for on in (tuesday, wednesday)}) == 4


@given(PARTS)
def test_the_parts_of_a_visit_are_read_back_from_its_id(parts: tuple[str, date, str]) -> None:
    assert visit_name(visit_id(*parts)) == VisitName(*parts)


@given(PARTS, PARTS)
def test_no_two_visits_have_one_id(one: tuple[str, date, str], other: tuple[str, date, str]) -> None:
    assert (visit_id(*one) == visit_id(*other)) == (one == other)


@given(PARTS)
def test_what_the_door_lets_in_makes_an_id_it_lets_in(parts: tuple[str, date, str]) -> None:
    check_id(visit_id(*parts), "visit")


@pytest.mark.parametrize(
    "stream", ["V-1", "", "H1/2026-03-03", "H1/today/A1", "H1/2026-03-03/A1/2", "H%2f/2026-03-03/A", "A%/2026-03-03/B"]
)
def test_what_is_no_id_of_a_visit_is_nobodys_name(stream: str) -> None:
    assert visit_name(stream) is None


def test_hall_and_number_that_are_too_long_together_stay_outside() -> None:
    with pytest.raises(BadInput) as outside:
        visit_id("H" * 100, date(2026, 3, 3), "A" * 100)

    assert outside.value.code is Flaw.IDENTIFIER_LENGTH


# arriving


def test_somebody_comes_without_any_case() -> None:
    asked = come(
        purpose=Purpose.CONSULT, person="Anna", persons=2, items=(FOOD,), needs=(Need.SIGN_LANGUAGE,), device="G1", by="gate"
    )

    after = visit().when(asked).then(
        VisitOpened(
            at=moment("03-02 09:00"), by="gate", hall=HALL, number=TICKET, visitor=Visitor.APPLICANT, place=Place.HALL,
            purpose=Purpose.CONSULT, person="Anna", persons=2, items=(FOOD,), needs=(Need.SIGN_LANGUAGE,), device="G1",
        )
    )  # fmt: skip

    assert after.file.stage is VisitStage.OPEN
    assert (after.file.persons, after.file.person_times, after.file.cases) == (2, 2, ())


def test_the_command_names_the_stream_by_hall_day_and_number() -> None:
    assert come().stream == scoped(TICKET)


def test_nobody_comes_twice_under_one_number() -> None:
    visit(CAME).when(come("03-02 11:00")).refused(Reason.VISIT_OPENED, TICKET)
    visit(CAME, GONE_AGAIN).when(come("03-02 11:00")).refused(Reason.VISIT_OPENED, TICKET)


def test_who_comes_asks_for_items_there_are() -> None:
    visit().when(come(items=(FOOD, "MOON"))).refused(Reason.UNKNOWN_ITEM, "MOON")


def test_an_arrival_told_late_is_added_to_what_was_served_before() -> None:
    after = visit(SERVED).when(come(persons=2)).done()

    assert (after.file.stage, after.file.stage_at) == (VisitStage.OPEN, moment("03-02 09:00"))
    assert (after.file.persons, after.file.cases) == (2, ("A",))


def test_an_arrival_may_be_told_when_they_have_left_long_ago() -> None:
    after = visit(SERVED, fact(VisitLeft, "03-02 10:00")).when(come()).done()

    assert (after.file.stage, after.file.minutes) == (VisitStage.LEFT, 60)


@pytest.mark.parametrize(
    ("given_facts", "arrived", "reason"),
    [
        ((SERVED,), come("03-02 09:31"), Reason.BEFORE_ARRIVAL),
        ((SERVED, GONE_AGAIN), come("03-02 10:01"), Reason.LEFT_BEFORE_ARRIVAL),
        ((SERVED,), come(visitor=Visitor.HALL_AGENT), Reason.VISITOR_DIFFERS),
    ],
    ids=["after it was served", "after it was left", "another came"],
)
def test_an_arrival_told_late_agrees_with_what_is_known(given_facts: tuple[Fact, ...], arrived: Any, reason: Reason) -> None:
    visit(*given_facts).when(arrived).refused(reason)


# being served


def test_an_act_of_a_case_opens_the_visit_nobody_told_of() -> None:
    after = visit().when(serve()).done()

    assert (after.file.stage, after.file.began_at) == (VisitStage.OPEN, moment("03-02 09:20"))
    assert after.file.served == (
        CaseServed(
            at=moment("03-02 09:20"), by="chen", hall=HALL, number=TICKET, case="A", cause=Cause.SUBMIT,
            visitor=Visitor.APPLICANT, place=Place.HALL, applicant="Li Lei",
        ),
    )  # fmt: skip


def test_several_acts_of_several_cases_are_done_in_one_visit() -> None:
    story = visit(CAME).when(serve()).done()
    story = story.when(serve("03-02 09:30", cause=Cause.PAY)).done()
    story = story.when(serve("03-02 09:40", case="B")).done()

    assert (story.file.cases, len(story.file.served)) == (("A", "B"), 3)


def test_an_act_told_late_lies_within_the_visit() -> None:
    gone = visit(CAME, GONE_AGAIN)

    gone.when(serve("03-02 09:59")).done()
    gone.when(serve("03-02 10:00")).done()
    gone.when(serve("03-02 10:01")).refused(Reason.VISIT_LEFT, moment("03-02 10:00").isoformat())
    gone.when(serve("03-02 08:49")).refused(Reason.BEFORE_ARRIVAL, moment("03-02 09:00").isoformat())


def test_the_clock_at_the_entry_may_run_ahead_of_the_windows() -> None:
    visit(CAME).when(serve("03-02 08:55")).done()


def test_whom_a_visit_was_in_vain_for_it_served_in_no_case() -> None:
    visit(CAME, IN_VAIN).when(serve("03-02 09:30")).refused(Reason.VISIT_IN_VAIN, "system_down")


OTHERS: Final[dict[str, Any]] = {"case": "B", "applicant": "Han Mei"}


def two(first: dict[str, Any], second: dict[str, Any], *opened: Fact) -> Answer:
    return visit(*opened).when(serve(**first)).done().when(serve("03-02 09:30", **second))


@pytest.mark.parametrize(
    ("first", "second", "opened"),
    [
        ({}, {**OTHERS, "visitor": Visitor.OWN_AGENT}, ()),
        ({"visitor": Visitor.OWN_AGENT}, OTHERS, ()),
        ({"visitor": Visitor.HALL_AGENT}, {**OTHERS, "visitor": Visitor.HALL_AGENT}, ()),
        ({}, {"case": "B"}, ()),
        ({"applicant": None}, OTHERS, ()),
        ({}, OTHERS, (fact(VisitOpened, "03-02 09:00", hall=HALL, number=TICKET, persons=2),)),
        ({}, OTHERS, (fact(VisitOpened, "03-02 09:00", hall=HALL, number=TICKET, visitor=Visitor.OWN_AGENT),)),
    ],
    ids=["also a proxy", "a proxy first", "agent", "same", "not known", "two came", "a proxy arrived"],
)
def test_who_was_sent_may_come_for_several_and_several_may_come_together(
    first: dict[str, Any], second: dict[str, Any], opened: tuple[Fact, ...]
) -> None:
    two(first, second, *opened).done()


@pytest.mark.parametrize("persons", [1, 2, 5])
def test_no_more_applicants_come_in_person_than_persons_came(persons: int) -> None:
    story = visit(fact(VisitOpened, "03-02 09:00", hall=HALL, number=TICKET, persons=persons))
    for number in range(persons):
        story = story.when(serve(case=f"C{number}", applicant=f"A{number}")).done()

    story.when(serve(case="one more", applicant="one more")).refused(Reason.TWO_APPLICANTS, "A0")
    story.when(serve(case="again", applicant="A0")).done()


def test_the_agent_who_came_is_not_the_applicant() -> None:
    agent = fact(VisitOpened, "03-02 09:00", hall=HALL, number=TICKET, visitor=Visitor.HALL_AGENT, person="ma")

    visit(agent).when(serve()).refused(Reason.VISITOR_DIFFERS, "hall_agent")
    visit(agent).when(serve(visitor=Visitor.HALL_AGENT, agent="ma")).done()


# leaving


def test_who_came_leaves_once() -> None:
    after = visit(CAME).when(leave()).then(VisitLeft(at=moment("03-02 10:00"), by="chen"))

    assert (after.file.stage, after.file.minutes) == (VisitStage.LEFT, 60)
    after.when(leave("03-02 11:00")).refused(Reason.WRONG_STAGE, "left")


def test_who_is_served_first_leaves_too_though_nobody_told_that_they_came() -> None:
    assert visit(SERVED).when(leave()).done().file.minutes == 40


def test_nobody_leaves_before_they_came_or_while_they_are_served() -> None:
    visit(CAME).when(leave("03-02 08:59")).refused(Reason.LEFT_BEFORE_ARRIVAL, moment("03-02 09:00").isoformat())
    visit(SERVED).when(leave("03-02 09:19")).refused(Reason.LEFT_BEFORE_ARRIVAL, moment("03-02 09:20").isoformat())
    visit(CAME, SERVED).when(leave("03-02 09:19")).refused(Reason.LEFT_WHILE_SERVED, moment("03-02 09:20").isoformat())


@pytest.mark.parametrize("why", [why for why in VainReason if why is not VainReason.OTHER])
def test_a_visit_in_vain_says_why(why: VainReason) -> None:
    after = visit(CAME).when(leave(in_vain=why)).done()

    assert after.file.left == VisitLeft(at=moment("03-02 10:00"), by="chen", in_vain=why)


def test_another_reason_is_put_into_words() -> None:
    visit(CAME).when(leave(in_vain=VainReason.OTHER)).refused(Reason.REASON_REQUIRED, "other")
    visit(CAME).when(leave(in_vain=VainReason.OTHER, note="a fire drill")).done()


def test_a_visit_that_served_a_case_was_not_in_vain() -> None:
    visit(CAME, SERVED).when(leave(in_vain=VainReason.QUEUE)).refused(Reason.VISIT_SERVED, "A")


def test_one_may_stay_past_midnight() -> None:
    late = fact(VisitOpened, "03-02 23:50", hall=HALL, number=TICKET, place=Place.HALL_KIOSK)

    assert visit(late).when(leave("03-03 00:10")).done().file.minutes == 20


# folding what no rule lets in


def test_the_first_arrival_and_the_first_leaving_stay_whatever_is_folded() -> None:
    again = fact(VisitOpened, "03-02 11:00", hall=HALL, number=TICKET, persons=9)
    file: VisitFile = VISIT.fold((CAME, again, GONE_AGAIN, IN_VAIN, SERVED))

    assert (file.opened, file.left, file.stage) == (CAME, GONE_AGAIN, VisitStage.LEFT)
    assert (file.version, file.persons, file.cases) == (5, 1, ("A",))


def test_the_day_of_an_arrival_is_the_one_its_number_is_of() -> None:
    visit().when(ask(type(come()), "03-03 09:00", on=day("03-03"))).done()
    visit().when(come("03-03 00:00")).refused(Reason.VISIT_ON_ANOTHER_DAY, "2026-03-02")
