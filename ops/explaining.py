"""Explaining a case: its story, its clocks day by day, its trips. Plain values first; printing is somebody else's work."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple

from adapters.calendar_toml import shipped_calendars
from casecore.case.state import CaseFile, fold
from casecore.case.trips import CountedTrip, count_trips
from casecore.clocks import ClockReading, CountedDay, count_days
from casecore.limits import Limit
from casecore.recorded import Recorded
from casecore.vocabulary import Unit
from ops.storytelling import tell
from projections.case_facts import read_promise
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


def explain(history: Sequence[Recorded], as_of: datetime) -> Explanation:
    """Explain a case from its facts; ``as_of`` is the moment an open case is asked about."""
    first = history[0]
    file = fold(recorded.event for recorded in history)
    story = tuple(
        Line(recorded.position, recorded.occurred_at, recorded.envelope.actor, *tell(recorded.event))
        for recorded in sorted(history, key=lambda recorded: (recorded.occurred_at, recorded.version))
    )
    subject = Subject(first.log, first.stream, file, shipped_calendars())
    clocks = tuple(
        clock
        for name, statutory in (("promised limit (承诺时限)", False), ("statutory limit (法定时限)", True))
        if (clock := _clock(subject, name, as_of, statutory=statutory)) is not None
    )
    return Explanation(first.stream, first.log, file, story, clocks, count_trips(file))


def _clock(subject: Subject, name: str, as_of: datetime, *, statutory: bool) -> Clock | None:
    promise = subject.file.promise
    if promise is None:
        return None
    calendar = subject.calendars[promise.calendar]
    # An open case may have outlived its calendar: it is then told as of the last day the calendar knows.
    until = max(min(as_of.date(), calendar.covers[1]), promise.effective_on)
    reading = read_promise(
        subject,
        promise,
        statutory=statutory,
        until=as_of if promise.promised.unit is Unit.HOUR and until == as_of.date() else until,
    )
    limit = promise.statutory if statutory else promise.promised
    if reading is None or limit is None:
        return None
    end = subject.file.closed_at.date() if subject.file.closed_at else until
    last = max(reading.due_on, min(end, calendar.covers[1]))
    days = tuple(count_days(calendar, limit.unit, promise.effective_on, reading, last))
    return Clock(name, limit, promise.effective_on, reading, days, promise.calendar)


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
