"""Facts that may move a clock (挂起, 特别程序, 延长审批); each says which ones."""

from casecore.annotations import Id, UniqueId
from casecore.fact import Fact, Older, fact
from casecore.refusals import blank
from casecore.vocabulary import Authority, SpecialGround, SuspensionKind

__all__ = ["ExtensionApproved", "Resumed", "Suspended", "TimeLimitFact", "told_in_writing"]


@fact("case.suspended.v1", "挂起")
class Suspended(Fact):
    """挂起 or 特别程序: a clock may stand still; the fact says which ones it moves."""

    suspension: UniqueId
    kind: SuspensionKind
    reason: str
    ground: SpecialGround | None = None
    declared_days: int | None = None
    """Working days told to the applicant in writing (Art. 45); the excluded time is capped at them."""
    notice: str | None = None
    moves_promise: bool = False
    moves_statutory: bool = False


@fact("case.resumed.v1", "解挂")
class Resumed(Fact):
    """解挂."""

    suspension: Id


@fact("case.extension_approved.v2", "延长审批", older=(Older("case.extension_approved.v1"),))
class ExtensionApproved(Fact):
    """延长审批 (Art. 42): once, up to 10 working days, 15 for joint handling."""

    days: int
    approver: str
    reason: str
    notice: str | None = None
    authority: Authority | None = None
    """As whom the approver approved; None where nobody recorded it."""


def told_in_writing(fact: Suspended) -> bool:
    """Whether a suspension is what Art. 45 leaves out of the limit: on its ground, for days declared in a written notice."""
    special = fact.kind is SuspensionKind.SPECIAL_PROCEDURE and fact.ground is not None
    return special and fact.declared_days is not None and fact.declared_days > 0 and not blank(fact.notice)


TimeLimitFact = Suspended | Resumed | ExtensionApproved
"""What this act may leave in a case's history."""
