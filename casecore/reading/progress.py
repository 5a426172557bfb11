"""The applicant's view (申请人视图): what a citizen may ask about a case, and no more.

Where it stands, since when it counts as received and accepted, when it is due, whether it stands still and why, what is
still for the applicant to do, how many trips were made. No officer is named and no opinion is told: those are in the file.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Final, NamedTuple

from casecore.calendar import OutsideCalendarError, WorkCalendar
from casecore.case.acts.materials import is_met
from casecore.case.clocks import ACCEPTANCE_DAYS, clock_named, clocks_of
from casecore.case.facts.acceptance import AcceptanceDeemed
from casecore.case.file import CaseFile
from casecore.clock import CaseClock
from casecore.clocks import ClockReading
from casecore.district_rule import DEFAULT_RULE, DistrictRule
from casecore.reading.presence import trips_unknown
from casecore.reading.standing import standing
from casecore.reading.trips import count_trips, promised_trips
from casecore.said import Said
from casecore.vocabulary import (
    ClockKind,
    DeliveryMethod,
    Outcome,
    Stage,
    SuspensionKind,
    Transit,
    TripsUnknown,
    Verdict,
)

__all__ = ["Progress", "progress"]


Calendars = Callable[[str | None], WorkCalendar]


class AcceptanceState(NamedTuple):
    """Since when a case counts as accepted (受理)."""

    on: date
    """Day 0 of its limits."""
    deemed: bool
    """视为受理: by law, because nobody answered."""
    recorded: bool
    """False where the law has accepted it and the hall has not written it down yet."""
    said: Said


class DueDay(NamedTuple):
    """When the promise runs out."""

    on: date
    at: datetime | None
    """The instant, of limits in hours, minutes and half days."""
    provisional: bool
    overdue: bool
    said: Said


class Standstill(NamedTuple):
    """Why a case stands still (挂起)."""

    since: date
    until: date | None
    """The longest it may last by what the applicant was told; None where no end was told."""
    stops_clock: bool
    """Whether the time limit stands still as well."""
    said: Said


class Trips(NamedTuple):
    """Trips (跑动) so far against what was promised."""

    made: int
    """By the applicant or the applicant's own agent."""
    counted: int
    """Of these, those that count against the promise."""
    promised: int | None


class Progress(NamedTuple):
    """What an applicant is told of a case."""

    stage: Stage
    standing: Said
    received_on: date | None
    acceptance: AcceptanceState | None
    due: DueDay | None
    standstills: tuple[Standstill, ...]
    to_do: tuple[Said, ...]
    """What is still for the applicant to do."""
    trips: Trips | None
    """None where they are not known."""


_OVER: Final = frozenset({Stage.CLOSED, Stage.NOT_ACCEPTED, Stage.WITHDRAWN, Stage.VOIDED})


def progress(file: CaseFile, at: datetime, calendar_of: Calendars, rule: DistrictRule = DEFAULT_RULE) -> Progress:
    """What the applicant is told at ``at``.

    ``calendar_of`` gives the calendar of a version, and for None the one in force. ``rule`` is the district's: whether
    silence accepts (Art. 32(4)), and which trips count.
    """
    acceptance = _acceptance(file, at, calendar_of, deemed_acceptance=rule.deemed_acceptance)
    promised = clock_named(file, ClockKind.PROMISED.value)
    reading = read_if_counted(promised, at, calendar_of)
    return Progress(
        file.stage,
        standing(file) if acceptance is None or acceptance.recorded else acceptance.said,
        file.received_at.date() if file.received_at is not None else None,
        acceptance,
        due_day(promised, reading) if promised and reading and file.stage not in (Stage.WITHDRAWN, Stage.VOIDED) else None,
        tuple(_standstills(file, reading, at, calendar_of)),
        tuple(_to_do(file, at, calendar_of)),
        _trips(file, rule),
    )


def read_if_counted(clock: CaseClock | None, at: datetime, calendar_of: Calendars) -> ClockReading | None:
    """A clock's reading; None where there is no such clock, or its calendar cannot count it."""
    if clock is None:
        return None
    try:
        return clock.read(calendar_of(clock.calendar), max(at, clock.started_at))
    except OutsideCalendarError:
        return None


def _acceptance(file: CaseFile, at: datetime, calendar_of: Calendars, *, deemed_acceptance: bool) -> AcceptanceState | None:
    promise = file.promise
    if promise is None:
        return _silence(file, at, calendar_of) if deemed_acceptance else None
    if isinstance(promise, AcceptanceDeemed):
        said = _deemed(promise.effective_on, promise.notice_due_on)
        return AcceptanceState(promise.effective_on, deemed=True, recorded=True, said=said)
    on, effective = promise.at.date(), promise.effective_on
    zh, en = f"{on} 受理", f"Accepted on {on}"
    if effective != on:
        zh, en = f"{zh}, 时限自 {effective} 起算", f"{en}; its limits count from {effective}"
    return AcceptanceState(effective, deemed=False, recorded=True, said=Said(f"{zh}。", f"{en}."))


def _silence(file: CaseFile, at: datetime, calendar_of: Calendars) -> AcceptanceState | None:
    """What the law says of a case nobody has answered for five working days, whoever has noticed."""
    if file.stage is not Stage.RECEIVED:
        return None
    papers = [found for found in clocks_of(file) if found.kind is ClockKind.ACCEPTANCE]
    clock = papers[-1] if papers else None
    reading = read_if_counted(clock, at, calendar_of)
    if clock is None or reading is None or reading.verdict is not Verdict.OVERDUE:
        return None
    said = _deemed(clock.started_on, reading.due_on)
    return AcceptanceState(clock.started_on, deemed=True, recorded=False, said=said)


def _deemed(since: date, notice_due_on: date) -> Said:
    return Said(
        f"收到申请材料后五个工作日内 (至 {notice_due_on}) 未告知需要补正的内容,"
        f" 依照《行政许可法》第三十二条, 自收到之日 {since} 起即为受理 (视为受理)。",
        f"Nobody answered within {ACCEPTANCE_DAYS} working days (until {notice_due_on}): by law (Administrative Licensing"
        f" Law, Art. 32) the case counts as accepted since the receipt on {since}; the law deems it accepted.",
    )


def due_day(clock: CaseClock, reading: ClockReading) -> DueDay:
    """When a promise runs out, as an applicant is told."""
    # Standing still on its last day, it has not run out on the rest days that follow, see casecore.case.supervision.
    overdue = reading.verdict is Verdict.OVERDUE and not reading.paused
    when = reading.due_on.isoformat() if reading.due_at is None else f"{reading.due_at:%Y-%m-%d %H:%M}"
    zh, en = f"承诺办结时间: {when}", f"Promised by {when}"
    if reading.paused:  # every day it stands still moves it by one
        zh, en = f"{zh} (最早; 暂停期间顺延)", f"{en} at the earliest, it moves on while the case stands still"
    if reading.extension_days:
        natural = clock.limit.unit.natural  # the extension is counted in the limit's own days
        zh = f"{zh} (已延长 {reading.extension_days} 个{'自然日' if natural else '工作日'})"
        en = f"{en} (extended by {reading.extension_days} {'natural' if natural else 'working'} days)"
    if (both := reading.both_dates) is not None:
        zh = f"{zh} (原承诺 {both.printed_on}, 按后续放假通知 {both.legal_on}, 以较晚者为准)"
        en = f"{en} (promised as {both.printed_on}, by a later holiday notice {both.legal_on}: the later holds)"
    if reading.provisional:
        zh, en = f"{zh} (暂定, 放假安排公布后可能调整)", f"{en} (provisional: the next holiday notice may move it)"
    if overdue:
        zh, en = f"{zh}; 已超过承诺时限", f"{en}; the promise was not kept in time"
    return DueDay(reading.due_on, reading.due_at, reading.provisional, overdue, Said(f"{zh}。", f"{en}."))


def _standstills(file: CaseFile, reading: ClockReading | None, at: datetime, calendar_of: Calendars) -> Iterator[Standstill]:
    """Each open suspension: its kind and ground, as told to the applicant; not the officer's words."""
    if file.stage in _OVER:
        return
    for fact, ended_at in file.suspensions:
        if fact.at > at or (ended_at is not None and ended_at <= at):
            continue
        since = fact.at.date()
        until = None
        if fact.declared_days is not None and file.promise is not None:
            until = _told_until(file, since, fact.declared_days, calendar_of)
        stops = reading is not None and reading.paused and fact.moves_promise
        ground = f"({fact.ground.zh})" if fact.ground is not None else ""
        zh = f"自 {since} 起因{fact.kind.zh}{ground}暂停办理"
        en = f"Since {since} the case stands still: {_ENGLISH[fact.kind]}" + (
            f" ({fact.ground.value.replace('_', ' ')})" if fact.ground is not None else ""
        )
        if until is None:
            zh, en = f"{zh}, 未告知期限", f"{en}, no end was told"
        else:
            zh, en = f"{zh}, 最长至 {until}", f"{en}, until {until} at most"
        zh = f"{zh}; {'时限暂停计算' if stops else '时限照常计算'}。"
        en = f"{en}; the time limit {'stands still as well' if stops else 'goes on'}."
        yield Standstill(since, until, stops, Said(zh, en))


_ENGLISH: Final = {
    SuspensionKind.ORDINARY: "a suspension",
    SuspensionKind.SPECIAL_PROCEDURE: "a procedure required by law",
    SuspensionKind.FORWARDED: "it was forwarded to another authority",
}


def _told_until(file: CaseFile, since: date, declared: int, calendar_of: Calendars) -> date | None:
    """The last day of what was declared, in the days of the promise."""
    if file.promise is None:
        return None
    calendar = calendar_of(file.promise.calendar)
    try:
        if file.promise.promised.unit.natural:
            return date.fromordinal(since.toordinal() + declared)
        return calendar.due(since, declared)
    except (OutsideCalendarError, ValueError, OverflowError):
        return None


def _to_do(file: CaseFile, at: datetime, calendar_of: Calendars) -> Iterator[Said]:
    if file.stage is Stage.RETURNED:
        yield Said("请修改后重新提交申请。", "Change the application and file it again.")
    if file.stage is Stage.CORRECTING:
        for asked in (one.materials for one in file.corrections if one.submitted_at is None):
            yield Said(f"请补正: {'、'.join(asked)}。", f"Hand in what is missing: {', '.join(asked)}.")
    if file.stage not in _OVER:
        clock = clock_named(file, ClockKind.HEARING_REQUEST.value)
        reading = read_if_counted(clock, at, calendar_of)
        if clock is not None and clock.ended_at is None and reading is not None and reading.verdict is Verdict.RUNNING:
            yield Said(
                f"您可以在 {reading.due_on} 前(含当日)申请听证。", f"You may ask for a hearing until {reading.due_on}."
            )
    yield from _promised(file)
    yield from _to_collect(file)


def _promised(file: CaseFile) -> Iterator[Said]:
    """容缺: what was promised for later and has not come; a closing does not make it any less due."""
    if file.closing is not None and file.stage is not Stage.CLOSED:
        return
    for one in file.service.material_promises:
        if not is_met(file, one.material):
            zh = f"请于 {one.due_on} 前(含当日)补交: {one.material}(容缺承诺)。"
            yield Said(zh, f"Hand in what was promised for later, by {one.due_on}: {one.material}.")


def _to_collect(file: CaseFile) -> Iterator[Said]:
    """Results that are ready and neither delivered nor on their way."""
    if file.stage not in (Stage.DECIDED, Stage.CLOSED) or file.outcome in (Outcome.VOIDED, Outcome.DELETED):
        return
    as_one = any(one.certificate is None for one in file.deliveries)
    waiting = [c for c in file.certificates if c.sealed_at is not None and c.revoked_at is None and not file.in_hand(c)]
    if not waiting or as_one:
        return
    if any(one.state is Transit.UNDER_WAY for one in file.consignments):
        yield Said("结果正在寄递, 请注意签收。", "The result is on its way by courier; please sign for it.")
        return
    on_paper = [c.certificate for c in waiting if not c.electronic]
    if on_paper:
        zh, en = "、".join(on_paper), ", ".join(on_paper)
        yield Said(f"请领取结果({DeliveryMethod.WINDOW.zh}): {zh}。", f"Collect the result: {en}.")
    if electronic := [c.certificate for c in waiting if c.electronic]:
        zh, en = "、".join(electronic), ", ".join(electronic)
        yield Said(f"电子证照已制成, 无需到场领取: {zh}。", f"The electronic result is ready, nobody need come: {en}.")


def _trips(file: CaseFile, rule: DistrictRule) -> Trips | None:
    counted = count_trips(file, rule)
    if trips_unknown(file, counted, rule) not in (None, TripsUnknown.PENDING):
        return None
    return Trips(sum(t.gross for t in counted), sum(t.net for t in counted), promised_trips(file))
