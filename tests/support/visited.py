"""Visits and what becomes of them, by an account kept outside the streams; and the processes that tell of them.

The account is the plan: who comes where and when, what is handed in, when they leave. It shares no code with the engine,
counts on its own, and names a visit by hall, day and number, as the plan gave them out.
"""

import random
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime, timedelta, timezone
from multiprocessing.connection import Connection
from typing import Any, Final, NamedTuple

from adapters.following import follow
from adapters.open_tables import open_tables
from casecore import (
    CaseReceived,
    CaseServed,
    Cause,
    LeaveVisit,
    OpenVisit,
    ReceiveCase,
    RecordTrip,
    TripMade,
    VainReason,
    Visit,
    VisitLeft,
    VisitOpened,
)
from casecore.command import Command
from casecore.log import Batch
from casecore.recorded import Envelope, Recorded
from casecore.refusals import Reason, Refused
from projections.registry import PROJECTIONS
from support.oracle import ITEM
from support.victims import patiently, store

HERE: Final = timezone(timedelta(hours=8))
HALLS: Final = ("North", "South", "East/West")
"""One of them bears the sign that stands between the parts of an id."""
FIRST: Final = datetime(2026, 3, 2, 9, tzinfo=HERE)
DAYS: Final = 5
PATIENCE_SECONDS: Final = 900
"""How long a process goes on without coming any further."""
NOT_YET: Final = frozenset({Reason.UNKNOWN_VISIT, Reason.UNKNOWN_CASE})
"""What is told too early, because another process has not yet come to what it rests on."""

Place = tuple[str, date, str]


class Coming(NamedTuple):
    """One visit, as planned."""

    hall: str
    on: date
    number: str
    told: bool
    """Whether anybody tells of the arrival."""
    persons: int
    cases: tuple[str, ...]
    rival: tuple[str, ...]
    """The case of another applicant who hands it in under the same number: of the two one is taken in, whoever is first."""
    left: bool
    in_vain: bool

    @property
    def place(self) -> Place:
        return self.hall, self.on, self.number

    @property
    def stream(self) -> str:
        """The id as its description has it, put together by hand."""
        return "/".join((self.hall.replace("%", "%25").replace("/", "%2F"), self.on.isoformat(), self.number))


def planned(chance: random.Random, acts: int) -> tuple[list[Coming], list[Command]]:
    """Visits that take about so many acts to tell, and those acts, in no order at all."""
    comings: list[Coming] = []
    commands: list[Command] = []
    numbers = Counter[tuple[str, date]]()
    while len(commands) < acts:
        who = f"applicant-{len(comings)}"
        first = _coming(chance, numbers, chance.choice(HALLS), chance.randrange(DAYS), who)
        comings.append(first)
        commands += _acts(first, who, again=False)
        if first.cases and not first.rival and chance.random() < 0.4:  # and once more, on another day, for the same
            later = chance.randrange((first.on - FIRST.date()).days + 1, DAYS + 3)
            second = _coming(chance, numbers, first.hall, later, who)._replace(cases=first.cases, rival=(), in_vain=False)
            comings.append(second)
            commands += _acts(second, who, again=True)
    chance.shuffle(commands)
    return comings, commands


def _coming(chance: random.Random, numbers: Counter[tuple[str, date]], hall: str, day: int, who: str) -> Coming:
    on = FIRST.date() + timedelta(days=day)
    numbers[hall, on] += 1
    cases = tuple(f"{who}-{n}" for n in range(chance.choice((0, 1, 1, 2))))
    persons = chance.choice((1, 1, 2, 3))
    rival = (f"{who}-rival",) if len(cases) == 1 and persons == 1 and chance.random() < 0.2 else ()
    told = not cases or chance.random() < 0.8
    left = chance.random() < 0.8
    in_vain = left and not cases and chance.random() < 0.7
    number = f"A{numbers[hall, on]:03}"  # begins anew each morning, in each hall
    return Coming(hall, on, number, told, persons, cases, rival, left, in_vain)


def _acts(coming: Coming, who: str, *, again: bool) -> Iterable[Command]:
    """Everything told of a visit, each under an id of its own."""
    hall, on, number = coming.place
    came = datetime.combine(on, FIRST.time(), HERE)
    key = f"{hall}|{on}|{number}"
    place = {"hall": hall, "on": on, "number": number, "by": "gate"}
    if coming.told:
        yield OpenVisit(**place, at=came, persons=coming.persons, command_id=f"{key}|came")
    for n, case in enumerate(coming.cases):
        act: dict[str, Any] = {"case": case, "by": "clerk", "at": came + timedelta(minutes=10 + n)}
        if again:
            yield RecordTrip(**act, visit=number, hall=hall, cause=Cause.SIGN, command_id=f"{key}|{case}")
        else:
            yield _received(act, hall, number, who, f"{key}|{case}")
    for case in coming.rival:
        act = {"case": case, "by": "clerk", "at": came + timedelta(minutes=20)}
        yield _received(act, hall, number, case, f"{key}|{case}")
    if coming.left:
        why = VainReason.QUEUE if coming.in_vain else None
        yield LeaveVisit(**place, at=came + timedelta(hours=1), in_vain=why, command_id=f"{key}|left")


def _received(act: dict[str, Any], hall: str, number: str, applicant: str, command_id: str) -> ReceiveCase:
    visit = Visit(visit=number)
    return ReceiveCase(**act, item=ITEM, hall=hall, applicant=applicant, visit=visit, command_id=command_id)


# --- The processes ---


class Told(NamedTuple):
    """What a process has done."""

    acts: int
    second: tuple[str, ...]
    """Cases refused because another applicant had come under that number."""
    slowest_seconds: float


def tell(wire: Connection, url: str, commands: Sequence[Command], aloud: int) -> None:
    """Tell of all of it, in the order given; what comes too early is told again at the end.

    Of the first acts ``aloud`` says how many it reports as they are done: no more than somebody listens to, for a wire
    nobody listens to fills up and holds the process fast in the middle of its work.
    """
    engine, left, second = store(url), deque(commands), list[str]()
    slowest, deadline = 0.0, time.monotonic() + PATIENCE_SECONDS
    wire.send("ready")
    wire.recv()
    done = early = 0
    while left:
        assert time.monotonic() < deadline, f"{len(left)} acts left of {len(commands)}"
        command = left.popleft()
        began = time.monotonic()
        answer, _ = patiently(lambda: engine.handle(command))  # noqa: B023 - called here
        slowest = max(slowest, time.monotonic() - began)
        if not isinstance(answer, Refused):
            done, early, deadline = done + 1, 0, time.monotonic() + PATIENCE_SECONDS
            if done <= aloud:
                wire.send(done)
        elif answer.reason in NOT_YET:
            left.append(command)
            early += 1
            if early >= len(left):  # all that is left waits for others
                time.sleep(0.02)
                early = 0
        else:
            assert answer.reason is Reason.TWO_APPLICANTS, answer
            assert isinstance(command, ReceiveCase)
            second.append(command.case)
    engine.close()
    wire.send(Told(done, tuple(second), slowest))


# --- The account ---


class Findings(NamedTuple):
    """What is wrong in a store; nothing in one that kept its word."""

    lost: int = 0
    """Arrivals, cases, trips and leavings that are not there, or say something else."""
    doubled: int = 0
    """Those that are there more than once."""
    merged: int = 0
    """Acts that stand in another visit than planned, and visits of more applicants in person than persons came."""
    strangers: int = 0
    """Visits and cases nobody planned, such as what a refused case left behind."""
    person_times: int = 0
    """By how much the figure differs from the account; so do the following."""
    visits: int = 0
    in_vain: int = 0
    trips: int = 0
    position_gaps: int = 0
    chain: str | None = None


class _Seen(NamedTuple):
    """What a log says of visits and trips."""

    opened: dict[Place, list[int]]
    served: dict[Place, list[str]]
    left: dict[Place, list[bool]]
    trips: Counter[tuple[str, str]]
    received: Counter[str]
    applicants: dict[Place, set[str]]
    strangers: set[str]
    """Streams of visits nobody planned."""


def inspect(url: str, comings: Sequence[Coming], refused: Iterable[str]) -> Findings:
    """Compare a store, its facts and its figures, with the account; ``refused`` are the cases that came second."""
    with closing(store(url)) as engine:
        log = list(engine.follow())
        chain = engine.log.verify().why
        with closing(open_tables(url, PROJECTIONS)) as tables:
            follow([engine.log], tables)
            ((persons, visits, in_vain),) = tables.query("SELECT SUM(person_times), COUNT(*), SUM(in_vain) FROM visit_facts")
            ((trips,),) = tables.query("SELECT COUNT(*) FROM trip_facts")
    second = set(refused)
    kept = {one.place: tuple(c for c in (*one.cases, *one.rival) if c not in second) for one in comings}
    seen = _seen(log, {one.stream: one.place for one in comings})
    wanted = {case for cases in kept.values() for case in cases}
    return Findings(
        lost=sum(_lost(one, kept[one.place], seen) for one in comings) + len(wanted - set(seen.received)),
        doubled=_doubled(seen),
        merged=sum(_merged(one, kept[one.place], seen) for one in comings),
        strangers=len(seen.strangers) + len(set(seen.received) - wanted),
        person_times=int(persons or 0) - sum(one.persons if one.told else 1 for one in comings),
        visits=int(visits) - len(comings),
        in_vain=int(in_vain or 0) - sum(one.in_vain for one in comings),
        trips=int(trips) - sum(map(len, kept.values())),
        position_gaps=sum(fact.position != number for number, fact in enumerate(log, 1)),
        chain=chain,
    )


def _seen(log: Iterable[Recorded], planned_as: Mapping[str, Place]) -> _Seen:
    seen = _Seen(defaultdict(list), defaultdict(list), defaultdict(list), Counter(), Counter(), defaultdict(set), set())
    for fact in log:
        event = fact.event
        if isinstance(event, VisitOpened | CaseServed | VisitLeft):
            place = planned_as.get(fact.stream)
            if place is None:
                seen.strangers.add(fact.stream)
            elif isinstance(event, VisitOpened):
                seen.opened[place].append(event.persons)
            elif isinstance(event, VisitLeft):
                seen.left[place].append(event.in_vain is not None)
            else:
                seen.served[place].append(event.case)
                seen.applicants[place].add(event.applicant or "")
        elif isinstance(event, TripMade):
            seen.trips[fact.stream, event.visit] += 1
        elif isinstance(event, CaseReceived):
            seen.received[fact.stream] += 1
    return seen


def _lost(one: Coming, cases: Sequence[str], seen: _Seen) -> int:
    arrived = one.persons in seen.opened[one.place] if one.told else True
    gone = one.in_vain in seen.left[one.place] if one.left else True
    return (not arrived) + (not gone) + len(set(cases) - set(seen.served[one.place]))


def _doubled(seen: _Seen) -> int:
    told = sum(len(facts) - 1 for each in (seen.opened, seen.left) for facts in each.values() if facts)
    served = sum(len(cases) - len(set(cases)) for cases in seen.served.values())
    return told + served + sum(n - 1 for counted in (seen.trips, seen.received) for n in counted.values())


def _merged(one: Coming, cases: Sequence[str], seen: _Seen) -> int:
    persons = one.persons if one.told else 1
    return len(set(seen.served[one.place]) - set(cases)) + (len(seen.applicants[one.place]) > persons)


# --- The control ---


def doctored(url: str, copy: str, change: Callable[[Recorded], Iterable[tuple[str, Any]]]) -> None:
    """Write the history of a store into an empty one, each fact in the streams ``change`` puts it, with a sound chain."""
    with closing(store(url)) as engine, closing(store(copy)) as other:
        versions = Counter[str]()
        for fact in engine.follow():
            for again, (stream, event) in enumerate(change(fact)):
                versions[stream] += 1
                number = f"{fact.position}/{again}"
                other.log.append([Batch(number, stream, (Envelope(stream, versions[stream], event, number),))])
