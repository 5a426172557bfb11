"""Facts of ratings (好差评)."""

from casecore.annotations import Personal
from casecore.fact import Fact, Older, fact
from casecore.limits import Limit
from casecore.vocabulary import Channel, CoreStep, Grade, RatingReview

__all__ = ["CaseRated", "RaterCalledBack", "RatingFact", "RatingRectified", "RatingReviewed"]


@fact("case.rated.v2", "评价", older=(Older("case.rated.v1"),))
class CaseRated(Fact):
    """好差评: five grades; a default rating is kept apart from a real one."""

    grade: Grade
    defaulted: bool = False
    remark: Personal | None = None
    step: CoreStep | None = None
    """The step that is rated (一次一评); None for the case as a whole (一事一评)."""
    channel: Channel | None = None
    """Through which channel it was given."""
    real_name: bool = False
    """实名: the rater can be called back."""
    rectify_within: Limit | None = None
    """For a bad rating: how soon the district promises to put it right (差评整改时限)."""


@fact("case.rating_reviewed.v1", "差评核实")
class RatingReviewed(Fact):
    """差评核实: whether a bad rating is what it says."""

    review: RatingReview
    reason: str
    step: CoreStep | None = None


@fact("case.rating_rectified.v1", "差评整改")
class RatingRectified(Fact):
    """差评整改."""

    measure: str
    step: CoreStep | None = None


@fact("case.rater_called_back.v1", "差评回访")
class RaterCalledBack(Fact):
    """差评回访."""

    satisfied: bool
    step: CoreStep | None = None


RatingFact = CaseRated | RatingReviewed | RatingRectified | RaterCalledBack
"""What this act may leave in a case's history."""
