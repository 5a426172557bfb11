"""Materials (材料): how each required one is met, promised for later, or looked up in vain."""

from datetime import date, datetime
from typing import Final, NamedTuple, assert_never

from casecore.act import Act, Rule, Ruling, facts_in, made
from casecore.case.command import CaseCommand
from casecore.case.facts.materials import LookupFailed, MaterialFact, MaterialMet, MaterialPromised
from casecore.case.file import CaseFile
from casecore.case.items import item_of
from casecore.case.parts import Correction
from casecore.case.stages import EXISTS, FILED
from casecore.given import GivenMaterial, unfit_source
from casecore.growing import grown
from casecore.office import Office
from casecore.refusals import Reason, Refused, blank
from casecore.service_item import ServiceItem
from casecore.value import value
from casecore.vocabulary import HolderKind, LicenceLevel, MaterialWay

__all__ = ["MeetMaterial", "PromiseMaterial", "ReportLookupFailed", "ShareWithCase"]


@value
class MeetMaterial(CaseCommand):
    """材料到位: say how a required material was met."""

    material: str
    way: MaterialWay = MaterialWay.PAPER
    source: str | None = None
    level: LicenceLevel | None = None


@value
class ShareWithCase(CaseCommand):
    """共用材料: follows from a material entered in the package; one that was met already is left as it is."""

    material: str
    way: MaterialWay
    source: str | None = None
    level: LicenceLevel | None = None


@value
class PromiseMaterial(CaseCommand):
    """容缺承诺: promise a material by a date; the case goes on without it."""

    material: str
    due_on: date


@value
class ReportLookupFailed(CaseCommand):
    """调取失败: a licence or shared data could not be had."""

    material: str
    way: MaterialWay
    reason: str


class _Coming(NamedTuple):
    """How a material came in."""

    way: MaterialWay
    at: datetime | None
    source: str | None = None
    level: LicenceLevel | None = None


def meet_material(file: CaseFile, command: MeetMaterial, at: datetime, office: Office) -> Ruling:
    """A required material is met, once."""
    given = GivenMaterial(material=command.material, way=command.way, source=command.source, level=command.level)
    return met_with(file, (given,), at, command.by, item_of(file, at, office))


def met_with(
    file: CaseFile, given: tuple[GivenMaterial, ...], at: datetime, by: str, item: ServiceItem | None
) -> tuple[MaterialMet, ...] | Refused:
    """The facts for materials that come in together."""
    facts: list[MaterialMet] = []
    for one in given:
        if not is_required(item, one.material):
            return Refused(Reason.MATERIAL_NOT_REQUIRED, one.material)
        if is_met(file, one.material) or any(fact.material == one.material for fact in facts):
            return Refused(Reason.MATERIAL_MET, one.material)
        if refused := _unfit(one, item):
            return refused
        facts.append(MaterialMet(at=at, by=by, material=one.material, way=one.way, source=one.source, level=one.level))
    return tuple(facts)


def share_with_case(file: CaseFile, command: ShareWithCase, at: datetime, office: Office) -> Ruling:
    """A material of the package, for a case that requires it and has not met it by itself."""
    if file.closing is not None or is_met(file, command.material):
        return ()
    met = made(MaterialMet, command, at)
    return (met,)


def promise_material(file: CaseFile, command: PromiseMaterial, at: datetime, office: Office) -> Ruling:
    """容缺: the case goes on, the material follows."""
    if not is_required(item_of(file, at, office), command.material):
        return Refused(Reason.MATERIAL_NOT_REQUIRED, command.material)
    if is_met(file, command.material):
        return Refused(Reason.MATERIAL_MET, command.material)
    if any(one.material == command.material for one in file.service.material_promises):
        return Refused(Reason.MATERIAL_PROMISED, command.material)
    if command.due_on < at.date():
        return Refused(Reason.DAYS_OUT_OF_RANGE, command.due_on.isoformat())
    return (made(MaterialPromised, command, at),)


def report_lookup_failed(file: CaseFile, command: ReportLookupFailed, at: datetime, office: Office) -> Ruling:
    """A licence or shared data could not be had: that too counts when reuse is measured.

    It may be told of after the paper that took its place; what had been met by then was looked up for nothing.
    """
    item = item_of(file, at, office)
    if not is_required(item, command.material):
        return Refused(Reason.MATERIAL_NOT_REQUIRED, command.material)
    met = file.service.met(command.material)
    if met is not None and met.at < at and is_met(file, command.material):
        return Refused(Reason.MATERIAL_MET, command.material)
    if not command.way.reused:
        return Refused(Reason.SOURCE_REQUIRED, command.material)
    if not _licensable(item, command.material, command.way):
        return Refused(Reason.NO_LICENCE_FOR_IT, command.material)
    if blank(command.reason):
        return Refused(Reason.REASON_REQUIRED)
    return (made(LookupFailed, command, at),)


def is_met(file: CaseFile, material: str) -> bool:
    """Whether a material is in, and no notice waits for it: then nobody asks the citizen for it again."""
    asked = _asked(file, material)
    if asked is None:
        return came_in(file, material) is not None
    if any(one.material == material and one.at >= asked.requested_at for one in file.service.materials):
        return True
    if asked.submitted_at is None:
        return False
    return material in asked.brought or (not asked.brought and came_in(file, material) is not None)


def came_in(file: CaseFile, material: str) -> _Coming | None:
    """How a material came in first, or first since it was asked for again."""
    asked = _asked(file, material)
    ways = [one for one in file.service.materials if one.material == material]
    met = next((one for one in ways if asked is not None and one.at >= asked.requested_at), None)
    if met is None and asked is not None and material in asked.brought:
        return _Coming(MaterialWay.PAPER, asked.submitted_at)
    if met is None and ways:
        met = ways[0]
    if met is not None:
        return _Coming(met.way, met.at, met.source, met.level)
    if material not in file.service.papers:
        return None
    taken = next(
        (one.since for one in file.service.custody if one.material == material and one.kind is HolderKind.HALL), None
    )
    return _Coming(MaterialWay.PAPER, taken)


def _asked(file: CaseFile, material: str) -> Correction | None:
    """The last notice that names a material."""
    return next((one for one in reversed(file.corrections) if material in one.materials), None)


def _unfit(given: GivenMaterial, item: ServiceItem | None) -> Refused | None:
    """Why the way a material is said to be met in cannot be."""
    if refused := unfit_source(given.material, given.way, given.source, given.level):
        return refused
    if not _licensable(item, given.material, given.way):
        return Refused(Reason.NO_LICENCE_FOR_IT, given.material)
    return None


def is_required(item: ServiceItem | None, material: str) -> bool:
    """Whether the item asks for it; of an item that lists no materials nobody knows."""
    return item is None or not item.materials or material in item.materials


def _licensable(item: ServiceItem | None, material: str, way: MaterialWay) -> bool:
    """Whether an electronic licence may stand for it, where one is meant to."""
    if way is not MaterialWay.E_LICENCE or item is None or not item.materials:
        return True
    return material in item.licence_materials


def _evolve(file: CaseFile, fact: MaterialFact) -> CaseFile:
    service = file.service
    match fact:
        case MaterialMet():
            return file._replace(service=service._replace(materials=grown(service.materials, fact)))
        case MaterialPromised():
            return file._replace(service=service._replace(material_promises=grown(service.material_promises, fact)))
        case LookupFailed():
            return file._replace(service=service._replace(failed_lookups=grown(service.failed_lookups, fact)))
        case _:
            assert_never(fact)


MATERIALS: Final = Act(
    "材料",
    facts=facts_in(MaterialFact),
    evolve=_evolve,
    rules={
        MeetMaterial: Rule(meet_material, (MaterialMet,), FILED, late=True),
        ShareWithCase: Rule(share_with_case, (MaterialMet,), EXISTS, late=True, follows=True),
        PromiseMaterial: Rule(promise_material, (MaterialPromised,), FILED, late=True),
        ReportLookupFailed: Rule(report_lookup_failed, (LookupFailed,), FILED, late=True),
    },
)
"""Each required material is met, promised for later, or could not be looked up."""
