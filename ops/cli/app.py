"""What every module of commands hangs them on. It loads Typer and nothing of ours: ``casecore --help`` passes here."""

from contextvars import ContextVar
from pathlib import Path
from typing import Final

import typer

__all__ = ["HELP_OPTIONS", "NAMED", "app"]

HELP_OPTIONS: Final = {"help_option_names": ["-h", "--help"]}

app = typer.Typer(rich_markup_mode="rich", context_settings=HELP_OPTIONS, pretty_exceptions_show_locals=False)
"""The commands of the modules loaded so far; :mod:`ops.cli.lazy` loads the module of the one that is asked for."""

NAMED: Final[ContextVar[Path | None]] = ContextVar("named", default=None)
"""The settings ``--config`` or ``CASECORE_CONFIG`` names; None where neither does."""
