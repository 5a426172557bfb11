"""``box_facts``: one row a day of a drop box (小蜜蜂箱), for the duty to empty it (每日至少两次取件)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from casecore.calendar import WorkCalendar
from casecore.drop_box.file import BoxDay, DropBoxFile
from casecore.kinds import DROP_BOX
from casecore.places import DropBox
from projections.projection import Projection, Subject

__all__ = ["BOX_FACTS", "BoxFact"]


class BoxFact(NamedTuple):
    """One day: each on which it was emptied, and each working day of its service up to its last fact.

    Its service begins on the day the register says, without one with its first fact.
    """

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
    wanted: int | None
    """How often it had to be emptied; 0 on a day that is no working day of its service, None where nobody says."""
    service_until: date | None
    """The last day of its service, where the register says."""


def _rows(subject: Subject[DropBoxFile]) -> Iterator[BoxFact]:
    file, calendar = subject.file, subject.calendars.get(subject.in_force or "")
    box = subject.catalogue.boxes.get(subject.stream)
    emptied = {one.day: one for one in file.days}
    working = {} if calendar is None else dict(_known_days(file, calendar, box))
    duty = {day for day, works in working.items() if works and (box is None or box.in_force(day))}
    for day in sorted(emptied.keys() | duty):
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
            wanted=None if box is None or day not in working else box.collections_a_day * (day in duty),
            service_until=None if box is None else box.valid_until,
        )


def _known_days(file: DropBoxFile, calendar: WorkCalendar, box: DropBox | None) -> Iterator[tuple[date, int]]:
    """Every day of the box up to its last fact that the calendar covers, and whether it is a working day."""
    days = [*(one.day for one in file.days), *(one.at.date() for one in file.inside)]
    if file.since is None or not days:
        return
    begins = file.since if box is None or box.valid_from is None else min(file.since, box.valid_from)
    day, last = max(begins, calendar.covers[0]), min(max(days), calendar.covers[1])
    while day <= last:
        yield day, int(calendar.is_working(day))
        day += timedelta(days=1)


BOX_FACTS = Projection("box_facts", 2, BoxFact, _rows, DROP_BOX)
"""One row a day."""
