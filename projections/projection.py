"""What a projection is: a table whose rows are a pure function of one stream's history.

All projections share the heart's own fold (:func:`casecore.kinds.advance`): a stream is folded once, and each projection
of its kind says which rows its file amounts to. A kind without one makes no rows. A changed meaning is a new ``version``,
never an edit in place.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from types import NoneType
from typing import Any, Final, Generic, NamedTuple, TypeVar, get_args, get_type_hints

from casecore.books import Books
from casecore.calendar import OutsideCalendarError, WorkCalendar
from casecore.calendars import find_calendar
from casecore.case.file import CaseFile
from casecore.district_rule import DEFAULT_RULE, DistrictRule
from casecore.door import is_text
from casecore.kind import File, Kind
from casecore.kinds import CASE, kind_of_file
from casecore.reading.materials import LedgerLine, material_ledger
from casecore.reading.trips import CountedTrip, count_trips
from casecore.service_item import Catalogue
from projections.settling import Settled, settle

__all__ = [
    "Column",
    "Projection",
    "Subject",
    "columns",
    "counted_trips",
    "day_of",
    "listed_materials",
    "misfit",
    "subject_of",
    "working_days",
]

F = TypeVar("F", bound=File)
R = TypeVar("R")

WHOLE_NUMBERS: Final = range(-(2**63), 2**63)
"""What fits a column of whole numbers."""
NO_CATALOGUE: Final = Catalogue(())
"""Of a district that keeps no registers."""


def day_of(at: datetime | None) -> date | None:
    """The day of an instant, where there is one."""
    return at.date() if at is not None else None


@dataclass(frozen=True)  # not slotted: what is read of it is kept for all tables
class Subject(Generic[F]):
    """A stream of whatever kind, to be turned into rows."""

    log: str
    """District (行政区划代码)."""
    stream: str
    """The id of the case, the package, the box …"""
    file: F
    calendars: Mapping[str, WorkCalendar]
    """By version: each stream is counted under the version it was promised under."""
    in_force: str | None = None
    """The version clocks are counted under that began before a promise named one; None leaves those clocks out."""
    rule: DistrictRule = DEFAULT_RULE
    """What the district counts as a trip, and how."""
    catalogue: Catalogue = NO_CATALOGUE
    """The registers of the district: since when a drop box is in service, and how often it is emptied."""

    @cached_property
    def kind(self) -> Kind[F]:
        """Of which kind it is."""
        return kind_of_file(self.file)

    @cached_property
    def clocks(self) -> tuple[Settled, ...]:
        """Every clock of it, as far as its history settles it."""
        return tuple(settle(self.kind, self.file, self.calendars, self.in_force))

    def clock(self, name: str) -> Settled | None:
        """The clock of that name."""
        return next((found for found in self.clocks if found.clock.name == name), None)

    def calendar(self, version: str) -> WorkCalendar:
        """The calendar of a version; raises :class:`~casecore.errors.BadInput` where it is not at hand."""
        return find_calendar(self.calendars, version)

    @cached_property
    def _kept(self) -> dict[Callable[..., Any], Any]:
        return {}

    def once(self, read: Callable[["Subject[F]"], R]) -> R:
        """What a reading says of it: read once for all tables."""
        if read not in self._kept:
            self._kept[read] = read(self)
        found: R = self._kept[read]
        return found


def counted_trips(subject: Subject[CaseFile]) -> tuple[CountedTrip, ...]:
    """Every recorded trip of a case with what it counts for in its district, in the order told."""
    return count_trips(subject.file, subject.rule)


def listed_materials(subject: Subject[CaseFile]) -> tuple[LedgerLine, ...]:
    """Every material the item of a case required, and how it was met."""
    return material_ledger(subject.file)


def working_days(subject: Subject[CaseFile], after: date, until: date | None) -> int | None:
    """Working days from one date to another under a case's calendar; None where nothing can be counted."""
    if subject.file.promise is None or until is None:
        return None
    try:
        return subject.calendar(subject.file.promise.calendar).between(after, until)
    except OutsideCalendarError:
        return None


def subject_of(books: Books, log: str, stream: str, file: F) -> Subject[F]:
    """A stream of whatever kind, to be turned into rows under the books of its district."""
    dated = books.rule_on(None)
    return Subject(log, stream, file, books.calendars, books.calendar_on(None), dated.rule, books.catalogue)


class Projection(NamedTuple):
    """A fact table: its name, the version of its meaning, its row type and the rows of one stream."""

    name: str
    version: int
    row: type[Any]
    """A ``NamedTuple`` of str, int and date, each possibly None; first come log, the stream's id and stream_version."""
    rows: Callable[[Any], Iterable[tuple[Any, ...]]]
    """The rows of one stream of the kind ``of``."""
    of: Kind[Any] | None = CASE
    """Which kind of stream it is about; None for one about every kind."""

    def about(self, kind: Kind[Any]) -> bool:
        """Whether streams of a kind have rows in it."""
        return self.of is None or self.of is kind

    @property
    def key(self) -> str:
        """The column that holds the stream's id."""
        return str(self.row._fields[1])


class Column(NamedTuple):
    """One column of a table: its name, and whether it holds text, whole numbers or dates."""

    name: str
    kind: type
    optional: bool


def columns(row: type[Any]) -> tuple[Column, ...]:
    """The columns of a row type, from its annotations."""
    found = []
    for name, hint in get_type_hints(row).items():
        kinds = [part for part in get_args(hint) or (hint,) if part is not NoneType]
        if len(kinds) != 1 or kinds[0] not in (str, int, date):
            raise TypeError(f"{row.__name__}.{name}: a column holds str, int or date, not {hint}")
        found.append(Column(name, kinds[0], NoneType in get_args(hint)))
    return tuple(found)


def misfit(row: Sequence[Any], found: Sequence[Column]) -> str | None:
    """What is wrong with a row, where its table would not take it."""
    if len(row) != len(found):
        return f"{len(row)} values for {len(found)} columns"
    for value, (name, kind, optional) in zip(row, found, strict=True):
        if type(value) is kind and (  # most values: looked at first, because every value of every row passes here
            kind is date
            or (kind is int and value in WHOLE_NUMBERS)
            or (isinstance(value, str) and value.isascii() and "\0" not in value)
        ):
            continue
        if value is None:
            if not optional:
                return f"{name} is missing"
        elif type(value) is not kind and (not isinstance(value, kind) or isinstance(value, bool | datetime)):
            return f"{name} is {type(value).__name__}, not {kind.__name__}"
        elif kind is int and value not in WHOLE_NUMBERS:
            return f"{name} is too large a number"
        elif isinstance(value, str) and not is_text(value):
            return f"{name} is no text a database takes"
    return None
