"""Facts of a package as a whole (一件事时限): accepted, extended, closed."""

from datetime import date

from casecore.fact import Fact, fact
from casecore.limits import Limit
from casecore.vocabulary import Authority

__all__ = ["PackageAccepted", "PackageClosed", "PackageExtended", "PackageLimitFact"]


@fact("package.accepted.v1", "一件事受理")
class PackageAccepted(Fact):
    """一件事受理: every case opened with it was answered and one at least accepted; the joint limits run."""

    effective_on: date
    """Day 0 of the joint limits: that of the case accepted last."""
    statutory: Limit
    """Art. 42(2): 45 working days; each case keeps its own limit beside it."""
    calendar: str


@fact("package.extended.v1", "延长审批")
class PackageExtended(Fact):
    """延长审批 of the joint limit (Art. 42(2)): once, up to 15 working days, by the head of government."""

    days: int
    approver: str
    reason: str
    notice: str
    authority: Authority


@fact("package.closed.v1", "一件事办结")
class PackageClosed(Fact):
    """一件事办结: every case has ended and no condition is open."""

    granted: int
    """How many cases were granted."""
    failed: int
    """How many were not: refused, withdrawn, voided, dropped, or lost with their condition (部分未通过)."""


PackageLimitFact = PackageAccepted | PackageExtended | PackageClosed
"""What this act may leave in a package's history."""
