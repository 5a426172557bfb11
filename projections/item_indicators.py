"""Indicators of what the catalogue declares besides time: materials saved, instant handling, matters made one.

How far a reform went is measured against what a source says it took before (``before``): an item or a theme of which no
source says so is left out, not counted as unchanged.
"""

from typing import Final

from projections.indicator import (
    IN_FORCE,
    ITEM_GROUPS,
    ITEM_POPULATION,
    ITEMS,
    THEME_GROUPS,
    THEME_POPULATION,
    THEMES,
    Indicator,
    flag,
    select,
)

__all__ = ["ITEM_INDICATORS"]

_REDUCED_POPULATION: Final = f"{ITEM_POPULATION}, of which a source says how many materials they took before (above 0)"
_REDUCED: Final = f"""
FROM item_facts AS i{IN_FORCE}
  AND i.materials_now IS NOT NULL AND i.materials_before > 0
GROUP BY 1"""
# The share that is left is never negative, and so rounded alike on both databases, to the nearest billionth.
_SAVED: Final = "1000000000 - (2000000000 * i.materials_now + i.materials_before) / (2 * i.materials_before)"

ITEM_INDICATORS: Final = (
    Indicator(
        "K12",
        "材料精简率(合计)",
        "materials saved, all items together",
        _REDUCED_POPULATION,
        "Σ materials before − Σ materials now",
        "Σ materials before (a ratio of sums)",
        "domain.md §4 K12; S1 新都: 3113 → 2153 = 30.84 %; S4 增城: 28 → 0",
        ITEM_GROUPS,
        select("SUM(i.materials_before - i.materials_now)", "SUM(i.materials_before)", _REDUCED),
    ),
    Indicator(
        "K12-mean",
        "材料精简率(各事项均值)",
        "materials saved, by item: mean of ratios",
        _REDUCED_POPULATION,
        "Σ (1 − materials now / materials before) of each item, in whole billionths",
        "items × 1,000,000,000: every item weighs the same (a mean of ratios)",
        "domain.md §4 K12; S4 增城: 平均精简率 28 %",
        ITEM_GROUPS,
        select(f"SUM({_SAVED})", "COUNT(*) * 1000000000", _REDUCED),
    ),
    Indicator(
        "K12-most",
        "材料精简率(最高的事项)",
        "materials saved, by item: the highest ratio",
        _REDUCED_POPULATION,
        "the highest 1 − materials now / materials before of any item, in whole billionths",
        "1,000,000,000, or 0 where there is no such item; groups do not add up: the highest of them is that of the whole",
        "domain.md §4 K12; S4 增城: 最高可达 50 %",
        ITEM_GROUPS,
        select(f"MAX({_SAVED})", "CASE WHEN COUNT(*) > 0 THEN 1000000000 ELSE 0 END", _REDUCED),
    ),
    Indicator(
        "K17",
        "即办率(事项口径)",
        "instant handling, by item",
        ITEM_POPULATION,
        "items of 办件类型 即办件",
        "items",
        "domain.md §4 K17, item form",
        ITEM_GROUPS,
        select(flag("i.handling = 'instant'"), "COUNT(*)", ITEMS),
    ),
    Indicator(
        "K27",
        "一件事时限压缩率",
        "time saved by making several matters one",
        f"{THEME_POPULATION}, with a promise and with a source for what they took before",
        "Σ time before − Σ promise of the theme, in working minutes",
        "Σ time before, in the same minutes (a ratio of sums)",
        "domain.md §4 K27; S3 通州, 12家书店: 20 → 10 工作日 = 50 %",
        THEME_GROUPS,
        select(
            "SUM(t.before_minutes - t.promised_minutes)",
            "SUM(t.before_minutes)",
            f"{THEMES} AND t.promised_minutes IS NOT NULL AND t.before_minutes > 0 GROUP BY 1",
        ),
    ),
)
"""K12, K17 (item form) and K27, in the order they are reported."""
