"""Indicators of service: what nobody had to hand in, and what was done at once or online."""

from typing import Final

from casecore.vocabulary import MaterialWay
from projections.indicator import Indicator, count, count_if, total
from projections.populations import ACCEPTED, CLOSED, ITEMS, KNOWN
from projections.trip_coverage import COVERED_CASES

__all__ = ["SERVICE_INDICATORS"]

_SPARED: Final = ", ".join(f"'{way.value}'" for way in MaterialWay if way.reused or way is MaterialWay.EXEMPTED)
_ALL_SPARED: Final = f"""NOT EXISTS (
    SELECT 1 FROM material_facts AS m
    WHERE m.log = c.log AND m.case_id = c.case_id AND (m.way IS NULL OR m.way NOT IN ({_SPARED}))
)"""  # noqa: S608 - our own names

_REQUIRED: Final = "c.materials_required > 0"

_MATERIALS: Final = (
    Indicator(
        code="K14",
        zh="免提交率",
        en="materials nobody had to hand in",
        population=CLOSED.narrowed(_REQUIRED, told="required materials of closed cases, by closing date"),
        numerator=total("c.materials_reused", "met by 电子证照, 数据共享 or 历史办件复用"),
        denominator=total(
            "c.materials_required", "required materials; a look-up that failed and fell back to paper stays in"
        ),
        source="domain.md §4 K14; S4 增城",
    ),
    Indicator(
        code="K14-shared",
        zh="一件事共用率",
        en="materials handed in once for the whole package",
        population=CLOSED.narrowed(
            _REQUIRED,
            "c.package IS NOT NULL",
            told="required materials of closed cases of packages (一件事), by closing date",
        ),
        numerator=total("c.materials_shared", "handed in for another case of the package"),
        denominator=total("c.materials_required", "required materials"),
        source="domain.md §4 K14, of which it is no part; S2 人民日报: 減少攜帶證件12份",
    ),
    Indicator(
        code="K14-licence",
        zh="电子证照复用率",
        en="licences reused, where one may stand for the paper",
        population=CLOSED.narrowed(
            "c.materials_replaceable > 0",
            told="required materials of closed cases an electronic licence may stand for, by closing date",
        ),
        numerator=total("c.materials_by_licence", "met by 电子证照"),
        denominator=total(
            "c.materials_replaceable", "such materials; a look-up that failed and fell back to paper stays in"
        ),
        source="domain.md §4 K14; S4 增城",
    ),
    Indicator(
        code="K14-case",
        zh="一证通办率(办件口径)",
        en="cases without any material handed in",
        population=CLOSED.narrowed(_REQUIRED, told="closed cases of items that require materials, by closing date"),
        numerator=count_if(
            _ALL_SPARED,
            "cases whose materials were all looked up or exempted; one shared by the package (一件事共用) was handed in",
            tables=frozenset({"material_facts"}),
        ),
        denominator=count("closed cases of items that require materials"),
        source="domain.md §4 K14; S3 通州: 一证通办",
    ),
)

_ONLINE: Final = (
    Indicator(
        code="K15",
        zh="网上受理率",
        en="filed online, of those accepted",
        population=ACCEPTED,
        numerator=total("c.online", "filed through website or mobile by the applicant; 帮办 is not online"),
        denominator=count("cases accepted"),
        source="GB/T 39046 A.5 (办理形式 2, 3)",
    ),
    Indicator(
        code="K16",
        zh="全程网办率(事项口径)",
        en="fully online, by item",
        population=ITEMS,
        numerator=total("i.fully_online", "items with 网上办理深度 5, 6 or 7"),
        denominator=count("items"),
        source="field practice (Ⅳ级)",
    ),
    Indicator(
        code="K16-case",
        zh="全程网办率(办件口径)",
        en="fully online, by case",
        population=KNOWN,
        coverage=COVERED_CASES,
        numerator=total(
            "c.fully_online", "filed online by the applicant, no visit at all, result as e-certificate or by courier"
        ),
        denominator=count("closed cases"),
        source="domain.md §4 K16, case form",
    ),
)

SERVICE_INDICATORS: Final = (
    *_MATERIALS,
    *_ONLINE,
    Indicator(
        code="K17-case",
        zh="即办率(办件口径)",
        en="decided on the spot, by case",
        population=CLOSED,
        numerator=total("c.on_the_spot", "cases decided on the spot"),
        denominator=count("closed cases"),
        source="domain.md §4 K17, case form",
    ),
    Indicator(
        code="K17-instant",
        zh="秒批率",
        en="approved by no human hand, at once",
        population=CLOSED,
        numerator=total(
            "c.instant_approved",
            "cases no human step was taken in, decided within the district's threshold (default 60 s) of the application",
        ),
        denominator=count("closed cases"),
        source="domain.md §4 K17: 秒批; S3 通州: 60 items",
    ),
)
"""K14 to K17, in the order they are reported."""
