"""Cases with something questionable in them, and one without."""

from typing import Final

from casecore import CaseEvent, Channel, ExtensionApproved, History, Receipt, Source
from support.followed import A, World, closed, nationally, resumed, special
from support.story import HEAD, accepted, fact, received

__all__ = ["GOOD", "LONG", "OVER", "TAKEN", "put"]

_BY_COURIER: Final = received(channel=Channel.COURIER, hall="新都区政务服务中心")
"""At a hall of the register, and nobody had to come."""
TAKEN: Final = nationally(_BY_COURIER, accepted())
EXTENDED: Final = fact(ExtensionApproved, "03-10 09:00", by=HEAD, days=60, approver="Qian", reason="complex", notice="N1")
GOOD: Final = (*TAKEN, closed("03-13 09:00"))
LONG: Final = (*TAKEN, EXTENDED, closed("03-13 09:00"))
OVER: Final = (*TAKEN, special(), resumed("03-13 09:00"), closed("03-16 09:00"))


def put(world: World, district: str = A, **lives: tuple[CaseEvent, ...]) -> None:
    engine = world.engine(district)
    histories = [History(case, f"import:{case}", life, Source("cases", "c.csv", 2)) for case, life in lives.items()]
    assert all(isinstance(receipt, Receipt) for receipt in engine.record(histories))
