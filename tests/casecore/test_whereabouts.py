"""办理点: the register of sites says where a visit led and at which tier papers came in, whatever a command says."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest
from support.registers import open_package, site
from support.story import (
    CALENDAR,
    CLERK,
    CLOSED,
    FOOD,
    HALL,
    ITEMS,
    PROOF,
    SEALED,
    Story,
    ask,
    day,
    fact,
    item,
    moment,
    received,
    submitted,
    visit,
)

from casecore import (
    Area,
    CaseFile,
    CaseReceived,
    Catalogue,
    Cause,
    Channel,
    CorrectionRequested,
    DeliverResult,
    DeliveryMethod,
    FeeWay,
    HomeServiceRequested,
    ItemLabel,
    MandateGranted,
    Office,
    OpenVisit,
    PackageOpened,
    PayFee,
    Place,
    Reason,
    ReceiveCase,
    RecordTrip,
    Site,
    SubmitCorrection,
    Tier,
    TripMade,
    VisitOpened,
    Visitor,
)
from casecore.fact import Fact
from casecore.places import unsound_register
from casecore.visit.file import NEW_VISIT
from casecore.whereabouts import site_of

TOWN, POINT, BANK, SHELF = "Town Hall", "Village 3", "Bank 2", "Terminal 7"
SITES: Final = (
    site(HALL),
    site(TOWN, tier=Tier.TOWNSHIP),
    site(POINT, tier=Tier.VILLAGE, place=Place.VILLAGE_POINT),
    site(BANK, tier=Tier.COUNTY, place=Place.COMMUNITY_KIOSK),
    site(SHELF, tier=Tier.CITY, place=Place.HALL_KIOSK),
)
CITIES: Final = (
    item("CITY", tier=Tier.CITY),
    item("PROVINCE", tier=Tier.PROVINCE),
    item("NATION", tier=Tier.NATION),
    item("COUNTRY", handle_area=Area.NATION),
    item("PROVINCES", handle_area=Area.CROSS_PROVINCE),
    item("COUNTIES", handle_area=Area.CROSS_COUNTY),
    item("LABEL", labels=(ItemLabel.CITYWIDE,)),
    item("SUMMER", valid_from=day("06-01"), valid_until=day("08-31")),
)
PAID: Final = tuple(replace(one, fee=True) if one.code == FOOD else one for one in ITEMS)


def keeping(*sites: Site) -> Office:
    """A district with this register of sites."""
    return Office(Catalogue((*PAID, *CITIES), sites=sites), CALENDAR)


WORLD: Final = keeping(*SITES)
NO_REGISTER: Final = keeping()


def take_in(when: str = "03-02 09:00", **rest: Any) -> ReceiveCase:
    return ask(ReceiveCase, when, **{"by": CLERK, "item": FOOD, "hall": HALL, "applicant": "Li Lei", **rest})


def made_of(story: Any, kind: type[Fact]) -> Any:
    """The one fact of that kind among those a command makes."""
    (only,) = (one for one in story.ruling if isinstance(one, kind))
    return only


# 收件


@pytest.mark.parametrize("tier", Tier)
@pytest.mark.parametrize("registered", SITES, ids=lambda one: one.code)
def test_papers_come_in_at_the_tier_of_the_site_whatever_tier_is_told(registered: Site, tier: Tier) -> None:
    told = Story(office=WORLD).when(take_in(hall=registered.code, tier=tier))

    assert made_of(told, CaseReceived).tier is registered.tier


@pytest.mark.parametrize("place", Place)
@pytest.mark.parametrize("registered", SITES, ids=lambda one: one.code)
def test_who_hands_papers_in_came_to_the_site_whatever_place_is_told(registered: Site, place: Place) -> None:
    told = Story(office=WORLD).when(take_in(hall=registered.code, visit=visit("V1", place=place)))

    assert made_of(told, TripMade).place is registered.place


@pytest.mark.parametrize("tier", [Tier.VILLAGE, Tier.CITY])
@pytest.mark.parametrize(("office", "hall"), [(NO_REGISTER, POINT), (WORLD, "Hall 9")])
def test_of_a_hall_no_register_knows_the_callers_word_is_all_there_is(office: Office, hall: str, tier: Tier) -> None:
    told = Story(office=office).when(take_in(hall=hall, tier=tier, visit=visit("V1", place=Place.COMMUNITY_KIOSK)))

    assert made_of(told, CaseReceived).tier is tier
    assert made_of(told, TripMade).place is Place.COMMUNITY_KIOSK


@pytest.mark.parametrize(
    ("before", "rest"),
    [
        ((), {"channel": Channel.HOME_SERVICE}),
        ((submitted(), fact(HomeServiceRequested, "03-01 21:00", wanted_on=day("03-02"), where="Lane 3")), {"item": None}),
    ],
)
def test_home_service_leads_to_no_site(before: tuple[Any, ...], rest: dict[str, Any]) -> None:
    """上门服务: the hall comes to the applicant, as the channel says or as was agreed."""
    homely = keeping(*SITES)
    items = [replace(one, channels=tuple(Channel)) for one in homely.catalogue]
    homely = homely._replace(catalogue=Catalogue(items, sites=SITES))
    told = Story(*before, office=homely).when(take_in(**{"visit": visit("V1", place=Place.HOME), **rest}))

    assert made_of(told, TripMade).place is Place.HOME


def test_a_terminal_that_is_a_site_goes_before_the_hall_that_runs_it() -> None:
    told = Story(office=WORLD).when(take_in(visit=visit("V1", device=BANK)))
    other = Story(office=WORLD).when(take_in(hall=BANK, visit=visit("V1", device="terminal of no register")))

    assert [made_of(one, TripMade).place for one in (told, other)] == [Place.COMMUNITY_KIOSK] * 2
    assert made_of(told, CaseReceived).tier is Tier.COUNTY


# 补正, 缴费, 领取, and a trip by itself

NOTICE: Final = fact(CorrectionRequested, "03-02 09:30", by=CLERK, materials=("lease",))


def at(hall: str, *facts: Fact) -> tuple[Fact, ...]:
    """A history that began at that hall."""
    return tuple(replace(one, hall=hall) if isinstance(one, CaseReceived) else one for one in facts)


LATER: Final[dict[str, tuple[tuple[Fact, ...], Callable[[Place], Any]]]] = {
    "correction": (
        (received(), NOTICE),
        lambda place: ask(SubmitCorrection, "03-03 09:00", materials=("lease",), visit=visit("V2", place=place)),
    ),
    "fee": (
        (received(),),
        lambda place: ask(PayFee, "03-03 09:00", fee="F", amount_fen=1, way=FeeWay.WINDOW, visit=visit("V2", place=place)),
    ),
    "collection": (
        SEALED,
        lambda place: ask(
            DeliverResult,
            "03-06 09:00",
            method=DeliveryMethod.WINDOW,
            certificate="C1",
            visit=visit("V2", place=place),
        ),
    ),
    "locker": (
        CLOSED,
        lambda place: ask(
            DeliverResult,
            "03-09 09:00",
            method=DeliveryMethod.LOCKER,
            certificate="C1",
            visit=visit("V2", place=place),
        ),
    ),
    "trip": (
        (received(),),
        lambda place: ask(RecordTrip, "03-03 09:00", visit="V2", cause=Cause.SIGN, place=place),
    ),
}


@pytest.mark.parametrize("place", [Place.HALL, Place.VILLAGE_POINT, Place.HALL_KIOSK, Place.COMMUNITY_KIOSK])
@pytest.mark.parametrize("act", LATER)
@pytest.mark.parametrize("registered", SITES, ids=lambda one: one.code)
def test_every_later_visit_led_to_the_site_of_the_case(registered: Site, act: str, place: Place) -> None:
    facts, command = LATER[act]
    told = Story(*at(registered.code, *facts), office=WORLD).when(command(place))

    assert made_of(told, TripMade).place is registered.place


@pytest.mark.parametrize(
    ("act", "place", "led_to"),
    [
        ("trip", Place.OUTSIDE, Place.OUTSIDE),
        ("trip", Place.HOME, Place.HOME),
        ("fee", Place.OUTSIDE, Place.OUTSIDE),
        ("correction", Place.HOME, Place.HALL),
        ("collection", Place.HOME, Place.HALL),
        ("collection", Place.OUTSIDE, Place.HALL),
    ],
)
def test_only_what_is_done_at_no_window_may_have_been_done_elsewhere(act: str, place: Place, led_to: Place) -> None:
    """A step at a notary's or an inspection at home is no visit to a hall; handing in and collecting is."""
    facts, command = LATER[act]

    assert made_of(Story(*facts, office=WORLD).when(command(place)), TripMade).place is led_to


@pytest.mark.parametrize(("visitor", "led_to"), {Visitor.HALL_AGENT: Place.HOME, Visitor.OWN_AGENT: Place.HALL}.items())
def test_an_agent_of_the_hall_fetches_papers_at_home_another_brings_them(visitor: Visitor, led_to: Place) -> None:
    mandate = fact(MandateGranted, "03-01 20:00", agent="Yang", applicant="Li Lei", scope="everything")
    fetched = take_in(item=None, visit=visit("V1", place=Place.HOME, visitor=visitor, agent="Yang"))

    assert made_of(Story(submitted("03-01 19:00"), mandate, office=WORLD).when(fetched), TripMade).place is led_to


# Another hall than the case's


@pytest.mark.parametrize("place", [Place.HALL, Place.VILLAGE_POINT, Place.COMMUNITY_KIOSK])
@pytest.mark.parametrize("act", LATER)
@pytest.mark.parametrize("registered", SITES, ids=lambda one: one.code)
def test_a_visit_that_names_another_hall_led_there(registered: Site, act: str, place: Place) -> None:
    facts, command = LATER[act]
    told = Story(*facts, office=WORLD).when(there(command(place), registered.code))

    trip = made_of(told, TripMade)
    assert (trip.place, trip.hall) == (registered.place, registered.code)


def there(command: Any, hall: str) -> Any:
    """The command, its visit at a hall."""
    if isinstance(command, RecordTrip):
        return replace(command, hall=hall)
    return replace(command, visit=replace(command.visit, hall=hall))


@pytest.mark.parametrize("act", ["correction", "collection", "locker"])
@pytest.mark.parametrize(("until", "open_then"), [("03-02", False), ("03-09", True)])
def test_nothing_is_handed_in_or_collected_at_a_site_that_is_closed(act: str, until: str, *, open_then: bool) -> None:
    brief = keeping(site(HALL), site(TOWN, tier=Tier.TOWNSHIP, valid_until=day(until)))
    facts, command = LATER[act]
    told = Story(*facts, office=brief).when(there(command(Place.VILLAGE_POINT), TOWN))

    if open_then:
        assert made_of(told, TripMade).place is Place.HALL
    else:
        told.refused(Reason.SITE_NOT_IN_SERVICE, f"{TOWN}: from the beginning to 2026-03-02")


# 到场


@pytest.mark.parametrize("place", Place)
@pytest.mark.parametrize("registered", SITES, ids=lambda one: one.code)
def test_who_arrives_came_to_the_place_of_the_site(registered: Site, place: Place) -> None:
    came = OpenVisit(by=CLERK, at=moment("03-02 09:00"), hall=registered.code, on=day("03-02"), number="A1", place=place)

    assert made_of(Story(office=WORLD, file=NEW_VISIT).when(came), VisitOpened).place is registered.place


def test_who_arrives_at_a_hall_no_register_knows_came_to_the_place_told() -> None:
    came = OpenVisit(
        by=CLERK, at=moment("03-02 09:00"), hall="Hall 9", on=day("03-02"), number="A1", place=Place.COMMUNITY_KIOSK
    )

    assert made_of(Story(office=WORLD, file=NEW_VISIT).when(came), VisitOpened).place is Place.COMMUNITY_KIOSK


# 一件事申请


@pytest.mark.parametrize("tier", Tier)
def test_a_package_is_opened_at_the_tier_of_the_site(tier: Tier) -> None:
    from support.registers import VILLAGE, WORLD  # noqa: PLC0415 - another world than this module's

    told = Story(office=WORLD).when(open_package(hall=VILLAGE, tier=tier))

    assert made_of(told, PackageOpened).tier is Tier.VILLAGE


# 有效期: the first day and the last one

SPAN: Final = {"valid_from": day("03-02"), "valid_until": day("03-06")}
DAYS: Final = {"03-01": False, "03-02": True, "03-04": True, "03-06": True, "03-07": False}


@pytest.mark.parametrize(("when", "open_then"), DAYS.items())
def test_a_site_takes_papers_from_its_first_day_to_its_last(when: str, *, open_then: bool) -> None:
    brief = keeping(site(TOWN, tier=Tier.TOWNSHIP, **SPAN))
    told = Story(office=brief).when(take_in(f"{when} 23:59", hall=TOWN))

    assert (site_of(TOWN, day(when), brief) is not None) is open_then
    if open_then:
        assert made_of(told, CaseReceived).tier is Tier.TOWNSHIP
    else:
        told.refused(Reason.SITE_NOT_IN_SERVICE, f"{TOWN}: from 2026-03-02 to 2026-03-06")


@pytest.mark.parametrize(
    ("span", "last", "first"),
    [({"valid_until": day("03-06")}, "03-07", "03-06"), ({"valid_from": day("03-06")}, "03-05", "03-06")],
)
def test_a_site_may_have_one_end_only(span: dict[str, date], last: str, first: str) -> None:
    brief = keeping(site(TOWN, **span))

    Story(office=brief).when(take_in(f"{first} 09:00", hall=TOWN)).done()
    Story(office=brief).when(take_in(f"{last} 09:00", hall=TOWN)).refused(Reason.SITE_NOT_IN_SERVICE)


def test_of_a_site_that_has_closed_since_the_callers_word_is_all_there_is() -> None:
    """What was received there is collected somewhere else: the register does not say where."""
    closed = keeping(site(POINT, place=Place.VILLAGE_POINT, tier=Tier.VILLAGE, valid_until=day("03-05")))
    facts, command = LATER["collection"]

    assert made_of(Story(*at(POINT, *facts), office=closed).when(command(Place.HALL)), TripMade).place is Place.HALL


# 通办范围


@pytest.mark.parametrize(
    ("away", "taken"),
    [
        (Area.CROSS_COUNTY, {"CITY", "PROVINCE", "NATION", "COUNTRY", "PROVINCES", "COUNTIES", "LABEL"}),
        (Area.CROSS_CITY, {"PROVINCE", "NATION", "COUNTRY", "PROVINCES"}),
        (Area.CROSS_PROVINCE, {"NATION", "COUNTRY", "PROVINCES"}),
        (None, {"CITY", "PROVINCE", "NATION", "COUNTRY", "PROVINCES", "COUNTIES", "LABEL", FOOD, PROOF}),
    ],
    ids=["county", "city", "province", "here"],
)
def test_a_site_far_away_takes_the_items_that_may_be_handed_in_so_far(away: Area | None, taken: set[str]) -> None:
    far = keeping(site(TOWN, away=away))
    codes = [*(one.code for one in CITIES if one.code != "SUMMER"), FOOD, PROOF]
    answers = {code: Story(office=far).when(take_in(item=code, hall=TOWN)) for code in codes}

    for code, told in answers.items():
        if code in taken:
            told.done()
        else:
            assert away is not None
            told.refused(Reason.OUTSIDE_AREA, f"{code}: {away.value}")


def test_an_application_filed_online_is_not_taken_over_too_far_away_either() -> None:
    far = keeping(site(TOWN, away=Area.CROSS_CITY))

    Story(submitted(), office=far).when(ask(ReceiveCase, "03-02 09:00", hall=TOWN)).refused(Reason.OUTSIDE_AREA)


# 事项的有效期


@pytest.mark.parametrize(("when", "offered"), {"05-31": False, "06-01": True, "08-31": True, "09-01": False}.items())
def test_an_item_is_received_from_its_first_day_to_its_last(when: str, *, offered: bool) -> None:
    told = Story(office=WORLD).when(take_in(f"{when} 23:59", item="SUMMER"))

    if offered:
        assert isinstance(told.done().file, CaseFile)
    else:
        told.refused(Reason.ITEM_NOT_IN_FORCE, "SUMMER")


# The register itself


@pytest.mark.parametrize(
    ("elements", "key"),
    [
        ({"place": Place.HOME}, "place"),
        ({"away": Area.NATION}, "away"),
        ({"valid_from": day("03-06"), "valid_until": day("03-05")}, "valid_until"),
    ],
)
def test_a_site_that_cannot_be_is_unsound(elements: dict[str, Any], key: str) -> None:
    assert [found for found, _ in unsound_register(site(TOWN, **elements))] == [key]


@pytest.mark.parametrize("elements", [{}, {"valid_from": day("03-05"), "valid_until": day("03-05")}])
def test_a_site_in_service_for_a_day_or_for_ever_is_sound(elements: dict[str, Any]) -> None:
    assert list(unsound_register(site(TOWN, **elements))) == []
