"""The critical path (关键路径): which department spent which working days of a case, and how much slack others had.

Found by walking back: from the closing to the decision, to the last answer, to what that step had waited for, … to the
routing and the acceptance. Working days are counted the way limits are: W(a, b], a day belongs to whom the case was with
at its end, and of a step that was handed on (转办) each department answers for the days it had it.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import NamedTuple

from casecore.calendar import WorkCalendar
from casecore.case.file import CaseFile
from casecore.case.parts import Approval
from casecore.vocabulary import Answer
from casecore.vocabulary.terms import Term

__all__ = ["CriticalPath", "Segment", "SegmentKind", "Slack", "critical_path"]


class SegmentKind(Term):
    """What a case was doing for some days of its way."""

    INTAKE = "intake", "待受理"
    """Before day 0: told of packages, whose cases may wait for their acceptance while others run."""
    ROUTING = "routing", "待分办"
    STEP = "step", "环节办理"
    BETWEEN = "between", "环节间等待"
    DECISION = "decision", "待决定"
    CLOSING = "closing", "待办结"
    HANDLING = "handling", "办理"


class Segment(NamedTuple):
    """A stretch (started_on, ended_on] of the path; both the same where it took less than a day."""

    kind: SegmentKind
    step: str | None
    """The step of the plan, or of the imported log; None while no step was at work."""
    department: str | None
    started_on: date
    ended_on: date
    working_days: int
    """W(started_on, ended_on] under the case's calendar."""


class Slack(NamedTuple):
    """How much longer a step beside the path could have taken without delaying what waited for it."""

    step: str
    department: str
    ended_on: date
    """The day of its answer; the end of the path where it is still open."""
    waited_for_by: str | None
    """The step that opened, or was routed again, after it; None: the end of the review."""
    waited_until: date
    working_days: int
    """W(ended_on, waited_until]."""


class CriticalPath(NamedTuple):
    """The days of a case from its day 0 to its end, told once each. Without an acceptance there is no path."""

    segments: tuple[Segment, ...]
    """They tile (day 0, end] without gap or overlap: their working days add up to W(day 0, end]."""
    slack: tuple[Slack, ...]

    @property
    def working_days(self) -> int:
        """W(day 0, end]."""
        return sum(segment.working_days for segment in self.segments)


class _Stretch(NamedTuple):
    """Who had the case up to an instant."""

    kind: SegmentKind
    until: datetime
    department: str | None
    step: str | None = None


def critical_path(file: CaseFile, calendar: WorkCalendar, until: datetime) -> CriticalPath:
    """The path of a case to its end, or to ``until`` where it still runs or ended later.

    Cases with approvals: the chain of answers that ended last; of steps still open, the one that opened first. Cases
    with nothing but completed steps (imported logs): each step's own span where all have one and no two overlap. All
    others: one stretch of the responsible department. Raises :class:`~casecore.calendar.OutsideCalendarError` where the
    calendar cannot count.
    """
    if file.promise is None:
        return CriticalPath((), ())
    ended_at = until if file.closing is None else min(file.closing.at, until)
    decided = file.decision is not None and file.decision.at <= ended_at
    approvals = [a for a in file.approvals if a.opened_at <= ended_at]
    reviewed_by = file.decision.at if file.decision is not None and decided else ended_at
    chain = _chain(file, approvals, reviewed_by, decided=decided)
    way = [*_before_review_ends(file, approvals, chain, reviewed_by)]
    stretches = [*way, *_after_review(file, ended_at, untold=not way)]
    segments = _tiled(calendar, file.promise.effective_on, ended_at.date(), stretches)
    review_end = _end(approvals[chain[-1]], reviewed_by) if chain else ended_at
    slack = tuple(
        _slack(file, approvals, number, review_end, calendar)
        for number, approval in enumerate(approvals)
        if number not in chain and (approval.answered_at is not None or not decided)
    )
    return CriticalPath(segments, slack)


def _end(approval: Approval, limit: datetime) -> datetime:
    """When a step was answered; the end of the question where it was not yet."""
    return limit if approval.answered_at is None else min(approval.answered_at, limit)


def _waited_for(approval: Approval, limit: datetime) -> tuple[datetime, bool, float]:
    """Of answers given at one instant, one that ended the others (否决即止) goes before those it called off."""
    called_off = approval.answer is Answer.CALLED_OFF
    return _end(approval, limit), not called_off, -approval.opened_at.timestamp()


def _chain(file: CaseFile, approvals: Sequence[Approval], limit: datetime, *, decided: bool) -> list[int]:
    """The approvals on the path, first to last, as numbers: each opened with the answer of the one before it."""
    # What is still open when the organ decides has not kept it waiting.
    asked = [n for n, a in enumerate(approvals) if a.answered_at is not None or not decided]
    chain: list[int] = []
    last = max(asked, key=lambda n: _waited_for(approvals[n], limit), default=None)
    while last is not None:
        chain.insert(0, last)
        last = _opened_by(file, approvals, last, chain)
    return chain


def _opened_by(file: CaseFile, approvals: Sequence[Approval], number: int, seen: Sequence[int]) -> int | None:
    """The answer that opened a step: the last of those it waits for, or the return it was routed again after."""
    opened = approvals[number]
    before = {name for planned in file.plan if planned.step == opened.step for name in planned.after} | {opened.step}
    answered = [
        (a.answered_at, n)
        for n, a in enumerate(approvals)
        if n not in seen and a.step in before and a.answered_at is not None and a.answered_at <= opened.opened_at
    ]
    return max(answered)[1] if answered else None


def _before_review_ends(
    file: CaseFile, approvals: Sequence[Approval], chain: Sequence[int], limit: datetime
) -> Iterator[_Stretch]:
    """The way through the departments."""
    if not chain:
        yield from _imported_steps(file, limit)
        return
    for place, number in enumerate(chain):
        approval = approvals[number]
        waiting = SegmentKind.BETWEEN if place else SegmentKind.ROUTING
        yield _Stretch(waiting, approval.opened_at, file.department)
        yield from (
            _Stretch(
                SegmentKind.STEP, limit if held.until is None else min(held.until, limit), held.department, approval.step
            )
            for held in approval.holdings
            if held.since <= limit
        )


def _imported_steps(file: CaseFile, limit: datetime) -> Iterator[_Stretch]:
    """The spans of completed steps, where every step has one and no two overlap."""
    promise = file.promise
    steps = [s for s in file.steps if promise is not None and s.at.date() >= promise.effective_on and s.at <= limit]
    spans = sorted((s.started_at, s.at, n) for n, s in enumerate(steps) if s.started_at is not None)
    if len(spans) < len(steps) or any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
        return
    for place, (started_at, ended_at, number) in enumerate(spans):
        yield _Stretch(SegmentKind.BETWEEN if place else SegmentKind.ROUTING, started_at, file.department)
        yield _Stretch(SegmentKind.STEP, ended_at, steps[number].department or file.department, steps[number].name)


def _after_review(file: CaseFile, ended_at: datetime, *, untold: bool) -> Iterator[_Stretch]:
    """From the last answer to the end: the decision, the closing, or what the case is waiting for."""
    if file.decision is not None and file.decision.at <= ended_at:
        yield _Stretch(SegmentKind.DECISION, file.decision.at, file.department)
        yield _Stretch(SegmentKind.CLOSING, ended_at, file.department)
    elif untold and file.review_granted is None:
        # An imported history says neither who was asked nor when it was decided; a plan says what is still to come.
        yield _Stretch(SegmentKind.ROUTING if file.plan else SegmentKind.HANDLING, ended_at, file.department)
    elif file.closing is not None and file.closing.at <= ended_at:
        yield _Stretch(SegmentKind.CLOSING, ended_at, file.department)
    else:
        kind = SegmentKind.DECISION if file.review_granted is not None else SegmentKind.BETWEEN
        yield _Stretch(kind, ended_at, file.department)


def _tiled(calendar: WorkCalendar, start: date, end: date, stretches: Sequence[_Stretch]) -> tuple[Segment, ...]:
    """The stretches laid end to end over (start, end]; of those shorter than a day only steps stay, with 0 days."""
    segments: list[Segment] = []
    reached = start
    for stretch in stretches:
        stop = max(reached, min(stretch.until.date(), end))
        if stop > reached or stretch.kind is SegmentKind.STEP:
            days = calendar.between(reached, stop)
            segments.append(Segment(stretch.kind, stretch.step, stretch.department, reached, stop, days))
        reached = stop
    return tuple(segments)


def _slack(
    file: CaseFile, approvals: Sequence[Approval], number: int, review_end: datetime, calendar: WorkCalendar
) -> Slack:
    approval = approvals[number]
    ended_at = _end(approval, review_end)
    followers = {planned.step for planned in file.plan if approval.step in planned.after}
    if approval.answer is Answer.RETURNED:
        followers = {approval.step}
    opened = [(a.opened_at, a.step) for a in approvals if a.step in followers and a.opened_at >= ended_at]
    waited_until, step = min(opened, default=(review_end, None))
    ended_on, waited_on = ended_at.date(), waited_until.date()
    days = calendar.between(ended_on, waited_on)
    held = [holding.department for holding in approval.holdings if holding.since <= ended_at] or [approval.department]
    return Slack(approval.step, held[-1], ended_on, step, max(ended_on, waited_on), days)
