"""The ledger kept in SQL: readers written once for both databases; a store brings its connection and its append."""

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from json import dumps
from operator import attrgetter
from typing import Any, ClassVar, Final

from eventsourcing.persistence import Notification, StoredEvent

from adapters.evidence.chain import Row, genesis
from adapters.evidence.verification import LogHead, Written
from adapters.kept_looks import KeptLooks
from adapters.last_seen import FIRST_EPOCH, Found, Leaf
from adapters.ledger import SAMPLED, Appended, LedgerRecorder, Snapshot, StoredReceipt

__all__ = ["Changing", "SqlLedgerRecorder", "Streaming"]

Streaming = Callable[..., Iterator[tuple[Any, ...]]]
"""``(sql, **parameters) -> rows``, one by one."""
Changing = Callable[..., list[tuple[Any, ...]]]
"""``(sql, **parameters) -> rows``, all that it returns."""


_POSITION: Final = attrgetter("position")
NOWHERE: Final = Leaf(0, b"", 0)
FOUND: Final = """
SELECT (SELECT max(epoch) FROM casecore_epochs WHERE log = asked.log),
    last.position, last.digest, last.recorded_at, seen.position, seen.digest, seen.recorded_at
FROM (SELECT CAST(:log AS text) AS log) AS asked
LEFT JOIN casecore_heads AS head ON head.log = asked.log
LEFT JOIN casecore_events AS last ON last.log = asked.log AND last.position = head.position
LEFT JOIN casecore_events AS seen ON seen.log = asked.log AND seen.position = :seen
"""
WRITTEN_HEAD: Final = """
SELECT position, hash, recorded_at, (SELECT coalesce(max(epoch), 1) FROM casecore_epochs WHERE log = :log)
FROM casecore_heads WHERE log = :log
"""
HEAD: Final = """
SELECT head.position, head.hash, head.recorded_at, last.digest
FROM casecore_heads AS head
LEFT JOIN casecore_events AS last ON last.log = head.log AND last.position = head.position
WHERE head.log = :log
"""
SNAPSHOT_VERSION: Final = """
AND originator_version >= coalesce((
    SELECT kept.version FROM casecore_snapshots AS kept
    JOIN casecore_events AS its ON its.log = kept.log AND its.originator_id = kept.stream
        AND its.originator_version = kept.version AND its.digest = kept.digest AND its.recorded_at = kept.recorded_at
    WHERE kept.log = :log AND kept.stream = wanted.value
), 0)
"""
KEEP_SNAPSHOT: Final = """
INSERT INTO casecore_snapshots
SELECT its.log, its.originator_id, its.originator_version, its.digest, its.recorded_at, :epoch, :program, :seal, :state
FROM casecore_events AS its
WHERE its.log = :log AND its.originator_id = :stream AND its.originator_version = :version
    AND its.digest = :digest AND its.recorded_at = :recorded_at
ON CONFLICT (log, stream) DO UPDATE SET version = excluded.version, digest = excluded.digest,
    recorded_at = excluded.recorded_at, epoch = excluded.epoch, program = excluded.program, seal = excluded.seal,
    state = excluded.state
"""
LOOKS: Final = """
SELECT kept.number, kept.position, kept.digest, kept.recorded_at, kept.epoch, kept.program, kept.rests_on, kept.looked_at,
    kept.streams, (SELECT count(*) FROM casecore_looks AS every WHERE every.log = kept.log), due.stream
FROM casecore_looked AS kept
LEFT JOIN casecore_looks AS due ON due.log = kept.log AND due.look_at <= :by
WHERE kept.log = :log
"""
KEEP_LOOKED: Final = """
INSERT INTO casecore_looked
VALUES (:log, :number, :position, :digest, :recorded_at, :epoch, :program, :rests_on, :looked_at, :streams)
ON CONFLICT (log) DO UPDATE SET number = excluded.number, position = excluded.position, digest = excluded.digest,
    recorded_at = excluded.recorded_at, epoch = excluded.epoch, program = excluded.program, rests_on = excluded.rests_on,
    looked_at = excluded.looked_at
WHERE casecore_looked.number = excluded.number - 1
RETURNING number
"""
FORGET_LOOKS: Final = "DELETE FROM casecore_looks WHERE log = :log"
NO_LOOK: Final = " AND stream IN (SELECT value FROM {each})"
KEEP_LOOKS: Final = """
INSERT INTO casecore_looks SELECT :log, key, CAST(value AS bigint) FROM {each} WHERE true
ON CONFLICT (log, stream) DO UPDATE SET look_at = excluded.look_at
"""
COUNT_LOOKS: Final = """
UPDATE casecore_looked SET streams = (SELECT count(*) FROM casecore_looks AS every WHERE every.log = :log) WHERE log = :log
"""
TOGETHER: Final = 20_000
"""Looks written with one statement."""
_KEPT_COLUMNS = "stream, version, digest, recorded_at, epoch, program, seal, state"
_COLUMNS = "position, originator_id, originator_version, topic, state, digest, recorded_at"


class SqlLedgerRecorder(LedgerRecorder):
    """The readers of a ledger kept in SQL, with ``:name`` parameters."""

    member_of: ClassVar[str]
    """How the dialect asks whether a value is in a list parameter."""
    each_pair: ClassVar[str]
    """How the dialect walks the members of a JSON object, as ``key`` and ``value``."""
    each_value: ClassVar[str]
    """How it walks the values of a JSON list, as ``value``."""
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
    def lookup_each(self, table: str, key: str, columns: str, further: str) -> str:
        """As :meth:`lookup`, where ``further`` may say something else of each ``wanted.value``."""

    @abstractmethod
    def run(self, sql: str, **parameters: Any) -> None:  # noqa: ANN401 - SQL values
        """Run one statement that changes what is no fact, in a transaction of its own."""

    @abstractmethod
    def reading(self) -> AbstractContextManager[Streaming]:
        """One view of the store, as of one moment, for queries whose rows are streamed."""

    @abstractmethod
    def changing(self) -> AbstractContextManager[Changing]:
        """One transaction that changes what is no fact; it waits for who writes."""

    @contextmanager
    def written(self) -> Iterator[Written]:
        """All the log holds, in one view of the store."""
        with self.reading() as rows_of:
            heads = [*rows_of(WRITTEN_HEAD, log=self.district)]
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
        return self._rows(self.select(sql, log=self.district, after=after, limit=limit))

    def stream_rows(self, streams: Sequence[str], after_version: int = 0) -> list[Row]:
        """Events of the streams, ordered by stream and version."""
        sql = self.lookup("casecore_events", "originator_id", _COLUMNS, "AND originator_version > :after")
        sql += " ORDER BY originator_id, originator_version"
        return self._rows(self.select(sql, log=self.district, wanted=self.listed(streams), after=after_version))

    def life_rows(self, behind: tuple[str, int], last: str | None, upto: int, limit: int) -> list[Row]:
        """Up to ``limit`` events with positions up to ``upto``, ordered by stream and version, behind one of each."""
        sql = f"SELECT {_COLUMNS} FROM casecore_events WHERE log = :log AND position <= :upto"  # noqa: S608 - constants
        sql += " AND (originator_id, originator_version) > (:stream, :version)"
        sql += " AND originator_id <= :last" if last is not None else ""
        sql += " ORDER BY originator_id, originator_version LIMIT :limit"
        given = {"stream": behind[0], "version": behind[1], "upto": upto, "limit": limit}
        return self._rows(self.select(sql, log=self.district, **given, **({"last": last} if last is not None else {})))

    def sampled_streams(self, upto: int) -> list[str]:
        """The streams of ``SAMPLED`` events at most, evenly picked among those up to a position, ordered."""
        sql = "SELECT originator_id FROM casecore_events WHERE log = :log AND position <= :upto"
        sql += " AND position - position / :step * :step = 0"
        found = self.select(f"{sql} ORDER BY originator_id", log=self.district, upto=upto, step=-(-upto // SAMPLED) or 1)
        return [stream for (stream,) in found]

    def stretch_rows(self, streams: Sequence[str]) -> list[Row]:
        """Events of the streams, from those on at which their snapshots were taken; in any order of the streams."""
        sql = self.lookup_each("casecore_events", "originator_id", _COLUMNS, SNAPSHOT_VERSION)
        return self._rows(self.select(sql, log=self.district, wanted=self.listed(sorted(set(streams)))))

    def snapshots(self, streams: Sequence[str]) -> list[Snapshot]:
        """The snapshots of those streams that have one."""
        epoch = "(SELECT coalesce(max(epoch), 1) FROM casecore_epochs WHERE log = :log)"
        sql = self.lookup("casecore_snapshots", "stream", f"{_KEPT_COLUMNS}, {epoch}")
        return [Snapshot(*row) for row in self.select(sql, log=self.district, wanted=self.listed(streams))]

    def snapshot_streams(self) -> list[str]:
        """Each stream that has a snapshot."""
        found = self.select("SELECT stream FROM casecore_snapshots WHERE log = :log", log=self.district)
        return [stream for (stream,) in found]

    def keep_snapshot(self, snapshot: Snapshot) -> None:
        """Keep a snapshot in place of the one there is, where the log holds the event it was taken at."""
        kept = snapshot._asdict()
        del kept["log_epoch"]
        self.run(KEEP_SNAPSHOT, log=self.district, **kept)

    def kept_looks(self, by: int) -> tuple[KeptLooks, int, list[str]] | None:
        """What is kept, how many instants there are, and the streams whose instant has come."""
        found = self.select(LOOKS, log=self.district, by=by)
        if not found:
            return None
        *kept, counted, _ = found[0]
        return KeptLooks(*kept), counted, [row[-1] for row in found if row[-1] is not None]

    def keep_looks(self, kept: KeptLooks, looks: Mapping[str, int | None], *, whole: bool) -> bool:
        """Keep it in one transaction where what is there is of the number below; whether it was."""
        log = self.district
        with self.changing() as run:
            if not run(KEEP_LOOKED, log=log, **kept._asdict()):
                return False
            if whole:
                run(FORGET_LOOKS, log=log)
            ended = [] if whole else [stream for stream, at in looks.items() if at is None]
            coming = [(stream, at) for stream, at in looks.items() if at is not None]
            for start in range(0, len(ended), TOGETHER):
                some = dumps(ended[start : start + TOGETHER])
                run(FORGET_LOOKS + NO_LOOK.format(each=self.each_value.format(":some")), log=log, some=some)
            for start in range(0, len(coming), TOGETHER):
                some = dumps(dict(coming[start : start + TOGETHER]))
                run(KEEP_LOOKS.format(each=self.each_pair.format(":some")), log=log, some=some)
            run(COUNT_LOOKS, log=log)
        return True

    def first_rows(self, streams: Sequence[str]) -> list[Row]:
        """The first event of each of the streams that exists."""
        sql = self.lookup("casecore_events", "originator_id", _COLUMNS, "AND originator_version = 1")
        return self._rows(self.select(sql, log=self.district, wanted=self.listed(streams)))

    def _rows(self, found: Sequence[tuple[Any, ...]]) -> list[Row]:
        rows = [*map(Row._make, found)]
        if rows:
            last = max(rows, key=_POSITION)
            self._saw(Leaf(last.position, last.digest, last.recorded_at))
        return rows

    def _saw(self, last: Leaf) -> None:
        """Note what was read, once it is known that what was seen before is there too: beyond a gap another log may lie."""
        seen = self.last_seen.now.last.position
        if last.position > seen > 0:
            self.look_back()
        self.last_seen.note(last)

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
        found = self.select(HEAD, log=self.district)
        if not found:
            return Appended(0, genesis(self.district))
        ((*head, digest),) = found
        end = Appended(*head)
        if digest is not None:
            self._saw(Leaf(end.position, digest, end.recorded_at))
        return end

    def found(self, position: int) -> Found:
        """Where the log stands, and what is at a position of it, in one view of the store."""
        ((epoch, *leaves),) = self.select(FOUND, log=self.district, seen=position)
        end, there = Leaf(*leaves[:3]), Leaf(*leaves[3:])
        return Found(epoch or FIRST_EPOCH, end if end.position else NOWHERE, there if there.position else None)

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
