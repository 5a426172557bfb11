"""Reports of the past: the fact tables as they stood when a log ended elsewhere, under the books it held then.

Nothing of what was recorded later is read, be it a fact of a case or an adoption: what is made is what any program made
then. It is made in memory, and nothing is written to the store.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from types import MappingProxyType
from typing import Final, NoReturn

from adapters.clock_bounds import bounds_of
from adapters.following import Progress, rebuild
from adapters.open_tables import open_tables
from adapters.tables import Tables
from casecore.errors import BadInput, Fault, Flaw
from casecore.kind import File
from casecore.knowing import known_up_to
from casecore.log import COMMON_BOUNDS, MICROSECOND, NO_LOOKS, Batch, ClockBounds, Log, Looked, Looks, Stretch
from casecore.recorded import Entry, Head, Mark, Receipt, Recorded
from projections.registry import PROJECTIONS

__all__ = ["LogUpTo", "past_tables", "position_at"]

PAGE: Final = 5000
NOTHING_READ: Final[Mapping[str, int]] = MappingProxyType({})


class LogUpTo:
    """A log as it was when it ended at a position: what was written later is not there. It is only read."""

    def __init__(self, log: Log, position: int) -> None:
        self._log, self._position = log, position

    @property
    def district(self) -> str:
        """行政区划代码."""
        return self._log.district

    @property
    def branch(self) -> int:
        """As the log's that it is the past of."""
        return self._log.branch

    def look_back(self) -> int:
        """As the log's that it is the past of."""
        return self._log.look_back()

    def append(
        self,
        batches: Sequence[Batch],
        reads: Mapping[str, int] = NOTHING_READ,
        branch: int | None = None,  # noqa: ARG002
        bounds: ClockBounds = COMMON_BOUNDS,  # noqa: ARG002
    ) -> NoReturn:
        """Refuse: the past is written."""
        raise Fault(f"log {self.district}: nothing is added to its past ({len(batches)} commands, {len(reads)} reads)")

    def check_clock(self, bounds: ClockBounds) -> None:
        """As the log's that it is the past of."""
        self._log.check_clock(bounds)

    def history(self, stream: str, after: int = 0) -> list[Entry]:
        """A stream's facts with versions above ``after``, in order."""
        return self._then(self._log.history(stream, after))

    def histories(self, streams: Sequence[str]) -> dict[str, list[Entry]]:
        """Whole histories of several streams; unknown ones are absent."""
        found = {stream: self._then(entries) for stream, entries in self._log.histories(streams).items()}
        return {stream: entries for stream, entries in found.items() if entries}

    def stretches(self, streams: Sequence[str]) -> dict[str, Stretch]:
        """All facts of several streams: a snapshot may have been taken later."""
        return {stream: Stretch(entries) for stream, entries in self.histories(streams).items()}

    def keep(self, file: File, last: Recorded) -> None:
        """Nothing: the past is only read."""

    def looks(self, by: datetime, latest: datetime, rests_on: str) -> Looks:  # noqa: ARG002
        """None: what is kept is of the log as it is now."""
        return NO_LOOKS

    def keep_looks(self, looked: Looked, looks: Mapping[str, datetime | None]) -> None:
        """Comes to nothing."""

    def page(self, after: int | Mark, limit: int) -> list[Entry]:
        """Up to ``limit`` facts behind a position or a mark, in order."""
        begun = after.position if isinstance(after, Mark) else after
        return self._then(self._log.page(after, limit)) if begun < self._position else []

    def streams(self, after: int) -> list[str]:
        """Each stream that has facts with positions above ``after``, once, in any order."""
        found: dict[str, None] = {}
        while page := self.page(after, PAGE):
            found |= dict.fromkeys(entry.stream for entry in page)
            after = page[-1].position
        return list(found)

    def lives(self, upto: int, after: str = "", last: str | None = None) -> Iterator[Entry]:
        """Every fact up to a position, stream by stream, of the streams behind ``after``, up to and with ``last``."""
        return self._log.lives(min(upto, self._position), after, last)

    def cuts(self, upto: int, shares: int) -> list[str]:
        """The ids at which the facts up to a position fall into about equal shares."""
        return self._log.cuts(min(upto, self._position), shares)

    def receipts(self, command_ids: Sequence[str]) -> dict[str, Receipt]:
        """The receipts of those commands that were carried out."""
        found = self._log.receipts(command_ids)
        return {number: receipt for number, receipt in found.items() if receipt.position <= self._position}

    def carried_out(self, command_ids: Sequence[str]) -> set[str]:
        """Those of the commands that were carried out."""
        return set(self.receipts(command_ids))

    def beginnings(self, streams: Sequence[str]) -> dict[str, Entry]:
        """The first fact of each stream that exists."""
        found = self._log.beginnings(streams)
        return {stream: entry for stream, entry in found.items() if entry.position <= self._position}

    def versions(self, streams: Sequence[str]) -> Mapping[str, int]:
        """The last version of each stream that exists."""
        return {stream: entries[-1].version for stream, entries in self.histories(streams).items()}

    def head(self) -> Head:
        """Where it ended. The hash it had there is not looked up."""
        return Head(self._position, "")

    def _then(self, entries: Sequence[Entry]) -> list[Entry]:
        return [entry for entry in entries if entry.position <= self._position]


@contextmanager
def past_tables(logs: Sequence[Log], positions: Mapping[str, int], progress: Progress | None = None) -> Iterator[Tables]:
    """The fact tables of logs as they stood at these positions, by district; a log that is not named stands at its head.

    What :func:`~adapters.reporting.report` says of them is what it said then. Raises :class:`~casecore.errors.BadInput` for
    a district without a log, and for a position its log does not reach.
    """
    if strangers := sorted(positions.keys() - {log.district for log in logs}):
        raise BadInput(Flaw.UNKNOWN_NAME, f"district {strangers[0]}", "none of the logs given")
    then = []
    for log in logs:
        head = log.head().position
        position = positions.get(log.district, head)
        if not 0 <= position <= head:
            raise BadInput(Flaw.NUMBER_OUT_OF_RANGE, f"position {position}", f"log {log.district} ends at {head}")
        then.append(LogUpTo(log, position))
    with closing(open_tables("memory:", PROJECTIONS)) as tables:
        rebuild(then, tables, progress)
        yield tables


def position_at(log: Log, instant: datetime) -> int:
    """Where a log ended at an instant: the last position recorded before it, 0 where nothing was.

    Where the log's time has jumped, the order of positions tells (:func:`casecore.knowing.known_up_to`).
    """
    try:
        before = instant - MICROSECOND
    except OverflowError:
        return 0
    return known_up_to(log, before, bounds_of(log).jump * MICROSECOND)
