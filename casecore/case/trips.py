"""Trips (跑动): recorded as facts with a visit id, counted by rule.

A trip is a physical visit by the applicant or the applicant's own agent to a place where the matter must be handled,
between 提出申请 and 收到办理结果. The hall's agents (代办员), couriers and home service cost the applicant none.
"""

from datetime import datetime
from typing import NamedTuple

from casecore.case.commands import RecordTrip, Visit
from casecore.case.events import TripMade
from casecore.case.ruling import Ruling
from casecore.case.state import CaseFile, Trip
from casecore.office import Office
from casecore.refusals import Reason, Refused
from casecore.vocabulary import Cause, CausedBy, Place, Visitor

__all__ = ["CountedTrip", "count_trips", "record_trip", "trips_of"]


class CountedTrip(NamedTuple):
    """A recorded trip with what it counts for."""

    trip: Trip
    gross: bool
    """Someone travelled for the applicant's account."""
    net: bool
    """It counts against "at most one visit": not a correction the applicant alone caused (domain rule 6)."""
    why: str


def record_trip(file: CaseFile, command: RecordTrip, at: datetime, office: Office) -> Ruling:
    """A trip nobody recorded with the act it was made for."""
    visit = Visit(visit=command.visit, place=command.place, visitor=command.visitor)
    return trips_of(file, visit, command.cause, at, command.by) or Refused(Reason.VISIT_RECORDED, command.visit)


def trips_of(file: CaseFile, visit: Visit | None, cause: Cause, at: datetime, by: str) -> tuple[TripMade, ...]:
    """The trip that comes with an act, if one was made for it; a visit that served two acts is one trip."""
    if visit is None or any(trip.visit == visit.visit for trip in file.trips):
        return ()
    return (TripMade(at=at, by=by, visit=visit.visit, visitor=visit.visitor, place=visit.place, cause=cause),)


def count_trips(file: CaseFile) -> tuple[CountedTrip, ...]:
    """What each trip of a case counts for, in the order recorded."""
    return tuple(_count(file, trip) for trip in file.trips)


def _count(file: CaseFile, trip: Trip) -> CountedTrip:
    began = file.submitted_at or file.received_at
    if trip.visitor is Visitor.HALL_AGENT:
        return CountedTrip(trip, gross=False, net=False, why="the hall's agent went (代办员跑腿)")
    if trip.place is Place.HOME:
        return CountedTrip(trip, gross=False, net=False, why="home service (上门服务)")
    if trip.cause is Cause.CONSULT and began is not None and trip.at < began:
        return CountedTrip(trip, gross=False, net=False, why="before the application (申请前咨询)")
    if file.deliveries and trip.at > max(delivery.at for delivery in file.deliveries):
        return CountedTrip(trip, gross=False, net=False, why="after the result was received (收到办理结果之后)")
    if trip.cause is Cause.CORRECT and _applicants_own(file, trip):
        return CountedTrip(trip, gross=True, net=False, why="correction after one complete notice (一次性告知后补正)")
    return CountedTrip(trip, gross=True, net=True, why="near visit (就近)" if trip.place.near else "visit (到场)")


def _applicants_own(file: CaseFile, trip: Trip) -> bool:
    """Whether the correction this trip served was told completely, once, and was the applicant's to make."""
    asked = [c for c in file.corrections if c.requested_at <= trip.at]
    return len(asked) == 1 and asked[0].complete and asked[0].caused_by is CausedBy.APPLICANT
