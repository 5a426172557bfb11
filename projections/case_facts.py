"""``case_facts``: one row a case (办件). Flags are 0 or 1, days are working days, months are ``YYYY-MM``."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from casecore.calendars import law_of
from casecore.case.facts.fees import FeePaid
from casecore.case.file import CaseFile
from casecore.district_rule import DistrictRule
from casecore.reading.presence import result_owed, trips_unknown
from casecore.time_bands import band_of
from casecore.vocabulary import DeliveryMethod, HandlingKind, MaterialWay, TripVerdict
from projections.case_times import time_columns
from projections.projection import Projection, Subject, counted_trips, day_of, listed_materials

__all__ = ["CASE_FACTS", "CaseFact", "life_columns"]

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
    """0 for cases no time or trip figure counts: voided, deleted, withdrawn, and those never opened (待前置事项)."""
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
    """on_time or overdue as of the decision (决定), which ends this limit; of a case closed without one, of the closing."""
    provisional: int
    """The promised due date touches or passes the calendar's coverage."""
    excluded_days: int | None
    used_days: int | None
    """Working days used from day 0 to the closing, excluded ones left out; None while open."""
    statutory_used_days: int | None
    """Working days used from day 0 to the decision, or a closing without one: left out is only what moved the statutory
    limit; None without such a limit, and before the decision."""
    elapsed_days: int | None
    """Working days from receipt to closing, nothing left out."""
    early: int
    """Closed at least one working day before it was due (提前办结)."""
    corrections: int
    suspensions: int
    trips_recorded: int
    """0 for imported histories that say nothing of trips."""
    trips_gross: int
    trips_net: int
    trips_near: int
    trips_promised: int | None
    e_delivered: int
    """The result left without a trip: e-certificate or courier (K16)."""
    fully_online: int
    """全程网办: filed online, no visit at all, result by e-certificate or courier (K16)."""
    rating: int | None
    package: str | None
    """The package (一件事) it was opened by."""
    theme: str | None
    subject: str | None
    """What it is about, where the package is about several (门店 …)."""
    assisted: int
    """帮办: staff filled in the form with the applicant."""
    agent: str | None
    """代办员: whom the applicant entrusted with it first."""
    trips_journey: int
    """Trips of the whole journey (全流程): those before the application too."""
    trips_agency: int
    """Gross trips that are the agency's fault."""
    trips_optional: int
    """Gross trips beyond those promised that nobody's fault explains (可不跑而跑)."""
    on_the_spot: int
    """即办: an instant item, decided on the day of its receipt (K17)."""
    instant_approved: int
    """秒批: decided by no human hand, within the district's seconds of the application (K17)."""
    fees_fen: int
    """Paid, in fen (分)."""
    waived_fen: int
    """Waived, in fen (分)."""
    materials_required: int
    """What the item required when it was accepted; 0 before."""
    materials_reused: int
    """Of these, met by licence, shared data or an earlier case (免提交, K14)."""
    materials_shared: int
    """Of these, handed in for another case of the package (一件事共用, K14-shared)."""
    materials_replaceable: int
    """Of these, those an electronic licence may stand for."""
    materials_by_licence: int
    """Of the replaceable, met by an electronic licence (电子证照)."""
    applied_on: date | None
    """提出申请: filed online, or else received."""
    trips_unknown: str | None
    """Why no figure of trips counts it (跑动不明), see :class:`~casecore.vocabulary.TripsUnknown`; None where its trips are
    known."""
    result_owed: int
    """Closed, and its result on paper waits to be handed over (结果待领取)."""
    item_type: str | None
    """事项类型 (GB/T 39046 A.1), as frozen at the receipt and the acceptance; None where no fact says."""
    implementation_code: str | None
    """实施编码, as frozen at the acceptance."""
    received_band: str | None
    """时段 of the receipt by the calendar in force that day: before_opening, morning …; None where only the day is known."""
    closed_band: str | None
    """时段 of the closing."""
    redecides: str | None
    """重作: the case whose result it decides anew; nobody applied for it again."""
    set_aside_on: date | None
    """撤销: when its result was set aside; what was published of it stays."""
    set_aside_ground: str | None
    """On reconsideration, by a court or on the organ's own motion, see :class:`~casecore.vocabulary.SetAsideGround`."""


def life_columns(subject: Subject[CaseFile]) -> dict[str, Any]:
    """The columns of a case's row that say what it is, how far it has come, and whether figures count it."""
    file, promise = subject.file, subject.file.promise
    closed_at, outcome = file.closed_at, file.outcome
    return {
        "log": subject.log,
        "case_id": subject.stream,
        "stream_version": file.version,
        "stage": file.stage.value,
        "item": file.item,
        "department": file.department,
        "channel": file.channel.value if file.channel else None,
        "tier": file.tier.value if file.tier else None,
        "accepted_on": promise.effective_on if promise else None,
        "closed_on": day_of(closed_at),
        "accepted": int(promise is not None),
        "closed": int(closed_at is not None),
        "closed_normally": int(closed_at is not None and outcome in NORMAL_OUTCOMES),
        "counted": int(file.counted),
        "redecides": file.again.former if file.again is not None else None,
    }


def _rows(subject: Subject[CaseFile]) -> Iterator[CaseFact]:
    file, promise = subject.file, subject.file.promise
    closed_at, aside = file.closed_at, file.set_aside
    trips = subject.once(counted_trips)
    gross = sum(trip.gross for trip in trips)
    unknown = trips_unknown(file, trips, subject.rule)
    without_trip = any(d.method in (DeliveryMethod.E_CERTIFICATE, DeliveryMethod.COURIER) for d in file.deliveries)
    online = file.channel is not None and file.channel.online and not file.assisted
    outcome = file.outcome
    yield CaseFact(
        **life_columns(subject),
        **time_columns(subject),
        **_service_columns(subject),
        item_version=promise.item_version if promise else None,
        handling=promise.handling.value if promise else None,
        online=int(online),
        hall=file.hall,
        submitted_on=day_of(file.submitted_at),
        received_on=day_of(file.received_at),
        received_band=_band(subject, file.received_at),
        closed_band=_band(subject, closed_at),
        item_type=file.item_type.value if file.item_type else None,
        implementation_code=promise.implementation_code if promise else None,
        decided_on=day_of(file.decision.at if file.decision else None),
        closed_month=closed_at.strftime("%Y-%m") if closed_at else None,
        delivered_on=day_of(max((one.at for one in file.deliveries), default=None)),
        outcome=int(outcome) if outcome is not None else None,
        corrections=len(file.corrections),
        suspensions=len(file.suspensions),
        trips_recorded=int(file.trips_recorded),
        trips_gross=gross,
        trips_net=sum(trip.net for trip in trips),
        trips_near=sum(trip.gross and trip.trip.place.near for trip in trips),
        trips_promised=promise.trips_promised if promise else None,
        trips_journey=sum(trip.journey for trip in trips),
        trips_agency=sum(trip.gross and trip.verdict is TripVerdict.AGENCY for trip in trips),
        trips_optional=sum(trip.gross and trip.verdict is TripVerdict.OPTIONAL for trip in trips),
        e_delivered=int(without_trip),
        fully_online=int(online and gross == 0 and without_trip and unknown is None),
        trips_unknown=None if unknown is None else unknown.value,
        result_owed=int(result_owed(file)),
        set_aside_on=day_of(aside.at if aside else None),
        set_aside_ground=aside.ground.value if aside else None,
        rating=int(file.rating.grade) if file.rating and not file.rating.defaulted else None,
    )


def _band(subject: Subject[CaseFile], at: datetime | None) -> str | None:
    """The band of hours an instant lies in; None where there is none, or no calendar to say."""
    if at is None:
        return None
    promise = subject.file.promise
    calendar = law_of(subject.calendars, subject.on(at.date()).calendar or (promise.calendar if promise else None))
    band = band_of(calendar, at) if calendar is not None else None
    return band.value if band is not None else None


def _service_columns(subject: Subject[CaseFile]) -> dict[str, Any]:
    """The columns that say what was done to spare the citizen trips and papers."""
    file, service, materials = subject.file, subject.file.service, subject.once(listed_materials)
    joined = service.package
    paid = sum(fee.amount_fen for fee in service.fees if isinstance(fee, FeePaid))
    return {
        "package": joined.package if joined else None,
        "theme": joined.theme if joined else None,
        "subject": joined.subject if joined else None,
        "assisted": int(file.assisted),
        "agent": service.mandates[0].fact.agent if service.mandates else None,
        "on_the_spot": int(_on_the_spot(file)),
        "instant_approved": int(_instantly(file, subject.rule)),
        "fees_fen": paid,
        "waived_fen": sum(fee.amount_fen for fee in service.fees) - paid,
        "materials_required": len(materials),
        "materials_reused": sum(line.way is not None and line.way.reused for line in materials),
        "materials_shared": sum(line.way is MaterialWay.PACKAGE for line in materials),
        "materials_replaceable": sum(line.replaceable for line in materials),
        "materials_by_licence": sum(line.replaceable and line.way is MaterialWay.E_LICENCE for line in materials),
        "applied_on": day_of(file.applied_at),
    }


def _on_the_spot(file: CaseFile) -> bool:
    """即办: the item is instant, and it was decided on the day the papers came in."""
    promise, decision, received = file.promise, file.decision, file.received_at
    if promise is None or decision is None or received is None:
        return False
    return promise.handling is HandlingKind.INSTANT and decision.at.date() == received.date()


def _instantly(file: CaseFile, rule: DistrictRule) -> bool:
    """秒批: decided by a program, no department and no step of a human hand before it, within the district's seconds."""
    decision, applied = file.decision, file.applied_at
    if decision is None or applied is None or not decision.automatic or file.approvals or file.steps:
        return False
    return timedelta(0) <= decision.at - applied <= timedelta(seconds=rule.instant_seconds)


CASE_FACTS = Projection("case_facts", 7, CaseFact, _rows)
"""One row a case."""
