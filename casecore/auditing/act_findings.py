"""Findings about the acts that move a clock (挂起, 特别程序, 延长审批), each beside what the clock does with it."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from casecore.auditing.finding import Examined, Finding, found
from casecore.case.acts.time_limits import overlapped
from casecore.case.facts.closing import CaseClosed
from casecore.case.facts.time_limits import ExtensionApproved, Resumed, Suspended, told_in_writing
from casecore.case.parts import Suspension
from casecore.case.procedures import overrun_of
from casecore.clock import CaseClock
from casecore.clocks import read_clock
from casecore.extending import longest_extension
from casecore.recorded import Recorded
from casecore.refusals import blank
from casecore.vocabulary import FindingCode, SuspensionKind

__all__ = ["NEAR_DAYS", "find_in_extensions", "find_in_suspensions"]


NEAR_DAYS: Final = 2
"""Working days before a due date within which a suspension is looked at."""


def find_in_suspensions(case: Examined) -> Iterator[Finding]:
    """What is questionable in the suspensions of a case and in their ends."""
    if not (case.file.suspensions or case.file.resumptions):
        return
    yield from _ends(case)
    facts = [recorded for recorded in case.history if isinstance(recorded.event, Suspended)]
    pairs = list(zip(facts, case.file.suspensions, strict=True))
    for recorded, suspension in pairs:
        fact, ended_at = suspension
        if fact.kind is SuspensionKind.SPECIAL_PROCEDURE and not told_in_writing(fact):
            sentence = f"{fact.suspension} lacks {_lacking(fact)}: the statutory clock goes on"
            yield found(FindingCode.SPECIAL_PROCEDURE_WITHOUT_NOTICE, recorded, sentence)
        if ended_at is not None and ended_at < fact.at:
            sentence = (
                f"{fact.suspension} is said to have ended at {ended_at.isoformat()}, before it began: it excludes nothing"
            )
            yield found(FindingCode.ENDED_BEFORE_STARTED, recorded, sentence)
    yield from _closed_meanwhile(case)
    if case.unknown_calendar is not None:
        return
    for number, (recorded, suspension) in enumerate(pairs):
        yield from _overrun(case, recorded, suspension)
        yield from _against_deadlines(case, recorded, suspension.fact.suspension)
        yield from _overlapping(case, recorded, number)


def find_in_extensions(case: Examined) -> Iterator[Finding]:
    """What is questionable in the extensions of a case."""
    if not case.file.extensions:
        return
    most, authority = longest_extension(joint=case.file.promise is not None and case.file.promise.joint)
    earlier: ExtensionApproved | None = None
    for recorded in case.history:
        event = recorded.event
        if not isinstance(event, ExtensionApproved):
            continue
        if earlier is not None:
            sentence = f"extended by {earlier.days} on {earlier.at.date()} already: only the first extension counts"
            yield found(FindingCode.EXTENDED_TWICE, recorded, sentence)
        if event.authority not in (None, authority):
            sentence = f"approved as {event.authority}, it takes the {authority.value} ({authority.zh}): it adds nothing"
            yield found(FindingCode.EXTENSION_WRONG_AUTHORITY, recorded, sentence)
        if event.days > most:
            yield found(FindingCode.EXTENSION_TOO_LONG, recorded, f"{event.days} working days: {most} of them may count")
        if blank(event.notice):
            sentence = "the applicant was not told in writing; it counts all the same"
            yield found(FindingCode.EXTENSION_WITHOUT_NOTICE, recorded, sentence)
        if case.unknown_calendar is None:
            yield from _against_deadlines(case, recorded, "the extension")
        earlier = earlier or event


def _lacking(fact: Suspended) -> str:
    missing = []
    if fact.ground is None:
        missing.append("a ground in law (法定事由)")
    if fact.declared_days is None or fact.declared_days < 1:
        missing.append("declared days (告知的期限)")
    if blank(fact.notice):
        missing.append("a written notice (书面告知)")
    return ", ".join(missing)


def _ends(case: Examined) -> Iterator[Finding]:
    """Ends of suspensions that nobody began, or that had ended. A suspension may be reported after its end."""
    begun = [r.event.suspension for r in case.history if isinstance(r.event, Suspended)]
    for recorded in case.history:
        event = recorded.event
        if isinstance(event, Resumed):
            if event.suspension in begun:
                begun.remove(event.suspension)
            else:
                yield found(FindingCode.RESUMED_WITHOUT_SUSPENSION, recorded, f"no open suspension {event.suspension}")


def _closed_meanwhile(case: Examined) -> Iterator[Finding]:
    """The closing of a case that stood still."""
    closed_at = case.file.closed_at
    if closed_at is None:
        return
    still = [
        fact.suspension
        for fact, ended_at in case.file.suspensions
        if fact.at <= closed_at and (ended_at is None or ended_at > closed_at)
    ]
    if still:
        closing = next(r for r in case.history if isinstance(r.event, CaseClosed) and r.occurred_at == closed_at)
        sentence = f"still suspended by {', '.join(still)}, which counts up to the closing"
        yield found(FindingCode.CLOSED_WHILE_SUSPENDED, closing, sentence)


def _overrun(case: Examined, recorded: Recorded, suspension: Suspension) -> Iterator[Finding]:
    """A procedure that lasted longer than was declared, whether or not a limit stood still for it."""
    overrun = overrun_of(case.file, suspension, case.at, case.office)
    if overrun is None:
        return
    name, declared = overrun.suspension, suspension.fact.declared_days
    counted = any(
        one.label == name and one.surplus
        for clock in case.limits
        for one in clock.read(case.calendar_of(clock), case.at).exclusions
    )
    does = "they run against the agency" if counted else "no limit stood still for it then"
    sentence = f"{name} lasted {overrun.surplus} days beyond the {declared} declared days: {does}"
    yield found(FindingCode.PROCEDURE_OVER_DECLARED_DAYS, recorded, sentence)


def _against_deadlines(case: Examined, recorded: Recorded, named: str) -> Iterator[Finding]:
    """An act after a due date, or a suspension shortly before one, as the due dates stood then."""
    at = recorded.occurred_at
    near: str | None = None
    gone: list[str] = []
    for clock in case.limits:
        if clock.limit.unit.within_a_day or at.date() < clock.started_on or (clock.ended_at and at > clock.ended_at):
            continue
        due_on = _due_then(case, clock, at)
        left = case.calendar_of(clock).between(at.date(), due_on)
        if at.date() > due_on:
            gone.append(f"the {clock.name} limit ran out on {due_on}")
        elif left <= NEAR_DAYS and isinstance(recorded.event, Suspended) and near is None:
            near = f"{named} began {left} working days before the {clock.name} limit ran out on {due_on}"
            if not (recorded.event.moves_promise or recorded.event.moves_statutory):
                near += "; it moves no limit"
    if gone:
        sentence = f"{named} of {at.date()} came after {' and '.join(gone)}: it does not revive it"
        yield found(FindingCode.ACT_AFTER_DEADLINE, recorded, sentence)
    if near:
        yield found(FindingCode.SUSPENDED_NEAR_DEADLINE, recorded, near)


def _due_then(case: Examined, clock: CaseClock, at: datetime) -> date:
    """When a clock was due as things stood at an act: with what had been done before it."""
    ledger = clock.ledger
    extension = ledger.extension
    before = ledger._replace(
        suspensions=tuple(span for span in ledger.suspensions if span.started_at < at),
        extension=extension if extension is not None and extension.approved_on < at.date() else None,
    )
    calendar = case.calendar_of(clock)
    return read_clock(calendar, clock.limit, clock.started_on, before, started_at=clock.started_at, until=at).due_on


def _overlapping(case: Examined, recorded: Recorded, number: int) -> Iterator[Finding]:
    """A special procedure whose declared days are those of another as well, where only one may be on at a time."""
    promise, suspensions = case.file.promise, case.file.suspensions
    fact = suspensions[number].fact
    days = fact.declared_days if told_in_writing(fact) else None
    if days is None or promise is None or case.office.rule.parallel_procedures:
        return
    # Of two that began at the same instant the one recorded later overlaps the other.
    earlier = [one for n, one in enumerate(suspensions) if (one.fact.at, n) < (fact.at, number)]
    calendar = case.office.calendar_of(promise.calendar)
    other = overlapped(earlier, fact.at, days, calendar, promise.promised.unit)
    if other is not None:
        sentence = f"{fact.suspension} began while {other} was on: days of both count once"
        yield found(FindingCode.OVERLAPPING_DECLARATIONS, recorded, sentence)
