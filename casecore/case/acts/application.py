"""The application (申请, 预审, 收件): from the first paper to the receipt."""

from datetime import date, datetime
from typing import Final, assert_never

from casecore.act import Act, Rule, Ruling, facts_in, made
from casecore.annotations import Id, PersonalId
from casecore.case.acts.agents import without_mandate
from casecore.case.acts.materials import met_with
from casecore.case.acts.trips import comes_home, trips_of
from casecore.case.command import CaseCommand
from casecore.case.facts.application import (
    ApplicationFact,
    ApplicationSubmitted,
    CaseReceived,
    PreReviewPassed,
    PreReviewReturned,
)
from casecore.case.file import NEW, CaseFile
from casecore.case.stages import stages
from casecore.given import Coming, GivenMaterial, Visit
from casecore.offering import Claim, inadmissible, item_in_force
from casecore.office import Office
from casecore.refusals import Reason, Refused, blank
from casecore.value import value
from casecore.vocabulary import ApplicantKind, Cause, Channel, Stage, Tier
from casecore.whereabouts import led_to, not_taken_at, tier_at

__all__ = ["PassPreReview", "ReceiveCase", "ReturnPreReview", "SubmitApplication"]


@value
class SubmitApplication(CaseCommand):
    """申请: file an application online."""

    item: Id
    channel: Channel
    applicant: PersonalId
    applicant_kind: ApplicantKind = ApplicantKind.PERSON
    assisted: bool = False
    entitled_from: date | None = None
    """The day the application window (申报期) opened for this applicant, e.g. enrolment; items without one ignore it."""
    given: tuple[GivenMaterial, ...] = ()
    """How required materials are met with it."""
    agent: PersonalId | None = None
    """The 代办员 who files it in the applicant's name (代理申报)."""


@value
class PassPreReview(CaseCommand):
    """预审通过: find papers filed online fit to be received."""

    opinion: str | None = None


@value
class ReturnPreReview(CaseCommand):
    """预审退回: hand an online application back, with the reason."""

    reason: str
    materials: tuple[str, ...] = ()


@value
class ReceiveCase(CaseCommand):
    """收件: at a window, or taking over an online application (then item and applicant are already known)."""

    hall: Id
    tier: Tier = Tier.COUNTY
    """受理层级 of a hall that is no site (办理点) of the register; of one that is, the register says it."""
    item: Id | None = None
    channel: Channel | None = None
    window: Id | None = None
    department: Id | None = None
    """受理部门; the item's 实施主体 where it is not named."""
    applicant: PersonalId | None = None
    applicant_kind: ApplicantKind | None = None
    materials: tuple[str, ...] = ()
    assisted: bool = False
    entitled_from: date | None = None
    visit: Visit | None = None
    licence_expires_on: date | None = None
    """延续: the last day of the licence to be renewed (Art. 50)."""
    given: tuple[GivenMaterial, ...] = ()
    """How required materials are met with it."""

    @property
    def coming(self) -> Coming | None:
        """The visit in which the papers were handed in, at the hall that received them unless it names another."""
        return None if self.visit is None else Coming(self.visit, Cause.SUBMIT, self.hall)


def submit_application(file: CaseFile, command: SubmitApplication, at: datetime, office: Office) -> Ruling:
    """An application is filed online, or again after a pre-review handed it back.

    A 代办员 files it under the applicant's mandate and in the applicant's name (代理申报): that is help (帮办), and the fact
    is the agent's.
    """
    if command.agent is not None and (refused := without_mandate(file, command.agent, at, command.applicant)):
        return refused
    if refused := _waits(file):
        return refused
    item = item_in_force(command.item, at.date(), office)
    if isinstance(item, Refused):
        return item
    if file.item is not None and command.item != file.item:
        return Refused(Reason.ITEM_DIFFERS, file.item)
    claim = Claim(command.channel, command.applicant_kind, command.entitled_from)
    if refused := inadmissible(item, claim, at.date()):
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
    return (made(PreReviewPassed, command, at),)


def return_pre_review(file: CaseFile, command: ReturnPreReview, at: datetime, office: Office) -> Ruling:
    """The papers filed online are handed back; the applicant may file again."""
    if blank(command.reason):
        return Refused(Reason.REASON_REQUIRED)
    return (made(PreReviewReturned, command, at),)


def receive_case(  # noqa: PLR0911 - one way out a refusal
    file: CaseFile, command: ReceiveCase, at: datetime, office: Office
) -> Ruling:
    """The papers are in: at a window, or taken over from an online application."""
    if refused := _waits(file):
        return refused
    item = item_in_force(command.item or file.item or "", at.date(), office)
    if isinstance(item, Refused):
        return item
    if file.item is not None and item.code != file.item:
        return Refused(Reason.ITEM_DIFFERS, file.item)
    if refused := not_taken_at(item, command.hall, at.date(), office):
        return refused
    usual = Channel.COURIER if file.couriered_in and command.visit is None else Channel.WINDOW
    channel = file.channel or command.channel or usual
    kind = file.applicant_kind or command.applicant_kind
    claim = Claim(channel, kind, command.entitled_from)
    if file.submitted_at is None and (refused := inadmissible(item, claim, at.date())):
        return refused
    met = met_with(file, command.given, at, command.by, item)
    came = led_to(command.coming, file.hall, at.date(), office, at_window=not comes_home(file, channel))
    trips = trips_of(file, came, at, command.by, command.applicant)
    if isinstance(trips, Refused):
        return trips
    if isinstance(met, Refused):
        return met
    received = made(
        CaseReceived,
        command,
        at,
        item=item.code,
        channel=channel,
        tier=tier_at(command.hall, command.tier, at.date(), office),
        department=command.department or item.department,
        applicant=file.applicant or command.applicant,
        applicant_kind=kind,
        assisted=command.assisted or file.assisted,
        item_type=item.item_type,
        licence_law=office.rule.under_licence_law(item.item_type),
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


def _evolve(file: CaseFile, fact: ApplicationFact) -> CaseFile:
    match fact:
        case CaseReceived() if file.received_at is not None and file.received_at <= fact.at:
            # Told by an import: the case was received before. The papers are there all the same.
            return file._replace(service=file.service.taken_in(fact.materials, fact.hall, fact.at))
        case CaseReceived():
            # What was known before holds, but for what another receipt said that turns out to be a later one.
            known = file if file.received_at is None or file.submitted_at is not None else NEW
            return file._replace(
                stage=Stage.RECEIVED,
                stage_at=fact.at,
                item=fact.item,
                item_type=fact.item_type if file.promise is None else file.item_type,
                licence_law=fact.licence_law if file.promise is None else file.licence_law,
                channel=fact.channel if known.channel is None else known.channel,
                tier=fact.tier,
                hall=fact.hall,
                window=fact.window,
                department=fact.department,
                applicant=(fact.applicant or file.applicant) if known.applicant is None else known.applicant,
                applicant_kind=(fact.applicant_kind or file.applicant_kind)
                if known.applicant_kind is None
                else known.applicant_kind,
                assisted=file.assisted or fact.assisted,
                trips_recorded=fact.trips_recorded,
                received_at=fact.at,
                licence_expires_on=fact.licence_expires_on,
                service=file.service.at_hall(fact.hall).taken_in(fact.materials, fact.hall, fact.at),
            )
        case ApplicationSubmitted():
            return file._replace(
                stage=Stage.SUBMITTED,
                stage_at=fact.at,
                item=fact.item,
                channel=fact.channel,
                applicant=fact.applicant,
                applicant_kind=fact.applicant_kind,
                assisted=fact.assisted,
                submitted_at=fact.at if file.submitted_at is None else min(fact.at, file.submitted_at),
            )
        case PreReviewPassed():
            return file._replace(stage=Stage.PRE_REVIEWED, stage_at=fact.at)
        case PreReviewReturned():
            return file._replace(stage=Stage.RETURNED, stage_at=fact.at)
        case _:
            assert_never(fact)


APPLICATION: Final = Act(
    "申请",
    facts=facts_in(ApplicationFact),
    evolve=_evolve,
    rules={
        SubmitApplication: Rule(submit_application, (ApplicationSubmitted,), stages(Stage.NEW, Stage.RETURNED), begins=True),
        PassPreReview: Rule(pass_pre_review, (PreReviewPassed,), stages(Stage.SUBMITTED)),
        ReturnPreReview: Rule(return_pre_review, (PreReviewReturned,), stages(Stage.SUBMITTED)),
        ReceiveCase: Rule(
            receive_case, (CaseReceived,), stages(Stage.NEW, Stage.SUBMITTED, Stage.PRE_REVIEWED), begins=True
        ),
    },
)
"""Filed online and looked at before the receipt, then received; or received at once."""
