"""Locks beside a SQLite file, each a file of its own that is never removed: the kernel ends them with who holds them.

SQLite's own write lock goes to whoever happens to ask while it is free, and whoever just let it go asks first.
"""

import fcntl
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

__all__ = ["Turnstile", "held"]

SHORTEST_PAUSE_SECONDS: Final = 0.002
LONGEST_PAUSE_SECONDS: Final = 0.03
COURTESY_SECONDS: Final = 10.0
"""How long one waits while nobody writes: who is next may have stopped, and SQLite's own lock keeps writers apart."""
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

    So nobody writes twice while somebody waits. A context manager for as long as it takes to begin to write; where there can
    be no lock of ours, SQLite's own does alone.
    """

    def __init__(self, db_name: str) -> None:
        self._path, self._written = _beside(db_name, "turn"), Path(_beside(db_name, "wal"))
        self._lock: int | None = None
        self._next = False

    def __enter__(self) -> None:
        self._next = self._pass()

    def __exit__(self, *_: object) -> None:
        if self._next and self._lock is not None:
            fcntl.flock(self._lock, fcntl.LOCK_UN)

    def _pass(self) -> bool:
        """Whether we are next; not where nobody can be, or who is has stopped."""
        try:
            if self._lock is None:
                self._lock = _opened(self._path)
            return _taken(self._lock) or self._queue(self._lock)
        except OSError:
            return False

    def _queue(self, lock: int) -> bool:
        """Wait for our turn, as long as others write; whoever has waited long asks more and more often."""
        began = moved = time.monotonic()
        written, rest = self._writing(), SHORTEST_PAUSE_SECONDS
        while not _taken(lock):
            now = time.monotonic()
            if (found := self._writing()) != written:
                moved, written = now, found
            if now > moved + COURTESY_SECONDS or now > began + PATIENCE_SECONDS:
                return False
            time.sleep(random.uniform(0.5, 1) * rest)  # noqa: S311 - no secret
            rest = max(min(2 * rest, LONGEST_PAUSE_SECONDS / (1 + now - began)), SHORTEST_PAUSE_SECONDS)
        return True

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


def _taken(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
