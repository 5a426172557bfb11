"""The file of a case (办件卷宗): what its history adds up to, and what can be read off it without a calendar."""

from datetime import date, datetime
from typing import Final, NamedTuple

from casecore.cards import Card, card_named
from casecore.case.facts.acceptance import AcceptanceDeemed, NotAccepted, Promise
from casecore.case.facts.closing import CaseClosed, CaseVoided, CaseWithdrawn
from casecore.case.facts.courier import MaterialsCouriered
from casecore.case.facts.decision import DecisionMade, RenewalDeemed
from casecore.case.facts.delivery import ResultDelivered
from casecore.case.facts.ratings import CaseRated
from casecore.case.facts.redecision import CaseTakenUpAgain, ResultSetAside
from casecore.case.facts.review import StepCompleted
from casecore.case.facts.time_limits import ExtensionApproved, Resumed, told_in_writing
from casecore.case.parts import Approval, Certificate, Consignment, Correction, Hearing, Service, Suspension, Trip
from casecore.extending import longest_extension
from casecore.ledger import Extension, Ledger, SuspensionSpan
from casecore.plan import PlanStep
from casecore.value import swift
from casecore.vocabulary import Answer, ApplicantKind, Channel, ItemType, Outcome, Stage, Tier

__all__ = ["NEW", "CaseFile"]

_NEVER_COUNTED: Final = frozenset({Stage.NEW, Stage.WITHDRAWN, Stage.VOIDED})


@swift
class CaseFile(NamedTuple):
    """Everything a case's facts add up to; immutable. ``version`` counts the facts folded so far."""

    version: int = 0
    stage: Stage = Stage.NEW
    stage_at: datetime | None = None
    """When the case came to its present stage."""
    item: str | None = None
    item_type: ItemType | None = None
    """事项类型 as frozen at the receipt, then at the acceptance; None where no fact says."""
    licence_law: bool = True
    """Whether the law of licences governs it (Art. 32, 43, 44, 50), as frozen with the kind."""
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
    added: tuple[PlanStep, ...] = ()
    """加签: steps of departments asked besides those of the plan."""
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
    inbound: tuple[Consignment, ...] = ()
    """Papers a courier took in at the applicant's door."""
    consignments: tuple[Consignment, ...] = ()
    delivered: tuple[ResultDelivered, ...] = ()
    """Every delivery that was told, in that order; :attr:`deliveries` are those that still hold."""
    closing: CaseClosed | CaseVoided | CaseWithdrawn | NotAccepted | None = None
    """How the case ended, if it has."""
    set_aside: ResultSetAside | None = None
    """撤销: by whose word the result holds no more; how the case ended stays as it was."""
    again: CaseTakenUpAgain | None = None
    """重作: the case whose result it decides anew."""
    resumptions: tuple[Resumed, ...] = ()
    """Ends of suspensions nobody has heard of yet: the suspension itself may be reported later."""
    service: Service = Service()

    @property
    def trips(self) -> tuple[Trip, ...]:
        """Every recorded trip, in the order told."""
        return self.service.trips

    @property
    def deliveries(self) -> tuple[ResultDelivered, ...]:
        """What the applicant was given: a delivery by courier holds until a later report says that it came to nothing."""
        if not self.consignments:
            return self.delivered
        sent = {one.consignment: one for one in self.consignments}
        return tuple(
            one
            for one in self.delivered
            if one.consignment is None or one.consignment not in sent or sent[one.consignment].arrived(one.at)
        )

    @property
    def rating(self) -> CaseRated | None:
        """What the citizen said of the case as a whole."""
        standing = self.service.rating(None)
        return None if standing is None else standing.fact

    @property
    def applied_at(self) -> datetime | None:
        """提出申请: when it was filed online, or else received; None before."""
        return self.submitted_at or self.received_at

    @property
    def plan(self) -> tuple[PlanStep, ...]:
        """The approval plan: as frozen at acceptance, and what was added to the running review (加签)."""
        return (self.promise.plan if self.promise else ()) + self.added

    @property
    def closed_at(self) -> datetime | None:
        """办结 instant; None for a case that is open, withdrawn, voided or was never accepted."""
        return self.closing.at if isinstance(self.closing, CaseClosed) else None

    @property
    def outcome(self) -> Outcome | None:
        """办结结果, where the case has one."""
        return self.closing.outcome if isinstance(self.closing, CaseClosed | CaseVoided) else None

    @property
    def counted(self) -> bool:
        """Whether a figure of times or trips may count it: opened, and neither withdrawn (撤回) nor void (作废, 删除)."""
        return self.stage not in _NEVER_COUNTED

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
        return card_named(self.cards, name)

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

    def in_hand(self, certificate: Certificate) -> bool:
        """Whether the applicant has a certificate as it stands: one corrected since (更正) is handed over again."""
        since = certificate.corrected_at
        return any(
            one.certificate == certificate.certificate and (since is None or one.at >= since) for one in self.deliveries
        )

    def consignment(self, number: str) -> Consignment | None:
        """The outgoing consignment of that number."""
        return next((c for c in self.consignments if c.consignment == number), None)

    def ledger(self, *, statutory: bool) -> Ledger:
        """The acts that may move the statutory clock, or the promised one.

        The statutory one is moved by what Art. 45 allows alone, whatever an imported fact claims to move.
        """
        excluding = self.promise is None or self.promise.licence_law
        spans = tuple(
            SuspensionSpan(s.fact.suspension, s.fact.at, s.ended_at, s.fact.declared_days)
            for s in self.suspensions
            if (excluding and s.fact.moves_statutory and told_in_writing(s.fact) if statutory else s.fact.moves_promise)
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
