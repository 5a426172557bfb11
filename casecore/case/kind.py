"""The case (办件) as a kind of stream."""

from datetime import date, datetime
from operator import attrgetter
from typing import Final

from casecore.case.acts import CASE_ACTS
from casecore.case.acts.passing_time import PassTime
from casecore.case.clocks import clocks_of, cut_off
from casecore.case.facts.closing import CaseClosed, CaseVoided
from casecore.case.file import NEW, CaseFile
from casecore.case.licences import with_kind_of_item
from casecore.case.stages import RANK
from casecore.case.watching import next_look
from casecore.command import Command
from casecore.fact import Fact
from casecore.kind import Kind, Passing
from casecore.refusals import Reason
from casecore.vocabulary import Stage

__all__ = ["CASE", "evolve", "fold"]


def _stands(before: CaseFile, after: CaseFile, fact: Fact) -> CaseFile:
    """What a case has come to stands, whatever is told of it: nothing leads it back once it is received.

    What ended stays ended; only voiding goes further.
    """
    voids = isinstance(fact, CaseVoided) or (isinstance(fact, CaseClosed) and fact.outcome.void)
    if before.closing is None or voids:
        led_back = RANK[Stage.RECEIVED] <= RANK[before.stage] > RANK[after.stage]
        return after._replace(stage=before.stage, stage_at=before.stage_at) if led_back else after
    if after.closing is before.closing and after.stage is before.stage and after.stage_at is before.stage_at:
        return after  # steps told of late are many, and end nothing
    return after._replace(stage=before.stage, stage_at=before.stage_at, closing=before.closing)


def _what_time_brought(case: str, by: str, at: datetime) -> Command:
    return PassTime(case=case, by=by, at=at)


def _promised_under(file: CaseFile) -> str | None:
    return None if file.promise is None else file.promise.calendar


def _begun(file: CaseFile) -> date | None:
    """The day it was applied for; where nobody told of that, the day it was accepted."""
    began_at = file.applied_at or file.accepted_at
    return None if began_at is None else began_at.date()


CASE: Final[Kind[CaseFile]] = Kind(
    "case",
    "办件",
    new=NEW,
    acts=CASE_ACTS,
    unknown=Reason.UNKNOWN_CASE,
    keeps=_stands,
    clocks=clocks_of,
    cut_off=cut_off,
    begun=_begun,
    promised_under=_promised_under,
    cards=attrgetter("cards"),
    passing=Passing(_what_time_brought, next_look),
    complete=with_kind_of_item,
    imported=True,
    spared=True,
)
"""The case: all there is to ask of it."""

evolve: Final = CASE.evolve
"""A case's file after one more fact."""
fold: Final = CASE.fold
"""A case's file after many."""
