"""Machines whose clocks are set wrong: an engine as it runs on one, and a whole process on one."""

import atexit
import os
import subprocess
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

import pytest

from adapters.district_engine import DistrictEngine
from casecore.log import MICROSECOND

__all__ = ["process_ahead", "set_ahead"]

_SOURCE = Path(__file__).with_name("machine_clock.c")


def set_ahead(engine: DistrictEngine, ahead: timedelta | Callable[[], timedelta]) -> None:
    """Let an engine run on a machine whose clock lies so far ahead of this one's; behind, where it is negative."""
    by = ahead if callable(ahead) else lambda: ahead
    zone = engine.now().tzinfo
    engine._surroundings = engine._surroundings._replace(now=lambda: datetime.now(zone) + by())
    engine.log.ledger.clock = lambda: time.time_ns() // 1000 + by() // MICROSECOND  # type: ignore[method-assign]


@cache
def _library() -> Path:
    compiler = which("gcc") or which("cc")
    if compiler is None:
        pytest.skip("no C compiler: nothing sets the clock of a process wrong")
    folder = TemporaryDirectory(prefix="machine-clock-")
    atexit.register(folder.cleanup)
    made = Path(folder.name) / "machine_clock.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", made, _SOURCE, "-ldl"], check=True)
    return made


def process_ahead(ahead: timedelta) -> Mapping[str, str]:
    """The environment of a process on a machine whose clock lies so far ahead of this one's."""
    return {**os.environ, "LD_PRELOAD": str(_library()), "CLOCK_AHEAD_SECONDS": str(int(ahead.total_seconds()))}
