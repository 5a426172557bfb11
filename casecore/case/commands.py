"""Commands of a case (办理动作), in the imperative. Each leads to the rule of the same name, see :mod:`casecore.case.rules`.

``at`` is when it happened, an aware instant (default: now); ``by`` the member of staff, applicant or agent who did it;
``command_id`` makes a retry harmless: the same id is carried out once and answered with the first receipt.
"""

from dataclasses import dataclass
from datetime import date, datetime

from casecore.case.command_base import CaseCommandBase, GivenMaterial, Visit
from casecore.case.result_commands import (
    CorrectCertificate,
    DeliverResult,
    DispatchCourier,
    MakeCertificate,
    ReceiveCourieredMaterials,
    ReissueCertificate,
    ReportCourierLost,
    ReportCourierRefused,
    ReportCourierReturned,
    ResendCourier,
    ResultCommand,
    RevokeCertificate,
    SealCertificate,
    SendPapers,
)
from casecore.case.service_commands import (
    CallBackRater,
    CollectPapers,
    DepositPapers,
    EntrustAgent,
    FailCondition,
    FollowingCommand,
    GrantMandate,
    HandOverPapers,
    JoinPackage,
    MeetMaterial,
    PayFee,
    PromiseMaterial,
    RateCase,
    RecordTrip,
    RectifyRating,
    ReportLookupFailed,
    RequestHomeService,
    ReviewRating,
    RevokeMandate,
    ServiceCommand,
    ShareWithCase,
    WaiveFee,
)
from casecore.vocabulary import (
    ApplicantKind,
    Authority,
    CardGround,
    CardLevel,
    CausedBy,
    Channel,
    Decision,
    Outcome,
    SpecialGround,
    SuspensionKind,
    Tier,
)

__all__ = [
    "AcceptCase",
    "ApproveExtension",
    "CallBackRater",
    "CaseCommand",
    "CloseCase",
    "CollectPapers",
    "CompleteStep",
    "CorrectCertificate",
    "CorrectOnSpot",
    "DeclineAcceptance",
    "DeliverResult",
    "DepositPapers",
    "DispatchCourier",
    "EntrustAgent",
    "FailCondition",
    "FollowingCommand",
    "GivenMaterial",
    "GrantApproval",
    "GrantMandate",
    "HandOverPapers",
    "HoldHearing",
    "IssueCard",
    "JoinPackage",
    "MakeCertificate",
    "MakeDecision",
    "MeetMaterial",
    "NotifyHearing",
    "OfferHearing",
    "PassPreReview",
    "PassTime",
    "PayFee",
    "PromiseMaterial",
    "RateCase",
    "ReceiveCase",
    "ReceiveCourieredMaterials",
    "RecordTrip",
    "RectifyRating",
    "RefuseApproval",
    "ReissueCertificate",
    "ReportCourierLost",
    "ReportCourierRefused",
    "ReportCourierReturned",
    "ReportLookupFailed",
    "RequestCorrection",
    "RequestHearing",
    "RequestHomeService",
    "ResendCourier",
    "ResultCommand",
    "ResumeCase",
    "ReturnApproval",
    "ReturnPreReview",
    "ReviewRating",
    "RevokeCard",
    "RevokeCertificate",
    "RevokeMandate",
    "RouteCase",
    "SealCertificate",
    "SendPapers",
    "ServiceCommand",
    "ShareWithCase",
    "SubmitApplication",
    "SubmitCorrection",
    "SuspendCase",
    "TransferCase",
    "Visit",
    "VoidCase",
    "WaiveFee",
    "WithdrawCase",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitApplication(CaseCommandBase):
    """申请: file online."""

    item: str
    channel: Channel
    applicant: str
    applicant_kind: ApplicantKind = ApplicantKind.PERSON
    assisted: bool = False
    entitled_from: date | None = None
    """The day the application window (申报期) opened for this applicant, e.g. enrolment; items without one ignore it."""
    given: tuple[GivenMaterial, ...] = ()
    """How required materials are met with it."""
    agent: str | None = None
    """The 代办员 who files it in the applicant's name (代理申报)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassPreReview(CaseCommandBase):
    """预审通过."""

    opinion: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnPreReview(CaseCommandBase):
    """预审退回."""

    reason: str
    materials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveCase(CaseCommandBase):
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
    given: tuple[GivenMaterial, ...] = ()
    """How required materials are met with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectOnSpot(CaseCommandBase):
    """当场更正."""

    materials: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCorrection(CaseCommandBase):
    """补正告知."""

    materials: tuple[str, ...]
    complete: bool = True
    caused_by: CausedBy = CausedBy.APPLICANT
    notice: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitCorrection(CaseCommandBase):
    """补正提交."""

    materials: tuple[str, ...] = ()
    visit: Visit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptCase(CaseCommandBase):
    """受理. ``receipt_only`` says whether this window only receives on rest days (周末收件, 顺延受理).

    By default the district's rule answers for the window. Once the five working days of Art. 32 have passed the case
    is deemed accepted since its receipt, whatever is asked here.
    """

    notice: str | None = None
    receipt_only: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineAcceptance(CaseCommandBase):
    """不予受理."""

    reason: str
    remedy: str
    redirect_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteCase(CaseCommandBase):
    """分办: send every step that is ready to its department, or only those named."""

    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferCase(CaseCommandBase):
    """转办."""

    step: str
    to_department: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteStep(CaseCommandBase):
    """环节办结."""

    name: str
    department: str | None = None
    action: str | None = None
    started_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantApproval(CaseCommandBase):
    """审批通过."""

    step: str
    department: str
    opinion: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseApproval(CaseCommandBase):
    """审批不通过."""

    step: str
    department: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnApproval(CaseCommandBase):
    """审批退回."""

    step: str
    department: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendCase(CaseCommandBase):
    """挂起, or start a special procedure (特别程序); ``declared_days`` are of the limit's own kind, working days mostly."""

    reason: str
    kind: SuspensionKind = SuspensionKind.ORDINARY
    ground: SpecialGround | None = None
    declared_days: int | None = None
    notice: str | None = None
    suspension: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeCase(CaseCommandBase):
    """解挂; the suspension may stay unnamed while only one is open."""

    suspension: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveExtension(CaseCommandBase):
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
class OfferHearing(CaseCommandBase):
    """听证告知."""

    notice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestHearing(CaseCommandBase):
    """听证申请, by the applicant or whoever else the decision concerns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyHearing(CaseCommandBase):
    """听证通知."""

    hearing_on: date
    notice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldHearing(CaseCommandBase):
    """听证举行."""

    record: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PassTime(CaseCommandBase):
    """时间推移: record what the passing of time has brought by ``at``, whatever that is (see ``Engine.tick``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueCard(CaseCommandBase):
    """人工发牌, by a supervisor; what a clock shows is issued by :class:`PassTime`."""

    level: CardLevel
    ground: CardGround
    reason: str
    department: str | None = None
    card: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeCard(CaseCommandBase):
    """撤牌."""

    card: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeDecision(CaseCommandBase):
    """准予 / 容缺准予 / 不予."""

    decision: Decision
    reason: str | None = None
    document: str | None = None
    automatic: bool = False
    """智能审批 (秒批): no human hand in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseCase(CaseCommandBase):
    """办结."""

    outcome: Outcome
    reason: str | None = None
    forwarded_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawCase(CaseCommandBase):
    """撤回."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidCase(CaseCommandBase):
    """作废: take a wrong record out of every figure, even after closing."""

    reason: str
    typing_error: bool = False
    """True for 删除办结 (3), False for 作废办结 (2)."""


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
    | CloseCase
    | WithdrawCase
    | VoidCase
    | ResultCommand
    | ServiceCommand
)
"""Everything a hall backend may ask of a case."""
