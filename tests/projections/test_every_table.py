"""Every fact table, whatever happened: rows fit their tables, and are a function of the facts alone."""

from collections.abc import Sequence
from contextlib import closing
from functools import reduce
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.made_up import BOXES, HISTORIES, PACKAGES, VISITS
from support.story import received

from adapters.calendar_toml import NATIONAL, shipped_calendars
from adapters.district_books import shipped_books
from adapters.folding import make_rows
from adapters.open_tables import open_tables
from adapters.tables import CaseRows
from casecore.books import Books
from casecore.drop_box.file import NEW_BOX
from casecore.kinds import CASE, DROP_BOX, KINDS, PACKAGE, VISIT, advance, fold_stream
from casecore.recorded import Event
from projections.case_facts import CASE_FACTS
from projections.projection import Projection, columns, subject_of
from projections.registry import PROJECTIONS

LOG, STREAM = "510114", "XD-1"
STREAMS: Final = st.one_of(HISTORIES.filter(bool), PACKAGES, BOXES, VISITS)
BOOKS: Final = shipped_books()


def rows(projection: Projection, history: Sequence[Event], books: Books = BOOKS, cut: int = 0) -> list[Any]:
    """The rows of a history, folded in one go or as far as ``cut`` and then on."""
    file = reduce(advance, history[cut:], fold_stream(history[:cut]))
    assert file is not None
    subject = subject_of(books, LOG, STREAM, file)
    return list(projection.rows(subject)) if projection.about(subject.kind) else []


def test_every_table_begins_with_what_a_row_is_found_by() -> None:
    for projection in PROJECTIONS:
        first = [(column.name, column.kind, column.optional) for column in columns(projection.row)[:3]]
        key = "stream_id" if projection.of is None else f"{projection.of.word}_id"
        assert first == [("log", str, False), (key, str, False), ("stream_version", int, False)]
        assert projection.key == key
    assert {projection.of for projection in PROJECTIONS} >= {CASE, PACKAGE, DROP_BOX, VISIT}


def test_a_table_of_every_kind_says_of_which_kind_a_row_is() -> None:
    common = [projection for projection in PROJECTIONS if projection.of is None]
    assert [projection.name for projection in common] == ["clock_facts", "card_facts"]
    assert all(columns(projection.row)[3] == ("stream_kind", str, False) for projection in common)
    assert all(projection.about(kind) for projection in common for kind in KINDS)


def test_a_kind_without_a_table_makes_no_rows_and_stops_nobody() -> None:
    with closing(open_tables("memory:", [CASE_FACTS])) as tables:
        assert make_rows(tables, subject_of(BOOKS, LOG, "B-1", NEW_BOX), 1) == CaseRows("B-1", {})


def test_no_two_tables_have_one_name() -> None:
    assert len({projection.name for projection in PROJECTIONS}) == len(PROJECTIONS)


def test_a_case_of_which_only_the_application_is_known_has_no_further_rows() -> None:
    for projection in PROJECTIONS[1:]:
        clocks = projection.name == "clock_facts"  # the one of its acceptance runs
        assert len(rows(projection, (received("03-02 09:00"),))) == clocks, projection.name


@pytest.mark.slow
@settings(max_examples=250)
@given(STREAMS)
def test_whatever_happened_there_are_rows_and_they_fit_their_tables(history: list[Event]) -> None:
    for projection in PROJECTIONS:
        wanted = columns(projection.row)
        for found in rows(projection, history):
            assert found[:3] == (LOG, STREAM, len(history))
            for column, value in zip(wanted, found, strict=True):
                if value is None:
                    assert column.optional, f"{projection.name}.{column.name} is None"
                else:  # exactly: a database driver would not know an enum, and a bool is no number to it
                    assert type(value) is column.kind, f"{projection.name}.{column.name} is {value!r}"


@pytest.mark.slow
@settings(max_examples=150)
@given(STREAMS, st.integers(0, 14))
def test_rows_are_a_function_of_the_facts_alone(history: list[Event], cut: int) -> None:
    only_its_own = Books({NATIONAL: shipped_calendars()[NATIONAL]}, NATIONAL)

    for projection in PROJECTIONS:
        assert rows(projection, history, only_its_own, cut) == rows(projection, history)


@pytest.mark.parametrize(
    ("name", "histories"),
    [("case_facts", HISTORIES), ("package_facts", PACKAGES), ("box_facts", BOXES), ("visit_facts", VISITS)],
)
def test_each_kind_of_stream_has_rows_in_its_own_tables_alone(name: str, histories: st.SearchStrategy[Any]) -> None:
    (own,) = (projection.of for projection in PROJECTIONS if projection.name == name)

    @settings(max_examples=30)
    @given(histories.filter(bool))
    def holds(history: list[Event]) -> None:
        assert not [p.name for p in PROJECTIONS if p.of not in {own, None} and rows(p, history)]

    holds()
