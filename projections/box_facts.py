"""``box_facts``: one row a day of a drop box (小蜜蜂箱), for the duty to empty it (每日至少两次取件)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from casecore.calendars import law_of
from casecore.drop_box.file import BoxDay, DropBoxFile
from casecore.kinds import DROP_BOX
from casecore.places import DropBox
from projections.projection import Projection, Subject

__all__ = ["BOX_FACTS", "BoxFact"]


class BoxFact(NamedTuple):
    """One day: that of its first fact, each on which it was emptied, each working day of its service up to its last fact.

    Its service begins on the day the register says, without one with its first fact. A box stays for years: each of its days
    is under the rule and the calendar in force on that day.
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
    rule_version: int
    """The district's rule in force on the day, as adopted; 0 for common practice."""
    calendar: str | None
    """The calendar version in force on the day."""


def _rows(subject: Subject[DropBoxFile]) -> Iterator[BoxFact]:
    file = subject.file
    box = subject.catalogue.boxes.get(subject.stream)
    emptied, working = {one.day: one for one in file.days}, dict(_known_days(subject, box))
    duty = {day for day, works in working.items() if works and (box is None or box.in_force(day))}
    first = set() if file.since is None else {file.since}
    for day in sorted(emptied.keys() | duty | first):
        found, ruled = emptied.get(day, BoxDay(day)), subject.on(day)
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
            rule_version=ruled.version,
            calendar=ruled.calendar,
        )


def _known_days(subject: Subject[DropBoxFile], box: DropBox | None) -> Iterator[tuple[date, int]]:
    """Every day of the box up to its last fact that the calendar in force covers, and whether it is a working day."""
    file = subject.file
    days = [*(one.day for one in file.days), *(one.at.date() for one in file.inside)]
    if file.since is None or not days:
        return
    day = file.since if box is None or box.valid_from is None else min(file.since, box.valid_from)
    last = max(days)
    while day <= last:
        calendar = law_of(subject.calendars, subject.on(day).calendar)
        if calendar is not None and calendar.covers[0] <= day <= calendar.covers[1]:
            yield day, int(calendar.is_working(day))
        day += timedelta(days=1)


BOX_FACTS = Projection("box_facts", 3, BoxFact, _rows, DROP_BOX)
"""One row a day."""
