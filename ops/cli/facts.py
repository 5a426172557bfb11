"""The fact tables a command reads, brought up to date with the log first where that is wanted."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Final

from adapters.keeping import Keeper
from adapters.opening import Store, open_facts, open_store, writable
from adapters.past import past_tables, position_at
from adapters.tables import Tables
from casecore.errors import BadInput, Flaw
from casecore.knowing import recorded_last
from ops.cli.moments import instant_of, zone
from ops.printing import console
from ops.printing.advance import progress

__all__ = ["facts_at", "facts_of"]


@contextmanager
def facts_of(store: str, *, fresh: bool) -> Iterator[Tables]:
    """The live fact tables of a store; ``fresh`` follows its logs first, which takes the right to write.

    On a standby, or in a file that may only be read, nothing can be followed: what is there is read, and how far it lies
    behind is said on stderr. Where there is nothing of this program's, it is made in memory from the logs.
    """
    if fresh and not writable(store):
        with _as_they_stand(store) as tables:
            yield tables
        return
    if fresh:
        with Keeper(store) as keeper, progress("following") as advance:
            keeper.follow(advance)
    with open_facts(store) as tables:
        yield tables


@contextmanager
def _as_they_stand(store: str) -> Iterator[Tables]:
    """The fact tables of a store that can only be read, and a word where they lie behind its logs."""
    with open_store(store) as opened:
        live = opened.tables.live()
        if live is None or live.versions != opened.tables.versions:
            with progress("reading the logs") as advance, past_tables(opened.logs, {}, advance) as tables:
                yield tables
            return
        behind = {log.district: log.head().position - opened.tables.checkpoint(live, log.district) for log in opened.logs}
        for district, facts in behind.items():
            if facts > 0:
                lag = "1 fact is" if facts == 1 else f"{facts} facts are"
                console.err.print(f"casecore: log {district}: {lag} not counted: the store can only be read, not followed")
        yield opened.tables


@contextmanager
def facts_at(store: str, asked: Sequence[str]) -> Iterator[tuple[Tables, date | None]]:
    """The fact tables of a store as they stood then, made in memory; raises ``BadInput`` naming --at.

    What is ``asked`` is ``N``, a position of its one log, ``DISTRICT:N``, or an instant, at which every log ended somewhere.
    With them comes the day the last of these facts was recorded, the first on which anybody could report them; None where
    there were none.
    """
    with open_store(store) as opened, progress("looking back") as advance:
        positions = _positions(opened, asked)
        with past_tables(opened.logs, positions, advance) as tables:
            recorded = [recorded_last(log, positions.get(log.district, log.head().position)) for log in opened.logs]
            yield tables, max((at.astimezone(zone()).date() for at in recorded if at is not None), default=None)


_DISTRICT: Final = re.compile(r"[0-9A-Za-z]{2,12}")
"""What stands before a colon is a district, and no instant, where nothing else is in it."""


def _positions(opened: Store, asked: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    known = {log.district for log in opened.logs}
    for text in asked:
        district, colon, number = text.rpartition(":")
        if number.isascii() and number.isdigit() and (not colon or _DISTRICT.fullmatch(district)):
            if colon and district not in known:
                raise BadInput(Flaw.USAGE, "--at", f"{district} is none of {', '.join(sorted(known))}")
            if (district or opened.logs[0].district) in found:
                raise BadInput(Flaw.USAGE, "--at", f"{text}: one position a log")
            if not colon and len(opened.logs) != 1:
                districts = ", ".join(log.district for log in opened.logs)
                raise BadInput(Flaw.USAGE, "--at", f"of which log? Say DISTRICT:{number} ({districts}), or an instant")
            found[district or opened.logs[0].district] = int(number)
        else:
            instant = instant_of(text, "--at")
            found |= {log.district: position_at(log, instant) for log in opened.logs if instant is not None}
    return found
