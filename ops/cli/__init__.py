"""The command line. Data on stdout, progress and log on stderr; exit codes 0 done, 1 finding, 2 usage, 3 unavailable."""

import sys
from importlib.metadata import version as installed_version
from typing import Annotated

import structlog
import typer

from ops.cli import (  # each hangs its commands on the app
    benches,
    boxes,
    cases,
    checks,
    clock,
    evidence,
    figures,
    findings,
    handing_in,
    packages,
    reminders,
    schema,
    service,
    store,
    supposing,
    ticking,
    trips,
)
from ops.cli.app import app
from ops.printing import console

__all__ = [
    "app",
    "benches",
    "boxes",
    "cases",
    "checks",
    "clock",
    "evidence",
    "figures",
    "findings",
    "handing_in",
    "main",
    "packages",
    "reminders",
    "schema",
    "service",
    "store",
    "supposing",
    "ticking",
    "trips",
]


def _version(wanted: bool) -> None:  # noqa: FBT001 - Typer's callback
    if wanted:
        console.out.print(f"casecore {installed_version('casecore')}")
        raise typer.Exit


@app.callback()
def options(
    *,
    _: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Event-sourced case tracking for government service halls (政务服务中心办件跟踪)."""


def main() -> None:
    """Run the command line."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    app()
