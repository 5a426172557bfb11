"""Joint review (联审联办, 并联审批): what reviewing a package's cases side by side saved against one after the other.

And its critical path: which cases, and within them which departments, the package had waited for to its last day.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple

from casecore.calendar import WorkCalendar
from casecore.case.file import CaseFile
from casecore.package.file import Member, PackageFile
from casecore.reading.critical_path import Segment, SegmentKind, critical_path

__all__ = ["JointMinutes", "JointReview", "JointSegment", "MemberSpan", "joint_path", "joint_review"]


class MemberSpan(NamedTuple):
    """One case's share: working days from its day 0 to its end."""

    case: str
    days: int


class JointMinutes(NamedTuple):
    """What a package took that was closed within a working day, in minutes of legal working time (法定工作时间)."""

    serial: int
    """串联: the minutes of its cases, from the acceptance to the end, one after the other."""
    actual: int
    """From the first acceptance to the closing."""

    @property
    def saved(self) -> int:
        """What running side by side saved; never below zero."""
        return max(self.serial - self.actual, 0)


class JointReview(NamedTuple):
    """What a closed package took, in working days."""

    spans: tuple[MemberSpan, ...]
    """Every case that was accepted and came to its end."""
    serial_days: int
    """串联: their days one after the other."""
    actual_days: int
    """From the day 0 of the case accepted first to the closing of the package."""
    path: tuple[str, ...]
    """关键路径: the case that ended last, and before it what it had to wait for, in the order of time."""
    minutes: JointMinutes | None = None
    """None where it took a working day or more, or was done outside the legal working time."""

    @property
    def saved_days(self) -> int:
        """What running side by side saved; never below zero."""
        return max(self.serial_days - self.actual_days, 0)


class JointSegment(NamedTuple):
    """A stretch of a package's critical path, and the case it was spent in."""

    case: str
    segment: Segment


def joint_review(file: PackageFile, calendar: WorkCalendar) -> JointReview | None:
    """None while the package runs, or where it was never accepted.

    Raises :class:`~casecore.calendar.OutsideCalendarError` for days the calendar knows nothing of.
    """
    promise, closing = file.promise, file.closing
    if promise is None or closing is None:
        return None
    ran = [
        (member.plan.case, member.accepted_on, member.ended_at.date())
        for member in file.members
        if member.accepted_on is not None and member.ended_at is not None
    ]
    spans = tuple(MemberSpan(case, calendar.between(day_0, ended_on)) for case, day_0, ended_on in ran)
    actual_days = calendar.between(min((day_0 for _, day_0, _ in ran), default=promise.effective_on), closing.at.date())
    return JointReview(
        spans,
        sum(span.days for span in spans),
        actual_days,
        tuple(member.plan.case for member in _path(file)),
        None if actual_days else _within_a_day(file, closing.at, calendar),
    )


def _within_a_day(file: PackageFile, closed_at: datetime, calendar: WorkCalendar) -> JointMinutes | None:
    ran = [
        (member.accepted_at, member.ended_at)
        for member in file.members
        if member.accepted_at is not None and member.ended_at is not None
    ]
    first = min((accepted_at for accepted_at, _ in ran), default=closed_at)
    actual = calendar.working_minutes(first, closed_at)
    serial = sum(calendar.working_minutes(accepted_at, ended_at) for accepted_at, ended_at in ran)
    return JointMinutes(serial, actual) if actual else None


def joint_path(
    file: PackageFile, files: Mapping[str, CaseFile], calendar: WorkCalendar, until: datetime
) -> tuple[JointSegment, ...]:
    """The critical path across cases and departments, from the opening to the closing, or to ``until`` where it still runs.

    ``files`` are those of the package's cases by their id. The segments tile the days: first what the first case of the
    path waited for its acceptance, then its way through the departments (as :mod:`casecore.reading.critical_path` tells it),
    then the case that had waited for it. Raises :class:`~casecore.calendar.OutsideCalendarError` where the calendar
    cannot count.
    """
    opened = file.opened
    if opened is None:
        return ()
    segments: list[JointSegment] = []
    reached = opened.at.date()
    for member in _path(file):
        case = files.get(member.plan.case)
        if case is None:
            continue
        for segment in _way_of(case, reached, calendar, until):
            segments.append(JointSegment(member.plan.case, segment))
            reached = max(reached, segment.ended_on)
    return tuple(segments)


def _way_of(case: CaseFile, reached: date, calendar: WorkCalendar, until: datetime) -> Iterator[Segment]:
    """A case's stretches from a day on: before its day 0 it waits to be accepted, or to be answered at all."""
    ended = until if case.closing is None else min(case.closing.at, until)
    accepted_on = case.started_on if case.started_on is not None else ended.date()
    if accepted_on > reached:
        days = calendar.between(reached, accepted_on)
        yield Segment(SegmentKind.INTAKE, None, case.department, reached, accepted_on, days)
    for segment in critical_path(case, calendar, until).segments:
        started_on = max(segment.started_on, reached)
        if segment.ended_on > started_on or segment.started_on >= reached:
            days = calendar.between(started_on, segment.ended_on)
            yield segment._replace(started_on=started_on, working_days=days)


def _path(file: PackageFile) -> tuple[Member, ...]:
    """Backwards from the case that ended last, each time to the prerequisite that ended last.

    What was never opened has no part in it; of cases that still run, the one opened last stands at the end. A plan that
    no rule has looked at may run in a circle: no case is on the path twice.
    """
    ran = {member.plan.case: member for member in file.members if member.started_at is not None}
    last = max(ran.values(), key=_end, default=None)
    path: list[Member] = []
    while last is not None:
        path.append(ran.pop(last.plan.case))
        waited_for = [ran[case] for case in last.plan.after if case in ran]
        last = max(waited_for, key=_end, default=None)
    return tuple(reversed(path))


def _end(member: Member) -> tuple[bool, float, str]:
    at = member.ended_at or member.started_at
    return (member.ended_at is None, at.timestamp() if at is not None else 0.0, member.plan.case)
