"""代办, 办理点: who may act for the applicant, and where papers are taken in."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from support.story import (
    CALENDAR,
    CITIZEN,
    CLERK,
    CLOSED,
    FOOD,
    HALL,
    NOW,
    SEALED,
    Story,
    ask,
    day,
    fact,
    handing,
    item,
    moment,
    received,
    scoped,
    submitted,
    visit,
)

from casecore import (
    CaseEvent,
    CaseReceived,
    CaseWithdrawn,
    Catalogue,
    Cause,
    Channel,
    CorrectionRequested,
    CountedTrip,
    DeliverResult,
    DeliveryMethod,
    Elsewhere,
    GrantMandate,
    HandOverPapers,
    HolderKind,
    HomeServiceRequested,
    ItemType,
    MandateGranted,
    MandateRevoked,
    MaterialsCouriered,
    Office,
    Place,
    Reason,
    ReceiveCase,
    RecordTrip,
    RequestHomeService,
    ResultDelivered,
    RevokeMandate,
    Site,
    Stage,
    SubmitApplication,
    SubmitCorrection,
    Tier,
    TripMade,
    TripVerdict,
    Visitor,
    count_trips,
)

AGENT = "xiao chen"
MANDATE = fact(MandateGranted, "03-01 09:00", by=CITIZEN, agent=AGENT, applicant="Li Lei", scope="the whole matter")
REVOKED = fact(MandateRevoked, "03-04 09:00", by=CITIZEN, agent=AGENT, reason="a cousin goes")


def entrust(when: str = "03-01 09:00", **rest: Any) -> GrantMandate:
    who = {"by": CITIZEN, "agent": AGENT, "applicant": "Li Lei", "scope": "the whole matter"}
    return ask(GrantMandate, when, **{**who, **rest})


def errand(number: str = "V1", **rest: Any) -> Any:
    return visit(number, **{"visitor": Visitor.HALL_AGENT, "agent": AGENT, **rest})


def take_in(when: str = "03-02 09:00", **rest: Any) -> ReceiveCase:
    return ask(ReceiveCase, when, **{"by": CLERK, "item": FOOD, "hall": HALL, "applicant": "Li Lei", **rest})


def gross_and_net(*trips: CountedTrip) -> tuple[int, int]:
    return sum(one.gross for one in trips), sum(one.net for one in trips)


# 委托


def test_an_agent_is_entrusted_before_anything_is_filed() -> None:
    after = (
        Story()
        .when(entrust(until=day("03-31"), site="VILLAGE-3"))
        .then(
            MandateGranted(
                at=moment("03-01 09:00"),
                by=CITIZEN,
                agent=AGENT,
                applicant="Li Lei",
                scope="the whole matter",
                until=day("03-31"),
                site="VILLAGE-3",
            )
        )
    )

    assert (after.file.stage, after.file.version, after.file.applied_at) == (Stage.NEW, 1, None)
    assert after.when(take_in()).done().file.stage is Stage.RECEIVED


@pytest.mark.parametrize("before", [(received(),), (submitted(),), CLOSED])
def test_an_agent_may_be_entrusted_at_any_time_while_something_may_be_done(before: tuple[CaseEvent, ...]) -> None:
    Story(*before).when(entrust("03-09 09:00")).done()


def test_nobody_is_entrusted_with_what_was_given_up() -> None:
    withdrawn = fact(CaseWithdrawn, "03-03 09:00", by=CITIZEN, reason="moved away")

    Story(received(), withdrawn).when(entrust("03-09 09:00")).refused(Reason.WRONG_STAGE, "withdrawn")


@pytest.mark.parametrize(
    ("unfit", "reason"),
    [
        ({"scope": " "}, Reason.NOTHING_NAMED),
        ({"until": day("02-28")}, Reason.DAYS_OUT_OF_RANGE),
    ],
)
def test_a_mandate_says_what_for_and_ends_in_the_future(unfit: dict[str, Any], reason: Reason) -> None:
    Story().when(entrust(**unfit)).refused(reason)


def test_a_mandate_may_be_for_one_day() -> None:
    Story().when(entrust(until=day("03-01"))).done()


def test_a_mandate_that_is_in_force_is_not_given_again() -> None:
    story = Story(MANDATE)

    story.when(entrust("03-02 09:00")).refused(Reason.MANDATE_EXISTS, AGENT)
    story.when(entrust("03-02 09:00", agent="another")).done()
    story.given(REVOKED).when(entrust("03-05 09:00")).done()


def test_only_the_applicant_entrusts_somebody_with_the_case() -> None:
    Story(received()).when(entrust(applicant="Wang Mei")).refused(Reason.NO_MANDATE, "Wang Mei")


@pytest.mark.parametrize(
    ("when", "entrusted"), [("02-28 23:59", False), ("03-01 09:00", True), ("03-31 23:59", True), ("04-01 00:00", False)]
)
def test_a_mandate_lasts_from_its_grant_to_the_end_of_its_last_day(when: str, *, entrusted: bool) -> None:
    service = Story(replace(MANDATE, until=day("03-31"))).file.service

    assert (service.mandate(AGENT, moment(when)) is not None) is entrusted


def test_a_mandate_without_a_last_day_lasts_until_it_is_revoked() -> None:
    story = Story(MANDATE)
    assert story.file.service.mandate(AGENT, NOW) is not None

    after = story.when(ask(RevokeMandate, "03-04 09:00", by=CITIZEN, agent=AGENT, reason="a cousin goes")).then(REVOKED)

    assert after.file.service.mandate(AGENT, moment("03-04 08:59")) is not None
    assert after.file.service.mandate(AGENT, moment("03-04 09:00")) is None


def test_a_revocation_told_late_ends_the_mandate_that_was_in_force_then_and_no_other() -> None:
    first, again = replace(MANDATE, until=day("03-05")), replace(MANDATE, at=moment("03-09 09:00"))

    service = Story(first, again).when(ask(RevokeMandate, "03-04 09:00", agent=AGENT, reason="ill")).done().file.service

    assert [one.revoked_at for one in service.mandates] == [moment("03-04 09:00"), None]
    assert service.mandate(AGENT, NOW) is not None


def test_who_was_told_to_stop_earlier_than_known_acted_without_a_mandate_since() -> None:
    story = Story(MANDATE).when(ask(RevokeMandate, "03-10 09:00", agent=AGENT, reason="ill")).done()

    after = story.when(ask(RevokeMandate, "03-04 09:00", agent=AGENT, reason="told on the phone")).done()

    assert after.file.service.mandate(AGENT, moment("03-05 09:00")) is None


@pytest.mark.parametrize(
    ("before", "unfit", "reason"),
    [
        ((received(),), {}, Reason.NO_MANDATE),
        ((received(), MANDATE, REVOKED), {}, Reason.NO_MANDATE),
        ((received(), MANDATE), {"agent": "another"}, Reason.NO_MANDATE),
        ((received(), MANDATE), {"reason": ""}, Reason.REASON_REQUIRED),
    ],
)
def test_what_is_revoked_was_given_and_for_a_reason(
    before: tuple[CaseEvent, ...], unfit: dict[str, Any], reason: Reason
) -> None:
    revoke = {"by": CITIZEN, "agent": AGENT, "reason": "a cousin goes", **unfit}

    Story(*before).when(ask(RevokeMandate, "03-05 09:00", **revoke)).refused(reason)


# 代理申报


def file_for(applicant: str = "Li Lei", **rest: Any) -> SubmitApplication:
    filed = {"by": AGENT, "item": FOOD, "channel": Channel.WEBSITE, "applicant": applicant, "agent": AGENT}
    return ask(SubmitApplication, "03-01 20:00", **{**filed, **rest})


def test_an_agent_files_in_the_applicants_name_and_that_is_help() -> None:
    after = Story(MANDATE).when(file_for()).then(replace(submitted(assisted=True), by=AGENT))

    assert (after.file.applicant, after.file.assisted) == ("Li Lei", True)


def test_who_files_for_another_is_the_agent_whoever_typed_it_in() -> None:
    (filed,) = Story(MANDATE).when(file_for(by=CLERK)).ruling

    assert filed.by == AGENT


@pytest.mark.parametrize(
    "before",
    [
        (),
        (replace(MANDATE, agent="another"),),
        (replace(MANDATE, until=date(2026, 2, 28)),),
        (MANDATE, replace(REVOKED, at=moment("03-01 12:00"))),
        (replace(MANDATE, applicant="Wang Mei"),),
    ],
    ids=["none", "another agent", "expired", "revoked", "another applicant"],
)
def test_an_agent_without_the_applicants_mandate_files_and_brings_nothing(before: tuple[CaseEvent, ...]) -> None:
    story = Story(*before)

    story.when(file_for()).refused(Reason.NO_MANDATE, AGENT)
    story.when(take_in(visit=errand())).refused(Reason.NO_MANDATE, AGENT)


def test_a_mandate_from_another_applicant_moves_nothing_of_this_case() -> None:
    story = Story(replace(MANDATE, applicant="Wang Mei")).given(received())
    home = handing((HolderKind.APPLICANT, "Li Lei"), (HolderKind.AGENT, AGENT))

    story.when(ask(RecordTrip, "03-03 09:00", visit="V2", cause=Cause.PAY, visitor=Visitor.HALL_AGENT, agent=AGENT)).refused(
        Reason.NO_MANDATE, AGENT
    )
    story.when(ask(HandOverPapers, "03-03 09:00", **home)).refused(Reason.NO_MANDATE, AGENT)


# 代办员跑腿: trips of the applicant stay 0


def test_whoever_entrusts_an_agent_need_not_go_at_all() -> None:
    """Fetched at home, filed at the hall, corrected at the hall, brought home: four journeys, and none of them Li's."""
    story = Story().when(entrust()).done()
    fetched = {"visit": "T1", "cause": Cause.OTHER, "place": Place.HOME, "visitor": Visitor.HALL_AGENT, "hall": HALL}
    story = story.when(ask(RecordTrip, "03-01 15:00", by=AGENT, **fetched)).done()
    story = story.when(take_in(visit=errand("T2"))).done()
    story = story.given(fact(CorrectionRequested, "03-02 09:30", by=CLERK, materials=("photo",)))
    story = story.when(ask(SubmitCorrection, "03-02 14:00", by=AGENT, visit=errand("T3"))).done()
    story = Story(*SEALED[1:], file=story.file)

    home = {"method": DeliveryMethod.HOME, "certificate": "C1", "visit": errand("T4", place=Place.HOME)}
    after = story.when(ask(DeliverResult, "03-06 15:00", by=AGENT, **home)).done()

    days = ("03-01", "03-02", "03-02", "03-06")
    assert [(one.visit, one.agent) for one in after.file.trips] == [
        (scoped(f"T{n}", on), AGENT) for n, on in enumerate(days, 1)
    ]
    trips = count_trips(after.file)
    assert gross_and_net(*trips) == (0, 0)
    assert {one.verdict for one in trips} == {TripVerdict.NO_TRIP}


def test_an_agent_who_is_not_named_is_whoever_did_it() -> None:
    (_, trip) = Story(MANDATE).when(take_in(by=AGENT, visit=errand(agent=None))).ruling

    assert trip == fact(
        TripMade, "03-02 09:00", by=AGENT, visit=scoped("V1"), visitor=Visitor.HALL_AGENT, place=Place.HALL,
        cause=Cause.SUBMIT, agent=AGENT, hall=HALL,
    )  # fmt: skip


def test_an_agent_is_entrusted_for_every_act_of_a_visit() -> None:
    story = Story(MANDATE, REVOKED).given(received("03-05 09:00"), fact(
        TripMade, "03-03 09:00", visit="V1", visitor=Visitor.HALL_AGENT, place=Place.HALL, cause=Cause.CONSULT, agent=AGENT
    ))  # fmt: skip
    story = story.given(fact(CorrectionRequested, "03-05 09:30", by=CLERK, materials=("photo",)))

    story.when(ask(SubmitCorrection, "03-05 14:00", by=AGENT, visit=errand("V1"))).refused(Reason.NO_MANDATE, AGENT)


def test_the_applicants_own_agent_needs_no_mandate_here_and_costs_a_trip() -> None:
    after = Story().when(take_in(visit=visit("V1", visitor=Visitor.OWN_AGENT))).done()

    assert gross_and_net(*count_trips(after.file)) == (1, 1)


@pytest.mark.parametrize("brought", [visit("V9"), visit("V9", place=Place.VILLAGE_POINT)])
def test_bringing_the_result_home_is_no_visit_of_the_applicant(brought: Any) -> None:
    home = ask(DeliverResult, "03-09 15:00", method=DeliveryMethod.HOME, certificate="C1", visit=brought)

    Story(*CLOSED).when(home).then(fact(ResultDelivered, "03-09 15:00", method=DeliveryMethod.HOME, certificate="C1"))


# 办理点, 全城通办

SOCIAL = "SOCIAL"
VILLAGE = Site(
    code="VILLAGE-3",
    name_zh="三村代办点",
    source="made up for these stories",
    place=Place.VILLAGE_POINT,
    tier=Tier.VILLAGE,
    elsewhere=(Elsewhere(item=SOCIAL, where="the bank on the square"),),
)
KIOSK = replace(VILLAGE, code="KIOSK-1", place=Place.COMMUNITY_KIOSK, items=(FOOD,), elsewhere=())
CITY = Office(Catalogue((item(FOOD), item(SOCIAL)), sites=(VILLAGE, KIOSK)), CALENDAR)


def test_a_village_point_takes_what_it_takes() -> None:
    at_the_point = take_in(hall="VILLAGE-3", tier=Tier.VILLAGE, visit=visit("V1", place=Place.VILLAGE_POINT))

    after = Story(office=CITY).when(at_the_point).done()

    (only,) = count_trips(after.file)
    assert (after.file.hall, after.file.tier) == ("VILLAGE-3", Tier.VILLAGE)
    assert (only.trip.place.near, only.gross, only.net) == (True, True, True)


def test_a_village_point_says_where_the_one_item_it_does_not_take_is_taken() -> None:
    Story(office=CITY).when(take_in(item=SOCIAL, hall="VILLAGE-3")).refused(Reason.NOT_TAKEN_HERE, "the bank on the square")


def test_a_kiosk_that_lists_its_items_takes_no_other() -> None:
    Story(office=CITY).when(take_in(hall="KIOSK-1")).done()
    Story(office=CITY).when(take_in(item=SOCIAL, hall="KIOSK-1")).refused(Reason.NOT_TAKEN_HERE, SOCIAL)


def test_an_online_application_is_not_taken_over_where_its_item_is_not_taken_either() -> None:
    filed = submitted(code=SOCIAL)

    Story(filed, office=CITY).when(ask(ReceiveCase, "03-02 09:00", hall="VILLAGE-3")).refused(Reason.NOT_TAKEN_HERE)


def test_a_place_in_no_register_takes_everything() -> None:
    Story(office=CITY).when(take_in(item=SOCIAL, hall="a hall nobody registered")).done()


def test_what_is_taken_in_all_over_the_city_keeps_place_owner_and_tier_apart() -> None:
    """全城通办: handed in at a village, owned by a county department of another place."""
    taken = take_in(hall="VILLAGE-3", tier=Tier.VILLAGE, window="2", channel=Channel.WINDOW)

    after = (
        Story(office=CITY)
        .when(taken)
        .then(
            CaseReceived(
                at=moment("03-02 09:00"),
                by=CLERK,
                item=FOOD,
                item_type=ItemType.LICENCE,
                channel=Channel.WINDOW,
                tier=Tier.VILLAGE,
                hall="VILLAGE-3",
                window="2",
                department="Market",
                applicant="Li Lei",
            )
        )
    )

    owner = CITY.catalogue.find(FOOD, day("03-02"))
    assert owner is not None
    assert (after.file.department, owner.tier, after.file.tier) == ("Market", Tier.COUNTY, Tier.VILLAGE)


def test_another_department_may_own_the_case_than_the_items() -> None:
    assert Story(office=CITY).when(take_in(department="Market of the next district")).done().file.department == (
        "Market of the next district"
    )


# 自助终端: an identity is a digest or nothing

DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def test_who_swipes_in_at_the_self_service_area_is_known_by_a_digest() -> None:
    swiped = visit("V1", place=Place.HALL_KIOSK, device="terminal 7", id_hash=DIGEST)

    after = Story().when(take_in(visit=swiped)).done()

    (trip,) = after.file.trips
    assert (trip.place, trip.device) == (Place.HALL_KIOSK, "terminal 7")


@pytest.mark.parametrize("raw", ["51010719900101123X", "", DIGEST[:-1], DIGEST + "0", DIGEST.upper(), "g" * 64])
def test_no_identity_is_recorded_as_it_is(raw: str) -> None:
    came_in = take_in(visit=visit("V1", place=Place.HALL_KIOSK, id_hash=raw))
    by_itself = ask(RecordTrip, "03-03 09:00", visit="V2", cause=Cause.PAY, place=Place.HALL_KIOSK, id_hash=raw)

    told = (Story().when(came_in), Story(received()).when(by_itself))

    for one in told:
        one.refused(Reason.ID_NOT_HASHED, "")
        assert not raw or raw not in str(one.ruling), "nor is it said back"


# 上门服务


def test_the_hall_comes_to_whoever_asks_it_to_and_nobody_travels_for_that() -> None:
    asked = ask(RequestHomeService, "02-27 09:00", by=CITIZEN, wanted_on=day("03-02"), where="ward 3, county hospital")
    story = (
        Story()
        .when(asked)
        .then(
            HomeServiceRequested(
                at=moment("02-27 09:00"), by=CITIZEN, wanted_on=day("03-02"), where="ward 3, county hospital"
            )
        )
    )
    there = take_in(channel=Channel.HOME_SERVICE, visit=visit("V1", place=Place.HOME, visitor=Visitor.APPLICANT))
    office = Office(Catalogue((item(FOOD, channels=(Channel.HOME_SERVICE,)),)), CALENDAR)

    after = Story(file=story.file, office=office).when(there).done()

    assert len(after.file.service.home_services) == 1
    assert gross_and_net(*count_trips(after.file)) == (0, 0)
    assert count_trips(after.file)[0].verdict is TripVerdict.NO_TRIP


@pytest.mark.parametrize(
    ("unfit", "reason"),
    [({"where": " "}, Reason.NOTHING_NAMED), ({"wanted_on": day("02-26")}, Reason.DAYS_OUT_OF_RANGE)],
)
def test_home_service_is_asked_for_somewhere_on_a_day_to_come(unfit: dict[str, Any], reason: Reason) -> None:
    asked = {"wanted_on": day("03-02"), "where": "ward 3, county hospital", **unfit}

    Story().when(ask(RequestHomeService, "02-27 09:00", by=CITIZEN, **asked)).refused(reason)


# 帮办


def test_filing_online_with_the_windows_help_is_help_and_stays_so() -> None:
    helped = ask(
        SubmitApplication, "03-02 08:55", by=CLERK, item=FOOD, channel=Channel.WEBSITE, applicant="Li Lei", assisted=True
    )

    after = Story().when(helped).done().when(ask(ReceiveCase, "03-02 09:00", by=CLERK, hall=HALL)).done()

    assert (after.file.channel, after.file.assisted) == (Channel.WEBSITE, True)
    assert not Story(submitted(), received()).file.assisted


def test_papers_that_came_by_courier_came_in_through_that_door() -> None:
    story = Story(fact(MaterialsCouriered, "03-02 08:00", consignment="IN1", materials=("lease",)))

    assert story.when(take_in()).done().file.channel is Channel.COURIER
    assert story.when(take_in(visit=visit("V1"))).done().file.channel is Channel.WINDOW
    assert story.when(take_in(channel=Channel.MOBILE)).done().file.channel is Channel.MOBILE
