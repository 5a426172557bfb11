"""The service item (事项) and the catalogue (事项目录): what a hall offers, under which promise, since when.

A catalogue is data with validity dates. Its consistency rules are those of domain practice: 承诺 ⇔ 即办件,
到办事现场次数 needs a reason, no online handling and no visit means courier, Ⅳ级 means no visit, and so on;
:func:`unsound` lists every breach with the key it stands under.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import floor
from typing import Final, TypeVar

from casecore.limits import Limit
from casecore.places import DropBox, Seal, Site
from casecore.plan import PlanStep, plan_defects
from casecore.theme import Baseline, Theme
from casecore.validity import Dated
from casecore.vocabulary import ApplicantKind, Area, Channel, HandlingKind, ItemLabel, ItemType, Tier, Unit

__all__ = ["Catalogue", "ServiceItem"]

HOURS_PER_WORKDAY: Final = 7
"""Hours of legal working time in a working day: 09:00-12:00 and 13:00-17:00. Some places count 8."""
MINUTES_AN_HOUR: Final = 60
DAYS_A_YEAR: Final = 365

FULLY_ONLINE: Final = frozenset({5, 6, 7})
"""网上办理深度 that makes an item 全程网办 (Ⅳ级)."""
MOST_DEPTH: Final = 9
"""The deepest level of online handling (网上办理深度)."""
_OWN_AREA: Final = {Tier.CITY: Area.CROSS_COUNTY, Tier.PROVINCE: Area.CROSS_CITY, Tier.NATION: Area.NATION}
"""How far the area of an item's owner reaches beyond the district."""
LONGEST_IMPLEMENTATION_CODE: Final = 36
"""As the national catalogue numbers them (实施编码)."""
LICENCE_STEPS: Final = 5
"""A licence shows at least 受理, 审核, 审批, 办结, 送达."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceItem(Dated):
    """One version of a 业务办理项 with the elements of the 实施清单 the engine needs."""

    code: str
    version: int
    name_zh: str
    name_en: str
    source: str
    """Where the promise comes from: a law article, a seed document, a local notice."""
    item_type: ItemType
    tier: Tier
    department: str
    """实施主体."""
    valid_from: date
    valid_until: date | None = None
    """The last day this version is in force; None while it is the current one."""
    handling: HandlingKind
    promised: Limit
    statutory: Limit | None = None
    serves: tuple[ApplicantKind, ...]
    themes: tuple[ApplicantKind, ...] = ()
    channels: tuple[Channel, ...]
    online_depth: tuple[int, ...] = ()
    visits: int
    """到办事现场次数 (limit_scene_num)."""
    visit_reason: str | None = None
    """必须现场办理原因说明."""
    plan: tuple[PlanStep, ...] = ()
    stages: tuple[str, ...] = ()
    """办理环节 as published."""
    materials: tuple[str, ...] = ()
    applied_for: bool = True
    """依申请: citizens apply for it; False for placeholders no indicator counts."""
    fee: bool = False
    online_payment: bool = False
    window_months: int | None = None
    """申报期: months after the entitling day within which it must be received."""
    joint: bool = False
    """联办件: joint handling, 45 + 15 working days instead of 20 + 10 (Art. 26, 42)."""
    licence_materials: tuple[str, ...] = ()
    """Those of the materials an electronic licence (电子证照) may stand for."""
    labels: tuple[ItemLabel, ...] = ()
    """Lists the item stands on while this version is in force: 联审联办, 全城通办, 一证通办, 秒批."""
    handle_area: Area | None = None
    """通办范围: how far from its owner it may be handed in."""
    before: Baseline | None = None
    """What it took before the reform, as its source says."""
    implementation_code: str | None = None
    """实施编码: the number of the item as this organ implements it, up to 36 characters."""
    retrieved_on: date | None = None
    """When it was looked up in its source; None where nobody says."""

    def taken_as_far_as(self, away: Area) -> bool:
        """Whether it may be handed in so far from the district (通办范围).

        Its owner's own area counts as near: the whole city for an item of the city, the province for one of the province.
        """
        reach = [one for one in (self.handle_area, _OWN_AREA.get(self.tier)) if one is not None]
        if ItemLabel.CITYWIDE in self.labels:
            reach.append(Area.CROSS_COUNTY)
        return any(one.reaches(away) for one in reach)

    @property
    def fully_online(self) -> bool:
        """全程网办 (Ⅳ级): depth 5, 6 or 7."""
        return not FULLY_ONLINE.isdisjoint(self.online_depth)

    @property
    def online(self) -> bool:
        """是否网办: any depth from 2 to 7."""
        return any(2 <= depth <= 7 for depth in self.online_depth)  # noqa: PLR2004 - the code table's own numbers


Versioned = TypeVar("Versioned", ServiceItem, Theme)


class Catalogue:
    """All versions of all items and themes, looked up by code and local date, with the registers a hall works by.

    ``sites`` (办理点), ``seals`` (印章) and ``boxes`` (小蜜蜂箱) are looked up by their code. A catalogue without one of
    them keeps no such register: then any code is taken as it is.
    """

    __slots__ = ("_themes", "_versions", "boxes", "seals", "sites")

    def __init__(
        self,
        items: Iterable[ServiceItem],
        *,
        themes: Iterable[Theme] = (),
        sites: Iterable[Site] = (),
        seals: Iterable[Seal] = (),
        boxes: Iterable[DropBox] = (),
    ) -> None:
        """Take them as they are; :func:`unsound` and :func:`~casecore.theme.unsound_theme` say whether they may be used."""
        self._versions = _by_code(items)
        self._themes = _by_code(themes)
        self.sites: Mapping[str, Site] = {site.code: site for site in sites}
        self.seals: Mapping[str, Seal] = {seal.code: seal for seal in seals}
        self.boxes: Mapping[str, DropBox] = {box.code: box for box in boxes}

    def __iter__(self) -> Iterator[ServiceItem]:
        for code in sorted(self._versions):
            yield from self._versions[code]

    def __len__(self) -> int:
        return sum(map(len, self._versions.values()))

    def known(self, code: str) -> bool:
        """Whether any version of the item was ever in the catalogue."""
        return code in self._versions

    def find(self, code: str, on: date) -> ServiceItem | None:
        """The version in force on a local date, or None."""
        return next((item for item in self._versions.get(code, ()) if item.in_force(on)), None)

    @property
    def themes(self) -> Iterator[Theme]:
        """All versions of all themes, by code."""
        for code in sorted(self._themes):
            yield from self._themes[code]

    def theme(self, code: str, on: date) -> Theme | None:
        """The version of a theme in force on a local date, or None."""
        return next((theme for theme in self._themes.get(code, ()) if theme.in_force(on)), None)

    def knows_theme(self, code: str) -> bool:
        """Whether any version of the theme was ever in the catalogue."""
        return code in self._themes


def _by_code(versions: Iterable[Versioned]) -> dict[str, tuple[Versioned, ...]]:
    """The versions of each code, in their order."""
    found: dict[str, list[Versioned]] = defaultdict(list)
    for version in versions:
        found[version.code].append(version)
    return {code: tuple(sorted(one, key=lambda version: version.version)) for code, one in found.items()}


def working_minutes(limit: Limit, hours_per_workday: int = HOURS_PER_WORKDAY) -> int | None:
    """A limit in whole minutes of legal working time, to be compared with another; None for a fixed date.

    Seven natural days make five working days, a year 365 natural days and a month a twelfth of them, ``hours_per_workday``
    hours (7 or 8, as places differ) a working day. What is no whole minute goes to the nearest. Not for due dates: those
    are counted.
    """
    workday = hours_per_workday * MINUTES_AN_HOUR
    of_one = {
        Unit.WORKING_DAY: Fraction(workday),
        Unit.NATURAL_DAY: Fraction(workday * 5, 7),
        Unit.HALF_DAY: Fraction(workday, 2),
        Unit.HOUR: Fraction(MINUTES_AN_HOUR),
        Unit.MINUTE: Fraction(1),
        **{unit: Fraction(workday * 5 * DAYS_A_YEAR * unit.months, 7 * 12) for unit in Unit if unit.months},
    }
    return None if limit.unit is Unit.FIXED_DATE else floor(limit.amount * of_one[limit.unit] + Fraction(1, 2))


def unsound(item: ServiceItem) -> Iterator[tuple[str, str]]:  # noqa: C901, PLR0912 - one branch a rule
    """Breaches of the catalogue's consistency rules as (key, sentence); an item without any may be used."""
    instant = item.handling is HandlingKind.INSTANT
    if instant != (item.promised.amount == 0 and item.promised.unit is not Unit.FIXED_DATE):
        yield "handling", f"{item.handling.zh} and a promise of {item.promised} contradict each other"
    if item.statutory is not None:
        promised, statutory = working_minutes(item.promised), working_minutes(item.statutory)
        if promised is not None and statutory is not None and promised > statutory:
            yield "promised", f"the promise of {item.promised} exceeds the statutory limit of {item.statutory}"
    if item.visits < 0:
        yield "visits", "到办事现场次数 cannot be negative"
    if item.visits > 0 and not item.visit_reason:
        yield "visit_reason", "到办事现场次数 above 0 needs 必须现场办理原因说明"
    if item.visits == 0 and not item.online and Channel.COURIER not in item.channels:
        yield "channels", "neither a visit nor online handling: 办理形式 must include courier (快递申请)"
    if item.fully_online and item.visits != 0:
        yield "visits", "全程网办 (depth 5-7) means no visit"
    if item.online_payment and not item.fee:
        yield "online_payment", "online payment without a fee"
    if item.item_type is ItemType.LICENCE and len(item.stages) < LICENCE_STEPS:
        yield "stages", "a licence (行政许可) needs at least five 环节"
    if not set(item.themes) <= set(item.serves):
        yield "themes", "themes and 服务对象 disagree"
    if any(not 1 <= depth <= MOST_DEPTH for depth in item.online_depth):
        yield "online_depth", "网上办理深度 goes from 1 to 9"
    if not item.channels:
        yield "channels", "no 办理形式"
    if not item.serves:
        yield "serves", "no 服务对象"
    yield from item.unsound_dates()
    if item.window_months is not None and item.window_months < 1:
        yield "window_months", "申报期 needs at least one month"
    if unlisted := sorted(set(item.licence_materials) - set(item.materials)):
        yield "licence_materials", f"not among the materials: {', '.join(unlisted)}"
    if ItemLabel.INSTANT_APPROVAL in item.labels and not instant:
        yield "labels", "秒批 is instant handling (即办件)"
    if ItemLabel.ONE_LICENCE in item.labels and not set(item.materials) <= set(item.licence_materials):
        yield "labels", "一证通办 means that a licence stands for every material"
    if instant and item.plan:
        yield "plan", "an instant item (即办件) has no approval plan"
    code = item.implementation_code
    if code is not None and not 1 <= len(code) <= LONGEST_IMPLEMENTATION_CODE:
        yield "implementation_code", f"实施编码 has 1 to {LONGEST_IMPLEMENTATION_CODE} characters, not {len(code)}"
    for defect in plan_defects(item.plan):
        yield "plan", defect
