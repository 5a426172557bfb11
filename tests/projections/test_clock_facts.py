"""``clock_facts``: every clock of a case as a row, hand-computed over the national calendar of March 2026."""

from datetime import date
from typing import Any

import pytest
from support.story import FOOD, HEAD, fact, granted, received, routed
from support.story import accepted as story_accepted
from support.story import procedure as special

from adapters.calendar_toml import NATIONAL, shipped_calendars
from casecore import (
    ApprovalGranted,
    ApprovalReturned,
    Authority,
    CaseAccepted,
    CaseClosed,
    CaseEvent,
    CaseRated,
    CaseTransferred,
    CaseVoided,
    CaseWithdrawn,
    CertificateMade,
    CoreStep,
    Decision,
    DecisionMade,
    ExtensionApproved,
    Grade,
    Limit,
    NotAccepted,
    Outcome,
    PlanStep,
    RatingRectified,
    Resumed,
    Suspended,
    SuspensionKind,
    fold,
)
from projections.case_facts import CASE_FACTS
from projections.clock_facts import CLOCK_FACTS, ClockFact
from projections.projection import Subject

LOG, CASE = "510114", "XD-1"


def subject(*events: CaseEvent, in_force: str | None = NATIONAL) -> Subject:
    return Subject(LOG, CASE, fold(events), shipped_calendars(), in_force)


def clocks(*events: CaseEvent, in_force: str | None = NATIONAL) -> dict[str, ClockFact]:
    return {found.clock: found for found in CLOCK_FACTS.rows(subject(*events, in_force=in_force))}  # type: ignore[attr-defined]


def accepted(when: str = "03-02 10:00", **rest: Any) -> CaseAccepted:
    """Ten working days promised, twenty by law, no departments, under the national calendar."""
    return story_accepted(when, **{"calendar": NATIONAL, "plan": (), **rest})


def suspended(when: str, number: str = "S1", **rest: Any) -> Suspended:
    common = {"kind": SuspensionKind.ORDINARY, "reason": "r", "moves_promise": True}
    return fact(Suspended, when, suspension=number, **{**common, **rest})


def resumed(when: str, number: str = "S1") -> Resumed:
    return fact(Resumed, when, suspension=number)


def closed(when: str) -> CaseClosed:
    return fact(CaseClosed, when, outcome=Outcome.OTHER, reason="so it ended")


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


TAKEN = (received(), accepted())


def test_a_running_promise_is_a_row_with_its_limit_and_due_date_and_no_verdict() -> None:
    found = clocks(*TAKEN)

    assert list(found) == ["acceptance", "promised", "statutory"]
    assert found["promised"] == ClockFact(
        log=LOG,
        stream_id=CASE,
        stream_kind="case",
        stream_version=2,
        kind="promised",
        clock="promised",
        department="Market",
        step=None,
        item=FOOD,
        limit_amount=10,
        limit_unit="working_day",
        started_on=day("03-02"),
        due_on=day("03-16"),
        due_time=None,
        ended_on=None,
        verdict=None,
        provisional=0,
        excluded_days=0,
        excluded_minutes=None,
        extension_days=0,
        paused=0,
        calendar=NATIONAL,
        printed_on=day("03-16"),
        legal_on=day("03-16"),
    )
    assert (found["statutory"].due_on, found["statutory"].verdict) == (day("03-30"), None)
    acceptance = found["acceptance"]
    assert (acceptance.due_on, acceptance.ended_on, acceptance.verdict) == (day("03-09"), day("03-02"), "on_time")


def test_a_closed_case_has_its_verdicts_each_against_its_own_limit() -> None:
    found = clocks(*TAKEN, closed("03-17 09:00"))  # one day after the promise, long before the law

    assert [(c.clock, c.ended_on, c.verdict) for c in found.values()] == [
        ("acceptance", day("03-02"), "on_time"),
        ("promised", day("03-17"), "overdue"),
        ("statutory", day("03-17"), "on_time"),
    ]


def test_papers_nobody_has_answered_are_counted_under_the_calendar_in_force_or_not_at_all() -> None:
    found = clocks(received("03-07 09:00"))  # a Saturday

    acceptance = found["acceptance"]
    assert (acceptance.started_on, acceptance.due_on, acceptance.calendar) == (day("03-07"), day("03-13"), NATIONAL)
    assert acceptance.verdict is None
    assert clocks(received("03-07 09:00"), in_force=None) == {}
    assert clocks(received("03-07 09:00"), in_force="nobody's") == {}


def test_a_lawful_no_answers_the_papers_and_is_judged() -> None:
    no = fact(NotAccepted, "03-10 09:00", reason="not ours", remedy="review")

    acceptance = clocks(received(), no)["acceptance"]

    assert (acceptance.due_on, acceptance.ended_on, acceptance.verdict) == (day("03-09"), day("03-10"), "overdue")


def test_what_was_declared_counts_in_full_while_it_is_open_and_what_it_took_once_it_is_over() -> None:
    first = clocks(*TAKEN, special("03-05 09:00", 3))
    then = clocks(*TAKEN, special("03-05 09:00", 3), resumed("03-06 09:00"))

    assert [(first[n].due_on, first[n].excluded_days) for n in ("promised", "statutory")] == [
        (day("03-19"), 3),
        (day("04-02"), 3),
    ]
    assert [(then[n].due_on, then[n].excluded_days) for n in ("promised", "statutory")] == [
        (day("03-17"), 1),
        (day("03-31"), 1),
    ]


def test_an_open_suspension_nothing_caps_pauses_what_it_moves_and_nothing_is_due() -> None:
    found = clocks(*TAKEN, suspended("03-05 09:00"))

    promised, statutory = found["promised"], found["statutory"]
    assert (promised.paused, promised.due_on, promised.excluded_days, promised.provisional) == (1, None, None, 0)
    assert (statutory.paused, statutory.due_on) == (0, day("03-30"))


def test_an_extension_is_told_in_days_and_moves_both_limits() -> None:
    extension = fact(
        ExtensionApproved,
        "03-10 09:00",
        by=HEAD,
        days=10,
        approver=HEAD,
        reason="difficult",
        notice="N2",
        authority=Authority.ORGAN_HEAD,
    )

    found = clocks(*TAKEN, extension)

    assert [(found[n].due_on, found[n].extension_days) for n in ("promised", "statutory")] == [
        (day("03-30"), 10),
        (day("04-14"), 10),
    ]


def test_a_limit_of_hours_is_due_at_an_hour_and_excludes_minutes() -> None:
    two_hours = (received("03-02 16:00"), accepted("03-02 16:30", promised=Limit.hours(2), statutory=None))

    first = clocks(*two_hours)["promised"]
    then = clocks(*two_hours, suspended("03-03 09:10"), resumed("03-03 09:40"))["promised"]

    assert (first.limit_amount, first.limit_unit) == (2, "hour")
    assert (first.due_on, first.due_time) == (day("03-03"), "10:30")  # half an hour to 17:00, the rest from 09:00
    assert (first.excluded_days, first.excluded_minutes) == (None, 0)
    assert (then.due_time, then.excluded_minutes) == ("11:00", 30)


def test_an_agreed_date_is_its_own_due_date_without_an_amount() -> None:
    found = clocks(received(), accepted(promised=Limit.fixed(day("03-20"))))["promised"]

    assert (found.limit_amount, found.limit_unit, found.due_on) == (None, "fixed_date", day("03-20"))


def test_each_routing_of_a_limited_step_is_a_clock_of_its_department() -> None:
    plan = (
        PlanStep(step="fire", department="Fire", limit=Limit.working_days(3)),
        PlanStep(step="health", department="Health"),
        PlanStep(step="market", department="Market", preliminary=True),
    )

    found = clocks(
        received(),
        accepted(plan=plan),
        *routed("fire", "health", "market"),
        fact(ApprovalReturned, "03-04 09:00", step="fire", department="Fire", reason="a page is missing"),
        *routed("fire", when="03-05 09:00"),
        *granted("fire", when="03-11 09:00"),
    )

    steps = [c for c in found.values() if c.step is not None]
    assert [(c.clock, c.department, c.due_on, c.ended_on, c.verdict) for c in steps] == [
        ("step:fire", "Fire", day("03-06"), day("03-04"), "on_time"),
        ("preliminary_review:market", "Market", day("03-31"), None, None),
        ("step:fire:2", "Fire", day("03-10"), day("03-11"), "overdue"),
    ]


@pytest.mark.parametrize(
    "end",
    [
        fact(CaseWithdrawn, "03-20 09:00", reason="changed their mind"),
        fact(CaseVoided, "03-20 09:00", outcome=Outcome.VOIDED, reason="twice"),
    ],
    ids=["withdrawn", "voided"],
)
def test_a_withdrawn_or_voided_case_runs_no_clock_and_what_it_cut_off_is_not_judged(end: CaseEvent) -> None:
    yes = fact(DecisionMade, "03-05 09:00", by=HEAD, decision=Decision.GRANTED)
    made = fact(CertificateMade, "03-05 10:00", certificate="C1", kind="licence")

    found = clocks(*TAKEN, yes, made, suspended("03-06 09:00"), end)

    assert all(c.ended_on is not None for c in found.values())
    over = ("acceptance", "statutory")  # answered, and decided, before that
    assert [found[name].verdict for name in over] == ["on_time", "on_time"]
    assert {c.verdict for name, c in found.items() if name not in over} == {None}


def test_a_withdrawn_decision_stops_the_delivery_that_would_run_on() -> None:
    yes = fact(DecisionMade, "03-05 09:00", by=HEAD, decision=Decision.GRANTED)
    made = fact(CertificateMade, "03-05 10:00", certificate="C1", kind="licence")

    running = clocks(*TAKEN, yes, made, closed("03-06 09:00"))["delivery"]
    stopped = clocks(*TAKEN, yes, made, fact(CaseWithdrawn, "03-06 09:00", reason="r"))["delivery"]

    assert (running.due_on, running.ended_on) == (day("03-19"), None)
    assert (stopped.ended_on, stopped.verdict) == (day("03-06"), None)


@pytest.mark.parametrize(
    "end",
    [
        closed("03-03 09:00"),
        fact(NotAccepted, "03-03 09:00", reason="not this organ", remedy="appeal"),
        fact(CaseWithdrawn, "03-03 09:00", reason="r"),
    ],
    ids=["closed", "declined", "withdrawn"],
)
def test_a_bad_rating_is_judged_by_when_it_was_put_right_however_the_case_ended(end: CaseEvent) -> None:
    bad = {"grade": Grade.DISSATISFIED, "rectify_within": Limit.working_days(5)}
    step = fact(CaseRated, "03-02 15:00", step=CoreStep.RECEIPT, **bad)
    whole = fact(CaseRated, "03-04 09:00", **bad)
    late = fact(RatingRectified, "03-12 09:00", measure="a second window")

    found = clocks(received(), step, end, whole, late)

    running, judged = found["rectification:receipt"], found["rectification"]
    assert (running.due_on, running.ended_on, running.verdict) == (day("03-09"), None, None)
    assert (judged.due_on, judged.ended_on, judged.verdict) == (day("03-11"), day("03-12"), "overdue")


def test_a_due_date_at_the_end_of_the_calendar_is_provisional() -> None:
    found = clocks(received("12-17 09:00"), accepted("12-17 10:00"))

    assert (found["promised"].due_on, found["promised"].provisional) == (day("12-31"), 1)
    assert found["acceptance"].provisional == 0


@pytest.mark.parametrize("year", [2003, 2099])
def test_where_no_calendar_can_count_the_clock_is_told_without_a_due_date(year: int) -> None:
    promise = accepted("03-02 10:00", effective_on=date(year, 3, 2))

    found = clocks(received(f"{year}-03-02 09:00"), promise, fact(CaseClosed, f"{year}-03-09 09:00", outcome=Outcome.OTHER))

    promised = found["promised"]
    assert (promised.due_on, promised.verdict, promised.provisional) == (None, None, 1)
    assert (promised.ended_on, promised.excluded_days) == (date(year, 3, 9), None)


@pytest.mark.parametrize(
    "more",
    [
        (),
        (suspended("03-05 09:00"),),
        (special("03-05 09:00", 3), closed("03-20 09:00")),
        (special("03-05 09:00", None), fact(CaseWithdrawn, "03-10 09:00", reason="r")),
    ],
)
def test_the_row_of_the_case_and_the_rows_of_its_clocks_say_the_same(more: tuple[CaseEvent, ...]) -> None:
    told = subject(*TAKEN, *more)
    (case,) = CASE_FACTS.rows(told)
    found = {c.clock: c for c in CLOCK_FACTS.rows(told)}  # type: ignore[attr-defined]

    for name in ("promised", "statutory"):
        columns = (f"{name}_due_on", f"{name}_verdict")
        assert tuple(getattr(case, column) for column in columns) == (found[name].due_on, found[name].verdict)


@pytest.mark.parametrize(
    ("transferred", "department"), [("03-10 17:00", "Health"), ("03-11 09:00", "Fire")], ids=["before", "after"]
)
def test_a_step_is_the_departments_in_whose_hands_it_ran_out(transferred: str, department: str) -> None:
    five_days = (PlanStep(step="fire", department="Fire", limit=Limit.working_days(5)),)  # from 03-03 until 03-10
    story = (
        received(),
        accepted(plan=five_days),
        *routed("fire", when="03-03 09:00"),
        fact(CaseTransferred, transferred, step="fire", from_department="Fire", to_department="Health", reason="r"),
    )

    assert clocks(*story)["step:fire"].due_on == date(2026, 3, 10)
    assert clocks(*story)["step:fire"].department == department
    answered = fact(ApprovalGranted, "03-12 09:00", step="fire", department="Health")
    assert clocks(*story, answered)["step:fire"].department == department
