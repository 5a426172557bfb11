"""A clock (时限) of a stream: since when it runs, until when, under which limit and by which law."""

from datetime import date, datetime
from typing import Final, NamedTuple

from casecore.calendar import WorkCalendar
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

    def department_on(self, moment: datetime) -> str | None:
        """Who had to act at a moment."""
        return next((before for left_at, before in self.handed_over if moment < left_at), self.department)

    def department_due(self, due_on: date) -> str | None:
        """Who had to act when the day it was due was over; whoever it was handed on to later did not."""
        return next((before for left_at, before in self.handed_over if due_on < left_at.date()), self.department)

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
