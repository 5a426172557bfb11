"""Trips (跑动): recorded as facts with a visit id. What they count for is :mod:`casecore.reading.trips`'s."""

from datetime import datetime
from typing import Final

from casecore.act import Act, Rule, Ruling, facts_in
from casecore.annotations import Id, PersonalId
from casecore.case.acts.agents import without_mandate
from casecore.case.command import CaseCommand
from casecore.case.facts.trips import TripFact, TripMade
from casecore.case.file import CaseFile
from casecore.case.parts import Trip
from casecore.case.stages import ANY
from casecore.district_rule import DistrictRule
from casecore.given import Coming, Visit, unfit_hash
from casecore.growing import grown
from casecore.office import Office
from casecore.refusals import Reason, Refused
from casecore.value import value
from casecore.visit_ids import VisitName, visit_id
from casecore.vocabulary import Cause, Channel, Place, Stage, Visitor
from casecore.whereabouts import led_to

__all__ = ["RecordTrip"]


@value
class RecordTrip(CaseCommand):
    """跑动, where no other command carried the visit."""

    visit: Id
    cause: Cause
    place: Place = Place.HALL
    visitor: Visitor = Visitor.APPLICANT
    agent: PersonalId | None = None
    device: Id | None = None
    id_hash: str | None = None
    hall: Id | None = None
    """The hall or site somebody came to, where it is not the case's."""

    @property
    def coming(self) -> Coming:
        """The visit, and what somebody came for."""
        visit = Visit(
            visit=self.visit,
            hall=self.hall,
            place=self.place,
            visitor=self.visitor,
            agent=self.agent,
            device=self.device,
            id_hash=self.id_hash,
        )
        return Coming(visit, self.cause)


def record_trip(file: CaseFile, command: RecordTrip, at: datetime, office: Office) -> Ruling:
    """A trip nobody recorded with the act it was made for; told late, it restates what was reported."""
    if too_early(file, Trip(command.visit, at, command.visitor, command.place, command.cause), office.rule):
        return Refused(Reason.TRIP_BEFORE_APPLICATION, command.cause.value)
    came = led_to(command.coming, file.hall, at.date(), office)
    return trips_of(file, came, at, command.by) or Refused(Reason.VISIT_RECORDED, command.visit)


def trips_of(
    file: CaseFile, coming: Coming | Refused | None, at: datetime, by: str, applicant: str | None = None
) -> tuple[TripMade, ...] | Refused:
    """The trip that comes with an act, if one was made for it; a visit that served two acts is one trip.

    ``applicant`` is whose application comes in with it, while the file does not know that yet.
    """
    if coming is None or isinstance(coming, Refused):
        return () if coming is None else coming
    visit, cause = coming.visit, coming.cause
    agent = visit.agent
    if visit.visitor is Visitor.HALL_AGENT:
        agent = agent or by
        if refused := without_mandate(file, agent, at, applicant):
            return refused
    if refused := unfit_hash(visit.id_hash):
        return refused
    name = coming.named(file.hall, at.date())
    if name is None:
        return Refused(Reason.HALL_REQUIRED, visit.visit)
    named = visit_id(*name)
    if any(_same(trip, named, name) and not _advice_only(file, trip, cause) for trip in file.trips):
        return ()
    made = TripMade(
        at=at,
        by=by,
        visit=named,
        visitor=visit.visitor,
        place=visit.place,
        cause=cause,
        agent=agent,
        device=visit.device,
        hall=name.hall,
        id_hash=visit.id_hash,
    )
    return (made,)


def comes_home(file: CaseFile, channel: Channel | None = None) -> bool:
    """Whether the hall comes to the applicant's home for the case (上门服务), filed through that channel or as agreed."""
    return (channel or file.channel) is Channel.HOME_SERVICE or bool(file.service.home_services)


def _same(trip: Trip, named: str, name: VisitName) -> bool:
    """Whether a trip was made in the visit; told before visits were scoped, it bears the number as it was told."""
    return trip.visit == named or (trip.hall is None and trip.visit == name.number and trip.at.date() == name.on)


def before_application(file: CaseFile, cause: Cause, at: datetime) -> bool:
    """Whether somebody came before there was an application; who comes to hand it in applies with that."""
    applied_at = file.applied_at
    if applied_at is None:
        return file.stage is Stage.NEW  # an imported history may know of no application at all
    return at.date() < applied_at.date() if cause is Cause.SUBMIT else at < applied_at


def too_early(file: CaseFile, trip: Trip, rule: DistrictRule) -> bool:
    """Whether the applicant cannot have come for that yet. The hall's own people may have, and districts may count it."""
    if trip.cause is Cause.CONSULT or rule.count_before_application:
        return False
    theirs = trip.visitor is Visitor.HALL_AGENT or trip.place is Place.HOME
    return not theirs and before_application(file, trip.cause, trip.at)


def _advice_only(file: CaseFile, trip: Trip, cause: Cause) -> bool:
    """Whether who came to ask went on to apply in the same visit: then the asking does not hide the application."""
    return cause is Cause.SUBMIT and trip.cause is Cause.CONSULT and before_application(file, trip.cause, trip.at)


def _evolve(file: CaseFile, fact: TripFact) -> CaseFile:
    trip = Trip(fact.visit, fact.at, fact.visitor, fact.place, fact.cause, fact.agent, fact.device, fact.hall)
    return file._replace(service=file.service._replace(trips=grown(file.service.trips, trip)))


TRIPS: Final = Act(
    "跑动",
    facts=facts_in(TripFact),
    evolve=_evolve,
    rules={
        RecordTrip: Rule(record_trip, (TripMade,), ANY, late=True),
    },
)
"""Somebody came for the case: told of itself here, or with what they came for."""
