"""Delivery (送达, 寄递): papers in by courier, results out by window, locker, courier or as an e-certificate."""

from datetime import datetime

from casecore.case.commands import (
    DeliverResult,
    DispatchCourier,
    ReceiveCourieredMaterials,
    ReportCourierLost,
    ReportCourierRefused,
    ReportCourierReturned,
    ResendCourier,
    SendPapers,
    Visit,
)
from casecore.case.events import (
    CourierDispatched,
    CourierLost,
    CourierRefused,
    CourierReturned,
    MaterialsCouriered,
    PapersSent,
    ResultDelivered,
)
from casecore.case.ruling import Ruling
from casecore.case.state import CaseFile, Consignment
from casecore.case.trips import trips_of
from casecore.office import Office
from casecore.refusals import Reason, Refused, blank
from casecore.vocabulary import Cause, DeliveryMethod, Place, Transit, Visitor

__all__ = [
    "deliver_result",
    "dispatch_courier",
    "receive_couriered_materials",
    "report_courier_lost",
    "report_courier_refused",
    "report_courier_returned",
    "resend_courier",
    "send_papers",
]


def send_papers(file: CaseFile, command: SendPapers, at: datetime, office: Office) -> Ruling:
    """A courier takes papers in at the applicant's door (免费上门收取)."""
    if _known_consignment(file, command.consignment):
        return Refused(Reason.CONSIGNMENT_EXISTS, command.consignment)
    if command.charge_fen < 0:
        return Refused(Reason.AMOUNT_OUT_OF_RANGE, str(command.charge_fen))
    sent = PapersSent(
        at=at,
        by=command.by,
        consignment=command.consignment,
        courier=command.courier,
        materials=command.materials,
        charge_fen=command.charge_fen,
    )
    return (sent,)


def receive_couriered_materials(file: CaseFile, command: ReceiveCourieredMaterials, at: datetime, office: Office) -> Ruling:
    """Papers came in by courier: no trip was made for them."""
    sent = next((c for c in file.inbound if c.consignment == command.consignment), None)
    if any(c.consignment == command.consignment for c in file.couriered_in):
        return Refused(Reason.CONSIGNMENT_EXISTS, command.consignment)
    if sent is not None and sent.state is not Transit.UNDER_WAY:
        return Refused(Reason.CONSIGNMENT_NOT_IN_TRANSIT, command.consignment)
    if sent is not None and at < sent.dispatched_at:
        return Refused(Reason.BEFORE_STAGE, sent.dispatched_at.isoformat())
    materials = command.materials or (sent.materials if sent is not None else ())
    return (MaterialsCouriered(at=at, by=command.by, consignment=command.consignment, materials=materials),)


def dispatch_courier(file: CaseFile, command: DispatchCourier, at: datetime, office: Office) -> Ruling:
    """The result leaves by courier."""
    if refused := _not_to_hand_over(file, command.certificate, at):
        return refused
    if _known_consignment(file, command.consignment):
        return Refused(Reason.CONSIGNMENT_EXISTS, command.consignment)
    if command.charge_fen < 0:
        return Refused(Reason.AMOUNT_OUT_OF_RANGE, str(command.charge_fen))
    dispatched = CourierDispatched(
        at=at,
        by=command.by,
        consignment=command.consignment,
        courier=command.courier,
        certificate=command.certificate,
        charge_fen=command.charge_fen,
    )
    return (dispatched,)


def resend_courier(file: CaseFile, command: ResendCourier, at: datetime, office: Office) -> Ruling:
    """What came back, was refused or was lost is sent again, once for each failure."""
    failed = file.consignment(command.replaces)
    if failed is not None and (refused := _not_to_hand_over(file, failed.certificate, at)):
        return refused
    if _known_consignment(file, command.consignment):
        return Refused(Reason.CONSIGNMENT_EXISTS, command.consignment)
    if failed is None:
        return Refused(Reason.UNKNOWN_CONSIGNMENT, command.replaces)
    replaced = any(c.replaces == command.replaces for c in file.consignments)
    if replaced or failed.state not in (Transit.RETURNED, Transit.LOST, Transit.REFUSED):
        return Refused(Reason.CONSIGNMENT_NOT_FAILED, command.replaces)
    if command.charge_fen < 0:
        return Refused(Reason.AMOUNT_OUT_OF_RANGE, str(command.charge_fen))
    sent_again = CourierDispatched(
        at=at,
        by=command.by,
        consignment=command.consignment,
        courier=command.courier,
        certificate=failed.certificate,
        replaces=command.replaces,
        charge_fen=command.charge_fen,
    )
    return (sent_again,)


def report_courier_returned(file: CaseFile, command: ReportCourierReturned, at: datetime, office: Office) -> Ruling:
    """The courier brought it back."""
    consignment = _under_way(file, command.consignment, at)
    if isinstance(consignment, Refused):
        return consignment
    if blank(command.reason):
        return Refused(Reason.REASON_REQUIRED)
    return (CourierReturned(at=at, by=command.by, consignment=command.consignment, reason=command.reason),)


def report_courier_refused(file: CaseFile, command: ReportCourierRefused, at: datetime, office: Office) -> Ruling:
    """Whoever was there would not take it (拒收)."""
    consignment = _under_way(file, command.consignment, at)
    if isinstance(consignment, Refused):
        return consignment
    if blank(command.reason):
        return Refused(Reason.REASON_REQUIRED)
    return (CourierRefused(at=at, by=command.by, consignment=command.consignment, reason=command.reason),)


def report_courier_lost(file: CaseFile, command: ReportCourierLost, at: datetime, office: Office) -> Ruling:
    """The courier lost it."""
    consignment = _under_way(file, command.consignment, at)
    if isinstance(consignment, Refused):
        return consignment
    return (CourierLost(at=at, by=command.by, consignment=command.consignment),)


def deliver_result(  # noqa: PLR0911 - one way out a refusal
    file: CaseFile, command: DeliverResult, at: datetime, office: Office
) -> Ruling:
    """The result is in the applicant's hands; picking it up is a trip, if a visit is given.

    Who brings it to the applicant's home may give his own journey as the visit: it costs the applicant none.
    """
    if file.decision is not None and at < file.decision.at:
        return Refused(Reason.BEFORE_STAGE, file.decision.at.isoformat())
    by_courier = command.method is DeliveryMethod.COURIER
    sent = _under_way(file, command.consignment or "", at, outgoing=True) if by_courier else None
    if isinstance(sent, Refused) and sent.reason is Reason.BEFORE_STAGE:
        return sent
    certificate = command.certificate or (sent.certificate if isinstance(sent, Consignment) else None)
    if certificate is None and file.certificates and command.method is DeliveryMethod.E_CERTIFICATE:
        return Refused(Reason.UNKNOWN_CERTIFICATE)
    if refused := _not_to_hand_over(file, certificate, at):
        return refused
    if isinstance(sent, Refused):
        return sent
    if sent is not None and certificate != sent.certificate:
        return Refused(Reason.CONSIGNMENT_HOLDS_ANOTHER, sent.certificate or "")
    trips = trips_of(file, _visit(command), Cause.COLLECT, at, command.by)
    if isinstance(trips, Refused):
        return trips
    delivered = ResultDelivered(
        at=at,
        by=command.by,
        method=command.method,
        certificate=certificate,
        consignment=sent.consignment if sent is not None else None,
        recipient=command.recipient,
    )
    return (delivered, *trips)


def _visit(command: DeliverResult) -> Visit | None:
    """The visit in which the result was collected, or brought home."""
    visit = command.visit
    if visit is None or command.method.collected:
        return visit
    brought = visit.visitor is Visitor.HALL_AGENT or visit.place is Place.HOME
    return visit if command.method is DeliveryMethod.HOME and brought else None


def _not_to_hand_over(file: CaseFile, number: str | None, at: datetime) -> Refused | None:
    """Why a certificate, or without one the decision paper, may not leave the hall at a moment.

    A corrected certificate (更正) is handed over again, once it is sealed again.
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
    return Refused(Reason.ALREADY_DELIVERED, number or "") if delivered else None


def _known_consignment(file: CaseFile, number: str) -> bool:
    """Whether a number was used, in either direction."""
    arrived = any(c.consignment == number for c in file.couriered_in)
    return arrived or any(c.consignment == number for c in (*file.inbound, *file.consignments))


def _under_way(file: CaseFile, number: str, at: datetime, *, outgoing: bool = False) -> Consignment | Refused:
    """The consignment on its way, to the applicant or to the hall."""
    consignment = file.consignment(number)
    if consignment is None and not outgoing:
        consignment = next((c for c in file.inbound if c.consignment == number), None)
    if consignment is None:
        return Refused(Reason.UNKNOWN_CONSIGNMENT, number)
    if at < consignment.dispatched_at:
        return Refused(Reason.BEFORE_STAGE, consignment.dispatched_at.isoformat())
    if consignment.state is not Transit.UNDER_WAY:
        return Refused(Reason.CONSIGNMENT_NOT_IN_TRANSIT, number)
    return consignment
