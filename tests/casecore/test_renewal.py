"""延续 (行政许可法 Art. 50): filed thirty days before the licence runs out and not decided by then, it is renewed."""

from datetime import date

import pytest
from support.story import (
    CALENDAR,
    CASE,
    FOOD,
    HALL,
    HEAD,
    OFFICE,
    Story,
    accepted,
    ask,
    day,
    fact,
    granted,
    moment,
    received,
    routed,
)

from casecore import (
    CardGround,
    CaseClosed,
    CaseEvent,
    CaseVoided,
    CaseWithdrawn,
    ClockKind,
    Decision,
    DecisionMade,
    DistrictRule,
    Limit,
    MakeDecision,
    Outcome,
    PassTime,
    PlanStep,
    Reason,
    ReceiveCase,
    RenewalDeemed,
    ReviewCompleted,
    Stage,
    Verdict,
)
from casecore.case.clocks import clock_named

QUIET = OFFICE._replace(rule=DistrictRule(cards=()))
EXPIRES = day("04-30")
FILED = received("03-02 09:00", licence_expires_on=EXPIRES)
UNDECIDED = (FILED, accepted())
ANSWERED = (
    *UNDECIDED,
    *routed("fire", "health", "market"),
    *granted("fire", "health", "market"),
    fact(ReviewCompleted, "03-04 09:00", granted=True),
)
REFUSAL = fact(DecisionMade, "03-13 09:00", by=HEAD, decision=Decision.REFUSED, reason="unsafe")


def passing(when: str) -> PassTime:
    return ask(PassTime, when, by="clock")


def test_the_day_a_licence_runs_out_is_told_with_the_papers() -> None:
    asked = ReceiveCase(case=CASE, by="wang", at=moment("03-02 09:00"), item=FOOD, hall=HALL, licence_expires_on=EXPIRES)

    after = Story().when(asked).done()

    assert after.file.licence_expires_on == EXPIRES


@pytest.mark.parametrize("before", [UNDECIDED, ANSWERED], ids=["in review", "reviewed"])
def test_undecided_when_the_licence_has_run_out_it_is_renewed(before: tuple[CaseEvent, ...]) -> None:
    after = (
        Story(*before, office=QUIET)
        .when(passing("05-01 00:00"))
        .then(RenewalDeemed(at=moment("05-01 00:00"), by="clock", licence_expired_on=EXPIRES))
    )

    assert after.file.stage is Stage.DECIDED
    assert after.file.decision is not None
    assert after.file.decision.decision is Decision.GRANTED
    assert after.file.decision.reason == "视为准予延续 / renewal deemed granted"


def test_on_its_last_day_the_licence_may_still_be_refused() -> None:
    Story(*UNDECIDED, office=QUIET).when(passing("04-30 23:59")).refused(Reason.NOTHING_DUE)


def test_it_is_renewed_once() -> None:
    story = Story(*UNDECIDED, office=QUIET).when(passing("05-01 00:00")).done()

    story.when(passing("05-01 00:00")).refused(Reason.NOTHING_DUE)


@pytest.mark.parametrize(
    "after",
    [
        (REFUSAL,),
        (fact(CaseWithdrawn, "03-13 09:00", reason="moved away"),),
        (fact(CaseVoided, "03-13 09:00", outcome=Outcome.DELETED, reason="typed twice"),),
        (fact(CaseClosed, "03-13 09:00", outcome=Outcome.RETURNED, reason="a dead end"),),
    ],
    ids=["decided", "withdrawn", "voided", "closed"],
)
def test_what_was_decided_or_ended_is_not_renewed(after: tuple[CaseEvent, ...]) -> None:
    Story(*ANSWERED, *after, office=QUIET).when(passing("06-01 00:00")).refused(Reason.NOTHING_DUE)


@pytest.mark.parametrize(
    ("filed", "in_time"),
    [("03-31 23:59", True), ("04-01 00:00", False)],  # thirty days before 04-30 is 03-31
)
def test_only_who_files_thirty_days_ahead_is_renewed_by_silence(filed: str, *, in_time: bool) -> None:
    story = Story(received(filed, licence_expires_on=EXPIRES), accepted("04-01 10:00"), office=QUIET)

    ruling = story.when(passing("05-01 00:00")).ruling

    assert isinstance(ruling, tuple) is in_time
    assert (clock_named(story.file, "renewal") is not None) is in_time


def test_a_case_that_renews_nothing_has_no_such_clock() -> None:
    story = Story(received(), accepted(), office=QUIET)

    assert clock_named(story.file, "renewal") is None
    story.when(passing("12-01 00:00")).refused(Reason.NOTHING_DUE)


def test_a_licence_that_ran_out_before_time_was_counted_is_no_renewal_and_no_error() -> None:
    assert clock_named(Story(received(licence_expires_on=date.min), accepted()).file, "renewal") is None


def test_the_clock_runs_to_the_last_day_of_the_licence() -> None:
    found = clock_named(Story(*ANSWERED, REFUSAL).file, "renewal")
    assert found is not None

    assert (found.kind, found.source) == (ClockKind.RENEWAL, "行政许可法 Art. 50")
    assert (found.started_on, found.ended_at) == (day("03-02"), moment("03-13 09:00"))
    reading = found.read(CALENDAR, moment("05-04 09:00"))
    assert (reading.due_on, reading.verdict) == (EXPIRES, Verdict.ON_TIME)


def test_received_and_met_with_nothing_but_silence_it_is_accepted_by_law_and_renewed_by_law() -> None:
    first, second = Story(FILED, office=QUIET).when(passing("05-01 00:00")).ruling  # type: ignore[misc]

    assert [type(first).__name__, type(second).__name__] == ["AcceptanceDeemed", "RenewalDeemed"]


def test_the_steps_nobody_answered_end_with_the_renewal() -> None:
    story = Story(*UNDECIDED, *routed("fire"), office=QUIET).when(passing("05-01 00:00")).done()

    assert story.file.decision is not None
    assert [a.answered_at for a in story.file.approvals] == [None]
    renewal = clock_named(story.file, "renewal")
    assert renewal is not None
    assert renewal.ended_at == moment("05-01 00:00")
    assert renewal.read(CALENDAR, moment("06-01 00:00")).verdict is Verdict.OVERDUE


@pytest.mark.parametrize("noticed", ["05-01 00:00", "05-29 00:00"])
def test_however_late_it_is_noticed_the_renewal_ends_the_steps_as_the_licence_has_run_out(noticed: str) -> None:
    five_days = (PlanStep(step="fire", department="Fire", limit=Limit.working_days(5)),)  # from 04-28: until 05-06
    undecided = (FILED, accepted(plan=five_days), *routed("fire", when="04-28 09:00"))

    file = Story(*undecided).when(passing(noticed)).done().file

    step, renewal = clock_named(file, "step:fire"), clock_named(file, "renewal")
    assert step is not None
    assert renewal is not None
    assert (step.ended_at, renewal.ended_at) == (moment("05-01 00:00"), moment("05-01 00:00"))
    assert not [card for card in file.cards if card.fact.ground is CardGround.STEP_OVERDUE]


def test_an_imported_renewal_of_a_licence_not_run_out_counts_when_it_is_said_to_have_been() -> None:
    early = fact(RenewalDeemed, "04-30 09:00", licence_expired_on=date.max)

    decision = Story(*UNDECIDED, early).file.decision

    assert decision is not None
    assert decision.at == moment("04-30 09:00")


def test_once_the_licence_has_run_out_a_no_comes_too_late_whether_or_not_anybody_has_noticed() -> None:
    no = ask(MakeDecision, "05-20 09:00", by=HEAD, decision=Decision.REFUSED, reason="unsafe")

    Story(*ANSWERED).when(no).refused(Reason.WRONG_STAGE, "decided")
    Story(*ANSWERED).when(passing("05-01 00:00")).done().when(no).refused(Reason.WRONG_STAGE, "decided")


def test_once_the_licence_has_run_out_a_yes_is_the_laws() -> None:
    yes = ask(MakeDecision, "05-20 09:00", by=HEAD, decision=Decision.GRANTED)

    told = Story(*ANSWERED).when(yes)

    told.then(RenewalDeemed(at=moment("05-20 09:00"), by=HEAD, licence_expired_on=EXPIRES))


def test_on_the_last_day_of_the_licence_the_organ_may_still_say_no() -> None:
    no = ask(MakeDecision, "04-30 23:59", by=HEAD, decision=Decision.REFUSED, reason="unsafe")

    decision = Story(*ANSWERED).when(no).done().file.decision

    assert decision is not None
    assert decision.decision is Decision.REFUSED
