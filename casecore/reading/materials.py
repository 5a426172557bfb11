"""The list of a case's materials (材料清单): each the item required, and how it was met."""

from datetime import date
from typing import NamedTuple

from casecore.case.acts.materials import came_in
from casecore.case.file import CaseFile
from casecore.vocabulary import LicenceLevel, MaterialWay

__all__ = ["LedgerLine", "material_ledger"]


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
    came = came_in(file, material)
    if came is None:
        return LedgerLine(material, replaceable, None, failed_lookups=failed, promised_for=promised)
    kept = came.at.date() <= promised if promised is not None and came.at is not None else None
    return LedgerLine(material, replaceable, came.way, came.source, came.level, failed, promise_kept=kept)
