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
    Indicator,
    by_date,
    select,
)
from projections.item_indicators import ITEM_INDICATORS
from projections.service_indicators import MATERIAL_INDICATORS, SERVICE_INDICATORS
from projections.time_indicators import TIME_INDICATORS
from projections.trip_indicators import TRIP_INDICATORS

__all__ = ["GROUPS", "INDICATORS", "Indicator"]

_SINCE_THE_FIRST: Final = f"""
FROM item_facts AS i
JOIN (
    SELECT e.log, e.item, MIN(e.item_version) AS item_version FROM item_facts AS e GROUP BY e.log, e.item
) AS f ON f.log = i.log AND f.item = i.item AND f.item_version < i.item_version
JOIN item_facts AS o ON o.log = f.log AND o.item = f.item AND o.item_version = f.item_version{IN_FORCE}
  AND i.stages IS NOT NULL AND o.stages IS NOT NULL
GROUP BY 1"""  # noqa: S608 - our own names

INDICATORS: Final = (
    *TRIP_INDICATORS,
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
    *MATERIAL_INDICATORS,
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
    *SERVICE_INDICATORS,
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
