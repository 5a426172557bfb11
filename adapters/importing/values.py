"""Columns into texts, words and instants: a mapping's values, compiled once for each file.

What is compiled takes two *records*, the case's and the event's: the list of a CSV row's fields (twice the same), or the
dictionaries of an element's attributes.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from adapters.importing.dates import date_parser
from adapters.importing.mapping_keys import find_outcome, whole_days
from adapters.importing.sound_mapping import FactRule, Mapping, Scope, Value
from casecore.door import check_text, shown
from casecore.errors import BadInput, Fault, Flaw
from casecore.instants import instant_in, read_instant
from casecore.vocabulary import Outcome

__all__ = [
    "Column",
    "Instant",
    "NeededText",
    "NoColumn",
    "Record",
    "Text",
    "Word",
    "compile_column",
    "compile_condition",
    "compile_days",
    "compile_instant",
    "compile_needed",
    "compile_optional_term",
    "compile_outcome",
    "compile_term",
    "compile_text",
    "once_a_record",
]

W = TypeVar("W", bound=StrEnum)

Record = Any
Column = Callable[[str], Callable[[Record], str]]
"""Name of a column -> how to read it, without the blanks around it; empty where there is nothing."""
Text = Callable[[Record, Record], str | None]
NeededText = Callable[[Record, Record], str]
Word = Callable[[Record, Record], W]
Instant = Callable[[Record, Record], datetime | None]


class NoColumn(Fault):
    """A file has no column of the name it is asked for."""


def compile_column(mapping: Mapping, column: Column) -> Column:
    """Find columns in which the mapping's words for nothing are nothing."""

    def find(name: str) -> Callable[[Record], str]:
        read, blanks = column(name), mapping.layout.blanks(name)
        if not blanks:
            return read

        def read_or_nothing(record: Record) -> str:
            found = read(record)
            return "" if found in blanks else found

        return read_or_nothing

    return find


def _field(column: Column, name: str, scope: Scope) -> Callable[[Record, Record], str]:
    read = column(name)
    if scope is Scope.CASE:
        return lambda record, _: read(record)
    return lambda _, event: read(event)


def compile_text(column: Column, key: str, value: Value | None, scope: Scope) -> Text:
    """Compile a value: None where it is empty and has no default, unfit where something stands there that fits nothing."""
    if value is None:
        return lambda _record, _event: None
    default = value.default
    if value.column is None:
        return lambda _record, _event: default
    field = _field(column, value.column, value.scope or scope)
    search = None if value.pattern is None else value.pattern.search
    words = value.words
    if search is None and words is None:
        return lambda record, event: field(record, event) or default

    def read(record: Record, event: Record) -> str | None:
        raw = found = field(record, event)
        if not raw:
            return default
        if search is not None:
            match = search(raw)
            found = (match[1] or "") if match else ""
        if words is not None:
            found = words.get(found, "")
        if found or default:
            return found or default
        check_text(raw, key)
        raise BadInput(Flaw.UNKNOWN_WORD, key, f"{shown(raw)} fits no pattern or word of the mapping")

    return read


def once_a_record(text: Text) -> Text:
    """Read what several facts of one record say, as its department, once."""
    last: Record = None
    found: str | None = None

    def read(record: Record, event: Record) -> str | None:
        nonlocal last, found
        if record is not last:
            found = text(record, event)
            last = record
        return found

    return read


def compile_needed(text: Text, key: str) -> NeededText:
    """Compile a value that must not be empty."""

    def read(record: Record, event: Record) -> str:
        found = text(record, event)
        if found is None:
            raise BadInput(Flaw.MISSING_FIELD, key, "empty")
        return found

    return read


def compile_term(text: Text, key: str, words: type[W]) -> Word[W]:
    """Compile a value that must be a word of a closed list."""
    known = {word.value: word for word in words}

    def read(record: Record, event: Record) -> W:
        found = text(record, event)
        if found is None:
            raise BadInput(Flaw.MISSING_FIELD, key, "empty")
        word = known.get(found)
        if word is None:
            check_text(found, key)
            raise BadInput(Flaw.UNKNOWN_WORD, key, f"{shown(found)} is none of {', '.join(known)}")
        return word

    return read


def compile_optional_term(text: Text, key: str, words: type[W]) -> Callable[[Record, Record], W | None]:
    """Compile a value that is empty or a word of a closed list."""
    needed = compile_term(text, key, words)
    return lambda record, event: None if text(record, event) is None else needed(record, event)


def compile_outcome(text: Text, key: str) -> Callable[[Record, Record], Outcome]:
    """Compile a 办结结果 by its name or its Chinese word; where nothing is said, it is 办结."""

    def read(record: Record, event: Record) -> Outcome:
        found = text(record, event)
        return Outcome.OTHER if found is None else find_outcome(found, key)

    return read


def compile_days(text: Text, key: str) -> Callable[[Record, Record], int | None]:
    """Compile a value that is empty or a number of days, 1 or more."""

    def read(record: Record, event: Record) -> int | None:
        found = text(record, event)
        return None if found is None else whole_days(found, key)

    return read


def compile_condition(column: Column, rule: FactRule) -> Callable[[Record, Record], bool] | None:
    """Compile ``when`` and ``unless``; None for a rule without conditions."""
    tests = tuple(
        (_field(column, name, rule.scope), wanted, expected)
        for expected, table in ((True, rule.when), (False, rule.unless))
        for name, wanted in table.items()
    )
    if not tests:
        return None
    if len(tests) == 1:
        ((only, among, holds),) = tests
        return lambda record, event: (only(record, event) in among) is holds
    return lambda record, event: all((field(record, event) in wanted) is expected for field, wanted, expected in tests)


_MINUTE: Final = timedelta(minutes=1)


@cache
def _offset(minutes: int) -> timezone:
    return timezone(minutes * _MINUTE)


def parse_instant(text: str, name: str) -> datetime:
    """The instant a text names, as it is written."""
    return instant_in(text) or read_instant(text, name, or_day=True)


def _localized(at: datetime, zone: ZoneInfo | None) -> datetime:
    """The instant with the whole-minute offset of the zone, or its own where there is none."""
    own = at.utcoffset()
    if own is None:
        at = at.replace(tzinfo=zone).astimezone(UTC)
    local = own if zone is None else at.astimezone(zone).utcoffset()
    if local == own and own is not None and not own % _MINUTE:
        return at
    # Offsets of the nineteenth century have seconds, which the wire's form of an instant has not.
    return at.astimezone(_offset(round((local or timedelta()) / _MINUTE)))


def compile_instant(column: Column, name: str, scope: Scope, mapping: Mapping) -> Instant:
    """Compile the reading of an instant, as the mapping says its column is written."""
    field, zone = _field(column, name, scope), mapping.zone
    formats = mapping.formats(name)
    parsed = date_parser(formats, parse_instant) if formats else parse_instant

    def read(record: Record, event: Record) -> datetime | None:
        text = field(record, event)
        return _instant(text, name, parsed, zone) if text else None

    return read


@lru_cache(maxsize=64)  # receipt and acceptance often share one field
def _instant(text: str, name: str, parsed: Callable[[str, str], datetime], zone: ZoneInfo | None) -> datetime:
    """The instant of a field, with the offset it is kept with."""
    at = parsed(text, name)
    if zone is None and at.tzinfo is None:
        raise BadInput(Flaw.NAIVE_INSTANT, name, f"{shown(text)} has no offset from UTC, and the mapping names no zone")
    try:
        return _localized(at, zone)
    except (ValueError, OverflowError):
        sentence = f"{shown(text)} is beyond the calendar of any zone"
        raise BadInput(Flaw.INSTANT_OUT_OF_RANGE, name, sentence) from None
