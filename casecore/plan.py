"""The approval plan (审批流程): a graph of steps, each with the steps that must be granted before it (前置环节)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from casecore.annotations import Id
from casecore.limits import Limit

__all__ = ["PlanStep"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStep:
    """One approval in the plan: which department, and which steps must be granted before (前置环节)."""

    step: Id
    department: Id
    after: tuple[str, ...] = ()
    limit: Limit | None = None
    """环节时限: counted from the routing."""
    preliminary: bool = False
    """初审: a lower organ's review, 20 working days where ``limit`` says nothing (Art. 43)."""


def plan_defects(plan: tuple[PlanStep, ...]) -> Iterator[str]:
    """What keeps an approval plan from being a graph without circles over its own steps."""
    steps = {step.step for step in plan}
    if len(steps) != len(plan):
        yield "plan names a step twice"
    for step in plan:
        for before in step.after:
            if before not in steps:
                yield f"plan step {step.step} waits for {before}, which is not in the plan"
    known = all(before in steps for step in plan for before in step.after)
    if known and (circle := circle_in({step.step: step.after for step in plan})):
        yield f"plan runs in a circle: {', '.join(circle)}"


def circle_in(before: Mapping[str, Sequence[str]]) -> list[str]:
    """The names that wait for each other in a circle, or for one that does; none where an order exists.

    ``before`` names for each what comes before it; a name it does not know stands in nobody's way.
    """
    done: set[str] = set()
    while ready := {name for name, first in before.items() if name not in done and done.issuperset(before.keys() & first)}:
        done |= ready
    return sorted(before.keys() - done)
