"""``casecore --help`` reads an index of the commands; here it is rebuilt. UPDATE_SNAPSHOTS=1 rewrites it."""

import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.main import get_group
from typer.testing import CliRunner

import ops.cli
from casecore.kinds import KINDS
from ops.cli import app
from ops.cli.app import app as hung
from ops.cli.kinds import hang_up
from ops.cli.lazy import LazyGroup, read_index
from ops.entry import FRONT_PAGE

INDEX = Path(ops.cli.__file__).parent / "index.toml"
HEAD = "# Made from the commands by tests/ops/test_command_index.py with UPDATE_SNAPSHOTS=1; only the order is a choice.\n"


def module_of(command: Any) -> str:
    """Where a command, or the first one of a group, is written."""
    one = next(iter(command.commands.values())) if hasattr(command, "commands") else command
    return str(one.callback.__module__)


def found() -> dict[str, dict[str, str]]:
    """Every command there is, in the order of the index; what it lacks comes last."""
    for module in iter_modules(ops.cli.__path__):
        import_module(f"ops.cli.{module.name}")
    for kind in KINDS:
        hang_up(kind.word)
    words = {kind.word for kind in KINDS}
    commands = {
        name: {
            "module": "ops.cli.kinds" if name in words else module_of(command),
            "help": str(command.help).split("\n\n", maxsplit=1)[0].replace("\n", " "),
        }
        for name, command in get_group(hung).commands.items()
    }
    order = list(read_index())
    return dict(sorted(commands.items(), key=lambda one: order.index(one[0]) if one[0] in order else len(order)))


def written(commands: dict[str, dict[str, str]]) -> str:
    lines = [HEAD]
    for name, line in commands.items():
        lines += [f"\n[{name}]\n", *(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in line.items())]
    return "".join(lines)


def test_the_index_is_what_the_commands_say() -> None:
    wanted = written(found())
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        INDEX.write_text(wanted, "utf-8")
    assert INDEX.read_text("utf-8") == wanted


def test_the_front_page_is_what_the_commands_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LazyGroup, "format_help", TyperGroup.format_help)
    wanted = CliRunner().invoke(app, ["--help"], prog_name="casecore", env={"COLUMNS": "80"}).output
    wanted = "".join(f"{line.rstrip()}\n" for line in wanted.splitlines())
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        FRONT_PAGE.write_text(wanted, "utf-8")
    assert FRONT_PAGE.read_text("utf-8") == wanted


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], []])
def test_every_way_to_ask_for_the_front_page_shows_it(arguments: list[str]) -> None:
    script = "import sys; from ops.entry import main; sys.argv[1:] = sys.argv[2:]; main()"
    asked = [sys.executable, "-c", script, "casecore", *arguments]
    done = subprocess.run(asked, capture_output=True, encoding="utf-8", timeout=120, check=False)
    shown = [done.stdout or done.stderr, CliRunner().invoke(app, arguments).output]
    assert [one.rstrip() for one in shown] == [FRONT_PAGE.read_text("utf-8").rstrip()] * 2


def test_where_the_screen_knows_no_chinese_the_front_page_is_still_shown() -> None:
    asked = [sys.executable, "-c", "import sys; from ops.entry import main; sys.argv = ['casecore', '-h']; main()"]
    ascii_only = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run(asked, capture_output=True, encoding="ascii", timeout=120, check=True, env=ascii_only)
    assert "Usage: casecore [OPTIONS] COMMAND [ARGS]..." in done.stdout
    assert "(??)" in done.stdout


def imported(*arguments: str) -> set[str]:
    """What the command line has imported after one run."""
    script = (
        "import sys; from ops.entry import main\n"
        f"sys.argv = ['casecore', *{list(arguments)!r}]\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code, end\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True)
    return set(done.stderr.split())


HEAVY = {
    "psycopg",
    "psycopg_pool",
    "lxml",
    "openpyxl",
    "cryptography",
    "duckdb",
    "pyarrow",
    "pydantic",
    "structlog",
    "rich.progress",
}
"""What a command loads that works with it, and no other."""
OURS = {"casecore", "projections", "adapters"}


def within(packages: set[str], modules: set[str]) -> set[str]:
    """Those of the modules that are in one of the packages."""
    return {module for module in modules if any(module == one or module.startswith(f"{one}.") for one in packages)}


def test_the_front_page_loads_neither_a_command_nor_a_library() -> None:
    modules = imported("--help")
    assert {module for module in modules if module.partition(".")[0] == "ops"} == {"ops", "ops.entry"}
    assert not within({*HEAVY, *OURS, "eventsourcing", "orjson", "rich", "sqlite3", "tomllib", "typer"}, modules)


def test_what_needs_no_command_imports_nothing_of_ours() -> None:
    assert not within({*HEAVY, *OURS, "eventsourcing", "orjson", "rich", "sqlite3"}, imported("--version"))


def test_a_case_is_shown_without_what_other_commands_need(all_kinds: str) -> None:
    modules = imported("case", "show", "DEMO-HOUSE-house-transfer", "--store", all_kinds)
    assert not within({*HEAVY, "ops.cli.packages", "ops.demo", "ops.bench", "adapters.importing"}, modules)
    assert within({"casecore", "sqlite3", "eventsourcing"}, modules)


def test_a_command_that_is_none_is_told_so() -> None:
    answer = CliRunner().invoke(app, ["cases"])
    assert answer.exit_code == 2
    assert "No such command 'cases'. Did you mean 'case'" in answer.output


def test_help_lists_every_command_of_the_index_in_its_order() -> None:
    group, shown = get_group(app), FRONT_PAGE.read_text("utf-8")
    assert isinstance(group, LazyGroup)
    at = [shown.index(f"│ {name} ") for name in group.commands]
    assert at == sorted(at)
