"""Dimensions of the star: what the facts are grouped by that no case's history tells.

They are loaded whole from the books of a district, as of where its log is followed to.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from casecore.books import Books
from casecore.calendars import law_of
from casecore.limits import Limit
from casecore.service_item import HOURS_PER_WORKDAY, ServiceItem, working_minutes
from casecore.theme import Baseline, Theme

__all__ = ["DateFact", "ItemFact", "ThemeFact", "date_rows", "item_rows", "theme_rows"]

MOST_MINUTES: Final = 10**9
"""A limit above this (some 9,500 years) is a slip, and compared with nothing: it would overflow a database's numbers."""
NOTHING_SAID: Final = Baseline(source="")
"""What it took before where no source says."""


class ItemFact(NamedTuple):
    """``item_facts``: one version of one service item (事项) in a district's catalogue."""

    log: str
    item: str
    item_version: int
    name_zh: str
    department: str
    tier: str
    item_type: str
    handling: str
    applied_for: int
    """1 for 依申请 items, the ones the item indicators count."""
    visits: int
    """到办事现场次数."""
    fully_online: int
    """全程网办: depth 5, 6 or 7."""
    valid_from: date
    valid_until: date | None
    promised_minutes: int | None
    """承诺时限 in whole working minutes, to be compared with the statutory one; None for a fixed date."""
    statutory_minutes: int | None
    """法定时限 in whole working minutes; None for a fixed date, or without one."""
    stages: int | None
    """How many 环节 are published; None where none are."""
    online: int | None
    """1 where it can be handled online (是否网办): any depth from 2 to 7. This and what follows: None in an older table."""
    materials_now: int | None
    """How many materials it requires."""
    materials_before: int | None
    """How many it took before the reform; None where no source says."""
    visits_before: int | None
    """How many visits it took before the reform; None where no source says."""
    labels: str | None
    """The lists it stands on (联审联办, 全城通办, 一证通办, 秒批), separated by commas; None where on none."""
    rule_version: int | None
    """The district's rule that says how many hours a working day has here, as adopted; 0 for common practice."""


class ThemeFact(NamedTuple):
    """``theme_facts``: one version of one theme (一件事主题) in a district's catalogue."""

    log: str
    theme: str
    theme_version: int
    name_zh: str
    items: int
    """How many items it joins, all answers taken together."""
    visits: int
    """到办事现场次数 promised for the whole."""
    visits_before: int | None
    """How many visits it took before; None where no source says."""
    promised_minutes: int | None
    """What it promises for the whole, in whole working minutes."""
    before_minutes: int | None
    """What it took before, in the same minutes; None where no source says."""
    materials_now: int
    """How many materials are handed in for the whole."""
    materials_before: int | None
    """How many it took before; None where no source says."""
    valid_from: date
    valid_until: date | None
    rule_version: int | None
    """The district's rule that says how many hours a working day has here, as adopted; 0 for common practice."""


class DateFact(NamedTuple):
    """``date_facts``: one date in one district, under the calendar in force there on it."""

    day: date
    month: str
    working: int
    """1 for a legal working day (法定工作日)."""
    calendar: str
    """The version in force on the day."""
    log: str | None
    """None in an older table: such a row is counted nowhere."""
    rule_version: int | None
    """The district's rule in force on the day, as adopted; 0 for common practice."""


def item_rows(
    log: str, items: Iterable[ServiceItem], *, hours_per_workday: int = HOURS_PER_WORKDAY, rule_version: int = 0
) -> Iterator[ItemFact]:
    """The catalogue as rows; ``hours_per_workday`` says how many hours of legal working time make a working day.

    ``rule_version`` is that of the district's rule that says so.
    """
    for item in items:
        before = item.before or NOTHING_SAID
        yield ItemFact(
            log=log,
            item=item.code,
            item_version=item.version,
            name_zh=item.name_zh,
            department=item.department,
            tier=item.tier.value,
            item_type=item.item_type.value,
            handling=item.handling.value,
            applied_for=int(item.applied_for),
            visits=item.visits,
            fully_online=int(item.fully_online),
            valid_from=item.valid_from,
            valid_until=item.valid_until,
            promised_minutes=_minutes(item.promised, hours_per_workday),
            statutory_minutes=_minutes(item.statutory, hours_per_workday),
            stages=len(item.stages) or None,
            online=int(item.online),
            materials_now=len(item.materials),
            materials_before=before.materials,
            visits_before=before.visits,
            labels=",".join(label.value for label in item.labels) or None,
            rule_version=rule_version,
        )


def theme_rows(
    log: str, themes: Iterable[Theme], *, hours_per_workday: int = HOURS_PER_WORKDAY, rule_version: int = 0
) -> Iterator[ThemeFact]:
    """The catalogue's themes as rows; ``hours_per_workday`` and ``rule_version`` as for :func:`item_rows`."""
    for theme in themes:
        before = theme.before or NOTHING_SAID
        yield ThemeFact(
            log=log,
            theme=theme.code,
            theme_version=theme.version,
            name_zh=theme.name_zh,
            items=len(theme.items),
            visits=theme.visits,
            visits_before=before.visits,
            promised_minutes=_minutes(theme.promised, hours_per_workday),
            before_minutes=_minutes(before.limit, hours_per_workday),
            materials_now=len(theme.materials),
            materials_before=before.materials,
            valid_from=theme.valid_from,
            valid_until=theme.valid_until,
            rule_version=rule_version,
        )


def _minutes(limit: Limit | None, hours_per_workday: int) -> int | None:
    minutes = None if limit is None else working_minutes(limit, hours_per_workday)
    return None if minutes is None or minutes > MOST_MINUTES else minutes


def date_rows(log: str, books: Books) -> Iterator[DateFact]:
    """Every date a district has a calendar in force for that covers it."""
    named = {books.in_force, *(one.rule.calendar for one in books.rules), *(one.version for one in books.calendars_in_force)}
    known = [books.calendars[version] for version in named if version is not None and version in books.calendars]
    if not known:
        return
    day, last = min(one.covers[0] for one in known), max(one.covers[1] for one in known)
    while day <= last:
        calendar = law_of(books.calendars, books.calendar_on(day))
        if calendar is not None and calendar.covers[0] <= day <= calendar.covers[1]:
            ruled = books.rule_on(day).version
            yield DateFact(day, day.strftime("%Y-%m"), int(calendar.is_working(day)), calendar.version, log, ruled)
        day += timedelta(days=1)
