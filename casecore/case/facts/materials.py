"""Facts of required materials (材料): met, promised for later, looked up in vain."""

from datetime import date

from casecore.fact import Fact, fact
from casecore.vocabulary import LicenceLevel, MaterialWay

__all__ = ["LookupFailed", "MaterialFact", "MaterialMet", "MaterialPromised"]


@fact("case.material_met.v1", "材料到位")
class MaterialMet(Fact):
    """材料到位: how a required material was met."""

    material: str
    way: MaterialWay
    source: str | None = None
    """Licence number, data source, earlier case or package it comes from."""
    level: LicenceLevel | None = None
    """Of an electronic licence."""


@fact("case.material_promised.v1", "容缺承诺")
class MaterialPromised(Fact):
    """容缺承诺: the material is to follow by a date; the case goes on without it."""

    material: str
    due_on: date


@fact("case.lookup_failed.v1", "调取失败")
class LookupFailed(Fact):
    """调取失败: a licence or shared data could not be had, and paper has to do."""

    material: str
    way: MaterialWay
    reason: str


MaterialFact = MaterialMet | MaterialPromised | LookupFailed
"""What this act may leave in a case's history."""
