"""A PostgreSQL that is going, frozen or changed under a program: each of its answers has one of our names, in time."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from support.farewell import Farewell
from support.postgres_server import PostgresServer
from support.story import CATALOGUE

from adapters.district_engine import DistrictEngine, open_engine
from adapters.following import Followers
from adapters.open_tables import open_tables
from adapters.tables import Tables
from adapters.testing.world import note, receive
from casecore import Conflict, Receipt, Recorded, Unavailable
from casecore.log import Batch
from projections.registry import PROJECTIONS

DISTRICT: Final = "510107"
CASE: Final = "C-1"
TRIES: Final = 5


def insist(act: Callable[[], object], errors: Counter[str]) -> object:
    """Do it until it goes through; what goes wrong is Unavailable, and nothing else."""
    for _ in range(TRIES):
        try:
            return act()
        except Unavailable:
            errors["Unavailable"] += 1
    raise AssertionError(errors)


# --- a server that goes in the middle of an answer ---


@pytest.fixture
def wire(postgres_url: str) -> Iterator[Farewell]:
    with Farewell(postgres_url) as opened:
        yield opened


@pytest.fixture
def engine(wire: Farewell) -> Iterator[DistrictEngine]:
    with open_engine(wire.url, district=DISTRICT, catalogue=CATALOGUE) as opened:
        assert isinstance(opened.handle(receive(CASE)), Receipt)
        yield opened


@pytest.fixture
def tables(engine: DistrictEngine, wire: Farewell) -> Iterator[Tables]:
    opened = open_tables(wire.url, PROJECTIONS)
    Followers([engine.log], opened).follow()
    yield opened
    opened.close()


def went_everywhere(wire: Farewell, act: Callable[[], object]) -> Counter[str]:
    """Let the server go in each of the answers an act takes, and see what comes of it."""
    act()
    before = wire.answers
    act()
    answers, errors = wire.answers - before, Counter[str]()
    assert answers > 0
    for number in range(answers):
        wire.arm(number)
        insist(act, errors)
        errors["gone"] += wire.disarm()
    assert errors["gone"] == answers
    return errors


@pytest.mark.filterwarnings("ignore:Exception ignored in.*ServerCursor")  # whose own CLOSE was not answered
def test_a_server_that_goes_in_the_middle_of_its_answer_to_an_append_loses_nothing(
    engine: DistrictEngine, wire: Farewell
) -> None:
    told: dict[str, Receipt] = {}

    def append() -> None:
        number = f"k{len(told)}"
        receipt = engine.handle(note(number, CASE, command_id=number))
        assert isinstance(receipt, Receipt)
        told[number] = receipt
        assert [entry.version for entry in engine.log.history(CASE)] == list(range(1, receipt.version + 1))
        assert engine.log.verify().why is None

    errors = went_everywhere(wire, append)
    assert engine.log.receipts([*told]) == told
    assert engine.file(CASE).version == len(told) + 1
    print(f"\n{len(told)} acknowledged, {dict(errors)}")  # noqa: T201 - the figures are to be seen


def test_two_errors_in_one_answer_are_told_by_the_first(engine: DistrictEngine, wire: Farewell) -> None:
    """What the statement came to says whether anything was written: a version that is taken is no dying server."""
    twin = engine.log.page(engine.log.head().position - 1, 1)[0]
    assert isinstance(twin, Recorded)
    batch = [Batch("twin", CASE, (twin.envelope._replace(command_id="twin"),))]
    with pytest.raises(Conflict):
        engine.log.append(batch)
    wire.arm(0)
    with pytest.raises(Conflict):
        engine.log.append(batch)
    assert wire.disarm()
    assert isinstance(engine.handle(note("goes on", CASE)), Receipt)


def test_a_server_that_goes_in_the_middle_of_an_answer_to_a_follower_leaves_the_rows_right(
    engine: DistrictEngine, wire: Farewell, tables: Tables
) -> None:
    followers = Followers([engine.log], tables)

    def follow() -> None:
        if followers.follow() == 0:
            engine.handle(note("more", CASE))
            followers.follow()

    errors = went_everywhere(wire, follow)
    insist(followers.follow, errors)
    assert tables.query("SELECT stream_version FROM case_facts") == [(engine.file(CASE).version,)]
    print(f"\n{dict(errors)}")  # noqa: T201 - the figures are to be seen
