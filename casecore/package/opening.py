"""Opening a package (一件事申请): from the answers to a questionnaire to the cases it calls for."""

from collections import Counter
from datetime import datetime

from casecore.case.command_base import GivenMaterial
from casecore.case.intake import not_offered
from casecore.case.materials import unfit_source
from casecore.office import Office
from casecore.package.commands import OpenPackage, ShareMaterial
from casecore.package.events import MaterialShared, PackageEvent, PackageOpened, PlannedCase
from casecore.package.state import PackageFile
from casecore.refusals import Reason, Refused, blank
from casecore.theme import Theme, ThemeItem

__all__ = ["cannot_be_opened", "open_package", "share_material"]

Ruling = tuple[PackageEvent, ...] | Refused


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
    opened = PackageOpened(
        at=at,
        by=command.by,
        theme=theme.code,
        theme_version=theme.version,
        applicant=command.applicant,
        applicant_kind=command.applicant_kind,
        channel=command.channel,
        hall=command.hall,
        tier=command.tier,
        window=command.window,
        assisted=command.assisted,
        answers=command.answers,
        form=command.form,
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
