"""Facts of corrections (补正, 当场更正)."""

from casecore.fact import Fact, fact
from casecore.vocabulary import CausedBy

__all__ = ["CorrectedOnSpot", "CorrectionFact", "CorrectionRequested", "CorrectionSubmitted"]


@fact("case.corrected_on_spot.v1", "当场更正")
class CorrectedOnSpot(Fact):
    """当场更正 (Art. 32(3)): no trip, no clock stop."""

    materials: tuple[str, ...]


@fact("case.correction_requested.v1", "补正告知")
class CorrectionRequested(Fact):
    """补正告知 (Art. 32(4)): everything that is missing, told once."""

    materials: tuple[str, ...]
    complete: bool = True
    """一次性告知: the notice named everything that was missing."""
    caused_by: CausedBy = CausedBy.APPLICANT
    notice: str | None = None


@fact("case.correction_submitted.v1", "补正提交")
class CorrectionSubmitted(Fact):
    """补正提交."""

    materials: tuple[str, ...] = ()


CorrectionFact = CorrectedOnSpot | CorrectionRequested | CorrectionSubmitted
"""What this act may leave in a case's history."""
