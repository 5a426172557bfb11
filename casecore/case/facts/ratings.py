"""Facts of ratings (好差评)."""

from casecore.annotations import Personal
from casecore.fact import Fact, Older, fact
from casecore.limits import Limit
from casecore.phrases import NOTHING, because, sentence
from casecore.said import Said
from casecore.vocabulary import Channel, CoreStep, Grade, RatingReview

__all__ = ["CaseRated", "RaterCalledBack", "RatingFact", "RatingRectified", "RatingReviewed"]


def _of(step: CoreStep | None) -> Said:
    """Which step a rating is of; of the case as a whole nothing is said."""
    return Said(f"{step.zh}环节", f" of {step.zh}") if step else NOTHING


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

    def told(self) -> Said:
        """The grade, of what, how it was given, and how soon it is to be put right."""
        default = Said("（默认评价）", " (by default)") if self.defaulted else NOTHING
        through = Said(f"，评价渠道：{self.channel.zh}", f", through {self.channel.value}") if self.channel else NOTHING
        named = Said("，实名评价", ", by name (实名)") if self.real_name else NOTHING
        within = (
            Said(f"，整改时限：{self.rectify_within.zh}", f", to be put right within {self.rectify_within}")
            if self.rectify_within
            else NOTHING
        )
        of, remark = _of(self.step), because(self.remark, "评语")
        return sentence(
            f"{of.zh}评价：{self.grade.value} {self.grade.zh}{default.zh}{through.zh}{named.zh}{within.zh}{remark.zh}",
            f"{self.grade.value} {self.grade.zh}{default.en}{of.en}{through.en}{named.en}{within.en}{remark.en}",
        )


@fact("case.rating_reviewed.v1", "差评核实")
class RatingReviewed(Fact):
    """差评核实: whether a bad rating is what it says."""

    review: RatingReview
    reason: str
    step: CoreStep | None = None

    def told(self) -> Said:
        """What the bad rating was found to be, and why."""
        of = _of(self.step)
        return sentence(
            f"{of.zh}差评核实结果：{self.review.zh}，理由：{self.reason}",
            f"the bad rating{of.en} is {self.review.zh}: {self.reason}",
        )


@fact("case.rating_rectified.v1", "差评整改")
class RatingRectified(Fact):
    """差评整改: what a bad rating complained of was put right."""

    measure: str
    step: CoreStep | None = None

    def told(self) -> Said:
        """What was done about it."""
        of = _of(self.step)
        return sentence(
            f"{of.zh}差评反映的问题已整改：{self.measure}",
            f"what the bad rating{of.en} complained of is put right: {self.measure}",
        )


@fact("case.rater_called_back.v1", "差评回访")
class RaterCalledBack(Fact):
    """差评回访: whoever rated badly was called back."""

    satisfied: bool
    step: CoreStep | None = None

    def told(self) -> Said:
        """Whether the rater is content now."""
        of = _of(self.step)
        content = Said("满意", "content") if self.satisfied else Said("不满意", "not content")
        return sentence(
            f"已回访{of.zh}差评的评价人，评价人表示{content.zh}",
            f"the rater{of.en} was called back and is {content.en}",
        )


RatingFact = CaseRated | RatingReviewed | RatingRectified | RaterCalledBack
"""What this act may leave in a case's history."""
