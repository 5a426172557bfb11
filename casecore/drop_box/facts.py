"""Facts of a drop box (小蜜蜂箱)."""

from casecore.annotations import Id
from casecore.fact import Fact, fact
from casecore.value import value

__all__ = ["BoxCollected", "BoxDeposit", "BoxDeposited", "DropBoxEvent"]


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


@fact("drop_box.collected.v1", "取件")
class BoxCollected(Fact):
    """取件: the box was emptied; with nothing in it, the duty is done all the same."""

    deposits: tuple[BoxDeposit, ...]


DropBoxEvent = BoxDeposited | BoxCollected
"""Every fact a box's history may hold."""
