"""How a simulated case ends: decision, certificate, delivery and rating."""

from datetime import timedelta
from typing import Final

from casecore.case.acts.certificates import MakeCertificate, SealCertificate
from casecore.case.acts.closing import CloseCase, VoidCase
from casecore.case.acts.courier import DispatchCourier, ReportCourierLost, ReportCourierReturned, ResendCourier
from casecore.case.acts.decision import MakeDecision
from casecore.case.acts.delivery import DeliverResult
from casecore.case.acts.ratings import RateCase
from casecore.given import Visit
from casecore.vocabulary import Channel, Decision, DeliveryMethod, Grade, ItemType, Outcome, Place
from ops.demo.arrival import NEAR, department_of
from ops.demo.life import Life

__all__ = ["close", "hand_over", "rate"]

CERTIFYING: Final = (ItemType.LICENCE, ItemType.CONFIRMATION)
"""Kinds of item (行政许可, 行政确认) whose result is a certificate."""

DELIVERIES: Final = {
    Channel.WINDOW: (45, 10, 38, 7),
    Channel.KIOSK: (35, 25, 35, 5),
    Channel.AGENT_POINT: (75, 0, 25, 0),
    Channel.HOME_SERVICE: (0, 0, 100, 0),
}
"""Weights of window, locker, courier and e-certificate, by channel."""
ONLINE_DELIVERIES: Final = (12, 6, 74, 8)
"""The same for what came in without a visit."""
METHODS: Final = (
    DeliveryMethod.WINDOW,
    DeliveryMethod.LOCKER,
    DeliveryMethod.COURIER,
    DeliveryMethod.E_CERTIFICATE,
)
RETURNS: Final = ("地址有误", "收件人电话无法接通", "收件人拒收")


def close(life: Life, *, granted: bool) -> str | None:
    """Decide, make out what is to be handed over, close; the number of the certificate, if there is one."""
    organ = department_of(life.item)
    if life.arrival.automatic:
        chief = "自动审批"
        life.at += timedelta(seconds=life.rng.randint(2, 30))
    else:
        chief = f"{life.desk}-值班长" if life.arrival.instant else f"{organ}-负责人"
        life.wait(1, 3)
    if not granted:
        life.do(
            MakeDecision,
            chief,
            decision=Decision.REFUSED,
            reason="有关部门审查未通过,不符合法定条件",
            document=f"{life.case}-JD",
        )
        life.wait(1, 5)
        life.do(CloseCase, chief, outcome=Outcome.OTHER, reason="不予许可")
        return None
    life.do(MakeDecision, chief, decision=Decision.GRANTED, document=f"{life.case}-JD")
    certificate = None
    if life.item.item_type in CERTIFYING:
        certificate = f"{life.case}-C1"
        maker = life.clerk if life.arrival.automatic else f"{organ}-制证"
        life.wait(1, 2)
        life.do(MakeCertificate, maker, certificate=certificate, kind=life.item.name_zh)
        life.wait(1, 2)
        life.do(SealCertificate, maker, certificate=certificate, seal=f"{organ}专用章")
    life.wait(1, 2)
    life.do(CloseCase, chief, outcome=Outcome.CERTIFICATE_ISSUED if certificate else Outcome.OTHER)
    return certificate


def hand_over(life: Life, certificate: str | None, *, granted: bool) -> None:
    """On the spot where the applicant is still there; else as was asked for, or there is nothing to hand over."""
    arrival, rng = life.arrival, life.rng
    channel = arrival.channel
    if visit := life.present():
        life.wait(1, 4)
        method = DeliveryMethod.LOCKER if channel is Channel.KIOSK else DeliveryMethod.WINDOW
        life.do(DeliverResult, life.clerk, method=method, certificate=certificate, visit=visit)
        return
    if channel is Channel.HOME_SERVICE:
        life.sleep(1, 2)
        life.do(DeliverResult, life.clerk, method=DeliveryMethod.HOME, certificate=certificate)
        return
    if arrival.item.fully_online and channel.online:
        life.wait(1, 10)
        life.do(DeliverResult, life.clerk, method=DeliveryMethod.E_CERTIFICATE, certificate=certificate)
        return
    if granted and life.happens("result not fetched" if certificate else "nothing to hand over"):
        return
    method = rng.choices(METHODS, ONLINE_DELIVERIES if arrival.filed else DELIVERIES[channel])[0]
    if method is DeliveryMethod.COURIER:
        _send(life, certificate)
    elif method is DeliveryMethod.E_CERTIFICATE:
        life.wait(5, 30)
        life.do(DeliverResult, life.clerk, method=method, certificate=certificate)
    else:
        life.sleep(1, 6)
        visit = life.visit()
        if method is DeliveryMethod.LOCKER:
            visit = Visit(visit=visit.visit, place=Place.HALL_KIOSK, hall=NEAR[Place.HALL_KIOSK])
        life.do(DeliverResult, life.clerk, method=method, certificate=certificate, recipient=arrival.applicant, visit=visit)


def _send(life: Life, certificate: str | None) -> None:
    """By courier: most arrive, some come back and some are lost, and those are sent once more."""
    rng, desk = life.rng, f"{life.desk}-出件"
    first, second = f"{life.case}-K1", f"{life.case}-K2"
    life.sleep(1, 2)
    life.do(DispatchCourier, desk, consignment=first, courier="EMS", certificate=certificate)
    arrives = first
    returned = life.happens("courier brings it back")
    if returned or life.happens("courier loses it"):
        arrives = second
        if returned:
            life.travel(3, 6)
            life.do(ReportCourierReturned, "EMS", consignment=first, reason=rng.choice(RETURNS))
        else:
            life.travel(7, 10)
            life.do(ReportCourierLost, "EMS", consignment=first)
        life.sleep(1, 2)
        life.do(ResendCourier, desk, consignment=second, courier="EMS", replaces=first)
    life.travel(1, 3)
    life.do(
        DeliverResult,
        "EMS",
        method=DeliveryMethod.COURIER,
        certificate=certificate,
        consignment=arrives,
        recipient=life.arrival.applicant,
    )


def rate(life: Life) -> None:
    """Half of the applicants say how it was; now and then a record turns out to be wrong after all."""
    rng = life.rng
    if life.happens("rated"):
        life.travel(0, 6)
        grade = rng.choices(tuple(Grade), (55, 30, 10, 3, 2))[0]
        defaulted = life.happens("rated by default")
        life.do(RateCase, "好差评系统" if defaulted else life.arrival.applicant, grade=grade, defaulted=defaulted)
    if life.happens("void in the end"):
        life.sleep(1, 3)
        life.do(VoidCase, f"{life.desk}-值班长", reason="登记对象有误,重新立案办理")
