"""OCEL 2.0 logs, as JSON (``.json``, ``.jsonocel``) or SQLite (``.sqlite``, ``.db``): each object of one type is a case.

Its events are those that relate to it, by one of the mapping's qualifiers where it names some, each once. What relates to
an object, or an event, that is not in the file is rejected by its name: nobody knows what it was. Objects and events are
put together in a temporary database; a *line* is the number of the object, or event, in the file.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from adapters.importing.lines import BROKEN_FILE, opened
from adapters.importing.ocel_json import json_log
from adapters.importing.ocel_parts import Event, Object
from adapters.importing.ocel_sqlite import is_sqlite, sqlite_log
from adapters.importing.reading import CaseReader, Reading, rejection
from adapters.importing.sound_mapping import Mapping, Ocel, Scope
from adapters.importing.staging import Staging
from adapters.importing.traces import Trace
from adapters.importing.values import Instant, compile_instant
from adapters.importing.xes_file import attribute
from casecore.door import shown
from casecore.errors import BadInput, Fault, Flaw

__all__ = ["read_ocel"]

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


class _Staged(NamedTuple):
    objects: Staging
    events: Staging


def read_ocel(mapping: Mapping, path: Path) -> Iterator[Reading]:
    """Read every object of the mapping's type; raises ``Fault`` naming the file and what in it is broken."""
    asked = mapping.ocel
    if asked is None:
        raise Fault(f"{path.name}: mapping {mapping.name} names no object type")
    reader = CaseReader(mapping, attribute, path.name)
    when = compile_instant(attribute, Ocel.TIME, Scope.EVENT, mapping)
    with Staging() as objects, Staging() as events:
        staged = _Staged(objects, events)
        try:
            if is_sqlite(path):
                _stage(staged, asked, sqlite_log(path, asked.object))
            else:
                with opened(path) as file:
                    _stage(staged, asked, json_log(file))
        except BROKEN_FILE as flaw:
            raise Fault(f"{path.name}: cannot be read: {flaw}") from flaw
        except BadInput as flaw:
            raise Fault(f"{path.name}: {flaw}") from flaw
        objects.sort()
        events.sort()
        found = False
        for line, fields in _wanted(objects):
            found = True
            yield _case(reader, when, events, line, fields)
        if not found:
            raise Fault(f"{path.name}: has no object of type {asked.object}")
        yield from _missing(staged)


def _stage(staged: _Staged, asked: Ocel, log: Iterable[Object | Event]) -> None:
    """Put the parts of a log where they are found again by their case."""
    objects = events = 0
    for part in log:
        if isinstance(part, Object):
            objects += 1
            wanted = part.type == asked.object
            said = _flat({**part.attributes, Ocel.ID: part.id, Ocel.TYPE: part.type}) if wanted else ()
            staged.objects.put(part.id, objects, said)
            continue
        events += 1
        related: dict[str, str] = {}
        for case, qualifier in part.relations:
            if asked.qualifiers is None or qualifier in asked.qualifiers:
                related.setdefault(case, qualifier)
        for case, qualifier in related.items():
            attributes = {
                **part.attributes,
                Ocel.ID: part.id,
                Ocel.TYPE: part.type,
                Ocel.TIME: part.time,
                Ocel.QUALIFIER: qualifier,
            }
            staged.events.put(case, events, part.flaw or _flat(attributes))


def _case(reader: CaseReader, when: Instant, events: Staging, line: int, attributes: dict[str, str]) -> Reading:
    """One object with its events, in the order of their instants."""
    trace = Trace(reader, line, attributes)
    told = list[tuple[int, dict[str, str]]]()
    for number, fields in events.rows(attributes[Ocel.ID]):
        if isinstance(fields, BadInput):
            trace.fail(BadInput(fields.code, f"event at line {number}", str(fields)))
        told.append((number, {} if isinstance(fields, BadInput) else _paired(fields)))
    told.sort(key=lambda one: _instant(when, one[1]))
    for number, event in told:
        trace.add(number, event)
    return trace.done()


def _wanted(objects: Staging) -> Iterator[tuple[int, dict[str, str]]]:
    """The objects of the mapping's type; of all others nothing but their ids was kept."""
    for key, _ in objects.keys():  # noqa: SIM118 - no dictionary
        for line, fields in objects.rows(key):
            if fields:
                yield line, _paired(fields)


def _missing(staged: _Staged) -> Iterator[Reading]:
    """The events that relate to objects which are not in the file, by those."""
    for key, line in staged.events.keys():  # noqa: SIM118 - no dictionary
        if next(staged.objects.rows(key), None) is None:
            count = sum(1 for _ in staged.events.rows(key))
            more = f" and {count - 1} more relate" if count > 1 else " relates"
            why = f"the event at line {line}{more} to object {shown(key)}, which is not in the file"
            yield Reading(line, key, rejection(line, key, Flaw.UNKNOWN_NAME, why), count)


def _instant(when: Instant, event: dict[str, str]) -> datetime:
    """When an event was, as the mapping reads it; what cannot be read is rejected where it is asked for."""
    try:
        at = when(event, event)
    except BadInput:
        return _NEVER
    return _NEVER if at is None else at


def _flat(attributes: dict[str, str]) -> list[str]:
    return [text for pair in attributes.items() for text in pair]


def _paired(fields: object) -> dict[str, str]:
    if not isinstance(fields, list):
        raise BadInput(Flaw.WRONG_TYPE, "", "is no object or event")
    return dict(zip(fields[::2], fields[1::2], strict=True))
