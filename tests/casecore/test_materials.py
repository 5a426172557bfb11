"""材料: how each required one is met, what a licence may stand for, what is promised for later, who holds the original."""

from dataclasses import replace
from typing import Any

import pytest
from support.story import (
    CALENDAR,
    CITIZEN,
    CLERK,
    CLOSED,
    FOOD,
    HALL,
    OFFICER,
    Story,
    accepted,
    ask,
    day,
    fact,
    handing,
    item,
    moment,
    received,
    submitted,
    visit,
)

from casecore import (
    CaseEvent,
    Catalogue,
    Channel,
    CorrectedOnSpot,
    CorrectionRequested,
    CorrectionSubmitted,
    CourierLost,
    CourierReturned,
    GivenMaterial,
    HandOverPapers,
    HolderKind,
    LedgerLine,
    LicenceLevel,
    LookupFailed,
    MandateGranted,
    MandateRevoked,
    MaterialMet,
    MaterialPromised,
    MaterialsCouriered,
    MaterialWay,
    MeetMaterial,
    Office,
    PapersCollected,
    PapersDeposited,
    PapersHandedOver,
    PapersSent,
    Place,
    PromiseMaterial,
    Reason,
    ReceiveCase,
    ReportLookupFailed,
    SubmitApplication,
    material_ledger,
)
from casecore.case.acts.materials import ShareWithCase

STALL = "STALL"
"""An item that asks for four things, for two of which an electronic licence may stand."""
ASKED = ("form", "identity", "lease", "photo")
LICENSABLE = ("identity", "lease")
SHOP = Office(Catalogue((item(STALL, materials=ASKED, licence_materials=LICENSABLE), item(FOOD))), CALENDAR)
CAME_IN = received(code=STALL)
ACCEPTED = replace(accepted(), item=STALL, materials=ASKED, licence_materials=LICENSABLE)
LICENCE = {"way": MaterialWay.E_LICENCE, "source": "510107199001", "level": LicenceLevel.A}


def at_the_shop(*events: CaseEvent) -> Story:
    return Story(*events, office=SHOP)


def meet(material: str, when: str = "03-02 09:40", **rest: Any) -> MeetMaterial:
    return ask(MeetMaterial, when, material=material, **rest)


def met(material: str, when: str = "03-02 09:40", **rest: Any) -> MaterialMet:
    return fact(MaterialMet, when, material=material, **{"way": MaterialWay.PAPER, **rest})


def line(story: Story, material: str) -> LedgerLine:
    return next(one for one in material_ledger(story.file) if one.material == material)


def notice(*materials: str, when: str = "03-02 09:30") -> CorrectionRequested:
    return fact(CorrectionRequested, when, by=CLERK, materials=materials)


# how a material is met


@pytest.mark.parametrize(
    ("way", "source", "level"),
    [
        (MaterialWay.PAPER, None, None),
        (MaterialWay.UPLOAD, None, None),
        *((MaterialWay.E_LICENCE, "510107199001", level) for level in LicenceLevel),
        (MaterialWay.DATA_SHARING, "population register", None),
        (MaterialWay.EARLIER_CASE, "510107-2025-000009", None),
        (MaterialWay.EXEMPTED, None, None),
    ],
)
def test_a_required_material_is_met_in_the_way_it_came(
    way: MaterialWay, source: str | None, level: LicenceLevel | None
) -> None:
    told = at_the_shop(CAME_IN).when(meet("identity", way=way, source=source, level=level))

    after = told.then(
        MaterialMet(at=moment("03-02 09:40"), by=OFFICER, material="identity", way=way, source=source, level=level)
    ).given(ACCEPTED)

    assert line(after, "identity") == LedgerLine("identity", replaceable=True, way=way, source=source, level=level)


def test_what_is_looked_up_is_met_by_licence_shared_data_or_an_earlier_case_not_by_the_package() -> None:
    assert {way for way in MaterialWay if way.reused} == {
        MaterialWay.E_LICENCE,
        MaterialWay.DATA_SHARING,
        MaterialWay.EARLIER_CASE,
    }
    assert {way for way in MaterialWay if way.handed_in} == {MaterialWay.PAPER, MaterialWay.UPLOAD}


@pytest.mark.parametrize(
    "vague",
    [
        {"way": MaterialWay.E_LICENCE, "source": "510107199001"},  # of which level?
        {"way": MaterialWay.E_LICENCE, "level": LicenceLevel.A},
        {"way": MaterialWay.DATA_SHARING},
        {"way": MaterialWay.EARLIER_CASE, "source": "  "},
    ],
)
def test_what_nobody_handed_in_says_where_it_comes_from(vague: dict[str, Any]) -> None:
    at_the_shop(CAME_IN).when(meet("identity", **vague)).refused(Reason.SOURCE_REQUIRED, "identity")


def test_what_the_item_does_not_ask_for_is_not_met() -> None:
    at_the_shop(CAME_IN).when(meet("diploma")).refused(Reason.MATERIAL_NOT_REQUIRED, "diploma")


def test_nothing_is_asked_for_before_an_item_was_applied_for() -> None:
    entrusted = at_the_shop(ENTRUSTED)

    for early in (meet("lease"), promise(), failed()):
        entrusted.when(early).refused(Reason.WRONG_STAGE, "new")


def test_no_licence_stands_for_what_none_may_stand_for() -> None:
    at_the_shop(CAME_IN).when(meet("photo", **LICENCE)).refused(Reason.NO_LICENCE_FOR_IT, "photo")


def test_an_item_that_lists_no_materials_takes_what_comes() -> None:
    after = at_the_shop(received()).when(meet("anything", **LICENCE)).done().given(accepted())

    assert material_ledger(after.file) == (), "and owes nobody an account of what it never asked for"


def test_a_running_case_is_asked_for_what_its_version_of_the_item_asks() -> None:
    later = item(STALL, version=2, valid_from=day("03-04"), materials=("form",))
    first = item(STALL, materials=ASKED, licence_materials=LICENSABLE, valid_until=day("03-03"))
    office = SHOP._replace(catalogue=Catalogue((first, later)))

    Story(CAME_IN, ACCEPTED, office=office).when(meet("lease", "03-05 09:00")).done()
    Story(received("03-05 08:50", STALL), office=office).when(meet("lease", "03-05 09:00")).refused(
        Reason.MATERIAL_NOT_REQUIRED, "lease"
    )


# with the papers


def test_what_comes_with_the_application_is_met_with_it() -> None:
    filed = ask(
        SubmitApplication,
        "03-01 20:00",
        by=CITIZEN,
        item=STALL,
        channel=Channel.WEBSITE,
        applicant="Li Lei",
        given=(GivenMaterial(material="identity", **LICENCE), GivenMaterial(material="photo", way=MaterialWay.UPLOAD)),
    )

    after = at_the_shop().when(filed).done()

    assert [(one.material, one.way, one.by) for one in after.file.service.materials] == [
        ("identity", MaterialWay.E_LICENCE, CITIZEN),
        ("photo", MaterialWay.UPLOAD, CITIZEN),
    ]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ((GivenMaterial(material="photo"), GivenMaterial(material="photo")), Reason.MATERIAL_MET),
        ((GivenMaterial(material="photo"), GivenMaterial(material="diploma")), Reason.MATERIAL_NOT_REQUIRED),
        ((GivenMaterial(material="lease", way=MaterialWay.E_LICENCE),), Reason.SOURCE_REQUIRED),
    ],
)
def test_papers_with_one_unfit_material_are_not_taken_in_at_all(given: tuple[GivenMaterial, ...], reason: Reason) -> None:
    at_the_shop().when(ask(ReceiveCase, "03-02 09:00", item=STALL, hall=HALL, given=given)).refused(reason)


def test_what_was_handed_in_on_paper_is_met_on_paper() -> None:
    story = at_the_shop(received(code=STALL, materials=("lease", "receipt for the stamp")), ACCEPTED)

    assert [one.way for one in material_ledger(story.file)] == [None, None, MaterialWay.PAPER, None]


def test_the_ledger_lists_what_was_asked_for_when_the_case_was_accepted_and_nothing_before() -> None:
    story = at_the_shop(CAME_IN)

    assert material_ledger(story.file) == ()
    ledger = material_ledger(story.given(ACCEPTED).file)
    assert [(one.material, one.replaceable) for one in ledger] == [
        ("form", False),
        ("identity", True),
        ("lease", True),
        ("photo", False),
    ]


# once


@pytest.mark.parametrize(
    "before",
    [
        (CAME_IN, met("lease")),
        (received(code=STALL, materials=("lease",)),),
        (CAME_IN, fact(MaterialsCouriered, "03-02 09:20", consignment="IN1", materials=("lease",))),
        (CAME_IN, fact(CorrectedOnSpot, "03-02 09:20", materials=("lease",))),
    ],
    ids=["met", "on paper", "by courier", "put right on the spot"],
)
def test_what_the_citizen_has_handed_in_once_is_not_asked_for_twice(before: tuple[CaseEvent, ...]) -> None:
    story = at_the_shop(*before)

    story.when(meet("lease", "03-02 09:50", **LICENCE)).refused(Reason.MATERIAL_MET, "lease")
    story.when(ask(PromiseMaterial, "03-02 09:50", material="lease", due_on=day("03-09"))).refused(
        Reason.MATERIAL_MET, "lease"
    )


def test_of_an_imported_material_that_was_met_twice_the_first_way_counts() -> None:
    story = at_the_shop(CAME_IN, met("lease", **LICENCE), met("lease", "03-02 09:50"), ACCEPTED)

    assert line(story, "lease").way is MaterialWay.E_LICENCE


def test_what_a_notice_asks_for_again_may_be_met_again_and_that_counts() -> None:
    story = at_the_shop(CAME_IN, met("lease", "03-02 09:20", way=MaterialWay.UPLOAD), notice("lease"))

    after = story.when(meet("lease", "03-03 09:00", **LICENCE)).done()

    assert line(after.given(ACCEPTED), "lease").way is MaterialWay.E_LICENCE
    after.when(meet("lease", "03-03 10:00")).refused(Reason.MATERIAL_MET, "lease")


def test_a_licence_that_failed_and_came_on_paper_after_the_notice_was_handed_in_on_paper() -> None:
    story = at_the_shop(CAME_IN, met("lease", "03-02 09:20", **LICENCE), notice("lease", "photo"))

    answered = fact(CorrectionSubmitted, "03-04 09:00", by=CITIZEN, materials=("lease", "photo"))
    after = story.given(answered, ACCEPTED)

    assert (line(after, "lease").way, line(after, "photo").way) == (MaterialWay.PAPER, MaterialWay.PAPER)
    after.when(meet("lease", "03-04 10:00", **LICENCE)).refused(Reason.MATERIAL_MET, "lease")


def test_an_answer_that_names_nothing_leaves_open_how_the_missing_material_came() -> None:
    answered = (CAME_IN, notice("photo"), fact(CorrectionSubmitted, "03-04 09:00", by=CITIZEN))

    after = at_the_shop(*answered).when(meet("photo", "03-04 09:05", way=MaterialWay.UPLOAD)).done()

    assert line(after.given(ACCEPTED), "photo").way is MaterialWay.UPLOAD


def test_a_notice_about_another_material_opens_nothing() -> None:
    story = at_the_shop(CAME_IN, met("lease", "03-02 09:20"), notice("photo"))

    story.when(meet("lease", "03-03 09:00")).refused(Reason.MATERIAL_MET, "lease")


# 当场更正


def test_what_is_put_right_on_the_spot_is_there() -> None:
    """行政许可法 Art. 32(3): no notice, no trip."""
    story = at_the_shop(CAME_IN, fact(CorrectedOnSpot, "03-02 09:20", by=CLERK, materials=("form",)), ACCEPTED)

    assert line(story, "form").way is MaterialWay.PAPER
    assert (story.file.corrections, story.file.trips) == ((), ())


# 调取失败


def failed(material: str = "identity", when: str = "03-02 09:10", **rest: Any) -> ReportLookupFailed:
    return ask(ReportLookupFailed, when, material=material, **{"way": MaterialWay.E_LICENCE, "reason": "no answer", **rest})


def test_a_look_up_that_failed_and_fell_back_to_paper_stays_in_the_ledger() -> None:
    story = (
        at_the_shop(CAME_IN)
        .when(failed())
        .then(
            LookupFailed(
                at=moment("03-02 09:10"), by=OFFICER, material="identity", way=MaterialWay.E_LICENCE, reason="no answer"
            )
        )
    )

    after = story.when(failed(way=MaterialWay.DATA_SHARING)).done().when(meet("identity")).done().given(ACCEPTED)

    assert line(after, "identity") == LedgerLine("identity", replaceable=True, way=MaterialWay.PAPER, failed_lookups=2)


def test_a_look_up_may_be_told_of_after_the_paper_that_took_its_place() -> None:
    story = at_the_shop(CAME_IN, met("identity", "03-02 09:40"))

    assert line(story.when(failed(when="03-02 09:40")).done().given(ACCEPTED), "identity").failed_lookups == 1
    story.when(failed(when="03-02 09:41")).refused(Reason.MATERIAL_MET, "identity")


@pytest.mark.parametrize(
    ("unfit", "reason"),
    [
        ({"material": "diploma"}, Reason.MATERIAL_NOT_REQUIRED),
        ({"way": MaterialWay.PAPER}, Reason.SOURCE_REQUIRED),
        ({"way": MaterialWay.EXEMPTED}, Reason.SOURCE_REQUIRED),
        ({"material": "photo"}, Reason.NO_LICENCE_FOR_IT),
        ({"reason": " "}, Reason.REASON_REQUIRED),
    ],
)
def test_only_a_look_up_of_what_is_asked_for_can_fail(unfit: dict[str, Any], reason: Reason) -> None:
    at_the_shop(CAME_IN).when(failed(**unfit)).refused(reason)


# 容缺


def promise(material: str = "lease", due: str = "03-20") -> PromiseMaterial:
    return ask(PromiseMaterial, "03-02 09:45", material=material, due_on=day(due))


def test_what_is_promised_for_later_is_outstanding_and_the_case_goes_on() -> None:
    after = (
        at_the_shop(CAME_IN)
        .when(promise())
        .then(MaterialPromised(at=moment("03-02 09:45"), by=OFFICER, material="lease", due_on=day("03-20")))
    )

    owed = line(after.given(ACCEPTED), "lease")
    assert (owed.way, owed.promised_for, owed.promise_kept) == (None, day("03-20"), None)


@pytest.mark.parametrize(("came", "kept"), [("03-20 17:00", True), ("03-21 08:00", False)])
def test_what_was_promised_and_came_is_met_and_says_whether_in_time(came: str, *, kept: bool) -> None:
    story = at_the_shop(CAME_IN).when(promise()).done().given(ACCEPTED)

    after = story.when(meet("lease", came)).done()

    assert line(after, "lease") == LedgerLine("lease", replaceable=True, way=MaterialWay.PAPER, promise_kept=kept)


def test_what_was_promised_may_come_after_the_case_was_closed() -> None:
    story = at_the_shop(*CLOSED)

    story.when(ask(MeetMaterial, "03-20 09:00", material="lease")).done()


@pytest.mark.parametrize(
    ("second", "reason", "named"),
    [
        (promise(), Reason.MATERIAL_PROMISED, "lease"),
        (promise("photo", "03-01"), Reason.DAYS_OUT_OF_RANGE, "2026-03-01"),
        (promise("diploma"), Reason.MATERIAL_NOT_REQUIRED, "diploma"),
    ],
)
def test_a_material_is_promised_once_for_a_day_to_come(second: PromiseMaterial, reason: Reason, named: str) -> None:
    at_the_shop(CAME_IN).when(promise()).done().when(second).refused(reason, named)


# 一件事共用


def test_a_shared_material_meets_what_the_case_has_not_met_by_itself() -> None:
    share = ask(ShareWithCase, "03-02 11:00", material="lease", way=MaterialWay.PACKAGE, source="510107-2026-P00001")
    story = at_the_shop(CAME_IN)

    assert story.when(share).done().file.service.met("lease") is not None
    assert at_the_shop(CAME_IN, met("lease")).when(share).ruling == ()
    assert at_the_shop(received(code=STALL, materials=("lease",))).when(share).ruling == ()
    assert at_the_shop(*CLOSED).when(share).ruling == (), "an ended case takes nothing in"


# 原件保管: the chain of custody

AGENT = "xiao chen"
ENTRUSTED = fact(MandateGranted, "02-28 09:00", by=CITIZEN, agent=AGENT, applicant="Li Lei", scope="the whole matter")


def hand(giver: tuple[HolderKind, str], holder: tuple[HolderKind, str], when: str, **rest: Any) -> HandOverPapers:
    return ask(HandOverPapers, when, **handing(giver, holder, **rest))


LI, BY_AGENT = (HolderKind.APPLICANT, "Li Lei"), (HolderKind.AGENT, AGENT)
AT_HALL, AT_FIRE = (HolderKind.HALL, HALL), (HolderKind.DEPARTMENT, "Fire")


def test_originals_go_from_hand_to_hand_and_back_home() -> None:
    story = at_the_shop(ENTRUSTED)
    story = story.when(hand(LI, BY_AGENT, "02-28 10:00", place=Place.HOME)).then(
        fact(PapersHandedOver, "02-28 10:00", **handing(LI, BY_AGENT, place=Place.HOME))
    )
    story = story.when(hand(BY_AGENT, AT_HALL, "03-02 08:55")).done().given(CAME_IN)

    for giver, holder, when in (
        (AT_HALL, AT_FIRE, "03-03 09:00"),
        (AT_FIRE, AT_HALL, "03-04 09:00"),
        (AT_HALL, BY_AGENT, "03-05 09:00"),
        (BY_AGENT, LI, "03-05 18:00"),
    ):
        story = story.when(hand(giver, holder, when)).done()
        assert story.file.service.holder("lease") == holder

    assert [one.kind for one in story.file.service.custody] == [
        HolderKind.AGENT,
        HolderKind.HALL,
        HolderKind.DEPARTMENT,
        HolderKind.HALL,
        HolderKind.AGENT,
        HolderKind.APPLICANT,
    ]
    assert story.file.trips == ()


def test_nobody_gives_away_what_another_holds() -> None:
    story = at_the_shop(ENTRUSTED, CAME_IN)

    story.when(hand(AT_HALL, AT_FIRE, "03-02 10:00")).refused(Reason.NOT_THE_HOLDER, "lease")
    taken = story.when(hand(LI, BY_AGENT, "03-02 10:00")).done()
    taken.when(hand(LI, AT_HALL, "03-02 11:00")).refused(Reason.NOT_THE_HOLDER, "lease")
    taken.when(hand((HolderKind.AGENT, "another"), AT_HALL, "03-02 11:00")).refused(Reason.NOT_THE_HOLDER, "lease")
    taken.when(hand(BY_AGENT, AT_HALL, "03-02 11:00", materials=("lease", "photo"))).refused(Reason.NOT_THE_HOLDER, "photo")


def test_something_changes_hands() -> None:
    at_the_shop(CAME_IN).when(hand(LI, AT_HALL, "03-02 10:00", materials=())).refused(Reason.NOTHING_NAMED)


def test_an_agent_takes_originals_only_under_a_mandate_and_may_give_them_back_once_it_ended() -> None:
    at_the_shop(CAME_IN).when(hand(LI, BY_AGENT, "03-02 10:00")).refused(Reason.NO_MANDATE, AGENT)
    held = at_the_shop(CAME_IN, ENTRUSTED).when(hand(LI, BY_AGENT, "03-02 10:00")).done()

    ended = held.given(fact(MandateRevoked, "03-03 09:00", by=CITIZEN, agent=AGENT, reason="a cousin goes"))

    ended.when(hand(BY_AGENT, LI, "03-03 10:00")).done()
    ended.when(hand(LI, BY_AGENT, "03-03 10:00", materials=("photo",))).refused(Reason.NO_MANDATE, AGENT)


def test_the_links_of_a_chain_are_told_in_their_order() -> None:
    story = at_the_shop(CAME_IN, ENTRUSTED).when(hand(LI, BY_AGENT, "03-02 10:00")).done()

    story.when(hand(BY_AGENT, AT_HALL, "03-02 09:59")).refused(Reason.BEFORE_STAGE, "2026-03-02T10:00:00+08:00")
    story.when(hand(BY_AGENT, AT_HALL, "03-02 10:00")).done()


def test_what_was_handed_in_on_paper_is_the_halls_to_give() -> None:
    story = at_the_shop(received(code=STALL, materials=("lease",)))

    assert story.file.service.holder("lease") == AT_HALL
    story.when(hand(LI, AT_FIRE, "03-02 10:00")).refused(Reason.NOT_THE_HOLDER, "lease")
    story.when(hand(AT_HALL, LI, "03-02 10:00")).done()


def test_a_correction_brings_its_papers_to_the_hall() -> None:
    answered = fact(CorrectionSubmitted, "03-04 09:00", by=CITIZEN, materials=("photo",))

    assert at_the_shop(CAME_IN, notice("photo"), answered).file.service.holder("photo") == AT_HALL


def test_papers_fetched_at_the_door_are_the_couriers_until_they_arrive() -> None:
    filed = (submitted(code=STALL), fact(PapersSent, "03-02 08:00", consignment="IN1", courier="EMS", materials=("lease",)))
    story = at_the_shop(*filed)

    assert story.file.service.holder("lease") == (HolderKind.COURIER, "EMS")
    lost = story.given(fact(CourierLost, "03-03 08:00", consignment="IN1"))
    assert lost.file.service.holder("lease") == (HolderKind.COURIER, "EMS"), "who lost it answers for it"
    back = story.given(fact(CourierReturned, "03-03 08:00", consignment="IN1", reason="no such hall"))
    assert back.file.service.holder("lease") == LI
    here = story.given(fact(MaterialsCouriered, "03-03 08:00", consignment="IN1", materials=("lease",)))
    here = here.when(ask(ReceiveCase, "03-03 09:00", hall=HALL, materials=("lease",))).done()
    assert here.file.service.holder("lease") == AT_HALL
    assert here.file.service.papers == ("lease",)


def test_papers_in_a_drop_box_are_the_halls_once_it_is_emptied() -> None:
    put_in = fact(PapersDeposited, "03-01 22:00", by=CITIZEN, box="B1", deposit="D1", materials=("lease",))
    story = at_the_shop(submitted(code=STALL), put_in)

    assert story.file.service.holder("lease") is None, "nobody has them yet"
    emptied = story.given(fact(PapersCollected, "03-02 08:30", box="B1", deposit="D1"))
    emptied.when(hand(AT_HALL, LI, "03-02 10:00")).done()
    emptied.when(hand(LI, AT_FIRE, "03-02 10:00")).refused(Reason.NOT_THE_HOLDER, "lease")


def test_papers_that_came_before_the_case_was_received_are_with_the_hall_that_received_it() -> None:
    in_post = fact(MaterialsCouriered, "03-01 21:00", consignment="IN1", materials=("lease",))
    put_in = fact(PapersDeposited, "03-01 22:00", by=CITIZEN, box="B1", deposit="D1", materials=("photo",))
    emptied = fact(PapersCollected, "03-02 08:30", box="B1", deposit="D1")
    story = at_the_shop(submitted(code=STALL), in_post, put_in, emptied)
    assert [story.file.service.holder(one) for one in ("lease", "photo")] == [(HolderKind.HALL, "")] * 2, "nobody said which"

    story = story.when(ask(ReceiveCase, "03-02 09:00", hall=HALL)).done()

    assert [(one.material, one.kind, one.holder, one.since) for one in story.file.service.custody] == [
        ("lease", *AT_HALL, moment("03-01 21:00")),
        ("photo", *AT_HALL, moment("03-02 08:30")),
    ]
    story.when(hand((HolderKind.HALL, "another hall"), LI, "03-02 10:00")).refused(Reason.NOT_THE_HOLDER, "lease")
    story.when(hand(AT_HALL, LI, "03-02 10:00")).done()


def test_the_receipt_names_no_holder_but_a_hall_nobody_named() -> None:
    sent = fact(PapersSent, "03-02 07:00", consignment="IN1", courier="EMS", materials=("photo",))
    to_fire = fact(PapersHandedOver, "03-02 08:00", **handing((HolderKind.HALL, "another hall"), AT_FIRE))
    came = fact(MaterialsCouriered, "03-01 21:00", consignment="IN0", materials=("lease",))

    file = at_the_shop(submitted(code=STALL), came, sent, to_fire, received(code=STALL)).file

    assert [(one.kind, one.holder) for one in file.service.custody] == [
        AT_HALL,
        (HolderKind.COURIER, "EMS"),
        AT_FIRE,
    ]


def test_papers_from_a_box_emptied_later_are_with_the_hall_that_received_the_case() -> None:
    put_in = fact(PapersDeposited, "03-03 22:00", by=CITIZEN, box="B1", deposit="D1", materials=("photo",))
    emptied = fact(PapersCollected, "03-04 08:30", box="B1", deposit="D1")

    assert at_the_shop(CAME_IN, put_in, emptied).file.service.holder("photo") == AT_HALL


def test_papers_that_came_with_a_visit_stay_at_the_hall_after_it() -> None:
    came = ask(ReceiveCase, "03-02 09:00", by=CLERK, item=STALL, hall=HALL, materials=("lease",), visit=visit("V1"))

    assert at_the_shop().when(came).done().file.service.holder("lease") == AT_HALL
