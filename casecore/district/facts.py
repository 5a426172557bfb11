"""Facts of a district's books (区划账簿): one an entry, each with what it says, its version, its hash and since when."""

from datetime import date
from typing import Any, ClassVar, NamedTuple

from casecore.annotations import Id
from casecore.calendar_sheet import CalendarSheet, CalendarYear
from casecore.district_rule import DistrictRule
from casecore.fact import Fact, Older, fact
from casecore.phrases import because, number_of, sentence
from casecore.places import DropBox, Seal, Site
from casecore.said import Said
from casecore.service_item import ServiceItem
from casecore.theme import Theme
from casecore.value import value
from casecore.vocabulary import BookEntry

__all__ = [
    "BoxAdopted",
    "CalendarAdopted",
    "CalendarPutInForce",
    "CalendarYearAdopted",
    "DistrictEvent",
    "EntryAdopted",
    "EntryName",
    "EntryWithdrawn",
    "ItemAdopted",
    "RuleAdopted",
    "SealAdopted",
    "SiteAdopted",
    "ThemeAdopted",
]


class EntryName(NamedTuple):
    """What an entry of the books is called."""

    entry: BookEntry
    code: str = ""
    """Empty for the rule and the calendar in force: there is one."""
    edition: int = 0
    """The version of an item or a theme, each an entry of its own; otherwise 0."""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.entry.value, self.code, str(self.edition or ""))))


def year_name(year: CalendarYear) -> EntryName:
    """What the days of a calendar's year are called."""
    return EntryName(BookEntry.CALENDAR_YEAR, f"{year.calendar}/{year.year}")


@value
class EntryAdopted(Fact):
    """An entry is in the books from now on, or stands there with other content."""

    entry: ClassVar[BookEntry]

    version: int
    """Of an item or a theme the version it bears; else counted from 1 as the entry was adopted."""
    from_on: date | None = None
    """The first local date it is in force in the district; None for one that has always been."""

    @property
    def content(self) -> Any:  # noqa: ANN401 - each entry has its own
        """What the entry says."""
        raise NotImplementedError

    @property
    def name(self) -> EntryName:
        """Which entry it is."""
        return EntryName(self.entry, self.content.code)

    @property
    def source(self) -> str | None:
        """Where the entry comes from; None where nobody says."""
        return self.content.source  # type: ignore[no-any-return]

    @property
    def retrieved_on(self) -> date | None:
        """When it was looked up there; None where nobody says."""
        return self.content.retrieved_on  # type: ignore[no-any-return]


@value
class _Hashed(EntryAdopted):
    """An entry whose content has a fingerprint."""

    sha256: str
    """The fingerprint of the content, 64 hexadecimal digits."""


@fact("district.rule_adopted.v2", "采用区划规则", older=(Older("district.rule_adopted.v1"),))
class RuleAdopted(_Hashed):
    """The district decides by this rule."""

    entry = BookEntry.RULE
    rule: DistrictRule

    @property
    def content(self) -> DistrictRule:
        """The rule."""
        return self.rule

    @property
    def name(self) -> EntryName:
        """The rule: there is one."""
        return EntryName(self.entry)

    def told(self) -> Said:
        """Which rule."""
        return _told(self, self.rule.name)


@fact("district.item_adopted.v1", "采用事项")
class ItemAdopted(_Hashed):
    """A version of a service item stands in the catalogue."""

    entry = BookEntry.ITEM
    item: ServiceItem

    @property
    def content(self) -> ServiceItem:
        """The item."""
        return self.item

    @property
    def name(self) -> EntryName:
        """The item's version."""
        return EntryName(self.entry, self.item.code, self.item.version)

    def told(self) -> Said:
        """Which item."""
        return _told(self, self.item.code, self.item.name_zh)


@fact("district.theme_adopted.v1", "采用一件事主题")
class ThemeAdopted(_Hashed):
    """A version of a theme stands in the catalogue."""

    entry = BookEntry.THEME
    theme: Theme

    @property
    def content(self) -> Theme:
        """The theme."""
        return self.theme

    @property
    def name(self) -> EntryName:
        """The theme's version."""
        return EntryName(self.entry, self.theme.code, self.theme.version)

    def told(self) -> Said:
        """Which theme."""
        return _told(self, self.theme.code, self.theme.name_zh)


@fact("district.site_adopted.v1", "登记办理点")
class SiteAdopted(_Hashed):
    """A place of intake stands in the register."""

    entry = BookEntry.SITE
    site: Site

    @property
    def content(self) -> Site:
        """The site."""
        return self.site

    def told(self) -> Said:
        """Which site."""
        return _told(self, self.site.code, self.site.name_zh)


@fact("district.seal_adopted.v1", "登记印章")
class SealAdopted(_Hashed):
    """A seal stands in the register."""

    entry = BookEntry.SEAL
    seal: Seal

    @property
    def content(self) -> Seal:
        """The seal."""
        return self.seal

    def told(self) -> Said:
        """Which seal."""
        return _told(self, self.seal.code, self.seal.name_zh)


@fact("district.box_adopted.v1", "登记投递箱")
class BoxAdopted(_Hashed):
    """A drop box stands in the register."""

    entry = BookEntry.BOX
    box: DropBox

    @property
    def content(self) -> DropBox:
        """The box."""
        return self.box

    def told(self) -> Said:
        """Which box."""
        return _told(self, self.box.code, self.box.name_zh)


@fact("district.calendar_adopted.v1", "采用工作日历")
class CalendarAdopted(_Hashed):
    """A version of a working calendar may be counted by; the days of its years are facts of their own."""

    entry = BookEntry.CALENDAR
    sheet: CalendarSheet

    @property
    def content(self) -> CalendarSheet:
        """The calendar but for its years."""
        return self.sheet

    @property
    def name(self) -> EntryName:
        """The calendar's version."""
        return EntryName(self.entry, self.sheet.version)

    def told(self) -> Said:
        """Which calendar."""
        return _told(self, self.sheet.version, self.sheet.title)


@fact("district.calendar_year_adopted.v1", "采用年度放假安排")
class CalendarYearAdopted(_Hashed):
    """The days of one year of a calendar, as a notice orders them."""

    entry = BookEntry.CALENDAR_YEAR
    year: CalendarYear

    @property
    def content(self) -> CalendarYear:
        """The year."""
        return self.year

    @property
    def name(self) -> EntryName:
        """The calendar's version and the year."""
        return year_name(self.year)

    @property
    def source(self) -> str | None:
        """The notice that ordered the days."""
        return self.year.notice

    def told(self) -> Said:
        """How many days, of which year."""
        rest, work = len(self.year.rest), len(self.year.work)
        notice = because(self.year.notice, "依据")
        return sentence(
            f"工作日历 {self.year.calendar} 的 {self.year.year} 年：放假 {rest} 天，调休上班 {work} 天{notice.zh}",
            f"{self.year.year} of calendar {self.year.calendar}: {number_of(rest, 'weekday')} off,"
            f" {number_of(work, 'rest day')} worked{notice.en}",
        )


@fact("district.calendar_put_in_force.v1", "启用工作日历")
class CalendarPutInForce(EntryAdopted):
    """Where its rule names no calendar, the district counts by this one."""

    entry = BookEntry.CALENDAR_IN_FORCE
    calendar: Id

    @property
    def content(self) -> str:
        """The calendar's version."""
        return self.calendar

    @property
    def name(self) -> EntryName:
        """The calendar in force: there is one."""
        return EntryName(self.entry)

    @property
    def source(self) -> None:
        """It is the district's own to say."""
        return

    @property
    def retrieved_on(self) -> None:
        """Nothing was looked up."""
        return

    def told(self) -> Said:
        """Which calendar."""
        since = _since(self.from_on)
        return sentence(f"{since.zh}按工作日历 {self.calendar} 计时", f"counted by calendar {self.calendar}{since.en}")


@fact("district.entry_withdrawn.v1", "移出账簿")
class EntryWithdrawn(Fact):
    """An entry is no longer in the books; it stays what it was for the days before."""

    entry: BookEntry
    code: Id
    edition: int = 0
    """The version of an item or a theme; otherwise 0."""
    from_on: date
    """The first local date it is in the books no more."""

    @property
    def name(self) -> EntryName:
        """Which entry it is."""
        return EntryName(self.entry, self.code, self.edition)

    def told(self) -> Said:
        """Which entry, since when."""
        edition = Said(f"第 {self.edition} 版", f" version {self.edition}") if self.edition else Said("", "")
        return sentence(
            f"自 {self.from_on} 起移出{self.entry.zh} {self.code} {edition.zh}".rstrip(),
            f"{self.entry.en} {self.code}{edition.en} in the books no more as of {self.from_on}",
        )


DistrictEvent = (
    RuleAdopted
    | ItemAdopted
    | ThemeAdopted
    | SiteAdopted
    | SealAdopted
    | BoxAdopted
    | CalendarAdopted
    | CalendarYearAdopted
    | CalendarPutInForce
    | EntryWithdrawn
)
"""Every fact the history of a district's books may hold."""


def _told(one: EntryAdopted, code: str, name: str = "") -> Said:
    since, called = _since(one.from_on), because(name, "名称")
    return sentence(
        f"{since.zh}{one.zh} {code} 第 {one.version} 版{called.zh}",
        f"{one.entry.en} {code} version {one.version}{since.en}{called.en}",
    )


def _since(day: date | None) -> Said:
    return Said("", "") if day is None else Said(f"自 {day} 起", f" as of {day}")
