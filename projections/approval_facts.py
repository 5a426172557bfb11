"""``approval_facts``: one row each time a step of the plan was at a department (审批)."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from casecore.case.file import CaseFile
from projections.projection import Projection, Subject, working_days

__all__ = ["APPROVAL_FACTS", "ApprovalFact"]


class ApprovalFact(NamedTuple):
    """One routing of one step."""

    log: str
    case_id: str
    stream_version: int
    routing: int
    """1, 2, 3 … within the case, in the order routed."""
    step: str
    department: str
    opened_on: date
    answered_on: date | None
    answer: str | None
    working_days: int | None
    """Working days from routing to answer, under the case's calendar."""


def _rows(subject: Subject[CaseFile]) -> Iterator[ApprovalFact]:
    for routing, approval in enumerate(subject.file.approvals, 1):
        answered = approval.answered_at.date() if approval.answered_at else None
        yield ApprovalFact(
            log=subject.log,
            case_id=subject.stream,
            stream_version=subject.file.version,
            routing=routing,
            step=approval.step,
            department=approval.department,
            opened_on=approval.opened_at.date(),
            answered_on=answered,
            answer=approval.answer.value if approval.answer else None,
            working_days=working_days(subject, approval.opened_at.date(), answered),
        )


APPROVAL_FACTS = Projection("approval_facts", 1, ApprovalFact, _rows)
"""One row a routing."""
