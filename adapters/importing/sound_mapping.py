"""What a sound mapping says: which rows become which facts, and from which columns their texts come."""

import re
from collections import abc
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from casecore.limits import Limit

__all__ = ["Due", "FactRule", "Format", "Kind", "Mapping", "Promise", "Scope", "Value"]


class Format(StrEnum):
    """How the file is written."""

    CSV = "csv"
    XES = "xes"


class Scope(StrEnum):
    """Whose attributes are meant in an XES log: the trace's or the event's. A CSV row is both."""

    CASE = "case"
    EVENT = "event"


class Due(StrEnum):
    """What rules of a deadline in a column: its local date, or the instant it is."""

    DATE = "date"
    INSTANT = "instant"


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
class Promise:
    """A limit that is the same for every case, or the column that holds each case's date: one of the two."""

    limit: Limit | None = None
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
    day_only: bool = False
    """The column is good to the day: its time of day proves nothing about what came first."""
    when: abc.Mapping[str, frozenset[str]]
    unless: abc.Mapping[str, frozenset[str]]
    values: abc.Mapping[str, Value]
    """What the texts of its fact come from, as far as given; the keys are those of ``_FACT_VALUES``."""


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

    @property
    def items(self) -> tuple[str, ...]:
        """Codes of the service items the mapping itself names: the constant, the words, the default."""
        item = self.values.get("item")
        named = () if item is None else (*(item.words or {}).values(), item.default)
        return tuple(dict.fromkeys(code for code in named if code is not None))
