"""What must be in a store, kept outside it in plain Python: what was asked, what was acknowledged, what follows from it."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import Final, NamedTuple
from uuid import uuid4

from adapters.catalogue_toml import load_catalogue
from adapters.district_engine import DistrictEngine
from adapters.following import follow, rebuild
from adapters.open_tables import open_tables
from adapters.tables import Tables
from adapters.testing.opened import open_desk
from casecore import (
    AcceptCase,
    CaseCommand,
    Cause,
    CloseCase,
    CompleteStep,
    Decision,
    Fault,
    GrantApproval,
    MakeDecision,
    Outcome,
    Place,
    ReceiveCase,
    RecordTrip,
    RouteCase,
    StepCompleted,
    Visit,
)
from casecore.engine import Engine
from casecore.recorded import Receipt, Recorded
from projections.registry import PROJECTIONS
from support.mapping_texts import CLOSED_IF_OUT, RECEIVED_AND_ACCEPTED, mapping_text

DISTRICT: Final = "510114"
CATALOGUE: Final = load_catalogue()  # once, for all the processes forked from here
HERE: Final = timezone(timedelta(hours=8))
MORNING: Final = datetime(2025, 3, 3, 9, tzinfo=HERE)  # a Monday
ITEM: Final = "housing-fund-loan"  # 公积金 first, then 担保机构
HALL: Final = "新都区政务服务中心"
OPEN_CASES: Final = 12


@dataclass
class Expected:
    """One case: what its rows must say. The words of the tables, not of the engine."""

    case: str
    began_at: datetime
    stage: str = "new"
    version: int = 0
    acts: int = 0
    steps: list[str] = field(default_factory=list)
    trips: list[tuple[str, str, str]] = field(default_factory=list)
    """Number, day, place."""
    approvals: list[list[str | None]] = field(default_factory=list)
    """Step, day routed, day answered, answer."""
    received_on: str | None = None
    accepted: int = 0
    closed_on: str | None = None
    imported: bool = False

    @property
    def row(self) -> tuple[object, ...]:
        """The columns of ``case_facts`` that :data:`CASE_COLUMNS` names."""
        trips = len(self.trips)
        closed = int(self.closed_on is not None)
        recorded = int(not self.imported)
        return (self.stage, self.version, self.received_on, self.accepted, closed, self.closed_on, recorded, trips, trips)


CASE_COLUMNS: Final = (
    "stage, stream_version, received_on, accepted, closed, closed_on, trips_recorded, trips_gross, trips_net"
)


class Oracle:
    """Thinks up commands that the rules must allow, and knows what they must lead to."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._name = f"{chance.getrandbits(32):08x}"
        self._asked = 0
        self.cases: dict[str, Expected] = {}
        self.acknowledged: dict[str, Receipt] = {}
        """The first receipt of each command."""
        self.contradicted: list[str] = []
        """Commands whose later receipt was another than the first."""
        self.answers = 0
        self.unanswered: tuple[CaseCommand, ...] = ()
        """What was asked and met an error: to be asked again."""

    # -- asking

    def message(self) -> tuple[CaseCommand, ...]:
        """A few commands for one transaction: mostly one."""
        return tuple(self._command() for _ in range(self._chance.choice((1, 1, 1, 1, 3, 7))))

    def _command(self) -> CaseCommand:
        open_ = [case for case in self.cases.values() if case.closed_on is None and not case.imported]
        if len(open_) < OPEN_CASES:
            name = f"C-{self._name}-{len(self.cases)}"
            self.cases[name] = case = Expected(name, MORNING + timedelta(days=self._chance.randrange(5)))
        else:
            case = self._chance.choice(open_)
        self._asked += 1
        case.acts += 1
        at = case.began_at + timedelta(minutes=case.acts)
        return replace(self._act(case, at), at=at, command_id=f"{self._name}-{self._asked}")

    def _act(self, case: Expected, at: datetime) -> CaseCommand:
        day, name, by = at.date().isoformat(), case.case, "clerk"
        if case.stage != "new" and self._chance.random() < 0.6:  # may be done any number of times: a double shows
            case.steps.append(f"{name}/{case.acts}")
            case.version += 1
            return CompleteStep(case=name, by=by, name=case.steps[-1])
        if case.stage != "new" and self._chance.random() < 0.2:
            case.trips.append((f"V-{name}-{case.acts}", day, "hall"))
            case.version += 1
            return RecordTrip(case=name, by=by, visit=case.trips[-1][0], cause=Cause.CORRECT)
        return self._next(case, day)

    def _next(self, case: Expected, day: str) -> CaseCommand:
        name, by = case.case, "clerk"
        match case.stage:
            case "new":
                case.stage, case.received_on, case.version = "received", day, 2
                case.trips.append((f"V-{name}", day, "hall"))
                visit = Visit(visit=f"V-{name}", place=Place.HALL)
                return ReceiveCase(case=name, by=by, item=ITEM, hall=HALL, visit=visit)
            case "received":
                case.stage, case.accepted = "in_review", 1
                case.version += 1
                return AcceptCase(case=name, by=by)
            case "in_review" if not case.approvals:
                case.approvals.append(["fund", day, None, None])
                case.version += 1
                return RouteCase(case=name, by=by)
            case "in_review":
                return self._grant(case, day)
            case "reviewed":
                case.stage = "decided"
                case.version += 1
                return MakeDecision(case=name, by="officer", decision=Decision.GRANTED)
            case _:
                case.stage, case.closed_on = "closed", day
                case.version += 1
                return CloseCase(case=name, by=by, outcome=Outcome.OTHER, reason="办结")

    @staticmethod
    def _grant(case: Expected, day: str) -> CaseCommand:
        waiting = case.approvals[-1]
        waiting[2:] = day, "granted"
        case.version += 2  # with it the next step is routed, or the review completed
        if waiting[0] == "fund":
            case.approvals.append(["guarantee", day, None, None])
        else:
            case.stage = "reviewed"
        department = {"fund": "公积金", "guarantee": "担保机构"}[str(waiting[0])]
        return GrantApproval(case=case.case, by="officer", step=str(waiting[0]), department=department)

    # -- hearing

    def hear(self, commands: Sequence[CaseCommand], receipts: Sequence[Receipt]) -> None:
        """Note an acknowledgement; the first one of a command stands."""
        for command, receipt in zip(commands, receipts, strict=True):
            self.answers += 1
            assert command.command_id is not None
            if self.acknowledged.setdefault(command.command_id, receipt) != receipt:
                self.contradicted.append(command.command_id)

    def file_of_cases(self, count: int) -> Iterator[str]:
        """Lines of a CSV file for :data:`MAPPING` with so many new cases."""
        batch = uuid4().hex[:8]
        yield "id,in,out"
        for n in range(count):
            came = MORNING + timedelta(days=self._chance.randrange(5), minutes=n)
            out = came + timedelta(hours=2) if n % 3 else None
            case = Expected(f"I-{batch}-{n}", came, received_on=came.date().isoformat(), accepted=1, imported=True)
            case.stage, case.version = ("closed", 3) if out else ("in_review", 2)
            case.closed_on = out.date().isoformat() if out else None
            self.cases[case.case] = case
            yield f"{case.case},{came.isoformat()},{out.isoformat() if out else ''}"


MAPPING: Final = mapping_text("faults", RECEIVED_AND_ACCEPTED, CLOSED_IF_OUT)


def opened(url: str, district: str = DISTRICT) -> DistrictEngine:
    """The engine of a district."""
    return open_desk(url, district=district, catalogue=CATALOGUE)


class Findings(NamedTuple):
    """What an inspection found; all zero in a store that kept its word."""

    lost: int
    """Acknowledged commands without their receipt, or without their facts where it says."""
    twice: int
    """Commands carried out twice, by their id or by what they did."""
    gaps: int
    """Positions missing between 1 and the head, or versions within a case."""
    broken: int
    """1 when the hash chain does not hold."""
    contradicted: int
    """Retries answered with another receipt than the first."""
    rows: int
    """Rows of the followed tables that are not what the oracle says."""
    rebuilt: int
    """Rows that are others in rebuilt tables."""


NOTHING: Final = Findings(0, 0, 0, 0, 0, 0, 0)


def inspect(url: str, oracle: Oracle) -> Findings:
    """Compare a store with its oracle: log, receipts, chain, followed and rebuilt tables."""
    with opened(url) as engine:
        recorded = list(engine.follow())
        whole = engine.log.verify().first_bad_position is None
        lost = sum(1 for _ in _lost(engine, oracle, recorded))
        tables = open_tables(url, PROJECTIONS)
        try:
            with suppress(Fault):  # the log does not hold what its rows tell of, which the chain says too
                follow([engine.log], tables)
            wrong = len(_wrong_rows(tables, oracle))
            followed = _all_rows(tables)
            rebuild([engine.log], tables)
            rebuilt = (followed - _all_rows(tables)).total() + (_all_rows(tables) - followed).total()
        finally:
            tables.close()
    return Findings(
        lost=lost,
        twice=_twice(recorded),
        gaps=_gaps(recorded),
        broken=int(not whole),
        contradicted=len(oracle.contradicted),
        rows=wrong,
        rebuilt=rebuilt,
    )


def doubles(url: str) -> int:
    """How many commands of a store were carried out twice."""
    with opened(url) as engine:
        return _twice(list(engine.follow()))


def _lost(engine: Engine, oracle: Oracle, recorded: Sequence[Recorded]) -> Iterator[str]:
    kept: dict[str, Receipt] = {}
    try:
        kept = engine.log.receipts(list(oracle.acknowledged))
    except Fault:  # there is a receipt whose facts are gone: which?
        for command_id in oracle.acknowledged:
            with suppress(Fault):
                kept |= engine.log.receipts([command_id])
    by_position = {fact.position: fact for fact in recorded}
    for command_id, receipt in oracle.acknowledged.items():
        last = by_position.get(receipt.position)
        there = last is not None and (last.stream, last.version) == (receipt.stream, receipt.version)
        if not there or kept.get(command_id) != receipt:
            yield command_id


def _twice(recorded: Sequence[Recorded]) -> int:
    steps = Counter(fact.event.name for fact in recorded if isinstance(fact.event, StepCompleted))
    runs = Counter(
        fact.envelope.command_id
        for before, fact in zip([None, *recorded], recorded, strict=False)
        if before is None or before.envelope.command_id != fact.envelope.command_id
    )
    return sum(n - 1 for n in steps.values()) + sum(n - 1 for n in runs.values())


def _gaps(recorded: Sequence[Recorded]) -> int:
    gaps = sum(fact.position != n for n, fact in enumerate(recorded, 1))
    versions: Counter[str] = Counter()
    for fact in recorded:
        versions[fact.stream] += 1
        gaps += fact.version != versions[fact.stream]
    return gaps


def _wrong_rows(tables: Tables, oracle: Oracle) -> set[tuple[object, ...]]:
    """Rows of the one side that are not on the other."""

    def there(columns: str, table: str) -> set[tuple[object, ...]]:
        found = tables.query(f"SELECT case_id, {columns} FROM {table} WHERE log = :log", log=DISTRICT)  # noqa: S608
        return {tuple(str(v) if v is not None else None for v in row) for row in found}

    def wanted(*row: object) -> tuple[object, ...]:
        return tuple(str(value) if value is not None else None for value in row)

    cases = oracle.cases.values()
    wrong = there(CASE_COLUMNS, "case_facts") ^ {wanted(case.case, *case.row) for case in cases}
    trips = {wanted(case.case, f"{HALL}/{day}/{number}", day, place) for case in cases for number, day, place in case.trips}
    wrong |= there("visit, made_on, place", "trip_facts") ^ trips
    approvals = {wanted(c.case, n, *a) for c in cases for n, a in enumerate(c.approvals, 1)}
    return wrong | (there("routing, step, opened_on, answered_on, answer", "approval_facts") ^ approvals)


def _all_rows(tables: Tables) -> Counter[tuple[object, ...]]:
    return Counter(
        (projection.name, *row)
        for projection in tables.projections
        for row in tables.query(f"SELECT * FROM {projection.name}")  # noqa: S608 - our own names
    )
