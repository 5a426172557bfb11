"""Facts of the opening of a package (一件事申请)."""

from casecore.annotations import Id, Personal, PersonalId
from casecore.fact import Fact, fact
from casecore.limits import Limit
from casecore.phrases import NOTHING, number_of, origin, sentence
from casecore.said import Said
from casecore.theme import Choice
from casecore.value import value
from casecore.vocabulary import ApplicantKind, Channel, LicenceLevel, MaterialWay, Tier

__all__ = ["FormField", "MaterialShared", "OpeningFact", "PackageOpened", "PlannedCase"]


@value
class FormField:
    """One field of the one form (一表申请)."""

    name: str
    value: Personal


@value
class PlannedCase:
    """A case the package opens: its item and subject, and the cases of the package that come before it."""

    case: Id
    item: Id
    subject: str | None = None
    after: tuple[str, ...] = ()
    """Cases that must be granted before it is opened (串联)."""
    conditional_on: tuple[str, ...] = ()
    """Cases it runs beside and is closed on condition of (并联, 附条件办结)."""


@fact("package.opened.v1", "一件事申请")
class PackageOpened(Fact):
    """一件事申请: one submission; what was asked, what was answered, and every case that follows."""

    theme: Id
    theme_version: int
    applicant: PersonalId
    applicant_kind: ApplicantKind
    channel: Channel
    hall: Id
    tier: Tier
    window: Id | None
    assisted: bool
    """帮办: staff filled in the form with the applicant."""
    answers: tuple[Choice, ...]
    form: tuple[FormField, ...]
    cases: tuple[PlannedCase, ...]
    promised: Limit
    """The joint promise; it runs from the acceptance."""
    visits_promised: int
    """到办事现场次数 promised for the whole."""

    def told(self) -> Said:
        """Who asks for what, how many cases that takes, and what is promised for the whole."""
        assisted = Said("，由窗口人员帮办", ", filed by window staff (帮办)") if self.assisted else NOTHING
        subjects = len({case.subject for case in self.cases if case.subject is not None})
        about = Said(f"，涉及对象 {subjects} 个", f" about {number_of(subjects, 'subject')}") if subjects else NOTHING
        count, visits = len(self.cases), self.visits_promised
        return sentence(
            f"{self.applicant}申请办理一件事 {self.theme} 第 {self.theme_version} 版，"
            f"申请渠道：{self.channel.zh}{assisted.zh}；"
            f"办件 {count} 件{about.zh}；承诺时限：{self.promised.zh}，全程最多到现场 {visits} 次",
            f"{self.applicant} applied for {self.theme} version {self.theme_version}, by {self.channel.value}{assisted.en}:"
            f" {number_of(count, 'case')}{about.en}; promised {self.promised}, at most {number_of(visits, 'visit')}",
        )


@fact("package.material_shared.v1", "共用材料")
class MaterialShared(Fact):
    """共用材料: a material came in once, for every case that requires it (一套材料)."""

    material: str
    way: MaterialWay
    source: str | None = None
    level: LicenceLevel | None = None

    def told(self) -> Said:
        """How it came in, and where it comes from."""
        came = origin(self.source, self.level)
        return sentence(
            f"{self.material}：{self.way.zh}{came.zh}，供所有需要该材料的办件共用",
            f"{self.material}: {self.way.zh}{came.en}, once for every case that requires it",
        )


OpeningFact = PackageOpened | MaterialShared
"""What this act may leave in a package's history."""
