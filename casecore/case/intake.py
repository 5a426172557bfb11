"""Intake (申请, 预审, 收件, 补正, 受理): from the first paper to the promise."""

from calendar import monthrange
from datetime import MAXYEAR, date, datetime
from typing import Any, NamedTuple

from casecore.case.agents import without_mandate
from casecore.case.clocks import clocks_of
from casecore.case.commands import (
    AcceptCase,
    CorrectOnSpot,
    DeclineAcceptance,
    PassPreReview,
    ReceiveCase,
    RequestCorrection,
    ReturnPreReview,
    SubmitApplication,
    SubmitCorrection,
)
from casecore.case.events import (
    AcceptanceDeemed,
    ApplicationSubmitted,
    CaseAccepted,
    CaseEvent,
    CaseReceived,
    CorrectedOnSpot,
    CorrectionRequested,
    CorrectionSubmitted,
    NotAccepted,
    PreReviewPassed,
    PreReviewReturned,
    ReviewCompleted,
)
from casecore.case.materials import met_with
from casecore.case.ruling import Ruling
from casecore.case.state import CaseFile
from casecore.case.trips import trips_of
from casecore.office import Office
from casecore.refusals import Reason, Refused, blank
from casecore.service_item import ServiceItem
from casecore.vocabulary import ApplicantKind, Cause, Channel, ClockKind, Stage

__all__ = [
    "accept_case",
    "correct_on_spot",
    "decline_acceptance",
    "deem_acceptance",
    "not_offered",
    "pass_pre_review",
    "receive_case",
    "request_correction",
    "return_pre_review",
    "submit_application",
    "submit_correction",
]


class _Claim(NamedTuple):
    """How an applicant asks: through which door, as whom, and since when entitled."""

    channel: Channel
    applicant_kind: ApplicantKind | None
    entitled_from: date | None


def submit_application(file: CaseFile, command: SubmitApplication, at: datetime, office: Office) -> Ruling:
    """An application is filed online, or again after a pre-review handed it back.

    A 代办员 files it under the applicant's mandate and in the applicant's name (代理申报): that is help (帮办), and the fact
    is the agent's.
    """
    if command.agent is not None and (refused := without_mandate(file, command.agent, at, command.applicant)):
        return refused
    if refused := _waits(file):
        return refused
    item = _in_force(command.item, at.date(), office)
    if isinstance(item, Refused):
        return item
    if file.item is not None and command.item != file.item:
        return Refused(Reason.ITEM_DIFFERS, file.item)
    claim = _Claim(command.channel, command.applicant_kind, command.entitled_from)
    if refused := _inadmissible(item, claim, at.date()):
        return refused
    by = command.agent or command.by
    submitted = ApplicationSubmitted(
        at=at,
        by=by,
        item=command.item,
        channel=command.channel,
        applicant=command.applicant,
        applicant_kind=command.applicant_kind,
        assisted=command.assisted or command.agent is not None,
    )
    met = met_with(file, command.given, at, by, item)
    return met if isinstance(met, Refused) else (submitted, *met)


def pass_pre_review(file: CaseFile, command: PassPreReview, at: datetime, office: Office) -> Ruling:
    """The papers filed online are fit to be received."""
    return (PreReviewPassed(at=at, by=command.by, opinion=command.opinion),)


def return_pre_review(file: CaseFile, command: ReturnPreReview, at: datetime, office: Office) -> Ruling:
    """The papers filed online are handed back; the applicant may file again."""
    if blank(command.reason):
        return Refused(Reason.REASON_REQUIRED)
    return (PreReviewReturned(at=at, by=command.by, reason=command.reason, materials=command.materials),)


def receive_case(  # noqa: PLR0911 - one way out a refusal
    file: CaseFile, command: ReceiveCase, at: datetime, office: Office
) -> Ruling:
    """The papers are in: at a window, or taken over from an online application."""
    if refused := _waits(file):
        return refused
    item = _in_force(command.item or file.item or "", at.date(), office)
    if isinstance(item, Refused):
        return item
    if file.item is not None and item.code != file.item:
        return Refused(Reason.ITEM_DIFFERS, file.item)
    if (instead := _elsewhere(item, command.hall, office)) is not None:
        return Refused(Reason.NOT_TAKEN_HERE, instead)
    usual = Channel.COURIER if file.couriered_in and command.visit is None else Channel.WINDOW
    channel = file.channel or command.channel or usual
    kind = file.applicant_kind or command.applicant_kind
    claim = _Claim(channel, kind, command.entitled_from)
    if file.submitted_at is None and (refused := _inadmissible(item, claim, at.date())):
        return refused
    met = met_with(file, command.given, at, command.by, item)
    trips = trips_of(file, command.visit, Cause.SUBMIT, at, command.by, command.applicant)
    if isinstance(trips, Refused):
        return trips
    if isinstance(met, Refused):
        return met
    received = CaseReceived(
        at=at,
        by=command.by,
        item=item.code,
        channel=channel,
        tier=command.tier,
        hall=command.hall,
        window=command.window,
        department=command.department or item.department,
        applicant=file.applicant or command.applicant,
        applicant_kind=kind,
        materials=command.materials,
        assisted=command.assisted or file.assisted,
        licence_expires_on=command.licence_expires_on,
    )
    return (received, *met, *trips)


def _waits(file: CaseFile) -> Refused | None:
    """Why nobody may apply: in its package others come first (前置事项), or came to nothing."""
    package, lapsed = file.service.package, file.service.lapsed
    if package is None or not package.waiting:
        return None
    if lapsed is not None:
        return Refused(Reason.CONDITION_FAILED, lapsed.prerequisite)
    return Refused(Reason.WAITS_FOR_OTHERS, package.package)


def not_offered(  # noqa: PLR0913, PLR0917 - what an application says
    code: str, channel: Channel, kind: ApplicantKind, on: date, office: Office, hall: str | None
) -> Refused | None:
    """Why nobody could open a case of the item on a day: through this channel, as this applicant, at this hall if any."""
    item = _in_force(code, on, office)
    if isinstance(item, Refused):
        return item
    if hall is not None and (instead := _elsewhere(item, hall, office)) is not None:
        return Refused(Reason.NOT_TAKEN_HERE, instead)
    return _inadmissible(item, _Claim(channel, kind, None), on)


def _elsewhere(item: ServiceItem, hall: str, office: Office) -> str | None:
    """Where the item is taken, if not at this place of intake."""
    site = office.catalogue.sites.get(hall)
    instead = site.instead(item.code) if site is not None else None
    return None if instead is None else instead or item.code


def correct_on_spot(file: CaseFile, command: CorrectOnSpot, at: datetime, office: Office) -> Ruling:
    """What can be put right on the spot is (Art. 32(3)): no notice, no trip."""
    if not command.materials:
        return Refused(Reason.NOTHING_NAMED)
    return (CorrectedOnSpot(at=at, by=command.by, materials=command.materials),)


def request_correction(file: CaseFile, command: RequestCorrection, at: datetime, office: Office) -> Ruling:
    """Everything missing is told once (Art. 32(4)); a further notice may only repeat what is still missing."""
    if not command.materials:
        return Refused(Reason.NOTHING_NAMED)
    if too_late := _too_late(file, at, office):
        return too_late
    if file.corrections:
        news = sorted(set(command.materials) - set(file.corrections[0].materials))
        if news:
            return Refused(Reason.NOT_IN_FIRST_NOTICE, ", ".join(news))
    requested = CorrectionRequested(
        at=at,
        by=command.by,
        materials=command.materials,
        complete=command.complete,
        caused_by=command.caused_by,
        notice=command.notice,
    )
    return (requested,)


def submit_correction(file: CaseFile, command: SubmitCorrection, at: datetime, office: Office) -> Ruling:
    """The corrections are in."""
    trips = trips_of(file, command.visit, Cause.CORRECT, at, command.by)
    if isinstance(trips, Refused):
        return trips
    return (CorrectionSubmitted(at=at, by=command.by, materials=command.materials), *trips)


def accept_case(file: CaseFile, command: AcceptCase, at: datetime, office: Office) -> Ruling:
    """The case is accepted, and what was promised is frozen; an item without a plan is reviewed at once (即办).

    Where the five working days of Art. 32 have passed in silence, the law has accepted it already, since its receipt.
    """
    if deemed := deem_acceptance(file, command.by, at, office):
        return deemed
    item = _in_force(file.item or "", at.date(), office)
    if isinstance(item, Refused):
        return item
    receipt_only = command.receipt_only
    if receipt_only is None:
        receipt_only = office.rule.receipt_only(file.hall, file.window, item.handling)
    accepted = CaseAccepted(
        at=at,
        by=command.by,
        effective_on=office.calendar.next_working(at.date()) if receipt_only else at.date(),
        **_promised(item, office),
        notice=command.notice,
    )
    return (accepted,) if item.plan else (accepted, ReviewCompleted(at=at, by=command.by, granted=True))


def deem_acceptance(file: CaseFile, by: str, at: datetime, office: Office) -> tuple[CaseEvent, ...]:
    """视为受理 (Art. 32(4)): nothing was said within five working days, so it is accepted since its papers came in."""
    deemed = _deemed(file, by, at, office)
    if deemed is None:
        return ()
    return (deemed,) if deemed.plan else (deemed, ReviewCompleted(at=at, by=by, granted=True))


def _deemed(file: CaseFile, by: str, at: datetime, office: Office) -> AcceptanceDeemed | None:
    if file.stage is not Stage.RECEIVED or not office.rule.deemed_acceptance:
        return None
    clock = next((found for found in reversed(clocks_of(file)) if found.kind is ClockKind.ACCEPTANCE), None)
    if clock is None or at.date() <= (due_on := clock.read(office.calendar, at).due_on):
        return None
    item = office.catalogue.find(file.item or "", clock.started_on)
    if item is None:
        return None
    return AcceptanceDeemed(
        at=at,
        by=by,
        effective_on=clock.started_on,
        **_promised(item, office),
        notice_due_on=due_on,
    )


def _promised(item: ServiceItem, office: Office) -> dict[str, Any]:
    """What a version of an item promises, under the calendar in force."""
    return {
        "item": item.code,
        "item_version": item.version,
        "handling": item.handling,
        "promised": item.promised,
        "statutory": item.statutory,
        "plan": item.plan,
        "trips_promised": item.visits,
        "joint": item.joint,
        "calendar": office.calendar.version,
        "materials": item.materials,
        "licence_materials": item.licence_materials,
    }


def _too_late(file: CaseFile, at: datetime, office: Office) -> Refused | None:
    """Nothing is told any more once the law has accepted the case."""
    deemed = _deemed(file, "", at, office)
    return None if deemed is None else Refused(Reason.NOTICE_TOO_LATE, deemed.effective_on.isoformat())


def decline_acceptance(file: CaseFile, command: DeclineAcceptance, at: datetime, office: Office) -> Ruling:
    """不予受理: a lawful no, with its reason and the remedy."""
    if too_late := _too_late(file, at, office):
        return too_late
    if blank(command.reason) or blank(command.remedy):
        return Refused(Reason.REASON_REQUIRED)
    declined = NotAccepted(
        at=at, by=command.by, reason=command.reason, remedy=command.remedy, redirect_to=command.redirect_to
    )
    return (declined,)


def _in_force(code: str, on: date, office: Office) -> ServiceItem | Refused:
    item = office.catalogue.find(code, on)
    if item is not None:
        return item
    return Refused(Reason.ITEM_NOT_IN_FORCE if office.catalogue.known(code) else Reason.UNKNOWN_ITEM, code)


def _inadmissible(item: ServiceItem, claim: _Claim, on: date) -> Refused | None:
    """Why the item is not offered to this applicant through this channel on this day."""
    if claim.channel not in item.channels:
        return Refused(Reason.CHANNEL_NOT_OFFERED, claim.channel.value)
    if claim.applicant_kind is not None and claim.applicant_kind not in item.serves:
        return Refused(Reason.APPLICANT_NOT_SERVED, claim.applicant_kind.value)
    if item.window_months is not None:
        if claim.entitled_from is None:
            return Refused(Reason.ENTITLING_DAY_MISSING, item.code)
        last = _months_later(claim.entitled_from, item.window_months)
        if not claim.entitled_from <= on <= last:
            return Refused(Reason.OUTSIDE_APPLICATION_WINDOW, f"{claim.entitled_from}..{last}")
    return None


def _months_later(day: date, months: int) -> date:
    """The same day ``months`` later, or that month's last day (民法典 202)."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    if year > MAXYEAR:
        return date.max
    return date(year, month, min(day.day, monthrange(year, month)[1]))
