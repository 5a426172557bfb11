"""The file of a package (一件事): what its history adds up to."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import partial
from typing import NamedTuple, assert_never

from casecore.clocks import Extension, Ledger, SuspensionSpan
from casecore.package.events import (
    ConditionFailed,
    ConditionMet,
    MaterialShared,
    MemberAccepted,
    MemberDropped,
    MemberEnded,
    MemberResumed,
    MemberStarted,
    MemberSuspended,
    PackageAccepted,
    PackageClosed,
    PackageEvent,
    PackageExtended,
    PackageOpened,
    PlannedCase,
)
from casecore.vocabulary import MemberState, PackageStage

__all__ = ["NEW_PACKAGE", "Member", "PackageFile", "evolve_package", "fold_package"]


class Member(NamedTuple):
    """One case of a package, as the package sees it."""

    plan: PlannedCase
    state: MemberState
    started_at: datetime | None = None
    accepted_at: datetime | None = None
    accepted_on: date | None = None
    """Day 0 of its own limits."""
    ended_at: datetime | None = None
    end: MemberEnded | None = None
    pending: tuple[str, ...] = ()
    """Prerequisites it was closed on condition of, that still run."""
    lost_to: str | None = None
    """The prerequisite it was dropped for, or lost its condition with, while it runs or after its end."""

    @property
    def granted(self) -> bool:
        """Whether it ended with what was applied for, and no condition has failed since."""
        return self.end is not None and self.end.granted and self.lost_to is None

    @property
    def over(self) -> bool:
        """Whether nothing more is to come of it: ended or dropped, and no condition open."""
        return self.state in (MemberState.ENDED, MemberState.DROPPED) and not self.pending


class PackageFile(NamedTuple):
    """Everything a package's facts add up to; immutable. ``version`` counts the facts folded so far."""

    version: int = 0
    stage: PackageStage = PackageStage.NEW
    stage_at: datetime | None = None
    opened: PackageOpened | None = None
    members: tuple[Member, ...] = ()
    """In the order planned."""
    materials: tuple[MaterialShared, ...] = ()
    promise: PackageAccepted | None = None
    """The fact that froze the joint limits and the calendar."""
    extension: PackageExtended | None = None
    suspensions: tuple[SuspensionSpan, ...] = ()
    """Special procedures of its cases, named ``case/suspension``."""
    closing: PackageClosed | None = None

    def member(self, case: str) -> Member | None:
        """The member of that case id."""
        return next((member for member in self.members if member.plan.case == case), None)

    def ledger(self) -> Ledger:
        """The acts that move the joint limits: extension, and the special procedures of its cases."""
        extended = self.extension
        return Ledger(self.suspensions, None if extended is None else Extension(extended.at.date(), extended.days))


NEW_PACKAGE = PackageFile()
"""The file of a package nobody has heard of."""


def fold_package(events: Iterable[PackageEvent], file: PackageFile = NEW_PACKAGE) -> PackageFile:
    """Fold facts, in the order of their versions, onto a file."""
    for event in events:
        file = evolve_package(file, event)
    return file


def evolve_package(file: PackageFile, event: PackageEvent) -> PackageFile:
    """The file after one more fact. It never refuses, and reads neither clock nor catalogue."""
    return _with(file, event)._replace(version=file.version + 1)


def _with(file: PackageFile, event: PackageEvent) -> PackageFile:  # noqa: C901, PLR0911, PLR0912 - one arm a fact
    match event:
        case PackageOpened():
            members = tuple(_planned(plan, event.at) for plan in event.cases)
            return file._replace(stage=PackageStage.OPENED, stage_at=event.at, opened=event, members=members)
        case MaterialShared():
            return file._replace(materials=(*file.materials, event))
        case MemberStarted():
            return _changed(file, event.case, partial(Member._replace, state=MemberState.RUNNING, started_at=event.at))
        case MemberAccepted():
            accepted = partial(Member._replace, accepted_at=event.at, accepted_on=event.effective_on)
            return _changed(file, event.case, accepted)
        case MemberSuspended():
            name = f"{event.case}/{event.suspension}"
            span = SuspensionSpan(name, event.at, None, event.declared_days)
            return file._replace(suspensions=(*file.suspensions, span))
        case MemberResumed():
            name = f"{event.case}/{event.suspension}"
            spans = tuple(
                s._replace(ended_at=event.at) if s.label == name and s.ended_at is None else s for s in file.suspensions
            )
            return file._replace(suspensions=spans)
        case MemberEnded():
            ended = partial(Member._replace, state=MemberState.ENDED, ended_at=event.at, end=event, pending=event.pending)
            return _changed(_without_procedures(file, event), event.case, ended)
        case MemberDropped():
            dropped = partial(Member._replace, state=MemberState.DROPPED, ended_at=event.at, lost_to=event.prerequisite)
            return _changed(file, event.case, dropped)
        case ConditionMet():
            return _changed(file, event.case, partial(Member._replace, pending=()))
        case ConditionFailed():
            return _changed(file, event.case, partial(Member._replace, pending=(), lost_to=event.prerequisite))
        case PackageAccepted():
            return file._replace(stage=PackageStage.ACCEPTED, stage_at=event.at, promise=event)
        case PackageExtended():
            return file._replace(extension=event)
        case PackageClosed():
            return file._replace(stage=PackageStage.CLOSED, stage_at=event.at, closing=event)
        case _:
            assert_never(event)


def _planned(plan: PlannedCase, at: datetime) -> Member:
    if plan.after:
        return Member(plan, MemberState.WAITING)
    return Member(plan, MemberState.RUNNING, started_at=at)


def _without_procedures(file: PackageFile, event: MemberEnded) -> PackageFile:
    """The file with nothing under way any more in a case that ended: whoever withdraws waits for no test (Art. 45)."""
    spans = tuple(
        span._replace(ended_at=max(event.at, span.started_at))
        if span.ended_at is None and span.label.rpartition("/")[0] == event.case
        else span
        for span in file.suspensions
    )
    return file._replace(suspensions=spans)


def _changed(file: PackageFile, case: str, change: Callable[[Member], Member]) -> PackageFile:
    """The file with one member changed; unchanged where the package has no such case."""
    return file._replace(members=tuple(change(m) if m.plan.case == case else m for m in file.members))
