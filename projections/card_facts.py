"""``card_facts``: one row a card of supervision (预警, 黄牌, 红牌) issued to a case, a package or a drop box (电子监察)."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from projections.projection import Projection, Subject

__all__ = ["CARD_FACTS", "CardFact"]


class CardFact(NamedTuple):
    """One card, revoked or not."""

    log: str
    stream_id: str
    stream_version: int
    stream_kind: str
    """Of which kind the stream is: case, package, drop_box."""
    card: str
    """Names the card within its stream."""
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


def _rows(subject: Subject[Any]) -> Iterator[CardFact]:
    for fact, revoked in subject.kind.cards(subject.file):
        yield CardFact(
            log=subject.log,
            stream_id=subject.stream,
            stream_version=subject.file.version,
            stream_kind=subject.kind.name,
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


CARD_FACTS = Projection("card_facts", 2, CardFact, _rows, None)
"""One row a card."""
