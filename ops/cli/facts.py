"""The fact tables a command reads, brought up to date with the log first where that is wanted."""

from collections.abc import Iterator
from contextlib import contextmanager

from adapters.keeping import Keeper
from adapters.opening import open_facts
from adapters.tables import Tables
from ops.printing.advance import progress

__all__ = ["facts_of"]


@contextmanager
def facts_of(store: str, *, fresh: bool) -> Iterator[Tables]:
    """The live fact tables of a store; ``fresh`` follows its logs first, which takes the right to write."""
    if fresh:
        with Keeper(store) as keeper, progress("following") as advance:
            keeper.follow(advance)
    with open_facts(store) as tables:
        yield tables
