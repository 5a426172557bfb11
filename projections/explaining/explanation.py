"""Explaining a case: its story, its clocks day by day, its way through the departments, its cards and trips.

Plain values first; printing is somebody else's work.
"""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple, Protocol

from casecore.auditing.finding import Finding
from casecore.auditing.findings import findings_of
from casecore.calendar import ASSUMED, OutsideCalendarError
from casecore.calendars import find_calendar
from casecore.case.clocks import clocks_of
from casecore.case.file import CaseFile
from casecore.case.licences import with_kind_of_item
from casecore.kinds import CASE, fold_as
from casecore.limits import Limit
from casecore.office import Office
from casecore.reading.critical_path import CriticalPath, critical_path
from casecore.reading.presence import trips_unknown
from casecore.reading.trips import CountedTrip, count_trips
from casecore.recorded import Recorded
from casecore.vocabulary import ClockKind, TripsUnknown
from projections.explaining.acts import positions_of
from projections.explaining.explained_clock import Clock, explain_clock, moment_for
from projections.explaining.issued_cards import IssuedCard, issued_cards
from projections.explaining.plain import plain_finding
from projections.explaining.story import Line, story_of

__all__ = ["Clock", "Explanation", "Uncounted", "collapse", "explain_case"]


class Told(Protocol):
    """A day that is counted or not, and why."""

    @property
    def day(self) -> date: ...
    @property
    def counted(self) -> bool: ...
    @property
    def why(self) -> str: ...


class Uncounted(NamedTuple):
    """A clock its calendar cannot count."""

    clock: str
    limit: Limit
    why: str


class Explanation(NamedTuple):
    """Everything there is to say of a case."""

    case: str
    district: str
    file: CaseFile
    story: tuple[Line, ...]
    clocks: tuple[Clock, ...]
    """What was promised and what the law allows first, then the others in the order the case met them."""
    uncounted: tuple[Uncounted, ...]
    path: CriticalPath
    cards: tuple[IssuedCard, ...]
    trips: tuple[CountedTrip, ...]
    findings: tuple[Finding, ...] = ()
    """疑点; none where nobody looked for them."""
    unknown: TripsUnknown | None = None
    """Why nobody knows how often the applicant came (跑动不明); None where that is known."""

    def plain(self) -> dict[str, Any]:
        """As JSON values, complete: nothing is collapsed."""
        return {
            "case": self.case,
            "district": self.district,
            "stage": self.file.stage.value,
            "story": [line._asdict() for line in self.story],
            "clocks": [clock.plain() for clock in self.clocks],
            "uncounted_clocks": [{"clock": u.clock, "limit": str(u.limit), "why": u.why} for u in self.uncounted],
            "critical_path": [segment._asdict() for segment in self.path.segments],
            "slack": [slack._asdict() for slack in self.path.slack],
            "cards": [card.plain() for card in self.cards],
            "findings": [plain_finding(finding) for finding in self.findings],
            "trips": [
                {
                    "visit": t.trip.visit,
                    "at": t.trip.at,
                    "visitor": t.trip.visitor,
                    "agent": t.trip.agent,
                    "place": t.trip.place,
                    "device": t.trip.device,
                    "cause": t.trip.cause,
                    "gross": t.gross,
                    "net": t.net,
                    "journey": t.journey,
                    "verdict": t.verdict,
                    "why": t.why,
                }
                for t in self.trips
            ],
            "trips_unknown": None if self.unknown is None else self.unknown.value,
        }


def explain_case(
    history: Sequence[Recorded],
    as_of: datetime,
    office: Office,
    *,
    other: str | None = None,
    examined: bool = True,
) -> Explanation:
    """Explain a case from its facts; ``as_of`` is the moment an open case is asked about.

    ``office`` holds the calendars it may be promised under, the one in force for what ran before a promise, the rule trips
    are counted by, and the books findings are looked for with, unless it is not to be ``examined``. With ``other`` each
    clock is also told under that calendar version. Raises :class:`~casecore.errors.BadInput` for a version that is none of
    the office's.
    """
    beside = None if other is None else find_calendar(office.calendars, other)
    first = history[0]
    in_order = sorted(history, key=lambda recorded: recorded.version)
    file = with_kind_of_item(fold_as(CASE, in_order), office.catalogue, office.rule)
    positions = positions_of(in_order)
    clocks: list[Clock] = []
    uncounted: list[Uncounted] = []
    for clock in sorted(clocks_of(file), key=lambda clock: clock.kind not in (ClockKind.PROMISED, ClockKind.STATUTORY)):
        try:
            clocks.append(explain_clock(file, clock, as_of, positions, office, beside))
        except OutsideCalendarError as outside:
            uncounted.append(Uncounted(clock.name, clock.limit, str(outside)))
    trips = count_trips(file, office.rule)
    return Explanation(
        first.stream,
        first.log,
        file,
        story_of(history),
        tuple(clocks),
        tuple(uncounted),
        _path(file, office, as_of),
        issued_cards(file.cards, in_order),
        trips,
        findings_of(in_order, office, as_of) if examined else (),
        trips_unknown(file, trips, office.rule),
    )


def _path(file: CaseFile, office: Office, as_of: datetime) -> CriticalPath:
    """The critical path; none where its calendar cannot count it."""
    if file.promise is None:
        return CriticalPath((), ())
    calendar = office.calendar_of(file.promise.calendar).law
    try:
        return critical_path(file, calendar, as_of if file.closing is not None else moment_for(calendar, as_of))
    except OutsideCalendarError:
        return CriticalPath((), ())


def collapse(days: Sequence[Told]) -> list[tuple[date, date, int, bool, str]]:
    """Neighbouring days of one kind as ranges: first, last, how many, counted, why (of the first)."""
    ranges = []
    for (counted, rule, assumed), run in groupby(
        days, key=lambda day: (day.counted, "" if day.counted else _rule(day), ASSUMED in day.why)
    ):
        found = list(run)
        why = rule or (found[0].why if len(found) == 1 else f"{_rule(found[0])} to {_rule(found[-1])}")
        if assumed and ASSUMED not in why:
            why = f"{why}; {ASSUMED}"
        ranges.append((found[0].day, found[-1].day, len(found), counted, why))
    return ranges


def _rule(day: Told) -> str:
    """The rule alone, without what it was applied to."""
    return day.why.split(";", maxsplit=1)[0]
