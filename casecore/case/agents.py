"""Agents and places of intake (代办, 办理点): who may act for the applicant, and where papers are taken."""

from datetime import datetime

from casecore.case.commands import EntrustAgent, GrantMandate, RequestHomeService, RevokeMandate
from casecore.case.events import HomeServiceRequested, MandateGranted, MandateRevoked
from casecore.case.ruling import Ruling
from casecore.case.state import CaseFile
from casecore.office import Office
from casecore.refusals import Reason, Refused, blank

__all__ = ["entrust_agent", "grant_mandate", "request_home_service", "revoke_mandate", "without_mandate"]


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
    granted = MandateGranted(
        at=at,
        by=command.by,
        agent=command.agent,
        applicant=command.applicant,
        scope=command.scope,
        until=command.until,
        site=command.site,
    )
    return (granted,)


def entrust_agent(file: CaseFile, command: EntrustAgent, at: datetime, office: Office) -> Ruling:
    """Whoever files the package is entrusted with each of its cases, unless the same applicant has done so before."""
    held = file.service.mandate(command.agent, at)
    if held is not None:
        return () if held.fact.applicant == command.applicant else Refused(Reason.NO_MANDATE, command.agent)
    granted = MandateGranted(at=at, by=command.by, agent=command.agent, applicant=command.applicant, scope=command.scope)
    return (granted,)


def revoke_mandate(file: CaseFile, command: RevokeMandate, at: datetime, office: Office) -> Ruling:
    """The applicant takes it back."""
    if refused := without_mandate(file, command.agent, at):
        return refused
    if blank(command.reason):
        return Refused(Reason.REASON_REQUIRED)
    return (MandateRevoked(at=at, by=command.by, agent=command.agent, reason=command.reason),)


def request_home_service(file: CaseFile, command: RequestHomeService, at: datetime, office: Office) -> Ruling:
    """The hall is asked to come to the applicant (上门服务)."""
    if blank(command.where):
        return Refused(Reason.NOTHING_NAMED, "where")
    if command.wanted_on < at.date():
        return Refused(Reason.DAYS_OUT_OF_RANGE, command.wanted_on.isoformat())
    return (HomeServiceRequested(at=at, by=command.by, wanted_on=command.wanted_on, where=command.where),)


def without_mandate(file: CaseFile, agent: str, at: datetime, applicant: str | None = None) -> Refused | None:
    """Why an agent may not act at a moment: nobody entrusted him then, or another than the applicant of the case.

    ``applicant`` is whose application is being filed, while the file does not know it yet.
    """
    mandate = file.service.mandate(agent, at)
    whose = file.applicant or applicant
    if mandate is None or whose not in (None, mandate.fact.applicant):
        return Refused(Reason.NO_MANDATE, agent)
    return None
