"""Facts of a package as a whole (一件事时限): accepted, extended, closed."""

from datetime import date

from casecore.fact import Fact, fact
from casecore.limits import Limit
from casecore.phrases import number_of, sentence
from casecore.said import Said
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

    def told(self) -> Said:
        """Since when, within which joint limit, under which calendar."""
        return sentence(
            f"受理自 {self.effective_on} 起生效，一件事法定时限：{self.statutory.zh}，工作日历 {self.calendar}",
            f"accepted with effect from {self.effective_on}: joint limit by law {self.statutory}, calendar {self.calendar}",
        )


@fact("package.extended.v1", "延长审批")
class PackageExtended(Fact):
    """延长审批 of the joint limit (Art. 42(2)): once, up to 15 working days, by the head of government."""

    days: int
    approver: str
    reason: str
    notice: str
    authority: Authority

    def told(self) -> Said:
        """How much longer, by whose approval, by which notice, and why."""
        return sentence(
            f"延长 {self.days} 个工作日，批准人：{self.approver}（{self.authority.zh}），"
            f"告知书：{self.notice}，理由：{self.reason}",
            f"{number_of(self.days, 'working day')} more, approved by {self.approver} ({self.authority.zh}),"
            f" notice {self.notice}: {self.reason}",
        )


@fact("package.closed.v1", "一件事办结")
class PackageClosed(Fact):
    """一件事办结: every case has ended and no condition is open."""

    granted: int
    """How many cases were granted."""
    failed: int
    """How many were not: refused, withdrawn, voided, dropped, or lost with their condition (部分未通过)."""

    def told(self) -> Said:
        """How many cases were granted, and how many not."""
        return sentence(
            f"全部办件已结束：{self.granted} 件获准予，{self.failed} 件未获准予",
            f"every case has ended: {self.granted} granted, {self.failed} not",
        )


PackageLimitFact = PackageAccepted | PackageExtended | PackageClosed
"""What this act may leave in a package's history."""
