"""Facts of the chain of custody of originals (原件交接)."""

from casecore.annotations import PersonalId
from casecore.fact import Fact, fact
from casecore.phrases import NOTHING, listed, sentence
from casecore.said import Said
from casecore.vocabulary import HolderKind, Place

__all__ = ["CustodyFact", "PapersHandedOver"]


@fact("case.papers_handed_over.v1", "原件交接")
class PapersHandedOver(Fact):
    """原件交接: originals change hands; one fact a link of their chain of custody (物料流转凭证)."""

    materials: tuple[str, ...]
    giver_kind: HolderKind
    giver: PersonalId
    holder_kind: HolderKind
    holder: PersonalId
    place: Place | None = None
    """Where; HOME for what an agent picks up or brings home."""

    def told(self) -> Said:
        """From whom to whom, where, and what."""
        where = Said(f"，地点：{self.place.zh}", f", at {self.place.zh}") if self.place else NOTHING
        about = listed(self.materials, "，原件")
        return sentence(
            f"由{self.giver_kind.zh}{self.giver}交给{self.holder_kind.zh}{self.holder}{where.zh}{about.zh}",
            f"{self.giver_kind.zh} {self.giver} to {self.holder_kind.zh} {self.holder}{where.en}{about.en}",
        )


CustodyFact = PapersHandedOver
"""What this act may leave in a case's history."""
