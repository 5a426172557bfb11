"""Facts of the cases of a package (一件事办理): what became of each."""

from datetime import date

from casecore.annotations import Id
from casecore.fact import Fact, fact
from casecore.vocabulary import Outcome, Stage

__all__ = [
    "ConditionFailed",
    "ConditionMet",
    "MemberAccepted",
    "MemberDropped",
    "MemberEnded",
    "MemberFact",
    "MemberResumed",
    "MemberStarted",
    "MemberSuspended",
]


@fact("package.member_started.v1", "后续办件启动")
class MemberStarted(Fact):
    """A case that waited for others is opened: they were granted."""

    case: Id


@fact("package.member_accepted.v1", "办件受理")
class MemberAccepted(Fact):
    """A case of the package was accepted."""

    case: Id
    effective_on: date
    """Day 0 of its own limits."""


@fact("package.member_suspended.v1", "办件特别程序")
class MemberSuspended(Fact):
    """A special procedure told in writing began in a case; the law leaves its days out of the package's limit too."""

    case: Id
    suspension: Id
    declared_days: int


@fact("package.member_resumed.v1", "办件解挂")
class MemberResumed(Fact):
    """It ended."""

    case: Id
    suspension: Id


@fact("package.member_ended.v1", "办件结束")
class MemberEnded(Fact):
    """A case of the package came to its end, whatever end that was."""

    case: Id
    stage: Stage
    """CLOSED, NOT_ACCEPTED, WITHDRAWN or VOIDED."""
    outcome: Outcome | None
    granted: bool
    """Closed with what was applied for."""
    pending: tuple[str, ...] = ()
    """附条件办结: prerequisites that still ran when it was closed."""


@fact("package.member_dropped.v1", "不再办理")
class MemberDropped(Fact):
    """A case that waited is not opened any more: what it waits for, or would be closed on condition of, came to nothing.

    Or nobody may apply for it any more when its turn comes.
    """

    case: Id
    prerequisite: Id
    """The case that came to nothing; the item itself where it is not offered any more when its turn comes."""


@fact("package.condition_met.v1", "附条件成就")
class ConditionMet(Fact):
    """附条件成就: the last prerequisite of a case closed on condition was granted."""

    case: Id


@fact("package.condition_failed.v1", "附条件未成就")
class ConditionFailed(Fact):
    """附条件未成就: a prerequisite came to nothing, and with it what was issued, or might have been, on its condition.

    Told once of a case, when the prerequisite fails: the case may still run then, and is granted no more.
    """

    case: Id
    prerequisite: Id


MemberFact = (
    MemberStarted
    | MemberAccepted
    | MemberSuspended
    | MemberResumed
    | MemberEnded
    | MemberDropped
    | ConditionMet
    | ConditionFailed
)
"""What this act may leave in a package's history."""
