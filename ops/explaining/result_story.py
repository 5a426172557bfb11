"""Facts about certificates (证照) and consignments (寄递) as sentences."""

from typing import assert_never

from casecore.case import events as e
from ops.explaining.phrases import because, charged, listed

__all__ = ["tell_result"]


def tell_result(event: ResultEvent) -> tuple[str, str]:  # noqa: C901, PLR0911, PLR0912 - one arm a fact
    """The Chinese term for a fact, and a sentence saying what happened."""
    match event:
        case e.CertificateMade():
            condition = ", on condition (容缺)" if event.conditional else ""
            return "制证", f"{event.kind} {event.certificate}{_kind(event)}{condition}"
        case e.CertificateSealed():
            return "用印", f"{event.certificate} sealed with {event.seal}"
        case e.CertificateCorrected():
            return "证照更正", f"{event.certificate} to be sealed again, {event.correction}: {event.reason}"
        case e.CertificateRevoked():
            return "证照撤销", f"{event.certificate} revoked: {event.reason}"
        case e.CertificateReissued():
            made = f"{event.kind} {event.certificate}{_kind(event)}"
            return "证照补发", f"{made} in place of {event.replaces}: {event.reason}"
        case e.PapersSent():
            took = f"{event.courier} took in papers at the door, {event.consignment}{charged(event.charge_fen)}"
            return "寄件", took + listed(event.materials)
        case e.MaterialsCouriered():
            return "材料寄达", f"papers came by courier, {event.consignment}" + listed(event.materials)
        case e.CourierDispatched():
            again = f", again for {event.replaces}" if event.replaces else ""
            sent = f"{event.consignment} by {event.courier}{again}{charged(event.charge_fen)}"
            return "重新寄出" if event.replaces else "寄出", sent
        case e.CourierReturned():
            return "寄递退回", f"{event.consignment} came back: {event.reason}"
        case e.CourierLost():
            return "寄递遗失", f"{event.consignment} was lost"
        case e.CourierRefused():
            return "拒收", f"{event.consignment} was not taken: {event.reason}"
        case e.ResultDelivered():
            to = f", to {event.recipient}" if event.recipient else ""
            what = event.certificate or "the result"
            return "送达", f"{what} delivered: {event.method.zh}{to}" + because(event.consignment)
        case _:
            assert_never(event)


def _kind(event: e.CertificateMade | e.CertificateReissued) -> str:
    """Whether a certificate is electronic, and its last day."""
    electronic = ", electronic (电子证照)" if event.electronic else ""
    return electronic + (f", valid until {event.valid_until}" if event.valid_until else "")
