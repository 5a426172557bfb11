"""The command line. Data on stdout, progress and log on stderr; exit codes 0 done, 1 finding, 2 usage, 3 unavailable."""

import gc
from pathlib import Path
from typing import Annotated

import typer

from ops.cli.app import HELP_OPTIONS, NAMED
from ops.cli.lazy import LazyGroup

__all__ = ["app", "main"]

app = typer.Typer(
    name="casecore",
    cls=LazyGroup,
    help="Event-sourced case tracking for government service halls (政务服务中心办件跟踪).",
    no_args_is_help=True,
    rich_markup_mode="rich",
    context_settings=HELP_OPTIONS,
    pretty_exceptions_show_locals=False,  # among them is the address of the store
)


def _version(wanted: bool) -> None:  # noqa: FBT001 - Typer's callback
    if wanted:
        from importlib.metadata import version

        typer.echo(f"casecore {version('casecore')}")
        raise typer.Exit


@app.callback()
def options(
    *,
    config: Annotated[
        Path | None,
        typer.Option("--config", envvar="CASECORE_CONFIG", help="The settings; default: casecore.toml where you are."),
    ] = None,
    _: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Event-sourced case tracking for government service halls (政务服务中心办件跟踪)."""
    NAMED.set(config)


def main() -> None:
    """Run the command line."""
    gc.disable()  # while modules are loaded, which leaves hardly any garbage: until the command is found
    app()
