"""``card_facts``: one row a card of supervision (预警, 黄牌, 红牌) issued to a case (电子监察)."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from casecore.case.file import CaseFile
from projections.projection import Projection, Subject

__all__ = ["CARD_FACTS", "CardFact"]


class CardFact(NamedTuple):
    """One card, revoked or not."""

    log: str
    case_id: str
    stream_version: int
    card: str
    """Names the card within the case."""
    level: str
    ground: str
    clock: str | None
    """The clock it is about: ``clock`` of ``clock_facts``."""
    department: str | None
    """责任部门."""
    due_on: date | None
    issued_on: date
    judged_on: date
    """The day of the fact that was judged, which may lie before the issue."""
    overdue: int
    """By how much, in ``unit``."""
    unit: str | None
    """working_day, natural_day, or minute for limits within a day."""
    provisional: int
    """The due date could still move when the card was judged (暂定)."""
    automatic: int
    """1 for a card a rule issued, 0 for one issued by hand (发牌方式)."""
    rule: str | None
    """The district's rule (区划规则) it was issued under."""
    revoked_on: date | None
    revoked: int


def _rows(subject: Subject[CaseFile]) -> Iterator[CardFact]:
    for fact, revoked in subject.file.cards:
        yield CardFact(
            log=subject.log,
            case_id=subject.stream,
            stream_version=subject.file.version,
            card=fact.card,
            level=fact.level.value,
            ground=fact.ground.value,
            clock=fact.clock,
            department=fact.department,
            due_on=fact.due_on,
            issued_on=fact.at.date(),
            judged_on=fact.judged_at.date(),
            overdue=fact.overdue,
            unit=fact.unit.value if fact.unit is not None else None,
            provisional=int(fact.provisional),
            automatic=int(fact.rule is not None),
            rule=fact.rule,
            revoked_on=revoked.at.date() if revoked is not None else None,
            revoked=int(revoked is not None),
        )


CARD_FACTS = Projection("card_facts", 1, CardFact, _rows)
"""One row a card."""
