"""Findings (疑点) of packages, drop boxes, visits and the books (一件事, 小蜜蜂箱, 到场, 账簿)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from support.registers import ACCEPTED, FINISHED, HALF_DONE, WORLD, collected, deposited, package_accepted, site
from support.story import BOX, CALENDAR, HALL, HEAD, PACKAGE, day, fact, moment

from casecore import (
    Authority,
    Catalogue,
    DistrictRule,
    DropBox,
    Envelope,
    Finding,
    FindingCode,
    OffdayAcceptance,
    Office,
    PackageAccepted,
    PackageExtended,
    PackageOpened,
    Place,
    Recorded,
    RuleAdopted,
    SiteAdopted,
    Tier,
    VainReason,
    VisitLeft,
    VisitOpened,
    Visitor,
    WindowPolicy,
)
from casecore.auditing.examiners import EXAMINERS
from casecore.fact import Fact
from casecore.kinds import DISTRICT, DROP_BOX, KINDS, VISIT, kind_of

C = FindingCode
AT: Final = moment("12-30 17:00")
SITES: Final = (site(HALL), site("Town", tier=Tier.TOWNSHIP), site("Old Hall", valid_until=day("03-01")))
KEPT: Final = WORLD._replace(catalogue=Catalogue((), sites=SITES))


def found(*facts: Fact, office: Office = WORLD, at: datetime = AT, recorded: str | None = None) -> tuple[Finding, ...]:
    """What is found in a stream's facts, recorded as they happened; the last of them as is said."""
    stream = {DROP_BOX.name: BOX, VISIT.name: NUMBER, DISTRICT.name: "district-510107"}.get(kind_of(facts[0]).name, PACKAGE)
    history = [Recorded("510107", 10 + n, one.at, Envelope(stream, n, one)) for n, one in enumerate(facts, 1)]
    if recorded is not None:
        history[-1] = history[-1]._replace(recorded_at=moment(recorded))
    return EXAMINERS[kind_of(facts[0]).name](history, office, at)


def codes(*facts: Fact, **rest: Any) -> list[FindingCode]:
    return [one.code for one in found(*facts, **rest)]


def test_every_kind_of_stream_is_examined_and_nothing_is_found_in_nothing() -> None:
    assert set(EXAMINERS) == {kind.name for kind in KINDS}
    for examine in EXAMINERS.values():
        assert examine([], WORLD, AT) == ()


# 一件事


def opened_at(hall: str, tier: Tier = Tier.COUNTY) -> Sequence[Fact]:
    first, *others = FINISHED
    assert isinstance(first, PackageOpened)
    return (replace(first, hall=hall, tier=tier), *others)


@pytest.mark.parametrize(
    ("theme", "wanted"),
    [
        ("a theme of another district", [C.THEME_OUT_OF_FORCE]),
        ("LATER", [C.THEME_OUT_OF_FORCE]),  # in force from another day on
        ("ENDED", [C.THEME_OUT_OF_FORCE]),
        ("TODAY", []),
    ],
)
def test_a_package_of_a_theme_the_district_does_not_have_is_found(theme: str, wanted: list[FindingCode]) -> None:
    first, *others = FINISHED
    assert isinstance(first, PackageOpened)
    on = first.at.date()
    own = next(iter(WORLD.catalogue.themes))
    themes = [
        replace(own, code="LATER", valid_from=on + timedelta(days=1)),
        replace(own, code="ENDED", valid_from=on - timedelta(days=9), valid_until=on - timedelta(days=1)),
        replace(own, code="TODAY", valid_from=on, valid_until=on),
    ]
    office = WORLD._replace(catalogue=Catalogue(WORLD.catalogue, themes=themes))

    assert codes(replace(first, theme=theme), *others, office=office) == wanted
    assert codes(replace(first, theme=theme), *others, office=WORLD._replace(catalogue=Catalogue(WORLD.catalogue))) == []


def extended(when: str = "03-05 09:00", **rest: Any) -> PackageExtended:
    told = {"days": 15, "approver": "Qian", "reason": "r", "notice": "N1", "authority": Authority.GOVERNMENT_HEAD}
    return fact(PackageExtended, when, by=HEAD, **{**told, **rest})


@pytest.mark.parametrize(
    ("hall", "tier", "wanted"),
    [
        (HALL, Tier.COUNTY, []),
        ("Town", Tier.TOWNSHIP, []),
        ("Hall 9", Tier.COUNTY, [C.HALL_UNKNOWN]),
        ("Old Hall", Tier.COUNTY, [C.SITE_OUT_OF_SERVICE]),
        ("Town", Tier.COUNTY, [C.SITE_CONTRADICTED]),
        (HALL, Tier.VILLAGE, [C.SITE_CONTRADICTED]),
    ],
)
def test_where_a_package_was_opened_is_held_against_the_register(hall: str, tier: Tier, wanted: list[FindingCode]) -> None:
    assert codes(*opened_at(hall, tier), office=KEPT) == wanted
    assert codes(*opened_at(hall, tier), office=Office(Catalogue(()), CALENDAR)) == []


@pytest.mark.parametrize(
    ("extensions", "wanted"),
    [
        ((extended(),), []),
        ((extended(days=16),), [C.EXTENSION_TOO_LONG]),
        ((extended(authority=Authority.ORGAN_HEAD),), [C.EXTENSION_WRONG_AUTHORITY]),
        ((extended(notice=" "),), [C.EXTENSION_WITHOUT_NOTICE]),
        ((extended(), extended("03-06 09:00")), [C.EXTENDED_TWICE]),
        ((extended("03-17 09:00"),), []),  # the last day of the promise
        ((extended("03-18 09:00"),), [C.ACT_AFTER_DEADLINE]),
        ((extended("05-08 09:00"),), [C.ACT_AFTER_DEADLINE]),
    ],
)
def test_an_extension_of_the_joint_limit_that_the_law_does_not_allow_is_found(
    extensions: tuple[Fact, ...], wanted: list[FindingCode]
) -> None:
    assert codes(*HALF_DONE, *extensions) == wanted


def test_an_extension_too_late_names_each_limit_that_had_run_out() -> None:
    (late,) = found(*HALF_DONE, extended("05-08 09:00"))

    assert late.sentence == (
        "the extension of 2026-05-08 came after the promised limit ran out on 2026-03-17"
        " and the statutory limit ran out on 2026-05-07: it does not revive it"
    )
    assert (late.case, late.version, late.by) == (PACKAGE, len(HALF_DONE) + 1, HEAD)


def test_a_package_whose_calendar_nobody_has_is_named_at_its_promise() -> None:
    strange = [replace(one, calendar="nobody.1") if isinstance(one, PackageAccepted) else one for one in FINISHED]
    before_all = package_accepted("2025-12-30 09:00")

    assert [(one.code, one.version) for one in found(*strange)] == [(C.UNKNOWN_CALENDAR, 3)]
    assert codes(*ACCEPTED[:-1], before_all) == [C.OUTSIDE_CALENDAR]


def test_what_was_told_of_a_package_late_or_ahead_of_its_time_is_found() -> None:
    *before, closing = FINISHED
    assert codes(*FINISHED, recorded="03-12 08:49") == [C.OCCURRED_AFTER_RECORDING]
    assert codes(*before, closing, recorded="03-20 09:00") == [C.ENTERED_AFTER_DEADLINE]
    assert codes(*before, closing, recorded="03-13 09:00") == []


# 小蜜蜂箱

TWICE: Final = DropBox(code=BOX, name_zh="小蜜蜂箱", source="made up for these stories", hall=HALL)
WEEK: Final = tuple(collected(when) for when in ("03-02 08:40", "03-02 16:30", "03-03 08:40", "03-05 08:40", "03-05 16:30"))
"""Twice on Monday, once on Tuesday, not on Wednesday, twice on Thursday."""


def registered(**elements: Any) -> Office:
    return Office(Catalogue((), boxes=(replace(TWICE, **elements),)), CALENDAR)


def test_days_in_a_row_on_which_a_box_was_emptied_too_seldom_are_one_finding() -> None:
    first, second = found(*WEEK, office=registered(), at=moment("03-10 09:00"))

    assert {first.code, second.code} == {C.BOX_NOT_EMPTIED}
    assert (first.case, first.version, second.version) == (BOX, 3, 5)
    assert first.sentence == "emptied 1 times on 2 working days from 2026-03-03 to 2026-03-04, of 4 it had to be"
    assert second.sentence == "emptied 0 times on 2 working days from 2026-03-06 to 2026-03-09, of 4 it had to be"


@pytest.mark.parametrize(
    ("elements", "at", "days"),
    [
        ({}, "03-03 23:59", 0),
        ({}, "03-04 00:00", 1),
        ({"valid_until": day("03-04")}, "12-30 09:00", 1),
        ({"valid_until": day("03-06")}, "12-30 09:00", 2),
        ({"valid_from": day("03-05"), "valid_until": day("03-05")}, "12-30 09:00", 0),
        ({"valid_from": day("02-28")}, "03-04 00:00", 2),
    ],
)
def test_a_box_is_judged_by_the_days_of_its_service_that_are_over(elements: dict[str, Any], at: str, days: int) -> None:
    assert codes(*WEEK, office=registered(**elements), at=moment(at)) == [C.BOX_NOT_EMPTIED] * days


def test_what_a_box_missed_before_anything_was_told_of_it_stands_at_its_first_fact() -> None:
    (before, *_) = found(*WEEK, office=registered(valid_from=day("02-27")), at=moment("03-03 00:00"))

    assert (before.version, "from 2026-02-27 to 2026-02-28" in before.sentence) == (1, True)


@pytest.mark.parametrize(
    ("when", "wanted"),
    [
        ("03-01 23:59", [C.BOX_OUT_OF_SERVICE]),
        ("03-02 00:00", []),
        ("03-02 23:59", []),
        ("03-03 00:00", [C.BOX_OUT_OF_SERVICE]),
    ],
)
def test_what_lay_in_a_box_outside_its_service_is_found(when: str, wanted: list[FindingCode]) -> None:
    office = registered(valid_from=day("03-02"), valid_until=day("03-02"), collections_a_day=0)

    assert codes(deposited(when), office=office) == wanted


def test_a_box_in_no_register_has_nothing_to_be_held_against() -> None:
    assert codes(*WEEK, deposited("03-06 09:00"), office=Office(Catalogue(()), CALENDAR)) == []


# 到场

NUMBER: Final = "Hall/2026-03-02/A001"


def arrived(hall: str = HALL, place: Place = Place.HALL, **rest: Any) -> VisitOpened:
    return fact(VisitOpened, "03-02 09:00", hall=hall, number="A001", place=place, **rest)


@pytest.mark.parametrize(
    ("opened", "wanted"),
    [
        (arrived(), []),
        (arrived("Hall 9"), [C.HALL_UNKNOWN]),
        (arrived("Old Hall"), [C.SITE_OUT_OF_SERVICE]),
        (arrived("Town", Place.VILLAGE_POINT), [C.SITE_CONTRADICTED]),
        (arrived(place=Place.HOME), [C.SITE_CONTRADICTED]),
        (arrived(place=Place.HOME, visitor=Visitor.HALL_AGENT), []),
        (arrived(place=Place.COMMUNITY_KIOSK, device="Town"), [C.SITE_CONTRADICTED]),
    ],
)
def test_where_somebody_came_is_held_against_the_register(opened: VisitOpened, wanted: list[FindingCode]) -> None:
    assert codes(opened, office=KEPT) == wanted
    assert codes(opened, office=Office(Catalogue(()), CALENDAR)) == []


def test_who_came_to_a_closed_hall_in_vain_is_no_finding() -> None:
    left = fact(VisitLeft, "03-02 09:05", in_vain=VainReason.CLOSED)

    assert codes(arrived("Old Hall"), left, office=KEPT) == []
    assert codes(arrived("Old Hall"), replace(left, in_vain=None), office=KEPT) == [C.SITE_OUT_OF_SERVICE]


# 账簿


def adopted(*halls: str, when: str = "03-02 09:00") -> RuleAdopted:
    windows = tuple(WindowPolicy(hall=hall, offday_acceptance=OffdayAcceptance.ACCEPT) for hall in halls)
    rule = DistrictRule(name="town", calendar=CALENDAR.version, windows=windows)
    return fact(RuleAdopted, when, rule=rule, version=1, sha256="0" * 64)


def entered(code: str, when: str = "03-02 09:00") -> SiteAdopted:
    return fact(SiteAdopted, when, site=site(code), version=1, sha256="0" * 64)


@pytest.mark.parametrize(
    ("facts", "named"),
    [
        ((adopted(HALL), entered(HALL)), []),
        ((entered(HALL), adopted(HALL, "Hall 9", "Hall 9")), ["Hall 9"]),
        ((entered(HALL), adopted("Hall 9"), entered("Hall 9", "03-05 09:00")), []),
        ((adopted("Hall 8", "Hall 9"), entered(HALL)), ["Hall 8", "Hall 9"]),
        ((adopted("Hall 9"),), []),  # no register is kept
    ],
)
def test_a_rule_for_the_windows_of_a_hall_that_is_no_site_is_a_rule_for_nobody(
    facts: tuple[Fact, ...], named: list[str]
) -> None:
    findings = found(*facts)

    assert [one.code for one in findings] == [C.HALL_UNKNOWN] * len(named)
    assert [one.sentence.split(",")[0] for one in findings] == named
