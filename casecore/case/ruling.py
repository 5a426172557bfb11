"""What a rule returns: the facts it makes, or a refusal."""

from casecore.case.events import CaseEvent
from casecore.refusals import Refused

__all__ = ["Ruling"]

Ruling = tuple[CaseEvent, ...] | Refused
