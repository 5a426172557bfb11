"""Every mechanism of the seeds this engine tells has its story, and every story quotes its seed."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

TOLD: Final = frozenset(
    {9, 11, 14, 15, 17, 18, 23, 24, 25, 31, 32, 35, 36, 37, 40, 41, 42, 43, 45, 46, 49, 50, 52, 53, 54, 55, 56, 57, 58}
)
"""Numbers of domain.md §5."""
SEEDS: Final = {
    "test_chengdu.py": "S0",
    "test_xindu.py": "S1",
    "test_peoples_daily.py": "S2",
    "test_tongzhou.py": "S3",
    "test_zengcheng.py": "S4",
}
"""Which seed a file of stories tells; the seeds lie in this order."""
SPELLING: Final = re.compile(r"\([^()\u4e00-\u9fff]{1,8}\)")
"""Pronunciation in brackets, which the page S2 was taken from had put behind every traditional character."""


class Story(NamedTuple):
    file: str
    mechanism: int
    name: str
    told: str


def stories() -> Iterator[Story]:
    for file in SEEDS:
        tree = ast.parse((Path(__file__).parent / file).read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and (found := re.match(r"test_mechanism_(\d\d)_", node.name)):
                yield Story(file, int(found[1]), node.name, ast.get_docstring(node) or "")


def test_every_mechanism_has_its_story_and_no_story_is_of_another() -> None:
    assert {story.mechanism for story in stories()} == TOLD


def test_every_mechanism_is_told_where_its_seed_is() -> None:
    first: dict[str, Any] = {"S0": 1, "S1": 17, "S2": 31, "S3": 38, "S4": 51}
    last: dict[str, Any] = {"S0": 16, "S1": 30, "S2": 37, "S3": 50, "S4": 60}
    strays = [s.name for s in stories() if not first[SEEDS[s.file]] <= s.mechanism <= last[SEEDS[s.file]]]
    assert strays == []


@pytest.mark.parametrize("story", list(stories()), ids=lambda story: story.name)
def test_every_story_quotes_its_seed_word_for_word(story: Story, shared_data: Path) -> None:
    files = sorted((shared_data / "seeds").glob("*.txt"))
    seed = dict(zip(SEEDS.values(), files, strict=True))[SEEDS[story.file]]
    text = SPELLING.sub("", seed.read_text(encoding="utf-8"))
    quotes = re.findall(r"「([^」]+)」", story.told)
    assert story.told.startswith(f"{SEEDS[story.file]}: 「")
    assert [quote for quote in quotes if quote not in text] == []
