"""Tables made by two at once: one makes them, the others wait or go on, and nobody makes them against another."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from itertools import permutations
from threading import Barrier, Event, Thread
from typing import Any, Final

import psycopg
import pytest
from structlog.testing import capture_logs
from support.followed import LIVES, A, World, halves, rows_of, with_instead

from adapters import making
from adapters.following import Followers, follow, rebuild
from adapters.generations import newer, surpassed
from adapters.tables import Tables
from casecore import Fault, Unavailable
from projections.case_facts import CASE_FACTS
from projections.projection import Projection, Subject
from projections.registry import PROJECTIONS

ON_DISK: Final = pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
HELD_SECONDS: Final = 1.0
"""How long the first of several is kept at it, so that all others come meanwhile."""
AT_ONCE: Final = 6


def elsewhere(subject: Subject) -> Iterator[tuple[Any, ...]]:
    for row in CASE_FACTS.rows(subject):
        yield row._replace(hall="elsewhere")  # type: ignore[attr-defined] # a CaseFact


NEWER: Final = with_instead(CASE_FACTS._replace(version=CASE_FACTS.version + 1, rows=elsewhere))
"""A later program's projections: they count the halls anew."""


def made(tables: Tables) -> int:
    """How many generations were ever begun."""
    ((found,),) = tables.query("SELECT count(*) FROM casecore_tables")
    return int(found)


def stored(tables: Tables) -> set[str]:
    """The fact tables there are, views left out."""
    sql = {
        True: "SELECT name FROM sqlite_master WHERE type = 'table'",
        False: "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace",
    }[type(tables).__name__ == "SqliteTables"]
    return {name for (name,) in tables.query(sql) if "_g" in name}


def of(tables: Tables, projections: Sequence[Projection] = PROJECTIONS) -> set[str]:
    """The fact tables there are to be: those that are live."""
    live = tables.live()
    assert live is not None
    return {f"{projection.name}_g{live.number}" for projection in projections}


def at_once(world: World, act: Callable[[list[Any], Tables, Callable[[int], None]], object]) -> list[BaseException]:
    """Several programs do the same at once, the first of them kept at it for a while; what went wrong."""
    wrong: list[BaseException] = []
    gate, once = Barrier(AT_ONCE), Event()

    def kept(_: int) -> None:
        if not once.is_set():
            once.set()
            time.sleep(HELD_SECONDS)

    def run(logs: list[Any], tables: Tables) -> None:
        gate.wait()
        try:
            act(logs, tables, kept)
        except BaseException as error:  # noqa: BLE001 - handed to the test
            wrong.append(error)

    programs = [([world.another_engine().log], world.again()) for _ in range(AT_ONCE)]
    threads = [Thread(target=run, args=program) for program in programs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


# --- One makes, the others wait ---


@ON_DISK
def test_of_programs_that_find_no_tables_one_makes_them_and_none_ends(world: World) -> None:
    world.happened(LIVES)

    wrong = at_once(world, follow)

    assert wrong == []
    assert made(world.tables) == 1
    assert world.rows() == rows_of({A: LIVES})


@ON_DISK
def test_of_rebuilds_beside_each_other_one_is_made_and_none_ends(world: World) -> None:
    world.happened(LIVES)
    follow(world.logs, world.tables)

    wrong = at_once(world, rebuild)

    assert wrong == []
    assert made(world.tables) == 2
    assert stored(world.tables) == of(world.tables)
    assert world.rows() == rows_of({A: LIVES})


@ON_DISK
def test_who_follows_goes_on_with_what_is_live_while_another_rebuilds(world: World) -> None:
    first, then = halves(LIVES)
    world.happened(first)
    follow(world.logs, world.tables)
    other = world.again()
    counts: list[int] = []

    def meanwhile(_: int) -> None:
        if not counts:
            world.happened(then)
            counts.append(follow([world.another_engine().log], other))
            assert world.rows(other) == rows_of({A: LIVES})

    rebuild(world.logs, world.tables, meanwhile)

    assert counts == [sum(map(len, then.values()))]
    assert made(world.tables) == 2
    assert world.rows() == rows_of({A: LIVES})


@ON_DISK
def test_a_program_that_stopped_while_it_made_tables_is_not_waited_for_for_ever(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "STALLED_SECONDS", 0.1)
    world.happened(LIVES)
    other = world.again()
    with other.claim() as keep:
        assert keep is not None
        other.begin()
        with pytest.raises(Unavailable, match=r"no further for 0\.1 s"):
            follow(world.logs, world.tables)
    follow(world.logs, world.tables)
    assert world.rows() == rows_of({A: LIVES})


# --- Two versions beside each other ---


@ON_DISK
def test_of_two_versions_the_newer_makes_tables_once_and_the_older_follows_nothing(world: World) -> None:
    first, then = halves(LIVES)
    world.happened(first)
    older, later = world.tables, world.again(NEWER)
    old, new = Followers(world.logs, older), Followers(world.logs, later)
    old.follow()
    new.follow()

    with capture_logs() as said:
        for lives in (then, {}, {}):
            world.happened(lives)
            assert old.follow() == 0
            assert new.follow() == sum(map(len, lives.values()))

    assert made(older) == 2
    assert later.query("SELECT DISTINCT hall FROM case_facts") == [("elsewhere",)]
    assert [one["event"] for one in said if one["log_level"] == "warning"] == [
        "nothing followed: the fact tables were made by a program whose projections are newer, or others, than this one's"
    ]


@ON_DISK
def test_two_versions_that_follow_at_once_for_a_while_make_two_sets_of_tables_at_most(world: World) -> None:
    world.happened(LIVES)
    wrong: list[BaseException] = []
    done = Event()

    def run(logs: list[Any], tables: Tables) -> None:
        followers = Followers(logs, tables)
        try:
            while not done.is_set():
                followers.follow()
                time.sleep(random.uniform(0, 0.01))  # noqa: S311
        except BaseException as error:  # noqa: BLE001 - handed to the test
            wrong.append(error)

    programs = [([world.another_engine().log], world.again(p)) for p in (PROJECTIONS, NEWER) for _ in range(2)]
    threads = [Thread(target=run, args=program) for program in programs]
    for thread in threads:
        thread.start()
    until = time.monotonic() + 60
    while not wrong and time.monotonic() < until:
        with suppress(Fault):  # no view yet
            if world.tables.query("SELECT DISTINCT hall FROM case_facts") == [("elsewhere",)]:
                break
        time.sleep(0.05)
    time.sleep(HELD_SECONDS)
    done.set()
    for thread in threads:
        thread.join()

    assert wrong == []
    assert 1 <= made(world.tables) <= 2
    assert world.tables.query("SELECT DISTINCT hall FROM case_facts") == [("elsewhere",)]


@ON_DISK
def test_an_older_program_rebuilds_only_where_it_is_told_to_go_back(world: World) -> None:
    world.happened(LIVES)
    later = world.again(NEWER)
    follow(world.logs, later)

    with pytest.raises(Fault, match="newer"):
        rebuild(world.logs, world.tables)
    assert made(later) == 1

    rebuild(world.logs, world.tables, older=True)
    assert world.rows() == rows_of({A: LIVES})
    follow(world.logs, later)
    assert later.query("SELECT DISTINCT hall FROM case_facts") == [("elsewhere",)]
    assert made(later) == 3


def test_of_two_different_sets_of_versions_at_most_one_is_newer() -> None:
    sets = ["rests.1 a.1", "rests.1 a.2", "rests.1 a.1 b.1", "rests.1 a.2 b.1", "rests.1 b.2", "rests.1 c.1", "rests.2 a.1"]
    for one, other in permutations(sets, 2):
        assert not (newer(one, other) and newer(other, one)), (one, other)
        assert surpassed(one, other) is not newer(one, other)
    assert newer("rests.1 a.2", "rests.1 a.1")
    assert newer("rests.1 a.1 b.1", "rests.1 a.1")
    assert newer("rests.2 a.1", "rests.1 a.1 b.1")  # b was taken out
    assert not newer("rests.1 a.2 b.1", "rests.1 a.1 b.2")
    assert not surpassed("rests.1 a.1 b.1", "rests.1 b.1 a.1")


# --- What dead programs left ---


@ON_DISK
def test_what_a_dead_rebuild_left_is_swept_by_whoever_follows(world: World) -> None:
    world.happened(LIVES)
    follow(world.logs, world.tables)
    live = world.tables.live()
    with_more = (*PROJECTIONS, CASE_FACTS._replace(name="more_facts"))
    for projections in (PROJECTIONS, with_more):  # of another program, too
        left = world.again(projections).begin()
        world.tables.put(left, A, [], 3)
    assert len(stored(world.tables)) == 3 * len(PROJECTIONS) + 1 + 2  # and how far each of them was

    follow(world.logs, world.tables)

    assert world.tables.live() == live
    assert stored(world.tables) == of(world.tables)
    assert world.tables.query("SELECT live FROM casecore_tables ORDER BY generation") == [(1,), (-1,), (-1,)]
    assert world.tables.progress()[1] == 0  # nor is there a checkpoint of the last
    assert world.rows() == rows_of({A: LIVES})


@ON_DISK
def test_tables_in_the_making_are_swept_by_nobody(world: World) -> None:
    world.happened(LIVES)
    follow(world.logs, world.tables)
    other = world.again()
    counts: list[int] = []

    rebuild(world.logs, world.tables, lambda _: counts.append(follow(world.logs, other)))

    assert counts
    assert set(counts) == {0}
    assert made(world.tables) == 2
    assert world.rows() == rows_of({A: LIVES})


@ON_DISK
def test_a_table_larger_than_is_dropped_at_once_goes_with_the_others(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.stores.sqlite.tables.DROPPED_ROWS", 2)
    world.happened(LIVES)
    follow(world.logs, world.tables)

    rebuild(world.logs, world.tables)

    assert stored(world.tables) == of(world.tables)
    assert world.rows() == rows_of({A: LIVES})


# --- PostgreSQL: nobody queues behind who waits ---


def test_readers_go_on_while_a_rebuild_waits_for_a_long_report(postgres_url: str) -> None:
    with closing(World(postgres_url)) as world:
        world.happened(LIVES)
        follow(world.logs, world.tables)
        with psycopg.connect(postgres_url) as report:
            report.execute("SELECT count(*) FROM case_facts")  # its transaction goes on
            rebuilding = Thread(target=rebuild, args=(world.logs, world.again()))
            rebuilding.start()
            until = time.monotonic() + 30
            while world.tables.progress() != (2, world.logs[0].head().position) and time.monotonic() < until:
                time.sleep(0.01)
            time.sleep(HELD_SECONDS)  # all rows are in; it waits for the views
            with psycopg.connect(postgres_url, autocommit=True) as reader:
                reader.execute("SET statement_timeout = '5s'")
                for _ in range(20):
                    assert reader.execute("SELECT count(*) FROM case_facts").fetchone() is not None
                    time.sleep(0.05)
            assert rebuilding.is_alive()
        rebuilding.join(30)
        assert not rebuilding.is_alive()
        live = world.tables.live()
        assert live is not None
        assert live.number == 2
        assert world.rows() == rows_of({A: LIVES})


def test_who_lost_the_claim_to_make_tables_shows_none(postgres_url: str) -> None:
    with closing(World(postgres_url)) as world, psycopg.connect(postgres_url, autocommit=True) as vandal:
        world.happened(LIVES)
        follow(world.logs, world.tables)
        cut = (
            "SELECT pg_terminate_backend(pid) FROM pg_locks"
            " WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        with pytest.raises(Unavailable, match="claim"):
            rebuild(world.logs, world.tables, lambda _: vandal.execute(cut) and None)
        live = world.tables.live()
        assert live is not None
        assert live.number == 1
        rebuild(world.logs, world.tables)
        assert stored(world.tables) == of(world.tables)
        assert world.rows() == rows_of({A: LIVES})
