"""Opening a package (一件事申请): from the answers to a questionnaire to the cases it calls for."""

from collections import Counter
from datetime import datetime
from typing import Final, assert_never

from casecore.act import Act, Rule, Ruling, facts_in, made
from casecore.annotations import Id, PersonalId
from casecore.given import GivenMaterial, Visit, unfit_source
from casecore.growing import grown
from casecore.offering import not_offered
from casecore.office import Office
from casecore.package.command import PackageCommand
from casecore.package.facts.opening import FormField, MaterialShared, OpeningFact, PackageOpened, PlannedCase
from casecore.package.file import Member, PackageFile
from casecore.refusals import Reason, Refused, blank
from casecore.theme import Choice, Theme, ThemeItem
from casecore.value import value
from casecore.vocabulary import ApplicantKind, Channel, LicenceLevel, MaterialWay, MemberState, PackageStage, Tier
from casecore.whereabouts import tier_at

__all__ = ["OpenPackage", "ShareMaterial"]


@value
class OpenPackage(PackageCommand):
    """一件事申请: one form, one set of materials; a case is opened of each item the answers call for, for each subject.

    The cases are named after the package, the subject's number and the item: ``PKG-02-bookstore-licence``. Filed online
    (website, mobile) they are applications; through any other channel they are received at ``hall``.
    """

    theme: Id
    applicant: PersonalId
    hall: Id
    applicant_kind: ApplicantKind = ApplicantKind.COMPANY
    channel: Channel = Channel.WINDOW
    tier: Tier = Tier.COUNTY
    """受理层级 of a hall that is no site (办理点) of the register; of one that is, the register says it."""
    window: Id | None = None
    assisted: bool = False
    answers: tuple[Choice, ...] = ()
    form: tuple[FormField, ...] = ()
    subjects: tuple[str, ...] = ()
    """What it is about, each once (门店一 …); none where it is about the applicant alone."""
    given: tuple[GivenMaterial, ...] = ()
    """Shared materials that come with it."""
    visit: Visit | None = None
    agent: PersonalId | None = None
    """The 代办员 who files it in the applicant's name."""
    mandate: str | None = None
    """委托书 (民法典 Art. 165): what the applicant entrusts in writing; no agent files anything without it."""


@value
class ShareMaterial(PackageCommand):
    """补充共用材料: a shared material comes in after the opening, once for all cases."""

    material: str
    way: MaterialWay = MaterialWay.PAPER
    source: str | None = None
    level: LicenceLevel | None = None


def open_package(file: PackageFile, command: OpenPackage, at: datetime, office: Office) -> Ruling:
    """One submission: every case the answers call for is planned, and the joint promise stands."""
    theme = office.catalogue.theme(command.theme, at.date())
    if theme is None:
        known = office.catalogue.knows_theme(command.theme)
        return Refused(Reason.THEME_NOT_IN_FORCE if known else Reason.UNKNOWN_THEME, command.theme)
    if refused := _unfit(theme, command) or _unfit_materials(theme, command.given, file):
        return refused
    items = theme.called_for({answer.question: answer.answer for answer in command.answers})
    if not items:
        return Refused(Reason.NO_ITEM_CALLED_FOR, theme.code)
    planned = _planned(command, items)
    opened = made(
        PackageOpened,
        command,
        at,
        theme=theme.code,
        theme_version=theme.version,
        tier=tier_at(command.hall, command.tier, at.date(), office),
        cases=planned,
        promised=theme.promised,
        visits_promised=theme.visits,
    )
    for plan in planned:
        # Those that open at once are refused by themselves; one that waits must not be planned in vain.
        if plan.after and (refused := cannot_be_opened(opened, plan, at, office)):
            return Refused(refused.reason, f"{plan.case}: {refused.named}")
    return (opened, *(_shared(given, at, command.by) for given in command.given))


def cannot_be_opened(opened: PackageOpened | None, plan: PlannedCase, at: datetime, office: Office) -> Refused | None:
    """Why a planned case that waited could not be opened at a moment, as its package was filed."""
    if opened is None:
        return Refused(Reason.UNKNOWN_PACKAGE, plan.case)
    hall = None if opened.channel.online else opened.hall
    return not_offered(plan.item, opened.channel, opened.applicant_kind, at.date(), office, hall)


def share_material(file: PackageFile, command: ShareMaterial, at: datetime, office: Office) -> Ruling:
    """A shared material comes in later, once."""
    opened = file.opened
    theme = office.catalogue.theme(opened.theme, opened.at.date()) if opened is not None else None
    given = GivenMaterial(material=command.material, way=command.way, source=command.source, level=command.level)
    if refused := _unfit_materials(theme, (given,), file):
        return refused
    return (_shared(given, at, command.by),)


def _unfit(theme: Theme, command: OpenPackage) -> Refused | None:  # noqa: PLR0911 - one way out a refusal
    """Why the submission is not one the theme asks for, or not the applicant's."""
    if command.agent is not None and blank(command.mandate or ""):
        return Refused(Reason.NO_MANDATE, command.agent)
    if command.channel not in theme.channels:
        return Refused(Reason.CHANNEL_NOT_OFFERED, command.channel.value)
    if command.applicant_kind not in theme.serves:
        return Refused(Reason.APPLICANT_NOT_SERVED, command.applicant_kind.value)
    answered = [answer.question for answer in command.answers]
    allowed = {question.question: question.answers for question in theme.questions}
    for answer in command.answers:
        if answer.answer not in allowed.get(answer.question, ()):
            return Refused(Reason.ANSWERS_UNFIT, answer.question)
    if sorted(answered) != sorted(allowed):
        odd = sorted(allowed.keys() - set(answered)) or [q for q in answered if answered.count(q) > 1]
        return Refused(Reason.ANSWERS_UNFIT, ", ".join(odd))
    filled = [field.name for field in command.form if not blank(field.value)]
    if sorted(filled) != sorted(theme.form) or len(filled) < len(command.form):
        odd = sorted({*theme.form} ^ {*filled}) or sorted({field.name for field in command.form})
        return Refused(Reason.FORM_UNFIT, ", ".join(odd))
    if any(blank(subject) for subject in command.subjects):
        return Refused(Reason.NOTHING_NAMED, "subjects")
    if twice := sorted(subject for subject, times in Counter(command.subjects).items() if times > 1):
        return Refused(Reason.SUBJECT_TWICE, ", ".join(twice))
    return None


def _unfit_materials(theme: Theme | None, given: tuple[GivenMaterial, ...], file: PackageFile) -> Refused | None:
    """Why materials cannot be shared: not the theme's, here already, or from nobody knows where."""
    seen = {shared.material for shared in file.materials}
    for one in given:
        if theme is None or one.material not in theme.materials:
            return Refused(Reason.MATERIAL_NOT_REQUIRED, one.material)
        if one.material in seen:
            return Refused(Reason.MATERIAL_MET, one.material)
        if refused := unfit_source(one.material, one.way, one.source, one.level):
            return refused
        seen.add(one.material)
    return None


def _shared(given: GivenMaterial, at: datetime, by: str) -> MaterialShared:
    return MaterialShared(at=at, by=by, material=given.material, way=given.way, source=given.source, level=given.level)


def _planned(command: OpenPackage, items: tuple[ThemeItem, ...]) -> tuple[PlannedCase, ...]:
    """A case of each item for each subject; prerequisites lie within a subject, and only where they are called for."""
    called_for = {one.item for one in items}
    planned = []
    for number, subject in enumerate(command.subjects or (None,), 1):
        stem = command.package if subject is None else f"{command.package}-{number:02d}"
        planned += [
            PlannedCase(
                case=f"{stem}-{one.item}",
                item=one.item,
                subject=subject,
                after=tuple(f"{stem}-{item}" for item in one.after if item in called_for),
                conditional_on=tuple(f"{stem}-{item}" for item in one.conditional_on if item in called_for),
            )
            for one in items
        ]
    return tuple(planned)


def _evolve(file: PackageFile, fact: OpeningFact) -> PackageFile:
    match fact:
        case PackageOpened():
            members = tuple(_member(plan, fact.at) for plan in fact.cases)
            return file._replace(stage=PackageStage.OPENED, stage_at=fact.at, opened=fact, members=members)
        case MaterialShared():
            return file._replace(materials=grown(file.materials, fact))
        case _:
            assert_never(fact)


def _member(plan: PlannedCase, at: datetime) -> Member:
    if plan.after:
        return Member(plan, MemberState.WAITING)
    return Member(plan, MemberState.RUNNING, started_at=at)


OPENING: Final = Act(
    "一件事申请",
    facts=facts_in(OpeningFact),
    evolve=_evolve,
    rules={
        OpenPackage: Rule(open_package, (PackageOpened,), frozenset({PackageStage.NEW}), begins=True),
        ShareMaterial: Rule(
            share_material, (MaterialShared,), frozenset({PackageStage.OPENED, PackageStage.ACCEPTED}), late=True
        ),
    },
)
"""One submission opens a package with all its cases; what comes in once is shared."""
