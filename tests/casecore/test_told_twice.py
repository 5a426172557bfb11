"""An act told twice, or late: the first receipt, acceptance and decision rule, in whatever order an import tells of them."""

from dataclasses import fields, replace
from itertools import permutations
from typing import Final

import pytest
from support.story import CALENDAR, HEAD, accepted, day, fact, moment, received, submitted

from casecore import (
    AcceptanceDeemed,
    CaseClosed,
    Channel,
    Decision,
    DecisionMade,
    Outcome,
    RenewalDeemed,
    ReviewCompleted,
    Stage,
)
from casecore.case.clocks import clocks_of
from casecore.case.facts.acceptance import Acceptance
from casecore.case.file import CaseFile
from casecore.case.kind import fold
from casecore.fact import Fact

FIRST: Final = (
    received("03-02 09:00"),
    accepted("03-03 10:00"),
    fact(DecisionMade, "03-09 09:00", by=HEAD, decision=Decision.GRANTED),
)
SECOND: Final = (
    received("03-04 09:00"),
    accepted("03-06 10:00"),
    fact(DecisionMade, "03-12 09:00", by=HEAD, decision=Decision.REFUSED, reason="seen again"),
)


def clocks(file: CaseFile) -> dict[str, tuple[object, ...]]:
    """Each clock by its name: day 0, since when, until when, and its last day."""
    at = moment("03-20 09:00")
    return {
        clock.name: (clock.started_on, clock.started_at, clock.ended_at, clock.read(CALENDAR, at).due_on)
        for clock in clocks_of(file)
    }


@pytest.mark.parametrize("second", SECOND, ids=["received", "accepted", "decided"])
def test_what_is_told_a_second_time_and_later_moves_no_clock(second: Fact) -> None:
    assert clocks(fold((*FIRST, second))) == clocks(fold(FIRST))


@pytest.mark.parametrize("second", SECOND, ids=["received", "accepted", "decided"])
def test_what_is_told_a_second_time_leads_no_case_back(second: Fact) -> None:
    file = fold((*FIRST, second))

    assert (file.stage, file.stage_at) == (Stage.DECIDED, moment("03-09 09:00"))


def test_whoever_tells_of_all_twice_in_any_order_gets_the_same_clocks() -> None:
    expected = clocks(fold(FIRST))

    for order in permutations((*FIRST, *SECOND)):
        file = fold(order)
        assert clocks(file) == expected, [type(one).__name__ for one in order]
        assert file.stage is Stage.DECIDED


def test_of_two_receipts_the_first_says_who_came_and_by_which_way_whichever_is_told_first() -> None:
    first = received("03-02 09:00", applicant="Li", channel=Channel.WINDOW)
    second = received("03-04 09:00", applicant="Wang", channel=Channel.WEBSITE)

    for order in ((first, second), (second, first)):
        file = fold(order)
        assert (file.applicant, file.channel, file.received_at) == ("Li", Channel.WINDOW, first.at)


def test_the_law_s_acceptance_stands_against_a_later_one_of_the_hall() -> None:
    said = accepted("03-10 10:00")
    promise = {field.name: getattr(said, field.name) for field in fields(Acceptance)}
    deemed = AcceptanceDeemed(**promise | {"effective_on": day("03-02"), "notice_due_on": day("03-09")})

    late = replace(deemed, at=moment("03-20 00:00"))  # recorded long after the law had spoken

    for one, other in permutations((deemed, accepted("03-11 10:00"))):
        assert fold((received("03-02 09:00"), one, other)).promise is deemed
    for one, other in permutations((late, accepted("03-12 10:00"))):
        assert fold((received("03-02 09:00"), one, other)).promise is late
    in_time = accepted("03-09 16:00")
    for one, other in permutations((late, in_time)):
        assert fold((received("03-02 09:00"), one, other)).promise is in_time


def test_the_second_of_two_decisions_does_not_turn_the_first() -> None:
    file = fold((*FIRST, SECOND[-1]))

    assert file.decision is not None
    assert file.decision.decision is Decision.GRANTED


def test_silence_renews_nothing_that_was_decided_whichever_is_told_first() -> None:
    filed = (received("03-02 09:00", licence_expires_on=day("04-30")), accepted())
    no = fact(DecisionMade, "04-20 09:00", by=HEAD, decision=Decision.REFUSED, reason="unsafe")
    silence = fact(RenewalDeemed, "05-01 00:00", by="clock", licence_expired_on=day("04-30"))

    assert fold((*filed, no, silence)).decision == fold((*filed, silence, no)).decision == no
    assert fold((*filed, no, silence)).renewal is None


# --- told late ---

LATE: Final = {
    "received": (received("03-01 09:00"), (accepted(),)),
    "filed": (submitted("03-01 08:00"), (received("03-02 09:00"),)),
    "accepted": (
        accepted("03-02 10:00"),
        (received(), fact(DecisionMade, "03-05 09:00", by=HEAD, decision=Decision.GRANTED)),
    ),
    "reviewed": (
        fact(ReviewCompleted, "03-04 09:00", granted=True),
        (received(), accepted(), fact(DecisionMade, "03-05 09:00", by=HEAD, decision=Decision.GRANTED)),
    ),
    "decided": (
        fact(DecisionMade, "03-05 09:00", by=HEAD, decision=Decision.GRANTED),
        (received(), accepted(), fact(CaseClosed, "03-06 09:00", outcome=Outcome.CERTIFICATE_ISSUED)),
    ),
}


@pytest.mark.parametrize(("late", "known"), LATE.values(), ids=LATE)
def test_an_earlier_act_told_late_leads_no_case_back(late: Fact, known: tuple[Fact, ...]) -> None:
    before, after = fold(known), fold((*known, late))

    assert (after.stage, after.stage_at) == (before.stage, before.stage_at)
    assert after != before, "what it tells is kept all the same"


def test_papers_of_a_second_receipt_are_in_the_hall_all_the_same() -> None:
    file = fold((received(), received("03-04 09:00", materials=("lease",))))

    assert file.received_at == moment("03-02 09:00")
    assert file.service.held("lease") is not None
