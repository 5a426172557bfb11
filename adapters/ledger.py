"""What our recorders have in common: an ``eventsourcing`` application recorder that also keeps a ledger.

On top of the library's contract a ledger has a head row (gap-free positions, hash chain, monotonic clock) and receipts
by command id. The SQL readers are written once for both databases; a store brings its connection and its append.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Final, NamedTuple

from eventsourcing.persistence import (
    ApplicationRecorder,
    IntegrityError,
    Notification,
    ProgrammingError,
    StoredEvent,
    Subscription,
)

from adapters.evidence.chain import Row, event_digest
from adapters.evidence.verification import Written, command_of
from adapters.kept_looks import KeptLooks
from adapters.last_seen import Found, LastSeen, Leaf, Seen, SetBack
from adapters.writers_clock import LeapUnseen, Times
from casecore.log import COMMON_BOUNDS, ClockBounds

__all__ = [
    "SAMPLED",
    "Appended",
    "Appending",
    "LedgerRecorder",
    "PollingSubscription",
    "ReceiptRow",
    "Snapshot",
    "Standing",
    "StoredReceipt",
    "moved",
    "standing_before",
]


SAMPLED: Final = 500
"""Of so many events the streams tell where a log falls into shares."""
ENDLESS: Final = 2**63 - 1


class ReceiptRow(NamedTuple):
    """A receipt to be written; its position and hash follow from where the append ends."""

    command_id: str
    stream: str
    version: int
    """The stream's version after the command."""
    event_count: int
    offset: int
    """Events of the append up to and including this command's last."""


class StoredReceipt(NamedTuple):
    """A receipt as read back."""

    command_id: str
    stream: str
    version: int
    event_count: int
    position: int
    hash: bytes


class Snapshot(NamedTuple):
    """A file kept of a stream (see :mod:`adapters.snapshots`)."""

    stream: str
    version: int
    digest: bytes
    """Of the fact at that version."""
    recorded_at: int
    """When that was recorded."""
    epoch: int
    program: bytes
    seal: bytes
    state: bytes
    log_epoch: int
    """The log's epoch now; no part of what is kept."""


class Standing(NamedTuple):
    """A stream and its last version; 0 where it does not exist."""

    stream: str
    version: int


class Appending(NamedTuple):
    """What an append is to write, and what it rests on."""

    events: Sequence[StoredEvent]
    digests: Sequence[bytes]
    """Of each event, in order."""
    receipts: Sequence[ReceiptRow]
    reads: Sequence[Standing]
    """Where streams are to stand that were only read."""
    seen: Seen
    """What is to be there of the log."""
    bounds: ClockBounds
    """How far the clock of this machine may lie ahead."""

    def latest(self, now: int) -> int:
        """Where the log's time may stand at most: who knew of no leap has not noted what his clock says; microseconds."""
        near = now + self.bounds.skew
        return near if self.seen.last.recorded_at <= near else ENDLESS


class Appended(NamedTuple):
    """Where an append ended."""

    position: int
    hash: bytes
    recorded_at: int = 0
    """Microseconds since the epoch, UTC."""


def _digest_of(event: StoredEvent) -> bytes:
    return event_digest(str(event.originator_id), event.originator_version, event.topic, event.state)


def standing_before(stored_events: Sequence[StoredEvent]) -> list[Standing]:
    """Where the streams that are gone on with stand before their first event here: none ever has a gap.

    A stream that begins here needs no asking: its first version is free or taken.
    """
    firsts: dict[str, int] = {}
    for event in stored_events:
        firsts.setdefault(str(event.originator_id), event.originator_version)
    return [Standing(stream, first - 1) for stream, first in firsts.items() if first > 1]


def moved(expected: Standing) -> IntegrityError:
    """What to raise where a stream stands elsewhere."""
    return IntegrityError(f"{expected.stream} does not stand at version {expected.version}")


class LedgerRecorder(ApplicationRecorder, ABC):
    """One district's ledger. Errors are the library's: ``IntegrityError`` when a version or command id is taken."""

    district: str
    last_seen: LastSeen

    def clock(self) -> int:
        """What the clock of this machine says, by which what is appended is recorded; microseconds since 1970, UTC."""
        return time.time_ns() // 1000

    def append(
        self,
        stored_events: Sequence[StoredEvent],
        receipts: Sequence[ReceiptRow],
        reads: Sequence[Standing] = (),
        branch: int | None = None,
        bounds: ClockBounds = COMMON_BOUNDS,
    ) -> Appended:
        """Write events and receipts in one transaction, or nothing.

        Within it, and before anything is written, each stream of ``reads`` is to stand where it says, and each stream of
        the events where :func:`standing_before` says; else an ``IntegrityError``. The last fact seen of the log is to be
        there, its epoch the one that was seen, and the branch ``branch``, where one is named; else a ``SetBack``. The
        clock of this machine is to lie no further ahead than ``bounds``; else an
        :class:`~adapters.writers_clock.AheadOfLog`.
        """
        seen, digests = self.last_seen.now, [*map(_digest_of, stored_events)]
        if branch is not None and branch != seen.branch:
            raise SetBack(f"log {self.district}: it was set back while this was decided")
        if not seen.epoch:
            self.meet()
            seen = self.last_seen.now
        try:
            end = self._append(Appending(stored_events, digests, receipts, reads, seen, bounds))
        except (SetBack, LeapUnseen):
            self.look_back()
            raise
        if digests:
            self.last_seen.note(Leaf(end.position, digests[-1], end.recorded_at))
        return end

    def meet(self) -> None:
        """Before the first append: learn where the log stands; raises ``SetBack`` where it is another than was read."""
        if not (seen := self.last_seen.now).epoch:
            self._same_branch(seen)

    @abstractmethod
    def _append(self, asked: Appending) -> Appended:
        """Write as :meth:`append` does, onto a log that holds what was seen of it."""

    @abstractmethod
    def times(self) -> Times:
        """When the last fact was recorded, and what the store's own clock says."""

    def check_clock(self, bounds: ClockBounds) -> None:
        """Raise :class:`~adapters.writers_clock.AheadOfLog` where an append would."""
        self.times().check(self.district, self.clock(), bounds)

    @abstractmethod
    def found(self, position: int) -> Found:
        """Where the log stands, and what is at a position of it."""

    @abstractmethod
    def begin_epoch(self, why: str) -> int:
        """Begin the log's next epoch; returns it. Of two at once for the same reason, one does."""

    def _same_branch(self, seen: Seen) -> None:
        """Look back after an append came to nothing, or before the first; raises ``SetBack`` where the log is another."""
        if self.look_back() != seen.branch:
            raise self._not_held()

    def _not_held(self) -> SetBack:
        return SetBack(f"log {self.district}: the store does not hold what was seen of it, or is of another epoch")

    def look_back(self) -> int:
        """Hold what was seen against the store; returns the branch. Raises ``EarlierEpoch`` of one that was left behind."""
        seen = self.last_seen.now
        self.last_seen.compare(seen, self.found(seen.last.position))
        return self.last_seen.now.branch

    @abstractmethod
    def rows(self, after: int, limit: int) -> list[Row]:
        """Events with positions above ``after``, in order."""

    @abstractmethod
    def stream_rows(self, streams: Sequence[str], after_version: int = 0) -> list[Row]:
        """Events of the streams, ordered by stream and version."""

    @abstractmethod
    def life_rows(self, behind: tuple[str, int], last: str | None, upto: int, limit: int) -> list[Row]:
        """Up to ``limit`` events with positions up to ``upto``, ordered by stream and version.

        Of those behind a stream and version, and of no stream behind ``last``.
        """

    @abstractmethod
    def sampled_streams(self, upto: int) -> list[str]:
        """The streams of ``SAMPLED`` events at most, evenly picked among those with positions up to ``upto``, ordered."""

    def stretch_rows(self, streams: Sequence[str]) -> list[Row]:
        """Events of the streams: of one with a snapshot, from that on at which it was taken, where the log holds it."""
        return self.stream_rows(streams)

    def snapshots(self, streams: Sequence[str]) -> list[Snapshot]:  # noqa: ARG002 - for who keeps some
        """The snapshots of those streams that have one; a store need keep none."""
        return []

    def snapshot_streams(self) -> list[str]:
        """Each stream that has a snapshot."""
        return []

    def keep_snapshot(self, snapshot: Snapshot) -> None:
        """Keep a snapshot in place of the one there is, where the log holds the event it was taken at."""

    def kept_looks(self, by: int) -> tuple[KeptLooks, int, list[str]] | None:  # noqa: ARG002 - for who keeps some
        """What is kept, how many instants there are, and the streams whose instant has come; a store need keep none."""
        return None

    def keep_looks(self, kept: KeptLooks, looks: Mapping[str, int | None], *, whole: bool) -> bool:  # noqa: ARG002 - ditto
        """Keep it in one transaction where what is there is of the number below; whether it was."""
        return False

    @abstractmethod
    def first_rows(self, streams: Sequence[str]) -> list[Row]:
        """The first event of each of the streams that exists."""

    @abstractmethod
    def streams(self, after: int) -> list[str]:
        """Each stream with events at positions above ``after``."""

    @abstractmethod
    def stored_receipts(self, command_ids: Sequence[str]) -> list[StoredReceipt]:
        """The receipts of those commands that have one."""

    @abstractmethod
    def versions(self, streams: Sequence[str]) -> dict[str, int]:
        """The last version of each stream that exists."""

    @abstractmethod
    def head(self) -> Appended:
        """Last position and head hash."""

    @abstractmethod
    def written(self) -> AbstractContextManager[Written]:
        """All the log holds as of now, streamed; even what lies before its beginning or beyond its head."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int] | None:  # noqa: ANN401
        """The library's way in: events without receipts, and so of no command; returns their positions."""
        if not stored_events:
            return None
        if (number := next(filter(None, (command_of(bytes(e.state)) for e in stored_events)), None)) is not None:
            raise ProgrammingError(f"command {number}: its facts go in through the engine, with a receipt")
        end = self.append(stored_events, ()).position
        return list(range(end - len(stored_events) + 1, end + 1))

    def max_notification_id(self) -> int | None:
        """The last position, None for an empty log."""
        return self.head().position or None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> "Subscription[ApplicationRecorder]":
        """The library's subscription, by polling: works alike on every store and needs no NOTIFY."""
        return PollingSubscription(self, gt, topics)


class PollingSubscription(Subscription[ApplicationRecorder]):
    """Yields notifications as they come; an idle log is asked again after 1 to 100 ms."""

    LIMIT = 500

    def __init__(self, recorder: ApplicationRecorder, gt: int | None = None, topics: Sequence[str] = ()) -> None:
        super().__init__(recorder, gt, topics)
        self._waiting: Iterator[Notification] = iter(())

    def __next__(self) -> Notification:
        """The next notification; waits for one, and ends once the subscription is stopped."""
        pause = 0.001
        while not self._has_been_stopped:
            notification = next(self._waiting, None)
            if notification is not None:
                self._last_notification_id = notification.id
                return notification
            found = self._recorder.select_notifications(
                self._last_notification_id or 0, self.LIMIT, topics=self._topics, inclusive_of_start=False
            )
            self._waiting = iter(found)
            if not found:
                time.sleep(pause)
                pause = min(pause * 2, 0.1)
        raise StopIteration
