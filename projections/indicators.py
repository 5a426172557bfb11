"""The indicators (指标): data, each with its population, numerator, denominator and where its definition comes from.

Each is one SQL text over the fact tables that runs on SQLite and PostgreSQL alike. Its parameters are dates: ``since``
and ``until`` (the period, both included), ``as_of`` (the day the question is asked), ``first`` and ``last`` (the period
as far as there are closings), and ``calendar``. ``{group}`` is what the figures are grouped by,
``{same_month}`` the condition on dates that grouping by month adds; flags add up.

Periods go by the date of closing unless the population says otherwise. Excluded everywhere: voided (作废), deleted
(删除) and withdrawn (撤回) cases, except from the counts of K20. Ratios are rounded half up when displayed.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

__all__ = ["GROUPS", "INDICATORS", "Indicator"]

GROUPS: Final = ("district", "department", "item", "channel", "tier", "month")
"""What figures can be grouped by; item indicators have no channel and no month."""


UNRECORDED: Final = "unrecorded"
"""The group of what nobody recorded."""


class Indicator(NamedTuple):
    """One indicator; ``sql`` yields group, numerator, denominator (null for a plain count)."""

    code: str
    name_zh: str
    name_en: str
    population: str
    numerator: str
    denominator: str
    source: str
    groups: Mapping[str, str]
    """Group -> SQL expression over the indicator's table."""
    sql: str
    percent: bool = True
    """Whether it is read as a percentage."""


def _by(date_column: str) -> Mapping[str, str]:
    return {
        "district": "c.log",
        **{name: f"COALESCE(c.{name}, '{UNRECORDED}')" for name in ("department", "item", "channel", "tier")},
        "month": f"substr(CAST(c.{date_column} AS TEXT), 1, 7)",
    }


_ITEM_GROUPS: Final = {"district": "i.log", "department": "i.department", "item": "i.item", "tier": "i.tier"}

_ITEMS: Final = """
FROM item_facts AS i
WHERE i.applied_for = 1 AND i.valid_from <= :as_of AND (i.valid_until IS NULL OR i.valid_until >= :as_of)
GROUP BY 1"""

_CLOSED: Final = """
FROM case_facts AS c
WHERE c.closed = 1 AND c.counted = 1 AND c.closed_on BETWEEN :since AND :until"""

_DUE: Final = """
FROM case_facts AS c
WHERE c.counted = 1 AND (c.closed_normally = 1 OR c.closed = 0)
  AND c.promised_due_on BETWEEN :since AND :until AND (c.closed = 1 OR c.promised_due_on < :as_of)
GROUP BY 1"""

_ACCEPTED: Final = """
FROM case_facts AS c
WHERE c.accepted = 1 AND c.counted = 1 AND c.accepted_on BETWEEN :since AND :until
GROUP BY 1"""


def _select(numerator: str, denominator: str, rest: str) -> str:
    return f"SELECT {{group}} AS grouped, {numerator} AS numerator, {denominator} AS denominator{rest}"


def _flag(condition: str) -> str:
    return f"SUM(CASE WHEN {condition} THEN 1 ELSE 0 END)"


_ITEM_POPULATION: Final = "依申请 items of the catalogue in force on the day asked"
_TRIP_POPULATION: Final = "closed cases whose trips were recorded, by closing date"

INDICATORS: Final = (
    Indicator(
        "K1",
        "平均跑动次数(事项口径)",
        "mean trips, by item",
        _ITEM_POPULATION,
        "Σ 到办事现场次数",
        "items",
        "S3 通州: 413 / 1942 = 0.2127",
        _ITEM_GROUPS,
        _select("SUM(i.visits)", "COUNT(*)", _ITEMS),
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
        _by("closed_on"),
        _select("SUM(c.trips_gross)", "COUNT(*)", f"{_CLOSED} AND c.trips_recorded = 1 GROUP BY 1"),
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
        _by("closed_on"),
        _select(
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
        _ITEM_POPULATION,
        "items with 到办事现场次数 ≤ 1",
        "items",
        "field practice: 到办事现场次数≤1的事项÷全部事项",
        _ITEM_GROUPS,
        _select(_flag("i.visits <= 1"), "COUNT(*)", _ITEMS),
    ),
    Indicator(
        "K3-case",
        "“最多跑一次”率(办件口径)",
        "at most one trip, by case",
        _TRIP_POPULATION,
        "cases with at most one net trip",
        "closed cases",
        "domain.md §4 K3, case form; trip rules there",
        _by("closed_on"),
        _select(_flag("c.trips_net <= 1"), "COUNT(*)", f"{_CLOSED} AND c.trips_recorded = 1 GROUP BY 1"),
    ),
    Indicator(
        "K4",
        "零跑动率(事项口径)",
        "zero trips, by item",
        _ITEM_POPULATION,
        "items with 到办事现场次数 = 0 or 网上办理深度 5, 6 or 7",
        "items",
        "field practice; S3 通州: 1529 / 1942 = 78.73 %",
        _ITEM_GROUPS,
        _select(_flag("i.visits = 0 OR i.fully_online = 1"), "COUNT(*)", _ITEMS),
    ),
    Indicator(
        "K4-case",
        "零跑动率(办件口径)",
        "zero trips, by case",
        _TRIP_POPULATION,
        "cases without a net trip",
        "closed cases",
        "domain.md §4 K4, case form; trip rules there",
        _by("closed_on"),
        _select(_flag("c.trips_net = 0"), "COUNT(*)", f"{_CLOSED} AND c.trips_recorded = 1 GROUP BY 1"),
    ),
    Indicator(
        "K6",
        "按时办结率",
        "closed within the promise",
        "cases closed normally (办结结果 0, 1, 4, 6) under a promise, by closing date",
        "closed on or before the promised due date, by date",
        "cases closed normally",
        "domain.md §4 K6; 行政许可法 Art. 42, 82",
        _by("closed_on"),
        _select(
            _flag("c.promised_verdict = 'on_time'"),
            "COUNT(*)",
            f"{_CLOSED} AND c.closed_normally = 1 AND c.promised_verdict IS NOT NULL GROUP BY 1",
        ),
    ),
    Indicator(
        "K6b",
        "到期办件按时办结率",
        "closed within the promise, of all that fell due",
        "cases due in the period: closed normally, or open and past due on the day asked",
        "closed on or before the promised due date",
        "cases due",
        "domain.md §4 K6b: an open overdue case is a failure",
        _by("promised_due_on"),
        _select(_flag("c.promised_verdict = 'on_time'"), "COUNT(*)", _DUE),
    ),
    Indicator(
        "K7",
        "超期率",
        "overdue, of all that fell due",
        "cases due in the period: closed normally, or open and past due on the day asked",
        "closed late, or open past due",
        "cases due",
        "domain.md §4 K7",
        _by("promised_due_on"),
        _select(_flag("c.promised_verdict = 'overdue' OR c.closed = 0"), "COUNT(*)", _DUE),
    ),
    Indicator(
        "K7-early",
        "提前办结率",
        "closed early",
        "cases closed normally under a promise, by closing date",
        "closed at least one working day before the promised due date",
        "cases closed normally",
        "domain.md §4 K7: the due day itself is on time, not early",
        _by("closed_on"),
        _select(
            "SUM(c.early)",
            "COUNT(*)",
            f"{_CLOSED} AND c.closed_normally = 1 AND c.promised_verdict IS NOT NULL GROUP BY 1",
        ),
    ),
    Indicator(
        "K11",
        "办结率",
        "closed, of those accepted",
        "cases accepted in the period (cohort form)",
        "of these, closed by now",
        "cases accepted",
        "field practice (电子监察); cohort form",
        _by("accepted_on"),
        _select("SUM(c.closed)", "COUNT(*)", _ACCEPTED),
    ),
    Indicator(
        "K15",
        "网上受理率",
        "filed online, of those accepted",
        "cases accepted in the period",
        "filed through website or mobile by the applicant; 帮办 is not online",
        "cases accepted",
        "GB/T 39046 A.5 (办理形式 2, 3)",
        _by("accepted_on"),
        _select("SUM(c.online)", "COUNT(*)", _ACCEPTED),
    ),
    Indicator(
        "K16",
        "全程网办率(事项口径)",
        "fully online, by item",
        _ITEM_POPULATION,
        "items with 网上办理深度 5, 6 or 7",
        "items",
        "field practice (Ⅳ级)",
        _ITEM_GROUPS,
        _select("SUM(i.fully_online)", "COUNT(*)", _ITEMS),
    ),
    Indicator(
        "K16-case",
        "全程网办率(办件口径)",
        "fully online, by case",
        _TRIP_POPULATION,
        "filed online, no net trip, result as e-certificate or by courier",
        "closed cases",
        "domain.md §4 K16, case form",
        _by("closed_on"),
        _select("SUM(c.fully_online)", "COUNT(*)", f"{_CLOSED} AND c.trips_recorded = 1 GROUP BY 1"),
    ),
    Indicator(
        "K20-received",
        "办件量(收件)",
        "cases received",
        "all cases, by date of receipt",
        "cases",
        "",
        "S0 成都: 11306 = 2090 + 7694 + 1522",
        _by("received_on"),
        _select("COUNT(*)", "NULL", " FROM case_facts AS c WHERE c.received_on BETWEEN :since AND :until GROUP BY 1"),
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
        _by("accepted_on"),
        _select("COUNT(*)", "NULL", " FROM case_facts AS c WHERE c.accepted_on BETWEEN :since AND :until GROUP BY 1"),
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
        _by("closed_on"),
        _select("COUNT(*)", "NULL", " FROM case_facts AS c WHERE c.closed_on BETWEEN :since AND :until GROUP BY 1"),
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
        {**_by("closed_on"), "month": "c.closed_month"},
        _select(
            "COUNT(*)",
            """(
    SELECT SUM(d.working) FROM date_facts AS d
    WHERE d.calendar = :calendar AND d.day BETWEEN :first AND :last{same_month}
)""",
            f"{_CLOSED} GROUP BY 1",
        ),
        percent=False,
    ),
)
"""All indicators, in the order they are reported."""
