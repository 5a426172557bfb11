"""行政许可法 is the law of licences: silence, hand-over, procedures, renewal; of other items a district's rule may say so.

Unless said otherwise the papers come in on Monday 2 March 2026: the five working days of Art. 32 end on the 9th.
"""

from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest
from support.package_story import FIRE, ITEMS, THEME, Hall, accepting, case, opening
from support.story import (
    CALENDAR,
    CASE,
    CLERK,
    HEAD,
    OFFICER,
    Story,
    ask,
    day,
    fact,
    item,
    moment,
    procedure,
    received,
)

from casecore import (
    AcceptanceDeemed,
    AcceptCase,
    CaseAccepted,
    Catalogue,
    CertificateMade,
    ClockKind,
    Decision,
    DecisionMade,
    DeclineAcceptance,
    DistrictRule,
    HandlingKind,
    ItemType,
    Limit,
    NotAccepted,
    Office,
    PassTime,
    PlanStep,
    Reason,
    ReceiveCase,
    RequestCorrection,
    RouteCase,
    SpecialGround,
    Stage,
    SuspendCase,
    SuspensionKind,
    WithdrawCase,
    clocks_of,
    clocks_of_package,
)
from casecore.books import Books, DatedRule
from casecore.case.licences import with_kind_of_item
from casecore.district_rule import DEFAULT_CARDS, CardPolicy
from casecore.reading.progress import progress
from casecore.vocabulary import CardGround, CardLevel
from projections.projection import subject_of

OTHERS: Final = tuple(kind for kind in ItemType if kind is not ItemType.LICENCE)
ALLOWANCE, LONG = "ALLOWANCE", "LONG"
"""Of the kind a test asks for; one that was a licence in its first version, and is not in its second."""
EVERY_CARD: Final = (
    *DEFAULT_CARDS,
    CardPolicy(ground=CardGround.ACCEPTANCE_OVERDUE, level=CardLevel.YELLOW),
    CardPolicy(ground=CardGround.DELIVERY_OVERDUE, level=CardLevel.YELLOW),
    CardPolicy(ground=CardGround.RENEWAL_OVERDUE, level=CardLevel.YELLOW),
)
RULE: Final = DistrictRule(cards=EVERY_CARD)


def office(kind: ItemType = ItemType.PAYMENT, rule: DistrictRule = RULE, **rest: Any) -> Office:
    """A hall with an item of that kind."""
    first = item(LONG, item_type=ItemType.LICENCE, valid_until=day("03-02"))
    items = (
        item(ALLOWANCE, item_type=kind, implementation_code="11510114MB1234567X4510700101", **rest),
        first,
        item(LONG, version=2, item_type=kind, valid_from=day("03-03")),
    )
    return Office(Catalogue(items), CALENDAR, rule)


def taken_in(hall: Office, code: str = ALLOWANCE, **rest: Any) -> Story:
    """The papers came in."""
    asked = ask(ReceiveCase, "03-02 09:00", by=CLERK, item=code, hall="H1", applicant="Li Lei", **rest)
    return Story(office=hall).when(asked).done()


def accepted(hall: Office, code: str = ALLOWANCE, **rest: Any) -> Story:
    return taken_in(hall, code, **rest).when(ask(AcceptCase, "03-02 10:00", by=CLERK)).done()


def kinds(story: Story) -> set[ClockKind]:
    return {clock.kind for clock in clocks_of(story.file)}


def granted(story: Story) -> Story:
    """Decided on 5 March, and a certificate made."""
    decided = fact(DecisionMade, "03-05 09:00", by=HEAD, decision=Decision.GRANTED)
    return story.given(decided, fact(CertificateMade, "03-05 10:00", certificate="C1", kind="card"))


LAWFUL: Final[dict[str, Any]] = {
    "kind": SuspensionKind.SPECIAL_PROCEDURE,
    "ground": SpecialGround.TESTING,
    "declared_days": 3,
    "notice": "N1",
    "reason": "samples are tested",
}


# --- What is no licence ---


@pytest.mark.parametrize("kind", OTHERS, ids=lambda kind: kind.zh)
class TestOfAnyOtherKind:
    def test_silence_accepts_nothing_and_earns_no_card(self, kind: ItemType) -> None:
        story = taken_in(office(kind))

        story.when(ask(PassTime, "03-20 09:00")).refused(Reason.NOTHING_DUE)
        assert kinds(story) == set()

    def test_a_late_answer_is_an_answer(self, kind: ItemType) -> None:
        story = taken_in(office(kind))

        told = story.when(ask(DeclineAcceptance, "03-20 09:00", reason="not ours", remedy="appeal"))
        assert isinstance(told.ruling[-1], NotAccepted)
        assert story.when(ask(RequestCorrection, "03-20 09:00", materials=("lease",))).done().file.stage is Stage.CORRECTING
        assert story.when(ask(WithdrawCase, "03-20 09:00", reason="moved")).done().file.promise is None
        late = story.when(ask(AcceptCase, "03-20 09:00", by=CLERK)).done()
        assert (late.file.deemed, late.file.started_on) == (False, day("03-20"))

    def test_no_ten_days_run_for_the_hand_over(self, kind: ItemType) -> None:
        story = granted(accepted(office(kind)))

        assert kinds(story) == {ClockKind.PROMISED, ClockKind.STATUTORY}
        issued = story.when(ask(PassTime, "03-30 09:00")).ruling
        assert [one.ground for one in issued] == [CardGround.PROMISE_OVERDUE]

    def test_no_procedure_moves_its_statutory_limit(self, kind: ItemType) -> None:
        story = accepted(office(kind)).when(ask(SuspendCase, "03-05 09:00", **LAWFUL)).done()
        (began,) = story.file.suspensions

        assert (began.fact.moves_promise, began.fact.moves_statutory) == (True, False)
        due = {clock.kind: clock.read(CALENDAR, moment("03-31 09:00")).due_on for clock in clocks_of(story.file)}
        assert due == {ClockKind.PROMISED: day("03-19"), ClockKind.STATUTORY: day("03-30")}

    def test_silence_renews_nothing(self, kind: ItemType) -> None:
        story = accepted(office(kind), licence_expires_on=day("04-30"))

        assert ClockKind.RENEWAL not in kinds(story)
        issued = story.when(ask(PassTime, "05-08 09:00")).ruling
        assert {one.ground for one in issued} == {
            CardGround.PROMISE_OVERDUE,
            CardGround.STATUTORY_OVERDUE,
        }

    def test_a_preliminary_review_without_a_limit_has_none(self, kind: ItemType) -> None:
        plan = (PlanStep(step="look", department="Township", preliminary=True),)
        story = accepted(office(kind, plan=plan))
        routed = story.when(ask(RouteCase, "03-03 09:00")).done()

        assert ClockKind.PRELIMINARY_REVIEW not in kinds(routed)

    def test_the_districts_rule_may_say_that_the_law_holds_for_it_too(self, kind: ItemType) -> None:
        hall = office(kind, replace(RULE, licence_law_for=(kind,)))
        story = taken_in(hall, licence_expires_on=day("04-30"))

        deemed = story.when(ask(PassTime, "03-10 00:00")).ruling[0]
        assert isinstance(deemed, AcceptanceDeemed)
        story = granted(accepted(hall, licence_expires_on=day("04-30")))
        assert kinds(story) >= {ClockKind.ACCEPTANCE, ClockKind.RENEWAL, ClockKind.DELIVERY}
        began = accepted(hall).when(ask(SuspendCase, "03-05 09:00", **LAWFUL)).done().file.suspensions[0]
        assert began.fact.moves_statutory


def test_the_limit_of_another_law_is_not_called_that_of_licences() -> None:
    (law,) = [clock for clock in clocks_of(accepted(office()).file) if clock.kind is ClockKind.STATUTORY]

    assert law.source == "ALLOWANCE v1 法定"


def test_an_applicant_is_not_told_that_silence_has_accepted_it() -> None:
    file = taken_in(office()).file
    told = progress(file, moment("03-20 09:00"), lambda _: CALENDAR)

    assert told.acceptance is None


# --- Frozen at the receipt, and at the acceptance ---


def test_the_item_in_force_on_the_day_of_the_receipt_says_what_kind_it_is() -> None:
    story = taken_in(office(), LONG)

    assert story.file.item_type is ItemType.LICENCE
    deemed = story.when(ask(PassTime, "03-20 09:00")).ruling[0]
    assert isinstance(deemed, AcceptanceDeemed)
    assert (deemed.item_version, deemed.item_type) == (1, ItemType.LICENCE)


def test_the_version_it_is_accepted_under_says_it_anew() -> None:
    story = taken_in(office(), LONG).when(ask(AcceptCase, "03-04 10:00", by=CLERK)).done()

    assert (story.file.item_type, story.file.licence_law) == (ItemType.PAYMENT, False)
    assert ClockKind.DELIVERY not in kinds(granted(story))


def test_neither_another_catalogue_nor_another_rule_reaches_a_case_that_is_accepted() -> None:
    before = accepted(office())
    after = Story(office=office(ItemType.LICENCE, replace(RULE, licence_law_for=OTHERS)), file=before.file)

    began = after.when(ask(SuspendCase, "03-05 09:00", **LAWFUL)).done().file.suspensions[0]
    assert not began.fact.moves_statutory
    assert ClockKind.DELIVERY not in kinds(granted(after))


def test_the_acceptance_freezes_kind_and_implementation_code() -> None:
    promise = accepted(office()).file.promise

    assert promise is not None
    assert (promise.item_type, promise.implementation_code) == (ItemType.PAYMENT, "11510114MB1234567X4510700101")
    assert not promise.licence_law


# --- Histories of before ---


OLD: Final[dict[str, Any]] = {"item_type": None, "licence_law": True}


def promised_before(kind: type[Any] = CaseAccepted, when: str = "03-02 10:00", **rest: Any) -> Any:
    """An acceptance from before it said the kind of the item."""
    return fact(
        kind, when, effective_on=day("03-02"), item=ALLOWANCE, item_version=1, handling=HandlingKind.PROMISED,
        promised=Limit.working_days(10), statutory=Limit.working_days(20), plan=(), trips_promised=1, calendar="story.1",
        **rest,
    )  # fmt: skip


def test_of_papers_received_before_facts_said_the_kind_the_catalogue_of_that_day_says_it() -> None:
    story = Story(received(code=ALLOWANCE, **OLD), office=office())

    story.when(ask(PassTime, "03-20 09:00")).refused(Reason.NOTHING_DUE)
    told = story.when(ask(DeclineAcceptance, "03-20 09:00", reason="not ours", remedy="appeal"))
    assert isinstance(told.ruling[-1], NotAccepted)
    assert isinstance(Story(received(code=LONG, **OLD), office=office()).when(ask(PassTime, "03-20 09:00")).ruling, tuple)


def test_their_rows_say_so_too() -> None:
    file = Story(received(code=ALLOWANCE, **OLD)).file
    known, unknown = (
        subject_of(Books({CALENDAR.version: CALENDAR}, CALENDAR.version, (DatedRule(RULE),), catalogue), "A", CASE, file)
        for catalogue in (office().catalogue, Catalogue(()))
    )

    assert known.clocks == ()
    assert [one.clock.kind for one in unknown.clocks] == [ClockKind.ACCEPTANCE]


def test_what_silence_has_accepted_before_stays_accepted() -> None:
    deemed = promised_before(AcceptanceDeemed, "03-10 00:00", notice_due_on=day("03-09"))
    story = Story(received(code=ALLOWANCE, **OLD), deemed, office=office())
    file = with_kind_of_item(story.file, story.office.catalogue, story.office.rule)

    assert (file.stage, file.deemed, file.started_on) == (Stage.IN_REVIEW, True, day("03-02"))
    assert {clock.kind for clock in clocks_of(file)} == {ClockKind.PROMISED, ClockKind.STATUTORY}


def test_what_a_procedure_has_moved_before_it_moves() -> None:
    begun = (received(code=ALLOWANCE, **OLD), promised_before(), procedure())
    hall = office()
    file = with_kind_of_item(Story(*begun).file, hall.catalogue, hall.rule)

    assert file.item_type is ItemType.PAYMENT
    (law,) = [clock for clock in clocks_of(file) if clock.kind is ClockKind.STATUTORY]
    assert law.read(CALENDAR, moment("03-31 09:00")).due_on == day("04-02")


def test_of_an_item_nobody_knows_or_a_placeholder_everything_stays_as_it_was_decided() -> None:
    placeholder = Office(Catalogue((item(ALLOWANCE, item_type=ItemType.OTHER, applied_for=False),)), CALENDAR, RULE)
    nobody_knows = Office(Catalogue(()), CALENDAR, RULE)

    for hall in (placeholder, nobody_knows):
        file = Story(received(code=ALLOWANCE, **OLD)).file
        assert with_kind_of_item(file, hall.catalogue, hall.rule) is file
    facts = Story(received(code=ALLOWANCE, **OLD), office=placeholder).when(ask(PassTime, "03-20 09:00")).ruling
    assert isinstance(facts[0], AcceptanceDeemed)


# --- In a package ---


def test_a_procedure_of_what_is_no_licence_moves_the_joint_promise_alone() -> None:
    items = [replace(one, item_type=ItemType.CONFIRMATION) if one.code == FIRE else one for one in ITEMS]
    hall = Hall(Office(Catalogue(items, themes=(THEME,)), CALENDAR))
    hall.does(opening(tax="no"), *(accepting(case(code), "03-02 10:00") for code in ("BOOKS", "CAFE", FIRE)))
    joint = {clock.kind: clock.read(CALENDAR, moment("03-02 12:00")).due_on for clock in clocks_of_package(hall.package)}

    hall.does(SuspendCase(case=case(FIRE), by=OFFICER, at=moment("03-05 09:00"), **LAWFUL))
    moved = {clock.kind: clock.read(CALENDAR, moment("03-12 12:00")).due_on for clock in clocks_of_package(hall.package)}

    assert moved[ClockKind.STATUTORY] == joint[ClockKind.STATUTORY]
    assert moved[ClockKind.PROMISED] == date(2026, 3, 19) != joint[ClockKind.PROMISED]
