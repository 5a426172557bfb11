"""Dimensions of the star: what the facts are grouped by that no case's history tells. Loaded whole, never followed."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from casecore.calendar import WorkCalendar
from casecore.limits import Limit
from casecore.service_item import HOURS_PER_WORKDAY, ServiceItem, working_minutes

__all__ = ["DateFact", "ItemFact", "date_rows", "item_rows"]

MOST_MINUTES: Final = 10**9
"""A limit above this (some 9,500 years) is a slip, and compared with nothing: it would overflow a database's numbers."""


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


class DateFact(NamedTuple):
    """``date_facts``: one date of the calendar."""

    day: date
    month: str
    working: int
    """1 for a legal working day (法定工作日)."""
    calendar: str


def item_rows(log: str, items: Iterable[ServiceItem], *, hours_per_workday: int = HOURS_PER_WORKDAY) -> Iterator[ItemFact]:
    """The catalogue as rows; ``hours_per_workday`` says how many hours of legal working time make a working day."""
    for item in items:
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
        )


def _minutes(limit: Limit | None, hours_per_workday: int) -> int | None:
    minutes = None if limit is None else working_minutes(limit, hours_per_workday)
    return None if minutes is None or minutes > MOST_MINUTES else minutes


def date_rows(calendar: WorkCalendar) -> Iterator[DateFact]:
    """Every covered date of the calendar as rows."""
    day, last = calendar.covers
    while day <= last:
        yield DateFact(day, day.strftime("%Y-%m"), int(calendar.is_working(day)), calendar.version)
        day += timedelta(days=1)
