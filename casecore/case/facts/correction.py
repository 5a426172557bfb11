"""Facts of corrections (补正, 当场更正)."""

from casecore.fact import Fact, Older, fact
from casecore.phrases import NOTHING, listed, sentence
from casecore.said import Said
from casecore.vocabulary import CausedBy, Channel

__all__ = ["CorrectedOnSpot", "CorrectionFact", "CorrectionRequested", "CorrectionSubmitted"]


@fact("case.corrected_on_spot.v1", "当场更正")
class CorrectedOnSpot(Fact):
    """当场更正 (Art. 32(3)): no trip, no clock stop."""

    materials: tuple[str, ...]

    def told(self) -> Said:
        """What was put right."""
        about = listed(self.materials)
        return sentence(f"材料已当场更正{about.zh}", f"put right on the spot{about.en}")


@fact("case.correction_requested.v1", "补正告知")
class CorrectionRequested(Fact):
    """补正告知 (Art. 32(4)): everything that is missing, told once."""

    materials: tuple[str, ...]
    complete: bool = True
    """一次性告知: the notice named everything that was missing."""
    caused_by: CausedBy = CausedBy.APPLICANT
    notice: str | None = None

    def told(self) -> Said:
        """What is missing, whether all of it was told, and on whose account that goes."""
        notice = (
            Said("一次性告知补正内容", "one complete notice (一次性告知)")
            if self.complete
            else Said("补正内容告知不完整", "an incomplete notice")
        )
        about = listed(self.materials, "，材料")
        return sentence(
            f"{notice.zh}，责任方：{self.caused_by.zh}{about.zh}",
            f"{notice.en}, cause: {self.caused_by.zh}{about.en}",
        )


@fact("case.correction_submitted.v2", "补正提交", older=(Older("case.correction_submitted.v1"),))
class CorrectionSubmitted(Fact):
    """补正提交: what was missing came in."""

    materials: tuple[str, ...] = ()
    channel: Channel | None = None
    """How it came in; None where nobody said so: then as the application did."""

    def told(self) -> Said:
        """What came in, and how where somebody said so."""
        about = listed(self.materials)
        how = Said(f"，提交渠道：{self.channel.zh}", f", by {self.channel.value}") if self.channel else NOTHING
        return sentence(f"补正材料已提交{how.zh}{about.zh}", f"the corrections are in{how.en}{about.en}")


CorrectionFact = CorrectedOnSpot | CorrectionRequested | CorrectionSubmitted
"""What this act may leave in a case's history."""
