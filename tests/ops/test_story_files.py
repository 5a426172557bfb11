"""The demonstration's stories are files anybody can hand in, and another one is one file more."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapters import open_engine
from casecore import Receipt
from casecore.kinds import DISTRICT as BOOKS
from casecore.kinds import kind_of
from ops.cli import app
from ops.demo import story_files
from ops.demo.simulation import DISTRICT
from ops.demo.story_files import load_showcase, load_stories

CASECORE = Path(sys.executable).parent / "casecore"
DEMO = Path(story_files.__file__).parent
README = (DEMO / "README.md").read_text("utf-8")
FILES = sorted((DEMO / "stories").glob("*.jsonl"))


def handed_in(path: Path, folder: Path) -> list[dict[str, object]]:
    options = ("--store", "sqlite:///stories.db", "--district", DISTRICT, "--calendar", "cn-2017.1")
    done = subprocess.run(
        [CASECORE, "handle", path, *options], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(answer) for answer in done.stdout.splitlines()]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_line_of_a_story_handed_in_is_answered_by_a_receipt(path: Path, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]

    answers = handed_in(path, tmp_path)

    assert [answer["line"] for answer in answers] == list(range(1, len(lines) + 1))
    assert [answer["receipt"]["command_id"] for answer in answers] == [line["command_id"] for line in lines]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_command_of_a_story_has_an_id_of_its_own_and_an_instant_with_offset(path: Path) -> None:
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    stem = lines[0].get("case") or lines[0].get("package") or lines[0]["number"]

    assert [line["command_id"] for line in lines] == [f"{stem}:{number}" for number in range(1, len(lines) + 1)]
    assert all(re.fullmatch(r"2017-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00", line["at"]) for line in lines)


def test_every_file_is_played_the_showcase_first_and_each_command_bears_the_seed() -> None:
    clocks, trips, visits = load_stories(7)
    played = [load_showcase(7), *clocks, *trips, *visits]

    handed = {json.loads(line)["command_id"] for path in FILES for line in path.read_text("utf-8").splitlines()}
    assert {command.command_id for story in played for command in story.commands} == {f"demo-7:{one}" for one in handed}
    assert [story.stream for story in played if story.package] == ["DEMO-020", "DEMO-HOUSE"]
    assert len(played) == len(FILES)


def test_a_story_handed_in_by_file_makes_the_facts_the_demonstration_makes(tmp_path: Path) -> None:
    (story, *_) = load_stories(1).trips
    handed_in(DEMO / "stories" / "company_020.jsonl", tmp_path)
    with (
        open_engine("memory:", district=DISTRICT, calendar="cn-2017.1") as played,
        open_engine(f"sqlite:///{tmp_path}/stories.db", district=DISTRICT, calendar="cn-2017.1") as handed,
    ):
        assert all(isinstance(played.handle(command), Receipt) for command in story.commands)
        facts = [
            [(one.stream, one.version, one.event) for one in engine.follow() if kind_of(one.event) is not BOOKS]
            for engine in (played, handed)
        ]
    bare = [(stream, version, str(event).replace("demo-1:", "")) for stream, version, event in facts[0]]
    assert bare == [(stream, version, str(event)) for stream, version, event in facts[1]]


# --- the page beside them ---


def section(heading: str, kind: str) -> str:
    found = re.search(rf"## {heading}\n.*?```{kind}\n(.*?)```", README, re.DOTALL)
    assert found is not None, heading
    return found[1]


def test_the_page_names_every_module_and_every_kind_of_file_there_is() -> None:
    named = {name.removeprefix("stories/") for name in re.findall(r"`([\w/*]+\.(?:py|jsonl|toml))`", README)}
    modules = {path.name for path in DEMO.glob("*.py")} - {"__init__.py"}
    assert modules | {"*.jsonl", "titles.toml", "showcase.jsonl"} <= named


def test_every_command_of_the_page_runs_in_the_order_given(tmp_path: Path) -> None:
    shutil.copytree(DEMO / "stories", tmp_path / "ops" / "demo" / "stories")
    for line in section("Handing in a story", "sh").splitlines():
        _, *arguments = shlex.split(line)
        done = subprocess.run([CASECORE, *arguments], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
        assert (done.returncode, done.stderr, done.stdout != "") == (0, "", True)


def test_one_file_more_is_a_story_more_shown_under_its_name_until_it_has_a_title(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stories = tmp_path / "stories"
    shutil.copytree(DEMO / "stories", stories)
    (stories / "withdrawn.jsonl").write_text(section("Adding a story", "json"), "utf-8")
    monkeypatch.setattr(story_files, "STORIES", stories)
    assert [(story.stream, story.about) for story in load_stories(1).trips[6:]] == [("DEMO-WITHDRAWN", "withdrawn")]

    with (stories / "titles.toml").open("a", encoding="utf-8") as titles:
        titles.write('withdrawn = "撤回 withdrawn"\n')
    ran = CliRunner().invoke(app, ["demo", "--cases", "1"])

    assert ran.exit_code == 0, ran.output
    assert "7 stories of trips" in ran.stdout
    assert "撤回 withdrawn" in ran.stdout
