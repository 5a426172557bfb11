"""Facts of required materials (材料): met, promised for later, looked up in vain."""

from datetime import date

from casecore.fact import Fact, fact
from casecore.phrases import origin, sentence
from casecore.said import Said
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

    def told(self) -> Said:
        """How, and where it comes from."""
        came = origin(self.source, self.level)
        return sentence(f"{self.material}：{self.way.zh}{came.zh}", f"{self.material}: {self.way.zh}{came.en}")


@fact("case.material_promised.v1", "容缺承诺")
class MaterialPromised(Fact):
    """容缺承诺: the material is to follow by a date; the case goes on without it."""

    material: str
    due_on: date

    def told(self) -> Said:
        """What is to follow, and by when."""
        return sentence(
            f"承诺不晚于 {self.due_on} 补交{self.material}",
            f"{self.material} is to follow by {self.due_on}",
        )


@fact("case.lookup_failed.v1", "调取失败")
class LookupFailed(Fact):
    """调取失败: a licence or shared data could not be had, and paper has to do."""

    material: str
    way: MaterialWay
    reason: str

    def told(self) -> Said:
        """What could not be had, in which way, and why."""
        return sentence(
            f"未能以{self.way.zh}方式取得{self.material}，原因：{self.reason}",
            f"{self.material} could not be had by {self.way.zh}: {self.reason}",
        )


MaterialFact = MaterialMet | MaterialPromised | LookupFailed
"""What this act may leave in a case's history."""
