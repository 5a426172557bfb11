"""What the threads of one process share of a store: one writes at a time, and a process that forked opens its own."""

import os
from threading import Lock

from eventsourcing.persistence import InterfaceError, OperationalError

__all__ = ["Turn", "same_process"]


class Turn:
    """What the threads of a process do one after the other; nobody waits for ever. ``with`` it one has one's own turn."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = Lock()

    def __enter__(self) -> None:
        """Wait for it; raises ``OperationalError`` where others take too long."""
        if not self._lock.acquire(timeout=self._seconds):
            raise OperationalError(f"{self._seconds:g} s passed and other threads still write")

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def same_process(opened_by: int) -> None:
    """Refuse to share a store's connections with the process that forked this one: each would get the other's answers."""
    if os.getpid() != opened_by:
        raise InterfaceError("the store was opened before the process forked: open an engine in each process")
