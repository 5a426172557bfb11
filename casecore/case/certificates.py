"""Certificates (制证, 用印, 更正, 撤销, 换发): made only for a granted case, valid only under a seal in force."""

from datetime import date, datetime

from casecore.case.commands import (
    CorrectCertificate,
    MakeCertificate,
    ReissueCertificate,
    RevokeCertificate,
    SealCertificate,
)
from casecore.case.events import (
    CertificateCorrected,
    CertificateMade,
    CertificateReissued,
    CertificateRevoked,
    CertificateSealed,
)
from casecore.case.ruling import Ruling
from casecore.case.state import CaseFile, Certificate
from casecore.office import Office
from casecore.refusals import Reason, Refused, blank
from casecore.vocabulary import Decision

__all__ = [
    "correct_certificate",
    "make_certificate",
    "reissue_certificate",
    "revoke_certificate",
    "seal_certificate",
]


def make_certificate(file: CaseFile, command: MakeCertificate, at: datetime, office: Office) -> Ruling:
    """A granted case gets its certificate, a conditionally granted one on condition (容缺)."""
    if file.decision is None or file.decision.decision is Decision.REFUSED:
        return Refused(Reason.NOT_GRANTED)
    if (lapsed := file.service.lapsed) is not None:
        return Refused(Reason.CONDITION_FAILED, lapsed.prerequisite)
    if file.certificate(command.certificate) is not None:
        return Refused(Reason.CERTIFICATE_EXISTS, command.certificate)
    if refused := _run_out(command.valid_until, at):
        return refused
    made = CertificateMade(
        at=at,
        by=command.by,
        certificate=command.certificate,
        kind=command.kind,
        electronic=command.electronic,
        conditional=file.decision.decision is Decision.CONDITIONALLY_GRANTED,
        valid_until=command.valid_until,
    )
    return (made,)


def seal_certificate(file: CaseFile, command: SealCertificate, at: datetime, office: Office) -> Ruling:
    """A seal makes it valid, if the register of seals knows it for that day."""
    certificate = _in_force(file, command.certificate, at)
    if isinstance(certificate, Refused):
        return certificate
    if certificate.sealed_at is not None:
        return Refused(Reason.ALREADY_SEALED, command.certificate)
    if refused := _unfit_seal(command.seal, at, office):
        return refused
    return (CertificateSealed(at=at, by=command.by, certificate=command.certificate, seal=command.seal),)


def correct_certificate(file: CaseFile, command: CorrectCertificate, at: datetime, office: Office) -> Ruling:
    """Something on it was wrong; it has to be sealed again."""
    certificate = _in_force(file, command.certificate, at)
    if isinstance(certificate, Refused):
        return certificate
    if blank(command.correction) or blank(command.reason):
        return Refused(Reason.REASON_REQUIRED)
    corrected = CertificateCorrected(
        at=at,
        by=command.by,
        certificate=command.certificate,
        correction=command.correction,
        reason=command.reason,
    )
    return (corrected,)


def revoke_certificate(file: CaseFile, command: RevokeCertificate, at: datetime, office: Office) -> Ruling:
    """It is no longer valid."""
    certificate = _in_force(file, command.certificate, at)
    if isinstance(certificate, Refused):
        return certificate
    if blank(command.reason):
        return Refused(Reason.REASON_REQUIRED)
    return (CertificateRevoked(at=at, by=command.by, certificate=command.certificate, reason=command.reason),)


def reissue_certificate(file: CaseFile, command: ReissueCertificate, at: datetime, office: Office) -> Ruling:
    """A new one takes its place: lost, damaged, or due to be renewed."""
    replaced = _in_force(file, command.replaces, at)
    if isinstance(replaced, Refused):
        return replaced
    if refused := _run_out(command.valid_until, at):
        return refused
    if file.certificate(command.certificate) is not None:
        return Refused(Reason.CERTIFICATE_EXISTS, command.certificate)
    if blank(command.reason):
        return Refused(Reason.REASON_REQUIRED)
    reissued = CertificateReissued(
        at=at,
        by=command.by,
        certificate=command.certificate,
        kind=replaced.kind,
        replaces=command.replaces,
        reason=command.reason,
        electronic=command.electronic,
        valid_until=command.valid_until,
    )
    return (reissued,)


def _in_force(file: CaseFile, number: str, at: datetime) -> Certificate | Refused:
    """The certificate, unless it was never made, not yet, or is valid no more."""
    certificate = file.certificate(number)
    if certificate is None:
        return Refused(Reason.UNKNOWN_CERTIFICATE, number)
    if at < certificate.made_at:
        return Refused(Reason.BEFORE_STAGE, certificate.made_at.isoformat())
    return Refused(Reason.CERTIFICATE_REVOKED, number) if certificate.revoked_at is not None else certificate


def _run_out(valid_until: date | None, at: datetime) -> Refused | None:
    """Why nothing is issued whose last day is over."""
    if valid_until is None or valid_until >= at.date():
        return None
    return Refused(Reason.DAYS_OUT_OF_RANGE, valid_until.isoformat())


def _unfit_seal(code: str, at: datetime, office: Office) -> Refused | None:
    """Why a seal may not be used; where the hall keeps no register of seals, any may."""
    seals = office.catalogue.seals
    if not seals:
        return None
    seal = seals.get(code)
    if seal is None:
        return Refused(Reason.UNKNOWN_SEAL, code)
    return None if seal.in_force(at.date()) else Refused(Reason.SEAL_NOT_IN_FORCE, code)
