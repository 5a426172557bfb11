"""The README is tested: its Python runs and prints what it says, and so do its commands."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.district_engine import open_engine
from casecore.vocabulary import Stage

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
TWIN = (ROOT / "README.zh.md").read_text("utf-8")
CASECORE = Path(sys.executable).parent / "casecore"


def first(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.DOTALL)
    assert found is not None, pattern
    return found[1]


PYTHON = first(r"```python\n(.*?)```", README)
PACKAGE = first(r"```python\n(hall\.handle\(\n    OpenPackage\(.*?)```", README)
PRINTED = first(r"prints\n\n```\n(.*?)```", README)
COMMANDS = first(r"```sh\n(casecore .*?)```", README)
HANDED_IN = first(r"```json\n(.*?)```", README)


def run(*command: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONWARNINGS": "error"}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False)


def test_the_first_python_of_the_readme_prints_what_it_says(tmp_path: Path) -> None:
    script = tmp_path / "readme.py"
    script.write_text(PYTHON, "utf-8")
    done = run(sys.executable, script, folder=tmp_path)
    assert done.stderr == ""
    assert done.stdout == PRINTED
    told = run(CASECORE, "case", "explain", "510114-20260302-00001", "--store", "sqlite:///hall.db", folder=tmp_path)
    assert told.returncode == 0, told.stderr
    assert "due 2026-03-16; used 10 days, remaining 0, excluded 0, extended 0: on_time" in told.stdout
    assert "gross 1, net 1" in told.stdout


def test_the_package_of_the_readme_opens_twelve_cases_in_one_submission() -> None:
    with open_engine("memory:", district="510114") as hall:
        exec(f"from casecore import *\n{PACKAGE}", {"hall": hall})  # noqa: S102 - our own words
        package = hall.package("PKG-1")
        assert [hall.file(member.plan.case).stage for member in package.members] == [Stage.RECEIVED] * 12
        assert [one.material for one in package.materials] == ["营业执照"]


def test_every_command_of_the_readme_runs_in_the_order_given(tmp_path: Path) -> None:
    (tmp_path / "commands.jsonl").write_text(HANDED_IN, "utf-8")
    for line in COMMANDS.splitlines():
        _, *arguments = shlex.split(line)
        done = run(CASECORE, *arguments, folder=tmp_path)
        found = int("findings" in line)  # the demonstration holds some, and finding is exit code 1
        assert done.returncode == found, f"{line}: {done.stderr}"
        assert done.stdout or "rebuild" in line


@pytest.mark.parametrize("target", ["demo", "test"])
def test_the_two_commands_are_targets_of_the_makefile(target: str) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert f"make {target} " in README
    assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_the_chinese_readme_has_the_same_code() -> None:
    assert PYTHON in TWIN
    assert PRINTED in TWIN
    assert COMMANDS in TWIN
    assert HANDED_IN in TWIN


def test_every_promise_names_a_test_there_is() -> None:
    promises = first(r"## What we promise\n(.*?)\n## ", README)
    named = re.findall(r"`(test_\w+)`", promises)
    there = {
        name for file in ROOT.glob("tests/**/test_*.py") for name in re.findall(r"def (test_\w+)", file.read_text("utf-8"))
    }
    assert len(named) > 15
    assert set(named) <= there
