"""The file of a package (一件事): what its history adds up to."""

from datetime import date, datetime
from typing import NamedTuple

from casecore.cards import Card
from casecore.ledger import Extension, Ledger, SuspensionSpan
from casecore.package.facts.limits import PackageAccepted, PackageClosed, PackageExtended
from casecore.package.facts.members import MemberEnded
from casecore.package.facts.opening import MaterialShared, PackageOpened, PlannedCase
from casecore.value import swift
from casecore.vocabulary import MemberState, PackageStage

__all__ = ["NEW_PACKAGE", "Member", "PackageFile"]


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


@swift
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
    cards: tuple[Card, ...] = ()

    def member(self, case: str) -> Member | None:
        """The member of that case id."""
        return next((member for member in self.members if member.plan.case == case), None)

    def ledger(self) -> Ledger:
        """The acts that move the joint limits: extension, and the special procedures of its cases."""
        extended = self.extension
        return Ledger(self.suspensions, None if extended is None else Extension(extended.at.date(), extended.days))


NEW_PACKAGE = PackageFile()
"""The file of a package nobody has heard of."""
