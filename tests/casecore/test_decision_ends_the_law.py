"""行政许可法 Art. 42 limits the decision (决定), the promise the closing (办结): each clock ends with what it is about.

A case is accepted on Monday 2 March 2026: ten working days are promised, until the 16th, and the law gives twenty, until
the 30th.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

import pytest
from support.package_story import BOOKS, CAFE, FIRE, Hall, accepting, case, certifying, opening, reviewing
from support.story import (
    CALENDAR,
    CITIZEN,
    CLERK,
    HEAD,
    OFFICE,
    OFFICER,
    Story,
    accepted,
    ask,
    day,
    fact,
    moment,
    procedure,
    received,
)

from casecore import (
    CardGround,
    CardIssued,
    CaseClosed,
    CaseEvent,
    CaseVoided,
    CaseWithdrawn,
    ClockKind,
    Decision,
    DecisionMade,
    Limit,
    MemberDecided,
    Outcome,
    PassTime,
    RenewalDeemed,
    Verdict,
    WithdrawCase,
    clocks_of,
    clocks_of_package,
)
from casecore.case.clocks import cut_off
from casecore.case.facts.review import ReviewCompleted
from casecore.clock import UNTOLD_DECISION, CaseClock
from casecore.package.facts.members import MemberAccepted, MemberEnded
from casecore.package.facts.opening import PackageOpened
from casecore.vocabulary import Stage

BEGUN: Final = (received(), accepted(plan=()), fact(ReviewCompleted, "03-02 10:00", granted=True))
GRANTED: Final = Decision.GRANTED
LIMITS: Final = (Limit.natural_days(28), Limit.hours(140), Limit.half_days(40), Limit.fixed(day("03-30")))
"""All end on 30 March."""


def decided(when: str, decision: Decision = GRANTED) -> DecisionMade:
    return fact(DecisionMade, when, by=HEAD, decision=decision, reason="so it was decided")


def closed(when: str, outcome: Outcome = Outcome.OTHER, **rest: Any) -> CaseClosed:
    return fact(CaseClosed, when, outcome=outcome, **rest)


def clock(kind: ClockKind, *events: CaseEvent) -> CaseClock:
    (found,) = [one for one in clocks_of(Story(*events).file) if one.kind is kind]
    return found


def law(*events: CaseEvent, at: str = "12-30 09:00") -> tuple[Verdict, datetime | None]:
    """What the statutory clock says, and when it ended."""
    found = clock(ClockKind.STATUTORY, *events)
    return found.read(CALENDAR, moment(at)).verdict, found.ended_at


def cards(events: Iterable[CaseEvent], *looks: str) -> list[CardGround]:
    """What is issued at these looks."""
    story = Story(*events, office=OFFICE)
    for look in looks:
        answer = story.when(ask(PassTime, look, by="clock"))
        story = story.given(*answer.ruling) if isinstance(answer.ruling, tuple) else story
    return [card.fact.ground for card in story.file.cards if isinstance(card.fact, CardIssued)]


# --- The clock of a case ---


@pytest.mark.parametrize("decision", list(Decision), ids=lambda one: one.zh)
def test_decided_on_the_last_day_is_in_time_whenever_it_is_closed(decision: Decision) -> None:
    in_time = (*BEGUN, decided("03-30 17:00", decision), closed("04-20 09:00"))

    assert law(*in_time) == (Verdict.ON_TIME, moment("03-30 17:00"))
    assert clock(ClockKind.PROMISED, *in_time).ended_at == moment("04-20 09:00")
    assert CardGround.STATUTORY_OVERDUE not in cards(in_time, "04-21 09:00")


def test_decided_a_day_late_is_late_even_where_it_is_closed_at_once() -> None:
    late = (*BEGUN, decided("03-31 09:00"), closed("03-31 09:05"))

    assert law(*late) == (Verdict.OVERDUE, moment("03-31 09:00"))
    assert CardGround.STATUTORY_OVERDUE in cards(late, "04-21 09:00")


def test_between_decision_and_closing_no_look_finds_the_law_overdue() -> None:
    decided_in_time = (*BEGUN, decided("03-30 17:00"))

    assert law(*decided_in_time, at="06-30 09:00") == (Verdict.ON_TIME, moment("03-30 17:00"))
    assert cards(decided_in_time, "04-01 09:00", "04-20 09:00") == [CardGround.PROMISE_OVERDUE]


@pytest.mark.parametrize("limit", LIMITS, ids=str)
def test_a_limit_of_any_unit_ends_with_the_decision(limit: Limit) -> None:
    begun = (received(), accepted(plan=(), statutory=limit))

    assert law(*begun, decided("03-30 09:00"), closed("04-08 09:00"))[0] is Verdict.ON_TIME
    assert law(*begun, decided("03-31 15:00"), closed("03-31 15:10"))[0] is Verdict.OVERDUE


def test_silence_decides_a_renewal_as_the_licence_runs_out() -> None:
    begun = (received(licence_expires_on=day("04-10")), accepted(plan=()))
    renewed = fact(RenewalDeemed, "04-20 09:00", licence_expired_on=day("04-10"))

    assert law(*begun, renewed) == (Verdict.OVERDUE, moment("04-11 00:00"))


def test_what_suspends_the_law_after_the_decision_moves_nothing_any_more() -> None:
    late = clock(ClockKind.STATUTORY, *BEGUN, decided("03-16 09:00"), procedure("03-17 09:00"), closed("03-27 09:00"))

    reading = late.read(CALENDAR, moment("12-30 09:00"))
    assert (reading.due_on, reading.excluded, reading.used) == (day("03-30"), 0, 10)


def test_a_case_that_came_to_no_decision_ends_with_its_end() -> None:
    returned = (*BEGUN, closed("03-31 09:00", Outcome.RETURNED, reason="not what was asked"))

    assert law(*returned) == (Verdict.OVERDUE, moment("03-31 09:00"))
    assert clock(ClockKind.STATUTORY, *returned).remark is None


@pytest.mark.parametrize(
    "ended",
    [
        fact(CaseWithdrawn, "04-20 09:00", by=CITIZEN, reason="moved"),
        fact(CaseVoided, "04-20 09:00", outcome=Outcome.VOIDED, reason="twice"),
    ],
    ids=["withdrawn", "voided"],
)
def test_withdrawn_or_voided_after_its_decision_it_was_decided_in_time(ended: CaseEvent) -> None:
    told = (*BEGUN, decided("03-30 17:00"), ended)
    found = clock(ClockKind.STATUTORY, *told)

    assert law(*told)[0] is Verdict.ON_TIME
    assert cut_off(Story(*told).file, found) is None
    assert cut_off(Story(*told).file, clock(ClockKind.PROMISED, *told)) == moment("04-20 09:00")


# --- Histories that tell no decision ---


def test_where_nobody_told_the_decision_the_closing_is_the_latest_it_can_have_been() -> None:
    imported = (received(), accepted(plan=()), closed("03-30 09:00"))
    found = clock(ClockKind.STATUTORY, *imported)

    assert (found.ended_at, found.remark) == (moment("03-30 09:00"), UNTOLD_DECISION)
    assert clock(ClockKind.PROMISED, *imported).remark is None


def test_a_decision_said_to_be_later_than_the_closing_was_made_by_the_closing() -> None:
    assert law(*BEGUN, decided("04-02 09:00"), closed("03-30 09:00"))[1] == moment("03-30 09:00")


# --- Packages: 45 working days (Art. 26, 42(2)), from 2 March until 6 May under the calendar of the stories ---


def joint(hall: Hall, kind: ClockKind = ClockKind.STATUTORY) -> CaseClock:
    (found,) = [one for one in clocks_of_package(hall.package) if one.kind is kind]
    return found


def opened() -> Hall:
    """Three cases side by side, all accepted on 2 March."""
    three = (accepting(case(code), "03-02 10:00") for code in (BOOKS, CAFE, FIRE))
    return Hall().does(opening(tax="no"), *three)


def decides(hall: Hall, on: str, *codes: str) -> Hall:
    for code in codes:
        hall.does(*reviewing(case(code), on))
    return hall


def test_a_package_learns_the_decisions_of_its_cases_and_its_law_ends_with_the_last() -> None:
    hall = decides(opened(), "05-05", BOOKS, CAFE)
    assert joint(hall).ended_at is None

    decides(hall, "05-06", FIRE)
    told = [(one.case, one.at, one.decision) for one in hall.facts("PKG-1", MemberDecided)]
    assert told[-1] == (case(FIRE), moment("05-06 10:30"), GRANTED)
    assert joint(hall).ended_at == moment("05-06 10:30")
    assert joint(hall, ClockKind.PROMISED).ended_at is None
    assert joint(hall).read(CALENDAR, moment("05-20 09:00")).verdict is Verdict.ON_TIME


def test_closed_after_its_45_days_a_package_decided_within_them_is_in_time() -> None:
    hall = decides(opened(), "05-06", BOOKS, CAFE, FIRE)
    for code in (BOOKS, CAFE, FIRE):
        hall.does(*certifying(case(code), "05-12"))

    assert hall.package.closing is not None
    reading = joint(hall).read(CALENDAR, moment("12-30 09:00"))
    assert (joint(hall).ended_at, reading.due_on, reading.verdict) == (moment("05-06 10:30"), day("05-06"), Verdict.ON_TIME)


def test_a_case_withdrawn_from_a_package_is_waited_for_until_then() -> None:
    hall = decides(opened(), "03-10", BOOKS, CAFE)
    hall.does(WithdrawCase(case=case(FIRE), by=OFFICER, at=moment("03-12 09:00"), reason="moved"))

    assert joint(hall).ended_at == moment("03-12 09:00")


def test_the_members_of_older_packages_were_decided_by_their_ends() -> None:
    hall = opened()
    kinds = (PackageOpened, MemberAccepted)
    before = [one for one in hall.facts("PKG-1", object) if not isinstance(one, kinds)]
    assert before  # the joint acceptance
    story = Story(*hall.facts("PKG-1", object))
    ended = [
        fact(MemberEnded, "03-10 09:00", by=CLERK, case=case(code), stage=Stage.CLOSED, outcome=Outcome.OTHER, granted=True)
        for code in (BOOKS, CAFE, FIRE)
    ]
    told = story.given(*ended)
    (found,) = [one for one in clocks_of_package(told.file) if one.kind is ClockKind.STATUTORY]

    assert (found.ended_at, found.remark) == (moment("03-10 09:00"), UNTOLD_DECISION)
