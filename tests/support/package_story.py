"""A bookshop that is opened (一件事), its items and theme, and a hall with a store in memory where the story is played."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final, TypeVar

from adapters.district_engine import RecentFiles
from adapters.stores.known import store_at
from casecore import (
    AcceptCase,
    ApplicantKind,
    Catalogue,
    Channel,
    CloseCase,
    Decision,
    Engine,
    GivenMaterial,
    GrantApproval,
    Limit,
    MakeCertificate,
    MakeDecision,
    Office,
    OpenPackage,
    Outcome,
    PackageFile,
    PlanStep,
    Receipt,
    ReceiveCase,
    Refused,
    RouteCase,
    SealCertificate,
)
from casecore.command import Command
from casecore.engine import Surroundings
from casecore.log import Log
from casecore.package.facts.opening import FormField
from casecore.package.file import Member
from casecore.recorded import Event
from casecore.theme import Baseline, Choice, Condition, Question, Theme, ThemeItem
from support.books import at_hand
from support.story import CALENDAR, CLERK, HALL, HEAD, HERE, NOW, OFFICER, item, moment

PACKAGE: Final = "PKG-1"
BOOKS, CAFE, FIRE, TAX = "BOOKS", "CAFE", "FIRE", "TAX"
SHOP: Final = "SHOP"
ID_CARD, LEASE, PLAN, LICENCE = "id card", "lease", "floor plan", "licence"
T = TypeVar("T")

ITEMS: Final = (
    item(BOOKS, plan=(PlanStep(step="press", department="Culture"),), materials=(ID_CARD, LEASE)),
    item(
        CAFE,
        plan=(PlanStep(step="kitchen", department="Market"), PlanStep(step="water", department="Health")),
        materials=(ID_CARD, LEASE, PLAN),
    ),
    item(FIRE, plan=(PlanStep(step="fire", department="Fire"),), materials=(PLAN,), promised=Limit.working_days(15)),
    item(TAX, materials=(ID_CARD, LICENCE), valid_until=date(2026, 9, 30)),
)
"""Books; a café, which may be closed on condition that the fire brigade says yes; the tax office after the books."""

THEME: Final = Theme(
    code=SHOP,
    version=1,
    name_zh="开书店一件事",
    name_en="To open a bookshop",
    source="made up for these stories",
    valid_from=date(2025, 1, 1),
    valid_until=date(2026, 11, 30),
    serves=(ApplicantKind.COMPANY,),
    channels=(Channel.WINDOW, Channel.WEBSITE),
    questions=(
        Question(question="coffee", ask_zh="是否经营咖啡", answers=("yes", "no")),
        Question(question="tax", ask_zh="是否办理税务", answers=("yes", "no")),
    ),
    items=(
        ThemeItem(item=BOOKS),
        ThemeItem(item=CAFE, when=(Condition(question="coffee", answers=("yes",)),), conditional_on=(FIRE,)),
        ThemeItem(item=FIRE, when=(Condition(question="coffee", answers=("yes",)),)),
        ThemeItem(item=TAX, when=(Condition(question="tax", answers=("yes",)),), after=(BOOKS,)),
    ),
    form=("name", "address"),
    materials=(ID_CARD, LEASE, PLAN),
    promised=Limit.working_days(10),
    visits=2,
    before=Baseline(source="made up", limit=Limit.working_days(20), visits=6, materials=9),
)

CATALOGUE: Final = Catalogue(ITEMS, themes=(THEME,))
OFFICE: Final = Office(CATALOGUE, CALENDAR)


def case(code: str, shop: int | None = None) -> str:
    """The id of a case of the package."""
    return f"{PACKAGE}-{code}" if shop is None else f"{PACKAGE}-{shop:02d}-{code}"


def opening(when: str = "03-02 09:00", *, coffee: str = "yes", tax: str = "yes", **rest: Any) -> OpenPackage:
    """Wang takes in one form for a bookshop, or for several."""
    said: dict[str, Any] = {
        "package": PACKAGE,
        "theme": SHOP,
        "applicant": "Page & Sons",
        "hall": HALL,
        "answers": (Choice(question="coffee", answer=coffee), Choice(question="tax", answer=tax)),
        "form": (FormField(name="name", value="Page & Sons"), FormField(name="address", value="1 Lake Road")),
    }
    return OpenPackage(by=CLERK, at=moment(when), **{**said, **rest})


class Hall:
    """An engine over a store in memory, or any other log, whose clock stands at one instant."""

    def __init__(self, office: Office = OFFICE, log: Log | None = None, now: datetime = NOW) -> None:
        self.log = log if log is not None else store_at("memory:").log("510107")
        self.recent = RecentFiles()
        self.instant = now
        around = Surroundings(self._now, _here, self._new_id, self._pause)
        self.engine = Engine(self.log, at_hand(self.log, office), around, self.recent)
        self.pauses = 0
        self._ids = 0

    def _now(self) -> datetime:
        return self.instant

    def _new_id(self) -> str:
        self._ids += 1
        return f"command-{id(self)}-{self._ids}"

    def _pause(self, _: int) -> None:
        self.pauses += 1

    def does(self, *commands: Command) -> "Hall":
        """All of it is done, each by itself."""
        for command in commands:
            answer = self.engine.handle(command)
            assert isinstance(answer, Receipt), answer
        return self

    def refuses(self, command: Command) -> Refused:
        """It is not done, and nothing is written."""
        before = self.log.head()
        answer = self.engine.handle(command)
        assert isinstance(answer, Refused), answer
        assert self.log.head() == before
        return answer

    def grants(self, *cases: str, on: str, filed: bool = False) -> "Hall":
        """Each case goes its whole way in one day, from the acceptance to the closing."""
        for one in cases:
            self.does(*whole_way(one, on, filed=filed))
        return self

    @property
    def package(self) -> PackageFile:
        """Its file."""
        return self.engine.package(PACKAGE)

    def member(self, number: str) -> Member:
        """One case as the package sees it."""
        found = self.package.member(number)
        assert found is not None
        return found

    def facts(self, stream: str, *kinds: type[T]) -> list[T]:
        """The facts of a stream that are of some kinds."""
        return [event for event in self._events(stream) if isinstance(event, kinds)]

    def _events(self, stream: str) -> list[Event]:
        return [fact.event for fact in self.engine.history(stream)]

    def told(self, stream: str) -> list[str]:
        """What a stream holds, by the kinds of its facts."""
        return [type(event).__name__ for event in self._events(stream)]


def _here(at: datetime) -> datetime:
    return at.astimezone(HERE)


STEPS: Final[Mapping[str, tuple[PlanStep, ...]]] = {one.code: one.plan for one in ITEMS}


def accepting(number: str, when: str) -> AcceptCase:
    """Wang accepts it."""
    return AcceptCase(case=number, by=CLERK, at=moment(when))


def reviewing(number: str, on: str, *, after: str = "10") -> list[Command]:
    """From the departments' yes to the head's."""
    commands: list[Command] = []
    steps = STEPS[number.rpartition("-")[2]]
    if steps:
        commands.append(RouteCase(case=number, by=OFFICER, at=moment(f"{on} {after}:10")))
    commands += [
        GrantApproval(case=number, by=OFFICER, at=moment(f"{on} {after}:20"), step=step.step, department=step.department)
        for step in steps
    ]
    return [*commands, MakeDecision(case=number, by=HEAD, at=moment(f"{on} {after}:30"), decision=Decision.GRANTED)]


def certifying(number: str, on: str, *, after: str = "10") -> list[Command]:
    """A sealed certificate, and the closing with it."""
    return [
        MakeCertificate(case=number, by=OFFICER, at=moment(f"{on} {after}:40"), certificate=f"C-{number}", kind="licence"),
        SealCertificate(case=number, by=OFFICER, at=moment(f"{on} {after}:45"), certificate=f"C-{number}", seal="seal-7"),
        CloseCase(case=number, by=CLERK, at=moment(f"{on} {after}:50"), outcome=Outcome.CERTIFICATE_ISSUED),
    ]


def whole_way(number: str, on: str, *, filed: bool = False) -> Iterable[Command]:
    """From the acceptance to the closing with a certificate, in one day; filed online, it is received first."""
    if filed:
        yield ReceiveCase(case=number, by=CLERK, at=moment(f"{on} 09:50"), hall=HALL)
    yield accepting(number, f"{on} 10:00")
    yield from reviewing(number, on)
    yield from certifying(number, on)


def shared(material: str, **rest: Any) -> GivenMaterial:
    """A material that comes with the form."""
    return GivenMaterial(material=material, **rest)


def only(kind: type[T], events: Iterable[object]) -> T:
    """The one fact of a kind."""
    found = [event for event in events if isinstance(event, kind)]
    assert len(found) == 1, found
    return found[0]
