"""Findings about what was done beside the examination: trips, agents, seals, materials, ratings.

Each is what the rule of the same act refuses live; an import, or a fact told of late, may show it all the same. A history
from before mandates were recorded shows trips of a 代办员 of whom it says no more: that is no finding, see
:func:`find_in_trips`.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Final

from casecore.auditing.finding import Examined, Finding, found
from casecore.case.acts.agents import without_mandate
from casecore.case.acts.certificates import seal_of_another
from casecore.case.acts.ratings import done_at
from casecore.case.acts.trips import too_early
from casecore.case.clocks import paper_owed
from casecore.case.facts.application import CaseReceived
from casecore.case.facts.certificates import CertificateSealed
from casecore.case.facts.closing import CaseClosed
from casecore.case.facts.correction import CorrectedOnSpot, CorrectionSubmitted
from casecore.case.facts.custody import PapersHandedOver
from casecore.case.facts.delivery import ResultDelivered
from casecore.case.facts.fees import FeePaid
from casecore.case.facts.materials import MaterialMet
from casecore.case.facts.ratings import CaseRated
from casecore.case.facts.trips import TripMade
from casecore.fact import Fact
from casecore.kinds import CASE, as_kind, fold_stream
from casecore.places import Seal
from casecore.reading.presence import untold_visits
from casecore.vocabulary import FindingCode, HolderKind, TripsUnknown, Visitor

__all__ = [
    "find_in_handing_over",
    "find_in_handovers",
    "find_in_materials",
    "find_in_presence",
    "find_in_ratings",
    "find_in_seals",
    "find_in_trips",
]


def find_in_trips(case: Examined) -> Iterator[Finding]:
    """Trips from before the application, and agents without a mandate.

    A trip of a 代办员 is held against the mandates of the case where it names the agent, or where the case knows of any
    mandate: histories that know neither were recorded before mandates were.
    """
    facts = [recorded for recorded in case.history if isinstance(recorded.event, TripMade)]
    for recorded, trip in zip(facts, case.file.trips, strict=True):
        if too_early(case.file, trip, case.office.rule):
            sentence = (
                f"came to {trip.cause.value} on {trip.at.date()}, {_applied(case)}: it counts for the whole journey only"
            )
            yield found(FindingCode.TRIP_BEFORE_APPLICATION, recorded, sentence)
        told_of = trip.agent is not None or case.file.service.mandates
        if trip.visitor is Visitor.HALL_AGENT and told_of and not _entrusted(case, trip.agent, trip.at):
            sentence = f"{trip.agent or 'an agent nobody named'} went, whom no mandate in force entrusted"
            yield found(FindingCode.AGENT_WITHOUT_MANDATE, recorded, sentence)


def find_in_presence(case: Examined) -> Iterator[Finding]:
    """Acts in person on a day on which nobody is said to have come, each day once: no figure of trips counts the case.

    Live that is lawful: the act may have been done in a visit recorded with another one. Who came is the applicant,
    whoever the applicant sent, or a 代办员 for them.
    """
    seen = set[date]()
    for act in untold_visits(case.file, case.office.rule):
        if act.at.date() in seen:
            continue
        seen.add(act.at.date())
        facts = (one for one in case.history if isinstance(one.event, _IN_PERSON[act.why]) and one.occurred_at == act.at)
        collected = act.why is TripsUnknown.COLLECTION
        sentence = (
            f"{act.why.value} on {act.at.date()} takes somebody at {act.place.value}, and no visit is recorded that day:"
            " its trips are unknown, and no figure of trips counts it"
        )
        code = FindingCode.UNRECORDED_COLLECTION if collected else FindingCode.UNRECORDED_VISIT
        yield found(code, next(facts, case.history[0]), sentence)


def find_in_handing_over(case: Examined) -> Iterator[Finding]:
    """A result on paper that waits to be handed over, longer than the district allows."""
    closed_at, days = case.file.closed_at, case.office.rule.collect_days
    if closed_at is None or not paper_owed(case.file):
        return
    promise = case.file.promise
    calendar = case.office.calendar_of(None if promise is None else promise.calendar).law
    until = min(case.at.date(), calendar.covers[1])  # what lies beyond is longer still
    waited = calendar.between(closed_at.date(), until)
    if waited > days:
        closing = next(r for r in case.history if isinstance(r.event, CaseClosed) and r.occurred_at == closed_at)
        sentence = f"closed on {closed_at.date()}, and the result on paper is not handed over after {waited} working days"
        yield found(FindingCode.RESULT_NOT_HANDED_OVER, closing, f"{sentence}: {days} are allowed")


def find_in_handovers(case: Examined) -> Iterator[Finding]:
    """Originals in the hands of an agent whom the applicant had not entrusted."""
    for recorded in case.history:
        event = recorded.event
        if not isinstance(event, PapersHandedOver) or event.holder_kind is not HolderKind.AGENT:
            continue
        if not _entrusted(case, event.holder, event.at):
            sentence = f"{event.holder} was given {', '.join(event.materials)}, whom no mandate in force entrusted"
            yield found(FindingCode.AGENT_WITHOUT_MANDATE, recorded, sentence)


def find_in_seals(case: Examined) -> Iterator[Finding]:
    """Seals that might not be used, that day or at all; where the hall keeps no register of seals, nobody can tell."""
    for recorded in case.history:
        event = recorded.event
        if not isinstance(event, CertificateSealed):
            continue
        office = case.office.on(event.at.date())
        seal = office.catalogue.seals.get(event.seal)
        if not office.catalogue.seals:
            continue
        sealed = f"{event.certificate} was sealed on {event.at.date()} with {event.seal}"
        if seal is None or not seal.in_force(event.at.date()):
            yield found(FindingCode.SEAL_OUT_OF_FORCE, recorded, f"{sealed}, {_register(seal)}")
            continue
        if seal_of_another(case.file, seal, event.at, office):
            yield found(FindingCode.SEAL_OF_ANOTHER, recorded, f"{sealed}, which is the seal of {seal.department}")
        certificate = case.file.certificate(event.certificate)
        if certificate is not None and certificate.electronic and not seal.electronic:
            yield found(FindingCode.SEAL_NOT_ELECTRONIC, recorded, f"{sealed}, which is not electronic: the certificate is")


def find_in_materials(case: Examined) -> Iterator[Finding]:
    """Materials met again although no notice asked for them again (补正): the first way counts."""
    first: dict[str, MaterialMet] = {}
    for recorded in case.history:
        event = recorded.event
        if not isinstance(event, MaterialMet):
            continue
        if (met := first.setdefault(event.material, event)) is event:
            continue
        if any(
            event.material in asked.materials and met.at <= asked.requested_at <= event.at for asked in case.file.corrections
        ):
            first[event.material] = event
        else:
            sentence = (
                f"{event.material} was met on {met.at.date()} by {met.way.value},"
                f" and again on {event.at.date()} by {event.way.value}: the first counts"
            )
            yield found(FindingCode.MATERIAL_MET_TWICE, recorded, sentence)


def find_in_ratings(case: Examined) -> Iterator[Finding]:
    """Ratings of what had not been done by then, whatever was done afterwards."""
    for recorded in case.history:
        event = recorded.event
        if not isinstance(event, CaseRated):
            continue
        by_then = fold_stream(one.event for one in case.history if one.occurred_at <= event.at)
        if done_at(as_kind(by_then, CASE, recorded.stream), event.step) is None:
            what = "the case as a whole" if event.step is None else f"the step {event.step.value} ({event.step.zh})"
            yield found(FindingCode.RATED_BEFORE_DONE, recorded, f"{what} was not done when it was rated")


_IN_PERSON: Final[Mapping[TripsUnknown, tuple[type[Fact], ...]]] = {
    TripsUnknown.INTAKE: (CaseReceived,),
    TripsUnknown.CORRECTION: (CorrectionSubmitted, CorrectedOnSpot),
    TripsUnknown.PAYMENT: (FeePaid,),
    TripsUnknown.ORIGINALS: (PapersHandedOver,),
    TripsUnknown.COLLECTION: (ResultDelivered,),
}
"""Which facts tell of an act in person."""


def _entrusted(case: Examined, agent: str | None, at: datetime) -> bool:
    """Whether a mandate was in force: that of the agent, or of any where nobody says who it was."""
    service = case.file.service
    if agent is None:
        return any(mandate.in_force(at) for mandate in service.mandates)
    return without_mandate(case.file, agent, at) is None


def _applied(case: Examined) -> str:
    applied_at = case.file.applied_at
    return "and nothing was applied for" if applied_at is None else f"before the application of {applied_at.date()}"


def _register(seal: Seal | None) -> str:
    if seal is None:
        return "which is in no register"
    return f"which is in force {seal.span}"
