"""What an event log has to say at its beginning: attributes of its first cases and events, and which is which."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from adapters.importing.lines import BROKEN_FILE, opened
from adapters.importing.ocel_json import json_log
from adapters.importing.ocel_parts import Event, Object, type_of
from adapters.importing.ocel_sqlite import is_sqlite, sqlite_log
from adapters.importing.sound_mapping import Ocel, Pairs
from adapters.importing.xes_file import xes_parts
from casecore.errors import BadInput, Fault, Flaw

__all__ = ["LogHead", "Said", "ocel_head", "xes_head"]

Attributes = Mapping[str, str]

_CASES: Final = 500
_EVENTS: Final = 5000
_USUAL_CASE: Final = "concept:name"
_USUAL: Final = Pairs()

_BUSIEST: Final = """
SELECT o.ocel_type, COUNT(DISTINCT r.ocel_event_id), COUNT(DISTINCT o.ocel_id)
FROM object o LEFT JOIN event_object r ON r.ocel_object_id = o.ocel_id
GROUP BY o.ocel_type ORDER BY 2 DESC, 3, 1
"""
"""The types of objects: first the one most events are of, and of two such the one with fewer objects."""


class Said(NamedTuple):
    """A key of a mapping, its value, and why it is guessed; empty where it is not."""

    key: str
    value: object
    why: str = ""


class LogHead(NamedTuple):
    """The head of a log."""

    said: list[Said]
    """What a mapping says of it."""
    case: str
    """The attribute that is the id of a case."""
    at: str
    """The attribute that says when an event was."""
    name: str
    """The attribute that says what it was."""
    cases: Sequence[Attributes]
    events: Sequence[Attributes]
    transitions: frozenset[str] | None
    """Of a log that tells beginnings apart from ends: the transitions met, in small letters."""


def xes_head(path: Path) -> LogHead:
    """The head of an XES log; raises ``BadInput`` where it has no event, ``Fault`` where it is broken."""
    cases, events = list[Attributes](), list[Attributes]()
    for case, event in islice(xes_parts(path), _EVENTS):
        if not cases or cases[-1] is not case:
            if len(cases) == _CASES:
                break
            cases.append(case)
        events.append(event)
    if not events:
        raise BadInput(Flaw.MISSING_FIELD, path.name, "has no events to look at")
    told = frozenset(event.get(_USUAL.transition, "").lower() for event in events)
    return LogHead(
        [Said("format", "xes")],
        _USUAL_CASE,
        _USUAL.at,
        _USUAL.activity,
        cases,
        events,
        told if len(told - {""}) > 1 else None,
    )


def ocel_head(path: Path) -> LogHead:
    """The head of an OCEL 2.0 log, the busiest type of its objects as cases; raises as :func:`xes_head`."""
    try:
        if is_sqlite(path):
            with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as log:
                types = log.execute(_BUSIEST).fetchall()
            types = [(type_of(kind, "object"), *counts) for kind, *counts in types]
            parts: Iterable[Object | Event] = sqlite_log(path, types[0][0]) if types else ()
            found = list(islice(parts, _CASES + _EVENTS))
        else:
            found, types = _json_parts(path)
    except BROKEN_FILE as flaw:
        raise Fault(f"{path.name}: cannot be read: {flaw}") from flaw
    except sqlite3.Error as flaw:
        raise Fault(f"{path.name}: is no OCEL 2.0 log in SQLite: {flaw}") from flaw
    except BadInput as flaw:
        raise Fault(f"{path.name}: {flaw}") from flaw
    if not types or not types[0][1]:
        raise BadInput(Flaw.MISSING_FIELD, path.name, "has no objects with events to look at")
    kind = types[0][0]
    others = f", or {', '.join(other for other, *_ in types[1:])}" if types[1:] else ""
    own = {Ocel.TYPE: kind}
    return LogHead(
        [
            Said("format", "ocel"),
            Said("ocel", {"object": kind}, f"most events are of these{others}"),
        ],
        Ocel.ID,
        Ocel.TIME,
        Ocel.TYPE,
        [{**one.attributes, **own, Ocel.ID: one.id} for one in found if isinstance(one, Object) and one.type == kind],
        [{**one.attributes, Ocel.ID: one.id, Ocel.TYPE: one.type} for one in found if isinstance(one, Event)],
        None,
    )


def _json_parts(path: Path) -> tuple[list[Object | Event], list[tuple[str, int, int]]]:
    """The first objects of each type and the first events; and the types, counted over the whole log."""
    kept, events = defaultdict[str, list[Object]](list), list[Event]()
    with closing(sqlite3.connect("", isolation_level=None)) as log, opened(path) as file:
        log.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; CREATE TABLE object (ocel_id PRIMARY KEY, ocel_type);"
            " CREATE TABLE event_object (ocel_event_id, ocel_object_id); BEGIN"
        )
        for part in json_log(file):
            if isinstance(part, Object):
                log.execute("INSERT OR IGNORE INTO object VALUES (?, ?)", (part.id, part.type))
                if len(kept[part.type]) < _CASES:
                    kept[part.type].append(part)
            else:
                log.executemany("INSERT INTO event_object VALUES (?, ?)", ((part.id, case) for case, _ in part.relations))
                if len(events) < _EVENTS:
                    events.append(part)
        log.execute("CREATE INDEX by_object ON event_object (ocel_object_id)")
        types = log.execute(_BUSIEST).fetchall()
    return [*(one for some in kept.values() for one in some), *events], types
