"""What a courier has (寄递): papers on their way in, results on their way out.

What a courier tells is a report and no report is final: any later one, of whatever instant, is taken down, and the last by
its instant says where a consignment is. The very same report told again is refused.
"""

from datetime import datetime
from operator import attrgetter
from typing import Final, assert_never

from casecore.act import Act, Rule, Ruling, facts_in, made
from casecore.annotations import Id
from casecore.case.command import CaseCommand
from casecore.case.facts.courier import (
    CourierDispatched,
    CourierFact,
    CourierLost,
    CourierRefused,
    CourierReturned,
    MaterialsCouriered,
    PapersSent,
)
from casecore.case.file import CaseFile
from casecore.case.parts import Consignment, CourierReport, Custody, Service
from casecore.case.stages import AFTER_DECISION, ANY, BEFORE_ACCEPTANCE
from casecore.growing import grown
from casecore.office import Office
from casecore.refusals import Reason, Refused, blank
from casecore.value import value
from casecore.vocabulary import HolderKind, Stage, Transit

__all__ = [
    "DispatchCourier",
    "ReceiveCourieredMaterials",
    "ReportCourierLost",
    "ReportCourierRefused",
    "ReportCourierReturned",
    "ResendCourier",
    "SendPapers",
]


@value
class SendPapers(CaseCommand):
    """寄件: a courier takes papers in at the applicant's door."""

    consignment: Id
    courier: Id
    materials: tuple[str, ...] = ()
    charge_fen: int = 0
    """In fen (分); 0 where the district sends free of charge."""


@value
class ReceiveCourieredMaterials(CaseCommand):
    """材料寄达: take in papers a courier brought."""

    consignment: Id
    materials: tuple[str, ...] = ()


@value
class DispatchCourier(CaseCommand):
    """寄出: give the result to a courier."""

    consignment: Id
    courier: Id
    certificate: Id | None = None
    charge_fen: int = 0
    """What the applicant pays for it, in fen (分)."""


@value
class ResendCourier(CaseCommand):
    """重新寄出, after a return, a refusal (拒收) or a loss."""

    consignment: Id
    courier: Id
    replaces: Id
    charge_fen: int = 0
    """What the applicant pays for it, in fen (分)."""


@value
class ReportCourierReturned(CaseCommand):
    """寄递退回: report that a consignment came back."""

    consignment: Id
    reason: str


@value
class ReportCourierLost(CaseCommand):
    """寄递遗失: report that a consignment is lost."""

    consignment: Id


@value
class ReportCourierRefused(CaseCommand):
    """拒收: report that whoever was there would not take a consignment."""

    consignment: Id
    reason: str


def send_papers(file: CaseFile, command: SendPapers, at: datetime, office: Office) -> Ruling:
    """A courier takes papers in at the applicant's door (免费上门收取)."""
    if known_consignment(file, command.consignment):
        return Refused(Reason.CONSIGNMENT_EXISTS, command.consignment)
    if command.charge_fen < 0:
        return Refused(Reason.AMOUNT_OUT_OF_RANGE, str(command.charge_fen))
    sent = made(PapersSent, command, at)
    return (sent,)


def receive_couriered_materials(file: CaseFile, command: ReceiveCourieredMaterials, at: datetime, office: Office) -> Ruling:
    """Papers came in by courier: no trip was made for them."""
    sent = next((c for c in file.inbound if c.consignment == command.consignment), None)
    came = any(c.consignment == command.consignment for c in file.couriered_in)
    if came and (sent is None or sent.state is Transit.DELIVERED or CourierReport(at, Transit.DELIVERED) in sent.reports):
        return Refused(Reason.CONSIGNMENT_EXISTS, command.consignment)
    if sent is not None and at < sent.dispatched_at:
        return Refused(Reason.BEFORE_STAGE, sent.dispatched_at.isoformat())
    materials = command.materials or (sent.materials if sent is not None else ())
    return (made(MaterialsCouriered, command, at, materials=materials),)


def dispatch_courier(file: CaseFile, command: DispatchCourier, at: datetime, office: Office) -> Ruling:
    """The result leaves by courier."""
    if refused := not_to_hand_over(file, command.certificate, at):
        return refused
    if known_consignment(file, command.consignment):
        return Refused(Reason.CONSIGNMENT_EXISTS, command.consignment)
    if command.charge_fen < 0:
        return Refused(Reason.AMOUNT_OUT_OF_RANGE, str(command.charge_fen))
    dispatched = made(CourierDispatched, command, at)
    return (dispatched,)


def resend_courier(file: CaseFile, command: ResendCourier, at: datetime, office: Office) -> Ruling:
    """What came back, was refused or was lost is sent again, once for each failure."""
    failed = file.consignment(command.replaces)
    if failed is not None and (refused := not_to_hand_over(file, failed.certificate, at)):
        return refused
    if known_consignment(file, command.consignment):
        return Refused(Reason.CONSIGNMENT_EXISTS, command.consignment)
    if failed is None:
        return Refused(Reason.UNKNOWN_CONSIGNMENT, command.replaces)
    replaced = any(c.replaces == command.replaces for c in file.consignments)
    if replaced or failed.state not in (Transit.RETURNED, Transit.LOST, Transit.REFUSED):
        return Refused(Reason.CONSIGNMENT_NOT_FAILED, command.replaces)
    if command.charge_fen < 0:
        return Refused(Reason.AMOUNT_OUT_OF_RANGE, str(command.charge_fen))
    sent_again = made(CourierDispatched, command, at, certificate=failed.certificate)
    return (sent_again,)


def report_courier_returned(file: CaseFile, command: ReportCourierReturned, at: datetime, office: Office) -> Ruling:
    """The courier brought it back."""
    if refused := told_already(file, command.consignment, Transit.RETURNED, at):
        return refused
    if blank(command.reason):
        return Refused(Reason.REASON_REQUIRED)
    return (made(CourierReturned, command, at),)


def report_courier_refused(file: CaseFile, command: ReportCourierRefused, at: datetime, office: Office) -> Ruling:
    """Whoever was there would not take it (拒收)."""
    if refused := told_already(file, command.consignment, Transit.REFUSED, at):
        return refused
    if blank(command.reason):
        return Refused(Reason.REASON_REQUIRED)
    return (made(CourierRefused, command, at),)


def report_courier_lost(file: CaseFile, command: ReportCourierLost, at: datetime, office: Office) -> Ruling:
    """The courier lost it."""
    if refused := told_already(file, command.consignment, Transit.LOST, at):
        return refused
    return (made(CourierLost, command, at),)


def not_to_hand_over(file: CaseFile, number: str | None, at: datetime, *, reported: bool = False) -> Refused | None:
    """Why a certificate, or without one the decision paper, may not leave the hall at a moment.

    A corrected certificate (更正) is handed over again, once it is sealed again. What a courier has ``reported`` to have
    handed over may have been in the applicant's hands before.
    """
    if number is None:
        lapsed = file.service.lapsed
        if lapsed is not None and lapsed.at <= at:
            return Refused(Reason.CONDITION_FAILED, lapsed.prerequisite)
        delivered = any(one.certificate is None for one in file.deliveries)
    else:
        certificate = file.certificate(number)
        if certificate is None:
            return Refused(Reason.UNKNOWN_CERTIFICATE, number)
        if certificate.revoked_at is not None and certificate.revoked_at <= at:
            return Refused(Reason.CERTIFICATE_REVOKED, number)
        if certificate.sealed_at is None or at < certificate.sealed_at:
            return Refused(Reason.NOT_SEALED, number)
        delivered = file.in_hand(certificate)
    return Refused(Reason.ALREADY_DELIVERED, number or "") if delivered and not reported else None


def known_consignment(file: CaseFile, number: str) -> bool:
    """Whether a number was used, in either direction."""
    arrived = any(c.consignment == number for c in file.couriered_in)
    return arrived or any(c.consignment == number for c in (*file.inbound, *file.consignments))


def known_as(file: CaseFile, number: str, at: datetime, *, outgoing: bool = False) -> Consignment | Refused:
    """The consignment of that number, to the applicant or to the hall, once it has left."""
    consignment = file.consignment(number)
    if consignment is None and not outgoing:
        consignment = next((c for c in file.inbound if c.consignment == number), None)
    if consignment is None:
        return Refused(Reason.UNKNOWN_CONSIGNMENT, number)
    if at < consignment.dispatched_at:
        return Refused(Reason.BEFORE_STAGE, consignment.dispatched_at.isoformat())
    return consignment


def told_already(file: CaseFile, number: str, state: Transit, at: datetime) -> Refused | None:
    """Why a report of a consignment is none: nothing of that number has left, or the very same was told before."""
    consignment = known_as(file, number, at)
    if isinstance(consignment, Refused):
        return consignment
    return Refused(Reason.CONSIGNMENT_NOT_IN_TRANSIT, number) if CourierReport(at, state) in consignment.reports else None


def consigned(file: CaseFile, number: str, state: Transit, at: datetime) -> CaseFile:
    """The file after one more report of a consignment, to the applicant or to the hall.

    Papers on their way to the hall are with whom the last report leaves them: the applicant, or the courier.
    """
    inbound = _moved(file.inbound, number, state, at)
    service = file.service
    for one in inbound:
        if one.consignment == number:
            service = _left_with(service, one, file.applicant or "")
    return file._replace(consignments=_moved(file.consignments, number, state, at), inbound=inbound, service=service)


def _moved(consignments: tuple[Consignment, ...], number: str, state: Transit, at: datetime) -> tuple[Consignment, ...]:
    return tuple(c.reported(state, at) if c.consignment == number else c for c in consignments)


def _left_with(service: Service, inbound: Consignment, applicant: str) -> Service:
    """Who had papers since which report, in whatever order the reports are told.

    What came back the applicant has. What was lost or refused the courier has still, unless another report of the same
    consignment had left it elsewhere: what somebody else has had in his hands since, no such report takes from him. What
    arrived is the hall's, as :class:`MaterialsCouriered` tells.
    """
    number = inbound.consignment

    def told_of_it(link: Custody) -> bool:
        return link.consignment == number and link.kind is not HolderKind.HALL

    others = tuple(link for link in service.custody if not told_of_it(link))
    anew = service._replace(custody=others)
    anew = anew.held_by(inbound.materials, HolderKind.COURIER, inbound.courier, inbound.dispatched_at, number)
    for state, since in ((report.state, report.at) for report in inbound.reports):
        if state is Transit.RETURNED:
            anew = anew.held_by(inbound.materials, HolderKind.APPLICANT, applicant, since, number)
        elif state is not Transit.DELIVERED:
            left = tuple(one for one in inbound.materials if _left_elsewhere(anew, one, number, since))
            anew = anew.held_by(left, HolderKind.COURIER, inbound.courier, since, number)
    told = [link for link in anew.custody if told_of_it(link)]
    kept = [link for link in service.custody if not told_of_it(link) or link in told]  # each where it stands
    links = (*kept, *(link for link in told if link not in kept))
    return service._replace(custody=tuple(sorted(links, key=attrgetter("since"))))


def _left_elsewhere(service: Service, material: str, number: str, at: datetime) -> bool:
    """Whether a report of this very consignment had left a paper with somebody else than the courier at an instant."""
    links = [link for link in service.custody if link.material == material and link.since <= at]
    return bool(links) and links[-1].consignment == number and links[-1].kind is not HolderKind.COURIER


def _evolve(file: CaseFile, fact: CourierFact) -> CaseFile:
    match fact:
        case PapersSent():
            sent = Consignment(
                fact.consignment,
                fact.courier,
                None,
                fact.at,
                None,
                charge_fen=fact.charge_fen,
                materials=fact.materials,
            )
            away = file.service.held_by(fact.materials, HolderKind.COURIER, fact.courier, fact.at, fact.consignment)
            return file._replace(inbound=grown(file.inbound, sent), service=away)
        case MaterialsCouriered():
            here = file.service.taken_in(fact.materials, file.hall, fact.at, fact.consignment)
            file = file._replace(couriered_in=grown(file.couriered_in, fact), service=here)
            return consigned(file, fact.consignment, Transit.DELIVERED, fact.at)
        case CourierDispatched():
            out = Consignment(fact.consignment, fact.courier, fact.certificate, fact.at, fact.replaces)
            return file._replace(consignments=grown(file.consignments, out._replace(charge_fen=fact.charge_fen)))
        case CourierReturned():
            return consigned(file, fact.consignment, Transit.RETURNED, fact.at)
        case CourierLost():
            return consigned(file, fact.consignment, Transit.LOST, fact.at)
        case CourierRefused():
            return consigned(file, fact.consignment, Transit.REFUSED, fact.at)
        case _:
            assert_never(fact)


COURIER: Final = Act(
    "寄递",
    facts=facts_in(CourierFact),
    evolve=_evolve,
    rules={
        SendPapers: Rule(send_papers, (PapersSent,), BEFORE_ACCEPTANCE | {Stage.NEW}, begins=True),
        ReceiveCourieredMaterials: Rule(receive_couriered_materials, (MaterialsCouriered,), BEFORE_ACCEPTANCE | {Stage.NEW}),
        DispatchCourier: Rule(dispatch_courier, (CourierDispatched,), AFTER_DECISION),
        ResendCourier: Rule(resend_courier, (CourierDispatched,), AFTER_DECISION),
        ReportCourierReturned: Rule(report_courier_returned, (CourierReturned,), ANY, late=True),
        ReportCourierLost: Rule(report_courier_lost, (CourierLost,), ANY, late=True),
        ReportCourierRefused: Rule(report_courier_refused, (CourierRefused,), ANY, late=True),
    },
)
"""Papers come in and results go out by courier; consignments come back, are lost or refused, and are sent again."""
