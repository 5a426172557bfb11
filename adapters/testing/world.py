"""What the contract of a store is played with: two items, a few commands, and all there is to see of a log."""

# ruff: noqa: S101, ANN401 - part of tests: it asserts, and passes on any field of a command

from datetime import date, datetime
from typing import Any, Final, NamedTuple

from adapters.district_log import DistrictLog
from casecore import (
    AcceptCase,
    ApplicantKind,
    CaseCommand,
    Catalogue,
    Channel,
    CompleteStep,
    Engine,
    Envelope,
    GrantApproval,
    HandlingKind,
    Head,
    ItemType,
    Limit,
    PlanStep,
    Receipt,
    ReceiveCase,
    Recorded,
    Refused,
    RouteCase,
    ServiceItem,
    StepCompleted,
    Tier,
)
from casecore.log import Batch, readable

__all__ = [
    "BUILD", "CATALOGUE", "CLERK", "DISTRICT", "FOOD", "HALL", "NEIGHBOUR", "OFFICER", "SECONDS", "A", "B", "C",
    "Contents", "accept", "batch", "carried", "contents", "done", "every_fact", "grant", "moment", "note", "noted",
    "receive", "route", "stored",
]  # fmt: skip

DISTRICT: Final = "510107"
NEIGHBOUR: Final = "510108"
A, B, C = "510107-2025-000001", "510107-2025-000002", "510107-2025-000003"
CLERK, OFFICER, HALL = "wang", "chen", "Chengbei Hall"
SECONDS: Final = 20.0
"""The longest wait for another thread."""
FOOD, BUILD = "FOOD", "BUILD"


def _item(code: str, days: int, at_most: int, *plan: PlanStep, joint: bool = False) -> ServiceItem:
    return ServiceItem(
        code=code,
        version=1,
        name_zh=code,
        name_en=code.title(),
        source="made up for the contract of a store",
        item_type=ItemType.LICENCE,
        tier=Tier.COUNTY,
        department="Market",
        valid_from=date(2025, 1, 1),
        handling=HandlingKind.PROMISED,
        promised=Limit.working_days(days),
        statutory=Limit.working_days(at_most),
        serves=(ApplicantKind.PERSON, ApplicantKind.COMPANY),
        channels=(Channel.WINDOW, Channel.WEBSITE),
        visits=1,
        visit_reason="identity is checked on site",
        joint=joint,
        plan=plan,
    )


CATALOGUE: Final = Catalogue(
    (
        _item(  # three departments at once
            FOOD,
            10,
            20,
            PlanStep(step="fire", department="Fire"),
            PlanStep(step="health", department="Health"),
            PlanStep(step="market", department="Market"),
        ),
        _item(  # a graph: survey, then design and safety side by side, then seal; heritage waits for nobody
            BUILD,
            30,
            45,
            PlanStep(step="survey", department="Land"),
            PlanStep(step="heritage", department="Culture"),
            PlanStep(step="design", department="Planning", after=("survey",)),
            PlanStep(step="safety", department="Fire", after=("survey",)),
            PlanStep(step="seal", department="Planning", after=("design", "safety")),
            joint=True,
        ),
    )
)


def moment(text: str) -> datetime:
    """An instant of the district, ``"2025-03-03 09:00"``."""
    return datetime.fromisoformat(f"{text}+08:00")


def receive(case: str = A, when: str = "2025-03-03 09:00", **rest: Any) -> ReceiveCase:
    """Wang takes in the papers of a case."""
    taken = {"item": FOOD, "channel": Channel.WINDOW, "applicant": "李雷", "applicant_kind": ApplicantKind.PERSON}
    return ReceiveCase(case=case, by=CLERK, at=moment(when), hall=HALL, **{**taken, **rest})


def accept(case: str = A, when: str = "2025-03-03 10:00", **rest: Any) -> AcceptCase:
    """Wang accepts it."""
    return AcceptCase(case=case, by=CLERK, at=moment(when), **rest)


def route(case: str = A, when: str = "2025-03-04 09:00", **rest: Any) -> RouteCase:
    """Wang sends it to the departments."""
    return RouteCase(case=case, by=CLERK, at=moment(when), **rest)


def grant(step: str, department: str, case: str = A, when: str = "2025-03-05 09:00", **rest: Any) -> GrantApproval:
    """A department says yes."""
    return GrantApproval(case=case, by=OFFICER, at=moment(when), step=step, department=department, **rest)


def note(name: str, case: str = A, when: str = "2025-03-03 11:00", **rest: Any) -> CompleteStep:
    """Something that may be done at any time to any case there is."""
    return CompleteStep(case=case, by=OFFICER, at=moment(when), name=name, **rest)


def noted(name: str, when: str = "2025-03-03 11:00") -> StepCompleted:
    """The fact that was noted."""
    return StepCompleted(at=moment(when), by=OFFICER, name=name)


def batch(command_id: str, case: str, after: int, *names: str) -> Batch:
    """One command's facts for the store itself, above version ``after``."""
    envelopes = [Envelope(case, after + n, noted(name), command_id) for n, name in enumerate(names, 1)]
    return Batch(command_id, case, tuple(envelopes))


def done(result: Receipt | tuple[Receipt, ...] | Refused) -> Any:
    """What a command has to give; a refusal is not expected."""
    assert not isinstance(result, Refused), result
    return result


def carried(engine: Engine, *commands: CaseCommand) -> list[Receipt]:
    """Carry out commands one by one; none of them is refused."""
    return [done(engine.handle(command)) for command in commands]


class Contents(NamedTuple):
    """All there is to see of a log."""

    facts: list[Recorded]
    head: Head
    versions: dict[str, int]
    receipts: dict[str, Receipt]


def contents(log: DistrictLog) -> Contents:
    """All there is to see now of the cases and commands the tests speak of."""
    facts = every_fact(log)
    ids = {fact.envelope.command_id for fact in facts if fact.envelope.command_id is not None} | {"k1", "k2", "k3"}
    return Contents(facts, log.head(), dict(log.versions([A, B, C])), log.receipts(sorted(ids)))


def every_fact(log: DistrictLog) -> list[Recorded]:
    """The whole log, in order; each of its facts can be read."""
    return [*readable(log.page(0, 10_000))]


def stored(log: DistrictLog) -> list[tuple[Any, ...]]:
    """The rows as they are kept, but for the time they were written."""
    return [tuple(row._replace(recorded_at=0)) for row in log.ledger.rows(0, 10_000)]
