"""``agent_facts``: the agents' ledger (代办记录本): one row a mandate, and what the agent did under it."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from casecore.case.file import CaseFile
from casecore.case.parts import Mandate
from casecore.vocabulary import DeliveryMethod, HolderKind, Visitor
from projections.projection import Projection, Subject

__all__ = ["AGENT_FACTS", "AgentFact"]


class AgentFact(NamedTuple):
    """One mandate. What an agent did without one is in no row: it is a finding (代办员无委托)."""

    log: str
    case_id: str
    stream_version: int
    agent: str
    site: str | None
    """The point (代办点) the agent works for."""
    scope: str
    granted_on: date
    until: date | None
    revoked_on: date | None
    pickups: int
    """上门取件: how often originals were handed over to the agent."""
    brought_home: int
    """送件上门: how often the agent handed originals back to the applicant, or the result over at home."""
    trips: int
    """代办员跑腿: the agent's own journeys, which cost the applicant none."""


def _rows(subject: Subject) -> Iterator[AgentFact]:
    for mandate in subject.file.service.mandates:
        granted, revoked_at = mandate.fact, mandate.revoked_at
        yield AgentFact(
            log=subject.log,
            case_id=subject.case,
            stream_version=subject.file.version,
            agent=granted.agent,
            site=granted.site,
            scope=granted.scope,
            granted_on=granted.at.date(),
            until=granted.until,
            revoked_on=revoked_at.date() if revoked_at is not None else None,
            pickups=_under(mandate, subject.file, _pickups(subject.file, granted.agent)),
            brought_home=_under(mandate, subject.file, _brought_home(subject.file, granted.agent)),
            trips=_under(mandate, subject.file, _journeys(subject.file, granted.agent)),
        )


def _under(mandate: Mandate, file: CaseFile, acts: Iterator[datetime]) -> int:
    """How many acts were done under this mandate: what several cover goes by the first, so that none counts twice."""
    return sum(file.service.mandate(mandate.fact.agent, at) is mandate for at in acts)


def _pickups(file: CaseFile, agent: str) -> Iterator[datetime]:
    for link in file.service.handovers:
        if (link.holder_kind, link.holder) == (HolderKind.AGENT, agent):
            yield link.at


def _brought_home(file: CaseFile, agent: str) -> Iterator[datetime]:
    for link in file.service.handovers:
        if (link.giver_kind, link.giver, link.holder_kind) == (HolderKind.AGENT, agent, HolderKind.APPLICANT):
            yield link.at
    for delivery in file.deliveries:
        if delivery.method is DeliveryMethod.HOME and delivery.by == agent:
            yield delivery.at


def _journeys(file: CaseFile, agent: str) -> Iterator[datetime]:
    for trip in file.trips:
        if trip.visitor is Visitor.HALL_AGENT and trip.agent == agent:
            yield trip.at


AGENT_FACTS = Projection("agent_facts", 1, AgentFact, _rows)
"""One row a mandate."""
