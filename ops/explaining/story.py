"""Facts as sentences: the clerk's word in Chinese, what happened in English. Here those of a case's examination."""

from typing import assert_never

from casecore.case.facts import CaseEvent
from casecore.drop_box.facts import DropBoxEvent
from casecore.package.facts import PackageEvent

from casecore.case import events as e
from casecore.recorded import Event
from casecore.vocabulary import Outcome
from ops.explaining.package_story import tell_box, tell_package
from ops.explaining.phrases import because, card_terms, listed
from ops.explaining.result_story import tell_result
from ops.explaining.service_story import tell_service

__all__ = ["tell"]


def tell(event: Event) -> tuple[str, str]:
    """The Chinese term for a fact of whatever stream, and a sentence saying what happened."""
    if isinstance(event, PackageEvent):
        return tell_package(event)
    if isinstance(event, DropBoxEvent):
        return tell_box(event)
    return _tell_case(event)


def _tell_case(event: CaseEvent) -> tuple[str, str]:  # noqa: C901, PLR0911, PLR0912 - one arm a fact
    if isinstance(event, ResultEvent):
        return tell_result(event)
    if isinstance(event, ServiceEvent):
        return tell_service(event)
    match event:
        case e.ApplicationSubmitted():
            assisted = ", filed by window staff (帮办)" if event.assisted else ""
            return "申请", f"{event.applicant} applied for {event.item} by {event.channel.value}{assisted}"
        case e.PreReviewPassed():
            return "预审通过", "the papers are fit to be received" + because(event.opinion)
        case e.PreReviewReturned():
            return "预审退回", f"handed back: {event.reason}" + listed(event.materials)
        case e.CaseReceived():
            window = f", window {event.window}" if event.window else ""
            return "收件", f"received at {event.hall}{window} for {event.item}, by {event.channel.value}"
        case e.CorrectedOnSpot():
            return "当场更正", "put right on the spot" + listed(event.materials)
        case e.CorrectionRequested():
            notice = "one complete notice (一次性告知)" if event.complete else "an incomplete notice"
            return "补正告知", f"{notice}, cause: {event.caused_by.zh}" + listed(event.materials)
        case e.CorrectionSubmitted():
            return "补正提交", "the corrections are in" + listed(event.materials)
        case e.CaseAccepted():
            law = f", by law {event.statutory}" if event.statutory else ""
            return "受理", (
                f"accepted with effect from {event.effective_on}: promised {event.promised}{law};"
                f" {event.item} version {event.item_version}, calendar {event.calendar}"
            )
        case e.NotAccepted():
            elsewhere = f"; go to {event.redirect_to}" if event.redirect_to else ""
            return "不予受理", f"not accepted: {event.reason}; remedy: {event.remedy}{elsewhere}"
        case e.CaseRouted():
            return "分办", f"step {event.step} opens at {event.department}"
        case e.CaseTransferred():
            return "转办", f"step {event.step}: {event.from_department} to {event.to_department}, {event.reason}"
        case e.StepCompleted():
            where = f" at {event.department}" if event.department else ""
            return "环节办结", f"{event.name}{where}" + because(event.action)
        case e.ApprovalGranted():
            return "审批通过", f"{event.department} grants step {event.step}" + because(event.opinion)
        case e.ApprovalRefused():
            return "审批不通过", f"{event.department} refuses step {event.step}: {event.reason}"
        case e.ApprovalReturned():
            return "审批退回", f"{event.department} hands step {event.step} back: {event.reason}"
        case e.ReviewCompleted():
            return "审批完毕", "every department has granted" if event.granted else "not every department has granted"
        case e.Suspended():
            ground = f" ({event.ground.zh})" if event.ground else ""
            days = f", {event.declared_days} working days declared" if event.declared_days is not None else ""
            effect = {
                (True, True): "it may stop the promised and the statutory clock",
                (True, False): "it may stop the promised clock",
                (False, True): "it may stop the statutory clock",
                (False, False): "it stops no clock",
            }[event.moves_promise, event.moves_statutory]
            return event.kind.zh, f"{event.suspension}: {event.reason}{ground}{days}; {effect}"
        case e.Resumed():
            return "解挂", f"{event.suspension} ends"
        case e.ExtensionApproved():
            return "延长审批", f"{event.days} working days more, approved by {event.approver}: {event.reason}"
        case e.AcceptanceDeemed():
            since = f"nobody said what is missing by {event.notice_due_on}: accepted since {event.effective_on}"
            return "视为受理", f"{since}, promised {event.promised}"
        case e.HearingOffered():
            return "听证告知", f"the applicant may ask for a hearing ({event.notice})"
        case e.HearingRequested():
            return "听证申请", "a hearing is asked for"
        case e.HearingNotified():
            return "听证通知", f"the hearing is on {event.hearing_on} ({event.notice})"
        case e.HearingHeld():
            return "听证举行", f"the hearing was held ({event.record})"
        case e.RenewalDeemed():
            return "视为准予延续", f"the licence ran out on {event.licence_expired_on} and nobody had decided"
        case e.CardIssued():
            return f"发牌:{event.level.zh}", ", ".join((f"{event.card}: {event.ground.zh}", *card_terms(event))) + because(
                event.reason
            )
        case e.CardRevoked():
            return "撤牌", f"{event.card} revoked: {event.reason}"
        case e.DecisionMade():
            return f"决定:{event.decision.zh}", event.decision.value.replace("_", " ") + because(event.reason)
        case e.CaseClosed():
            to = f", to {event.forwarded_to}" if event.forwarded_to else ""
            return "办结", f"{event.outcome.value} {event.outcome.zh}{to}" + because(event.reason)
        case e.CaseWithdrawn():
            return "撤回", f"withdrawn: {event.reason}"
        case e.CaseVoided():
            return "删除" if event.outcome is Outcome.DELETED else "作废", f"struck from every figure: {event.reason}"
        case _:
            assert_never(event)
