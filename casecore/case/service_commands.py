"""Commands beside the examination: agents, materials, drop boxes, fees, ratings, trips.

Those of :data:`FollowingCommand` are never given: they follow in a case from what was done elsewhere.
"""

from dataclasses import dataclass
from datetime import date

from casecore.case.command_base import CaseCommandBase, Visit
from casecore.vocabulary import (
    Cause,
    Channel,
    CoreStep,
    FeeWay,
    Grade,
    HolderKind,
    LicenceLevel,
    MaterialWay,
    Place,
    RatingReview,
    Visitor,
)

__all__ = [
    "CallBackRater",
    "CollectPapers",
    "DepositPapers",
    "EntrustAgent",
    "FailCondition",
    "FollowingCommand",
    "GrantMandate",
    "HandOverPapers",
    "JoinPackage",
    "MeetMaterial",
    "PayFee",
    "PromiseMaterial",
    "RateCase",
    "RecordTrip",
    "RectifyRating",
    "ReportLookupFailed",
    "RequestHomeService",
    "ReviewRating",
    "RevokeMandate",
    "ServiceCommand",
    "ShareWithCase",
    "WaiveFee",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantMandate(CaseCommandBase):
    """委托代办: the applicant entrusts a 代办员, if need be before anything is filed."""

    agent: str
    applicant: str
    scope: str
    until: date | None = None
    site: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeMandate(CaseCommandBase):
    """撤销委托."""

    agent: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestHomeService(CaseCommandBase):
    """预约上门服务."""

    wanted_on: date
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverPapers(CaseCommandBase):
    """原件交接: originals change hands; who gives them must hold them."""

    materials: tuple[str, ...]
    giver_kind: HolderKind
    giver: str
    holder_kind: HolderKind
    holder: str
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetMaterial(CaseCommandBase):
    """材料到位."""

    material: str
    way: MaterialWay = MaterialWay.PAPER
    source: str | None = None
    level: LicenceLevel | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseMaterial(CaseCommandBase):
    """容缺承诺."""

    material: str
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLookupFailed(CaseCommandBase):
    """调取失败: a licence or shared data could not be had."""

    material: str
    way: MaterialWay
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositPapers(CaseCommandBase):
    """投递: put papers into a drop box."""

    box: str
    deposit: str
    materials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PayFee(CaseCommandBase):
    """缴费; at a window it may be a trip, online never."""

    fee: str
    amount_fen: int
    way: FeeWay
    receipt: str | None = None
    visit: Visit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiveFee(CaseCommandBase):
    """减免."""

    fee: str
    amount_fen: int
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RateCase(CaseCommandBase):
    """好差评, of one step (一次一评) or of the case as a whole (一事一评)."""

    grade: Grade
    defaulted: bool = False
    remark: str | None = None
    step: CoreStep | None = None
    channel: Channel | None = None
    real_name: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRating(CaseCommandBase):
    """差评核实."""

    review: RatingReview
    reason: str
    step: CoreStep | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RectifyRating(CaseCommandBase):
    """差评整改."""

    measure: str
    step: CoreStep | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBackRater(CaseCommandBase):
    """差评回访."""

    satisfied: bool
    step: CoreStep | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTrip(CaseCommandBase):
    """跑动, where no other command carried the visit."""

    visit: str
    cause: Cause
    place: Place = Place.HALL
    visitor: Visitor = Visitor.APPLICANT
    agent: str | None = None
    device: str | None = None
    id_hash: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinPackage(CaseCommandBase):
    """纳入一件事: follows from the package's opening."""

    package: str
    theme: str
    visits_promised: int
    subject: str | None = None
    waiting: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrustAgent(CaseCommandBase):
    """委托代办: follows from a package an agent files in the applicant's name; a mandate in force is left as it is."""

    agent: str
    applicant: str
    scope: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareWithCase(CaseCommandBase):
    """共用材料: follows from a material entered in the package; one that was met already is left as it is."""

    material: str
    way: MaterialWay
    source: str | None = None
    level: LicenceLevel | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectPapers(CaseCommandBase):
    """取件: follows from the emptying of a drop box."""

    box: str
    deposit: str
    hall: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FailCondition(CaseCommandBase):
    """附条件未成就: follows from a prerequisite that came to nothing; what was issued on it is revoked, what waits ends."""

    prerequisite: str


ServiceCommand = (
    GrantMandate
    | RevokeMandate
    | RequestHomeService
    | HandOverPapers
    | MeetMaterial
    | PromiseMaterial
    | ReportLookupFailed
    | DepositPapers
    | PayFee
    | WaiveFee
    | RateCase
    | ReviewRating
    | RectifyRating
    | CallBackRater
    | RecordTrip
)
"""Commands that move no stage."""

FollowingCommand = JoinPackage | EntrustAgent | ShareWithCase | CollectPapers | FailCondition
"""What follows in a case from a package or a drop box; nobody gives it."""
