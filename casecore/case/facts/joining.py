"""Facts of a case in its package (一件事)."""

from casecore.annotations import Id
from casecore.fact import Fact, fact
from casecore.phrases import NOTHING, number_of, sentence
from casecore.said import Said

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

    def told(self) -> Said:
        """Which package, what it promises for the whole, and whether others come first."""
        about = Said(f"，对象：{self.subject}", f", for {self.subject}") if self.subject else NOTHING
        waits = Said("；须待前置事项办成", "; others come first (待前置事项)") if self.waiting else NOTHING
        most = number_of(self.visits_promised, "visit")
        return sentence(
            f"属于一件事 {self.package}，主题 {self.theme}{about.zh}；全程最多到现场 {self.visits_promised} 次{waits.zh}",
            f"of package {self.package}, theme {self.theme}{about.en}; at most {most} for the whole{waits.en}",
        )


@fact("case.condition_lapsed.v1", "附条件未成就")
class ConditionLapsed(Fact):
    """附条件未成就: a prerequisite in the package came to nothing, and with it the ground of every certificate.

    In a case that waited (待前置事项): nobody applies for it any more.
    """

    prerequisite: Id
    """The case that came to nothing; the item itself where it is not offered any more when its turn comes."""

    def told(self) -> Said:
        """What came to nothing."""
        return sentence(
            f"所附条件或者所待的前置事项未成就：{self.prerequisite}",
            f"what it was handled on condition of, or waited for, has failed: {self.prerequisite}",
        )


JoiningFact = CaseJoined | ConditionLapsed
"""What this act may leave in a case's history."""
