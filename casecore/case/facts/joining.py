"""Facts of a case in its package (一件事)."""

from casecore.annotations import Id
from casecore.fact import Fact, fact

__all__ = ["CaseJoined", "ConditionLapsed", "JoiningFact"]


@fact("case.joined.v1", "纳入一件事")
class CaseJoined(Fact):
    """纳入一件事: the case belongs to a package, from the package's opening on.

    Told again without ``waiting`` when what it waits for was granted.
    """

    package: Id
    theme: Id
    visits_promised: int
    """到办事现场次数 promised for the whole; it takes the place of what the item promises."""
    subject: str | None = None
    """What it is about, where the package is about several (门店 …)."""
    waiting: bool = False
    """待前置事项: nobody may apply yet."""


@fact("case.condition_lapsed.v1", "附条件未成就")
class ConditionLapsed(Fact):
    """附条件未成就: a prerequisite in the package came to nothing, and with it the ground of every certificate.

    In a case that waited (待前置事项): nobody applies for it any more.
    """

    prerequisite: Id
    """The case that came to nothing; the item itself where it is not offered any more when its turn comes."""


JoiningFact = CaseJoined | ConditionLapsed
"""What this act may leave in a case's history."""
