"""Findings: each code is reached by a history that deserves it, and not by the lawful one beside it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examined import (
    AGREED,
    AT,
    LONG,
    SHOWN,
    C,
    Entered,
    Told,
    closed,
    codes,
    extended,
    found,
    on_record,
    paused,
    procedure,
    resumed,
)
from support.made_up import whatever
from support.story import (
    CALENDAR,
    CASE,
    CATALOGUE,
    CLERK,
    FOOD,
    HEAD,
    IN_REVIEW,
    OFFICE,
    OFFICER,
    PROOF,
    accepted,
    fact,
    moment,
    received,
)

from casecore import (
    Authority,
    BadInput,
    CardGround,
    CaseAccepted,
    CaseEvent,
    CaseVoided,
    Decision,
    DecisionMade,
    DistrictRule,
    Finding,
    FindingCode,
    Flaw,
    Limit,
    Office,
    Outcome,
    Recorded,
    Resumed,
    findings_of,
    fold,
)
from casecore.auditing.bursts import bursts_of, quick_case
from casecore.case.acts.supervision import cards_due
from casecore.case.clocks import clock_named, clocks_of
from casecore.kinds import CASE as CASES
from casecore.watching import watch


@pytest.mark.parametrize("code", SHOWN, ids=str)
def test_every_code_is_reached_and_its_lawful_neighbour_is_not(code: FindingCode) -> None:
    questionable, lawful = SHOWN[code]

    assert code in codes(*questionable)
    assert code not in codes(*lawful)


def test_a_finding_names_its_fact_and_says_what_the_clock_does() -> None:
    (finding,) = found(*IN_REVIEW, procedure(), resumed("03-16 09:00"))

    assert finding == Finding(
        C.PROCEDURE_OVER_DECLARED_DAYS,
        "510107",
        CASE,
        103,
        3,
        moment("03-05 09:00"),
        OFFICER,
        "S1 lasted 2 days beyond the 5 declared days: they run against the agency",
    )


def test_a_case_done_as_the_law_says_has_no_finding() -> None:
    assert found(*IN_REVIEW, procedure(), resumed(), extended(), closed("03-23 09:00")) == ()
    assert findings_of([], OFFICE, AT) == ()


# what the clocks do is what the findings say


def due_on(*events: CaseEvent, clock: str = "statutory") -> str:
    named = clock_named(fold(events), clock)
    assert named is not None
    return f"{named.read(CALENDAR, AT).due_on:%m-%d}"


PLAIN_DUE: Final = "03-30"
EXTENDED_DUE: Final = "04-14"


@pytest.mark.parametrize(
    ("acts", "due"),
    [
        ((procedure(notice=None), resumed()), PLAIN_DUE),
        ((procedure(), resumed("03-04 09:00")), PLAIN_DUE),
        ((resumed("03-04 09:00"), procedure()), PLAIN_DUE),
        ((resumed(),), PLAIN_DUE),
        ((procedure(), resumed()), "04-07"),
        ((procedure(), resumed(), resumed("03-20 09:00")), "04-07"),
        ((procedure(), resumed("03-20 09:00")), "04-07"),
        ((procedure(), procedure("03-09 09:00", "S2"), resumed(), resumed("03-12 09:00", "S2")), "04-07"),
        ((procedure("03-31 09:00"), resumed("04-03 09:00")), PLAIN_DUE),
        ((extended(),), EXTENDED_DUE),
        ((extended(), extended("03-11 09:00")), EXTENDED_DUE),
        ((extended(authority=Authority.GOVERNMENT_HEAD),), PLAIN_DUE),
        ((extended(days=60),), EXTENDED_DUE),
        ((extended(notice=None),), EXTENDED_DUE),
        ((extended("03-31 09:00"),), PLAIN_DUE),
    ],
)
def test_the_statutory_clock_does_with_an_act_what_its_finding_says(acts: tuple[CaseEvent, ...], due: str) -> None:
    assert due_on(*IN_REVIEW, *acts) == due


def test_what_a_procedure_without_notice_lacks_is_named() -> None:
    (bare,) = found(*IN_REVIEW, procedure(ground=None, declared_days=None, notice=None))

    assert bare.sentence == (
        "S1 lacks a ground in law (法定事由), declared days (告知的期限), a written notice (书面告知):"
        " the statutory clock goes on"
    )


def test_deadlines_are_those_that_stood_when_the_act_came() -> None:
    moved = (*IN_REVIEW, procedure(), resumed())  # the promise is due on 03-23 now

    assert codes(*moved, extended("03-23 09:00")) == []
    assert codes(*moved, paused("03-18 09:00", "S2")) == []
    assert codes(*moved, paused("03-19 09:00", "S2")) == [C.SUSPENDED_NEAR_DEADLINE]
    assert codes(*moved, paused("03-24 09:00", "S2")) == [C.ACT_AFTER_DEADLINE]


def test_an_act_after_one_deadline_and_just_before_the_other_is_both() -> None:
    late, near = found(*IN_REVIEW, procedure("03-26 09:00"), at=moment("03-27 09:00"))

    assert (late.code, near.code) == (C.ACT_AFTER_DEADLINE, C.SUSPENDED_NEAR_DEADLINE)
    assert late.sentence == "S1 of 2026-03-26 came after the promised limit ran out on 2026-03-16: it does not revive it"
    assert near.sentence == "S1 began 2 working days before the statutory limit ran out on 2026-03-30"


def test_a_suspension_that_moves_nothing_is_looked_at_all_the_same_and_the_sentence_says_so() -> None:
    (near,) = found(*IN_REVIEW, paused("03-16 09:00"))

    assert near.sentence == "S1 began 0 working days before the promised limit ran out on 2026-03-16; it moves no limit"


def test_where_the_district_lets_procedures_run_side_by_side_they_are_no_finding() -> None:
    questionable, _ = SHOWN[C.OVERLAPPING_DECLARATIONS]
    parallel = Office(CATALOGUE, CALENDAR, DistrictRule(parallel_procedures=True))

    assert codes(*questionable) == [C.OVERLAPPING_DECLARATIONS]
    assert codes(*questionable, office=parallel) == []


def test_of_two_procedures_begun_at_once_the_later_recorded_one_overlaps() -> None:
    both = found(*IN_REVIEW, procedure(), procedure(name="S2"), resumed(), resumed(name="S2"))

    assert [(one.code, one.version) for one in both] == [(C.OVERLAPPING_DECLARATIONS, 4)]


def test_an_open_procedure_overruns_on_the_day_after_its_last_declared_one() -> None:
    history = (received(), LONG, procedure())

    assert codes(*history, at=moment("03-12 17:00")) == []
    assert codes(*history, at=moment("03-13 00:00")) == [C.PROCEDURE_OVER_DECLARED_DAYS]


@pytest.mark.parametrize(
    "negative",
    [
        fact(DecisionMade, "03-05 09:00", by=HEAD, decision=Decision.REFUSED),
        closed(outcome=Outcome.RETURNED),
        fact(CaseVoided, "03-05 09:00", outcome=Outcome.VOIDED, reason=""),
    ],
    ids=lambda event: type(event).__name__,
)
def test_every_kind_of_no_needs_its_reason(negative: CaseEvent) -> None:
    assert codes(*IN_REVIEW, negative) == [C.REASONLESS_NEGATIVE]
    assert codes(*IN_REVIEW, replace(negative, reason="the roof leaks")) == []  # type: ignore[call-arg]


def test_what_silence_renewed_is_found_with_the_day_the_licence_ran_out() -> None:
    (renewed,) = (one for one in found(*SHOWN[C.DEEMED_RENEWAL][0]) if one.code is C.DEEMED_RENEWAL)

    assert (renewed.version, renewed.by) == (3, "clock")
    assert renewed.sentence == "nobody decided before the licence ran out on 2026-04-30: renewed by law"


def test_a_fact_from_after_its_recording_is_told_with_both_moments_as_the_district_reads_them() -> None:
    (ahead,) = found(*IN_REVIEW, Entered(closed("03-13 09:11"), "03-13 09:00"))

    assert ahead.sentence == (
        "said to have happened at 2026-03-13T09:11:00+08:00, recorded at 2026-03-13T09:00:00+08:00:"
        " every clock takes it at its word"
    )


# what a procedure lasted is the same for the card and for the finding


@pytest.mark.parametrize(
    ("history", "does"),
    [
        ((*IN_REVIEW, procedure(), resumed("03-16 09:00")), "they run against the agency"),
        ((received(), AGREED, procedure(), resumed("03-16 09:00")), "no limit stood still for it then"),
        ((*IN_REVIEW, procedure("03-31 09:00"), resumed("04-10 09:00")), "no limit stood still for it then"),
    ],
    ids=["on running limits", "beside an agreed date", "after both limits"],
)
def test_a_procedure_over_its_days_is_found_whatever_the_limits_make_of_it(history: Told, does: str) -> None:
    (over,) = (one for one in found(*history) if one.code is C.PROCEDURE_OVER_DECLARED_DAYS)

    assert over.sentence == f"S1 lasted 2 days beyond the 5 declared days: {does}"


@given(
    promise=st.sampled_from([accepted(), LONG, AGREED, accepted(promised=Limit.natural_days(7))]),
    declared=st.integers(1, 4),
    first=st.integers(3, 31),
    lasted=st.none() | st.integers(-1, 12),
    ended=st.none() | st.integers(3, 31),
    notice=st.sampled_from(["T-1", None]),
)
@settings(deadline=None)
def test_the_finding_is_there_where_the_card_is(  # noqa: PLR0913 - what a case is made of
    *, promise: CaseAccepted, declared: int, first: int, lasted: int | None, ended: int | None, notice: str | None
) -> None:
    told = procedure(f"03-{first:02} 09:00", declared_days=declared, notice=notice)
    events: list[CaseEvent] = [received(), promise, told]
    if lasted is not None:
        events.append(replace(resumed(), at=told.at + timedelta(days=lasted)))
    if ended is not None:
        events.append(closed(f"03-{ended:02} 17:00"))
    at = moment("04-10 17:00")

    earned = [c.card for c in cards_due(fold(events), "clock", at, OFFICE) if c.ground is CardGround.PROCEDURE_OVERRUN]

    assert codes(*events, at=at).count(C.PROCEDURE_OVER_DECLARED_DAYS) == len(earned)


# late entries


def test_a_procedure_entered_after_the_closing_that_makes_it_punctual_is_found() -> None:
    history = (*IN_REVIEW, closed("03-18 09:00"), Entered(procedure(), "03-20 09:00"), Entered(resumed(), "03-20 09:00"))

    (late,) = found(*history)

    assert (late.code, late.version) == (C.ENTERED_AFTER_DEADLINE, 4)
    assert late.sentence == (
        "entered on 2026-03-20, said to have happened on 2026-03-05: in time again promised (due 2026-03-16)"
    )


def test_a_late_entry_that_rescues_nothing_is_none() -> None:
    late_closing = (*IN_REVIEW, Entered(closed("03-17 16:00"), "03-18 09:00"))

    assert codes(*late_closing) == []


def test_an_answer_entered_after_its_five_days_is_found() -> None:
    history = (received(), Entered(accepted("03-09 16:00"), "03-10 09:00"))

    assert codes(*history) == [C.ENTERED_AFTER_DEADLINE]


def test_a_history_imported_as_a_whole_years_later_shows_no_late_entry() -> None:
    history = [Entered(event, "12-01 09:00") for event in (*IN_REVIEW, procedure(), resumed(), closed("03-23 09:00"))]

    assert codes(*history) == []


def test_days_are_those_of_the_district_not_of_greenwich() -> None:
    assert codes(*IN_REVIEW, Entered(closed("03-16 16:00"), "03-16 23:59")) == []
    assert codes(*IN_REVIEW, Entered(closed("03-16 16:00"), "03-17 00:01")) == [C.ENTERED_AFTER_DEADLINE]


# calendars


def test_under_an_unknown_calendar_the_rest_is_examined_and_no_clock_is_read() -> None:
    history = (received(), accepted(calendar="story.9"), procedure(notice=None), extended(days=60))

    assert codes(*history) == [C.UNKNOWN_CALENDAR, C.SPECIAL_PROCEDURE_WITHOUT_NOTICE, C.EXTENSION_TOO_LONG]
    with pytest.raises(BadInput, match=r"story\.9") as caught:
        list(watch(clocks_of(fold(history)), AT, OFFICE))
    assert caught.value.code is Flaw.UNKNOWN_CALENDAR


def test_an_act_whose_end_no_calendar_knows_leaves_the_case_examined() -> None:
    history = (*IN_REVIEW, procedure(), fact(Resumed, "1999-03-02 09:00", suspension="S1"))

    assert codes(*history) == [C.OUTSIDE_CALENDAR, C.ENDED_BEFORE_STARTED]


@given(whatever(CASES))
@settings(deadline=None)
def test_whatever_was_recorded_can_be_examined(history: list[CaseEvent]) -> None:
    examined = findings_of(on_record(*history), OFFICE, AT)

    assert [one.version for one in examined] == sorted(one.version for one in examined)
    assert all(1 <= one.version <= len(history) and one.sentence for one in examined)


# bursts


def at_once(number: int, minute: int, by: str = OFFICER, **rest: Any) -> list[Recorded]:
    """A case accepted at that minute of the morning and closed two minutes later."""
    at = moment("03-02 09:00") + timedelta(minutes=minute)
    promised = replace(accepted(**rest), at=at, by=by)
    ended = replace(closed(by=by), at=at + timedelta(minutes=2))
    return on_record(replace(received(), at=at), promised, ended, case=f"C-{number}")


def bursts(*histories: list[Recorded]) -> list[Finding]:
    return list(bursts_of(filter(None, map(quick_case, histories))))


def test_five_cases_of_one_officer_within_ten_minutes_are_a_burst() -> None:
    (burst,) = bursts(*(at_once(n, 2 * n) for n in range(5)))

    assert burst.code is C.ACCEPT_CLOSE_BURST
    assert burst.cases == ("C-0", "C-1", "C-2", "C-3", "C-4")
    assert (burst.case, burst.by, burst.at) == ("C-0", OFFICER, moment("03-02 09:00"))
    assert burst.sentence == "5 cases accepted and closed within 10 min, each of them at once"


@pytest.mark.parametrize(
    "histories",
    [
        [at_once(n, 2 * n) for n in range(4)],
        [at_once(n, 2 * n + (n == 4)) for n in range(5)],
        [at_once(n, n, by=OFFICER if n else HEAD) for n in range(5)],
        [at_once(n, n, by="Market") for n in range(5)],
        [at_once(n, n, code=PROOF) for n in range(5)],
    ],
    ids=["four", "in eleven minutes", "of two officers", "of a department", "done while one waits"],
)
def test_less_is_no_burst(histories: list[list[Recorded]]) -> None:
    assert bursts(*histories) == []


def test_a_burst_reaches_as_far_as_it_goes_on_and_the_next_is_another() -> None:
    first = [at_once(n, n) for n in range(8)]
    second = [at_once(100 + n, 60 + n) for n in range(5)]

    found_ = bursts(*first, *second)

    assert [(burst.case, len(burst.cases)) for burst in found_] == [("C-0", 8), ("C-100", 5)]


def test_the_item_of_the_stories_is_no_instant_one() -> None:
    assert FOOD != PROOF
    assert quick_case(on_record(*IN_REVIEW, closed("03-02 10:06", by=CLERK))) is None
