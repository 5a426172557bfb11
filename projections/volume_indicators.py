"""Indicators of volume (办件量): how many cases there were, how many came to an end, and how many a working day."""

from collections.abc import Mapping
from typing import Final

from casecore.vocabulary import Stage
from projections.indicator import Indicator, Join, Measure, Population, Relation, count, count_if, fact_table, total
from projections.populations import APPLIED_FOR, CASE_COLUMNS, CASE_KEY, CLOSED, CLOSED_BAND, COHORT, RECEIVED_BAND

__all__ = ["CLOSING_INDICATORS", "VOLUME_INDICATORS"]


def _all_cases(what: str, dated: str, band: Mapping[str, str], *where: str) -> Population:
    """Whatever became of them: those withdrawn (撤回) too, but no wrong record."""
    return Population(
        told=f"all cases but void ones (作废, 删除), by date of {what}",
        relation=fact_table("case_facts"),
        alias="c",
        where=(f"c.stage <> '{Stage.VOIDED.value}'", *where),
        dated=dated,
        columns={**CASE_COLUMNS, **band},
        case_key=CASE_KEY,
    )


_CLOSINGS: Final = "e.closed = 1 AND e.counted = 1 AND e.closed_on BETWEEN :since AND :until"


def _working_days(*by: str) -> Relation:
    """How many working days the period has in each district, by the calendar in force there on each of them.

    An open period goes as far as there are closings: of all districts (``days``), or of the district (``own_days``).
    """
    keys = ", ".join(f"d.{name}" for name in ("log", *by))
    return Relation(
        f"""(
    SELECT {keys},
        SUM(CASE WHEN d.day BETWEEN COALESCE(:first, w.first_on) AND COALESCE(:last, w.last_on)
            THEN d.working ELSE 0 END) AS days,
        SUM(CASE WHEN d.day BETWEEN COALESCE(:first, s.first_on) AND COALESCE(:last, s.last_on)
            THEN d.working ELSE 0 END) AS own_days
    FROM date_facts AS d
    LEFT JOIN (
        SELECT e.log, MIN(e.closed_on) AS first_on, MAX(e.closed_on) AS last_on
        FROM case_facts AS e WHERE {_CLOSINGS} GROUP BY e.log
    ) AS s ON s.log = d.log
    CROSS JOIN (
        SELECT MIN(e.closed_on) AS first_on, MAX(e.closed_on) AS last_on FROM case_facts AS e WHERE {_CLOSINGS}
    ) AS w
    GROUP BY {keys}
)""",  # noqa: S608 - our own names
        frozenset({"date_facts", "case_facts"}),
    )


def _most_days(alias: str) -> str:
    """The working days of the one district there is; of several, or where nothing was closed, of the one that has most."""
    own = f"CASE WHEN COUNT(DISTINCT c.log) = 1 THEN MAX({alias}.own_days) ELSE MAX({alias}.days) END"
    return f"COALESCE({own}, (SELECT MAX(n.days) FROM {_working_days().sql} AS n))"  # noqa: S608 - our own names


_BY_DAYS: Final = CLOSED.joined(
    Join(relation=_working_days(), alias="w", on="w.log = c.log", optional=True),
    Join(relation=_working_days("month"), alias="m", on="m.log = c.log AND m.month = c.closed_month", optional=True),
)
_DATES: Final = Population(
    told="dates of the period in the districts with closings",
    relation=fact_table("date_facts"),
    alias="d",
    where=(f"d.log IN (SELECT e.log FROM case_facts AS e WHERE {_CLOSINGS})",),  # noqa: S608 - our own names
    dated="d.day",
    columns={"district": "d.log", "month": "d.month"},
)

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
    Indicator(
        code="K11-withdrawn",
        zh="撤回率",
        en="withdrawn, of those received",
        population=_all_cases("receipt", "c.received_on", RECEIVED_BAND, APPLIED_FOR),
        numerator=count_if(f"c.stage = '{Stage.WITHDRAWN.value}'", "of these, withdrawn by the applicant (撤回) by now"),
        denominator=count("cases received"),
        source="domain.md §4, conventions: 撤回 counts in 收件 and in 撤回率 alone; cohort form",
        cohort=True,
    ),
)
"""K11, and what was withdrawn instead."""

VOLUME_INDICATORS: Final = (
    Indicator(
        code="K20-received",
        zh="办件量(收件)",
        en="cases received",
        population=_all_cases("receipt", "c.received_on", RECEIVED_BAND, APPLIED_FOR),
        numerator=count("cases"),
        denominator=None,
        source="S0 成都: 11306 = 2090 + 7694 + 1522",
        percent=False,
    ),
    Indicator(
        code="K20-accepted",
        zh="办件量(受理)",
        en="cases accepted",
        population=_all_cases("acceptance", "c.accepted_on", RECEIVED_BAND, APPLIED_FOR),
        numerator=count("cases"),
        denominator=None,
        source="S0 成都: the event is stated",
        percent=False,
    ),
    Indicator(
        code="K20-closed",
        zh="办件量(办结)",
        en="cases closed",
        population=_all_cases("closing", "c.closed_on", CLOSED_BAND),
        numerator=count("cases"),
        denominator=None,
        source="S0 成都: the event is stated",
        percent=False,
    ),
    Indicator(
        code="K21",
        zh="日均办结量",
        en="closed a working day",
        population=_BY_DAYS,
        numerator=count("cases closed, on whatever day"),
        denominator=Measure(
            told="working days of the period by the calendar in force in the district; of districts with different calendars"
            " together, those of the one that has most; an open period goes from the first closing to the last",
            sql=_most_days("w"),
            by_month=_most_days("m"),
        ),
        source="S1 新都: 9710 a working day",
        percent=False,
        rests=_DATES,
    ),
)
"""K20 and K21, in the order they are reported."""
