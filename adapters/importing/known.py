"""What is known of a record already: its facts against those an earlier import of the same mapping recorded.

A fact is known by what it says. The calendar and the item's version, which a mapping adds, make no other fact of it: they
may be brought up to date between two exports.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from functools import cache
from typing import Any, Final, NamedTuple

from casecore.case.facts.acceptance import CaseAccepted
from casecore.case.facts.closing import CaseClosed, CaseVoided
from casecore.case.facts.correction import CorrectionSubmitted
from casecore.case.facts.review import StepCompleted
from casecore.case.facts.time_limits import Resumed, Suspended
from casecore.errors import BadInput, Flaw
from casecore.fact import Fact
from casecore.recorded import Recorded, Source

__all__ = ["Known", "beginning", "completing_id", "endings", "known_of", "later", "record_id", "whole"]

_FIRST: Final = "import:"
_LATER: Final = "import."
_OF_THE_MAPPING: Final[dict[type, frozenset[str]]] = {
    CaseAccepted: frozenset({"calendar", "item_version"}),
    Suspended: frozenset({"suspension", "moves_promise", "moves_statutory"}),
    Resumed: frozenset({"suspension"}),
}
_RIVALS: Final[dict[type, tuple[type, ...]]] = dict.fromkeys((CaseClosed, CaseVoided), (CaseClosed, CaseVoided))
"""Facts that may stand for one another in a record; every other one stands for its own kind only."""
Said = tuple[Any, ...]
"""What the file says in a fact."""


class Known(NamedTuple):
    """One record as it was recorded: all that was ever told of it under one mapping."""

    facts: tuple[Recorded, ...]
    told: int
    """How often something was recorded of it: once, and once for each completion."""


def record_id(mapping: str, record: str) -> str:
    """The command id a record is written under first."""
    return f"{_FIRST}{mapping}:{record}"


def completing_id(mapping: str, record: str, time: int) -> str:
    """The command id under which a record is completed: ``time`` is 2 where something is told of it a second time."""
    return f"{_LATER}{time}:{mapping}:{record}"


def known_of(history: Iterable[Recorded], mapping: str) -> dict[str, Known]:
    """What an earlier import recorded of a case under a mapping, by the record it stood in."""
    found: dict[str, list[Recorded]] = defaultdict(list)
    for one in history:
        source, number = one.envelope.source, one.envelope.command_id
        if source is not None and source.name == mapping and number is not None:
            found[_record_of(number, mapping)].append(one)
    return {record: Known(tuple(facts), len({one.envelope.command_id for one in facts})) for record, facts in found.items()}


def _record_of(number: str, mapping: str) -> str:
    rest = number.removeprefix(_FIRST) if number.startswith(_FIRST) else number.partition(":")[2]
    return rest.removeprefix(f"{mapping}:")


@cache
def _fields(kind: Any) -> tuple[str, ...]:  # noqa: ANN401 - a type of fact, which mypy thinks has no hash
    """The fields in which the file says something."""
    left_out = _OF_THE_MAPPING.get(kind, frozenset())
    return tuple(field.name for field in fields(kind) if field.name not in left_out)


def _said(fact: Fact) -> Said:
    kind: Any = type(fact)
    return (kind.__name__, *(getattr(fact, name) for name in _fields(kind)))


def beginning(facts: Sequence[Fact]) -> Said:
    """What a row says but for how it ended: a later export may tell the end, of the same row."""
    return tuple(
        _said(replace(fact, at=fact.started_at) if isinstance(fact, StepCompleted) and fact.started_at is not None else fact)
        for fact in facts
        if not isinstance(fact, Resumed | CorrectionSubmitted)
    )


def whole(facts: Sequence[Fact]) -> Said:
    """What a row says, its end included."""
    return tuple(map(_said, facts))


def endings(facts: Sequence[Fact]) -> list[list[Said]]:
    """How a row ends: what :func:`beginning` leaves out, by the kind of fact that says it."""
    said = [*zip(facts, _linked(facts), strict=True)]
    return [[one for fact, one in said if isinstance(fact, kind)] for kind in (StepCompleted, Resumed, CorrectionSubmitted)]


def later(
    known: Known, told: Sequence[Fact], source: Source, number: str, line_of: Callable[[Fact], int] = lambda _: 0
) -> tuple[Fact, ...]:
    """What a record says beside what is known of it, with ``number`` as the command id it is completed under.

    A fact that is there is known; one that is not is news, but where the record no longer tells another of the same kind:
    then one of the two is wrong, and only whoever exports knows which. Raises ``BadInput`` with both places. A record that
    says less than is known is an older export, and nothing is made of it. A resumption bears the number its suspension has
    in the store. ``line_of`` says of a fact where its event stands, 0 where it is of none.
    """
    stored = _linked([one.event for one in known.facts])
    left = Counter(stored)
    news: list[Fact] = []
    for said, fact in zip(_linked(told), told, strict=True):
        if left[said]:
            left[said] -= 1
        else:
            news.append(fact)
    untold = [one for one, said in zip(known.facts, stored, strict=True) if left[said] > 0]
    kinds = {type(one.event) for one in untold}
    for fact in news:
        if kinds.isdisjoint(_RIVALS.get(type(fact), (type(fact),))):
            continue
        other = next((one for one in untold if _instead(one.event, fact)), None)
        if other is not None:
            here = source._replace(line=line_of(fact) or source.line)
            raise BadInput(Flaw.CONTRADICTS_KNOWN, "", _contradiction(other, fact, here))
    numbers = _numbers(known, stored, told, number)
    return tuple(_numbered(fact, numbers) for fact in news)


def _instead(known: Fact, told: Fact) -> bool:
    """Whether a record tells one fact where it told the other before: of one kind, or another end of the case.

    A closed case may be voided later, as an act of its own.
    """
    if isinstance(known, CaseClosed) and isinstance(told, CaseVoided):
        return told.at <= known.at
    return known.__class__ is told.__class__ or (isinstance(known, CaseVoided) and isinstance(told, CaseClosed))


def _linked(facts: Sequence[Fact]) -> list[Said]:
    """What the file says in each of the facts; in a resumption, of which suspension."""
    suspensions = {fact.suspension: _said(fact) for fact in facts if isinstance(fact, Suspended)}
    return [(*_said(fact), suspensions.get(fact.suspension)) if isinstance(fact, Resumed) else _said(fact) for fact in facts]


def _numbers(known: Known, stored: Sequence[Said], told: Sequence[Fact], number: str) -> dict[str, str]:
    """By the number a suspension has in the record that is read, the one it has in the store; a new one gets its own."""
    free: defaultdict[Said, deque[str]] = defaultdict(deque)
    for said, one in zip(stored, known.facts, strict=True):
        if isinstance(one.event, Suspended):
            free[said].append(one.event.suspension)
    numbers: dict[str, str] = {}
    for said, fact in zip(_linked(told), told, strict=True):
        if isinstance(fact, Suspended):
            there = free[said]
            numbers[fact.suspension] = there.popleft() if there else f"{number}:{len(numbers) + 1}"
    return numbers


def _numbered(fact: Fact, numbers: Mapping[str, str]) -> Fact:
    return replace(fact, suspension=numbers[fact.suspension]) if isinstance(fact, Suspended | Resumed) else fact


def _contradiction(there: Recorded, here: Fact, source: Source) -> str:
    """Name what differs, and both places."""
    was = there.envelope.source
    at = "" if was is None else f"{was.file} line {was.line}"
    kind: Any = here.__class__
    if not isinstance(there.event, kind):
        return f"{here.zh}: {source.file} line {source.line} says so where {there.event.zh} is known from {at}"
    names = [name for name in _fields(kind) if getattr(here, name) != getattr(there.event, name)]
    differ = " and ".join(
        f"{name} {_shown(getattr(here, name))} where {_shown(getattr(there.event, name))} is known" for name in names
    )
    return f"{here.zh}: {source.file} line {source.line} says {differ} from {at}"


def _shown(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
