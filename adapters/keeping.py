"""``Keeper``: what keeps the fact tables of a store up to date, round by round, for a job that does nothing else."""

from contextlib import ExitStack
from pathlib import Path
from typing import Self

from adapters.district_engine import pause
from adapters.following import Followers, Progress
from adapters.opening import Store, open_store
from adapters.reporting import load_dimensions
from casecore.district_rule import DistrictRule

__all__ = ["Keeper"]


class Keeper:
    """Keeps the fact tables of a store: what facts are grouped by is loaded, and every district's log followed.

    A context manager that holds the store open. The paths are folders of one's own TOML files, ``rule`` is one file or the
    rule itself. A catalogue that is given replaces what is loaded of one; without, what is loaded stays. Opening raises what
    :func:`~adapters.opening.open_store` does.
    """

    def __init__(
        self,
        url: str,
        *,
        catalogue: Path | None = None,
        calendars: Path | None = None,
        rule: Path | DistrictRule | None = None,
    ) -> None:
        self._url, self._catalogue, self._calendars, self._rule = url, catalogue, calendars, rule
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

    def rebuild(self, progress: Progress | None = None) -> int:
        """Make the tables anew from the whole logs beside the old ones, and swap; returns the number of facts followed."""
        _, followers = self._opened()
        return followers.rebuild(progress)

    def rest(self) -> None:
        """Wait until the next round, the longer the more of them were idle; a district that has joined is followed then."""
        store, _ = self._opened()
        pause(self._idle)
        if store.tables.districts() != [engine.district for engine in store.engines]:
            self._close()

    def _opened(self) -> tuple[Store, Followers]:
        """The store, opened with the districts it holds now."""
        if self._open is None:
            opening = open_store(self._url, catalogue=self._catalogue, calendars=self._calendars, rule=self._rule)
            store = self._stack.enter_context(opening)
            anew = self._catalogue is not None
            load_dimensions(store.tables, store.engines, anew=anew, calendars=store.calendars)
            self._open = store, Followers(store.logs, store.tables, books=store.books)
        return self._open

    def _close(self) -> None:
        self._open = None
        self._stack.close()
