"""Many writers and readers at once: positions 1 … n in one order for everybody, and nobody waits for another district."""

import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from itertools import pairwise
from pathlib import Path
from threading import Barrier
from typing import Final

import psycopg
import pytest
from support.oracle import DISTRICT, opened
from support.postgres_server import DatabaseServer, PostgresServer
from support.victims import Answered, Seen, Victim, append, append_plainly, join, patiently, received, tail, tail_plainly

from casecore import CompleteStep, Receipt

WAIT_SECONDS: Final = 600
END: Final = "end"
COMMON: Final = ("common-0", "common-1", "common-2")
DISTRICTS: Final = ("110101", "310101", "440106", "510114")
PLAIN: Final = "CREATE TABLE plain (id bigserial PRIMARY KEY, what text NOT NULL)"


@contextmanager
def _ended(victims: Sequence[Victim]) -> Iterator[None]:
    try:
        yield
    finally:
        for victim in victims:
            victim.end()


def _write_and_tail(url: str, writers: int, commands: int, readers: int, chance: random.Random) -> None:
    """So many commands in all, tailed while they are written; then everything is compared with everything."""
    share = commands // writers
    with closing(opened(url)) as engine:
        engine.handle_many([received(case) for case in COMMON])
        tails = [Victim(tail, url, n % 2 == 0, END) for n in range(readers)]
        heads = [Victim(append, url, DISTRICT, f"w{n}", share, COMMON, chance.getrandbits(32)) for n in range(writers)]
        with _ended([*tails, *heads]):
            assert {victim.hear() for victim in (*tails, *heads)} == {"ready"}
            began = time.monotonic()
            _begin(heads)
            acknowledged: list[Answered] = [answer for writer in heads for answer in writer.hear(WAIT_SECONDS)]
            seconds = time.monotonic() - began
            engine.handle(received(END))
            seen: list[list[Seen]] = [reader.hear(WAIT_SECONDS) for reader in tails]
        whole = engine.log.verify()
        log = [Seen(fact.position, fact.stream, fact.version, fact.envelope.command_id) for fact in engine.follow()]
        kept = engine.log.receipts([answer.command_id for answer in acknowledged])
    missed = [len(set(log) - set(read)) for read in seen]
    twice = [len(read) - len(set(read)) for read in seen]
    disordered = [sum(a.position >= b.position for a, b in pairwise(read)) for read in seen]
    gaps = sum(fact.position != n for n, fact in enumerate(log, 1))
    lost = sum(not _holds(log, kept, answer) for answer in acknowledged)
    doubled = sum(n - 1 for n in Counter(fact.command_id for fact in log).values())
    print(  # noqa: T201 - the figures of a harness are its point
        f"{writers} writers, {len(acknowledged)} acknowledgements, {len(log)} facts in {seconds:.1f} s, {readers} readers:"
        f" missed {missed}, twice {twice}, out of order {disordered}, gaps {gaps}, lost {lost}, doubled {doubled};"
        f" chain of {whole.events}: {whole.why or 'whole'}; retries {sum(answer.retries for answer in acknowledged)}"
    )
    assert len(acknowledged) == share * writers > 0
    assert (gaps, lost, doubled, whole.why) == (0, 0, 0, None)
    assert (missed, twice, disordered) == ([0] * readers, [0] * readers, [0] * readers)
    assert all(read == log for read in seen)
    assert len(log) == len(acknowledged) + len(COMMON) + 1


def _begin(heads: Sequence[Victim]) -> None:
    for writer in heads:
        writer.wire.send("begin")


def _holds(log: Sequence[Seen], kept: dict[str, Receipt], answer: Answered) -> bool:
    fact, receipt = log[answer.position - 1], kept.get(answer.command_id)
    return fact.command_id == answer.command_id and receipt is not None and receipt.hash == answer.hash


def test_four_readers_miss_nothing_eight_processes_write_on_postgresql(postgres_url: str, chance: random.Random) -> None:
    _write_and_tail(postgres_url, 8, 400, 4, chance)


def test_four_readers_miss_nothing_four_processes_write_on_sqlite(tmp_path: Path, chance: random.Random) -> None:
    _write_and_tail(f"sqlite:///{tmp_path}/cases.db", 4, 200, 4, chance)


@pytest.mark.torture
def test_twenty_thousand_commands_by_eight_processes_on_postgresql(
    own_server: PostgresServer, chance: random.Random
) -> None:
    _write_and_tail(own_server.create_database(), 8, 20_000, 4, chance)


@pytest.mark.torture
def test_twenty_thousand_commands_by_four_processes_on_sqlite(tmp_path: Path, chance: random.Random) -> None:
    _write_and_tail(f"sqlite:///{tmp_path}/cases.db", 4, 20_000, 4, chance)


def test_readers_of_a_plain_bigserial_miss_what_eight_processes_write(postgres_url: str, chance: random.Random) -> None:
    """The control: numbers are given before the commit, so a reader may pass one that is not to be seen yet."""
    with closing(psycopg.connect(postgres_url, autocommit=True)) as connection:
        connection.execute(PLAIN)
        tails = [Victim(tail_plainly, postgres_url, END) for _ in range(4)]
        heads = [Victim(append_plainly, postgres_url, 100, chance.getrandbits(32)) for _ in range(8)]
        with _ended([*tails, *heads]):
            assert {victim.hear() for victim in (*tails, *heads)} == {"ready"}
            _begin(heads)
            written = sum(writer.hear() for writer in heads)
            connection.execute("INSERT INTO plain (what) VALUES (%s)", (END,))
            seen: list[list[int]] = [reader.hear() for reader in tails]
        rows = {number for (number,) in connection.execute("SELECT id FROM plain")}
    missed = [len(rows - set(read)) for read in seen]
    print(f"control: of {written} rows of a plain bigserial the readers missed {missed}")  # noqa: T201
    assert len(rows) == written + 1
    assert sum(missed) > 0


def _join(urls: Sequence[str], processes: int) -> None:
    """Have as many processes open each empty store at once, and write one fact."""
    joiners = [Victim(join, f"j{n}") for n in range(processes)]
    with _ended(joiners):
        assert {joiner.hear() for joiner in joiners} == {"ready"}
        for url in urls:
            for joiner in joiners:
                joiner.wire.send(url)
            assert {joiner.hear() for joiner in joiners} == set(range(1, processes + 1))
    print(f"{processes} processes began {len(urls)} empty stores at once")  # noqa: T201


@pytest.mark.torture
def test_eight_processes_begin_on_an_empty_database_at_once(postgres_server: DatabaseServer) -> None:
    urls = [postgres_server.create_database() for _ in range(25)]
    _join(urls, 8)
    for url in urls:
        postgres_server.drop_database(url)


@pytest.mark.torture
def test_eight_processes_begin_on_an_empty_file_at_once(tmp_path: Path) -> None:
    _join([f"sqlite:///{tmp_path}/{n}.db" for n in range(25)], 8)


@pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
def test_threads_of_one_process_share_one_engine(store_url: str) -> None:
    threads, commands = 8, 12
    with closing(opened(store_url)) as engine:
        engine.handle(received("shared"))
        together = Barrier(threads)

        def work(name: str) -> list[Receipt]:
            together.wait()
            steps = [_step("shared", f"{name}-{n}") for n in range(commands)]
            return [patiently(lambda: engine.handle(step))[0] for step in steps]  # type: ignore[misc]  # noqa: B023

        with ThreadPoolExecutor(threads) as pool:
            receipts = [receipt for found in pool.map(work, map(str, range(threads))) for receipt in found]

        facts = list(engine.follow())
        assert [fact.position for fact in facts] == list(range(1, threads * commands + 2))
        assert {r.position: r.command_id for r in receipts} == {f.position: f.envelope.command_id for f in facts[1:]}
        assert engine.log.verify().why is None


@pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
def test_districts_written_at_the_same_time_keep_a_log_each(store_url: str, chance: random.Random) -> None:
    heads = []
    with ExitStack() as stack:
        engines = [stack.enter_context(opened(store_url, district)) for district in DISTRICTS]
        for engine in engines:
            engine.handle_many([received(case) for case in COMMON])
            heads += [
                Victim(append, store_url, engine.district, f"w{n}", 15, COMMON, chance.getrandbits(32)) for n in range(2)
            ]
        with _ended(heads):
            assert {writer.hear() for writer in heads} == {"ready"}
            _begin(heads)
            answers: list[list[Answered]] = [writer.hear(WAIT_SECONDS) for writer in heads]
        for n, engine in enumerate(engines):
            facts = list(engine.follow())
            mine = [answer for found in answers[2 * n : 2 * n + 2] for answer in found]
            assert [fact.position for fact in facts] == list(range(1, len(COMMON) + 2 * 15 + 1))
            assert {answer.command_id for answer in mine} == {f.envelope.command_id for f in facts[len(COMMON) :]}
            assert engine.log.verify().why is None


def test_a_district_waits_for_no_other(postgres_url: str) -> None:
    with opened(postgres_url, "110101") as held, opened(postgres_url, "310101") as free, ThreadPoolExecutor(2) as pool:
        held.handle(received("case"))
        free.handle(received("case"))
        with psycopg.connect(postgres_url) as other:
            other.execute("SELECT 1 FROM casecore_heads WHERE log = '110101' FOR UPDATE")
            waiting = pool.submit(held.handle, _step("case", "waits"))
            _wait_for_a_lock(postgres_url)

            passing = pool.submit(free.handle, _step("case", "passes"))

            assert isinstance(passing.result(10), Receipt)
            assert not waiting.done()

        assert isinstance(waiting.result(10), Receipt)


def _wait_for_a_lock(url: str) -> None:
    """Until a session of this database waits for a lock of another."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    deadline = time.monotonic() + 10
    with psycopg.connect(url, autocommit=True) as connection:
        while connection.execute(waiting).fetchone() == (0,):
            assert time.monotonic() < deadline, "nobody waits"
            time.sleep(0.01)


def _step(case: str, command_id: str) -> CompleteStep:
    return CompleteStep(case=case, by="clerk", name="step", command_id=command_id)
