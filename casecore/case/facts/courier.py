"""Facts about what a courier has (寄递), to the hall and from it."""

from casecore.annotations import Id, UniqueId
from casecore.fact import Fact, Older, fact

__all__ = [
    "CourierDispatched",
    "CourierFact",
    "CourierLost",
    "CourierRefused",
    "CourierReturned",
    "MaterialsCouriered",
    "PapersSent",
]


@fact("case.papers_sent.v1", "寄件")
class PapersSent(Fact):
    """寄件: a courier took papers in at the applicant's door; they have not arrived yet."""

    consignment: UniqueId
    courier: Id
    materials: tuple[str, ...] = ()
    charge_fen: int = 0
    """What the applicant paid for it, in fen (分); 0 where it is free (免费寄递)."""


@fact("case.materials_couriered.v1", "材料寄达")
class MaterialsCouriered(Fact):
    """材料寄达: papers came in by courier, without a trip."""

    consignment: Id
    materials: tuple[str, ...] = ()


@fact("case.courier_dispatched.v2", "寄出", older=(Older("case.courier_dispatched.v1"),))
class CourierDispatched(Fact):
    """寄出; ``replaces`` names the failed consignment it is sent again for."""

    consignment: UniqueId
    courier: Id
    certificate: Id | None = None
    replaces: Id | None = None
    charge_fen: int = 0
    """What the applicant paid for it, in fen (分); 0 where it is free (免费寄递)."""


@fact("case.courier_returned.v1", "寄递退回")
class CourierReturned(Fact):
    """寄递退回."""

    consignment: Id
    reason: str


@fact("case.courier_lost.v1", "寄递遗失")
class CourierLost(Fact):
    """寄递遗失."""

    consignment: Id


@fact("case.courier_refused.v1", "拒收")
class CourierRefused(Fact):
    """拒收: whoever was there would not take it."""

    consignment: Id
    reason: str


CourierFact = PapersSent | MaterialsCouriered | CourierDispatched | CourierReturned | CourierLost | CourierRefused
"""What this act may leave in a case's history."""
