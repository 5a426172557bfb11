"""Races between desks that know nothing of each other, and files remembered too long."""

# ruff: noqa: D102, PLR2004, S101 - these are tests: they assert, their names are their sentences, their figures expected

import itertools
import time
from collections.abc import Callable
from datetime import date
from threading import Event, Thread
from typing import Any

import pytest

from adapters.district_engine import DistrictEngine
from adapters.district_log import DistrictLog
from adapters.testing.opened import Opened, beside
from adapters.testing.world import CATALOGUE, CLERK, OFFICER, SECONDS, A, accept, carried, done, grant, note, receive, route
from casecore import (
    Catalogue,
    Conflict,
    Decision,
    Engine,
    MakeDecision,
    Reason,
    Refused,
    ServiceItem,
    Stage,
    WithdrawCase,
)
from casecore.kind import File

__all__ = ["Races"]


class Haunted(dict[str, File]):
    """Remembered files, where a slow thread puts back what it knew just after another has let go of it."""

    def __init__(self, case: str, old: File) -> None:
        super().__init__({case: old})
        self._late = (case, old)

    def pop(self, *args: Any) -> Any:  # noqa: ANN401 - a dictionary's own
        found = super().pop(*args)
        self.update([self._late])
        return found


class Interrupted(Catalogue):
    """A catalogue whose every look-up gives somebody else the time to write first."""

    __slots__ = ("interrupt", "times")

    def __init__(self, interrupt: Callable[[int], object], times: int) -> None:
        super().__init__(CATALOGUE)
        self.interrupt, self.times = interrupt, times

    def find(self, code: str, on: date) -> ServiceItem | None:
        if self.times:
            self.times -= 1
            self.interrupt(self.times)
        return super().find(code, on)


def overtaken(engine: Engine, times: int) -> tuple[Engine, list[int]]:
    """A desk that loses its first races, and the pauses it makes."""
    rival, pauses = beside(engine), list[int]()
    catalogue = Interrupted(lambda n: carried(rival, note(f"rival {n}")), times)
    return beside(engine, engine.books._replace(catalogue=catalogue, catalogues=()), pause=pauses.append), pauses


class Races(Opened):
    """Whoever comes second sees what the first has done."""

    def test_a_stale_file_never_makes_a_wrong_refusal(self, desks: tuple[Engine, Engine]) -> None:
        here, there = desks
        carried(here, receive(A))
        carried(there, accept(A))  # the file remembered here still says received
        carried(here, route(A))
        carried(there, grant("fire", "Fire"), grant("health", "Health"))
        carried(here, grant("market", "Market"))
        refused = there.handle(grant("market", "Market"))
        assert isinstance(refused, Refused)
        assert refused.reason is Reason.WRONG_STAGE
        carried(there, MakeDecision(case=A, by=OFFICER, decision=Decision.GRANTED))
        assert here.file(A).stage is Stage.DECIDED

    def test_a_stale_file_never_makes_a_wrong_receipt(self, desks: tuple[Engine, Engine]) -> None:
        here, there = desks
        carried(here, receive(A))
        carried(there, WithdrawCase(case=A, by=CLERK, reason="changed mind"))
        refused = here.handle(accept(A))  # the file remembered here would allow it
        assert refused == Refused(Reason.WRONG_STAGE, Stage.WITHDRAWN.value, A, "AcceptCase")

    def test_a_file_remembered_late_by_another_thread_never_makes_a_wrong_refusal(self, engine: DistrictEngine) -> None:
        carried(engine, receive(A))
        old = engine.file(A)
        carried(engine, accept(A))
        desk = beside(engine)
        desk._recent = Haunted(A, old)  # noqa: SLF001 - what it remembers is the point
        assert len(done(desk.handle(route(A))).events) == 3

    def test_a_race_lost_a_few_times_is_run_again(self, engine: DistrictEngine) -> None:
        carried(engine, receive(A))
        desk, pauses = overtaken(engine, times=5)
        receipt = done(desk.handle(accept(A)))
        assert receipt.version == 7
        assert pauses == sorted(set(pauses))
        assert engine.file(A).stage is Stage.IN_REVIEW

    def test_a_race_lost_again_and_again_is_given_up_as_a_conflict(self, engine: DistrictEngine) -> None:
        carried(engine, receive(A))
        desk, pauses = overtaken(engine, times=1000)
        with pytest.raises(Conflict, match=A):
            desk.handle(accept(A, command_id="k1"))
        assert 3 <= len(pauses) <= 40
        assert engine.log.carried_out(["k1"]) == set()
        assert engine.file(A).stage is Stage.RECEIVED

    def test_the_chain_verifies_while_others_write(self, desks: tuple[Engine, Engine]) -> None:
        here, there = desks
        assert isinstance(there.log, DistrictLog)
        carried(here, receive(A))
        enough = Event()

        def write() -> None:
            for n in itertools.count():
                if enough.is_set():
                    return
                carried(here, note(str(n)))

        writer, deadline = Thread(target=write), time.monotonic() + SECONDS
        writer.start()
        try:
            found = [there.log.verify()]
            while len({verification.events for verification in found}) < 20 and time.monotonic() < deadline:
                found.append(there.log.verify())
        finally:
            enough.set()
            writer.join(SECONDS)
        assert {verification.why for verification in found} == {None}
        assert found[0].events < found[-1].events
        assert there.log.verify().events == there.log.head().position
