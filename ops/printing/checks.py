"""Printing the doctor's findings."""

from collections.abc import Sequence

from adapters.diagnosis import Check
from ops.printing.console import out, styled

__all__ = ["print_checks"]


def print_checks(checks: Sequence[Check]) -> None:
    """The doctor's findings."""
    colors = {"ok": "green", "warn": "yellow", "bad": "red"}
    for check in checks:
        out.print(styled((check.state, colors[check.state]), f" {check.what}: {check.finding}"))
