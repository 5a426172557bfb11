"""Commands of a package (一件事). Those of :data:`PackageFollowing` follow from its cases and are never given."""

from dataclasses import dataclass
from datetime import date

from casecore.case.command_base import GivenMaterial, Visit
from casecore.command import Command
from casecore.package.events import FormField
from casecore.theme import Choice
from casecore.vocabulary import (
    ApplicantKind,
    Authority,
    Channel,
    LicenceLevel,
    MaterialWay,
    Outcome,
    Stage,
    Tier,
)

__all__ = [
    "ExtendPackage",
    "NoteAcceptance",
    "NoteEnd",
    "NoteResumption",
    "NoteSuspension",
    "OpenPackage",
    "PackageCommand",
    "PackageFollowing",
    "ShareMaterial",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageCommandBase(Command):
    """A command about one package."""

    package: str

    @property
    def stream(self) -> str:
        """The package id."""
        return self.package


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPackage(PackageCommandBase):
    """一件事申请: one form, one set of materials; a case is opened of each item the answers call for, for each subject.

    The cases are named after the package, the subject's number and the item: ``PKG-02-bookstore-licence``. Filed online
    (website, mobile) they are applications; through any other channel they are received at ``hall``.
    """

    theme: str
    applicant: str
    hall: str
    applicant_kind: ApplicantKind = ApplicantKind.COMPANY
    channel: Channel = Channel.WINDOW
    tier: Tier = Tier.COUNTY
    window: str | None = None
    assisted: bool = False
    answers: tuple[Choice, ...] = ()
    form: tuple[FormField, ...] = ()
    subjects: tuple[str, ...] = ()
    """What it is about, each once (门店一 …); none where it is about the applicant alone."""
    given: tuple[GivenMaterial, ...] = ()
    """Shared materials that come with it."""
    visit: Visit | None = None
    agent: str | None = None
    """The 代办员 who files it in the applicant's name."""
    mandate: str | None = None
    """委托书 (民法典 Art. 165): what the applicant entrusts in writing; no agent files anything without it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareMaterial(PackageCommandBase):
    """补充共用材料: a shared material comes in after the opening, once for all cases."""

    material: str
    way: MaterialWay = MaterialWay.PAPER
    source: str | None = None
    level: LicenceLevel | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendPackage(PackageCommandBase):
    """延长审批 of the joint limit: up to 15 working days, approved by the head of government, the applicant told."""

    days: int
    approver: str
    reason: str
    notice: str | None = None
    authority: Authority = Authority.GOVERNMENT_HEAD


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAcceptance(PackageCommandBase):
    """A case was accepted."""

    case: str
    effective_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteEnd(PackageCommandBase):
    """A case came to its end."""

    case: str
    stage: Stage
    outcome: Outcome | None
    granted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSuspension(PackageCommandBase):
    """A special procedure told in writing began in a case."""

    case: str
    suspension: str
    declared_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteResumption(PackageCommandBase):
    """A suspension ended in a case."""

    case: str
    suspension: str


PackageCommand = OpenPackage | ShareMaterial | ExtendPackage
"""Everything a hall backend may ask of a package."""

PackageFollowing = NoteAcceptance | NoteEnd | NoteSuspension | NoteResumption
"""What follows in a package from its cases; nobody gives it."""
