"""Facts about certificates (证照)."""

from datetime import date

from casecore.annotations import Id, UniqueId
from casecore.fact import Fact, Older, fact

__all__ = [
    "CertificateCorrected",
    "CertificateFact",
    "CertificateMade",
    "CertificateReissued",
    "CertificateRevoked",
    "CertificateSealed",
]


@fact("case.certificate_made.v2", "制证", older=(Older("case.certificate_made.v1"),))
class CertificateMade(Fact):
    """制证."""

    certificate: UniqueId
    kind: str
    electronic: bool = False
    """电子证照."""
    conditional: bool = False
    """容缺: made while something promised is still to come; it may be revoked if that does not."""
    valid_until: date | None = None
    """The certificate's last day; None where it has none."""


@fact("case.certificate_sealed.v1", "用印")
class CertificateSealed(Fact):
    """用印: a seal or an electronic seal (电子印章) makes the certificate valid."""

    certificate: Id
    seal: Id


@fact("case.certificate_corrected.v1", "证照更正")
class CertificateCorrected(Fact):
    """证照更正: something on it was wrong; it has to be sealed again."""

    certificate: Id
    correction: str
    reason: str


@fact("case.certificate_revoked.v1", "证照撤销")
class CertificateRevoked(Fact):
    """证照撤销."""

    certificate: Id
    reason: str


@fact("case.certificate_reissued.v1", "证照补发")
class CertificateReissued(Fact):
    """补发, 换发: a new certificate takes the place of another, which is no longer valid."""

    certificate: UniqueId
    kind: str
    replaces: Id
    reason: str
    electronic: bool = False
    valid_until: date | None = None


CertificateFact = CertificateMade | CertificateSealed | CertificateCorrected | CertificateRevoked | CertificateReissued
"""What this act may leave in a case's history."""
