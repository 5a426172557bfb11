"""A store of 200 facts, and a vandal who owns its database: what is found without a checkpoint, and what only with one."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
from support.story import CATALOGUE, CLERK, FOOD, HALL, OFFICER, moment
from support.vandal import Vandal

from adapters.district_engine import DistrictEngine
from adapters.district_log import DistrictLog
from adapters.evidence.chain import batch_digest, event_digest, genesis, link
from adapters.evidence.checkpoint import Checkpoint
from adapters.evidence.merkle import Tree
from adapters.testing.opened import open_desk
from casecore import AcceptCase, ApplicantKind, Channel, CompleteStep, ReceiveCase, RouteCase

DISTRICT: Final = "510107"
FACTS: Final = 200
SEEN: Final = 150


# --- given: 20 cases of ten facts each, four appends a case ---


def write(engine: DistrictEngine, cases: range) -> None:
    for n in cases:
        case = f"510107-2025-{n:06}"
        at, noted = moment("2025-03-03 09:00"), moment("2025-03-04 10:00")
        engine.handle(
            ReceiveCase(
                case=case, by=CLERK, at=at, command_id=f'r"{n}\\', hall=HALL, item=FOOD, channel=Channel.WINDOW,
                applicant="李雷", applicant_kind=ApplicantKind.PERSON,
            )
        )  # fmt: skip
        scan = CompleteStep(case=case, by=OFFICER, at=noted, command_id=f"s{n}", name="扫描")
        engine.handle_many([AcceptCase(case=case, by=CLERK, at=at, command_id=f"a{n}"), scan])
        engine.handle(RouteCase(case=case, by=CLERK, at=at, command_id=f"d{n}"))
        engine.handle_many(
            [CompleteStep(case=case, by=OFFICER, at=noted, command_id=f"n{n}.{m}", name=f"step {m}") for m in range(4)]
        )


class Store(NamedTuple):
    """A written store with somebody at its database, and the checkpoint taken when it held 150 facts."""

    log: DistrictLog
    vandal: Vandal
    seen: Checkpoint
    pristine: sqlite3.Connection

    def restored(self) -> bool:
        """Put everything back, page by page."""
        self.pristine.backup(self.vandal.connection)
        return self.bad() is None

    def bad(self) -> int | None:
        """What the store alone shows."""
        return self.log.verify().first_bad_position

    def against(self) -> tuple[int | None, str | None]:
        """What it shows against the checkpoint."""
        return self.log.verify(checkpoints=[self.seen])[2:4]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path}/cases.db"
    with open_desk(url, district=DISTRICT, catalogue=CATALOGUE) as engine:
        write(engine, range(15))
        tree = Tree()
        head = bytes.fromhex(engine.log.verify(tree).head)
        seen = Checkpoint.taken(DISTRICT, tree.size, tree.root(), head, datetime.now(UTC))
        write(engine, range(15, 20))
        assert (seen.size, engine.log.head().position) == (SEEN, FACTS)
        with closing(Vandal(url)) as vandal, closing(sqlite3.connect(":memory:")) as pristine:
            vandal.run("PRAGMA synchronous = OFF")
            vandal.connection.backup(pristine)
            found = Store(engine.log, vandal, seen, pristine)
            assert found.bad() is None
            assert found.against() == (None, None)
            yield found


# --- every byte of every column, flipped in turn ---


class Cell(NamedTuple):
    """A value in a table, and where a change of it is to be found."""

    table: str
    column: str
    key: tuple[str, Any]
    value: Any
    positions: range


EVENT_COLUMNS: Final = (
    "log", "position", "originator_id", "originator_version", "topic", "state", "digest", "recorded_at",
)  # fmt: skip
RECEIPT_COLUMNS: Final = ("log", "command_id", "stream", "version", "event_count", "position", "hash", "recorded_at")
HEAD_COLUMNS: Final = ("log", "position", "hash", "recorded_at")


def cells(vandal: Vandal) -> Iterator[Cell]:
    """Every value of the store: a fact's is found at the fact, a receipt's at its facts, the head's anywhere."""
    for row in vandal.run(f"SELECT {', '.join(EVENT_COLUMNS)} FROM casecore_events"):  # noqa: S608
        for column, value in zip(EVENT_COLUMNS, row, strict=True):
            yield Cell("casecore_events", column, ("position", row[1]), value, range(row[1], row[1] + 1))
    appends = dict(vandal.run("SELECT recorded_at, min(position) FROM casecore_events GROUP BY recorded_at"))
    for row in vandal.run(f"SELECT {', '.join(RECEIPT_COLUMNS)} FROM casecore_receipts"):  # noqa: S608
        for column, value in zip(RECEIPT_COLUMNS, row, strict=True):
            first = appends[row[7]] if column == "hash" else row[5] - row[4] + 1
            yield Cell("casecore_receipts", column, ("command_id", row[1]), value, range(first, row[5] + 1))
    for row in vandal.run(f"SELECT {', '.join(HEAD_COLUMNS)} FROM casecore_heads"):  # noqa: S608
        for column, value in zip(HEAD_COLUMNS, row, strict=True):
            yield Cell("casecore_heads", column, ("1", 1), value, range(1, FACTS + 2))


def with_one_byte_flipped(value: Any) -> Iterator[tuple[str, Any]]:
    """Each byte in turn as another, with the SQL that stores it as the kind it is."""
    raw = value.to_bytes(8, "big", signed=True) if isinstance(value, int) else value
    raw = raw.encode() if isinstance(raw, str) else bytes(raw)
    for index, byte in enumerate(raw):
        flipped = raw[:index] + bytes([byte ^ (1 << index % 8)]) + raw[index + 1 :]
        if isinstance(value, int):
            yield "?", int.from_bytes(flipped, "big", signed=True)
        else:
            yield ("CAST(? AS TEXT)" if isinstance(value, str) else "?"), flipped


def flip_every(store: Store, step: int) -> Counter[str]:
    """Flip every ``step``-th byte of the store, alone, verify, and put it back; what became of each."""
    told: Counter[str] = Counter()
    vandal, turn = store.vandal, 0
    for cell in [*cells(vandal)]:
        (key, of), column = cell.key, cell.column
        for mark, flipped in with_one_byte_flipped(cell.value):
            turn += 1
            if turn % step:
                continue
            try:
                vandal.run(f"UPDATE {cell.table} SET {column} = {mark} WHERE {key} = ?", flipped, of)  # noqa: S608
            except sqlite3.IntegrityError:
                told[f"{cell.table}.{column}: refused by a key of the table"] += 1
                continue
            found = store.bad()
            # What is moved to another position is found where it was, or where it is now.
            places = {*cell.positions, *((flipped, max(flipped, 1)) if column == "position" else ())}
            verdict = "missed" if found is None else "located" if found in places else f"at {found}"
            told[f"{cell.table}.{column}: {verdict}"] += 1
            key_now = flipped if key == column else of
            where = f"CAST({key} AS BLOB) = CAST(? AS BLOB)"
            vandal.run(f"UPDATE {cell.table} SET {column} = ? WHERE {where}", cell.value, key_now)  # noqa: S608
    return told


def test_a_flipped_byte_of_any_column_is_found_where_it_is(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    told = flip_every(store, 211)
    with capsys.disabled():
        print(f"\n{told.total()} bytes flipped: {told_of(told)}")  # noqa: T201 - the figure is what it is for
    assert told.total() > 300
    assert not {verdict for verdict in told if not verdict.endswith(("located", "key of the table"))}
    assert store.bad() is None


@pytest.mark.torture
def test_every_flipped_byte_is_found_where_it_is(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    told = flip_every(store, 1)
    with capsys.disabled():
        print(f"\n{told.total()} bytes flipped: {told_of(told)}")  # noqa: T201
    assert not {verdict for verdict in told if not verdict.endswith(("located", "key of the table"))}
    assert store.bad() is None


def told_of(told: Counter[str]) -> dict[str, int]:
    verdicts: Counter[str] = Counter()
    for verdict, count in told.items():
        verdicts[verdict.partition(": ")[2]] += count
    return dict(verdicts)


# --- rows deleted, swapped, inserted ---


def test_every_row_deleted_is_found_where_it_was(store: Store) -> None:
    for table, place in (("events", "position"), ("receipts", "position - event_count + 1")):
        rows = store.vandal.run(f"SELECT {place}, * FROM casecore_{table}")  # noqa: S608
        for position, *row in rows:
            store.vandal.run(f"DELETE FROM casecore_{table} WHERE {place} = ?", position)  # noqa: S608
            assert store.bad() == position, table
            store.vandal.run(f"INSERT INTO casecore_{table} VALUES (?, ?, ?, ?, ?, ?, ?, ?)", *row)  # noqa: S608
    assert store.bad() is None


def test_any_two_neighbours_swapped_are_found(store: Store) -> None:
    for one in range(1, FACTS):
        for there_and_back in range(2):
            for old, new in ((one, -1), (one + 1, one), (-1, one + 1)):
                store.vandal.set_event("position", old, new)
            if not there_and_back:
                assert store.bad() in {one - 1, one, one + 1}
    assert store.bad() is None


@pytest.mark.parametrize("position", [1, 2, 77, FACTS, FACTS + 1])
def test_a_fact_inserted_anywhere_is_found(store: Store, position: int) -> None:
    (row,) = store.vandal.run("SELECT * FROM casecore_events WHERE position = ?", min(position, FACTS))
    log, _, stream, _, topic, state, _, recorded_at = row
    store.vandal.run("UPDATE casecore_events SET position = -position WHERE position >= ?", position)
    store.vandal.run("UPDATE casecore_events SET position = 1 - position WHERE position < 0")
    forged = (log, position, stream, 99, topic, state, event_digest(stream, 99, topic, state), recorded_at)
    store.vandal.run("INSERT INTO casecore_events VALUES (?, ?, ?, ?, ?, ?, ?, ?)", *forged)
    assert store.bad() in range(position - 1, position + 2)


def test_a_value_of_another_kind_is_found_where_it_is(store: Store) -> None:
    columns = [("events", c, "position = 77", {77}) for c in EVENT_COLUMNS]
    columns += [("receipts", c, "command_id = 'd7'", {74, 75, 76}) for c in RECEIPT_COLUMNS]
    columns += [("heads", c, "1 = 1", {*range(FACTS + 2)}) for c in HEAD_COLUMNS]
    for table, column, where, positions in columns:
        for other in ("'x'", "x'00'", "1.5"):
            store.vandal.run(f"UPDATE casecore_{table} SET {column} = {other} WHERE {where}")  # noqa: S608
            # 1.5 as a position lies where the second fact was expected.
            assert store.bad() in positions | ({2} if column == "position" else set()), (table, column, other)
            assert store.restored()


# --- what only somebody outside the store can tell ---


def recompute(vandal: Vandal) -> None:
    """Put digests, chain, receipts and head right again after a change, as our own code would have written them."""
    running, last = genesis(DISTRICT), (0, 0)
    for (at,) in vandal.run("SELECT DISTINCT recorded_at FROM casecore_events ORDER BY recorded_at"):
        digests = []
        for position, stream, version, topic, state in vandal.run(
            "SELECT position, originator_id, originator_version, topic, state FROM casecore_events WHERE recorded_at = ?"
            " ORDER BY position",
            at,
        ):
            digests.append(event_digest(stream, version, topic, state))
            vandal.set_event("digest", position, digests[-1])
            last = position, at
        running = link(running, batch_digest(digests))
        vandal.run("UPDATE casecore_receipts SET hash = ? WHERE recorded_at = ?", running, at)
    vandal.run("UPDATE casecore_heads SET position = ?, hash = ?, recorded_at = ?", last[0], running, last[1])


def rewrite(position: int) -> Callable[[Vandal], None]:
    def change(vandal: Vandal) -> None:
        state = bytes(vandal.event("state", position)).replace(b"2025", b"2024")
        vandal.set_event("state", position, state)

    return change


def cut(last: int) -> Callable[[Vandal], None]:
    def behead(vandal: Vandal) -> None:
        for table in ("events", "receipts"):
            vandal.run(f"DELETE FROM casecore_{table} WHERE position > ?", last)  # noqa: S608

    return behead


def earlier(vandal: Vandal) -> None:
    """The first append is said to be recorded a second earlier: no digest holds that."""
    for table in ("events", "receipts"):
        vandal.run(f"UPDATE casecore_{table} SET recorded_at = recorded_at - 1000000 WHERE position = 1")  # noqa: S608


@pytest.mark.parametrize(
    ("change", "position", "why"),
    [
        (cut(140), 141, "the log ends at position 140, the checkpoint of {at} saw 150"),
        (cut(0), 1, "the log ends at position 0, the checkpoint of {at} saw 150"),
        (rewrite(1), 1, "positions 1 to 150 are not what the checkpoint of {at} saw"),
        (rewrite(SEEN), 1, "positions 1 to 150 are not what the checkpoint of {at} saw"),
        (earlier, 1, "positions 1 to 150 are not what the checkpoint of {at} saw"),
    ],
    ids=["tail cut off", "all cut off", "first fact rewritten", "last fact seen rewritten", "recorded earlier"],
)
def test_what_was_made_to_fit_is_found_against_the_checkpoint_and_not_without(
    store: Store, change: Callable[[Vandal], None], position: int, why: str
) -> None:
    change(store.vandal)
    recompute(store.vandal)
    assert store.bad() is None
    assert store.against() == (position, why.format(at=store.seen.at))


def test_what_was_changed_after_a_checkpoint_and_made_to_fit_needs_a_later_one(store: Store) -> None:
    rewrite(SEEN + 1)(store.vandal)
    recompute(store.vandal)
    assert store.against() == (None, None)


def test_the_place_is_narrowed_by_the_checkpoints_that_still_hold(store: Store) -> None:
    tree = Tree()
    head = bytes.fromhex(store.log.verify(tree).head)
    later = Checkpoint.taken(DISTRICT, FACTS, tree.root(), head, datetime.now(UTC))
    rewrite(SEEN + 9)(store.vandal)
    recompute(store.vandal)
    found = store.log.verify(checkpoints=[later, store.seen])
    assert (found.first_bad_position, found.why) == (
        151,
        f"positions 151 to 200 are not what the checkpoint of {later.at} saw",
    )


def test_a_command_id_that_has_to_be_escaped_is_found_in_the_stored_bytes(store: Store) -> None:
    assert b'"command_id":"r\\"3\\\\"' in bytes(store.vandal.event("state", 31))
    store.vandal.run("DELETE FROM casecore_receipts WHERE command_id = ?", 'r"3\\')
    assert store.log.verify()[2:4] == (31, 'command r"3\\ has no receipt')
