"""Facts of trips (跑动)."""

from casecore.annotations import Id, PersonalId
from casecore.fact import Fact, Older, fact
from casecore.phrases import NOTHING, sentence
from casecore.said import Said
from casecore.vocabulary import Cause, Place, Visitor

__all__ = ["TripFact", "TripMade"]


@fact("case.trip_made.v2", "跑动", older=(Older("case.trip_made.v1"),))
class TripMade(Fact):
    """跑动: someone came, for this case, in the visit named; several cases may share one visit."""

    visit: Id
    visitor: Visitor
    place: Place
    cause: Cause
    agent: PersonalId | None = None
    """Which 代办员 went, where one did."""
    device: Id | None = None
    """Which terminal (自助终端) it was handled at."""
    id_hash: str | None = None
    """刷证入场: the SHA-256 of the identity swiped at the entry, hexadecimal; never the identity itself."""

    def told(self) -> Said:
        """Who came where, and what for."""
        agent = Said(self.agent, f" {self.agent}") if self.agent else NOTHING
        terminal = Said(f"，自助终端 {self.device}", f", terminal {self.device}") if self.device else NOTHING
        swiped = Said("，已刷证入场", ", identity swiped at the entry (刷证)") if self.id_hash else NOTHING
        return sentence(
            f"到场 {self.visit}：{self.visitor.zh}{agent.zh}到{self.place.zh}{terminal.zh}，"
            f"事由：{self.cause.zh}{swiped.zh}",
            f"visit {self.visit}: {self.visitor.zh}{agent.en} came to {self.place.zh}{terminal.en}"
            f" for {self.cause.zh}{swiped.en}",
        )


TripFact = TripMade
"""What this act may leave in a case's history."""
