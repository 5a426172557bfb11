"""Walking a log once, in the order of its positions, with every file kept: for questions about all of history.

The files of a whole log are in memory then, some kilobytes each. Nothing is written.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final, NamedTuple

from casecore.kinds import CASE, kind_of

from casecore.case.file import CaseFile
from casecore.log import Log
from casecore.recorded import Entry, Unreadable
from ops.folding import Poison, advance

__all__ = ["Progress", "Unread", "Walk", "undisturbed"]

PAGE: Final = 5000

Progress = Callable[[int], None]
"""Called with the number of facts just read."""


class Unread(NamedTuple):
    """A case left out, because its history cannot be read, folded or turned into rows."""

    log: str
    case: str
    position: int
    why: str


class Walk:
    """One pass over the cases of one district's log; packages and drop boxes are passed over."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self.position = 0
        """Of the last fact folded."""
        self.files: dict[str, CaseFile] = {}
        """Every case met so far; of one that went wrong, what was known before."""
        self.unread: dict[str, Unread] = {}
        self._others: set[str] = set()
        """Streams that are no cases: what cannot be read of one of them leaves no case out."""
        self._page: list[Entry] = []
        self._next = 0

    def first_recorded(self) -> datetime | None:
        """When the log's first readable fact ahead on its page was recorded; None at the end of the log."""
        self._load()
        return next((entry.recorded_at for entry in self._page[self._next :] if not isinstance(entry, Unreadable)), None)

    def until(self, instant: datetime | None, progress: Progress | None = None) -> dict[str, CaseFile]:
        """Go on over all recorded before an instant (None: all there is); returns the files of the cases touched."""
        touched: set[str] = set()
        while self._load():
            start = self._next
            whole = self._fold(instant, touched)
            if progress is not None:
                progress(self._next - start)
            if not whole:
                break
        return {case: self.files[case] for case in touched if case in self.files}

    def leave_out(self, case: str, poison: Poison) -> None:
        """Leave a case out from here on."""
        self.unread[case] = Unread(self.log.district, case, poison.position, poison.why)

    def _load(self) -> bool:
        """Whether anything lies ahead."""
        if self._next == len(self._page):
            self._page, self._next = self.log.page(self.position, PAGE), 0
        return bool(self._page)

    def _fold(self, instant: datetime | None, touched: set[str]) -> bool:
        """Fold what is left of the page; False where a fact was recorded too late."""
        files, unread, others = self.files, self.unread, self._others
        for number in range(self._next, len(self._page)):
            entry = self._page[number]
            # When a fact that cannot be read was recorded is not known: it goes with its neighbours.
            if instant is not None and not isinstance(entry, Unreadable) and entry.recorded_at >= instant:
                self._next = number
                return False
            self.position = entry.position
            case = entry.stream
            if case in unread or case in others:
                continue
            if case not in files and not isinstance(entry, Unreadable) and kind_of(entry.event) is not CASE:
                others.add(case)
                continue
            file = advance(files.get(case), entry)
            if isinstance(file, Poison):
                self.leave_out(case, file)
            elif isinstance(file, CaseFile):
                files[case] = file
                touched.add(case)
        self._next = len(self._page)
        return True


@contextmanager
def undisturbed() -> Iterator[None]:
    """Keep the collector of circular garbage from walking hundreds of thousands of files again and again: there is none."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()
