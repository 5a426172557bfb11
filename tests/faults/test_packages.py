"""Eight clerks work at one package of twelve shops and thirty-six cases, two of them are killed: it closes once, whole."""

import random
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from support.packaged import (
    BOOKS,
    PACKAGE,
    SHOPS,
    Findings,
    Worked,
    close_all,
    doctored,
    inspect,
    open_shops,
    shops,
    until_sealed,
    work,
)
from support.postgres_server import PostgresServer
from support.victims import Victim

from casecore.package.facts.limits import PackageClosed
from casecore.package.facts.members import MemberEnded
from casecore.package.facts.opening import MaterialShared
from casecore.recorded import Recorded

CLERKS: Final = 8
KILLED: Final = 2
WAIT_SECONDS: Final = 600


@contextmanager
def _begun(clerks: Sequence[Victim]) -> Iterator[None]:
    try:
        assert {clerk.hear() for clerk in clerks} == {"ready"}
        for clerk in clerks:
            clerk.wire.send("begin")
        yield
    finally:
        for clerk in clerks:
            clerk.end()


def _heard(clerk: Victim) -> Worked:
    while not isinstance(said := clerk.hear(WAIT_SECONDS), Worked):
        pass
    return said


def _worked_at(url: str, chance: random.Random, *, all_granted: bool) -> None:
    """Open the package, let eight clerks work, kill two in the middle; the rest is compared with the account."""
    population = shops(chance, all_granted=all_granted)
    open_shops(url)
    clerks = [Victim(work, url, population, chance.getrandbits(32)) for _ in range(CLERKS)]
    began = time.monotonic()
    with _begun(clerks):
        for victim in clerks[:KILLED]:
            acts = [victim.hear(WAIT_SECONDS) for _ in range(chance.randint(1, 8))]
            assert all(isinstance(act, int) for act in acts), "killed in the middle of its work, not after it"
            time.sleep(chance.uniform(0, 0.02))
            victim.kill()
        worked = [_heard(clerk) for clerk in clerks[KILLED:]]
    seconds = time.monotonic() - began
    findings = inspect(url, population)
    print(  # noqa: T201 - the figures of a harness are its point
        f"{SHOPS} shops of 3 cases, {CLERKS} clerks, {KILLED} killed, {seconds:.1f} s; acts {[w.acts for w in worked]},"
        f" second {[w.second for w in worked]}, given up {[w.conflicts for w in worked]},"
        f" slowest {max(w.slowest_seconds for w in worked):.2f} s; {findings}"
    )
    assert findings == Findings()
    assert sum(one.conflicts for one in worked) == 0
    assert all(one.acts for one in worked), "everybody had something to do"


@pytest.mark.parametrize("all_granted", [True, False], ids=["all granted", "four shops come to nothing"])
@pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
def test_eight_clerks_close_a_package_of_36_cases_once_though_two_are_killed(
    store_url: str, chance: random.Random, *, all_granted: bool
) -> None:
    _worked_at(store_url, chance, all_granted=all_granted)


@pytest.mark.torture
def test_twenty_packages_of_36_cases_on_sqlite(tmp_path: Path, chance: random.Random) -> None:
    for number in range(20):
        _worked_at(f"sqlite:///{tmp_path}/{number}.db", chance, all_granted=number % 2 == 0)


@pytest.mark.torture
def test_twenty_packages_of_36_cases_on_postgresql(own_server: PostgresServer, chance: random.Random) -> None:
    for number in range(20):
        _worked_at(own_server.create_database(), chance, all_granted=number % 2 == 0)


@pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
def test_nobody_gives_up_where_eight_processes_close_cases_of_one_package_at_once(
    store_url: str, chance: random.Random
) -> None:
    population = shops(chance, all_granted=True)
    open_shops(store_url)
    until_sealed(store_url, population)
    clerks = [Victim(close_all, store_url, population, share, CLERKS) for share in range(CLERKS)]
    with _begun(clerks):
        worked = [_heard(clerk) for clerk in clerks]
    print(  # noqa: T201 - the figures of a harness are its point
        f"{CLERKS} processes close {sum(one.acts for one in worked)} cases of one package at once:"
        f" given up {sum(one.conflicts for one in worked)}, slowest {max(one.slowest_seconds for one in worked):.2f} s"
    )
    assert sum(one.conflicts for one in worked) == 0


# -- the controls: an account that could not find a lost case or a second closing would be worth nothing


def test_the_account_finds_what_a_doctored_history_lost_or_doubled(tmp_path: Path, chance: random.Random) -> None:
    def url(name: str) -> str:
        return f"sqlite:///{tmp_path}/{name}.db"

    population = shops(random.Random(chance.getrandbits(32)), all_granted=True)  # noqa: S311 - dates only
    open_shops(url("whole"))
    clerk = Victim(work, url("whole"), population, chance.getrandbits(32))
    with _begun([clerk]):
        _heard(clerk)
    assert inspect(url("whole"), population) == Findings()

    lost = f"{PACKAGE}-07-{BOOKS}"

    def one_case_less(fact: Recorded) -> Iterable[Recorded]:
        return () if fact.stream == lost else (fact,)

    def twice(kind: type) -> object:
        return lambda fact: (fact, fact) if isinstance(fact.event, kind) else (fact,)

    def untold(fact: Recorded) -> Iterable[Recorded]:
        event = fact.event
        return () if isinstance(event, MemberEnded) and event.case == lost else (fact,)

    changes = {
        "unchanged": (lambda fact: (fact,), Findings()),
        "lost": (one_case_less, Findings(lost=1)),
        "untold": (untold, Findings(lost=1)),
        "closed twice": (twice(PackageClosed), Findings(closings=1)),
        "shared twice": (twice(MaterialShared), Findings(shared_again=3)),
        "told twice": (twice(MemberEnded), Findings(doubled=36)),
    }
    for name, (change, expected) in changes.items():
        doctored(url("whole"), url(name), change)  # type: ignore[arg-type]
        assert inspect(url(name), population) == expected, name
