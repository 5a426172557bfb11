"""The keys of a mapping, a reader for each; what a key means is explained in ``adapters/mappings/README.md``."""

import re
from collections import abc
from typing import Any, Final
from zoneinfo import ZoneInfo

from adapters.importing.dates import DateFormat, date_format
from adapters.importing.sound_mapping import (
    Due,
    Encoding,
    FactRule,
    Format,
    Kind,
    Ocel,
    Pairs,
    Promise,
    ReadLimit,
    RowIs,
    Scope,
    Take,
    Value,
)
from adapters.toml_reading import Reader, many, one_of, read_flag, read_id, read_table, read_text, read_whole
from casecore.calendar import WorkCalendar
from casecore.calendars import find_calendar
from casecore.door import check_text, shown
from casecore.errors import BadInput, Flaw
from casecore.limits import Limit
from casecore.spelling import meanings, word_in
from casecore.vocabulary import Authority, Channel, Outcome, SpecialGround, Tier, Unit

__all__ = ["LAYOUT", "MAPPING_KEYS", "SERVES", "VALUES", "find_outcome", "read_calendar", "whole_amount", "whole_days"]

_MOST_DIGITS: Final = 6


def whole_days(text: str, place: str) -> int:
    """A number of days, 1 or more; raises ``BadInput`` for any other text."""
    days = whole_amount(text, place, "whole number of days")
    if days < 1:
        raise BadInput(Flaw.NUMBER_OUT_OF_RANGE, place, "must be 1 or more")
    return days


def whole_amount(text: str, place: str, what: str = "whole number") -> int:
    """A number, 0 or more; raises ``BadInput`` for any other text."""
    if not (text.isascii() and text.isdigit()) or len(text) > _MOST_DIGITS:
        raise BadInput(Flaw.WRONG_TYPE, place, f"{shown(text)} is no {what}")
    return int(text)


def find_outcome(text: str, place: str) -> Outcome:
    """Find a 办结结果 by its name or its Chinese word; never by its bare number, which no two systems share."""
    outcome = word_in(Outcome, text)
    if not isinstance(outcome, Outcome):
        check_text(text, place)
        raise BadInput(Flaw.UNKNOWN_WORD, place, f"{shown(text)} is none of {meanings(Outcome)}")
    return outcome


def _value(reader: Reader[str] = read_text) -> Reader[Value]:
    """Read a constant, or a table ``{from = COLUMN, …}``; ``reader`` reads every text that may come out of it."""
    keys: dict[str, Reader[Any]] = {
        "from": read_text,
        "scope": one_of(Scope),
        "pattern": _pattern,
        "words": _words(reader),
        "default": reader,
    }

    def read(value: object, place: str) -> Value:
        if not isinstance(value, dict):
            return Value(default=str(reader(value, place)))
        parts = read_table(value, keys, ("from",), place)
        return Value(column=parts.pop("from"), **parts)

    return read


def _words(reader: Reader[str]) -> Reader[dict[str, str]]:
    def read(value: object, place: str) -> dict[str, str]:
        if not isinstance(value, dict) or not value:
            raise BadInput(Flaw.WRONG_TYPE, place, "must be a table of words")
        return {key: str(reader(word, f"{place}.{key}")) for key, word in value.items()}

    return read


def _pattern(value: object, place: str) -> re.Pattern[str]:
    text = read_text(value, place)
    try:
        pattern = re.compile(text)
    except (re.error, RecursionError, OverflowError) as flaw:
        raise BadInput(Flaw.WRONG_TYPE, place, f"{text!r} is no regular expression: {flaw}") from None
    if pattern.groups != 1:
        raise BadInput(Flaw.CONTRADICTION, place, f"{text!r} has {pattern.groups} groups, it needs exactly one")
    return pattern


def _days(value: object, place: str) -> str:
    """Read a number of days, as text: that is what a column holds."""
    return str(whole_days(read_text(value, place), place))


def _promise(value: object, place: str) -> Promise:
    parts = read_table(value, {"limit": _limit, "due": read_text, "rules": one_of(Due)}, (), place)
    if ("limit" in parts) is ("due" in parts):
        raise BadInput(Flaw.CONTRADICTION, place, "either a limit or due, the column that holds the date")
    rules = parts.pop("rules", None)
    if rules is not None and "due" not in parts:
        raise BadInput(Flaw.CONTRADICTION, f"{place}.rules", "a limit is counted: only a date in a column may be an instant")
    return Promise(**parts, by_instant=rules is Due.INSTANT)


def _limit(value: object, place: str) -> Limit | ReadLimit:
    """Read a limit; an amount or a unit may come from a column of the case."""
    readers = {"amount": _constant_or_read(read_whole, _amount), "unit": _constant_or_read(one_of(Unit), _unit)}
    parts = read_table(value, readers, ("amount", "unit"), place)
    if any(isinstance(part, Value) for part in parts.values()):
        said = {key: part if isinstance(part, Value) else Value(default=str(part)) for key, part in parts.items()}
        return ReadLimit(**said)
    try:
        return Limit(**parts)
    except ValueError as flaw:
        raise BadInput(Flaw.CONTRADICTION, place, str(flaw)) from flaw


def _amount(value: object, place: str) -> str:
    return str(whole_amount(read_text(value, place), place))


def _unit(value: object, place: str) -> str:
    """Read a unit that an amount can be of."""
    unit = one_of(Unit)(value, place)
    if unit is Unit.FIXED_DATE:
        raise BadInput(Flaw.CONTRADICTION, place, "a date is no amount: due names its column")
    return str(unit.value)


def _constant_or_read(constant: Reader[Any], text: Reader[Any]) -> Reader[Any]:
    """Read a constant, or a table that says from which column each case's own comes."""
    read = _value(text)
    return lambda value, place: read(value, place) if isinstance(value, dict) else constant(value, place)


def _zone(value: object, place: str) -> ZoneInfo:
    name = read_id(value, place)
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise BadInput(Flaw.UNKNOWN_NAME, place, f"{name!r} is no time zone") from None


def read_calendar(calendars: abc.Mapping[str, WorkCalendar]) -> Reader[str]:
    """Read the version of one of these calendars."""

    def read(value: object, place: str) -> str:
        return find_calendar(calendars, read_id(value, place), place).version

    return read


def _from_one(value: object, place: str) -> int:
    number = read_whole(value, place)
    if number < 1:
        raise BadInput(Flaw.NUMBER_OUT_OF_RANGE, place, "must be 1 or more")
    return number


def _condition(value: object, place: str) -> dict[str, frozenset[str]]:
    if not isinstance(value, dict) or not value:
        raise BadInput(Flaw.WRONG_TYPE, place, "must be a table of columns, each with a list of values")
    return {column: frozenset(many(_cell)(found, f"{place}.{column}")) for column, found in value.items()}


def _cell(value: object, place: str) -> str:
    """Read what a column may hold; an empty one too."""
    return "" if value == "" else read_text(value, place).strip()


def _delimiter(value: object, place: str) -> str:
    """Read what stands between the fields of a row: a tab, or one sign that a number or a word has not."""
    if not isinstance(value, str):
        raise BadInput(Flaw.WRONG_TYPE, place, f"must be text, not {shown(value)}")
    if value != "\t" and (len(value) != 1 or not value.isprintable() or value.isalnum() or value in " \"'.-+"):
        raise BadInput(Flaw.UNKNOWN_WORD, place, f"{shown(value)} is no delimiter, which is a tab or one sign such as , ; |")
    return value


def _dates(value: object, place: str) -> dict[str, tuple[DateFormat, ...]]:
    """Read formats for all columns (a list), or for each of some (a table of lists)."""
    if isinstance(value, dict):
        found = {column: many(_date)(formats, f"{place}.{column}") for column, formats in value.items()}
    else:
        found = {"": many(_date)(value, place)}
    for column, formats in found.items():
        if not formats:
            raise BadInput(Flaw.MISSING_FIELD, f"{place}.{column}".rstrip("."), "no format")
    return found


def _date(value: object, place: str) -> DateFormat:
    return date_format(read_text(value, place), place)


def _nothing(value: object, place: str) -> dict[str, frozenset[str]]:
    """Read words for nothing: in all columns (a list), or in each of some (a table of lists)."""
    if isinstance(value, dict):
        return _condition(value, place)
    return {"": frozenset(many(_cell)(value, place))}


def _outcome(value: object, place: str) -> str:
    text = read_text(value, place)
    find_outcome(text, place)
    return text


def _pairs(value: object, place: str) -> Pairs:
    return Pairs(
        **read_table(value, dict.fromkeys(("transition", "activity", "instance", "resource", "at"), read_text), (), place)
    )


def _ocel(value: object, place: str) -> Ocel:
    parts = read_table(value, {"object": read_text, "qualifiers": many(_cell)}, ("object",), place)
    if "qualifiers" in parts:
        parts["qualifiers"] = frozenset(parts["qualifiers"])
    return Ocel(**parts)


def _join(value: object, place: str) -> dict[str, Any]:
    """Read what is said of a second table; what is not said of it, the mapping fills in from the first."""
    keys: dict[str, Reader[Any]] = {
        "key": read_text,
        "on": read_text,
        "format": one_of(Format),
        "required": read_flag,
        **{key: _LAYOUT_KEYS[key] for key in ("encoding", "delimiter", "sheet", "header")},
    }
    return read_table(value, keys, ("key",), place)


def _fact(value: object, place: str) -> FactRule:
    parts = read_table(value, _FACT_KEYS, ("event",), place)
    event: Kind = parts["event"]
    needed, allowed = _KEYS_OF[event]
    for key in parts:
        if key not in {*allowed, *needed, *_EVERY_FACT}:
            raise BadInput(Flaw.UNKNOWN_FIELD, f"{place}.{key}", f"means nothing for {event}")
    for key in needed:
        if key not in parts:
            raise BadInput(Flaw.MISSING_FIELD, f"{place}.{key}", "missing")
    conditional = "take" not in parts and not {"when", "unless"}.isdisjoint(parts)
    if event is Kind.RECEIVED and (conditional or not parts.get("required", True)):
        raise BadInput(
            Flaw.CONTRADICTION, place, "every case of the file is received, so this fact is required and unconditional"
        )
    values = {key: parts.pop(key) for key in _FACT_VALUES if key in parts}
    return FactRule(**{"when": {}, "unless": {}, **parts}, values=values)


VALUES: Final[abc.Mapping[str, Reader[Value]]] = {
    "by": _value(),
    "department": _value(),
    "item": _value(read_id),
    "hall": _value(),
    "tier": _value(one_of(Tier)),
    "channel": _value(one_of(Channel)),
}
_FACT_VALUES: Final[abc.Mapping[str, Reader[Value]]] = {
    **{key: _value() for key in ("by", "department", "name", "action", "reason", "notice", "approver")},
    "ground": _value(one_of(SpecialGround)),
    "authority": _value(one_of(Authority)),
    "outcome": _value(_outcome),
    "declared_days": _value(_days),
    "days": _value(_days),
}
_FACT_KEYS: Final[abc.Mapping[str, Reader[Any]]] = {
    "event": one_of(Kind),
    "at": read_text,
    "until": read_text,
    "scope": one_of(Scope),
    "required": read_flag,
    "take": one_of(Take),
    "day_only": read_flag,
    "when": _condition,
    "unless": _condition,
    **_FACT_VALUES,
}
_EVERY_FACT: Final = ("event", "scope", "when", "unless")
_KEYS_OF: Final[abc.Mapping[Kind, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    Kind.RECEIVED: (("at",), ("required", "take", "by")),
    Kind.ACCEPTED: (("at",), ("required", "take", "by")),
    Kind.CLOSED: (("at",), ("required", "take", "day_only", "by", "reason", "outcome")),
    Kind.STEP_COMPLETED: (("at", "name"), ("until", "required", "by", "department", "action")),
    Kind.SUSPENSION: (("at", "until", "reason"), ("required", "by")),
    Kind.CORRECTION: (("at", "until"), ("required", "by")),
    Kind.SPECIAL_PROCEDURE: (("at", "until", "reason"), ("required", "by", "ground", "declared_days", "notice")),
    Kind.EXTENSION: (("at", "days", "approver", "reason"), ("required", "by", "authority", "notice")),
    Kind.IGNORED: ((), ()),
}
"""For each event the keys it needs and those it may have."""

SERVES: Final[tuple[tuple[frozenset[Kind], tuple[str, ...], tuple[str, ...]], ...]] = (
    (frozenset({Kind.RECEIVED}), ("hall", "tier", "channel"), ("hall", "tier", "channel")),
    (frozenset({Kind.RECEIVED, Kind.ACCEPTED}), ("item",), ("item",)),
    (frozenset({Kind.ACCEPTED}), ("calendar", "promise"), ("calendar", "promise", "statutory", "item_version")),
    (frozenset({Kind.SUSPENSION}), (), ("suspension_moves_promise",)),
)
"""Keys of the mapping that serve certain events only: those that need them, those that may have them."""

_LAYOUT_KEYS: Final[abc.Mapping[str, Reader[Any]]] = {
    "encoding": one_of(Encoding),
    "delimiter": _delimiter,
    "rows": one_of(RowIs),
    "sheet": read_text,
    "header": _from_one,
    "dates": _dates,
    "nothing": _nothing,
}
LAYOUT: Final = tuple(_LAYOUT_KEYS)
"""Keys that say how the file is written."""

MAPPING_KEYS: Final[abc.Mapping[str, Reader[Any]]] = {
    "name": read_id,
    "format": one_of(Format),
    "zone": _zone,
    "case": read_text,
    "continues": read_flag,
    **_LAYOUT_KEYS,
    "calendar": read_id,  # one of the calendars there are: see _mapping
    "item_version": _from_one,
    "promise": _promise,
    "statutory": _promise,
    "suspension_moves_promise": read_flag,
    "pairs": _pairs,
    "ocel": _ocel,
    "join": _join,
    **VALUES,
    "fact": many(_fact),
}
