"""Indicators of visits (到场): how many people came (人次), how often in vain (白跑), how often for advice (咨询).

A visit counts at the hall and in the month in which somebody came, whatever becomes of the cases it served. A 代办员, home
service and premises of others (厅外单位) bring nobody to a hall.
"""

from typing import Final

from projections.indicator import Indicator, Population, count, fact_table, total

__all__ = ["VISITS", "VISIT_INDICATORS"]

VISITS: Final = Population(
    told="visits to halls and sites by the people whose matter it is or whom they sent, by the day they came",
    relation=fact_table("visit_facts"),
    alias="v",
    where=("v.person_times > 0",),
    dated="v.came_on",
    columns={"district": "v.log", "hall": "v.hall"},
)

VISIT_INDICATORS: Final = (
    Indicator(
        code="V1",
        zh="服务办事人次",
        en="person-times",
        population=VISITS,
        numerator=total("v.person_times", "Σ persons who came; one where nobody said how many"),
        denominator=None,
        source="S3 通州: 7.5 万余人次, a counter of persons, not of cases",
        percent=False,
    ),
    Indicator(
        code="V2",
        zh="到场次数",
        en="visits",
        population=VISITS,
        numerator=count("visits, however many came together"),
        denominator=None,
        source="domain.md §4, trip rules: a visit serves one case, several or none",
        percent=False,
    ),
    Indicator(
        code="V3",
        zh="白跑率",
        en="visits in vain",
        population=VISITS.narrowed("v.ended = 1", told=f"{VISITS.told}, of which it is known how they ended"),
        numerator=total("v.in_vain", "visits left in vain (白跑)"),
        denominator=count("visits that were left or served a case"),
        source="field practice (白跑): come, and go without being served",
    ),
    Indicator(
        code="V4",
        zh="咨询次数",
        en="consultations",
        population=VISITS,
        numerator=total("v.consultation", "visits for advice (咨询), with a case or without"),
        denominator=None,
        source="domain.md §4, trip rules: consulting is no trip of a case, and is recorded",
        percent=False,
    ),
)
"""V1 to V4, in the order they are reported."""
