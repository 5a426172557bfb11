"""A rebuild that is killed: the next one goes on where it was, no row is lost or doubled, and nobody sees half a table."""

import multiprocessing
import random
import time
from collections.abc import Sequence
from typing import Final

import pytest
from support.followed import LIVES, A, World, rows_of
from support.victims import Victim, rebuild_in_steps

from adapters import generations, loading, loading_together
from adapters.following import follow, rebuild
from adapters.generations import LOADS, Generation
from adapters.keeping import Keeper
from adapters.loading import Progress, Share
from adapters.tables import Tables
from casecore.log import Log

STORES: Final = pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
MANY: Final = {f"{case}-{n}": events for n in range(3) for case, events in LIVES.items()}
FACTS: Final = sum(map(len, MANY.values()))


def killed(world: World, steps: int, together: int) -> int:
    """A rebuild that is killed when it has come some steps further; how many facts were in its rows then."""
    victim = Victim(rebuild_in_steps, world.url, together)
    reached = 0
    try:
        for _ in range(steps):
            said = victim.hear()
            if said == "done":
                break
            reached = said
        time.sleep(random.uniform(0, 0.01))  # noqa: S311 - no secret
    finally:
        victim.kill()
        victim.wire.close()
    return reached


def kill_again_and_again(world: World, kills: int, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    world.happened(MANY)
    follow(world.logs, world.tables)
    begun, gone_on = [], 0
    for _ in range(kills):
        half = world.tables.half_made()
        before = sum(one.facts for one in world.tables.loads(half)) if half is not None else 0
        reached = killed(world, chance.randint(1, 6), chance.choice((1, 3, 7)))
        gone_on += reached > before > 0
        begun.append(reached)
        assert world.rows() == rows_of({A: MANY}), "what the views show is whole all the while"
    counted: list[int] = []
    rebuild(world.logs, world.tables, counted.append)
    assert world.rows() == rows_of({A: MANY})
    print(f"{world.url.partition(':')[0]}: {kills} rebuilds killed, {gone_on} went on from another; {begun}")  # noqa: T201
    assert gone_on


@STORES
def test_a_killed_rebuild_is_gone_on_with_and_comes_to_the_same_rows(world: World) -> None:
    kill_again_and_again(world, 5, 1)


@pytest.mark.torture
@STORES
def test_rebuilds_killed_at_fifty_moments_come_to_the_same_rows(world: World) -> None:
    kill_again_and_again(world, 50, 2)


@STORES
@pytest.mark.parametrize("kept", [True, False])
def test_what_a_killed_rebuild_loaded_is_not_loaded_again(
    world: World, monkeypatch: pytest.MonkeyPatch, *, kept: bool
) -> None:
    world.happened(MANY)
    reached = killed(world, 5, 1)
    assert 0 < reached < FACTS
    if not kept:  # the control: a day has passed
        monkeypatch.setattr(generations, "KEPT_SECONDS", 0.0)
    counted: list[int] = []
    rebuild(world.logs, world.tables, counted.append)
    assert sum(counted) <= FACTS - reached if kept else sum(counted) == FACTS
    assert world.rows() == rows_of({A: MANY})


def test_what_was_loaded_before_the_log_was_set_back_is_dropped(memory: World) -> None:
    memory.happened(MANY)
    begun = memory.tables.begin()
    loading.begin_loading(memory.logs, memory.tables, begun)
    (load,) = memory.tables.loads(begun)
    memory.tables.load(begun, load, load._replace(stream="a", facts=3), [], [])
    assert memory.tables.half_made() == begun
    assert loading.resumable(memory.logs, memory.tables, begun)
    with memory.tables._transaction() as cursor:
        told = f"UPDATE {memory.tables.table(LOADS, begun)} SET leaf = :leaf"  # noqa: S608 - our own names
        memory.tables._execute(cursor, told, {"leaf": "0" * 64})

    assert not loading.resumable(memory.logs, memory.tables, begun)
    rebuild(memory.logs, memory.tables)
    assert memory.tables.live() not in {begun, None}
    assert memory.rows() == rows_of({A: MANY})


# --- Several processes ---


@STORES
def test_each_of_several_processes_loads_its_share(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.happened(MANY)
    left: list[int] = []

    def only_the_rest(
        logs: Sequence[Log], tables: Tables, generation: Generation, progress: Progress, *share: Share
    ) -> None:
        if not share:  # and nothing of its own to do
            left.extend(number % 3 for number, one in enumerate(tables.loads(generation)) if not one.done)
            loading.load_parts(logs, tables, generation, progress)

    monkeypatch.setattr(loading_together, "load_parts", only_the_rest)
    counted: list[int] = []
    with Keeper(world.url) as keeper:
        assert keeper.rebuild(counted.append, processes=3) == sum(counted) == keeper.facts()
    assert {*left} == {0}
    assert world.rows() == rows_of({A: MANY})


@STORES
def test_what_a_killed_process_leaves_the_one_that_called_it_loads(world: World) -> None:
    world.happened(MANY)
    killed: list[int] = []

    def told(_: int) -> None:
        for child in multiprocessing.active_children():
            child.kill()
            killed.append(child.pid or 0)

    with Keeper(world.url) as keeper:
        assert keeper.rebuild(told, processes=3) == keeper.facts()
    assert killed
    assert world.rows() == rows_of({A: MANY})


# --- Parts ---


@pytest.mark.parametrize("shares", [1, 2, 5, 200])
@pytest.mark.parametrize("store_url", ["memory", "sqlite", "postgresql"], indirect=True)
def test_every_stream_is_in_one_part_and_whole(world: World, shares: int) -> None:
    world.happened(MANY)
    (log,) = world.logs
    head = log.head().position
    cuts = log.cuts(head, shares)
    found: list[str] = []
    for after, last in zip(("", *cuts), (*cuts, None), strict=True):
        entries = [*log.lives(head, after, last)]
        streams = [*dict.fromkeys(entry.stream for entry in entries)]
        for stream in streams:
            assert [e.version for e in entries if e.stream == stream] == [e.version for e in log.history(stream)]
        found += streams
    assert len(found) == len({*found})
    assert {*found} == {*log.streams(0)}
