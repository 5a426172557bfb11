"""Lives to be followed, a store to follow them in, and what the rows of whole histories are."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import count, groupby, zip_longest
from typing import Any, Final

from adapters.calendar_toml import NATIONAL
from adapters.district_books import shipped_books
from adapters.district_engine import DistrictEngine
from adapters.open_tables import open_tables
from adapters.tables import Tables
from adapters.testing.opened import open_desk
from casecore import (
    ApplicantKind,
    BoxCollected,
    BoxDeposit,
    BoxDeposited,
    CardGround,
    CardIssued,
    CardLevel,
    CardRevoked,
    CaseAccepted,
    CaseClosed,
    CaseEvent,
    CaseRated,
    CaseServed,
    CaseVoided,
    Cause,
    Channel,
    ConditionMet,
    CorrectionRequested,
    CourierDispatched,
    CourierReturned,
    Decision,
    DeliveryMethod,
    FeePaid,
    FeeWay,
    FormField,
    Grade,
    History,
    HolderKind,
    LicenceLevel,
    Limit,
    LookupFailed,
    MandateGranted,
    MandateRevoked,
    MaterialMet,
    MaterialPromised,
    MaterialShared,
    MaterialWay,
    MemberAccepted,
    MemberDecided,
    MemberDropped,
    MemberEnded,
    MemberResumed,
    MemberStarted,
    MemberSuspended,
    Outcome,
    PackageAccepted,
    PackageClosed,
    PackageOpened,
    PapersHandedOver,
    Place,
    PlannedCase,
    PlanStep,
    Purpose,
    RaterCalledBack,
    RatingRectified,
    RatingReview,
    RatingReviewed,
    Receipt,
    ResultDelivered,
    Resumed,
    Source,
    Stage,
    StepCompleted,
    Suspended,
    Tier,
    TripMade,
    VisitLeft,
    VisitOpened,
    Visitor,
)
from casecore.books import Books
from casecore.kinds import CASE, fold_stream, kind_of
from casecore.log import Batch
from casecore.recorded import Envelope, Event
from projections.projection import Projection, subject_of
from projections.registry import PROJECTIONS
from support.story import (
    CATALOGUE,
    CITIZEN,
    CLERK,
    DECIDED,
    HALL,
    SEALED,
    accepted,
    day,
    fact,
    granted,
    moment,
    procedure,
    received,
    routed,
    submitted,
)

A, B = "510114", "510107"
Rows = list[tuple[Any, ...]]
Lives = Mapping[str, Sequence[Event]]


def nationally(*events: CaseEvent) -> tuple[CaseEvent, ...]:
    """The same facts, promised under a calendar that ships."""
    return tuple(
        accepted(f"{e.at:%m-%d %H:%M}", e.item, calendar=NATIONAL) if isinstance(e, CaseAccepted) else e for e in events
    )


def trip(when: str, number: str, cause: Cause = Cause.SUBMIT) -> TripMade:
    return fact(TripMade, when, by=CLERK, visit=number, visitor=Visitor.APPLICANT, place=Place.HALL, cause=cause)


def special(when: str = "03-05 09:00", days: int = 5) -> Suspended:
    return procedure(when, days)


def resumed(when: str = "03-12 09:00") -> Resumed:
    return fact(Resumed, when, suspension="S1")


def closed(when: str, outcome: Outcome = Outcome.OTHER) -> CaseClosed:
    return fact(CaseClosed, when, outcome=outcome, reason="so it ended")


def _from(kind: HolderKind, who: str) -> dict[str, Any]:
    return {"giver_kind": kind, "giver": who}


def _to(kind: HolderKind, who: str) -> dict[str, Any]:
    return {"holder_kind": kind, "holder": who}


LIMITED: Final = (
    PlanStep(step="fire", department="Fire", limit=Limit.working_days(3)),
    PlanStep(step="health", department="Health"),
)
"""A plan of two departments at once, one of them with a limit of its own."""

SUPERVISED: Final = (
    received(),
    accepted(plan=LIMITED, calendar=NATIONAL),
    *routed("fire", "health"),
    fact(StepCompleted, "03-03 17:00", name="site visit", department="Fire", started_at=moment("03-03 10:00")),
    *granted("health", when="03-05 09:00"),
    *granted("fire", when="03-09 09:00"),
    fact(
        CardIssued,
        "03-10 08:00",
        card="step_overdue:step:fire:2026-03-06",
        level=CardLevel.YELLOW,
        ground=CardGround.STEP_OVERDUE,
        judged_at=moment("03-09 09:00"),
        clock="step:fire",
        department="Fire",
        due_on=date(2026, 3, 6),
        overdue=1,
        rule="default",
    ),
    fact(CardRevoked, "03-11 09:00", card="step_overdue:step:fire:2026-03-06", reason="the line was down"),
)

TAKEN: Final = nationally(received(), accepted())

SERVED: Final = (
    fact(MandateGranted, "03-01 09:00", by=CITIZEN, agent="he", applicant="Li Lei", scope="FOOD", site="Jinfeng"),
    fact(PapersHandedOver, "03-01 10:00", materials=("lease", "identity"), **_from(HolderKind.APPLICANT, "Li Lei"),
         **_to(HolderKind.AGENT, "he"), place=Place.HOME),
    received(),
    fact(PapersHandedOver, "03-02 09:00", by="he", materials=("lease",), **_from(HolderKind.AGENT, "he"),
         **_to(HolderKind.HALL, HALL), place=Place.HALL),
    accepted(calendar=NATIONAL, materials=("lease", "identity", "plan"), licence_materials=("identity",)),
    fact(MaterialMet, "03-02 10:00", material="identity", way=MaterialWay.E_LICENCE, source="L1", level=LicenceLevel.A),
    fact(LookupFailed, "03-02 10:05", material="plan", way=MaterialWay.DATA_SHARING, reason="no answer"),
    fact(MaterialPromised, "03-02 10:10", material="plan", due_on=day("03-20")),
    fact(FeePaid, "03-02 10:20", fee="stamp", amount_fen=500, way=FeeWay.ONLINE),
    closed("03-06 09:00"),
    fact(CaseRated, "03-06 10:00", by=CITIZEN, grade=Grade.DISSATISFIED, real_name=True,
         rectify_within=Limit.working_days(5)),
    fact(RatingReviewed, "03-09 10:00", review=RatingReview.VALID, reason="so it was"),
    fact(RatingRectified, "03-10 10:00", measure="an apology"),
    fact(RaterCalledBack, "03-11 10:00", satisfied=True),
    fact(MandateRevoked, "03-12 10:00", agent="he", reason="done"),
)  # fmt: skip
"""A case with an agent, materials met in several ways, a fee and a bad rating put right."""

MEMBERS: Final = (
    PlannedCase(case="PKG-1", item="FOOD", subject="first"),
    PlannedCase(case="PKG-2", item="ARCHIVE", subject="first", conditional_on=("PKG-1",)),
    PlannedCase(case="PKG-3", item="PROOF", subject="first", after=("PKG-1",)),
    PlannedCase(case="PKG-4", item="TAXI", subject="first"),
    PlannedCase(case="PKG-5", item="PROOF", after=("PKG-4",)),
)

PACKAGE: Final = (
    fact(
        PackageOpened,
        "03-02 09:00",
        theme="SHOP",
        theme_version=1,
        applicant="Li Lei",
        applicant_kind=ApplicantKind.COMPANY,
        channel=Channel.WINDOW,
        hall=HALL,
        tier=Tier.COUNTY,
        window=None,
        assisted=False,
        answers=(),
        form=(FormField(name="name", value="Xinhua"),),
        cases=MEMBERS,
        promised=Limit.working_days(10),
        visits_promised=2,
    ),
    fact(MaterialShared, "03-02 09:00", material="lease", way=MaterialWay.PAPER),
    *(fact(MemberAccepted, "03-02 10:00", case=f"PKG-{n}", effective_on=day("03-02")) for n in (1, 2)),
    fact(MemberEnded, "03-03 10:00", case="PKG-4", stage=Stage.NOT_ACCEPTED, outcome=None, granted=False),
    fact(MemberDropped, "03-03 10:00", case="PKG-5", prerequisite="PKG-4"),
    fact(PackageAccepted, "03-03 10:00", effective_on=day("03-02"), statutory=Limit.working_days(45), calendar=NATIONAL),
    fact(MemberSuspended, "03-04 09:00", case="PKG-1", suspension="S1", declared_days=3),
    fact(MemberResumed, "03-06 09:00", case="PKG-1", suspension="S1"),
    fact(MemberDecided, "03-06 09:15", case="PKG-2", decision=Decision.GRANTED),
    fact(MemberEnded, "03-06 09:30", case="PKG-2", stage=Stage.CLOSED, outcome=Outcome.OTHER, granted=True,
         pending=("PKG-1",)),
    fact(MemberEnded, "03-09 09:00", case="PKG-1", stage=Stage.CLOSED, outcome=Outcome.CERTIFICATE_ISSUED, granted=True),
    fact(ConditionMet, "03-09 09:00", case="PKG-2"),
    fact(MemberStarted, "03-09 09:00", case="PKG-3"),
    fact(MemberAccepted, "03-09 09:30", case="PKG-3", effective_on=day("03-09")),
    fact(MemberEnded, "03-10 09:00", case="PKG-3", stage=Stage.CLOSED, outcome=Outcome.OTHER, granted=True),
    fact(PackageClosed, "03-10 09:00", granted=3, failed=2),
)  # fmt: skip
"""A package of five: one ran beside what it depends on, one waited, one came to nothing, and with it the last."""

BOX: Final = (
    fact(BoxDeposited, "03-02 20:00", by=CITIZEN, case="late", deposit="D1"),
    fact(BoxCollected, "03-03 08:30", deposits=(BoxDeposit(case="late", deposit="D1"),)),
    fact(BoxCollected, "03-03 16:30", deposits=()),
    fact(BoxDeposited, "03-05 12:00", by=CITIZEN, case="open", deposit="D2"),
)
"""A drop box, emptied twice on the first day and then forgotten."""

VISIT: Final = (
    fact(VisitOpened, "03-02 08:50", by="gate", hall=HALL, number="A023", persons=2, purpose=Purpose.HANDLE),
    fact(CaseServed, "03-02 09:00", by=CLERK, hall=HALL, number="A023", case="late", cause=Cause.SUBMIT,
         visitor=Visitor.APPLICANT, place=Place.HALL, applicant="Li Lei"),
    fact(VisitLeft, "03-02 09:30", by="gate"),
)  # fmt: skip
"""Two came together, handed in the papers of a case, and left."""

LIVES: Final[Lives] = {
    "approved": (
        trip("03-02 09:00", "V1"),
        *nationally(*SEALED),
        closed("03-06 09:00", Outcome.CERTIFICATE_ISSUED),
        fact(CourierDispatched, "03-06 15:00", consignment="P1", courier="EMS", certificate="C1"),
        fact(CourierReturned, "03-09 15:00", consignment="P1", reason="nobody in"),
        fact(CourierDispatched, "03-10 15:00", consignment="P2", courier="EMS", certificate="C1", replaces="P1"),
        fact(ResultDelivered, "03-12 11:00", method=DeliveryMethod.COURIER, certificate="C1", consignment="P2"),
    ),
    "suspended": (*TAKEN, special(), resumed(), closed("03-23 09:00")),
    "late": (*TAKEN, trip("03-02 09:00", "V1"), trip("03-17 09:00", "V2", Cause.COLLECT), closed("03-17 10:00")),
    "open": (submitted(), *TAKEN, *routed("fire", "health")),
    "corrected": (
        received(),
        fact(CorrectionRequested, "03-02 09:30", by=CLERK, materials=("lease",)),
        trip("03-03 09:00", "V3", Cause.CORRECT),
    ),
    "supervised": SUPERVISED,
    "voided": (*nationally(*DECIDED), fact(CaseVoided, "03-09 09:00", outcome=Outcome.VOIDED, reason="twice")),
    "served": SERVED,
    "PKG": PACKAGE,
    "box-1": BOX,
    f"{HALL}/2026-03-02/A023": VISIT,
}
"""Streams of every kind, by their ids."""


class World:
    """One store: its districts' engines and its tables."""

    def __init__(self, url: str, projections: Sequence[Projection] = PROJECTIONS) -> None:
        self.url = url
        self.tables = open_tables(url, projections)
        self.more: list[Tables | DistrictEngine] = []
        self.engines: dict[str, DistrictEngine] = {}
        self._numbers = count(1)

    def close(self) -> None:
        for found in (self.tables, *self.more, *self.engines.values()):
            found.close()

    def engine(self, district: str = A) -> DistrictEngine:
        if district not in self.engines:
            self.engines[district] = open_desk(self.url, district=district, catalogue=CATALOGUE)
        return self.engines[district]

    def another_engine(self) -> DistrictEngine:
        """The same district, opened by somebody else."""
        engine = open_desk(self.url, district=A, catalogue=CATALOGUE)
        self.more.append(engine)
        return engine

    @property
    def logs(self) -> list[Any]:
        return [engine.log for engine in self.engines.values()]

    def again(self, projections: Sequence[Projection] = PROJECTIONS) -> Tables:
        """The same store, opened by somebody else; the tables of memory are only for whoever opened them."""
        if self.url == "memory:":
            return self.tables
        tables = open_tables(self.url, projections)
        self.more.append(tables)
        return tables

    def happened(self, lives: Lives, district: str = A) -> None:
        """Each of these lives goes on, all side by side, fact by fact.

        Those of cases are imported; nothing but commands makes facts of packages and boxes, and theirs are written as
        commands would write them.
        """
        told = [
            (stream, event)
            for turn in zip_longest(*lives.values())
            for stream, event in zip(lives, turn, strict=True)
            if event is not None
        ]
        log = self.engine(district).log
        begun = log.versions(list(lives))
        for of_cases, some in groupby(told, lambda one: kind_of(one[1]) is CASE):
            if of_cases:
                histories = [
                    History(case, f"n{next(self._numbers)}", (event,), Source("told", "story", 1), continues=case in begun)
                    for case, event in some
                ]
                assert all(isinstance(found, Receipt) for found in self.engine(district).record(histories))
                continue
            versions = Counter(log.versions(list(lives)))
            batches = []
            for stream, event in some:
                versions[stream] += 1
                number = f"n{next(self._numbers)}"
                batches.append(Batch(number, stream, (Envelope(stream, versions[stream], event, number),)))
            log.append(batches)

    def rows(self, tables: Tables | None = None) -> dict[str, Rows]:
        """All rows of all tables, all columns, ordered."""
        found = {p.name: (tables or self.tables).query(f"SELECT * FROM {p.name}") for p in PROJECTIONS}  # noqa: S608 - our names
        return {name: sorted(map(texts, rows), key=repr) for name, rows in found.items()}


def texts(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """SQLite keeps dates as text."""
    return tuple(value.isoformat() if isinstance(value, date) else value for value in row)


def rows_of(lives: Mapping[str, Lives], books: Mapping[str, Books] | None = None) -> dict[str, Rows]:
    """The rows of whole histories by district, folded in one go without any store; under the books that ship, or others."""
    held = books or {}
    subjects = [
        subject_of(held.get(district, shipped_books()), district, stream, file)
        for district, streams in lives.items()
        for stream, events in streams.items()
        if (file := fold_stream(events)) is not None
    ]
    return {
        p.name: sorted((texts(r) for s in subjects if p.about(s.kind) for r in p.whole_rows(s)), key=repr)
        for p in PROJECTIONS
    }


def with_instead(projection: Projection) -> tuple[Projection, ...]:
    """All projections, this one in the place of the one of its name."""
    return tuple(projection if one.name == projection.name else one for one in PROJECTIONS)


def halves(lives: Lives) -> tuple[Lives, Lives]:
    """What happened first, and what happened then."""
    return (
        {case: events[: len(events) // 2] for case, events in lives.items() if len(events) > 1},
        {case: events[len(events) // 2 :] for case, events in lives.items() if len(events) > 1},
    )
