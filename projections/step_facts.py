"""``step_facts``: one row a step (环节) a case went through: each routing of its plan, then each step only recorded.

A step handed on (转办) is a row for each department that had it: each answers for its own days.
"""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import count
from typing import Final, NamedTuple

from casecore.calendar import OutsideCalendarError
from casecore.case.facts.closing import CaseClosed
from casecore.case.file import CaseFile
from casecore.case.parts import Approval, Holding
from casecore.limits import Limit
from casecore.reading.critical_path import CriticalPath, SegmentKind, critical_path
from casecore.vocabulary import ClockKind, Unit
from projections.projection import Projection, Subject, working_days
from projections.settling import Settled

__all__ = ["STEP_FACTS", "StepFact"]

_OF_STEPS: Final = frozenset({ClockKind.STEP, ClockKind.PRELIMINARY_REVIEW})
_HANDED_ON: Final = "transferred"
"""What a department did that handed the step on to another (转办)."""


class StepFact(NamedTuple):
    """One step at one department."""

    log: str
    case_id: str
    stream_version: int
    number: int
    """1, 2, 3 … within the case: the routings of the plan first, each department of one after the other, then the steps
    recorded beside it."""
    kind: str
    """``approval`` for a routing of the plan, ``step`` for an internal step recorded as done (环节办结)."""
    step: str
    department: str | None
    started_on: date | None
    """None where nobody recorded when a step began."""
    ended_on: date | None
    answer: str | None
    """How the department answered, ``transferred`` where it handed the step on (转办), or the action (业务动作) recorded."""
    working_days: int | None
    """Working days it was at the department, from start to end, nothing left out."""
    limit_amount: int | None
    """环节时限; None without one, and for an agreed date."""
    limit_unit: str | None
    due_on: date | None
    """Of its limit, as ``clock_facts`` says it."""
    verdict: str | None
    """on_time or overdue against its own limit, at the department where it was answered in time or ran out; None while open,
    without one, and for the others that had it."""
    excluded_days: int | None
    """What its limit left out, in the limit's own days, beside the verdict; None without one or within a day."""
    critical: int | None
    """1 on the critical path (关键路径): the case waited for this step. None while the review is not over, and where the
    path does not tell (steps without a span, overlapping ones, a calendar that cannot count)."""
    slack_days: int | None
    """Working days it could have taken longer with nobody waiting for it; None on the path, or where not known."""


def _rows(subject: Subject[CaseFile]) -> Iterator[StepFact]:
    file = subject.file
    if not file.approvals and not file.steps:
        return
    way, numbers = _Way(subject), count(1)
    for approval, settled in _limited(subject):
        yield from _routing(subject, approval, settled, way, numbers)
    for done in file.steps:
        started_on, ended_on = done.started_at.date() if done.started_at else None, done.at.date()
        critical, slack = way.of(done.name, done.department or file.department, ended_on)
        yield StepFact(
            log=subject.log,
            case_id=subject.stream,
            stream_version=file.version,
            number=next(numbers),
            kind="step",
            step=done.name,
            department=done.department,
            started_on=started_on,
            ended_on=ended_on,
            answer=done.action,
            working_days=working_days(subject, started_on, ended_on) if started_on is not None else None,
            limit_amount=None,
            limit_unit=None,
            due_on=None,
            verdict=None,
            excluded_days=None,
            critical=critical,
            slack_days=slack,
        )


def _routing(
    subject: Subject[CaseFile], approval: Approval, settled: Settled | None, way: "_Way", numbers: Iterator[int]
) -> Iterator[StepFact]:
    """A row for each department that had the step, one after the other."""
    holdings = approval.holdings
    critical, slack = way.of_holdings(approval.step, holdings)
    limit = settled.clock.limit if settled is not None else None
    judged = _judged(settled, holdings) if settled is not None else None
    for held in holdings:
        ended_on = held.until.date() if held.until is not None else None
        answered = approval.answer.value if approval.answer else None
        yield StepFact(
            log=subject.log,
            case_id=subject.stream,
            stream_version=subject.file.version,
            number=next(numbers),
            kind="approval",
            step=approval.step,
            department=held.department,
            started_on=held.since.date(),
            ended_on=ended_on,
            answer=answered if held is holdings[-1] else _HANDED_ON,
            working_days=working_days(subject, held.since.date(), ended_on),
            limit_amount=_amount(limit),
            limit_unit=limit.unit.value if limit is not None else None,
            due_on=settled.due_on if settled is not None else None,
            verdict=settled.verdict if settled is not None and held is judged else None,
            excluded_days=settled.excluded_days if settled is not None and held is judged else None,
            critical=critical,
            slack_days=slack,
        )


_Key = tuple[str, str | None, date | None]
"""Step, department and last day: what a row and its place on the path have in common."""


class _Way:
    """The critical path of a case whose review is over, asked step by step; each place on it is given away once."""

    def __init__(self, subject: Subject[CaseFile]) -> None:
        path = _path(subject)
        steps = [found for found in path.segments if found.kind is SegmentKind.STEP] if path else []
        self._on: list[_Key] = [(one.step or "", one.department, one.ended_on) for one in steps]
        self._beside = [((one.step, one.department, one.ended_on), one.working_days) for one in path.slack] if path else []
        self._told = bool(steps)
        self._end = subject.file.closing.at.date() if subject.file.closing is not None else None

    def of_holdings(self, step: str, holdings: tuple[Holding, ...]) -> tuple[int | None, int | None]:
        """As :meth:`of`, of a step that several departments had one after the other: it was on the path with all or none."""
        *before, last = ((one.department, None if one.until is None else one.until.date()) for one in holdings)
        critical, slack = self.of(step, *last)
        if critical:
            for one in before:
                self.of(step, *one)
        return critical, slack

    def of(self, step: str, department: str | None, ended_on: date | None) -> tuple[int | None, int | None]:
        """Whether a step is on the path, and the slack of one that is not."""
        if not self._told:
            return None, None
        key = (step, department, ended_on or self._end)
        if key in self._on:
            self._on.remove(key)
            return 1, None
        for place, (found, days) in enumerate(self._beside):
            if found == key:
                del self._beside[place]
                return 0, days
        return 0, None


def _path(subject: Subject[CaseFile]) -> CriticalPath | None:
    """The path up to the last that is known of a review that is over; None where there is none to tell."""
    file = subject.file
    over = file.decision is not None or file.review_granted is not None or isinstance(file.closing, CaseClosed)
    if file.promise is None or not over:
        return None
    try:
        return critical_path(file, subject.calendar(file.promise.calendar), _known_until(file))
    except OutsideCalendarError:
        return None


def _known_until(file: CaseFile) -> datetime:
    """The last instant the review is known by."""
    known = [approval.answered_at or approval.opened_at for approval in file.approvals]
    known += [found.at for found in (file.decision, file.closing, *file.steps) if found is not None]
    return max(known)


def _limited(subject: Subject[CaseFile]) -> Iterator[tuple[Approval, Settled | None]]:
    """Each routing with the clock of its limit, which come in the same order."""
    approvals = subject.file.approvals
    clocks = iter([settled for settled in subject.clocks if settled.clock.kind in _OF_STEPS] if approvals else ())
    due = next(clocks, None)
    for approval in approvals:
        if due is not None and (due.clock.step, due.clock.started_at) == (approval.step, approval.opened_at):
            yield approval, due
            due = next(clocks, None)
        else:
            yield approval, None


def _judged(settled: Settled, holdings: tuple[Holding, ...]) -> Holding:
    """The department a step's limit is held against: the one it ran out on, or else the last that had it."""
    reading = settled.reading
    if reading is None or reading.paused:
        return holdings[-1]
    return holdings[settled.clock.holding_due(reading)]


def _amount(limit: Limit | None) -> int | None:
    return None if limit is None or limit.unit is Unit.FIXED_DATE else limit.amount


STEP_FACTS = Projection("step_facts", 2, StepFact, _rows)
"""One row a step and department."""
