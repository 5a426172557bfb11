"""Facts of the acceptance (受理, 视为受理, 不予受理): what was promised is frozen here."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from casecore.annotations import Id
from casecore.fact import Fact, Older, fact
from casecore.limits import Limit
from casecore.phrases import NOTHING, sentence
from casecore.plan import PlanStep
from casecore.said import Said
from casecore.value import value
from casecore.vocabulary import HandlingKind, ItemType

__all__ = ["Acceptance", "AcceptanceDeemed", "AcceptanceFact", "CaseAccepted", "NotAccepted", "Promise"]


@value
class Acceptance(Fact):
    """What is frozen when a case is accepted, by the hall or by law: version, limits, plan, trips, calendar version."""

    effective_on: date
    """Day 0 of the limits, a local date: the acceptance; the next working day where a window only receives on rest
    days; the receipt where the law deems it accepted."""
    item: Id
    item_version: int
    handling: HandlingKind
    promised: Limit
    statutory: Limit | None
    plan: tuple[PlanStep, ...]
    trips_promised: int | None
    calendar: str
    joint: bool = False
    """联办件: joint handling, extendable by 15 working days instead of 10."""
    materials: tuple[str, ...] = ()
    """材料清单: what the item requires."""
    licence_materials: tuple[str, ...] = ()
    """Those of them an electronic licence may stand for."""
    item_type: ItemType | None = None
    """事项类型; None in a history that does not say."""
    implementation_code: str | None = None
    """实施编码 of the item, where its catalogue has one."""
    licence_law: bool = True
    """Whether the law of licences governs it (Art. 43, 44, 45, 50): 行政许可, or as the district's rule said that day. Where
    nobody said, it was handled as if it did."""


def _no_step_preliminary(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Before v2 no step of a plan was said to be preliminary: none was."""
    return {**fields, "plan": [{**step, "preliminary": False} for step in fields["plan"]]}


@fact(
    "case.accepted.v4",
    "受理",
    older=(
        Older("case.accepted.v1", _no_step_preliminary),
        Older("case.accepted.v2"),
        Older("case.accepted.v3"),
    ),
)
class CaseAccepted(Acceptance):
    """受理: the promise is frozen here."""

    notice: str | None = None

    def told(self) -> Said:
        """Since when, what was promised, and under which versions of item and calendar."""
        law = Said(f"，法定时限：{self.statutory.zh}", f", by law {self.statutory}") if self.statutory else NOTHING
        return sentence(
            f"受理自 {self.effective_on} 起生效，承诺时限：{self.promised.zh}{law.zh}；"
            f"事项 {self.item} 第 {self.item_version} 版，工作日历 {self.calendar}",
            f"accepted with effect from {self.effective_on}: promised {self.promised}{law.en};"
            f" {self.item} version {self.item_version}, calendar {self.calendar}",
        )


@fact(
    "case.acceptance_deemed.v3",
    "视为受理",
    older=(Older("case.acceptance_deemed.v1"), Older("case.acceptance_deemed.v2")),
)
class AcceptanceDeemed(Acceptance):
    """视为受理 (Art. 32(4)): nobody told within five working days what is missing, so it is accepted since the receipt."""

    notice_due_on: date
    """The last day on which a notice would have been in time."""

    def told(self) -> Said:
        """How long nobody answered, since when that accepts it, and what is promised."""
        return sentence(
            f"截至 {self.notice_due_on} 未告知需要补正的内容，"
            f"自 {self.effective_on} 起视为受理，承诺时限：{self.promised.zh}",
            f"nobody said what is missing by {self.notice_due_on}:"
            f" accepted since {self.effective_on}, promised {self.promised}",
        )


Promise = CaseAccepted | AcceptanceDeemed
"""The fact that froze what was promised."""


@fact("case.not_accepted.v1", "不予受理")
class NotAccepted(Fact):
    """不予受理: a lawful no; the reason and the remedy are told, and the right organ where there is one."""

    reason: str
    remedy: str
    redirect_to: str | None = None

    def told(self) -> Said:
        """Why not, what can be done about it, and who is competent."""
        elsewhere = (
            Said(f"；应当向以下机关申请：{self.redirect_to}", f"; go to {self.redirect_to}") if self.redirect_to else NOTHING
        )
        return sentence(
            f"不予受理，理由：{self.reason}；救济途径：{self.remedy}{elsewhere.zh}",
            f"not accepted: {self.reason}; remedy: {self.remedy}{elsewhere.en}",
        )


AcceptanceFact = CaseAccepted | AcceptanceDeemed | NotAccepted
"""What this act may leave in a case's history."""
