"""SIGKILL at random moments: what was acknowledged is there, once, in order, and the figures say so."""

import random
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import psycopg
import pytest
from support.crashing import Hall, set_for_database
from support.oracle import NOTHING, Oracle, doubles, inspect, opened
from support.postgres_server import PostgresServer
from support.vandal import Vandal
from support.victims import PATIENCE_SECONDS

EPOCH: Final = 20
"""Kills between two inspections; each epoch has a store of its own."""
ENOUGH_KILLS: Final = 60


def _killed(halls: Iterator[Hall], kills: int, victims: Callable[[Hall], list[Callable[[], None]]]) -> Counter[str]:
    """Kill in turn, inspect each hall, print the figures; a run that tried nothing fails."""
    began = time.monotonic()
    faults: Counter[str] = Counter()
    figures: Counter[str] = Counter()
    while faults.total() < kills:
        hall = next(halls)
        for n in range(min(EPOCH, kills - faults.total())):
            turn = victims(hall)
            turn[n % len(turn)]()
        hall.finish()
        faults += hall.faults
        figures += Counter(
            acknowledgements=len(hall.oracle.acknowledged),
            answers=hall.oracle.answers,
            in_doubt=hall.in_doubt,
            in_doubt_and_written=hall.had_been_written,
            store_away=hall.retries,
            imports_cut_midway=hall.imports,
            cases=len(hall.oracle.cases),
        )
        found = hall.inspect()
        assert found == NOTHING, (found, hall.oracle.contradicted[:5])
    print(f"{faults.total()} faults {dict(faults)}; {dict(figures)}; findings 0; {time.monotonic() - began:.0f} s")  # noqa: T201
    assert faults.total() == kills
    assert figures["acknowledgements"] > kills
    return figures


def _on_sqlite(folder: Path, chance: random.Random) -> Iterator[Hall]:
    n = 0
    while True:
        n += 1
        yield Hall(f"sqlite:///{folder}/{n}.db", chance, folder)


def _on_postgres(server: PostgresServer, folder: Path, chance: random.Random) -> Iterator[Hall]:
    while True:
        yield Hall(server.create_database(), chance, folder)


def _processes(hall: Hall) -> list[Callable[[], None]]:
    return [hall.kill_writer, hall.kill_follower, hall.kill_rebuild, hall.kill_import]


def _kill_on_sqlite(kills: int, folder: Path, chance: random.Random) -> Counter[str]:
    return _killed(_on_sqlite(folder, chance), kills, _processes)


def _kill_on_postgres(kills: int, server: PostgresServer, folder: Path, chance: random.Random) -> Counter[str]:
    def victims(hall: Hall) -> list[Callable[[], None]]:
        return [*_processes(hall), lambda: hall.kill_server(server)]

    return _killed(_on_postgres(server, folder, chance), kills, victims)


def test_a_kill_loses_and_doubles_nothing_on_sqlite(tmp_path: Path, chance: random.Random) -> None:
    _kill_on_sqlite(4, tmp_path, chance)


def test_a_kill_loses_and_doubles_nothing_on_postgresql(
    own_server: PostgresServer, tmp_path: Path, chance: random.Random
) -> None:
    _kill_on_postgres(5, own_server, tmp_path, chance)


@pytest.mark.torture
def test_two_hundred_kills_on_sqlite(tmp_path: Path, chance: random.Random) -> None:
    figures = _kill_on_sqlite(200, tmp_path, chance)
    assert figures["in_doubt_and_written"] > 0
    assert figures["imports_cut_midway"] > 0


@pytest.mark.torture
def test_a_hundred_and_twenty_kills_on_postgresql(own_server: PostgresServer, tmp_path: Path, chance: random.Random) -> None:
    figures = _kill_on_postgres(120, own_server, tmp_path, chance)
    assert figures["in_doubt_and_written"] > 0
    assert figures["imports_cut_midway"] > 0


# -- the controls: harnesses that could not find a lost or doubled command would be worth nothing


CARELESS: Final = (
    """CREATE FUNCTION careless() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM set_config('synchronous_commit', 'off', true); RETURN NEW; END $$""",
    "CREATE TRIGGER careless BEFORE UPDATE ON casecore_heads FOR EACH ROW EXECUTE FUNCTION careless()",
)
"""Each append acknowledges before it is on disk."""


def test_a_database_set_to_acknowledge_early_is_not_let(
    own_server: PostgresServer, tmp_path: Path, chance: random.Random
) -> None:
    url = own_server.create_database()
    set_for_database(url, "synchronous_commit = off")
    hall = Hall(url, chance, tmp_path)
    hall.work(0.5)
    own_server.kill()
    hall.stop()
    own_server.start()
    assert hall.inspect().lost == 0


def test_without_synchronous_commit_a_killed_server_loses_what_it_acknowledged(
    own_server: PostgresServer, tmp_path: Path, chance: random.Random
) -> None:
    for kills in range(1, ENOUGH_KILLS):
        url = own_server.create_database()
        opened(url).close()
        with psycopg.connect(url, autocommit=True) as vandal:  # a session's own setting would not stand
            for statement in CARELESS:
                vandal.execute(statement)
        hall = Hall(url, chance, tmp_path)
        hall.work(0.5)
        own_server.kill()
        hall.stop()
        own_server.start()
        found = hall.inspect()
        if found.lost:
            print(f"control: {found.lost} of {len(hall.oracle.acknowledged)} acknowledged lost, kill {kills}")  # noqa: T201
            return
    pytest.fail("the harness saw no loss where there must be one")


@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
def test_without_command_ids_a_retry_does_it_twice(
    request: pytest.FixtureRequest, store: str, tmp_path: Path, chance: random.Random
) -> None:
    url = f"sqlite:///{tmp_path}/cases.db" if store == "sqlite" else request.getfixturevalue("postgres_url")
    hall = Hall(url, chance, tmp_path, remembers=False)
    while not doubles(url):
        assert hall.faults.total() < ENOUGH_KILLS, "the harness saw no double where there must be one"
        hall.kill_writer()
    hall.finish()
    found = hall.inspect()
    print(f"control: {found.twice} done twice after {hall.faults.total()} kills")  # noqa: T201
    assert found.twice > 0


TAMPERING: Final = {
    "lost gaps broken": "DELETE FROM casecore_events WHERE position = 7",
    "lost broken": "DELETE FROM casecore_events WHERE position = (SELECT max(position) FROM casecore_events)",
    "lost": "DELETE FROM casecore_receipts WHERE position = (SELECT max(position) FROM casecore_receipts)",
    "rows rebuilt": "UPDATE case_facts_g{} SET trips_gross = trips_gross + 1",
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Oracle]:
    """A store that kept its word, and its oracle."""
    folder = tmp_path_factory.mktemp("sound")
    hall = Hall(f"sqlite:///{folder}/cases.db", random.Random(1), folder)  # noqa: S311
    hall.work(PATIENCE_SECONDS, until=lambda: len(hall.oracle.acknowledged) > 50)
    hall.finish()
    assert hall.inspect() == NOTHING
    return folder / "cases.db", hall.oracle


@pytest.mark.parametrize("kinds", TAMPERING)
def test_an_inspection_sees_what_is_wrong(kinds: str, sound: tuple[Path, Oracle], tmp_path: Path) -> None:
    file, oracle = Path(shutil.copy(sound[0], tmp_path)), sound[1]
    with closing(Vandal(f"sqlite:///{file}")) as vandal:
        ((live,),) = vandal.run("SELECT generation FROM casecore_tables WHERE live = 1")
        vandal.run(TAMPERING[kinds].format(live))

    found = inspect(f"sqlite:///{file}", oracle)._asdict()

    assert all(found[kind] for kind in kinds.split()), found


def test_an_oracle_hears_when_a_retry_is_answered_otherwise(sound: tuple[Path, Oracle]) -> None:
    first, second, *_ = sound[1].acknowledged.values()
    oracle = Oracle(random.Random(1))  # noqa: S311
    message = oracle.message()[:1]
    oracle.hear(message, [first])

    oracle.hear(message, [second])

    assert oracle.contradicted == [message[0].command_id]
