"""Indicators of volume (办件量): how many cases there were, how many came to an end, and how many a working day."""

from typing import Final

from casecore.vocabulary import Stage
from projections.indicator import Indicator, Measure, Population, count, fact_table, total
from projections.populations import CASE_COLUMNS, CASE_KEY, CLOSED, COHORT

__all__ = ["CLOSING_INDICATORS", "VOLUME_INDICATORS"]


def _all_cases(what: str, dated: str) -> Population:
    """Whatever became of them: those withdrawn (撤回) too, but no wrong record."""
    return Population(
        told=f"all cases but void ones (作废, 删除), by date of {what}",
        relation=fact_table("case_facts"),
        alias="c",
        where=(f"c.stage <> '{Stage.VOIDED.value}'",),
        dated=dated,
        columns=CASE_COLUMNS,
        case_key=CASE_KEY,
    )


def _working_days(of_those: str = "") -> str:
    """How many working days the period has, as far as there are closings."""
    return f"""(
    SELECT SUM(d.working) FROM date_facts AS d
    WHERE d.calendar = :calendar AND d.day BETWEEN :first AND :last{of_those}
)"""  # noqa: S608 - our own names


CLOSING_INDICATORS: Final = (
    Indicator(
        code="K11",
        zh="办结率",
        en="closed, of those accepted",
        population=COHORT,
        numerator=total("c.closed", "of these, closed by now"),
        denominator=count("cases accepted"),
        source="field practice (电子监察); cohort form",
        cohort=True,
    ),
)
"""K11."""

VOLUME_INDICATORS: Final = (
    Indicator(
        code="K20-received",
        zh="办件量(收件)",
        en="cases received",
        population=_all_cases("receipt", "c.received_on"),
        numerator=count("cases"),
        denominator=None,
        source="S0 成都: 11306 = 2090 + 7694 + 1522",
        percent=False,
    ),
    Indicator(
        code="K20-accepted",
        zh="办件量(受理)",
        en="cases accepted",
        population=_all_cases("acceptance", "c.accepted_on"),
        numerator=count("cases"),
        denominator=None,
        source="S0 成都: the event is stated",
        percent=False,
    ),
    Indicator(
        code="K20-closed",
        zh="办件量(办结)",
        en="cases closed",
        population=_all_cases("closing", "c.closed_on"),
        numerator=count("cases"),
        denominator=None,
        source="S0 成都: the event is stated",
        percent=False,
    ),
    Indicator(
        code="K21",
        zh="日均办结量",
        en="closed a working day",
        population=CLOSED,
        numerator=count("cases closed, on whatever day"),
        denominator=Measure(
            told="working days of the period",
            sql=_working_days(),
            by_month=_working_days(f" AND d.month = {CLOSED.groups['month']}"),
            tables=frozenset({"date_facts"}),
        ),
        source="S1 新都: 9710 a working day",
        percent=False,
    ),
)
"""K20 and K21, in the order they are reported."""
