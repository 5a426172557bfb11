"""Facts of the end of a case (办结, 撤回, 作废)."""

from casecore.fact import Fact, fact
from casecore.phrases import NOTHING, because, sentence
from casecore.said import Said
from casecore.vocabulary import Outcome

__all__ = ["CaseClosed", "CaseVoided", "CaseWithdrawn", "ClosingFact"]


@fact("case.closed.v1", "办结")
class CaseClosed(Fact):
    """办结 with one of the seven 办结结果."""

    outcome: Outcome
    reason: str | None = None
    forwarded_to: str | None = None

    def told(self) -> Said:
        """How it was closed, to whom it went, and why."""
        to = Said(f"，转至：{self.forwarded_to}", f", to {self.forwarded_to}") if self.forwarded_to else NOTHING
        reason = because(self.reason, "理由")
        return sentence(
            f"办结结果：{self.outcome.value} {self.outcome.zh}{to.zh}{reason.zh}",
            f"{self.outcome.value} {self.outcome.zh}{to.en}{reason.en}",
        )


@fact("case.withdrawn.v1", "撤回")
class CaseWithdrawn(Fact):
    """撤回, by the applicant."""

    reason: str

    def told(self) -> Said:
        """Why."""
        return sentence(f"申请人撤回申请，理由：{self.reason}", f"withdrawn: {self.reason}")


@fact("case.voided.v1", "作废")
class CaseVoided(Fact):
    """作废: the record itself was wrong; 2 for an invalid case, 3 for a typing error."""

    outcome: Outcome
    reason: str

    @property
    def term(self) -> str:
        """A typing error is deleted (删除), an invalid case voided."""
        return "删除" if self.outcome is Outcome.DELETED else self.zh

    def told(self) -> Said:
        """That it counts nowhere, and why."""
        return sentence(f"办件不再计入任何统计，理由：{self.reason}", f"struck from every figure: {self.reason}")


ClosingFact = CaseClosed | CaseWithdrawn | CaseVoided
"""What this act may leave in a case's history."""
