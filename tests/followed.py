"""Lives to be followed, a store to follow them in, and what the rows of whole histories are."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import count, zip_longest
from typing import Any, Final

from story import CATALOGUE, CLERK, DECIDED, SEALED, accepted, fact, granted, moment, procedure, received, routed, submitted

from adapters.calendar_toml import NATIONAL, shipped_calendars
from adapters.open_engine import DistrictEngine, open_engine
from adapters.open_tables import open_tables
from adapters.tables import Tables
from casecore import (
    CardGround,
    CardIssued,
    CardLevel,
    CardRevoked,
    CaseAccepted,
    CaseClosed,
    CaseEvent,
    CaseVoided,
    Cause,
    CorrectionRequested,
    CourierDispatched,
    CourierReturned,
    DeliveryMethod,
    History,
    Limit,
    Outcome,
    Place,
    PlanStep,
    Receipt,
    ResultDelivered,
    Resumed,
    Source,
    StepCompleted,
    Suspended,
    TripMade,
    Visitor,
    fold,
)
from projections.projection import Projection, Subject
from projections.registry import PROJECTIONS

A, B = "510114", "510107"
Rows = list[tuple[Any, ...]]
Lives = Mapping[str, Sequence[CaseEvent]]


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
}


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
            self.engines[district] = open_engine(self.url, district=district, catalogue=CATALOGUE)
        return self.engines[district]

    def another_engine(self) -> DistrictEngine:
        """The same district, opened by somebody else."""
        engine = open_engine(self.url, district=A, catalogue=CATALOGUE)
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
        """Each of these lives goes on, all side by side, fact by fact."""
        begun = self.engine(district).log.versions(list(lives))
        histories = [
            History(case, f"n{next(self._numbers)}", (event,), Source("told", "story", 1), continues=case in begun)
            for turn in zip_longest(*lives.values())
            for case, event in zip(lives, turn, strict=True)
            if event is not None
        ]
        for history in histories:
            begun = {**begun, history.case: 1}
        assert all(isinstance(found, Receipt) for found in self.engine(district).record(histories))

    def rows(self, tables: Tables | None = None) -> dict[str, Rows]:
        """All rows of all tables, all columns, ordered."""
        found = {p.name: (tables or self.tables).query(f"SELECT * FROM {p.name}") for p in PROJECTIONS}  # noqa: S608 - our names
        return {name: sorted(map(texts, rows), key=repr) for name, rows in found.items()}


def texts(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """SQLite keeps dates as text."""
    return tuple(value.isoformat() if isinstance(value, date) else value for value in row)


def rows_of(lives: Mapping[str, Lives]) -> dict[str, Rows]:
    """The rows of whole histories by district, folded in one go without any store."""
    subjects = [
        Subject(district, case, fold(events), shipped_calendars(), NATIONAL)
        for district, cases in lives.items()
        for case, events in cases.items()
    ]
    return {p.name: sorted((texts(r) for s in subjects for r in p.rows(s)), key=repr) for p in PROJECTIONS}


def halves(lives: Lives) -> tuple[Lives, Lives]:
    """What happened first, and what happened then."""
    return (
        {case: events[: len(events) // 2] for case, events in lives.items() if len(events) > 1},
        {case: events[len(events) // 2 :] for case, events in lives.items() if len(events) > 1},
    )
