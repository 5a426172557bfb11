"""What a projection is: a table whose rows are a pure function of one stream's history.

All projections share the heart's own fold (:func:`casecore.kinds.advance`): a stream is folded once, and each projection
of its kind says which rows its file amounts to. A kind without one makes no rows. A changed meaning is a new ``version``,
never an edit in place.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property
from operator import itemgetter
from types import NoneType
from typing import Any, Final, Generic, NamedTuple, TypeVar, get_args, get_type_hints

from casecore.books import COMMON_PRACTICE, Books, DatedRule
from casecore.calendar import OutsideCalendarError, WorkCalendar
from casecore.calendars import find_calendar
from casecore.case.file import CaseFile
from casecore.district_rule import DistrictRule
from casecore.door import is_text
from casecore.kind import File, Kind
from casecore.kinds import CASE, kind_of_file
from casecore.reading.materials import LedgerLine, material_ledger
from casecore.reading.trips import CountedTrip, count_trips
from casecore.service_item import Catalogue
from projections.resting import Rests
from projections.settling import Settled, settle

__all__ = [
    "Column",
    "Projection",
    "RowCheck",
    "Subject",
    "columns",
    "counted_trips",
    "day_of",
    "listed_materials",
    "rule_of",
    "subject_of",
    "working_days",
]

F = TypeVar("F", bound=File)
R = TypeVar("R")

TYPES_SEEN: Final = 4096
"""How many sequences of types are remembered a table."""
WHOLE_NUMBERS: Final = range(-(2**63), 2**63)
"""What fits a column of whole numbers."""
NO_CATALOGUE: Final = Catalogue(())
"""Of a district that keeps no registers."""


def day_of(at: datetime | None) -> date | None:
    """The day of an instant, where there is one."""
    return at.date() if at is not None else None


class InForce(NamedTuple):
    """What is in force on a day."""

    version: int
    """Of the district's rule."""
    calendar: str | None


@dataclass(frozen=True)  # not slotted: what is read of it is kept for all tables
class Subject(Generic[F]):
    """A stream of whatever kind, to be turned into rows."""

    log: str
    """District (行政区划代码)."""
    stream: str
    """The id of the case, the package, the box …"""
    file: F
    calendars: Mapping[str, WorkCalendar]
    """By version: each stream is counted under the version it was promised under, and those that took its place."""
    in_force: str | None = None
    """The version clocks are counted under that began before a promise named one; None leaves those clocks out."""
    dated: DatedRule = COMMON_PRACTICE
    """The district's rule in force when the stream began."""
    catalogue: Catalogue = NO_CATALOGUE
    """The registers of the district: since when a drop box is in service, and how often it is emptied."""
    books: Books | None = None
    """All books of its district: for a stream each of whose days is under the rule of that day."""

    @property
    def rule(self) -> DistrictRule:
        """What the district counts as a trip, and how."""
        return self.dated.rule

    @cached_property
    def rests(self) -> Rests:
        """What its rows rest on besides its facts."""
        return Rests(self.kind.begun(self.file), self.dated.version, self.kind.promised_under(self.file) or self.in_force)

    def on(self, day: date) -> InForce:
        """The rule and the calendar in force in the district on a day, by their versions."""
        if self.books is None:
            return InForce(self.dated.version, self.in_force)
        return InForce(self.books.rule_on(day).version, self.books.calendar_on(day))

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
    """Working days from one date to another by the calendar in force of a case; None where nothing can be counted."""
    if subject.file.promise is None or until is None:
        return None
    try:
        return subject.calendar(subject.file.promise.calendar).law.between(after, until)
    except OutsideCalendarError:
        return None


def rule_of(books: Books, file: File) -> DatedRule:
    """The district's rule a stream is counted under: the one in force on the day it began."""
    return books.rule_on(kind_of_file(file).begun(file))


def subject_of(books: Books, log: str, stream: str, file: F) -> Subject[F]:
    """A stream of whatever kind, to be turned into rows under the books of its district.

    The rule is the one in force on the day the stream began (the application for a case, the opening of a package), and the
    calendar in force that rule's: an adoption never changes what a running stream is counted under. A stream that has not
    begun, or that no one day decides for (a drop box), is counted under the latest.
    """
    kind, rule = kind_of_file(file), rule_of(books, file)
    known = kind.complete(file, books.catalogue, rule.rule)
    in_force = books.calendar_on(kind.begun(file))
    return Subject(log, stream, known, books.calendars, in_force, rule, books.catalogue, books)


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

    @property
    def columns(self) -> tuple["Column", ...]:
        """The columns of its table: those of its rows, and what every row rests on."""
        return *columns(self.row), *(column for column in columns(Rests) if column.name not in self.row._fields)

    def whole_rows(self, subject: Subject[Any]) -> Iterator[tuple[Any, ...]]:
        """The rows of one stream as its table holds them."""
        rests = _further(self.row._fields)(subject.rests)
        return ((*row, *rests) for row in self.rows(subject))


@cache
def _further(own: tuple[str, ...]) -> Callable[[Rests], tuple[Any, ...]]:
    """What picks, of what a row rests on, the columns that are not among its own."""
    places = [n for n, name in enumerate(Rests._fields) if name not in own]
    return lambda rests: tuple([rests[n] for n in places])


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


_Places = Callable[[Sequence[Any]], tuple[Any, ...]]


class RowCheck:
    """Says what is wrong with rows of one table; it remembers the types of values that fit, and has less to look at then."""

    def __init__(self, found: Iterable[Column]) -> None:
        self._columns = tuple(found)
        self._seen: dict[tuple[type, ...], tuple[_Places, _Places]] = {}

    def misfit(self, row: Sequence[Any]) -> str | None:
        """What is wrong with a row, where its table would not take it."""
        types = tuple(map(type, row))
        places = self._seen.get(types)
        if places is not None:
            text, numbers = "".join(places[0](row)), places[1](row)
            if (not numbers or (max(numbers) in WHOLE_NUMBERS and min(numbers) in WHOLE_NUMBERS)) and (
                (text.isascii() and "\0" not in text) or is_text(text)
            ):
                return None
        why = misfit(row, self._columns)
        if why is None and len(self._seen) < TYPES_SEEN and {*types} <= {str, int, date, NoneType}:
            self._seen[types] = _places(types, str), _places(types, int)
        return why


def _places(types: Sequence[type], kind: type) -> _Places:
    """What picks the values of a type out of rows of these types; the first twice, so that there is a tuple of them."""
    found = [n for n, one in enumerate(types) if one is kind]
    return itemgetter(found[0], *found) if found else _no_values


def _no_values(_: Sequence[Any]) -> tuple[()]:
    return ()


def misfit(row: Sequence[Any], found: Sequence[Column]) -> str | None:
    """What is wrong with a row, where its table would not take it."""
    if len(row) != len(found):
        return f"{len(row)} values for {len(found)} columns"
    for value, (name, kind, optional) in zip(row, found, strict=True):
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
