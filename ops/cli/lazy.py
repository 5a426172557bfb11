"""Commands that are loaded when they are asked for.

Their names and their help are read from ``index.toml``, which is made from the commands themselves. What is asked for is
imported then, and nothing beside it.
"""

import gc
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.resources import files
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

from ops.cli.app import app
from ops.cli.taking import take_as_they_are
from ops.entry import front_page

__all__ = ["LazyGroup", "Promised", "loaded", "read_index"]

KINDS: Final = "ops.cli.kinds"
"""What hangs up the group of a kind of streams when it is asked for by the word it is typed as."""


def read_index() -> dict[str, dict[str, str]]:
    """Each command's ``module`` and ``help``, in the order they are listed."""
    return tomllib.loads((files("ops.cli") / "index.toml").read_text("utf-8"))


def loaded(name: str, module: str = KINDS) -> Any:  # noqa: ANN401 - Typer's own
    """A command or group, once the module that hangs it up is imported; None where it hangs up none of that name."""
    found = import_module(module)
    if module == KINDS:
        found.hang_up(name)
    if "structlog" in sys.modules:  # loaded by a command that may log
        import_module("ops.cli.logs").log_to_stderr()
    command = get_group(app).commands.get(name)
    if command is not None:
        take_as_they_are(command)
    return command


@contextmanager
def _told_safely() -> Iterator[None]:
    """What Typer says of a mistake of use repeats what was typed: no password, and nothing a terminal obeys."""
    try:
        yield
    except Exception as error:
        if isinstance(message := getattr(error, "message", None), str):
            console = import_module("ops.printing.console")
            error.message = console.visible(console.without_passwords(message))  # type: ignore[attr-defined]
        raise


class Promised(TyperCommand):
    """A command of which only name and help are known; whoever runs it runs the command itself."""

    def __init__(self, name: str, module: str, help: str) -> None:  # noqa: A002 - a key of the index
        super().__init__(name, help=help, rich_markup_mode="rich")
        self.module = module

    def load(self) -> Any:  # noqa: ANN401 - Typer's own
        """Import the command itself."""
        return loaded(str(self.name), self.module)

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:  # noqa: ANN401 - Typer's own
        """The context of the command itself."""
        found = self.load()
        if not gc.isenabled():
            gc.freeze()
            gc.enable()
        return found.make_context(info_name, args, parent, **extra)


class LazyGroup(TyperGroup):
    """The group of all commands."""

    def __init__(self, **given: Any) -> None:  # noqa: ANN401 - Typer's own
        super().__init__(**given)
        take_as_they_are(self)
        self.commands = {name: Promised(name, **line) for name, line in read_index().items()}

    def format_help(self, ctx: typer.Context, formatter: object) -> None:  # type: ignore[override]  # noqa: ARG002
        """Show the front page; the last of its line ends is Typer's."""
        typer.echo(front_page()[:-1], nl=False)

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:  # noqa: ANN401 - Typer's own
        """The context of the whole line."""
        with _told_safely():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]  # noqa: ANN401 - Typer's own
        """Run what was asked for."""
        with _told_safely():
            return super().invoke(ctx)

    def get_command(self, ctx: typer.Context, cmd_name: str) -> Any:  # type: ignore[override]  # noqa: ANN401, ARG002
        """A promised command; of a name the index lacks, the group of a kind of streams."""
        return self.commands.get(cmd_name) or loaded(cmd_name)
