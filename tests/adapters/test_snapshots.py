"""Snapshots (存档): the file of a long stream kept beside the log changes no answer, and nothing false is believed."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.made_up import whatever

from adapters import open_engine
from adapters import snapshots as kept_beside
from adapters.district_engine import DistrictEngine
from adapters.district_log import DistrictLog
from adapters.evidence.verification import Verification
from adapters.file_wire import written_file
from adapters.ledger import Snapshot
from adapters.sql_ledger import SqlLedgerRecorder
from adapters.stores.memory.ledger import MemoryLedgerRecorder
from adapters.testing.opened import beside, open_desk
from adapters.testing.world import CATALOGUE, CLERK, DISTRICT, A, B, accept, batch, carried, moment, note, receive
from adapters.verifying import verify
from casecore import AdoptBooks, DistrictRule, Engine, Envelope, Receipt, Refused, Unavailable
from casecore import snapshots as worth
from casecore.kind import Kind
from casecore.kinds import KINDS, fold_stream
from casecore.log import Batch, readable
from casecore.snapshots import files_from

FEW: Final = 5
"""So many facts are worth keeping here."""
LATER: Final = tuple(f"later {n}" for n in range(9))


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worth, "WORTH_KEEPING", FEW)


@pytest.fixture
def engine(store_url: str) -> Iterator[DistrictEngine]:
    with open_desk(store_url, district=DISTRICT, catalogue=CATALOGUE) as opened:
        yield opened


@pytest.fixture
def long(engine: DistrictEngine) -> DistrictEngine:
    """A case of eleven facts, of which a snapshot was taken; the engine has forgotten it."""
    carried(engine, receive(A), accept(A))
    engine.log.append([batch("k", A, 2, *LATER)])
    colleague(engine).handle(note("seen"))
    assert snapshot(engine.log).version == 11
    return engine


def colleague(engine: DistrictEngine) -> Engine:
    """An engine on the same log that remembers nothing."""
    return beside(engine)


def snapshot(log: DistrictLog, stream: str = A) -> Snapshot:
    (found,) = log.ledger.snapshots([stream])
    return found


def plant(log: DistrictLog, doctored: Snapshot) -> None:
    """Put a snapshot into the store behind the back of casecore."""
    ledger = log.ledger
    if isinstance(ledger, MemoryLedgerRecorder):
        ledger._snapshots[doctored.stream] = doctored
        return
    assert isinstance(ledger, SqlLedgerRecorder)
    columns = [name for name in Snapshot._fields if name not in {"stream", "log_epoch"}]
    told = ", ".join(f"{name} = :{name}" for name in columns)
    given_ = {name: value for name, value in doctored._asdict().items() if name != "log_epoch"}
    ledger.run(f"UPDATE casecore_snapshots SET {told} WHERE log = :log AND stream = :stream", log=DISTRICT, **given_)  # noqa: S608


def sealed(log: DistrictLog, doctored: Snapshot) -> Snapshot:
    return doctored._replace(seal=log._snapshots._seal(doctored))


def truth(log: DistrictLog, stream: str = A) -> Any:
    return fold_stream(one.event for one in readable(log.history(stream)))


def believed(log: DistrictLog, stream: str = A) -> bool:
    return log.stretches([stream])[stream].kept is not None


# --- what it is for ---


def test_a_command_on_a_long_stream_reads_the_facts_behind_the_snapshot_alone(long: DistrictEngine) -> None:
    stretch = long.log.stretches([A, B, A])
    assert stretch.keys() == {A}
    assert stretch[A].kept is not None
    assert [entry.version for entry in stretch[A].entries] == [12]
    assert colleague(long).file(A) == truth(long.log)
    (receipt,) = carried(colleague(long), note("one more"))
    assert receipt.version == 13


def test_a_snapshot_is_taken_anew_once_as_many_facts_lie_behind_it(long: DistrictEngine) -> None:
    long.log.append([batch("m", A, 12, *LATER[: FEW - 1])])
    carried(colleague(long), note("at the limit"))
    assert snapshot(long.log).version == 11
    carried(colleague(long), note("above it"))
    assert snapshot(long.log).version == 17
    assert colleague(long).file(A) == truth(long.log)


def test_of_a_short_stream_none_is_taken(engine: DistrictEngine) -> None:
    carried(engine, receive(A), accept(A))
    carried(colleague(engine), note("seen"))
    assert engine.log.ledger.snapshot_streams() == []


def test_who_only_looks_takes_none(engine: DistrictEngine) -> None:
    carried(engine, receive(A), accept(A))
    engine.log.append([batch("k", A, 2, *LATER)])
    assert colleague(engine).file(A) == truth(engine.log)
    assert engine.log.ledger.snapshot_streams() == []


def test_a_tick_takes_one_and_goes_on_from_it(engine: DistrictEngine) -> None:
    carried(engine, receive(A), accept(A))
    engine.log.append([batch("k", A, 2, *LATER)])
    first = colleague(engine).tick(moment("2025-03-04 09:00"))
    assert believed(engine.log)
    assert colleague(engine).tick(moment("2025-03-04 09:00")) == first


def test_a_program_that_remembers_a_stream_keeps_it_for_who_begins_after_it(
    engine: DistrictEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worth, "LEAST_STEP", 4)
    carried(engine, receive(A), accept(A), note("third"))
    assert engine.log.ledger.snapshot_streams() == []
    carried(engine, note("fourth"), note("fifth"))
    assert snapshot(engine.log).version == 4
    engine.handle_many([note("sixth"), note("seventh"), note("eighth"), note("ninth")])
    assert snapshot(engine.log).version == 9
    assert colleague(engine).file(A) == truth(engine.log)
    assert engine.log.wrong_snapshots() == ()


def test_what_was_written_stays_done_where_the_file_cannot_be_kept(
    engine: DistrictEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worth, "LEAST_STEP", 1)
    monkeypatch.setattr(engine.log, "history", _unavailable)
    carried(engine, receive(A), accept(A))
    assert engine.log.ledger.snapshot_streams() == []


def test_of_the_books_none_is_taken(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worth, "LEAST_STEP", 1)
    with open_engine(store_url, district=DISTRICT) as engine:
        adopted = engine.handle(AdoptBooks(district=DISTRICT, by=CLERK, rule=DistrictRule(name="another")))
        assert isinstance(adopted, Receipt)
        assert engine.log.ledger.snapshot_streams() == []


def _unavailable(*_: Any) -> Any:
    raise Unavailable("gone")


# --- its presence changes no answer ---


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("store_url", ["memory", "sqlite"], indirect=True)
def test_whatever_history_is_read_with_snapshots_as_without(engine: DistrictEngine, kind: Kind[Any]) -> None:
    streams, log = count(), engine.log

    @settings(max_examples=30)
    @given(st.lists(whatever(kind), min_size=1, max_size=4))
    def told(parts: list[list[Any]]) -> None:
        stream, version = f"{kind.name}-{next(streams)}", 0
        for part in filter(None, parts):
            name = f"{stream}/{version}"
            log.append([Batch(name, stream, tuple(Envelope(stream, version + n, f, name) for n, f in enumerate(part, 1)))])
            version += len(part)
            for _ in range(2):
                assert files_from(log, [stream]) == {stream: truth(log, stream)}

    told()
    assert engine.log.ledger.snapshot_streams(), "some were long enough"
    assert engine.log.wrong_snapshots() == ()


def test_what_is_asked_of_the_past_is_folded_from_the_first_fact(long: DistrictEngine) -> None:
    before = {
        "as_of": colleague(long).file(A, as_of=moment("2025-03-03 09:30")),
        "known_at": colleague(long).file(A, known_at=long.history(A)[0].recorded_at),
    }
    plant(long.log, sealed(long.log, lying(long.log)))
    assert colleague(long).file(A).hall == "another"
    assert colleague(long).file(A, as_of=moment("2025-03-03 09:30")) == before["as_of"]
    assert colleague(long).file(A, known_at=long.history(A)[0].recorded_at) == before["known_at"]
    assert colleague(long).file(A, as_of=moment("2025-03-05 09:30")) == truth(long.log)


def test_deleted_at_any_time_they_are_missed_by_nobody(long: DistrictEngine) -> None:
    ledger = long.log.ledger
    if isinstance(ledger, SqlLedgerRecorder):
        ledger.run("DELETE FROM casecore_snapshots")
    else:
        ledger._snapshots.clear()  # type: ignore[attr-defined]
    assert colleague(long).file(A) == truth(long.log)
    carried(colleague(long), note("once more"))
    assert believed(long.log)


# --- what is not believed ---


def lying(log: DistrictLog) -> Snapshot:
    """The snapshot with another hall in the file."""
    stretch = log.stretches([A])[A]
    assert stretch.kept is not None
    return snapshot(log)._replace(state=written_file(stretch.kept._replace(hall="another")))  # type: ignore[attr-defined]


UNFIT: Final = {
    "of another fact": lambda one: one._replace(digest=bytes(32)),
    "of a fact recorded at another time": lambda one: one._replace(recorded_at=one.recorded_at + 1),
    "of a version the log has not come to": lambda one: one._replace(version=999),
    "of another version than its file": lambda one: one._replace(version=3),
    "of another epoch": lambda one: one._replace(epoch=one.epoch + 1),
    "of another program": lambda one: one._replace(program=bytes(32)),
    "of damaged bytes": lambda one: one._replace(state=one.state[:-1]),
    "of no bytes": lambda one: one._replace(state=b""),
}


@pytest.mark.parametrize("seals", [False, True], ids=["by who cannot seal", "by who seals what he doctored"])
@pytest.mark.parametrize("doctor", UNFIT.values(), ids=UNFIT)
def test_a_snapshot_that_does_not_fit_is_passed_over_and_replaced(long: DistrictEngine, doctor: Any, seals: bool) -> None:  # noqa: FBT001
    doctored = doctor(lying(long.log))
    plant(long.log, sealed(long.log, doctored) if seals else doctored)
    assert not believed(long.log)
    assert colleague(long).file(A) == truth(long.log)
    assert long.log.wrong_snapshots() == ()
    carried(colleague(long), note("replaces it"))
    assert believed(long.log)
    assert colleague(long).file(A) == truth(long.log)


def test_a_snapshot_changed_without_its_seal_is_passed_over(long: DistrictEngine) -> None:
    plant(long.log, lying(long.log))
    assert not believed(long.log)
    assert colleague(long).file(A) == truth(long.log)


def test_in_a_new_epoch_none_of_before_is_believed(long: DistrictEngine) -> None:
    assert believed(long.log)
    long.log.begin_epoch("restore")
    assert not believed(long.log)
    carried(colleague(long), note("replaces it"))
    assert believed(long.log)


def test_by_another_program_none_is_believed(long: DistrictEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_beside, "program", lambda: b"of tomorrow")
    assert not believed(long.log)
    assert colleague(long).file(A) == truth(long.log)


def test_a_file_is_kept_of_no_fact_that_the_log_does_not_hold(long: DistrictEngine) -> None:
    last = long.history(A)[-1]
    gone = last._replace(leaf=bytes(32) + last.leaf[-8:])
    long.log.keep(truth(long.log), gone)
    assert snapshot(long.log).version == 11
    long.log.keep(truth(long.log), last)
    assert snapshot(long.log).version == 12


# --- the control: a doctored state with the right seal is believed, and verify names it ---


def test_verify_names_a_snapshot_that_is_not_what_its_facts_come_to(long: DistrictEngine) -> None:
    assert walked(long).wrong_snapshots == ()
    plant(long.log, sealed(long.log, lying(long.log)))
    assert believed(long.log)
    assert colleague(long).file(A).hall == "another", "a snapshot nobody uses would prove nothing"
    found = walked(long)
    assert (found.first_bad_position, found.wrong_snapshots) == (None, (A,))


def walked(engine: DistrictEngine) -> Verification:
    return verify([engine.log])[DISTRICT]


def test_the_program_is_told_by_the_source_that_folds(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [name for name, _ in kept_beside._sources(kept_beside.files("casecore"), "casecore")]
    assert {"casecore/kinds.py", "casecore/case/acts/trips.py", "casecore/drop_box/file.py"} <= {*names}
    before = kept_beside.program()
    found = kept_beside._sources
    monkeypatch.setattr(kept_beside, "_sources", lambda *where: list(found(*where))[1:])
    assert kept_beside.program.__wrapped__() != before


def test_the_program_is_told_as_it_is_loaded_not_by_what_lies_on_the_disk_later() -> None:
    """An upgrade replaces the source under a program that runs: what that one folds is none of the new program's."""
    told = "from adapters import snapshots; print(snapshots.program.cache_info().currsize)"
    assert subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout == "1\n"


def test_no_command_waits_for_a_writer_to_keep_a_snapshot(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with open_desk(f"sqlite:///{path}", district=DISTRICT, catalogue=CATALOGUE) as engine:
        carried(engine, receive(A), accept(A))
        engine.log.append([batch("k", A, 2, *LATER)])
        with closing(sqlite3.connect(path, isolation_level=None)) as writer:
            writer.execute("BEGIN IMMEDIATE")
            began = monotonic()
            assert isinstance(colleague(engine).handle(receive(A)), Refused)
            assert monotonic() - began < 5, "it asks for the lock, and does not wait for it"
        assert engine.log.ledger.snapshot_streams() == []
        colleague(engine).handle(receive(A))
        assert engine.log.ledger.snapshot_streams() == [A]
