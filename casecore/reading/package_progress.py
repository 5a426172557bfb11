"""The applicant's view of a package (一件事, 申请人视图): where the whole stands, when it is due, what is still to do."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple

from casecore.case.file import CaseFile
from casecore.clock import CaseClock
from casecore.district_rule import DEFAULT_RULE, DistrictRule
from casecore.package.clocks import clocks_of_package
from casecore.package.file import Member, PackageFile
from casecore.reading.presence import package_trips_unknown
from casecore.reading.progress import Calendars, DueDay, Trips, due_day, progress, read_if_counted
from casecore.reading.trips import trips_in_figures
from casecore.reading.visits import count_visits
from casecore.said import Said
from casecore.vocabulary import ClockKind, MemberState, PackageStage, TripsUnknown

__all__ = ["MemberProgress", "PackageProgress", "package_progress"]


class MemberProgress(NamedTuple):
    """What an applicant is told of one case of the package."""

    case: str
    item: str
    subject: str | None
    said: Said


class PackageProgress(NamedTuple):
    """What an applicant is told of a package."""

    stage: PackageStage
    standing: Said
    received_on: date | None
    accepted_on: date | None
    """Day 0 of the joint limits."""
    due: DueDay | None
    members: tuple[MemberProgress, ...]
    to_do: tuple[Said, ...]
    """What is still for the applicant to do, in any of its cases."""
    trips: Trips | None
    """Visits for the whole; None where they are not known."""


def package_progress(
    file: PackageFile,
    cases: Mapping[str, CaseFile],
    at: datetime,
    calendar_of: Calendars,
    rule: DistrictRule = DEFAULT_RULE,
) -> PackageProgress:
    """What the applicant is told at ``at``; ``cases`` are the files of the package's cases that were opened.

    ``calendar_of`` gives the calendar of a version, and for None the one in force.
    """
    promised = next((clock for clock in clocks_of_package(file) if clock.kind is ClockKind.PROMISED), None)
    return PackageProgress(
        file.stage,
        _standing(file),
        file.opened.at.date() if file.opened is not None else None,
        file.promise.effective_on if file.promise is not None else None,
        _due(promised, at, calendar_of),
        tuple(_member(member) for member in file.members),
        tuple(_to_do(cases, at, calendar_of, rule)),
        _trips(file, cases, rule),
    )


def _standing(file: PackageFile) -> Said:
    count, over = len(file.members), sum(member.over for member in file.members)
    match file.stage:
        case PackageStage.NEW:
            return Said("尚未申请。", "Nothing has been applied for yet.")
        case PackageStage.OPENED:
            return Said(f"已提交, 共 {count} 件, 等待受理。", f"Filed, {count} cases; the hall has to accept them.")
        case PackageStage.ACCEPTED:
            return Said(
                f"已受理, 正在办理: 共 {count} 件, 已结束 {over} 件。",
                f"Accepted and under way: {over} of {count} cases have ended.",
            )
        case PackageStage.CLOSED:
            granted = sum(member.granted for member in file.members)
            return Said(
                f"已全部办结: 共 {count} 件, 通过 {granted} 件。", f"All {count} cases have ended; {granted} were granted."
            )


def _due(clock: CaseClock | None, at: datetime, calendar_of: Calendars) -> DueDay | None:
    reading = read_if_counted(clock, at, calendar_of)
    return None if clock is None or reading is None else due_day(clock, reading)


def _member(member: Member) -> MemberProgress:
    plan = member.plan
    return MemberProgress(plan.case, plan.item, plan.subject, _said_of(member))


def _said_of(member: Member) -> Said:
    if member.lost_to is not None:
        return _lost(member, member.lost_to)
    match member.state:
        case MemberState.WAITING:
            waits = ", ".join(member.plan.after)
            return Said(f"等待前置事项: {waits}。", f"It waits for {waits}.")
        case MemberState.RUNNING if member.accepted_on is None:
            return Said("等待受理。", "It is to be accepted.")
        case MemberState.RUNNING:
            return Said(f"{member.accepted_on} 受理, 正在办理。", f"Accepted on {member.accepted_on} and under way.")
        case MemberState.ENDED | MemberState.DROPPED:
            return _ended(member)


def _lost(member: Member, prerequisite: str) -> Said:
    if member.state is MemberState.DROPPED:
        return Said(f"前置事项 {prerequisite} 未通过, 不再办理。", f"Not opened: {prerequisite} was not granted.")
    if member.state is MemberState.RUNNING:
        en = f"Its condition has failed with {prerequisite}: it is granted no more."
        return Said(f"附条件未成就 ({prerequisite} 未通过), 不能准予。", en)
    if member.end is not None and member.end.granted:
        return Said(f"所附条件未成就 ({prerequisite})。", f"It was granted on condition, and {prerequisite} failed.")
    return _ended(member)


def _ended(member: Member) -> Said:
    on = member.ended_at.date() if member.ended_at is not None else None
    zh, en = ("已办结, 通过", "granted") if member.granted else ("已结束, 未通过", "not granted")
    if member.pending:
        waits = ", ".join(member.pending)
        return Said(f"{on} {zh}, 附条件: {waits}。", f"Ended on {on}, {en}, on condition of {waits}.")
    return Said(f"{on} {zh}。", f"Ended on {on}, {en}.")


def _to_do(cases: Mapping[str, CaseFile], at: datetime, calendar_of: Calendars, rule: DistrictRule) -> Iterator[Said]:
    for case, file in cases.items():
        for to_do in progress(file, at, calendar_of, rule).to_do:
            yield Said(f"{case}: {to_do.zh}", f"{case}: {to_do.en}")


def _trips(file: PackageFile, cases: Mapping[str, CaseFile], rule: DistrictRule) -> Trips | None:
    if file.opened is None:
        return None
    promised = file.opened.visits_promised
    visits = count_visits({case: trips_in_figures(found, rule) for case, found in cases.items()}, promised)
    if package_trips_unknown(((found, rule) for found in cases.values()), visits) not in (None, TripsUnknown.PENDING):
        return None
    return Trips(sum(visit.gross for visit in visits), sum(visit.net for visit in visits), promised)
