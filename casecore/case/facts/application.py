"""Facts of the application (申请, 预审, 收件)."""

from datetime import date

from casecore.annotations import Id, PersonalId
from casecore.fact import Fact, Older, fact
from casecore.phrases import NOTHING, because, listed, sentence
from casecore.said import Said
from casecore.vocabulary import ApplicantKind, Channel, ItemType, Tier

__all__ = ["ApplicationFact", "ApplicationSubmitted", "CaseReceived", "PreReviewPassed", "PreReviewReturned"]


@fact("case.application_submitted.v1", "申请")
class ApplicationSubmitted(Fact):
    """申请: filed online, before anyone at the hall has touched it."""

    item: Id
    channel: Channel
    applicant: PersonalId
    applicant_kind: ApplicantKind
    assisted: bool = False
    """帮办: window staff filed it for the applicant; not counted as online."""

    def told(self) -> Said:
        """Who asks for what, and through which channel."""
        assisted = Said("，由窗口人员帮办", ", filed by window staff (帮办)") if self.assisted else NOTHING
        return sentence(
            f"{self.applicant}申请办理 {self.item}，申请渠道：{self.channel.zh}{assisted.zh}",
            f"{self.applicant} applied for {self.item} by {self.channel.value}{assisted.en}",
        )


@fact("case.pre_review_passed.v1", "预审通过")
class PreReviewPassed(Fact):
    """预审通过: the papers filed online are fit to be received."""

    opinion: str | None = None

    def told(self) -> Said:
        """The papers may come in; with the opinion."""
        opinion = because(self.opinion, "意见")
        return sentence(f"材料符合收件要求{opinion.zh}", f"the papers are fit to be received{opinion.en}")


@fact("case.pre_review_returned.v1", "预审退回")
class PreReviewReturned(Fact):
    """预审退回: the applicant may file again."""

    reason: str
    materials: tuple[str, ...] = ()

    def told(self) -> Said:
        """Why it was handed back, and over which materials."""
        about = listed(self.materials, "，涉及材料")
        return sentence(f"退回申请人{about.zh}，理由：{self.reason}", f"handed back: {self.reason}{about.en}")


@fact("case.received.v3", "收件", older=(Older("case.received.v1"), Older("case.received.v2")))
class CaseReceived(Fact):
    """收件: the papers are in; of a licence the five-day clock of Art. 32 runs, the case is not yet accepted."""

    item: Id
    channel: Channel
    tier: Tier
    hall: Id
    window: Id | None = None
    department: Id | None = None
    """受理部门: whose case it is; by rule the item's 实施主体."""
    applicant: PersonalId | None = None
    applicant_kind: ApplicantKind | None = None
    materials: tuple[str, ...] = ()
    assisted: bool = False
    trips_recorded: bool = True
    """False for imported histories that say nothing of trips: they stay out of the trip indicators."""
    licence_expires_on: date | None = None
    """延续: the last day of the licence to be renewed; silence until then renews it (Art. 50)."""
    item_type: ItemType | None = None
    """事项类型 of the item in force that day; None where nobody said."""
    licence_law: bool = True
    """Whether the law of licences governs it (Art. 32, 44, 45, 50): 行政许可, or as the district's rule said that day. Where
    nobody said, it was handled as if it did."""

    def told(self) -> Said:
        """Where it was received, for what, and how it came."""
        window = Said(f"（窗口 {self.window}）", f", window {self.window}") if self.window else NOTHING
        return sentence(
            f"{self.hall}{window.zh}收到 {self.item} 的申请材料，收件渠道：{self.channel.zh}",
            f"received at {self.hall}{window.en} for {self.item}, by {self.channel.value}",
        )


ApplicationFact = ApplicationSubmitted | PreReviewPassed | PreReviewReturned | CaseReceived
"""What this act may leave in a case's history."""
