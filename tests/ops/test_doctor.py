"""What ``doctor`` says of a store that is lived in: whether somebody follows, and whether checkpoints are taken."""

import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from support.vandal import Vandal

from adapters import diagnosis
from adapters.diagnosis import diagnose
from adapters.evidence.note import make_key
from adapters.following import follow
from adapters.opening import open_store
from adapters.testing.opened import open_desk
from adapters.testing.world import CATALOGUE, DISTRICT, A, batch, carried, note, receive
from adapters.verifying import take_checkpoint
from casecore.log import ClockBounds

pytestmark = pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)

LONG_AGO: Final = 3 * 86_400
"""Three days in seconds."""


@pytest.fixture
def filled(store_url: str) -> str:
    """A store of three facts, all of them followed."""
    with open_desk(store_url, district=DISTRICT, catalogue=CATALOGUE) as desk:
        carried(desk, receive(A), note("scan"), note("copy"))
    with open_store(store_url) as store:
        follow(store.logs, store.tables)
    return store_url


def said(url: str, what: str) -> tuple[str, str]:
    """What the doctor finds of one thing: its state, and in words."""
    ((state, finding),) = [(check.state, check.finding) for check in diagnose(url, None) if check.what == what]
    return state, finding


def write_one(url: str) -> None:
    with open_desk(url, district=DISTRICT, catalogue=CATALOGUE) as desk:
        carried(desk, note("more"))


def long_ago(url: str, table: str, column: str) -> None:
    with closing(Vandal(url)) as vandal:
        vandal.run(f"UPDATE {table} SET {column} = {column} - ?", LONG_AGO * 1_000_000)  # noqa: S608 - our own names


def test_rows_that_wait_are_a_warning_once_nobody_has_moved_them_for_long(
    filled: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = f"log {DISTRICT}"
    long_ago(filled, "casecore_marks", "moved_at")
    assert said(filled, log) == ("ok", "3 events, fact tables 0 behind"), "nothing waits, however long ago that was"
    write_one(filled)
    assert said(filled, log) == ("ok", "4 events, fact tables 1 behind"), "it was written just now"
    monkeypatch.setattr(diagnosis, "STALLED", timedelta(0))
    assert said(filled, log) == (
        "warn", "4 events, fact tables 1 behind, moved last 3 days ago: is casecore follow at work?",
    )  # fmt: skip
    monkeypatch.setattr(diagnosis, "STALLED", timedelta(minutes=1))
    with closing(Vandal(filled)) as vandal:
        vandal.run("UPDATE casecore_marks SET moved_at = ?", time.time_ns() // 1000)
    assert said(filled, log) == ("ok", "4 events, fact tables 1 behind"), "somebody is at it, page by page"


def test_a_log_that_stands_ahead_of_now_hides_nobody_who_does_not_follow(filled: str) -> None:
    long_ago(filled, "casecore_marks", "moved_at")
    with open_desk(filled, district=DISTRICT, catalogue=CATALOGUE) as desk:
        ahead = desk.log.ledger.clock() + LONG_AGO * 1_000_000
        desk.log.ledger.clock = lambda: ahead  # type: ignore[method-assign]
        desk.log.append([batch("k", A, 3, "one")], bounds=ClockBounds(ahead, ahead))
    state, finding = said(filled, f"log {DISTRICT}")
    assert (state, "1 behind, moved last 3 days ago" in finding) == ("warn", True)


def test_a_log_nobody_has_followed_yet_is_a_warning(store_url: str) -> None:
    write_to = open_desk(store_url, district=DISTRICT, catalogue=CATALOGUE)
    with write_to as desk:
        carried(desk, receive(A))
    assert said(store_url, f"log {DISTRICT}") == ("warn", "1 events, fact tables not made yet: run follow")


def test_a_checkpoint_a_day_is_asked_for(filled: str, tmp_path: Path) -> None:
    what, key, out = f"checkpoint of {DISTRICT}", tmp_path / "hall.key", tmp_path / "hall.checkpoint"
    make_key(key)
    assert said(filled, what) == ("warn", "none was ever taken: run casecore checkpoint every day")
    take_checkpoint(filled, key, out)
    assert said(filled, what) == ("ok", "the last was taken less than a minute ago, at position 3 of 3")
    write_one(filled)
    assert said(filled, what)[1].endswith("at position 3 of 4")
    long_ago(filled, "casecore_checkpoints", "taken_at")
    assert said(filled, what) == ("warn", "the last was taken 3 days ago, at position 3 of 4")
    take_checkpoint(filled, key, out)
    assert said(filled, what) == ("ok", "the last was taken less than a minute ago, at position 4 of 4")
