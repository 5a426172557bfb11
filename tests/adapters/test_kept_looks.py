"""When streams are to be looked at is kept beside the log: who ticks next looks at what is new or due."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from eventsourcing.persistence import StoredEvent
from support.story import CATALOGUE, accepted, fact, moment, received
from support.vandal import Vandal

from adapters import looks as beside
from adapters.calendar_toml import NATIONAL
from adapters.district_engine import DistrictEngine, open_engine
from adapters.mapper import WIRE
from adapters.sql_ledger import SqlLedgerRecorder
from adapters.testing.opened import open_desk
from casecore import AdoptBooks, CaseEvent, DistrictRule, Envelope, Receipt, Source, StepCompleted
from casecore.histories import History
from casecore.log import EPOCH, NO_LOOKS, Looked
from casecore.ticking import Ticker

DISTRICT = "510107"
CASES = ("a", "b", "c")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/cases.db" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def hall(url: str) -> Iterator[DistrictEngine]:
    """Three cases promised in ten working days, from Monday 03-02; a tick has looked at each."""
    with open_engine(url, district=DISTRICT, catalogue=CATALOGUE) as engine:
        for case in CASES:
            happened(engine, case, received("03-02 09:00"), accepted("03-02 10:00", calendar=NATIONAL, plan=()))
        assert clock(engine).tick(moment("03-03 00:00")).looked_at == len(CASES)
        yield engine


def happened(engine: DistrictEngine, case: str, *events: CaseEvent) -> None:
    number = engine.log.head().position
    continues = bool(engine.history(case))
    (receipt,) = engine.record([History(case, f"{case}-{number}", events, Source("told", "story", 1), continues=continues)])
    assert isinstance(receipt, Receipt)


def clock(engine: DistrictEngine) -> Ticker:
    """The clock of a process that begins now."""
    return Ticker(engine.log, engine.office_on, engine.handle_many, engine.check_clock, engine._at_hand.rest_on)


def ledger(engine: DistrictEngine) -> SqlLedgerRecorder:
    assert isinstance(engine.log.ledger, SqlLedgerRecorder)
    return engine.log.ledger


def looked_at(engine: DistrictEngine, when: str = "03-03 00:01") -> int:
    return clock(engine).tick(moment(when)).looked_at


def kept(engine: DistrictEngine) -> list[tuple[Any, ...]]:
    return ledger(engine).select("SELECT * FROM casecore_looked") + ledger(engine).select(
        "SELECT * FROM casecore_looks ORDER BY stream"
    )


# --- what it is for ---


def test_a_process_that_begins_looks_at_what_is_new_or_due_and_at_nothing_else(hall: DistrictEngine) -> None:
    assert looked_at(hall) == 0
    happened(hall, "b", fact(StepCompleted, "03-03 09:00", name="审核"))
    assert looked_at(hall, "03-03 10:00") == 1
    assert looked_at(hall, "03-09 23:59") == 0

    warned = clock(hall).tick(moment("03-12 00:00"))

    assert [receipt.stream for receipt in warned.receipts] == list(CASES)
    assert looked_at(hall, "03-12 00:01") == 3  # what the warning added to each
    assert looked_at(hall, "03-12 00:02") == 0


def test_a_tick_that_finds_nothing_writes_nothing(hall: DistrictEngine) -> None:
    before = kept(hall)
    assert looked_at(hall) == 0
    assert kept(hall) == before


def test_a_program_goes_on_where_another_has_ticked_since(hall: DistrictEngine) -> None:
    ours, theirs = clock(hall), clock(hall)
    for day in range(4, 20):
        happened(hall, "a", fact(StepCompleted, f"03-{day:02} 09:00", name="step"))
        assert [each.tick(moment(f"03-{day:02} 10:00")).looked_at for each in (ours, theirs)][1] <= len(CASES)
    cards = [card.fact.card for case in CASES for card in hall.file(case).cards]
    assert cards == ["due_soon:promised:2026-03-16", "promise_overdue:promised:2026-03-16"] * 3


def test_of_two_that_tick_at_once_one_keeps_what_it_found(hall: DistrictEngine) -> None:
    at, on = moment("03-03 00:01"), str(hall._at_hand.rest_on(moment("03-03 00:01").date()))
    head = hall.log.head().position
    read = hall.log.looks(at, at, on)
    looked = Looked(read.number, whole=False, last=hall.log.page(head - 1, 1)[0].mark, at=at, rests_on=on)
    assert hall.log.keep_looks(looked, {"a": at}) == read.number + 1
    before = kept(hall)

    assert hall.log.keep_looks(looked, {"a": None, "b": at}) is None

    assert kept(hall) == before
    assert hall.log.looks(at, at, on).due == ("a",)


def test_control_an_instant_that_is_kept_too_late_is_missed(hall: DistrictEngine) -> None:
    """What is kept is what is gone by; what it says is ours to answer for."""
    ledger(hall).run("UPDATE casecore_looks SET look_at = look_at + 864000000000")
    assert clock(hall).tick(moment("03-12 00:00")).receipts == ()
    ledger(hall).run("UPDATE casecore_looks SET look_at = look_at - 864000000000")
    assert len(clock(hall).tick(moment("03-12 00:00")).receipts) == len(CASES)


# --- when it is not believed ---


DOCTORED = {
    "of a fact the log does not hold": "UPDATE casecore_looked SET digest = recorded_at_bytes",
    "of a fact of another instant": "UPDATE casecore_looked SET recorded_at = recorded_at + 1",
    "of a position beyond the log": "UPDATE casecore_looked SET position = position + 1000",
    "of another epoch": "UPDATE casecore_looked SET epoch = epoch + 1",
    "by other books": "UPDATE casecore_looked SET rests_on = rests_on || '!'",
    "by a clock far ahead": "UPDATE casecore_looked SET looked_at = looked_at + 40000000000",
    "of more streams": "UPDATE casecore_looked SET streams = streams + 1",
    "and one was deleted": "DELETE FROM casecore_looks WHERE stream = 'b'",
    "and all were deleted": "DELETE FROM casecore_looks",
    "and what it rests on was deleted": "DELETE FROM casecore_looked",
}


@pytest.mark.parametrize("doctored", DOCTORED.values(), ids=DOCTORED)
def test_what_is_kept_and_wrong_is_not_believed_and_is_kept_anew(hall: DistrictEngine, doctored: str) -> None:
    other = "digest = (SELECT digest FROM casecore_events WHERE position = 1 AND log = '510107')"
    ledger(hall).run(doctored.replace("digest = recorded_at_bytes", other))
    assert looked_at(hall) == len(CASES)
    assert looked_at(hall) == 0


def test_what_another_program_kept_is_not_believed(hall: DistrictEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "program", lambda: b"another")
    assert looked_at(hall) == len(CASES)
    assert looked_at(hall) == 0


def test_what_was_kept_in_an_epoch_that_is_over_is_not_believed(hall: DistrictEngine) -> None:
    hall.log.begin_epoch("restored")
    hall.log.look_back()
    assert looked_at(hall) == len(CASES)
    assert looked_at(hall) == 0


@pytest.mark.parametrize("running", [False, True])
def test_books_adopted_since_have_every_case_looked_at_again(hall: DistrictEngine, *, running: bool) -> None:
    ticking = clock(hall)
    assert ticking.tick(moment("03-03 00:01")).looked_at == 0
    assert isinstance(hall.handle(AdoptBooks(district=DISTRICT, by="chief", rule=DistrictRule(warn_days=7))), Receipt)
    again = ticking if running else clock(hall)
    assert again.tick(moment("03-03 00:02")).looked_at == len(CASES)
    assert looked_at(hall) == 0


def test_a_clock_that_was_set_back_far_looks_at_everything(hall: DistrictEngine) -> None:
    assert looked_at(hall, "03-02 23:55") == 0  # as far as the rule lets one lie ahead of another
    assert looked_at(hall, "03-02 23:00") == len(CASES)


def test_an_engine_that_goes_by_other_books_than_its_logs_keeps_nothing_and_believes_nothing(
    hall: DistrictEngine, url: str
) -> None:
    before = kept(hall)
    with open_desk(url, district=DISTRICT, catalogue=CATALOGUE, rule=DistrictRule(warn_days=7)) as other:
        assert other.tick(moment("03-03 00:01")).looked_at == len(CASES)
    assert kept(hall) == before


# --- what goes wrong ---


def test_what_cannot_be_counted_is_named_by_each_process_that_begins_and_once_by_each(hall: DistrictEngine) -> None:
    odd = WIRE.encode(Envelope("b", 3, fact(StepCompleted, "03-03 09:00", name="x")))[1]
    ledger(hall).insert_events([StoredEvent("b", 3, "case.weighed.v1", odd)])
    for _ in range(2):
        ticking = clock(hall)
        named = [[one.case for one in ticking.tick(moment(f"03-03 09:0{minute}")).unreadable] for minute in range(3)]
        assert named == [["b"], [], []]


def test_a_tick_that_is_cut_short_keeps_nothing_and_the_next_one_misses_nothing(hall: DistrictEngine) -> None:
    for case in CASES:
        happened(hall, case, fact(StepCompleted, "03-03 09:00", name="审核"))
    before = kept(hall)
    cut = clock(hall)
    assert cut.tick(moment("03-03 10:00"), lambda: True).looked_at == len(CASES)
    assert kept(hall) == before
    assert looked_at(hall, "03-03 10:01") == len(CASES)


def test_where_the_store_lets_nothing_be_kept_a_clock_remembers_by_itself(
    hall: DistrictEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger(hall).run("DELETE FROM casecore_looked")
    monkeypatch.setattr(type(hall.log), "keep_looks", lambda *_: None)
    ticking = clock(hall)
    assert [ticking.tick(moment(f"03-03 00:0{minute}")).looked_at for minute in (1, 2)] == [len(CASES), 0]
    assert [receipt.stream for receipt in ticking.tick(moment("03-12 00:00")).receipts] == list(CASES)


def test_a_log_that_is_empty_keeps_nothing(tmp_path: Path) -> None:
    with open_desk(f"sqlite:///{tmp_path}/empty.db", district=DISTRICT) as engine:
        assert engine.tick(moment("03-03 00:00")).looked_at == 0
        assert engine.log.looks(EPOCH, EPOCH, "") == NO_LOOKS


def test_instants_are_kept_to_the_microsecond(hall: DistrictEngine) -> None:
    at, on = moment("03-03 00:01"), str(hall._at_hand.rest_on(moment("03-03 00:01").date()))
    last = hall.log.page(hall.log.head().position - 1, 1)[0].mark
    to_come: datetime = at.replace(microsecond=7)
    number = hall.log.looks(at, at, on).number
    assert hall.log.keep_looks(Looked(number, whole=True, last=last, at=at, rests_on=on), {"c": to_come}) is not None
    assert [hall.log.looks(at.replace(microsecond=micro), at, on).due for micro in (6, 7)] == [(), ("c",)]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_log_whose_last_fact_is_lost_is_ticked_and_nothing_is_kept(hall: DistrictEngine, url: str) -> None:
    happened(hall, "c", StepCompleted(at=moment("03-03 09:00"), by="clerk", name="seen"))
    with closing(Vandal(url)) as vandal:
        vandal.run("DELETE FROM casecore_events WHERE position = (SELECT max(position) FROM casecore_events)")
    before = ledger(hall).kept_looks(0)

    assert clock(hall).tick(moment("03-03 12:00")).refused is None
    assert ledger(hall).kept_looks(0) == before
