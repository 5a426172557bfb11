"""Eight processes tell of arrivals, cases and leavings in no order, two are killed: no visit is lost, merged or doubled."""

import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

import pytest
from support.postgres_server import PostgresServer
from support.victims import Victim, store
from support.visited import Coming, Findings, Told, doctored, inspect, planned, tell

from casecore import CaseServed, TripMade, VisitLeft, VisitOpened
from casecore.command import Command
from casecore.recorded import Recorded

PROCESSES: Final = 8
KILLED: Final = 2
SHORT: Final = 400
LONG: Final = 50_000
WAIT_SECONDS: Final = 4 * 3600
"""For all of it, on a slow disk."""

Change = Callable[[Recorded], Iterable[tuple[str, Any]]]


@contextmanager
def _begun(victims: Sequence[Victim]) -> Iterator[None]:
    try:
        assert {victim.hear() for victim in victims} <= {"ready"}
        for victim in victims:
            victim.wire.send("begin")
        yield
    finally:
        for victim in victims:
            victim.end()


def _heard(victim: Victim) -> Told:
    while not isinstance(said := victim.hear(WAIT_SECONDS), Told):
        pass
    return said


def _told(url: str, commands: Sequence[Command], chance: random.Random, killed: int = KILLED) -> tuple[list[Told], float]:
    """Tell of it all, each process its share; who is killed is replaced by another who tells of the whole share again."""
    store(url).close()
    shares = [commands[n::PROCESSES] for n in range(PROCESSES)]
    lives = [chance.randint(1, max(1, len(share) // 3)) for share in shares[:killed]]
    first = [Victim(tell, url, share, aloud) for share, aloud in zip_longest(shares, lives, fillvalue=0)]
    began = time.monotonic()
    with _begun(first):
        for victim, acts in zip(first[:killed], lives, strict=True):
            for _ in range(acts):
                assert isinstance(victim.hear(WAIT_SECONDS), int), "killed in the middle of its work, not after it"
            victim.kill()
        again = [Victim(tell, url, share, 0) for share in shares[:killed]]
        with _begun(again):
            told = [_heard(victim) for victim in (*again, *first[killed:])]
    return told, time.monotonic() - began


def _visited(url: str, chance: random.Random, acts: int) -> None:
    comings, commands = planned(chance, acts)
    told, seconds = _told(url, commands, chance)
    second = [case for one in told for case in one.second]
    findings = inspect(url, comings, second)
    print(  # noqa: T201 - the figures of a harness are its point
        f"{len(commands)} arrivals, cases and leavings of {len(comings)} visits, {PROCESSES} processes, {KILLED} killed,"
        f" {seconds:.1f} s ({len(commands) / seconds:.0f}/s); {len(second)} second applicants refused,"
        f" slowest {max(one.slowest_seconds for one in told):.2f} s; {findings}"
    )
    assert findings == Findings()
    assert len(second) == sum(len(one.rival) for one in comings), "of two applicants under one number one is refused"
    assert second


@pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
def test_no_visit_is_lost_merged_or_doubled_where_eight_processes_tell_of_them(
    store_url: str, chance: random.Random
) -> None:
    _visited(store_url, chance, SHORT)


@pytest.mark.torture
def test_fifty_thousand_arrivals_cases_and_leavings_on_sqlite(tmp_path: Path, chance: random.Random) -> None:
    _visited(f"sqlite:///{tmp_path}/visits.db", chance, LONG)


@pytest.mark.torture
def test_fifty_thousand_arrivals_cases_and_leavings_on_postgresql(own_server: PostgresServer, chance: random.Random) -> None:
    _visited(own_server.create_database(), chance, LONG)


# -- the control: an account that could not find a lost, merged or doubled visit would be worth nothing


def test_the_account_finds_what_a_doctored_history_lost_merged_or_doubled(tmp_path: Path) -> None:
    def url(name: str) -> str:
        return f"sqlite:///{tmp_path}/{name}.db"

    chance = random.Random(7)  # noqa: S311 - a plan that has one of everything
    comings, commands = planned(chance, 120)
    told, _ = _told(url("whole"), commands, chance, killed=0)
    second = [case for one in told for case in one.second]
    assert inspect(url("whole"), comings, second) == Findings()

    for name, (change, expected) in _changes(comings).items():
        doctored(url("whole"), url(name), change)
        found = inspect(url(name), comings, second)
        assert found == expected, name


def _changes(comings: Sequence[Coming]) -> dict[str, tuple[Change, Findings]]:
    """What is done to the history, and what the account is to say of it."""
    alone = next(one for one in comings if one.told and one.persons == 1 and len(one.cases) == 1 and not one.rival)
    vain = next(one for one in comings if one.in_vain)
    unlike = next(one for one in comings if one.cases and not one.rival and one.cases != alone.cases)
    case, elsewhere = alone.cases[0], unlike.stream

    def of(kind: type, where: Coming, then: Change) -> Change:
        def change(fact: Recorded) -> Iterable[tuple[str, Any]]:
            hit = fact.stream == where.stream and isinstance(fact.event, kind)
            return then(fact) if hit else ((fact.stream, fact.event),)

        return change

    def gone(_: Recorded) -> Iterable[tuple[str, Any]]:
        return ()

    def twice(fact: Recorded) -> Iterable[tuple[str, Any]]:
        return ((fact.stream, fact.event), (fact.stream, fact.event))

    def moved(fact: Recorded) -> Iterable[tuple[str, Any]]:
        return ((elsewhere, fact.event),)

    def trip_gone(fact: Recorded) -> Iterable[tuple[str, Any]]:
        event = fact.event
        lost = fact.stream == case and isinstance(event, TripMade) and event.visit == alone.stream
        return () if lost else ((fact.stream, event),)

    def fewer(fact: Recorded) -> Iterable[tuple[str, Any]]:
        return ((fact.stream, replace(fact.event, persons=7)),)

    return {
        "unchanged": (lambda fact: ((fact.stream, fact.event),), Findings()),
        "an arrival lost": (of(VisitOpened, alone, gone), Findings(lost=1)),
        "a leaving lost": (of(VisitLeft, vain, gone), Findings(lost=1, in_vain=-1)),
        "a case lost in its visit": (of(CaseServed, alone, gone), Findings(lost=1)),
        "a trip lost": (trip_gone, Findings(trips=-1)),
        "an arrival doubled": (of(VisitOpened, alone, twice), Findings(doubled=1)),
        "a leaving doubled": (of(VisitLeft, vain, twice), Findings(doubled=1)),
        "a case doubled in its visit": (of(CaseServed, alone, twice), Findings(doubled=1)),
        "a case merged into another visit": (of(CaseServed, alone, moved), _merged_into(unlike)),
        "other persons": (of(VisitOpened, alone, fewer), Findings(lost=1, person_times=6)),
    }


def _merged_into(other: Coming) -> Findings:
    """A case of one more applicant in it than planned: one act too many, and one applicant where they are too many."""
    too_many = (other.persons if other.told else 1) < 2
    return Findings(lost=1, merged=1 + too_many)
