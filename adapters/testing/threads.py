"""Many threads at one desk, or at two."""

# ruff: noqa: D102, S101 - these are tests: they assert, their names are their sentences, their figures expected

import itertools
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Final, TypeVar

from adapters.district_engine import DistrictEngine
from adapters.district_log import DistrictLog
from adapters.testing.opened import Opened
from adapters.testing.world import SECONDS, A, B, C, accept, carried, done, every_fact, grant, note, receive, route
from casecore import CaseCommand, Conflict, Engine, Reason, Receipt, Refused

__all__ = ["Threads"]

THREADS: Final = 8
COMMANDS: Final = 40
K = TypeVar("K")


def at_once(*jobs: Callable[[], K]) -> list[K]:
    """Run them in as many threads, all starting together."""
    barrier = Barrier(len(jobs))

    def run(job: Callable[[], K]) -> K:
        barrier.wait(SECONDS)
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result() for future in [pool.submit(run, job) for job in jobs]]


def insisting(engine: Engine, commands: Sequence[CaseCommand]) -> list[Receipt]:
    """Carry them out as a hall backend does that lost its races: the same command again, under the same id."""

    def insist(command: CaseCommand) -> Receipt:
        for _ in range(20):
            try:
                return done(engine.handle(command))  # type: ignore[no-any-return]
            except Conflict:
                continue
        raise AssertionError(f"{command} never came through")

    return [insist(command) for command in commands]


def assert_nothing_lost_or_doubled(log: DistrictLog, receipts: Sequence[Receipt], begun: int) -> None:
    facts = every_fact(log)
    assert [fact.position for fact in facts] == list(range(1, begun + len(receipts) + 1))
    assert len({receipt.position for receipt in receipts}) == len(receipts)
    by_position = {fact.position: fact for fact in facts}
    for receipt in receipts:
        fact = by_position[receipt.position]
        assert (fact.stream, fact.version, fact.event) == (receipt.stream, receipt.version, *receipt.events)
        assert fact.envelope.command_id == receipt.command_id
    for case, version in log.versions([A, B, C]).items():
        assert [fact.version for fact in facts if fact.stream == case] == list(range(1, version + 1))
    assert log.verify().why is None


class Threads(Opened):
    """Nothing is lost and nothing is doubled."""

    def test_many_threads_on_shared_cases_lose_nothing_and_double_nothing(self, engine: DistrictEngine) -> None:
        cases = (A, B, C)
        carried(engine, *map(receive, cases))

        def job(worker: int) -> list[Receipt]:
            return insisting(
                engine, [note(f"{worker}/{n}", cases[n % 3], command_id=f"{worker}/{n}") for n in range(COMMANDS)]
            )

        results = at_once(*[lambda worker=worker: job(worker) for worker in range(THREADS)])
        receipts = list(itertools.chain.from_iterable(results))
        assert len(receipts) == THREADS * COMMANDS
        assert_nothing_lost_or_doubled(engine.log, receipts, begun=3)
        steps = [step.name for case in cases for step in engine.file(case).steps]
        assert sorted(steps) == sorted(f"{worker}/{n}" for worker in range(THREADS) for n in range(COMMANDS))

    def test_each_threads_own_commands_are_kept_in_its_order(self, engine: DistrictEngine) -> None:
        carried(engine, receive(A))

        def job(worker: int) -> list[Receipt]:
            return insisting(engine, [note(f"{worker}/{n}") for n in range(10)])

        for receipts in at_once(*[lambda worker=worker: job(worker) for worker in range(4)]):
            assert [receipt.position for receipt in receipts] == sorted(receipt.position for receipt in receipts)

    def test_one_command_given_by_many_threads_at_once_is_carried_out_once(self, engine: DistrictEngine) -> None:
        carried(engine, receive(A))
        receipts = at_once(*[lambda: insisting(engine, [note("once", command_id="k1")])[0] for _ in range(THREADS)])
        assert len(set(receipts)) == 1
        assert [step.name for step in engine.file(A).steps] == ["once"]

    def test_the_first_of_many_who_can_only_win_alone_wins_and_the_others_are_refused(self, engine: DistrictEngine) -> None:
        carried(engine, receive(A), accept(A), route(A))
        results = at_once(*[lambda n=n: engine.handle(grant("fire", "Fire", command_id=f"k{n}")) for n in range(THREADS)])
        assert sum(isinstance(result, Receipt) for result in results) == 1
        refusals = [result.reason for result in results if isinstance(result, Refused)]
        assert refusals == [Reason.STEP_NOT_OPEN] * (THREADS - 1)

    def test_two_desks_racing_for_the_same_cases_lose_nothing(self, desks: tuple[Engine, Engine]) -> None:
        carried(desks[0], receive(A), receive(B))

        def job(desk: Engine, name: str) -> list[Receipt]:
            return insisting(desk, [note(f"{name}/{n}", (A, B)[n % 2]) for n in range(COMMANDS)])

        results = at_once(*[lambda n=n: job(desks[n % 2], str(n)) for n in range(4)])
        receipts = list(itertools.chain.from_iterable(results))
        assert len(receipts) == 4 * COMMANDS
        assert isinstance(desks[0].log, DistrictLog)
        assert_nothing_lost_or_doubled(desks[0].log, receipts, begun=2)
