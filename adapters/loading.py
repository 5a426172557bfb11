"""Loading new fact tables from whole logs: each stream is read once, folded once and made into rows once.

Following reads a log in the order it was written, and makes the rows of a stream anew for each page the stream is in; a
hall interleaves its cases, so that most rows would be made once a fact. What is recorded meanwhile is followed afterwards.

How far a part is loaded stands beside its rows, in one transaction with them: the next program goes on where one was killed,
and of two at one part the slower finds that out.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Final, NamedTuple, Protocol

import structlog

from adapters.folding import Poison, fold_history, make_rows, set_aside
from adapters.generations import Load
from adapters.log_books import LogBooks
from adapters.pace import Pace
from adapters.tables import CaseRows, Generation, Quarantined, Tables
from adapters.walking import undisturbed
from casecore.errors import Conflict, Fault
from casecore.log import Log
from casecore.recorded import Entry, Mark
from projections.projection import subject_of

__all__ = ["Loader", "Progress", "Share", "begin_loading", "end_loading", "load", "load_parts", "loaded", "resumable"]

TOGETHER: Final = 1000
"""The most streams whose rows are written in one transaction."""
FACTS: Final = 10_000
"""The most facts, where streams are long."""
_STREAM: Final = attrgetter("stream")

Progress = Callable[[int], None]


class Share(NamedTuple):
    """Which parts one of several processes loads: every so many of them, from its own number on."""

    number: int
    shares: int


WHOLE: Final = Share(0, 1)


class Loader(Protocol):
    """What loads a new generation from whole logs."""

    def __call__(self, logs: Sequence[Log], tables: Tables, generation: Generation, progress: Progress, /) -> int:
        """Load it, and leave each log where following goes on; returns the number of facts."""


def begin_loading(logs: Sequence[Log], tables: Tables, generation: Generation, shares: int = 1) -> None:
    """Note what there is to load into a generation: each log up to where it ends now, in so many parts."""
    noted = {one.log for one in tables.loads(generation)}
    for log in logs:
        if log.district not in noted and (head := log.head().position):
            found = log.page(head - 1, 1)  # nothing, where the last fact is lost
            mark = found[-1].mark if found else Mark(head)
            cuts = log.cuts(head, shares)
            parts = zip(("", *cuts), (*cuts, None), strict=True)
            loads = [Load(log.district, n, to, *mark, after) for n, (after, to) in enumerate(parts)]
            tables.begin_loads(generation, loads)


def resumable(logs: Sequence[Log], tables: Tables, generation: Generation) -> bool:
    """Whether what was loaded into a generation before tells of these logs as they are: none was set back since."""
    by_name = {log.district: log for log in logs}
    try:
        for one in tables.loads(generation):
            by_name[one.log].page(one.mark, 1)
    except (Fault, KeyError):
        return False
    return True


def load(logs: Sequence[Log], tables: Tables, generation: Generation, progress: Progress) -> int:
    """Load what is not loaded yet, and leave each log where following goes on; returns the number of facts."""
    begin_loading(logs, tables, generation)
    before = loaded(tables, generation)
    load_parts(logs, tables, generation, progress)
    end_loading(tables, generation)
    return loaded(tables, generation) - before


def loaded(tables: Tables, generation: Generation) -> int:
    """How many facts are loaded, by whomever."""
    return sum(one.facts for one in tables.loads(generation))


def load_parts(
    logs: Sequence[Log], tables: Tables, generation: Generation, progress: Progress, share: Share = WHOLE
) -> None:
    """Load the parts that are not loaded yet, or one share of them.

    Where somebody else is at a part it is gone on with from where he is. Raises ``Conflict`` where he is not to be seen.
    """
    by_name = {log.district: log for log in logs}
    mine = [
        one for number, one in enumerate(tables.loads(generation)) if number % share.shares == share.number and not one.done
    ]
    while mine:
        one = mine[0]
        try:
            with undisturbed():
                _load(by_name[one.log], tables, generation, one, progress)
        except Conflict:
            now = next(found for found in tables.loads(generation) if found.key == one.key)
            if now == one:
                raise
            mine[0] = now
        else:
            mine[0] = one._replace(done=1)
        if mine[0].done:
            del mine[0]


def end_loading(tables: Tables, generation: Generation) -> None:
    """Leave each log of a loaded generation where following goes on."""
    marks = {one.log: one.mark for one in tables.loads(generation)}
    for district, mark in marks.items():
        if tables.checkpoint(generation, district) < mark.position:
            aside = frozenset(one.case for one in tables.quarantine(generation, district))
            tables.put(generation, district, [], mark, known=aside)


class _Told:
    """The facts of one stream as they are folded, of which only the last position is kept."""

    count = position = 0

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = entries

    def __iter__(self) -> Iterator[Entry]:
        for entry in self._entries:
            self.count += 1
            self.position = entry.position
            yield entry


def _load(log: Log, tables: Tables, generation: Generation, begun: Load, progress: Progress) -> None:
    books = LogBooks(log).at(begun.position)
    pace = Pace(TOGETHER, alone=tables.writes_alone)
    reached = at = begun
    cases: list[CaseRows] = []
    aside: list[Quarantined] = []

    def put() -> None:
        nonlocal reached
        tables.load(generation, reached, at, cases, aside)
        pace.took(tables.held_seconds)
        progress(at.facts - reached.facts)
        for one in aside:
            structlog.get_logger().warning("case set aside", **one._asdict())
        reached = at
        cases.clear()
        aside.clear()
        gc.collect(0)  # little is left by now

    for stream, entries in groupby(log.lives(begun.position, begun.stream, begun.last), _STREAM):
        told = _Told(entries)
        file = fold_history(told)
        made = (
            file
            if isinstance(file, Poison)
            else make_rows(tables, subject_of(books, log.district, stream, file), told.position)
        )
        for _ in told:  # what lies behind a fact that cannot be folded
            pass
        if isinstance(made, Poison):
            aside.append(set_aside(log.district, stream, made))
        else:
            cases.append(made)
        at = at._replace(stream=stream, facts=at.facts + told.count)
        if len(cases) + len(aside) >= pace.size or at.facts - reached.facts >= FACTS:
            put()
    at = at._replace(done=1)
    put()
