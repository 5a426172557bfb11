"""The progress line of a long run."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import (
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from ops.printing.console import err

__all__ = ["progress"]


class _Rate(ProgressColumn):
    """How many a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f}/s" if task.speed else "")


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A progress line on stderr when it is a terminal; gives the function to advance it.

    Where it is known how many there are in ``total``, it says how long the rest will take.
    """
    left = (TimeRemainingColumn(),) if total is not None else ()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), _Rate(), TimeElapsedColumn(), *left)
    with Progress(*columns, console=err, disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda count: bar.advance(task, count)
