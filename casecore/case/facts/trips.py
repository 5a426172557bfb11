"""Facts of trips (跑动)."""

from casecore.annotations import Id, PersonalId
from casecore.fact import Fact, Older, fact
from casecore.phrases import NOTHING, sentence
from casecore.said import Said
from casecore.visit_ids import visit_name
from casecore.vocabulary import Cause, Place, Visitor

__all__ = ["TripFact", "TripMade"]


@fact("case.trip_made.v3", "跑动", older=(Older("case.trip_made.v1"), Older("case.trip_made.v2")))
class TripMade(Fact):
    """跑动: someone came, for this case, in the visit named; several cases may share one visit."""

    visit: Id
    """The visit's stream (:func:`~casecore.visit_ids.visit_id`); where no hall is named, a number as it was told."""
    visitor: Visitor
    place: Place
    cause: Cause
    agent: PersonalId | None = None
    """Which 代办员 went, where one did."""
    device: Id | None = None
    """Which terminal (自助终端) it was handled at."""
    hall: Id | None = None
    """The hall or site; None in histories from before visits were streams, and where an import knows none."""
    id_hash: str | None = None
    """刷证入场: the SHA-256 of the identity swiped at the entry, hexadecimal; never the identity itself."""

    def told(self) -> Said:
        """Who came where, and what for."""
        name = visit_name(self.visit) if self.hall is not None else None
        number = self.visit if name is None else name.number
        hall = Said(f"（{self.hall}）", f" at {self.hall}") if self.hall else NOTHING
        agent = Said(self.agent, f" {self.agent}") if self.agent else NOTHING
        terminal = Said(f"，自助终端 {self.device}", f", terminal {self.device}") if self.device else NOTHING
        swiped = Said("，已刷证入场", ", identity swiped at the entry (刷证)") if self.id_hash else NOTHING
        return sentence(
            f"到场 {number}{hall.zh}：{self.visitor.zh}{agent.zh}到{self.place.zh}{terminal.zh}，"
            f"事由：{self.cause.zh}{swiped.zh}",
            f"visit {number}{hall.en}: {self.visitor.zh}{agent.en} came to {self.place.zh}{terminal.en}"
            f" for {self.cause.zh}{swiped.en}",
        )


TripFact = TripMade
"""What this act may leave in a case's history."""
