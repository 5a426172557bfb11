"""Why the engine refuses something that is simulated: the store holds something else, or the play breaks a rule."""

from typing import Final

from casecore.engine import Engine
from casecore.errors import Fault
from casecore.refusals import Reason, Refused

__all__ = ["OTHERS", "fault_of"]

OTHERS: Final = "the store holds something else already, take a fresh one"


def fault_of(engine: Engine, refused: Refused, ours: str) -> Fault:
    """The fault to raise: whether the stream refused holds facts of commands whose ids do not begin with ``ours``."""
    others = any(not (fact.envelope.command_id or "").startswith(ours) for fact in engine.history(refused.case))
    if others or refused.reason is Reason.COMMAND_ID_REUSED:
        return Fault(f"{OTHERS} ({refused})")
    return Fault(f"the rules refuse what is simulated ({refused})")
