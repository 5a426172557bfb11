"""Following a log into the fact tables. Rebuilding is the same walk into new tables, from the beginning."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from adapters.calendar_toml import shipped_calendars
from adapters.tables import CaseRows, Generation, Tables
from casecore.calendar import WorkCalendar
from casecore.case.state import NEW, CaseFile, evolve, fold
from casecore.errors import Conflict, Fault
from casecore.log import Log
from casecore.recorded import Recorded
from projections.projection import Subject

__all__ = ["Follower", "Followers", "follow", "rebuild"]

PAGE: Final = 5000
REMEMBERED_FILES: Final = 100_000

Progress = Callable[[int], None]
"""Called with the number of facts just followed."""


class Follower:
    """Advances the rows of one district in one generation, page by page.

    Files are remembered, boundedly; a case met again after it was forgotten is folded from its history.
    """

    def __init__(self, log: Log, tables: Tables, generation: Generation) -> None:
        self._log, self._tables, self._generation = log, tables, generation
        self._calendars: Mapping[str, WorkCalendar] = shipped_calendars()
        self._files: OrderedDict[str, CaseFile] = OrderedDict()

    def step(self) -> int:
        """Follow one page; returns how many facts it held, 0 at the end of the log.

        Overtaken by another follower of the same tables, it goes on from where that one is.
        """
        while True:
            start = self._tables.checkpoint(self._generation, self._log.district)
            try:
                return self._step(start)
            except Conflict:
                if self._tables.checkpoint(self._generation, self._log.district) == start:
                    raise  # nobody was faster: the rows themselves do not fit

    def _step(self, start: int) -> int:
        page = self._log.page(start, PAGE)
        if not page:
            return 0
        touched = self._advance(page)
        cases = [self._rows(case, file) for case, file in touched.items()]
        self._tables.put(self._generation, self._log.district, cases, page[-1].position)
        for case, file in touched.items():
            self._files[case] = file
            self._files.move_to_end(case)
        while len(self._files) > REMEMBERED_FILES:
            self._files.popitem(last=False)
        return len(page)

    def _advance(self, page: list[Recorded]) -> dict[str, CaseFile]:
        """The files of the cases a page touches, with its facts folded in."""
        touched: dict[str, CaseFile] = {}
        forgotten: list[str] = []
        for recorded in page:
            if recorded.stream not in touched:
                file = self._files.get(recorded.stream, NEW)
                touched[recorded.stream] = file
                if file.version != recorded.version - 1:
                    forgotten.append(recorded.stream)
        if forgotten:
            for case, history in self._log.histories(forgotten).items():
                touched[case] = fold(recorded.event for recorded in history)
        for recorded in page:
            file = touched[recorded.stream]
            if recorded.version > file.version:
                touched[recorded.stream] = evolve(file, recorded.event)
        return touched

    def _rows(self, case: str, file: CaseFile) -> CaseRows:
        subject = Subject(self._log.district, case, file, self._calendars)
        try:
            return CaseRows(case, {p.name: tuple(p.rows(subject)) for p in self._tables.projections})
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise Fault(f"log {self._log.district}: case {case} makes no rows: {error!r}") from error


class Followers:
    """One follower a log, kept between calls for what they remember. Give it every log of the store."""

    def __init__(self, logs: Sequence[Log], tables: Tables) -> None:
        self._logs, self._tables = tuple(logs), tables
        self._generation: Generation | None = None
        self._followers: tuple[Follower, ...] = ()

    def follow(self, progress: Progress | None = None) -> int:
        """Bring the live tables up to date with every log; returns the number of facts followed.

        Where there are none, or they were made by other versions of the projections, they are rebuilt.
        """
        live = self._tables.live()
        if live is None or live.versions != self._tables.versions:
            return self.rebuild(progress)
        return self._walk(live, progress)

    def rebuild(self, progress: Progress | None = None) -> int:
        """Walk every log from its beginning into new tables beside the live ones, then show the new ones."""
        generation = self._tables.begin()
        followed = self._walk(generation, progress)
        self._tables.show(generation)
        return followed

    def _walk(self, generation: Generation, progress: Progress | None) -> int:
        if generation != self._generation:
            self._generation = generation
            self._followers = tuple(Follower(log, self._tables, generation) for log in self._logs)
        followed = 0
        for follower in self._followers:
            while count := follower.step():
                followed += count
                if progress is not None:
                    progress(count)
        return followed


def follow(logs: Sequence[Log], tables: Tables, progress: Progress | None = None) -> int:
    """Follow every log of a store once, to its end; see :meth:`Followers.follow`."""
    return Followers(logs, tables).follow(progress)


def rebuild(logs: Sequence[Log], tables: Tables, progress: Progress | None = None) -> int:
    """Rebuild the fact tables of a store from all its logs; see :meth:`Followers.rebuild`."""
    return Followers(logs, tables).rebuild(progress)
