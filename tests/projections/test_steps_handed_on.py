"""A step handed on (转办): each department answers for its own days, and the limit is held against whom it ran out on.

Counted by hand over March 2026: routed on Tuesday 03-03; 03-07, 03-08, 03-14 and 03-15 are weekends. A day belongs to
whom the step was with at its end.
"""

from datetime import date, datetime
from typing import Any, NamedTuple

import pytest
from support.story import CALENDAR, HEAD, OFFICE, Story, accepted, ask, fact, granted, moment, received, routed

from adapters.calendar_toml import NATIONAL, shipped_calendars
from casecore import (
    ApprovalGranted,
    CardGround,
    CaseClosed,
    CaseEvent,
    CaseTransferred,
    Decision,
    DecisionMade,
    Limit,
    Outcome,
    PassTime,
    PlanStep,
    Refused,
    Resumed,
    Suspended,
    SuspensionKind,
    critical_path,
    fold,
)
from projections.clock_facts import CLOCK_FACTS
from projections.projection import Subject
from projections.step_facts import STEP_FACTS

FIRE = PlanStep(step="fire", department="Fire", limit=Limit.working_days(5))
"""From 03-03: due on 03-10."""
TWO_HOURS = PlanStep(step="fire", department="Fire", limit=Limit.hours(2))
"""From 03-03 10:00: due at 12:00."""


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def handed(when: str, giver: str, taker: str) -> CaseTransferred:
    return fact(CaseTransferred, when, step="fire", from_department=giver, to_department=taker, reason="theirs")


class Member(NamedTuple):
    """How a step went from hand to hand; the days each had it, and on whom its limit was held, and how."""

    what: str
    plan: PlanStep
    way: tuple[CaseEvent, ...]
    answered: str
    by: str
    days: tuple[tuple[str, int], ...]
    judged: tuple[str, str]


MEMBERS = (
    Member(
        "once, in time", FIRE, (handed("03-06 16:50", "Fire", "Health"),), "03-09 09:30", "Health",
        (("Fire", 3), ("Health", 1)), ("Health", "on_time"),
    ),
    Member(
        "ten minutes before it ran out", FIRE, (handed("03-10 16:50", "Fire", "Health"),), "03-11 09:00", "Health",
        (("Fire", 5), ("Health", 1)), ("Health", "overdue"),
    ),
    Member(
        "after it had run out", FIRE, (handed("03-11 09:00", "Fire", "Health"),), "03-12 09:00", "Health",
        (("Fire", 6), ("Health", 1)), ("Fire", "overdue"),
    ),
    Member(
        "twice", FIRE, (handed("03-05 09:00", "Fire", "Health"), handed("03-12 09:00", "Health", "Police")),
        "03-13 09:00", "Police", (("Fire", 2), ("Health", 5), ("Police", 1)), ("Health", "overdue"),
    ),
    Member(
        "twice on one day", FIRE, (handed("03-05 09:00", "Fire", "Health"), handed("03-05 11:00", "Health", "Police")),
        "03-06 09:00", "Police", (("Fire", 2), ("Health", 0), ("Police", 1)), ("Police", "on_time"),
    ),
    Member(
        "there and back", FIRE, (handed("03-04 09:00", "Fire", "Health"), handed("03-11 10:00", "Health", "Fire")),
        "03-12 09:00", "Fire", (("Fire", 1), ("Health", 5), ("Fire", 1)), ("Health", "overdue"),
    ),
    # Two days stand still: the step is due on 03-12, and Health has it then.
    Member(
        "while the case stood still", FIRE,
        (fact(Suspended, "03-04 09:00", suspension="S1", kind=SuspensionKind.ORDINARY, reason="r", moves_promise=True),
         handed("03-05 15:00", "Fire", "Health"), fact(Resumed, "03-06 09:00", suspension="S1")),
        "03-13 09:00", "Health", (("Fire", 2), ("Health", 6)), ("Health", "overdue"),
    ),
    Member(
        "within the last minute", TWO_HOURS, (handed("03-03 12:00", "Fire", "Health"),), "03-03 13:30", "Health",
        (("Fire", 0), ("Health", 0)), ("Health", "overdue"),
    ),
    Member(
        "an hour after the last minute", TWO_HOURS, (handed("03-03 13:05", "Fire", "Health"),), "03-03 13:30", "Health",
        (("Fire", 0), ("Health", 0)), ("Fire", "overdue"),
    ),
)  # fmt: skip
each = pytest.mark.parametrize("member", MEMBERS, ids=lambda member: member.what)


def history(member: Member, *, ended: bool = True) -> tuple[CaseEvent, ...]:
    promise = accepted("03-02 10:00", plan=(member.plan,), calendar=NATIONAL)
    answer = fact(ApprovalGranted, member.answered, step="fire", department=member.by)
    decided = fact(DecisionMade, member.answered, by=HEAD, decision=Decision.GRANTED)
    closed = fact(CaseClosed, member.answered, outcome=Outcome.OTHER)
    way = (received("03-02 09:00"), promise, *routed("fire", when="03-03 10:00"), *member.way)
    return (*way, answer, decided, closed) if ended else way


def rows(table: Any, events: tuple[CaseEvent, ...]) -> list[Any]:
    return list(table.rows(Subject("510114", "XD-1", fold(events), shipped_calendars(), NATIONAL)))


@each
def test_each_department_is_a_row_of_its_own_days(member: Member) -> None:
    found = rows(STEP_FACTS, history(member))

    assert tuple((one.department, one.working_days) for one in found) == member.days
    assert [one.number for one in found] == list(range(1, len(found) + 1))
    assert [one.answer for one in found] == ["transferred"] * (len(found) - 1) + ["granted"]


@each
def test_the_limit_is_held_against_the_department_it_ran_out_on(member: Member) -> None:
    steps = [(one.department, one.verdict) for one in rows(STEP_FACTS, history(member)) if one.verdict is not None]
    clocks = [one for one in rows(CLOCK_FACTS, history(member)) if one.clock == "step:fire"]

    assert steps == [member.judged]
    assert [(one.department, one.verdict) for one in clocks] == [member.judged]


@each
def test_on_the_path_each_department_has_its_own_days(member: Member) -> None:
    calendar = shipped_calendars()[NATIONAL]
    path = critical_path(fold(history(member)), calendar, moment(member.answered))

    assert tuple((one.department, one.working_days) for one in path.segments if one.step) == member.days
    assert path.working_days == calendar.between(day("03-02"), moment(member.answered).date())
    assert {one.critical for one in rows(STEP_FACTS, history(member))} == {1}


@each
def test_the_card_stays_with_whom_the_limit_ran_out_on(member: Member) -> None:
    story = Story(*history(member), office=OFFICE._replace(calendars={**OFFICE.calendars, NATIONAL: CALENDAR}))
    looked = story.when(ask(PassTime, "03-20 09:00"))
    file = story.file if isinstance(looked.ruling, Refused) else looked.done().file  # time has brought it nothing
    cards = [card.fact.department for card in file.cards if card.fact.ground is CardGround.STEP_OVERDUE]

    assert cards == ([member.judged[0]] if member.judged[1] == "overdue" else [])


def test_what_is_handed_on_after_the_card_leaves_the_card_where_it_is() -> None:
    story = Story(
        received("03-02 09:00"), accepted("03-02 10:00", plan=(FIRE,)), *routed("fire", when="03-03 10:00")
    ).when(ask(PassTime, "03-11 00:00")).done()  # fmt: skip
    later = story.given(handed("03-11 09:00", "Fire", "Health")).when(ask(PassTime, "03-25 09:00")).done()

    (card,) = [card.fact for card in later.file.cards if card.fact.ground is CardGround.STEP_OVERDUE]
    assert (card.department, card.judged_at) == ("Fire", moment("03-11 00:00"))


def test_beside_the_path_all_who_had_a_step_share_its_slack() -> None:
    health = PlanStep(step="health", department="Health")
    found = rows(
        STEP_FACTS,
        (
            received("03-02 09:00"),
            accepted("03-02 10:00", plan=(FIRE, health), calendar=NATIONAL),
            *routed("fire", "health", when="03-03 10:00"),
            handed("03-04 09:00", "Fire", "Police"),
            fact(ApprovalGranted, "03-05 09:00", step="fire", department="Police"),
            *granted("health", when="03-09 09:00"),
            fact(DecisionMade, "03-09 09:00", by=HEAD, decision=Decision.GRANTED),
            fact(CaseClosed, "03-09 10:00", outcome=Outcome.OTHER),
        ),
    )

    slack = [(one.department, one.working_days, one.critical, one.slack_days) for one in found]
    assert slack == [("Fire", 1, 0, 2), ("Police", 1, 0, 2), ("Health", 4, 1, None)]


def test_at_an_earlier_moment_the_path_knows_of_no_later_hand() -> None:
    member = MEMBERS[3]  # Fire until 03-05, Health until 03-12
    asked: datetime = moment("03-09 09:00")
    path = critical_path(fold(history(member, ended=False)), shipped_calendars()[NATIONAL], asked)

    assert [(one.department, one.working_days) for one in path.segments if one.step] == [("Fire", 2), ("Health", 2)]
