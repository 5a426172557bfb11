"""Mappings: what the columns of a CSV file, or the attributes of an XES log, say in the words of the field.

A mapping is TOML, read strictly: whatever is wrong with it is a :class:`~casecore.errors.Fault` of one line,
``FILE: KEY: sentence``. Every key is explained in ``adapters/mappings/README.md``; the shipped mappings stand beside it.
"""

import re
from collections import abc
from collections.abc import Iterable
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from adapters.calendar_toml import shipped_calendars
from adapters.importing.sound_mapping import Due, FactRule, Format, Kind, Mapping, Promise, Scope, Value
from adapters.toml_reading import (
    Reader,
    many,
    one_line,
    one_of,
    parse_toml,
    read_flag,
    read_id,
    read_table,
    read_text,
    read_whole,
    toml_files,
)
from casecore.calendar import WorkCalendar
from casecore.calendars import find_calendar
from casecore.door import shown
from casecore.errors import BadInput, Fault, Flaw
from casecore.limits import Limit
from casecore.vocabulary import Authority, Channel, SpecialGround, Tier, Unit

__all__ = ["load_mapping", "shipped_mappings", "whole_days"]

_MOST_DIGITS: Final = 6


def load_mapping(name_or_path: str | Path, *, calendars: abc.Mapping[str, WorkCalendar] | None = None) -> Mapping:
    """Load a mapping: a file, or by its bare name one that ships; ``calendars`` are those it may name (default: shipped).

    Raises :class:`~casecore.errors.Fault` naming the file and the key of the first thing wrong with it,
    :class:`~casecore.errors.BadInput` for a name nothing ships under.
    """
    source = _source(name_or_path)
    try:
        return _mapping(parse_toml(source), shipped_calendars() if calendars is None else calendars)
    except BadInput as flaw:
        raise Fault(one_line(f"{source.name}: {flaw}")) from flaw


def shipped_mappings() -> tuple[str, ...]:
    """List the mappings of the package by name."""
    return tuple(source.name.removesuffix(".toml") for source in toml_files(files("adapters") / "mappings"))


def _source(name_or_path: str | Path) -> Path | Traversable:
    path = Path(name_or_path)
    if path is name_or_path or path.suffix == ".toml" or path.name != name_or_path:
        return path
    shipped = shipped_mappings()
    if path.name not in shipped:
        raise BadInput(Flaw.UNKNOWN_NAME, one_line(f"mapping {path}"), f"unknown, there are {', '.join(shipped)}")
    return files("adapters") / "mappings" / f"{path}.toml"


def _mapping(table: dict[str, object], calendars: abc.Mapping[str, WorkCalendar]) -> Mapping:
    """Make the mapping a table describes; raises ``BadInput`` at the first thing wrong with it."""
    parts = read_table(table, {**_MAPPING_KEYS, "calendar": _calendar(calendars)}, ("name", "format", "case", "fact"))
    rules: tuple[FactRule, ...] = parts["fact"]
    continues: bool = parts.get("continues", False)
    _check_milestones(rules, continues=continues)
    _check_format(parts, rules, continues=continues)
    made = {rule.event for rule in rules}
    for kinds, needed, allowed in _SERVES:
        for key in allowed:
            if made.isdisjoint(kinds):
                if key in parts:
                    raise BadInput(Flaw.UNKNOWN_FIELD, key, "no fact of this mapping uses it")
            elif key in needed and key not in parts:
                raise BadInput(Flaw.MISSING_FIELD, key, "missing")
    for number, rule in enumerate(rules):
        if rule.event is not Kind.IGNORED and {"by", "department"}.isdisjoint({*parts, *rule.values}):
            raise BadInput(
                Flaw.MISSING_FIELD, f"fact[{number}].by", "missing here and above, and no department stands in for it"
            )
    return Mapping(
        name=parts["name"],
        format=parts["format"],
        case=parts["case"],
        continues=continues,
        zone=parts.get("zone"),
        calendar=parts.get("calendar", ""),
        item_version=parts.get("item_version", 1),
        promise=parts.get("promise"),
        statutory=parts.get("statutory"),
        suspension_moves_promise=parts.get("suspension_moves_promise", False),
        values={key: parts[key] for key in _VALUES if key in parts},
        facts=rules,
    )


def _check_milestones(rules: Iterable[FactRule], *, continues: bool) -> None:
    """A file of cases receives each case once; a file that continues cases never does."""
    events = [rule.event for rule in rules]
    for kind in (Kind.RECEIVED, Kind.ACCEPTED, Kind.CLOSED):
        if events.count(kind) > 1:
            raise BadInput(Flaw.CONTRADICTION, "fact", f"{kind} stands twice")
    if continues and Kind.RECEIVED in events:
        raise BadInput(Flaw.CONTRADICTION, "fact", "a file that continues cases does not receive them")
    if not continues and Kind.RECEIVED not in events:
        raise BadInput(
            Flaw.CONTRADICTION, "fact", "no fact says when a case was received, and the file does not continue others"
        )
    if not set(events) - {Kind.IGNORED}:
        raise BadInput(Flaw.CONTRADICTION, "fact", "nothing but ignored")


def _check_format(parts: dict[str, Any], rules: Iterable[FactRule], *, continues: bool) -> None:
    """What only one of the two formats knows; a milestone belongs to the case, whatever the format."""
    xes = parts["format"] is Format.XES
    if xes and continues:
        raise BadInput(
            Flaw.CONTRADICTION, "continues", "a trace of an XES log is a whole case, only rows of a CSV file continue others"
        )
    for number, rule in enumerate(rules):
        place = f"fact[{number}]"
        if rule.scope is Scope.EVENT and not xes:
            raise BadInput(Flaw.CONTRADICTION, f"{place}.scope", "a row of a CSV file is case and event in one")
        if rule.scope is Scope.EVENT and rule.event in (Kind.RECEIVED, Kind.ACCEPTED, Kind.CLOSED):
            raise BadInput(Flaw.CONTRADICTION, f"{place}.scope", f"{rule.event} is a fact of the case")
        for key, value in rule.values.items():
            if value.scope is Scope.EVENT and rule.scope is Scope.CASE:
                raise BadInput(Flaw.CONTRADICTION, f"{place}.{key}.scope", "a fact of the case has no event to look at")
    for key in _VALUES:
        if key in parts and parts[key].scope is Scope.EVENT:
            raise BadInput(Flaw.CONTRADICTION, f"{key}.scope", "what holds for the whole case is not an event's")


def whole_days(text: str, place: str) -> int:
    """A number of days, 1 or more; raises ``BadInput`` for any other text."""
    if not (text.isascii() and text.isdigit()) or len(text) > _MOST_DIGITS:
        raise BadInput(Flaw.WRONG_TYPE, place, f"{shown(text)} is no whole number of days")
    if int(text) < 1:
        raise BadInput(Flaw.NUMBER_OUT_OF_RANGE, place, "must be 1 or more")
    return int(text)


# --- Readers: one for each key ---


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


def _limit(value: object, place: str) -> Limit:
    parts = read_table(value, {"amount": read_whole, "unit": one_of(Unit)}, ("amount", "unit"), place)
    try:
        return Limit(**parts)
    except ValueError as flaw:
        raise BadInput(Flaw.CONTRADICTION, place, str(flaw)) from flaw


def _zone(value: object, place: str) -> ZoneInfo:
    name = read_id(value, place)
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise BadInput(Flaw.UNKNOWN_NAME, place, f"{name!r} is no time zone") from None


def _calendar(calendars: abc.Mapping[str, WorkCalendar]) -> Reader[str]:
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
    if event is Kind.RECEIVED and not (parts.get("required", True) and {"when", "unless"}.isdisjoint(parts)):
        raise BadInput(
            Flaw.CONTRADICTION, place, "every case of the file is received, so this fact is required and unconditional"
        )
    values = {key: parts.pop(key) for key in _FACT_VALUES if key in parts}
    return FactRule(**{"when": {}, "unless": {}, **parts}, values=values)


_VALUES: Final[abc.Mapping[str, Reader[Value]]] = {
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
    "declared_days": _value(_days),
    "days": _value(_days),
}
_FACT_KEYS: Final[abc.Mapping[str, Reader[Any]]] = {
    "event": one_of(Kind),
    "at": read_text,
    "until": read_text,
    "scope": one_of(Scope),
    "required": read_flag,
    "day_only": read_flag,
    "when": _condition,
    "unless": _condition,
    **_FACT_VALUES,
}
_EVERY_FACT: Final = ("event", "scope", "when", "unless")
_KEYS_OF: Final[abc.Mapping[Kind, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    Kind.RECEIVED: (("at",), ("required", "by")),
    Kind.ACCEPTED: (("at",), ("required", "by")),
    Kind.CLOSED: (("at",), ("required", "day_only", "by", "reason")),
    Kind.STEP_COMPLETED: (("at", "name"), ("until", "required", "by", "department", "action")),
    Kind.SUSPENSION: (("at", "until", "reason"), ("required", "by")),
    Kind.CORRECTION: (("at", "until"), ("required", "by")),
    Kind.SPECIAL_PROCEDURE: (("at", "until", "reason"), ("required", "by", "ground", "declared_days", "notice")),
    Kind.EXTENSION: (("at", "days", "approver", "reason"), ("required", "by", "authority", "notice")),
    Kind.IGNORED: ((), ()),
}
"""For each event the keys it needs and those it may have."""

_SERVES: Final[tuple[tuple[frozenset[Kind], tuple[str, ...], tuple[str, ...]], ...]] = (
    (frozenset({Kind.RECEIVED}), ("hall", "tier", "channel"), ("hall", "tier", "channel")),
    (frozenset({Kind.RECEIVED, Kind.ACCEPTED}), ("item",), ("item",)),
    (frozenset({Kind.ACCEPTED}), ("calendar", "promise"), ("calendar", "promise", "statutory", "item_version")),
    (frozenset({Kind.SUSPENSION}), (), ("suspension_moves_promise",)),
)
"""Keys of the mapping that serve certain events only: those that need them, those that may have them."""

_MAPPING_KEYS: Final[abc.Mapping[str, Reader[Any]]] = {
    "name": read_id,
    "format": one_of(Format),
    "zone": _zone,
    "case": read_text,
    "continues": read_flag,
    "calendar": read_id,  # one of the calendars there are: see _mapping
    "item_version": _from_one,
    "promise": _promise,
    "statutory": _promise,
    "suspension_moves_promise": read_flag,
    **_VALUES,
    "fact": many(_fact),
}
