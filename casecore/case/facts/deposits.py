"""Facts of papers in a drop box (小蜜蜂箱)."""

from casecore.annotations import Id, UniqueId
from casecore.fact import Fact, fact
from casecore.phrases import listed, sentence
from casecore.said import Said

__all__ = ["DepositFact", "PapersCollected", "PapersDeposited"]


@fact("case.papers_deposited.v1", "投递")
class PapersDeposited(Fact):
    """投递: papers were put into a drop box (小蜜蜂箱); nobody has them yet."""

    box: Id
    deposit: UniqueId
    materials: tuple[str, ...] = ()

    def told(self) -> Said:
        """Which box, under which number, and what."""
        about = listed(self.materials, "，材料")
        return sentence(
            f"材料投入投递箱 {self.box}，投递号 {self.deposit}{about.zh}",
            f"papers put into box {self.box}, {self.deposit}{about.en}",
        )


@fact("case.papers_collected.v1", "取件")
class PapersCollected(Fact):
    """取件: the box was emptied, and the papers are at the hall."""

    box: Id
    deposit: Id

    def told(self) -> Said:
        """What was taken out of which box."""
        return sentence(
            f"从投递箱 {self.box} 取出投递号 {self.deposit} 的材料",
            f"{self.deposit} taken out of box {self.box}",
        )


DepositFact = PapersDeposited | PapersCollected
"""What this act may leave in a case's history."""
