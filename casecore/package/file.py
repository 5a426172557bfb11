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
    decided_at: datetime | None = None
    """When it was decided; None before, and in histories older than that fact."""
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
    def decided_by(self) -> datetime | None:
        """When nothing was left to be examined: with the decision, or the end of a case of which none is known."""
        return min((at for at in (self.decided_at, self.ended_at) if at is not None), default=None)

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
    promise_only: tuple[str, ...] = ()
    """Those of them that move the joint promise alone: of cases that are not under the law of licences (Art. 45)."""
    closing: PackageClosed | None = None
    cards: tuple[Card, ...] = ()

    def member(self, case: str) -> Member | None:
        """The member of that case id."""
        return next((member for member in self.members if member.plan.case == case), None)

    def ledger(self, *, statutory: bool) -> Ledger:
        """The acts that move the joint statutory clock, or the promised one: extension, special procedures of its cases."""
        extended = self.extension
        spans = tuple(span for span in self.suspensions if not (statutory and span.label in self.promise_only))
        return Ledger(spans, None if extended is None else Extension(extended.at.date(), extended.days))


NEW_PACKAGE = PackageFile()
"""The file of a package nobody has heard of."""
