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
