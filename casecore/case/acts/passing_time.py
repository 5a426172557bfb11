"""What the passing of time brings (时间推移): acceptance and renewal by silence, warnings and cards. A rule like any other.

Nothing happens by itself: somebody asks (``Engine.tick``), and what time has brought by then is recorded, each thing once.
"""

from datetime import datetime
from typing import Final

from casecore.act import Act, Rule, Ruling
from casecore.case.acts.acceptance import deem_acceptance
from casecore.case.acts.decision import deem_renewal
from casecore.case.acts.supervision import cards_due
from casecore.case.command import CaseCommand
from casecore.case.facts.acceptance import AcceptanceDeemed
from casecore.case.facts.decision import RenewalDeemed
from casecore.case.facts.supervision import CardIssued
from casecore.case.file import CaseFile
from casecore.case.stages import EXISTS
from casecore.office import Office
from casecore.refusals import Reason, Refused
from casecore.value import value

__all__ = ["PassTime"]


@value
class PassTime(CaseCommand):
    """时间推移: record what the passing of time has brought by ``at``, whatever that is (see ``Engine.tick``)."""


def pass_time(file: CaseFile, command: PassTime, at: datetime, office: Office) -> Ruling:
    """Record what time has brought by ``at`` and nobody has recorded yet."""
    deemed, file = deem_acceptance(file, command.by, at, office)
    renewed, file = deem_renewal(file, command.by, at, office)
    cards = tuple(cards_due(file, command.by, at, office))
    return (*deemed, *renewed, *cards) or Refused(Reason.NOTHING_DUE)


PASSING_TIME: Final[Act[CaseFile]] = Act(
    "时间推移",
    rules={
        PassTime: Rule(pass_time, (AcceptanceDeemed, RenewalDeemed, CardIssued), EXISTS, late=True),
    },
)
"""What time alone brings: acceptance and renewal by silence, warnings and cards."""
