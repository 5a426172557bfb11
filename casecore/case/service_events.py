"""Facts beside the examination: what was done to spare the citizen a trip, and what the citizen said of it.

Agents (代办), materials (材料), drop boxes (小蜜蜂箱), fees, ratings (好差评), trips (跑动). Storage formats, as in
:mod:`.events`. None of them moves the stage a case stands in.
"""

from dataclasses import dataclass
from datetime import date

from casecore.fact import Fact
from casecore.limits import Limit
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
    "CaseJoined",
    "CaseRated",
    "ConditionLapsed",
    "FeePaid",
    "FeeWaived",
    "HomeServiceRequested",
    "LookupFailed",
    "MandateGranted",
    "MandateRevoked",
    "MaterialMet",
    "MaterialPromised",
    "PapersCollected",
    "PapersDeposited",
    "PapersHandedOver",
    "RaterCalledBack",
    "RatingRectified",
    "RatingReviewed",
    "ServiceEvent",
    "TripMade",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseJoined(Fact):
    """纳入一件事: the case belongs to a package, from the package's opening on.

    Told again without ``waiting`` when what it waits for was granted.
    """

    package: str
    theme: str
    visits_promised: int
    """到办事现场次数 promised for the whole; it takes the place of what the item promises."""
    subject: str | None = None
    """What it is about, where the package is about several (门店 …)."""
    waiting: bool = False
    """待前置事项: nobody may apply yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionLapsed(Fact):
    """附条件未成就: a prerequisite in the package came to nothing, and with it the ground of every certificate.

    In a case that waited (待前置事项): nobody applies for it any more.
    """

    prerequisite: str
    """The case that came to nothing; the item itself where it is not offered any more when its turn comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateGranted(Fact):
    """委托代办: the applicant entrusts a 代办员 with the case (民法典 Art. 165: who, with what, how long, in writing)."""

    agent: str
    applicant: str
    scope: str
    until: date | None = None
    """The last day of the mandate; None where it lasts as long as the case."""
    site: str | None = None
    """The point (代办点) the agent works for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateRevoked(Fact):
    """撤销委托."""

    agent: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeServiceRequested(Fact):
    """预约上门服务: the hall comes to the applicant."""

    wanted_on: date
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PapersHandedOver(Fact):
    """原件交接: originals change hands; one fact a link of their chain of custody (物料流转凭证)."""

    materials: tuple[str, ...]
    giver_kind: HolderKind
    giver: str
    holder_kind: HolderKind
    holder: str
    place: Place | None = None
    """Where; HOME for what an agent picks up or brings home."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialMet(Fact):
    """材料到位: how a required material was met."""

    material: str
    way: MaterialWay
    source: str | None = None
    """Licence number, data source, earlier case or package it comes from."""
    level: LicenceLevel | None = None
    """Of an electronic licence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialPromised(Fact):
    """容缺承诺: the material is to follow by a date; the case goes on without it."""

    material: str
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupFailed(Fact):
    """调取失败: a licence or shared data could not be had, and paper has to do."""

    material: str
    way: MaterialWay
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PapersDeposited(Fact):
    """投递: papers were put into a drop box (小蜜蜂箱); nobody has them yet."""

    box: str
    deposit: str
    materials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PapersCollected(Fact):
    """取件: the box was emptied, and the papers are at the hall."""

    box: str
    deposit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeePaid(Fact):
    """缴费; paying online is never a trip."""

    fee: str
    amount_fen: int
    """In fen (分)."""
    way: FeeWay
    receipt: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeWaived(Fact):
    """减免."""

    fee: str
    amount_fen: int
    """In fen (分)."""
    basis: str
    """The rule it is waived under."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRated(Fact):
    """好差评: five grades; a default rating is kept apart from a real one."""

    grade: Grade
    defaulted: bool = False
    remark: str | None = None
    step: CoreStep | None = None
    """The step that is rated (一次一评); None for the case as a whole (一事一评)."""
    channel: Channel | None = None
    """Through which channel it was given."""
    real_name: bool = False
    """实名: the rater can be called back."""
    rectify_within: Limit | None = None
    """For a bad rating: how soon the district promises to put it right (差评整改时限)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingReviewed(Fact):
    """差评核实: whether a bad rating is what it says."""

    review: RatingReview
    reason: str
    step: CoreStep | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingRectified(Fact):
    """差评整改."""

    measure: str
    step: CoreStep | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RaterCalledBack(Fact):
    """差评回访."""

    satisfied: bool
    step: CoreStep | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TripMade(Fact):
    """跑动: someone came, for this case, in the visit named; several cases may share one visit."""

    visit: str
    visitor: Visitor
    place: Place
    cause: Cause
    agent: str | None = None
    """Which 代办员 went, where one did."""
    device: str | None = None
    """Which terminal (自助终端) it was handled at."""
    id_hash: str | None = None
    """刷证入场: the SHA-256 of the identity swiped at the entry, hexadecimal; never the identity itself."""


ServiceEvent = (
    CaseJoined
    | ConditionLapsed
    | MandateGranted
    | MandateRevoked
    | HomeServiceRequested
    | PapersHandedOver
    | MaterialMet
    | MaterialPromised
    | LookupFailed
    | PapersDeposited
    | PapersCollected
    | FeePaid
    | FeeWaived
    | CaseRated
    | RatingReviewed
    | RatingRectified
    | RaterCalledBack
    | TripMade
)
"""Facts that move no stage."""
