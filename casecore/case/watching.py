"""Watching a case: when time alone may bring it something next, and whether a no was given without its reason."""

from datetime import datetime

from casecore.case.clocks import clocks_of
from casecore.case.facts.acceptance import NotAccepted
from casecore.case.facts.closing import CaseClosed
from casecore.case.file import CaseFile
from casecore.case.licences import with_kind_of_item
from casecore.office import Office
from casecore.refusals import blank
from casecore.vocabulary import Decision, Stage
from casecore.watching import Span, looks, next_midnight

__all__ = ["next_look", "reasonless"]


def next_look(_: str, file: CaseFile, at: datetime, office: Office) -> datetime | None:
    """The earliest instant at which the passing of time alone may bring this case something; None where nothing runs."""
    if file.stage is Stage.VOIDED:
        return None
    over = file.closing is not None and file.closing.at <= at
    spans = (Span(s.fact.at, s.ended_at) for s in file.suspensions)
    clocks = clocks_of(with_kind_of_item(file, office.catalogue, office.rule))
    found = list(looks(clocks, spans, at, office, over=over, cards=file.cards))
    without_reason = reasonless(file)
    if without_reason is not None and without_reason > at:
        found.append(without_reason)
    if office.rests(at.date()) and (file.suspensions or without_reason is not None):
        found.append(next_midnight(at))  # what may have been kept back, see casecore.supervising
    return min(found, default=None)


def reasonless(file: CaseFile) -> datetime | None:
    """When a no was given without its reason (不予受理, 不予许可, 退回 …); None where every no has one."""
    decision, closing = file.decision, file.closing
    if decision is not None and decision.decision is Decision.REFUSED and blank(decision.reason):
        return decision.at
    if isinstance(closing, CaseClosed) and closing.outcome.reason_required and blank(closing.reason):
        return closing.at
    return closing.at if isinstance(closing, NotAccepted) and blank(closing.reason) else None
