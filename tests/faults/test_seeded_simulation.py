"""Programs of one district under a scheduler that a seed drives (deterministic simulation), judged by an oracle outside.

A seed that fails is shrunk, and the message says how to play it again. See ``support/simulation``.
"""

# ruff: noqa: T201 - the figures are to be seen

import multiprocessing
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from support.chance import seed_from
from support.simulation.planted import PLANTED
from support.simulation.run import run
from support.simulation.shrinking import failure_of, shrunk
from support.simulation.steps import FAULT_KINDS, Setting, Step, drawn, told

SEED: Final = "CASECORE_SIMULATION_SEED"
SEEDS: Final = "CASECORE_SIMULATION_SEEDS"
CHUNK: Final = 100
PROGRESS: Final = 1000
REPLAY: Final = f"{SEED}={{}} {SEEDS}=1 .venv/bin/pytest tests/faults/test_seeded_simulation.py -k seeds_hold -s"


class Tally(NamedTuple):
    """What some seeds have come to."""

    runs: int
    steps: int
    facts: int
    acknowledged: int
    refused: int
    struck: Counter[str]
    seconds: float
    """Of CPU."""
    failed: tuple[tuple[int, str], ...]
    """Seeds, and how each fails."""

    @classmethod
    def of(cls, seeds: Sequence[int]) -> "Tally":
        """Run them one after the other, in this process."""
        began, struck, failed, sums = time.process_time(), Counter[str](), [], [0, 0, 0, 0]
        for seed in seeds:
            setting, steps = drawn(seed)
            try:
                done = run(setting, steps)
            except Exception as error:  # noqa: BLE001 - one fails, the others are run
                failed.append((seed, getattr(error, "what", type(error).__name__)))
                continue
            sums = [one + more for one, more in zip(sums, done[:4], strict=True)]
            struck += done.struck
        return cls(len(seeds), *sums, struck, time.process_time() - began, tuple(failed))

    def plus(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally(*(one + more for one, more in zip(self, other, strict=True)))

    def shown(self, wall: float) -> str:
        """For people."""
        faults = ", ".join(f"{kind} {count}" for kind, count in sorted(self.struck.items()))
        return (
            f"{self.runs} seeds, {self.steps} steps, {self.facts} facts, {self.acknowledged} acknowledged,"
            f" {self.refused} refused in {wall:.0f} s, {self.runs / wall:.1f} seeds/s,"
            f" {1000 * self.seconds / self.runs:.0f} ms of CPU each\n{faults}"
        )


def report(seed: int, what: str) -> str:
    """A failing seed, shrunk."""
    setting, steps = shrunk(*drawn(seed), what)
    return (
        f"seed {seed} fails: {failure_of(setting, steps)}\n{told(setting, steps)}\nto play it again: {REPLAY.format(seed)}"
    )


def judged(tally: Tally, wall: float) -> None:
    print(tally.shown(wall))
    for seed, what in tally.failed[1:]:
        print(f"seed {seed} fails as well: {what}")
    if tally.failed:
        pytest.fail(report(*tally.failed[0]), pytrace=False)


def test_seeds_hold_what_was_acknowledged() -> None:
    first, count = seed_from(SEED), int(os.environ.get(SEEDS, "120"))
    began = time.monotonic()
    judged(Tally.of(range(first, first + count)), time.monotonic() - began)


@pytest.mark.torture
def test_seeds_by_the_ten_thousand_hold_what_was_acknowledged() -> None:
    first, count = seed_from(SEED), int(os.environ.get(SEEDS, "50000"))
    began, total = time.monotonic(), Tally(0, 0, 0, 0, 0, Counter(), 0, ())
    chunks = [range(start, min(start + CHUNK, first + count)) for start in range(first, first + count, CHUNK)]
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        for tally in pool.map(Tally.of, chunks):
            total = total.plus(tally)
            if total.runs % PROGRESS == 0:
                print(total.shown(time.monotonic() - began), *total.failed, flush=True)
    judged(total, time.monotonic() - began)
    assert total.struck.keys() >= FAULT_KINDS, "each kind of fault has struck"


# --- the same seed, the same run ---

DIGESTS: Final = """
import sys
sys.path.insert(0, sys.argv[1])
from support.simulation.run import run
from support.simulation.steps import drawn
for seed in range(1, 13):
    print(seed, run(*drawn(seed)).digest)
"""


def test_a_seed_is_the_same_run_in_every_process() -> None:
    tests = Path(__file__).parents[1]
    told_by = [
        subprocess.run(
            [sys.executable, "-c", DIGESTS, str(tests)],
            env={**os.environ, "PYTHONHASHSEED": number},
            capture_output=True,
            check=True,
            text=True,
            cwd=tests.parent,
        ).stdout
        for number in ("1", "4711")
    ]
    assert told_by[0].count("\n") == 12
    assert told_by[0] == told_by[1]
    assert len({line.split()[1] for line in told_by[0].splitlines()}) == 12, "and another seed is another run"


# --- controls: faults that are there are found ---


@pytest.mark.parametrize("plant", PLANTED, ids=lambda one: one.__name__)
def test_control_a_planted_fault_is_found_within_two_hundred_seeds(
    plant: Callable[[Callable[..., None]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch.setattr)
    for seed in range(1, 201):
        if (found := failure_of(*drawn(seed))) is not None:
            print(f"{plant.__name__}: found by seed {seed}: {found[1][:160]}")
            break
    else:
        pytest.fail("200 seeds, and nothing was found", pytrace=False)


def test_control_what_is_found_is_shrunk_and_said_so_that_it_can_be_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    (plant,) = [one for one in PLANTED if one.__name__ == "nothing_rested_on"]
    plant(monkeypatch.setattr)
    seed, found = next((seed, found) for seed in range(1, 201) if (found := failure_of(*drawn(seed))) is not None)
    setting, steps = shrunk(*drawn(seed), found[0])
    assert len(steps) <= 3 < len(drawn(seed)[1])
    again: tuple[Setting, list[Step]] = eval(told(setting, steps), {"Setting": Setting, "Step": Step})  # noqa: S307
    assert again == (setting, steps)
    monkeypatch.undo()
    assert failure_of(setting, steps) is None


# --- what was found, and mended ---

FOUND: Final = {
    "a command in doubt was refused by facts a set-back had taken": (
        Setting(store="file"),
        [
            Step("copy"),
            Step("go on", asked=("案-C",), fault=("unanswered", 1), inside=((5, Step("put back", asked=(0,))),)),
        ],
    ),
    "a command sent again was refused by facts a set-back had taken": (
        Setting(store="file"),
        [
            Step("copy"),
            Step("go on", asked=("案-C",)),
            Step("again", by=1, asked=(0,), inside=((4, Step("put back", asked=(0,))),)),
        ],
    ),
    "an adoption right behind another was taken for a part of it by who had followed between the two": (
        Setting(),
        [Step("go on", asked=("案-C",)), Step("adopt", asked=(2,)), Step("follow"), Step("adopt", asked=(0,))],
    ),
    "books read while the store was set back were remembered, and no command went through any more": (
        Setting(store="file", programs=2, followers=2),
        [
            Step("copy"),
            Step("adopt", by=1, asked=(0,)),
            Step("go on", asked=("案-C",)),
            Step("put back", asked=(0,)),
            Step(
                "several",
                asked=({"kind": "close", "case": "B", "when": "now", "outcome": "other", "reason": " "},),
                inside=((1, Step("several", asked=({"kind": "trip", "case": "B", "when": "now", "visit": "V1"},))),),
            ),
            Step("ask", asked=({"kind": "receive", "case": "B", "when": "now", "item": "FOOD", "visit": None},)),
        ],
    ),
}


@pytest.mark.parametrize("found", FOUND)
def test_what_was_found_once_is_not_found_again(found: str) -> None:
    assert failure_of(*FOUND[found]) is None
