"""电子监察: what a case earns a card for, when it is judged, and which cards follow whenever somebody looks."""

from typing import Any

import pytest
from support.story import (
    CALENDAR,
    CATALOGUE,
    CLOSED,
    FOOD,
    HEAD,
    OFFICE,
    PROOF,
    Story,
    accepted,
    ask,
    day,
    fact,
    moment,
    procedure,
    received,
    routed,
)

from casecore import (
    ApprovalGranted,
    CardGround,
    CardIssued,
    CardLevel,
    CardPolicy,
    CardRevoked,
    CaseClosed,
    CaseEvent,
    CaseRated,
    CaseRouted,
    CaseTransferred,
    CaseVoided,
    CaseWithdrawn,
    CertificateMade,
    CoreStep,
    Decision,
    DecisionMade,
    DistrictRule,
    ExtensionApproved,
    Grade,
    HearingOffered,
    HearingRequested,
    IssueCard,
    Limit,
    NotAccepted,
    Office,
    Outcome,
    PassTime,
    PlanStep,
    Reason,
    Refused,
    Resumed,
    RevokeCard,
    SpecialGround,
    Suspended,
    SuspensionKind,
    Unit,
)
from casecore.district_rule import DEFAULT_CARDS

STEPS = (
    PlanStep(step="weigh", department="Health", limit=Limit.working_days(3)),
    PlanStep(step="review", department="Township", preliminary=True),
)
BEGUN = (received(), accepted(plan=STEPS))
"""Accepted on Monday 03-02: promised by 03-16, by law until 03-30."""
EVERY_CARD = tuple(CardPolicy(ground=ground, level=CardLevel.YELLOW) for ground in CardGround)
EVERY_GROUND = OFFICE._replace(rule=DistrictRule(name="strict", cards=EVERY_CARD))
CLOSED_LATE = fact(CaseClosed, "03-18 16:00", outcome=Outcome.OTHER)
CLOSED_IN_TIME = fact(CaseClosed, "03-16 23:59", outcome=Outcome.OTHER)
LATE_LOOKS = ("03-19 00:00", "04-15 09:00", "12-30 09:00")


def looked(story: Story, *looks: str) -> Story:
    """The story after somebody looked at these moments."""
    for when in looks:
        told = story.when(ask(PassTime, when, by="clock"))
        story = story if isinstance(told.ruling, Refused) else told.done()
    return story


def cards(story: Story, *looks: str) -> list[str]:
    return [card.fact.card for card in looked(story, *looks).file.cards]


def grounds(story: Story, *looks: str) -> dict[CardGround, CardLevel]:
    return {card.fact.ground: card.fact.level for card in looked(story, *looks).file.cards}


def promised(limit: Limit, when: str = "03-02 10:00", **rest: Any) -> tuple[CaseEvent, ...]:
    return received("03-02 09:00"), accepted(when, promised=limit, plan=(), **rest)


# grounds and their levels

ROUTED = tuple(fact(CaseRouted, "03-03 09:00", step=step.step, department=step.department) for step in STEPS)
GRANTED = fact(DecisionMade, "03-05 09:00", by=HEAD, decision=Decision.GRANTED)
LICENCE = fact(CertificateMade, "03-05 10:00", certificate="C1", kind="licence")
ASKED_FOR = (fact(HearingOffered, "03-03 09:00", notice="H-1"), fact(HearingRequested, "03-04 09:00"))
COMPLAINT = fact(
    CaseRated, "03-05 09:00", grade=Grade.DISSATISFIED, step=CoreStep.RECEIPT, rectify_within=Limit.working_days(5)
)
SCENES: dict[CardGround, tuple[tuple[CaseEvent, ...], str]] = {
    CardGround.DUE_SOON: (BEGUN, "03-12 09:00"),  # two of ten days are left: 20 %
    CardGround.PROMISE_OVERDUE: (BEGUN, "03-17 00:00"),
    CardGround.STATUTORY_OVERDUE: (BEGUN, "03-31 00:00"),
    CardGround.STEP_OVERDUE: ((*BEGUN, *ROUTED), "03-09 00:00"),
    CardGround.PRELIMINARY_REVIEW_OVERDUE: ((*BEGUN, *ROUTED), "04-01 00:00"),
    CardGround.PROCEDURE_OVERRUN: ((*BEGUN, procedure("03-03 09:00")), "03-09 09:00"),  # the fourth day of three
    CardGround.ACCEPTANCE_OVERDUE: ((received(),), "03-10 00:00"),
    CardGround.DELIVERY_OVERDUE: ((*BEGUN, GRANTED, LICENCE), "03-20 00:00"),
    CardGround.HEARING_OVERDUE: ((*BEGUN, *ASKED_FOR), "04-02 00:00"),
    CardGround.RENEWAL_OVERDUE: ((received(licence_expires_on=day("04-10")), BEGUN[1]), "04-13 00:00"),
    CardGround.RECTIFICATION_OVERDUE: ((*BEGUN, COMPLAINT), "03-13 00:00"),
    CardGround.REASONLESS_NEGATIVE: (
        (*BEGUN, fact(DecisionMade, "03-05 09:00", by=HEAD, decision=Decision.REFUSED)),
        "03-05 09:00",
    ),
}
BY_DEFAULT = {
    CardGround.DUE_SOON: CardLevel.WARNING,
    CardGround.PROMISE_OVERDUE: CardLevel.YELLOW,
    CardGround.STEP_OVERDUE: CardLevel.YELLOW,
    CardGround.PROCEDURE_OVERRUN: CardLevel.YELLOW,
    CardGround.BOX_NOT_EMPTIED: CardLevel.YELLOW,
    CardGround.STATUTORY_OVERDUE: CardLevel.RED,
    CardGround.REASONLESS_NEGATIVE: CardLevel.RED,
}


def test_every_ground_but_those_only_people_see_and_a_boxs_own_is_shown_here() -> None:
    assert set(SCENES) == set(CardGround) - {CardGround.ILLEGAL_FEE, CardGround.OTHER, CardGround.BOX_NOT_EMPTIED}


@pytest.mark.parametrize("ground", SCENES)
def test_each_ground_has_its_moment_and_its_default_level(ground: CardGround) -> None:
    given, when = SCENES[ground]

    assert grounds(Story(*given), when).get(ground) is BY_DEFAULT.get(ground)


@pytest.mark.parametrize("ground", SCENES)
def test_each_ground_gets_the_card_the_districts_rule_names(ground: CardGround) -> None:
    given, when = SCENES[ground]
    story = looked(Story(*given, office=EVERY_GROUND), when)

    (issued,) = [card.fact for card in story.file.cards if card.fact.ground is ground]
    assert (issued.level, issued.rule, issued.at, issued.by) == (CardLevel.YELLOW, "strict", moment(when), "clock")


@pytest.mark.parametrize(
    ("ground", "just_before"),
    [
        (CardGround.DUE_SOON, "03-11 23:59"),
        (CardGround.PROMISE_OVERDUE, "03-16 23:59"),
        (CardGround.STATUTORY_OVERDUE, "03-30 23:59"),
        (CardGround.STEP_OVERDUE, "03-06 23:59"),
        (CardGround.PRELIMINARY_REVIEW_OVERDUE, "03-31 23:59"),
        (CardGround.PROCEDURE_OVERRUN, "03-08 23:59"),
        (CardGround.ACCEPTANCE_OVERDUE, "03-09 23:59"),
        (CardGround.DELIVERY_OVERDUE, "03-19 23:59"),
        (CardGround.HEARING_OVERDUE, "04-01 23:59"),
        (CardGround.RENEWAL_OVERDUE, "04-10 23:59"),
        (CardGround.RECTIFICATION_OVERDUE, "03-12 23:59"),
    ],
)
def test_the_moment_before_there_is_no_such_card(ground: CardGround, just_before: str) -> None:
    assert ground not in grounds(Story(*SCENES[ground][0], office=EVERY_GROUND), just_before)


def test_the_default_levels_are_those_of_the_field() -> None:
    assert {card.ground: card.level for card in DEFAULT_CARDS} == BY_DEFAULT


@pytest.mark.parametrize(
    "no",
    [
        (received(), fact(NotAccepted, "03-05 09:00", reason="", remedy="appeal")),
        (*BEGUN, fact(CaseClosed, "03-05 09:00", outcome=Outcome.RETURNED, reason=" ")),
        (*BEGUN, fact(DecisionMade, "03-05 09:00", by=HEAD, decision=Decision.REFUSED, reason=None)),
    ],
    ids=["not accepted", "returned", "refused"],
)
def test_every_kind_of_no_without_a_reason_is_a_red_card(no: tuple[CaseEvent, ...]) -> None:
    story = looked(Story(*no), "03-05 09:00")

    assert [(c.fact.card, c.fact.level, c.fact.judged_at) for c in story.file.cards] == [
        ("reasonless_negative:result", CardLevel.RED, moment("03-05 09:00"))
    ]


def test_a_card_says_what_it_is_for_by_how_much_and_whose_it_is() -> None:
    overdue, step = (card.fact for card in looked(Story(*BEGUN, ROUTED[0]), "03-18 09:00").file.cards)

    assert overdue == CardIssued(
        at=moment("03-18 09:00"),
        by="clock",
        card="promise_overdue:promised:2026-03-16",
        level=CardLevel.YELLOW,
        ground=CardGround.PROMISE_OVERDUE,
        judged_at=moment("03-18 09:00"),
        clock="promised",
        department="Market",
        due_on=day("03-16"),
        overdue=2,
        unit=Unit.WORKING_DAY,
        rule="default",
    )
    assert (step.card, step.department, step.overdue) == ("step_overdue:step:weigh:2026-03-06", "Health", 8)


# judged at the moment of the fact


@pytest.mark.parametrize("look", LATE_LOOKS)
def test_a_case_closed_late_gets_its_card_although_nobody_looked_before(look: str) -> None:
    story = looked(Story(*BEGUN, CLOSED_LATE), look)

    (card,) = [c.fact for c in story.file.cards]
    assert (card.card, card.judged_at, card.overdue) == (
        "promise_overdue:promised:2026-03-16",
        moment("03-18 16:00"),  # not the moment of the look
        2,
    )


@pytest.mark.parametrize("look", LATE_LOOKS)
def test_a_case_closed_in_time_gets_none_however_late_the_look(look: str) -> None:
    assert cards(Story(*BEGUN, CLOSED_IN_TIME), look) == []


@pytest.mark.parametrize("look", LATE_LOOKS)
def test_a_case_withdrawn_is_judged_at_its_withdrawal(look: str) -> None:
    overdue = fact(CaseWithdrawn, "03-17 09:00", reason="waited too long")
    in_time = fact(CaseWithdrawn, "03-16 09:00", reason="moved away")

    assert cards(Story(*BEGUN, overdue), look) == ["promise_overdue:promised:2026-03-16"]
    assert cards(Story(*BEGUN, in_time), look) == []


@pytest.mark.parametrize("told", [CaseVoided, CaseClosed])
@pytest.mark.parametrize("reason", ["typed twice", ""])
def test_a_void_record_earns_none(told: type[CaseVoided] | type[CaseClosed], reason: str) -> None:
    void = fact(told, "03-18 09:00", outcome=Outcome.DELETED, reason=reason)

    assert cards(Story(*BEGUN, void), "12-30 09:00") == []


def test_a_step_answered_in_time_gets_none_and_one_answered_late_does() -> None:
    in_time = fact(ApprovalGranted, "03-06 18:00", step="weigh", department="Health")
    late = fact(ApprovalGranted, "03-09 09:00", step="weigh", department="Health")

    assert cards(Story(*BEGUN, ROUTED[0], in_time), "03-10 09:00") == []
    assert cards(Story(*BEGUN, ROUTED[0], late), "03-10 09:00") == ["step_overdue:step:weigh:2026-03-06"]


def test_a_step_may_be_overdue_although_the_total_is_not() -> None:
    late = fact(ApprovalGranted, "03-09 09:00", step="weigh", department="Health")

    assert cards(Story(*BEGUN, ROUTED[0], late, CLOSED_IN_TIME), "12-30 09:00") == ["step_overdue:step:weigh:2026-03-06"]


EVERY_LOOK = tuple(f"03-{date:02} 00:30" for date in range(3, 32)) + tuple(f"04-{date:02} 00:30" for date in range(1, 16))


@pytest.mark.parametrize(
    "given",
    [
        (*BEGUN, *ROUTED),
        (*BEGUN, procedure("03-05 09:00"), fact(Resumed, "03-13 09:00", suspension="S1")),
        (*BEGUN, procedure("03-05 09:00")),
        (*BEGUN, fact(ExtensionApproved, "03-10 09:00", days=5, approver="Qian", reason="complex")),
        (*BEGUN, procedure("03-20 09:00")),
    ],
    ids=["steps", "a procedure", "an open one", "an extension", "one begun late"],
)
def test_whoever_looks_every_day_and_whoever_looks_once_issue_the_same_yellow_and_red_cards(
    given: tuple[CaseEvent, ...],
) -> None:
    story = Story(*given)

    daily = looked(story, *EVERY_LOOK).file.cards
    once = looked(story, EVERY_LOOK[-1]).file.cards

    strict = [{c.fact.card for c in found if c.fact.level is not CardLevel.WARNING} for found in (daily, once)]
    assert strict[0] == strict[1] != set()
    assert len(daily) == len({c.fact.card for c in daily}), "each once"


def test_a_second_look_brings_nothing_more() -> None:
    story = looked(Story(*BEGUN, *ROUTED), "03-31 00:00")
    assert story.file.cards

    story.when(ask(PassTime, "03-31 00:00")).refused(Reason.NOTHING_DUE)
    story.when(ask(PassTime, "03-31 23:59")).refused(Reason.NOTHING_DUE)


# 预警


def warnings(story: Story, *looks: str) -> list[str]:
    return [c.fact.card for c in looked(story, *looks).file.cards if c.fact.level is CardLevel.WARNING]


@pytest.mark.parametrize(
    ("limit", "quiet", "warned"),
    [
        (Limit.working_days(10), "03-11 23:59", "03-12 00:00"),  # 3 of 10 left; 2 of 10 are 20 %
        (Limit.working_days(5), "03-05 23:59", "03-06 00:00"),  # 2 of 5 left; 1 of 5
        (Limit.working_days(3), "03-03 23:59", "03-04 00:00"),  # 2 of 3 left; 1 day, though it is a third
        (Limit.working_days(20), "03-23 23:59", "03-24 00:00"),  # 5 of 20 left; 4 of 20
        (Limit.natural_days(20), "03-18 23:59", "03-19 00:00"),  # until Monday 03-23: 5 of 21 left, 4 of 21
        (Limit.hours(5), "03-02 14:59", "03-02 15:00"),  # due 16:00; a fifth is an hour, and a day is not asked for
        (
            Limit.half_days(2),
            "03-02 16:35",
            "03-02 16:36",
        ),  # due 03-03 10:00; 84 of 420 minutes left: 24 + 60
    ],
    ids=str,
)
def test_a_promise_is_nearly_due_when_a_day_or_a_fifth_is_left(limit: Limit, quiet: str, warned: str) -> None:
    story = Story(*promised(limit))

    assert warnings(story, quiet) == []
    assert len(warnings(story, warned)) == 1


def test_the_thresholds_are_the_districts() -> None:
    early = OFFICE._replace(rule=DistrictRule(warn_days=4, warn_percent=0))
    late = OFFICE._replace(rule=DistrictRule(warn_days=0, warn_percent=0))
    given = promised(Limit.working_days(10))  # until 03-16

    assert warnings(Story(*given, office=early), "03-09 23:59") == []
    assert len(warnings(Story(*given, office=early), "03-10 00:00")) == 1
    assert warnings(Story(*given, office=late), "03-15 23:59") == []
    assert len(warnings(Story(*given, office=late), "03-16 00:00")) == 1


def test_what_is_promised_at_once_is_never_nearly_due() -> None:
    story = Story(received(code=PROOF), accepted(code=PROOF))

    assert warnings(story, "03-02 10:00", "03-02 23:59") == []
    assert cards(story, "03-03 00:00") == ["promise_overdue:promised:2026-03-02"]


def test_only_what_still_runs_is_warned_of() -> None:
    done = fact(CaseClosed, "03-13 09:00", outcome=Outcome.OTHER)

    assert warnings(Story(*BEGUN), "03-13 09:00") == ["due_soon:promised:2026-03-16"]
    assert warnings(Story(*BEGUN, done), "03-13 09:00", "12-30 09:00") == []
    assert warnings(Story(*BEGUN, done), "03-12 09:00") == [], "what has ended is not warned of as of an earlier day"
    assert warnings(Story(*BEGUN), "03-17 09:00") == [], "nor is what is overdue"


def test_what_stands_still_is_not_warned_of() -> None:
    paused = (*BEGUN, procedure("03-12 08:00", declared=5))  # two of ten days are left; 03-13 to 03-19 do not count

    assert warnings(Story(*paused), "03-12 09:00", "03-13 09:00", "03-19 23:59") == []
    assert warnings(Story(*paused), "03-20 00:00") == ["due_soon:promised:2026-03-23"]


def test_only_the_promise_is_warned_of() -> None:
    assert warnings(Story(*promised(Limit.working_days(19), statutory=Limit.working_days(20))), "03-30 09:00") == []
    assert warnings(Story(*promised(Limit.working_days(20))), "03-30 09:00") == ["due_soon:promised:2026-03-30"]


def test_a_moved_due_date_earns_a_new_warning() -> None:
    story = looked(Story(*BEGUN), "03-12 09:00")
    moved = story.given(fact(ExtensionApproved, "03-12 10:00", days=5, approver="Qian", reason="complex"))

    assert warnings(moved, "03-13 09:00", "03-19 09:00", "03-20 09:00") == [
        "due_soon:promised:2026-03-16",
        "due_soon:promised:2026-03-23",
    ]


# 特别程序超过告知期限


@pytest.mark.parametrize("look", ["03-10 08:00", "03-13 09:00", "12-30 09:00"])
def test_a_procedure_that_ended_late_is_judged_at_its_end(look: str) -> None:
    story = Story(*BEGUN, procedure("03-03 09:00"), fact(Resumed, "03-10 08:00", suspension="S1"))

    (card,) = [c.fact for c in looked(story, look).file.cards if c.fact.ground is CardGround.PROCEDURE_OVERRUN]
    assert (card.card, card.overdue, card.judged_at) == ("procedure_overrun:S1", 2, moment("03-10 08:00"))


def test_a_procedure_within_its_days_is_no_matter_for_a_card() -> None:
    story = Story(*BEGUN, procedure("03-03 09:00"), fact(Resumed, "03-06 23:00", suspension="S1"))

    assert CardGround.PROCEDURE_OVERRUN not in grounds(story, "12-30 09:00")


def test_a_procedure_open_when_the_case_ends_lasted_until_then() -> None:
    for when, expected in (("03-06 09:00", False), ("03-09 09:00", True)):
        story = Story(*BEGUN, procedure("03-03 09:00"), fact(CaseClosed, when, outcome=Outcome.OTHER))
        assert (CardGround.PROCEDURE_OVERRUN in grounds(story, "12-30 09:00")) is expected


@pytest.mark.parametrize(
    "given",
    [
        (*BEGUN, procedure("03-17 09:00")),  # begun after the promise had run out: it moves the law's limit alone
        (*promised(Limit.fixed(day("04-30"))), procedure("03-17 09:00")),  # no act moves an agreed date
    ],
    ids=["after the promise", "beside an agreed date"],
)
def test_a_procedure_is_held_to_its_days_whatever_the_promise_makes_of_it(given: tuple[CaseEvent, ...]) -> None:
    story = Story(*given)

    assert CardGround.PROCEDURE_OVERRUN not in grounds(story, "03-20 23:59")
    assert cards(story, "03-23 00:00").count("procedure_overrun:S1") == 1


def test_what_was_not_told_in_writing_has_no_days_to_exceed() -> None:
    untold = procedure("03-03 09:00", notice=None, moves_promise=False, moves_statutory=False)

    assert CardGround.PROCEDURE_OVERRUN not in grounds(Story(*BEGUN, untold), "12-30 09:00")


# 撤牌


def test_a_revoked_card_does_not_come_back() -> None:
    story = looked(Story(*BEGUN), "03-17 09:00")
    name = "promise_overdue:promised:2026-03-16"

    after = story.when(ask(RevokeCard, "03-17 10:00", card=name, reason="the power was out")).then(
        fact(CardRevoked, "03-17 10:00", card=name, reason="the power was out")
    )

    card = after.file.card(name)
    assert card is not None
    assert card.revoked is not None
    assert cards(after, "03-18 09:00", "03-30 09:00") == [name]


def test_a_card_is_revoked_once_with_a_reason_and_only_if_it_was_issued() -> None:
    story = looked(Story(*BEGUN), "03-17 09:00")
    name = "promise_overdue:promised:2026-03-16"

    story.when(ask(RevokeCard, "03-17 10:00", card=name, reason=" ")).refused(Reason.REASON_REQUIRED)
    story.when(ask(RevokeCard, "03-17 10:00", card="red", reason="why not")).refused(Reason.UNKNOWN_CARD, "red")
    revoked = story.when(ask(RevokeCard, "03-17 10:00", card=name, reason="the power was out")).done()
    revoked.when(ask(RevokeCard, "03-17 10:00", card=name, reason="again")).refused(Reason.CARD_REVOKED, name)


# 人工发牌


def by_hand(**rest: Any) -> IssueCard:
    asked = {"level": CardLevel.RED, "ground": CardGround.ILLEGAL_FEE, "reason": "charged 50 yuan"}
    return ask(IssueCard, "03-05 09:00", by="inspector", **{**asked, **rest})


def test_a_supervisor_issues_a_card_by_hand() -> None:
    Story(*BEGUN).when(by_hand()).then(
        CardIssued(
            at=moment("03-05 09:00"),
            by="inspector",
            card="manual:1",
            level=CardLevel.RED,
            ground=CardGround.ILLEGAL_FEE,
            judged_at=moment("03-05 09:00"),
            department="Market",
            reason="charged 50 yuan",
        )
    )


def test_a_card_is_not_revoked_before_it_was_issued() -> None:
    story = Story(*BEGUN).when(by_hand()).done()

    story.when(ask(RevokeCard, "03-05 08:59", card="manual:1", reason="a mistake")).refused(Reason.BEFORE_STAGE)
    story.when(ask(RevokeCard, "03-05 09:00", card="manual:1", reason="a mistake")).done()


def test_cards_by_hand_number_themselves_and_a_name_is_used_once() -> None:
    story = (
        Story(*BEGUN).when(by_hand(card="manual:2")).done().when(by_hand()).done().when(by_hand(department="Fire")).done()
    )

    assert [(c.fact.card, c.fact.department) for c in story.file.cards] == [
        ("manual:2", "Market"),
        ("manual:1", "Market"),
        ("manual:3", "Fire"),
    ]
    story.when(by_hand(card="manual:2")).refused(Reason.CARD_EXISTS, "manual:2")


def test_a_card_by_hand_needs_its_reason() -> None:
    Story(*BEGUN).when(by_hand(reason="")).refused(Reason.REASON_REQUIRED)


# what cannot be counted


def test_a_case_promised_under_another_version_is_counted_under_that_one() -> None:
    other = type(CALENDAR)(
        version="story.2",
        title="no holidays",
        zone=CALENDAR.zone,
        covers=CALENDAR.covers,
        rest_weekdays=frozenset(),
        rest=frozenset(),
        work=frozenset(),
        hours=((moment("03-02 09:00").time(), moment("03-02 17:00").time()),),
    )
    office = Office(CATALOGUE, CALENDAR, DistrictRule(), {"story.2": other})
    story = Story(received(), accepted(calendar="story.2"), office=office)

    assert "promise_overdue:promised:2026-03-12" in cards(story, "03-13 00:00")


def test_what_no_calendar_can_count_earns_nothing() -> None:
    old = accepted("2026-03-02 10:00", effective_on=moment("2020-03-02 10:00").date())

    assert cards(Story(received(code=FOOD), old), "12-30 09:00") == []


def test_a_closed_case_may_still_owe_its_delivery() -> None:
    story = Story(*CLOSED, office=EVERY_GROUND)

    assert cards(story, "03-19 23:59") == []
    assert cards(story, "03-20 00:00") == ["delivery_overdue:delivery:2026-03-19"]


@pytest.mark.parametrize("looks", [("03-12 00:00", "03-20 00:00"), ("03-20 00:00",)], ids=["looked at soon", "late"])
@pytest.mark.parametrize(
    ("transferred", "department"), [("03-10 17:00", "Health"), ("03-11 09:00", "Fire")], ids=["before", "after"]
)
def test_the_card_is_the_departments_whose_step_ran_out_whoever_has_it_when_it_is_looked_at(
    looks: tuple[str, ...], transferred: str, department: str
) -> None:
    five_days = (PlanStep(step="fire", department="Fire", limit=Limit.working_days(5)),)  # until 03-10
    story = Story(received(), accepted(plan=five_days), *routed("fire", when="03-03 09:00"))
    to_health = fact(CaseTransferred, transferred, step="fire", from_department="Fire", to_department="Health", reason="r")
    for when in sorted((transferred, *looks)):
        story = story.given(to_health) if when == transferred else story.when(ask(PassTime, when)).done()

    (card,) = [card.fact for card in story.file.cards if card.fact.ground is CardGround.STEP_OVERDUE]

    assert card.department == department


def test_two_imported_procedures_of_one_name_earn_one_card_in_one_look() -> None:
    begun = {
        "suspension": "S1", "kind": SuspensionKind.SPECIAL_PROCEDURE, "reason": "r", "ground": SpecialGround.TESTING,
        "declared_days": 1, "notice": "T-1", "moves_promise": True, "moves_statutory": True,
    }  # fmt: skip
    story = Story(
        received(),
        accepted(plan=()),
        fact(Suspended, "03-03 09:00", **begun),
        fact(Resumed, "03-09 09:00", suspension="S1"),
        fact(Suspended, "03-10 09:00", **begun),
        fact(Resumed, "03-16 09:00", suspension="S1"),
    )

    cards = [card.fact.card for card in story.when(ask(PassTime, "03-16 10:00")).done().file.cards]

    assert cards.count("procedure_overrun:S1") == 1
