"""Facts about certificates (证照)."""

from datetime import date

from casecore.annotations import Id, UniqueId
from casecore.fact import Fact, Older, fact
from casecore.phrases import NOTHING, sentence
from casecore.said import Said

__all__ = [
    "CertificateCorrected",
    "CertificateFact",
    "CertificateMade",
    "CertificateReissued",
    "CertificateRevoked",
    "CertificateSealed",
]


def _described(*, electronic: bool, valid_until: date | None) -> Said:
    """Whether a certificate is electronic, and its last day."""
    form = Said("，电子证照", ", electronic (电子证照)") if electronic else NOTHING
    last = Said(f"，有效期至 {valid_until}", f", valid until {valid_until}") if valid_until else NOTHING
    return Said(form.zh + last.zh, form.en + last.en)


@fact("case.certificate_made.v2", "制证", older=(Older("case.certificate_made.v1"),))
class CertificateMade(Fact):
    """制证: a certificate was made; to be valid it has to be sealed."""

    certificate: UniqueId
    kind: str
    electronic: bool = False
    """电子证照."""
    conditional: bool = False
    """容缺: made while something promised is still to come; it may be revoked if that does not."""
    valid_until: date | None = None
    """The certificate's last day; None where it has none."""

    def told(self) -> Said:
        """What was made, and whether on condition."""
        made = _described(electronic=self.electronic, valid_until=self.valid_until)
        condition = Said("，容缺制证", ", on condition (容缺)") if self.conditional else NOTHING
        return sentence(
            f"制作{self.kind} {self.certificate}{made.zh}{condition.zh}",
            f"{self.kind} {self.certificate}{made.en}{condition.en}",
        )


@fact("case.certificate_sealed.v1", "用印")
class CertificateSealed(Fact):
    """用印: a seal or an electronic seal (电子印章) makes the certificate valid."""

    certificate: Id
    seal: Id

    def told(self) -> Said:
        """Which certificate, with which seal."""
        return sentence(
            f"{self.certificate} 已加盖印章 {self.seal}",
            f"{self.certificate} sealed with {self.seal}",
        )


@fact("case.certificate_corrected.v1", "证照更正")
class CertificateCorrected(Fact):
    """证照更正: something on it was wrong; it has to be sealed again."""

    certificate: Id
    correction: str
    reason: str

    def told(self) -> Said:
        """What was wrong on it, and why."""
        return sentence(
            f"{self.certificate} 须重新用印，更正内容：{self.correction}，理由：{self.reason}",
            f"{self.certificate} to be sealed again, {self.correction}: {self.reason}",
        )


@fact("case.certificate_revoked.v1", "证照撤销")
class CertificateRevoked(Fact):
    """证照撤销: a certificate is no longer valid, with the reason."""

    certificate: Id
    reason: str

    def told(self) -> Said:
        """Which one is not valid any more, and why."""
        return sentence(f"{self.certificate} 已撤销，理由：{self.reason}", f"{self.certificate} revoked: {self.reason}")


@fact("case.certificate_reissued.v1", "证照补发")
class CertificateReissued(Fact):
    """补发, 换发: a new certificate takes the place of another, which is no longer valid."""

    certificate: UniqueId
    kind: str
    replaces: Id
    reason: str
    electronic: bool = False
    valid_until: date | None = None

    def told(self) -> Said:
        """What takes the place of what, and why."""
        made = _described(electronic=self.electronic, valid_until=self.valid_until)
        return sentence(
            f"补发{self.kind} {self.certificate}{made.zh}，代替 {self.replaces}，理由：{self.reason}",
            f"{self.kind} {self.certificate}{made.en} in place of {self.replaces}: {self.reason}",
        )


CertificateFact = CertificateMade | CertificateSealed | CertificateCorrected | CertificateRevoked | CertificateReissued
"""What this act may leave in a case's history."""
