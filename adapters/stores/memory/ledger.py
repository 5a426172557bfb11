"""The ledger in memory (``memory:``): for tests, notebooks and trying things out; gone with the process."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from operator import itemgetter

from eventsourcing.persistence import IntegrityError
from eventsourcing.popo import POPOApplicationRecorder, POPOFactory

from adapters.evidence.chain import Row, batch_digest, genesis, link
from adapters.evidence.verification import LogHead, Written
from adapters.last_seen import FIRST_EPOCH, Found, LastSeen, Leaf
from adapters.ledger import (
    SAMPLED,
    Appended,
    Appending,
    LedgerRecorder,
    Snapshot,
    StoredReceipt,
    moved,
    standing_before,
)
from adapters.writers_clock import LeapUnseen, Times

__all__ = ["MemoryFactory", "MemoryLedgerRecorder"]


class MemoryLedgerRecorder(LedgerRecorder, POPOApplicationRecorder):
    """The library's recorder of plain objects, with head, digests and receipts beside its list."""

    def __init__(self, district: str) -> None:
        super().__init__()
        self.district = district
        self.last_seen = LastSeen(district)
        self._epoch = FIRST_EPOCH
        self._head = Appended(0, genesis(district))
        self._clock = 0
        self._kept: list[tuple[bytes, int]] = []  # digest and recorded_at, by position
        self._receipts: dict[str, tuple[StoredReceipt, int]] = {}
        self._streams: dict[str, list[int]] = defaultdict(list)  # positions, by stream
        self._snapshots: dict[str, Snapshot] = {}

    def _append(self, asked: Appending) -> Appended:
        """Write events and receipts together, or nothing."""
        with self._database_lock:
            if asked.seen.epoch != self._epoch:  # nothing else can happen to what lies in memory
                raise self._not_held()
            for expected in (*asked.reads, *standing_before(asked.events)):
                if self._version(expected.stream) != expected.version:
                    raise moved(expected)
            if taken := [r.command_id for r in asked.receipts if r.command_id in self._receipts]:
                raise IntegrityError(f"command {taken[0]} was carried out already")
            if len({r.command_id for r in asked.receipts}) < len(asked.receipts):
                raise IntegrityError("a command id stands twice in one append")
            now = self.clock()
            if now > self._clock + asked.bounds.jump:
                Times(self._clock).check(self.district, now, asked.bounds)
            if self._clock > asked.latest(now):
                raise LeapUnseen(f"log {self.district}: its time stands at {self._clock}")
            self._insert_events(asked.events)
            self._clock = max(now, self._clock + 1)
            self._kept += [(digest, self._clock) for digest in asked.digests]
            start = self._head.position
            batch = batch_digest(asked.digests)
            self._head = Appended(start + len(asked.digests), link(self._head.hash, batch), self._clock)
            for position, event in enumerate(asked.events, start + 1):
                self._streams[str(event.originator_id)].append(position)
            for r in asked.receipts:
                stored = StoredReceipt(r.command_id, r.stream, r.version, r.event_count, start + r.offset, self._head.hash)
                self._receipts[r.command_id] = (stored, self._clock)
            return self._head

    def _version(self, stream: str) -> int:
        positions = self._streams.get(stream)
        return self._stored_events[positions[-1] - 1].originator_version if positions else 0

    def _row(self, position: int) -> Row:
        event, (digest, recorded_at) = self._stored_events[position - 1], self._kept[position - 1]
        return Row(
            position,
            str(event.originator_id),
            event.originator_version,
            event.topic,
            event.state,
            digest,
            recorded_at,
        )

    def rows(self, after: int, limit: int) -> list[Row]:
        """Events with positions above ``after``, in order."""
        with self._database_lock:
            start = max(after, 0)
            return [self._row(p) for p in range(start + 1, min(start + limit, self._head.position) + 1)]

    def stream_rows(self, streams: Sequence[str], after_version: int = 0) -> list[Row]:
        """Events of the streams, ordered by stream and version."""
        with self._database_lock:
            found = [self._row(p) for stream in sorted(set(streams)) for p in self._streams.get(stream, ())]
            return [row for row in found if row.version > after_version]

    def life_rows(self, behind: tuple[str, int], last: str | None, upto: int, limit: int) -> list[Row]:
        """Up to ``limit`` events with positions up to ``upto``, ordered by stream and version, behind one of each."""
        with self._database_lock:
            streams = sorted(one for one in self._streams if one >= behind[0] and (last is None or one <= last))
            places = ((s, n, p) for s in streams for n, p in enumerate(self._streams[s], 1) if p <= upto)
            return [self._row(p) for _, _, p in islice((place for place in places if place[:2] > behind), limit)]

    def sampled_streams(self, upto: int) -> list[str]:
        """The streams of ``SAMPLED`` events at most, evenly picked among those up to a position, ordered."""
        step = -(-upto // SAMPLED) or 1
        with self._database_lock:
            return sorted(str(self._stored_events[p - 1].originator_id) for p in range(step, upto + 1, step))

    def stretch_rows(self, streams: Sequence[str]) -> list[Row]:
        """Events of the streams, from those on at which their snapshots were taken."""
        with self._database_lock:
            found = []
            for stream in sorted(set(streams)):
                positions = self._streams.get(stream, [])
                kept = self._snapshots.get(stream)
                begun = kept.version - 1 if kept is not None and self._holds(kept) else 0
                found += [self._row(position) for position in positions[begun:]]
            return found

    def _holds(self, kept: Snapshot) -> bool:
        positions = self._streams.get(kept.stream, [])
        return kept.version <= len(positions) and self._kept[positions[kept.version - 1] - 1] == kept[2:4]

    def snapshots(self, streams: Sequence[str]) -> list[Snapshot]:
        """The snapshots of those streams that have one."""
        with self._database_lock:
            found = (self._snapshots.get(stream) for stream in streams)
            return [kept._replace(log_epoch=self._epoch) for kept in found if kept is not None]

    def snapshot_streams(self) -> list[str]:
        """Each stream that has a snapshot."""
        with self._database_lock:
            return [*self._snapshots]

    def keep_snapshot(self, snapshot: Snapshot) -> None:
        """Keep a snapshot in place of the one there is, where the log holds the event it was taken at."""
        with self._database_lock:
            if self._holds(snapshot):
                self._snapshots[snapshot.stream] = snapshot

    def first_rows(self, streams: Sequence[str]) -> list[Row]:
        """The first event of each of the streams that exists."""
        with self._database_lock:
            return [self._row(self._streams[stream][0]) for stream in sorted(set(streams)) if stream in self._streams]

    def streams(self, after: int) -> list[str]:
        """Each stream with events at positions above ``after``."""
        with self._database_lock:
            return [stream for stream, positions in self._streams.items() if positions[-1] > after]

    def stored_receipts(self, command_ids: Sequence[str]) -> list[StoredReceipt]:
        """The receipts of those commands that have one."""
        with self._database_lock:
            return [self._receipts[number][0] for number in command_ids if number in self._receipts]

    @contextmanager
    def written(self) -> Iterator[Written]:
        """All the log holds; what is appended afterwards is not seen."""
        with self._database_lock:
            head = LogHead(*self._head, self._epoch)
            receipts = sorted(((*r, at) for r, at in self._receipts.values()), key=itemgetter(4))
        yield Written(head, map(self._row, range(1, head.position + 1)), receipts)

    def versions(self, streams: Sequence[str]) -> dict[str, int]:
        """The last version of each stream that exists."""
        with self._database_lock:
            return {stream: self._version(stream) for stream in streams if stream in self._streams}

    def head(self) -> Appended:
        """Last position and head hash."""
        return self._head

    def times(self) -> Times:
        """When the last fact was recorded; memory has no clock of its own."""
        return Times(self._clock)

    def found(self, position: int) -> Found:
        """Where the log stands, and what is at a position of it."""
        with self._database_lock:
            end, there = (
                self._leaf(at) if 0 < at <= self._head.position else None for at in (self._head.position, position)
            )
            return Found(self._epoch, end or Leaf(0, b"", 0), there)

    def begin_epoch(self, why: str) -> int:  # noqa: ARG002 - it is gone with the process
        """Begin the log's next epoch."""
        with self._database_lock:
            self._epoch += 1
            return self._epoch

    def _leaf(self, position: int) -> Leaf:
        return Leaf(position, *self._kept[position - 1])


class MemoryFactory(POPOFactory):
    """The library's factory, making our recorder."""

    DISTRICT = "DISTRICT"

    def application_recorder(self) -> MemoryLedgerRecorder:
        """The ledger of the district in the environment."""
        return MemoryLedgerRecorder(self.env.get(self.DISTRICT, ""))
