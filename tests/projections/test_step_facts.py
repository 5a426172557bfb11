"""``step_facts``: every step a case went through as a row, hand-computed over the national calendar of March 2026."""

from datetime import date
from typing import Any

import pytest
from support.story import HEAD, fact, granted, moment, received, routed
from support.story import accepted as story_accepted

from adapters.calendar_toml import NATIONAL, shipped_calendars
from casecore import (
    ApprovalReturned,
    CaseAccepted,
    CaseClosed,
    CaseEvent,
    Decision,
    DecisionMade,
    Limit,
    Outcome,
    PlanStep,
    Resumed,
    ReviewCompleted,
    StepCompleted,
    Suspended,
    SuspensionKind,
    fold,
)
from projections.projection import Subject
from projections.step_facts import STEP_FACTS, StepFact

LOG, CASE = "510114", "XD-1"
FIRE = PlanStep(step="fire", department="Fire", limit=Limit.working_days(3))
HEALTH = PlanStep(step="health", department="Health")
MARKET = PlanStep(step="market", department="Market", limit=Limit.hours(2))


def steps(*events: CaseEvent) -> list[StepFact]:
    return list(STEP_FACTS.rows(Subject(LOG, CASE, fold(events), shipped_calendars(), NATIONAL)))  # type: ignore[arg-type]


def accepted(*plan: PlanStep, **rest: Any) -> CaseAccepted:
    return story_accepted("03-02 10:00", **{"calendar": NATIONAL, "plan": plan, **rest})


def done(name: str, when: str, since: str | None, **rest: Any) -> StepCompleted:
    return fact(StepCompleted, when, name=name, started_at=None if since is None else moment(since), **rest)


def closed(when: str) -> CaseClosed:
    return fact(CaseClosed, when, outcome=Outcome.OTHER, reason="so it ended")


def reviewed(when: str) -> tuple[CaseEvent, ...]:
    return (fact(ReviewCompleted, when, granted=True), fact(DecisionMade, when, by=HEAD, decision=Decision.GRANTED))


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def values(found: list[StepFact], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(getattr(one, name) for name in names) for one in found]


def test_a_step_over_its_own_limit_is_a_row_with_its_verdict() -> None:
    found = steps(
        received(), accepted(FIRE), *routed("fire"), *granted("fire", when="03-09 09:00"), *reviewed("03-09 09:00")
    )

    assert found == [
        StepFact(
            log=LOG,
            case_id=CASE,
            stream_version=6,
            number=1,
            kind="approval",
            step="fire",
            department="Fire",
            started_on=day("03-03"),
            ended_on=day("03-09"),
            answer="granted",
            working_days=4,  # 4, 5, 6 and 9 March
            limit_amount=3,
            limit_unit="working_day",
            due_on=day("03-06"),
            verdict="overdue",
            excluded_days=0,
            critical=1,
            slack_days=None,
        )
    ]


def test_the_last_department_is_on_the_critical_path_and_the_others_have_slack() -> None:
    found = steps(
        received(),
        accepted(FIRE, HEALTH, MARKET),
        *routed("fire", "health", "market"),
        *granted("fire", when="03-04 09:00"),
        *granted("health", when="03-10 09:00"),
        *granted("market", when="03-06 09:00"),
        *reviewed("03-10 09:00"),
    )

    assert values(found, "number", "step", "critical", "slack_days") == [
        (1, "fire", 0, 4),  # 5, 6, 9 and 10 March
        (2, "health", 1, None),
        (3, "market", 0, 2),  # 9 and 10 March
    ]


def test_while_the_review_is_not_over_nobody_knows_which_step_was_critical() -> None:
    found = steps(received(), accepted(FIRE, HEALTH), *routed("fire", "health"), *granted("fire", when="03-04 09:00"))

    assert values(found, "step", "answer", "due_on", "verdict", "critical", "slack_days") == [
        ("fire", "granted", day("03-06"), "on_time", None, None),
        ("health", None, None, None, None, None),
    ]


def test_a_step_without_a_limit_has_no_verdict_and_one_of_hours_counts_no_days() -> None:
    found = steps(
        received(),
        accepted(HEALTH, MARKET),
        *routed("health", "market"),
        *granted("health", "market", when="03-03 11:30"),
    )

    columns = ("step", "limit_amount", "limit_unit", "due_on", "verdict", "excluded_days", "working_days")
    assert values(found, *columns) == [
        ("health", None, None, None, None, None, 0),
        ("market", 2, "hour", day("03-03"), "overdue", None, 0),  # due at 11:00
    ]


def test_a_step_handed_back_and_routed_again_is_two_rows_on_the_path_each_with_its_limit_anew() -> None:
    found = steps(
        received(),
        accepted(FIRE, HEALTH),
        *routed("fire", "health"),
        fact(ApprovalReturned, "03-10 09:00", step="fire", department="Fire", reason="a page is missing"),
        *routed("fire", when="03-11 09:00"),
        *granted("health", when="03-12 09:00"),
        *granted("fire", when="03-13 09:00"),
        *reviewed("03-13 09:00"),
        closed("03-16 09:00"),
    )

    assert values(found, "number", "step", "answer", "due_on", "verdict", "critical", "slack_days") == [
        (1, "fire", "returned", day("03-06"), "overdue", 1, None),
        (2, "health", "granted", None, None, 0, 1),
        (3, "fire", "granted", day("03-16"), "on_time", 1, None),
    ]


def test_what_makes_the_case_stand_still_is_left_out_of_a_steps_limit() -> None:
    still = fact(Suspended, "03-04 09:00", suspension="S1", kind=SuspensionKind.ORDINARY, reason="r", moves_promise=True)

    found = steps(
        received(),
        accepted(FIRE),
        *routed("fire"),
        still,
        fact(Resumed, "03-06 09:00", suspension="S1"),
        *granted("fire", when="03-10 09:00"),
    )

    assert values(found, "due_on", "excluded_days", "verdict", "working_days") == [(day("03-10"), 2, "on_time", 5)]


def test_steps_of_an_imported_log_are_rows_on_the_path_where_they_follow_one_another() -> None:
    found = steps(
        received(),
        accepted(),
        done("承办", "03-04 09:00", "03-02 14:00", department="Fire", action="通过"),
        done("审核", "03-09 09:00", "03-05 09:00"),
        closed("03-10 09:00"),
    )

    columns = ("number", "kind", "step", "department", "started_on", "ended_on", "answer", "working_days", "critical")
    assert values(found, *columns) == [
        (1, "step", "承办", "Fire", day("03-02"), day("03-04"), "通过", 2, 1),
        (2, "step", "审核", None, day("03-05"), day("03-09"), None, 2, 1),
    ]


def test_a_step_nobody_saw_begin_has_no_days_and_makes_the_path_unknown() -> None:
    found = steps(received(), accepted(), done("承办", "03-04 09:00", None), closed("03-10 09:00"))

    assert values(found, "started_on", "ended_on", "working_days", "critical") == [(None, day("03-04"), None, None)]


def test_internal_steps_come_after_the_routings_and_are_never_on_the_path_of_a_plan() -> None:
    found = steps(
        received(),
        accepted(FIRE),
        *routed("fire"),
        done("site visit", "03-03 17:00", "03-03 10:00", department="Fire"),
        *granted("fire", when="03-04 09:00"),
        *reviewed("03-04 09:00"),
    )

    assert values(found, "number", "kind", "step", "critical", "slack_days") == [
        (1, "approval", "fire", 1, None),
        (2, "step", "site visit", 0, None),
    ]


def test_steps_of_a_case_never_accepted_have_no_calendar_to_count_under() -> None:
    found = steps(received(), *routed("fire"), *granted("fire"), done("承办", "03-04 09:00", "03-02 14:00"))

    assert values(found, "step", "ended_on", "working_days", "due_on", "critical") == [
        ("fire", day("03-04"), None, None, None),
        ("承办", day("03-04"), None, None, None),
    ]


@pytest.mark.parametrize("year", [2003, 2099])
def test_dates_outside_the_calendar_leave_days_and_path_open(year: int) -> None:
    found = steps(
        received(f"{year}-03-02 09:00"),
        accepted(FIRE, effective_on=date(year, 3, 2)),
        *routed("fire", when=f"{year}-03-03 09:00"),
        *granted("fire", when=f"{year}-03-10 09:00"),
        fact(CaseClosed, f"{year}-03-11 09:00", outcome=Outcome.OTHER),
    )

    columns = ("limit_amount", "due_on", "verdict", "working_days", "critical", "slack_days")
    assert values(found, *columns) == [(3, None, None, None, None, None)]
