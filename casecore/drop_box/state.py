"""The file of a drop box: what lies in it, and day by day how often it was emptied."""

from datetime import date, datetime, timedelta
from enum import Enum
from typing import NamedTuple, assert_never

from casecore.drop_box.events import BoxCollected, BoxDeposited, DropBoxEvent

__all__ = ["NEW_BOX", "BoxDay", "BoxStage", "DropBoxFile", "evolve_box"]


class BoxStage(Enum):
    """A box is always in service."""

    IN_SERVICE = "in_service"


class BoxDay(NamedTuple):
    """One day of a box."""

    day: date
    """A local date."""
    collections: int = 0
    collected: int = 0
    """Deposits taken out on that day."""
    longest_wait_minutes: int = 0
    """How long the one of them lay in the box that lay there longest."""


class DropBoxFile(NamedTuple):
    """Everything a box's facts add up to."""

    version: int = 0
    stage: BoxStage = BoxStage.IN_SERVICE
    stage_at: datetime | None = None
    inside: tuple[BoxDeposited, ...] = ()
    since: date | None = None
    """The day of its first fact."""
    days: tuple[BoxDay, ...] = ()
    """The days on which it was emptied, in the order they were told."""
    emptied_at: datetime | None = None
    """When it was emptied, as told last: more facts of that instant name what else was taken out then."""

    def on(self, day: date) -> BoxDay:
        """What happened on a day."""
        return next((one for one in reversed(self.days) if one.day == day), BoxDay(day))


NEW_BOX = DropBoxFile()


def evolve_box(file: DropBoxFile, event: DropBoxEvent) -> DropBoxFile:
    """The file after one more fact."""
    day = event.at.date()
    file = file._replace(version=file.version + 1, since=day if file.since is None else min(day, file.since))
    match event:
        case BoxDeposited():
            return file._replace(inside=(*file.inside, event))
        case BoxCollected():
            return _collected(file, event)
        case _:
            assert_never(event)


def _collected(file: DropBoxFile, event: BoxCollected) -> DropBoxFile:
    taken = {(one.case, one.deposit) for one in event.deposits}
    out = [one for one in file.inside if (one.case, one.deposit) in taken]
    before = file.on(event.at.date())
    waits = [(event.at - one.at) // timedelta(minutes=1) for one in out]
    day = BoxDay(
        before.day,
        before.collections + (event.at != file.emptied_at),
        before.collected + len(event.deposits),
        max((before.longest_wait_minutes, *waits)),
    )
    return file._replace(
        inside=tuple(one for one in file.inside if (one.case, one.deposit) not in taken),
        days=(*(one for one in file.days if one.day != day.day), day),
        emptied_at=event.at,
    )
