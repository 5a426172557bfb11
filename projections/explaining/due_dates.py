"""A due date worked out from dates alone, without any case: with every day up to it, counted or not, and why."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from casecore.calendar import WorkCalendar
from casecore.clocks import ClockReading, CountedDay, count_days, read_clock
from casecore.ledger import Extension, Ledger, SuspensionSpan
from casecore.limits import Limit

__all__ = ["DueDate", "work_out"]


class DueDate(NamedTuple):
    """A due date and how it came about."""

    accepted_on: date
    limit: Limit
    reading: ClockReading
    working_days: int
    """Working days that count, from day 0 to the due date."""
    days: tuple[CountedDay, ...]
    calendar: str

    def plain(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "due_on": self.reading.due_on,
            "working_days": self.working_days,
            "printed_on": self.reading.printed_on,
            "legal_on": self.reading.legal_on,
            "provisional": self.reading.provisional,
            "calendar_version": self.calendar,
            "accepted_on": self.accepted_on,
            "ignored": self.reading.ignored,
            "days": [{"date": d.day, "counted": d.counted, "why": d.why} for d in self.days],
        }


def work_out(  # noqa: PLR0913 - a limit, and what may move it
    calendar: WorkCalendar,
    limit: Limit,
    accepted: date,
    *,
    spans: Sequence[SuspensionSpan] = (),
    extension: Extension | None = None,
    receipt_only: bool = False,
) -> DueDate:
    """Work out when something accepted on a day is due.

    Where another took the place of the ``calendar``, it is due on the later date of both. ``spans`` are the special
    procedures beside the limit, each with an end. ``receipt_only`` says that the window only receives on rest days: what
    came on one is accepted on the next working day. Raises :class:`~casecore.calendar.OutsideCalendarError` where the
    calendar does not reach.
    """
    start = calendar.next_working(accepted) if receipt_only else accepted
    ends = [span.ended_at.date() for span in spans if span.ended_at] + ([extension.approved_on] if extension else [])
    reading = read_clock(calendar, limit, start, Ledger(tuple(spans), extension), until=max([start, *ends]))
    calendar = reading.counted_by or calendar
    # A natural day that was excluded may lie behind a last day that was moved: it is shown all the same.
    until = max([reading.due_on, *(taken.last_on for taken in reading.exclusions if taken.last_on is not None)])
    days = tuple(count_days(calendar, limit.unit, start, reading, until))
    return DueDate(
        start,
        limit,
        reading,
        sum(day.counted and calendar.is_working(day.day) for day in days),
        days,
        calendar.version,
    )
