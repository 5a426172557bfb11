"""Commands about certificates (证照) and what is on its way (寄递, 送达)."""

from dataclasses import dataclass
from datetime import date

from casecore.case.command_base import CaseCommandBase, Visit
from casecore.vocabulary import DeliveryMethod

__all__ = [
    "CorrectCertificate",
    "DeliverResult",
    "DispatchCourier",
    "MakeCertificate",
    "ReceiveCourieredMaterials",
    "ReissueCertificate",
    "ReportCourierLost",
    "ReportCourierRefused",
    "ReportCourierReturned",
    "ResendCourier",
    "ResultCommand",
    "RevokeCertificate",
    "SealCertificate",
    "SendPapers",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeCertificate(CaseCommandBase):
    """制证; what is granted on condition (容缺) is made on condition."""

    certificate: str
    kind: str
    electronic: bool = False
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SealCertificate(CaseCommandBase):
    """用印: with a seal in force that day (印章, 电子印章)."""

    certificate: str
    seal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectCertificate(CaseCommandBase):
    """证照更正; it has to be sealed again."""

    certificate: str
    correction: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeCertificate(CaseCommandBase):
    """证照撤销."""

    certificate: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReissueCertificate(CaseCommandBase):
    """补发, 换发: ``certificate`` takes the place of ``replaces``."""

    certificate: str
    replaces: str
    reason: str
    electronic: bool = False
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendPapers(CaseCommandBase):
    """寄件: a courier takes papers in at the applicant's door."""

    consignment: str
    courier: str
    materials: tuple[str, ...] = ()
    charge_fen: int = 0
    """In fen (分); 0 where the district sends free of charge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveCourieredMaterials(CaseCommandBase):
    """材料寄达."""

    consignment: str
    materials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchCourier(CaseCommandBase):
    """寄出."""

    consignment: str
    courier: str
    certificate: str | None = None
    charge_fen: int = 0
    """What the applicant pays for it, in fen (分)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResendCourier(CaseCommandBase):
    """重新寄出, after a return, a refusal (拒收) or a loss."""

    consignment: str
    courier: str
    replaces: str
    charge_fen: int = 0
    """What the applicant pays for it, in fen (分)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCourierReturned(CaseCommandBase):
    """寄递退回."""

    consignment: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCourierLost(CaseCommandBase):
    """寄递遗失."""

    consignment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCourierRefused(CaseCommandBase):
    """拒收."""

    consignment: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverResult(CaseCommandBase):
    """送达: at a window, from a locker, by courier, brought home, or as an e-certificate."""

    method: DeliveryMethod
    certificate: str | None = None
    consignment: str | None = None
    recipient: str | None = None
    visit: Visit | None = None


ResultCommand = (
    MakeCertificate
    | SealCertificate
    | CorrectCertificate
    | RevokeCertificate
    | ReissueCertificate
    | SendPapers
    | ReceiveCourieredMaterials
    | DispatchCourier
    | ResendCourier
    | ReportCourierReturned
    | ReportCourierLost
    | ReportCourierRefused
    | DeliverResult
)
"""Commands about certificates and consignments."""
