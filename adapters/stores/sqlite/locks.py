"""Locks beside a SQLite file, each a file of its own that is never removed: the kernel ends them with who holds them.

SQLite's own write lock goes to whoever happens to ask while it is free, and whoever just let it go asks first.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

__all__ = ["Turnstile", "held"]

PAUSE_SECONDS: Final = 0.004
COURTESY_SECONDS: Final = 2.0
"""How long one waits behind who is next: he may have stopped, and it is SQLite's own lock that keeps writers apart."""


@contextmanager
def held(path: str) -> Iterator[bool]:
    """Hold a lock that one program has at a time; False, at once, where another has it."""
    lock = _opened(path)
    try:
        yield _taken(lock)
    finally:
        os.close(lock)


class Turnstile:
    """Where the processes that want to write to one file queue: who is next waits for SQLite's lock, all others for him.

    So nobody writes twice while somebody waits. Where there can be no lock of ours, SQLite's own does alone.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._lock: int | None = None

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Be next for as long as it takes to begin to write."""
        next_in_line = self._pass()
        try:
            yield
        finally:
            if next_in_line and self._lock is not None:
                fcntl.flock(self._lock, fcntl.LOCK_UN)

    def _pass(self) -> bool:
        with suppress(OSError):
            if self._lock is None:
                self._lock = _opened(self._path)
            until = time.monotonic() + COURTESY_SECONDS
            while not (passed := _taken(self._lock)) and time.monotonic() < until:
                time.sleep(PAUSE_SECONDS)
            return passed
        return False

    def close(self) -> None:
        """Leave the queue for good."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


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
