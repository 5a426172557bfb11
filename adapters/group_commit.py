"""Group commit: threads of one process share appends. Who comes first carries what has queued up meanwhile.

One append is under way at a time; the threads that wait for their turn find, when it comes, that theirs was carried
along, or carry all that waits. Nobody waits for company: a lone thread appends at once.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import Final

from eventsourcing.persistence import IntegrityError, OperationalError, PersistenceError, StoredEvent

from adapters.ledger import Appended, LedgerRecorder, ReceiptRow, Standing
from adapters.turns import Turn, same_process
from casecore.log import COMMON_BOUNDS, ClockBounds

__all__ = ["GroupCommit"]

MOST_EVENTS: Final = 1000
"""What is carried along, beside one's own."""
TURN_SECONDS: Final = 30
"""The longest a thread waits for its turn."""


@dataclass(slots=True, eq=False)
class _Waiting:
    """One thread's append, and what came of it."""

    events: Sequence[StoredEvent]
    receipts: Sequence[ReceiptRow]
    reads: Sequence[Standing]
    branch: int | None
    bounds: ClockBounds
    outcome: Appended | PersistenceError | None = None

    @property
    def writes_to(self) -> set[str]:
        """The streams it goes on with."""
        return {str(event.originator_id) for event in self.events}

    @property
    def rests_on(self) -> set[str]:
        """The streams it asks where they stand."""
        return {read.stream for read in self.reads}


class GroupCommit:
    """A ledger's append for many threads; each gets its own position, or its own error."""

    def __init__(self, ledger: LedgerRecorder) -> None:
        self._ledger = ledger
        self._opened_by = os.getpid()
        self._queue: list[_Waiting] = []
        self._queue_lock = Lock()
        self._turn = Turn(TURN_SECONDS)

    def append(
        self,
        events: Sequence[StoredEvent],
        receipts: Sequence[ReceiptRow],
        reads: Sequence[Standing] = (),
        branch: int | None = None,
        bounds: ClockBounds = COMMON_BOUNDS,
    ) -> Appended:
        """Write events and receipts, perhaps together with those of others; raises the library's errors."""
        same_process(self._opened_by)  # where its locks may be held by threads that are not here
        mine = _Waiting(events, receipts, reads, branch, bounds)
        with self._queue_lock:
            self._queue.append(mine)
        try:
            with self._turn:
                if mine.outcome is None:
                    self._carry(self._taken(mine))
        finally:  # whoever gives up leaves nothing behind for others to write
            with self._queue_lock, suppress(ValueError):
                self._queue.remove(mine)
        if isinstance(mine.outcome, Appended):
            return mine.outcome
        assert mine.outcome is not None  # noqa: S101 - each turn leaves one
        raise mine.outcome

    def _taken(self, mine: _Waiting) -> list[_Waiting]:
        """Mine, and those of the queue that can go with it, up to a bound: nobody writes what another writes or rests on.

        What all rest on is asserted before any of it is written: of two that each rest on what the other writes, both
        would be written.
        """
        with self._queue_lock:
            taken, room = [mine], MOST_EVENTS - len(mine.events)
            writes_to, rests_on = mine.writes_to, mine.rests_on
            self._queue.remove(mine)
            for waiting in tuple(self._queue):
                theirs, read = waiting.writes_to, waiting.rests_on
                apart = theirs.isdisjoint(writes_to) and theirs.isdisjoint(rests_on) and read.isdisjoint(writes_to)
                apart = apart and waiting.branch == mine.branch and waiting.bounds == mine.bounds
                if len(waiting.events) <= room and apart:
                    writes_to |= theirs
                    rests_on |= read
                    room -= len(waiting.events)
                    taken.append(waiting)
                    self._queue.remove(waiting)
            return taken

    def _carry(self, carried: Sequence[_Waiting]) -> None:
        """Leave each of them an outcome, come what may: they are in the queue no more."""
        try:
            try:
                self._together(carried)
            except IntegrityError as error:  # something of one of them was taken, or has moved: the others are not to suffer
                if len(carried) == 1:
                    carried[0].outcome = error
                    return
                for waiting in carried:
                    self._carry((waiting,))
            except OperationalError as error:  # nobody who waits is to wait as long again
                with self._queue_lock:
                    left, self._queue = self._queue, []
                for waiting in (*carried, *left):
                    waiting.outcome = error
            except PersistenceError as error:
                for waiting in carried:
                    waiting.outcome = error
        finally:
            for waiting in carried:
                waiting.outcome = waiting.outcome or OperationalError("the thread that carried this append was stopped")

    def _together(self, carried: Sequence[_Waiting]) -> None:
        first = carried[0]
        if len(carried) == 1:
            first.outcome = self._ledger.append(first.events, first.receipts, first.reads, first.branch, first.bounds)
            return
        events: list[StoredEvent] = []
        receipts: list[ReceiptRow] = []
        reads: list[Standing] = []
        reached: list[int] = []
        for waiting in carried:
            reads += waiting.reads
            receipts += [receipt._replace(offset=receipt.offset + len(events)) for receipt in waiting.receipts]
            events += waiting.events
            reached.append(len(events))
        end = self._ledger.append(events, receipts, list(dict.fromkeys(reads)), first.branch, first.bounds)
        start = end.position - len(events)
        for waiting, reach in zip(carried, reached, strict=True):
            waiting.outcome = end._replace(position=start + reach)
