"""Facts about certificates (证照) and about what is on its way (寄递, 送达). Storage formats, as in :mod:`.events`."""

from dataclasses import dataclass
from datetime import date

from casecore.fact import Fact
from casecore.vocabulary import DeliveryMethod

__all__ = [
    "CertificateCorrected",
    "CertificateMade",
    "CertificateReissued",
    "CertificateRevoked",
    "CertificateSealed",
    "CourierDispatched",
    "CourierLost",
    "CourierRefused",
    "CourierReturned",
    "MaterialsCouriered",
    "PapersSent",
    "ResultDelivered",
    "ResultEvent",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateMade(Fact):
    """制证."""

    certificate: str
    kind: str
    electronic: bool = False
    """电子证照."""
    conditional: bool = False
    """容缺: made while something promised is still to come; it may be revoked if that does not."""
    valid_until: date | None = None
    """The certificate's last day; None where it has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateSealed(Fact):
    """用印: a seal or an electronic seal (电子印章) makes the certificate valid."""

    certificate: str
    seal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateCorrected(Fact):
    """证照更正: something on it was wrong; it has to be sealed again."""

    certificate: str
    correction: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRevoked(Fact):
    """证照撤销."""

    certificate: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateReissued(Fact):
    """补发, 换发: a new certificate takes the place of another, which is no longer valid."""

    certificate: str
    kind: str
    replaces: str
    reason: str
    electronic: bool = False
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PapersSent(Fact):
    """寄件: a courier took papers in at the applicant's door; they have not arrived yet."""

    consignment: str
    courier: str
    materials: tuple[str, ...] = ()
    charge_fen: int = 0
    """What the applicant paid for it, in fen (分); 0 where it is free (免费寄递)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialsCouriered(Fact):
    """材料寄达: papers came in by courier, without a trip."""

    consignment: str
    materials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CourierDispatched(Fact):
    """寄出; ``replaces`` names the failed consignment it is sent again for."""

    consignment: str
    courier: str
    certificate: str | None = None
    replaces: str | None = None
    charge_fen: int = 0
    """What the applicant paid for it, in fen (分); 0 where it is free (免费寄递)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourierReturned(Fact):
    """寄递退回."""

    consignment: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CourierLost(Fact):
    """寄递遗失."""

    consignment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CourierRefused(Fact):
    """拒收: whoever was there would not take it."""

    consignment: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultDelivered(Fact):
    """送达: the result is in the applicant's hands; ends the delivery clock of Art. 44."""

    method: DeliveryMethod
    certificate: str | None = None
    consignment: str | None = None
    recipient: str | None = None


ResultEvent = (
    CertificateMade
    | CertificateSealed
    | CertificateCorrected
    | CertificateRevoked
    | CertificateReissued
    | PapersSent
    | MaterialsCouriered
    | CourierDispatched
    | CourierReturned
    | CourierLost
    | CourierRefused
    | ResultDelivered
)
"""Facts about certificates and consignments."""
