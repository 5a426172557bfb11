"""Joint review (联审联办, 并联审批): what reviewing a package's cases side by side saved against one after the other."""

from typing import NamedTuple

from casecore.calendar import WorkCalendar
from casecore.package.state import Member, PackageFile

__all__ = ["JointReview", "MemberSpan", "joint_review"]


class MemberSpan(NamedTuple):
    """One case's share: working days from its day 0 to its end."""

    case: str
    days: int


class JointReview(NamedTuple):
    """What a closed package took, in working days."""

    spans: tuple[MemberSpan, ...]
    """Every case that was accepted and came to its end."""
    serial_days: int
    """串联: their days one after the other."""
    actual_days: int
    """From the package's day 0 to its closing."""
    path: tuple[str, ...]
    """关键路径: the case that ended last, and before it what it had to wait for, in the order of time."""

    @property
    def saved_days(self) -> int:
        """What running side by side saved; never below zero."""
        return max(self.serial_days - self.actual_days, 0)


def joint_review(file: PackageFile, calendar: WorkCalendar) -> JointReview | None:
    """None while the package runs, or where it was never accepted.

    Raises :class:`~casecore.calendar.OutsideCalendarError` for days the calendar knows nothing of.
    """
    promise, closing = file.promise, file.closing
    if promise is None or closing is None:
        return None
    spans = tuple(
        MemberSpan(member.plan.case, calendar.between(member.accepted_on, member.ended_at.date()))
        for member in file.members
        if member.accepted_on is not None and member.ended_at is not None
    )
    return JointReview(
        spans,
        sum(span.days for span in spans),
        calendar.between(promise.effective_on, closing.at.date()),
        _path(file),
    )


def _path(file: PackageFile) -> tuple[str, ...]:
    """Backwards from the case that ended last, each time to the prerequisite that ended last."""
    ended = {member.plan.case: member for member in file.members if member.ended_at is not None}
    last = max(ended.values(), key=_end, default=None)
    path: list[str] = []
    while last is not None:
        path.append(last.plan.case)
        waited_for = [ended[case] for case in last.plan.after if case in ended]
        last = max(waited_for, key=_end, default=None)
    return tuple(reversed(path))


def _end(member: Member) -> tuple[float, str]:
    return (member.ended_at.timestamp() if member.ended_at is not None else 0.0, member.plan.case)
