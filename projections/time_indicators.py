"""Indicators of time (时限): what the promises of the catalogue save, and what became of the promises of the cases.

提速率 has three official meanings that cannot be compared: of items (K8), of days used (K9), of cases closed early (K10).
"""

from typing import Final

from projections.indicator import (
    ACCEPTED,
    CLOSED,
    DUE,
    IN_FORCE,
    ITEM_GROUPS,
    ITEM_POPULATION,
    Indicator,
    by_date,
    flag,
    select,
)

__all__ = ["TIME_INDICATORS"]

_LIMITED_POPULATION: Final = f"{ITEM_POPULATION}, with a promise and a statutory limit above 0 (neither a fixed date)"
_LIMITED: Final = f"""
FROM item_facts AS i{IN_FORCE}
  AND i.promised_minutes IS NOT NULL AND i.statutory_minutes > 0
GROUP BY 1"""
_MINUTES: Final = (
    "in working minutes: 7 natural days = 5 working days, a working day = 7 h unless loaded with another length"
)

_JUDGED_POPULATION: Final = "cases closed normally (办结结果 0, 1, 4, 6) under a promise, by closing date"
_JUDGED: Final = f"{CLOSED} AND c.closed_normally = 1 AND c.promised_verdict IS NOT NULL GROUP BY 1"
_DUE_POPULATION: Final = "cases due in the period: closed normally, or open and past due on the day asked"

_USED: Final = (
    "used: working days by date, from the day after day 0 to the day of closing, part of a day as a whole one; left out are"
    " holidays and what suspended this limit (特别程序, other 挂起 where it moves it); 延长审批 does not raise the limit"
)

TIME_INDICATORS: Final = (
    Indicator(
        "K5",
        "承诺时限压缩比",
        "promise against law, by item",
        _LIMITED_POPULATION,
        f"Σ 法定时限 − Σ 承诺时限, {_MINUTES}",
        "Σ 法定时限, in the same minutes (a ratio of sums)",
        "domain.md §4 K5; field practice, units converted first; S4: 6 工作日 → 2 小时 = 95.24 % at 7 h, 95.83 % at 8 h",
        ITEM_GROUPS,
        select("SUM(i.statutory_minutes - i.promised_minutes)", "SUM(i.statutory_minutes)", _LIMITED),
    ),
    Indicator(
        "K6",
        "按时办结率",
        "closed within the promise",
        _JUDGED_POPULATION,
        "closed on or before the promised due date, by date",
        "cases closed normally",
        "domain.md §4 K6; 行政许可法 Art. 42, 82",
        by_date("closed_on"),
        select(flag("c.promised_verdict = 'on_time'"), "COUNT(*)", _JUDGED),
    ),
    Indicator(
        "K6b",
        "到期办件按时办结率",
        "closed within the promise, of all that fell due",
        _DUE_POPULATION,
        "closed on or before the promised due date",
        "cases due",
        "domain.md §4 K6b: an open overdue case is a failure",
        by_date("promised_due_on"),
        select(flag("c.promised_verdict = 'on_time'"), "COUNT(*)", DUE),
    ),
    Indicator(
        "K7",
        "超期率",
        "overdue, of all that fell due",
        _DUE_POPULATION,
        "closed late, or open past due",
        "cases due",
        "domain.md §4 K7",
        by_date("promised_due_on"),
        select(flag("c.promised_verdict = 'overdue' OR c.closed = 0"), "COUNT(*)", DUE),
    ),
    Indicator(
        "K7-early",
        "提前办结率",
        "closed early",
        _JUDGED_POPULATION,
        "closed at least one working day before the promised due date",
        "cases closed normally",
        "domain.md §4 K7: the due day itself is on time, not early",
        by_date("closed_on"),
        select("SUM(c.early)", "COUNT(*)", _JUDGED),
    ),
    Indicator(
        "K8",
        "提速率A(事项口径, 各事项均值)",
        "speed-up A, by item: mean of ratios",
        _LIMITED_POPULATION,
        f"Σ (1 − 承诺时限 / 法定时限) of each item, in whole billionths, {_MINUTES}",
        "items × 1,000,000,000: every item weighs the same (a mean of ratios)",
        "domain.md §4 K8; S1: 85 % → 93 %",
        ITEM_GROUPS,
        # The share that is left is never negative, and so rounded alike on both databases, to the nearest billionth.
        select(
            "SUM(1000000000 - (2000000000 * i.promised_minutes + i.statutory_minutes) / (2 * i.statutory_minutes))",
            "COUNT(*) * 1000000000",
            _LIMITED,
        ),
    ),
    Indicator(
        "K9-promised",
        "承诺提速率(办件口径)",
        "time saved of the promised limits, by case",
        "cases closed normally (办结结果 0, 1, 4, 6) under a promise in working days (0 included), by closing date",
        f"Σ 承诺时限 − Σ 实际用时, in working days; {_USED}",
        "Σ 承诺时限, in working days",
        "domain.md §4 K9; field practice (电子监察)",
        by_date("closed_on"),
        select(
            "SUM(c.promised_amount - c.used_days)",
            "SUM(c.promised_amount)",
            f"""{CLOSED}
  AND c.closed_normally = 1 AND c.promised_unit = 'working_day' AND c.used_days IS NOT NULL
GROUP BY 1""",
        ),
    ),
    Indicator(
        "K9-statutory",
        "法定提速率(办件口径)",
        "time saved of the statutory limits, by case",
        "cases closed normally (办结结果 0, 1, 4, 6) under a statutory limit in working days, by closing date",
        f"Σ 法定时限 − Σ 实际用时, in working days; {_USED}",
        "Σ 法定时限, in working days",
        "domain.md §4 K9; field practice (电子监察)",
        by_date("closed_on"),
        select(
            "SUM(c.statutory_amount - c.statutory_used_days)",
            "SUM(c.statutory_amount)",
            f"""{CLOSED}
  AND c.closed_normally = 1 AND c.statutory_unit = 'working_day' AND c.statutory_used_days IS NOT NULL
GROUP BY 1""",
        ),
    ),
    Indicator(
        "K10",
        "提速率C(提前办结数/受理数)",
        "speed-up C: closed early, of those accepted",
        "cases accepted in the period (cohort form)",
        "of these, closed normally at least one working day before the promised due date by now",
        "cases accepted",
        "domain.md §4 K10; older field practice (电子监察)",
        by_date("accepted_on"),
        select(flag("c.early = 1 AND c.closed_normally = 1"), "COUNT(*)", ACCEPTED),
    ),
)
"""K5 to K10, in the order they are reported."""
