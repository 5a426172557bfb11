"""An agent's list of mandates (代办记录本): by whom, with what, and what the agent carried and walked."""

from datetime import date
from typing import Any, Final, NamedTuple

from adapters.tables import Tables
from casecore.door import is_text

__all__ = ["AgentEntry", "AgentTotals", "agent_entries", "agent_totals"]

_ENTRIES: Final = """
SELECT a.log, a.case_id, c.item, c.stage, c.closed_on, a.site, a.scope, a.granted_on, a.until,
    a.revoked_on, a.pickups, a.brought_home, a.trips
FROM agent_facts AS a
JOIN case_facts AS c ON c.log = a.log AND c.case_id = a.case_id
WHERE a.agent = :agent AND (CAST(:district AS TEXT) IS NULL OR a.log = :district)"""


class AgentEntry(NamedTuple):
    """One mandate (委托) of an agent, and what was done under it."""

    district: str
    case: str
    item: str | None
    stage: str
    closed_on: date | None
    site: str | None
    scope: str
    granted_on: date
    until: date | None
    revoked_on: date | None
    pickups: int
    """上门取件."""
    brought_home: int
    """送件上门."""
    trips: int
    """代办员跑腿: journeys, which cost the applicant none."""


class AgentTotals(NamedTuple):
    """An agent's mandates added up."""

    mandates: int
    cases: int
    pickups: int
    brought_home: int
    trips: int


def agent_entries(tables: Tables, agent: str, *, district: str | None = None) -> tuple[AgentEntry, ...]:
    """Every mandate of an agent, by the day it was given; none for somebody nobody ever entrusted."""
    if not is_text(agent) or not is_text(district or ""):  # nothing can be named so, and no database takes it
        return ()
    rows = tables.query(_ENTRIES, agent=agent, district=district)
    return tuple(sorted(map(_entry, rows), key=lambda one: (one.granted_on, one.district, one.case)))


def agent_totals(entries: tuple[AgentEntry, ...]) -> AgentTotals:
    """What an agent's mandates add up to."""
    return AgentTotals(
        len(entries),
        len({(one.district, one.case) for one in entries}),
        sum(one.pickups for one in entries),
        sum(one.brought_home for one in entries),
        sum(one.trips for one in entries),
    )


def _entry(row: tuple[Any, ...]) -> AgentEntry:
    """An entry from its row; SQLite keeps dates as text."""
    entry = AgentEntry(*row)
    return entry._replace(
        closed_on=_date(entry.closed_on),
        granted_on=_date(entry.granted_on) or entry.granted_on,
        until=_date(entry.until),
        revoked_on=_date(entry.revoked_on),
    )


def _date(found: date | str | None) -> date | None:
    return date.fromisoformat(found) if isinstance(found, str) else found
