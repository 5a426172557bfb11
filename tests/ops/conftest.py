"""A world of cases and their fact tables, and a store of every kind of stream."""

import shutil
from pathlib import Path

import pytest
from support.followed import A
from support.worlds import memory, world

from adapters.district_engine import open_engine
from casecore import Receipt
from ops.demo.story_files import load_stories

__all__ = ["all_kinds", "memory", "own_kinds", "world"]


@pytest.fixture(scope="session")
def all_kinds(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store that holds cases, packages and a drop box: the demonstration's own stories. Only to be read."""
    url = f"sqlite:///{tmp_path_factory.mktemp('kinds')}/kinds.db"
    with open_engine(url, district=A) as engine:
        for story in load_stories(1).trips:
            for command in story.commands:
                assert isinstance(engine.handle(command), Receipt)
    return url


@pytest.fixture
def own_kinds(all_kinds: str, tmp_path: Path) -> str:
    """The same store, for one test alone."""
    shutil.copy(all_kinds.removeprefix("sqlite:///"), tmp_path / "kinds.db")
    return f"sqlite:///{tmp_path}/kinds.db"
