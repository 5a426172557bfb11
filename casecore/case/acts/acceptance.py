"""The acceptance (受理, 视为受理, 不予受理): the promise is frozen, by the hall or by law."""

from datetime import datetime, time, timedelta
from typing import Any, Final, assert_never

from casecore.act import Act, Rule, Ruling, facts_in, made
from casecore.case.acts.review import evolve_review
from casecore.case.clocks import clocks_of
from casecore.case.command import CaseCommand
from casecore.case.facts.acceptance import AcceptanceDeemed, AcceptanceFact, CaseAccepted, NotAccepted, Promise
from casecore.case.facts.review import ReviewCompleted
from casecore.case.file import CaseFile
from casecore.case.licences import with_kind_of_item
from casecore.case.stages import stages
from casecore.fact import Fact
from casecore.offering import item_in_force
from casecore.office import Office
from casecore.refusals import Reason, Refused, blank
from casecore.service_item import ServiceItem
from casecore.value import value
from casecore.vocabulary import ClockKind, Stage

__all__ = ["AcceptCase", "DeclineAcceptance"]


@value
class AcceptCase(CaseCommand):
    """受理. ``receipt_only`` says whether this window only receives on rest days (周末收件, 顺延受理).

    By default the district's rule answers for the window. Once the five working days of Art. 32 have passed the case
    is deemed accepted since its receipt, whatever is asked here.
    """

    notice: str | None = None
    receipt_only: bool | None = None


@value
class DeclineAcceptance(CaseCommand):
    """不予受理: do not take the application up, with the reason and the remedy."""

    reason: str
    remedy: str
    redirect_to: str | None = None


def accept_case(file: CaseFile, command: AcceptCase, at: datetime, office: Office) -> Ruling:
    """The case is accepted, and what was promised is frozen; an item without a plan is reviewed at once (即办).

    Where the five working days of Art. 32 have passed in silence, the law has accepted it already, since its receipt.
    """
    deemed, _ = deem_acceptance(file, command.by, at, office)
    if deemed:
        return deemed
    item = item_in_force(file.item or "", at.date(), office)
    if isinstance(item, Refused):
        return item
    receipt_only = command.receipt_only
    if receipt_only is None:
        receipt_only = office.rule.receipt_only(file.hall, file.window, item.handling)
    accepted = made(
        CaseAccepted,
        command,
        at,
        effective_on=office.calendar.next_working(at.date()) if receipt_only else at.date(),
        **promised_by(item, office),
    )
    return (accepted,) if item.plan else (accepted, ReviewCompleted(at=at, by=command.by, granted=True))


def decline_acceptance(file: CaseFile, command: DeclineAcceptance, at: datetime, office: Office) -> Ruling:
    """不予受理: a lawful no, with its reason and the remedy."""
    if too_late := notice_too_late(file, at, office):
        return too_late
    if blank(command.reason) or blank(command.remedy):
        return Refused(Reason.REASON_REQUIRED)
    declined = made(NotAccepted, command, at)
    return (declined,)


def deem_acceptance(file: CaseFile, by: str, at: datetime, office: Office) -> tuple[tuple[Fact, ...], CaseFile]:
    """视为受理 (Art. 32(4)): nothing was said within five working days, so it is accepted since its papers came in.

    The facts, none where nothing is deemed, with the file after them.
    """
    deemed = _deemed(file, by, at, office)
    if deemed is None:
        return (), file
    file = _evolve(file, deemed)
    if deemed.plan:
        return (deemed,), file
    reviewed = ReviewCompleted(at=at, by=by, granted=True)
    return (deemed, reviewed), evolve_review(file, reviewed)


def _deemed(file: CaseFile, by: str, at: datetime, office: Office) -> AcceptanceDeemed | None:
    if file.stage is not Stage.RECEIVED or not office.rule.deemed_acceptance:
        return None
    file = with_kind_of_item(file, office.catalogue, office.rule)
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
        **promised_by(item, office),
        notice_due_on=due_on,
    )


def promised_by(item: ServiceItem, office: Office) -> dict[str, Any]:
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
        "item_type": item.item_type,
        "implementation_code": item.implementation_code,
        "licence_law": office.rule.under_licence_law(item.item_type),
    }


def notice_too_late(file: CaseFile, at: datetime, office: Office) -> Refused | None:
    """Nothing is told any more once the law has accepted the case."""
    deemed = _deemed(file, "", at, office)
    return None if deemed is None else Refused(Reason.NOTICE_TOO_LATE, deemed.effective_on.isoformat())


def _made_at(promise: Promise) -> datetime:
    """When it was accepted: by silence as the last day for a notice was over, however late that was recorded."""
    if isinstance(promise, CaseAccepted):
        return promise.at
    last_day_over = datetime.combine(promise.notice_due_on + timedelta(days=1), time.min, promise.at.tzinfo)
    return min(promise.at, last_day_over)


def _evolve(file: CaseFile, fact: AcceptanceFact) -> CaseFile:
    match fact:
        case CaseAccepted() | AcceptanceDeemed() if file.promise is not None and _made_at(file.promise) <= _made_at(fact):
            return file  # told by an import: what was promised first is what was promised
        case CaseAccepted() | AcceptanceDeemed():
            told = fact.item_type is not None
            return file._replace(
                stage=Stage.IN_REVIEW,
                stage_at=fact.at,
                item=fact.item,
                item_type=fact.item_type if told else file.item_type,
                licence_law=fact.licence_law if told else file.licence_law,
                accepted_at=fact.at,
                accepted_by=fact.by if isinstance(fact, CaseAccepted) else None,
                promise=fact,
            )
        case NotAccepted():
            return file._replace(stage=Stage.NOT_ACCEPTED, stage_at=fact.at, closing=fact)
        case _:
            assert_never(fact)


ACCEPTANCE: Final = Act(
    "受理",
    facts=facts_in(AcceptanceFact),
    evolve=_evolve,
    rules={
        AcceptCase: Rule(accept_case, (CaseAccepted, AcceptanceDeemed), stages(Stage.RECEIVED)),
        DeclineAcceptance: Rule(
            decline_acceptance, (NotAccepted,), stages(Stage.SUBMITTED, Stage.PRE_REVIEWED, Stage.RECEIVED, Stage.CORRECTING)
        ),
    },
)
"""Accepted, accepted by silence, or not accepted; what was promised is frozen."""
