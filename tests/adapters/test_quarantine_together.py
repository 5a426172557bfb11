"""Quarantine where several work at once: followers, requeues and rebuilds that overtake each other, and kills."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final

import pytest
from support.followed import LIVES, A, Lives, World, halves, rows_of
from support.poisoned import mended, poison, set_aside, weighed

from adapters import district_log, folding, following
from adapters.calendar_toml import shipped_calendars
from adapters.following import Followers, follow, rebuild
from adapters.mapper import WIRE
from adapters.requeueing import requeue
from adapters.tables import CaseRows, Quarantined, Tables
from casecore import CaseFile, Conflict
from casecore.kinds import CASE, kind_of
from casecore.recorded import Event as Fact
from projections.projection import Subject


def test_a_fact_followed_past_while_its_case_is_requeued_is_not_lost(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.happened(LIVES)
    poison(world, "open")
    follow(world.logs, world.tables)
    mended(monkeypatch)
    original, later = world.tables.requeue, LIVES["approved"][6:]

    def overtaken(*what: Any) -> None:
        monkeypatch.setattr(world.tables, "requeue", original)
        world.happened({"open": later})
        follow(world.logs, world.tables)  # passes it over: it is still in quarantine
        original(*what)

    monkeypatch.setattr(world.tables, "requeue", overtaken)
    requeue(world.logs, world.tables)

    assert world.rows() == rows_of({A: {**LIVES, "open": (*LIVES["open"], weighed(), *later)}})


def test_a_requeue_overtaken_by_a_rebuild_goes_on_in_the_new_tables(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.happened(LIVES)
    broken = poison(world, "late", topic="case.step_completed.v1", cut=5)
    poison(world, "open")
    follow(world.logs, world.tables)
    mended(monkeypatch)
    original = world.tables.requeue

    def overtaken(*what: Any) -> None:
        monkeypatch.setattr(world.tables, "requeue", original)
        rebuild(world.logs, world.again())
        original(*what)

    monkeypatch.setattr(world.tables, "requeue", overtaken)
    found = requeue(world.logs, world.tables)

    assert ([one.case for one in found.served], [one.case for one in found.left]) == (["open"], ["late"])
    assert set_aside(world)["late"].position == broken
    served = {**LIVES, "open": (*LIVES["open"], weighed())}
    assert world.rows() == rows_of({A: {case: events for case, events in served.items() if case != "late"}})


def requeued_as_of_the_checkpoint(world: World, tables: Tables) -> None:
    """A requeue that read the history just before later facts came in."""
    live = tables.live()
    assert live is not None
    upto = tables.checkpoint(live, A)
    file = folding.fold_history([entry for entry in world.logs[0].history("open") if entry.position <= upto])
    assert isinstance(file, CaseFile)
    rows = folding.make_rows(tables, Subject(A, "open", file, shipped_calendars()), upto)
    assert isinstance(rows, CaseRows)
    tables.requeue(live, A, [rows], [], upto)


def test_a_follower_overtaken_by_a_requeue_serves_the_case_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.happened(LIVES)
    poison(world, "open")
    follow(world.logs, world.tables)
    mended(monkeypatch)
    later = LIVES["approved"][6:]
    original = world.tables.put

    def overtaken(*what: Any, **more: Any) -> None:
        monkeypatch.setattr(world.tables, "put", original)
        requeued_as_of_the_checkpoint(world, world.again())
        original(*what, **more)

    monkeypatch.setattr(world.tables, "put", overtaken)
    world.happened({"open": later})
    follow(world.logs, world.tables)

    assert set_aside(world) == {}
    assert world.rows() == rows_of({A: {**LIVES, "open": (*LIVES["open"], weighed(), *later)}})


@pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
def test_a_requeue_in_the_middle_of_a_followers_transaction_waits_for_its_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.happened(LIVES)
    poison(world, "open")
    follow(world.logs, world.tables)
    mended(monkeypatch)
    other, original, lost = world.again(), world.tables._replace, list[Conflict]()

    def requeued() -> None:
        try:
            requeued_as_of_the_checkpoint(world, other)
        except Conflict as conflict:
            lost.append(conflict)

    thread = Thread(target=requeued)

    def slowly(*what: Any) -> None:
        thread.start()
        thread.join(0.4)
        assert thread.is_alive()
        original(*what)

    monkeypatch.setattr(world.tables, "_replace", slowly)
    world.happened({"open": LIVES["approved"][6:]})
    follow(world.logs, world.tables)
    thread.join()

    assert len(lost) == 1
    assert set_aside(world).keys() == {"open"}


def test_two_followers_that_meet_the_same_poison_name_it_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.happened(LIVES)
    follow(world.logs, world.tables)
    poison(world, "open")
    world.happened({"another": LIVES["corrected"]})
    original = world.tables.put

    def overtaken(*what: Any, **more: Any) -> None:
        monkeypatch.setattr(world.tables, "put", original)
        Followers(world.logs, world.again()).follow()
        poison(world, "open")
        original(*what, **more)

    monkeypatch.setattr(world.tables, "put", overtaken)
    follow(world.logs, world.tables)

    assert set_aside(world).keys() == {"open"}
    assert world.rows() == rows_of({A: {**LIVES, "another": LIVES["corrected"]}})


def over_and_over(act: Callable[[], object], done: Event, wrong: list[BaseException]) -> None:
    while not done.is_set():
        try:
            act()
        except Conflict:
            continue
        except BaseException as error:  # noqa: BLE001 - handed to the test
            wrong.append(error)
            return


def one_more_fact_each(world: World, told: dict[str, tuple[Fact, ...]], turn: int) -> None:
    """Every third one of a case is of the new name."""
    for case, events in LIVES.items():
        of_case = kind_of(events[0]) is CASE
        event: Fact = weighed() if of_case and turn % 3 == 2 else events[turn % len(events)]
        if event == weighed():
            poison(world, case)
        else:
            world.happened({case: (event,)})
        told[case] = (*told.get(case, ()), event)


@pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
def test_followers_and_requeues_of_programs_old_and_new_lose_no_fact(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "PAGE", 4)
    world.engine()
    follow(world.logs, world.tables)
    other, taken_back = world.again(), list[Quarantined]()
    done, wrong = Event(), list[BaseException]()

    def upgraded_and_back() -> None:
        mended(monkeypatch)
        time.sleep(0.02)
        monkeypatch.setattr(district_log, "WIRE", WIRE)
        time.sleep(0.005)

    acts = (
        lambda: follow(world.logs, world.tables),
        lambda: follow(world.logs, other),
        lambda: taken_back.extend(requeue(world.logs, other).served),
        upgraded_and_back,
    )
    threads = [Thread(target=over_and_over, args=(act, done, wrong)) for act in acts]
    for thread in threads:
        thread.start()
    told: dict[str, tuple[Fact, ...]] = {}
    latest = time.monotonic() + 20
    turn = 0
    while (turn < 12 or len(taken_back) < 12) and time.monotonic() < latest and not wrong:
        one_more_fact_each(world, told, turn)
        turn += 1
        time.sleep(0.005)
    done.set()
    for thread in threads:
        thread.join()
    mended(monkeypatch)
    follow(world.logs, world.tables)
    requeue(world.logs, world.tables)

    assert wrong == []
    assert len(taken_back) >= 12
    assert world.rows() == rows_of({A: told})


FOLLOWER: Final = """
import sys
from adapters import following
from adapters.opening import open_store
following.PAGE = 3
with open_store(sys.argv[1]) as opened:
    following.follow([engine.log for engine in opened.engines], opened.tables, lambda _: print(".", flush=True))
"""


@pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
def test_a_follower_killed_again_and_again_serves_the_same_cases_in_the_end(world: World) -> None:
    many: Lives = {f"{case}-{n}": events for n in range(4) for case, events in LIVES.items()}
    world.engine()
    follow(world.logs, world.tables)
    first, then = halves(many)
    world.happened(first)
    poisoned = {case: first[case] for case in ("late-0", "open-3", "voided-1")}
    for case in poisoned:
        poison(world, case)
    world.happened(then)

    kills = 0
    for pages in range(1, 4):
        script = subprocess.Popen(
            [sys.executable, "-c", FOLLOWER, world.url],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=Path(__file__).parents[2],
        )
        assert script.stdout is not None
        for _ in range(pages * 3):
            script.stdout.readline()
        time.sleep(0.002 * pages)
        os.kill(script.pid, signal.SIGKILL)
        kills += script.wait() == -signal.SIGKILL
        script.stdout.close()
    assert kills == 3
    live = world.tables.live()
    assert live is not None
    assert 0 < world.tables.checkpoint(live, A) < world.logs[0].head().position
    follow(world.logs, world.tables)

    rows, found = world.rows(), set_aside(world)
    assert found.keys() == poisoned.keys()
    served = {case: events for case, events in many.items() if case not in poisoned}
    expected = rows_of({A: served})
    assert {n: [r for r in rs if r[1] not in poisoned] for n, rs in rows.items()} == expected
