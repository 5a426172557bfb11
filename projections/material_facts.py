"""``material_facts``: one row a required material (材料) of a case, and how it was met."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from casecore.case.file import CaseFile
from projections.projection import Projection, Subject, listed_materials

__all__ = ["MATERIAL_FACTS", "MaterialFact"]


class MaterialFact(NamedTuple):
    """One material of those the item required when the case was accepted."""

    log: str
    case_id: str
    stream_version: int
    material: str
    replaceable: int
    """An electronic licence may stand for it (可用电子证照替代)."""
    way: str | None
    """How it was met, see :class:`~casecore.vocabulary.MaterialWay`; None where nobody told."""
    source: str | None
    """Licence number, data source, earlier case or package it came from."""
    level: str | None
    """Of the electronic licence (用证等级)."""
    failed_lookups: int
    """How often a licence or shared data could not be had."""
    promised_for: date | None
    """容缺: by when it is to follow, while it has not."""
    reused: int
    """免提交: met by licence, shared data or an earlier case (K14)."""


def _rows(subject: Subject[CaseFile]) -> Iterator[MaterialFact]:
    for line in subject.once(listed_materials):
        yield MaterialFact(
            log=subject.log,
            case_id=subject.stream,
            stream_version=subject.file.version,
            material=line.material,
            replaceable=int(line.replaceable),
            way=line.way.value if line.way is not None else None,
            source=line.source,
            level=line.level.value if line.level is not None else None,
            failed_lookups=line.failed_lookups,
            promised_for=line.promised_for,
            reused=int(line.way is not None and line.way.reused),
        )


MATERIAL_FACTS = Projection("material_facts", 1, MaterialFact, _rows)
"""One row a required material."""
