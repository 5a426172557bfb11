"""What tests of imports share: a store of either embedded kind, and a bench to import at."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from import_bench import Bench

from adapters import open_engine
from adapters.district_engine import DistrictEngine


@pytest.fixture(params=["memory", "sqlite"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DistrictEngine]:
    url = "memory:" if request.param == "memory" else f"sqlite:///{tmp_path}/cases.db"
    with open_engine(url, district="500000") as opened:
        yield opened


@pytest.fixture
def bench(engine: DistrictEngine, tmp_path: Path) -> Bench:
    return Bench(engine, tmp_path)
