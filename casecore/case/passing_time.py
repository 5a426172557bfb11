"""What the passing of time brings (时间推移): acceptance and renewal by silence, warnings and cards. A rule like any other.

Nothing happens by itself: somebody asks (``Engine.tick``), and what time has brought by then is recorded, each thing once.
"""

from datetime import datetime

from casecore.case.clocks import clock_named
from casecore.case.commands import PassTime
from casecore.case.events import CaseEvent, RenewalDeemed
from casecore.case.intake import deem_acceptance
from casecore.case.ruling import Ruling
from casecore.case.state import CaseFile, fold
from casecore.case.supervision import cards_due
from casecore.office import Office
from casecore.refusals import Reason, Refused
from casecore.vocabulary import Stage

__all__ = ["deem_renewal", "pass_time"]


def pass_time(file: CaseFile, command: PassTime, at: datetime, office: Office) -> Ruling:
    """Record what time has brought by ``at`` and nobody has recorded yet."""
    made: list[CaseEvent] = [*deem_acceptance(file, command.by, at, office)]
    file = fold(made, file)
    made += (renewed := deem_renewal(file, command.by, at))
    made += cards_due(fold(renewed, file), command.by, at, office)
    return tuple(made) or Refused(Reason.NOTHING_DUE)


def deem_renewal(file: CaseFile, by: str, at: datetime) -> list[CaseEvent]:
    """视为准予延续 (Art. 50): the licence has run out and its renewal, filed in time, was not decided."""
    clock = clock_named(file, "renewal")
    undecided = file.stage in (Stage.IN_REVIEW, Stage.REVIEWED)
    if clock is None or not undecided or clock.limit.due_on is None or at.date() <= clock.limit.due_on:
        return []
    return [RenewalDeemed(at=at, by=by, licence_expired_on=clock.limit.due_on)]
