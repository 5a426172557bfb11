"""The fact tables a command reads, brought up to date with the log first where that is wanted."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from adapters.opening import open_facts, open_store
from adapters.tables import Tables
from casecore.errors import BadInput, Flaw
from ops.following import follow
from ops.printing import console
from ops.reporting import load_dimensions

__all__ = ["facts_of"]


@contextmanager
def facts_of(
    store: str,
    *,
    fresh: bool,
    catalogue: Path | None = None,
    calendars: Path | None = None,
    rule: Path | None = None,
) -> Iterator[Tables]:
    """The live fact tables of a store; ``fresh`` follows its logs first, which takes the right to write.

    Raises ``BadInput`` where there are no fact tables yet.
    """
    if fresh:
        with (
            open_store(store, catalogue=catalogue, calendars=calendars, rule=rule) as opened,
            console.progress("following") as advance,
        ):
            load_dimensions(opened.tables, opened.engines, anew=catalogue is not None, calendars=opened.calendars)
            logs = [engine.log for engine in opened.engines]
            follow(logs, opened.tables, advance, books=opened.books)
    with open_facts(store) as tables:
        if tables.live() is None:
            raise BadInput(Flaw.USAGE, f"store {store}", "no fact tables yet, run casecore follow first")
        yield tables
