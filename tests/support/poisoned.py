"""Cases whose history goes wrong, and the ways it does."""

from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from eventsourcing.persistence import StoredEvent

from adapters import district_log, folding
from adapters.mapper import WIRE
from adapters.tables import Quarantined
from adapters.wire import Wire
from casecore import Envelope, StepCompleted
from casecore.fact import Older
from casecore.kind import File
from casecore.kinds import advance
from casecore.recorded import Event
from projections.delivery_facts import DELIVERY_FACTS
from projections.projection import Subject
from support.followed import LIVES, A, World, with_instead
from support.story import fact

__all__ = [
    "BAD",
    "BAD_LIFE",
    "EVOLVE",
    "NEW_NAME",
    "REASONS",
    "goes_wrong",
    "mended",
    "poison",
    "sabotaged",
    "set_aside",
    "unfoldable",
    "unweighable",
    "weighed",
]

BAD: Final = "bad"
NEW_NAME: Final = "case.weighed.v1"
BAD_LIFE: Final = LIVES["approved"][:6]


def weighed(when: str = "03-04 10:00") -> StepCompleted:
    """The fact that makes the trouble."""
    return fact(StepCompleted, when, name="weighed")


def poison(world: World, case: str = BAD, topic: str = NEW_NAME, cut: int = 0) -> int:
    """One more fact of a case, whole in the chain, under a name this program does not know or with its end cut off."""
    log = world.engine().log
    version = log.versions([case]).get(case, 0) + 1
    state = WIRE.encode(Envelope(case, version, weighed()))[1]
    (position,) = log.ledger.insert_events([StoredEvent(case, version, topic, state[: len(state) - cut])]) or ()
    return position


def mended(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program learns the name."""
    monkeypatch.setattr(StepCompleted, "older", (Older(NEW_NAME),))
    monkeypatch.setattr(district_log, "WIRE", Wire())


def sabotaged(world: World, patch: pytest.MonkeyPatch, rows: Callable[[Subject], Iterator[tuple[Any, ...]]]) -> None:
    """The projection of deliveries makes these rows."""
    patch.setattr(world.tables, "projections", with_instead(DELIVERY_FACTS._replace(rows=rows)))


def unweighable(subject: Subject) -> Iterator[tuple[Any, ...]]:
    if any(step.name == "weighed" for step in subject.file.steps):
        raise TypeError("unweighable")
    yield from DELIVERY_FACTS.rows(subject)


def unfoldable(file: File | None, event: Event) -> File:
    if isinstance(event, StepCompleted) and event.name == "weighed":
        raise KeyError(event.name)
    return EVOLVE(file, event)


EVOLVE: Final = advance
REASONS: Final = {
    "unknown name": r"bad version 7: unknown event name case\.weighed\.v1",
    "broken bytes": r"bad version 7: case\.step_completed\.v1 cannot be read: JSONDecodeError\(.*\)",
    "fold": r"bad version 7: StepCompleted cannot be folded: KeyError\('weighed'\)",
    "rows": r"bad version \d+: no rows of delivery_facts: TypeError\('unweighable'\)",  # the last fact of its page
}


def goes_wrong(world: World, kind: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """The bad case goes wrong in this way; returns where."""
    match kind:
        case "unknown name":
            return poison(world)
        case "broken bytes":
            return poison(world, topic="case.step_completed.v1", cut=5)
        case "fold":
            monkeypatch.setattr(folding, "evolve", unfoldable)
        case _:
            sabotaged(world, monkeypatch, unweighable)
    return poison(world, topic="case.step_completed.v1")


def set_aside(world: World, district: str = A) -> dict[str, Quarantined]:
    live = world.tables.live()
    assert live is not None
    return {one.case: one for one in world.tables.quarantine(live, district)}
