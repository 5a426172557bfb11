"""Compliance with time limits (时限合规): the law, the package, the step, the five days of acceptance, the ten of delivery.

Each in two forms. Of those that ended (``K6-…``): by the day they ended; what still runs is not among them. Of those due
(``K6b-…``): by the day they were due, and what still runs past it is a failure, as in K6b.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from casecore.kinds import PACKAGE
from casecore.vocabulary import ClockKind
from projections.indicator import Indicator, Join, Population, count, count_if, fact_table, total
from projections.populations import CASE_COLUMNS, CASE_KEY, UNRECORDED, falling_due
from projections.time_indicators import NEAREST_RANK

__all__ = ["COMPLIANCE_INDICATORS", "SHOWN_CODES"]


class _Limit(NamedTuple):
    """One limit, and whose it is."""

    code: str
    ended_zh: str
    due_zh: str
    en: str
    those: str
    """Who is judged, in English."""
    of: Population
    source: str


def _of_cases(*kinds: ClockKind, where: tuple[str, ...] = (), columns: Mapping[str, str] = CASE_COLUMNS) -> Population:
    """The clocks of these kinds, each with its case; cases that were withdrawn or are void do not count."""
    listed = ", ".join(f"'{kind.value}'" for kind in kinds)
    return Population(
        told="clocks of cases",
        relation=fact_table("case_facts"),
        alias="c",
        joins=(
            Join(
                relation=fact_table("clock_facts"),
                alias="k",
                on="k.log = c.log AND k.stream_id = c.case_id",
            ),
        ),
        where=("c.counted = 1", f"k.kind IN ({listed})", *where),
        columns=columns,
        case_key=CASE_KEY,
    )


def _of_packages(kind: ClockKind) -> Population:
    """The joint clock of that kind of every package (一件事) that was accepted; one withdrawn as a whole does not count."""
    return Population(
        told="joint clocks of packages",
        relation=fact_table("package_facts"),
        alias="p",
        joins=(
            Join(
                relation=fact_table("clock_facts"),
                alias="k",
                on=f"k.log = p.log AND k.stream_id = p.package_id AND k.stream_kind = '{PACKAGE.name}'",
            ),
        ),
        where=("p.withdrawn = 0", f"k.kind = '{kind.value}'"),
        columns={
            "district": "p.log",
            **{name: f"COALESCE(p.{name}, '{UNRECORDED}')" for name in ("hall", "tier", "channel", "theme")},
        },
    )


# What ended without a decision counts as K6 counts it: 补交不来 (5) is judged by no limit.
_NORMALLY: Final = ("c.closed = 0 OR c.closed_normally = 1",)
_BY_WHO_ACTS: Final = {**CASE_COLUMNS, "department": f"COALESCE(k.department, '{UNRECORDED}')"}

_LIMITS: Final = (
    _Limit(
        "statutory",
        "法定时限内决定率",
        "到期办件法定时限内决定率",
        "decided within the limit of the law",
        "cases under a statutory limit, by their decision (决定), or by a closing without one",
        _of_cases(ClockKind.STATUTORY, where=_NORMALLY),
        "行政许可法 Art. 42(1), 42(2) for joint handling; other items by the law their catalogue names",
    ),
    _Limit(
        "package",
        "一件事按时办结率",
        "到期一件事按时办结率",
        "packages closed within their joint promise",
        "packages (一件事), by their closing (办结)",
        _of_packages(ClockKind.PROMISED),
        "domain.md §2.3, S3 通州: 20 → 10 工作日",
    ),
    _Limit(
        "package-statutory",
        "一件事法定时限内决定率",
        "到期一件事法定时限内决定率",
        "packages decided within their joint limit by law",
        "packages (一件事), by the last decision (决定) on a case of theirs",
        _of_packages(ClockKind.STATUTORY),
        "行政许可法 Art. 26, 42(2): 45 + 15 working days",
    ),
    _Limit(
        "step",
        "环节按时办结率",
        "到期环节按时办结率",
        "steps answered within their limits",
        "routings of steps with a limit (环节时限, 初审时限), by the answer; the department is the one that had to act",
        _of_cases(ClockKind.STEP, ClockKind.PRELIMINARY_REVIEW, columns=_BY_WHO_ACTS),
        "domain.md §2.3: 环节超时; 行政许可法 Art. 43 for 初审",
    ),
    _Limit(
        "acceptance",
        "五日内答复率(受理)",
        "到期五日内答复率(受理)",
        "papers answered within five working days",
        "papers that came in under the law of licences, by the answer: accepted, declined, told what is missing;"
        " what silence has accepted was not answered in time",
        _of_cases(ClockKind.ACCEPTANCE),
        "行政许可法 Art. 32(4)",
    ),
    _Limit(
        "delivery",
        "十日内送达率",
        "到期十日内送达率",
        "results handed over within ten working days of the decision",
        "granted cases under the law of licences with a result to hand over, by the hand-over",
        _of_cases(ClockKind.DELIVERY),
        "行政许可法 Art. 44",
    ),
)


def _pair(limit: _Limit) -> tuple[Indicator, Indicator]:
    """Of those that ended, and of those due in the period."""
    on_time = count_if("k.verdict = 'on_time'", "in time: on or before the due date, limits within a day by the minute")
    ended = limit.of.narrowed("k.verdict IS NOT NULL", told=limit.those)
    due = falling_due(
        limit.of,
        f"of {limit.those}: those due in the period, judged, or running and past due on the day asked",
        due="k.due_on",
        judged="k.verdict IS NOT NULL",
        running="k.ended_on IS NULL",
    )
    return (
        Indicator(
            code=f"K6-{limit.code}",
            zh=limit.ended_zh,
            en=limit.en,
            population=replace(ended, dated="k.ended_on"),
            numerator=on_time,
            denominator=count("those that ended in the period"),
            source=limit.source,
        ),
        Indicator(
            code=f"K6b-{limit.code}",
            zh=limit.due_zh,
            en=f"{limit.en}, of all that fell due",
            population=due,
            numerator=on_time,
            denominator=count("those due"),
            source=f"{limit.source}; what runs past its due date is a failure (domain.md §4 K6b)",
        ),
    )


_STEPS: Final = Population(
    told="steps (环节) of cases that count, by the day they ended; one nobody recorded the beginning of is left out",
    relation=fact_table("case_facts"),
    alias="c",
    joins=(Join(relation=fact_table("step_facts"), alias="s", on="s.log = c.log AND s.case_id = c.case_id"),),
    where=("c.counted = 1", "s.working_days IS NOT NULL"),
    dated="s.ended_on",
    columns={**CASE_COLUMNS, "department": f"COALESCE(s.department, '{UNRECORDED}')"},
    case_key=CASE_KEY,
)

COMPLIANCE_INDICATORS: Final[tuple[Indicator, ...]] = (
    *(one for limit in _LIMITS for one in _pair(limit)),
    Indicator(
        code="K9-step",
        zh="环节平均用时(工作日)",
        en="working days a step took at its department: mean, median, 90th percentile",
        population=_STEPS,
        numerator=total("s.working_days", "Σ working days from the routing to the answer, nothing left out"),
        denominator=count("steps"),
        source=f"domain.md §2.3: step time; {NEAREST_RANK}",
        percent=False,
        spread="s.working_days",
    ),
)
"""K6 and K6b of every limit but the promise, then how long steps took, in the order they are reported."""

SHOWN_CODES: Final = tuple(f"K6b-{code}" for code in ("statutory", "package", "step", "acceptance", "delivery"))
"""The five figures a hall is held to."""
