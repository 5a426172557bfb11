"""When the streams of a log are to be looked at next (下次查看), kept beside the log for whoever feeds the clock.

Derived and disposable, as snapshots are. What is kept is believed where all of this holds, and else every stream is looked
at, and it is kept anew:

* the log holds, at the position up to which all was looked at, the very fact that stood there, and is of the same epoch: in
  a store that was set back, restored or promoted nothing of before is believed;
* it was kept by this very program (:func:`adapters.snapshots.program`) and by the books in force today, as they stand in
  the log;
* no clock that lies further ahead than the district's rule lets it was its;
* of as many streams an instant is there as were kept.

It is written in one transaction, and only onto what its writer has read: of two that tick at once one keeps what it found.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Final

from eventsourcing.persistence import PersistenceError

from adapters.kept_looks import KeptLooks
from adapters.last_seen import Leaf
from adapters.ledger import LedgerRecorder
from adapters.snapshots import program
from casecore.log import EPOCH, MICROSECOND, NO_LOOKS, Looked, Looks

__all__ = ["LooksBeside"]

_DIGEST: Final = slice(0, -8)
_RECORDED: Final = slice(-8, None)


class LooksBeside:
    """What is kept beside a log of when its streams are to be looked at."""

    def __init__(self, ledger: LedgerRecorder) -> None:
        self._ledger = ledger

    def looks(self, by: datetime, latest: datetime, rests_on: str) -> Looks:
        """What has come by an instant; see :meth:`casecore.log.Log.looks`."""
        found = self._ledger.kept_looks(_micros(by))
        if found is None:
            return NO_LOOKS
        kept, counted, due = found
        there = self._ledger.found(kept.position)
        believed = (
            there.there == Leaf(kept.position, kept.digest, kept.recorded_at)
            and (there.epoch, program(), rests_on, counted) == (kept.epoch, kept.program, kept.rests_on, kept.streams)
            and kept.looked_at <= _micros(latest)
        )
        return Looks(kept.number, kept.position, tuple(due)) if believed else Looks(kept.number, 0)

    def keep(self, looked: Looked, looks: Mapping[str, datetime | None]) -> int | None:
        """Keep looks; see :meth:`casecore.log.Log.keep_looks`. Comes to nothing where the store lets us not write."""
        leaf = bytes.fromhex(looked.last.leaf)
        if not leaf[_DIGEST]:
            return None
        kept = KeptLooks(
            looked.number + 1,
            looked.last.position,
            leaf[_DIGEST],
            int.from_bytes(leaf[_RECORDED]),
            self._ledger.last_seen.now.epoch,
            program(),
            looked.rests_on,
            _micros(looked.at),
            0,
        )
        instants = {stream: None if at is None else _micros(at) for stream, at in looks.items()}
        with suppress(PersistenceError, OSError):
            return kept.number if self._ledger.keep_looks(kept, instants, whole=looked.whole) else None
        return None


def _micros(at: datetime) -> int:
    return (at - EPOCH) // MICROSECOND
