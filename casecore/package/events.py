"""Facts of a package (一件事). Storage formats, as those of a case: never edited, only superseded."""

from dataclasses import dataclass
from datetime import date

from casecore.fact import Fact
from casecore.limits import Limit
from casecore.theme import Choice
from casecore.vocabulary import (
    ApplicantKind,
    Authority,
    Channel,
    LicenceLevel,
    MaterialWay,
    Outcome,
    Stage,
    Tier,
)

__all__ = [
    "ConditionFailed",
    "ConditionMet",
    "FormField",
    "MaterialShared",
    "MemberAccepted",
    "MemberDropped",
    "MemberEnded",
    "MemberResumed",
    "MemberStarted",
    "MemberSuspended",
    "PackageAccepted",
    "PackageClosed",
    "PackageEvent",
    "PackageExtended",
    "PackageOpened",
    "PlannedCase",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """One field of the one form (一表申请)."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCase:
    """A case the package opens: its item and subject, and the cases of the package that come before it."""

    case: str
    item: str
    subject: str | None = None
    after: tuple[str, ...] = ()
    """Cases that must be granted before it is opened (串联)."""
    conditional_on: tuple[str, ...] = ()
    """Cases it runs beside and is closed on condition of (并联, 附条件办结)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageOpened(Fact):
    """一件事申请: one submission; what was asked, what was answered, and every case that follows."""

    theme: str
    theme_version: int
    applicant: str
    applicant_kind: ApplicantKind
    channel: Channel
    hall: str
    tier: Tier
    window: str | None
    assisted: bool
    """帮办: staff filled in the form with the applicant."""
    answers: tuple[Choice, ...]
    form: tuple[FormField, ...]
    cases: tuple[PlannedCase, ...]
    promised: Limit
    """The joint promise; it runs from the acceptance."""
    visits_promised: int
    """到办事现场次数 promised for the whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialShared(Fact):
    """共用材料: a material came in once, for every case that requires it (一套材料)."""

    material: str
    way: MaterialWay
    source: str | None = None
    level: LicenceLevel | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberStarted(Fact):
    """A case that waited for others is opened: they were granted."""

    case: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberAccepted(Fact):
    """A case of the package was accepted."""

    case: str
    effective_on: date
    """Day 0 of its own limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberSuspended(Fact):
    """A special procedure told in writing began in a case; the law leaves its days out of the package's limit too."""

    case: str
    suspension: str
    declared_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberResumed(Fact):
    """It ended."""

    case: str
    suspension: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberEnded(Fact):
    """A case of the package came to its end, whatever end that was."""

    case: str
    stage: Stage
    """CLOSED, NOT_ACCEPTED, WITHDRAWN or VOIDED."""
    outcome: Outcome | None
    granted: bool
    """Closed with what was applied for."""
    pending: tuple[str, ...] = ()
    """附条件办结: prerequisites that still ran when it was closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberDropped(Fact):
    """A case that waited is not opened any more: what it waits for, or would be closed on condition of, came to nothing.

    Or nobody may apply for it any more when its turn comes.
    """

    case: str
    prerequisite: str
    """The case that came to nothing; the item itself where it is not offered any more when its turn comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionMet(Fact):
    """附条件成就: the last prerequisite of a case closed on condition was granted."""

    case: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionFailed(Fact):
    """附条件未成就: a prerequisite came to nothing, and with it what was issued, or might have been, on its condition.

    Told once of a case, when the prerequisite fails: the case may still run then, and is granted no more.
    """

    case: str
    prerequisite: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageAccepted(Fact):
    """一件事受理: every case opened with it was answered and one at least accepted; the joint limits run."""

    effective_on: date
    """Day 0 of the joint limits: that of the case accepted last."""
    statutory: Limit
    """Art. 42(2): 45 working days; each case keeps its own limit beside it."""
    calendar: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageExtended(Fact):
    """延长审批 of the joint limit (Art. 42(2)): once, up to 15 working days, by the head of government."""

    days: int
    approver: str
    reason: str
    notice: str
    authority: Authority


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageClosed(Fact):
    """一件事办结: every case has ended and no condition is open."""

    granted: int
    """How many cases were granted."""
    failed: int
    """How many were not: refused, withdrawn, voided, dropped, or lost with their condition (部分未通过)."""


PackageEvent = (
    PackageOpened
    | MaterialShared
    | MemberStarted
    | MemberAccepted
    | MemberSuspended
    | MemberResumed
    | MemberEnded
    | MemberDropped
    | ConditionMet
    | ConditionFailed
    | PackageAccepted
    | PackageExtended
    | PackageClosed
)
"""Every fact a package's history may hold."""
