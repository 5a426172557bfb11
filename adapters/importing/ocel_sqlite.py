"""OCEL 2.0 as an SQLite database, as the standard lays it out and as tools write it.

``event_map_type`` and ``object_map_type`` say which table holds a type; a table of objects may have no times, where nothing
ever changed, and a time may have a blank for its ``T``.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import orjson

from adapters.importing.ocel_parts import Event, Object, latest, text_of, type_of
from casecore.door import shown
from casecore.errors import BadInput, Flaw

__all__ = ["is_sqlite", "sqlite_log"]

_MAGIC: Final = b"SQLite format 3\x00"
_OWN: Final = frozenset({"ocel_id", "ocel_time", "ocel_changed_field", "ocel:activity"})
"""Columns that hold no attribute; the last is pm4py's."""
_OF_WANTED: Final = "(CAST(o.ocel_type AS TEXT) = ? OR o.ocel_id IS NULL)"
"""Related to an object of the type, or to none that is there."""


def is_sqlite(path: Path) -> bool:
    """Whether a file is an SQLite database, by how it begins."""
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def sqlite_log(path: Path, wanted: str) -> Iterator[Object | Event]:
    """The objects of one type, and the events that relate to them or to no object there is; then the other objects, bare.

    Raises ``BadInput``.
    """
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as log:
            yield from _objects(log, wanted, dict(_tables(log, "object")).get(wanted))
            tables = _tables(log, "event")
            for kind, table in tables:
                yield from _events(log, wanted, kind, table)
            yield from _strays(log, wanted, [kind for kind, _ in tables])
            sql = "SELECT ocel_id, ocel_type FROM object WHERE CAST(ocel_type AS TEXT) IS NOT ?"
            for named, kind in log.execute(sql, (wanted,)):
                key = text_of(named, "object")
                yield Object(key, type_of(kind, f"object {key}"), {})
    except sqlite3.Error as flaw:
        raise BadInput(Flaw.UNREADABLE, "", f"is no OCEL 2.0 log in SQLite: {flaw}") from flaw


def _tables(log: sqlite3.Connection, what: str) -> list[tuple[str, str]]:
    """The types of objects, or of events, each with the table that holds them."""
    place = f"{what}_map_type"
    found = log.execute(f"SELECT ocel_type, ocel_type_map FROM {place}").fetchall()  # noqa: S608 - one of two names
    return [(type_of(kind, place), f"{what}_{text_of(table, place)}") for kind, table in found]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _objects(log: sqlite3.Connection, kind: str, table: str | None) -> Iterator[Object]:
    """The objects of a type, each with what its attributes say in the end."""
    if table is None:
        if log.execute("SELECT 1 FROM object WHERE CAST(ocel_type AS TEXT) = ?", (kind,)).fetchone():
            raise BadInput(Flaw.UNKNOWN_NAME, "object_map_type", f"names no table of objects of type {shown(kind)}")
        return
    rows = log.execute(
        f"SELECT o.rowid, o.ocel_id, t.* FROM object o LEFT JOIN {_quoted(table)} t ON t.ocel_id = o.ocel_id"  # noqa: S608
        " WHERE CAST(o.ocel_type AS TEXT) = ? ORDER BY o.rowid",
        (kind,),
    )
    names = [column[0] for column in rows.description][2:]
    for (_, named), several in groupby(rows, itemgetter(0, 1)):
        key = text_of(named, table)
        said = [one for row in several for one in _said(dict(zip(names, row[2:], strict=True)), f"{table} {key}")]
        yield Object(key, kind, latest(said))


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
        " JOIN event_object r ON r.ocel_event_id = e.ocel_id LEFT JOIN object o ON o.ocel_id = r.ocel_object_id"
        f" LEFT JOIN {_quoted(table)} t ON t.ocel_id = e.ocel_id"
        f" WHERE CAST(e.ocel_type AS TEXT) = ? AND {_OF_WANTED} ORDER BY e.rowid, r.rowid",
        (kind, wanted),
    )
    names = [column[0] for column in rows.description][3:]
    for named, several in groupby(rows, itemgetter(0)):
        key = text_of(named, table)
        place = f"{table} {key}"
        first = next(several)
        related = [(text_of(case, place), text_of(qualifier, place)) for _, case, qualifier, *_ in chain([first], several)]
        row = dict(zip(names, first[3:], strict=True))
        attributes = {name: text_of(value, place) for name, value in row.items() if name not in _OWN}
        yield Event(key, kind, _time(row.get("ocel_time"), place), attributes, related)


def _strays(log: sqlite3.Connection, wanted: str, kinds: Sequence[str]) -> Iterator[Event]:
    """Events that objects relate to and that are not there, or are of a type without a table: nothing is known of them."""
    for named, kind, case, qualifier in log.execute(
        "SELECT r.ocel_event_id, e.ocel_type, r.ocel_object_id, r.ocel_qualifier FROM event_object r"  # noqa: S608 - ours
        " LEFT JOIN event e ON e.ocel_id = r.ocel_event_id LEFT JOIN object o ON o.ocel_id = r.ocel_object_id"
        f" WHERE {_OF_WANTED} AND (e.ocel_type IS NULL OR CAST(e.ocel_type AS TEXT) NOT IN (SELECT value FROM json_each(?)))"
        " ORDER BY r.rowid",
        (wanted, orjson.dumps(kinds).decode()),
    ):
        key = text_of(named, "event_object")
        place = f"event_object {key}"
        why = "is not among the events" if kind is None else f"is of type {shown(text_of(kind, place))}, which has no table"
        flaw = BadInput(Flaw.UNKNOWN_NAME, "", f"event {shown(key)} {why}")
        yield Event(key, "", "", {}, [(text_of(case, place), text_of(qualifier, place))], flaw)


def _time(value: object, place: str) -> str:
    """A time as ISO 8601 writes it; SQL has a blank for its ``T``."""
    text = text_of(value, place)
    return f"{text[:10]}T{text[11:]}" if text[10:11] == " " else text
