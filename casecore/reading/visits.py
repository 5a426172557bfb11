"""Visits (到场): each once, whichever cases it served; of a package (一件事) promise and net visits are measured so.

domain.md §4, trip rules: several cases may be served in one visit, and a package's promise is kept or broken by the
visits made for the whole of it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from casecore.case.parts import Trip
from casecore.reading.trips import CountedTrip, exceeding
from casecore.vocabulary import Cause, TripVerdict

__all__ = ["CountedVisit", "count_visits"]

WEIGHT: Final = (TripVerdict.PROMISED, TripVerdict.AGENCY, TripVerdict.APPLICANT, TripVerdict.NO_TRIP)
"""A visit one case needed could not have been spared, whatever else was put right in it."""


class CountedVisit(NamedTuple):
    """One visit, and what it counts for in all the cases it served."""

    visit: str
    at: datetime
    """When it was first put to use."""
    trip: Trip
    """The trip that says what it counts for."""
    causes: tuple[Cause, ...]
    """What it was made for, each once."""
    cases: tuple[str, ...]
    """The cases it served, in the order given."""
    gross: bool
    net: bool
    journey: bool
    verdict: TripVerdict
    why: str

    @property
    def near(self) -> bool:
        """Whether it counts, and was a near one (就近)."""
        return self.gross and self.trip.place.near


def count_visits(cases: Mapping[str, Iterable[CountedTrip]], promised: int | None) -> tuple[CountedVisit, ...]:
    """Every visit of these cases, in the order made.

    It counts where it counts for one of them. ``promised`` is how many were promised for all of them together; of the
    visits that nobody is to blame for, those beyond it could have been spared.
    """
    served: dict[str, list[tuple[str, CountedTrip]]] = {}
    for case, trips in cases.items():
        for one in trips:
            served.setdefault(one.trip.visit, []).append((case, one))
    visits = sorted((_visit(name, among) for name, among in served.items()), key=lambda one: (one.at, one.visit))
    for place in exceeding(promised, visits):
        visits[place] = visits[place]._replace(verdict=TripVerdict.OPTIONAL)
    return tuple(visits)


def _visit(visit: str, among: list[tuple[str, CountedTrip]]) -> CountedVisit:
    trips = [one for _, one in among]
    decisive = min(trips, key=lambda one: WEIGHT.index(_needed(one)))
    return CountedVisit(
        visit,
        min(one.trip.at for one in trips),
        decisive.trip,
        tuple(dict.fromkeys(one.trip.cause for one in trips)),
        tuple(dict.fromkeys(case for case, _ in among)),
        gross=any(one.gross for one in trips),
        net=any(one.net for one in trips),
        journey=any(one.journey for one in trips),
        verdict=_needed(decisive),
        why=decisive.why,
    )


def _needed(one: CountedTrip) -> TripVerdict:
    """The verdict before it is held against a promise: what was beyond one case's may be within the package's."""
    return TripVerdict.PROMISED if one.verdict is TripVerdict.OPTIONAL else one.verdict
