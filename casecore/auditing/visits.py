"""Visits that contradict themselves: one visit of two applicants in person, two halls, or two days.

Live a visit's own stream refuses that. A trip that was imported, or told before visits were scoped, was held against
nothing: its figures take one id for one visit, and only many cases together show that it cannot have been one.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple, TypeVar

from casecore.auditing.finding import Finding
from casecore.case.facts.application import ApplicationSubmitted, CaseReceived
from casecore.case.facts.trips import TripMade
from casecore.recorded import Recorded
from casecore.visit.file import VisitFile
from casecore.visit_ids import visit_name
from casecore.vocabulary import FindingCode, Place, Visitor

__all__ = ["ToldVisits"]

T = TypeVar("T")

MOST_NAMED: Final = 3
"""So many days, halls and applicants are named; the others are counted."""


class _Told(NamedTuple):
    """What is said of a visit, by all who say anything."""

    stands_at: Finding
    """At the first trip that contradicts what was said before; while none does, at the first."""
    days: tuple[date, ...] = ()
    halls: tuple[str, ...] = ()
    applicants: tuple[str, ...] = ()
    """Who came in person."""
    cases: tuple[str, ...] = ()
    persons: int = 1
    """How many are known to have come together."""

    @property
    def sound(self) -> bool:
        """Whether it can have been one visit."""
        return len(self.days) <= 1 and len(self.halls) <= 1 and len(self.applicants) <= self.persons


class ToldVisits:
    """The visits of one log that nothing guarded when their trips were recorded."""

    def __init__(self) -> None:
        self._told: dict[str, _Told] = {}

    @property
    def scoped(self) -> tuple[str, ...]:
        """Those of them that may have a stream of their own."""
        return tuple(visit for visit in self._told if visit_name(visit) is not None)

    def take(self, history: Sequence[Recorded]) -> None:
        """Take in the trips of one case; of home service there is no visit to a hall."""
        applicant, hall = _whose(history)
        for recorded in history:
            trip = recorded.event
            if not isinstance(trip, TripMade) or trip.place is Place.HOME or not _unguarded(recorded, trip):
                continue
            told, name = self._told.get(trip.visit), visit_name(trip.visit) if trip.hall is not None else None
            if told is None:
                told = _Told(_at(recorded)) if name is None else _Told(_at(recorded), (name.on,), (name.hall,))
            where = trip.hall or hall
            in_person = applicant if trip.visitor is Visitor.APPLICANT else None
            after = told._replace(
                days=_with(told.days, trip.at.date()),
                halls=_with(told.halls, where),
                applicants=_with(told.applicants, in_person),
                cases=_with(told.cases, recorded.stream),
            )
            newly = told.sound and not after.sound
            self._told[trip.visit] = after._replace(stands_at=_at(recorded)) if newly else after

    def live(self, visit: str, file: VisitFile) -> None:
        """Take in what the visit's own stream says of it, once all cases are taken in."""
        told = self._told[visit]
        sent = file.opened is not None and file.opened.visitor is not Visitor.APPLICANT
        for applicant in file.applicants_in_person:
            told = told._replace(applicants=_with(told.applicants, applicant))
        for case in file.cases:
            told = told._replace(cases=_with(told.cases, case))
        self._told[visit] = told._replace(persons=len(told.applicants) if sent else file.persons)

    def findings(self) -> Iterator[Finding]:
        """One a visit that cannot have been one; it stands at the first trip that contradicts the others."""
        for visit, told in self._told.items():
            if not told.sound:
                yield told.stands_at._replace(sentence=_sentence(visit, told), cases=told.cases)


def _whose(history: Iterable[Recorded]) -> tuple[str | None, str | None]:
    """The applicant of a case, and the hall that received it."""
    applicant: str | None = None
    hall: str | None = None
    for recorded in history:
        event = recorded.event
        if isinstance(event, ApplicationSubmitted | CaseReceived):
            applicant = event.applicant or applicant
        if isinstance(event, CaseReceived):
            hall = event.hall
    return applicant, hall


def _unguarded(recorded: Recorded, trip: TripMade) -> bool:
    """Whether no visit's stream was asked: it was imported, or told before visits were streams."""
    return recorded.envelope.source is not None or trip.hall is None


def _with(told: tuple[T, ...], one: T | None) -> tuple[T, ...]:
    return told if one is None or one in told else (*told, one)


def _at(recorded: Recorded) -> Finding:
    return Finding(
        FindingCode.VISIT_CONTRADICTED,
        recorded.log,
        recorded.stream,
        recorded.position,
        recorded.version,
        recorded.occurred_at,
        recorded.event.by,
        "",
    )


def _sentence(visit: str, told: _Told) -> str:
    said = [
        f"{len(parts)} {what} ({', '.join(map(str, sorted(parts)[:MOST_NAMED]))}{', …' if len(parts) > MOST_NAMED else ''})"
        for what, parts, most in (
            ("days", told.days, 1),
            ("halls", told.halls, 1),
            ("applicants in person", told.applicants, told.persons),
        )
        if len(parts) > most
    ]
    return f"one visit {visit} of {', of '.join(said)}: trip figures take it for one"
