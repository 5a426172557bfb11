"""What a sound mapping says: which rows become which facts, and from which columns their texts come."""

import re
from collections import abc
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import ClassVar, NamedTuple, Self
from zoneinfo import ZoneInfo

from adapters.importing.dates import DateFormat
from casecore.limits import Limit

__all__ = [
    "Due",
    "Encoding",
    "FactRule",
    "Format",
    "Join",
    "Kind",
    "Layout",
    "Mapping",
    "Ocel",
    "Pairs",
    "Promise",
    "ReadLimit",
    "RowIs",
    "Scope",
    "Take",
    "Value",
]


class Format(StrEnum):
    """How the file is written."""

    CSV = "csv"
    XLSX = "xlsx"
    XES = "xes"
    OCEL = "ocel"


class Encoding(StrEnum):
    """How the text of a CSV file is written; a mark at its beginning is no part of it."""

    UTF_8 = "utf-8"
    GB18030 = "gb18030"
    UTF_16 = "utf-16"
    """As its mark says; without one the file is not read."""
    UTF_16_LE = "utf-16-le"
    UTF_16_BE = "utf-16-be"


class RowIs(StrEnum):
    """What a row of a table is."""

    CASE = "case"
    """A whole case, or one thing more about a case the store has."""
    EVENT = "event"
    """One event of a case, whose other rows stand anywhere in the file."""


class Scope(StrEnum):
    """Whose attributes are meant in an XES log: the trace's or the event's. A CSV row is both."""

    CASE = "case"
    EVENT = "event"


class Due(StrEnum):
    """What rules of a deadline in a column: its local date, or the instant it is."""

    DATE = "date"
    INSTANT = "instant"


class Take(StrEnum):
    """Which of several events is meant: by their instants, equal ones by their order in the file."""

    FIRST = "first"
    LAST = "last"


class Kind(StrEnum):
    """What a row, or an event of a log, becomes."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    CLOSED = "closed"
    STEP_COMPLETED = "step_completed"
    SUSPENSION = "suspension"
    CORRECTION = "correction"
    SPECIAL_PROCEDURE = "special_procedure"
    EXTENSION = "extension"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """Where a text comes from: a constant (``column`` is None), or a column with what is made of it."""

    column: str | None = None
    scope: Scope | None = None
    """None: that of the fact it stands in."""
    pattern: re.Pattern[str] | None = None
    words: abc.Mapping[str, str] | None = None
    default: str | None = None
    """The constant; or what an empty column, or one that fits no pattern or word, stands for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLimit:
    """A limit each case says itself, or a part of it."""

    amount: Value
    unit: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A limit, the same for every case or read from columns, or the column that holds each case's date: one of the two."""

    limit: Limit | ReadLimit | None = None
    due: str | None = None
    by_instant: bool = False
    """Whether the instant in that column rules, and not its local date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRule:
    """One ``[[fact]]``: which rows it is made of, and from which columns."""

    event: Kind
    at: str = ""
    until: str | None = None
    scope: Scope = Scope.CASE
    required: bool = True
    take: Take | None = None
    """Which of a case's events that fit it says when a milestone was; None for every one of them."""
    day_only: bool = False
    """The column is good to the day: its time of day proves nothing about what came first."""
    when: abc.Mapping[str, frozenset[str]]
    unless: abc.Mapping[str, frozenset[str]]
    values: abc.Mapping[str, Value]
    """What the texts of its fact come from, as far as given; the keys are those of ``_FACT_VALUES``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How the file is written, beyond its format."""

    encoding: Encoding = Encoding.UTF_8
    delimiter: str = ","
    rows: RowIs = RowIs.CASE
    sheet: str | None = None
    """Of an XLSX workbook; None where it has only one."""
    header: int = 1
    """The line, or row, on which the names of the columns stand; what stands above says nothing."""
    dates: abc.Mapping[str, tuple[DateFormat, ...]] = field(default_factory=dict)
    """The formats of a column's instants, those of all other columns under ``""``; where there are none, ISO 8601."""
    nothing: abc.Mapping[str, frozenset[str]] = field(default_factory=dict)
    """What stands for an empty field in a column, and under ``""`` in every column."""

    def beside(self, standard: DateFormat) -> Self:
        """The same, where every column may hold what is written in a standard form too: a date cell of a spreadsheet."""
        dates = {column: formats if standard in formats else (*formats, standard) for column, formats in self.dates.items()}
        return replace(self, dates=dates)

    def formats(self, column: str) -> tuple[DateFormat, ...]:
        """The formats of a column's instants; none for ISO 8601."""
        return self.dates.get(column, self.dates.get("", ()))

    def blanks(self, column: str) -> frozenset[str]:
        """What stands for an empty field in a column."""
        return self.nothing.get(column, frozenset()) | self.nothing.get("", frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """The columns that say which events begin and end something; and those that the pair has besides theirs."""

    KIND: ClassVar = "pair:kind"
    BEGAN: ClassVar = "pair:start"
    ENDED: ClassVar = "pair:end"
    STEP: ClassVar = "step"
    SUSPENSION: ClassVar = "suspension"

    INSTANCE: ClassVar = "concept:instance"
    RESOURCE: ClassVar = "org:resource"

    transition: str = "lifecycle:transition"
    activity: str = "concept:name"
    instance: str | None = None
    """None: the usual column, where the file has it; else activities are told apart by who does them."""
    resource: str | None = None
    """None: the usual column, where the file has it."""
    at: str = "time:timestamp"

    @property
    def columns(self) -> frozenset[str]:
        """Every column pairs are made by."""
        instance, resource = self.instance or self.INSTANCE, self.resource or self.RESOURCE
        return frozenset({self.transition, self.activity, instance, resource, self.at})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ocel:
    """Which objects of an OCEL log are the cases; and the columns that objects and events have besides their attributes."""

    ID: ClassVar = "ocel:id"
    TYPE: ClassVar = "ocel:type"
    TIME: ClassVar = "ocel:time"
    QUALIFIER: ClassVar = "ocel:qualifier"

    object: str
    qualifiers: frozenset[str] | None = None
    """How an event relates to its case; None for any way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """A second table, whose row of the same key lends its columns, each under its name behind :attr:`OF`."""

    OF: ClassVar = "join:"

    key: str
    """Its column that holds the key; there is one row a key."""
    on: str
    """The column of the first table that holds it."""
    format: Format
    layout: Layout
    required: bool = True
    """Whether a row of it that no row of the first table asks for is rejected, and not only counted."""


class Mapping(NamedTuple):
    """A sound mapping."""

    name: str
    format: Format
    case: str
    continues: bool
    zone: ZoneInfo | None
    calendar: str
    item_version: int
    promise: Promise | None
    statutory: Promise | None
    suspension_moves_promise: bool
    values: abc.Mapping[str, Value]
    """``by``, ``department``, ``item``, ``hall``, ``tier``, ``channel``, as far as given."""
    facts: tuple[FactRule, ...]
    layout: Layout = Layout()
    pairs: Pairs | None = None
    ocel: Ocel | None = None
    join: Join | None = None

    @property
    def has_events(self) -> bool:
        """Whether a case of the file has events of its own, each a record."""
        return self.format in (Format.XES, Format.OCEL) or self.layout.rows is RowIs.EVENT

    @property
    def columns(self) -> frozenset[str]:
        """Every column the mapping reads."""
        values = [*self.values.values(), *(value for rule in self.facts for value in rule.values.values())]
        for promise in (self.promise, self.statutory):
            if promise is not None and isinstance(promise.limit, ReadLimit):
                values += [promise.limit.amount, promise.limit.unit]
        asked = [self.case, *self.instants, *(value.column for value in values)]
        if self.pairs is not None:
            asked += self.pairs.columns
        if self.join is not None:
            asked.append(self.join.on)
        asked += [column for rule in self.facts for column in (*rule.when, *rule.unless)]
        return frozenset(column for column in asked if column)

    @property
    def case_columns(self) -> frozenset[str]:
        """The columns read as said of the case, not of one of its events."""
        asked = [self.case, *(value.column for value in self.values.values())]
        for promise in (self.promise, self.statutory):
            if promise is not None:
                asked.append(promise.due)
                if isinstance(promise.limit, ReadLimit):
                    asked += [promise.limit.amount.column, promise.limit.unit.column]
        for rule in self.facts:
            asked += [value.column for value in rule.values.values() if (value.scope or rule.scope) is Scope.CASE]
            if rule.scope is Scope.CASE:
                asked += [rule.at, rule.until, *rule.when, *rule.unless]
        return frozenset(column for column in asked if column)

    @property
    def instants(self) -> frozenset[str]:
        """Every column the mapping reads an instant from."""
        asked = [column for rule in self.facts for column in (rule.at, rule.until)]
        asked += [promise.due for promise in (self.promise, self.statutory) if promise is not None]
        if self.pairs is not None:
            asked.append(self.pairs.at)
        return frozenset(column for column in asked if column)

    def formats(self, column: str) -> tuple[DateFormat, ...]:
        """The formats of a column's instants; a pair has those of the column it has its instants from."""
        if self.pairs is not None and column in (Pairs.BEGAN, Pairs.ENDED):
            column = self.pairs.at
        return self.layout.formats(column)

    @property
    def items(self) -> tuple[str, ...]:
        """Codes of the service items the mapping itself names: the constant, the words, the default."""
        item = self.values.get("item")
        named = () if item is None else (*(item.words or {}).values(), item.default)
        return tuple(dict.fromkeys(code for code in named if code is not None))
