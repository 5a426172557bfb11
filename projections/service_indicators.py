"""Indicators of service: what nobody had to hand in, what was done at once or online, and what the citizens said of it."""

from typing import Final

from casecore.vocabulary import MaterialWay, RatingReview, Stage
from projections.indicator import CLOSED, ITEM_GROUPS, ITEM_POPULATION, ITEMS, UNRECORDED, Indicator, by_date, flag, select

__all__ = ["MATERIAL_INDICATORS", "SERVICE_INDICATORS"]

_TRIP_POPULATION: Final = "closed cases whose trips were recorded, by closing date"

_SPARED: Final = ", ".join(f"'{way.value}'" for way in MaterialWay if way.reused or way is MaterialWay.EXEMPTED)
_REMOVED: Final = ", ".join(f"'{review.value}'" for review in (RatingReview.MISTAKEN, RatingReview.MALICIOUS))

_RATINGS: Final = f"""
FROM rating_facts AS r
JOIN case_facts AS c ON c.log = r.log AND c.case_id = r.case_id
WHERE r.rated_on BETWEEN :since AND :until AND (r.review IS NULL OR r.review NOT IN ({_REMOVED}))
  AND (c.counted = 1 OR c.stage = '{Stage.WITHDRAWN.value}')
  AND NOT EXISTS (
    SELECT 1 FROM rating_facts AS n
    WHERE n.log = r.log AND n.case_id = r.case_id AND COALESCE(n.step, '') = COALESCE(r.step, '') AND n.rating > r.rating
  )"""  # noqa: S608 - our own names
_NO_DEFAULTS: Final = f"{_RATINGS} AND r.defaulted = 0"

_RATED: Final = {**by_date("rated_on", of="r"), "channel": f"COALESCE(r.channel, '{UNRECORDED}')"}
"""By channel, a rating goes by the one it was given through."""

_RATING_POPULATION: Final = (
    "ratings of a step or of the whole case, by the date given; left out are those of void cases, those another one"
    " stands for now, what review found to be 误评 or 恶意"
)

_ALL_SPARED: Final = f"""NOT EXISTS (
    SELECT 1 FROM material_facts AS m
    WHERE m.log = c.log AND m.case_id = c.case_id AND (m.way IS NULL OR m.way NOT IN ({_SPARED}))
)"""  # noqa: S608 - our own names

MATERIAL_INDICATORS: Final = (
    Indicator(
        "K14",
        "免提交率",
        "materials nobody had to hand in",
        "required materials of closed cases, by closing date",
        "met by 电子证照, 数据共享 or 历史办件复用",
        "required materials; a look-up that failed and fell back to paper stays in",
        "domain.md §4 K14; S4 增城",
        by_date("closed_on"),
        select("SUM(c.materials_reused)", "SUM(c.materials_required)", f"{CLOSED} AND c.materials_required > 0 GROUP BY 1"),
    ),
    Indicator(
        "K14-shared",
        "一件事共用率",
        "materials handed in once for the whole package",
        "required materials of closed cases of packages (一件事), by closing date",
        "handed in for another case of the package",
        "required materials",
        "domain.md §4 K14, of which it is no part; S2 人民日报: 減少攜帶證件12份",
        by_date("closed_on"),
        select(
            "SUM(c.materials_shared)",
            "SUM(c.materials_required)",
            f"{CLOSED} AND c.materials_required > 0 AND c.package IS NOT NULL GROUP BY 1",
        ),
    ),
    Indicator(
        "K14-licence",
        "电子证照复用率",
        "licences reused, where one may stand for the paper",
        "required materials of closed cases an electronic licence may stand for, by closing date",
        "met by 电子证照",
        "such materials; a look-up that failed and fell back to paper stays in",
        "domain.md §4 K14; S4 增城",
        by_date("closed_on"),
        select(
            "SUM(c.materials_by_licence)",
            "SUM(c.materials_replaceable)",
            f"{CLOSED} AND c.materials_replaceable > 0 GROUP BY 1",
        ),
    ),
    Indicator(
        "K14-case",
        "一证通办率(办件口径)",
        "cases without any material handed in",
        "closed cases of items that require materials, by closing date",
        "cases whose materials were all looked up or exempted; one shared by the package (一件事共用) was handed in",
        "closed cases of items that require materials",
        "domain.md §4 K14; S3 通州: 一证通办",
        by_date("closed_on"),
        select(
            flag(_ALL_SPARED),
            "COUNT(*)",
            f"{CLOSED} AND c.materials_required > 0 GROUP BY 1",
        ),
    ),
)
"""K14, in the order they are reported."""

SERVICE_INDICATORS: Final = (
    Indicator(
        "K16",
        "全程网办率(事项口径)",
        "fully online, by item",
        ITEM_POPULATION,
        "items with 网上办理深度 5, 6 or 7",
        "items",
        "field practice (Ⅳ级)",
        ITEM_GROUPS,
        select("SUM(i.fully_online)", "COUNT(*)", ITEMS),
    ),
    Indicator(
        "K16-case",
        "全程网办率(办件口径)",
        "fully online, by case",
        _TRIP_POPULATION,
        "filed online by the applicant, no visit at all, result as e-certificate or by courier",
        "closed cases",
        "domain.md §4 K16, case form",
        by_date("closed_on"),
        select("SUM(c.fully_online)", "COUNT(*)", f"{CLOSED} AND c.trips_recorded = 1 GROUP BY 1"),
    ),
    Indicator(
        "K17-case",
        "即办率(办件口径)",
        "decided on the spot, by case",
        "closed cases, by closing date",
        "cases decided on the spot",
        "closed cases",
        "domain.md §4 K17, case form",
        by_date("closed_on"),
        select("SUM(c.on_the_spot)", "COUNT(*)", f"{CLOSED} GROUP BY 1"),
    ),
    Indicator(
        "K17-instant",
        "秒批率",
        "approved by no human hand, at once",
        "closed cases, by closing date",
        "cases no human step was taken in, decided within the district's threshold (default 60 s) of the application",
        "closed cases",
        "domain.md §4 K17: 秒批; S3 通州: 60 items",
        by_date("closed_on"),
        select("SUM(c.instant_approved)", "COUNT(*)", f"{CLOSED} GROUP BY 1"),
    ),
    Indicator(
        "K18",
        "好评率",
        "satisfied, of those who rated",
        f"{_RATING_POPULATION}, and default ones (过期默认好评)",
        "grades 1 to 3",
        "ratings",
        "domain.md §4 K18; GB/T 39046 A.8",
        _RATED,
        select(flag("r.grade <= 3"), "COUNT(*)", f"{_NO_DEFAULTS} GROUP BY 1"),
    ),
    Indicator(
        "K18-active",
        "主动评价率",
        "ratings somebody gave, of all",
        _RATING_POPULATION,
        "ratings that are no default ones (过期默认好评)",
        "ratings, default ones too",
        "domain.md §4 K18",
        _RATED,
        select(flag("r.defaulted = 0"), "COUNT(*)", f"{_RATINGS} GROUP BY 1"),
    ),
    Indicator(
        "K19",
        "差评整改率",
        "bad ratings put right in time",
        f"{_RATING_POPULATION}; grades 4 and 5",
        "put right within the district's limit (default 5 working days); one not put right yet is not",
        "bad ratings",
        "domain.md §4 K19; local limits: 5 working days (Dezhou), 15 (Suining)",
        _RATED,
        select(flag("r.in_time = 1"), "COUNT(*)", f"{_NO_DEFAULTS} AND r.bad = 1 GROUP BY 1"),
    ),
    Indicator(
        "K19-callback",
        "实名差评回访率",
        "bad ratings answered, of those with a name",
        f"{_RATING_POPULATION}; grades 4 and 5 with a name (实名)",
        "raters called back",
        "bad ratings with a name",
        "domain.md §4 K19: target 100 %",
        _RATED,
        select(
            flag("r.called_back_on IS NOT NULL"), "COUNT(*)", f"{_NO_DEFAULTS} AND r.bad = 1 AND r.real_name = 1 GROUP BY 1"
        ),
    ),
)
"""K16 to K19, in the order they are reported."""
