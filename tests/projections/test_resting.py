"""What rows rest on: the rule of the day a stream began, its calendar; and what an adoption changes of that."""

from datetime import date
from typing import Any

import pytest
from support.adopted import weekdays
from support.followed import LIVES, A
from support.story import accepted, received

from adapters.calendar_toml import NATIONAL, shipped_calendars
from adapters.district_books import shipped_books
from casecore import Catalogue, DistrictRule, DropBox
from casecore.books import Books, DatedCalendar, DatedRule
from casecore.kinds import CASE, DROP_BOX, KINDS, fold_stream
from projections.box_facts import BOX_FACTS
from projections.case_facts import CASE_FACTS
from projections.clock_facts import CLOCK_FACTS
from projections.projection import subject_of
from projections.registry import PROJECTIONS
from projections.resting import Changed, Rests, what_changed

JULY = date(2026, 7, 1)
FIRST, SECOND = DistrictRule(name="first"), DistrictRule(name="second", calendar="own.1")
OWN = {"own.1": weekdays("own.1", date(2026, 3, 12))}
NOTHING = Changed(None, frozenset())


def books(*rules: DatedRule, **rest: Any) -> Books:
    said = {"calendars": {**shipped_calendars(), **OWN}, "in_force": NATIONAL, **rest}
    return Books(rules=rules or (DatedRule(FIRST, 1),), **said).judging()


BOTH = books(DatedRule(FIRST, 1), DatedRule(SECOND, 2, JULY))


def rests(*events: Any, held: Books = BOTH) -> Rests:
    file = fold_stream(events)
    assert file is not None
    return subject_of(held, A, "C", file).rests


# --- What a stream rests on ---


@pytest.mark.parametrize(
    ("received_on", "wanted"),
    [
        ("06-30", Rests(date(2026, 6, 30), 1, NATIONAL)),
        ("07-01", Rests(JULY, 2, "own.1")),
        ("12-01", Rests(date(2026, 12, 1), 2, "own.1")),
    ],
)
def test_the_rule_is_the_one_in_force_on_the_day_it_began(received_on: str, wanted: Rests) -> None:
    assert rests(received(f"{received_on} 09:00")) == wanted


def test_the_calendar_is_the_promises_and_before_one_the_one_in_force_when_it_began() -> None:
    first = received("06-30 09:00")
    assert rests(first).calendar == NATIONAL
    assert rests(first, accepted("07-02 09:00", calendar="own.1")).calendar == "own.1"
    assert rests(first, accepted("07-02 09:00", calendar="own.1")).rule_version == 1


def test_every_kind_with_clocks_says_when_it_began() -> None:
    days = {kind.name: kind.begun(kind.new) for kind in KINDS}
    assert set(days.values()) == {None}
    for name, events in LIVES.items():
        file = fold_stream(events)
        assert file is not None
        subject = subject_of(BOTH, A, name, file)
        assert (subject.rests.begun_on is None) is (subject.kind is DROP_BOX), name


def test_every_table_ends_with_what_its_rows_rest_on_and_none_says_it_twice() -> None:
    for projection in PROJECTIONS:
        names = [column.name for column in projection.columns]
        assert set(names) >= {"begun_on", "rule_version", "calendar"}
        assert len(set(names)) == len(names)
        for events in LIVES.values():
            file = fold_stream(events)
            assert file is not None
            subject = subject_of(shipped_books(), A, "S", file)
            if projection.about(subject.kind):
                assert all(len(row) == len(names) for row in projection.whole_rows(subject))


def test_a_row_type_that_names_such_a_column_says_it_itself() -> None:
    case = subject_of(BOTH, A, "C", CASE.fold([received("06-30 09:00"), accepted("07-02 09:00", calendar="own.1")]))
    clocks = [column.name for column in CLOCK_FACTS.columns]
    assert clocks[-2:] == ["begun_on", "rule_version"]
    for row in CLOCK_FACTS.whole_rows(case):
        assert dict(zip(clocks, row, strict=True))["calendar"] == "own.1"
    (row,) = CASE_FACTS.whole_rows(case)
    assert row[-3:] == (date(2026, 6, 30), 1, "own.1")


def test_each_day_of_a_drop_box_is_under_the_rule_of_that_day() -> None:
    box = fold_stream(LIVES["box-1"])
    assert box is not None
    held = books(DatedRule(FIRST, 1), DatedRule(SECOND, 2, date(2026, 3, 4)))
    rows = {row.day: (row.rule_version, row.calendar) for row in BOX_FACTS.rows(subject_of(held, A, "box-1", box))}
    assert rows[date(2026, 3, 3)] == (1, NATIONAL)
    assert rows[date(2026, 3, 4)] == rows[date(2026, 3, 5)] == (2, "own.1")


# --- What an adoption changes of it ---


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        (BOTH, BOTH, NOTHING),
        (books(), books(), NOTHING),
        (books(), BOTH, Changed(JULY, frozenset())),
        (shipped_books(), books(calendars=shipped_calendars()), Changed(date.min, frozenset())),
        (books(calendars=shipped_calendars()), books(), Changed(None, frozenset({"own.1"}))),
        (books(), books(DatedRule(FIRST, 1), DatedRule(FIRST, 2, JULY)), Changed(JULY, frozenset())),
        (
            books(),
            books(calendars_in_force=(DatedCalendar(NATIONAL), DatedCalendar("own.1", JULY))),
            Changed(JULY, frozenset()),
        ),
        (
            books(),
            books(calendars={**shipped_calendars(), "own.1": weekdays("own.1")}),
            Changed(None, frozenset({"own.1"})),
        ),
        (books(), books(calendars={**shipped_calendars(), "own.1": weekdays("own.1", date(2026, 3, 12))}), NOTHING),
    ],
    ids=["same", "alike", "from july", "first adoption", "new", "version", "in force", "other days", "same days"],
)
def test_what_an_adoption_changes_is_found_between_the_books(before: Books, after: Books, wanted: Changed) -> None:
    found = what_changed(before, after)
    assert (found.since, found.calendars) == (wanted.since, wanted.calendars)
    assert bool(found) is bool(wanted)


def test_items_change_no_row_and_the_register_of_boxes_does() -> None:
    box = DropBox(code="B-1", name_zh="箱", source="story", hall="H")
    plain, registered = books(catalogue=Catalogue(())), books(catalogue=Catalogue((), boxes=(box,)))
    assert not what_changed(books(catalogue=shipped_books().catalogue), books(catalogue=shipped_books().catalogue))
    assert what_changed(plain, registered) == Changed(None, frozenset(), registers=True)
