"""What our recorders have in common: an ``eventsourcing`` application recorder that also keeps a ledger.

On top of the library's contract a ledger has a head row (gap-free positions, hash chain, monotonic clock) and receipts
by command id. The SQL readers are written once for both databases; a store brings its connection and its append.
"""

import os
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from threading import Lock
from typing import Any, ClassVar, NamedTuple

from eventsourcing.persistence import (
    ApplicationRecorder,
    IntegrityError,
    InterfaceError,
    Notification,
    OperationalError,
    ProgrammingError,
    StoredEvent,
    Subscription,
)

from adapters.evidence.chain import Row, event_digest, genesis
from adapters.evidence.verification import LogHead, Written, command_of

__all__ = [
    "Appended",
    "LedgerRecorder",
    "PollingSubscription",
    "ReceiptRow",
    "SqlLedgerRecorder",
    "Standing",
    "StoredReceipt",
    "Turn",
    "digests_of",
    "moved",
    "same_process",
    "standing_before",
]

Streaming = Callable[..., Iterator[tuple[Any, ...]]]
"""``(sql, **parameters) -> rows``, one by one."""


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


class Standing(NamedTuple):
    """A stream and its last version; 0 where it does not exist."""

    stream: str
    version: int


class Appended(NamedTuple):
    """Where an append ended."""

    position: int
    hash: bytes


def digests_of(stored_events: Sequence[StoredEvent]) -> list[bytes]:
    """The digest of each event, in order."""
    return [event_digest(str(e.originator_id), e.originator_version, e.topic, e.state) for e in stored_events]


def standing_before(stored_events: Sequence[StoredEvent]) -> list[Standing]:
    """Where the streams that are gone on with stand before their first event here: none ever has a gap.

    A stream that begins here needs no asking: its first version is free or taken.
    """
    firsts: dict[str, int] = {}
    for event in stored_events:
        firsts.setdefault(str(event.originator_id), event.originator_version)
    return [Standing(stream, first - 1) for stream, first in firsts.items() if first > 1]


class Turn:
    """What the threads of a process do one after the other; nobody waits for ever."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = Lock()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """One's own turn; raises ``OperationalError`` where others take too long."""
        if not self._lock.acquire(timeout=self._seconds):
            raise OperationalError(f"{self._seconds:g} s passed and other threads still write")
        try:
            yield
        finally:
            self._lock.release()


def moved(expected: Standing) -> IntegrityError:
    """What to raise where a stream stands elsewhere."""
    return IntegrityError(f"{expected.stream} does not stand at version {expected.version}")


def same_process(opened_by: int) -> None:
    """Refuse to share a store's connections with the process that forked this one: each would get the other's answers."""
    if os.getpid() != opened_by:
        raise InterfaceError("the store was opened before the process forked: open an engine in each process")


class LedgerRecorder(ApplicationRecorder, ABC):
    """One district's ledger. Errors are the library's: ``IntegrityError`` when a version or command id is taken."""

    district: str

    @abstractmethod
    def append(
        self, stored_events: Sequence[StoredEvent], receipts: Sequence[ReceiptRow], reads: Sequence[Standing] = ()
    ) -> Appended:
        """Write events and receipts in one transaction, or nothing.

        Within it, and before anything is written, each stream of ``reads`` is to stand where it says, and each stream of
        the events where :func:`standing_before` says; else an ``IntegrityError``.
        """

    @abstractmethod
    def rows(self, after: int, limit: int) -> list[Row]:
        """Events with positions above ``after``, in order."""

    @abstractmethod
    def stream_rows(self, streams: Sequence[str], after_version: int = 0) -> list[Row]:
        """Events of the streams, ordered by stream and version."""

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


_COLUMNS = "position, originator_id, originator_version, topic, state, digest, recorded_at"


class SqlLedgerRecorder(LedgerRecorder):
    """The readers of a ledger kept in SQL, with ``:name`` parameters."""

    member_of: ClassVar[str]
    """How the dialect asks whether a value is in a list parameter."""
    by_position: ClassVar[str] = ""
    """What the dialect has to be told behind a table's name to read it from a position on."""

    @abstractmethod
    def select(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - SQL values
        """Run one query outside any transaction of ours."""

    @abstractmethod
    def listed(self, values: Sequence[str]) -> object:
        """A list parameter in the dialect's form."""

    @abstractmethod
    def lookup(self, table: str, key: str, columns: str, further: str = "") -> str:
        """The query for a table's rows of this log whose ``key`` is in the list ``:wanted``, found by the index."""

    @abstractmethod
    def reading(self) -> AbstractContextManager[Streaming]:
        """One view of the store, as of one moment, for queries whose rows are streamed."""

    @contextmanager
    def written(self) -> Iterator[Written]:
        """All the log holds, in one view of the store."""
        with self.reading() as rows_of:
            heads = [*rows_of("SELECT position, hash, recorded_at FROM casecore_heads WHERE log = :log", log=self.district)]
            yield Written(
                LogHead(*heads[0]) if heads else LogHead(0, genesis(self.district), 0),
                rows_of(f"SELECT {_COLUMNS} FROM casecore_events WHERE log = :log ORDER BY position", log=self.district),  # noqa: S608
                rows_of(
                    "SELECT command_id, stream, version, event_count, position, hash, recorded_at FROM casecore_receipts"
                    " WHERE log = :log ORDER BY position",
                    log=self.district,
                ),
            )

    def rows(self, after: int, limit: int) -> list[Row]:
        """Events with positions above ``after``, in order."""
        sql = f"SELECT {_COLUMNS} FROM casecore_events WHERE log = :log AND position > :after ORDER BY position LIMIT :limit"  # noqa: S608 - constants
        return [*map(Row._make, self.select(sql, log=self.district, after=after, limit=limit))]

    def stream_rows(self, streams: Sequence[str], after_version: int = 0) -> list[Row]:
        """Events of the streams, ordered by stream and version."""
        sql = self.lookup("casecore_events", "originator_id", _COLUMNS, "AND originator_version > :after")
        sql += " ORDER BY originator_id, originator_version"
        found = self.select(sql, log=self.district, wanted=self.listed(streams), after=after_version)
        return [*map(Row._make, found)]

    def first_rows(self, streams: Sequence[str]) -> list[Row]:
        """The first event of each of the streams that exists."""
        sql = self.lookup("casecore_events", "originator_id", _COLUMNS, "AND originator_version = 1")
        return [*map(Row._make, self.select(sql, log=self.district, wanted=self.listed(streams)))]

    def streams(self, after: int) -> list[str]:
        """Each stream with events at positions above ``after``."""
        table = f"casecore_events {self.by_position}" if after else "casecore_events"
        sql = f"SELECT DISTINCT originator_id FROM {table} WHERE log = :log AND position > :after"  # noqa: S608 - constants
        return [stream for (stream,) in self.select(sql, log=self.district, after=after)]

    def stored_receipts(self, command_ids: Sequence[str]) -> list[StoredReceipt]:
        """The receipts of those commands that have one."""
        columns = "command_id, stream, version, event_count, position, hash"
        sql = self.lookup("casecore_receipts", "command_id", columns)
        return [StoredReceipt(*row) for row in self.select(sql, log=self.district, wanted=self.listed(command_ids))]

    def versions(self, streams: Sequence[str]) -> dict[str, int]:
        """The last version of each stream that exists."""
        sql = self.lookup("casecore_events", "originator_id", "originator_id, max(originator_version)")
        found = self.select(f"{sql} GROUP BY originator_id", log=self.district, wanted=self.listed(streams))
        return {stream: version for stream, version in found}  # noqa: C416 - tuples of any length to a dict

    def head(self) -> Appended:
        """Last position and head hash."""
        found = self.select("SELECT position, hash FROM casecore_heads WHERE log = :log", log=self.district)
        return Appended(*found[0]) if found else Appended(0, genesis(self.district))

    def select_events(
        self,
        originator_id: object,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """The library's reader of one stream."""
        sql = "SELECT originator_id, originator_version, topic, state FROM casecore_events"
        sql += " WHERE log = :log AND originator_id = :stream"
        sql += " AND originator_version > :gt" if gt is not None else ""
        sql += " AND originator_version <= :lte" if lte is not None else ""
        sql += f" ORDER BY originator_version {'DESC' if desc else 'ASC'}"
        sql += " LIMIT :limit" if limit is not None else ""
        optional = {"gt": gt, "lte": lte, "limit": limit}
        given = {name: value for name, value in optional.items() if value is not None}
        return [StoredEvent(*row) for row in self.select(sql, log=self.district, stream=str(originator_id), **given)]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """The library's reader of the whole log."""
        sql = "SELECT originator_id, originator_version, topic, state, position FROM casecore_events WHERE log = :log"
        given: dict[str, Any] = {}
        if start is not None:
            sql += f" AND position {'>=' if inclusive_of_start else '>'} :start"
            given["start"] = start
        if stop is not None:
            sql += " AND position <= :stop"
            given["stop"] = stop
        if topics:
            sql += f" AND topic {self.member_of.format(':topics')}"
            given["topics"] = self.listed(list(topics))
        sql += " ORDER BY position LIMIT :limit"
        return [Notification(*row) for row in self.select(sql, log=self.district, limit=limit, **given)]
