"""From a case's history to its rows. What goes wrong on the way is a value, because it is about this case alone."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from adapters.tables import BOOK_MISSING, CaseRows, Quarantined, Tables
from casecore.books import Books
from casecore.characters import seen
from casecore.errors import BadInput, Conflict, Flaw, Unavailable
from casecore.growing import LONG, frozen, thawed
from casecore.kind import File, Kind
from casecore.kinds import advance as evolve
from casecore.kinds import kind_of
from casecore.recorded import Entry, Recorded, Unreadable
from projections.projection import Subject, subject_of

__all__ = ["NOT_POISON", "Poison", "advance", "fold_history", "kind_found", "make_rows", "rows_of_history", "set_aside"]

NOT_POISON: Final = (Conflict, Unavailable, MemoryError, OSError)
"""Troubles of the store and of the machine: about no case."""
LONGEST_WHY: Final = 500


class Poison(NamedTuple):
    """Where in its log a case's history goes wrong, and why, in one line."""

    position: int
    why: str


def advance(file: File | None, entry: Entry) -> File | Poison:
    """The file after what lies next in its history; None before its first fact."""
    if isinstance(entry, Unreadable):
        return _poison(entry.position, entry.why)
    case, version, event, *_ = entry.envelope
    expected = 1 if file is None else file.version + 1
    if version != expected:
        return _poison(entry.position, f"{case} version {version}: version {expected} is missing")
    try:
        return evolve(file, event)
    except NOT_POISON:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a fact does to the fold
        what = f"{case} version {version}: {type(event).__name__} cannot be folded"
        return _poison(entry.position, f"{what}: {error!r}")


def fold_history(history: Iterable[Entry]) -> File | Poison:
    """The file of a whole history of one fact or more."""
    file: File | None = None
    number = 0
    for number, entry in enumerate(history, 1):
        after = advance(file, entry)
        if isinstance(after, Poison):
            return after
        file = after if number % LONG else thawed(after)
    if file is None:
        raise ValueError("a history without a fact")
    return frozen(file) if number >= LONG else file


def kind_found(entries: Iterable[Entry]) -> Kind[Any] | None:
    """The kind of a stream, by the first of its facts that can be read; None where none can."""
    return next((kind_of(entry.event) for entry in entries if isinstance(entry, Recorded)), None)


def make_rows(tables: Tables, subject: Subject[Any], position: int) -> CaseRows | Poison:
    """A stream's rows in all tables of its kind; ``position`` is that of the last fact in its file."""
    made = {}
    for projection in tables.projections:
        if not projection.about(subject.kind):
            continue
        rows: tuple[tuple[Any, ...], ...] = ()
        try:
            rows = tuple(projection.whole_rows(subject))
            wrong = next((why for row in rows if (why := tables.checks[projection.name].misfit(row))), None)
        except NOT_POISON:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a file does to a projection
            wrong = _said(error)
        if wrong is not None:
            what = f"{subject.stream} version {subject.file.version}: no rows of {projection.name}"
            return _poison(position, f"{what}: {wrong}")
        made[projection.name] = rows
    return CaseRows(subject.stream, made)


def rows_of_history(tables: Tables, books: Books, log: str, stream: str, history: Sequence[Entry]) -> CaseRows | Poison:
    """A stream's rows by its whole history of one fact or more, under the books of its district."""
    file = fold_history(history)
    if isinstance(file, Poison):
        return file
    return make_rows(tables, subject_of(books, log, stream, file), history[-1].position)


def set_aside(log: str, stream: str, poison: Poison) -> Quarantined:
    """A stream that goes wrong, to be set aside now."""
    return Quarantined(log, stream, poison.position, poison.why, datetime.now(UTC).isoformat(timespec="seconds"))


def _said(error: Exception) -> str:
    """What went wrong with rows: a calendar that is not among the books is a book that is missing."""
    if isinstance(error, BadInput):
        missing = error.code is Flaw.UNKNOWN_CALENDAR
        return f"{BOOK_MISSING}{error.place} {error.sentence}" if missing else str(error)
    return repr(error)


def _poison(position: int, why: str) -> Poison:
    return Poison(position, " ".join(seen(why).split())[:LONGEST_WHY])
