"""``box_facts``: one row a day of a drop box (小蜜蜂箱), for the duty to empty it (每日至少两次取件)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from casecore.drop_box.file import BoxDay, DropBoxFile
from casecore.kinds import DROP_BOX
from projections.projection import Projection, Subject

__all__ = ["BOX_FACTS", "BoxFact"]


class BoxFact(NamedTuple):
    """One day: each on which it was emptied, and each working day between its first fact and its last one.

    A box stays for years: each of its days is under the rule and the calendar in force on that day.
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
    rule_version: int
    """The district's rule in force on the day, as adopted; 0 for common practice."""
    calendar: str | None
    """The calendar version in force on the day."""


def _rows(subject: Subject[DropBoxFile]) -> Iterator[BoxFact]:
    file = subject.file
    emptied, working = {one.day: one for one in file.days}, dict(_known_days(subject))
    for day in sorted(emptied.keys() | {day for day, works in working.items() if works}):
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
            rule_version=ruled.version,
            calendar=ruled.calendar,
        )


def _known_days(subject: Subject[DropBoxFile]) -> Iterator[tuple[date, int]]:
    """Every day from the box's first fact to its last that the calendar in force covers, and whether it is a working day."""
    file = subject.file
    days = [*(one.day for one in file.days), *(one.at.date() for one in file.inside)]
    if file.since is None or not days:
        return
    day, last = file.since, max(days)
    while day <= last:
        calendar = subject.calendars.get(subject.on(day).calendar or "")
        if calendar is not None and calendar.covers[0] <= day <= calendar.covers[1]:
            yield day, int(calendar.is_working(day))
        day += timedelta(days=1)


BOX_FACTS = Projection("box_facts", 2, BoxFact, _rows, DROP_BOX)
"""One row a day."""
