"""Cases of one spring, the cards they earn by an account kept with sets of days, and processes that feed the clock.

The account shares no code with the engine: its working days are those of the State Council's notice for 2026, by hand.
"""

import random
import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from multiprocessing.connection import Connection
from typing import Any, Final, NamedTuple

from adapters.district_engine import DistrictEngine
from adapters.testing.opened import open_desk
from casecore import (
    AcceptanceDeemed,
    AcceptCase,
    ApplicantKind,
    ApproveExtension,
    CardIssued,
    CardLevel,
    CaseCommand,
    Catalogue,
    Channel,
    CloseCase,
    CompleteStep,
    Decision,
    GrantApproval,
    HandlingKind,
    History,
    ItemType,
    Limit,
    MakeDecision,
    Outcome,
    PlanStep,
    Receipt,
    ReceiveCase,
    ResumeCase,
    RouteCase,
    ServiceItem,
    Source,
    SpecialGround,
    SuspendCase,
    SuspensionKind,
    Tier,
    WithdrawCase,
)
from casecore.case.acts.supervision import cards_due
from support.victims import patiently

HERE: Final = timezone(timedelta(hours=8))
DISTRICT: Final = "510114"
FIRST, LAST = date(2026, 3, 2), date(2026, 3, 31)
HALF_DAYS: Final = tuple(
    datetime.combine(FIRST + timedelta(days=n), time(hour, 30), HERE)
    for n in range((LAST - FIRST).days + 1)
    for hour in (12, 20)
)
END: Final = HALF_DAYS[-1]
RESTARTS, NOTES = 0.2, 0.3
STEP, NOTICE_DAYS = "check", 5


class Terms(NamedTuple):
    """What an item promises, in working days."""

    promised: int
    statutory: int
    step: int | None = None


ITEMS: Final = {"SHORT": Terms(3, 8), "LONG": Terms(10, 20), "STEP": Terms(8, 15, step=3)}


class Pause(NamedTuple):
    """A special procedure told in writing, unless ``declared`` is None: then 挂起 that moves nothing here."""

    on: date
    declared: int | None
    until: date | None


class Life(NamedTuple):
    """One case, by the days of its acts."""

    case: str
    item: str
    received: date
    accepted: date | None = None
    """None: nobody has ever answered."""
    pause: Pause | None = None
    extended: tuple[date, int] | None = None
    answered: date | None = None
    closed: date | None = None
    withdrawn: bool = False


# --- Days, counted by hand ---

_DAYS_OFF: Final = {date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 4), date(2026, 5, 5), date(2026, 6, 19)}
_MADE_UP: Final = {date(2026, 2, 28), date(2026, 5, 9)}
WORKED: Final = [
    day
    for day in (date(2026, 2, 24) + timedelta(days=n) for n in range(120))
    if (day.weekday() < 5 and day not in _DAYS_OFF) or day in _MADE_UP
]


def between(after: date, until: date) -> list[date]:
    """The working days in (after, until]."""
    return [day for day in WORKED if after < day <= until]


def nth(after: date, number: int) -> date:
    """The so-many-th working day after a day."""
    return [day for day in WORKED if day > after][number - 1]


def last_day(start: date, days: int, excluded: AbstractSet[date]) -> date:
    """The last working day by which no more than so many have counted."""
    return [day for day in WORKED if day > start and len(set(between(start, day)) - excluded) <= days][-1]


# --- The account ---


class Earned(NamedTuple):
    """One card, by what makes it one."""

    case: str
    level: str
    ground: str
    clock: str | None
    due_on: date | None


def due(start: date, days: int, life: Life, end: date, *, step: bool = False) -> date:
    """The last day of a limit; what begins after it as it stood then is passed over. A step is not extended."""
    acts: list[tuple[date, int, set[date], int]] = []
    if life.pause is not None and life.pause.declared is not None and (life.pause.until or LAST) > start:
        first, declared, until = life.pause
        off = between(first, min(until or end, end))[:declared]
        acts.append((max(first, start), 0, {day for day in off if day > start}, 0))
    if life.extended is not None and not step:
        acts.append((life.extended[0], 1, set(), life.extended[1]))
    excluded: set[date] = set()
    for on, _, off_days, more in sorted(acts, key=lambda act: act[:2]):
        if start <= on <= min(end, last_day(start, days, excluded)):
            excluded |= off_days
            days += more
    return last_day(start, days, excluded)


def earned(life: Life) -> Iterator[Earned]:
    """The yellow and red cards of a case at the end of the month."""
    terms, end = ITEMS[life.item], min(life.closed or LAST, LAST)
    start = life.accepted
    if deemed(life):
        start = life.received
    if start is None:
        return
    for level, ground, clock, days in (
        ("yellow", "promise_overdue", "promised", terms.promised),
        ("red", "statutory_overdue", "statutory", terms.statutory),
    ):
        last = due(start, days, life, end)
        if end > last:
            yield Earned(life.case, level, ground, clock, last)
    if terms.step is not None and life.accepted is not None and not deemed(life):
        answered = min(life.answered or end, end)
        last = due(life.accepted, terms.step, life, answered, step=True)
        if answered > last:
            yield Earned(life.case, "yellow", "step_overdue", f"step:{STEP}", last)
    if life.pause is not None and life.pause.declared is not None:
        lasted = between(life.pause.on, min(life.pause.until or end, end))
        if len(lasted) > life.pause.declared:
            yield Earned(life.case, "yellow", "procedure_overrun", None, None)


def deemed(life: Life) -> bool:
    """Whether the law accepts the case by the end of the month."""
    return (life.accepted or LAST) > nth(life.received, NOTICE_DAYS)


class Findings(NamedTuple):
    """What is wrong in a store; nothing in one that kept its word."""

    doubled: int = 0
    missing: int = 0
    unearned: int = 0
    warned_twice: int = 0
    deemed_wrongly: int = 0
    chain: str | None = None


def inspect(url: str, lives: Sequence[Life]) -> tuple[Findings, Counter[str]]:
    """Compare a store with the account; and what it holds, by kind."""
    cards: list[CardIssued] = []
    issued: Counter[tuple[str, str]] = Counter()
    found: Counter[Earned] = Counter()
    warned: Counter[tuple[str, date | None]] = Counter()
    accepted: Counter[str] = Counter()
    with closing(hall(url)) as engine:
        for fact in engine.follow():
            match fact.event:
                case CardIssued(level=CardLevel.WARNING) as card:
                    warned[fact.stream, card.due_on] += 1
                case CardIssued() as card:
                    found[Earned(fact.stream, card.level.value, card.ground.value, card.clock, card.due_on)] += 1
                case AcceptanceDeemed():
                    accepted[fact.stream] += 1
                    continue
                case _:
                    continue
            cards.append(card)
            issued[fact.stream, card.card] += 1
        chain = engine.log.verify().why
    wanted = {card for life in lives for card in earned(life)}
    by_law = {life.case for life in lives if deemed(life)}
    findings = Findings(
        doubled=sum(number - 1 for number in issued.values()) + sum(number - 1 for number in found.values()),
        missing=len(wanted - set(found)),
        unearned=len(set(found) - wanted),
        warned_twice=sum(number - 1 for number in warned.values()),
        deemed_wrongly=sum(accepted[case] != (case in by_law) for case in {*accepted, *by_law}),
        chain=chain,
    )
    figures = Counter(card.ground.value for card in cards)
    return findings, figures + Counter(deemed=sum(accepted.values()))


# --- The cases ---


def lives(count: int, chance: random.Random) -> list[Life]:
    """So many cases, of every kind in turn."""
    return [_life(f"{DISTRICT}-2026-{n:06}", n, chance) for n in range(count)]


def _life(case: str, n: int, chance: random.Random) -> Life:
    item = ("SHORT", "LONG", "STEP")[n % 3]
    received = date(2026, 2, 24) + timedelta(days=chance.randrange(24))
    life = Life(case, item, received)
    match n % 8:
        case 0:  # silence, a Saturday's among it
            return life
        case 1:  # an answer after the law had given it
            return life._replace(accepted=nth(received, NOTICE_DAYS + chance.randint(1, 4)))
        case kind:
            accepted = nth(received, chance.randint(1, NOTICE_DAYS))
            life = life._replace(accepted=accepted, answered=nth(accepted, chance.randint(1, 6)))
    if kind in (2, 3, 4):  # paused: to its end, over its days, or still
        on, lasts = nth(accepted, chance.randint(1, 4)), chance.randint(1, 8)
        declared = None if chance.random() < 0.2 else chance.randint(1, 6)
        life = life._replace(pause=Pause(on, declared, None if kind == 4 else nth(on, lasts)))
    if kind in (3, 5):
        life = life._replace(extended=(nth(accepted, chance.randint(1, 5)), chance.randint(1, 10)))
    if kind in (4, 7):
        return life if kind == 7 else life._replace(answered=None)
    paused_until = (life.pause and life.pause.until) or accepted
    over = max(life.answered or accepted, paused_until, life.extended[0] if life.extended else accepted)
    return life._replace(closed=nth(over, chance.randint(1, 9)), withdrawn=chance.random() < 0.2)


def acts(life: Life) -> list[CaseCommand]:
    """The commands of a case, in the order of their instants."""
    return sorted((*_answers(life), *_changes(life), *_ends(life)), key=lambda command: command.at or END)


def _at(life: Life, day: date, hour: int, by: str = "clerk") -> dict[str, Any]:
    return {"case": life.case, "by": by, "at": datetime.combine(day, time(hour), HERE)}


def _answers(life: Life) -> Iterator[CaseCommand]:
    who: dict[str, Any] = {"channel": Channel.WINDOW, "applicant": "li", "applicant_kind": ApplicantKind.PERSON}
    yield ReceiveCase(**_at(life, life.received, 8), item=life.item, hall="H1", **who)
    if life.accepted is not None:
        yield AcceptCase(**_at(life, life.accepted, 9), receipt_only=False)
        if ITEMS[life.item].step is not None and not deemed(life):
            yield RouteCase(**_at(life, life.accepted, 10))
            if life.answered is not None:
                yield GrantApproval(**_at(life, life.answered, 15, "officer"), step=STEP, department="Fire")


def _changes(life: Life) -> Iterator[CaseCommand]:
    if life.pause is not None:
        on, declared, until = life.pause
        told: dict[str, Any] = {"kind": SuspensionKind.ORDINARY}
        if declared is not None:
            told = {"kind": SuspensionKind.SPECIAL_PROCEDURE, "ground": SpecialGround.EXAMINATION}
            told |= {"declared_days": declared, "notice": "N1"}
        yield SuspendCase(**_at(life, on, 11), reason="examined", **told)
        if until is not None:
            yield ResumeCase(**_at(life, until, 14))
    if life.extended is not None:
        on, days = life.extended
        yield ApproveExtension(**_at(life, on, 12), days=days, approver="zhao", reason="difficult", notice="N2")


def _ends(life: Life) -> Iterator[CaseCommand]:
    if life.closed is None:
        return
    if life.withdrawn:
        yield WithdrawCase(**_at(life, life.closed, 18), reason="no longer wanted")
    else:
        yield MakeDecision(**_at(life, life.closed, 17, "officer"), decision=Decision.GRANTED)
        yield CloseCase(**_at(life, life.closed, 18), outcome=Outcome.OTHER)


def hall(url: str) -> DistrictEngine:
    """The engine of the cases' district, under the default rule."""
    return open_desk(url, district=DISTRICT, catalogue=_CATALOGUE)


def prepare(url: str, population: Sequence[Life]) -> None:
    """Hand in all that people do; what time brings is not among it."""
    with closing(hall(url)) as engine:
        for life in population:
            for command in acts(life):
                answer = engine.handle(command)
                assert isinstance(answer, Receipt), f"{answer}: {life}"


def _item(code: str, terms: Terms) -> ServiceItem:
    limit = Limit.working_days(terms.step) if terms.step else None
    return ServiceItem(
        code=code,
        version=1,
        name_zh=code,
        name_en=code.title(),
        source="made up for this month",
        item_type=ItemType.LICENCE,
        tier=Tier.COUNTY,
        department="Market",
        valid_from=date(2025, 1, 1),
        handling=HandlingKind.PROMISED,
        promised=Limit.working_days(terms.promised),
        statutory=Limit.working_days(terms.statutory),
        serves=(ApplicantKind.PERSON,),
        channels=(Channel.WINDOW,),
        visits=1,
        visit_reason="identity is checked on site",
        plan=(PlanStep(step=STEP, department="Fire", limit=limit),) if limit else (),
    )


_CATALOGUE: Final = Catalogue([_item(code, terms) for code, terms in ITEMS.items()])


# --- The processes ---


def tick(wire: Connection, url: str, instants: Sequence[datetime], seed: int) -> None:
    """Look what time has brought at each instant, now and then as a process that has just begun; a clerk writes notes."""
    chance, engine = random.Random(seed), hall(url)  # noqa: S311
    cases = engine.log.streams(0)
    wire.send("ready")
    wire.recv()
    for number, now in enumerate(instants):
        if chance.random() < RESTARTS:
            engine.close()
            engine = hall(url)
        if chance.random() < NOTES:
            note = CompleteStep(case=chance.choice(cases), by="clerk", name=f"note {number}", command_id=f"{seed}/{number}")
            patiently(lambda: engine.handle(replace(note, at=now)))  # noqa: B023 - called here
        ticked, _ = patiently(lambda: engine.tick(now))  # noqa: B023
        assert not ticked.unreadable, ticked.unreadable
        wire.send(len(ticked.receipts))
    wire.send("done")


def issue_carelessly(wire: Connection, url: str, now: datetime) -> None:
    """The control: look what is due, and write it whatever has been written since."""
    with closing(hall(url)) as engine:
        due_now = {case: tuple(cards_due(engine.file(case), "clock", now, engine.office)) for case in engine.log.streams(0)}
        wire.send("ready")
        wire.recv()
        source = Source("careless", "none", 1)
        engine.record([History(case, secrets.token_hex(8), cards, source) for case, cards in due_now.items() if cards])
        wire.send("done")
