"""Fixtures that give a world of cases and their fact tables: on every store, or in memory."""

from collections.abc import Iterator

import pytest

from support.followed import World

__all__ = ["memory", "world"]


@pytest.fixture
def world(store_url: str) -> Iterator[World]:
    made = World(store_url)
    yield made
    made.close()


@pytest.fixture
def memory() -> Iterator[World]:
    made = World("memory:")
    yield made
    made.close()
