"""Certificates (制证, 用印): made only for a granted case, valid only under a seal."""

from datetime import datetime

from casecore.case.commands import MakeCertificate, SealCertificate
from casecore.case.events import CertificateMade, CertificateSealed
from casecore.case.ruling import Ruling
from casecore.case.state import CaseFile
from casecore.office import Office
from casecore.refusals import Reason, Refused
from casecore.vocabulary import Decision

__all__ = ["make_certificate", "seal_certificate"]


def make_certificate(file: CaseFile, command: MakeCertificate, at: datetime, office: Office) -> Ruling:
    """A granted case gets its certificate."""
    if file.decision is None or file.decision.decision is Decision.REFUSED:
        return Refused(Reason.NOT_GRANTED)
    if file.certificate(command.certificate) is not None:
        return Refused(Reason.CERTIFICATE_EXISTS, command.certificate)
    return (CertificateMade(at=at, by=command.by, certificate=command.certificate, kind=command.kind),)


def seal_certificate(file: CaseFile, command: SealCertificate, at: datetime, office: Office) -> Ruling:
    """A seal makes it valid."""
    certificate = file.certificate(command.certificate)
    if certificate is not None and at < certificate.made_at:
        return Refused(Reason.BEFORE_STAGE, certificate.made_at.isoformat())
    if certificate is None:
        return Refused(Reason.UNKNOWN_CERTIFICATE, command.certificate)
    if certificate.sealed_at is not None:
        return Refused(Reason.ALREADY_SEALED, command.certificate)
    return (CertificateSealed(at=at, by=command.by, certificate=command.certificate, seal=command.seal),)
