"""The stores of a simulation, each begun with the same small books, and what lies in them past all code of ours."""

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from types import SimpleNamespace
from typing import Any, Final, NamedTuple

import pytest

from adapters import following, ledger
from adapters.backing_up import backup, restore
from adapters.district_books import GivenBooks, first_facts, shipped_books
from adapters.district_log import DistrictLog
from adapters.open_tables import open_tables
from adapters.stores.known import store_at
from adapters.stores.sqlite import ledger as sqlite_ledger
from adapters.verifying import begin_epochs
from casecore.books import Books
from casecore.district import DISTRICT as DISTRICT_KIND
from casecore.district import AdoptBooks, DistrictFile, books_stream
from casecore.district_rule import DEFAULT_RULE
from casecore.kinds import decide
from casecore.log import Batch
from casecore.recorded import Envelope
from projections import projection
from projections.registry import PROJECTIONS
from support.set_back import Copied
from support.story import CALENDAR, CATALOGUE, moment
from support.windows import list_windows

__all__ = ["BEGUN", "DISTRICT", "RESTS", "Kept", "Place", "around", "books_file"]

DISTRICT: Final = "510107"
BEGUN: Final = moment("01-02 09:00")
RECORDED: Final = moment("03-01 09:00")
RESTS: Final = 3660
"""Days a log of a run may rest: time may pass in it without a fact."""
ENDLESS: Final = 1_073_741_823
"""Pages."""
ROWS: Final = (
    "SELECT position, originator_id, originator_version, topic, state, digest, recorded_at FROM casecore_events"
    " WHERE log = ? AND position >= ? ORDER BY position"
)
RECEIPTS: Final = (
    "SELECT command_id, stream, version, event_count, position, hash FROM casecore_receipts"
    " WHERE log = ? AND position >= ? ORDER BY position"
)
HEAD: Final = """
SELECT position, hash, (SELECT coalesce(max(epoch), 1) FROM casecore_epochs WHERE log = ?1)
FROM casecore_heads WHERE log = ?1
"""

_columns = cache(projection.columns)


class Kept(NamedTuple):
    """A copy of a store, kept aside; or the folder of a backup."""

    copied: Copied | Path
    known: Any
    """What the oracle knew of it."""
    epoch: int


class FixedPace:
    """As many facts at a time as a world says, however long they took."""

    def __init__(self, size: int) -> None:
        self.size = size

    def took(self, _: float) -> None:
        pass


@contextmanager
def around(nanoseconds: Callable[[], int], page: int) -> Iterator[None]:
    """What the stores and the followers take from the machine comes from a run instead, while it lasts.

    What is the same in every run is worked out once: the columns of the tables, and their dimensions, which lie in the
    template, for no calendar and no item is ever adopted here.
    """
    clock = SimpleNamespace(time_ns=nanoseconds, monotonic=time.monotonic, sleep=time.sleep)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger, "time", clock)
        patch.setattr(sqlite_ledger, "time", clock)
        patch.setattr(following, "Pace", lambda *_, **__: FixedPace(page))
        patch.setattr(projection, "columns", _columns)
        for where, name, value in _windows():
            patch.setattr(where, name, value)
        if _template.cache_info().currsize:
            patch.setattr(following, "load_dimensions", lambda *_: None)
        yield


@cache
def _windows() -> tuple[tuple[Any, str, Any], ...]:
    """What it takes that there are windows: that one may be left rests on another, which is only looked at."""
    told: list[tuple[Any, str, Any]] = []
    list_windows(lambda *what: told.append(what))
    return tuple(told)


@cache
def _books() -> Batch:
    """The books every log begins with: one calendar, a few items; as an engine that is opened with them adopts them."""
    given = GivenBooks(replace(DEFAULT_RULE, jump_days=RESTS), CATALOGUE, {CALENDAR.version: CALENDAR}, CALENDAR.version)
    command: AdoptBooks = given.adoption(DISTRICT, "casecore")
    facts = decide(None, command, BEGUN, shipped_books().office(BEGUN.date()))
    assert isinstance(facts, tuple)
    assert len(facts) < len(first_facts(given, DISTRICT, BEGUN)[0])
    stream = books_stream(DISTRICT)
    return Batch("books", stream, tuple(Envelope(stream, n, fact, "books") for n, fact in enumerate(facts, 1)))


@cache
def books_file() -> tuple[DistrictFile, Books]:
    """The file those facts add up to, and the books in it: made once for all programs that open such a log."""
    file = DISTRICT_KIND.fold([one.event for one in _books().envelopes])
    return file, file.books


def _begun_ns() -> int:
    """When the books were recorded: no longer before a run begins than a log may rest."""
    return int(RECORDED.timestamp()) * 10**9


@cache
def _template() -> bytes:
    """A file whose log has its books, and whose fact tables tell of them."""
    folder = Path(mkdtemp(prefix="simulation-"))
    try:
        url = f"sqlite:///{folder}/hall.db"
        with around(_begun_ns, 50), ExitStack() as stack:
            log = store_at(url).log(DISTRICT)
            stack.callback(log.close)
            log.append([_books()])
            tables = open_tables(url, PROJECTIONS)
            stack.callback(tables.close)
            following.Followers([log], tables).follow()
        connection = sqlite3.connect(folder / "hall.db")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        return (folder / "hall.db").read_bytes()
    finally:
        shutil.rmtree(folder)


class Place:
    """The store of a run, in a folder of its own."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.folder = Path(mkdtemp(prefix="simulation-"))
        self._tables = self.folder / "tables.db"
        self.path = self.folder / "hall.db"
        self._reader: sqlite3.Connection | None = None
        self._locker: sqlite3.Connection | None = None
        self._pages = ENDLESS
        self._opened: list[sqlite3.Connection] = []
        self._number = 0
        if kind == "file":
            self._tables = self.path
        else:
            self._tables.write_bytes(_template())
        self._memory: DistrictLog | None = None
        if kind == "memory":
            self._memory = store_at("memory:").log(DISTRICT)
            with around(_begun_ns, 50):
                self._memory.append([_books()])
        else:
            self.path.write_bytes(_template())

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path}"

    @property
    def tables_url(self) -> str:
        return f"sqlite:///{self._tables}"

    def log(self) -> DistrictLog:
        """The log, opened by one program; that in memory by all."""
        if self._memory is not None:
            return self._memory
        log = store_at(self.url).log(DISTRICT)
        self.watch(log.ledger.datastore)  # type: ignore[attr-defined]
        return log

    def watch(self, datastore: Any) -> None:
        """Have a say in how a program's connections are opened: none waits for a lock, and the disk may be full for all."""
        create = datastore.pool._create_connection
        for one in datastore.pool._pool:
            self._seen(one)

        def created() -> Any:
            return self._seen(create())

        datastore.pool._create_connection = created

    def _seen(self, connection: Any) -> Any:
        raw = connection._sqlite_conn
        raw.execute("PRAGMA busy_timeout = 0")
        if self._pages != ENDLESS:
            raw.execute(f"PRAGMA max_page_count = {self._pages}")
        self._opened.append(raw)
        return connection

    # --- what lies there ---

    def read(self) -> sqlite3.Connection:
        if self._reader is None:
            self._reader = sqlite3.connect(self.path, isolation_level=None)
        return self._reader

    def rows(self, since: int) -> list[tuple[Any, ...]]:
        """Position, stream, version, wire name, bytes, digest and instant of the facts from a position on."""
        if self._memory is not None:
            return [tuple(row) for row in self._memory.ledger.rows(since - 1, 10**6)]
        return self.read().execute(ROWS, (DISTRICT, since)).fetchall()

    def receipts(self, since: int) -> list[tuple[Any, ...]]:
        """Command, stream, version, number of facts, position and hash of the receipts from a position on."""
        if self._memory is not None:
            kept = [tuple(one) for one, _ in self._memory.ledger._receipts.values()]  # type: ignore[attr-defined]
            return sorted((one for one in kept if one[4] >= since), key=lambda one: one[4])
        return self.read().execute(RECEIPTS, (DISTRICT, since)).fetchall()

    def head(self) -> tuple[int, bytes, int]:
        """Position, hash and epoch."""
        if self._memory is not None:
            return (*self._memory.ledger.head()[:2], self._memory.ledger.found(0).epoch)
        found: tuple[int, bytes, int] = self.read().execute(HEAD, (DISTRICT,)).fetchone()
        return found

    # --- what befalls it ---

    def keep(self, known: Any, epoch: int) -> Kept:
        """A copy of it as it is."""
        return Kept(Copied(self.url), known, epoch)

    def put_back(self, kept: Kept) -> None:
        """The copy in its place, while programs run on it."""
        assert isinstance(kept.copied, Copied)
        self.relieve()
        kept.copied.put_back()

    def backed_up(self, known: Any, epoch: int) -> Kept:
        """A backup of it, as ``casecore backup`` makes one."""
        self._number += 1
        folder = self.folder / f"backup-{self._number}"
        backup(self.url, folder)
        return Kept(folder, known, epoch)

    def restore(self, kept: Kept) -> None:
        """The store anew from a copy or a backup, in a new epoch; nobody has it open."""
        if isinstance(kept.copied, Copied):
            self.put_back(kept)
            begin_epochs(self.url)
            return
        self.relieve()
        self._close()
        self._number += 1
        together = self._tables == self.path
        self.path = self.folder / f"restored-{self._number}.db"
        restore(kept.copied, self.url)
        if together:
            self._tables = self.path

    def lock(self) -> None:
        """Somebody else writes, and does not end."""
        if self._locker is None:
            self._locker = sqlite3.connect(self.path, isolation_level=None)
            self._locker.execute("BEGIN IMMEDIATE")

    def fill(self, pages: int) -> None:
        """There is room for so many pages more."""
        (found,) = self.read().execute("PRAGMA page_count").fetchone()
        self._limit(found + pages)

    @property
    def ails(self) -> bool:
        """Whether it is locked, or full."""
        return self._locker is not None or self._pages != ENDLESS

    def relieve(self) -> None:
        """Whoever held the lock is gone, and there is room."""
        if self._locker is not None:
            self._locker.close()
            self._locker = None
        if self._pages != ENDLESS:
            self._limit(ENDLESS)

    def _limit(self, pages: int) -> None:
        self._pages = pages
        open_still = []
        for raw in self._opened:
            try:
                raw.execute(f"PRAGMA max_page_count = {pages}")
            except sqlite3.ProgrammingError:  # closed
                continue
            open_still.append(raw)
        self._opened = open_still

    def _close(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def close(self) -> None:
        self.relieve()
        self._close()
        if self._memory is not None:
            self._memory.close()
        shutil.rmtree(self.folder)


def micros(at: datetime) -> int:
    """Microseconds since the epoch."""
    return round(at.timestamp() * 10**6)
