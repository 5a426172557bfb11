"""Facts of the chain of custody of originals (原件交接)."""

from casecore.annotations import PersonalId
from casecore.fact import Fact, fact
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


CustodyFact = PapersHandedOver
"""What this act may leave in a case's history."""
