"""Indicators of trips (跑动): declared for items, made for cases, and made for whole packages (一件事).

A visit that served several cases counts in full for each of them, once as a visit, or in shares that add up to the visit:
three forms that cannot be compared. Trips count as :mod:`casecore.case.trips` says (domain.md §4, trip rules).
"""

from typing import Final

from casecore.vocabulary import TripVerdict
from projections.indicator import (
    CLOSED,
    ITEM_GROUPS,
    ITEM_POPULATION,
    ITEMS,
    PACKAGE_GROUPS,
    Indicator,
    by_date,
    flag,
    select,
)

__all__ = ["PARTS", "TRIP_INDICATORS", "VISITED_PACKAGES"]

PARTS: Final = 720_720
"""How many parts a visit has when it is shared out: divisible by every number up to 16, so that up to 16 share alike."""

_POPULATION: Final = "closed cases whose trips were recorded, by closing date"
_RECORDED: Final = f"{CLOSED} AND c.trips_recorded = 1 GROUP BY 1"

_TRIPS: Final = """
FROM case_facts AS c
{join} JOIN trip_facts AS t ON t.log = c.log AND t.case_id = c.case_id AND t.gross = 1
WHERE c.closed = 1 AND c.counted = 1 AND c.trips_recorded = 1 AND c.closed_on BETWEEN :since AND :until
GROUP BY 1"""


def _shared_out(whole: str, among: str, place: str) -> str:
    """A whole number shared out among several, the first getting one more where it does not go: the shares add up to it."""
    return f"{whole} / {among} + CASE WHEN {place} <= {whole} - {among} * ({whole} / {among}) THEN 1 ELSE 0 END"


_GROUPED: Final = "b.log, b.case_id, b.department, b.item, b.hall, b.tier, b.channel, b.package, b.theme"
_IN_PERIOD: Final = "c.closed = 1 AND c.trips_recorded = 1 AND c.closed_on BETWEEN :since AND :until"

# Joined case by case, over the index of their rows: a database that knows nothing of a table's size yet joins sums badly.
_APPORTIONED: Final = f"""
FROM (
    SELECT {_GROUPED}, b.closed, b.closed_on, b.trips_recorded, t.visit,
        DENSE_RANK() OVER served AS place,
        DENSE_RANK() OVER (PARTITION BY b.log, t.visit ORDER BY b.case_id DESC) AS from_last,
        CASE WHEN b.case_id = LAG(b.case_id) OVER served THEN 1 ELSE 0 END AS told_again
    FROM case_facts AS b
    LEFT JOIN trip_facts AS t ON t.log = b.log AND t.case_id = b.case_id AND t.gross = 1
    WHERE b.counted = 1
    WINDOW served AS (PARTITION BY b.log, t.visit ORDER BY b.case_id)
) AS c
WHERE {_IN_PERIOD}
GROUP BY 1"""  # noqa: S608 - our own names
_SHARE: Final = _shared_out(str(PARTS), "(c.place + c.from_last - 1)", "c.place")

_INHERITED: Final = f"""
FROM (
    SELECT d.*,
        {PARTS} * SUM(d.first_of_visit) OVER (PARTITION BY d.log, d.package) AS whole,
        SUM(d.first_of_case) OVER (PARTITION BY d.log, d.package) AS among
    FROM (
        SELECT {_GROUPED}, b.closed, b.closed_on, b.trips_recorded,
            DENSE_RANK() OVER (PARTITION BY b.log, b.package ORDER BY b.case_id) AS place,
            CASE WHEN ROW_NUMBER() OVER (PARTITION BY b.log, b.case_id ORDER BY t.visit) = 1 THEN 1 ELSE 0 END
                AS first_of_case,
            CASE WHEN t.visit IS NOT NULL
                AND ROW_NUMBER() OVER (PARTITION BY b.log, b.package, t.visit ORDER BY b.case_id) = 1
                THEN 1 ELSE 0 END AS first_of_visit
        FROM case_facts AS b
        LEFT JOIN trip_facts AS t ON t.log = b.log AND t.case_id = b.case_id AND t.gross = 1
        WHERE b.package IS NOT NULL AND b.counted = 1
    ) AS d
) AS c
WHERE c.first_of_case = 1 AND {_IN_PERIOD}
GROUP BY 1"""  # noqa: S608 - our own names


def _visits(which: str = "t.visit") -> str:
    """How many visits were made for the cases of a package."""
    return f"""(
    SELECT COUNT(DISTINCT {which})
    FROM member_facts AS m
    JOIN case_facts AS v ON v.log = m.log AND v.case_id = m.case_id AND v.counted = 1
    JOIN trip_facts AS t ON t.log = v.log AND t.case_id = v.case_id AND t.gross = 1
    WHERE m.log = q.log AND m.package_id = q.package_id
)"""  # noqa: S608 - our own names


VISITED_PACKAGES: Final = f"""(
SELECT q.*,
    {_visits()} AS gross,
    {_visits("CASE WHEN t.net = 1 THEN t.visit END")} AS net
FROM package_facts AS q
)"""  # noqa: S608 - our own names
"""Packages with the visits made for their cases: all (gross), and those that count against "at most one visit" (net)."""

_PACKAGE_POPULATION: Final = "closed packages (一件事) that were accepted, by closing date"
_PACKAGES: Final = f"""
FROM {VISITED_PACKAGES} AS p
WHERE p.closed = 1 AND p.accepted_on IS NOT NULL AND p.closed_on BETWEEN :since AND :until
GROUP BY 1"""
_OF_PACKAGE: Final = (
    "visits count once for the package, whichever of its cases they served; withdrawn and void cases bring none"
)

_TO_SPARE: Final = f"t.verdict IN ('{TripVerdict.AGENCY.value}', '{TripVerdict.OPTIONAL.value}')"

_MEAN_TRIPS: Final = (
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
        _POPULATION,
        "Σ trips of each case (a shared visit counts once for each case it served)",
        "closed cases",
        "domain.md §4 K2, first form",
        by_date("closed_on"),
        select("SUM(c.trips_gross)", "COUNT(*)", _RECORDED),
        percent=False,
    ),
    Indicator(
        "K2-visits",
        "平均到场次数(按实际到场)",
        "mean distinct visits, by case",
        _POPULATION,
        "distinct visits made for those cases",
        "closed cases",
        "domain.md §4 K2, second form",
        by_date("closed_on"),
        select(
            "COUNT(DISTINCT t.log || '/' || t.visit)",
            "COUNT(DISTINCT c.log || '/' || c.case_id)",
            _TRIPS.format(join="LEFT"),
        ),
        percent=False,
    ),
    Indicator(
        "K2-apportioned",
        "平均跑动次数(分摊口径)",
        "mean trips, shared visits apportioned",
        _POPULATION,
        f"Σ shares of visits, in {PARTS} parts of a visit: one that served k cases gives each 1/k, whole parts that add up"
        " to the visit; withdrawn and void cases get none",
        f"closed cases × {PARTS}",
        "domain.md §4 K2 and trip rules: 1/k, sums to real visits",
        by_date("closed_on"),
        select(
            f"SUM(CASE WHEN c.visit IS NOT NULL AND c.told_again = 0 THEN {_SHARE} ELSE 0 END)",
            f"{PARTS} * COUNT(DISTINCT c.log || '/' || c.case_id)",
            _APPORTIONED,
        ),
        percent=False,
    ),
    Indicator(
        "K2-inherited",
        "平均跑动次数(一件事子办件分摊口径)",
        "mean trips of a package's cases, inherited from the package",
        f"{_POPULATION}, of packages (一件事)",
        f"Σ shares of their packages' visits, in {PARTS} parts of a visit: each of N cases inherits 1/N of all of them",
        f"closed cases of packages × {PARTS}",
        "domain.md §4, trip rules: sub-cases inherit by 1/N",
        by_date("closed_on"),
        select(f"SUM({_shared_out('c.whole', 'c.among', 'c.place')})", f"{PARTS} * COUNT(*)", _INHERITED),
        percent=False,
    ),
    Indicator(
        "K2-net",
        "平均跑动次数(净口径)",
        "mean net trips, by case",
        _POPULATION,
        "Σ trips of each case that count against “at most one visit”: without corrections the applicant alone caused",
        "closed cases",
        "domain.md §4 K2; trip rules there: net",
        by_date("closed_on"),
        select("SUM(c.trips_net)", "COUNT(*)", _RECORDED),
        percent=False,
    ),
    Indicator(
        "K2-near",
        "平均就近跑动次数",
        "mean near visits, by case",
        _POPULATION,
        "Σ trips to a village point or a terminal in the neighbourhood, where they are trips at all",
        "closed cases",
        "domain.md §4, trip rules: near visit; S2: 两步路",
        by_date("closed_on"),
        select("SUM(c.trips_near)", "COUNT(*)", _RECORDED),
        percent=False,
    ),
    Indicator(
        "K2-journey",
        "平均跑动次数(全流程口径)",
        "mean trips of the whole journey, by case",
        _POPULATION,
        "Σ trips of each case, those before the application too (从准备材料开始)",
        "closed cases",
        "domain.md §4, trip rules: whole journey, 不设前提 (Zhejiang)",
        by_date("closed_on"),
        select("SUM(c.trips_journey)", "COUNT(*)", _RECORDED),
        percent=False,
    ),
    Indicator(
        "K2-package",
        "平均跑动次数(一件事口径)",
        "mean visits, by package",
        _PACKAGE_POPULATION,
        f"Σ visits made for each package; {_OF_PACKAGE}",
        "closed packages",
        "domain.md §4, trip rules: measured on the package; S3 通州: 12 bookstores, 2 visits",
        PACKAGE_GROUPS,
        select("SUM(p.gross)", "COUNT(*)", _PACKAGES),
        percent=False,
    ),
    Indicator(
        "K2-avoidable",
        "可避免跑动占比",
        "trips that could have been spared",
        f"trips of {_POPULATION}",
        "trips the agency caused (因行政机关重复到场), and those beyond what was promised (可不跑而跑)",
        "trips",
        "domain.md §4, trip rules; 行政许可法 Art. 32(4): 一次告知",
        by_date("closed_on"),
        select(flag(_TO_SPARE), "COUNT(*)", _TRIPS.format(join="")),
    ),
)

_AT_MOST_ONE: Final = (
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
        _POPULATION,
        "cases with at most one net trip",
        "closed cases",
        "domain.md §4 K3, case form; trip rules there",
        by_date("closed_on"),
        select(flag("c.trips_net <= 1"), "COUNT(*)", _RECORDED),
    ),
    Indicator(
        "K3-package",
        "“最多跑一次”率(一件事口径)",
        "at most one visit, by package",
        _PACKAGE_POPULATION,
        f"packages with at most one net visit; {_OF_PACKAGE}",
        "closed packages",
        "domain.md §4 K3; trip rules there: promise and net visits are measured on the package",
        PACKAGE_GROUPS,
        select(flag("p.net <= 1"), "COUNT(*)", _PACKAGES),
    ),
)

_NONE: Final = (
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
        _POPULATION,
        "cases without a net trip",
        "closed cases",
        "domain.md §4 K4, case form; trip rules there",
        by_date("closed_on"),
        select(flag("c.trips_net = 0"), "COUNT(*)", _RECORDED),
    ),
    Indicator(
        "K4-package",
        "零跑动率(一件事口径)",
        "zero visits, by package",
        _PACKAGE_POPULATION,
        f"packages without a net visit; {_OF_PACKAGE}",
        "closed packages",
        "domain.md §4 K4; trip rules there: promise and net visits are measured on the package",
        PACKAGE_GROUPS,
        select(flag("p.net = 0"), "COUNT(*)", _PACKAGES),
    ),
)

TRIP_INDICATORS: Final = (*_MEAN_TRIPS, *_AT_MOST_ONE, *_NONE)
"""K1 to K4 in every form, in the order they are reported."""
