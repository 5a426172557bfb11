"""Given, when, then: the words in which the tests of the heart tell their stories, and the world they play in."""

from datetime import date, datetime, time, timedelta, timezone
from typing import Any, Final, TypeVar

from casecore import (
    NEW,
    ApplicantKind,
    ApplicationSubmitted,
    ApprovalGranted,
    CaseAccepted,
    CaseClosed,
    CaseReceived,
    CaseRouted,
    Catalogue,
    CertificateMade,
    CertificateSealed,
    Channel,
    Decision,
    DecisionMade,
    DistrictRule,
    HandlingKind,
    HolderKind,
    ItemType,
    Limit,
    Office,
    Outcome,
    PlanStep,
    ReviewCompleted,
    ServiceItem,
    SpecialGround,
    Suspended,
    SuspensionKind,
    Tier,
    Visit,
    WorkCalendar,
    testing,
    visit_id,
)
from casecore.fact import Fact
from casecore.kind import File
from casecore.kinds import KINDS
from support.sampling import Samples

CASE: Final = "510107-2026-000001"
PACKAGE: Final = "510107-2026-P00001"
BOX: Final = "BOX-1"
TICKET: Final = "A023"
"""The hall's own number of a visit."""
CITIZEN, CLERK, OFFICER, HEAD = "li", "wang", "chen", "zhao"
HALL: Final = "Chengbei Hall"
HERE: Final = timezone(timedelta(hours=8))


def moment(text: str) -> datetime:
    """An instant of the year 2026, ``"03-02 09:00"``, or of any year, ``"2027-01-04 09:00"``."""
    full = text if text[4] == "-" else f"2026-{text}"
    return datetime.strptime(full, "%Y-%m-%d %H:%M").replace(tzinfo=HERE)


def day(text: str) -> date:
    """A local date of the year 2026, ``"03-02"``."""
    return date.fromisoformat(f"2026-{text}")


NOW: Final = moment("12-30 17:00")

CALENDAR: Final = WorkCalendar(
    version="story.1",
    title="Monday to Friday, with a few holidays",
    zone="Asia/Shanghai",
    covers=(date(2026, 1, 1), date(2026, 12, 31)),
    rest_weekdays=frozenset({6, 7}),
    rest=frozenset({day("01-01"), day("02-16"), day("02-17"), day("02-18"), day("04-06"), day("05-01")}),
    work=frozenset({day("02-14"), day("02-28")}),
    hours=((time(9), time(12)), (time(13), time(17))),
)

FOOD, BUILD, PROOF, SUBSIDY = "FOOD", "BUILD", "PROOF", "SUBSIDY"
TAXI, ARCHIVE, FOREST, GONE = "TAXI", "ARCHIVE", "FOREST", "GONE"

EVERYBODY: Final = (ApplicantKind.PERSON, ApplicantKind.COMPANY)
ANY_DOOR: Final = (Channel.WINDOW, Channel.WEBSITE, Channel.MOBILE, Channel.COURIER)


def item(code: str, **elements: Any) -> ServiceItem:
    """A promised service for everybody through any door, but for what is said."""
    common: dict[str, Any] = {
        "version": 1,
        "name_zh": code,
        "name_en": code.title(),
        "source": "made up for these stories",
        "item_type": ItemType.LICENCE,
        "tier": Tier.COUNTY,
        "department": "Market",
        "valid_from": date(2025, 1, 1),
        "handling": HandlingKind.PROMISED,
        "promised": Limit.working_days(10),
        "statutory": Limit.working_days(20),
        "serves": EVERYBODY,
        "channels": ANY_DOOR,
        "visits": 1,
        "visit_reason": "identity is checked on site",
        "stages": ("受理", "审核", "审批", "办结", "送达"),
    }
    return ServiceItem(code=code, **{**common, **elements})


ITEMS: Final = (
    item(  # three departments at once
        FOOD,
        plan=(
            PlanStep(step="fire", department="Fire"),
            PlanStep(step="health", department="Health"),
            PlanStep(step="market", department="Market"),
        ),
    ),
    item(  # a graph: survey, then design and safety side by side, then seal; heritage waits for nobody
        BUILD,
        promised=Limit.working_days(30),
        statutory=Limit.working_days(45),
        joint=True,
        plan=(
            PlanStep(step="survey", department="Land"),
            PlanStep(step="heritage", department="Culture"),
            PlanStep(step="design", department="Planning", after=("survey",)),
            PlanStep(step="safety", department="Fire", after=("survey",)),
            PlanStep(step="seal", department="Planning", after=("design", "safety")),
        ),
    ),
    item(  # done at the window while one waits
        PROOF,
        handling=HandlingKind.INSTANT,
        promised=Limit.working_days(0),
        statutory=None,
        visits=0,
        visit_reason=None,
    ),
    item(  # to be claimed within three months
        SUBSIDY,
        serves=(ApplicantKind.PERSON,),
        channels=(Channel.WINDOW, Channel.WEBSITE),
        window_months=3,
        plan=(PlanStep(step="labour", department="Labour"),),
    ),
    item(TAXI, valid_until=day("06-30"), plan=(PlanStep(step="road", department="Transport"),)),
    item(
        TAXI,
        version=2,
        valid_from=day("07-01"),
        promised=Limit.working_days(3),
        statutory=Limit.working_days(15),
        visits=0,
        visit_reason=None,
        plan=(PlanStep(step="police", department="Police"), PlanStep(step="road", department="City")),
    ),
    item(ARCHIVE),  # promised, and nobody else has to be asked
    item(FOREST, statutory=Limit.natural_days(60), plan=(PlanStep(step="wood", department="Forestry"),)),
    item(GONE, valid_until=date(2025, 12, 31)),
)
CATALOGUE: Final = Catalogue(ITEMS)
OFFICE: Final = Office(CATALOGUE, CALENDAR)
LENIENT_OFFICE: Final = Office(CATALOGUE, CALENDAR, DistrictRule(moves_promise=(SuspensionKind.ORDINARY,)))


class Story(testing.Story):
    """A story of this world: its office and its present, unless another is said."""

    file: Any

    def __init__(self, *facts: Fact, office: Office = OFFICE, now: datetime = NOW, file: File | None = NEW) -> None:
        super().__init__(*facts, office=office, now=now, file=file)


E = TypeVar("E")
C = TypeVar("C")


def fact(kind: type[E], when: str, /, *, by: str = OFFICER, **rest: Any) -> E:
    """A fact that happened then."""
    return kind(at=moment(when), by=by, **rest)


def ask(kind: type[C], when: str | None = None, /, *, by: str = OFFICER, **rest: Any) -> C:
    """A command saying it happened then, or saying nothing of the time; it is about the stream of the stories."""
    return kind(**{**_ABOUT[kind], "by": by, "at": None if when is None else moment(when), **rest})


def handing(giver: tuple[HolderKind, str], holder: tuple[HolderKind, str], **rest: Any) -> dict[str, Any]:
    """Who hands papers to whom, in the command and in its fact alike: the lease, where nothing else is said."""
    ends = {"giver_kind": giver[0], "giver": giver[1], "holder_kind": holder[0], "holder": holder[1]}
    return {"materials": ("lease",), **ends, **rest}


_IDS: Final[dict[str, dict[str, Any]]] = {
    "case": {"case": CASE},
    "package": {"package": PACKAGE},
    "box": {"box": BOX},
    "visit": {"hall": HALL, "on": day("03-02"), "number": TICKET},
    "books": {"district": "books-1"},
}
_ABOUT: Final = {command: _IDS.get(kind.word, {kind.word: f"{kind.word}-1"}) for kind in KINDS for command in kind.rules}
"""The field of a command that says which stream it is about is called as its kind is typed; a visit takes three to name, and
of books it says whose they are."""


def visit(number: str, **rest: Any) -> Visit:
    """A visit of that number."""
    return Visit(visit=number, **rest)


def scoped(number: str, when: str = "03-02", hall: str = HALL) -> str:
    """The stream of the visit of that number, on that day, in that hall."""
    return visit_id(hall, day(when), number)


def submitted(when: str = "03-01 20:00", code: str = FOOD, **rest: Any) -> ApplicationSubmitted:
    """Li filed it online."""
    filed = {"channel": Channel.WEBSITE, "applicant": "Li Lei", "applicant_kind": ApplicantKind.PERSON}
    return fact(ApplicationSubmitted, when, by=CITIZEN, item=code, **{**filed, **rest})


def received(when: str = "03-02 09:00", code: str = FOOD, **rest: Any) -> CaseReceived:
    """Wang took in the papers."""
    taken = {
        "channel": Channel.WINDOW,
        "tier": Tier.COUNTY,
        "hall": HALL,
        "department": "Market",
        "applicant": "Li Lei",
        "applicant_kind": ApplicantKind.PERSON,
        "item_type": ItemType.LICENCE,
    }
    return fact(CaseReceived, when, by=CLERK, item=code, **{**taken, **rest})


def accepted(when: str = "03-02 10:00", code: str = FOOD, **rest: Any) -> CaseAccepted:
    """Wang accepted it under what the catalogue said that day."""
    at = moment(when)
    found = CATALOGUE.find(code, at.date())
    assert found is not None
    promise = {
        "effective_on": at.date(),
        "item_version": found.version,
        "handling": found.handling,
        "promised": found.promised,
        "statutory": found.statutory,
        "plan": found.plan,
        "trips_promised": found.visits,
        "calendar": CALENDAR.version,
        "joint": found.joint,
        "item_type": found.item_type,
    }
    return fact(CaseAccepted, when, by=CLERK, item=code, **{**promise, **rest})


_AT: Final = {step.step: step.department for found in ITEMS for step in found.plan if found.code in (FOOD, BUILD)}


def procedure(when: str = "03-05 09:00", declared: int | None = 3, name: str = "S1", **rest: Any) -> Suspended:
    """A special procedure told in writing, which moves both clocks; working days are declared."""
    told = {
        "kind": SuspensionKind.SPECIAL_PROCEDURE,
        "reason": "samples are tested",
        "ground": SpecialGround.TESTING,
        "declared_days": declared,
        "notice": "N1",
        "moves_promise": True,
        "moves_statutory": True,
    }
    return fact(Suspended, when, suspension=name, **{**told, **rest})


def routed(*steps: str, when: str = "03-03 09:00", by: str = OFFICER) -> tuple[CaseRouted, ...]:
    """These steps reached their departments."""
    return tuple(fact(CaseRouted, when, by=by, step=step, department=_AT[step]) for step in steps)


def granted(*steps: str, when: str = "03-04 09:00", by: str = OFFICER) -> tuple[ApprovalGranted, ...]:
    """The departments of these steps said yes."""
    return tuple(fact(ApprovalGranted, when, by=by, step=step, department=_AT[step]) for step in steps)


IN_REVIEW: Final = (received(), accepted())
ROUTED: Final = (*IN_REVIEW, *routed("fire", "health", "market"))
REVIEWED: Final = (*ROUTED, *granted("fire", "health", "market"), fact(ReviewCompleted, "03-04 09:00", granted=True))
DECIDED: Final = (*REVIEWED, fact(DecisionMade, "03-05 09:00", by=HEAD, decision=Decision.GRANTED))
SEALED: Final = (
    *DECIDED,
    fact(CertificateMade, "03-05 10:00", certificate="C1", kind="licence"),
    fact(CertificateSealed, "03-05 11:00", certificate="C1", seal="seal-7"),
)
CLOSED: Final = (*SEALED, fact(CaseClosed, "03-06 09:00", outcome=Outcome.CERTIFICATE_ISSUED))


SAMPLES: Final = Samples(
    {
        datetime: lambda _: moment("03-02 09:00"),
        date: lambda _: day("03-02"),
        bool: lambda _: True,
        int: lambda _: 1,
        str: lambda name: name,
        Limit: lambda _: Limit.working_days(5),
    }
)


def sample(kind: Any) -> Any:
    """Some command or fact, every field filled; a text is the name of its field."""
    return SAMPLES.full(kind)
