"""What an OCEL 2.0 log is made of, whatever file it stands in."""

from collections import abc
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from casecore.errors import BadInput, Flaw
from casecore.instants import instant_in

__all__ = ["Event", "Object", "latest", "text_of", "type_of"]


class Object(NamedTuple):
    """An object, with what its attributes say in the end."""

    id: str
    type: str
    attributes: abc.Mapping[str, str]


class Event(NamedTuple):
    """An event, with the objects it relates to and how."""

    id: str
    type: str
    time: str
    attributes: abc.Mapping[str, str]
    relations: Iterable[tuple[str, str]]
    """Object and qualifier."""
    flaw: BadInput | None = None
    """Why nothing is to be made of it, nor of what it relates to."""


def text_of(value: object, place: str) -> str:
    """What an attribute says, as text; whole numbers in full."""
    match value:
        case None:
            return ""
        case str():
            if not value.isascii() and any("\ud800" <= sign <= "\udfff" for sign in value):
                raise BadInput(Flaw.SURROGATE, place, "half a character stands in it")
            return value
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)
        case _:
            raise BadInput(Flaw.WRONG_TYPE, place, "an attribute must be text, a number, true or false")


def type_of(value: object, place: str) -> str:
    """The type of an object or event, as text; raises ``BadInput`` where it has none."""
    found = text_of(value, place)
    if not found:
        raise BadInput(Flaw.MISSING_FIELD, place, "has no type")
    return found


def latest(said: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """What attributes say in the end, of (name, time, value) in any order; at one time, what stands last."""
    return {name: value for name, _, value in sorted(said, key=lambda one: _when(one[1]))}


def _when(time: str) -> datetime:
    """For the order of what is said; a time without offset is taken for UTC, and none for long ago."""
    at = instant_in(time) or datetime.min.replace(tzinfo=UTC)
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
