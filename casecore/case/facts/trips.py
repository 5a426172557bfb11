"""Facts of trips (跑动)."""

from casecore.annotations import Id, PersonalId
from casecore.fact import Fact, Older, fact
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


TripFact = TripMade
"""What this act may leave in a case's history."""
