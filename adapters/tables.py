"""Fact tables in a database: rows by case, checkpoints in the rows' transaction, cases set aside.

Views named after the projections (``case_facts`` …) show the live generation, so that a BI tool never sees a half-built one.
"""

import time
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar, Final, NamedTuple, Protocol

from eventsourcing.persistence import Tracking

from adapters.district_log import translated
from adapters.generations import LOADS, Generation, Generations, Load
from adapters.relations import Cursor
from casecore.errors import Conflict
from casecore.recorded import Mark
from projections.projection import Projection
from projections.resting import Changed

__all__ = ["BOOK_MISSING", "CaseRows", "Durability", "Generation", "Quarantined", "Tables"]

MOVE_MARK: Final = """
INSERT INTO casecore_marks VALUES (:name, :position, :leaf, :epoch, :moved_at)
ON CONFLICT (application_name) DO UPDATE
SET position = excluded.position, leaf = excluded.leaf, epoch = excluded.epoch, moved_at = excluded.moved_at
"""
MICROSECOND: Final = 1000
"""In nanoseconds."""
BOOK_MISSING: Final = "book missing: "
"""What the reason says before the book, where a stream rests on one its district never adopted."""


class CaseRows(NamedTuple):
    """All rows of one case, package or drop box, by projection name; tables that are not named stay as they are."""

    case: str
    """The stream's id."""
    rows: Mapping[str, Sequence[tuple[Any, ...]]]


class Quarantined(NamedTuple):
    """A case, package or drop box set aside, because its history cannot be read, folded or turned into rows."""

    log: str
    case: str
    """The stream's id."""
    position: int
    """Where in the log it went wrong."""
    reason: str
    """One line."""
    since: str
    """An instant of UTC, in ISO 8601."""

    @property
    def book(self) -> str | None:
        """Which book is missing that it rests on; None where something else is wrong. Once adopted, it is taken back."""
        _, missing, book = self.reason.partition(BOOK_MISSING)
        return book if missing else None


class Durability(NamedTuple):
    """Whether a server keeps on disk what it acknowledges, where a session cannot ask for that itself."""

    server: str
    sound: bool
    settings: str
    """For people."""


class Tracker(Protocol):
    """What we use of the library's recorders of checkpoints: all there is, and the part that joins a transaction of ours."""

    def max_tracking_id(self, application_name: str) -> int | None:
        """The last checkpoint; None before the first."""

    def _insert_tracking(self, c: Any, tracking: Tracking, /) -> None:  # noqa: ANN401 - the database's own cursor
        """Move the checkpoint on; raises ``IntegrityError`` where it is there already, or beyond."""


class Tables(Generations):
    """The fact tables of one store, whatever the districts in it. Raises ``Conflict`` and ``Unavailable``."""

    tracker: Tracker
    """The library's own, over the same database."""
    writes_alone: ClassVar[bool]
    """Whether a transaction keeps everybody else from writing to the store."""
    held_seconds: float = 0.0
    """How long the last one did."""

    @abstractmethod
    def _remove(self, cursor: Cursor, generation: Generation, district: str, cases: Sequence[CaseRows]) -> None:
        """Take out the rows of the cases, of each from the tables it has something to say to."""

    @abstractmethod
    def _insert(self, cursor: Cursor, generation: Generation, cases: Sequence[CaseRows]) -> None:
        """Put in the rows of cases that have none."""

    # -- what all have

    def durability(self) -> Durability | None:
        """What there is to say of how the server keeps what it acknowledges; None where there is no server to say it."""
        return None

    def districts(self) -> list[str]:
        """Every district with a log in this store."""
        return [log for (log,) in self.query("SELECT log FROM casecore_heads WHERE position > 0 ORDER BY log")]

    def checkpoint(self, generation: Generation, district: str) -> int:
        """The last position of a district's log whose facts are in the rows."""
        with translated():
            return self.tracker.max_tracking_id(_name(generation, district)) or 0

    def mark(self, generation: Generation, district: str) -> Mark:
        """The checkpoint with what stands there, where that was noted: the log is held against it before it is gone on."""
        position = self.checkpoint(generation, district)
        sql = "SELECT position, leaf, epoch FROM casecore_marks WHERE application_name = :name AND position = :position"
        found = self.query(sql, name=_name(generation, district), position=position)
        return Mark(*found[0]) if found else Mark(position)

    def moved_at(self, generation: Generation, district: str) -> datetime | None:
        """When the checkpoint was moved last (UTC), by the clock of who moved it; None before the first time."""
        sql = "SELECT moved_at FROM casecore_marks WHERE application_name = :name"
        found = self.query(sql, name=_name(generation, district))
        return datetime.fromtimestamp(found[0][0] / 1e6, UTC) if found else None

    def put(  # noqa: PLR0913 - all that is done in one transaction
        self,
        generation: Generation,
        district: str,
        cases: Sequence[CaseRows],
        upto: int | Mark,
        *,
        aside: Sequence[Quarantined] = (),
        known: frozenset[str] = frozenset(),
    ) -> None:
        """Replace the rows of these cases, set others aside and move the checkpoint, in one transaction.

        ``upto`` is the position the rows tell of, best as the mark of the fact there. ``known`` is who was in quarantine
        when the page was folded: ``Conflict`` where that is no longer so.
        """
        with translated(), self._transaction() as cursor:
            name, mark = _name(generation, district), upto if isinstance(upto, Mark) else Mark(upto)
            self.tracker._insert_tracking(cursor, Tracking(name, mark.position))  # noqa: SLF001 - see above
            moved_at = time.time_ns() // MICROSECOND
            self._execute(cursor, MOVE_MARK, {"name": name, **mark._asdict(), "moved_at": moved_at})
            if self._in_quarantine(cursor, generation, district) != known:
                raise Conflict(f"log {district}: a case was set aside or taken back meanwhile")
            self._replace(cursor, generation, district, cases)
            self._set_aside(cursor, generation, aside)

    def concerned(self, generation: Generation, district: str, changed: Changed) -> list[str]:
        """The streams whose rows rest on what has changed in their district's books, sorted.

        Those that began since the first day it concerns, those no one day decides for, and those counted under a calendar
        that says something else.
        """
        began = {} if changed.since is None else {"since": changed.since}
        versions = {f"calendar_{number}": version for number, version in enumerate(sorted(changed.calendars))}
        conditions = ["begun_on IS NULL", *(f"begun_on >= :{name}" for name in began)]
        if versions:
            conditions.append(f"calendar IN ({', '.join(f':{name}' for name in versions)})")
        found: set[str] = set()
        for projection in self.projections:
            table = self.table(projection.name, generation)
            found.update(
                stream
                for (stream,) in self.query(
                    f"SELECT DISTINCT {projection.key} FROM {table}"  # noqa: S608 - our own names
                    f" WHERE log = :log AND ({' OR '.join(conditions)})",
                    log=district,
                    **began,
                    **versions,
                )
            )
        return sorted(found)

    def remake(  # noqa: PLR0913 - all that is done in one transaction
        self,
        generation: Generation,
        district: str,
        cases: Sequence[CaseRows],
        position: int,
        *,
        aside: Sequence[Quarantined] = (),
        known: frozenset[str] = frozenset(),
    ) -> None:
        """Replace the rows of these cases as :meth:`put` does, and leave the checkpoint at ``position``, where it is.

        ``Conflict`` where it is elsewhere, or somebody else is in quarantine than those ``known``.
        """
        with translated(), self._transaction() as cursor:
            held = self._ask(cursor, self.hold, {"name": _name(generation, district)})
            if (held or [(0,)]) != [(position,)] or self._in_quarantine(cursor, generation, district) != known:
                raise Conflict(f"log {district}: its rows or its quarantine changed meanwhile")
            self._replace(cursor, generation, district, cases)
            self._set_aside(cursor, generation, aside)

    def loads(self, generation: Generation) -> list[Load]:
        """The parts of the logs that are loaded into a generation, in order; none where it is not being loaded."""
        table = self.table(LOADS, generation)
        if not self.query(self.described, relation=table):
            return []
        return [Load(*found) for found in self.query(f"SELECT * FROM {table} ORDER BY log, part")]  # noqa: S608 - our own names

    def begin_loads(self, generation: Generation, loads: Sequence[Load]) -> None:
        """Note which parts there are to load."""
        self.fill([(self.table(LOADS, generation), Load._fields, loads)])

    def load(
        self, generation: Generation, load: Load, upto: Load, cases: Sequence[CaseRows], aside: Sequence[Quarantined]
    ) -> None:
        """Put in the rows of these cases, set others aside and note how far the part is loaded, in one transaction.

        ``Conflict`` where it is loaded further already, by another program.
        """
        upto = upto._replace(moved_at=time.time_ns() // MICROSECOND)
        table = self.table(LOADS, generation)
        which = "WHERE log = :log AND part = :part"
        with translated(), self._transaction() as cursor:
            held = self._ask(cursor, f"SELECT stream, done FROM {table} {which} {self.for_update}", load.key)  # noqa: S608 - ours
            if held != [(load.stream, load.done)]:
                raise Conflict(f"log {load.log}: part {load.part} is loaded by another program")
            told = "stream = :stream, facts = :facts, done = :done, moved_at = :moved_at"
            self._execute(cursor, f"UPDATE {table} SET {told} {which}", upto._asdict())  # noqa: S608 - ours
            self._insert(cursor, generation, cases)
            self._set_aside(cursor, generation, aside)

    def quarantine(self, generation: Generation, district: str) -> list[Quarantined]:
        """The cases of a district that are set aside, in the order of the positions where they went wrong."""
        return [
            Quarantined(*found)
            for found in self.query(
                "SELECT log, case_id, position, reason, since FROM casecore_quarantine"
                " WHERE generation = :number AND log = :log ORDER BY position, case_id",
                number=generation.number,
                log=district,
            )
        ]

    def requeue(
        self, generation: Generation, district: str, cases: Sequence[CaseRows], left: Sequence[Quarantined], upto: int
    ) -> None:
        """Take these cases back from quarantine with their rows; ``left`` stay there with what is now the reason.

        What is said of them must be true at position ``upto``: ``Conflict`` where the checkpoint is beyond it, or where
        one of them is no longer in quarantine.
        """
        tried = {case.case for case in cases} | {one.case for one in left}
        with translated(), self._transaction() as cursor:
            held = self._ask(cursor, self.hold, {"name": _name(generation, district)})
            overtaken = any(position > upto for (position,) in held)
            if overtaken or not tried <= self._in_quarantine(cursor, generation, district):
                raise Conflict(f"log {district}: its rows or its quarantine changed meanwhile")
            self._execute(
                cursor,
                "DELETE FROM casecore_quarantine WHERE generation = :number AND log = :log AND case_id = :case",
                [{"number": generation.number, "log": district, "case": case} for case in sorted(tried)],
            )
            self._replace(cursor, generation, district, cases)
            self._set_aside(cursor, generation, left)

    def _replace(self, cursor: Cursor, generation: Generation, district: str, cases: Sequence[CaseRows]) -> None:
        """Replace the rows of the cases."""
        self._remove(cursor, generation, district, cases)
        self._insert(cursor, generation, cases)

    def _named(self, cases: Sequence[CaseRows]) -> Iterator[tuple[Projection, list[CaseRows]]]:
        """Each projection with the streams that have something to say to its table, where there are any."""
        for projection in self.projections:
            if found := [case for case in cases if projection.name in case.rows]:
                yield projection, found

    def _in_quarantine(self, cursor: Cursor, generation: Generation, district: str) -> set[str]:
        sql = "SELECT case_id FROM casecore_quarantine WHERE generation = :number AND log = :log"
        return {case for (case,) in self._ask(cursor, sql, {"number": generation.number, "log": district})}

    def _set_aside(self, cursor: Cursor, generation: Generation, cases: Sequence[Quarantined]) -> None:
        self._execute(
            cursor,
            "INSERT INTO casecore_quarantine VALUES (:number, :log, :case, :position, :reason, :since)",
            [{"number": generation.number, **case._asdict()} for case in cases],
        )


def _name(generation: Generation, district: str) -> str:
    """The checkpoint's."""
    return f"{district}/{generation.number}"
