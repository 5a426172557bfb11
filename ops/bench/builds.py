"""``casecore bench builds``: this build beside another one, say the one before, in the same run.

Both are asked through their command lines, which stay the same from build to build, each on files of its own. They take
turns, and what counts is the CPU time of their processes (user and system), so that a busy machine favours neither.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from typing import Final, NamedTuple

from adapters.csv_cells import csv_writer
from casecore.errors import BadInput, Flaw

__all__ = ["Comparison", "bench_builds"]

ROUNDS: Final = 3
CASES: Final = 150
"""Handed in one by one, a commit each, with what follows: received, a dozen steps, accepted."""
STEPS: Final = 12
ROWS: Final = 6000
"""Of an imported file: two facts and three a case."""
DISTRICT: Final = "510114"
BEGINS: Final = datetime(2023, 1, 3, 9, tzinfo=timezone(timedelta(hours=8)))


class Comparison(NamedTuple):
    """What one piece of work costs both builds, in CPU seconds (medians of the rounds), and theirs over ours."""

    what: str
    ours: float
    theirs: float
    ratio: float
    """Above 1: this build takes less."""


class _Build(NamedTuple):
    """A build's command line, and the store it works on."""

    command: Path
    store: Path

    def run(self, *arguments: str) -> float:
        """CPU seconds of one command; raises ``BadInput`` where it fails."""
        before = getrusage(RUSAGE_CHILDREN)
        # Modules are kept compiled, as they are wherever a build is at home: compiling is no part of what it does.
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        ran = subprocess.run(  # noqa: S603 - the builds themselves
            [str(self.command), *arguments], capture_output=True, text=True, check=False, env=environment
        )
        after = getrusage(RUSAGE_CHILDREN)
        if ran.returncode:
            raise BadInput(Flaw.USAGE, str(self.command), f"{' '.join(arguments)} ended with {ran.returncode}: {ran.stderr}")
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def bench_builds(other: Path, rounds: int = ROUNDS) -> list[Comparison]:
    """Compare with the build whose ``casecore`` command is ``other``; raises ``BadInput`` where there is none."""
    ours = Path(sys.executable).with_name("casecore")
    for command in (ours, other):
        if not command.is_file():
            raise BadInput(Flaw.USAGE, str(command), "there is no such command")
    taken: dict[str, list[tuple[float, float]]] = {}
    for number in range(rounds + 1):  # the first counts for nothing: what runs first compiles what it imports
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder)
            _write_commands(work / "commands.jsonl")
            _write_cases(work / "cases.csv")
            builds = (_Build(ours, work / "ours.db"), _Build(other, work / "theirs.db"))
            for what, arguments in _works(work):
                # Who goes first changes from round to round.
                turn = builds if number % 2 == 0 else builds[::-1]
                costs = {
                    build: build.run(*[word.format(store=f"sqlite:///{build.store}") for word in arguments])
                    for build in turn
                }
                if number:
                    taken.setdefault(what, []).append((costs[builds[0]], costs[builds[1]]))
    return [_compared(what, costs) for what, costs in taken.items()]


def _compared(what: str, costs: Sequence[tuple[float, float]]) -> Comparison:
    return Comparison(
        what,
        median(mine for mine, _ in costs),
        median(other for _, other in costs),
        median(other / mine for mine, other in costs),
    )


def _works(work: Path) -> list[tuple[str, list[str]]]:
    """What is asked, in this order: each builds on the one before."""
    store = ["--store", "{store}"]
    first = f"C-{0:05}"
    return [
        ("start (--help)", ["--help"]),
        ("whole commands (handle)", ["handle", str(work / "commands.jsonl"), *store, "--district", DISTRICT]),
        ("import", ["import", str(work / "cases.csv"), "--mapping", "chongqing_cases", *store, "--district", DISTRICT]),
        ("follow", ["follow", "--once", *store]),
        ("rebuild", ["rebuild", *store]),
        ("start (case show)", ["case", "show", first, *store]),
    ]


def _write_commands(path: Path) -> None:
    """Cases of an item that ships, each lived one command at a time."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(CASES):
            case = {"case": f"C-{number:05}", "by": "wang"}
            lived = [
                {"command": "ReceiveCase", "hall": "hall", "item": "house-transfer"},
                *({"command": "CompleteStep", "name": f"step {step}", "department": "Archive"} for step in range(STEPS)),
                {"command": "AcceptCase"},
            ]
            for place, act in enumerate(lived):
                at = BEGINS + timedelta(minutes=number * len(lived) + place)
                file.write(json.dumps({**case, **act, "at": at.isoformat(), "command_id": f"{number}-{place}"}) + "\n")


def _write_cases(path: Path) -> None:
    """A file of closed and open cases as the shipped mapping of online-tracked cases reads it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv_writer(file)
        rows.row(["收件编号", "收件时间", "办结时间"])
        for number in range(ROWS):
            received = BEGINS + timedelta(minutes=7 * number)
            closed = "" if number % 11 == 0 else (received + timedelta(days=number % 13, minutes=30)).isoformat()
            rows.row([f"5001150001XKCK{received:%y%m%d}{number:06}", received.isoformat(), closed])
