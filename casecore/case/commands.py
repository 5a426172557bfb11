"""Commands of a case (办理动作), in the imperative. Each leads to the rule of the same name, see :mod:`casecore.case.rules`.

``at`` is when it happened, an aware instant (default: now); ``by`` the member of staff, applicant or agent who did it;
``command_id`` makes a retry harmless: the same id is carried out once and answered with the first receipt.
"""

from dataclasses import dataclass
from datetime import date, datetime

from casecore.vocabulary import (
    ApplicantKind,
    Authority,
    CardGround,
    CardLevel,
    Cause,
    CausedBy,
    Channel,
    Decision,
    DeliveryMethod,
    Grade,
    Outcome,
    Place,
    SpecialGround,
    SuspensionKind,
    Tier,
    Visitor,
)

__all__ = [
    "AcceptCase",
    "ApproveExtension",
    "CaseCommand",
    "CloseCase",
    "CompleteStep",
    "CorrectOnSpot",
    "DeclineAcceptance",
    "DeliverResult",
    "DispatchCourier",
    "GrantApproval",
    "HoldHearing",
    "IssueCard",
    "MakeCertificate",
    "MakeDecision",
    "NotifyHearing",
    "OfferHearing",
    "PassPreReview",
    "PassTime",
    "RateCase",
    "ReceiveCase",
    "ReceiveCourieredMaterials",
    "RecordTrip",
    "RefuseApproval",
    "ReportCourierLost",
    "ReportCourierReturned",
    "RequestCorrection",
    "RequestHearing",
    "ResendCourier",
    "ResumeCase",
    "ReturnApproval",
    "ReturnPreReview",
    "RevokeCard",
    "RouteCase",
    "SealCertificate",
    "SubmitApplication",
    "SubmitCorrection",
    "SuspendCase",
    "TransferCase",
    "Visit",
    "VoidCase",
    "WithdrawCase",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """The visit in which something was handed in or collected: one id, however many cases it served."""

    visit: str
    place: Place = Place.HALL
    visitor: Visitor = Visitor.APPLICANT


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What every command carries."""

    case: str
    by: str
    at: datetime | None = None
    command_id: str | None = None
    correlation_id: str | None = None
    causation_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitApplication(Command):
    """申请: file online."""

    item: str
    channel: Channel
    applicant: str
    applicant_kind: ApplicantKind = ApplicantKind.PERSON
    assisted: bool = False
    entitled_from: date | None = None
    """The day the application window (申报期) opened for this applicant, e.g. enrolment; items without one ignore it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassPreReview(Command):
    """预审通过."""

    opinion: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnPreReview(Command):
    """预审退回."""

    reason: str
    materials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveCase(Command):
    """收件: at a window, or taking over an online application (then item and applicant are already known)."""

    hall: str
    tier: Tier = Tier.COUNTY
    item: str | None = None
    channel: Channel | None = None
    window: str | None = None
    department: str | None = None
    """受理部门; the item's 实施主体 where it is not named."""
    applicant: str | None = None
    applicant_kind: ApplicantKind | None = None
    materials: tuple[str, ...] = ()
    assisted: bool = False
    entitled_from: date | None = None
    visit: Visit | None = None
    licence_expires_on: date | None = None
    """延续: the last day of the licence to be renewed (Art. 50)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectOnSpot(Command):
    """当场更正."""

    materials: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCorrection(Command):
    """补正告知."""

    materials: tuple[str, ...]
    complete: bool = True
    caused_by: CausedBy = CausedBy.APPLICANT
    notice: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitCorrection(Command):
    """补正提交."""

    materials: tuple[str, ...] = ()
    visit: Visit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptCase(Command):
    """受理. ``receipt_only`` says whether this window only receives on rest days (周末收件, 顺延受理).

    By default the district's rule answers for the window. Once the five working days of Art. 32 have passed the case
    is deemed accepted since its receipt, whatever is asked here.
    """

    notice: str | None = None
    receipt_only: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineAcceptance(Command):
    """不予受理."""

    reason: str
    remedy: str
    redirect_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteCase(Command):
    """分办: send every step that is ready to its department, or only those named."""

    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferCase(Command):
    """转办."""

    step: str
    to_department: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteStep(Command):
    """环节办结."""

    name: str
    department: str | None = None
    action: str | None = None
    started_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantApproval(Command):
    """审批通过."""

    step: str
    department: str
    opinion: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseApproval(Command):
    """审批不通过."""

    step: str
    department: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnApproval(Command):
    """审批退回."""

    step: str
    department: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendCase(Command):
    """挂起, or start a special procedure (特别程序); ``declared_days`` are of the limit's own kind, working days mostly."""

    reason: str
    kind: SuspensionKind = SuspensionKind.ORDINARY
    ground: SpecialGround | None = None
    declared_days: int | None = None
    notice: str | None = None
    suspension: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeCase(Command):
    """解挂; the suspension may stay unnamed while only one is open."""

    suspension: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveExtension(Command):
    """延长审批; ``days`` are of the limit's own kind, working days mostly.

    The organ's head approves up to 10; for joint handling the head of government up to 15. The applicant is told why
    (延长办理期限通知书).
    """

    days: int
    approver: str
    reason: str
    notice: str | None = None
    authority: Authority = Authority.ORGAN_HEAD


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferHearing(Command):
    """听证告知."""

    notice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestHearing(Command):
    """听证申请, by the applicant or whoever else the decision concerns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyHearing(Command):
    """听证通知."""

    hearing_on: date
    notice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldHearing(Command):
    """听证举行."""

    record: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PassTime(Command):
    """时间推移: record what the passing of time has brought by ``at``, whatever that is (see ``Engine.tick``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueCard(Command):
    """人工发牌, by a supervisor; what a clock shows is issued by :class:`PassTime`."""

    level: CardLevel
    ground: CardGround
    reason: str
    department: str | None = None
    card: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeCard(Command):
    """撤牌."""

    card: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeDecision(Command):
    """准予 / 容缺准予 / 不予."""

    decision: Decision
    reason: str | None = None
    document: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeCertificate(Command):
    """制证."""

    certificate: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SealCertificate(Command):
    """用印."""

    certificate: str
    seal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveCourieredMaterials(Command):
    """材料寄达."""

    consignment: str
    materials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchCourier(Command):
    """寄出."""

    consignment: str
    courier: str
    certificate: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResendCourier(Command):
    """重新寄出, after a return or a loss."""

    consignment: str
    courier: str
    replaces: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCourierReturned(Command):
    """寄递退回."""

    consignment: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCourierLost(Command):
    """寄递遗失."""

    consignment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverResult(Command):
    """送达: by window pick-up, locker, courier or as an e-certificate."""

    method: DeliveryMethod
    certificate: str | None = None
    consignment: str | None = None
    recipient: str | None = None
    visit: Visit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseCase(Command):
    """办结."""

    outcome: Outcome
    reason: str | None = None
    forwarded_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawCase(Command):
    """撤回."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidCase(Command):
    """作废: take a wrong record out of every figure, even after closing."""

    reason: str
    typing_error: bool = False
    """True for 删除办结 (3), False for 作废办结 (2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateCase(Command):
    """好差评."""

    grade: Grade
    defaulted: bool = False
    remark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTrip(Command):
    """跑动, where no other command carried the visit."""

    visit: str
    cause: Cause
    place: Place = Place.HALL
    visitor: Visitor = Visitor.APPLICANT


CaseCommand = (
    SubmitApplication
    | PassPreReview
    | ReturnPreReview
    | ReceiveCase
    | CorrectOnSpot
    | RequestCorrection
    | SubmitCorrection
    | AcceptCase
    | DeclineAcceptance
    | RouteCase
    | TransferCase
    | CompleteStep
    | GrantApproval
    | RefuseApproval
    | ReturnApproval
    | SuspendCase
    | ResumeCase
    | ApproveExtension
    | OfferHearing
    | RequestHearing
    | NotifyHearing
    | HoldHearing
    | PassTime
    | IssueCard
    | RevokeCard
    | MakeDecision
    | MakeCertificate
    | SealCertificate
    | ReceiveCourieredMaterials
    | DispatchCourier
    | ResendCourier
    | ReportCourierReturned
    | ReportCourierLost
    | DeliverResult
    | CloseCase
    | WithdrawCase
    | VoidCase
    | RateCase
    | RecordTrip
)
"""Everything a hall backend may ask of a case."""
