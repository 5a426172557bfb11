"""Reminders (催办提醒): running clocks that are nearly due or overdue, and boxes to be emptied, as a query a hall can poll.

A reminder is asked for, never recorded: cards and warnings (预警) are facts, and the passing of time brings those.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

from adapters.dimensions import calendars_in_force
from adapters.tables import Tables
from casecore.calendar import WorkCalendar
from casecore.errors import BadInput, Flaw
from casecore.kinds import DROP_BOX
from casecore.vocabulary import ClockKind

__all__ = ["EMPTYING", "REMINDERS", "WITHIN_DAYS", "Reminder", "reminders"]

WITHIN_DAYS: Final = 2
"""How many working days ahead a hall usually looks."""
MOST_DAYS: Final = 2000
EMPTYING: Final = "emptying"
"""What a reminder of a drop box is of: the duty of the day to empty it (取件)."""

REMINDERS: Final = f"""
SELECT c.log, c.department, c.stream_kind, c.stream_id, c.item, c.kind, c.clock, c.step, c.due_on, c.due_time, c.provisional
FROM clock_facts AS c
WHERE c.ended_on IS NULL AND c.due_on <= :horizon AND c.kind <> '{ClockKind.HEARING_REQUEST.value}'
  AND c.log = :district
  AND (CAST(:department AS TEXT) IS NULL OR c.department = :department)"""  # noqa: S608 - our own names
"""The query, for SQLite and PostgreSQL alike: what is due by ``horizon``, the overdue among it. Paused clocks have no due
date; to ask for a hearing (听证申请) is the applicant's affair, of which no department is reminded."""

BOXES: Final = """
SELECT b.log, b.box_id, b.day, b.wanted, b.collections, b.service_until
FROM box_facts AS b
WHERE b.day <= :day AND b.wanted > 0 AND (CAST(:district AS TEXT) IS NULL OR b.log = :district)
ORDER BY b.log, b.box_id, b.day"""
"""What was wanted of each box on its working days, and how often it was emptied."""


class Reminder(NamedTuple):
    """One running clock a department has to act on, or a drop box to be emptied today."""

    district: str
    department: str | None
    """责任部门; None where nobody recorded one: of a package (一件事) and of a box it is the hall's own affair."""
    of: str
    """Of which kind it is: case, package, drop_box."""
    case: str
    """The case, or the package or drop box."""
    item: str | None
    kind: str
    """Of the clock; ``emptying`` of a box."""
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
    calendar in force in the district of each (``date_facts``); the due dates are those of each stream's own. Boxes that were
    not emptied often enough yet on ``as_of`` are due that day; a day that is over is no use being reminded of, and has its
    card. Raises ``BadInput`` for days nobody looks ahead, and :class:`~casecore.calendar.OutsideCalendarError` where the
    calendar does not reach.
    """
    if not 0 <= within_days <= MOST_DAYS:
        raise BadInput(Flaw.NUMBER_OUT_OF_RANGE, "within", f"{within_days} is not between 0 and {MOST_DAYS} working days")
    found: list[Reminder] = []
    for log, calendar in calendars_in_force(tables, district).items():
        horizon = calendar.due(as_of, within_days)
        for row in tables.query(REMINDERS, horizon=horizon, district=log, department=department):
            _, acting, of, stream, item, kind, clock, step, due, due_time, provisional = row
            due_on = _date(due)
            overdue = due_on < as_of
            left = -calendar.between(due_on, as_of) if overdue else calendar.between(as_of, due_on)
            if overdue or not overdue_only:
                found.append(
                    Reminder(
                        log, acting, of, stream, item, kind, clock, step, due_on, due_time, left, overdue, bool(provisional)
                    )
                )
        if department is None and not overdue_only:
            found += _boxes(tables, as_of, calendar, log)
    return sorted(found, key=_urgency)


def _boxes(tables: Tables, as_of: date, calendar: WorkCalendar, district: str | None) -> Iterator[Reminder]:
    """The boxes still to be emptied on a day. One that nobody ever used is none a log knows."""
    if not calendar.is_working(as_of):
        return
    last = {}
    for log, box, day, wanted, collections, until in tables.query(BOXES, day=as_of, district=district):
        last[log, box] = (_date(day), wanted, collections, None if until is None else _date(until))
    for (log, box), (day, wanted, collections, until) in last.items():
        done = collections if day == as_of else 0
        if done < wanted and (until is None or as_of <= until):
            clock = f"{EMPTYING}:{done}/{wanted}"
            yield Reminder(
                log, None, DROP_BOX.name, box, None, EMPTYING, clock, None, as_of, None, 0, overdue=False, provisional=False
            )


def _date(value: object) -> date:
    """A date of a row: SQLite gives text."""
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _urgency(one: Reminder) -> tuple[str, date, str, str, str, str]:
    return (one.department or "", one.due_on, one.due_time or "", one.district, one.case, one.clock)
