"""Mappings: what the columns of a CSV file, or the attributes of an XES log, say in the words of the field.

A mapping is TOML, read strictly: whatever is wrong with it is a :class:`~casecore.errors.Fault` of one line,
``FILE: KEY: sentence``. Every key is explained in ``adapters/mappings/README.md``; the shipped mappings stand beside it.
"""

from collections import abc
from collections.abc import Iterable
from dataclasses import replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

from adapters.calendar_toml import shipped_calendars
from adapters.importing.dates import ISO
from adapters.importing.mapping_keys import LAYOUT, MAPPING_KEYS, SERVES, VALUES, read_calendar
from adapters.importing.sound_mapping import FactRule, Format, Join, Kind, Layout, Mapping, Pairs, RowIs, Scope, Value
from adapters.toml_reading import one_line, parse_toml, read_table, toml_files
from casecore.calendar import WorkCalendar
from casecore.errors import BadInput, Fault, Flaw

__all__ = ["load_mapping", "shipped_mappings"]


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
    parts = read_table(table, {**MAPPING_KEYS, "calendar": read_calendar(calendars)}, ("name", "format", "case", "fact"))
    rules: tuple[FactRule, ...] = parts["fact"]
    continues: bool = parts.get("continues", False)
    _check_milestones(rules, continues=continues)
    _check_format(parts, rules, continues=continues)
    made = {rule.event for rule in rules}
    for kinds, needed, allowed in SERVES:
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
    if parts.get("rows") is RowIs.EVENT:
        rules = _of_events(parts, rules)
    layout = Layout(**{key: parts[key] for key in LAYOUT if key in parts})
    mapping = Mapping(
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
        values={key: parts[key] for key in VALUES if key in parts},
        facts=rules,
        layout=layout.beside(ISO) if parts["format"] is Format.XLSX else layout,
        pairs=parts.get("pairs"),
        ocel=parts.get("ocel"),
        join=_join(parts),
    )
    _check_layout(parts, mapping)
    _check_pairs(mapping)
    _check_join(mapping)
    return mapping


def _of_events(parts: dict[str, Any], rules: tuple[FactRule, ...]) -> tuple[FactRule, ...]:
    """Who did it, and in which department, each row of an event says itself, where ``scope`` does not say the case does.

    What only facts of events read is said of no case then, so that rows need not agree on it.
    """
    said: dict[str, Value] = {key: parts[key] for key in ("by", "department") if key in parts}
    own = {key: value for key, value in said.items() if value.column is not None and value.scope is None}
    if all(rule.scope is Scope.EVENT or rule.event is Kind.IGNORED for rule in rules):
        for key in own:
            del parts[key]
    return tuple(replace(rule, values={**own, **rule.values}) if rule.scope is Scope.EVENT else rule for rule in rules)


def _join(parts: dict[str, Any]) -> Join | None:
    """The second table: of the first one's format and joined by the case where nothing else is said."""
    if "join" not in parts:
        return None
    said = {"format": parts["format"], "on": parts["case"], **parts["join"]}
    layout = Layout(**{key: said.pop(key) for key in LAYOUT if key in said})
    return Join(**said, layout=layout)


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


_OF_FORMATS: Final[abc.Mapping[str, tuple[Format, ...]]] = {
    "encoding": (Format.CSV,),
    "delimiter": (Format.CSV,),
    "sheet": (Format.XLSX,),
    "rows": (Format.CSV, Format.XLSX),
    "ocel": (Format.OCEL,),
    "header": (Format.CSV, Format.XLSX),
    "join": (Format.CSV, Format.XLSX),
}
"""Keys that say something of some formats only."""


def _check_layout(parts: dict[str, Any], mapping: Mapping) -> None:
    """What is said of a column the mapping never reads would say nothing; nor would a CSV file's key elsewhere."""
    if mapping.format is Format.OCEL and mapping.ocel is None:
        raise BadInput(Flaw.MISSING_FIELD, "ocel.object", "missing: it names the type of the objects that are cases")
    _check_formats(parts, mapping.format)
    if mapping.join is not None:
        _check_formats({**parts["join"], "join": mapping.join}, mapping.join.format, "join.")
    for key, read, what in (("dates", mapping.instants, "an instant from"), ("nothing", mapping.columns, "from")):
        for column in sorted(set(parts.get(key, ())) - read - {""}):
            raise BadInput(Flaw.UNKNOWN_NAME, f"{key}.{column}", f"no fact of this mapping reads {what} this column")


def _check_formats(parts: dict[str, Any], of: Format, place: str = "") -> None:
    for key, formats in _OF_FORMATS.items():
        if key in parts and of not in formats:
            known = " and ".join(name.upper() for name in formats)
            raise BadInput(
                Flaw.UNKNOWN_FIELD,
                f"{place}{key}" if key != "join" else key,
                f"means nothing for {of}: it is said of {known} files",
            )


def _check_join(mapping: Mapping) -> None:
    """A second table is there to be read, and its columns stand nowhere else."""
    lent = sorted(column for column in mapping.columns if column.startswith(Join.OF))
    if mapping.join is None:
        for column in lent:
            raise BadInput(Flaw.UNKNOWN_NAME, column, "stands for nothing where the mapping joins no second table")
    elif not lent:
        raise BadInput(Flaw.UNKNOWN_FIELD, "join", f"no fact of this mapping reads a column of it, as {Join.OF}COLUMN")
    elif mapping.join.on.startswith(Join.OF) or mapping.case.startswith(Join.OF):
        raise BadInput(Flaw.CONTRADICTION, "join.on", "a row is joined by what it says itself, as is its case")


def _check_pairs(mapping: Mapping) -> None:
    """Pairs are made of events, and somebody has to read them."""
    made = {Pairs.KIND, Pairs.BEGAN, Pairs.ENDED} & mapping.columns
    if mapping.pairs is None:
        for column in sorted(made):
            raise BadInput(Flaw.UNKNOWN_NAME, column, "stands for nothing where the mapping has no pairs")
    elif not mapping.has_events:
        raise BadInput(Flaw.CONTRADICTION, "pairs", "only events have a partner, and a row of this file is a case")
    elif not {Pairs.BEGAN, Pairs.ENDED} & made:
        sentence = f"no fact of this mapping reads {Pairs.BEGAN} or {Pairs.ENDED}"
        raise BadInput(Flaw.UNKNOWN_FIELD, "pairs", sentence)


def _check_format(parts: dict[str, Any], rules: Iterable[FactRule], *, continues: bool) -> None:
    """What only one of the two formats knows; a milestone belongs to the case, whatever the format."""
    events = parts["format"] in (Format.XES, Format.OCEL) or parts.get("rows") is RowIs.EVENT
    if events and continues:
        sentence = "a trace, or a case by its events, is whole; only rows of their own continue others"
        raise BadInput(Flaw.CONTRADICTION, "continues", sentence)
    for number, rule in enumerate(rules):
        place = f"fact[{number}]"
        if rule.scope is Scope.EVENT and not events:
            raise BadInput(Flaw.CONTRADICTION, f"{place}.scope", "a row of a table is case and event in one")
        milestone = rule.scope is Scope.EVENT and rule.event in (Kind.RECEIVED, Kind.ACCEPTED, Kind.CLOSED)
        if milestone and rule.take is None:
            sentence = f"{rule.event} is a fact of the case: take says whether its first event or its last"
            raise BadInput(Flaw.CONTRADICTION, f"{place}.scope", sentence)
        if rule.take is not None and not milestone:
            raise BadInput(Flaw.CONTRADICTION, f"{place}.take", "a fact of the case has no event to be taken from")
        for key, value in rule.values.items():
            if value.scope is Scope.EVENT and rule.scope is Scope.CASE:
                raise BadInput(Flaw.CONTRADICTION, f"{place}.{key}.scope", "a fact of the case has no event to look at")
    for key in VALUES:
        if key in parts and parts[key].scope is Scope.EVENT:
            raise BadInput(Flaw.CONTRADICTION, f"{key}.scope", "what holds for the whole case is not an event's")
