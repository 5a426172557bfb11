"""电子监察 of packages (一件事) and drop boxes (小蜜蜂箱): cards for what time has brought, each once, and by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest
from support.registers import ACCEPTED, SHOP, WORLD, collected, deposited, member, member_ended, package_closed
from support.story import BOX, CALENDAR, NOW, PACKAGE, Story, ask, day, fact, moment

from casecore import (
    Authority,
    BoxCardIssued,
    CardGround,
    CardLevel,
    CardRevocation,
    Catalogue,
    DistrictRule,
    DropBox,
    IssueBoxCard,
    IssuePackageCard,
    MemberResumed,
    MemberSuspended,
    Office,
    PackageCardIssued,
    PackageExtended,
    PassBoxTime,
    PassPackageTime,
    Reason,
    RevokeBoxCard,
    RevokePackageCard,
)
from casecore.cards import CardIssue
from casecore.district_rule import DEFAULT_RULE, CardPolicy
from casecore.drop_box.file import NEW_BOX
from casecore.fact import Fact
from casecore.kind import Kind
from casecore.kinds import DROP_BOX
from casecore.kinds import PACKAGE as OF_PACKAGES
from casecore.package.file import NEW_PACKAGE

DUE: Final = "2026-03-17"
"""Of the joint promise: ten working days after 03-03."""
LAW: Final = "2026-05-07"
"""Of the joint limit: 45 working days after 03-03, 04-06 and 05-01 being holidays."""


def cards(story: Story, command: type, when: str) -> list[tuple[str, str]]:
    """The cards that are issued as somebody looks, by their names and colours."""
    ruling = story.when(ask(command, when)).ruling
    assert isinstance(ruling, tuple) or ruling.reason is Reason.NOTHING_DUE
    return [(one.card, one.level.value) for one in ruling] if isinstance(ruling, tuple) else []


def package(*more: Fact) -> Story:
    return Story(*ACCEPTED, *more, office=WORLD, file=NEW_PACKAGE)


# 一件事


WARNED: Final = (f"due_soon:promised:{DUE}", "warning")
LATE: Final = (f"promise_overdue:promised:{DUE}", "yellow")
UNLAWFUL: Final = (f"statutory_overdue:statutory:{LAW}", "red")


@pytest.mark.parametrize(
    ("when", "earned"),
    [
        ("03-12 23:59", []),  # three of ten days are left: more than one, and more than a fifth
        ("03-13 00:00", [WARNED]),
        ("03-17 23:59", [WARNED]),
        ("03-18 00:00", [LATE]),
        ("05-07 23:59", [LATE]),
        ("05-08 00:00", [LATE, UNLAWFUL]),
    ],
)
def test_a_package_earns_its_cards_the_day_after_its_joint_limits(when: str, earned: list[tuple[str, str]]) -> None:
    assert cards(package(), PassPackageTime, when) == earned


def test_a_package_that_closed_in_time_earns_none_and_one_closed_late_is_judged_at_its_closing() -> None:
    in_time = package(*_closed(f"{DUE} 17:00"))
    late = package(*_closed("2026-03-19 09:00"))

    assert cards(in_time, PassPackageTime, "06-30 09:00") == []
    (card,) = late.when(ask(PassPackageTime, "06-30 09:00")).ruling  # type: ignore[misc] # facts
    assert (card.card, card.judged_at, card.overdue) == (LATE[0], moment("03-19 09:00"), 2)


def _closed(when: str) -> tuple[Fact, ...]:
    return member_ended(SHOP, when), package_closed(when)


def test_what_moves_the_joint_limits_moves_the_cards() -> None:
    case = member(SHOP)
    paused = fact(MemberSuspended, "03-05 09:00", case=case, suspension="S1", declared_days=3)
    resumed = fact(MemberResumed, "03-10 09:00", case=case, suspension="S1")
    longer = fact(
        PackageExtended, "03-06 09:00", days=15, approver="Qian", reason="r", notice="N", authority=Authority.GOVERNMENT_HEAD
    )

    moved = package(paused, resumed)
    assert cards(moved, PassPackageTime, "03-20 23:59") == [("due_soon:promised:2026-03-20", "warning")]
    assert cards(moved, PassPackageTime, "03-23 00:00") == [("promise_overdue:promised:2026-03-20", "yellow")]
    assert UNLAWFUL not in cards(package(longer), PassPackageTime, "05-28 23:59")
    assert cards(package(longer), PassPackageTime, "06-01 00:00")[-1] == ("statutory_overdue:statutory:2026-05-28", "red")


def test_before_the_joint_promise_runs_nothing_is_due() -> None:
    opened_only = Story(ACCEPTED[0], office=WORLD, file=NEW_PACKAGE)

    opened_only.when(ask(PassPackageTime, "12-01 09:00")).refused(Reason.NOTHING_DUE)


@pytest.mark.parametrize("looks", [("03-13 09:00", "03-18 09:00", "05-08 09:00"), ("05-08 09:00",)], ids=["often", "once"])
def test_each_card_is_issued_once_however_often_somebody_looks(looks: Sequence[str]) -> None:
    story: Any = package()
    for when in looks:
        story = story.when(ask(PassPackageTime, when)).done()
        story.when(ask(PassPackageTime, when)).refused(Reason.NOTHING_DUE)

    borne = [card.fact.card for card in story.file.cards]
    assert [name for name in borne if not name.startswith("due_soon")] == [LATE[0], UNLAWFUL[0]]
    assert (WARNED[0] in borne) == (len(looks) > 1)  # a warning is for what still runs


MILD: Final = DistrictRule(name="mild", cards=(CardPolicy(ground=CardGround.PROMISE_OVERDUE, level=CardLevel.RED),))


def test_a_district_that_gives_a_ground_no_colour_issues_no_card_for_it() -> None:
    office = WORLD._replace(
        rule=DistrictRule(name="mild", cards=(CardPolicy(ground=CardGround.PROMISE_OVERDUE, level=CardLevel.RED),))
    )
    story = Story(*ACCEPTED, office=office, file=NEW_PACKAGE)

    (card,) = story.when(ask(PassPackageTime, "06-01 09:00")).ruling  # type: ignore[misc] # facts
    assert (card.ground, card.level, card.rule) == (CardGround.PROMISE_OVERDUE, CardLevel.RED, "mild")


# 小蜜蜂箱


TWICE: Final = DropBox(code=BOX, name_zh="小蜜蜂箱", source="made up for these stories", hall="H")
"""Emptied twice a day."""
EMPTIED: Final = tuple(collected(when) for when in ("03-02 08:40", "03-02 16:30", "03-03 08:40", "03-07 10:00"))
"""Twice on Monday, once on Tuesday, and on Saturday."""


def boxed(*facts: Fact, rule: DistrictRule | None = None, **register: Any) -> Story:
    office = Office(Catalogue((), boxes=(replace(TWICE, **register),)), CALENDAR, rule or DistrictRule())
    return Story(*(facts or EMPTIED), office=office, file=NEW_BOX)


def missed(*days: str) -> list[tuple[str, str]]:
    return [(f"box_not_emptied:2026-{one}", "yellow") for one in days]


@pytest.mark.parametrize(
    ("when", "days"),
    [
        ("03-03 23:59", ()),
        ("03-04 00:00", ("03-03",)),
        ("03-05 00:00", ("03-03", "03-04")),
        ("03-08 12:00", ()),  # on a day of rest nothing is issued
        ("03-09 23:59", ("03-03", "03-04", "03-05", "03-06")),  # the weekend asks for nothing, and Monday is not over
        ("03-10 00:00", ("03-03", "03-04", "03-05", "03-06", "03-09")),
    ],
)
def test_a_box_earns_a_card_for_each_working_day_on_which_it_was_emptied_too_seldom(
    when: str, days: tuple[str, ...]
) -> None:
    assert cards(boxed(), PassBoxTime, when) == missed(*days)


@pytest.mark.parametrize(
    ("register", "days"),
    [
        ({"valid_from": day("03-04")}, ("03-04", "03-05", "03-06")),
        ({"valid_from": day("02-27")}, ("02-27", "02-28", "03-03", "03-04", "03-05", "03-06")),  # 02-28 is worked
        ({"valid_until": day("03-04")}, ("03-03", "03-04")),
        ({"valid_from": day("03-05"), "valid_until": day("03-05")}, ("03-05",)),
        ({"collections_a_day": 1}, ("03-04", "03-05", "03-06")),
        ({"collections_a_day": 3}, ("03-02", "03-03", "03-04", "03-05", "03-06")),
    ],
)
def test_a_box_earns_cards_for_the_days_of_its_service_by_what_the_register_wants(
    register: dict[str, Any], days: tuple[str, ...]
) -> None:
    assert cards(boxed(**register), PassBoxTime, "03-09 00:00") == missed(*days)


def test_a_box_in_no_register_earns_nothing_and_one_from_beyond_the_calendar_what_it_covers() -> None:
    nobodys = Story(*EMPTIED, office=Office(Catalogue(()), CALENDAR), file=NEW_BOX)
    ancient = boxed(valid_from=day("03-06") - timedelta(days=9999))

    nobodys.when(ask(PassBoxTime, "03-20 09:00")).refused(Reason.NOTHING_DUE)
    assert cards(ancient, PassBoxTime, "03-04 00:00")[0] == missed("01-02")[0]  # the first working day it knows


def test_a_box_card_names_its_day_and_is_judged_as_that_is_over() -> None:
    (card,) = boxed().when(ask(PassBoxTime, "03-04 06:00")).ruling  # type: ignore[misc] # facts

    assert (card.due_on, card.judged_at.date(), card.at) == (day("03-03"), day("03-03"), moment("03-04 06:00"))
    assert (card.ground, card.rule, card.clock) == (CardGround.BOX_NOT_EMPTIED, "default", None)


def test_what_is_told_of_late_takes_no_card_back_but_earns_no_second_one() -> None:
    story = boxed().when(ask(PassBoxTime, "03-04 06:00")).done()
    late = story.given(collected("03-03 16:30"))

    late.when(ask(PassBoxTime, "03-04 07:00")).refused(Reason.NOTHING_DUE)
    revoked = late.when(ask(RevokeBoxCard, "03-04 08:00", card=missed("03-03")[0][0], reason="told late")).done()
    revoked.when(ask(PassBoxTime, "03-04 09:00")).refused(Reason.NOTHING_DUE)


# 人工发牌, 撤牌

OF: Final[dict[str, tuple[Kind[Any], tuple[Fact, ...], type, type, type[CardIssue]]]] = {
    "package": (OF_PACKAGES, ACCEPTED, IssuePackageCard, RevokePackageCard, PackageCardIssued),
    "box": (DROP_BOX, (deposited(),), IssueBoxCard, RevokeBoxCard, BoxCardIssued),
}


@pytest.mark.parametrize("word", OF)
def test_a_supervisor_issues_a_card_and_takes_it_back(word: str) -> None:
    kind, facts, issue, revoke, issued = OF[word]
    story: Any = Story(*facts, office=WORLD, file=kind.new)
    by_hand = {"level": CardLevel.RED, "ground": CardGround.OTHER, "reason": "nobody answers"}

    story.when(ask(issue, "03-05 09:00", **{**by_hand, "reason": " "})).refused(Reason.REASON_REQUIRED)
    told = story.when(ask(issue, "03-05 09:00", **by_hand))
    told.then(fact(issued, "03-05 09:00", card="manual:1", judged_at=moment("03-05 09:00"), **by_hand))
    borne = told.done()
    borne.when(ask(issue, "03-05 10:00", **by_hand)).done()
    borne.when(ask(issue, "03-05 10:00", card="manual:1", **by_hand)).refused(Reason.CARD_EXISTS, "manual:1")
    borne.when(ask(revoke, "03-05 10:00", card="manual:9", reason="r")).refused(Reason.UNKNOWN_CARD, "manual:9")
    borne.when(ask(revoke, "03-05 08:00", card="manual:1", reason="r")).refused(Reason.BEFORE_STAGE)
    borne.when(ask(revoke, "03-05 10:00", card="manual:1", reason="")).refused(Reason.REASON_REQUIRED)
    gone = borne.when(ask(revoke, "03-05 10:00", card="manual:1", reason="they do")).done()
    gone.when(ask(revoke, "03-05 11:00", card="manual:1", reason="r")).refused(Reason.CARD_REVOKED, "manual:1")

    (card,) = kind.cards(gone.file)
    assert isinstance(card.revoked, CardRevocation)
    assert card.revoked.reason == "they do"


def test_a_stream_nobody_has_heard_of_bears_no_card() -> None:
    Story(office=WORLD, file=NEW_PACKAGE).when(ask(PassPackageTime)).refused(Reason.UNKNOWN_PACKAGE, PACKAGE)
    Story(office=WORLD, file=NEW_BOX).when(ask(PassBoxTime)).refused(Reason.UNKNOWN_BOX, BOX)


def test_a_box_not_emptied_is_a_yellow_card_by_common_practice() -> None:
    assert DEFAULT_RULE.card_for(CardGround.BOX_NOT_EMPTIED) is CardLevel.YELLOW


# When to look again


@pytest.mark.parametrize(
    ("at", "again"),
    [("03-02 10:00", "03-13 00:00"), ("03-13 09:00", "03-18 00:00"), ("03-19 09:00", "05-08 00:00"), ("05-12 09:00", None)],
)
def test_a_package_is_looked_at_again_when_its_clocks_may_say_something_else(at: str, again: str | None) -> None:
    passing = OF_PACKAGES.passing
    assert passing is not None
    now = moment(at)
    found = passing.next_look(PACKAGE, package().file, now, WORLD)

    assert found is None if again is None else found is not None and now < found <= moment(again)


@pytest.mark.parametrize(
    ("register", "at", "again"),
    [
        ({}, "03-02 10:00", "03-03 00:00"),
        ({"valid_until": day("03-05")}, "03-05 23:59", "03-06 00:00"),
        ({"valid_until": day("03-05")}, "03-06 00:00", None),
    ],
)
def test_a_box_is_looked_at_again_as_each_day_of_its_service_is_over(
    register: dict[str, Any], at: str, again: str | None
) -> None:
    passing = DROP_BOX.passing
    assert passing is not None
    office = Office(Catalogue((), boxes=(replace(TWICE, **register),)), CALENDAR)
    found = passing.next_look(BOX, boxed().file, moment(at), office)

    assert found == (None if again is None else moment(again))


def test_nobody_looks_again_at_a_box_in_no_register() -> None:
    passing = DROP_BOX.passing
    assert passing is not None
    assert passing.next_look(BOX, boxed().file, NOW, Office(Catalogue(()), CALENDAR)) is None
