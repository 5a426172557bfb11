"""The fold: what a case's history adds up to. ``evolve`` is the one fold; rules and projections read the file it makes.

The fold never refuses, reads no clock and no catalogue, and takes facts in any order: an imported or late fact may lie
before others already recorded. What is derived (due dates, trips net, verdicts) is not here but in functions over it.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta
from functools import partial
from typing import assert_never

from casecore.case.events import (
    AcceptanceDeemed,
    ApplicationSubmitted,
    ApprovalGranted,
    ApprovalRefused,
    ApprovalReturned,
    CardIssued,
    CardRevoked,
    CaseAccepted,
    CaseClosed,
    CaseEvent,
    CaseReceived,
    CaseRouted,
    CaseTransferred,
    CaseVoided,
    CaseWithdrawn,
    CorrectedOnSpot,
    CorrectionRequested,
    CorrectionSubmitted,
    DecisionMade,
    ExtensionApproved,
    HearingHeld,
    HearingNotified,
    HearingOffered,
    HearingRequested,
    NotAccepted,
    PreReviewPassed,
    PreReviewReturned,
    RenewalDeemed,
    ResultEvent,
    Resumed,
    ReviewCompleted,
    ServiceEvent,
    StepCompleted,
    Suspended,
)
from casecore.case.file import NEW, CaseFile, longest_extension, told_in_writing
from casecore.case.parts import (
    Approval,
    Card,
    Certificate,
    Consignment,
    Correction,
    Custody,
    Deposit,
    Hearing,
    Mandate,
    Rating,
    Service,
    Suspension,
    Trip,
)
from casecore.case.result_fold import evolve_results
from casecore.case.service_fold import at_hall, evolve_service, taken_in
from casecore.vocabulary import Answer, Decision, Stage

__all__ = [
    "NEW",
    "Approval",
    "Card",
    "CaseFile",
    "Certificate",
    "Consignment",
    "Correction",
    "Custody",
    "Deposit",
    "Hearing",
    "Mandate",
    "Rating",
    "Service",
    "Suspension",
    "Trip",
    "evolve",
    "fold",
    "longest_extension",
    "told_in_writing",
]


def fold(events: Iterable[CaseEvent], file: CaseFile = NEW) -> CaseFile:
    """Fold facts, in the order of their versions, onto a file."""
    for event in events:
        file = evolve(file, event)
    return file


def evolve(file: CaseFile, event: CaseEvent) -> CaseFile:
    """The file after one more fact. What has ended stays ended, whatever is learned late; only voiding goes further."""
    after = _with(file, event)
    if file.closing is None or isinstance(event, CaseVoided):
        return after
    if after.closing is file.closing and after.stage is file.stage and after.stage_at is file.stage_at:
        return after  # steps told of late are many, and end nothing
    return after._replace(stage=file.stage, stage_at=file.stage_at, closing=file.closing)


def _with(file: CaseFile, event: CaseEvent) -> CaseFile:  # noqa: C901, PLR0911, PLR0912 - one arm a fact
    next_version = file.version + 1
    match event:
        case StepCompleted():
            return file._replace(version=next_version, steps=(*file.steps, event))
        case CaseReceived():
            return file._replace(
                version=next_version,
                stage=Stage.RECEIVED,
                stage_at=event.at,
                item=event.item,
                channel=event.channel if file.channel is None else file.channel,
                tier=event.tier,
                hall=event.hall,
                window=event.window,
                department=event.department,
                applicant=event.applicant if file.applicant is None else file.applicant,
                applicant_kind=event.applicant_kind if file.applicant_kind is None else file.applicant_kind,
                assisted=file.assisted or event.assisted,
                trips_recorded=event.trips_recorded,
                received_at=event.at,
                licence_expires_on=event.licence_expires_on,
                service=taken_in(at_hall(file.service, event.hall), event.materials, event.hall, event.at),
            )
        case CaseAccepted() | AcceptanceDeemed():
            return file._replace(
                version=next_version,
                stage=Stage.IN_REVIEW,
                stage_at=event.at,
                item=event.item,
                accepted_at=event.at,
                accepted_by=event.by if isinstance(event, CaseAccepted) else None,
                promise=event,
            )
        case CaseClosed():
            return file._replace(version=next_version, stage=Stage.CLOSED, stage_at=event.at, closing=event)
        case ApplicationSubmitted():
            return file._replace(
                version=next_version,
                stage=Stage.SUBMITTED,
                stage_at=event.at,
                item=event.item,
                channel=event.channel,
                applicant=event.applicant,
                applicant_kind=event.applicant_kind,
                assisted=event.assisted,
                submitted_at=event.at if file.submitted_at is None else file.submitted_at,
            )
        case PreReviewPassed():
            return file._replace(version=next_version, stage=Stage.PRE_REVIEWED, stage_at=event.at)
        case PreReviewReturned():
            return file._replace(version=next_version, stage=Stage.RETURNED, stage_at=event.at)
        case CorrectedOnSpot():
            return file._replace(version=next_version, service=taken_in(file.service, event.materials, file.hall, event.at))
        case CorrectionRequested():
            round_ = Correction(event.at, event.materials, event.complete, event.caused_by)
            asked = file._replace(version=next_version, corrections=(*file.corrections, round_))
            # A correction asked for after acceptance (an imported log may know one) does not undo the acceptance.
            return asked._replace(stage=Stage.CORRECTING, stage_at=event.at) if file.stage is Stage.RECEIVED else asked
        case CorrectionSubmitted():
            corrected = _correction_submitted(file, event)
            return corrected._replace(
                version=next_version, service=taken_in(file.service, event.materials, file.hall, event.at)
            )
        case NotAccepted():
            return file._replace(version=next_version, stage=Stage.NOT_ACCEPTED, stage_at=event.at, closing=event)
        case CaseRouted():
            opened = Approval(event.step, event.department, event.at)
            return file._replace(version=next_version, approvals=(*file.approvals, opened))
        case CaseTransferred():
            return _approval(file, event.step, partial(_transferred, event=event), next_version)
        case ApprovalGranted():
            granted = partial(Approval._replace, answer=Answer.GRANTED, answered_at=event.at, by=event.by)
            return _approval(file, event.step, granted, next_version)
        case ApprovalRefused() | ApprovalReturned():
            answer = Answer.REFUSED if isinstance(event, ApprovalRefused) else Answer.RETURNED
            no = partial(Approval._replace, answer=answer, answered_at=event.at, by=event.by, reason=event.reason)
            return _approval(file, event.step, no, next_version)
        case ReviewCompleted():
            return file._replace(version=next_version, stage=Stage.REVIEWED, stage_at=event.at, review_granted=event.granted)
        case Suspended():
            return _suspended(file, event)._replace(version=next_version)
        case Resumed():
            return _resumed(file, event)._replace(version=next_version)
        case ExtensionApproved():
            return file._replace(version=next_version, extensions=(*file.extensions, event))
        case HearingOffered():
            return file._replace(version=next_version, hearing=Hearing(event.at))
        case HearingRequested():
            return file._replace(version=next_version, hearing=_hearing(file)._replace(requested_at=event.at))
        case HearingNotified():
            return file._replace(version=next_version, hearing=_hearing(file)._replace(hearing_on=event.hearing_on))
        case HearingHeld():
            return file._replace(version=next_version, hearing=_hearing(file)._replace(held_at=event.at))
        case RenewalDeemed():
            silence = DecisionMade(at=_renewed_at(event), by=event.by, decision=Decision.GRANTED, reason="视为准予延续")
            return file._replace(
                version=next_version,
                stage=Stage.DECIDED,
                stage_at=event.at,
                decision=silence,
                review_granted=True,
                renewal=event,
            )
        case CardIssued():
            return file._replace(version=next_version, cards=(*file.cards, Card(event)))
        case CardRevoked():
            revoked = tuple(
                c._replace(revoked=event) if c.fact.card == event.card and c.revoked is None else c for c in file.cards
            )
            return file._replace(version=next_version, cards=revoked)
        case DecisionMade():
            decided = file._replace(version=next_version, stage=Stage.DECIDED, stage_at=event.at, decision=event)
            return decided._replace(renewal=None)
        case CaseWithdrawn():
            return file._replace(version=next_version, stage=Stage.WITHDRAWN, stage_at=event.at, closing=event)
        case CaseVoided():
            return file._replace(version=next_version, stage=Stage.VOIDED, stage_at=event.at, closing=event)
        case _ if isinstance(event, ServiceEvent):
            return file._replace(version=next_version, service=evolve_service(file.service, event, file.hall))
        case _ if isinstance(event, ResultEvent):
            return evolve_results(file, event)._replace(version=next_version)
        case _:
            assert_never(event)


def _suspended(file: CaseFile, event: Suspended) -> CaseFile:
    """One suspension more; its end may have been reported before it."""
    end = next((r for r in file.resumptions if r.suspension == event.suspension), None)
    suspended = file._replace(suspensions=(*file.suspensions, Suspension(event, end.at if end is not None else None)))
    if end is None:
        return suspended
    return suspended._replace(resumptions=tuple(r for r in file.resumptions if r is not end))


def _resumed(file: CaseFile, event: Resumed) -> CaseFile:
    """The open suspension of that name ends; where none of that name is known yet, its end is kept for it."""
    if all(s.fact.suspension != event.suspension for s in file.suspensions):
        return file._replace(resumptions=(*file.resumptions, event))
    ended = tuple(
        s._replace(ended_at=event.at) if s.fact.suspension == event.suspension and s.ended_at is None else s
        for s in file.suspensions
    )
    return file._replace(suspensions=ended)


def _hearing(file: CaseFile) -> Hearing:
    return file.hearing or Hearing()


def _correction_submitted(file: CaseFile, event: CorrectionSubmitted) -> CaseFile:
    """Close the last open correction round; from CORRECTING the case is received again, all papers now in."""
    rounds = list(file.corrections)
    for index in reversed(range(len(rounds))):
        if rounds[index].submitted_at is None:
            rounds[index] = rounds[index]._replace(submitted_at=event.at, brought=event.materials)
            break
    if file.stage is not Stage.CORRECTING:
        return file._replace(corrections=tuple(rounds))
    return file._replace(corrections=tuple(rounds), stage=Stage.RECEIVED, stage_at=event.at)


def _transferred(approval: Approval, *, event: CaseTransferred) -> Approval:
    left = (event.at, approval.department)
    return approval._replace(department=event.to_department, handed_over=(*approval.handed_over, left))


def _approval(file: CaseFile, step: str, change: Callable[[Approval], Approval], version: int) -> CaseFile:
    """The file with the latest routing of a step changed; unchanged where the step was never routed."""
    approvals = list(file.approvals)
    for index in reversed(range(len(approvals))):
        if approvals[index].step == step:
            approvals[index] = change(approvals[index])
            break
    return file._replace(version=version, approvals=tuple(approvals))


def _renewed_at(event: RenewalDeemed) -> datetime:
    """When silence had renewed a licence (Art. 50): as its last day was over, however late that was recorded."""
    last, recorded = event.licence_expired_on, event.at
    if last >= recorded.date():  # an imported history may say so
        return recorded
    return datetime.combine(last + timedelta(days=1), time.min, recorded.tzinfo)
