"""Generations of fact tables: who may make them, which of them is read, and what is left of those nobody reads.

A generation is a set of tables made by one set of projection versions. The registry (``casecore_tables``) says of each
what it was made by and how it stands; one program at a time makes tables, and it holds the claim while it does.
"""

# ruff: noqa: S608 - the names and numbers in the SQL are our own

import re
import time
from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from typing import Any, ClassVar, Final, NamedTuple

from adapters.district_log import translated
from adapters.relations import DIMENSIONS, Relations, Statement, grants
from casecore.errors import Conflict, Unavailable
from casecore.recorded import Mark
from projections.projection import Column, Projection, RowCheck, columns
from projections.resting import RESTS_VERSION

__all__ = ["Generation", "Generations", "Keep", "newer", "surpassed"]

ATTEMPTS: Final = 8
BEING_MADE: Final = 0
"""How a generation stands while it is made, or was left by whoever died at it."""
SHOWN: Final = 1
DROPPED: Final = -1
LEFT: Final = -2
"""Nobody reads it any more, and its tables are there to be dropped."""
KEPT_SECONDS: Final = 86_400.0
"""How long what a killed rebuild has made is kept for the next one."""
LOADS: Final = "casecore_loads"
"""Beside the tables of a generation that is being made: how far it is."""
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

Keep = Callable[[], None]
"""Called now and then by whoever holds the claim; raises ``Unavailable`` where it was lost."""


class Generation(NamedTuple):
    """One set of tables."""

    number: int
    versions: str
    """What they were made by, e.g. ``rests.1 case_facts.1 trip_facts.1``."""


def newer(ours: str, theirs: str) -> bool:
    """Whether projection versions take the place of others: none is lower, and one is higher or they are more.

    Of two different ones at most one is newer than the other, so that no two programs make tables against each other. Who
    takes a projection out raises the version of what rows rest on.
    """
    mine, others = _numbers(ours), _numbers(theirs)
    common = mine.keys() & others.keys()
    if any(mine[name] < others[name] for name in common):
        return False
    return any(mine[name] > others[name] for name in common) or mine.keys() > others.keys()


def surpassed(ours: str, theirs: str) -> bool:
    """Whether tables that others made are not to be followed, and not to be made anew either."""
    return _numbers(ours) != _numbers(theirs) and not newer(ours, theirs)


class Load(NamedTuple):
    """A part of a log as it is loaded into a generation, stream by stream in the store's order of ids, up to a mark."""

    log: str
    part: int
    last: str | None
    """Its last stream; None where it goes on to the last there is."""
    position: int
    leaf: str
    epoch: int
    stream: str
    """The last stream that is in the rows; at the beginning, the last one of the part before."""
    facts: int = 0
    """Those that are in the rows, or of streams that are set aside."""
    done: int = 0
    """1 where all of it is loaded."""
    moved_at: int = 0
    """When it came so far; microseconds since 1970, UTC, by the clock of who loads."""

    @property
    def key(self) -> dict[str, Any]:
        """Which part it is."""
        return {"log": self.log, "part": self.part}

    @property
    def mark(self) -> Mark:
        """What the rows tell of when all parts are loaded."""
        return Mark(self.position, self.leaf, self.epoch)


class Generations(Relations):
    """The registry of a store's fact tables. Raises ``Conflict`` and ``Unavailable``."""

    tracking: str
    """The table of checkpoints."""
    indexed_last: ClassVar[bool]
    """Whether tables are indexed when they are loaded, because that keeps nobody from writing."""

    def __init__(self, projections: Sequence[Projection]) -> None:
        self.projections = tuple(projections)
        self.versions = " ".join((f"rests.{RESTS_VERSION}", *(f"{p.name}.{p.version}" for p in projections)))
        self.columns: Mapping[str, tuple[Column, ...]] = {p.name: p.columns for p in projections} | {
            name: columns(row) for name, row in DIMENSIONS.items()
        }
        self.checks = {p.name: RowCheck(p.columns) for p in projections}

    @abstractmethod
    def claim(self) -> AbstractContextManager[Keep | None]:
        """The right to make tables of this store, which one program has at a time; None, at once, where another has it.

        It ends with the process or the connection that holds it, however they end.
        """

    def _switch(self, statements: Sequence[Statement]) -> None:
        """Run statements that take tables and views from whoever reads them, in one transaction."""
        with translated():
            self._run(statements)

    def live(self) -> Generation | None:
        """The generation the views show."""
        return next(iter(self._standing_as(SHOWN)), None)

    def made_alike(self, generation: Generation) -> bool:
        """Whether a generation was made by these versions of the projections."""
        return _numbers(generation.versions) == _numbers(self.versions)

    def left_behind(self) -> list[Generation]:
        """Those nobody reads whose tables are there: being made, or left by whoever died, was overtaken or is done."""
        return self._standing_as(BEING_MADE, LEFT)

    def progress(self) -> tuple[int, int]:
        """How far those who make tables have come: the last number that was given, and the facts that are in its rows."""
        ((last,),) = self.query("SELECT coalesce(max(generation), 0) FROM casecore_tables")
        sql = f"SELECT coalesce(sum(notification_id), 0) FROM {self.tracking} WHERE application_name LIKE :names"
        ((facts,),) = self.query(sql, names=f"%/{last}")
        loads = self.table(LOADS, Generation(int(last), ""))
        with suppress(Unavailable):  # they go when all is shown
            if self.query(self.described, relation=loads):
                ((loaded,),) = self.query(f"SELECT coalesce(sum(facts), 0) FROM {loads}")
                return int(last), int(facts) + int(loaded)
        return int(last), int(facts)

    def begin(self, *, to_load: bool = False) -> Generation:
        """A new, empty generation beside the live one; numbers are never used again.

        One ``to_load`` is indexed when it is loaded, where the store does that last.
        """
        for _ in range(ATTEMPTS):
            ((last,),) = self.query("SELECT coalesce(max(generation), 0) FROM casecore_tables")
            generation = Generation(int(last) + 1, self.versions)
            statements: list[Statement] = [
                (f"INSERT INTO casecore_tables VALUES (:number, :versions, {BEING_MADE})", generation._asdict()),
                (self._create(self.table(LOADS, generation), columns(Load)), {}),
            ]
            for projection in self.projections:
                table = self.table(projection.name, generation)
                statements.append((self._create(table, self.columns[projection.name]), {}))
            if not (to_load and self.indexed_last):
                statements += self._indexes(generation)
            with suppress(Conflict), translated():
                self._run(statements)
                return generation
        raise Conflict(f"{ATTEMPTS} times another rebuild took the next number")

    def index(self, generation: Generation) -> None:
        """Index the tables of a generation that is loaded, where that was not done before."""
        with translated():
            self._run(self._indexes(generation))

    def _indexes(self, generation: Generation) -> list[Statement]:
        tables = [(self.table(projection.name, generation), projection.key) for projection in self.projections]
        return [(f"CREATE INDEX IF NOT EXISTS {table}_key ON {table} (log, {key})", {}) for table, key in tables]

    def show(self, generation: Generation) -> None:
        """Make a generation the live one, and drop all others; raises ``Conflict`` when it was taken away meanwhile.

        Who could read a view before reads the new one, and so does who reads the registry.
        """
        before = self.live()
        number = {"number": generation.number}
        ours = {projection.name for projection in self.projections}
        statements: list[Statement] = []
        for name in sorted(ours.union(_tables_of(before))):
            readers = self._readers(name) | self._readers("casecore_tables")
            statements.append((f"DROP VIEW IF EXISTS {name}", {}))
            if name in ours:
                view = f"CREATE VIEW {name} AS SELECT * FROM {self.table(name, generation)}"
                statements += [(view, {}), *grants(name, readers)]
        statements += [
            ("DELETE FROM casecore_quarantine WHERE generation <> :number", number),
            (f"UPDATE casecore_tables SET live = {LEFT} WHERE generation <> :number AND live >= 0", number),
            # Of what was taken away there is nothing to show: NULL is no state, and all is as it was.
            (f"DROP TABLE IF EXISTS {self.table(LOADS, generation)}", {}),
            (f"UPDATE casecore_tables SET live = CASE WHEN live >= 0 THEN {SHOWN} END WHERE generation = :number", number),
        ]
        self._switch(statements)
        with suppress(Unavailable):  # what is left is swept later
            self._drop(self._standing_as(LEFT))

    def half_made(self) -> Generation | None:
        """The generation that a program like this one began last and died at, where that was less than a day ago."""
        found = [one for one in self._standing_as(BEING_MADE) if self.made_alike(one)]
        if not found or not self.query(self.described, relation=self.table(LOADS, found[-1])):
            return None
        ((moved_at,),) = self.query(f"SELECT max(moved_at) FROM {self.table(LOADS, found[-1])}")
        return found[-1] if moved_at is not None and time.time() - moved_at / 1e6 < KEPT_SECONDS else None

    def sweep(self, but: Generation | None = None) -> None:
        """Drop every generation nobody reads ``but`` one that is gone on with.

        Only for whoever holds the claim, for else one may be in the making.
        """
        spared = 0 if but is None else but.number
        with translated():
            told = f"UPDATE casecore_tables SET live = {LEFT} WHERE live = {BEING_MADE} AND generation <> :spared"
            self._run([(told, {"spared": spared})])
        self._drop(self._standing_as(LEFT))

    @staticmethod
    def table(name: str, generation: Generation) -> str:
        """A projection's table in one generation."""
        return f"{name}_g{generation.number}"

    def _drop(self, generations: Iterable[Generation]) -> None:
        """Drop generations whatever program made them, table by table: so nobody waits for all of them."""
        for generation in generations:
            for name in sorted({LOADS, *(projection.name for projection in self.projections), *_tables_of(generation)}):
                self._drop_table(self.table(name, generation))
            number, names = {"number": generation.number}, {"names": f"%/{generation.number}"}
            with translated():
                self._run(
                    [
                        ("DELETE FROM casecore_quarantine WHERE generation = :number", number),
                        (f"DELETE FROM {self.tracking} WHERE application_name LIKE :names", names),
                        ("DELETE FROM casecore_marks WHERE application_name LIKE :names", names),
                        (f"UPDATE casecore_tables SET live = {DROPPED} WHERE generation = :number", number),
                    ]
                )

    def _drop_table(self, table: str) -> None:
        self._switch([(f"DROP TABLE IF EXISTS {table}", {})])

    def _standing_as(self, *states: int) -> list[Generation]:
        among = ", ".join(map(str, states))
        sql = f"SELECT generation, versions FROM casecore_tables WHERE live IN ({among}) ORDER BY generation"
        return [Generation(int(number), versions) for number, versions in self.query(sql)]


def _numbers(versions: str) -> dict[str, int]:
    return {name: int(number) for name, _, number in (one.rpartition(".") for one in versions.split())}


def _tables_of(generation: Generation | None) -> list[str]:
    """What a generation has tables of, whichever program made it."""
    named = _numbers(generation.versions) if generation is not None else {}
    return [name for name in named if name != "rests" and _NAME.fullmatch(name)]
