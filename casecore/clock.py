"""A clock (时限) of a stream: since when it runs, until when, under which limit and by which law."""

from datetime import date, datetime
from typing import Final, NamedTuple

from casecore.calendar import WorkCalendar, to_the_minute
from casecore.clocks import ClockReading, read_clock
from casecore.ledger import Ledger
from casecore.limits import Limit
from casecore.vocabulary import ClockKind

__all__ = ["CaseClock"]

UNTOLD_DECISION: Final = "no decision (决定) is recorded: it was made by the closing (办结) at the latest"
"""What is said of a statutory limit that ends with the closing of a case whose decision nobody told."""


class CaseClock(NamedTuple):
    """One clock of a case: all it takes to read it at any moment."""

    kind: ClockKind
    name: str
    """Unique within the case: the kind, with the step and its routing, or the round, where there are several."""
    source: str
    """The law article, or who promised it."""
    limit: Limit
    started_on: date
    """Day 0, a local date."""
    started_at: datetime
    ledger: Ledger
    """The acts that may move it."""
    ended_at: datetime | None
    """When what it waits for happened; None while it runs."""
    calendar: str | None
    """The version it is counted under; None before the promise: then the version in force."""
    department: str | None = None
    """Who has to act."""
    step: str | None = None
    handed_over: tuple[tuple[datetime, str], ...] = ()
    """When it left which department, for those that had to act before (转办)."""
    remark: str | None = None
    """What has to be known of its end, where that is less than certain."""

    def department_due(self, reading: ClockReading) -> str | None:
        """Who had to act as its last day, or minute, ended: whoever it was handed on to later (转办) has not let it pass."""
        held = (*(before for _, before in sorted(self.handed_over)), self.department)
        return held[self.holding_due(reading)]

    def holding_due(self, reading: ClockReading) -> int:
        """Which of those who had it, one after the other from 0, had to act as its last day, or minute, ended."""
        due_at, due_on = reading.due_at, reading.due_on
        left = sorted(left_at for left_at, _ in self.handed_over)
        return sum(left_at.date() <= due_on if due_at is None else to_the_minute(left_at) <= due_at for left_at in left)

    def read(self, calendar: WorkCalendar, at: datetime) -> ClockReading:
        """What it says at ``at``, or at its end where that came first."""
        ended = self.ended_at if self.ended_at is not None and self.ended_at <= at else None
        return read_clock(
            calendar,
            self.limit,
            self.started_on,
            self.ledger,
            started_at=self.started_at,
            closed_at=ended,
            until=at,
        )
