"""A hall for each story."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.hall import Hall, OpenHall


@pytest.fixture
def open_hall() -> Iterator[OpenHall]:
    """Open halls of one's own; they are closed when the story is told."""
    halls: list[Hall] = []

    def opened(*catalogue: Any, **rest: Any) -> Hall:
        halls.append(Hall(*catalogue, **rest))
        return halls[-1]

    yield opened
    for one in halls:
        one.close()


@pytest.fixture
def hall_on_disk(open_hall: OpenHall, tmp_path: Path) -> Hall:
    """The same on a file, which another process may open."""
    return open_hall(url=f"sqlite:///{tmp_path}/hall.db")


@pytest.fixture
def hall(open_hall: OpenHall) -> Hall:
    """A hall that works by the shipped catalogue."""
    return open_hall()
