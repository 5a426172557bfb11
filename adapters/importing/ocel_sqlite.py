"""OCEL 2.0 as an SQLite database, as the standard lays it out and as tools write it.

``event_map_type`` and ``object_map_type`` say which table holds a type; a table of objects may have no times, where nothing
ever changed, and a time may have a blank for its ``T``.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from adapters.importing.ocel_parts import Event, Object, latest, text_of
from casecore.errors import BadInput, Flaw

__all__ = ["is_sqlite", "sqlite_log"]

_MAGIC: Final = b"SQLite format 3\x00"
_OWN: Final = frozenset({"ocel_id", "ocel_time", "ocel_changed_field", "ocel:activity"})
"""Columns that hold no attribute; the last is pm4py's."""


def is_sqlite(path: Path) -> bool:
    """Whether a file is an SQLite database, by how it begins."""
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def sqlite_log(path: Path, wanted: str) -> Iterator[Object | Event]:
    """The objects of one type and the events that relate to them, one relation at a time; raises ``BadInput``."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as log:
            table = dict(log.execute("SELECT ocel_type, ocel_type_map FROM object_map_type")).get(wanted)
            if table is not None:
                yield from _objects(log, wanted, f"object_{table}")
            for kind, table in log.execute("SELECT ocel_type, ocel_type_map FROM event_map_type").fetchall():
                yield from _events(log, wanted, kind, f"event_{table}")
    except sqlite3.Error as flaw:
        raise BadInput(Flaw.UNREADABLE, "", f"is no OCEL 2.0 log in SQLite: {flaw}") from flaw


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _objects(log: sqlite3.Connection, kind: str, table: str) -> Iterator[Object]:
    """The objects of a type, each with what its attributes say in the end."""
    rows = log.execute(
        f"SELECT o.ocel_id, t.* FROM object o LEFT JOIN {_quoted(table)} t ON t.ocel_id = o.ocel_id"  # noqa: S608 - quoted
        " WHERE o.ocel_type = ? ORDER BY o.rowid",
        (kind,),
    )
    names = [column[0] for column in rows.description][1:]
    held, said = "", list[tuple[str, str, str]]()
    for named, *values in rows:
        key = text_of(named, table)
        if held and key != held:
            yield Object(held, kind, latest(said))
            said = []
        held = key
        said += _said(dict(zip(names, values, strict=True)), f"{table} {key}")
    if held:
        yield Object(held, kind, latest(said))


def _said(row: dict[str, Any], place: str) -> Iterator[tuple[str, str, str]]:
    """What one row says of an object: all of it at first, later the one attribute that changed."""
    changed = row.get("ocel_changed_field")
    for name, value in row.items():
        if name not in _OWN and value is not None and changed in (None, name):
            yield name, _time(row.get("ocel_time"), place), text_of(value, place)


def _events(log: sqlite3.Connection, wanted: str, kind: str, table: str) -> Iterator[Event]:
    """The events of a type; one that its own table does not know has no time, and is rejected for it."""
    rows = log.execute(
        "SELECT e.ocel_id, r.ocel_object_id, r.ocel_qualifier, t.* FROM event e"  # noqa: S608 - quoted
        " JOIN event_object r ON r.ocel_event_id = e.ocel_id JOIN object o ON o.ocel_id = r.ocel_object_id"
        f" LEFT JOIN {_quoted(table)} t ON t.ocel_id = e.ocel_id"
        " WHERE e.ocel_type = ? AND o.ocel_type = ? ORDER BY e.rowid, r.rowid",
        (kind, wanted),
    )
    names = [column[0] for column in rows.description][3:]
    held: Event | None = None
    related: list[tuple[str, str]] = []
    for named, case, qualifier, *values in rows:
        key = text_of(named, table)
        if held is not None and held.id != key:
            yield held._replace(relations=related)
            held, related = None, []
        if held is None:
            held = _event(key, kind, names, values, table)
        related.append((text_of(case, f"{table} {key}"), text_of(qualifier, f"{table} {key}")))
    if held is not None:
        yield held._replace(relations=related)


def _event(key: str, kind: str, names: Sequence[str], values: Sequence[Any], table: str) -> Event:
    place = f"{table} {key}"
    row = dict(zip(names, values, strict=True))
    attributes = {name: text_of(value, place) for name, value in row.items() if name not in _OWN}
    return Event(key, kind, _time(row.get("ocel_time"), place), attributes, ())


def _time(value: object, place: str) -> str:
    """A time as ISO 8601 writes it; SQL has a blank for its ``T``."""
    text = text_of(value, place)
    return f"{text[:10]}T{text[11:]}" if text[10:11] == " " else text
