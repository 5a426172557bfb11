"""Facts of a result set aside and decided anew (行政复议, 行政诉讼, 自行纠正; 撤销重作).

The first case stays as it was published, and its successor is a case of its own: so every clock, result and figure of the
second decision is that of any case, and none of the first has to be restated.
"""

from casecore.annotations import Id
from casecore.fact import Fact, fact
from casecore.limits import Limit
from casecore.phrases import NOTHING, sentence
from casecore.said import Said
from casecore.vocabulary import SetAsideGround

__all__ = ["CaseTakenUpAgain", "RedecisionFact", "ResultSetAside"]


@fact("case.result_set_aside.v1", "结果撤销")
class ResultSetAside(Fact):
    """结果撤销: what was decided holds no more, by whose word and document; its certificates are revoked with it."""

    ground: SetAsideGround
    organ: Id
    """Who set it aside: the organ of reconsideration (复议机关), the court, or the organ itself."""
    document: Id
    """The number of its decision or judgment (文书号)."""
    redecided_in: Id | None = None
    """The case in which it is decided anew (重作); None where nothing is to be decided any more."""

    def told(self) -> Said:
        """By whom, on what ground and by which document, and where it is decided anew."""
        anew = (
            Said(f"，重作办件 {self.redecided_in}", f", decided anew in {self.redecided_in}")
            if self.redecided_in
            else NOTHING
        )
        return sentence(
            f"办理结果被{self.organ}撤销，途径：{self.ground.zh}，文书：{self.document}{anew.zh}",
            f"the result is set aside by {self.organ} ({self.ground.zh}), {self.document}{anew.en}",
        )


@fact("case.taken_up_again.v1", "重作")
class CaseTakenUpAgain(Fact):
    """重作: this case decides anew what another had decided; it is received and accepted without anybody applying again."""

    former: Id
    """The case whose result was set aside."""
    ground: SetAsideGround
    organ: Id
    document: Id
    limit: Limit | None = None
    """The period named for the new decision (重作期限); None where none was: then the item's limits hold."""

    def told(self) -> Said:
        """What is decided anew, by whose word, and within which period."""
        within = Said(f"，限期：{self.limit.zh}", f", within {self.limit}") if self.limit else NOTHING
        return sentence(
            f"重新办理 {self.former}，{self.organ}以 {self.document} 撤销原结果（{self.ground.zh}）{within.zh}",
            f"decides anew what {self.former} had decided: set aside by {self.organ} ({self.ground.zh}),"
            f" {self.document}{within.en}",
        )


RedecisionFact = ResultSetAside | CaseTakenUpAgain
"""What this act may leave in a case's history."""
