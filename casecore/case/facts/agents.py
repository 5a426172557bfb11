"""Facts of agents and home service (代办, 上门服务)."""

from datetime import date

from casecore.annotations import Id, Personal, PersonalId
from casecore.fact import Fact, fact
from casecore.phrases import NOTHING, sentence
from casecore.said import Said

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

    def told(self) -> Said:
        """Who entrusts whom, with what, and until when."""
        until = Said(f"，委托至 {self.until}", f", until {self.until}") if self.until else NOTHING
        site = Said(f"（代办点 {self.site}）", f", at {self.site}") if self.site else NOTHING
        return sentence(
            f"{self.applicant}委托{self.agent}{site.zh}代办：{self.scope}{until.zh}",
            f"{self.applicant} entrusts {self.agent}{site.en} with {self.scope}{until.en}",
        )


@fact("case.mandate_revoked.v1", "撤销委托")
class MandateRevoked(Fact):
    """撤销委托: an agent is no longer entrusted with the case."""

    agent: PersonalId
    reason: str

    def told(self) -> Said:
        """Whose mandate ended, and why."""
        return sentence(
            f"不再委托{self.agent}代办，理由：{self.reason}", f"{self.agent} is no longer entrusted: {self.reason}"
        )


@fact("case.home_service_requested.v1", "预约上门")
class HomeServiceRequested(Fact):
    """预约上门服务: the hall comes to the applicant."""

    wanted_on: date
    where: Personal

    def told(self) -> Said:
        """When and where the hall is awaited."""
        return sentence(
            f"预约于 {self.wanted_on} 上门服务，地点：{self.where}",
            f"the hall is asked to come on {self.wanted_on}, {self.where}",
        )


AgentFact = MandateGranted | MandateRevoked | HomeServiceRequested
"""What this act may leave in a case's history."""
