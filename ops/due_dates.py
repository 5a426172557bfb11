"""``casecore due``: a due date worked out from dates alone, with its proof."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple

from casecore.ledger import Extension, Ledger, SuspensionSpan

from casecore.calendar import WorkCalendar
from casecore.clocks import ClockReading, CountedDay, count_days, read_clock
from casecore.errors import BadInput, Flaw
from casecore.limits import Limit

__all__ = ["DueDate", "work_out"]

MOST_DAYS = 5000


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
            "provisional": self.reading.provisional,
            "calendar_version": self.calendar,
            "accepted_on": self.accepted_on,
            "ignored": self.reading.ignored,
            "days": [{"date": d.day, "counted": d.counted, "why": d.why} for d in self.days],
        }


def work_out(  # noqa: PLR0913 - what the command line may say
    calendar: WorkCalendar,
    limit: Limit,
    accepted: date,
    *,
    exclude: Sequence[str],
    extend: str | None,
    receipt_only: bool,
) -> DueDate:
    """Work out a due date; raises ``BadInput`` naming the option, or ``OutsideCalendarError``."""
    spans = tuple(_span(text, f"S{n}") for n, text in enumerate(exclude, 1))
    start = calendar.next_working(accepted) if receipt_only else accepted
    extension = _extension(extend)
    ends = [span.ended_at.date() for span in spans if span.ended_at] + ([extension.approved_on] if extension else [])
    reading = read_clock(calendar, limit, start, Ledger(spans, extension), until=max([start, *ends]))
    # A natural day that was excluded may lie behind a last day that was moved: the proof shows it all the same.
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


def _span(text: str, label: str) -> SuspensionSpan:
    """``START..END`` or ``START..END:DECLARED``."""
    dates, _, declared = text.partition(":")
    start, dots, end = dates.partition("..")
    try:
        if not dots:
            raise ValueError  # noqa: TRY301 - one message for every way to get it wrong
        first, last = date.fromisoformat(start), date.fromisoformat(end)
        days = int(declared) if declared else None
    except ValueError:
        raise BadInput(Flaw.USAGE, "--exclude", f"{text!r} is not START..END or START..END:DECLARED") from None
    if last < first or (days is not None and not 0 <= days <= MOST_DAYS):
        raise BadInput(Flaw.USAGE, "--exclude", f"{text!r} ends before it starts, or declares no possible number of days")
    return SuspensionSpan(label, datetime.combine(first, time.min), datetime.combine(last, time.min), days)


def _extension(text: str | None) -> Extension | None:
    if text is None:
        return None
    on, _, days = text.partition(":")
    try:
        extension = Extension(date.fromisoformat(on), int(days))
    except ValueError:
        raise BadInput(Flaw.USAGE, "--extend", f"{text!r} is not DATE:DAYS") from None
    if not 0 <= extension.days <= MOST_DAYS:
        raise BadInput(Flaw.USAGE, "--extend", f"{text!r} adds no possible number of days")
    return extension
