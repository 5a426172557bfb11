"""The indicators (指标): data, each with its population, numerator, denominator and where its definition comes from.

Periods go by the date of closing unless the population says otherwise. Excluded everywhere: voided (作废), deleted
(删除) and withdrawn (撤回) cases, except from the counts of K20. Ratios are rounded half up when displayed.
"""

from typing import Final

from projections.indicator import (
    ACCEPTED,
    CLOSED,
    GROUPS,
    IN_FORCE,
    ITEM_GROUPS,
    ITEM_POPULATION,
    ITEMS,
    Indicator,
    by_date,
    flag,
    select,
)
from projections.item_indicators import ITEM_INDICATORS
from projections.time_indicators import TIME_INDICATORS

__all__ = ["GROUPS", "INDICATORS", "Indicator"]

_TRIP_POPULATION: Final = "closed cases whose trips were recorded, by closing date"

_SINCE_THE_FIRST: Final = f"""
FROM item_facts AS i
JOIN (
    SELECT e.log, e.item, MIN(e.item_version) AS item_version FROM item_facts AS e GROUP BY e.log, e.item
) AS f ON f.log = i.log AND f.item = i.item AND f.item_version < i.item_version
JOIN item_facts AS o ON o.log = f.log AND o.item = f.item AND o.item_version = f.item_version{IN_FORCE}
  AND i.stages IS NOT NULL AND o.stages IS NOT NULL
GROUP BY 1"""  # noqa: S608 - our own names

INDICATORS: Final = (
    Indicator(
        "K1",
        "平均跑动次数(事项口径)",
        "mean trips, by item",
        ITEM_POPULATION,
        "Σ 到办事现场次数",
        "items",
        "S3 通州: 413 / 1942 = 0.2127",
        ITEM_GROUPS,
        select("SUM(i.visits)", "COUNT(*)", ITEMS),
        percent=False,
    ),
    Indicator(
        "K2",
        "平均跑动次数(办件口径)",
        "mean trips, by case",
        _TRIP_POPULATION,
        "Σ trips of each case (a shared visit counts once for each case it served)",
        "closed cases",
        "domain.md §4 K2, first form",
        by_date("closed_on"),
        select("SUM(c.trips_gross)", "COUNT(*)", f"{CLOSED} AND c.trips_recorded = 1 GROUP BY 1"),
        percent=False,
    ),
    Indicator(
        "K2-visits",
        "平均到场次数(按实际到场)",
        "mean distinct visits, by case",
        _TRIP_POPULATION,
        "distinct visits made for those cases",
        "closed cases",
        "domain.md §4 K2, second form",
        by_date("closed_on"),
        select(
            "COUNT(DISTINCT t.log || '/' || t.visit)",
            "COUNT(DISTINCT c.log || '/' || c.case_id)",
            """
FROM case_facts AS c
LEFT JOIN trip_facts AS t ON t.log = c.log AND t.case_id = c.case_id AND t.gross = 1
WHERE c.closed = 1 AND c.counted = 1 AND c.trips_recorded = 1 AND c.closed_on BETWEEN :since AND :until
GROUP BY 1""",
        ),
        percent=False,
    ),
    Indicator(
        "K3",
        "“最多跑一次”率(事项口径)",
        "at most one trip, by item",
        ITEM_POPULATION,
        "items with 到办事现场次数 ≤ 1",
        "items",
        "field practice: 到办事现场次数≤1的事项÷全部事项",
        ITEM_GROUPS,
        select(flag("i.visits <= 1"), "COUNT(*)", ITEMS),
    ),
    Indicator(
        "K3-case",
        "“最多跑一次”率(办件口径)",
        "at most one trip, by case",
        _TRIP_POPULATION,
        "cases with at most one net trip",
        "closed cases",
        "domain.md §4 K3, case form; trip rules there",
        by_date("closed_on"),
        select(flag("c.trips_net <= 1"), "COUNT(*)", f"{CLOSED} AND c.trips_recorded = 1 GROUP BY 1"),
    ),
    Indicator(
        "K4",
        "零跑动率(事项口径)",
        "zero trips, by item",
        ITEM_POPULATION,
        "items with 到办事现场次数 = 0 or 网上办理深度 5, 6 or 7",
        "items",
        "field practice; S3 通州: 1529 / 1942 = 78.73 %",
        ITEM_GROUPS,
        select(flag("i.visits = 0 OR i.fully_online = 1"), "COUNT(*)", ITEMS),
    ),
    Indicator(
        "K4-case",
        "零跑动率(办件口径)",
        "zero trips, by case",
        _TRIP_POPULATION,
        "cases without a net trip",
        "closed cases",
        "domain.md §4 K4, case form; trip rules there",
        by_date("closed_on"),
        select(flag("c.trips_net = 0"), "COUNT(*)", f"{CLOSED} AND c.trips_recorded = 1 GROUP BY 1"),
    ),
    *TIME_INDICATORS,
    Indicator(
        "K11",
        "办结率",
        "closed, of those accepted",
        "cases accepted in the period (cohort form)",
        "of these, closed by now",
        "cases accepted",
        "field practice (电子监察); cohort form",
        by_date("accepted_on"),
        select("SUM(c.closed)", "COUNT(*)", ACCEPTED),
    ),
    Indicator(
        "K13",
        "环节精简率",
        "stages saved, by item",
        f"{ITEM_POPULATION}, in a later version than their first, with 环节 published in both",
        "Σ 环节 of the first version in the catalogue − Σ 环节 now",
        "Σ 环节 of the first version",
        "domain.md §4 K13; S1 新都: 1709 → 1228 = 28.15 %",
        ITEM_GROUPS,
        select("SUM(o.stages - i.stages)", "SUM(o.stages)", _SINCE_THE_FIRST),
    ),
    Indicator(
        "K15",
        "网上受理率",
        "filed online, of those accepted",
        "cases accepted in the period",
        "filed through website or mobile by the applicant; 帮办 is not online",
        "cases accepted",
        "GB/T 39046 A.5 (办理形式 2, 3)",
        by_date("accepted_on"),
        select("SUM(c.online)", "COUNT(*)", ACCEPTED),
    ),
    Indicator(
        "K16",
        "全程网办率(事项口径)",
        "fully online, by item",
        ITEM_POPULATION,
        "items with 网上办理深度 5, 6 or 7",
        "items",
        "field practice (Ⅳ级)",
        ITEM_GROUPS,
        select("SUM(i.fully_online)", "COUNT(*)", ITEMS),
    ),
    Indicator(
        "K16-case",
        "全程网办率(办件口径)",
        "fully online, by case",
        _TRIP_POPULATION,
        "filed online, no net trip, result as e-certificate or by courier",
        "closed cases",
        "domain.md §4 K16, case form",
        by_date("closed_on"),
        select("SUM(c.fully_online)", "COUNT(*)", f"{CLOSED} AND c.trips_recorded = 1 GROUP BY 1"),
    ),
    Indicator(
        "K20-received",
        "办件量(收件)",
        "cases received",
        "all cases, by date of receipt",
        "cases",
        "",
        "S0 成都: 11306 = 2090 + 7694 + 1522",
        by_date("received_on"),
        select("COUNT(*)", "NULL", " FROM case_facts AS c WHERE c.received_on BETWEEN :since AND :until GROUP BY 1"),
        percent=False,
    ),
    Indicator(
        "K20-accepted",
        "办件量(受理)",
        "cases accepted",
        "all cases, by date of acceptance",
        "cases",
        "",
        "S0 成都: the event is stated",
        by_date("accepted_on"),
        select("COUNT(*)", "NULL", " FROM case_facts AS c WHERE c.accepted_on BETWEEN :since AND :until GROUP BY 1"),
        percent=False,
    ),
    Indicator(
        "K20-closed",
        "办件量(办结)",
        "cases closed",
        "all cases, by date of closing",
        "cases",
        "",
        "S0 成都: the event is stated",
        by_date("closed_on"),
        select("COUNT(*)", "NULL", " FROM case_facts AS c WHERE c.closed_on BETWEEN :since AND :until GROUP BY 1"),
        percent=False,
    ),
    Indicator(
        "K21",
        "日均办结量",
        "closed a working day",
        "closed cases, by closing date",
        "cases closed, on whatever day",
        "working days of the period",
        "S1 新都: 9710 a working day",
        {**by_date("closed_on"), "month": "c.closed_month"},
        select(
            "COUNT(*)",
            """(
    SELECT SUM(d.working) FROM date_facts AS d
    WHERE d.calendar = :calendar AND d.day BETWEEN :first AND :last{same_month}
)""",
            f"{CLOSED} GROUP BY 1",
        ),
        percent=False,
    ),
    *ITEM_INDICATORS,
)
"""All indicators, in the order they are reported."""
