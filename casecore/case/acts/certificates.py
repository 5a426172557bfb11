"""Certificates (制证, 用印, 更正, 撤销, 换发): made only for a granted case, valid only under a seal in force."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Final, assert_never

from casecore.act import Act, Rule, Ruling, facts_in, made
from casecore.annotations import Id
from casecore.case.command import CaseCommand
from casecore.case.facts.certificates import (
    CertificateCorrected,
    CertificateFact,
    CertificateMade,
    CertificateReissued,
    CertificateRevoked,
    CertificateSealed,
)
from casecore.case.file import CaseFile
from casecore.case.items import item_of
from casecore.case.parts import Certificate
from casecore.case.stages import AFTER_DECISION
from casecore.growing import grown
from casecore.office import Office
from casecore.places import Seal
from casecore.refusals import Reason, Refused, blank
from casecore.value import value
from casecore.vocabulary import Decision

__all__ = ["CorrectCertificate", "MakeCertificate", "ReissueCertificate", "RevokeCertificate", "SealCertificate"]


@value
class MakeCertificate(CaseCommand):
    """制证; what is granted on condition (容缺) is made on condition."""

    certificate: Id
    kind: str
    electronic: bool = False
    valid_until: date | None = None


@value
class SealCertificate(CaseCommand):
    """用印: with a seal of the organ in force that day (印章), of an electronic certificate an electronic one."""

    certificate: Id
    seal: Id


@value
class CorrectCertificate(CaseCommand):
    """证照更正; it has to be sealed again."""

    certificate: Id
    correction: str
    reason: str


@value
class RevokeCertificate(CaseCommand):
    """证照撤销: make a certificate invalid, with the reason."""

    certificate: Id
    reason: str


@value
class ReissueCertificate(CaseCommand):
    """补发, 换发: ``certificate`` takes the place of ``replaces``."""

    certificate: Id
    replaces: Id
    reason: str
    electronic: bool = False
    valid_until: date | None = None


def make_certificate(file: CaseFile, command: MakeCertificate, at: datetime, office: Office) -> Ruling:
    """A granted case gets its certificate, a conditionally granted one on condition (容缺)."""
    if file.decision is None or file.decision.decision is Decision.REFUSED:
        return Refused(Reason.NOT_GRANTED)
    if file.set_aside is not None:
        return Refused(Reason.RESULT_SET_ASIDE, file.set_aside.document)
    if (lapsed := file.service.lapsed) is not None:
        return Refused(Reason.CONDITION_FAILED, lapsed.prerequisite)
    if file.certificate(command.certificate) is not None:
        return Refused(Reason.CERTIFICATE_EXISTS, command.certificate)
    if refused := _run_out(command.valid_until, at):
        return refused
    certificate = made(CertificateMade, command, at, conditional=file.decision.decision is Decision.CONDITIONALLY_GRANTED)
    return (certificate,)


def seal_certificate(file: CaseFile, command: SealCertificate, at: datetime, office: Office) -> Ruling:
    """A seal makes it valid, if the register of seals knows it for that day, as the organ's own."""
    certificate = _in_force(file, command.certificate, at)
    if isinstance(certificate, Refused):
        return certificate
    if certificate.sealed_at is not None:
        return Refused(Reason.ALREADY_SEALED, command.certificate)
    if refused := _unfit_seal(file, certificate, command.seal, at, office):
        return refused
    return (made(CertificateSealed, command, at),)


def correct_certificate(file: CaseFile, command: CorrectCertificate, at: datetime, office: Office) -> Ruling:
    """Something on it was wrong; it has to be sealed again."""
    certificate = _in_force(file, command.certificate, at)
    if isinstance(certificate, Refused):
        return certificate
    if blank(command.correction) or blank(command.reason):
        return Refused(Reason.REASON_REQUIRED)
    corrected = made(CertificateCorrected, command, at)
    return (corrected,)


def revoke_certificate(file: CaseFile, command: RevokeCertificate, at: datetime, office: Office) -> Ruling:
    """It is no longer valid."""
    certificate = _in_force(file, command.certificate, at)
    if isinstance(certificate, Refused):
        return certificate
    if blank(command.reason):
        return Refused(Reason.REASON_REQUIRED)
    return (made(CertificateRevoked, command, at),)


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
    reissued = made(CertificateReissued, command, at, kind=replaced.kind)
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


def _unfit_seal(file: CaseFile, certificate: Certificate, code: str, at: datetime, office: Office) -> Refused | None:
    """Why a seal may not be used; where the hall keeps no register of seals, any may."""
    seals = office.catalogue.seals
    if not seals:
        return None
    seal = seals.get(code)
    if seal is None:
        return Refused(Reason.UNKNOWN_SEAL, code)
    if not seal.in_force(at.date()):
        return Refused(Reason.SEAL_NOT_IN_FORCE, code)
    if seal_of_another(file, seal, at, office):
        return Refused(Reason.SEAL_OF_ANOTHER, f"{code}: {seal.department}")
    return Refused(Reason.SEAL_NOT_ELECTRONIC, code) if certificate.electronic and not seal.electronic else None


def seal_of_another(file: CaseFile, seal: Seal, at: datetime, office: Office) -> bool:
    """Whether a seal is neither that of the case's department (受理部门) nor that of its item's owner (实施主体)."""
    item = item_of(file, at, office)
    owners = {file.department, item.department if item is not None else None} - {None}
    return bool(owners) and seal.department not in owners


def _unsealed(certificate: Certificate, at: datetime) -> Certificate:
    return certificate._replace(seal=None, sealed_at=None, corrections=(*certificate.corrections, at))


def _certificate(file: CaseFile, number: str, change: Callable[[Certificate], Certificate]) -> CaseFile:
    """The file with one certificate changed; unchanged where it was never made."""
    return file._replace(certificates=tuple(change(c) if c.certificate == number else c for c in file.certificates))


def _evolve(file: CaseFile, fact: CertificateFact) -> CaseFile:
    match fact:
        case CertificateMade():
            made_ = Certificate(
                fact.certificate,
                fact.kind,
                fact.at,
                electronic=fact.electronic,
                conditional=fact.conditional,
                valid_until=fact.valid_until,
            )
            return file._replace(certificates=grown(file.certificates, made_))
        case CertificateReissued():
            file = _certificate(file, fact.replaces, partial(Certificate._replace, revoked_at=fact.at))
            again = Certificate(
                fact.certificate,
                fact.kind,
                fact.at,
                electronic=fact.electronic,
                conditional=any(c.conditional for c in file.certificates if c.certificate == fact.replaces),
                valid_until=fact.valid_until,
                replaces=fact.replaces,
            )
            return file._replace(certificates=grown(file.certificates, again))
        case CertificateSealed():
            return _certificate(file, fact.certificate, partial(Certificate._replace, seal=fact.seal, sealed_at=fact.at))
        case CertificateCorrected():
            return _certificate(file, fact.certificate, partial(_unsealed, at=fact.at))
        case CertificateRevoked():
            return _certificate(file, fact.certificate, partial(Certificate._replace, revoked_at=fact.at))
        case _:
            assert_never(fact)


CERTIFICATES: Final = Act(
    "证照",
    facts=facts_in(CertificateFact),
    evolve=_evolve,
    rules={
        MakeCertificate: Rule(make_certificate, (CertificateMade,), AFTER_DECISION),
        SealCertificate: Rule(seal_certificate, (CertificateSealed,), AFTER_DECISION),
        CorrectCertificate: Rule(correct_certificate, (CertificateCorrected,), AFTER_DECISION),
        RevokeCertificate: Rule(revoke_certificate, (CertificateRevoked,), AFTER_DECISION),
        ReissueCertificate: Rule(reissue_certificate, (CertificateReissued,), AFTER_DECISION),
    },
)
"""Certificates are made, sealed, corrected, revoked, issued again."""
