"""Five processes feed the clock of one store through a month: each card is issued once, and the cards are the right ones."""

import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

import pytest
from support.postgres_server import PostgresServer
from support.supervised import END, HALF_DAYS, WORKED, Findings, inspect, issue_carelessly, lives, prepare, tick
from support.victims import Victim

from adapters.calendar_toml import NATIONAL, shipped_calendars

PROCESSES: Final = 5
WAIT_SECONDS: Final = 600
EVERY_KIND: Final = {
    "promise_overdue", "statutory_overdue", "step_overdue", "procedure_overrun", "due_soon", "deemed",
}  # fmt: skip


@contextmanager
def _begun(clocks: Sequence[Victim]) -> Iterator[None]:
    try:
        assert {clock.hear() for clock in clocks} == {"ready"}
        for clock in clocks:
            clock.wire.send("begin")
        yield
    finally:
        for clock in clocks:
            clock.end()


def _through_the_month(url: str, cases: int, chance: random.Random, *, shuffled: bool) -> None:
    """Prepare the cases, feed the clock, kill one process midway; the others' cards are compared with the account."""
    population = lives(cases, chance)
    prepare(url, population)
    clocks = [Victim(tick, url, _instants(chance, shuffled=shuffled), chance.getrandbits(32)) for _ in range(PROCESSES)]
    began = time.monotonic()
    with _begun(clocks):
        killed, *others = clocks
        before = sum(killed.hear(WAIT_SECONDS) for _ in range(chance.randrange(1, len(HALF_DAYS) // 2)))
        time.sleep(chance.uniform(0, 0.02))
        killed.kill()
        receipts = [sum(_heard(clock)) for clock in others]
    seconds = time.monotonic() - began
    findings, figures = inspect(url, population)
    print(  # noqa: T201 - the figures of a harness are its point
        f"{cases} cases, {PROCESSES} processes, {len(HALF_DAYS)} instants each {'shuffled' if shuffled else 'in order'},"
        f" {seconds:.1f} s; {dict(figures)}; written by the killed {before}, by the others {receipts}; {findings}"
    )
    assert findings == Findings()
    assert set(figures) == EVERY_KIND


def _instants(chance: random.Random, *, shuffled: bool) -> tuple[datetime, ...]:
    """Every half day of the month, in order or in one of its own; the last one is everybody's."""
    if not shuffled:
        return HALF_DAYS
    return (*chance.sample(HALF_DAYS, len(HALF_DAYS)), END)


def _heard(clock: Victim) -> Iterator[int]:
    while (said := clock.hear(WAIT_SECONDS)) != "done":
        yield said


@pytest.mark.parametrize("shuffled", [False, True], ids=["in order", "each in its own order"])
@pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
def test_five_processes_issue_each_card_of_a_month_once(store_url: str, chance: random.Random, *, shuffled: bool) -> None:
    _through_the_month(store_url, 64, chance, shuffled=shuffled)


@pytest.mark.torture
@pytest.mark.parametrize("shuffled", [False, True], ids=["in order", "each in its own order"])
def test_five_months_of_four_hundred_cases_on_sqlite(tmp_path: Path, chance: random.Random, *, shuffled: bool) -> None:
    for month in range(5):
        _through_the_month(f"sqlite:///{tmp_path}/{month}.db", 400, chance, shuffled=shuffled)


@pytest.mark.torture
@pytest.mark.parametrize("shuffled", [False, True], ids=["in order", "each in its own order"])
def test_five_months_of_four_hundred_cases_on_postgresql(
    own_server: PostgresServer, chance: random.Random, *, shuffled: bool
) -> None:
    for _ in range(5):
        _through_the_month(own_server.create_database(), 400, chance, shuffled=shuffled)


# -- the controls: an account that could not find a doubled or a missing card would be worth nothing


@pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
def test_cards_written_without_a_look_at_what_is_there_are_found_doubled(store_url: str, chance: random.Random) -> None:
    population = lives(48, chance)
    prepare(store_url, population)
    clocks = [Victim(issue_carelessly, store_url, END) for _ in range(PROCESSES)]
    with _begun(clocks):
        assert {clock.hear(WAIT_SECONDS) for clock in clocks} == {"done"}
    findings, figures = inspect(store_url, population)
    print(f"control: {dict(figures)}, {findings}")  # noqa: T201
    assert findings.doubled > 0
    assert findings.deemed_wrongly > 0, "who only issues cards accepts nothing"


def test_the_account_misses_the_cards_of_a_clock_that_stands_still(tmp_path: Path, chance: random.Random) -> None:
    url, population = f"sqlite:///{tmp_path}/cases.db", lives(48, chance)
    prepare(url, population)
    findings, _ = inspect(url, population)
    assert findings.missing > 0


def test_the_days_counted_by_hand_are_those_of_the_notice() -> None:
    national = shipped_calendars()[NATIONAL]
    assert [day for day, working, *_ in national.days(WORKED[0], WORKED[-1]) if working] == WORKED[1:]
