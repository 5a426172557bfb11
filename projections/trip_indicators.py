"""Indicators of trips (跑动): declared for items, made for cases, and made for whole packages (一件事).

A visit that served several cases counts in full for each of them, once as a visit, or in shares that add up to the visit:
three forms that cannot be compared. Trips count as :mod:`casecore.reading.trips` says (domain.md §4, trip rules).
"""

from dataclasses import replace
from typing import Final

from casecore.vocabulary import TripVerdict
from projections.indicator import Indicator, Join, Measure, count, count_if, fact_table, total
from projections.populations import CLOSED, ITEMS, KNOWN
from projections.trip_coverage import COVERED_CASES, COVERED_MEMBERS, COVERED_PACKAGES
from projections.trip_populations import (
    CLOSED_PACKAGES,
    FIRST_OF_CASE,
    INHERITED,
    INHERITED_SHARE,
    KNOWN_WHOLE,
    PACKAGES,
    PARTS,
    SHARE,
    SHARED_OUT,
    TRIPS,
    WITH_TRIPS,
)

__all__ = ["TRIP_INDICATORS"]

_OF_PACKAGE: Final = (
    "visits count once for the package, whichever of its cases they served; withdrawn and void cases bring none"
)
_TO_SPARE: Final = f"c.verdict IN ('{TripVerdict.AGENCY.value}', '{TripVerdict.OPTIONAL.value}')"

_MEAN_TRIPS: Final = (
    Indicator(
        code="K1",
        zh="平均跑动次数(事项口径)",
        en="mean trips, by item",
        population=ITEMS,
        numerator=total("i.visits", "Σ 到办事现场次数"),
        denominator=count("items"),
        source="S3 通州: 413 / 1942 = 0.2127",
        percent=False,
    ),
    Indicator(
        code="K2",
        zh="平均跑动次数(办件口径)",
        en="mean trips, by case",
        population=KNOWN,
        coverage=COVERED_CASES,
        numerator=total("c.trips_gross", "Σ trips of each case (a shared visit counts once for each case it served)"),
        denominator=count("closed cases"),
        source="domain.md §4 K2, first form",
        percent=False,
    ),
    Indicator(
        code="K2-visits",
        zh="平均到场次数(按实际到场)",
        en="mean distinct visits, by case",
        population=WITH_TRIPS,
        coverage=COVERED_CASES,
        numerator=Measure(
            sql="COUNT(DISTINCT t.log || '/' || t.visit)",
            told="distinct visits made for those cases",
        ),
        denominator=Measure(sql="COUNT(DISTINCT c.log || '/' || c.case_id)", told="closed cases"),
        source="domain.md §4 K2, second form",
        percent=False,
        rests=KNOWN,
    ),
    Indicator(
        code="K2-apportioned",
        zh="平均跑动次数(分摊口径)",
        en="mean trips, shared visits apportioned",
        population=SHARED_OUT,
        coverage=COVERED_CASES,
        numerator=total(
            f"CASE WHEN c.visit IS NOT NULL AND c.told_again = 0 THEN {SHARE} ELSE 0 END",
            f"Σ shares of visits, in {PARTS} parts of a visit: one that served k cases gives each 1/k, whole parts that add"
            " up to the visit; withdrawn and void cases get none",
        ),
        denominator=total(f"CASE WHEN {FIRST_OF_CASE} THEN {PARTS} ELSE 0 END", f"closed cases × {PARTS}"),
        source="domain.md §4 K2 and trip rules: 1/k, sums to real visits",
        percent=False,
    ),
    Indicator(
        code="K2-inherited",
        zh="平均跑动次数(一件事子办件分摊口径)",
        en="mean trips of a package's cases, inherited from the package",
        population=INHERITED,
        coverage=COVERED_MEMBERS,
        numerator=total(
            INHERITED_SHARE,
            f"Σ shares of their packages' visits, in {PARTS} parts of a visit: each of N cases inherits 1/N of all of them",
        ),
        denominator=count(f"closed cases of packages × {PARTS}", weight=PARTS),
        source="domain.md §4, trip rules: sub-cases inherit by 1/N",
        percent=False,
    ),
    Indicator(
        code="K2-net",
        zh="平均跑动次数(净口径)",
        en="mean net trips, by case",
        population=KNOWN,
        coverage=COVERED_CASES,
        numerator=total(
            "c.trips_net",
            "Σ trips of each case that count against “at most one visit”: without corrections the applicant alone caused",
        ),
        denominator=count("closed cases"),
        source="domain.md §4 K2; trip rules there: net",
        percent=False,
    ),
    Indicator(
        code="K2-near",
        zh="平均就近跑动次数",
        en="mean near visits, by case",
        population=KNOWN,
        coverage=COVERED_CASES,
        numerator=total(
            "c.trips_near",
            "Σ trips to a village point or a terminal in the neighbourhood, where they are trips at all",
        ),
        denominator=count("closed cases"),
        source="domain.md §4, trip rules: near visit; S2: 两步路",
        percent=False,
    ),
    Indicator(
        code="K2-journey",
        zh="平均跑动次数(全流程口径)",
        en="mean trips of the whole journey, by case",
        population=KNOWN,
        coverage=COVERED_CASES,
        numerator=total(
            "c.trips_journey",
            "Σ trips of each case, those before the application too (从准备材料开始)",
        ),
        denominator=count("closed cases"),
        source="domain.md §4, trip rules: whole journey, 不设前提 (Zhejiang)",
        percent=False,
    ),
    Indicator(
        code="K2-package",
        zh="平均跑动次数(一件事口径)",
        en="mean visits, by package",
        population=PACKAGES,
        coverage=COVERED_PACKAGES,
        numerator=total("p.gross", f"Σ visits made for each package; {_OF_PACKAGE}"),
        denominator=count("closed packages"),
        source="domain.md §4, trip rules: measured on the package; S3 通州: 12 bookstores, 2 visits",
        percent=False,
    ),
    Indicator(
        code="K2-avoidable",
        zh="可避免跑动占比",
        en="trips that could have been spared",
        population=TRIPS,
        coverage=COVERED_CASES,
        numerator=count_if(
            _TO_SPARE,
            "those the agency caused (因行政机关重复到场), and those beyond what was promised (可不跑而跑), of a package"
            " for the whole of it",
        ),
        denominator=count("trips, of packages visits"),
        source="domain.md §4, trip rules; 行政许可法 Art. 32(4): 一次告知",
    ),
)

_NEEDED_BEFORE: Final = "of which a source says how many visits they took before the reform"
_CASES_BEFORE: Final = CLOSED.joined(
    Join(
        relation=fact_table("item_facts"),
        alias="i",
        on="i.log = c.log AND i.item = c.item AND i.item_version = c.item_version AND i.visits_before IS NOT NULL",
    ),
).narrowed("c.package IS NULL", told=f"closed cases in no package (一件事), of items {_NEEDED_BEFORE}, by closing date")
_PACKAGES_BEFORE: Final = CLOSED_PACKAGES.joined(
    Join(
        relation=fact_table("theme_facts"),
        alias="t",
        on="t.log = p.log AND t.theme = p.theme AND t.theme_version = p.theme_version AND t.visits_before IS NOT NULL",
    ),
    told=f"{CLOSED_PACKAGES.told}, of themes {_NEEDED_BEFORE}",
)

_SAVED: Final = (
    Indicator(
        code="K2-saved",
        zh="平均减少跑动次数(办件口径)",
        en="mean trips saved, by case",
        population=_CASES_BEFORE.narrowed("c.trips_unknown IS NULL", told=f"{_CASES_BEFORE.told}, whose trips are known"),
        coverage=replace(COVERED_CASES, population=_CASES_BEFORE),
        numerator=total("i.visits_before - c.trips_gross", "Σ visits before − Σ trips of each case"),
        denominator=count("closed cases"),
        source="domain.md §5, 31 (S2 龙游): against what it took before; an item without a source for that is left out",
        percent=False,
    ),
    Indicator(
        code="K2-saved-package",
        zh="平均减少到场次数(一件事口径)",
        en="mean visits saved, by package",
        population=_PACKAGES_BEFORE.narrowed(
            KNOWN_WHOLE.format("p"), told=f"{_PACKAGES_BEFORE.told}, whose trips are known"
        ),
        coverage=replace(COVERED_PACKAGES, population=_PACKAGES_BEFORE),
        numerator=total("t.visits_before - p.gross", f"Σ visits before − Σ visits made for each package; {_OF_PACKAGE}"),
        denominator=count("closed packages"),
        source="domain.md §5, 31 (S2 龙游): 少跑6次; a theme without a source for what it took before is left out",
        percent=False,
    ),
)

_AT_MOST_ONE: Final = (
    Indicator(
        code="K3",
        zh="“最多跑一次”率(事项口径)",
        en="at most one trip, by item",
        population=ITEMS,
        numerator=count_if("i.visits <= 1", "items with 到办事现场次数 ≤ 1"),
        denominator=count("items"),
        source="field practice: 到办事现场次数≤1的事项÷全部事项",
    ),
    Indicator(
        code="K3-case",
        zh="“最多跑一次”率(办件口径)",
        en="at most one trip, by case",
        population=KNOWN,
        coverage=COVERED_CASES,
        numerator=count_if("c.trips_net <= 1", "cases with at most one net trip"),
        denominator=count("closed cases"),
        source="domain.md §4 K3, case form; trip rules there",
    ),
    Indicator(
        code="K3-package",
        zh="“最多跑一次”率(一件事口径)",
        en="at most one visit, by package",
        population=PACKAGES,
        coverage=COVERED_PACKAGES,
        numerator=count_if("p.net <= 1", f"packages with at most one net visit; {_OF_PACKAGE}"),
        denominator=count("closed packages"),
        source="domain.md §4 K3; trip rules there: promise and net visits are measured on the package",
    ),
)

_NONE: Final = (
    Indicator(
        code="K4",
        zh="零跑动率(事项口径)",
        en="zero trips, by item",
        population=ITEMS,
        numerator=count_if(
            "i.visits = 0 OR i.fully_online = 1",
            "items with 到办事现场次数 = 0 or 网上办理深度 5, 6 or 7",
        ),
        denominator=count("items"),
        source="field practice; S3 通州: 1529 / 1942 = 78.73 %",
    ),
    Indicator(
        code="K4-case",
        zh="零跑动率(办件口径)",
        en="zero trips, by case",
        population=KNOWN,
        coverage=COVERED_CASES,
        numerator=count_if("c.trips_net = 0", "cases without a net trip"),
        denominator=count("closed cases"),
        source="domain.md §4 K4, case form; trip rules there",
    ),
    Indicator(
        code="K4-package",
        zh="零跑动率(一件事口径)",
        en="zero visits, by package",
        population=PACKAGES,
        coverage=COVERED_PACKAGES,
        numerator=count_if("p.net = 0", f"packages without a net visit; {_OF_PACKAGE}"),
        denominator=count("closed packages"),
        source="domain.md §4 K4; trip rules there: promise and net visits are measured on the package",
    ),
)

TRIP_INDICATORS: Final = (*_MEAN_TRIPS, *_SAVED, COVERED_CASES, COVERED_MEMBERS, COVERED_PACKAGES, *_AT_MOST_ONE, *_NONE)
"""K1 to K4 in every form, and of how many cases and packages they tell, in the order they are reported."""
