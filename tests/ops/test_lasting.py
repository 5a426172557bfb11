"""What goes on until it is ended: by a signal, at a page's end and with exit code 0; supervised, it waits out an outage."""

import json
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from support.followed import A
from support.postgres_server import PostgresServer
from support.story import received

from adapters import open_engine
from adapters.opening import open_store
from casecore import AcceptanceDeemed, CaseReceived, History, Receipt, Source
from casecore.ticking import BATCH

CASECORE = Path(sys.executable).parent / "casecore"
FACTS: Final = 25_000
PATIENCE: Final = 400.0


def record(url: str, cases: range) -> None:
    """Cases received in March, which nobody has answered."""
    with open_engine(url, district=A) as engine:
        for start in range(cases.start, cases.stop, 1000):
            told = [
                History(
                    f"C-{n:06}", f"k-{n:06}", (received("03-02 09:00", code="bookstore-licence"),), Source("made", "up", n)
                )
                for n in cases[start - cases.start : start - cases.start + 1000]
            ]
            assert all(isinstance(answer, Receipt) for answer in engine.record(told))


@contextmanager
def running(*arguments: str, stderr: Any = subprocess.PIPE) -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen([CASECORE, *arguments], stdout=subprocess.PIPE, stderr=stderr) as started:
        try:
            yield started
        finally:
            started.kill()


def ended(
    one: "subprocess.Popen[bytes]", number: signal.Signals = signal.SIGTERM
) -> tuple[int, bytes, list[dict[str, Any]]]:
    """Exit code, stdout and the lines of the log, once a signal has ended it."""
    one.send_signal(number)
    out, err = one.communicate(timeout=PATIENCE)
    return one.returncode, out, [json.loads(line) for line in (err or b"").decode().splitlines()]


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([CASECORE, *arguments], capture_output=True, text=True, timeout=PATIENCE, check=False)


def until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.01)


def standing(url: str) -> tuple[int, int]:
    """How far the live tables are, and where the log ends."""
    with open_store(url) as opened:
        live = opened.tables.live()
        return (opened.tables.checkpoint(live, A) if live else 0), opened.logs[0].head().position


def asked(file: Path, sql: str, *values: str) -> int:
    """A number out of the file itself, at little cost."""
    with closing(sqlite3.connect(file, timeout=30)) as connection:
        return int(connection.execute(sql, values).fetchone()[0] or 0)


def told(log: list[dict[str, Any]]) -> set[tuple[str, str]]:
    assert all(line["timestamp"] for line in log)
    return {(line["level"], line["event"]) for line in log}


# --- signals ---


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_follow_at_the_end_of_the_log_ends_with_nought(tmp_path: Path, number: signal.Signals) -> None:
    url = f"sqlite:///{tmp_path}/cases.db"
    record(url, range(20))
    with running("follow", "--store", url) as follower:
        until(lambda: len(set(standing(url))) == 1, "it never caught up")
        record(url, range(20, 25))
        until(lambda: len(set(standing(url))) == 1, "it did not go on")
        code, out, log = ended(follower, number)

    assert (code, out, told(log)) == (0, b"", {("info", "followed")})


def test_follow_ends_behind_a_page_and_the_next_goes_on_from_there(tmp_path: Path) -> None:
    file = tmp_path / "cases.db"
    url = f"sqlite:///{file}"
    record(url, range(5))
    assert run("follow", "--once", "--store", url).returncode == 0
    start, _ = standing(url)
    record(url, range(5, 5 + FACTS))
    with running("follow", "--once", "--store", url) as follower:
        until(lambda: asked(file, "SELECT max(notification_id) FROM tracking") > start, "it never began")
        code, _, log = ended(follower)
    stands, head = standing(url)

    assert (code, told(log)) == (0, set())
    assert start < stands < head
    assert asked(file, "SELECT count(*) FROM case_facts") == 5 + stands - start, "whole pages, and nothing of the next"
    assert run("follow", "--once", "--store", url).returncode == 0
    assert standing(url) == (head, head)
    assert asked(file, "SELECT count(*) FROM case_facts") == 5 + FACTS


def test_a_tick_ends_behind_a_page_and_the_next_brings_what_is_left_once(tmp_path: Path) -> None:
    file, cases = tmp_path / "cases.db", 6 * BATCH
    url = f"sqlite:///{file}"
    record(url, range(cases))
    begun = asked(file, "SELECT position FROM casecore_heads")
    with running("tick", "--store", url) as clock:
        until(lambda: asked(file, "SELECT position FROM casecore_heads") > begun, "it never began")
        code, _, _ = ended(clock)
    brought = deemed(file)

    assert code == 0
    assert 0 < brought < cases
    assert brought % BATCH == 0
    assert run("tick", "--store", url).returncode == 0
    assert deemed(file) == cases
    assert asked(file, "SELECT count(DISTINCT originator_id) FROM casecore_events WHERE topic = ?", DEEMED) == cases


DEEMED: Final = AcceptanceDeemed.wire


def deemed(file: Path) -> int:
    return asked(file, "SELECT count(*) FROM casecore_events WHERE topic = ?", DEEMED)


def test_whoever_hands_in_from_a_pipe_ends_behind_the_line_that_is_answered(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/cases.db"
    line = {"command": "ReceiveCase", "case": "C-1", "by": "w", "item": "bookstore-licence", "hall": "H1", "applicant": "A"}
    arguments = ("handle", "-", "--store", url, "--district", A)
    with subprocess.Popen(
        [CASECORE, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as door:
        assert door.stdin is not None
        assert door.stdout is not None
        door.stdin.write(json.dumps({**line, "applicant_kind": "company"}).encode() + b"\n")
        door.stdin.flush()
        answer = json.loads(door.stdout.readline())
        door.send_signal(signal.SIGTERM)
        assert (door.wait(timeout=PATIENCE), door.stderr.read() if door.stderr else b"") == (0, b"")
    assert answer["receipt"]["events"] == [CaseReceived.wire]


# --- outages ---


def test_supervised_it_waits_for_a_store_that_is_not_there_yet(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/later/cases.db"
    assert run("follow", "--once", "--store", url).returncode == 3
    with (
        (tmp_path / "log").open("wb") as log_file,
        running("follow", "--once", "--supervised", "--store", url, stderr=log_file) as follower,
    ):
        until(lambda: "store unavailable" in (tmp_path / "log").read_text("utf-8"), "it saw no outage")
        assert follower.poll() is None
        (tmp_path / "later").mkdir()
        record(url, range(3))
        follower.communicate(timeout=PATIENCE)
    log = [json.loads(line) for line in (tmp_path / "log").read_text("utf-8").splitlines()]

    assert follower.returncode == 0
    assert told(log) == {("warning", "store unavailable"), ("info", "store is back"), ("info", "followed")}
    assert len(set(standing(url))) == 1


def test_the_wish_to_end_is_heard_while_an_outage_is_waited_out(tmp_path: Path) -> None:
    arguments = "tick", "--every", "1", "--supervised", "--store", f"sqlite:///{tmp_path}/none.db"
    with (tmp_path / "log").open("wb") as log_file, running(*arguments, stderr=log_file) as clock:
        until(lambda: "store unavailable" in (tmp_path / "log").read_text("utf-8"), "it saw no outage")
        code, out, _ = ended(clock)
    assert (code, out) == (0, b"")


@pytest.mark.parametrize("command", [("follow",), ("tick", "--every", "0.2")])
def test_a_server_that_goes_and_comes_back_is_waited_for_by_who_is_supervised(
    postgres_bin: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    with PostgresServer(postgres_bin, durable=False) as server:
        url = server.create_database()
        record(url, range(20))
        assert run("follow", "--once", "--store", url).returncode == 0  # two that begin at once would rebuild side by side
        with (
            (tmp_path / "log").open("wb") as log_file,
            running(*command, "--store", url) as alone,
            running(*command, "--supervised", "--store", url, stderr=log_file) as supervised,
        ):
            until(lambda: done(url, command, 20), "neither began")
            server.stop()
            assert alone.wait(timeout=PATIENCE) == 3  # the control
            until(lambda: (tmp_path / "log").read_text("utf-8").count("store unavailable") > 1, "it saw no outage")
            assert supervised.poll() is None
            server.start()
            record(url, range(20, 30))
            until(lambda: done(url, command, 30), "it did not go on")
            code, _, _ = ended(supervised)
    log = [json.loads(line) for line in (tmp_path / "log").read_text("utf-8").splitlines()]

    assert code == 0
    assert {("warning", "store unavailable"), ("info", "store is back")} <= told(log)


def done(url: str, command: tuple[str, ...], cases: int) -> bool:
    if command == ("follow",):
        with psycopg.connect(url) as connection:
            (there,) = connection.execute("SELECT to_regclass('case_facts')").fetchone() or (None,)
        return there is not None and len(set(standing(url))) == 1
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT count(*) FROM casecore_events WHERE topic = %s", (DEEMED,)).fetchone()
        return found == (cases,)


def test_what_is_set_aside_is_a_line_of_json_with_its_level(tmp_path: Path) -> None:
    file = tmp_path / "cases.db"
    url = f"sqlite:///{file}"
    record(url, range(2))
    with closing(sqlite3.connect(file)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE casecore_events SET topic = 'case.nonsense.v9' WHERE originator_id = 'C-000000'")
        connection.commit()
    done = run("follow", "--once", "--store", url)
    (aside,) = [line for line in map(json.loads, done.stderr.splitlines()) if line["level"] == "warning"]

    assert (aside["event"], aside["case"]) == ("case set aside", "C-000000")
    assert aside["reason"] == "C-000000 version 1: unknown event name case.nonsense.v9"
