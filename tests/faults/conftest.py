"""Fixtures of the fault harnesses: a seed that can be given again, and servers that may be killed."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.chance import seed_from
from support.postgres_server import PostgresServer
from support.worlds import memory, world

__all__ = ["memory", "world"]

SEED_VARIABLE = "CASECORE_TORTURE_SEED"


@pytest.fixture
def chance() -> random.Random:
    """All that is random in a harness but the machine's own timing; the seed is printed."""
    return random.Random(seed_from(SEED_VARIABLE))  # noqa: S311 - no secret


@pytest.fixture(scope="session")
def _killable(postgres_bin: Path) -> Iterator[PostgresServer]:
    with PostgresServer(postgres_bin, durable=True) as server:
        yield server


@pytest.fixture
def own_server(_killable: PostgresServer) -> PostgresServer:
    """A durable server of the harnesses' own, to be killed; whoever killed it last, it runs."""
    _killable.start()
    return _killable
