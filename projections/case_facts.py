"""``case_facts``: one row a case (办件). Flags are 0 or 1, days are working days, months are ``YYYY-MM``."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from casecore.calendar import OutsideCalendarError, WorkCalendar
from casecore.case.trips import count_trips
from casecore.clocks import ClockReading
from casecore.vocabulary import ClockKind, DeliveryMethod, Stage, Unit, Verdict
from projections.projection import Projection, Subject

__all__ = ["CASE_FACTS", "CaseFact"]

NORMAL_OUTCOMES = frozenset({0, 1, 4, 6})
"""办结结果 that count as closed normally in K6 (domain: 0, 4, 6 normal, 1 counted as decided)."""


class CaseFact(NamedTuple):
    """One case."""

    log: str
    case_id: str
    stream_version: int
    stage: str
    item: str | None
    item_version: int | None
    handling: str | None
    department: str | None
    channel: str | None
    online: int
    """网上受理: filed through website or mobile by the applicant, 帮办 not counted (K15)."""
    tier: str | None
    hall: str | None
    submitted_on: date | None
    received_on: date | None
    accepted_on: date | None
    """Day 0 of the limits."""
    decided_on: date | None
    closed_on: date | None
    closed_month: str | None
    delivered_on: date | None
    accepted: int
    closed: int
    closed_normally: int
    """Closed with outcome 0, 1, 4 or 6."""
    outcome: int | None
    counted: int
    """0 for cases no time or trip figure counts: voided, deleted, withdrawn."""
    promised_amount: int | None
    promised_unit: str | None
    promised_due_on: date | None
    """None while an uncapped suspension is open: then nothing is due."""
    promised_verdict: str | None
    """on_time or overdue for closed cases; None while open: whether it is overdue depends on the day one asks."""
    statutory_amount: int | None
    statutory_unit: str | None
    statutory_due_on: date | None
    statutory_verdict: str | None
    provisional: int
    """The promised due date touches or passes the calendar's coverage."""
    excluded_days: int | None
    used_days: int | None
    """Working days used from day 0 to the closing, excluded ones left out; None while open."""
    statutory_used_days: int | None
    """The same against the statutory limit: left out is only what moved that one; None without such a limit."""
    elapsed_days: int | None
    """Working days from receipt to closing, nothing left out."""
    early: int
    """Closed at least one working day before it was due (提前办结)."""
    corrections: int
    suspensions: int
    trips_recorded: int
    """0 for imported histories that say nothing of trips: out of the trip indicators."""
    trips_gross: int
    trips_net: int
    trips_near: int
    trips_promised: int | None
    e_delivered: int
    """The result left without a trip: e-certificate or courier (K16)."""
    fully_online: int
    """全程网办: filed online, no trip, result by e-certificate or courier (K16)."""
    rating: int | None


class _Times(NamedTuple):
    """What the clocks say of a case, as far as its history settles it."""

    due_on: date | None = None
    verdict: str | None = None
    statutory_due_on: date | None = None
    statutory_verdict: str | None = None
    provisional: int = 0
    excluded: int | None = None
    used: int | None = None
    elapsed: int | None = None
    early: int = 0


def _times(subject: Subject) -> _Times:
    """Read the clocks; a date no calendar knows leaves them unread, and the case provisional."""
    file, promise = subject.file, subject.file.promise
    if promise is None:
        return _Times()
    calendar = subject.calendar(promise.calendar)
    clock, law = subject.clock(ClockKind.PROMISED.value), subject.clock(ClockKind.STATUTORY.value)
    if clock is None or clock.reading is None or (law is not None and law.reading is None):
        return _Times(provisional=1)
    promised = clock.reading
    times = _Times(
        due_on=clock.due_on,
        verdict=clock.verdict,
        statutory_due_on=law.due_on if law else None,
        statutory_verdict=law.verdict if law else None,
        provisional=clock.provisional,
        excluded=None if clock.paused else promised.excluded,
    )
    if file.closed_at is None:
        return times
    closed_on = file.closed_at.date()
    try:
        return times._replace(
            used=calendar.between(promise.effective_on, closed_on) - _working_days(calendar, promised),
            elapsed=calendar.between(file.received_at.date(), closed_on) if file.received_at else None,
            early=int(promised.verdict is Verdict.ON_TIME and calendar.between(closed_on, promised.due_on) >= 1),
        )
    except OutsideCalendarError:
        return _Times(provisional=1)


def _working_days(calendar: WorkCalendar, clock: ClockReading) -> int:
    """How many of the days a clock excluded are working days."""
    return sum(
        calendar.between(one.first_on - timedelta(days=1), one.last_on)
        for one in clock.exclusions
        if one.first_on is not None and one.last_on is not None
    )


def _rows(subject: Subject) -> Iterator[CaseFact]:
    file, promise = subject.file, subject.file.promise
    closed_at = file.closed_at
    times = _times(subject)
    trips = count_trips(file)
    net = sum(trip.net for trip in trips)
    without_trip = any(d.method in (DeliveryMethod.E_CERTIFICATE, DeliveryMethod.COURIER) for d in file.deliveries)
    online = file.channel is not None and file.channel.online and not file.assisted
    statutory = promise.statutory if promise else None
    outcome = file.outcome
    yield CaseFact(
        log=subject.log,
        case_id=subject.case,
        stream_version=file.version,
        stage=file.stage.value,
        item=file.item,
        item_version=promise.item_version if promise else None,
        handling=promise.handling.value if promise else None,
        department=file.department,
        channel=file.channel.value if file.channel else None,
        online=int(online),
        tier=file.tier.value if file.tier else None,
        hall=file.hall,
        submitted_on=_day(file.submitted_at),
        received_on=_day(file.received_at),
        accepted_on=promise.effective_on if promise else None,
        decided_on=_day(file.decision.at if file.decision else None),
        closed_on=_day(closed_at),
        closed_month=closed_at.strftime("%Y-%m") if closed_at else None,
        delivered_on=_day(file.deliveries[-1].at if file.deliveries else None),
        accepted=int(promise is not None),
        closed=int(closed_at is not None),
        closed_normally=int(closed_at is not None and outcome in NORMAL_OUTCOMES),
        outcome=int(outcome) if outcome is not None else None,
        counted=int(file.stage not in (Stage.VOIDED, Stage.WITHDRAWN) and outcome not in (2, 3)),
        promised_amount=promise.promised.amount if promise and promise.promised.unit is not Unit.FIXED_DATE else None,
        promised_unit=promise.promised.unit.value if promise else None,
        promised_due_on=times.due_on,
        promised_verdict=times.verdict,
        statutory_amount=statutory.amount if statutory and statutory.unit is not Unit.FIXED_DATE else None,
        statutory_unit=statutory.unit.value if statutory else None,
        statutory_due_on=times.statutory_due_on,
        statutory_verdict=times.statutory_verdict,
        provisional=times.provisional,
        excluded_days=times.excluded,
        used_days=times.used,
        statutory_used_days=_statutory_used(subject),
        elapsed_days=times.elapsed,
        early=times.early,
        corrections=len(file.corrections),
        suspensions=len(file.suspensions),
        trips_recorded=int(file.trips_recorded),
        trips_gross=sum(trip.gross for trip in trips),
        trips_net=net,
        trips_near=sum(trip.gross and trip.trip.place.near for trip in trips),
        trips_promised=promise.trips_promised if promise else None,
        e_delivered=int(without_trip),
        fully_online=int(online and net == 0 and without_trip and file.trips_recorded),
        rating=int(file.rating.grade) if file.rating and not file.rating.defaulted else None,
    )


def _statutory_used(subject: Subject) -> int | None:
    """Working days used against the statutory limit of a closed case; None where there is none, or no calendar knows."""
    file, promise = subject.file, subject.file.promise
    if promise is None or file.closed_at is None:
        return None
    law, calendar = subject.clock(ClockKind.STATUTORY.value), subject.calendar(promise.calendar)
    if law is None or law.reading is None:
        return None
    try:
        return calendar.between(promise.effective_on, file.closed_at.date()) - _working_days(calendar, law.reading)
    except OutsideCalendarError:
        return None


def _day(at: datetime | None) -> date | None:
    return at.date() if at is not None else None


CASE_FACTS = Projection("case_facts", 2, CaseFact, _rows)
"""One row a case."""
