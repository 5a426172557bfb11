"""The fold of what became of certificates (证照) and consignments (寄递)."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import assert_never

from casecore.case.events import (
    CertificateCorrected,
    CertificateMade,
    CertificateReissued,
    CertificateRevoked,
    CertificateSealed,
    CourierDispatched,
    CourierLost,
    CourierRefused,
    CourierReturned,
    MaterialsCouriered,
    PapersSent,
    ResultDelivered,
    ResultEvent,
)
from casecore.case.file import CaseFile
from casecore.case.parts import Certificate, Consignment
from casecore.case.service_fold import held_by, taken_in
from casecore.vocabulary import HolderKind, Transit

__all__ = ["evolve_results"]


def evolve_results(file: CaseFile, event: ResultEvent) -> CaseFile:  # noqa: PLR0911 - one arm a fact
    """The file after one more fact about its results; the version is the caller's to count."""
    match event:
        case CertificateMade() | CertificateReissued() | CertificateSealed() | CertificateCorrected() | CertificateRevoked():
            return _certified(file, event)
        case PapersSent():
            sent = Consignment(
                event.consignment,
                event.courier,
                None,
                event.at,
                None,
                charge_fen=event.charge_fen,
                materials=event.materials,
            )
            away = held_by(file.service, event.materials, HolderKind.COURIER, event.courier, event.at)
            return file._replace(inbound=(*file.inbound, sent), service=away)
        case MaterialsCouriered():
            arrived = _moved(file.inbound, event.consignment, Transit.DELIVERED, event.at)
            here = taken_in(file.service, event.materials, file.hall, event.at)
            return file._replace(couriered_in=(*file.couriered_in, event), inbound=arrived, service=here)
        case CourierDispatched():
            out = Consignment(event.consignment, event.courier, event.certificate, event.at, event.replaces)
            return file._replace(consignments=(*file.consignments, out._replace(charge_fen=event.charge_fen)))
        case CourierReturned():
            brought_back = next((c.materials for c in file.inbound if c.consignment == event.consignment), ())
            back = held_by(file.service, brought_back, HolderKind.APPLICANT, file.applicant or "", event.at)
            return _consigned(file, event.consignment, Transit.RETURNED, event.at)._replace(service=back)
        case CourierLost():
            return _consigned(file, event.consignment, Transit.LOST, event.at)
        case CourierRefused():
            return _consigned(file, event.consignment, Transit.REFUSED, event.at)
        case ResultDelivered():
            if event.consignment is not None:
                file = _consigned(file, event.consignment, Transit.DELIVERED, event.at)
            return file._replace(deliveries=(*file.deliveries, event))
        case _:
            assert_never(event)


def _certified(
    file: CaseFile,
    event: CertificateMade | CertificateReissued | CertificateSealed | CertificateCorrected | CertificateRevoked,
) -> CaseFile:
    match event:
        case CertificateMade():
            made = Certificate(
                event.certificate,
                event.kind,
                event.at,
                electronic=event.electronic,
                conditional=event.conditional,
                valid_until=event.valid_until,
            )
            return file._replace(certificates=(*file.certificates, made))
        case CertificateReissued():
            file = _certificate(file, event.replaces, partial(Certificate._replace, revoked_at=event.at))
            made = Certificate(
                event.certificate,
                event.kind,
                event.at,
                electronic=event.electronic,
                conditional=any(c.conditional for c in file.certificates if c.certificate == event.replaces),
                valid_until=event.valid_until,
                replaces=event.replaces,
            )
            return file._replace(certificates=(*file.certificates, made))
        case CertificateSealed():
            sealed = partial(Certificate._replace, seal=event.seal, sealed_at=event.at)
            return _certificate(file, event.certificate, sealed)
        case CertificateCorrected():
            return _certificate(file, event.certificate, partial(_unsealed, at=event.at))
        case CertificateRevoked():
            return _certificate(file, event.certificate, partial(Certificate._replace, revoked_at=event.at))
        case _:
            assert_never(event)


def _unsealed(certificate: Certificate, at: datetime) -> Certificate:
    return certificate._replace(seal=None, sealed_at=None, corrections=(*certificate.corrections, at))


def _certificate(file: CaseFile, number: str, change: Callable[[Certificate], Certificate]) -> CaseFile:
    """The file with one certificate changed; unchanged where it was never made."""
    return file._replace(certificates=tuple(change(c) if c.certificate == number else c for c in file.certificates))


def _consigned(file: CaseFile, number: str, state: Transit, at: datetime) -> CaseFile:
    """The file with a consignment, to the applicant or to the hall, in another state."""
    return file._replace(
        consignments=_moved(file.consignments, number, state, at), inbound=_moved(file.inbound, number, state, at)
    )


def _moved(consignments: tuple[Consignment, ...], number: str, state: Transit, at: datetime) -> tuple[Consignment, ...]:
    return tuple(c._replace(state=state, ended_at=at) if c.consignment == number else c for c in consignments)
