"""Printing the doctor's findings."""

from collections.abc import Sequence

from rich.markup import escape

from adapters.diagnosis import Check
from ops.printing.console import out

__all__ = ["print_checks"]


def print_checks(checks: Sequence[Check]) -> None:
    """The doctor's findings."""
    marks = {"ok": "[green]ok[/green]", "warn": "[yellow]warn[/yellow]", "bad": "[red]bad[/red]"}
    for check in checks:
        finding = escape(f"{check.what}: {check.finding}")
        out.print(f"{marks[check.state]:<4} {finding}", highlight=False, soft_wrap=True)
