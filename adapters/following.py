"""Following a log into the fact tables. New tables are loaded from whole logs (:mod:`adapters.loading`) and then followed.

A case whose history cannot be read, folded or turned into rows is set aside, and all others are served.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import structlog

from adapters.dimensions import load_dimensions
from adapters.folding import Poison, advance, fold_history, make_rows, set_aside
from adapters.generations import Keep, newer, surpassed
from adapters.loading import Loader, load, resumable
from adapters.log_books import LogBooks
from adapters.making import made_here
from adapters.pace import Pace
from adapters.recounting import recount
from adapters.tables import CaseRows, Generation, Quarantined, Tables
from casecore.books import Books
from casecore.errors import Conflict, Fault, Unavailable
from casecore.kind import File
from casecore.log import Log
from casecore.recorded import Entry, Mark
from projections.projection import subject_of
from projections.resting import what_changed

__all__ = ["Follower", "Followers", "follow", "rebuild"]

PAGE: Final = 5000
"""The most facts read at a time, whose rows are written in one transaction."""
REMEMBERED_FILES: Final = 100_000
SURPASSED: Final = "were made by a program whose projections are newer, or others, than this one's"

Progress = Callable[[int], None]
"""Called with the number of facts just followed."""


class Follower:
    """Advances the rows of one district in one generation, page by page.

    Rows are counted under the books of the district as its log has them where the rows are. Where a page tells of an
    adoption, the rows it concerns are made anew before those of the page; a stream set aside because a book was missing is
    taken back then. Files are remembered, boundedly; a case met again after it was forgotten is folded from its history. A
    case that goes wrong is set aside, and until it is taken back (:func:`adapters.requeueing.requeue`) its facts are passed
    over.
    """

    def __init__(self, log: Log, tables: Tables, generation: Generation) -> None:
        self._log, self._tables, self._generation = log, tables, generation
        self._books = LogBooks(log)
        self._branch, self._reached = log.branch, Mark()
        self._files: OrderedDict[str, File] = OrderedDict()
        self._loaded: Books | None = None
        self._pace = Pace(PAGE, alone=tables.writes_alone)

    def step(self) -> int:
        """Follow one page; returns how many facts it held, 0 at the end of the log.

        Overtaken by another follower of the same tables, or by a requeue, it goes on from where they are now.
        """
        while True:
            mark, aside = self._standing()
            self._forget_what_is_gone(mark)
            try:
                return self._step(mark, aside)
            except Conflict:
                if self._standing() == (mark, aside):
                    raise  # nobody was faster: the rows themselves do not fit

    def load_dimensions(self) -> None:
        """Load what the rows are grouped by from the books they are counted under, unless that is done."""
        books = self._books.at(self._standing()[0].position)
        if books is not self._loaded:
            load_dimensions(self._tables, self._log.district, books)
            self._loaded = books

    def _standing(self) -> tuple[Mark, frozenset[str]]:
        """Where the rows are, and who is in quarantine."""
        mark = self._tables.mark(self._generation, self._log.district)
        return mark, frozenset(one.case for one in self._tables.quarantine(self._generation, self._log.district))

    def _forget_what_is_gone(self, mark: Mark) -> None:
        """Forget files and books where the store was set back, rows and all, since this follower moved the mark."""
        if mark == self._reached:
            return
        branch = self._log.look_back()
        if branch != self._branch or mark.position < self._reached.position:
            self._branch = branch
            self._files.clear()
            self._books = LogBooks(self._log)
        self._reached = mark

    def _step(self, mark: Mark, aside: frozenset[str]) -> int:
        page = self._log.page(mark, self._pace.size)
        if not page:
            return 0
        start, end = mark.position, page[-1].position
        before, books = self._books.at(start), self._books.at(end)
        changed = what_changed(before, books)
        poisoned: list[Quarantined] = []
        if changed and start:
            poisoned += recount(self._log, self._tables, self._generation, start, changed, books)
            _, aside = self._standing()
        served = [entry for entry in page if entry.stream not in aside]
        last = {entry.stream: entry.position for entry in served}
        files, cases, wrong = self._advance(served), list[CaseRows](), list[Quarantined]()
        for case, file in files.items():
            made = file if isinstance(file, Poison) else self._rows(books, case, file, last[case])
            if isinstance(made, Poison):
                wrong.append(set_aside(self._log.district, case, made))
            else:
                cases.append(made)
        self._tables.put(self._generation, self._log.district, cases, page[-1].mark, aside=wrong, known=aside)
        self._pace.took(self._tables.held_seconds)
        self._reached = page[-1].mark
        for one in (*poisoned, *wrong):
            structlog.get_logger().warning("case set aside", **one._asdict())
        self._remember({case: file for case, file in files.items() if not isinstance(file, Poison)})
        return len(page)

    def _advance(self, page: Sequence[Entry]) -> dict[str, File | Poison]:
        """The files of the streams a page touches, with its facts folded in."""
        known = {entry.stream: self._files.get(entry.stream) for entry in page}
        first = {entry.stream: entry.version for entry in reversed(page)}
        forgotten = [stream for stream, file in known.items() if (file.version if file else 0) != first[stream] - 1]
        touched: dict[str, File | Poison] = {}
        if forgotten:
            touched = {stream: fold_history(history) for stream, history in self._log.histories(forgotten).items()}
        for entry in page:
            before = touched.get(entry.stream, known[entry.stream])
            if isinstance(before, Poison):
                continue
            if before is not None and entry.version <= before.version:
                touched[entry.stream] = before
            else:
                touched[entry.stream] = advance(before, entry)
        return touched

    def _rows(self, books: Books, case: str, file: File, position: int) -> CaseRows | Poison:
        return make_rows(self._tables, subject_of(books, self._log.district, case, file), position)

    def _remember(self, files: Mapping[str, File]) -> None:
        for case, file in files.items():
            self._files[case] = file
            self._files.move_to_end(case)
        while len(self._files) > REMEMBERED_FILES:
            self._files.popitem(last=False)


class Followers:
    """One follower a log, kept between calls for what they remember. Give it every log of the store.

    Each is counted under the books of its own log: none is told anything else.
    """

    def __init__(self, logs: Sequence[Log], tables: Tables) -> None:
        self._logs, self._tables = tuple(logs), tables
        self._generation: Generation | None = None
        self._followers: tuple[Follower, ...] = ()
        self._told = False

    def follow(self, progress: Progress | None = None) -> int:
        """Bring the live tables up to date with every log; returns the number of facts followed.

        Where there are none, or they were made by older versions of the projections, one program makes them, and the others
        wait for them. Where they were made by newer ones nothing is followed, and that is said once. When another program's
        rebuild takes them away meanwhile, the new ones are followed.
        """
        while True:
            live = self._tables.live()
            try:
                if live is not None and not newer(self._tables.versions, live.versions):
                    return self._follow(live, progress)
                made = made_here(self._tables, live, lambda keep: self._make(keep, progress))
                if made is not None:
                    return made
            except (Conflict, Fault, Unavailable):
                if self._tables.live() == live:
                    raise

    def rebuild(self, progress: Progress | None = None, *, older: bool = False, loader: Loader = load) -> int:
        """Load every log into new tables beside the live ones by the ``loader``, follow what comes meanwhile, and show them.

        Where another program is at it, its tables are waited for and followed. Raises
        :class:`~casecore.errors.Fault` where those that are live were made by a newer program, unless it is the ``older``
        one that is wanted.
        """
        live = self._tables.live()
        if live is not None and not older and surpassed(self._tables.versions, live.versions):
            raise Fault(f"the fact tables {SURPASSED}: rebuild them with that one")
        made = made_here(self._tables, live, lambda keep: self._make(keep, progress, loader))
        return self.follow(progress) if made is None else made

    def _follow(self, live: Generation, progress: Progress | None) -> int:
        if not self._tables.made_alike(live):
            if not self._told:
                self._told = True
                structlog.get_logger().warning(f"nothing followed: the fact tables {SURPASSED}")
            return 0
        self._told = False
        followed = self._walk(live, progress)
        if self._tables.left_behind():
            with self._tables.claim() as keep:
                if keep is not None:
                    self._tables.sweep(self._tables.half_made())
        return followed

    def _make(self, keep: Keep, progress: Progress | None, loader: Loader = load) -> int:
        """Make tables from the beginning of every log, and show them; for whoever holds the claim."""

        def advanced(count: int) -> None:
            keep()
            if progress is not None:
                progress(count)

        generation = self._begun()
        self._tables.prepare_dimensions()
        followed = loader(self._logs, self._tables, generation, advanced)
        self._tables.index(generation)
        followed += self._walk(generation, advanced)
        keep()
        self._tables.show(generation)
        return followed

    def _begun(self) -> Generation:
        """A new generation, or one that somebody died at: it is gone on with, and whatever else was left is dropped."""
        found = self._tables.half_made()
        if found is not None and not resumable(self._logs, self._tables, found):
            found = None
        self._tables.sweep(found)
        return found or self._tables.begin(to_load=True)

    def _walk(self, generation: Generation, progress: Progress | None) -> int:
        if generation != self._generation:
            self._generation = generation
            self._followers = tuple(Follower(log, self._tables, generation) for log in self._logs)
        followed, broken = 0, list[Fault]()
        for follower in self._followers:
            try:
                while count := follower.step():
                    followed += count
                    if progress is not None:
                        progress(count)
                follower.load_dimensions()
            except Fault as fault:  # the books of a district cannot be read: the others are served
                broken.append(fault)
        if broken:
            raise broken[0]
        return followed


def follow(logs: Sequence[Log], tables: Tables, progress: Progress | None = None) -> int:
    """Bring the live fact tables of a store up to date, once; returns the number of facts followed.

    ``logs`` are those of every district in the store (``engine.log``), ``tables`` its fact tables. Each district is counted
    under the books its own log holds, and one that has adopted none under those that ship; its items, themes and dates
    (``item_facts`` …) are loaded from them too. ``progress`` is called with the number of facts of each page. Tables that
    are not there yet, or were made by older versions of the projections, are rebuilt. A case that goes wrong is set aside
    (``tables.quarantine``), and all others are served. Of several programs one makes tables, and the others wait for them;
    where a newer program made those that are live, nothing is followed, and a warning says so.

    Whoever follows again and again keeps a :class:`Followers`, which remembers the files it has folded. Raises
    :class:`~casecore.errors.Unavailable` where the store cannot be reached.
    """
    return Followers(logs, tables).follow(progress)


def rebuild(logs: Sequence[Log], tables: Tables, progress: Progress | None = None, *, older: bool = False) -> int:
    """Make the fact tables of a store anew from the whole of its logs, beside the live ones, and show the new ones.

    What is given, returned and raised is that of :func:`follow`. Until all is made the old tables are read. Where another
    program is at it, its tables are waited for and followed. Raises :class:`~casecore.errors.Fault` where a newer program
    made those that are live, unless ``older`` says that they are to be this one's all the same.
    """
    return Followers(logs, tables).rebuild(progress, older=older)
