"""A district's books: entries adopted, changed and withdrawn one by one, and what is in force on which day."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

import pytest
from support.story import CALENDAR, FOOD, NOW, OFFICE, Story, ask, day
from support.told_books import FOOD_ITEM, HALL_SITE, ORGAN_SEAL

from casecore import (
    DEFAULT_RULE,
    AdoptBooks,
    BookEntry,
    CalendarSheet,
    CalendarYear,
    CardGround,
    CardLevel,
    CardPolicy,
    DistrictFile,
    DistrictRule,
    DropBox,
    Elsewhere,
    Fact,
    ItemAdopted,
    Reason,
    Refused,
    RuleAdopted,
    SuspensionKind,
    Theme,
    ThemeItem,
    WindowPolicy,
    Withdrawal,
    WorkingHours,
)
from casecore.calendar_sheet import written
from casecore.district import NO_BOOKS, Shelf
from casecore.fingerprint import fingerprint
from casecore.limits import Limit
from casecore.vocabulary import ApplicantKind, Channel, OffdayAcceptance

SHEET, YEARS = written(CALENDAR)
BUILT = replace(FOOD_ITEM, code="BUILT")
TWO = Theme(
    code="two",
    version=1,
    name_zh="两件",
    name_en="Two",
    source="made up",
    valid_from=FOOD_ITEM.valid_from,
    serves=(ApplicantKind.COMPANY,),
    channels=(Channel.WINDOW,),
    items=(ThemeItem(item=FOOD), ThemeItem(item="BUILT")),
    promised=Limit.working_days(5),
    visits=1,
)
BOOKS: dict[str, Any] = {
    "rule": DEFAULT_RULE,
    "items": (FOOD_ITEM, BUILT),
    "themes": (TWO,),
    "sites": (HALL_SITE,),
    "seals": (ORGAN_SEAL,),
    "boxes": (DropBox(code="BOX-1", name_zh="箱", source="S2", hall="H1"),),
    "calendars": (SHEET,),
    "calendar_years": YEARS,
    "calendar": SHEET.version,
}


def begun(**other: Any) -> Story:
    return Story().when(ask(AdoptBooks, **{**BOOKS, **other})).done()


def file_of(story: Story) -> DistrictFile:
    assert isinstance(story.file, DistrictFile)
    return story.file


def adopted(story: Story, **asked: Any) -> tuple[Fact, ...]:
    ruling = story.when(ask(AdoptBooks, **asked)).ruling
    assert not isinstance(ruling, Refused), ruling
    return ruling


def refused(story: Story, reason: Reason, **asked: Any) -> str:
    answer = story.when(ask(AdoptBooks, **asked))
    answer.refused(reason)
    assert isinstance(answer.ruling, Refused)
    return answer.ruling.named


# what is adopted


def test_the_first_adoption_is_one_fact_an_entry_in_force_always() -> None:
    facts = adopted(Story(), **BOOKS)
    assert len(facts) == 2 + 1 + 1 + 1 + 1 + 1 + 1 + len(YEARS) + 1
    assert {fact.from_on for fact in facts} == {None}
    assert {fact.version for fact in facts} == {1}


def test_what_the_books_say_already_is_not_adopted_again() -> None:
    assert refused(begun(), Reason.BOOKS_UNCHANGED, **BOOKS) == "books-1"


def test_of_books_in_which_one_item_is_new_one_fact_is_written() -> None:
    third = replace(FOOD_ITEM, code="third")
    (fact,) = adopted(begun(), **{**BOOKS, "items": (FOOD_ITEM, BUILT, third)})
    assert isinstance(fact, ItemAdopted)
    assert (fact.item, fact.version, fact.from_on) == (third, 1, NOW.date())


def test_a_fact_bears_the_fingerprint_of_what_it_says() -> None:
    (fact,) = adopted(begun(), rule=DistrictRule(name="xindu", rectify_days=15))
    assert isinstance(fact, RuleAdopted)
    assert fact.sha256 == fingerprint(fact.rule) != fingerprint(DEFAULT_RULE)
    assert len(fact.sha256) == 64


def test_a_fingerprint_is_of_what_is_said_not_of_what_is_said_anyway() -> None:
    assert fingerprint(DistrictRule()) == fingerprint(DistrictRule(name="default", rectify_days=5))
    # Computed with nothing of ours: sha256 of the text {}.
    assert fingerprint(DistrictRule()) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


# what is in force on which day


def test_a_rule_is_in_force_from_its_day_and_the_one_before_it_until_then() -> None:
    story = begun()
    rule = DistrictRule(name="xindu", rectify_days=15)
    story = story.given(*adopted(story, rule=rule, from_on=day("07-01")))
    books = file_of(story).books
    assert [books.office(on).rule.rectify_days for on in (date(2020, 1, 1), day("06-30"), day("07-01"))] == [5, 5, 15]
    assert [(one.version, one.from_on) for one in books.rules] == [(1, None), (2, day("07-01"))]
    assert books.version == file_of(story).version == len(file_of(story).facts)


def test_a_register_is_what_it_was_on_every_day_it_changed() -> None:
    story = begun()
    story = story.given(
        *adopted(story, sites=(replace(HALL_SITE, elsewhere=(Elsewhere(item=FOOD, where="H2"),)),), from_on=day("05-04"))
    )
    out = Withdrawal(entry=BookEntry.SEAL, code="S-1")
    story = story.given(*adopted(story, withdraws=(out,), from_on=day("06-01")))
    books = file_of(story).books
    found = [
        (books.office(on).catalogue.sites["H1"].instead(FOOD), list(books.office(on).catalogue.seals))
        for on in (day("05-03"), day("05-04"), day("05-31"), day("06-01"))
    ]
    assert found == [(None, ["S-1"]), ("H2", ["S-1"]), ("H2", ["S-1"]), ("H2", [])]
    assert books.catalogue.seals == {}


def test_an_entry_withdrawn_may_come_back() -> None:
    story = begun()
    out = Withdrawal(entry=BookEntry.SEAL, code="S-1")
    story = story.given(*adopted(story, withdraws=(out,), from_on=day("06-01")))
    (back,) = adopted(story, seals=(ORGAN_SEAL,), from_on=day("06-03"))
    books = file_of(story.given(back)).books
    assert [list(books.catalogue_on(day(on)).seals) for on in ("05-31", "06-02", "06-03")] == [["S-1"], [], ["S-1"]]
    assert back.version == 2


def test_a_later_calendar_is_in_force_from_its_day_and_the_earlier_one_stays_at_hand() -> None:
    story = begun()
    later = replace(SHEET, version="story.2", supersedes=SHEET.version)
    years = tuple(replace(year, calendar="story.2") for year in YEARS)
    facts = adopted(story, calendars=(later,), calendar_years=years, calendar="story.2", from_on=day("03-10"))
    books = file_of(story.given(*facts)).books
    assert [books.calendar_on(day(on)) for on in ("03-09", "03-10")] == [SHEET.version, "story.2"]
    assert set(books.calendars) == {SHEET.version, "story.2"}
    assert books.in_force == "story.2"


def test_a_calendar_counts_by_the_books_as_it_counted_by_itself() -> None:
    found = file_of(begun()).books.calendars[SHEET.version]
    first, last = CALENDAR.covers
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert [found.describe(on) for on in days] == [CALENDAR.describe(on) for on in days]
    assert found.working_minutes(NOW, NOW + timedelta(days=9)) == CALENDAR.working_minutes(NOW, NOW + timedelta(days=9))


def test_a_version_of_an_item_ends_where_the_next_begins() -> None:
    story = begun()
    ended, new = replace(FOOD_ITEM, valid_until=day("06-30")), replace(FOOD_ITEM, version=2, valid_from=day("07-01"))
    story = story.given(*adopted(story, items=(ended, new), from_on=day("06-15")))
    catalogue = file_of(story).books.catalogue
    assert [found.version for on in ("06-30", "07-01") if (found := catalogue.find(FOOD, day(on)))] == [1, 2]


# what may not be adopted


ITS_OTHERS = (
    {"items": (replace(FOOD_ITEM, promised=Limit.working_days(7)),)},
    {"items": (replace(FOOD_ITEM, materials=("a stone",)),)},
    {"items": (replace(FOOD_ITEM, valid_until=NOW.date() - timedelta(days=2)),)},
    {"themes": (replace(TWO, visits=2),)},
    {"themes": (replace(TWO, promised=Limit.working_days(6)),)},
    {"calendars": (replace(SHEET, last_on=SHEET.last_on - timedelta(days=1)),), "calendar_years": YEARS},
    {"calendars": (replace(SHEET, title="another"),), "calendar_years": YEARS},
    {"calendars": (SHEET,), "calendar_years": (replace(YEARS[0], rest=YEARS[0].rest[1:]),)},
    {"calendars": (SHEET,), "calendar_years": ()},
    {"calendars": (SHEET,), "calendar_years": (*YEARS, CalendarYear(calendar=SHEET.version, year=2031))},
)


@pytest.mark.parametrize("other", ITS_OTHERS)
def test_a_version_is_a_name_for_what_it_says(other: dict[str, Any]) -> None:
    named = refused(begun(), Reason.CONTRADICTS_BOOKS, **other)
    assert named.split()[0] in {"item", "theme", "calendar", "calendar_year"}


@pytest.mark.parametrize(
    "other",
    [
        {"rule": DistrictRule(name="earlier")},
        {"sites": (replace(HALL_SITE, name_zh="旧"),)},
        {"calendar": "story.2", "calendars": (replace(SHEET, version="story.2"),)},
        {"withdraws": (Withdrawal(entry=BookEntry.SITE, code="H1"),)},
        {"boxes": (DropBox(code="BOX-1", name_zh="箱", source="S2", hall="H1", collections_a_day=4),)},
    ],
)
def test_nothing_is_in_force_before_what_it_follows(other: dict[str, Any]) -> None:
    story = begun(from_on=day("03-02"))
    assert "2026-03-02" in refused(story, Reason.ADOPTED_LATER, **other, from_on=day("03-01"))
    assert adopted(story, **{**other, "boxes": (), "from_on": day("03-02")} if "withdraws" in other else other) or True


@pytest.mark.parametrize("kind", [BookEntry.RULE, BookEntry.CALENDAR, BookEntry.CALENDAR_YEAR, BookEntry.CALENDAR_IN_FORCE])
def test_what_cases_are_counted_under_is_never_withdrawn(kind: BookEntry) -> None:
    refused(begun(), Reason.COUNTED_UNDER, withdraws=(Withdrawal(entry=kind, code=SHEET.version),))


def test_a_whole_catalogue_withdraws_what_is_not_in_it() -> None:
    story = begun()
    kept = {"items": (FOOD_ITEM,), "sites": (HALL_SITE,), "whole_catalogue": True}
    withdrawn = [str(fact.name) for fact in adopted(story, **kept, from_on=day("04-01"))]
    assert withdrawn == ["item BUILT 1", "theme two 1", "seal S-1", "box BOX-1"]
    books = file_of(story.given(*adopted(story, **kept, from_on=day("04-01")))).books
    assert [books.catalogue_on(day(on)).known("BUILT") for on in ("03-31", "04-01")] == [True, False]


UNSOUND = {
    "a promise beyond the law": {
        "items": (replace(FOOD_ITEM, version=2, valid_from=date(2040, 1, 1), statutory=Limit.working_days(1)),)
    },
    "two versions at once": {"items": (replace(FOOD_ITEM, version=2),)},
    "a theme of an unknown item": {"themes": (replace(TWO, code="t3", items=(ThemeItem(item="moon"),)),)},
    "a theme longer than its item": {"themes": (replace(TWO, code="t3", valid_from=date(1999, 1, 1)),)},
    "a site sending elsewhere what nobody knows": {
        "sites": (replace(HALL_SITE, code="H2", elsewhere=(Elsewhere(item="moon", where="H1"),)),)
    },
    "a box at no site": {"boxes": (DropBox(code="B2", name_zh="箱", source="S2", hall="H7"),)},
    "a box nobody empties": {"boxes": (DropBox(code="B2", name_zh="箱", source="S2", hall="H1", collections_a_day=0),)},
    "a seal that ends before it begins": {"seals": (replace(ORGAN_SEAL, valid_until=date(2001, 1, 1)),)},
    "an item withdrawn that a theme joins": {"withdraws": (Withdrawal(entry=BookEntry.ITEM, code="BUILT", edition=1),)},
    "an entry twice": {"sites": (replace(HALL_SITE, code="H2"), replace(HALL_SITE, code="H2"))},
    "a rule of an unknown calendar": {"rule": DistrictRule(calendar="moon.1")},
    "an unknown calendar in force": {"calendar": "moon.1"},
    "hours beyond a day": {"rule": DistrictRule(hours_per_workday=25)},
    "a warning of years": {"rule": DistrictRule(warn_days=367)},
    "more than all": {"rule": DistrictRule(warn_percent=101)},
    "no time to rectify": {"rule": DistrictRule(rectify_days=0)},
    "an age of double filings": {"rule": DistrictRule(double_filing_days=367)},
    "no instant": {"rule": DistrictRule(instant_seconds=0)},
    "the law of all moved": {"rule": DistrictRule(moves_promise=(SuspensionKind.SPECIAL_PROCEDURE,))},
    "a kind twice": {"rule": DistrictRule(moves_promise=(SuspensionKind.ORDINARY, SuspensionKind.ORDINARY))},
    "what is no trip counted": {"rule": DistrictRule(near_visits_gross=False)},
    "a window twice": {
        "rule": DistrictRule(windows=(WindowPolicy(hall="H", offday_acceptance=OffdayAcceptance.ACCEPT),) * 2)
    },
    "a card twice": {"rule": DistrictRule(cards=(CardPolicy(ground=CardGround.DUE_SOON, level=CardLevel.RED),) * 2)},
    "a card by hand": {"rule": DistrictRule(cards=(CardPolicy(ground=CardGround.OTHER, level=CardLevel.RED),))},
    "a year of no calendar": {"calendar_years": (CalendarYear(calendar="moon.1", year=2026),)},
    "a calendar in another zone": {
        "calendars": (replace(SHEET, version="far.1", zone="Europe/Amsterdam"),),
        "calendar": "far.1",
    },
}
A_SHEET = replace(SHEET, version="story.2")
UNSOUND |= {
    f"a calendar whose {what}": {"calendars": (sheet,), "calendar_years": years}
    for what, sheet, years in (
        ("days run backwards", replace(A_SHEET, last_on=date(2025, 1, 1)), ()),
        ("years have no end", replace(A_SHEET, last_on=date(9999, 12, 31)), ()),
        ("week has no work", replace(A_SHEET, rest_weekdays=(1, 2, 3, 4, 5, 6, 7)), ()),
        ("week has a day twice", replace(A_SHEET, rest_weekdays=(6, 6)), ()),
        ("hours are none", replace(A_SHEET, hours=()), ()),
        ("hours are no times", replace(A_SHEET, hours=(WorkingHours(opens="nine", closes="17:00"),)), ()),
        ("hours are told otherwise", replace(A_SHEET, hours=(WorkingHours(opens="0900", closes="17:00"),)), ()),
        ("hours run backwards", replace(A_SHEET, hours=(WorkingHours(opens="17:00", closes="09:00"),)), ()),
        ("base nobody knows", replace(A_SHEET, base="moon.1"), ()),
        ("forerunner nobody knows", replace(A_SHEET, supersedes="moon.1"), ()),
        ("year stands twice", A_SHEET, (CalendarYear(calendar="story.2", year=2026),) * 2),
        ("day off is off anyway", A_SHEET, (CalendarYear(calendar="story.2", year=2026, rest=(day("03-07"),)),)),
        ("day worked is worked anyway", A_SHEET, (CalendarYear(calendar="story.2", year=2026, work=(day("03-06"),)),)),
        ("day is of another year", A_SHEET, (CalendarYear(calendar="story.2", year=2027, rest=(day("03-06"),)),)),
        ("day lies outside", replace(A_SHEET, last_on=day("02-01")), (replace(YEARS[0], calendar="story.2"),)),
        (
            "days are in disorder",
            A_SHEET,
            (CalendarYear(calendar="story.2", year=2026, rest=(day("03-06"), day("03-05"))),),
        ),
    )
}


@pytest.mark.parametrize("asked", UNSOUND.values(), ids=UNSOUND.keys())
def test_books_nobody_could_decide_by_are_not_adopted(asked: dict[str, Any]) -> None:
    assert refused(begun(), Reason.BOOKS_UNSOUND, **asked)


def test_a_calendar_that_supersedes_another_needs_it_and_none_has_two_successors() -> None:
    story = begun()
    second = replace(SHEET, version="story.2", supersedes=SHEET.version)
    story = story.given(*adopted(story, calendars=(second,)))
    refused(story, Reason.BOOKS_UNSOUND, calendars=(replace(second, version="story.3"),))


def test_where_several_things_are_wrong_the_first_reason_is_given() -> None:
    story = begun(from_on=day("03-02"))
    wrong = {"items": (replace(FOOD_ITEM, visits=9),), "rule": DistrictRule(name="early"), "from_on": day("03-01")}
    refused(story, Reason.CONTRADICTS_BOOKS, **wrong)


# the file and the shelf


def test_books_that_hold_nothing_are_common_practice() -> None:
    assert NO_BOOKS.books.rules[0].rule == DEFAULT_RULE
    assert (NO_BOOKS.books.version, NO_BOOKS.books.in_force, len(NO_BOOKS.books.catalogue)) == (0, None, 0)


def test_a_shelf_knows_what_is_held_and_what_was() -> None:
    story = begun()
    out = Withdrawal(entry=BookEntry.SITE, code="H1")
    story = story.given(
        *adopted(story, withdraws=(Withdrawal(entry=BookEntry.BOX, code="BOX-1"), out), from_on=day("06-01"))
    )
    shelf = Shelf(file_of(story).facts)
    assert "site" not in {fact.entry.value for fact in shelf.entries(*BookEntry)}
    assert [fact.code for fact in (e.content for e in shelf.entries_on(day("05-31"), BookEntry.SITE))] == ["H1"]
    assert isinstance(SHEET, CalendarSheet)
    assert OFFICE.rule == DEFAULT_RULE


# --- What is planned for a later day ---


PLANNED: Final[dict[str, dict[str, Any]]] = {
    "rule": {"rule": DistrictRule(name="next year's")},
    "site": {"sites": (HALL_SITE, replace(HALL_SITE, code="H9"))},
    "site changed": {"sites": (replace(HALL_SITE, name_zh="新"),)},
}


@pytest.mark.parametrize("planned", PLANNED)
def test_what_is_planned_keeps_nobody_from_saying_what_the_books_say_today(planned: str) -> None:
    story = begun()
    later = story.given(*adopted(story, **PLANNED[planned], from_on=day("06-01")))

    assert refused(later, Reason.BOOKS_UNCHANGED, **BOOKS, whole_catalogue=True, from_on=day("04-01")) == "books-1"


def test_what_is_planned_is_not_brought_forward_by_saying_it_again() -> None:
    story = begun()
    later = story.given(*adopted(story, **PLANNED["rule"], from_on=day("06-01")))

    assert "2026-06-01" in refused(later, Reason.ADOPTED_LATER, **PLANNED["rule"], from_on=day("04-01"))
    assert refused(later, Reason.BOOKS_UNCHANGED, **PLANNED["rule"], from_on=day("06-01")) == "books-1"
    assert refused(later, Reason.BOOKS_UNCHANGED, **PLANNED["rule"], from_on=day("07-01")) == "books-1"
