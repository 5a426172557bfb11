"""``casecore bench clock``: rates beside walks over the days, and what a longer limit costs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ops.bench.clock import LIMITS
from ops.bench.measuring import Measurement

CASECORE = Path(sys.executable).parent / "casecore"


@pytest.fixture(scope="module")
def measured() -> dict[str, Measurement]:
    command = [CASECORE, "bench", "clock", "--rounds", "1", "--json"]
    done = subprocess.run(command, capture_output=True, timeout=120, check=True)
    results = [Measurement(**plain) for plain in json.loads(done.stdout)["measurements"]]
    return {result.what: result for result in results}


KINDS = ("due dates", "used days", "whole readings")


def test_every_kind_is_measured_for_every_limit(measured: dict[str, Measurement]) -> None:
    assert list(measured) == [f"{kind}, {limit} working days" for kind in KINDS for limit in LIMITS]
    assert all(result.rate > 0 and result.floor_rate > 0 for result in measured.values())


@pytest.mark.parametrize("kind", KINDS)
def test_a_limit_four_hundred_times_as_long_costs_no_more_but_the_walk_does(
    measured: dict[str, Measurement], kind: str
) -> None:
    short, long = (measured[f"{kind}, {limit} working days"] for limit in (5, 2000))
    assert long.rate > short.rate / 5  # the same, give or take what else the machine does
    assert long.floor_rate < short.floor_rate / 20
    assert long.ratio > 20
