"""Printing a package (一件事): as a clerk looks at it, and as its applicant is told."""

from typing import Any

from rich.table import Table

from casecore.package.file import Member
from casecore.phrases import number_of
from casecore.reading.joint_review import JointReview, JointSegment
from casecore.reading.package_progress import PackageProgress
from casecore.said import Said
from ops.printing import console
from ops.printing.clock_lines import clock_line
from ops.printing.console import styled
from ops.printing.progress import plain_part, say, say_trips
from projections.explaining.package_view import PackageView

__all__ = ["print_package", "print_package_progress"]


def print_package(view: PackageView, *, as_json: bool) -> None:
    """Its cases, shared materials, joint clocks and, once it is closed, what joint review saved."""
    if as_json:
        console.put_json(view.plain())
        return
    file, opened = view.file, view.file.opened
    rest = f" ({view.district}) — {file.stage.zh} {file.stage.value}, version {file.version}"
    console.out.print(styled((f"一件事 {view.package}", "bold"), rest))
    if opened is not None:
        about = f"{opened.theme} v{opened.theme_version}, {opened.applicant}, by {opened.channel.value} at {opened.hall}"
        _say(f"{about}; promised {opened.promised}, at most {number_of(opened.visits_promised, 'visit')}")
    console.out.print(_members(file.members))
    for shared in file.materials:
        origin = f", {shared.source}" if shared.source else ""
        level = f", level {shared.level.value}" if shared.level is not None else ""
        _say(f"共用材料 {shared.material}: {shared.way.zh}{origin}{level}, {shared.at:%Y-%m-%d}")
    for clock in view.clocks:
        _say(clock_line(clock))
    if file.extension is not None:
        _say(f"延长审批 {file.extension.days} working days, {file.extension.approver}, notice {file.extension.notice}")
    if view.review is not None:
        _say(f"联审联办 joint review: {_saved(view.review)}")
        _say(f"关键路径 critical path: {' → '.join(view.review.path)}")
    elif view.path:
        _say("关键路径 critical path so far:")
    for one in view.path:
        _say(f"  {_stretch(one)}")


def _saved(review: JointReview) -> str:
    """What it took against its cases one after the other; within a day in minutes, where those of the law were worked."""
    if review.actual_days:
        return (
            f"one after the other (串联) {number_of(review.serial_days, 'working day')}, actual {review.actual_days},"
            f" saved {review.saved_days}"
        )
    minutes = review.minutes
    if minutes is None:
        return "less than a working day"
    serial, actual, saved = (_worked(one) for one in (minutes.serial, minutes.actual, minutes.saved))
    return f"one after the other (串联) {serial} of legal working time (法定工作时间), actual {actual}, saved {saved}"


def _worked(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    parts = [number_of(hours, "hour")] if hours else []
    return " ".join([*parts, number_of(rest, "minute")] if rest or not hours else parts)


def _stretch(one: JointSegment) -> str:
    """One stretch of the critical path: in which case, what it did, with whom, for how long."""
    segment = one.segment
    step = f" {segment.step}" if segment.step else ""
    whom = f", {segment.department}" if segment.department else ""
    if not segment.working_days:
        lasted = f"less than a working day, on {segment.ended_on}"
    else:
        lasted = f"{number_of(segment.working_days, 'working day')}, {segment.started_on} to {segment.ended_on}"
    return f"{one.case}: {segment.kind.zh}{step}{whom}: {lasted}"


def _members(members: tuple[Member, ...]) -> Table:
    table = Table()
    for name in ("办件 case", "事项 item", "subject", "state", "day 0", "ended", "result", "conditions"):
        table.add_column(name, overflow="fold")
    for member in members:
        end = member.end
        result = ""
        if end is not None:
            how = end.outcome.zh if end.outcome is not None else end.stage.zh
            result = f"{how}, {'granted' if member.granted else 'not granted'}"
        table.add_row(
            member.plan.case,
            member.plan.item,
            member.plan.subject or "",
            member.state.zh,
            str(member.accepted_on or ""),
            str(member.ended_at.date()) if member.ended_at is not None else "",
            result,
            _conditions(member),
        )
    return table


def _conditions(member: Member) -> str:
    plan = member.plan
    parts = [f"after {', '.join(plan.after)}"] if plan.after else []
    if plan.conditional_on:
        parts.append(f"on condition of {', '.join(plan.conditional_on)}")
    if member.pending:
        parts.append(f"open: {', '.join(member.pending)}")
    if member.lost_to is not None:
        parts.append(f"lost to {member.lost_to}")
    return "; ".join(parts)


def print_package_progress(package: str, found: PackageProgress, *, as_json: bool) -> None:
    """What an applicant is told of a package."""
    if as_json:
        console.put_json(_plain(package, found))
        return
    console.out.print(styled((f"一件事 {package}", "bold"), f"  {found.stage.zh}"))
    say("进度 standing", found.standing)
    if found.received_on is not None:
        say("申请 filed", Said(f"{found.received_on} 提交申请。", f"Filed on {found.received_on}."))
    if found.accepted_on is not None:
        said = Said(f"整体时限自 {found.accepted_on} 起算。", f"The joint limits count from {found.accepted_on}.")
        say("受理 accepted", said)
    if found.due is not None:
        say("时限 due", found.due.said)
    for member in found.members:
        say(member.case, member.said)
    for to_do in found.to_do:
        say("待办 to do", to_do)
    say_trips(found.trips)


def _plain(package: str, found: PackageProgress) -> dict[str, Any]:
    return {
        "package": package,
        "stage": found.stage.value,
        "standing": found.standing._asdict(),
        "received_on": found.received_on,
        "accepted_on": found.accepted_on,
        "due": plain_part(found.due),
        "cases": [plain_part(member) for member in found.members],
        "to_do": [one._asdict() for one in found.to_do],
        "trips": plain_part(found.trips),
    }


def _say(text: str) -> None:
    console.out.print(f"  {text}")
