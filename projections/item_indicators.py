"""Indicators of what the catalogue declares besides time: stages and materials saved, instant handling, matters made one.

How far a reform went is measured against what a source says it took before (``before``), or against the first version in
the catalogue: an item or a theme of which nothing says so is left out, not counted as unchanged.
"""

from typing import Final

from projections.indicator import Indicator, Join, Measure, Relation, count, count_if, fact_table, total
from projections.populations import ITEMS, THEMES

__all__ = ["ITEM_INDICATORS", "STAGE_INDICATORS"]

_SINCE_THE_FIRST: Final = ITEMS.joined(
    Join(
        relation=Relation(
            """(
    SELECT e.log, e.item, MIN(e.item_version) AS item_version FROM item_facts AS e GROUP BY e.log, e.item
)""",
            frozenset({"item_facts"}),
        ),
        alias="f",
        on="f.log = i.log AND f.item = i.item AND f.item_version < i.item_version",
    ),
    Join(
        relation=fact_table("item_facts"),
        alias="o",
        on="o.log = f.log AND o.item = f.item AND o.item_version = f.item_version",
    ),
).narrowed(
    "i.stages IS NOT NULL",
    "o.stages IS NOT NULL",
    told=f"{ITEMS.told}, in a later version than their first, with 环节 published in both",
)
_REDUCED: Final = ITEMS.narrowed(
    "i.materials_now IS NOT NULL",
    "i.materials_before > 0",
    told=f"{ITEMS.told}, of which a source says how many materials they took before (above 0)",
)
_MADE_ONE: Final = THEMES.narrowed(
    "t.promised_minutes IS NOT NULL",
    "t.before_minutes > 0",
    told=f"{THEMES.told}, with a promise and with a source for what they took before",
)

# The share that is left is never negative, and so rounded alike on both databases, to the nearest billionth.
_SAVED: Final = "1000000000 - (2000000000 * i.materials_now + i.materials_before) / (2 * i.materials_before)"

STAGE_INDICATORS: Final = (
    Indicator(
        code="K13",
        zh="环节精简率",
        en="stages saved, by item",
        population=_SINCE_THE_FIRST,
        numerator=total("o.stages - i.stages", "Σ 环节 of the first version in the catalogue − Σ 环节 now"),
        denominator=total("o.stages", "Σ 环节 of the first version"),
        source="domain.md §4 K13; S1 新都: 1709 → 1228 = 28.15 %",
    ),
)
"""K13."""

ITEM_INDICATORS: Final = (
    Indicator(
        code="K12",
        zh="材料精简率(合计)",
        en="materials saved, all items together",
        population=_REDUCED,
        numerator=total("i.materials_before - i.materials_now", "Σ materials before − Σ materials now"),
        denominator=total("i.materials_before", "Σ materials before (a ratio of sums)"),
        source="domain.md §4 K12; S1 新都: 3113 → 2153 = 30.84 %; S4 增城: 28 → 0",
    ),
    Indicator(
        code="K12-mean",
        zh="材料精简率(各事项均值)",
        en="materials saved, by item: mean of ratios",
        population=_REDUCED,
        numerator=total(_SAVED, "Σ (1 − materials now / materials before) of each item, in whole billionths"),
        denominator=count("items × 1,000,000,000: every item weighs the same (a mean of ratios)", weight=1_000_000_000),
        source="domain.md §4 K12; S4 增城: 平均精简率 28 %",
    ),
    Indicator(
        code="K12-most",
        zh="材料精简率(最高的事项)",
        en="materials saved, by item: the highest ratio",
        population=_REDUCED,
        numerator=Measure(
            sql=f"MAX({_SAVED})",
            told="the highest 1 − materials now / materials before of any item, in whole billionths",
        ),
        denominator=Measure(
            sql="CASE WHEN COUNT(*) > 0 THEN 1000000000 ELSE 0 END",
            told="1,000,000,000, or 0 where there is no such item;"
            " groups do not add up: the highest of them is that of the whole",
        ),
        source="domain.md §4 K12; S4 增城: 最高可达 50 %",
    ),
    Indicator(
        code="K17",
        zh="即办率(事项口径)",
        en="instant handling, by item",
        population=ITEMS,
        numerator=count_if("i.handling = 'instant'", "items of 办件类型 即办件"),
        denominator=count("items"),
        source="domain.md §4 K17, item form",
    ),
    Indicator(
        code="K27",
        zh="一件事时限压缩率",
        en="time saved by making several matters one",
        population=_MADE_ONE,
        numerator=total(
            "t.before_minutes - t.promised_minutes",
            "Σ time before − Σ promise of the theme, in working minutes",
        ),
        denominator=total("t.before_minutes", "Σ time before, in the same minutes (a ratio of sums)"),
        source="domain.md §4 K27; S3 通州, 12家书店: 20 → 10 工作日 = 50 %",
    ),
)
"""K12, K17 (item form) and K27, in the order they are reported."""
