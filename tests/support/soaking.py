"""What runs in the processes of a soak: windows, a clock, a keeper of tables and a reader, all on one store for long."""

import os
import random
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final, NamedTuple

from adapters.keeping import Keeper
from adapters.opening import open_facts
from adapters.reporting import Period, report
from casecore import (
    AcceptCase,
    CaseCommand,
    CloseCase,
    CompleteStep,
    Decision,
    GrantApproval,
    MakeDecision,
    Outcome,
    Receipt,
    RouteCase,
)
from support.oracle import opened
from support.victims import Victim, patiently, received

__all__ = ["Lived", "clock", "keeper", "live", "reader", "window"]

STEPS: Final = 5
SAMPLE_SECONDS: Final = 1.0
REST_SECONDS: Final = {"window": 0.02, "clock": 1.0, "keeper": 0.2, "reader": 1.0}
KIB: Final = 1024


class Lived(NamedTuple):
    """What one program did, from its start until it was told to stop."""

    name: str
    done: int
    """Commands, ticks, rounds or reports."""
    median_seconds: float
    slowest_percent_seconds: float
    """What 99 of 100 were done within."""
    longest_seconds: float
    retries: int
    memory: tuple[int, ...]
    """KiB of resident memory, sampled all along."""
    cases: dict[str, int]
    """The version of each case this program was acknowledged."""


class _Watch:
    """Times what is done, in steps of a tenth of its magnitude: a soak must not grow by what watches it."""

    def __init__(self, name: str, wire: Connection) -> None:
        self._name, self._wire = name, wire
        self._spent: Counter[float] = Counter()
        self._longest, self._retries = 0.0, 0
        self._memory: list[int] = []
        self._sampled = 0.0
        wire.send("ready")
        wire.recv()

    def does(self, act: Callable[[], object]) -> None:
        began = time.monotonic()
        _, retries = patiently(act)
        spent = time.monotonic() - began
        self._spent[float(f"{spent:.1e}")] += 1
        self._longest, self._retries = max(self._longest, spent), self._retries + retries
        if began > self._sampled + SAMPLE_SECONDS:
            self._sampled = began
            self._memory.append(int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize() // KIB)

    def goes_on(self) -> bool:
        return not self._wire.poll(random.uniform(0.5, 1) * REST_SECONDS[self._name])  # noqa: S311

    def tells(self, cases: dict[str, int] | None = None) -> None:
        count = self._spent.total()
        ordered = [value for value in sorted(self._spent) for _ in range(self._spent[value])]
        median, slow = (ordered[min(count - 1, int(count * part))] for part in (0.5, 0.99))
        said = Lived(self._name, count, median, slow, self._longest, self._retries, tuple(self._memory), cases or {})
        self._wire.send(said)


def _life(case: str) -> Iterator[CaseCommand]:
    """A case from intake to closing."""
    yield received(case)
    yield AcceptCase(case=case, by="clerk", command_id=f"{case}/accept")
    yield RouteCase(case=case, by="clerk", command_id=f"{case}/route")
    for n in range(STEPS):
        yield CompleteStep(case=case, by="clerk", name=f"step {n}", command_id=f"{case}/{n}")
    for step, department in (("fund", "公积金"), ("guarantee", "担保机构")):
        yield GrantApproval(case=case, by="officer", step=step, department=department, command_id=f"{case}/{step}")
    yield MakeDecision(case=case, by="officer", decision=Decision.GRANTED, command_id=f"{case}/decide")
    yield CloseCase(case=case, by="officer", outcome=Outcome.OTHER, reason="办结", command_id=f"{case}/close")


def window(wire: Connection, url: str) -> None:
    """Lead one case after the other from intake to closing."""
    watch, lives = _Watch("window", wire), dict[str, int]()
    with opened(url) as engine:
        while watch.goes_on():
            case = f"case-{os.getpid()}-{len(lives)}"
            for command in _life(case):

                def hand_in(command: CaseCommand = command, case: str = case) -> None:
                    receipt = engine.handle(command)
                    assert isinstance(receipt, Receipt), receipt
                    lives[case] = receipt.version

                watch.does(hand_in)
                if not watch.goes_on():
                    watch.tells(lives)
                    return
    watch.tells(lives)


def clock(wire: Connection, url: str) -> None:
    """Tick."""
    watch = _Watch("clock", wire)
    with opened(url) as engine:
        while watch.goes_on():
            watch.does(engine.tick)
    watch.tells()


def keeper(wire: Connection, url: str) -> None:
    """Keep the fact tables up to date."""
    watch = _Watch("keeper", wire)
    with Keeper(url) as tables:
        while watch.goes_on():
            watch.does(tables.follow)
    watch.tells()


def reader(wire: Connection, url: str) -> None:
    """Ask for all figures of the month."""
    watch, today = _Watch("reader", wire), date.today()  # noqa: DTZ011
    with open_facts(url) as tables:
        while watch.goes_on():
            watch.does(lambda: report(tables, Period(today - timedelta(days=30), today, today)))
    watch.tells()


def live(url: str, windows: int, seconds: float, beside: Callable[[], None]) -> list[Lived]:
    """Let them live on a store for so long; ``beside`` is called all the while, every second."""
    victims = [*(Victim(window, url) for _ in range(windows)), *(Victim(one, url) for one in (clock, keeper, reader))]
    try:
        for one in victims:
            assert one.hear() == "ready"
        until = time.monotonic() + seconds
        for one in victims:
            one.wire.send("go")
        while time.monotonic() < until:
            assert not [one.hear() for one in victims if one.wire.poll(0)], "somebody has ended"
            beside()
            time.sleep(1)
        for one in victims:
            one.wire.send("stop")
        return [one.hear(600) for one in victims]
    finally:
        for one in victims:
            one.kill()
            one.wire.close()
