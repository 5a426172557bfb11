"""Delivery (送达, 寄递): papers in by courier, results out by window, locker, courier or as an e-certificate."""

from datetime import datetime

from casecore.case.commands import (
    DeliverResult,
    DispatchCourier,
    ReceiveCourieredMaterials,
    ReportCourierLost,
    ReportCourierReturned,
    ResendCourier,
)
from casecore.case.events import (
    CourierDispatched,
    CourierLost,
    CourierReturned,
    MaterialsCouriered,
    ResultDelivered,
)
from casecore.case.ruling import Ruling
from casecore.case.state import CaseFile, Consignment
from casecore.case.trips import trips_of
from casecore.office import Office
from casecore.refusals import Reason, Refused
from casecore.vocabulary import Cause, DeliveryMethod, Transit

__all__ = [
    "deliver_result",
    "dispatch_courier",
    "receive_couriered_materials",
    "report_courier_lost",
    "report_courier_returned",
    "resend_courier",
]


def receive_couriered_materials(file: CaseFile, command: ReceiveCourieredMaterials, at: datetime, office: Office) -> Ruling:
    """Papers came in by courier: no trip was made for them."""
    if any(c.consignment == command.consignment for c in file.couriered_in):
        return Refused(Reason.CONSIGNMENT_EXISTS, command.consignment)
    couriered = MaterialsCouriered(at=at, by=command.by, consignment=command.consignment, materials=command.materials)
    return (couriered,)


def dispatch_courier(file: CaseFile, command: DispatchCourier, at: datetime, office: Office) -> Ruling:
    """The result leaves by courier."""
    if file.consignment(command.consignment) is not None:
        return Refused(Reason.CONSIGNMENT_EXISTS, command.consignment)
    if refused := _not_to_hand_over(file, command.certificate):
        return refused
    dispatched = CourierDispatched(
        at=at,
        by=command.by,
        consignment=command.consignment,
        courier=command.courier,
        certificate=command.certificate,
    )
    return (dispatched,)


def resend_courier(file: CaseFile, command: ResendCourier, at: datetime, office: Office) -> Ruling:
    """What came back or was lost is sent again."""
    failed = file.consignment(command.replaces)
    if failed is None:
        return Refused(Reason.UNKNOWN_CONSIGNMENT, command.replaces)
    if failed.state not in (Transit.RETURNED, Transit.LOST):
        return Refused(Reason.CONSIGNMENT_NOT_FAILED, command.replaces)
    if file.consignment(command.consignment) is not None:
        return Refused(Reason.CONSIGNMENT_EXISTS, command.consignment)
    sent_again = CourierDispatched(
        at=at,
        by=command.by,
        consignment=command.consignment,
        courier=command.courier,
        certificate=failed.certificate,
        replaces=command.replaces,
    )
    return (sent_again,)


def report_courier_returned(file: CaseFile, command: ReportCourierReturned, at: datetime, office: Office) -> Ruling:
    """The courier brought it back."""
    consignment = _under_way(file, command.consignment)
    if isinstance(consignment, Refused):
        return consignment
    if not command.reason:
        return Refused(Reason.REASON_REQUIRED)
    return (CourierReturned(at=at, by=command.by, consignment=command.consignment, reason=command.reason),)


def report_courier_lost(file: CaseFile, command: ReportCourierLost, at: datetime, office: Office) -> Ruling:
    """The courier lost it."""
    consignment = _under_way(file, command.consignment)
    if isinstance(consignment, Refused):
        return consignment
    return (CourierLost(at=at, by=command.by, consignment=command.consignment),)


def deliver_result(file: CaseFile, command: DeliverResult, at: datetime, office: Office) -> Ruling:
    """The result is in the applicant's hands; picking it up at a window is a trip, if a visit is given."""
    if refused := _not_to_hand_over(file, command.certificate):
        return refused
    if command.method is DeliveryMethod.COURIER:
        consignment = _under_way(file, command.consignment or "")
        if isinstance(consignment, Refused):
            return consignment
    trips = trips_of(file, command.visit, Cause.COLLECT, at, command.by)
    delivered = ResultDelivered(
        at=at,
        by=command.by,
        method=command.method,
        certificate=command.certificate,
        consignment=command.consignment if command.method is DeliveryMethod.COURIER else None,
        recipient=command.recipient,
    )
    return (delivered, *trips)


def _not_to_hand_over(file: CaseFile, number: str | None) -> Refused | None:
    """Why a certificate, or without one the decision paper, may not leave the hall."""
    if any(d.certificate == number for d in file.deliveries):
        return Refused(Reason.ALREADY_DELIVERED, number or "")
    if number is None:
        return None
    certificate = file.certificate(number)
    if certificate is None:
        return Refused(Reason.UNKNOWN_CERTIFICATE, number)
    return Refused(Reason.NOT_SEALED, number) if certificate.sealed_at is None else None


def _under_way(file: CaseFile, number: str) -> Consignment | Refused:
    consignment = file.consignment(number)
    if consignment is None:
        return Refused(Reason.UNKNOWN_CONSIGNMENT, number)
    if consignment.state is not Transit.UNDER_WAY:
        return Refused(Reason.CONSIGNMENT_NOT_IN_TRANSIT, number)
    return consignment
