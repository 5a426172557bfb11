"""What tests of this room share: a world on every store or in memory; and for imports, an engine and a bench."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.import_bench import Bench
from support.worlds import memory, world

from adapters.district_engine import DistrictEngine
from adapters.testing.opened import open_desk

__all__ = ["bench", "engine", "memory", "world"]


@pytest.fixture(params=["memory", "sqlite"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DistrictEngine]:
    url = "memory:" if request.param == "memory" else f"sqlite:///{tmp_path}/cases.db"
    with open_desk(url, district="500000") as opened:
        yield opened


@pytest.fixture
def bench(engine: DistrictEngine, tmp_path: Path) -> Bench:
    return Bench(engine, tmp_path)
