"""From a case's history to its rows. What goes wrong on the way is a value, because it is about this case alone."""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from adapters.tables import CaseRows, Tables
from casecore.case.state import NEW, CaseFile, evolve
from casecore.errors import BadInput, Conflict, Unavailable
from casecore.recorded import Entry, Unreadable
from projections.projection import Subject, misfit

__all__ = ["NOT_POISON", "Poison", "advance", "fold_history", "make_rows"]

NOT_POISON: Final = (Conflict, Unavailable, MemoryError, OSError)
"""Troubles of the store and of the machine: about no case."""
LONGEST_WHY: Final = 500


class Poison(NamedTuple):
    """Where in its log a case's history goes wrong, and why, in one line."""

    position: int
    why: str


def advance(file: CaseFile, entry: Entry) -> CaseFile | Poison:
    """The file after what lies next in its history."""
    if isinstance(entry, Unreadable):
        return _poison(entry.position, entry.why)
    _, _, _, (case, version, event, *_) = entry
    if version != file.version + 1:
        return _poison(entry.position, f"{case} version {version}: version {file.version + 1} is missing")
    try:
        return evolve(file, event)
    except NOT_POISON:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a fact does to the fold
        what = f"{case} version {version}: {type(event).__name__} cannot be folded"
        return _poison(entry.position, f"{what}: {error!r}")


def fold_history(history: Iterable[Entry]) -> CaseFile | Poison:
    """The file of a whole history."""
    file = NEW
    for entry in history:
        after = advance(file, entry)
        if isinstance(after, Poison):
            return after
        file = after
    return file


def make_rows(tables: Tables, subject: Subject, position: int) -> CaseRows | Poison:
    """A case's rows in all tables; ``position`` is that of the last fact in its file."""
    made = {}
    for projection in tables.projections:
        rows: tuple[tuple[Any, ...], ...] = ()
        try:
            rows = tuple(projection.rows(subject))
            wrong = next((why for row in rows if (why := misfit(row, tables.columns[projection.name]))), None)
        except NOT_POISON:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a file does to a projection
            wrong = str(error) if isinstance(error, BadInput) else repr(error)
        if wrong is not None:
            return _poison(position, f"{subject.case} version {subject.file.version}: no rows of {projection.name}: {wrong}")
        made[projection.name] = rows
    return CaseRows(subject.case, made)


def _poison(position: int, why: str) -> Poison:
    printable = "".join(c if c.isprintable() else " " for c in why)
    return Poison(position, " ".join(printable.split())[:LONGEST_WHY])
