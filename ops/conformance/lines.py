"""Clock vectors as text: one case and its answer a line, read strictly and written back the same way.

A line is a JSON object: ``accepted_on``, ``limit_days`` (working days), ``procedures`` (each ``start_on``, ``end_on`` or
null while open, ``declared_days``), ``extension`` (``approved_on``, ``days``) or null, ``closed_on`` or null while it
runs, ``as_of`` (= ``closed_on`` where closed), and under ``expect`` the answer. Every key is wanted, no other is known.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from adapters.json_lines import parse_line
from casecore import door
from casecore.errors import BadInput, Flaw
from casecore.instants import A_DAY, day_in
from casecore.vocabulary import Verdict
from ops.conformance.walker import Answer, Extension, Procedure, WalkedCase

__all__ = ["MOST_BYTES", "MOST_DAYS", "Vector", "read_vector", "write_vector"]

MOST_BYTES: Final = 64 * 1024
"""How long a line may be."""
MOST_DAYS: Final = 5000
"""The longest limit, declaration or extension there may be."""

Reader = Callable[[Any, str], Any]
"""``(what JSON holds, place) -> what it means``; raises ``BadInput``."""

_VERDICTS: Final = tuple(verdict.value for verdict in Verdict)


class Vector(NamedTuple):
    """A case and the answer the file expects."""

    case: WalkedCase
    expect: Answer


def read_vector(line: bytes, covers: tuple[date, date]) -> Vector:
    """Read one line; raises :class:`~casecore.errors.BadInput` with code and place, also for a date not covered."""
    parts = _fields(parse_line(line, MOST_BYTES), _VECTOR, "")
    expect = parts.pop("expect")
    vector = Vector(WalkedCase(**parts), expect)
    for flaw in _flaws(vector.case, covers):
        raise flaw
    return vector


def write_vector(vector: Vector) -> str:
    """One line of a file, without its end."""
    case, expect = vector
    extension = None if case.extension is None else case.extension._asdict()
    plain = case._asdict() | {"procedures": [p._asdict() for p in case.procedures], "extension": extension}
    return json.dumps(plain | {"expect": expect._asdict()}, default=date.isoformat, ensure_ascii=False)


def _flaws(case: WalkedCase, covers: tuple[date, date]) -> Iterator[BadInput]:
    """What is wrong with a case whose parts are each what they must be."""
    for place, day in _dates(case):
        if day is not None and not covers[0] <= day <= covers[1]:
            sentence = f"{day} lies outside the calendar ({covers[0]} to {covers[1]})"
            yield BadInput(Flaw.INSTANT_OUT_OF_RANGE, place, sentence)
    if case.closed_on is not None and case.closed_on != case.as_of:
        yield BadInput(Flaw.CONTRADICTION, "as_of", f"{case.as_of} is not the day of closing, {case.closed_on}")
    if case.as_of < case.accepted_on:
        yield BadInput(Flaw.CONTRADICTION, "as_of", f"{case.as_of} lies before acceptance, {case.accepted_on}")
    for number, procedure in enumerate(case.procedures):
        if procedure.end_on is not None and procedure.end_on < procedure.start_on:
            sentence = f"{procedure.end_on} lies before the start, {procedure.start_on}"
            yield BadInput(Flaw.CONTRADICTION, f"procedures[{number}].end_on", sentence)


def _dates(case: WalkedCase) -> Iterator[tuple[str, date | None]]:
    yield "accepted_on", case.accepted_on
    for number, procedure in enumerate(case.procedures):
        yield f"procedures[{number}].start_on", procedure.start_on
        yield f"procedures[{number}].end_on", procedure.end_on
    if case.extension is not None:
        yield "extension.approved_on", case.extension.approved_on
    yield "closed_on", case.closed_on
    yield "as_of", case.as_of


# --- Strict readers: what a JSON value must be ---


def _fields(value: object, readers: Mapping[str, Reader], place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong("an object", value, place)
    prefix = f"{place}." if place else ""
    for key in value:
        if key not in readers:
            raise BadInput(Flaw.UNKNOWN_FIELD, f"{prefix}{door.shown(key)}", "no such field")
    for key in readers:
        if key not in value:
            raise BadInput(Flaw.MISSING_FIELD, f"{prefix}{key}", "missing")
    return {key: read(value[key], f"{prefix}{key}") for key, read in readers.items()}


def _object(kind: Callable[..., Any], readers: Mapping[str, Reader]) -> Reader:
    return lambda value, place: kind(**_fields(value, readers, place))


def _or_null(reader: Reader) -> Reader:
    return lambda value, place: None if value is None else reader(value, place)


def _many(reader: Reader) -> Reader:
    def read(value: object, place: str) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise _wrong("a list", value, place)
        return tuple(reader(part, f"{place}[{number}]") for number, part in enumerate(value))

    return read


def _day(value: object, place: str) -> date:
    day = day_in(value) if isinstance(value, str) else None
    if day is None:
        raise _wrong(A_DAY, value, place)
    return day


def _whole(value: object, place: str) -> int:
    if type(value) is not int:
        raise _wrong("a whole number", value, place)
    door.check(value, place)
    return value


def _days(value: object, place: str) -> int:
    days = _whole(value, place)
    if not 0 <= days <= MOST_DAYS:
        raise BadInput(Flaw.NUMBER_OUT_OF_RANGE, place, f"{days} is no number of days from 0 to {MOST_DAYS}")
    return days


def _text(value: object, place: str) -> str:
    if not isinstance(value, str):
        raise _wrong("text", value, place)
    door.check_text(value, place)
    return value


def _verdict(value: object, place: str) -> str:
    word = _text(value, place)
    if word not in _VERDICTS:
        raise BadInput(Flaw.UNKNOWN_WORD, place, f"{door.shown(word)} is none of {', '.join(_VERDICTS)}")
    return word


def _wrong(wanted: str, value: object, place: str) -> BadInput:
    return BadInput(Flaw.WRONG_TYPE, place, f"{wanted} is wanted, not {door.shown(value)}")


_PROCEDURE: Final[Mapping[str, Reader]] = {"start_on": _day, "end_on": _or_null(_day), "declared_days": _days}
_EXTENSION: Final[Mapping[str, Reader]] = {"approved_on": _day, "days": _days}
_ANSWER: Final[Mapping[str, Reader]] = {
    "due_on": _day,
    "excluded_days": _whole,
    "extension_days": _whole,
    "used_days": _whole,
    "remaining_days": _whole,
    "verdict": _verdict,
    "ignored": _many(_text),
}
_VECTOR: Final[Mapping[str, Reader]] = {
    "accepted_on": _day,
    "limit_days": _days,
    "procedures": _many(_object(Procedure, _PROCEDURE)),
    "extension": _or_null(_object(Extension, _EXTENSION)),
    "closed_on": _or_null(_day),
    "as_of": _day,
    "expect": _object(Answer, _ANSWER),
}
