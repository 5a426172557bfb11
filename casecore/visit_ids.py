"""The name of a visit (到场): the hall's own number holds for one hall and one day, the stream's id for the whole district.

Printed numbers begin anew each morning: Tuesday's ``A023`` is not Wednesday's, and another hall's is another visit.
"""

from datetime import date
from typing import Final, NamedTuple

from casecore.door import MAX_ID_LENGTH
from casecore.errors import BadInput, Flaw

__all__ = ["VisitName", "visit_id", "visit_name"]

_BETWEEN: Final = "/"
_ESCAPES: Final = (("%", "%25"), (_BETWEEN, "%2F"))
"""What a hall's code or a number must not hold as it is; taken back in the other order."""


class VisitName(NamedTuple):
    """What one visit is known by."""

    hall: str
    """The hall or site (办理点) somebody came to."""
    on: date
    """The local date on which they came."""
    number: str
    """The hall's own number (排队号)."""


def visit_id(hall: str, on: date, number: str) -> str:
    """The id of a visit's stream, ``H1/2026-03-03/A023``; what three parts give no other three give.

    Raises :class:`~casecore.errors.BadInput` where the parts are longer together than an identifier may be.
    """
    named = f"{_escaped(hall)}{_BETWEEN}{on.isoformat()}{_BETWEEN}{_escaped(number)}"
    if len(named) > MAX_ID_LENGTH:
        sentence = f"hall, day and number are {len(named)} characters together, an identifier has up to {MAX_ID_LENGTH}"
        raise BadInput(Flaw.IDENTIFIER_LENGTH, "visit", sentence)
    return named


def visit_name(stream: str) -> VisitName | None:
    """The parts :func:`visit_id` made an id of; None for what it never makes, such as a number told without a hall."""
    match stream.split(_BETWEEN):
        case [hall, day, number]:
            pass
        case _:
            return None
    try:
        name = VisitName(_plain(hall), date.fromisoformat(day), _plain(number))
        return name if visit_id(*name) == stream else None
    except (BadInput, ValueError):
        return None


def _escaped(part: str) -> str:
    if "%" not in part and _BETWEEN not in part:
        return part  # as nearly all are
    for sign, instead in _ESCAPES:
        part = part.replace(sign, instead)
    return part


def _plain(part: str) -> str:
    for sign, instead in reversed(_ESCAPES):
        part = part.replace(instead, sign)
    return part
