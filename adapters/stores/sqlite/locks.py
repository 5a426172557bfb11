"""Locks beside a SQLite file, each a file of its own that is never removed: the kernel ends them with who holds them.

SQLite's own write lock goes to whoever happens to ask while it is free, and whoever just let it go asks first.
"""

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Final

from eventsourcing.sqlite import SQLiteCursor

from adapters.stores.sqlite.files import LOCK_TIMEOUT_SECONDS

__all__ = ["BEGIN", "Turnstile", "held"]

BEGIN: Final = "BEGIN IMMEDIATE"
COURTESY_SECONDS: Final = 10.0
"""How long nobody writes before one asks whether anybody could: who is next may have stopped."""
PATIENCE_SECONDS: Final = 120.0
"""How long one waits while others write, of whom hundreds may have started at once."""


@contextmanager
def held(db_name: str, name: str) -> Iterator[bool]:
    """Hold a lock beside a file that one program has at a time; False, at once, where another has it."""
    lock = _opened(_beside(db_name, name))
    try:
        yield _taken(lock)
    finally:
        os.close(lock)


class Turnstile:
    """Where the processes that want to write to one file queue: who is next waits for SQLite's lock, all others for him.

    So nobody writes twice while somebody waits. Where there can be no lock of ours, SQLite's own does alone.
    """

    def __init__(self, db_name: str) -> None:
        self._path, self._written = _beside(db_name, "turn"), Path(_beside(db_name, "wal"))
        self._lock: int | None = None

    def begin(self, cursor: SQLiteCursor) -> None:
        """Begin to write when our turn has come; raises the driver's error where SQLite's lock is not to be had then."""
        lock = self._queued_at()
        try:
            if lock is None or _taken(lock) or self._queue(lock, cursor):
                cursor.execute(BEGIN)
        finally:
            if self._lock is not None:
                fcntl.flock(self._lock, fcntl.LOCK_UN)

    def _queued_at(self) -> int | None:
        """The lock all queue at; None where there can be none."""
        if self._lock is None:
            with suppress(OSError):
                self._lock = _opened(self._path)
        return self._lock

    def _queue(self, lock: int, cursor: SQLiteCursor) -> bool:
        """Wait for our turn; False where we have begun past somebody who is next and stopped.

        Whether he has, SQLite's lock says: it is free though nobody has written for long. While it is held nobody could
        write anyway, and whoever leaves the queue then asks for it beside all others, in no order.
        """
        place = _Place(lock)
        try:
            written, quiet, until = self._writing(), 0.0, time.monotonic() + PATIENCE_SECONDS
            while not place.come.wait(COURTESY_SECONDS) and quiet < LOCK_TIMEOUT_SECONDS and time.monotonic() < until:
                before, written = written, self._writing()
                quiet = quiet + COURTESY_SECONDS if written == before else 0.0
                if quiet and _begun_at_once(cursor):
                    return False
            return True
        finally:
            if not place.come.is_set():
                place.leave()
                self._lock = None

    def _writing(self) -> tuple[int, int]:
        """What is another than before once somebody has written."""
        try:
            found = self._written.stat()
        except FileNotFoundError:
            return 0, 0
        return found.st_mtime_ns, found.st_size

    def close(self) -> None:
        """Leave the queue for good."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


class _Place:
    """A place in the queue at a lock, which the kernel keeps in the order of coming; a thread of its own waits there.

    So nobody who waits asks again and again: two hundred who do leave no time to the one who writes.
    """

    def __init__(self, lock: int) -> None:
        self.come = Event()
        self._lock, self._left, self._either = lock, False, Lock()
        Thread(target=self._wait, daemon=True).start()

    def _wait(self) -> None:
        with suppress(OSError):  # a lock nobody can wait for keeps nobody waiting
            fcntl.flock(self._lock, fcntl.LOCK_EX)
        with self._either:
            self.come.set()
            if self._left:
                os.close(self._lock)

    def leave(self) -> None:
        """Wait no longer; the lock is closed, at the latest when its turn comes."""
        with self._either:
            self._left = True
            if self.come.is_set():
                os.close(self._lock)


def _beside(db_name: str, name: str) -> str:
    """The file of a lock, one and the same whatever link leads to the store."""
    return f"{Path(db_name).resolve()}-{name}"


def _opened(path: str) -> int:
    """The file of a lock, made with the rights of the store's where it is not there: whoever may write there locks here."""
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        rights = Path(path.rpartition("-")[0]).stat().st_mode & 0o666
        lock = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, rights)
        with suppress(OSError):  # it is somebody else's by now
            os.fchmod(lock, rights)  # whatever is masked
        return lock


def _begun_at_once(cursor: SQLiteCursor) -> bool:
    """Begin to write where nobody holds SQLite's lock just now."""
    cursor.execute("PRAGMA busy_timeout = 0")
    try:
        cursor.execute(BEGIN)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    finally:
        cursor.execute(f"PRAGMA busy_timeout = {int(LOCK_TIMEOUT_SECONDS * 1000)}")
    return True


def _taken(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
