"""How a simulated case begins: who comes to which hall for what, and its way from the filing to the promise.

Chance decides what happens to a case, always the same chance for the same seed. It plays by the rules the engine
enforces. What follows the promise is told in :mod:`ops.demo.life`.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from casecore.case.acts.acceptance import AcceptCase, DeclineAcceptance
from casecore.case.acts.application import PassPreReview, ReceiveCase, ReturnPreReview, SubmitApplication
from casecore.case.acts.closing import CloseCase, VoidCase, WithdrawCase
from casecore.case.acts.correction import CorrectOnSpot, RequestCorrection, SubmitCorrection
from casecore.case.acts.courier import ReceiveCourieredMaterials
from casecore.case.command import CaseCommand
from casecore.given import Visit

from casecore.calendar import WorkCalendar
from casecore.service_item import ServiceItem
from casecore.vocabulary import (
    ApplicantKind,
    CausedBy,
    Channel,
    HandlingKind,
    Outcome,
    Place,
    Tier,
    Unit,
)

__all__ = ["CHENGDU", "Act", "Arrival", "Hall", "Life", "accept", "department_of", "file_application", "receive"]

CHENGDU: Final = ZoneInfo("Asia/Shanghai")
OPENS: Final = time(9)
CLOSES: Final = time(17)
SATURDAY: Final = 6
ELSEWHERE: Final = {
    "通州区": "新都区",
    "增城区": "新都区",
    "龙游县": "新都区",
    "海珠区": "新都区",
    "双流区": "新都区",
    "金凤区良田镇": "新都区",
    "黄河商业银行良田镇": "新都区银行",
}
"""Items come from several districts' documents; here one made-up district offers them all."""
SHARES: Final = {
    "papers posted": 0.2,
    "pre-review returned": 0.08,
    "corrected on the spot": 0.05,
    "void": 0.005,
    "typing error": 0.5,
    "declined": 0.012,
    "withdrawn": 0.006,
    "correction": 0.1,  # of the cases whose papers a clerk looks at: about 8 % of all
    "correction for the agency": 0.15,
    "agency told it completely": 0.5,
    "asked again": 0.08,
    "correction never comes": 0.07,
    "correction still awaited": 0.03,
    "corrected online, handed in on paper": 0.2,
    "overdue": 0.06,
    "open": 0.042,
    "refused": 0.025,
    "transferred": 0.025,
    "handed back": 0.03,
    "suspended": 0.06,
    "suspended too long": 0.1,
    "extended": 0.02,
    "result not fetched": 0.02,
    "nothing to hand over": 0.35,
    "courier brings it back": 0.06,
    "courier loses it": 0.011,
    "rated": 0.5,
    "rated by default": 0.15,
    "void in the end": 0.002,
}
"""How often what happens; assumed."""

PLACES: Final = {
    Channel.AGENT_POINT: Place.VILLAGE_POINT,
    Channel.HOME_SERVICE: Place.HOME,
}


class Hall(NamedTuple):
    """A hall (政务服务中心, 便民服务中心) and when it differs from the others."""

    name: str
    desk: str
    """What its clerks' ids begin with."""
    tier: Tier
    weight: int = 1
    late_days: bool = False
    """Takes papers until 18:30 on Monday, Wednesday and Friday."""
    market_days: bool = False
    """逢单赶场: market on odd days of the month."""
    self_service: bool = False
    """Machines only, day and night."""

    def market_day(self, day: date) -> bool:
        """Whether the town has its market."""
        return self.market_days and day.day % 2 == 1


class Arrival(NamedTuple):
    """Somebody files something: a case about to begin."""

    item: ServiceItem
    channel: Channel
    hall: Hall
    at: datetime
    """When it is received."""
    filed_at: datetime
    """When it was filed online; else when it is received."""
    applicant: str
    kind: ApplicantKind
    visit: str
    """The visit it is received in, shared with the applicant's other cases; unused where nobody comes."""

    @property
    def filed(self) -> bool:
        """Whether an application comes in before any papers are received."""
        return self.channel.online or self.channel is Channel.COURIER

    @property
    def instant(self) -> bool:
        """即办件."""
        return self.item.handling is HandlingKind.INSTANT

    @property
    def automatic(self) -> bool:
        """Whether a machine does it all (秒批)."""
        return self.instant and (self.channel is Channel.KIOSK or (self.channel.online and self.item.fully_online))

    def coming(self) -> Visit:
        """The visit itself."""
        place = PLACES.get(self.channel, Place.HALL)
        if self.channel is Channel.KIOSK:
            place = Place.COMMUNITY_KIOSK if self.hall.tier is Tier.TOWNSHIP else Place.HALL_KIOSK
        return Visit(visit=self.visit, place=place)


class Act(NamedTuple):
    """One command in the making."""

    at: datetime
    kind: Callable[..., CaseCommand]
    by: str
    rest: dict[str, Any]


class Life:
    """One case while it is lived: where its clock stands and what was done so far."""

    def __init__(self, case: str, arrival: Arrival, rng: Random, calendar: WorkCalendar) -> None:
        self.case, self.arrival, self.rng, self.calendar = case, arrival, rng, calendar
        self.item = arrival.item
        self.at = arrival.at
        self.acts: list[Act] = []
        number = rng.randint(1, 12)
        self.desk = arrival.hall.desk
        self.window = f"{number:02d}号"
        self.clerk = f"{self.desk}-{number:02d}"
        if arrival.automatic:
            self.clerk = f"{self.desk}-自助{number:02d}"

    def happens(self, what: str) -> bool:
        """Whether it happens to this case."""
        return self.rng.random() < SHARES[what]

    def do(self, kind: Callable[..., CaseCommand], by: str, at: datetime | None = None, /, **rest: Any) -> None:  # noqa: ANN401
        """Act now, or at a given time."""
        self.acts.append(Act(at or self.at, kind, by, rest))

    def wait(self, least: int, most: int) -> None:
        """Let some minutes pass."""
        self.at += timedelta(seconds=self.rng.randint(least * 60, most * 60))

    def sleep(self, least: int, most: int) -> None:
        """Let some working days pass, until the desks are open again."""
        self.wake(self.calendar.due(self.at.date(), self.rng.randint(least, most)))

    def travel(self, least: int, most: int) -> None:
        """Let some natural days pass, or some minutes of the same day."""
        days = self.rng.randint(least, most)
        if days == 0:
            self.wait(5, 90)
        else:
            self.wake(self.at.date() + timedelta(days=days), within=600)

    def wake(self, day: date, within: int = 360) -> None:
        """Go on some minutes after the desks open on a day."""
        self.at = datetime.combine(day, OPENS, CHENGDU) + timedelta(seconds=self.rng.randrange(within * 60))

    def officer(self, department: str) -> str:
        """Somebody of a department; never one of the desk's clerks."""
        return f"{department}-{self.rng.randint(1, 9):02d}"

    def present(self) -> Visit | None:
        """The visit the applicant is on just now, if any: what is done in it costs no further trip."""
        visits = [(act.at.date(), act.rest["visit"]) for act in self.acts if act.rest.get("visit") is not None]
        if not visits or visits[-1][0] != self.at.date() or visits[-1][1].place is Place.HOME:
            return None
        visit: Visit = visits[-1][1]
        return visit

    def visit(self) -> Visit:
        """Another visit of the applicant's, for this case alone."""
        number = 1 + sum(act.rest.get("visit") is not None for act in self.acts)
        return Visit(visit=f"{self.case}-V{number}", place=PLACES.get(self.arrival.channel, Place.HALL))


def department_of(item: ServiceItem) -> str:
    """The implementing organ (实施主体), moved to the district of the play."""
    name = item.department
    for place, here in ELSEWHERE.items():
        name = name.replace(place, here)
    return name


# --- Intake ---


def file_application(life: Life) -> None:
    """Filed online or by courier, seldom handed back once, passed, and followed by papers where they are needed."""
    arrival, rng = life.arrival, life.rng
    begins = datetime.combine(arrival.at.date(), OPENS, CHENGDU)
    application = {
        "item": arrival.item.code,
        "channel": arrival.channel,
        "applicant": arrival.applicant,
        "applicant_kind": arrival.kind,
        "entitled_from": _entitled_from(life),
    }
    life.do(SubmitApplication, arrival.applicant, arrival.filed_at, **application)
    if arrival.automatic:
        life.do(PassPreReview, life.clerk, arrival.at - timedelta(seconds=5))
        return
    papers = arrival.channel is Channel.COURIER or (arrival.filed_at < begins and life.happens("papers posted"))
    passed = arrival.at - timedelta(minutes=rng.randint(2, 12))
    if papers:
        passed = min(passed, max(arrival.filed_at, begins) + timedelta(minutes=rng.randint(4, 12)))
    elif life.happens("pre-review returned"):
        since = max(arrival.filed_at, begins)
        quarter = (passed - since) / 4
        reason = "材料照片不清晰,请重新上传"
        life.do(ReturnPreReview, life.clerk, since + quarter, reason=reason, materials=arrival.item.materials[:1])
        life.do(SubmitApplication, arrival.applicant, since + 3 * quarter, **application)
    life.do(PassPreReview, life.clerk, passed)
    if papers:
        life.do(
            ReceiveCourieredMaterials,
            life.clerk,
            arrival.at - timedelta(seconds=rng.randint(10, 100)),
            consignment=f"{life.case}-IN1",
            materials=arrival.item.materials,
        )


def receive(life: Life) -> None:
    """The papers come to the desk, or are taken over from the application."""
    arrival = life.arrival
    hall: dict[str, Any] = {"hall": arrival.hall.name, "tier": arrival.hall.tier}
    hall["department"] = department_of(arrival.item)
    if arrival.filed:
        life.do(ReceiveCase, life.clerk, **hall, materials=arrival.item.materials)
        return
    agent = arrival.channel in (Channel.AGENT_POINT, Channel.HOME_SERVICE)
    life.do(
        ReceiveCase,
        life.clerk,
        **hall,
        item=arrival.item.code,
        channel=arrival.channel,
        window=None if agent else life.window,
        applicant=arrival.applicant,
        applicant_kind=arrival.kind,
        materials=arrival.item.materials,
        assisted=agent,
        entitled_from=_entitled_from(life),
        visit=arrival.coming(),
    )


def _entitled_from(life: Life) -> date | None:
    """A day from which this applicant may file, for items with an application window (申报期)."""
    months = life.item.window_months
    return None if months is None else life.arrival.filed_at.date() - timedelta(days=28 * months - 4)


def accept(life: Life) -> bool:
    """From the papers on the desk to the promise; False where the case ends, or stays, before it."""
    arrival, rng = life.arrival, life.rng
    if arrival.automatic:
        life.at += timedelta(seconds=rng.randint(3, 20))
        life.do(AcceptCase, life.clerk)
        return True
    if arrival.hall.self_service:
        _until_desks_are_open(life)
    life.wait(3, 8)
    at_desk = not arrival.filed and not arrival.hall.self_service
    if at_desk and life.item.materials and life.happens("corrected on the spot"):
        life.do(CorrectOnSpot, life.clerk, materials=life.item.materials[:1])
        life.wait(2, 5)
    if _refused_at_the_desk(life) or (life.item.materials and life.happens("correction") and not _corrected(life)):
        return False
    life.wait(1, 4)
    if not arrival.instant:
        _until_desks_are_open(life)
    # What is promised in hours is done while one waits, on a Saturday too; days are promised from the next working day.
    at_once = False if life.item.promised.unit is Unit.HOUR else None
    life.do(AcceptCase, life.clerk, notice=f"{life.case}-SL", receipt_only=at_once)
    return True


def _refused_at_the_desk(life: Life) -> bool:
    if life.happens("void"):
        life.do(VoidCase, life.clerk, reason="与同日另一办件重复录入", typing_error=life.happens("typing error"))
        return True
    if life.happens("declined"):
        remedy = "可在六十日内申请行政复议,或在六个月内提起行政诉讼"
        life.do(DeclineAcceptance, life.clerk, reason="所申请事项依法不需要取得行政许可或不属于本机关职权", remedy=remedy)
        return True
    if life.happens("withdrawn"):
        life.wait(5, 40)
        life.do(WithdrawCase, life.arrival.applicant, reason="申请人自行撤回")
        return True
    return False


def _corrected(life: Life) -> bool:
    """A correction notice and what follows; False where the corrections never come."""
    rng = life.rng
    agency = life.happens("correction for the agency")
    asked = rng.sample(life.item.materials, k=min(len(life.item.materials), rng.randint(1, 2)))
    complete = not agency or life.happens("agency told it completely")
    cause = CausedBy.AGENCY if agency else CausedBy.APPLICANT
    for number in range(1, 2 + life.happens("asked again")):
        life.do(
            RequestCorrection,
            life.clerk,
            materials=tuple(asked),
            complete=complete,
            caused_by=cause,
            notice=f"{life.case}-BZ{number}",
        )
        asked = asked[:1]
        if life.happens("correction never comes"):
            life.sleep(20, 30)
            life.do(CloseCase, life.clerk, outcome=Outcome.CORRECTION_NOT_SUPPLIED, reason="逾期未补正")
            return False
        if life.happens("correction still awaited"):
            return False
        life.sleep(1, 6)
        comes = not life.arrival.filed or life.happens("corrected online, handed in on paper")
        visit = life.visit() if comes and life.arrival.channel is not Channel.HOME_SERVICE else None
        life.do(SubmitCorrection, life.arrival.applicant, materials=tuple(asked), visit=visit)
        life.wait(3, 15)
    return True


def _until_desks_are_open(life: Life) -> None:
    """Papers taken late or by a machine at night wait for a clerk."""
    day = life.at.date()
    open_today = life.calendar.is_working(day) or day.isoweekday() == SATURDAY
    if open_today and life.at.time() < OPENS:
        life.wake(day, within=60)
    elif not open_today or life.at.time() >= CLOSES:
        life.wake(life.calendar.due(day, 1), within=60)
