"""What an indicator (指标) is, and the pieces their SQL texts are put together from.

An indicator is one SQL text over the fact tables that runs on SQLite and PostgreSQL alike. Its parameters are dates:
``since`` and ``until`` (the period, both included), ``as_of`` (the day the question is asked), ``first`` and ``last``
(the period as far as there are closings), and ``calendar``. ``{group}`` is what the figures are grouped by,
``{same_month}`` the condition on dates that grouping by month adds; flags add up. Whole numbers are divided only where
none is negative: there both databases cut off alike.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

__all__ = [
    "ACCEPTED",
    "CLOSED",
    "DUE",
    "GROUPS",
    "IN_FORCE",
    "ITEMS",
    "ITEM_GROUPS",
    "ITEM_POPULATION",
    "PACKAGE_GROUPS",
    "THEMES",
    "THEME_GROUPS",
    "THEME_POPULATION",
    "UNRECORDED",
    "Indicator",
    "by_date",
    "flag",
    "select",
]

GROUPS: Final = ("district", "department", "item", "hall", "tier", "channel", "theme", "month")
"""What figures can be grouped by; item indicators have no hall, channel and month, packages no item and department."""

UNRECORDED: Final = "unrecorded"
"""The group of what nobody recorded."""

NO_THEME: Final = "none"
"""The theme of a case that is in no package (一件事)."""


class Indicator(NamedTuple):
    """One indicator; ``sql`` yields group, numerator, denominator (null for a plain count)."""

    code: str
    name_zh: str
    name_en: str
    population: str
    numerator: str
    denominator: str
    source: str
    groups: Mapping[str, str]
    """Group -> SQL expression over the indicator's table."""
    sql: str
    percent: bool = True
    """Whether it is read as a percentage."""


def by_date(date_column: str, of: str = "c") -> Mapping[str, str]:
    """What a figure over cases can be grouped by, with the month of the given date (of another table than cases')."""
    return {
        "district": "c.log",
        **{name: f"COALESCE(c.{name}, '{UNRECORDED}')" for name in ("department", "item", "hall", "tier", "channel")},
        "theme": f"COALESCE(c.theme, '{NO_THEME}')",
        "month": f"substr(CAST({of}.{date_column} AS TEXT), 1, 7)",
    }


PACKAGE_GROUPS: Final = {
    "district": "p.log",
    **{name: f"COALESCE(p.{name}, '{UNRECORDED}')" for name in ("hall", "tier", "channel", "theme")},
    "month": "substr(CAST(p.closed_on AS TEXT), 1, 7)",
}
"""What a figure over closed packages can be grouped by."""


ITEM_GROUPS: Final = {"district": "i.log", "department": "i.department", "item": "i.item", "tier": "i.tier"}
"""What a figure over items can be grouped by."""

ITEM_POPULATION: Final = "依申请 items of the catalogue in force on the day asked"

IN_FORCE: Final = """
WHERE i.applied_for = 1 AND i.valid_from <= :as_of AND (i.valid_until IS NULL OR i.valid_until >= :as_of)"""
"""The condition for the item population."""

ITEMS: Final = f"""
FROM item_facts AS i{IN_FORCE}
GROUP BY 1"""

THEME_GROUPS: Final = {"district": "t.log", "theme": "t.theme"}
"""What a figure over themes can be grouped by."""

THEME_POPULATION: Final = "themes (一件事) of the catalogue in force on the day asked"

THEMES: Final = """
FROM theme_facts AS t
WHERE t.valid_from <= :as_of AND (t.valid_until IS NULL OR t.valid_until >= :as_of)"""
"""The theme population, to be narrowed and grouped."""

CLOSED: Final = """
FROM case_facts AS c
WHERE c.closed = 1 AND c.counted = 1 AND c.closed_on BETWEEN :since AND :until"""

DUE: Final = """
FROM case_facts AS c
WHERE c.counted = 1 AND (c.closed_normally = 1 OR (c.closed = 0 AND c.stage <> 'not_accepted'))
  AND c.promised_due_on BETWEEN :since AND :until AND (c.closed = 1 OR c.promised_due_on < :as_of)
GROUP BY 1"""

ACCEPTED: Final = """
FROM case_facts AS c
WHERE c.accepted = 1 AND c.counted = 1 AND c.accepted_on BETWEEN :since AND :until
GROUP BY 1"""


def select(numerator: str, denominator: str, rest: str) -> str:
    """One indicator's SQL text."""
    return f"SELECT {{group}} AS grouped, {numerator} AS numerator, {denominator} AS denominator{rest}"


def flag(condition: str) -> str:
    """How many rows fulfil a condition."""
    return f"SUM(CASE WHEN {condition} THEN 1 ELSE 0 END)"
