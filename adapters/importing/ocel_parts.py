"""What an OCEL 2.0 log is made of, whatever file it stands in."""

from collections import abc
from collections.abc import Iterable
from typing import NamedTuple

from casecore.errors import BadInput, Flaw

__all__ = ["Event", "Object", "latest", "text_of"]


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


def text_of(value: object, place: str) -> str:
    """What an attribute says, as text; whole numbers in full."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)
        case _:
            raise BadInput(Flaw.WRONG_TYPE, place, "an attribute must be text, a number, true or false")


def latest(said: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """What attributes say in the end, of (name, time, value) in any order; at one time, what stands last."""
    return {name: value for name, _, value in sorted(said, key=lambda one: one[1])}
