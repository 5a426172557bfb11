"""A package (一件事) as a clerk looks at it: its cases, its shared materials, its joint clocks, what joint review saved."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from casecore.calendar import OutsideCalendarError, WorkCalendar
from casecore.calendars import find_calendar
from casecore.case.file import CaseFile
from casecore.package.clocks import clocks_of_package
from casecore.package.file import Member, PackageFile
from casecore.reading.joint_review import JointReview, JointSegment, joint_path, joint_review
from projections.explaining.clocks_read import ClockRead, read_clocks
from projections.explaining.explained_clock import moment_for

__all__ = ["PackageView", "view_package"]


class PackageView(NamedTuple):
    """Everything there is to show of a package."""

    package: str
    district: str
    file: PackageFile
    clocks: tuple[ClockRead, ...]
    review: JointReview | None
    """联审联办: what it saved; None while the package runs, or where no calendar can count it."""
    path: tuple[JointSegment, ...] = ()
    """关键路径 across cases and departments; none before the acceptance, or where no calendar can count it."""

    def plain(self) -> dict[str, Any]:
        """As JSON values."""
        file, opened = self.file, self.file.opened
        of_opening: dict[str, Any] = {}
        if opened is not None:
            of_opening = {
                "theme": opened.theme,
                "theme_version": opened.theme_version,
                "applicant": opened.applicant,
                "applicant_kind": opened.applicant_kind.value,
                "channel": opened.channel.value,
                "assisted": opened.assisted,
                "tier": opened.tier.value,
                "hall": opened.hall,
                "window": opened.window,
                "opened_at": opened.at,
                "promised": str(opened.promised),
                "visits_promised": opened.visits_promised,
                "answers": {one.question: one.answer for one in opened.answers},
                "form": {one.name: one.value for one in opened.form},
            }
        promise, extension, closing = file.promise, file.extension, file.closing
        return {
            "package": self.package,
            "district": self.district,
            "version": file.version,
            "stage": file.stage.value,
            **of_opening,
            "accepted_on": promise.effective_on if promise is not None else None,
            "extended_days": extension.days if extension is not None else None,
            "closed_at": closing.at if closing is not None else None,
            "granted": closing.granted if closing is not None else None,
            "failed": closing.failed if closing is not None else None,
            "cases": [_plain_member(member) for member in file.members],
            "materials": [
                {
                    "material": one.material,
                    "way": one.way.value,
                    "source": one.source,
                    "level": one.level.value if one.level is not None else None,
                    "shared_at": one.at,
                }
                for one in file.materials
            ],
            "clocks": [clock.plain() for clock in self.clocks],
            "joint_review": _plain_review(self.review),
            "critical_path": [_plain_segment(one) for one in self.path],
        }


def view_package(  # noqa: PLR0913, PLR0917 - a package, its cases, and what its days are counted by
    district: str,
    package: str,
    file: PackageFile,
    cases: Mapping[str, CaseFile],
    as_of: datetime,
    calendars: Mapping[str, WorkCalendar],
) -> PackageView:
    """A package as of a moment; ``cases`` are the files of its cases by then, ``calendars`` stand by version."""
    calendar = calendars.get(file.promise.calendar) if file.promise is not None else None
    clocks = read_clocks(clocks_of_package(file), as_of, lambda version: find_calendar(calendars, version or ""))
    if calendar is None:
        return PackageView(package, district, file, clocks, None)
    return PackageView(package, district, file, clocks, _review(file, calendar.law), _way(file, cases, calendar.law, as_of))


def _review(file: PackageFile, calendar: WorkCalendar) -> JointReview | None:
    try:
        return joint_review(file, calendar)
    except OutsideCalendarError:
        return None


def _way(
    file: PackageFile, cases: Mapping[str, CaseFile], calendar: WorkCalendar, as_of: datetime
) -> tuple[JointSegment, ...]:
    try:
        return joint_path(file, cases, calendar, moment_for(calendar, as_of))
    except OutsideCalendarError:
        return ()


def _plain_segment(one: JointSegment) -> dict[str, Any]:
    segment = one.segment
    return {"case": one.case, **segment._asdict(), "kind": segment.kind.value, "kind_zh": segment.kind.zh}


def _plain_member(member: Member) -> dict[str, Any]:
    plan, end = member.plan, member.end
    return {
        "case": plan.case,
        "item": plan.item,
        "subject": plan.subject,
        "state": member.state.value,
        "after": plan.after,
        "conditional_on": plan.conditional_on,
        "started_at": member.started_at,
        "accepted_on": member.accepted_on,
        "ended_at": member.ended_at,
        "stage": end.stage.value if end is not None else None,
        "outcome": end.outcome.value if end is not None and end.outcome is not None else None,
        "granted": member.granted if end is not None else None,
        "pending": member.pending,
        "lost_to": member.lost_to,
    }


def _plain_review(review: JointReview | None) -> dict[str, Any] | None:
    if review is None:
        return None
    return {
        "serial_days": review.serial_days,
        "actual_days": review.actual_days,
        "saved_days": review.saved_days,
        "critical_path": review.path,
        "working_minutes": {**review.minutes._asdict(), "saved": review.minutes.saved} if review.minutes else None,
        "days": {span.case: span.days for span in review.spans},
    }
