"""Who works on a simulated store: windows that handle commands and tick, and those who follow; each may die at any moment.

A program asks the store through a port, and before each of its questions others may come in, or it may be killed. Its own
append may be refused, cut short, carried out unheard, or be its last.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, NoReturn, Protocol

from eventsourcing.persistence import OperationalError

from adapters import district_log
from adapters.district_books import shipped_books
from adapters.district_engine import RecentFiles
from adapters.district_log import DistrictLog
from adapters.following import Followers
from adapters.open_tables import open_tables
from adapters.stores.sqlite.tables import SqliteTables
from casecore import Engine
from casecore.books_at_hand import BooksAtHand
from casecore.engine import Surroundings
from casecore.kinds import FACTS
from projections.registry import PROJECTIONS
from support.simulation.places import Place, books_file
from support.simulation.steps import Setting, Step
from support.simulation.truth import Said
from support.story import HERE
from support.windows import WINDOW
from support.written_before import LATEST_BEFORE, as_written_before

__all__ = ["Errand", "Follower", "Killed", "Program", "Scheduler"]

OLD_WIRE: Final = as_written_before(LATEST_BEFORE, (*FACTS, *WINDOW.facts))
ASKED: Final = frozenset(
    ("look_back", "history", "histories", "page", "streams", "receipts", "carried_out", "beginnings", "versions", "head")
)


class Killed(BaseException):
    """The program is dead."""


@dataclass
class Errand:
    """What a program is at."""

    who: Any
    step: Step
    commands: dict[str, Said] = field(default_factory=dict)
    moments: int = 0
    made: list[str] = field(default_factory=list)
    nows: list[datetime] = field(default_factory=list)
    fault_left: int = 0
    struck: bool = False


class Scheduler(Protocol):
    """What programs know of the run they are in."""

    place: Place
    setting: Setting
    errands: list[Errand]
    time: datetime

    def moment(self, who: "Program | Follower") -> None:
        """A program is about to ask the store."""

    def new_id(self) -> str:
        """An id nobody has."""

    def struck(self, kind: str) -> None:
        """A fault has struck."""

    def observe(self) -> None:
        """Look what lies there now."""


class Port:
    """A log as a program sees it: each question is a moment."""

    def __init__(self, who: "Program | Follower", log: DistrictLog) -> None:
        self._who, self._log = who, log

    def __getattr__(self, name: str) -> Any:
        asked = getattr(self._log, name)
        if name not in ASKED:
            return asked

        def answered(*what: Any, **more: Any) -> Any:
            self._who.run.moment(self._who)
            return asked(*what, **more)

        return answered

    def append(self, *what: Any) -> Any:
        self._who.run.moment(self._who)
        if not getattr(self._who, "old_form", False):
            return self._log.append(*what)
        today = district_log.WIRE
        district_log.WIRE = OLD_WIRE
        try:
            return self._log.append(*what)
        finally:
            district_log.WIRE = today


class Remembered(RecentFiles):
    """The files used last; of those used at once the same are forgotten in every process, however it hashes their names."""

    def update(self, files: Mapping[str, Any]) -> None:  # type: ignore[override]
        for name in sorted(files):
            self[name] = files[name]


class Program:
    """A window's program: an engine that remembers files, with a clock of its own."""

    def __init__(self, run: Scheduler, number: int) -> None:
        self.run, self.number = run, number
        self.dead = False
        self.offset = timedelta()
        self.old_form = run.setting.old_form and number == 0
        self.log = run.place.log()
        self._shared = run.place.kind == "memory"
        if not hasattr(self.log.ledger, "unwatched"):
            self._watch(self.log.ledger)
        port: Any = Port(self, self.log)
        around = Surroundings(self._now, lambda at: at.astimezone(HERE), self._new_id, lambda _: None)
        recent, at_hand = Remembered(run.setting.remembers), BooksAtHand(port, shipped_books())
        file, books = books_file()
        at_hand.remember(file, self.log.branch, books)
        self.engine = Engine(port, at_hand, around, recent)

    def _now(self) -> datetime:
        now = self.run.time + self.offset
        if self.run.errands:
            self.run.errands[-1].nows.append(now)
        return now

    def _new_id(self) -> str:
        number = self.run.new_id()
        self.run.errands[-1].made.append(number)
        return number

    def _watch(self, ledger: Any) -> None:
        ledger.unwatched = ledger._append
        run = self.run

        def append(*what: Any) -> Any:
            errand = run.errands[-1]
            with _failing(run, errand, ledger):
                return ledger.unwatched(*what)

        ledger._append = append

    def die(self) -> None:
        """Be killed: nothing of it is left, but what the store has."""
        self.dead = True
        if not self._shared:
            self.log.close()


@contextmanager
def _failing(run: Scheduler, errand: Errand, ledger: Any) -> Iterator[None]:
    """An append that fails as its errand says."""
    kind, *number = errand.step.fault or ("",)
    due = kind in {"killed before", "killed within", "killed after", "cut"} or errand.fault_left > 0
    if errand.struck or not due:
        kind = ""
    if kind == "refused":
        errand.fault_left -= 1
        run.struck(kind)
        raise OperationalError("nothing was written, and that is told")
    if kind == "killed before":
        _killed(run, errand, kind)
    try:
        try:
            if kind in {"cut", "killed within"}:
                with _cut(ledger, number[0]):
                    yield
            else:
                yield
        finally:
            run.observe()
    except OperationalError:
        if kind in {"cut", "killed within"}:
            if kind == "killed within":
                _killed(run, errand, kind)
            errand.struck = True
            run.struck(kind)
        raise
    if kind == "unanswered":
        errand.fault_left -= 1
        run.struck(kind)
        raise OperationalError("it is written, and nobody was told")
    if kind == "killed after":
        _killed(run, errand, kind)


def _killed(run: Scheduler, errand: Errand, kind: str) -> NoReturn:
    """Whoever is at work dies of it."""
    errand.struck = True
    run.struck(kind)
    errand.who.die()
    raise Killed from None


@contextmanager
def _cut(ledger: Any, operations: int) -> Iterator[None]:
    """SQLite is interrupted after so many operations of its own, within whatever transaction writes."""
    whole = ledger.datastore.transaction

    @contextmanager
    def transaction(*, commit: bool) -> Iterator[Any]:
        connection = None
        try:
            with whole(commit=commit) as cursor:
                if commit:
                    connection = cursor.sqlite_cursor.connection
                    connection.set_progress_handler(lambda: 1, operations)
                yield cursor
        finally:
            if connection is not None:
                with suppress(Exception):  # closed by then
                    connection.set_progress_handler(None, 0)

    ledger.datastore.transaction = transaction
    try:
        yield
    finally:
        del ledger.datastore.transaction


class Follower:
    """A program that follows the log into fact tables."""

    def __init__(self, run: Scheduler, number: int) -> None:
        self.run, self.number = run, number
        self.dead = False
        newer = run.setting.newer[number] if number < len(run.setting.newer) else 0
        first, *others = PROJECTIONS
        self.log = run.place.log()
        self._shared = run.place.kind == "memory"
        tables = open_tables(run.place.tables_url, (first._replace(version=first.version + newer), *others))
        assert isinstance(tables, SqliteTables)
        self.tables = tables
        run.place.watch(tables.datastore)
        port: Any = Port(self, self.log)
        self.followers = Followers([port], self.tables)
        self._replaced, self._put = self.tables._replace, self.tables.put
        self.tables._replace = self._failing_rows  # type: ignore[method-assign]
        self.tables.put = self._failing_put  # type: ignore[method-assign]

    def _due(self, kind: str) -> bool:
        """Whether this program is to die here: at the so-manieth time that it comes here."""
        errand = self.run.errands[-1] if self.run.errands else None
        if errand is None or errand.who is not self or errand.step.fault[:1] != (kind,):
            return False
        errand.fault_left -= 1
        return errand.fault_left == 0

    def _dies(self, kind: str) -> None:
        self.run.struck(f"follower {kind}")
        self.dead = True
        raise Killed

    def _failing_rows(self, cursor: Any, generation: Any, district: str, cases: Any) -> None:
        if self._due("killed within"):
            self._replaced(cursor, generation, district, cases[: len(cases) // 2])
            self._dies("killed within")
        self._replaced(cursor, generation, district, cases)

    def _failing_put(self, *what: Any, **more: Any) -> None:
        if self._due("killed before"):
            self._dies("killed before")
        self._put(*what, **more)
        if self._due("killed after"):
            self._dies("killed after")

    def progress(self, _: int) -> None:
        """A page is done."""
        if self._due("stopped"):
            self._dies("stopped")

    def die(self) -> None:
        """Be killed."""
        self.dead = True
        self.close()

    def close(self) -> None:
        self.tables.close()
        if not self._shared:
            self.log.close()
