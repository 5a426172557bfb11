"""Facts of what lies in a drop box (小蜜蜂箱): put in, and taken out."""

from casecore.annotations import Id
from casecore.fact import Fact, fact
from casecore.phrases import because, listed, number_of, sentence
from casecore.said import Said
from casecore.value import value

__all__ = ["BoxCollected", "BoxDeposit", "BoxDeposited", "EmptyingFact"]


@value
class BoxDeposit:
    """What one applicant put in."""

    case: Id
    deposit: Id


@fact("drop_box.deposited.v1", "投递")
class BoxDeposited(Fact):
    """投递: something was put in."""

    case: Id
    deposit: Id

    def told(self) -> Said:
        """What was put in, for which case."""
        case = because(self.case, "办件")
        return sentence(f"投递号 {self.deposit} 的材料已投入{case.zh}", f"{self.deposit} put in{case.en}")


@fact("drop_box.collected.v1", "取件")
class BoxCollected(Fact):
    """取件: the box was emptied; with nothing in it, the duty is done all the same."""

    deposits: tuple[BoxDeposit, ...]

    def told(self) -> Said:
        """What was in it."""
        if not self.deposits:
            return sentence("已开箱，箱内无材料", "emptied, and nothing was in it")
        taken = listed(tuple(one.deposit for one in self.deposits))
        return sentence(
            f"取出 {len(self.deposits)} 件投递{taken.zh}",
            f"emptied of {number_of(len(self.deposits), 'deposit')}{taken.en}",
        )


EmptyingFact = BoxDeposited | BoxCollected
"""What this act may leave in a box's history."""
