"""Facts beside the examination as sentences: agents, materials, drop boxes, fees, ratings, trips."""

from typing import assert_never

from casecore.case import events as e
from ops.explaining.phrases import because, listed, number_of, origin, yuan

__all__ = ["tell_service"]


def tell_service(event: ServiceEvent) -> tuple[str, str]:  # noqa: C901, PLR0911, PLR0912 - one arm a fact
    """The Chinese term for a fact, and a sentence saying what happened."""
    match event:
        case e.CaseJoined():
            about = f", for {event.subject}" if event.subject else ""
            most = f"at most {number_of(event.visits_promised, 'visit')} for the whole"
            waits = "; others come first (待前置事项)" if event.waiting else ""
            return "纳入一件事", f"of package {event.package}, theme {event.theme}{about}; {most}{waits}"
        case e.ConditionLapsed():
            return "附条件未成就", f"what it was handled on condition of, or waited for, has failed: {event.prerequisite}"
        case e.MandateGranted():
            until = f", until {event.until}" if event.until else ""
            site = f", at {event.site}" if event.site else ""
            return "委托代办", f"{event.applicant} entrusts {event.agent}{site} with {event.scope}{until}"
        case e.MandateRevoked():
            return "撤销委托", f"{event.agent} is no longer entrusted: {event.reason}"
        case e.HomeServiceRequested():
            return "预约上门", f"the hall is asked to come on {event.wanted_on}, {event.where}"
        case e.PapersHandedOver():
            where = f", at {event.place.zh}" if event.place else ""
            giver = f"{event.giver_kind.zh} {event.giver}"
            return "原件交接", f"{giver} to {event.holder_kind.zh} {event.holder}{where}" + listed(event.materials)
        case e.MaterialMet():
            return "材料到位", f"{event.material}: {event.way.zh}{origin(event.source, event.level)}"
        case e.MaterialPromised():
            return "容缺承诺", f"{event.material} is to follow by {event.due_on}"
        case e.LookupFailed():
            return "调取失败", f"{event.material} could not be had by {event.way.zh}: {event.reason}"
        case e.PapersDeposited():
            return "投递", f"papers put into box {event.box}, {event.deposit}" + listed(event.materials)
        case e.PapersCollected():
            return "取件", f"{event.deposit} taken out of box {event.box}"
        case e.FeePaid():
            return "缴费", f"{event.fee}: {yuan(event.amount_fen)}, {event.way.zh}" + because(event.receipt)
        case e.FeeWaived():
            return "减免", f"{event.fee}: {yuan(event.amount_fen)} not asked for, under {event.basis}"
        case e.CaseRated():
            return "评价", _rated(event) + because(event.remark)
        case e.RatingReviewed():
            return "差评核实", f"the bad rating{_of(event)} is {event.review.zh}: {event.reason}"
        case e.RatingRectified():
            return "差评整改", f"what the bad rating{_of(event)} complained of is put right: {event.measure}"
        case e.RaterCalledBack():
            content = "content" if event.satisfied else "not content"
            return "差评回访", f"the rater{_of(event)} was called back and is {content}"
        case e.TripMade():
            return "跑动", _came(event)
        case _:
            assert_never(event)


def _rated(event: e.CaseRated) -> str:
    default = " (by default)" if event.defaulted else ""
    through = f", through {event.channel.value}" if event.channel else ""
    named = ", by name (实名)" if event.real_name else ""
    within = f", to be put right within {event.rectify_within}" if event.rectify_within else ""
    return f"{event.grade.value} {event.grade.zh}{default}{_of(event)}{through}{named}{within}"


def _of(event: e.CaseRated | e.RatingReviewed | e.RatingRectified | e.RaterCalledBack) -> str:
    """Which step a rating is of; of the case as a whole nothing is said."""
    return f" of {event.step.zh}" if event.step else ""


def _came(event: e.TripMade) -> str:
    agent = f" {event.agent}" if event.agent else ""
    terminal = f", terminal {event.device}" if event.device else ""
    swiped = ", identity swiped at the entry (刷证)" if event.id_hash else ""
    return f"visit {event.visit}: {event.visitor.zh}{agent} came to {event.place.zh}{terminal} for {event.cause.zh}{swiped}"
