"""Rows that continue cases: counted as they are read, so that each is known again in whatever export it stands.

A row is known by what the mapping makes of it, all but its end; of several alike the first is the first again in the next
export. A row of a file of rejected rows is none of those that were recorded: it is known by the line it stood on and the
code it was rejected with, too. Memory stays the same however long the file is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import repeat
from typing import Final, NamedTuple, Self

import orjson

from adapters.importing.known import beginning, record_id, whole
from adapters.importing.scratch import scratch
from casecore.case.facts.time_limits import Resumed, Suspended
from casecore.fact import Fact
from casecore.histories import History

__all__ = ["Counted", "Row", "is_mended", "key_of", "wholly_of"]

_NEAR: Final = 50_000
"""Counts kept in memory, 5.6 MB of fingerprints: a file with fewer needs no other."""
_MENDED: Final = "~"
"""Stands between the line and code a row was rejected with and what it says."""
_REJECTED: Final = "rejected "
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class Row(NamedTuple):
    """A row, counted."""

    history: History
    """Without a command id: :meth:`numbered` gives it one."""
    key: str
    """The fingerprint of what it says but for its end."""
    number: int
    """Which it is of those with this key in the file, from 1."""
    wholly: str
    """The fingerprint of all that it says."""
    copy: int
    """Which it is of those that say all the same, from 1."""
    origin: str = ""
    """Of a row that was rejected before: what it is known by, the fingerprint of that, with its key."""

    def numbered(self, number: int | None = None) -> History:
        """Its history under the id it is known by, as one of those alike; a suspension bears that id too."""
        history = self.history
        command_id = record_id(history.source.name, self.origin or f"{self.key}:{number or self.number}")
        return history._replace(
            command_id=command_id,
            events=tuple(
                replace(one, suspension=f"{command_id}{one.suspension}") if isinstance(one, Suspended | Resumed) else one
                for one in history.events
            ),
        )


class Counted:
    """How often what was read stands in a file so far: the counts of late in memory, all others in a temporary file."""

    def __init__(self) -> None:
        self._near: dict[str, int] = {}
        self._file = scratch("CREATE TABLE seen (key TEXT PRIMARY KEY, times INTEGER NOT NULL) WITHOUT ROWID", "BEGIN")
        self._filed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def again(self, keys: Sequence[str]) -> list[int]:
        """Count each once more; how often each was seen with this time."""
        near = self._near
        if self._filed and (far := [key for key in keys if key not in near]):
            sql = "SELECT key, times FROM seen WHERE key IN (SELECT value FROM json_each(?))"
            near.update(self._file.execute(sql, (orjson.dumps(far).decode(),)))
        counts = []
        for key in keys:
            near[key] = count = near.get(key, 0) + 1
            counts.append(count)
        if len(near) > _NEAR:
            self._file.executemany("INSERT OR REPLACE INTO seen VALUES (?, ?)", near.items())
            self._filed = True
            near.clear()
        return counts

    def times(self, key: str) -> int:
        """How often it was seen."""
        if key in self._near or not self._filed:
            return self._near.get(key, 0)
        found = self._file.execute("SELECT times FROM seen WHERE key = ?", (key,)).fetchone()
        return 0 if found is None else int(found[0])

    def rows(self, histories: Sequence[History], reasons: Iterable[str | None] = repeat(None)) -> list[Row]:
        """Count rows, in their order, with the line and code each was rejected with before; None if it was not."""
        keys = [key_of(one.case, one.events) for one in histories]
        wholes = [wholly_of(one.case, one.events) for one in histories]
        rows = map(Row, histories, keys, self.again(keys), wholes, self.again(wholes))
        return [row if reason is None else self._mended(row, reason) for row, reason in zip(rows, reasons, strict=False)]

    def _mended(self, row: Row, reason: str) -> Row:
        """A row that was rejected before, and which it is of those that were rejected for the same and say the same."""
        place = row.history.source
        origin = f"{_fingerprint(reason or (place.file, place.line))}{_MENDED}{row.key}"
        (number,) = self.again([origin])
        return row._replace(origin=origin, number=number)

    def reject(self, reason: str) -> None:
        """Count that a row was rejected."""
        self.again([f"{_REJECTED}{_fingerprint(reason)}"])

    def tells(self, record: str) -> bool:
        """Whether the file has the very row of a record that was rejected once: mended, or rejected again."""
        return self.times(record) > 0 or self.times(f"{_REJECTED}{record.partition(_MENDED)[0]}") > 0


def is_mended(record: str) -> bool:
    """Whether a record was rejected once, and recorded from a file of rejected rows."""
    return _MENDED in record


def key_of(case: str, facts: Sequence[Fact]) -> str:
    """The fingerprint of what a row says of a case but for its end."""
    return _fingerprint(case, "begins", beginning(facts))


def wholly_of(case: str, facts: Sequence[Fact]) -> str:
    """The fingerprint of all that a row says of a case."""
    return _fingerprint(case, "says", whole(facts))


def _fingerprint(*parts: object) -> str:
    return sha256(orjson.dumps(parts, default=_plain, option=orjson.OPT_PASSTHROUGH_DATETIME)).hexdigest()[:24]


def _plain(value: object) -> int | str:
    """An instant is the same in whatever zone it is told: its microseconds."""
    return (value - _EPOCH) // _MICROSECOND if isinstance(value, datetime) else str(value)
