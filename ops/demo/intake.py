"""The way of a simulated case from the filing to the promise."""

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from casecore.case.acts.acceptance import AcceptCase, DeclineAcceptance
from casecore.case.acts.application import PassPreReview, ReceiveCase, ReturnPreReview, SubmitApplication
from casecore.case.acts.closing import CloseCase, VoidCase, WithdrawCase
from casecore.case.acts.correction import CorrectOnSpot, RequestCorrection, SubmitCorrection
from casecore.case.acts.courier import ReceiveCourieredMaterials
from casecore.vocabulary import CausedBy, Channel, Outcome, Unit
from ops.demo.arrival import CHENGDU, department_of
from ops.demo.life import OPENS, Life

__all__ = ["accept", "file_application", "receive"]

CLOSES: Final = time(17)
SATURDAY: Final = 6


def file_application(life: Life) -> None:
    """Filed online or by courier, seldom handed back once, passed, and followed by papers where they are needed."""
    arrival, rng = life.arrival, life.rng
    begins = datetime.combine(arrival.at.date(), OPENS, CHENGDU)
    application = {
        "item": arrival.item.code,
        "channel": arrival.channel,
        "applicant": arrival.applicant,
        "applicant_kind": arrival.kind,
        "entitled_from": _entitled_from(life),
    }
    life.do(SubmitApplication, arrival.applicant, arrival.filed_at, **application)
    if arrival.automatic:
        life.do(PassPreReview, life.clerk, arrival.at - timedelta(seconds=5))
        return
    papers = arrival.channel is Channel.COURIER or (arrival.filed_at < begins and life.happens("papers posted"))
    passed = arrival.at - timedelta(minutes=rng.randint(2, 12))
    if papers:
        passed = min(passed, max(arrival.filed_at, begins) + timedelta(minutes=rng.randint(4, 12)))
    elif life.happens("pre-review returned"):
        since = max(arrival.filed_at, begins)
        quarter = (passed - since) / 4
        reason = "材料照片不清晰,请重新上传"
        life.do(ReturnPreReview, life.clerk, since + quarter, reason=reason, materials=arrival.item.materials[:1])
        life.do(SubmitApplication, arrival.applicant, since + 3 * quarter, **application)
    life.do(PassPreReview, life.clerk, passed)
    if papers:
        life.do(
            ReceiveCourieredMaterials,
            life.clerk,
            arrival.at - timedelta(seconds=rng.randint(10, 100)),
            consignment=f"{life.case}-IN1",
            materials=arrival.item.materials,
        )


def receive(life: Life) -> None:
    """The papers come to the desk, or are taken over from the application."""
    arrival = life.arrival
    hall: dict[str, Any] = {"hall": arrival.hall.name, "tier": arrival.hall.tier}
    hall["department"] = department_of(arrival.item)
    if arrival.filed:
        life.do(ReceiveCase, life.clerk, **hall, materials=arrival.item.materials)
        return
    agent = arrival.channel in (Channel.AGENT_POINT, Channel.HOME_SERVICE)
    life.do(
        ReceiveCase,
        life.clerk,
        **hall,
        item=arrival.item.code,
        channel=arrival.channel,
        window=None if agent else life.window,
        applicant=arrival.applicant,
        applicant_kind=arrival.kind,
        materials=arrival.item.materials,
        assisted=agent,
        entitled_from=_entitled_from(life),
        visit=arrival.coming(),
    )


def _entitled_from(life: Life) -> date | None:
    """A day from which this applicant may file, for items with an application window (申报期)."""
    months = life.item.window_months
    return None if months is None else life.arrival.filed_at.date() - timedelta(days=28 * months - 4)


def accept(life: Life) -> bool:
    """From the papers on the desk to the promise; False where the case ends, or stays, before it."""
    arrival, rng = life.arrival, life.rng
    if arrival.automatic:
        life.at += timedelta(seconds=rng.randint(3, 20))
        life.do(AcceptCase, life.clerk)
        return True
    if arrival.hall.self_service:
        _until_desks_are_open(life)
    life.wait(3, 8)
    at_desk = not arrival.filed and not arrival.hall.self_service
    if at_desk and life.item.materials and life.happens("corrected on the spot"):
        life.do(CorrectOnSpot, life.clerk, materials=life.item.materials[:1])
        life.wait(2, 5)
    if _refused_at_the_desk(life) or (life.item.materials and life.happens("correction") and not _corrected(life)):
        return False
    life.wait(1, 4)
    if not arrival.instant:
        _until_desks_are_open(life)
    # What is promised in hours is done while one waits, on a Saturday too; days are promised from the next working day.
    at_once = False if life.item.promised.unit is Unit.HOUR else None
    life.do(AcceptCase, life.clerk, notice=f"{life.case}-SL", receipt_only=at_once)
    return True


def _refused_at_the_desk(life: Life) -> bool:
    if life.happens("void"):
        life.do(VoidCase, life.clerk, reason="与同日另一办件重复录入", typing_error=life.happens("typing error"))
        return True
    if life.happens("declined"):
        remedy = "可在六十日内申请行政复议,或在六个月内提起行政诉讼"
        life.do(DeclineAcceptance, life.clerk, reason="所申请事项依法不需要取得行政许可或不属于本机关职权", remedy=remedy)
        return True
    if life.happens("withdrawn"):
        life.wait(5, 40)
        life.do(WithdrawCase, life.arrival.applicant, reason="申请人自行撤回")
        return True
    return False


def _corrected(life: Life) -> bool:
    """A correction notice and what follows; False where the corrections never come."""
    rng = life.rng
    agency = life.happens("correction for the agency")
    asked = rng.sample(life.item.materials, k=min(len(life.item.materials), rng.randint(1, 2)))
    complete = not agency or life.happens("agency told it completely")
    cause = CausedBy.AGENCY if agency else CausedBy.APPLICANT
    for number in range(1, 2 + life.happens("asked again")):
        life.do(
            RequestCorrection,
            life.clerk,
            materials=tuple(asked),
            complete=complete,
            caused_by=cause,
            notice=f"{life.case}-BZ{number}",
        )
        asked = asked[:1]
        if life.happens("correction never comes"):
            life.sleep(20, 30)
            life.do(CloseCase, life.clerk, outcome=Outcome.CORRECTION_NOT_SUPPLIED, reason="逾期未补正")
            return False
        if life.happens("correction still awaited"):
            return False
        life.sleep(1, 6)
        comes = not life.arrival.filed or life.happens("corrected online, handed in on paper")
        visit = life.visit() if comes and life.arrival.channel is not Channel.HOME_SERVICE else None
        life.do(SubmitCorrection, life.arrival.applicant, materials=tuple(asked), visit=visit)
        life.wait(3, 15)
    return True


def _until_desks_are_open(life: Life) -> None:
    """Papers taken late or by a machine at night wait for a clerk."""
    day = life.at.date()
    open_today = life.calendar.is_working(day) or day.isoweekday() == SATURDAY
    if open_today and life.at.time() < OPENS:
        life.wake(day, within=60)
    elif not open_today or life.at.time() >= CLOSES:
        life.wake(life.calendar.due(day, 1), within=60)
