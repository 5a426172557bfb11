"""What was written cannot be changed unnoticed, and many programs may open an empty store at once."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import cache
from hashlib import sha256
from pathlib import Path
from threading import Timer
from typing import Any, Final

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.postgres_server import DatabaseServer
from support.story import CATALOGUE, CLERK, FOOD, HALL, OFFICER, moment
from support.vandal import Vandal

import adapters
from adapters.district_engine import DistrictEngine
from adapters.evidence.chain import Row, event_digest, genesis, link
from adapters.evidence.verification import Written, verify_log
from adapters.stores.known import store_at
from adapters.stores.migrating import Migration, migrations
from adapters.stores.postgres import append as postgres_append
from adapters.stores.sqlite import ledger as sqlite_ledger
from adapters.testing.opened import open_desk
from casecore import (
    AcceptCase,
    ApplicantKind,
    CasecoreError,
    Channel,
    CompleteStep,
    Envelope,
    Receipt,
    ReceiveCase,
    RouteCase,
    StepCompleted,
)

DISTRICT: Final = "510107"
A, B = "510107-2025-000001", "510107-2025-000002"
LAST: Final = 9
"""Last position of the log below."""
APPENDS: Final = ((1,), (2,), (3, 4), (5, 6, 7), (8,), (9,))
"""Its positions, append by append."""
FIRST_OF_APPEND: Final = {position: append[0] for append in APPENDS for position in append}


# --- given: a log of six appends, and a vandal with access to its database ---


def receive(case: str, command_id: str) -> ReceiveCase:
    return ReceiveCase(
        case=case,
        by=CLERK,
        at=moment("2025-03-03 09:00"),
        command_id=command_id,
        hall=HALL,
        item=FOOD,
        channel=Channel.WINDOW,
        applicant="李雷",
        applicant_kind=ApplicantKind.PERSON,
    )


def accept(case: str, command_id: str) -> AcceptCase:
    return AcceptCase(case=case, by=CLERK, at=moment("2025-03-03 10:00"), command_id=command_id)


def note(case: str, command_id: str) -> CompleteStep:
    return CompleteStep(case=case, by=OFFICER, at=moment("2025-03-04 10:00"), command_id=command_id, name="scan")


def write_a_log(engine: DistrictEngine) -> None:
    """Six appends: the third carries two commands, the fourth one command with three facts."""
    engine.handle(receive(A, "k1"))
    engine.handle(accept(A, "k2"))
    engine.handle_many((receive(B, "k3"), accept(B, "k4")))
    engine.handle(RouteCase(case=A, by=CLERK, at=moment("2025-03-04 09:00"), command_id="k5"))
    engine.handle(note(A, "k6"))
    last = engine.handle(note(B, "k7"))
    assert isinstance(last, Receipt)
    assert last.position == LAST


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database that somebody could get at."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/cases.db"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def vandal(url: str) -> Iterator[Vandal]:
    """The log is written, and all is well with it."""
    with open_desk(url, district=DISTRICT, catalogue=CATALOGUE) as engine:
        write_a_log(engine)
        assert engine.log.verify()[2:4] == (None, None)
    with closing(Vandal(url)) as found:
        yield found


def insert(v: Vandal, position: int, stream: str, version: int, recorded_at: int) -> None:
    """A forged fact, its digest right."""
    topic, state = v.event("topic", 8), bytes(v.event("state", 8))
    digest = event_digest(stream, version, topic, state)
    v.run(
        "INSERT INTO casecore_events VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        *(DISTRICT, position, stream, version, topic, state, digest, recorded_at),
    )


def flipped(value: bytes) -> bytes:
    """One bit of one byte is another."""
    raw = bytes(value)
    middle = len(raw) // 2
    return raw[:middle] + bytes([raw[middle] ^ 1]) + raw[middle + 1 :]


# --- every change is found where it was made ---


def flip_event(column: str, position: int) -> Callable[[Vandal], None]:
    return lambda v: v.set_event(column, position, flipped(v.event(column, position)))


def rewrite_with_digest(position: int) -> Callable[[Vandal], None]:
    """Change a fact, and put the digest right again."""

    def rewrite(v: Vandal) -> None:
        stream, version, topic = (v.event(c, position) for c in ("originator_id", "originator_version", "topic"))
        state = bytes(v.event("state", position)).replace(b"2025", b"2024")
        v.set_event("state", position, state)
        v.set_event("digest", position, event_digest(stream, version, topic, state))

    return rewrite


def later(*positions: int) -> Callable[[Vandal], None]:
    def delay(v: Vandal) -> None:
        for position in positions:
            v.set_event("recorded_at", position, v.event("recorded_at", position) + 1)

    return delay


def delete(*positions: int, receipts: Sequence[str] = ()) -> Callable[[Vandal], None]:
    def cut(v: Vandal) -> None:
        for position in positions:
            v.run("DELETE FROM casecore_events WHERE position = ?", position)
        for command_id in receipts:
            v.run("DELETE FROM casecore_receipts WHERE command_id = ?", command_id)

    return cut


def swap(one: int, other: int, *, times_too: bool = True) -> Callable[[Vandal], None]:
    """Two rows change places, with the time they were recorded at or without it."""

    def exchange(v: Vandal) -> None:
        times = v.event("recorded_at", one), v.event("recorded_at", other)
        v.set_event("position", one, -1)
        v.set_event("position", other, one)
        v.set_event("position", -1, other)
        if not times_too:
            v.set_event("recorded_at", one, times[0])
            v.set_event("recorded_at", other, times[1])

    return exchange


def insert_within(position: int) -> Callable[[Vandal], None]:
    """Make room, and put a fact between two."""

    def squeeze(v: Vandal) -> None:
        for moved in range(LAST, position - 1, -1):
            v.set_event("position", moved, moved + 1)
        insert(v, position, "forged", 1, v.event("recorded_at", position + 1))

    return squeeze


def set_head_back(position: int, command_id: str) -> Callable[[Vandal], None]:
    """Cut the tail off and have the head agree; the receipts are forgotten."""

    def behead(v: Vandal) -> None:
        v.run("DELETE FROM casecore_events WHERE position > ?", position)
        v.run("UPDATE casecore_heads SET position = ?, hash = ?", position, v.receipt("hash", command_id))

    return behead


def forge_receipt(command_id: str, position: int) -> Callable[[Vandal], None]:
    """A receipt for a command nobody gave, as like its neighbours as can be."""

    def forge(v: Vandal) -> None:
        at, link_ = v.receipt("recorded_at", "k5"), bytes(v.receipt("hash", "k5"))
        v.run(
            "INSERT INTO casecore_receipts VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            DISTRICT,
            command_id,
            A,
            5,
            1,
            position,
            link_,
            at,
        )

    return forge


TAMPERINGS: Final[list[tuple[str, Callable[[Vandal], None], set[int]]]] = [
    ("a byte of the first fact", flip_event("state", 1), {1}),
    ("a byte of a fact", flip_event("state", 2), {2}),
    ("a byte of a fact in the middle of an append", flip_event("state", 6), {6}),
    ("a byte of the last fact", flip_event("state", LAST), {LAST}),
    ("a byte of a digest", flip_event("digest", 4), {4}),
    ("a name", lambda v: v.set_event("topic", 5, "case.voided.v1"), {5}),
    ("a version", lambda v: v.set_event("originator_version", 8, 77), {8}),
    ("the case of a fact", lambda v: v.set_event("originator_id", 8, "somebody else's"), {8}),
    ("a fact and its digest", rewrite_with_digest(2), {2}),
    ("a fact and its digest in the middle of an append", rewrite_with_digest(6), {5, 6, 7}),
    ("the last fact and its digest", rewrite_with_digest(LAST), {LAST}),
    ("when a fact was recorded", later(8), {8}),
    ("when the last fact was recorded", later(LAST), {LAST}),
    ("when one fact of an append was recorded", later(6), {5, 6, 7}),
    ("when a whole append was recorded", later(5, 6, 7), {5}),
    ("no first fact", delete(1), {1}),
    ("no second fact", delete(2), {2}),
    ("a fact fewer in the middle of an append", delete(6), {6}),
    ("an append fewer", delete(5, 6, 7, receipts=["k5"]), {5}),
    ("neighbours changed places", swap(8, 9), {8}),
    ("neighbours changed places but for the time", swap(8, 9, times_too=False), {8}),
    ("facts of two appends changed places", swap(2, 3), {2}),
    ("facts of one append changed places", swap(3, 4), {3, 4}),
    ("facts of one command changed places", swap(5, 7), {5}),
    ("a fact more at the end", lambda v: insert(v, LAST + 1, A, 7, 2**60), {LAST + 1}),
    ("a fact more far behind the end", lambda v: insert(v, LAST + 5, A, 7, 2**60), {LAST + 1}),
    ("a fact more between two", insert_within(3), {3}),
    ("a fact more before the first", lambda v: insert(v, 0, A, 7, 1), {0}),
    ("a fact more far before the first", lambda v: insert(v, -5, A, 7, 1), {-5}),
    ("the last fact cut off", delete(LAST), {LAST}),
    ("the last two facts cut off", delete(8, 9), {8}),
    ("the tail cut off with its receipts", delete(8, 9, receipts=["k6", "k7"]), {8}),
    ("the tail cut off and the head set back", set_head_back(7, "k5"), {8}),
    ("everything cut off", delete(*range(1, LAST + 1), receipts=[f"k{n}" for n in range(1, 8)]), {1}),
    ("a receipt's hash", lambda v: v.set_receipt("hash", "k2", flipped(v.receipt("hash", "k2"))), {2}),
    ("the hash of one of two receipts", lambda v: v.set_receipt("hash", "k3", flipped(v.receipt("hash", "k3"))), {3}),
    ("the last receipt's hash", lambda v: v.set_receipt("hash", "k7", flipped(v.receipt("hash", "k7"))), {LAST}),
    ("a receipt's time", lambda v: v.set_receipt("recorded_at", "k6", 7), {8}),
    ("a receipt's position", lambda v: v.set_receipt("position", "k6", LAST), {8, LAST}),
    ("the first receipt's position", lambda v: v.set_receipt("position", "k1", -3), {1}),
    ("a receipt's position before the first", lambda v: v.set_receipt("position", "k6", -3), {1}),
    ("a receipt's position beyond the end", lambda v: v.set_receipt("position", "k6", LAST + 1), {8}),
    ("a receipt's case", lambda v: v.set_receipt("stream", "k6", B), {8}),
    ("a receipt's version", lambda v: v.set_receipt("version", "k5", 4), {7}),
    ("a receipt's number of events", lambda v: v.set_receipt("event_count", "k5", 2), {7}),
    ("a receipt's command", lambda v: v.set_receipt("command_id", "k4", "k8"), {4}),
    ("no first receipt", delete(receipts=["k1"]), {1}),
    ("no receipt for the second command of an append", delete(receipts=["k4"]), {4}),
    ("no last receipt", delete(receipts=["k7"]), {LAST}),
    ("a receipt more for the last fact", forge_receipt("forged", LAST), {LAST}),
    ("a receipt more for a fact of another command", forge_receipt("forged", 6), {5, 6}),
    ("a receipt more before the first", forge_receipt("forged", 0), {1}),
    ("a receipt more beyond the end", forge_receipt("forged", LAST + 1), {LAST + 1}),
    ("when the head was moved", lambda v: v.run("UPDATE casecore_heads SET recorded_at = 7"), {LAST}),
    ("the head's hash", lambda v: v.run("UPDATE casecore_heads SET hash = ?", bytes(32)), {LAST, LAST + 1}),
    ("the head's position", lambda v: v.run("UPDATE casecore_heads SET position = 8"), {LAST}),
    ("no head", lambda v: v.run("DELETE FROM casecore_heads"), {1}),
    ("the head's position ahead", lambda v: v.run("UPDATE casecore_heads SET position = 12"), {LAST + 1}),
]


@pytest.mark.parametrize(
    ("tamper", "positions"), [pytest.param(tamper, positions, id=name) for name, tamper, positions in TAMPERINGS]
)
def test_every_change_is_found_where_it_was_made(
    url: str, vandal: Vandal, tamper: Callable[[Vandal], None], positions: set[int]
) -> None:
    tamper(vandal)
    with store_at(url).log(DISTRICT) as log:
        found = log.verify()
    assert found.why
    assert found.first_bad_position in positions


def test_a_log_nobody_touched_verifies_again_and_again(url: str, vandal: Vandal) -> None:
    hashes = set()
    for _ in range(3):
        with store_at(url).log(DISTRICT) as log:
            found = log.verify()
            assert (found.events, found.first_bad_position, found.why) == (LAST, None, None)
            assert found.head == log.head().hash
            hashes.add(found.head)
    assert len(hashes) == 1
    assert vandal.run("SELECT count(*) FROM casecore_events") == [(LAST,)]


def test_a_change_undone_is_no_change(url: str, vandal: Vandal) -> None:
    flip_event("state", 6)(vandal)
    flip_event("state", 6)(vandal)
    with store_at(url).log(DISTRICT) as log:
        assert log.verify().why is None


def test_a_change_in_one_district_does_not_touch_another(url: str, vandal: Vandal) -> None:
    with open_desk(url, district="510108", catalogue=CATALOGUE) as there:
        write_a_log(there)
    vandal.run("UPDATE casecore_events SET topic = 'x' WHERE log = ? AND position = 4", DISTRICT)
    with store_at(url).log(DISTRICT) as here, store_at(url).log("510108") as there_again:
        assert here.verify().first_bad_position == 4
        assert there_again.verify().why is None


def test_an_empty_log_verifies_on_every_store(store_url: str) -> None:
    with store_at(store_url).log(DISTRICT) as log:
        assert tuple(log.verify())[:4] == (0, genesis(DISTRICT).hex(), None, None)


def test_a_log_longer_than_a_page_verifies(store_url: str) -> None:
    with open_desk(store_url, district=DISTRICT, catalogue=CATALOGUE) as engine:
        engine.handle(receive(A, "k1"))
        for start in range(0, 4500, 900):
            engine.handle_many([note(A, f"n{n}") for n in range(start, start + 900)])
        found = engine.log.verify()
        assert (found.events, found.why) == (4501, None)


# --- the chain is what its description says ---


def test_anybody_can_compute_the_chain_by_hand(store_url: str) -> None:
    with open_desk(store_url, district=DISTRICT, catalogue=CATALOGUE) as engine:
        write_a_log(engine)
        rows, head = engine.log.ledger.rows(0, 100), engine.log.head()
    running = sha256(b"casecore" + DISTRICT.encode()).digest()
    for positions in APPENDS:
        digests = b""
        for row in (rows[position - 1] for position in positions):
            stream, topic = row.stream.encode(), row.topic.encode()
            text = f"{len(stream)}:{row.stream},{row.version},{len(topic)}:{row.topic},"
            digest = sha256(text.encode() + row.state).digest()
            assert row.digest == digest
            digests += digest
        running = sha256(running + sha256(digests).digest()).digest()
    assert head.hash == running.hex()


def first_bad(found: Written) -> int | None:
    return verify_log(DISTRICT, found).first_bad_position


@cache
def written() -> Written:
    with open_desk("memory:", district=DISTRICT, catalogue=CATALOGUE) as engine:
        write_a_log(engine)
        with engine.log.ledger.written() as found:
            return Written(found.head, [Row(*row) for row in found.rows], [*found.receipts])


def rows_written() -> list[Row]:
    return [*map(Row._make, written().rows)]


OTHER_VALUES: Final[dict[str, st.SearchStrategy[Any]]] = {
    "position": st.integers(),
    "stream": st.sampled_from([A, B, "", "x"]),
    "version": st.integers(),
    "topic": st.text(max_size=5),
    "state": st.binary(max_size=5),
    "digest": st.binary(max_size=33),
    "recorded_at": st.integers(min_value=0) | st.builds(lambda n: rows_written()[n].recorded_at, st.integers(0, LAST - 1)),
}


def test_a_walk_over_everything_as_it_was_written_finds_nothing() -> None:
    assert first_bad(written()) is None


@given(st.data())
def test_any_other_value_in_any_row_is_found(data: st.DataObject) -> None:
    rows = rows_written()
    index = data.draw(st.integers(0, LAST - 1))
    column = data.draw(st.sampled_from(Row._fields))
    before = getattr(rows[index], column)
    rows[index] = rows[index]._replace(**{column: data.draw(OTHER_VALUES[column].filter(lambda v: v != before))})
    assert first_bad(written()._replace(rows=rows)) is not None


@given(st.permutations(range(LAST)))
def test_any_other_order_is_found(order: list[int]) -> None:
    rows = [rows_written()[index] for index in order]
    assert (first_bad(written()._replace(rows=rows)) is None) == (order == sorted(order))


@given(st.sets(st.integers(1, LAST), min_size=1))
def test_any_rows_missing_are_found_within_the_append_of_the_first_of_them(missing: set[int]) -> None:
    rows = [row for row in rows_written() if row.position not in missing]
    found = first_bad(written()._replace(rows=rows))
    assert found in {min(missing), FIRST_OF_APPEND[min(missing)]}


def test_a_receipt_for_what_is_not_there_is_found() -> None:
    head, _, receipts = written()
    receipts = [*receipts]
    shorter = Written(
        head._replace(position=7, hash=receipts[4][5], recorded_at=receipts[4][6]), rows_written()[:7], receipts
    )
    assert first_bad(shorter._replace(receipts=receipts[:5])) is None
    assert first_bad(shorter) == 8


# --- facts without receipts, as the library saves them ---


@pytest.fixture
def saved(url: str) -> Iterator[Vandal]:
    """Three appends of one fact each."""
    with store_at(url).log(DISTRICT) as log:
        for version in (1, 2, 3):
            log.save(Envelope(A, version, StepCompleted(at=moment("2025-03-03 09:00"), by=CLERK, name="scan")))
        assert log.verify().why is None
    with closing(Vandal(url)) as found:
        yield found


@pytest.mark.parametrize("position", [2, 3])
def test_a_fact_said_to_be_recorded_before_the_one_that_precedes_it_is_found(url: str, saved: Vandal, position: int) -> None:
    saved.set_event("recorded_at", position, saved.event("recorded_at", position - 1) - 1)
    with store_at(url).log(DISTRICT) as log:
        assert log.verify().first_bad_position == position


def test_a_version_left_out_is_found_where_the_case_goes_on(
    url: str, saved: Vandal, monkeypatch: pytest.MonkeyPatch
) -> None:
    for append in (sqlite_ledger, postgres_append):  # as programs of before wrote, which left gaps
        monkeypatch.setattr(append, "standing_before", lambda _: ())
    with store_at(url).log(DISTRICT) as log:
        log.save(Envelope(A, 5, StepCompleted(at=moment("2025-03-03 09:00"), by=CLERK, name="scan")))
        assert log.verify().first_bad_position == 4
    assert saved.run("SELECT count(*) FROM casecore_receipts") == [(0,)]


def test_a_fact_without_a_receipt_is_bound_by_the_head(url: str, saved: Vandal) -> None:
    rewrite_with_digest(2)(saved)
    with store_at(url).log(DISTRICT) as log:
        assert log.verify().why is not None


# --- what the chain is made of ---


def test_the_same_facts_in_other_appends_make_another_chain() -> None:
    one, two, start = sha256(b"1").digest(), sha256(b"2").digest(), genesis(DISTRICT)
    together = link(start, sha256(one + two).digest())
    apart = link(link(start, sha256(one).digest()), sha256(two).digest())
    assert together != apart


# --- migrations ---

OPEN_AND_WRITE: Final = """
import sys
from datetime import UTC, datetime
from adapters.testing.opened import open_desk
from casecore import Catalogue, History, Source, StepCompleted

name = sys.argv[1]
step = StepCompleted(at=datetime(2025, 3, 3, tzinfo=UTC), by="x", name=name)
print("ready", flush=True)
for url in sys.stdin:
    with open_desk(url.strip(), district="510107", catalogue=Catalogue([])) as engine:
        (receipt,) = engine.record([History("shared", name, (step,), Source("x", "x", 1))])
    print(receipt.position, flush=True)
"""
PROCESSES: Final = 8


class Program:
    """Another process that opens databases it is told of, and writes one fact to each."""

    def __init__(self, name: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", OPEN_AND_WRITE, name],
            cwd=Path(adapters.__file__).parents[1],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            bufsize=1,
        )

    def tell(self, url: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{url}\n")

    def hear(self) -> str:
        """One word; anything else is the beginning of its end."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line.strip().isalnum(), line + self._process.stdout.read()
        return line.strip()

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()


def all_at_once(urls: Sequence[str]) -> list[set[str]]:
    """Have many programs open one empty database after the other, each time together; what they say to each."""
    programs = [Program(f"p{n}") for n in range(PROCESSES)]
    try:
        assert {program.hear() for program in programs} == {"ready"}
        answers = []
        for url in urls:
            for program in programs:
                program.tell(url)
            answers.append({program.hear() for program in programs})
        return answers
    finally:
        for program in programs:
            program.end()


def applied(vandal: Vandal) -> list[tuple[int, str]]:
    return [(int(n), str(name)) for n, name in vandal.run("SELECT number, name FROM casecore_migrations ORDER BY number")]


def wanted(url: str) -> list[tuple[int, str]]:
    return [
        (step.number, step.name)
        for step in migrations(f"adapters.stores.{'sqlite' if url.startswith('sqlite') else 'postgres'}")
    ]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[str]]:
    """Some empty databases, where one might hide a race."""
    if request.param == "sqlite":
        yield [f"sqlite:///{tmp_path}/{n}.db" for n in range(6)]
        return
    server: DatabaseServer = request.getfixturevalue("postgres_server")
    urls = [server.create_database() for _ in range(3)]
    yield urls
    for url in urls:
        server.drop_database(url)


def test_many_programs_open_an_empty_database_at_once_and_each_migration_is_applied_once(
    empty_urls: list[str],
) -> None:
    positions = {str(n) for n in range(1, PROCESSES + 1)}
    assert all_at_once(empty_urls) == [positions] * len(empty_urls)
    for url in empty_urls:
        with closing(Vandal(url)) as found:
            assert applied(found) == wanted(url)
            assert found.run("SELECT log, position FROM casecore_heads") == [(DISTRICT, PROCESSES)]
        with store_at(url).log(DISTRICT) as log:
            assert log.verify().why is None


def test_opening_an_empty_file_waits_for_the_program_that_is_just_writing_to_it(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "cases.db", isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        release = Timer(0.2, other.execute, ["ROLLBACK"])
        release.start()
        try:
            with store_at(f"sqlite:///{tmp_path}/cases.db").log(DISTRICT) as log:
                assert log.head().position == 0
        finally:
            release.join()


def test_opening_again_changes_nothing(url: str, vandal: Vandal) -> None:
    before = applied(vandal), vandal.run("SELECT log, position FROM casecore_heads")
    for _ in range(2):
        open_desk(url, district=DISTRICT, catalogue=CATALOGUE).close()
    assert (applied(vandal), vandal.run("SELECT log, position FROM casecore_heads")) == before
    assert before[0] == wanted(url)


def test_opening_and_reading_an_empty_log_writes_nothing_to_it(url: str) -> None:
    with open_desk(url, district=DISTRICT, catalogue=CATALOGUE) as engine:
        assert engine.log.verify().events == 0
        assert list(engine.follow()) == engine.history(A) == []
    with closing(Vandal(url)) as found:
        assert found.run("SELECT * FROM casecore_heads") == []


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_migrations_are_numbered_from_one_without_gaps(kind: str) -> None:
    steps = migrations(f"adapters.stores.{kind}")
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))
    assert all(step.statements for step in steps)


def test_both_databases_have_the_same_migrations_but_for_functions() -> None:
    function = ["guarded_reads"]  # on SQLite the append asks for itself, under the write lock
    here, there = ([name for _, name in wanted(url)] for url in ("sqlite:", "postgresql:"))
    assert here == [name for name in there if name not in function]


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    url: str, vandal: Vandal, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Migration(len(wanted(url)) + 1, "broken", ("CREATE TABLE half_done (x bigint)", "CREATE NONSENSE"))
    with monkeypatch.context() as patched:
        patched.setattr("adapters.stores.migrating.migrations", lambda package: (*migrations(package), broken))
        with pytest.raises(CasecoreError, match="NONSENSE"):
            open_desk(url, district=DISTRICT, catalogue=CATALOGUE)
    assert applied(vandal) == wanted(url)
    with pytest.raises((sqlite3.Error, psycopg.Error)):
        vandal.run("SELECT * FROM half_done")
    with store_at(url).log(DISTRICT) as log:
        assert log.verify().events == LAST


def test_a_migration_that_comes_later_is_applied_to_a_database_in_use(
    url: str, vandal: Vandal, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = Migration(len(wanted(url)) + 1, "more", ("CREATE TABLE added_later (x bigint)",))
    monkeypatch.setattr("adapters.stores.migrating.migrations", lambda package: (*migrations(package), more))
    for _ in range(2):
        open_desk(url, district=DISTRICT, catalogue=CATALOGUE).close()
    assert applied(vandal) == [*wanted(url), (more.number, "more")]
    assert vandal.run("SELECT * FROM added_later") == []
