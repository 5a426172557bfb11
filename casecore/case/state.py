"""The file of a case (办件卷宗): what its history adds up to. ``evolve`` is the one fold; rules and projections read it.

The fold never refuses, reads no clock and no catalogue, and takes facts in any order: an imported or late fact may lie
before others already recorded. What is derived (due dates, trips net, verdicts) is not here but in functions over it.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import NamedTuple, assert_never

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
    CaseRated,
    CaseReceived,
    CaseRouted,
    CaseTransferred,
    CaseVoided,
    CaseWithdrawn,
    CertificateMade,
    CertificateSealed,
    CorrectedOnSpot,
    CorrectionRequested,
    CorrectionSubmitted,
    CourierDispatched,
    CourierLost,
    CourierReturned,
    DecisionMade,
    ExtensionApproved,
    HearingHeld,
    HearingNotified,
    HearingOffered,
    HearingRequested,
    MaterialsCouriered,
    NotAccepted,
    PreReviewPassed,
    PreReviewReturned,
    Promise,
    RenewalDeemed,
    ResultDelivered,
    Resumed,
    ReviewCompleted,
    StepCompleted,
    Suspended,
    TripMade,
)
from casecore.clocks import Extension, Ledger, SuspensionSpan
from casecore.plan import PlanStep
from casecore.refusals import blank
from casecore.vocabulary import (
    Answer,
    ApplicantKind,
    Authority,
    Cause,
    CausedBy,
    Channel,
    Decision,
    Outcome,
    Place,
    Stage,
    SuspensionKind,
    Tier,
    Transit,
    Visitor,
)

__all__ = [
    "NEW",
    "Approval",
    "Card",
    "CaseFile",
    "Certificate",
    "Consignment",
    "Correction",
    "Hearing",
    "Suspension",
    "Trip",
    "evolve",
    "fold",
    "longest_extension",
    "told_in_writing",
]


class Approval(NamedTuple):
    """One step of the plan at its department; ``answer`` is None while it is open."""

    step: str
    department: str
    opened_at: datetime
    answer: Answer | None = None
    answered_at: datetime | None = None
    by: str | None = None
    reason: str | None = None
    handed_over: tuple[tuple[datetime, str], ...] = ()
    """转办: when it left which department, for those that had it before."""


class Correction(NamedTuple):
    """A correction round (补正)."""

    requested_at: datetime
    materials: tuple[str, ...]
    complete: bool
    caused_by: CausedBy
    submitted_at: datetime | None = None


class Suspension(NamedTuple):
    """One suspension with the fact that began it."""

    fact: Suspended
    ended_at: datetime | None = None


class Card(NamedTuple):
    """A card of supervision with the fact that revoked it, if one did."""

    fact: CardIssued
    revoked: CardRevoked | None = None


class Hearing(NamedTuple):
    """How far a hearing (听证) has come."""

    offered_at: datetime | None = None
    requested_at: datetime | None = None
    hearing_on: date | None = None
    held_at: datetime | None = None


class Certificate(NamedTuple):
    """One certificate (证照)."""

    certificate: str
    kind: str
    made_at: datetime
    seal: str | None = None
    sealed_at: datetime | None = None


class Consignment(NamedTuple):
    """One courier consignment on its way to the applicant."""

    consignment: str
    courier: str
    certificate: str | None
    dispatched_at: datetime
    replaces: str | None
    state: Transit = Transit.UNDER_WAY
    ended_at: datetime | None = None


class Trip(NamedTuple):
    """One recorded trip."""

    visit: str
    at: datetime
    visitor: Visitor
    place: Place
    cause: Cause


class CaseFile(NamedTuple):
    """Everything a case's facts add up to; immutable. ``version`` counts the facts folded so far."""

    version: int = 0
    stage: Stage = Stage.NEW
    stage_at: datetime | None = None
    """When the case came to its present stage."""
    item: str | None = None
    channel: Channel | None = None
    tier: Tier | None = None
    hall: str | None = None
    window: str | None = None
    department: str | None = None
    applicant: str | None = None
    applicant_kind: ApplicantKind | None = None
    assisted: bool = False
    trips_recorded: bool = True
    submitted_at: datetime | None = None
    received_at: datetime | None = None
    accepted_at: datetime | None = None
    accepted_by: str | None = None
    promise: Promise | None = None
    """The fact that froze item version, limits, plan, trips promised and calendar."""
    corrections: tuple[Correction, ...] = ()
    approvals: tuple[Approval, ...] = ()
    """One entry for each time a step was routed, in that order."""
    steps: tuple[StepCompleted, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    extensions: tuple[ExtensionApproved, ...] = ()
    """The first is the one that counts: a limit is extended once."""
    hearing: Hearing | None = None
    licence_expires_on: date | None = None
    renewal: RenewalDeemed | None = None
    """视为准予延续: the silence that stands for the decision; None where somebody decided."""
    cards: tuple[Card, ...] = ()
    review_granted: bool | None = None
    decision: DecisionMade | None = None
    certificates: tuple[Certificate, ...] = ()
    couriered_in: tuple[MaterialsCouriered, ...] = ()
    consignments: tuple[Consignment, ...] = ()
    deliveries: tuple[ResultDelivered, ...] = ()
    closing: CaseClosed | CaseVoided | CaseWithdrawn | NotAccepted | None = None
    """How the case ended, if it has."""
    rating: CaseRated | None = None
    trips: tuple[Trip, ...] = ()
    resumptions: tuple[Resumed, ...] = ()
    """Ends of suspensions nobody has heard of yet: the suspension itself may be reported later."""

    @property
    def plan(self) -> tuple[PlanStep, ...]:
        """The approval plan as frozen at acceptance."""
        return self.promise.plan if self.promise else ()

    @property
    def closed_at(self) -> datetime | None:
        """办结 instant; None for a case that is open, withdrawn, voided or was never accepted."""
        return self.closing.at if isinstance(self.closing, CaseClosed) else None

    @property
    def outcome(self) -> Outcome | None:
        """办结结果, where the case has one."""
        return self.closing.outcome if isinstance(self.closing, CaseClosed | CaseVoided) else None

    @property
    def suspended(self) -> bool:
        """Whether any suspension is open."""
        return any(suspension.ended_at is None for suspension in self.suspensions)

    @property
    def deemed(self) -> bool:
        """视为受理: whether the law accepted the case because nobody answered."""
        return isinstance(self.promise, AcceptanceDeemed)

    def card(self, name: str) -> Card | None:
        """The card of that name, revoked or not."""
        return next((card for card in self.cards if card.fact.card == name), None)

    def current(self, step: str) -> Approval | None:
        """The latest routing of a step of the plan, whatever its answer."""
        return next((a for a in reversed(self.approvals) if a.step == step), None)

    def ready_steps(self) -> tuple[PlanStep, ...]:
        """Steps that may be routed: all before them granted, never routed or handed back."""
        granted = {a.step for a in self.approvals if a.answer is Answer.GRANTED}
        waiting = {a.step for a in self.approvals if a.answer is not Answer.RETURNED}
        return tuple(s for s in self.plan if s.step not in waiting and granted.issuperset(s.after))

    def certificate(self, number: str) -> Certificate | None:
        """The certificate of that number."""
        return next((c for c in self.certificates if c.certificate == number), None)

    def consignment(self, number: str) -> Consignment | None:
        """The outgoing consignment of that number."""
        return next((c for c in self.consignments if c.consignment == number), None)

    def ledger(self, *, statutory: bool) -> Ledger:
        """The acts that may move the statutory clock, or the promised one.

        The statutory one is moved by what Art. 45 allows alone, whatever an imported fact claims to move.
        """
        spans = tuple(
            SuspensionSpan(s.fact.suspension, s.fact.at, s.ended_at, s.fact.declared_days)
            for s in self.suspensions
            if (s.fact.moves_statutory and told_in_writing(s.fact) if statutory else s.fact.moves_promise)
        )
        return Ledger(spans, self._extension())

    def _extension(self) -> Extension | None:
        """The extension as far as the law allows it: the first, by the right authority, within its longest days."""
        joint = self.promise is not None and self.promise.joint
        most, authority = longest_extension(joint=joint)
        for approved in self.extensions[:1]:
            if approved.authority in (None, authority) and approved.days > 0:
                return Extension(approved.at.date(), min(approved.days, most))
        return None

    @property
    def started_on(self) -> date | None:
        """Day 0 of the limits, a local date."""
        return self.promise.effective_on if self.promise else None


NEW = CaseFile()
"""The file of a case nobody has heard of."""


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


def _with(file: CaseFile, event: CaseEvent) -> CaseFile:  # noqa: C901, PLR0911, PLR0912, PLR0915 - one arm a fact
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
            return file._replace(version=next_version)
        case CorrectionRequested():
            round_ = Correction(event.at, event.materials, event.complete, event.caused_by)
            asked = file._replace(version=next_version, corrections=(*file.corrections, round_))
            # A correction asked for after acceptance (an imported log may know one) does not undo the acceptance.
            return asked._replace(stage=Stage.CORRECTING, stage_at=event.at) if file.stage is Stage.RECEIVED else asked
        case CorrectionSubmitted():
            return _correction_submitted(file, event)._replace(version=next_version)
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
        case CertificateMade():
            made = Certificate(event.certificate, event.kind, event.at)
            return file._replace(version=next_version, certificates=(*file.certificates, made))
        case CertificateSealed():
            sealed = tuple(
                c._replace(seal=event.seal, sealed_at=event.at) if c.certificate == event.certificate else c
                for c in file.certificates
            )
            return file._replace(version=next_version, certificates=sealed)
        case MaterialsCouriered():
            return file._replace(version=next_version, couriered_in=(*file.couriered_in, event))
        case CourierDispatched():
            sent = Consignment(event.consignment, event.courier, event.certificate, event.at, event.replaces)
            return file._replace(version=next_version, consignments=(*file.consignments, sent))
        case CourierReturned():
            return _consigned(file, event.consignment, Transit.RETURNED, event.at)._replace(version=next_version)
        case CourierLost():
            return _consigned(file, event.consignment, Transit.LOST, event.at)._replace(version=next_version)
        case ResultDelivered():
            if event.consignment is not None:
                file = _consigned(file, event.consignment, Transit.DELIVERED, event.at)
            return file._replace(version=next_version, deliveries=(*file.deliveries, event))
        case CaseWithdrawn():
            return file._replace(version=next_version, stage=Stage.WITHDRAWN, stage_at=event.at, closing=event)
        case CaseVoided():
            return file._replace(version=next_version, stage=Stage.VOIDED, stage_at=event.at, closing=event)
        case CaseRated():
            return file._replace(version=next_version, rating=event)
        case TripMade():
            trip = Trip(event.visit, event.at, event.visitor, event.place, event.cause)
            return file._replace(version=next_version, trips=(*file.trips, trip))
        case _:
            assert_never(event)


def longest_extension(*, joint: bool) -> tuple[int, Authority]:
    """How many working days a limit may be extended by, and who approves it (Art. 42(1), 42(2))."""
    return (15, Authority.GOVERNMENT_HEAD) if joint else (10, Authority.ORGAN_HEAD)


def told_in_writing(fact: Suspended) -> bool:
    """Whether a suspension is what Art. 45 leaves out of the limit: on its ground, for days declared in a written notice."""
    special = fact.kind is SuspensionKind.SPECIAL_PROCEDURE and fact.ground is not None
    return special and fact.declared_days is not None and fact.declared_days > 0 and not blank(fact.notice)


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
            rounds[index] = rounds[index]._replace(submitted_at=event.at)
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


def _consigned(file: CaseFile, number: str, state: Transit, at: datetime) -> CaseFile:
    return file._replace(
        consignments=tuple(c._replace(state=state, ended_at=at) if c.consignment == number else c for c in file.consignments)
    )
