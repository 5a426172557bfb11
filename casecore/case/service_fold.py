"""The fold of what was done to spare the citizen trips, and of what the citizen said of it."""

from collections.abc import Callable
from datetime import datetime
from typing import assert_never

from casecore.case.events import (
    CaseJoined,
    CaseRated,
    ConditionLapsed,
    FeePaid,
    FeeWaived,
    HomeServiceRequested,
    LookupFailed,
    MandateGranted,
    MandateRevoked,
    MaterialMet,
    MaterialPromised,
    PapersCollected,
    PapersDeposited,
    PapersHandedOver,
    RaterCalledBack,
    RatingRectified,
    RatingReviewed,
    ServiceEvent,
    TripMade,
)
from casecore.case.parts import Custody, Deposit, Mandate, Rating, Service, Trip
from casecore.vocabulary import CoreStep, HolderKind

__all__ = ["at_hall", "evolve_service", "held_by", "taken_in"]


def evolve_service(  # noqa: C901, PLR0911, PLR0912 - one arm a fact
    service: Service, event: ServiceEvent, hall: str | None
) -> Service:
    """The service after one more fact; ``hall`` is the one that received the case, None before."""
    match event:
        case TripMade():
            trip = Trip(event.visit, event.at, event.visitor, event.place, event.cause, event.agent, event.device)
            return service._replace(trips=(*service.trips, trip))
        case MaterialMet():
            return service._replace(materials=(*service.materials, event))
        case MaterialPromised():
            return service._replace(material_promises=(*service.material_promises, event))
        case LookupFailed():
            return service._replace(failed_lookups=(*service.failed_lookups, event))
        case CaseJoined():
            return service._replace(package=event)
        case ConditionLapsed():
            return service._replace(lapsed=event)
        case MandateGranted():
            return service._replace(mandates=(*service.mandates, Mandate(event)))
        case MandateRevoked():
            ended = tuple(
                m._replace(revoked_at=event.at)
                if m.fact.agent == event.agent
                and m.fact.at <= event.at
                and (m.revoked_at is None or event.at < m.revoked_at)
                else m
                for m in service.mandates
            )
            return service._replace(mandates=ended)
        case HomeServiceRequested():
            return service._replace(home_services=(*service.home_services, event))
        case PapersHandedOver():
            service = held_by(service, event.materials, event.holder_kind, event.holder, event.at)
            return service._replace(handovers=(*service.handovers, event))
        case PapersDeposited():
            return service._replace(deposits=(*service.deposits, Deposit(event)))
        case PapersCollected():
            return _collected(service, event, hall)
        case FeePaid() | FeeWaived():
            return service._replace(fees=(*service.fees, event))
        case CaseRated():
            return service._replace(ratings=(*service.ratings, Rating(event)))
        case RatingReviewed():
            return _rated(service, event.step, lambda rating: rating._replace(review=event))
        case RatingRectified():
            return _rated(service, event.step, lambda rating: rating._replace(rectified=event))
        case RaterCalledBack():
            return _rated(service, event.step, lambda rating: rating._replace(called_back=event))
        case _:
            assert_never(event)


def taken_in(service: Service, materials: tuple[str, ...], hall: str | None, at: datetime) -> Service:
    """The service once papers are at the hall; ``hall`` is None where nobody said which."""
    if not materials:
        return service
    papers = tuple(dict.fromkeys((*service.papers, *materials)))
    return held_by(service._replace(papers=papers), materials, HolderKind.HALL, hall or "", at)


def at_hall(service: Service, hall: str) -> Service:
    """The service once it is known which hall received the case: what came to a hall before came to that one."""
    if all(link.holder for link in service.custody):
        return service
    custody = (
        link._replace(holder=hall) if link.kind is HolderKind.HALL and not link.holder else link for link in service.custody
    )
    return service._replace(custody=tuple(custody))


def held_by(service: Service, materials: tuple[str, ...], kind: HolderKind, holder: str, at: datetime) -> Service:
    """The service once originals are in somebody's hands."""
    links = (Custody(material, kind, holder, at) for material in materials)
    return service._replace(custody=(*service.custody, *links))


def _collected(service: Service, event: PapersCollected, hall: str | None) -> Service:
    """The papers of a deposit are at the hall, whatever becomes of the case."""
    deposits = list(service.deposits)
    for index, deposit in enumerate(deposits):
        if deposit.fact.deposit == event.deposit and deposit.collected_at is None:
            deposits[index] = deposit._replace(collected_at=event.at)
            service = taken_in(service, deposit.fact.materials, hall, event.at)
            break
    return service._replace(deposits=tuple(deposits))


def _rated(service: Service, step: CoreStep | None, change: Callable[[Rating], Rating]) -> Service:
    """The service with the standing rating of a step changed; unchanged where nobody rated it."""
    ratings = list(service.ratings)
    for index in reversed(range(len(ratings))):
        if ratings[index].fact.step is step:
            ratings[index] = change(ratings[index])
            break
    return service._replace(ratings=tuple(ratings))
