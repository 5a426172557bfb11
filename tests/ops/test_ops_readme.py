"""The README of the command line is tested: its command is one."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from typer.testing import CliRunner

import ops
from ops.cli import app
from ops.cli.app import app as hung

OPS: Final = Path(ops.__file__).parent
README: Final = (OPS / "README.md").read_text("utf-8")
(CODE,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


@pytest.fixture
def heads() -> Iterator[CliRunner]:
    """The command of the README hangs on the app, and is taken off again."""
    before = list(hung.registered_commands)
    exec(CODE, {"__name__": "ops.cli.heads"})  # noqa: S102 - our own words
    yield CliRunner()
    hung.registered_commands[:] = before


def test_the_command_of_the_readme_runs(heads: CliRunner, all_kinds: str) -> None:
    plain = heads.invoke(app, ["heads", "--store", all_kinds, "--json"])
    said = heads.invoke(app, ["heads", "--store", all_kinds])

    ((district, position),) = json.loads(plain.output)["heads"].items()
    assert said.output == f"log {district}: {position} events\n"
    assert heads.invoke(app, ["heads", "--store", all_kinds, "--least", "9999999"]).output == ""
    assert heads.invoke(app, ["heads", "--store", "sqlite:///no/such.db"]).exit_code == 3


def test_every_folder_there_is_stands_in_the_readme() -> None:
    folders = {path.parent.name for path in OPS.glob("*/__init__.py")}
    assert set(re.findall(r"^\| `(\w+)/`", README, re.MULTILINE)) == folders
