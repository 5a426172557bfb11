"""Reminders (催办提醒): running clocks that are nearly due or overdue, by department, as a query a hall can poll.

A reminder is asked for, never recorded: cards and warnings (预警) are facts, and the passing of time brings those.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from adapters.dimensions import calendars_in_force
from adapters.tables import Tables
from casecore.errors import BadInput, Flaw
from casecore.vocabulary import ClockKind

__all__ = ["REMINDERS", "WITHIN_DAYS", "Reminder", "reminders"]

WITHIN_DAYS: Final = 2
"""How many working days ahead a hall usually looks."""
MOST_DAYS: Final = 2000

REMINDERS: Final = f"""
SELECT c.log, c.department, c.case_id, c.item, c.kind, c.clock, c.step, c.due_on, c.due_time, c.provisional
FROM clock_facts AS c
WHERE c.ended_on IS NULL AND c.due_on <= :horizon AND c.kind <> '{ClockKind.HEARING_REQUEST.value}'
  AND c.log = :district
  AND (CAST(:department AS TEXT) IS NULL OR c.department = :department)"""  # noqa: S608 - our own names
"""The query, for SQLite and PostgreSQL alike: what is due by ``horizon``, the overdue among it. Paused clocks have no due
date; to ask for a hearing (听证申请) is the applicant's affair, of which no department is reminded."""


class Reminder(NamedTuple):
    """One running clock a department has to act on."""

    district: str
    department: str | None
    """责任部门; None where nobody recorded one."""
    case: str
    item: str | None
    kind: str
    clock: str
    step: str | None
    due_on: date
    due_time: str | None
    """``HH:MM``, for limits within a day."""
    days_left: int
    """Working days after the day asked up to the due date; negative by how many it is overdue."""
    overdue: bool
    """The due date lies before the day asked: overdue over a weekend is overdue by no working day yet."""
    provisional: bool
    """暂定: the due date touches or passes the calendar's coverage."""


def reminders(  # noqa: PLR0913 - what a hall may ask
    tables: Tables,
    as_of: date,
    within_days: int,
    *,
    district: str | None = None,
    department: str | None = None,
    overdue_only: bool = False,
) -> Sequence[Reminder]:
    """Every running clock due within so many working days of ``as_of``, or overdue; by department, the most urgent first.

    ``as_of`` and the due dates are local dates: what is due within the day is due until its hour. Days are counted by the
    calendar in force in the district of each (``date_facts``); the due dates are those of each case's own. Raises
    ``BadInput`` for days nobody looks ahead, and :class:`~casecore.calendar.OutsideCalendarError` where the calendar does
    not reach.
    """
    if not 0 <= within_days <= MOST_DAYS:
        raise BadInput(Flaw.NUMBER_OUT_OF_RANGE, "within", f"{within_days} is not between 0 and {MOST_DAYS} working days")
    found: list[Reminder] = []
    for log, calendar in calendars_in_force(tables, district).items():
        horizon = calendar.due(as_of, within_days)
        for row in tables.query(REMINDERS, horizon=horizon, district=log, department=department):
            _, acting, case, item, kind, clock, step, due, due_time, provisional = row
            due_on = date.fromisoformat(due) if isinstance(due, str) else due
            overdue = due_on < as_of
            left = -calendar.between(due_on, as_of) if overdue else calendar.between(as_of, due_on)
            if overdue or not overdue_only:
                found.append(
                    Reminder(log, acting, case, item, kind, clock, step, due_on, due_time, left, overdue, bool(provisional))
                )
    return sorted(found, key=_urgency)


def _urgency(one: Reminder) -> tuple[str, date, str, str, str, str]:
    return (one.department or "", one.due_on, one.due_time or "", one.district, one.case, one.clock)
