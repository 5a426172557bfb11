"""The decision (准予, 容缺准予, 不予), made by the organ or by silence (视为准予延续, Art. 50)."""

from datetime import datetime, time, timedelta
from typing import Final, assert_never

from casecore.act import Act, Rule, Ruling, facts_in, made
from casecore.case.clocks import clock_named
from casecore.case.command import CaseCommand
from casecore.case.facts.decision import DecisionFact, DecisionMade, RenewalDeemed
from casecore.case.file import CaseFile
from casecore.case.licences import with_kind_of_item
from casecore.case.stages import stages
from casecore.fact import Fact
from casecore.office import Office
from casecore.refusals import Reason, Refused, blank
from casecore.value import value
from casecore.vocabulary import Decision, Stage

__all__ = ["MakeDecision"]


@value
class MakeDecision(CaseCommand):
    """准予, 容缺准予 or 不予: decide on the application."""

    decision: Decision
    reason: str | None = None
    document: str | None = None
    automatic: bool = False
    """智能审批 (秒批): no human hand in it."""


def make_decision(  # noqa: PLR0911 - one way out a refusal
    file: CaseFile, command: MakeDecision, at: datetime, office: Office
) -> Ruling:
    """The organ decides; a yes needs every department's, a no its reason.

    Once the condition it is handled on has failed (附条件未成就) there is no yes any more.
    A licence that ran out undecided is renewed already (Art. 50): a yes then records that, and a no comes too late.
    """
    lapsed = file.service.lapsed
    if lapsed is not None and command.decision is not Decision.REFUSED:
        return Refused(Reason.CONDITION_FAILED, lapsed.prerequisite)
    renewed, _ = deem_renewal(file, command.by, at, office)
    if renewed:
        refused = command.decision is Decision.REFUSED
        return Refused(Reason.WRONG_STAGE, Stage.DECIDED.value) if refused else renewed
    if file.suspended:
        return Refused(Reason.CASE_SUSPENDED)
    if command.by == file.accepted_by:
        return Refused(Reason.ACCEPTOR_MAY_NOT_APPROVE, command.by)
    if command.decision is Decision.REFUSED:
        if blank(command.reason):
            return Refused(Reason.REASON_REQUIRED)
    elif not file.review_granted:
        return Refused(Reason.REVIEW_REFUSED)
    decided = made(DecisionMade, command, at)
    return (decided,)


def deem_renewal(file: CaseFile, by: str, at: datetime, office: Office) -> tuple[tuple[Fact, ...], CaseFile]:
    """视为准予延续 (Art. 50): the licence has run out and its renewal, filed in time, was not decided.

    The fact, none where nothing is deemed, with the file after it.
    """
    clock = clock_named(with_kind_of_item(file, office.catalogue, office.rule), "renewal")
    undecided = file.stage in (Stage.IN_REVIEW, Stage.REVIEWED)
    if clock is None or not undecided or clock.limit.due_on is None or at.date() <= clock.limit.due_on:
        return (), file
    renewed = RenewalDeemed(at=at, by=by, licence_expired_on=clock.limit.due_on)
    return (renewed,), _evolve(file, renewed)


def _renewed_at(event: RenewalDeemed) -> datetime:
    """When silence had renewed a licence (Art. 50): as its last day was over, however late that was recorded."""
    last, recorded = event.licence_expired_on, event.at
    if last >= recorded.date():  # an imported history may say so
        return recorded
    return datetime.combine(last + timedelta(days=1), time.min, recorded.tzinfo)


def _evolve(file: CaseFile, fact: DecisionFact) -> CaseFile:
    """The file after a decision: of several that imports tell of, the first somebody made; silence only where nobody did."""
    made_before = file.decision if file.renewal is None else None
    match fact:
        case DecisionMade() if made_before is not None and made_before.at <= fact.at:
            return file
        case DecisionMade():
            return file._replace(stage=Stage.DECIDED, stage_at=fact.at, decision=fact, renewal=None)
        case RenewalDeemed() if made_before is not None:
            return file
        case RenewalDeemed():
            silence = DecisionMade(
                at=_renewed_at(fact), by=fact.by, decision=Decision.GRANTED, reason="视为准予延续 / renewal deemed granted"
            )
            return file._replace(stage=Stage.DECIDED, stage_at=fact.at, decision=silence, review_granted=True, renewal=fact)
        case _:
            assert_never(fact)


DECISION: Final = Act(
    "决定",
    facts=facts_in(DecisionFact),
    evolve=_evolve,
    rules={
        MakeDecision: Rule(make_decision, (DecisionMade, RenewalDeemed), stages(Stage.REVIEWED)),
    },
)
"""The organ decides; silence renews a licence."""
