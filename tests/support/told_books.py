"""A district's books: facts with what is told of them, and the kind as the decision table asks it."""

from dataclasses import replace
from datetime import date
from typing import Final

from casecore import (
    DEFAULT_RULE,
    AdmitClock,
    AdoptBooks,
    BookEntry,
    BoxAdopted,
    CalendarAdopted,
    CalendarPutInForce,
    CalendarYear,
    CalendarYearAdopted,
    ClockAdmitted,
    DistrictStage,
    DropBox,
    EntryWithdrawn,
    Fact,
    ItemAdopted,
    Place,
    RuleAdopted,
    Seal,
    SealAdopted,
    Site,
    SiteAdopted,
    ThemeAdopted,
    Tier,
)
from casecore.calendar_sheet import written
from casecore.kinds import DISTRICT
from support.package_story import THEME
from support.sampled import Sampled
from support.story import CALENDAR, FOOD, ITEMS, ask, day, fact, moment

__all__ = ["BOX", "FOOD_ITEM", "HALL_SITE", "ORGAN_SEAL", "SAMPLED", "SHEET", "TOLD", "YEARS", "YEAR_2026"]

FOOD_ITEM: Final = next(item for item in ITEMS if item.code == FOOD)
HALL_SITE: Final = Site(code="H1", name_zh="新都区政务服务中心", source="S0", place=Place.HALL, tier=Tier.COUNTY)
ORGAN_SEAL: Final = Seal(
    code="S-1", name_zh="市场监管局专用章", source="S0", department="市场监管局", valid_from=date(2015, 1, 1)
)
BOX: Final = DropBox(code="BOX-1", name_zh="小蜜蜂箱", source="S2", hall="H1")
SHEET, YEARS = written(CALENDAR)
YEAR_2026: Final = CalendarYear(
    calendar="cn-2026.1", year=2026, rest=(day("01-01"), day("01-02")), work=(day("01-04"),), notice="国办发明电〔2025〕7号"
)
HASH: Final = "0" * 64
AT: Final = "03-02 09:00"

TOLD: Final[tuple[tuple[Fact, str, str, str], ...]] = (
    (
        fact(RuleAdopted, AT, rule=replace(DEFAULT_RULE, name="xindu"), version=2, sha256=HASH, from_on=day("07-01")),
        "采用区划规则",
        "自 2026-07-01 起采用区划规则 xindu 第 2 版。",
        "rule xindu version 2 as of 2026-07-01",
    ),
    (
        fact(ItemAdopted, AT, item=FOOD_ITEM, version=1, sha256=HASH),
        "采用事项",
        f"采用事项 {FOOD} 第 1 版，名称：{FOOD_ITEM.name_zh}。",
        f"item {FOOD} version 1 ({FOOD_ITEM.name_zh})",
    ),
    (
        fact(ThemeAdopted, AT, theme=THEME, version=1, sha256=HASH),
        "采用一件事主题",
        f"采用一件事主题 {THEME.code} 第 1 版，名称：{THEME.name_zh}。",
        f"theme {THEME.code} version 1 ({THEME.name_zh})",
    ),
    (
        fact(SiteAdopted, AT, site=HALL_SITE, version=1, sha256=HASH),
        "登记办理点",
        "登记办理点 H1 第 1 版，名称：新都区政务服务中心。",
        "site H1 version 1 (新都区政务服务中心)",
    ),
    (
        fact(SealAdopted, AT, seal=ORGAN_SEAL, version=3, sha256=HASH, from_on=day("03-01")),
        "登记印章",
        "自 2026-03-01 起登记印章 S-1 第 3 版，名称：市场监管局专用章。",
        "seal S-1 version 3 as of 2026-03-01 (市场监管局专用章)",
    ),
    (
        fact(BoxAdopted, AT, box=BOX, version=1, sha256=HASH),
        "登记投递箱",
        "登记投递箱 BOX-1 第 1 版，名称：小蜜蜂箱。",
        "box BOX-1 version 1 (小蜜蜂箱)",
    ),
    (
        fact(CalendarAdopted, AT, sheet=replace(SHEET, title="放假安排"), version=1, sha256=HASH),
        "采用工作日历",
        f"采用工作日历 {SHEET.version} 第 1 版，名称：放假安排。",
        f"calendar {SHEET.version} version 1 (放假安排)",
    ),
    (
        fact(CalendarYearAdopted, AT, year=YEAR_2026, version=1, sha256=HASH),
        "采用年度放假安排",
        "工作日历 cn-2026.1 的 2026 年：放假 2 天，调休上班 1 天，依据：国办发明电〔2025〕7号。",
        "2026 of calendar cn-2026.1: 2 weekdays off, 1 rest day worked (国办发明电〔2025〕7号)",
    ),
    (
        fact(CalendarPutInForce, AT, calendar="cn-2026.1", version=1),
        "启用工作日历",
        "按工作日历 cn-2026.1 计时。",
        "counted by calendar cn-2026.1",
    ),
    (
        fact(CalendarPutInForce, AT, calendar="cn-2027.1", version=2, from_on=day("11-10")),
        "启用工作日历",
        "自 2026-11-10 起按工作日历 cn-2027.1 计时。",
        "counted by calendar cn-2027.1 as of 2026-11-10",
    ),
    (
        fact(EntryWithdrawn, AT, entry=BookEntry.SITE, code="H9", from_on=day("04-01")),
        "移出账簿",
        "自 2026-04-01 起移出办理点 H9。",
        "site H9 in the books no more as of 2026-04-01",
    ),
    (
        fact(EntryWithdrawn, AT, entry=BookEntry.ITEM, code="food", edition=2, from_on=day("04-01")),
        "移出账簿",
        "自 2026-04-01 起移出事项 food 第 2 版。",
        "item food version 2 in the books no more as of 2026-04-01",
    ),
    (
        fact(ClockAdmitted, AT, until=moment("2027-03-01 08:00"), reason="停业三个月"),
        "准许时钟提前",
        "准许时钟提前至 2027-03-01 08 时 00 分，理由：停业三个月。",
        "clocks may be ahead up to 2027-03-01 08:00 (停业三个月)",
    ),
)

SAMPLED: Final = (
    Sampled(
        DISTRICT,
        DistrictStage,
        {DistrictStage.IN_USE: (fact(SiteAdopted, "03-02 09:00", site=HALL_SITE, version=1, sha256=HASH),)},
        {},
        (
            ask(AdoptBooks, sites=(replace(HALL_SITE, code="H2"),)),
            ask(AdmitClock, until=moment("2027-03-01 08:00"), reason="closed for three months"),
        ),
    ),
)
