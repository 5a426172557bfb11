"""Explaining a case: its story, its clocks day by day, its trips. Plain values first; printing is somebody else's work."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from itertools import groupby
from typing import Any, NamedTuple

from adapters.calendar_toml import NATIONAL, shipped_calendars
from casecore.calendar import WorkCalendar
from casecore.case.clocks import CaseClock, clocks_of
from casecore.case.state import CaseFile, fold
from casecore.case.trips import CountedTrip, count_trips
from casecore.clocks import ClockReading, CountedDay, count_days
from casecore.limits import Limit
from casecore.recorded import Recorded
from casecore.vocabulary import ClockKind
from ops.storytelling import tell
from projections.projection import Subject

__all__ = ["Clock", "Explanation", "Line", "collapse", "explain"]


class Line(NamedTuple):
    """One fact, told."""

    position: int
    at: datetime
    by: str
    term: str
    sentence: str


class Clock(NamedTuple):
    """One clock with its proof."""

    name: str
    limit: Limit
    started_on: date
    reading: ClockReading
    days: tuple[CountedDay, ...]
    calendar: str


class Explanation(NamedTuple):
    """Everything there is to say of a case."""

    case: str
    district: str
    file: CaseFile
    story: tuple[Line, ...]
    clocks: tuple[Clock, ...]
    trips: tuple[CountedTrip, ...]

    def plain(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "case": self.case,
            "district": self.district,
            "stage": self.file.stage.value,
            "story": [line._asdict() for line in self.story],
            "clocks": [
                {
                    "clock": clock.name,
                    "limit": str(clock.limit),
                    "started_on": clock.started_on,
                    "due_on": clock.reading.due_on,
                    "due_at": clock.reading.due_at,
                    "used": clock.reading.used,
                    "remaining": clock.reading.remaining,
                    "excluded": clock.reading.excluded,
                    "excluded_days": [d.day for d in clock.days if "不计入时限" in d.why],
                    "exclusions": [one._asdict() for one in clock.reading.exclusions],
                    "extension_days": clock.reading.extension_days,
                    "verdict": clock.reading.verdict.value,
                    "paused": clock.reading.paused,
                    "provisional": clock.reading.provisional,
                    "calendar_version": clock.calendar,
                    "ignored": clock.reading.ignored,
                    "days": [{"date": d.day, "counted": d.counted, "why": d.why} for d in clock.days],
                }
                for clock in self.clocks
            ],
            "trips": [
                {
                    "visit": t.trip.visit,
                    "at": t.trip.at,
                    "visitor": t.trip.visitor,
                    "place": t.trip.place,
                    "cause": t.trip.cause,
                    "gross": t.gross,
                    "net": t.net,
                    "why": t.why,
                }
                for t in self.trips
            ],
        }


def explain(
    history: Sequence[Recorded], as_of: datetime, *, calendars: Mapping[str, WorkCalendar] | None = None
) -> Explanation:
    """Explain a case from its facts; ``as_of`` is the moment an open case is asked about.

    ``calendars`` are those it may be promised under, by default the shipped ones; raises
    :class:`~casecore.errors.BadInput` when it was promised under another.
    """
    first = history[0]
    file = fold(recorded.event for recorded in history)
    story = tuple(
        Line(recorded.position, recorded.occurred_at, recorded.envelope.actor, *tell(recorded.event))
        for recorded in sorted(history, key=lambda recorded: (recorded.occurred_at, recorded.version))
    )
    subject = Subject(first.log, first.stream, file, shipped_calendars() if calendars is None else calendars)
    clocks = tuple(
        _clock(subject, clock, as_of) for clock in clocks_of(file) if clock.kind in (ClockKind.PROMISED, ClockKind.STATUTORY)
    )
    return Explanation(first.stream, first.log, file, story, clocks, count_trips(file))


def _clock(subject: Subject, clock: CaseClock, as_of: datetime) -> Clock:
    version = clock.calendar or NATIONAL
    calendar = subject.calendar(version)
    # An open case may have outlived its calendar: it is then told as of the last day the calendar knows.
    until = max(min(as_of.date(), calendar.covers[1]), clock.started_on)
    moment = as_of if until == as_of.date() else datetime.combine(until, time.max, as_of.tzinfo)
    reading = clock.read(calendar, moment)
    end = clock.ended_at.date() if clock.ended_at else until
    last = max(reading.due_on, min(end, calendar.covers[1]))
    days = tuple(count_days(calendar, clock.limit.unit, clock.started_on, reading, last))
    name = f"{clock.kind.value} limit ({clock.kind.zh})"
    return Clock(name, clock.limit, clock.started_on, reading, days, version)


def collapse(days: Sequence[CountedDay]) -> list[tuple[date, date, int, bool, str]]:
    """Neighbouring days of one kind as ranges: first, last, how many, counted, why (of the first)."""
    ranges = []
    for (counted, rule), run in groupby(days, key=lambda day: (day.counted, "" if day.counted else _rule(day))):
        found = list(run)
        why = rule or (found[0].why if len(found) == 1 else f"{_rule(found[0])} to {_rule(found[-1])}")
        ranges.append((found[0].day, found[-1].day, len(found), counted, why))
    return ranges


def _rule(day: CountedDay) -> str:
    """The rule alone, without what it was applied to."""
    return day.why.split(";", maxsplit=1)[0]
