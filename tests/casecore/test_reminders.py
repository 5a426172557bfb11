"""Reminders of the one complete notice (一次性告知, Art. 32(4)): whose the visits are that they bring."""

from collections.abc import Sequence
from typing import Any, Final

import pytest
from support.examined import codes
from support.story import CITIZEN, CLERK, Story, accepted, ask, fact, received, visit

from casecore import (
    CaseEvent,
    Cause,
    CausedBy,
    CorrectionRequested,
    CorrectionSubmitted,
    MaterialMet,
    MaterialsCouriered,
    MaterialWay,
    Place,
    RequestCorrection,
    SubmitCorrection,
    TripMade,
    TripVerdict,
    Visitor,
    count_trips,
)
from casecore.vocabulary import FindingCode

AGENCY, APPLICANT, PROMISED = TripVerdict.AGENCY, TripVerdict.APPLICANT, TripVerdict.PROMISED


def notice(when: str, *materials: str, **rest: Any) -> CorrectionRequested:
    return fact(CorrectionRequested, f"{when} 16:00", by=CLERK, materials=materials, **rest)


def brought(when: str, *materials: str) -> tuple[CaseEvent, ...]:
    """Somebody came on a day and brought these."""
    who = {"visitor": Visitor.APPLICANT, "place": Place.HALL}
    return (
        fact(CorrectionSubmitted, f"{when} 09:00", by=CITIZEN, materials=materials),
        fact(TripMade, f"{when} 09:00", by=CLERK, visit=f"V{when}", cause=Cause.CORRECT, **who),
    )


def verdicts(*events: CaseEvent | Sequence[CaseEvent]) -> list[TripVerdict]:
    told = [one for event in events for one in (event if isinstance(event, Sequence) else (event,))]
    return [one.verdict for one in count_trips(Story(received(), *told).file)]


FIRST: Final = notice("03-02", "health certificate", "lease", "map")


def test_a_reminder_of_what_has_not_come_in_is_no_new_cause_of_the_agencys() -> None:
    rounds = (FIRST, brought("03-03", "map", "lease"), notice("03-04", "health certificate"))

    assert verdicts(*rounds, brought("03-05", "health certificate")) == [APPLICANT, APPLICANT]


@pytest.mark.parametrize(
    "reminder",
    [("map", "lease", "health certificate"), ("lease", "health certificate", "map"), ("lease",)],
    ids=["in another order", "in a third order", "of one thing alone"],
)
def test_a_reminder_may_name_the_same_things_in_any_order_and_fewer_of_them(reminder: tuple[str, ...]) -> None:
    came_in_vain = brought("03-03", "a photograph")

    assert verdicts(FIRST, came_in_vain, notice("03-04", *reminder), brought("03-05", *reminder))[-1] is APPLICANT


def test_a_notice_repeated_again_and_again_costs_no_more_than_the_first() -> None:
    repeated = [notice(when, "lease", "map") for when in ("03-02", "03-04", "03-06")]

    assert verdicts(*repeated, brought("03-09", "lease", "map")) == [APPLICANT]
    assert verdicts(*repeated, brought("03-09", "photograph")) == [AGENCY], "nobody had asked for that"


def test_what_a_second_notice_adds_is_the_agencys_and_only_that_part() -> None:
    partly = (FIRST, brought("03-03", "lease", "map"), notice("03-04", "health certificate", "plan of the kitchen"))

    assert verdicts(*partly, brought("03-05", "plan of the kitchen")) == [APPLICANT, AGENCY]
    assert verdicts(*partly, brought("03-05", "health certificate", "plan of the kitchen")) == [APPLICANT, APPLICANT], (
        "whoever still owed something had to come for that"
    )
    apart = (*partly, brought("03-05", "plan of the kitchen"), notice("03-06", "health certificate"))
    assert verdicts(*apart, brought("03-09", "health certificate")) == [APPLICANT, AGENCY, APPLICANT]


def test_a_second_notice_of_something_new_alone_is_the_agencys() -> None:
    assert verdicts(FIRST, brought("03-03"), notice("03-04", "plan"), brought("03-05", "plan")) == [APPLICANT, AGENCY]


@pytest.mark.parametrize("first", [{"complete": False}, {"caused_by": CausedBy.AGENCY}], ids=["incomplete", "its own fault"])
def test_nothing_reminds_of_a_first_notice_that_was_not_complete_or_not_the_applicants(first: dict[str, Any]) -> None:
    rounds = (notice("03-02", "lease", "map", **first), brought("03-03", "map"), notice("03-04", "lease"))

    assert verdicts(*rounds, brought("03-05", "lease")) == [AGENCY, AGENCY]


def test_a_later_notice_on_the_agencys_account_is_the_agencys_whatever_it_names() -> None:
    lost = notice("03-04", "lease", caused_by=CausedBy.AGENCY)

    assert verdicts(FIRST, brought("03-03", "map"), lost, brought("03-05", "lease")) == [APPLICANT, AGENCY]


@pytest.mark.parametrize(
    "came_in",
    [
        fact(MaterialMet, "03-03 12:00", by=CLERK, material="lease", way=MaterialWay.PACKAGE, source="PKG-1"),
        fact(MaterialMet, "03-03 12:00", by=CLERK, material="lease", way=MaterialWay.DATA_SHARING, source="registry"),
        fact(MaterialsCouriered, "03-03 12:00", by=CLERK, consignment="IN1", materials=("lease",)),
    ],
    ids=["shared in the package", "looked up", "by courier"],
)
def test_whoever_asks_again_for_what_has_come_in_sends_the_applicant_in_vain(came_in: CaseEvent) -> None:
    rounds = (FIRST, brought("03-03", "map"), came_in, notice("03-04", "lease"))

    assert verdicts(*rounds, brought("03-05", "lease")) == [APPLICANT, AGENCY]


def test_what_is_entered_as_met_in_the_visit_itself_was_owed_until_then() -> None:
    entered = fact(MaterialMet, "03-05 08:55", by=CLERK, material="lease", way=MaterialWay.PAPER)

    rounds = (FIRST, brought("03-03", "map"), notice("03-04", "lease"), entered)
    assert verdicts(*rounds, brought("03-05", "lease")) == [APPLICANT, APPLICANT]


def test_a_reminder_after_the_acceptance_is_one_too() -> None:
    """An imported history may ask for more after the acceptance (status 37)."""
    rounds = (FIRST, brought("03-03", "map", "lease"), accepted("03-04 09:00"))

    reminded = (*rounds, notice("03-04", "health certificate"), brought("03-05", "health certificate"))
    assert verdicts(*reminded) == [APPLICANT, APPLICANT]
    assert verdicts(*rounds, notice("03-04", "plan"), brought("03-05", "plan")) == [APPLICANT, AGENCY]


@pytest.mark.parametrize("first", [(), ("lease",)])
def test_a_notice_whose_words_nobody_imported_reminds_of_nothing(first: tuple[str, ...]) -> None:
    assert verdicts(notice("03-02", *first), brought("03-03"), notice("03-04"), brought("03-05")) == [APPLICANT, AGENCY]


def test_the_rules_let_the_clerk_remind_and_count_it_for_nothing() -> None:
    story = Story(received()).when(ask(RequestCorrection, "03-02 16:00", by=CLERK, materials=("lease", "map"))).done()
    for day, material in (("03-03", "map"), ("03-05", "lease")):
        came = ask(SubmitCorrection, f"{day} 09:00", by=CLERK, materials=(material,), visit=visit(f"V{day}"))
        story = story.when(came).done()
        if material == "map":
            story = story.when(ask(RequestCorrection, f"{day} 10:00", by=CLERK, materials=("lease",))).done()

    assert [(one.gross, one.net) for one in count_trips(story.file)] == [(True, False), (True, False)]


# what an audit makes of further notices


def further(*events: CaseEvent | Sequence[CaseEvent]) -> set[FindingCode]:
    told = [one for event in events for one in (event if isinstance(event, Sequence) else (event,))]
    return set(codes(received(), *told)) & {FindingCode.SERIAL_CORRECTIONS, FindingCode.SECOND_NOTICE_NAMES_MORE}


def test_a_reminder_is_nothing_to_question_and_any_other_further_notice_is() -> None:
    begun = (FIRST, brought("03-03", "map"))

    assert further(*begun, notice("03-04", "lease", "health certificate")) == set()
    assert (
        further(*begun, notice("03-04", "lease"), brought("03-05", "lease"), notice("03-06", "health certificate")) == set()
    )
    assert further(*begun, notice("03-04", "map")) == {FindingCode.SERIAL_CORRECTIONS}
    assert further(*begun, notice("03-04")) == {FindingCode.SERIAL_CORRECTIONS}
    assert further(*begun, notice("03-04", "lease", "plan")) == {
        FindingCode.SERIAL_CORRECTIONS,
        FindingCode.SECOND_NOTICE_NAMES_MORE,
    }
