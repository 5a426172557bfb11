"""Facts of agents and home service (代办, 上门服务)."""

from datetime import date

from casecore.annotations import Id, Personal, PersonalId
from casecore.fact import Fact, fact

__all__ = ["AgentFact", "HomeServiceRequested", "MandateGranted", "MandateRevoked"]


@fact("case.mandate_granted.v1", "委托代办")
class MandateGranted(Fact):
    """委托代办: the applicant entrusts a 代办员 with the case (民法典 Art. 165: who, with what, how long, in writing)."""

    agent: PersonalId
    applicant: PersonalId
    scope: str
    until: date | None = None
    """The last day of the mandate; None where it lasts as long as the case."""
    site: Id | None = None
    """The point (代办点) the agent works for."""


@fact("case.mandate_revoked.v1", "撤销委托")
class MandateRevoked(Fact):
    """撤销委托."""

    agent: PersonalId
    reason: str


@fact("case.home_service_requested.v1", "预约上门")
class HomeServiceRequested(Fact):
    """预约上门服务: the hall comes to the applicant."""

    wanted_on: date
    where: Personal


AgentFact = MandateGranted | MandateRevoked | HomeServiceRequested
"""What this act may leave in a case's history."""
