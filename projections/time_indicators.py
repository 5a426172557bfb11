"""Indicators of time (时限): what the promises of the catalogue save, and what became of the promises of the cases.

提速率 has three official meanings that cannot be compared: of items (K8), of days used (K9), of cases closed early (K10).
"""

from typing import Final

from projections.indicator import Indicator, count, count_if, total
from projections.populations import CLOSED, COHORT, DUE, ITEMS

__all__ = ["TIME_INDICATORS"]

_LIMITED: Final = ITEMS.narrowed(
    "i.promised_minutes IS NOT NULL",
    "i.statutory_minutes > 0",
    told=f"{ITEMS.told}, with a promise and a statutory limit above 0 (neither a fixed date)",
)
_MINUTES: Final = (
    "in working minutes: 7 natural days = 5 working days, a working day = 7 h unless loaded with another length"
)

_JUDGED: Final = CLOSED.narrowed(
    "c.closed_normally = 1",
    "c.promised_verdict IS NOT NULL",
    told="cases closed normally (办结结果 0, 1, 4, 6) under a promise, by closing date",
)
_PROMISED_IN_DAYS: Final = CLOSED.narrowed(
    "c.closed_normally = 1",
    "c.promised_unit = 'working_day'",
    "c.used_days IS NOT NULL",
    told="cases closed normally (办结结果 0, 1, 4, 6) under a promise in working days (0 included), by closing date",
)
_LIMITED_IN_DAYS: Final = CLOSED.narrowed(
    "c.closed_normally = 1",
    "c.statutory_unit = 'working_day'",
    "c.statutory_used_days IS NOT NULL",
    told="cases closed normally (办结结果 0, 1, 4, 6) under a statutory limit in working days, by closing date",
)

_USED: Final = (
    "used: working days by date, from the day after day 0 to the day of closing, part of a day as a whole one; left out are"
    " holidays and what suspended this limit (特别程序, other 挂起 where it moves it); 延长审批 does not raise the limit"
)

_TIMED: Final = CLOSED.narrowed(
    "c.closed_normally = 1",
    "c.used_days IS NOT NULL",
    told="cases closed normally (办结结果 0, 1, 4, 6) under a promise, by closing date",
)
_DECIDED: Final = CLOSED.narrowed(
    "c.closed_normally = 1",
    "c.statutory_used_days IS NOT NULL",
    told="cases closed normally (办结结果 0, 1, 4, 6) under a statutory limit, by closing date",
)
_ELAPSED: Final = CLOSED.narrowed(
    "c.closed_normally = 1",
    "c.elapsed_days IS NOT NULL",
    told="cases closed normally (办结结果 0, 1, 4, 6) whose receipt is known, by closing date",
)

_USED_OF_PROMISE: Final = "by date, from the day after day 0, without what suspended the promise"
_USED_OF_LAW: Final = "by date, from the day after day 0, without what suspended the statutory limit"
NEAREST_RANK: Final = "median and p90 by nearest rank: of n numbers in order those at places ⌈n/2⌉ and ⌈0.9 n⌉"
"""How percentiles are defined, wherever one is told."""

TIME_INDICATORS: Final = (
    Indicator(
        code="K5",
        zh="承诺时限压缩比",
        en="promise against law, by item",
        population=_LIMITED,
        numerator=total("i.statutory_minutes - i.promised_minutes", f"Σ 法定时限 − Σ 承诺时限, {_MINUTES}"),
        denominator=total("i.statutory_minutes", "Σ 法定时限, in the same minutes (a ratio of sums)"),
        source="domain.md §4 K5; field practice, units converted first;"
        " S4: 6 工作日 → 2 小时 = 95.24 % at 7 h, 95.83 % at 8 h",
    ),
    Indicator(
        code="K6",
        zh="按时办结率",
        en="closed within the promise",
        population=_JUDGED,
        numerator=count_if("c.promised_verdict = 'on_time'", "closed on or before the promised due date, by date"),
        denominator=count("cases closed normally"),
        source="domain.md §4 K6; 行政许可法 Art. 42, 82",
    ),
    Indicator(
        code="K6b",
        zh="到期办件按时办结率",
        en="closed within the promise, of all that fell due",
        population=DUE,
        numerator=count_if("c.promised_verdict = 'on_time'", "closed on or before the promised due date"),
        denominator=count("cases due"),
        source="domain.md §4 K6b: an open overdue case is a failure",
    ),
    Indicator(
        code="K7",
        zh="超期率",
        en="overdue, of all that fell due",
        population=DUE,
        numerator=count_if("c.promised_verdict = 'overdue' OR c.closed = 0", "closed late, or open past due"),
        denominator=count("cases due"),
        source="domain.md §4 K7",
    ),
    Indicator(
        code="K7-early",
        zh="提前办结率",
        en="closed early",
        population=_JUDGED,
        numerator=total("c.early", "closed at least one working day before the promised due date"),
        denominator=count("cases closed normally"),
        source="domain.md §4 K7: the due day itself is on time, not early",
    ),
    Indicator(
        code="K8",
        zh="提速率A(事项口径, 各事项均值)",
        en="speed-up A, by item: mean of ratios",
        population=_LIMITED,
        # The share that is left is never negative, and so rounded alike on both databases, to the nearest billionth.
        numerator=total(
            "1000000000 - (2000000000 * i.promised_minutes + i.statutory_minutes) / (2 * i.statutory_minutes)",
            f"Σ (1 − 承诺时限 / 法定时限) of each item, in whole billionths, {_MINUTES}",
        ),
        denominator=count("items × 1,000,000,000: every item weighs the same (a mean of ratios)", weight=1_000_000_000),
        source="domain.md §4 K8; S1: 85 % → 93 %",
    ),
    Indicator(
        code="K9-promised",
        zh="承诺提速率(办件口径)",
        en="time saved of the promised limits, by case",
        population=_PROMISED_IN_DAYS,
        numerator=total("c.promised_amount - c.used_days", f"Σ 承诺时限 − Σ 实际用时, in working days; {_USED}"),
        denominator=total("c.promised_amount", "Σ 承诺时限, in working days"),
        source="domain.md §4 K9; field practice (电子监察)",
    ),
    Indicator(
        code="K9-statutory",
        zh="法定提速率(办件口径)",
        en="time saved of the statutory limits, by case",
        population=_LIMITED_IN_DAYS,
        numerator=total("c.statutory_amount - c.statutory_used_days", f"Σ 法定时限 − Σ 实际用时, in working days; {_USED}"),
        denominator=total("c.statutory_amount", "Σ 法定时限, in working days"),
        source="domain.md §4 K9; field practice (电子监察)",
    ),
    Indicator(
        code="K9-days",
        zh="平均办理用时(工作日)",
        en="working days used from acceptance to closing: mean, median, 90th percentile",
        population=_TIMED,
        numerator=total("c.used_days", f"Σ 实际用时, in working days; {_USED_OF_PROMISE}"),
        denominator=count("cases closed normally"),
        source=f"domain.md §4 K9: 实际用时; {NEAREST_RANK}",
        percent=False,
        spread="c.used_days",
    ),
    Indicator(
        code="K9-decided",
        zh="平均审批用时(工作日)",
        en="working days used from acceptance to decision: mean, median, 90th percentile",
        population=_DECIDED,
        numerator=total("c.statutory_used_days", f"Σ 实际用时 up to the decision (决定), in working days; {_USED_OF_LAW}"),
        denominator=count("cases closed normally"),
        source=f"行政许可法 Art. 42: the decision; {NEAREST_RANK}",
        percent=False,
        spread="c.statutory_used_days",
    ),
    Indicator(
        code="K9-elapsed",
        zh="平均收件至办结用时(工作日)",
        en="working days from receipt to closing: mean, median, 90th percentile",
        population=_ELAPSED,
        numerator=total("c.elapsed_days", "Σ working days from the receipt to the closing, nothing left out"),
        denominator=count("cases closed normally"),
        source=f"what the applicant waits (domain.md §0.1: 收件 ≠ 受理); {NEAREST_RANK}",
        percent=False,
        spread="c.elapsed_days",
    ),
    Indicator(
        code="K10",
        zh="提速率C(提前办结数/受理数)",
        en="speed-up C: closed early, of those accepted",
        population=COHORT,
        numerator=count_if(
            "c.early = 1 AND c.closed_normally = 1",
            "of these, closed normally at least one working day before the promised due date by now",
        ),
        denominator=count("cases accepted"),
        source="domain.md §4 K10; older field practice (电子监察)",
        cohort=True,
    ),
)
"""K5 to K10, in the order they are reported."""
