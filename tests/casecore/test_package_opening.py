"""One form for a bookshop (一件事申请): what the answers call for, what is entered once, and all of it or nothing."""

from dataclasses import replace
from typing import Any

import pytest
from support.package_story import (
    BOOKS,
    CAFE,
    CATALOGUE,
    FIRE,
    ID_CARD,
    ITEMS,
    LEASE,
    LICENCE,
    OFFICE,
    PACKAGE,
    PLAN,
    TAX,
    THEME,
    Hall,
    accepting,
    case,
    opening,
    shared,
)
from support.story import CLERK, HALL, day, moment

from casecore import (
    ApplicantKind,
    Catalogue,
    Channel,
    GrantMandate,
    LicenceLevel,
    MaterialWay,
    MeetMaterial,
    Reason,
    ReceiveCase,
    ShareMaterial,
    Visit,
)
from casecore.case.facts.agents import MandateGranted
from casecore.case.facts.application import ApplicationSubmitted, CaseReceived
from casecore.case.facts.joining import CaseJoined
from casecore.case.facts.materials import MaterialMet
from casecore.case.facts.trips import TripMade
from casecore.errors import BadInput, Flaw
from casecore.package.facts.opening import FormField, MaterialShared, PackageOpened
from casecore.theme import Choice, ThemeItem
from casecore.vocabulary import MemberState, PackageStage


def planned(hall: Hall) -> list[str]:
    return [member.plan.item for member in hall.package.members]


@pytest.mark.parametrize(
    ("coffee", "tax", "items"),
    [
        ("yes", "yes", [BOOKS, CAFE, FIRE, TAX]),
        ("yes", "no", [BOOKS, CAFE, FIRE]),
        ("no", "yes", [BOOKS, TAX]),
        ("no", "no", [BOOKS]),
    ],
)
def test_the_answers_say_which_items_are_called_for(coffee: str, tax: str, items: list[str]) -> None:
    hall = Hall().does(opening(coffee=coffee, tax=tax))
    assert planned(hall) == items


def test_three_shops_in_one_form_are_three_times_the_items_each_a_case_of_its_own() -> None:
    hall = Hall().does(opening(subjects=("Lake", "Hill", "Mill")))
    members = hall.package.members
    assert [member.plan.case for member in members] == [
        case(code, shop) for shop in (1, 2, 3) for code in (BOOKS, CAFE, FIRE, TAX)
    ]
    assert [member.plan.subject for member in members[::4]] == ["Lake", "Hill", "Mill"]
    assert {member.plan.case: member.plan.after for member in members if member.plan.after} == {
        case(TAX, shop): (case(BOOKS, shop),) for shop in (1, 2, 3)
    }, "a shop waits for its own books only"
    for shop, subject in ((1, "Lake"), (2, "Hill"), (3, "Mill")):
        assert hall.engine.file(case(BOOKS, shop)).item == BOOKS
        joined = hall.facts(case(FIRE, shop), CaseJoined)
        assert [(one.package, one.theme, one.subject) for one in joined] == [(PACKAGE, THEME.code, subject)]


def test_what_waits_for_another_is_planned_and_not_opened() -> None:
    hall = Hall().does(opening())
    assert hall.member(case(TAX)).state is MemberState.WAITING
    assert hall.told(case(TAX)) == ["CaseJoined"], "its id is taken, and no more"
    assert hall.member(case(CAFE)).state is MemberState.RUNNING, "on condition is no reason to wait"


def test_a_prerequisite_nobody_called_for_holds_up_nothing() -> None:
    no_books = replace(THEME, items=(THEME.items[1], THEME.items[2], THEME.items[3]))
    hall = Hall(OFFICE._replace(catalogue=Catalogue(ITEMS, themes=(no_books,)))).does(opening(coffee="no"))
    assert hall.member(case(TAX)).plan.after == ()
    assert hall.told(case(TAX)) == ["CaseJoined", "CaseReceived"]


def test_the_form_is_kept_once_and_every_case_has_what_it_says_of_the_applicant() -> None:
    hall = Hall().does(opening(window="W7", assisted=True))
    (opened,) = hall.facts(PACKAGE, PackageOpened)
    assert [(field.name, field.value) for field in opened.form] == [("name", "Page & Sons"), ("address", "1 Lake Road")]
    assert (opened.promised, opened.visits_promised, opened.theme_version) == (THEME.promised, THEME.visits, 1)
    for code in (BOOKS, CAFE, FIRE):
        (received,) = hall.facts(case(code), CaseReceived)
        assert (received.applicant, received.applicant_kind) == ("Page & Sons", ApplicantKind.COMPANY)
        assert (received.hall, received.window, received.channel, received.assisted) == (HALL, "W7", Channel.WINDOW, True)


def test_filed_online_the_cases_are_applications_that_nobody_has_received() -> None:
    hall = Hall().does(opening(channel=Channel.WEBSITE))
    assert hall.told(case(BOOKS)) == ["CaseJoined", "ApplicationSubmitted"]
    (filed,) = hall.facts(case(BOOKS), ApplicationSubmitted)
    assert (filed.channel, filed.applicant) == (Channel.WEBSITE, "Page & Sons")


def test_one_visit_served_all_cases_opened_in_it() -> None:
    hall = Hall().does(opening(visit=Visit(visit="V1")))
    trips = [trip for code in (BOOKS, CAFE, FIRE) for trip in hall.facts(case(code), TripMade)]
    assert [trip.visit for trip in trips] == [f"{HALL}/2026-03-02/V1"] * 3


def test_an_agent_who_files_it_is_entrusted_in_every_case() -> None:
    """In one that waits for another too: nobody is there to entrust him again when its turn comes."""
    hall = Hall().does(opening(agent="agent zhou", mandate="to open a bookshop")).grants(case(BOOKS), on="03-04")
    for code in (BOOKS, CAFE, FIRE, TAX):
        (granted,) = hall.facts(case(code), MandateGranted)
        assert (granted.agent, granted.applicant, granted.scope) == ("agent zhou", "Page & Sons", "to open a bookshop")
        assert granted.by == "Page & Sons", "it is the applicant who entrusts"


@pytest.mark.parametrize("mandate", [None, "", " "])
def test_an_agent_who_shows_no_mandate_files_nothing(mandate: str | None) -> None:
    refused = Hall().refuses(opening(agent="agent zhou", mandate=mandate))
    assert (refused.reason, refused.named, refused.case) == (Reason.NO_MANDATE, "agent zhou", PACKAGE)


def entrusting(code: str, applicant: str) -> GrantMandate:
    at = moment("03-01 09:00")
    return GrantMandate(case=case(code), by=applicant, at=at, agent="agent zhou", applicant=applicant, scope="one case")


@pytest.mark.parametrize("channel", [Channel.WINDOW, Channel.WEBSITE])
@pytest.mark.parametrize("code", [BOOKS, TAX])
def test_an_agent_who_holds_a_mandate_for_one_of_the_cases_keeps_it(code: str, channel: Channel) -> None:
    hall = Hall().does(entrusting(code, "Page & Sons"))
    hall.does(opening(agent="agent zhou", mandate="to open a bookshop", channel=channel))
    scopes = {one: [told.scope for told in hall.facts(case(one), MandateGranted)] for one in (code, FIRE)}
    assert scopes == {code: ["one case"], FIRE: ["to open a bookshop"]}


@pytest.mark.parametrize("code", [BOOKS, TAX])
def test_a_mandate_of_somebody_else_for_one_of_the_cases_is_none_of_the_applicants(code: str) -> None:
    hall = Hall().does(entrusting(code, "Wang Mei"))
    refused = hall.refuses(opening(agent="agent zhou", mandate="to open a bookshop"))
    assert (refused.reason, refused.named, refused.case) == (Reason.NO_MANDATE, "agent zhou", case(code))


# -- materials


def met(hall: Hall, code: str, material: str) -> list[tuple[MaterialWay, str | None]]:
    return [(one.way, one.source) for one in hall.facts(case(code), MaterialMet) if one.material == material]


@pytest.mark.parametrize("way", [MaterialWay.PAPER, MaterialWay.UPLOAD])
def test_a_material_comes_once_and_the_first_case_that_requires_it_has_it_as_it_came(way: MaterialWay) -> None:
    hall = Hall().does(opening(given=(shared(ID_CARD, way=way), shared(PLAN, way=way))))
    assert met(hall, BOOKS, ID_CARD) == [(way, None)]
    assert met(hall, CAFE, ID_CARD) == [(MaterialWay.PACKAGE, PACKAGE)]
    assert met(hall, FIRE, ID_CARD) == [], "the fire brigade does not ask who you are"
    assert (met(hall, CAFE, PLAN), met(hall, FIRE, PLAN)) == ([(way, None)], [(MaterialWay.PACKAGE, PACKAGE)])
    assert [one.material for one in hall.facts(PACKAGE, MaterialShared)] == [ID_CARD, PLAN]


@pytest.mark.parametrize(
    ("way", "source", "level"),
    [
        (MaterialWay.E_LICENCE, "E-77", LicenceLevel.A),
        (MaterialWay.DATA_SHARING, "civil register", None),
        (MaterialWay.EARLIER_CASE, "C-2025-9", None),
        (MaterialWay.EXEMPTED, None, None),
    ],
)
def test_one_look_up_serves_every_case_that_requires_the_material_one_opened_later_too(
    way: MaterialWay, source: str | None, level: LicenceLevel | None
) -> None:
    hall = Hall().does(opening(given=(shared(ID_CARD, way=way, source=source, level=level),)))
    hall.grants(case(BOOKS), on="03-04")
    for code in (BOOKS, CAFE, TAX):
        (fact,) = (one for one in hall.facts(case(code), MaterialMet) if one.material == ID_CARD)
        assert (fact.way, fact.source, fact.level) == (way, source, level)


def test_a_material_that_follows_comes_once_for_all() -> None:
    hall = Hall().does(opening(), share(LEASE))
    assert met(hall, BOOKS, LEASE) == [(MaterialWay.PAPER, None)]
    assert met(hall, CAFE, LEASE) == [(MaterialWay.PACKAGE, PACKAGE)]
    refused = hall.refuses(share(LEASE, "03-02 12:00"))
    assert (refused.reason, refused.named, refused.case) == (Reason.MATERIAL_MET, LEASE, PACKAGE)


def test_a_case_that_has_the_material_already_keeps_its_own() -> None:
    hall = Hall().does(opening(given=(shared(ID_CARD),)))
    hall.does(MeetMaterial(case=case(CAFE), by=CLERK, at=moment("03-02 10:00"), material=PLAN))
    hall.does(share(PLAN))
    assert met(hall, CAFE, PLAN) == [(MaterialWay.PAPER, None)]
    assert met(hall, FIRE, PLAN) == [(MaterialWay.PACKAGE, PACKAGE)]


def test_a_case_opened_later_shares_what_came_before() -> None:
    hall = Hall().does(opening(given=(shared(ID_CARD),))).grants(case(BOOKS), on="03-04")
    assert met(hall, TAX, ID_CARD) == [(MaterialWay.PACKAGE, PACKAGE)]


def test_where_the_first_case_is_over_the_next_has_a_material_as_it_came() -> None:
    hall = Hall().does(opening(tax="no")).grants(case(BOOKS), on="03-04").does(share(ID_CARD, "03-05 09:00"))
    assert met(hall, BOOKS, ID_CARD) == []
    assert met(hall, CAFE, ID_CARD) == [(MaterialWay.PAPER, None)], "nobody else holds the paper"


def test_a_material_that_came_for_a_case_that_is_over_is_shared_with_one_opened_later() -> None:
    hall = Hall().does(opening(coffee="no", given=(shared(ID_CARD),))).grants(case(BOOKS), on="03-04")
    assert met(hall, BOOKS, ID_CARD) == [(MaterialWay.PAPER, None)]
    assert met(hall, TAX, ID_CARD) == [(MaterialWay.PACKAGE, PACKAGE)]


def test_a_material_that_follows_goes_to_a_case_by_the_item_version_it_was_accepted_under() -> None:
    """Since July the books need no lease; what was accepted in June does."""
    books = next(one for one in ITEMS if one.code == BOOKS)
    versions = (replace(books, valid_until=day("06-30")), replace(books, version=2, valid_from=day("07-01"), materials=()))
    items = (*(one for one in ITEMS if one.code != BOOKS), *versions)
    hall = Hall(OFFICE._replace(catalogue=Catalogue(items, themes=(THEME,))))
    hall.does(opening("06-29 09:00", coffee="no", tax="no"), accepting(case(BOOKS), "06-30 10:00"))
    hall.does(share(LEASE, "07-02 09:00"))
    assert met(hall, BOOKS, LEASE) == [(MaterialWay.PAPER, None)]


def share(material: str, when: str = "03-02 11:00", **rest: Any) -> ShareMaterial:
    return ShareMaterial(package=PACKAGE, by=CLERK, at=moment(when), material=material, **rest)


# -- refused: all or none


REFUSED: dict[str, tuple[dict[str, Any], Reason, str]] = {
    "no such theme": ({"theme": "CIRCUS"}, Reason.UNKNOWN_THEME, "CIRCUS"),
    "a question left out": (
        {"answers": (Choice(question="coffee", answer="yes"),)},
        Reason.ANSWERS_UNFIT,
        "tax",
    ),
    "an answer nobody offers": (
        {"answers": (Choice(question="coffee", answer="maybe"), Choice(question="tax", answer="no"))},
        Reason.ANSWERS_UNFIT,
        "coffee",
    ),
    "a question answered twice": (
        {"answers": tuple(Choice(question=q, answer="no") for q in ("coffee", "tax", "coffee"))},
        Reason.ANSWERS_UNFIT,
        "coffee, coffee",
    ),
    "a field left out": ({"form": (FormField(name="name", value="P"),)}, Reason.FORM_UNFIT, "address"),
    "a field left blank": (
        {"form": (FormField(name="name", value="P"), FormField(name="address", value=" "))},
        Reason.FORM_UNFIT,
        "address",
    ),
    "a shop named twice": ({"subjects": ("Lake", "Hill", "Lake")}, Reason.SUBJECT_TWICE, "Lake"),
    "a shop without a name": ({"subjects": ("Lake", " ")}, Reason.NOTHING_NAMED, "subjects"),
    "a person": ({"applicant_kind": ApplicantKind.PERSON}, Reason.APPLICANT_NOT_SERVED, "person"),
    "by telephone": ({"channel": Channel.MOBILE}, Reason.CHANNEL_NOT_OFFERED, "mobile"),
    "a paper nobody asks for": ({"given": (shared(LICENCE),)}, Reason.MATERIAL_NOT_REQUIRED, LICENCE),
    "a paper twice": ({"given": (shared(LEASE), shared(LEASE))}, Reason.MATERIAL_MET, LEASE),
    "from nobody knows where": (
        {"given": (shared(LEASE, way=MaterialWay.E_LICENCE),)},
        Reason.SOURCE_REQUIRED,
        LEASE,
    ),
}


@pytest.mark.parametrize(("said", "reason", "named"), REFUSED.values(), ids=REFUSED)
def test_a_form_that_is_not_what_the_theme_asks_for_is_refused(said: dict[str, Any], reason: Reason, named: str) -> None:
    refused = Hall().refuses(opening(**said))
    assert (refused.reason, refused.named, refused.case, refused.command) == (reason, named, PACKAGE, "OpenPackage")


def test_a_theme_is_refused_where_it_is_not_in_force() -> None:
    assert Hall().refuses(opening("12-01 09:00")).reason is Reason.THEME_NOT_IN_FORCE


def test_answers_that_call_for_nothing_are_refused() -> None:
    idle = replace(THEME, items=THEME.items[1:])
    refused = Hall(OFFICE._replace(catalogue=Catalogue(ITEMS, themes=(idle,)))).refuses(opening(coffee="no", tax="no"))
    assert refused.reason is Reason.NO_ITEM_CALLED_FOR


def test_one_case_that_may_not_be_opened_refuses_the_whole_and_is_named() -> None:
    """Two shops of four items: the fire brigade of the second one serves no companies any more."""
    persons = tuple(replace(one, serves=(ApplicantKind.PERSON,)) if one.code == FIRE else one for one in ITEMS)
    hall = Hall(OFFICE._replace(catalogue=Catalogue(persons, themes=(THEME,))))
    refused = hall.refuses(opening(subjects=("Lake", "Hill")))
    assert (refused.reason, refused.case, refused.command) == (
        Reason.APPLICANT_NOT_SERVED,
        case(FIRE, 1),
        "ReceiveCase",
    )
    assert hall.log.head().position == 0


def test_a_case_id_that_is_taken_refuses_the_whole_and_is_named() -> None:
    hall = Hall()
    hall.does(ReceiveCase(case=case(FIRE), by=CLERK, at=moment("03-01 09:00"), item=FIRE, hall=HALL))
    refused = hall.refuses(opening())
    assert (refused.reason, refused.named, refused.case, refused.command) == (
        Reason.WRONG_STAGE,
        "received",
        case(FIRE),
        "JoinPackage",
    )


def test_a_case_that_has_to_wait_is_not_planned_where_it_could_not_be_opened() -> None:
    refused = Hall().refuses(opening("10-08 09:00"))
    assert (refused.reason, refused.named) == (Reason.ITEM_NOT_IN_FORCE, f"{case(TAX)}: {TAX}")


def test_a_package_is_opened_once() -> None:
    refused = Hall().does(opening()).refuses(opening("03-03 09:00"))
    assert (refused.reason, refused.named) == (Reason.WRONG_STAGE, PackageStage.OPENED.value)


def test_a_package_is_no_case_and_a_case_no_package() -> None:
    hall = Hall().does(opening())
    refused = hall.refuses(ReceiveCase(case=PACKAGE, by=CLERK, at=moment("03-03 09:00"), item=BOOKS, hall=HALL))
    assert (refused.reason, refused.named) == (Reason.OTHER_KIND, "package")
    refused = hall.refuses(replace(opening("03-03 09:00"), package=case(BOOKS)))
    assert (refused.reason, refused.named) == (Reason.OTHER_KIND, "case")
    with pytest.raises(BadInput, match="is a package, not a case"):
        hall.engine.file(PACKAGE)


def test_a_case_id_that_would_be_too_long_is_refused_at_the_door_and_says_where() -> None:
    hall = Hall()
    with pytest.raises(BadInput, match=r"^OpenPackage -> JoinPackage\.case: an identifier has 1 to 200 characters") as found:
        hall.engine.handle(opening(package="P" * 196))
    assert found.value.code is Flaw.IDENTIFIER_LENGTH
    assert hall.log.head().position == 0


def test_more_cases_than_one_fact_can_name_are_refused_whole() -> None:
    hall = Hall()
    with pytest.raises(BadInput, match=r"package.opened.v1 takes \d+ bytes, the limit is 65536") as found:
        hall.engine.handle(opening(subjects=tuple(f"shop {number}" for number in range(300))))
    assert (found.value.code, found.value.place) == (Flaw.TOO_LARGE, PACKAGE)
    assert hall.log.head().position == 0
    hall.does(opening(subjects=tuple(f"shop {number}" for number in range(60))))
    assert len(hall.package.members) == 240


def test_the_theme_of_these_stories_is_sound() -> None:
    assert CATALOGUE.theme(THEME.code, day("03-02")) is THEME
    assert ThemeItem(item=BOOKS) == THEME.items[0]
