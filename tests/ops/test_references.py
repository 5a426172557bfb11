"""The references are what the declarations say of themselves: current, whole, and with links that lead somewhere."""

import os
import re
from pathlib import Path

import pytest

from casecore.kinds import COMMANDS, FACTS
from casecore.refusals import Reason
from ops.referencing import PAGES
from projections.indicators import INDICATORS
from projections.projection import columns
from projections.registry import PROJECTIONS

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "reference"


@pytest.mark.parametrize("name", PAGES)
def test_a_reference_is_what_the_declarations_say(name: str) -> None:
    said = PAGES[name]()
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        FOLDER.mkdir(parents=True, exist_ok=True)
        (FOLDER / name).write_text(said, "utf-8")
    assert (FOLDER / name).read_text("utf-8") == said, "out of date: make reference"


def test_no_reference_is_left_that_nothing_makes() -> None:
    assert {page.name for page in FOLDER.iterdir()} == set(PAGES)


def test_everything_declared_stands_in_the_references() -> None:
    for page, names in {
        "facts.md": [fact.__name__ for fact in FACTS] + [older.wire for fact in FACTS for older in fact.older],
        "commands.md": [command.__name__ for command in COMMANDS],
        "refusals.md": [reason.value for reason in Reason],
        "tables.md": [one.name for table in PROJECTIONS for one in columns(table.row)] + [t.name for t in PROJECTIONS],
        "indicators.md": [indicator.code for indicator in INDICATORS],
    }.items():
        words = set(re.findall(r"[\w.-]+", PAGES[page]()))
        assert set(names) <= words, page


@pytest.mark.parametrize("name", PAGES)
def test_every_link_of_a_reference_leads_to_a_heading(name: str) -> None:
    for page, anchor in re.findall(r"\]\(([\w.]*)(?:#([\w-]+))?\)", PAGES[name]()):
        headings = {head.lower() for head in re.findall(r"^#+ (\S+)$", PAGES[page or name](), re.MULTILINE)}
        assert not anchor or anchor in headings, (page, anchor)


def test_every_fact_and_command_says_in_english_what_it_is() -> None:
    for page in ("facts.md", "commands.md"):
        for head, said in re.findall(r"^#### (\w+)\n\n(?:[^\n]+ · `[^\n]+\n\n)?([^\n]+)", PAGES[page](), re.MULTILINE):
            assert len(re.findall(r"[A-Za-z]+", said)) >= 3, f"{head}: {said}"
