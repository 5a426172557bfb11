"""Facts of a case (办件事实), in the past tense. Their names and fields are storage formats: never edited, only superseded.

Every fact says when it happened (``at``: an instant with the local offset of its district, so that ``at.date()`` is
the local date the law counts) and who did it (``by``). What was promised is frozen into :class:`Acceptance`.
"""

from dataclasses import dataclass
from datetime import date, datetime

from casecore.case.result_events import (
    CertificateCorrected,
    CertificateMade,
    CertificateReissued,
    CertificateRevoked,
    CertificateSealed,
    CourierDispatched,
    CourierLost,
    CourierRefused,
    CourierReturned,
    MaterialsCouriered,
    PapersSent,
    ResultDelivered,
    ResultEvent,
)
from casecore.case.service_events import (
    CaseJoined,
    CaseRated,
    ConditionLapsed,
    FeePaid,
    FeeWaived,
    HomeServiceRequested,
    LookupFailed,
    MandateGranted,
    MandateRevoked,
    MaterialMet,
    MaterialPromised,
    PapersCollected,
    PapersDeposited,
    PapersHandedOver,
    RaterCalledBack,
    RatingRectified,
    RatingReviewed,
    ServiceEvent,
    TripMade,
)
from casecore.fact import Fact
from casecore.limits import Limit
from casecore.plan import PlanStep
from casecore.vocabulary import (
    ApplicantKind,
    Authority,
    CardGround,
    CardLevel,
    CausedBy,
    Channel,
    Decision,
    HandlingKind,
    Outcome,
    SpecialGround,
    SuspensionKind,
    Tier,
    Unit,
)

__all__ = [
    "AcceptanceDeemed",
    "ApplicationSubmitted",
    "ApprovalGranted",
    "ApprovalRefused",
    "ApprovalReturned",
    "CardIssued",
    "CardRevoked",
    "CaseAccepted",
    "CaseClosed",
    "CaseEvent",
    "CaseJoined",
    "CaseRated",
    "CaseReceived",
    "CaseRouted",
    "CaseTransferred",
    "CaseVoided",
    "CaseWithdrawn",
    "CertificateCorrected",
    "CertificateMade",
    "CertificateReissued",
    "CertificateRevoked",
    "CertificateSealed",
    "ConditionLapsed",
    "CorrectedOnSpot",
    "CorrectionRequested",
    "CorrectionSubmitted",
    "CourierDispatched",
    "CourierLost",
    "CourierRefused",
    "CourierReturned",
    "DecisionMade",
    "ExtensionApproved",
    "FeePaid",
    "FeeWaived",
    "HearingHeld",
    "HearingNotified",
    "HearingOffered",
    "HearingRequested",
    "HomeServiceRequested",
    "LookupFailed",
    "MandateGranted",
    "MandateRevoked",
    "MaterialMet",
    "MaterialPromised",
    "MaterialsCouriered",
    "NotAccepted",
    "PapersCollected",
    "PapersDeposited",
    "PapersHandedOver",
    "PapersSent",
    "PreReviewPassed",
    "PreReviewReturned",
    "Promise",
    "RaterCalledBack",
    "RatingRectified",
    "RatingReviewed",
    "RenewalDeemed",
    "ResultDelivered",
    "ResultEvent",
    "Resumed",
    "ReviewCompleted",
    "ServiceEvent",
    "StepCompleted",
    "Suspended",
    "TripMade",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationSubmitted(Fact):
    """申请: filed online, before anyone at the hall has touched it."""

    item: str
    channel: Channel
    applicant: str
    applicant_kind: ApplicantKind
    assisted: bool = False
    """帮办: window staff filed it for the applicant; not counted as online."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreReviewPassed(Fact):
    """预审通过."""

    opinion: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreReviewReturned(Fact):
    """预审退回: the applicant may file again."""

    reason: str
    materials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReceived(Fact):
    """收件: the papers are in; the five-day clock of Art. 32 runs, the case is not yet accepted."""

    item: str
    channel: Channel
    tier: Tier
    hall: str
    window: str | None = None
    department: str | None = None
    """受理部门: whose case it is; by rule the item's 实施主体."""
    applicant: str | None = None
    applicant_kind: ApplicantKind | None = None
    materials: tuple[str, ...] = ()
    assisted: bool = False
    trips_recorded: bool = True
    """False for imported histories that say nothing of trips: they stay out of the trip indicators."""
    licence_expires_on: date | None = None
    """延续: the last day of the licence to be renewed; silence until then renews it (Art. 50)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedOnSpot(Fact):
    """当场更正 (Art. 32(3)): no trip, no clock stop."""

    materials: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionRequested(Fact):
    """补正告知 (Art. 32(4)): everything that is missing, told once."""

    materials: tuple[str, ...]
    complete: bool = True
    """一次性告知: the notice named everything that was missing."""
    caused_by: CausedBy = CausedBy.APPLICANT
    notice: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionSubmitted(Fact):
    """补正提交."""

    materials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance(Fact):
    """What is frozen when a case is accepted, by the hall or by law: version, limits, plan, trips, calendar version."""

    effective_on: date
    """Day 0 of the limits, a local date: the acceptance; the next working day where a window only receives on rest
    days; the receipt where the law deems it accepted."""
    item: str
    item_version: int
    handling: HandlingKind
    promised: Limit
    statutory: Limit | None
    plan: tuple[PlanStep, ...]
    trips_promised: int | None
    calendar: str
    joint: bool = False
    """联办件: joint handling, extendable by 15 working days instead of 10."""
    materials: tuple[str, ...] = ()
    """材料清单: what the item requires."""
    licence_materials: tuple[str, ...] = ()
    """Those of them an electronic licence may stand for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAccepted(Acceptance):
    """受理: the promise is frozen here."""

    notice: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptanceDeemed(Acceptance):
    """视为受理 (Art. 32(4)): nobody told within five working days what is missing, so it is accepted since the receipt."""

    notice_due_on: date
    """The last day on which a notice would have been in time."""


Promise = CaseAccepted | AcceptanceDeemed
"""The fact that froze what was promised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAccepted(Fact):
    """不予受理: a lawful no; the reason and the remedy are told, and the right organ where there is one."""

    reason: str
    remedy: str
    redirect_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRouted(Fact):
    """分办: a step of the plan reaches its department and is open there."""

    step: str
    department: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTransferred(Fact):
    """转办: an open step changes departments."""

    step: str
    from_department: str
    to_department: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCompleted(Fact):
    """环节办结: some internal step (承办, 审核, 批准 …) was done; what an imported log knows of a case's way."""

    name: str
    department: str | None = None
    action: str | None = None
    started_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalGranted(Fact):
    """审批通过."""

    step: str
    department: str
    opinion: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRefused(Fact):
    """审批不通过."""

    step: str
    department: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalReturned(Fact):
    """审批退回: the department hands the file back; it has to be routed again."""

    step: str
    department: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewCompleted(Fact):
    """审批完毕: nothing in the plan is open or can still open."""

    granted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspended(Fact):
    """挂起 or 特别程序: a clock may stand still; the fact says which ones it moves."""

    suspension: str
    kind: SuspensionKind
    reason: str
    ground: SpecialGround | None = None
    declared_days: int | None = None
    """Working days told to the applicant in writing (Art. 45); the excluded time is capped at them."""
    notice: str | None = None
    moves_promise: bool = False
    moves_statutory: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(Fact):
    """解挂."""

    suspension: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionApproved(Fact):
    """延长审批 (Art. 42): once, up to 10 working days, 15 for joint handling."""

    days: int
    approver: str
    reason: str
    notice: str | None = None
    authority: Authority | None = None
    """As whom the approver approved; None where nobody recorded it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingOffered(Fact):
    """听证告知 (Art. 47): the applicant is told of the right to a hearing, to be asked for within five working days."""

    notice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingRequested(Fact):
    """听证申请: the organ holds it within twenty working days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingNotified(Fact):
    """听证通知 (Art. 48): time and place, seven days ahead."""

    hearing_on: date
    notice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingHeld(Fact):
    """听证举行, with its record (笔录)."""

    record: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalDeemed(Fact):
    """视为准予延续 (Art. 50): the licence ran out and nobody had decided on its renewal."""

    licence_expired_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CardIssued(Fact):
    """发牌 (电子监察): a warning, a yellow or a red card, for one ground, once."""

    card: str
    """Names the card within the case: ground, what it is about, and the due date it is about."""
    level: CardLevel
    ground: CardGround
    judged_at: datetime
    """The moment of the fact that was judged: the closing, the answer, or the question where it still runs."""
    clock: str | None = None
    department: str | None = None
    """责任部门."""
    due_on: date | None = None
    overdue: int = 0
    """By how much, in ``unit``."""
    unit: Unit | None = None
    """What its clock is counted in: minutes of legal working time for limits within a day."""
    provisional: bool = False
    """The due date touched or passed the calendar's coverage when it was judged (暂定): a later notice may move it."""
    rule: str | None = None
    """The district's rule it was issued under; None for a card issued by hand."""
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRevoked(Fact):
    """撤牌: the card stays in the history and no longer counts."""

    card: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionMade(Fact):
    """准予, 容缺准予 or 不予: the organ has decided."""

    decision: Decision
    reason: str | None = None
    document: str | None = None
    automatic: bool = False
    """智能审批 (秒批): no human hand in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed(Fact):
    """办结 with one of the seven 办结结果."""

    outcome: Outcome
    reason: str | None = None
    forwarded_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseWithdrawn(Fact):
    """撤回, by the applicant."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseVoided(Fact):
    """作废: the record itself was wrong; 2 for an invalid case, 3 for a typing error."""

    outcome: Outcome
    reason: str


CaseEvent = (
    ApplicationSubmitted
    | PreReviewPassed
    | PreReviewReturned
    | CaseReceived
    | CorrectedOnSpot
    | CorrectionRequested
    | CorrectionSubmitted
    | CaseAccepted
    | AcceptanceDeemed
    | NotAccepted
    | CaseRouted
    | CaseTransferred
    | StepCompleted
    | ApprovalGranted
    | ApprovalRefused
    | ApprovalReturned
    | ReviewCompleted
    | Suspended
    | Resumed
    | ExtensionApproved
    | HearingOffered
    | HearingRequested
    | HearingNotified
    | HearingHeld
    | RenewalDeemed
    | CardIssued
    | CardRevoked
    | DecisionMade
    | CaseClosed
    | CaseWithdrawn
    | CaseVoided
    | ResultEvent
    | ServiceEvent
)
"""Every fact a case's history may hold."""
