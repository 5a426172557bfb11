"""The critical path: which department spent which working days, and how much slack the others had."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st
from support.story import (
    BUILD,
    CALENDAR,
    DECIDED,
    HEAD,
    HERE,
    IN_REVIEW,
    ROUTED,
    accepted,
    day,
    fact,
    granted,
    moment,
    received,
    routed,
)

from casecore import (
    ApprovalGranted,
    ApprovalReturned,
    CaseClosed,
    CaseEvent,
    CaseRouted,
    CaseWithdrawn,
    Decision,
    DecisionMade,
    Outcome,
    PlanStep,
    ReviewCompleted,
    StepCompleted,
    fold,
)
from casecore.reading.critical_path import CriticalPath, Slack, critical_path

LATER: Final = "12-01 09:00"
BUILDING: Final[tuple[CaseEvent, ...]] = (
    received(code=BUILD),
    accepted(code=BUILD),
    *routed("survey", "heritage", when="03-03 09:00"),
    *granted("survey", when="03-06 09:00"),
    *routed("design", "safety", when="03-06 09:00"),
    *granted("heritage", when="03-10 09:00"),
    *granted("safety", when="03-09 09:00"),
    *granted("design", when="03-12 09:00"),
    *routed("seal", when="03-13 09:00"),
    *granted("seal", when="03-13 16:00"),
    fact(ReviewCompleted, "03-13 16:00", granted=True),
    fact(DecisionMade, "03-16 09:00", by=HEAD, decision=Decision.GRANTED),
    fact(CaseClosed, "03-18 09:00", outcome=Outcome.OTHER),
)
"""Accepted Monday 2 March; the weekends are 7-8 and 14-15."""


def path_of(*events: Any, until: str = LATER) -> CriticalPath:
    return critical_path(fold(events), CALENDAR, moment(until))


def told(path: CriticalPath) -> list[tuple[str, str | None, str | None, date, date, int]]:
    return [(s.kind.value, s.step, s.department, s.started_on, s.ended_on, s.working_days) for s in path.segments]


# --- Segments ---


def test_the_path_goes_back_from_the_closing_through_what_each_step_waited_for() -> None:
    path = path_of(*BUILDING)

    assert told(path) == [
        ("routing", None, "Market", day("03-02"), day("03-03"), 1),
        ("step", "survey", "Land", day("03-03"), day("03-06"), 3),
        ("step", "design", "Planning", day("03-06"), day("03-12"), 4),
        ("between", None, "Market", day("03-12"), day("03-13"), 1),
        ("step", "seal", "Planning", day("03-13"), day("03-13"), 0),
        ("decision", None, "Market", day("03-13"), day("03-16"), 1),
        ("closing", None, "Market", day("03-16"), day("03-18"), 2),
    ]
    assert path.working_days == CALENDAR.between(day("03-02"), day("03-18")) == 12


def test_a_step_handed_back_was_at_work_before_it_was_routed_again() -> None:
    back = fact(ApprovalReturned, "03-05 09:00", step="fire", department="Fire", reason="no plan")

    path = path_of(
        *ROUTED,
        *granted("health", "market", when="03-04 09:00"),
        back,
        *routed("fire", when="03-06 09:00"),
        *granted("fire", when="03-10 09:00"),
        fact(DecisionMade, "03-10 10:00", by=HEAD, decision=Decision.GRANTED),
        fact(CaseClosed, "03-10 11:00", outcome=Outcome.OTHER),
    )

    assert [(kind, step, days) for kind, step, _, _, _, days in told(path)] == [
        ("routing", None, 1),
        ("step", "fire", 2),
        ("between", None, 1),
        ("step", "fire", 2),
    ]


def test_a_running_case_is_with_the_step_that_has_been_open_longest() -> None:
    path = path_of(*ROUTED, *granted("health", when="03-05 09:00"), until="03-10 09:00")

    assert told(path)[-1] == ("step", "fire", "Fire", day("03-03"), day("03-10"), 5)


def test_a_running_case_nobody_routed_waits_for_it() -> None:
    assert told(path_of(*IN_REVIEW, until="03-05 09:00")) == [("routing", None, "Market", day("03-02"), day("03-05"), 3)]


def test_a_running_case_whose_review_is_over_waits_for_the_decision() -> None:
    reviewed = (*ROUTED, *granted("fire", "health", "market"), fact(ReviewCompleted, "03-04 09:00", granted=True))

    assert told(path_of(*reviewed, until="03-06 09:00"))[-1] == (
        "decision", None, "Market", day("03-04"), day("03-06"), 2,
    )  # fmt: skip


def test_a_case_withdrawn_during_the_review_was_with_its_open_step_to_the_end() -> None:
    withdrawn = fact(CaseWithdrawn, "03-06 09:00", reason="moved away")

    assert told(path_of(*ROUTED, withdrawn))[-1] == ("step", "fire", "Fire", day("03-03"), day("03-06"), 3)


def test_a_step_nobody_answered_before_the_decision_has_not_kept_it_waiting() -> None:
    decided = fact(DecisionMade, "03-06 09:00", by=HEAD, decision=Decision.REFUSED, reason="no exit")

    path = path_of(*ROUTED, *granted("health", when="03-04 09:00"), decided, until="03-06 10:00")

    assert [(kind, step) for kind, step, *_ in told(path)] == [
        ("routing", None),
        ("step", "health"),
        ("decision", None),
    ]


def test_what_happened_after_the_question_is_not_told() -> None:
    path = path_of(*BUILDING, until="03-09 12:00")

    assert told(path)[-1] == ("step", "heritage", "Culture", day("03-03"), day("03-09"), 4)
    assert path.working_days == CALENDAR.between(day("03-02"), day("03-09"))


def test_a_case_never_accepted_has_no_path() -> None:
    assert path_of(received()) == CriticalPath((), ())


# --- Imported histories: completed steps and nothing else ---


IMPORTED: Final[tuple[CaseEvent, ...]] = (received(), accepted(plan=()))


def step(name: str, began: str | None, ended: str, department: str | None = "Land") -> StepCompleted:
    started_at = moment(began) if began else None
    return fact(StepCompleted, ended, name=name, department=department, started_at=started_at)


END: Final = fact(CaseClosed, "03-10 09:00", outcome=Outcome.OTHER)


def test_steps_with_spans_that_do_not_overlap_are_the_path() -> None:
    steps = (step("survey", "03-03 09:00", "03-05 09:00"), step("check", "03-06 09:00", "03-09 09:00", None))

    assert told(path_of(*IMPORTED, *steps, END)) == [
        ("routing", None, "Market", day("03-02"), day("03-03"), 1),
        ("step", "survey", "Land", day("03-03"), day("03-05"), 2),
        ("between", None, "Market", day("03-05"), day("03-06"), 1),
        ("step", "check", "Market", day("03-06"), day("03-09"), 1),
        ("closing", None, "Market", day("03-09"), day("03-10"), 1),
    ]


def test_where_spans_overlap_or_lack_a_beginning_the_responsible_department_had_it_all() -> None:
    overlapping = (step("survey", "03-03 09:00", "03-06 09:00"), step("check", "03-05 09:00", "03-09 09:00"))
    whole = [("handling", None, "Market", day("03-02"), day("03-10"), 6)]

    assert told(path_of(*IMPORTED, *overlapping, END)) == whole
    assert told(path_of(*IMPORTED, step("survey", None, "03-06 09:00"), END)) == whole
    assert told(path_of(*IMPORTED, END)) == whole


# --- Slack ---


def test_slack_is_what_a_step_could_have_taken_longer_before_what_waited_for_it_opened() -> None:
    """Safety was granted on the 9th and the seal opened on the 13th; heritage, on the 10th, kept only the end waiting."""
    assert path_of(*BUILDING).slack == (
        Slack("heritage", "Culture", day("03-10"), None, day("03-13"), 3),
        Slack("safety", "Fire", day("03-09"), "seal", day("03-13"), 4),
    )


def test_parallel_steps_that_ended_together_have_no_slack() -> None:
    assert [(s.step, s.working_days) for s in path_of(*DECIDED).slack] == [("health", 0), ("market", 0)]


def test_in_a_running_case_an_answered_step_has_the_slack_the_open_one_gives_it() -> None:
    path = path_of(*ROUTED, *granted("health", when="03-05 09:00"), until="03-10 09:00")

    assert [(s.step, s.working_days) for s in path.slack] == [("health", 3), ("market", 0)]


# --- Whatever the plan ---


@st.composite
def histories(draw: st.DrawFn) -> tuple[tuple[CaseEvent, ...], datetime]:
    """A random graph of steps, each routed some time after the last it waits for, some never answered or handed back."""
    names = "abcdef"[: draw(st.integers(0, 6))]
    plan = tuple(
        PlanStep(step=name, department=name.upper(), after=tuple(n for n in names[:place] if draw(st.booleans())))
        for place, name in enumerate(names)
    )
    hours = st.integers(0, 200).map(lambda n: timedelta(hours=n))
    start = datetime(2026, 3, 2, 10, tzinfo=HERE)
    effective_on = start.date() + timedelta(days=draw(st.integers(0, 2)))
    events: list[CaseEvent] = [received(), accepted(plan=plan, effective_on=effective_on)]
    ended: dict[str, datetime] = {}
    for step_ in plan:
        if not all(before in ended for before in step_.after):
            continue
        opened = max((ended[before] for before in step_.after), default=start) + draw(hours)
        common: dict[str, Any] = {"by": HEAD, "step": step_.step, "department": step_.department}
        if draw(st.integers(0, 4)) == 0:
            events.append(CaseRouted(at=opened, **common))
            opened += draw(hours)
            events.append(ApprovalReturned(at=opened, reason="again", **common))
            opened += draw(hours)
        events.append(CaseRouted(at=opened, **common))
        if draw(st.integers(0, 5)):
            ended[step_.step] = opened + draw(hours)
            events.append(ApprovalGranted(at=ended[step_.step], **common))
    last = max((event.at for event in events), default=start)
    if draw(st.booleans()):
        last += draw(hours)
        events.append(DecisionMade(at=last, by=HEAD, decision=Decision.GRANTED))
    if draw(st.booleans()):
        last += draw(hours)
        events.append(CaseClosed(at=last, by=HEAD, outcome=Outcome.OTHER))
    return tuple(events), draw(st.just(last) | st.builds(lambda h: start + 3 * h, hours))


@given(histories())
def test_segments_tile_the_way_from_day_0_to_the_end(history: tuple[tuple[CaseEvent, ...], datetime]) -> None:
    events, until = history
    file = fold(events)
    assert file.promise is not None
    start = file.promise.effective_on
    end = max(start, min(until, file.closing.at if file.closing else until).date())

    path = critical_path(file, CALENDAR, until)

    if path.segments:
        assert (path.segments[0].started_on, path.segments[-1].ended_on) == (start, end)
    else:
        assert start == end
    assert all(one.ended_on == other.started_on for one, other in pairwise(path.segments))
    assert [s.working_days for s in path.segments] == [CALENDAR.between(s.started_on, s.ended_on) for s in path.segments]
    assert path.working_days == CALENDAR.between(start, end)


@given(histories())
def test_every_answered_step_is_on_the_path_or_has_slack(history: tuple[tuple[CaseEvent, ...], datetime]) -> None:
    events, _ = history
    file = fold(events)
    until = max(event.at for event in events)

    path = critical_path(file, CALENDAR, until)

    on_path = [s.step for s in path.segments if s.step is not None]
    beside = [s.step for s in path.slack]
    answered = sorted(a.step for a in file.approvals if a.answered_at is not None)
    waiting = [] if file.decision is not None else [a.step for a in file.approvals if a.answered_at is None]
    assert sorted(on_path + beside) == sorted(answered + waiting)
    assert all(s.working_days >= 0 for s in path.slack)
