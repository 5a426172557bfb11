"""Materials (材料): how each required one is met, promised for later, looked up in vain, and who holds the original."""

from datetime import date, datetime
from typing import NamedTuple

from casecore.case.agents import without_mandate
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
from casecore.case.items import item_of
from casecore.case.ruling import Ruling
from casecore.case.state import CaseFile, Correction, Custody
from casecore.office import Office
from casecore.refusals import Reason, Refused, blank
from casecore.service_item import ServiceItem
from casecore.vocabulary import HolderKind, LicenceLevel, MaterialWay

__all__ = [
    "LedgerLine",
    "hand_over_papers",
    "is_met",
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
    promise_kept: bool | None = None
    """容缺: whether what was to follow came in time; None where it was not promised, or has not come."""


class _Coming(NamedTuple):
    """How a material came in."""

    way: MaterialWay
    at: datetime | None
    source: str | None = None
    level: LicenceLevel | None = None


def material_ledger(file: CaseFile) -> tuple[LedgerLine, ...]:
    """Every material the item required when the case was accepted; none before that.

    What came in with the papers and was told of in no other way was handed in on paper. Of what was met more than once
    the first way counts, or the first since a notice asked for it again (补正).
    """
    promise = file.promise
    if promise is None:
        return ()
    return tuple(_line(file, material, material in promise.licence_materials) for material in promise.materials)


def _line(file: CaseFile, material: str, replaceable: bool) -> LedgerLine:  # noqa: FBT001 - a column of the ledger
    service = file.service
    failed = sum(one.material == material for one in service.failed_lookups)
    promised = next((one.due_on for one in service.material_promises if one.material == material), None)
    came = _came(file, material)
    if came is None:
        return LedgerLine(material, replaceable, None, failed_lookups=failed, promised_for=promised)
    kept = came.at.date() <= promised if promised is not None and came.at is not None else None
    return LedgerLine(material, replaceable, came.way, came.source, came.level, failed, promise_kept=kept)


def is_met(file: CaseFile, material: str) -> bool:
    """Whether a material is in, and no notice waits for it: then nobody asks the citizen for it again."""
    asked = _asked(file, material)
    if asked is None:
        return _came(file, material) is not None
    if any(one.material == material and one.at >= asked.requested_at for one in file.service.materials):
        return True
    if asked.submitted_at is None:
        return False
    return material in asked.brought or (not asked.brought and _came(file, material) is not None)


def _came(file: CaseFile, material: str) -> _Coming | None:
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
        if not _required(item, one.material):
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
    if not _required(item_of(file, at, office), command.material):
        return Refused(Reason.MATERIAL_NOT_REQUIRED, command.material)
    if is_met(file, command.material):
        return Refused(Reason.MATERIAL_MET, command.material)
    if any(one.material == command.material for one in file.service.material_promises):
        return Refused(Reason.MATERIAL_PROMISED, command.material)
    if command.due_on < at.date():
        return Refused(Reason.DAYS_OUT_OF_RANGE, command.due_on.isoformat())
    return (MaterialPromised(at=at, by=command.by, material=command.material, due_on=command.due_on),)


def report_lookup_failed(file: CaseFile, command: ReportLookupFailed, at: datetime, office: Office) -> Ruling:
    """A licence or shared data could not be had: that too counts when reuse is measured.

    It may be told of after the paper that took its place; what had been met by then was looked up for nothing.
    """
    item = item_of(file, at, office)
    if not _required(item, command.material):
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
    return (LookupFailed(at=at, by=command.by, material=command.material, way=command.way, reason=command.reason),)


def hand_over_papers(file: CaseFile, command: HandOverPapers, at: datetime, office: Office) -> Ruling:
    """Originals change hands: from whoever holds them, and to an agent only under a mandate.

    Links are told in their order. Whoever has lost the mandate may still give back what he holds.
    """
    held = [(material, file.service.held(material)) for material in command.materials]
    last = max((holder.since for _, holder in held if holder is not None), default=None)
    if last is not None and at < last:
        return Refused(Reason.BEFORE_STAGE, last.isoformat())
    if command.holder_kind is HolderKind.AGENT and (refused := without_mandate(file, command.holder, at)):
        return refused
    if not command.materials:
        return Refused(Reason.NOTHING_NAMED, "materials")
    for material, holder in held:
        if not _holds(holder, command):
            return Refused(Reason.NOT_THE_HOLDER, material)
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


def _holds(holder: Custody | None, command: HandOverPapers) -> bool:
    """Whether the giver has an original; what never left the applicant the applicant has, whoever that is by name."""
    if holder is None:
        return command.giver_kind is HolderKind.APPLICANT
    return command.giver_kind is holder.kind and holder.holder in ("", command.giver)


def unfit_source(material: str, way: MaterialWay, source: str | None, level: LicenceLevel | None) -> Refused | None:
    """Why nobody could look up where a material comes from."""
    licence = way is MaterialWay.E_LICENCE
    from_elsewhere = way.reused or way is MaterialWay.PACKAGE
    if (from_elsewhere and blank(source)) or (licence and level is None):
        return Refused(Reason.SOURCE_REQUIRED, material)
    return None


def _unfit(given: GivenMaterial, item: ServiceItem | None) -> Refused | None:
    """Why the way a material is said to be met in cannot be."""
    if refused := unfit_source(given.material, given.way, given.source, given.level):
        return refused
    if not _licensable(item, given.material, given.way):
        return Refused(Reason.NO_LICENCE_FOR_IT, given.material)
    return None


def _required(item: ServiceItem | None, material: str) -> bool:
    """Whether the item asks for it; of an item that lists no materials nobody knows."""
    return item is None or not item.materials or material in item.materials


def _licensable(item: ServiceItem | None, material: str, way: MaterialWay) -> bool:
    """Whether an electronic licence may stand for it, where one is meant to."""
    if way is not MaterialWay.E_LICENCE or item is None or not item.materials:
        return True
    return material in item.licence_materials
