"""Who is counted: the populations most indicators share, of cases and of what the catalogue declares.

Excluded wherever cases are ``counted``: those voided (作废), deleted (删除) and withdrawn (撤回).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from projections.indicator import Population, fact_table

__all__ = [
    "ACCEPTED",
    "APPLIED_FOR",
    "CASE_COLUMNS",
    "CASE_KEY",
    "CLOSED",
    "CLOSED_BAND",
    "COHORT",
    "DUE",
    "ITEMS",
    "KNOWN",
    "RECEIVED_BAND",
    "THEMES",
    "UNRECORDED",
    "falling_due",
]

UNRECORDED: Final = "unrecorded"
"""The group of what nobody recorded."""

NO_THEME: Final = "none"
"""The theme of a case that is in no package (一件事)."""

CASE_COLUMNS: Final[Mapping[str, str]] = {
    "district": "c.log",
    **{name: f"COALESCE(c.{name}, '{UNRECORDED}')" for name in ("department", "item", "hall", "tier", "channel")},
    "theme": f"COALESCE(c.theme, '{NO_THEME}')",
}
"""What a figure over cases, ``c``, can be grouped by."""

RECEIVED_BAND: Final[Mapping[str, str]] = {"band": f"COALESCE(c.received_band, '{UNRECORDED}')"}
"""时段 of the receipt: the group of figures that go by intake or acceptance."""

CLOSED_BAND: Final[Mapping[str, str]] = {"band": f"COALESCE(c.closed_band, '{UNRECORDED}')"}
"""时段 of the closing: the group of figures that go by it."""

CASE_KEY: Final = ("c.log", "c.case_id")

CLOSED: Final = Population(
    told="closed cases, by closing date",
    relation=fact_table("case_facts"),
    alias="c",
    where=("c.closed = 1", "c.counted = 1"),
    dated="c.closed_on",
    # A query within the query may name a column of the group, but not an expression over one.
    columns={**CASE_COLUMNS, **CLOSED_BAND, "month": "c.closed_month"},
    case_key=CASE_KEY,
)

KNOWN: Final = CLOSED.narrowed("c.trips_unknown IS NULL", told="closed cases whose trips are known, by closing date")


def falling_due(of: Population, told: str, *, due: str, judged: str, running: str) -> Population:
    """Those of a population that are due in the period, which is the one meaning of "due" in every indicator.

    By the due date alone, so that what is due on the last day of a month is due in that month, in whatever way it is cut.
    It counts once it is judged, and while it still runs from the day after its due date on: on the day itself nobody is
    late yet. ``due`` is the date column; ``judged`` and ``running`` are conditions.
    """
    late = f"{due} < :as_of"
    return replace(of, told=told, where=(*of.where, f"({judged}) OR ({running} AND {late})"), dated=due)


DUE: Final = falling_due(
    Population(
        told="cases",
        relation=fact_table("case_facts"),
        alias="c",
        where=("c.counted = 1",),
        columns=CASE_COLUMNS,
        case_key=CASE_KEY,
    ),
    "cases due in the period: closed normally, or open and past due on the day asked",
    due="c.promised_due_on",
    judged="c.closed_normally = 1",
    running="c.closed = 0 AND c.stage <> 'not_accepted'",
)

APPLIED_FOR: Final = "c.redecides IS NULL"
"""Figures of intake (收件, 受理) count what was applied for: what is decided anew (重作) was, once. By its closing, and by
the day it is due, it is a case as any other."""

ACCEPTED: Final = Population(
    told="cases accepted in the period",
    relation=fact_table("case_facts"),
    alias="c",
    where=("c.accepted = 1", "c.counted = 1", APPLIED_FOR),
    dated="c.accepted_on",
    columns={**CASE_COLUMNS, **RECEIVED_BAND},
    case_key=CASE_KEY,
)

COHORT: Final = ACCEPTED.narrowed(told="cases accepted in the period (cohort form)")

ITEMS: Final = Population(
    told="依申请 items of the catalogue in force on the last day of the period, or the day asked",
    relation=fact_table("item_facts"),
    alias="i",
    where=("i.applied_for = 1", "i.valid_from <= :as_of", "i.valid_until IS NULL OR i.valid_until >= :as_of"),
    columns={"district": "i.log", "department": "i.department", "item": "i.item", "tier": "i.tier"},
    entry=("i.item", "i.item_version"),
)

THEMES: Final = Population(
    told="themes (一件事) of the catalogue in force on the last day of the period, or the day asked",
    relation=fact_table("theme_facts"),
    alias="t",
    where=("t.valid_from <= :as_of", "t.valid_until IS NULL OR t.valid_until >= :as_of"),
    columns={"district": "t.log", "theme": "t.theme"},
    entry=("t.theme", "t.theme_version"),
)
