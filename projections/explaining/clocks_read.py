"""The clocks of a stream, of whatever kind, as read at a moment."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from casecore.calendar import WorkCalendar
from casecore.clock import CaseClock
from casecore.clocks import ClockReading
from casecore.errors import BadInput
from projections.explaining.explained_clock import moment_for
from projections.explaining.plain import plain_reading

__all__ = ["ClockRead", "read_clocks"]


class ClockRead(NamedTuple):
    """A clock, as read at a moment."""

    clock: CaseClock
    reading: ClockReading | None
    """None where its calendar cannot count it."""
    why: str | None = None
    """Why it cannot."""

    def plain(self) -> dict[str, Any]:
        """As JSON values."""
        clock, reading = self.clock, self.reading
        return {
            "clock": clock.name,
            "name": clock.kind.zh,
            "source": clock.source,
            "limit": str(clock.limit),
            "started_on": clock.started_on,
            "ended_at": clock.ended_at,
            "remark": clock.remark,
            "calendar_version": clock.calendar,
            **(plain_reading(reading) if reading is not None else {}),
            "verdict": reading.verdict.value if reading is not None else None,
            "why_not": self.why,
        }


def read_clocks(
    clocks: Iterable[CaseClock], as_of: datetime, calendar_of: Callable[[str | None], WorkCalendar]
) -> tuple[ClockRead, ...]:
    """Read each clock at ``as_of``; ``calendar_of`` finds the version it is counted under, or raises ``BadInput``."""
    return tuple(_read(clock, as_of, calendar_of) for clock in clocks)


def _read(clock: CaseClock, as_of: datetime, calendar_of: Callable[[str | None], WorkCalendar]) -> ClockRead:
    try:
        calendar = calendar_of(clock.calendar)
        return ClockRead(clock, clock.read(calendar, moment_for(calendar, max(as_of, clock.started_at))))
    except BadInput as flaw:  # a calendar nobody knows, or a date it does not know
        return ClockRead(clock, None, str(flaw))
