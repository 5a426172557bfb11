"""Facts about what a courier has (寄递), to the hall and from it."""

from casecore.annotations import Id, UniqueId
from casecore.fact import Fact, Older, fact
from casecore.phrases import NOTHING, charged, listed, sentence
from casecore.said import Said

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

    def told(self) -> Said:
        """Who took in what, under which number, and what that cost."""
        cost, about = charged(self.charge_fen), listed(self.materials, "，材料")
        return sentence(
            f"{self.courier}上门收取材料，运单 {self.consignment}{cost.zh}{about.zh}",
            f"{self.courier} took in papers at the door, {self.consignment}{cost.en}{about.en}",
        )


@fact("case.materials_couriered.v1", "材料寄达")
class MaterialsCouriered(Fact):
    """材料寄达: papers came in by courier, without a trip."""

    consignment: Id
    materials: tuple[str, ...] = ()

    def told(self) -> Said:
        """What came, under which number."""
        about = listed(self.materials, "，材料")
        return sentence(
            f"材料已寄达，运单 {self.consignment}{about.zh}",
            f"papers came by courier, {self.consignment}{about.en}",
        )


@fact("case.courier_dispatched.v2", "寄出", older=(Older("case.courier_dispatched.v1"),))
class CourierDispatched(Fact):
    """寄出: a courier has the result; ``replaces`` names the failed consignment it is sent again for."""

    consignment: UniqueId
    courier: Id
    certificate: Id | None = None
    replaces: Id | None = None
    charge_fen: int = 0
    """What the applicant paid for it, in fen (分); 0 where it is free (免费寄递)."""

    @property
    def term(self) -> str:
        """What failed before is sent again (重新寄出)."""
        return f"重新{self.zh}" if self.replaces else self.zh

    def told(self) -> Said:
        """Under which number, by whom, for what it is sent again, and what that cost."""
        again = Said(f"，为 {self.replaces} 重新寄送", f", again for {self.replaces}") if self.replaces else NOTHING
        cost = charged(self.charge_fen)
        return sentence(
            f"运单 {self.consignment} 由{self.courier}寄出{again.zh}{cost.zh}",
            f"{self.consignment} by {self.courier}{again.en}{cost.en}",
        )


@fact("case.courier_returned.v1", "寄递退回")
class CourierReturned(Fact):
    """寄递退回: a consignment came back, with the reason."""

    consignment: Id
    reason: str

    def told(self) -> Said:
        """Which consignment, and why."""
        return sentence(
            f"运单 {self.consignment} 被退回，原因：{self.reason}", f"{self.consignment} came back: {self.reason}"
        )


@fact("case.courier_lost.v1", "寄递遗失")
class CourierLost(Fact):
    """寄递遗失: a consignment was lost on its way."""

    consignment: Id

    def told(self) -> Said:
        """Which consignment."""
        return sentence(f"运单 {self.consignment} 遗失", f"{self.consignment} was lost")


@fact("case.courier_refused.v1", "拒收")
class CourierRefused(Fact):
    """拒收: whoever was there would not take it."""

    consignment: Id
    reason: str

    def told(self) -> Said:
        """Which consignment, and why."""
        return sentence(
            f"运单 {self.consignment} 被拒收，原因：{self.reason}",
            f"{self.consignment} was not taken: {self.reason}",
        )


CourierFact = PapersSent | MaterialsCouriered | CourierDispatched | CourierReturned | CourierLost | CourierRefused
"""What this act may leave in a case's history."""
