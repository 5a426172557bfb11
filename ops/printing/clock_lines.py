"""Printing a clock in one line: its limit, and what it says."""

from typing import Final

from casecore.clocks import ClockReading
from projections.explaining.clocks_read import ClockRead

__all__ = ["PROVISIONAL", "clock_line"]

PROVISIONAL: Final = "provisional (暂定): at or past the end of the calendar, the next holiday notice may move it"
"""What is said wherever a due date is printed that a later notice may still move."""


def clock_line(read: ClockRead) -> str:
    """A clock with what it says, or why it cannot be counted."""
    clock, reading = read.clock, read.reading
    head = f"{clock.kind.zh} {clock.name}: {clock.limit}, {clock.source}, day 0 is {clock.started_on}"
    remark = f"; {clock.remark}" if clock.remark is not None else ""
    return f"{head}; cannot be counted: {read.why}" if reading is None else f"{head}; {_reading(reading)}{remark}"


def _reading(reading: ClockReading) -> str:
    provisional = f"{both_dates(reading)}, {PROVISIONAL}" if reading.provisional else both_dates(reading)
    return (
        f"due {reading.due_at or reading.due_on}{provisional}, used {reading.used}, remaining {reading.remaining},"
        f" excluded {reading.excluded}: {reading.verdict.value} {reading.verdict.zh}"
    )


def both_dates(reading: ClockReading) -> str:
    """The date as printed and the one a later notice makes, where they differ."""
    both = reading.both_dates
    if both is None:
        return ""
    return (
        f", printed (承诺到期日) {both.printed_on}, legal (法定到期日, {both.calendar}) {both.legal_on}: late only past both"
    )
