"""``casecore bench clock``: what a clock costs, beside loops that walk the days over a plain set of working days.

A due date and a count of used days cost the same whatever the limit: their rates stay level from 5 to 2,000 days while
the loops' fall. So does that of a whole reading, which grows with the acts of the case alone.
"""

from datetime import date, timedelta
from typing import Final

from adapters.calendar_toml import NATIONAL, shipped_calendars
from casecore.calendar import WorkCalendar
from ops.bench.measuring import ROUNDS, Measurement, paired, rate
from ops.conformance.checking import clock_of
from ops.conformance.drawing import working_days
from ops.conformance.walker import Extension, Procedure, WalkedCase, count_working, nth_working, walk

__all__ = ["CalendarDays", "bench_clock", "due_dates"]

LIMITS: Final = (5, 20, 200, 2000)
DATES: Final = 100_000
WALKED_DAYS: Final = 200_000
"""How many days a floor walks in a round, whatever the limit."""
STARTS: Final = 5000
CASES: Final = 2000
DECLARED: Final = 5
EXTENDED: Final = 10


class CalendarDays:
    """A calendar, and the same days as a plain set for the floors to walk over."""

    def __init__(self, calendar: WorkCalendar) -> None:
        self.calendar = calendar
        self.working = working_days(calendar)
        self.starts = [calendar.covers[0] + timedelta(days=number) for number in range(STARTS)]

    @property
    def last(self) -> date:
        """The last day the set speaks of."""
        return self.calendar.covers[1]


def bench_clock(rounds: int = ROUNDS) -> list[Measurement]:
    """Measure on the national calendar; medians of the rounds."""
    days = CalendarDays(shipped_calendars()[NATIONAL])
    return [
        *(due_dates(days, limit, rounds) for limit in LIMITS),
        *(used_days(days, limit, rounds) for limit in LIMITS),
        *(readings(days, limit, rounds) for limit in LIMITS),
    ]


def due_dates(days: CalendarDays, limit: int, rounds: int = ROUNDS) -> Measurement:
    """Due dates of a limit of so many working days."""
    calendar, working, starts, last = days.calendar, days.working, days.starts, days.last

    def ours(count: int) -> None:
        for number in range(count):
            calendar.due(starts[number % STARTS], limit)

    def walked(count: int) -> None:
        for number in range(count):
            nth_working(starts[number % STARTS], limit, working, last)

    what = f"due dates, {limit} working days"
    return paired(what, "walking day by day", lambda: rate(ours, DATES), lambda: rate(walked, WALKED_DAYS // limit), rounds)


def used_days(days: CalendarDays, limit: int, rounds: int = ROUNDS) -> Measurement:
    """Counts of the working days used from a start to its due date."""
    calendar, working = days.calendar, days.working
    spans = [(start, calendar.due(start, limit)) for start in days.starts]

    def ours(count: int) -> None:
        for number in range(count):
            calendar.between(*spans[number % STARTS])

    def walked(count: int) -> None:
        for number in range(count):
            count_working(*spans[number % STARTS], working)

    what = f"used days, {limit} working days"
    return paired(what, "walking day by day", lambda: rate(ours, DATES), lambda: rate(walked, WALKED_DAYS // limit), rounds)


def readings(days: CalendarDays, limit: int, rounds: int = ROUNDS) -> Measurement:
    """Whole readings (due, used, remaining, verdict, exclusions) of cases with a procedure and an extension."""
    calendar, working, last = days.calendar, days.working, days.last
    cases = [_eventful(calendar, start, limit) for start in days.starts[:CASES]]
    clocks = [clock_of(calendar, case) for case in cases]

    def ours(count: int) -> None:
        for number in range(count):
            clocks[number % CASES]()

    def walked(count: int) -> None:
        for number in range(count):
            walk(cases[number % CASES], working, last)

    what = f"whole readings, {limit} working days"
    return paired(what, "the day walker", lambda: rate(ours, CASES * 5), lambda: rate(walked, WALKED_DAYS // limit), rounds)


def _eventful(calendar: WorkCalendar, accepted: date, limit: int) -> WalkedCase:
    """A case that has had a special procedure longer than declared, and an extension, and closed on its last day."""
    acts_on, ended_on = calendar.due(accepted, 2), calendar.due(accepted, 12)
    due_on = calendar.due(accepted, limit + DECLARED + EXTENDED)
    procedures = (Procedure(acts_on, ended_on, DECLARED),)
    return WalkedCase(accepted, limit, procedures, Extension(acts_on, EXTENDED), due_on, due_on)
