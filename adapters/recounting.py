"""Counting anew: the rows an adoption concerns, made again from their whole histories under the books after it."""

from collections.abc import Iterator, Sequence
from typing import Final

from adapters.folding import Poison, rows_of_history, set_aside
from adapters.pace import Pace
from adapters.requeueing import try_again
from adapters.tables import CaseRows, Generation, Quarantined, Tables
from casecore.books import Books
from casecore.log import Log
from projections.resting import Changed

__all__ = ["recount"]

TOGETHER: Final = 500
"""The most streams counted anew in one transaction."""


def recount(  # noqa: PLR0913, PLR0917 - what is counted anew, where, under what
    log: Log, tables: Tables, generation: Generation, position: int, changed: Changed, books: Books
) -> tuple[Quarantined, ...]:
    """Make the rows anew that rest on what has changed, and try again who is set aside; returns who was set aside for it.

    The checkpoint stays at ``position``, before the adoption: who is interrupted meets that again and begins anew. Each row
    says which books it rests on all the while. Raises ``Conflict`` where somebody else moved the checkpoint meanwhile.
    """
    pace = Pace(TOGETHER, alone=tables.writes_alone)
    for waiting in _batches(sorted(_in_quarantine(log, tables, generation)), pace):
        try_again(log, tables, lambda: generation, waiting, books)
    aside = _in_quarantine(log, tables, generation)
    poisoned: list[Quarantined] = []
    concerned = [stream for stream in tables.concerned(generation, log.district, changed) if stream not in aside]
    for streams in _batches(concerned, pace):
        made: list[CaseRows] = []
        wrong: list[Quarantined] = []
        for stream, history in log.histories(streams).items():
            rows = rows_of_history(tables, books, log.district, stream, history)
            if isinstance(rows, Poison):
                wrong.append(set_aside(log.district, stream, rows))
            else:
                made.append(rows)
        tables.remake(generation, log.district, made, position, aside=wrong, known=frozenset(aside))
        pace.took(tables.held_seconds)
        aside |= {one.case for one in wrong}
        poisoned += wrong
    return tuple(poisoned)


def _in_quarantine(log: Log, tables: Tables, generation: Generation) -> set[str]:
    return {one.case for one in tables.quarantine(generation, log.district)}


def _batches(streams: Sequence[str], pace: Pace) -> Iterator[Sequence[str]]:
    while streams:
        size = pace.size
        yield streams[:size]
        streams = streams[size:]
