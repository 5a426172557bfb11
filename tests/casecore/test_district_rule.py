"""区划规则: what the law leaves to a district, and what it does not."""

from dataclasses import FrozenInstanceError

import pytest
from support.story import CLERK, FOOD, HALL, OFFICE, PROOF, Story, ask, day, received

from casecore import (
    AcceptCase,
    DistrictRule,
    HandlingKind,
    OffdayAcceptance,
    SpecialGround,
    SuspendCase,
    SuspensionKind,
    WindowPolicy,
)

ACCEPT, RECEIVE = OffdayAcceptance.ACCEPT, OffdayAcceptance.RECEIPT_ONLY
PROMISED, INSTANT = HandlingKind.PROMISED, HandlingKind.INSTANT


def only_receives(
    *policies: WindowPolicy, hall: str | None = HALL, window: str | None = "B7", handling: HandlingKind = PROMISED
) -> bool:
    return DistrictRule(windows=policies).receipt_only(hall, window, handling)


# rest days, by window, hall and kind of handling


@pytest.mark.parametrize(("handling", "expected"), [(PROMISED, True), (INSTANT, False)])
def test_by_default_a_promised_item_waits_for_monday_and_an_instant_one_does_not(
    handling: HandlingKind, *, expected: bool
) -> None:
    assert only_receives(handling=handling) is expected


def test_a_district_may_say_otherwise_of_either_kind() -> None:
    rule = DistrictRule(offday_promised=ACCEPT, offday_instant=RECEIVE)

    assert not rule.receipt_only(HALL, "B7", PROMISED)
    assert rule.receipt_only(HALL, "B7", INSTANT)


def test_a_hall_has_its_own_policy_for_every_window_and_kind() -> None:
    here = WindowPolicy(hall=HALL, offday_acceptance=ACCEPT)

    assert not only_receives(here)
    assert not only_receives(here, window=None)
    assert only_receives(here, hall="another hall")
    assert only_receives(WindowPolicy(hall=HALL, offday_acceptance=RECEIVE), handling=INSTANT)


@pytest.mark.parametrize("turned", [False, True])
def test_a_window_goes_before_its_hall_in_whatever_order_they_are_written(*, turned: bool) -> None:
    policies = (
        WindowPolicy(hall=HALL, offday_acceptance=RECEIVE),
        WindowPolicy(hall=HALL, offday_acceptance=ACCEPT, window="B7"),
    )
    written = policies[::-1] if turned else policies

    assert not only_receives(*written, window="B7")
    assert only_receives(*written, window="B8")
    assert only_receives(*written, window=None)


def test_a_window_of_the_same_number_in_another_hall_is_another_window() -> None:
    assert only_receives(WindowPolicy(hall="another hall", offday_acceptance=ACCEPT, window="B7"))


def test_a_case_of_no_hall_follows_the_kind_of_handling() -> None:
    assert only_receives(WindowPolicy(hall=HALL, offday_acceptance=ACCEPT), hall=None, window=None)


@pytest.mark.parametrize(
    ("window", "code", "asked", "day_0"),
    [
        ("B7", FOOD, None, "03-07"),  # its own policy
        ("B8", FOOD, None, "03-09"),  # its hall's
        ("B8", PROOF, None, "03-09"),
        (None, PROOF, None, "03-09"),
        ("B7", FOOD, True, "03-09"),  # what the command says goes before any policy
        ("B8", FOOD, False, "03-07"),
    ],
)
def test_the_rule_answers_for_the_window_a_saturdays_case_came_in_at(
    window: str | None, code: str, day_0: str, *, asked: bool | None
) -> None:
    policies = (
        WindowPolicy(hall=HALL, offday_acceptance=RECEIVE),
        WindowPolicy(hall=HALL, offday_acceptance=ACCEPT, window="B7"),
    )
    office = OFFICE._replace(rule=DistrictRule(windows=policies))
    came_in = received("03-07 09:00", code, window=window)

    after = Story(came_in, office=office).when(ask(AcceptCase, "03-07 10:00", by=CLERK, receipt_only=asked)).done()

    assert after.file.started_on == day(day_0)


@pytest.mark.parametrize("policy", [ACCEPT, RECEIVE])
def test_no_policy_puts_off_what_is_accepted_on_a_working_day(policy: OffdayAcceptance) -> None:
    office = OFFICE._replace(rule=DistrictRule(windows=(WindowPolicy(hall=HALL, offday_acceptance=policy),)))

    for when in ("03-06", "02-28"):  # a Friday, and a Saturday that is worked (调休)
        after = Story(received(f"{when} 09:00"), office=office).when(ask(AcceptCase, f"{when} 18:30")).done()
        assert after.file.started_on == day(when)


# what no rule reaches


def test_no_rule_lets_anything_but_a_procedure_told_in_writing_move_the_limit_of_the_law() -> None:
    generous = OFFICE._replace(rule=DistrictRule(moves_promise=tuple(SuspensionKind), parallel_procedures=True))
    begun = Story(received(), office=generous).when(ask(AcceptCase, "03-02 10:00", by=CLERK)).done()

    for kind in SuspensionKind:
        asked = ask(SuspendCase, "03-03 09:00", reason="flood", kind=kind, ground=SpecialGround.TESTING, declared_days=5)
        (suspended,) = begun.when(asked).done().file.suspensions
        assert not suspended.fact.moves_statutory
        # and a special procedure that was not told in writing is no ordinary suspension either
        assert suspended.fact.moves_promise is (kind is not SuspensionKind.SPECIAL_PROCEDURE)


def test_a_rule_is_a_value() -> None:
    assert DistrictRule() == DistrictRule(name="default")
    with pytest.raises(FrozenInstanceError):
        DistrictRule().warn_days = 2  # type: ignore[misc]
