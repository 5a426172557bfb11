"""Facts of papers in a drop box (小蜜蜂箱)."""

from casecore.annotations import Id, UniqueId
from casecore.fact import Fact, fact

__all__ = ["DepositFact", "PapersCollected", "PapersDeposited"]


@fact("case.papers_deposited.v1", "投递")
class PapersDeposited(Fact):
    """投递: papers were put into a drop box (小蜜蜂箱); nobody has them yet."""

    box: Id
    deposit: UniqueId
    materials: tuple[str, ...] = ()


@fact("case.papers_collected.v1", "取件")
class PapersCollected(Fact):
    """取件: the box was emptied, and the papers are at the hall."""

    box: Id
    deposit: Id


DepositFact = PapersDeposited | PapersCollected
"""What this act may leave in a case's history."""
