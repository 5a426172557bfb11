"""Eight processes open one district at once, some are killed: its books are adopted once, whole, and by nobody twice."""

import random
from collections.abc import Sequence
from multiprocessing.connection import Connection

import pytest
from support.oracle import DISTRICT
from support.victims import Victim

from adapters import open_engine
from casecore import DistrictRule, RuleAdopted
from casecore.district.file import books_stream
from casecore.recorded import Recorded

PROCESSES = 8
KILLED = 3


def _open(wire: Connection, url: str, rule: str) -> None:
    """Open the district and say by which of its books it decides."""
    wire.send("ready")
    wire.recv()
    with open_engine(url, district=DISTRICT, rule=DistrictRule(name=rule)) as engine:
        wire.send((engine.books.version, [one.rule.name for one in engine.books.rules]))
        wire.recv()


def _all_open(url: str, rules: Sequence[str]) -> list[Victim]:
    opening = [Victim(_open, url, rule) for rule in rules]
    assert {one.hear() for one in opening} == {"ready"}
    for one in opening:
        one.wire.send("open")
    return opening


def _adopted(url: str) -> list[Recorded]:
    with open_engine(url, district=DISTRICT) as engine:
        return list(engine.history(books_stream(DISTRICT)))


@pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
def test_eight_processes_that_open_a_new_district_at_once_adopt_its_books_once(store_url: str) -> None:
    opening = _all_open(store_url, ["same"] * PROCESSES)
    said = [one.hear() for one in opening]
    for one in opening:
        one.end()

    facts = _adopted(store_url)
    assert said == [(len(facts), ["same"])] * PROCESSES
    assert len({recorded.envelope.command_id for recorded in facts}) == 1
    assert [recorded.version for recorded in facts] == list(range(1, len(facts) + 1))


@pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
def test_whoever_is_killed_while_opening_leaves_all_of_the_books_or_nothing(store_url: str, chance: random.Random) -> None:
    for _ in range(3):
        opening = _all_open(store_url, ["same"] * KILLED)
        for one in chance.sample(opening, KILLED):
            one.process.join(chance.uniform(0, 0.05))
            one.end()
    facts = _adopted(store_url)

    whole = facts[-1].version
    assert [recorded.version for recorded in facts] == list(range(1, whole + 1))
    assert len([1 for recorded in facts if isinstance(recorded.event, RuleAdopted)]) == 1
    assert len({recorded.envelope.command_id for recorded in facts}) == 1


@pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
def test_processes_that_give_different_books_at_once_leave_one_of_them_in_force(store_url: str) -> None:
    rules = [f"rule {n}" for n in range(PROCESSES)]
    opening = _all_open(store_url, rules)
    for one in opening:
        one.hear()
        one.end()

    told = [recorded.event.rule.name for recorded in _adopted(store_url) if isinstance(recorded.event, RuleAdopted)]
    assert sorted(told) == rules  # each given once: the first has been in force always, the others from today on
    with open_engine(store_url, district=DISTRICT) as engine:
        assert engine.office.rule.name == told[-1]
