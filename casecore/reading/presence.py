"""Who had to be there (到场): acts that take somebody's presence, and those of them of which nobody's coming was told.

What is handed in, paid or collected at a window, a terminal or a village point without a visit told is no zero trip
(零跑动): nobody knows how often the applicant came. A drop box, a courier, the internet, the hall's own people at the
applicant's home and a 代办员 who fetches the papers there cost the applicant no visit, and none need be told.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from casecore.case.clocks import paper_owed
from casecore.case.facts.fees import FeePaid
from casecore.case.file import CaseFile
from casecore.case.parts import Correction, Trip
from casecore.district_rule import DEFAULT_RULE, DistrictRule
from casecore.reading.trips import CountedTrip, is_trip
from casecore.reading.visits import CountedVisit
from casecore.vocabulary import (
    Cause,
    Channel,
    DeliveryMethod,
    FeeWay,
    HolderKind,
    MaterialWay,
    Place,
    Stage,
    TripsUnknown,
    Visitor,
)

__all__ = ["InPerson", "trips_unknown", "untold_visits"]

_WHERE: Final[Mapping[Channel, Place]] = {
    Channel.WINDOW: Place.HALL,
    Channel.KIOSK: Place.HALL_KIOSK,
    Channel.AGENT_POINT: Place.VILLAGE_POINT,
}
"""Where somebody comes to who hands something in through a channel, as far as nobody says more."""


class InPerson(NamedTuple):
    """An act somebody had to be there for."""

    why: TripsUnknown
    """What its visit being untold leaves unknown."""
    at: datetime
    cause: Cause
    place: Place
    at_window: bool = False
    """Whether it is said to have been at a window."""


def trips_unknown(file: CaseFile, counted: Iterable[CountedTrip], rule: DistrictRule = DEFAULT_RULE) -> TripsUnknown | None:
    """Why nobody knows the trips of a case, of which ``counted`` are those recorded; None where they are known.

    While a result on paper waits to be handed over, a case nobody had to come for is not yet one of zero trips.
    """
    if (why := _untold(file, rule)) is not None:
        return why
    return TripsUnknown.PENDING if result_owed(file) and not any(one.net for one in counted) else None


def package_trips_unknown(
    cases: Iterable[tuple[CaseFile, DistrictRule]], visits: Iterable[CountedVisit]
) -> TripsUnknown | None:
    """Why nobody knows the trips of a package, of which ``visits`` are those recorded; None where they are known.

    ``cases`` are its cases, each with the rule it is counted under; those no figure counts say nothing of the whole.
    """
    counted = [(file, rule) for file, rule in cases if file.counted]
    for file, rule in counted:
        if (why := _untold(file, rule)) is not None:
            return why
    pending = any(result_owed(file) for file, _ in counted) and not any(one.net for one in visits)
    return TripsUnknown.PENDING if pending else None


def result_owed(file: CaseFile) -> bool:
    """Whether a case is closed, and its result on paper waits to be handed over."""
    return file.stage is Stage.CLOSED and paper_owed(file)


def _untold(file: CaseFile, rule: DistrictRule) -> TripsUnknown | None:
    """Why visits of a case may be missing from what was recorded."""
    if not file.trips_recorded:
        return TripsUnknown.NOT_RECORDED
    untold = next(untold_visits(file, rule), None)
    return None if untold is None else untold.why


def untold_visits(file: CaseFile, rule: DistrictRule = DEFAULT_RULE) -> Iterator[InPerson]:
    """The acts somebody had to be there for, and nobody's coming is told on that day, where it would be a trip."""
    if not file.trips_recorded:
        return
    for act in _in_person(file):
        assumed = Trip("", act.at, Visitor.APPLICANT, act.place, act.cause)
        if not _told(file, act) and is_trip(file, assumed, rule):
            yield act


def _told(file: CaseFile, act: InPerson) -> bool:
    """Whether somebody came that day: whoever it was, for whatever, and be it to the applicant's home.

    That somebody came to their home, or that an agent went for something else, explains no collection; and a wish for home
    service explains nothing that is said to have been done at a window.
    """
    collected = act.why is TripsUnknown.COLLECTION
    on = act.at.date()
    for trip in file.trips:
        elsewhere = trip.place is Place.HOME or (trip.visitor is Visitor.HALL_AGENT and trip.cause is not Cause.COLLECT)
        if trip.at.date() == on and not (collected and elsewhere):
            return True
    wished = any(service.wanted_on == on for service in file.service.home_services)
    return wished and not collected and not act.at_window


def _in_person(file: CaseFile) -> Iterator[InPerson]:
    """Every act of a case somebody had to be there for, as far as the case's own facts say."""
    service, received_at = file.service, file.received_at
    where = _WHERE.get(file.channel) if file.channel is not None else None
    if received_at is not None and where is not None and not service.waited and not _arrived(file, None, received_at):
        yield InPerson(TripsUnknown.INTAKE, received_at, Cause.SUBMIT, where)
    for round_ in file.corrections:
        yield from _handed_in(file, round_, where)
    if where is not None:
        yield from (InPerson(TripsUnknown.CORRECTION, at, Cause.CORRECT, where) for at in service.put_right)
    for fee in service.fees:
        if isinstance(fee, FeePaid) and fee.way is FeeWay.WINDOW:
            yield InPerson(TripsUnknown.PAYMENT, fee.at, Cause.PAY, Place.HALL, at_window=True)
    yield from _from_hand_to_hand(file)
    for delivery in file.deliveries:
        fetched = delivery.recipient is not None and service.mandate(delivery.recipient, delivery.at) is not None
        if delivery.method.collected and not fetched:  # by the applicant, not by an entrusted 代办员
            place = Place.HALL_KIOSK if delivery.method is DeliveryMethod.LOCKER else Place.HALL
            yield InPerson(TripsUnknown.COLLECTION, delivery.at, Cause.COLLECT, place)


def _handed_in(file: CaseFile, round_: Correction, usual: Place | None) -> Iterator[InPerson]:
    """A correction that was handed in: where it is said to have been, or else as the application came in."""
    at = round_.submitted_at
    if at is None:
        return
    if round_.channel is not None:
        place = _WHERE.get(round_.channel)
    elif _arrived(file, round_.requested_at, at) or _met_without_paper(file, round_):
        place = None
    else:
        place = usual
    if place is not None:
        yield InPerson(TripsUnknown.CORRECTION, at, Cause.CORRECT, place, at_window=round_.channel is Channel.WINDOW)


def _arrived(file: CaseFile, since: datetime | None, until: datetime) -> bool:
    """Whether papers came without the applicant: by courier, out of a drop box, or fetched at home by a 代办员."""
    ways = [
        *(papers.at for papers in file.couriered_in),
        *(deposit.collected_at for deposit in file.service.deposits if deposit.collected_at is not None),
        *(
            link.at
            for link in file.service.handovers
            if link.holder_kind is HolderKind.AGENT and link.place in (None, Place.HOME)
        ),
    ]
    return any((since is None or since <= at) and at <= until for at in ways)


def _met_without_paper(file: CaseFile, round_: Correction) -> bool:
    """Whether all a notice asked for was uploaded, looked up or shared, so that nobody had to bring it."""
    met = {
        one.material
        for one in file.service.materials
        if one.way is not MaterialWay.PAPER
        and round_.submitted_at is not None
        and round_.requested_at <= one.at <= round_.submitted_at
    }
    return bool(round_.materials) and met.issuperset(round_.materials)


def _from_hand_to_hand(file: CaseFile) -> Iterator[InPerson]:
    """Originals that changed hands between the applicant and the hall, or an agent anywhere but at the applicant's."""
    for link in file.service.handovers:
        kinds = {link.giver_kind, link.holder_kind}
        if HolderKind.APPLICANT not in kinds or link.place is Place.HOME:
            continue
        with_hall = not kinds.isdisjoint((HolderKind.HALL, HolderKind.DEPARTMENT))
        with_agent = HolderKind.AGENT in kinds and link.place is not None
        if with_hall or with_agent:
            # Who gives them away before the receipt does so to apply.
            applies = link.giver_kind is HolderKind.APPLICANT and (file.received_at is None or link.at <= file.received_at)
            cause = Cause.SUBMIT if applies else Cause.OTHER
            yield InPerson(TripsUnknown.ORIGINALS, link.at, cause, link.place or Place.HALL)
