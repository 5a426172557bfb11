"""Facts in an order no rule lets in: a closing before the receipt, a second one, an acceptance of a case that is closed.

An import, and a file that continues cases others began, take what they are told. The facts are held here against the stages
in which the rules of the same acts let them in, in the order in which they happened. What was left untold, as the review of
a case whose closing alone is known, is no contradiction; what comes after its own stages are over is one.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, time
from functools import cache
from typing import NamedTuple

from casecore.auditing.finding import Examined, Finding, found
from casecore.case.facts.time_limits import Resumed
from casecore.case.stages import RANK
from casecore.fact import Fact
from casecore.kinds import CASE, advance, as_kind
from casecore.recorded import Recorded
from casecore.vocabulary import FindingCode, Stage

__all__ = ["find_out_of_order"]


class _Let(NamedTuple):
    """When the rules let a fact in."""

    stages: frozenset[Stage]
    late: bool
    """Whether one of them may report what happened before the present stage."""

    def passed(self, stage: Stage) -> bool:
        """Whether a case at this stage has left behind all in which the fact belongs."""
        return stage not in self.stages and max(map(RANK.__getitem__, self.stages)) < RANK[stage]


@cache
def _let_in() -> Mapping[type[Fact], _Let]:
    """Each fact that a command of a case may ask for; what ends a suspension has findings of its own."""
    let: dict[type[Fact], _Let] = {}
    for rule in CASE.rules.values():
        for fact in rule.makes:
            before = let.get(fact, _Let(frozenset(), late=False))
            let[fact] = _Let(before.stages | rule.stages, before.late or rule.late)
    return {fact: found for fact, found in let.items() if fact is not Resumed}


def find_out_of_order(case: Examined) -> Iterator[Finding]:
    """Each fact that live is refused, and that contradicts another by when it happened; named at what was recorded later."""
    refused, let = _refused_live(case), _let_in()
    if not refused:
        return
    named: dict[int, tuple[Recorded, list[str]]] = {}
    file, start, instant = CASE.new, CASE.new, None
    mover: Recorded | None = None
    for recorded in sorted(case.history, key=lambda one: (one.occurred_at, one.version)):
        if recorded.occurred_at != instant:  # what happened at one instant stands in any order
            start, instant = file, recorded.occurred_at
        rule = let.get(type(recorded.event))
        if rule is not None and mover is not None and rule.passed(file.stage) and rule.passed(start.stage):
            later = max(mover, recorded, key=lambda one: one.version)
            if later.version in refused and not _same_day(mover, recorded):
                named.setdefault(later.version, (later, []))[1].append(_said(later, mover, recorded))
        after = as_kind(advance(file, recorded.event), CASE, recorded.stream)
        if after.stage is not file.stage:
            mover = recorded
        file = after
    for later, told in named.values():
        yield found(FindingCode.OUT_OF_ORDER, later, f"{'; '.join(told)}: live it is refused")


def _refused_live(case: Examined) -> frozenset[int]:
    """The versions of the facts no rule would have let in as they were recorded, one after the other."""
    file, let, refused = CASE.new, _let_in(), set[int]()
    for recorded in case.history:
        rule = let.get(type(recorded.event))
        if rule is not None:
            early = file.stage_at is not None and recorded.occurred_at < file.stage_at and not rule.late
            if early or file.stage not in rule.stages:
                refused.add(recorded.version)
        file = as_kind(advance(file, recorded.event), CASE, recorded.stream)
    return frozenset(refused)


def _said(later: Recorded, mover: Recorded, recorded: Recorded) -> str:
    """What contradicts what: the fact that was recorded later, beside the other."""
    if later is recorded:
        return f"{_name(recorded)} of {_at(recorded)} comes after {_name(mover)} of {_at(mover)}"
    return f"{_name(mover)} of {_at(mover)} comes before {_name(recorded)} of {_at(recorded)}"


def _name(recorded: Recorded) -> str:
    """What a fact is called: its Chinese word, and its kind."""
    fact = type(recorded.event)
    return f"{fact.zh} ({fact.__name__})"


def _at(recorded: Recorded) -> str:
    return recorded.occurred_at.isoformat(timespec="seconds")


def _same_day(one: Recorded, other: Recorded) -> bool:
    """Whether two facts lie on one date and one of them is known by its date alone, which says nothing of their order."""
    days = one.occurred_at.date() == other.occurred_at.date()
    return days and any(_midnight(recorded.occurred_at) for recorded in (one, other))


def _midnight(at: datetime) -> bool:
    return at.time() == time()
