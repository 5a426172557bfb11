"""What the command line shows of a kind of streams beyond what every kind has."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

__all__ = ["PLAIN", "VIEWS", "View"]

VIEWS: Final[Mapping[str, str]] = {
    "case": "ops.cli.cases",
    "package": "ops.cli.packages",
    "drop_box": "ops.cli.boxes",
    "district": "ops.cli.books",
}
"""By a kind's name, the module whose ``VIEW`` is its own."""


class View(NamedTuple):
    """What is said of a kind's group, and its richer commands."""

    help: str | None = None
    """Of the group; by default made of the kind's words."""
    asked: Any = None
    """How a stream's id is asked for: an annotation of Typer's; by default made of the kind's words."""
    example: str = "ID --store sqlite:///cases.db"
    """What follows the command in its example."""
    commands: Mapping[str, Callable[..., Any]] = {}
    """By name, in the place of those every kind has, or beside them."""


PLAIN: Final = View()
"""A kind that has nothing of its own to show."""
