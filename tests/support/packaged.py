"""A package of twelve shops and what becomes of each of its cases, by an account kept outside the streams; and clerks.

The account shares no code with the engine: it is a table of fates and the three sentences that say what follows from them.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from datetime import date, datetime, timedelta, timezone
from multiprocessing.connection import Connection
from typing import Any, Final, NamedTuple

from adapters.district_engine import DistrictEngine
from adapters.testing.opened import open_desk
from casecore import (
    AcceptCase,
    ApplicantKind,
    CaseFile,
    Catalogue,
    Channel,
    CloseCase,
    Decision,
    DeclineAcceptance,
    GrantApproval,
    HandlingKind,
    ItemType,
    Limit,
    MakeCertificate,
    MakeDecision,
    OpenPackage,
    Outcome,
    PlanStep,
    Receipt,
    RouteCase,
    SealCertificate,
    ServiceItem,
    ShareMaterial,
    Tier,
    WithdrawCase,
)
from casecore.case.facts.acceptance import NotAccepted
from casecore.case.facts.application import CaseReceived
from casecore.case.facts.certificates import CertificateMade, CertificateRevoked
from casecore.case.facts.closing import CaseClosed, CaseWithdrawn
from casecore.case.facts.decision import DecisionMade
from casecore.case.facts.joining import CaseJoined, ConditionLapsed
from casecore.case.facts.materials import MaterialMet
from casecore.command import Command
from casecore.errors import Conflict
from casecore.log import Batch
from casecore.package.facts.limits import PackageClosed
from casecore.package.facts.members import MemberDropped, MemberEnded
from casecore.package.facts.opening import MaterialShared
from casecore.recorded import Envelope, Recorded
from casecore.refusals import Reason, Refused
from casecore.theme import Theme, ThemeItem
from casecore.vocabulary import MaterialWay, Stage
from support.victims import patiently

HERE: Final = timezone(timedelta(hours=8))
DISTRICT: Final = "110112"
PACKAGE: Final = "PKG-BOOKS"
SHOPS: Final = 12
BOOKS, FOOD, SIGN = "BOOKS", "FOOD", "SIGN"
MATERIALS: Final = ("id card", "lease", "floor plan")
STEP: Final = "check"
OPENED_AT: Final = datetime(2026, 3, 2, 9, tzinfo=HERE)
GRANTED, REFUSED, WITHDRAWN, DECLINED = "granted", "refused", "withdrawn", "declined"
PATIENCE_SECONDS: Final = 300
THINKS_SECONDS: Final = 0.02
"""How long a clerk looks up after an act, so that the others come to theirs."""
LOST_OR_NOT_OPEN: Final = frozenset({
    Reason.WRONG_STAGE, Reason.STEP_NOT_READY, Reason.STEP_NOT_OPEN, Reason.CERTIFICATE_EXISTS, Reason.ALREADY_SEALED,
    Reason.MATERIAL_MET, Reason.OUTCOME_UNFIT, Reason.BEFORE_STAGE,
})  # fmt: skip
"""What a clerk is told who comes second."""
CONDITION_GONE: Final = frozenset({Reason.CONDITION_FAILED, Reason.CERTIFICATE_REVOKED, Reason.CERTIFICATE_NOT_MADE})
"""What a clerk is told who comes after the act that failed the condition of the case, and only then."""


def _item(code: str) -> ServiceItem:
    return ServiceItem(
        code=code,
        version=1,
        name_zh=code,
        name_en=code.title(),
        source="made up for this package",
        item_type=ItemType.LICENCE,
        tier=Tier.COUNTY,
        department="Market",
        valid_from=date(2025, 1, 1),
        handling=HandlingKind.PROMISED,
        promised=Limit.working_days(20),
        statutory=Limit.working_days(20),
        serves=(ApplicantKind.COMPANY,),
        channels=(Channel.WINDOW,),
        visits=1,
        visit_reason="identity is checked on site",
        plan=(PlanStep(step=STEP, department="Market"),),
        materials=MATERIALS,
    )


_THEME: Final = Theme(
    code="BOOKSHOPS",
    version=1,
    name_zh="开书店一件事",
    name_en="To open a bookshop",
    source="made up for this package",
    valid_from=date(2025, 1, 1),
    serves=(ApplicantKind.COMPANY,),
    channels=(Channel.WINDOW,),
    items=(ThemeItem(item=BOOKS), ThemeItem(item=FOOD, conditional_on=(BOOKS,)), ThemeItem(item=SIGN, after=(BOOKS,))),
    materials=MATERIALS,
    promised=Limit.working_days(10),
    visits=2,
)
_CATALOGUE: Final = Catalogue([_item(code) for code in (BOOKS, FOOD, SIGN)], themes=[_THEME])


def hall(url: str) -> DistrictEngine:
    """The engine of the package's district."""
    return open_desk(url, district=DISTRICT, catalogue=_CATALOGUE)


# --- The account ---


class Shop(NamedTuple):
    """What becomes of the three cases of a shop, and on which day each is handled."""

    number: int
    books: str
    food: str
    sign: str
    days: tuple[int, int]
    """After the opening: of books and food; the sign follows the books by a day."""

    def case(self, item: str) -> str:
        return f"{PACKAGE}-{self.number:02d}-{item}"


class Fate(NamedTuple):
    """What becomes of one case."""

    case: str
    fate: str
    on: datetime
    opened: bool = True


def shops(chance: random.Random, *, all_granted: bool) -> list[Shop]:
    """Twelve shops; where not all is granted, four come to nothing with their books, each in another way."""
    found = []
    for number in range(1, SHOPS + 1):
        books = food = sign = GRANTED
        if not all_granted:
            books = {2: REFUSED, 5: WITHDRAWN, 8: DECLINED}.get(number, GRANTED)
            food = {3: REFUSED, 8: REFUSED}.get(number, GRANTED)
            sign = {4: WITHDRAWN}.get(number, GRANTED)
        found.append(Shop(number, books, food, sign, (chance.randrange(5), chance.randrange(5))))
    return found


def fates(population: Sequence[Shop]) -> list[Fate]:
    """Every case: a sign is not opened where there are no books."""
    return [
        fate
        for shop in population
        for fate in (
            Fate(shop.case(BOOKS), shop.books, OPENED_AT + timedelta(days=shop.days[0])),
            Fate(shop.case(FOOD), shop.food, OPENED_AT + timedelta(days=shop.days[1])),
            Fate(shop.case(SIGN), shop.sign, OPENED_AT + timedelta(days=shop.days[0] + 1), opened=shop.books == GRANTED),
        )
    ]


class Findings(NamedTuple):
    """What is wrong in a store; nothing in one that kept its word."""

    lost: int = 0
    """Cases that were not received, or did not end as they were to."""
    doubled: int = 0
    """Cases that were received, ended or told the package of their end more than once."""
    closings: int = 0
    """Closings of the package beside the one it should have, or its want."""
    miscounted: int = 0
    """Whether the closing counts, or dates, other than the account."""
    shared_again: int = 0
    """Materials that were shared never or more than once, or came to a case twice, or to several as they came in."""
    condition: int = 0
    """Certificates that stand without their condition, or were revoked against it."""
    position_gaps: int = 0
    chain: str | None = None


ENDS: Final = {GRANTED: CaseClosed, REFUSED: CaseClosed, WITHDRAWN: CaseWithdrawn, DECLINED: NotAccepted}


def inspect(url: str, population: Sequence[Shop]) -> Findings:
    """Compare a store with the account."""
    with closing(hall(url)) as engine:
        log = list(engine.follow())
        chain = engine.log.verify().why
    facts: dict[str, list[Any]] = {}
    for fact in log:
        facts.setdefault(fact.stream, []).append(fact.event)
    package = facts.get(PACKAGE, [])
    cases = fates(population)
    planned = {fate.case for fate in cases}
    lost = sum(_lost(fate, facts.get(fate.case, []), package) for fate in cases)
    ends = (CaseClosed, CaseWithdrawn, NotAccepted)
    received = Counter(stream for stream, events in facts.items() for e in events if isinstance(e, CaseReceived))
    ended = Counter(stream for stream, events in facts.items() for e in events if isinstance(e, ends))
    told = Counter(event.case for event in package if isinstance(event, MemberEnded | MemberDropped))
    doubled = sum(number - 1 for counted in (received, ended, told) for number in counted.values())
    closings = [event for event in package if isinstance(event, PackageClosed)]
    granted = sum(_granted(fate.case, population) for fate in cases)
    right = (granted, len(cases) - granted, max(_over_at(fate) for fate in cases if fate.opened))
    return Findings(
        lost=lost + len(set(facts) - planned - {PACKAGE}),
        doubled=doubled,
        closings=abs(len(closings) - 1),
        miscounted=sum((one.granted, one.failed, one.at) != right for one in closings),
        shared_again=sum(_shared_again(material, package, facts) for material in MATERIALS),
        condition=sum(_against_condition(shop, facts) for shop in population),
        position_gaps=sum(fact.position != number for number, fact in enumerate(log, 1)),
        chain=chain,
    )


def _lost(fate: Fate, events: Sequence[Any], package: Sequence[Any]) -> bool:
    if not fate.opened:
        dropped = any(isinstance(event, MemberDropped) and event.case == fate.case for event in package)
        return [type(event) for event in events] != [CaseJoined, ConditionLapsed] or not dropped
    ended = any(type(event) is ENDS[fate.fate] for event in events)
    told = any(isinstance(event, MemberEnded) and event.case == fate.case for event in package)
    return not (ended and told)


def _granted(case: str, population: Sequence[Shop]) -> bool:
    """Food stands only with the books, a sign is opened only after them."""
    shop = population[int(case.split("-")[2]) - 1]
    return shop.books == GRANTED and {BOOKS: shop.books, FOOD: shop.food, SIGN: shop.sign}[case.split("-")[3]] == GRANTED


def _against_condition(shop: Shop, facts: dict[str, list[Any]]) -> bool:
    """Whatever came first: what food has lapses with the books, all of it, once; and nothing is granted after that."""
    food = facts.get(shop.case(FOOD), [])
    told = [type(event) for event in food]
    lapsed, revoked = told.count(ConditionLapsed), told.count(CertificateRevoked)
    if shop.books == GRANTED:
        return lapsed + revoked > 0
    yes = [
        number
        for number, event in enumerate(food)
        if isinstance(event, CertificateMade) or (isinstance(event, DecisionMade) and event.decision is not Decision.REFUSED)
    ]
    if not lapsed:  # refused by itself before the books were
        return shop.food == GRANTED or bool(yes)
    return lapsed > 1 or revoked != told.count(CertificateMade) or any(n > told.index(ConditionLapsed) for n in yes)


def _shared_again(material: str, package: Sequence[Any], facts: dict[str, list[Any]]) -> int:
    shared = sum(isinstance(event, MaterialShared) and event.material == material for event in package)
    met = Counter[str]()
    originals = 0
    for stream, events in facts.items():
        for event in events:
            if isinstance(event, MaterialMet) and event.material == material:
                met[stream] += 1
                originals += event.way is not MaterialWay.PACKAGE
    return abs(shared - 1) + sum(number - 1 for number in met.values()) + abs(originals - bool(met))


# --- The life of a case ---


def _over_at(fate: Fate) -> datetime:
    minutes = {GRANTED: 70, REFUSED: 70, WITHDRAWN: 20, DECLINED: 10}
    return fate.on + timedelta(minutes=minutes[fate.fate])


def act_of(fate: Fate, file: CaseFile) -> Command | None:  # noqa: C901, PLR0911 - one way out a stage
    """What is to be done next; None where the case is not open, or over."""
    at = {"case": fate.case}
    lapsed = file.service.lapsed is not None

    def when(minutes: int, by: str) -> dict[str, Any]:
        return {**at, "by": by, "at": fate.on + timedelta(minutes=minutes)}

    match file.stage:
        case Stage.RECEIVED if fate.fate == DECLINED:
            return DeclineAcceptance(**when(10, "clerk"), reason="no shop there", remedy="appeal within 60 days")
        case Stage.RECEIVED:
            return AcceptCase(**when(10, "clerk"), receipt_only=False)
        case Stage.IN_REVIEW if fate.fate == WITHDRAWN:
            return WithdrawCase(**when(20, "clerk"), reason="no longer wanted")
        case Stage.IN_REVIEW if file.ready_steps():
            return RouteCase(**when(20, "officer"))
        case Stage.IN_REVIEW:
            return GrantApproval(**when(30, "officer"), step=STEP, department="Market")
        case Stage.REVIEWED:
            made = Decision.GRANTED if fate.fate == GRANTED and not lapsed else Decision.REFUSED
            return MakeDecision(**when(40, "head"), decision=made, reason="as examined")
        case Stage.DECIDED if fate.fate == REFUSED or lapsed:
            return CloseCase(**when(70, "clerk"), outcome=Outcome.OTHER)
        case Stage.DECIDED if not file.certificates:
            return MakeCertificate(**when(50, "officer"), certificate=f"C-{fate.case}", kind="licence")
        case Stage.DECIDED if file.certificates[0].sealed_at is None:
            return SealCertificate(**when(60, "officer"), certificate=f"C-{fate.case}", seal="seal-7")
        case Stage.DECIDED:
            return CloseCase(**when(70, "clerk"), outcome=Outcome.CERTIFICATE_ISSUED)
        case _:
            return None


def open_shops(url: str) -> None:
    """One form for all twelve."""
    form = OpenPackage(
        package=PACKAGE,
        by="clerk",
        at=OPENED_AT,
        theme=_THEME.code,
        applicant="Page & Sons",
        hall="hall",
        subjects=tuple(f"shop {number}" for number in range(1, SHOPS + 1)),
        command_id="open",
    )
    with closing(hall(url)) as engine:
        receipt = engine.handle(form)
        assert isinstance(receipt, Receipt), receipt


def until_sealed(url: str, population: Sequence[Shop]) -> None:
    """Bring every case that is open so far that only the closing is left."""
    with closing(hall(url)) as engine:
        for fate in fates(population):
            while (act := act_of(fate, engine.file(fate.case))) is not None and not isinstance(act, CloseCase):
                receipt = engine.handle(act)
                assert isinstance(receipt, Receipt), receipt


# --- The processes ---


class Worked(NamedTuple):
    """What a clerk has done."""

    acts: int
    second: int
    """How often somebody else had done it already."""
    conflicts: int
    """How often the engine gave up."""
    slowest_seconds: float


def work(wire: Connection, url: str, population: Sequence[Shop], seed: int) -> None:
    """Take a case at random, do what is next, until the package is closed; and hand in the same papers as everybody."""
    chance, engine = random.Random(seed), hall(url)  # noqa: S311
    left = {fate.case: fate for fate in fates(population)}
    papers: list[Command] = [ShareMaterial(package=PACKAGE, by="clerk", at=OPENED_AT, material=one) for one in MATERIALS]
    acts = second = conflicts = idle = 0
    slowest = 0.0
    deadline = time.monotonic() + PATIENCE_SECONDS
    wire.send("ready")
    wire.recv()
    while left:
        assert time.monotonic() < deadline, f"{len(left)} cases left, {acts} acts"
        act = papers.pop(chance.randrange(len(papers))) if papers and chance.random() < 0.5 else None
        fate = left[chance.choice(list(left))]
        act = act or act_of(fate, engine.file(fate.case))
        if act is None:
            idle += 1
            if idle % len(left) == 0:
                members = engine.package(PACKAGE).members
                over = {member.plan.case for member in members if member.over}
                left = {case: fate for case, fate in left.items() if case not in over}
            continue
        began = time.monotonic()
        try:
            answer, _ = patiently(lambda: engine.handle(act))  # noqa: B023 - called here
        except Conflict:
            conflicts += 1
            continue
        slowest = max(slowest, time.monotonic() - began)
        if isinstance(answer, Refused):
            assert answer.reason in LOST_OR_NOT_OPEN or (
                answer.reason in CONDITION_GONE and engine.file(fate.case).service.lapsed is not None
            ), answer
            second += 1
        else:
            acts += 1
            wire.send(acts)
            time.sleep(chance.uniform(0, THINKS_SECONDS))
    engine.close()
    wire.send(Worked(acts, second, conflicts, slowest))


def close_all(wire: Connection, url: str, population: Sequence[Shop], share: int, of: int) -> None:
    """Close one's own share of the cases, as fast as it goes; how often the engine gave up, and the longest it took."""
    slowest, conflicts = 0.0, 0
    with closing(hall(url)) as engine:
        mine = [fate for fate in fates(population) if SIGN not in fate.case][share::of]
        files = {fate.case: engine.file(fate.case) for fate in mine}
        wire.send("ready")
        wire.recv()
        for fate in mine:
            act = act_of(fate, files[fate.case])
            assert act is not None
            began = time.monotonic()
            try:
                receipt = engine.handle(act)
                assert isinstance(receipt, Receipt), receipt
            except Conflict:
                conflicts += 1
            slowest = max(slowest, time.monotonic() - began)
    wire.send(Worked(len(mine), 0, conflicts, slowest))


# --- The control ---


def doctored(url: str, copy: str, change: Callable[[Recorded], Iterable[Recorded]]) -> None:
    """Write the history of a store into an empty one, each fact as often as ``change`` has it, with a sound chain."""
    with closing(hall(url)) as engine, closing(hall(copy)) as other:
        versions = Counter[str]()
        for fact in engine.follow():
            for again, one in enumerate(change(fact)):
                versions[fact.stream] += 1
                number = f"{fact.position}/{again}"
                envelope = Envelope(one.stream, versions[fact.stream], one.event, number)
                other.log.append([Batch(number, one.stream, (envelope,))])
