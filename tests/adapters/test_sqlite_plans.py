"""How SQLite answers what is asked of a ledger: by an index, whatever it takes the log to hold.

Nobody runs ANALYZE on a hall's file. Without it SQLite takes a walk over the whole log for a look-up of one stream.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from eventsourcing.sqlite import SQLiteCursor
from support.story import received

from adapters.district_log import DistrictLog
from adapters.sql_ledger import SqlLedgerRecorder
from adapters.stores.known import store_at
from casecore.log import Batch
from casecore.recorded import Envelope

DISTRICT: Final = "510114"
BY_STREAM: Final = "INDEX casecore_events_stream (log=? AND originator_id=?"
BY_COMMAND: Final = "PRIMARY KEY (log=? AND command_id=?)"
BY_POSITION: Final = "PRIMARY KEY (log=? AND position>?)"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[DistrictLog]:
    found = store_at(f"sqlite:///{tmp_path}/cases.db").log(DISTRICT)
    found.append([Batch(f"k{n}", f"C-{n}", (Envelope(f"C-{n}", 1, received("03-02 09:00"), f"k{n}"),)) for n in range(20)])
    yield found
    found.close()


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """How each query was answered: the steps over tables of the ledger."""
    seen: list[str] = []
    execute = SQLiteCursor.execute

    def explained(cursor: SQLiteCursor, sql: str, *rest: Any) -> None:
        if sql.lstrip().startswith(("SELECT", "WITH")):
            asked = cursor.sqlite_cursor.connection.execute(f"EXPLAIN QUERY PLAN {sql}", *rest)
            seen.extend(step[3] for step in asked if "casecore_" in step[3])
        execute(cursor, sql, *rest)

    monkeypatch.setattr(SQLiteCursor, "execute", explained)
    return seen


@pytest.mark.parametrize(
    ("asked", "way"),
    [
        (lambda ledger: ledger.first_rows(["C-1"]), BY_STREAM),
        (lambda ledger: ledger.stream_rows(["C-1", "C-2"]), BY_STREAM),
        (lambda ledger: ledger.stream_rows(["C-1"], 1), BY_STREAM),
        (lambda ledger: ledger.versions(["C-1"]), BY_STREAM),
        (lambda ledger: ledger.select_events("C-1"), BY_STREAM),
        (lambda ledger: ledger.select_events("C-1", gt=0, desc=True, limit=1), BY_STREAM),
        (lambda ledger: ledger.stored_receipts(["k1"]), BY_COMMAND),
        (lambda ledger: ledger.rows(5, 10), BY_POSITION),
        (lambda ledger: ledger.streams(5), BY_POSITION),
        (lambda ledger: ledger.select_notifications(5, 10, inclusive_of_start=False), BY_POSITION),
    ],
)
def test_a_look_up_is_one_by_its_key(
    log: DistrictLog, plans: list[str], asked: Callable[[SqlLedgerRecorder], object], way: str
) -> None:
    ledger = log.ledger
    assert isinstance(ledger, SqlLedgerRecorder)
    asked(ledger)
    assert plans
    assert [step for step in plans if way not in step] == []


def test_a_stretch_begins_where_its_snapshot_was_taken(log: DistrictLog, plans: list[str]) -> None:
    assert isinstance(log.ledger, SqlLedgerRecorder)
    log.ledger.stretch_rows(["C-1", "C-2"])
    log.ledger.snapshots(["C-1"])
    by_version = "INDEX casecore_events_stream (log=? AND originator_id=? AND originator_version"
    kept = "INDEX sqlite_autoindex_casecore_snapshots_1 (log=? AND stream=?)"
    assert [
        [way for way in (f"{by_version}>?)", f"{by_version}=?)", kept) if way in step]
        for step in plans
        if "epochs" not in step
    ] == [
        [f"{by_version}>?)"],
        [kept],
        [f"{by_version}=?)"],
        [kept],
    ]


def test_streams_whose_time_has_come_are_found_by_it(log: DistrictLog, plans: list[str]) -> None:
    assert isinstance(log.ledger, SqlLedgerRecorder)
    log.ledger.kept_looks(5)
    assert [step for step in plans if "SEARCH due" in step and "casecore_looks_at (log=? AND look_at<?)" in step]
    assert not [step for step in plans if "SCAN due" in step or "SCAN kept" in step]


def test_control_without_its_index_named_the_look_up_walks_the_log(
    log: DistrictLog, plans: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.stores.sqlite.ledger._INDEXES", {})
    assert isinstance(log.ledger, SqlLedgerRecorder)
    log.ledger.first_rows(["C-1"])
    assert plans == ["SEARCH casecore_events USING PRIMARY KEY (log=?)"]
