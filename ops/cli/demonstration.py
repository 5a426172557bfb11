"""The command that shows casecore at work: demo."""

from typing import Annotated

import typer

from adapters.stores.known import forms
from ops.cli.app import app
from ops.cli.options import guarded
from ops.demo.running import run_demo

__all__ = ["demo"]


@app.command()
@guarded
def demo(
    seed: Annotated[int, typer.Option(help="The same seed makes the same week.")] = 1,
    cases: Annotated[int, typer.Option(min=1, help="How many cases.")] = 2000,
    store: Annotated[str, typer.Option("--store", help=forms())] = "memory:",
) -> None:
    """Simulate a week of a district's halls through the engine and show the headline figures.

    Example: casecore demo --cases 2000 --store sqlite:///demo.db
    """
    run_demo(seed=seed, cases=cases, url=store)
