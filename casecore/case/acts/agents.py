"""Agents and places of intake (代办, 办理点): who may act for the applicant, and where papers are taken."""

from datetime import date, datetime
from typing import Final, assert_never

from casecore.act import Act, Rule, Ruling, facts_in, made
from casecore.annotations import Id, Personal, PersonalId
from casecore.case.command import CaseCommand
from casecore.case.facts.agents import AgentFact, HomeServiceRequested, MandateGranted, MandateRevoked
from casecore.case.file import CaseFile
from casecore.case.parts import Mandate
from casecore.case.stages import LIVING
from casecore.growing import grown
from casecore.office import Office
from casecore.refusals import Reason, Refused, blank
from casecore.value import value

__all__ = ["EntrustAgent", "GrantMandate", "RequestHomeService", "RevokeMandate"]


@value
class GrantMandate(CaseCommand):
    """委托代办: the applicant entrusts a 代办员, if need be before anything is filed."""

    agent: PersonalId
    applicant: PersonalId
    scope: str
    until: date | None = None
    site: Id | None = None


@value
class RevokeMandate(CaseCommand):
    """撤销委托: entrust an agent no longer."""

    agent: PersonalId
    reason: str


@value
class EntrustAgent(CaseCommand):
    """委托代办: follows from a package an agent files in the applicant's name; a mandate in force is left as it is."""

    agent: PersonalId
    applicant: PersonalId
    scope: str


@value
class RequestHomeService(CaseCommand):
    """预约上门服务: ask the hall to come to the applicant."""

    wanted_on: date
    where: Personal


def grant_mandate(file: CaseFile, command: GrantMandate, at: datetime, office: Office) -> Ruling:
    """The applicant entrusts an agent, if need be before anything is filed."""
    if blank(command.scope):
        return Refused(Reason.NOTHING_NAMED, "scope")
    if file.applicant is not None and command.applicant != file.applicant:
        return Refused(Reason.NO_MANDATE, command.applicant)
    if command.until is not None and command.until < at.date():
        return Refused(Reason.DAYS_OUT_OF_RANGE, command.until.isoformat())
    if file.service.mandate(command.agent, at) is not None:
        return Refused(Reason.MANDATE_EXISTS, command.agent)
    granted = made(MandateGranted, command, at)
    return (granted,)


def entrust_agent(file: CaseFile, command: EntrustAgent, at: datetime, office: Office) -> Ruling:
    """Whoever files the package is entrusted with each of its cases, unless the same applicant has done so before."""
    held = file.service.mandate(command.agent, at)
    if held is not None:
        return () if held.fact.applicant == command.applicant else Refused(Reason.NO_MANDATE, command.agent)
    granted = made(MandateGranted, command, at)
    return (granted,)


def revoke_mandate(file: CaseFile, command: RevokeMandate, at: datetime, office: Office) -> Ruling:
    """The applicant takes it back."""
    if refused := without_mandate(file, command.agent, at):
        return refused
    if blank(command.reason):
        return Refused(Reason.REASON_REQUIRED)
    return (made(MandateRevoked, command, at),)


def request_home_service(file: CaseFile, command: RequestHomeService, at: datetime, office: Office) -> Ruling:
    """The hall is asked to come to the applicant (上门服务)."""
    if blank(command.where):
        return Refused(Reason.NOTHING_NAMED, "where")
    if command.wanted_on < at.date():
        return Refused(Reason.DAYS_OUT_OF_RANGE, command.wanted_on.isoformat())
    return (made(HomeServiceRequested, command, at),)


def without_mandate(file: CaseFile, agent: str, at: datetime, applicant: str | None = None) -> Refused | None:
    """Why an agent may not act at a moment: nobody entrusted him then, or another than the applicant of the case.

    ``applicant`` is whose application is being filed, while the file does not know it yet.
    """
    mandate = file.service.mandate(agent, at)
    whose = file.applicant or applicant
    if mandate is None or whose not in (None, mandate.fact.applicant):
        return Refused(Reason.NO_MANDATE, agent)
    return None


def _evolve(file: CaseFile, fact: AgentFact) -> CaseFile:
    service = file.service
    match fact:
        case MandateGranted():
            return file._replace(service=service._replace(mandates=grown(service.mandates, Mandate(fact))))
        case MandateRevoked():
            ended = tuple(
                m._replace(revoked_at=fact.at)
                if m.fact.agent == fact.agent and m.fact.at <= fact.at and (m.revoked_at is None or fact.at < m.revoked_at)
                else m
                for m in service.mandates
            )
            return file._replace(service=service._replace(mandates=ended))
        case HomeServiceRequested():
            return file._replace(service=service._replace(home_services=grown(service.home_services, fact)))
        case _:
            assert_never(fact)


AGENTS: Final = Act(
    "代办",
    facts=facts_in(AgentFact),
    evolve=_evolve,
    rules={
        GrantMandate: Rule(grant_mandate, (MandateGranted,), LIVING, late=True, begins=True),
        RevokeMandate: Rule(revoke_mandate, (MandateRevoked,), LIVING, late=True),
        EntrustAgent: Rule(entrust_agent, (MandateGranted,), LIVING, late=True, follows=True),
        RequestHomeService: Rule(request_home_service, (HomeServiceRequested,), LIVING, late=True, begins=True),
    },
)
"""An agent (代办员) is entrusted with the case, or no longer; the hall is asked to come to the applicant."""
