"""Books are adopted into the log they are decided by: once as it is opened, by a folder later, never against the past."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from eventsourcing.persistence import StoredEvent
from support.story import CATALOGUE, CLERK, FOOD, HALL, day, moment, received
from support.told_books import FOOD_ITEM

from adapters import adopt, books_of, open_engine
from adapters.district_books import shipped_books
from adapters.district_engine import DistrictEngine
from adapters.mapper import WIRE
from adapters.stores.known import store_at
from casecore import (
    AcceptCase,
    AdoptBooks,
    ApplicantKind,
    BadInput,
    BookEntry,
    CardIssued,
    Catalogue,
    Channel,
    DistrictRule,
    Engine,
    Fault,
    Flaw,
    Limit,
    Reason,
    Receipt,
    ReceiveCase,
    Refused,
    SuspendCase,
    Suspended,
    SuspensionKind,
    WithdrawCase,
)
from casecore.books_at_hand import BooksAtHand
from casecore.case.file import CaseFile
from casecore.district import DISTRICT, DistrictFile, books_stream
from casecore.drafting import Desk, Draft
from casecore.kinds import fold_stream
from casecore.log import readable
from casecore.recorded import Envelope

HERE, THERE = "510107", "510108"
STREAM = books_stream(HERE)
LATE = DistrictRule(name="late", rectify_days=15)


def opened(url: str, **given: Any) -> DistrictEngine:
    return open_engine(url, district=HERE, **given)


def taken(case: str, when: str, **rest: Any) -> ReceiveCase:
    said = {"applicant": "Li", "applicant_kind": ApplicantKind.PERSON, "channel": Channel.WINDOW, "hall": HALL}
    return ReceiveCase(case=case, by=CLERK, at=moment(when), item=FOOD, **{**said, **rest})


def done(answer: Any) -> Receipt:
    assert isinstance(answer, Receipt), answer
    return answer


def file_of(engine: DistrictEngine) -> DistrictFile:
    return engine.file_of(DISTRICT, STREAM)


@pytest.fixture
def hall(store_url: str) -> Iterator[DistrictEngine]:
    with opened(store_url, catalogue=CATALOGUE) as engine:
        yield engine


# --- as an engine is opened ---


def test_a_log_that_has_adopted_nothing_adopts_what_ships_as_it_is_opened(store_url: str) -> None:
    with opened(store_url) as engine:
        books, head = engine.books, engine.log.head().position
        assert books.version == head == len(file_of(engine).facts)
        assert {fact.from_on for fact in file_of(engine).facts} == {None}
        assert (books.in_force, books.rules[-1].version, len(books.calendars)) == ("cn-2026.1", 1, 7)
        assert books.catalogue.find("bookstore-licence", date(2021, 3, 1)) is not None


def test_opening_it_again_writes_nothing(store_url: str) -> None:
    if not store_at(store_url).kept:
        pytest.skip("gone when it is opened again")
    for given in ({}, {"catalogue": CATALOGUE, "rule": LATE}):
        heads = []
        for _ in range(3):
            with opened(store_url, **given) as engine:
                heads.append(engine.log.head())
        assert heads[1] == heads[2]
        assert heads[0] == heads[1]


def test_engines_opened_at_once_adopt_once(store_url: str) -> None:
    place = store_at(store_url)
    if not place.kept:
        pytest.skip("gone when it is opened again")
    place.log(HERE).close()
    with ThreadPoolExecutor(6) as pool:
        engines = list(pool.map(lambda _: opened(store_url, catalogue=CATALOGUE, rule=LATE), range(6)))
    try:
        assert len({engine.log.head() for engine in engines}) == 1
        assert {engine.books.version for engine in engines} == {engines[0].log.head().position}
    finally:
        for engine in engines:
            engine.close()


def test_what_is_given_to_a_new_log_has_been_in_force_always(store_url: str) -> None:
    with opened(store_url, catalogue=CATALOGUE, rule=LATE, calendar="cn-2017.1") as engine:
        books = engine.books
        assert [one.rule.name for one in books.rules] == ["late"]
        assert books.calendar_on(date(2020, 1, 1)) == books.calendar_on(None) == "cn-2017.1"
        assert {item.code for item in books.catalogue} == {item.code for item in CATALOGUE}


def test_what_is_given_later_is_in_force_from_today(store_url: str) -> None:
    if not store_at(store_url).kept:
        pytest.skip("gone when it is opened again")
    opened(store_url, catalogue=CATALOGUE).close()
    with opened(store_url, rule=LATE) as engine:
        today = engine.now().date()
        assert [(one.rule.name, one.from_on) for one in engine.books.rules] == [("default", None), ("late", today)]
        assert engine.office_on(today - timedelta(days=1)).rule.name == "default"
        assert engine.office.rule.name == "late"
        assert {item.code for item in engine.books.catalogue} == {item.code for item in CATALOGUE}


def test_a_catalogue_given_later_takes_the_place_of_the_whole(store_url: str) -> None:
    if not store_at(store_url).kept:
        pytest.skip("gone when it is opened again")
    opened(store_url).close()
    with opened(store_url, catalogue=Catalogue([FOOD_ITEM])) as engine:
        assert [item.code for item in engine.books.catalogue] == [FOOD]
        assert engine.office_on(date(2021, 3, 1)).catalogue.known("bookstore-licence")


def test_a_calendar_given_goes_before_the_one_the_rule_names(store_url: str) -> None:
    ruled = replace(LATE, calendar="cn-2026.1")
    with opened(store_url, catalogue=CATALOGUE, rule=ruled, calendar="cn-2017.1") as engine:
        assert engine.office.calendar.version == "cn-2017.1"


@pytest.mark.parametrize(
    "wrong",
    [
        {"catalogue": Catalogue([replace(FOOD_ITEM, promised=Limit.working_days(9))])},
        {"catalogue": Catalogue([replace(FOOD_ITEM, version=7, promised=Limit.working_days(99))])},
        {"rule": replace(LATE, rectify_days=0)},
        {"rule": replace(LATE, calendar="moon.1")},
        {"calendar": "moon.1"},
    ],
)
def test_books_that_may_not_be_adopted_keep_the_log_from_being_opened_and_leave_it_as_it_was(
    wrong: dict[str, Any], store_url: str
) -> None:
    if not store_at(store_url).kept:
        pytest.skip("gone when it is opened again")
    with opened(store_url, catalogue=CATALOGUE) as engine:
        head = engine.log.head()
    with pytest.raises((Fault, BadInput)):
        opened(store_url, **wrong)
    with store_at(store_url).log(HERE) as log:
        assert log.head() == head


def test_a_new_log_is_not_begun_with_books_nobody_could_decide_by(store_url: str) -> None:
    with pytest.raises(Fault, match="books_unsound"):
        opened(store_url, catalogue=CATALOGUE, rule=replace(LATE, instant_seconds=0))
    with store_at(store_url).log(HERE) as log:
        assert log.head().position == 0


def test_who_only_reads_writes_nothing_and_goes_by_what_ships(store_url: str) -> None:
    with store_at(store_url).log(HERE) as log:
        books = books_of(log)
        assert (books.version, books.in_force, log.head().position) == (0, "cn-2026.1", 0)
        assert books.catalogue.known("bookstore-licence")


def test_who_reads_finds_what_was_adopted(hall: DistrictEngine) -> None:
    found = books_of(hall.log)
    assert found.version == hall.books.version == hall.log.head().position
    assert {item.code for item in found.catalogue} == {item.code for item in CATALOGUE}


def test_two_districts_of_one_store_have_each_its_own(store_url: str, hall: DistrictEngine) -> None:
    with open_engine(store_url, district=THERE, rule=LATE) as other:
        assert (hall.office.rule.name, other.office.rule.name) == ("default", "late")
        assert other.books.catalogue.known("bookstore-licence")
        assert not hall.books.catalogue.known("bookstore-licence")


def test_an_id_another_stream_bears_already_is_not_taken_for_the_books(store_url: str) -> None:
    with store_at(store_url).log(HERE) as log:
        log.ledger.insert_events([StoredEvent(STREAM, 1, *WIRE.encode(Envelope(STREAM, 1, received())))])
    if store_at(store_url).kept:
        with pytest.raises(BadInput, match="is a case, not a district"):
            opened(store_url)


# --- what is decided by them ---


def test_a_command_is_decided_by_the_rule_of_its_own_day(hall: DistrictEngine) -> None:
    lenient = DistrictRule(name="lenient", moves_promise=(SuspensionKind.ORDINARY,))
    done(hall.handle(AdoptBooks(district=HERE, by=CLERK, rule=lenient, from_on=day("03-05"))))
    found = []
    for case, when in (("before", "03-04 09:00"), ("since", "03-05 09:00")):
        done(hall.handle(taken(case, when)))
        done(hall.handle(AcceptCase(case=case, by=CLERK, at=moment(when) + timedelta(hours=1))))
        pause = SuspendCase(case=case, by=CLERK, at=moment(when) + timedelta(hours=2), reason="the system is down")
        (suspended,) = done(hall.handle(pause)).events
        assert isinstance(suspended, Suspended)
        found.append(suspended.moves_promise)
    assert found == [False, True]


def test_a_command_sees_what_was_adopted_before_it_in_the_same_call(hall: DistrictEngine) -> None:
    new = replace(FOOD_ITEM, code="NEW", visits=0, visit_reason=None)
    commands = (
        AdoptBooks(district=HERE, by=CLERK, items=(new,)),
        ReceiveCase(
            case="C", by=CLERK, item="NEW", hall=HALL, applicant="Li", applicant_kind=ApplicantKind.PERSON,
            channel=Channel.WINDOW,
        ),
    )  # fmt: skip
    receipts = hall.handle_many(commands)
    assert not isinstance(receipts, Refused), receipts
    assert [receipt.stream for receipt in receipts] == [STREAM, "C"]


def test_an_adoption_refused_leaves_nothing_of_the_call(hall: DistrictEngine) -> None:
    head = hall.log.head()
    refused = hall.handle_many(
        (taken("C", "03-02 09:00"), AdoptBooks(district=HERE, by=CLERK, rule=replace(LATE, warn_percent=101)))
    )
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.BOOKS_UNSOUND
    assert hall.log.head() == head


def test_the_books_of_another_district_are_not_adopted_here(hall: DistrictEngine) -> None:
    refused = hall.handle(AdoptBooks(district=THERE, by=CLERK, rule=LATE))
    assert refused == Refused(Reason.OTHER_DISTRICT, HERE, books_stream(THERE), "AdoptBooks")


def test_a_desk_learns_of_what_another_has_adopted(store_url: str, hall: DistrictEngine) -> None:
    if not store_at(store_url).kept:
        pytest.skip("gone when it is opened again")
    with opened(store_url) as other:
        done(other.handle(AdoptBooks(district=HERE, by=CLERK, rule=LATE)))
        assert (hall.office.rule.name, hall.books.version) == ("late", other.books.version)


def test_what_is_decided_rests_on_a_version_of_the_books(hall: DistrictEngine) -> None:
    at_hand = hall._at_hand
    read: list[set[str]] = []

    def files(streams: Any) -> dict[str, Any]:
        read.append(set(streams))
        return {one: at_hand.anew() if one == STREAM else None for one in streams}

    draft = Draft(Desk(hall.now(), files, STREAM, at_hand.office))
    assert draft.carry_out("k", taken("C", "03-02 09:00")) is None
    assert draft.reads == {STREAM: hall.books.version}
    assert draft.carry_out("k2", AdoptBooks(district=HERE, by=CLERK, rule=LATE)) is None
    assert draft.reads == {}
    assert set().union(*read) == {"C", STREAM}


def test_time_brings_what_the_rule_of_the_day_says(hall: DistrictEngine) -> None:
    done(hall.handle(taken("C", "03-02 09:00")))
    done(hall.handle(AcceptCase(case="C", by=CLERK, at=moment("03-02 10:00"))))
    done(hall.handle(AdoptBooks(district=HERE, by=CLERK, rule=DistrictRule(cards=()), from_on=day("03-01"))))
    ticked = hall.tick(moment("12-01 09:00") - timedelta(days=120))
    assert [event for receipt in ticked.receipts for event in receipt.events if isinstance(event, CardIssued)] == []
    assert ticked.unreadable == ()


def test_where_the_books_cannot_be_read_nothing_is_decided_and_everything_else_is_read(hall: DistrictEngine) -> None:
    done(hall.handle(taken("C", "03-02 09:00")))
    odd = WIRE.encode(Envelope(STREAM, hall.books.version + 1, file_of(hall).facts[0]))[1]
    hall.log.ledger.insert_events([StoredEvent(STREAM, hall.books.version + 1, "district.moon_adopted.v1", odd)])
    desk = Engine(hall.log, BooksAtHand(hall.log, shipped_books()), hall._surroundings, {})
    with pytest.raises(Fault, match="moon_adopted"):
        desk.handle(AcceptCase(case="C", by=CLERK, at=moment("03-02 10:00")))
    assert isinstance(fold_stream(one.event for one in readable(hall.log.history("C"))), CaseFile)


# --- from a folder ---


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the shipped rule, changed in one key, and a catalogue of one item."""
    found = tmp_path / "books"
    (found / "catalogue").mkdir(parents=True)
    (found / "rule.toml").write_text('name = "late"\nrectify_days = 15\n', "utf-8")
    (found / "catalogue" / "items.toml").write_text(ITEM, "utf-8")
    return found


ITEM = """
[[item]]
code = "FOOD"
version = 1
name_zh = "食品经营许可"
name_en = "Food"
source = "a notice"
item_type = "20"
tier = "county"
department = "Market"
valid_from = 2025-01-01
handling = "promised"
promised = {amount = 5, unit = "working_day"}
serves = ["person", "company"]
channels = ["window"]
visits = 1
visit_reason = "核验原件"
"""
OWN = """
version = "own.1"
title = "后续通知"
base = "cn-2026.1"
supersedes = "cn-2026.1"
[years]
2026.rest = ["12-31"]
"""


def names(changes: Any) -> list[str]:
    return [str(change.name) for change in changes]


def test_a_dry_run_says_what_would_change_and_writes_nothing(store_url: str, folder: Path) -> None:
    with opened(store_url, catalogue=Catalogue([replace(FOOD_ITEM, code="GONE")])) as engine:
        done(engine.handle(replace(taken("C", "03-02 09:00"), item="GONE")))
        head = engine.log.head()
        said = adopt(engine, folder, by="chen", dry_run=True)
        assert engine.log.head() == head
        assert (names(said.added), names(said.changed), names(said.withdrawn)) == (
            ["item FOOD 1"],
            ["rule"],
            ["item GONE 1"],
        )
        assert [(one.keys, one.touches) for one in said.changed] == [(("name", "rectify_days"), ("C",))]
        assert said.withdrawn[0].touches == ("C",)
        assert (said.receipt, said.refused, said.from_on) == (None, None, engine.now().date())

        written = adopt(engine, folder, by="chen")
        assert written._replace(receipt=None) == said
        assert {fact.by for fact in file_of(engine).facts[-3:]} == {"chen"}
        again = adopt(engine, folder, by="chen")
        assert (again.added, again.changed, again.withdrawn, again.receipt) == ((), (), (), None)
        assert set(map(str, again.unchanged)) == {"item FOOD 1", "rule"}


def test_books_of_a_folder_may_be_the_first_and_what_they_lack_ships(store_url: str, folder: Path) -> None:
    from adapters.district_engine import engine_over  # noqa: PLC0415 - where nothing was adopted yet

    with engine_over(store_at(store_url).log(HERE)) as engine:
        adoption = adopt(engine, folder, by="chen")
        assert (adoption.from_on, adoption.changed, adoption.withdrawn) == (None, (), ())
        assert engine.office_on(date(2020, 1, 1)).rule.name == "late"
        assert [item.code for item in engine.books.catalogue] == [FOOD]
        assert engine.books.in_force == "cn-2026.1"


def test_a_calendar_that_supersedes_the_one_in_force_takes_its_place(store_url: str, tmp_path: Path) -> None:
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "own.1.toml").write_text(OWN, "utf-8")
    with opened(store_url) as engine:
        done(
            engine.handle(replace(taken("C", "03-02 09:00"), item="bookstore-licence", applicant_kind=ApplicantKind.COMPANY))
        )
        adoption = adopt(engine, tmp_path, by="chen", from_on=date(2026, 12, 1))
        assert "calendar_in_force" in names(adoption.changed)
        assert adoption.changed[-1].touches == ("C",)
        assert [engine.books.calendar_on(on) for on in (date(2026, 11, 30), date(2026, 12, 1))] == ["cn-2026.1", "own.1"]
        assert not engine.books.calendars["own.1"].is_working(date(2026, 12, 31))


def test_books_of_a_folder_that_contradict_the_past_are_refused_whole(store_url: str, folder: Path) -> None:
    with opened(store_url, catalogue=Catalogue([FOOD_ITEM])) as engine:
        head = engine.log.head()
        for dry_run in (True, False):
            adoption = adopt(engine, folder, by="chen", dry_run=dry_run)
            assert adoption.refused is not None
            assert (adoption.refused.reason, adoption.refused.named) == (Reason.CONTRADICTS_BOOKS, "item FOOD 1")
            assert (adoption.added, adoption.changed, adoption.receipt) == ((), (), None)
        assert engine.log.head() == head


@pytest.mark.parametrize(
    ("made", "flaw"),
    [
        ({}, Flaw.UNREADABLE),
        ({"ruel.toml": 'name = "x"'}, Flaw.UNKNOWN_NAME),
        ({"catalog/items.toml": ITEM}, Flaw.UNKNOWN_NAME),
    ],
)
def test_a_folder_without_books_or_with_what_nobody_knows_is_no_books(
    made: dict[str, str], flaw: Flaw, hall: DistrictEngine, tmp_path: Path
) -> None:
    for name, text in made.items():
        target = tmp_path / "own" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    (tmp_path / "own").mkdir(exist_ok=True)
    with pytest.raises(BadInput) as raised:
        adopt(hall, tmp_path / "own", by="chen")
    assert raised.value.code is flaw


def test_what_a_change_touches_is_what_runs_under_it(hall: DistrictEngine) -> None:
    from adapters.adopting import _Touched  # noqa: PLC0415 - the one part of it
    from casecore.district import EntryName  # noqa: PLC0415

    for case in ("open", "accepted", "withdrawn"):
        done(hall.handle(taken(case, "03-02 09:00")))
    done(hall.handle(AcceptCase(case="accepted", by=CLERK, at=moment("03-02 10:00"))))
    done(hall.handle(WithdrawCase(case="withdrawn", by=CLERK, at=moment("03-02 10:00"), reason="x")))
    touched = _Touched(hall)
    assert touched.by(EntryName(BookEntry.RULE)) == ("accepted", "open")
    assert touched.by(EntryName(BookEntry.ITEM, FOOD, 1)) == ("accepted", "open")
    assert touched.by(EntryName(BookEntry.ITEM, FOOD, 2)) == ("open",)
    assert touched.by(EntryName(BookEntry.SITE, HALL)) == ("accepted", "open")
    assert touched.by(EntryName(BookEntry.SEAL, "seal-7")) == touched.by(EntryName(BookEntry.THEME, "t", 1)) == ()
