"""The file of a drop box: what lies in it, and day by day how often it was emptied."""

from datetime import date, datetime
from enum import Enum
from typing import NamedTuple

from casecore.cards import Card
from casecore.drop_box.facts.emptying import BoxDeposited

__all__ = ["NEW_BOX", "BoxDay", "BoxStage", "DropBoxFile"]


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

    cards: tuple[Card, ...] = ()

    def on(self, day: date) -> BoxDay:
        """What happened on a day."""
        return next((one for one in reversed(self.days) if one.day == day), BoxDay(day))


NEW_BOX = DropBoxFile()
