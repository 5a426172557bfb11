"""The parts a case's file is made of: each what some facts add up to, immutable."""

from datetime import date, datetime
from operator import attrgetter
from typing import NamedTuple

from casecore.case.facts.agents import HomeServiceRequested, MandateGranted
from casecore.case.facts.custody import PapersHandedOver
from casecore.case.facts.deposits import PapersDeposited
from casecore.case.facts.fees import FeePaid, FeeWaived
from casecore.case.facts.joining import CaseJoined, ConditionLapsed
from casecore.case.facts.materials import LookupFailed, MaterialMet, MaterialPromised
from casecore.case.facts.ratings import CaseRated, RaterCalledBack, RatingRectified, RatingReviewed
from casecore.case.facts.time_limits import Suspended
from casecore.growing import grown
from casecore.value import swift
from casecore.vocabulary import Answer, Cause, CausedBy, Channel, CoreStep, HolderKind, Place, Transit, Visitor

__all__ = [
    "Approval",
    "Certificate",
    "Consignment",
    "Correction",
    "CourierReport",
    "Custody",
    "Deposit",
    "Hearing",
    "Holding",
    "Mandate",
    "Rating",
    "Service",
    "Suspension",
    "Trip",
]


class Holding(NamedTuple):
    """How long one department had a step in hand."""

    department: str
    since: datetime
    until: datetime | None
    """When it handed the step on or answered; None while it has it."""


class Approval(NamedTuple):
    """One step of the plan at its department; ``answer`` is None while it is open."""

    step: str
    department: str
    opened_at: datetime
    answer: Answer | None = None
    answered_at: datetime | None = None
    by: str | None = None
    reason: str | None = None
    handed_over: tuple[tuple[datetime, str], ...] = ()
    """转办: when it left which department, for those that had it before."""

    @property
    def holdings(self) -> tuple[Holding, ...]:
        """Who had it from when to when, in that order; the last is its present department."""
        if not self.handed_over:
            return (Holding(self.department, self.opened_at, self.answered_at),)
        left = sorted(self.handed_over)
        began = [self.opened_at, *(at for at, _ in left)]
        ended = [*began[1:], self.answered_at]
        departments = [*(department for _, department in left), self.department]
        return tuple(map(Holding, departments, began, ended))


class Correction(NamedTuple):
    """A correction round (补正)."""

    requested_at: datetime
    materials: tuple[str, ...]
    complete: bool
    caused_by: CausedBy
    submitted_at: datetime | None = None
    brought: tuple[str, ...] = ()
    """What came in with the answer; empty where nobody named it."""
    channel: Channel | None = None
    """How the answer came in; None where nobody said so: then as the application did."""


class Suspension(NamedTuple):
    """One suspension with the fact that began it."""

    fact: Suspended
    ended_at: datetime | None = None


class Hearing(NamedTuple):
    """How far a hearing (听证) has come."""

    offered_at: datetime | None = None
    requested_at: datetime | None = None
    hearing_on: date | None = None
    held_at: datetime | None = None


class Certificate(NamedTuple):
    """One certificate (证照)."""

    certificate: str
    kind: str
    made_at: datetime
    seal: str | None = None
    sealed_at: datetime | None = None
    electronic: bool = False
    conditional: bool = False
    """容缺: made before everything promised had come in."""
    valid_until: date | None = None
    replaces: str | None = None
    """The certificate it was issued again for (补发, 换发)."""
    revoked_at: datetime | None = None
    """When it was revoked, or another took its place."""
    corrections: tuple[datetime, ...] = ()
    """Each time something on it was found wrong (更正), in the order told."""

    @property
    def corrected_at(self) -> datetime | None:
        """When something on it was found wrong last."""
        return max(self.corrections, default=None)


class CourierReport(NamedTuple):
    """What was told of a consignment: where it was at an instant."""

    at: datetime
    state: Transit


class Consignment(NamedTuple):
    """One courier consignment, to the applicant or with papers to the hall.

    What is told of it are reports, and none is final: what was lost is found, what was refused taken in after all. The last
    by its instant says where it is, whenever it was told.
    """

    consignment: str
    courier: str
    certificate: str | None
    dispatched_at: datetime
    replaces: str | None
    charge_fen: int = 0
    """What the applicant paid for it, in fen (分)."""
    materials: tuple[str, ...] = ()
    """Papers on their way to the hall."""
    reports: tuple[CourierReport, ...] = ()
    """By their instants; of one instant the later told is the later."""

    @property
    def state(self) -> Transit:
        """Where it is, by the last report."""
        return self.reports[-1].state if self.reports else Transit.UNDER_WAY

    @property
    def ended_at(self) -> datetime | None:
        """When the last report says it came there; None while it is under way."""
        return self.reports[-1].at if self.reports else None

    @property
    def failed_at(self) -> datetime | None:
        """When it had last come to nothing, be it that it arrived afterwards; None where it never did."""
        return max((report.at for report in self.reports if report.state is not Transit.DELIVERED), default=None)

    def reported(self, state: Transit, at: datetime) -> "Consignment":
        """The consignment after one more report."""
        return self._replace(reports=tuple(sorted((*self.reports, CourierReport(at, state)), key=lambda one: one.at)))

    def arrived(self, at: datetime) -> bool:
        """Whether what was told to be delivered at an instant is so still: it is delivered, and came to nothing since."""
        return self.state is Transit.DELIVERED and (self.failed_at is None or self.failed_at <= at)


class Trip(NamedTuple):
    """One recorded trip."""

    visit: str
    at: datetime
    visitor: Visitor
    place: Place
    cause: Cause
    agent: str | None = None
    device: str | None = None
    hall: str | None = None
    """None where ``visit`` is a number as it was told."""


class Custody(NamedTuple):
    """One link of the chain of custody of one original: who has it since when."""

    material: str
    kind: HolderKind
    holder: str
    """Empty where nobody said which hall, or which applicant."""
    since: datetime
    consignment: str | None = None
    """What a courier's report of it says; None where somebody handed it over, or in."""


class Mandate(NamedTuple):
    """A 代办员 entrusted by the applicant, with the fact that ended it, if one did."""

    fact: MandateGranted
    revoked_at: datetime | None = None

    def in_force(self, at: datetime) -> bool:
        """Whether the agent may act at a moment."""
        until = self.fact.until
        standing = self.revoked_at is None or at < self.revoked_at
        return self.fact.at <= at and standing and (until is None or at.date() <= until)


class Deposit(NamedTuple):
    """Papers in a drop box (小蜜蜂箱)."""

    fact: PapersDeposited
    collected_at: datetime | None = None


class Rating(NamedTuple):
    """One rating (好差评), and what became of it where it was bad."""

    fact: CaseRated
    review: RatingReviewed | None = None
    rectified: RatingRectified | None = None
    called_back: RaterCalledBack | None = None


@swift
class Service(NamedTuple):
    """What was done to spare the citizen trips, and what the citizen said of it; none of it moves the stage."""

    package: CaseJoined | None = None
    """The package (一件事) it belongs to."""
    waited: bool = False
    """待前置事项: it was opened by its package when its turn came, and nobody came for that."""
    lapsed: ConditionLapsed | None = None
    """附条件未成就: what it was handled on condition of came to nothing."""
    mandates: tuple[Mandate, ...] = ()
    home_services: tuple[HomeServiceRequested, ...] = ()
    papers: tuple[str, ...] = ()
    """Materials that came to the hall on paper: at a window, by courier, through a drop box, put right on the spot."""
    custody: tuple[Custody, ...] = ()
    """Who had which original since when, in the order told; before the first link the applicant has it."""
    materials: tuple[MaterialMet, ...] = ()
    """How materials were met, in the order told."""
    material_promises: tuple[MaterialPromised, ...] = ()
    failed_lookups: tuple[LookupFailed, ...] = ()
    handovers: tuple[PapersHandedOver, ...] = ()
    deposits: tuple[Deposit, ...] = ()
    fees: tuple[FeePaid | FeeWaived, ...] = ()
    ratings: tuple[Rating, ...] = ()
    trips: tuple[Trip, ...] = ()
    put_right: tuple[datetime, ...] = ()
    """当场更正: each time something was put right on the spot."""

    def taken_in(
        self, materials: tuple[str, ...], hall: str | None, at: datetime, consignment: str | None = None
    ) -> "Service":
        """The service once papers are at the hall; ``hall`` is None where nobody said which."""
        if not materials:
            return self
        papers = self.papers
        for material in materials:
            papers = papers if material in papers else grown(papers, material)
        return self._replace(papers=papers).held_by(materials, HolderKind.HALL, hall or "", at, consignment)

    def at_hall(self, hall: str) -> "Service":
        """The service once it is known which hall received the case: what came to a hall before came to that one."""
        if all(link.holder for link in self.custody):
            return self
        custody = (
            link._replace(holder=hall) if link.kind is HolderKind.HALL and not link.holder else link for link in self.custody
        )
        return self._replace(custody=tuple(custody))

    def held_by(
        self, materials: tuple[str, ...], kind: HolderKind, holder: str, at: datetime, consignment: str | None = None
    ) -> "Service":
        """The service once originals are in somebody's hands; what is told late takes its place among the links."""
        if not materials:
            return self
        links, late = self.custody, bool(self.custody) and at < self.custody[-1].since
        for material in materials:
            links = grown(links, Custody(material, kind, holder, at, consignment))
        return self._replace(custody=tuple(sorted(links, key=attrgetter("since"))) if late else links)

    def mandate(self, agent: str, at: datetime) -> Mandate | None:
        """The agent's mandate in force at a moment."""
        return next((one for one in self.mandates if one.fact.agent == agent and one.in_force(at)), None)

    def met(self, material: str) -> MaterialMet | None:
        """How a material was met first."""
        return next((one for one in self.materials if one.material == material), None)

    def held(self, material: str) -> Custody | None:
        """The last link of an original's chain of custody; None where it never left the applicant."""
        return next((one for one in reversed(self.custody) if one.material == material), None)

    def holder(self, material: str) -> tuple[HolderKind, str] | None:
        """Who holds an original now; None where it never left the applicant."""
        held = self.held(material)
        return None if held is None else (held.kind, held.holder)

    def rating(self, step: CoreStep | None) -> Rating | None:
        """The rating that stands of a step, or of the case as a whole: the last one."""
        return next((one for one in reversed(self.ratings) if one.fact.step is step), None)
