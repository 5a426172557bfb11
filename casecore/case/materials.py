"""Materials (材料): how each required one is met, promised for later, looked up in vain, and who holds the original."""

from datetime import date, datetime
from typing import NamedTuple

from casecore.case.command_base import GivenMaterial
from casecore.case.commands import (
    HandOverPapers,
    MeetMaterial,
    PromiseMaterial,
    ReportLookupFailed,
    ShareWithCase,
)
from casecore.case.events import (
    LookupFailed,
    MaterialMet,
    MaterialPromised,
    PapersHandedOver,
)
from casecore.case.ruling import Ruling
from casecore.case.state import CaseFile
from casecore.office import Office
from casecore.refusals import Reason, Refused, blank
from casecore.service_item import ServiceItem
from casecore.vocabulary import HolderKind, LicenceLevel, MaterialWay

__all__ = [
    "LedgerLine",
    "hand_over_papers",
    "material_ledger",
    "meet_material",
    "met_with",
    "promise_material",
    "report_lookup_failed",
    "share_with_case",
    "unfit_source",
]


class LedgerLine(NamedTuple):
    """One required material of a case, and how it was met."""

    material: str
    replaceable: bool
    """An electronic licence may stand for it (可用电子证照替代)."""
    way: MaterialWay | None
    """None where nobody told."""
    source: str | None = None
    level: LicenceLevel | None = None
    failed_lookups: int = 0
    """How often a licence or shared data could not be had."""
    promised_for: date | None = None
    """容缺: by when it was to follow, while it has not."""


def material_ledger(file: CaseFile) -> tuple[LedgerLine, ...]:
    """Every material the item required when the case was accepted; none before that.

    What came in with the papers and was told of in no other way was handed in on paper.
    """
    promise = file.promise
    if promise is None:
        return ()
    return tuple(_line(file, material, material in promise.licence_materials) for material in promise.materials)


def _line(file: CaseFile, material: str, replaceable: bool) -> LedgerLine:  # noqa: FBT001 - a column of the ledger
    service = file.service
    met = service.met(material)
    failed = sum(one.material == material for one in service.failed_lookups)
    if met is not None:
        return LedgerLine(material, replaceable, met.way, met.source, met.level, failed)
    if material in service.papers:
        return LedgerLine(material, replaceable, MaterialWay.PAPER, failed_lookups=failed)
    promised = next((one.due_on for one in service.material_promises if one.material == material), None)
    return LedgerLine(material, replaceable, None, failed_lookups=failed, promised_for=promised)


def meet_material(file: CaseFile, command: MeetMaterial, at: datetime, office: Office) -> Ruling:
    """A required material is met, once."""
    given = GivenMaterial(material=command.material, way=command.way, source=command.source, level=command.level)
    return met_with(file, (given,), at, command.by, _item(file, at, office))


def met_with(
    file: CaseFile, given: tuple[GivenMaterial, ...], at: datetime, by: str, item: ServiceItem | None
) -> tuple[MaterialMet, ...] | Refused:
    """The facts for materials that come in together."""
    facts: list[MaterialMet] = []
    for one in given:
        met = file.service.met(one.material) is not None or any(fact.material == one.material for fact in facts)
        if met:
            return Refused(Reason.MATERIAL_MET, one.material)
        if refused := _unfit(one, item):
            return refused
        facts.append(MaterialMet(at=at, by=by, material=one.material, way=one.way, source=one.source, level=one.level))
    return tuple(facts)


def share_with_case(file: CaseFile, command: ShareWithCase, at: datetime, office: Office) -> Ruling:
    """A material of the package, for a case that requires it and has not met it by itself."""
    if file.closing is not None or file.service.met(command.material) is not None:
        return ()
    met = MaterialMet(
        at=at,
        by=command.by,
        material=command.material,
        way=command.way,
        source=command.source,
        level=command.level,
    )
    return (met,)


def promise_material(file: CaseFile, command: PromiseMaterial, at: datetime, office: Office) -> Ruling:
    """容缺: the case goes on, the material follows."""
    if refused := _not_wanted(file, command.material, at, office):
        return refused
    if any(one.material == command.material for one in file.service.material_promises):
        return Refused(Reason.MATERIAL_PROMISED, command.material)
    if command.due_on < at.date():
        return Refused(Reason.DAYS_OUT_OF_RANGE, command.due_on.isoformat())
    return (MaterialPromised(at=at, by=command.by, material=command.material, due_on=command.due_on),)


def report_lookup_failed(file: CaseFile, command: ReportLookupFailed, at: datetime, office: Office) -> Ruling:
    """A licence or shared data could not be had: that too counts when reuse is measured."""
    if refused := _not_wanted(file, command.material, at, office):
        return refused
    if blank(command.reason):
        return Refused(Reason.REASON_REQUIRED)
    return (LookupFailed(at=at, by=command.by, material=command.material, way=command.way, reason=command.reason),)


def hand_over_papers(file: CaseFile, command: HandOverPapers, at: datetime, office: Office) -> Ruling:
    """Originals change hands: from whoever holds them, and to an agent only under a mandate."""
    if not command.materials:
        return Refused(Reason.NOTHING_NAMED, "materials")
    giver = (command.giver_kind, command.giver)
    for material in command.materials:
        holder = file.service.holder(material)
        if holder is None:
            first = HolderKind.HALL if material in file.service.papers else HolderKind.APPLICANT
            fit = command.giver_kind is first
        else:
            fit = holder == giver
        if not fit:
            return Refused(Reason.NOT_THE_HOLDER, material)
    if command.holder_kind is HolderKind.AGENT and file.service.mandate(command.holder, at) is None:
        return Refused(Reason.NO_MANDATE, command.holder)
    handed_over = PapersHandedOver(
        at=at,
        by=command.by,
        materials=command.materials,
        giver_kind=command.giver_kind,
        giver=command.giver,
        holder_kind=command.holder_kind,
        holder=command.holder,
        place=command.place,
    )
    return (handed_over,)


def unfit_source(material: str, way: MaterialWay, source: str | None, level: LicenceLevel | None) -> Refused | None:
    """Why nobody could look up where a material comes from."""
    licence = way is MaterialWay.E_LICENCE
    if (way.reused and blank(source)) or (licence and level is None):
        return Refused(Reason.SOURCE_REQUIRED, material)
    return None


def _unfit(given: GivenMaterial, item: ServiceItem | None) -> Refused | None:
    if item is not None and item.materials:
        if given.material not in item.materials:
            return Refused(Reason.MATERIAL_NOT_REQUIRED, given.material)
        if given.way is MaterialWay.E_LICENCE and given.material not in item.licence_materials:
            return Refused(Reason.NO_LICENCE_FOR_IT, given.material)
    return unfit_source(given.material, given.way, given.source, given.level)


def _not_wanted(file: CaseFile, material: str, at: datetime, office: Office) -> Refused | None:
    item = _item(file, at, office)
    if item is not None and item.materials and material not in item.materials:
        return Refused(Reason.MATERIAL_NOT_REQUIRED, material)
    return Refused(Reason.MATERIAL_MET, material) if file.service.met(material) is not None else None


def _item(file: CaseFile, at: datetime, office: Office) -> ServiceItem | None:
    """The version of the item the case goes by: the one promised, else the one in force."""
    on = file.promise.at.date() if file.promise is not None else at.date()
    return office.catalogue.find(file.item or "", on)
