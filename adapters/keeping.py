"""``Keeper``: what keeps the fact tables of a store up to date, round by round, for a job that does nothing else."""

from contextlib import ExitStack
from typing import Self

from adapters.district_engine import pause
from adapters.following import Followers, Progress
from adapters.loading import load
from adapters.loading_together import LoadTogether
from adapters.opening import Store, open_store
from adapters.tables import Quarantined

__all__ = ["Keeper"]


class Keeper:
    """Keeps the fact tables of a store: every district's log is followed, each under the books it holds.

    A context manager that holds the store open. Opening raises what :func:`~adapters.opening.open_store` does.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._idle = 0
        self._open: tuple[Store, Followers] | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._opened()
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def follow(self, progress: Progress | None = None) -> int:
        """Bring the tables up to date once; returns the number of facts followed."""
        _, followers = self._opened()
        count = followers.follow(progress)
        self._idle = 0 if count else self._idle + 1
        return count

    def facts(self) -> int:
        """How many facts the logs hold."""
        store, _ = self._opened()
        return sum(log.head().position for log in store.logs)

    def rebuild(self, progress: Progress | None = None, *, older: bool = False, processes: int = 1) -> int:
        """Make the tables anew from the whole logs beside the old ones, and swap; returns the number of facts followed.

        With several ``processes`` (:class:`~adapters.loading_together.LoadTogether`) each loads a share of the cases.
        Raises ``Fault`` where a newer program made those that are live, unless it is the ``older`` one that is wanted.
        """
        _, followers = self._opened()
        loader = load if processes == 1 else LoadTogether(self._url, processes)
        return followers.rebuild(progress, older=older, loader=loader)

    def waiting(self) -> list[Quarantined]:
        """Who is set aside until a book is adopted that it rests on, by district."""
        store, _ = self._opened()
        live = store.tables.live()
        found = [one for log in store.logs if live is not None for one in store.tables.quarantine(live, log.district)]
        return [one for one in found if one.book is not None]

    def rest(self) -> None:
        """Wait until the next round, the longer the more of them were idle; a district that has joined is followed then."""
        store, _ = self._opened()
        pause(self._idle)
        if store.tables.districts() != [engine.district for engine in store.engines]:
            self._close()

    def _opened(self) -> tuple[Store, Followers]:
        """The store, opened with the districts it holds now."""
        if self._open is None:
            store = self._stack.enter_context(open_store(self._url))
            self._open = store, Followers(store.logs, store.tables)
        return self._open

    def _close(self) -> None:
        self._open = None
        self._stack.close()
