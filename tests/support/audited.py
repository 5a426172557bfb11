"""Cases with something questionable in them, and one without."""

from typing import Final

from casecore import CaseEvent, ExtensionApproved, History, Receipt, Source
from support.followed import TAKEN, A, World, closed, resumed, special
from support.story import HEAD, fact

__all__ = ["GOOD", "LONG", "OVER", "put"]

EXTENDED: Final = fact(ExtensionApproved, "03-10 09:00", by=HEAD, days=60, approver="Qian", reason="complex", notice="N1")
GOOD: Final = (*TAKEN, closed("03-13 09:00"))
LONG: Final = (*TAKEN, EXTENDED, closed("03-13 09:00"))
OVER: Final = (*TAKEN, special(), resumed("03-13 09:00"), closed("03-16 09:00"))


def put(world: World, district: str = A, **lives: tuple[CaseEvent, ...]) -> None:
    engine = world.engine(district)
    histories = [History(case, f"import:{case}", life, Source("cases", "c.csv", 2)) for case, life in lives.items()]
    assert all(isinstance(receipt, Receipt) for receipt in engine.record(histories))
