"""``box_facts``: one row a day of a drop box (小蜜蜂箱), for the duty to empty it (每日至少两次取件)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from casecore.drop_box.file import BoxDay, DropBoxFile

from casecore.calendar import WorkCalendar
from projections.projection import BoxSubject, Projection

__all__ = ["BOX_FACTS", "BoxFact"]


class BoxFact(NamedTuple):
    """One day: each on which it was emptied, and each working day between its first fact and its last one."""

    log: str
    box_id: str
    stream_version: int
    day: date
    working: int | None
    """1 for a working day (工作日) under the calendar in force; None where no calendar says."""
    collections: int
    """How often it was emptied; the last day of a box may still get more."""
    collected: int
    """Deposits taken out."""
    longest_wait_minutes: int
    """How long the one of them lay in the box that lay there longest."""


def _rows(subject: BoxSubject) -> Iterator[BoxFact]:
    file, calendar = subject.file, subject.calendars.get(subject.in_force or "")
    emptied = {one.day: one for one in file.days}
    working = {} if calendar is None else dict(_known_days(file, calendar))
    for day in sorted(emptied.keys() | {day for day, works in working.items() if works}):
        found = emptied.get(day, BoxDay(day))
        yield BoxFact(
            log=subject.log,
            box_id=subject.stream,
            stream_version=file.version,
            day=day,
            working=working.get(day),
            collections=found.collections,
            collected=found.collected,
            longest_wait_minutes=found.longest_wait_minutes,
        )


def _known_days(file: DropBoxFile, calendar: WorkCalendar) -> Iterator[tuple[date, int]]:
    """Every day from the box's first fact to its last that the calendar covers, and whether it is a working day."""
    days = [*(one.day for one in file.days), *(one.at.date() for one in file.inside)]
    if file.since is None or not days:
        return
    day, last = max(file.since, calendar.covers[0]), min(max(days), calendar.covers[1])
    while day <= last:
        yield day, int(calendar.is_working(day))
        day += timedelta(days=1)


BOX_FACTS = Projection("box_facts", 1, BoxFact, _rows, BoxSubject)
"""One row a day."""
