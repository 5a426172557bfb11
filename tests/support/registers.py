"""The world of the stories with its registers: a theme (一件事), a place of intake, seals, a drop box; and its facts."""

from dataclasses import replace
from datetime import date
from typing import Any, Final

from casecore import (
    ApplicantKind,
    Area,
    BoxCollected,
    BoxDeposit,
    BoxDeposited,
    Catalogue,
    Channel,
    Choice,
    Condition,
    DropBox,
    Elsewhere,
    Limit,
    MemberAccepted,
    MemberEnded,
    MemberStarted,
    Office,
    OpenPackage,
    Outcome,
    PackageAccepted,
    PackageClosed,
    PackageOpened,
    Place,
    PlannedCase,
    Question,
    Seal,
    Site,
    Stage,
    Theme,
    ThemeItem,
    Tier,
)
from casecore.package.facts.opening import FormField
from support.story import (
    ANY_DOOR,
    BOX,
    CALENDAR,
    CLERK,
    EVERYBODY,
    FOOD,
    HALL,
    ITEMS,
    OFFICER,
    PACKAGE,
    ask,
    day,
    fact,
    item,
    moment,
)

SHOP, SIGN, STALL = "SHOP", "SIGN", "STALL"
BOOKS, GONE_THEME = "BOOKS", "GONE_THEME"
VILLAGE: Final = "Hexing Village"
CLOSED_HALL: Final = "Old Hall"
FAR_HALL: Final = "Hall across the River"
CLOSED_BOX: Final = "BOX-OLD"

THEME: Final = Theme(  # a shop sign waits for the shop's licence, a stall before it only for its closing
    code=BOOKS,
    version=1,
    name_zh="我要开书店",
    name_en="A bookshop",
    source="made up for these stories",
    valid_from=date(2025, 1, 1),
    serves=EVERYBODY,
    channels=ANY_DOOR,
    items=(
        ThemeItem(item=SHOP, when=(Condition(question="what", answers=("shop", "stall")),)),
        ThemeItem(item=SIGN, when=(Condition(question="what", answers=("shop",)),), after=(SHOP,)),
        ThemeItem(item=STALL, when=(Condition(question="what", answers=("stall",)),), conditional_on=(SHOP,)),
    ),
    questions=(Question(question="what", ask_zh="开什么店?", answers=("shop", "stall", "nothing")),),
    form=("name",),
    materials=("identity", "lease"),
    promised=Limit.working_days(10),
    visits=2,
)


def site(code: str, **elements: Any) -> Site:
    """A hall of the county that takes everything, but for what is said."""
    common: dict[str, Any] = {
        "name_zh": "政务服务中心",
        "source": "made up for these stories",
        "place": Place.HALL,
        "tier": Tier.COUNTY,
    }
    return Site(code=code, **{**common, **elements})


WORLD: Final = Office(
    Catalogue(
        (
            *(
                replace(one, fee=True, materials=("identity", "lease", "form"), licence_materials=("identity",))
                if one.code == FOOD
                else one
                for one in ITEMS
            ),
            item(SHOP, materials=("identity", "lease"), licence_materials=("identity",)),
            item(SIGN, materials=("identity", "sketch")),
            item(STALL, materials=("identity",)),
        ),
        themes=(THEME, replace(THEME, code=GONE_THEME, valid_until=date(2025, 12, 31))),
        sites=(
            Site(code=HALL, name_zh="城北政务大厅", source="made up for these stories", place=Place.HALL, tier=Tier.COUNTY),
            Site(
                code=VILLAGE,
                name_zh="河兴村便民服务站",
                source="made up for these stories",
                place=Place.VILLAGE_POINT,
                tier=Tier.VILLAGE,
                elsewhere=(Elsewhere(item=FOOD, where=HALL),),
            ),
            site(HALL),
            site(CLOSED_HALL, valid_until=day("02-28")),
            site(FAR_HALL, away=Area.CROSS_COUNTY),
        ),
        seals=(
            Seal(code="seal-7", name_zh="专用章", source="story", department="Market", valid_from=date(2026, 1, 1)),
            Seal(code="seal-8", name_zh="消防专用章", source="story", department="Fire", valid_from=date(2026, 1, 1)),
            Seal(
                code="seal-old",
                name_zh="旧章",
                source="story",
                department="Market",
                valid_from=date(2020, 1, 1),
                valid_until=day("01-31"),
            ),
        ),
        boxes=(
            DropBox(code=BOX, name_zh="小蜜蜂箱", source="made up for these stories", hall=HALL),
            DropBox(code=CLOSED_BOX, name_zh="旧箱", source="story", hall=HALL, valid_from=date(2026, 12, 31)),
        ),
    ),
    CALENDAR,
)

Fields = dict[str, Any]


def member(code: str, package: str = PACKAGE) -> str:
    """The case of an item in a package about the applicant alone."""
    return f"{package}-{code}"


def open_package(when: str | None = "03-02 09:00", what: str = "shop", **rest: Any) -> OpenPackage:
    """Li asks at the window for everything a bookshop, or a stall, takes."""
    asked: Fields = {
        "theme": BOOKS,
        "applicant": "Li Lei",
        "applicant_kind": ApplicantKind.PERSON,
        "hall": HALL,
        "answers": (Choice(question="what", answer=what),),
        "form": (FormField(name="name", value="Fenghuang"),),
    }
    return ask(OpenPackage, when, by=CLERK, **{**asked, **rest})


def planned(code: str, **rest: Any) -> PlannedCase:
    """A case the package opens."""
    return PlannedCase(case=member(code), item=code, **rest)


FOR_A_SHOP: Final = (planned(SHOP), planned(SIGN, after=(member(SHOP),)))
FOR_A_STALL: Final = (planned(SHOP), planned(STALL, conditional_on=(member(SHOP),)))


def opened(when: str = "03-02 09:00", cases: tuple[PlannedCase, ...] = FOR_A_SHOP, **rest: Any) -> PackageOpened:
    """It was opened at the window."""
    told: Fields = {
        "theme": BOOKS,
        "theme_version": 1,
        "applicant": "Li Lei",
        "applicant_kind": ApplicantKind.PERSON,
        "channel": Channel.WINDOW,
        "hall": HALL,
        "tier": Tier.COUNTY,
        "window": None,
        "assisted": False,
        "answers": (Choice(question="what", answer="shop"),),
        "form": (FormField(name="name", value="Fenghuang"),),
        "promised": THEME.promised,
        "visits_promised": THEME.visits,
    }
    return fact(PackageOpened, when, by=CLERK, cases=cases, **{**told, **rest})


def member_accepted(code: str, when: str = "03-03 09:00") -> MemberAccepted:
    """A case was accepted, its limits running from that day."""
    return fact(MemberAccepted, when, case=member(code), effective_on=moment(when).date())


def member_started(code: str, when: str = "03-06 09:00") -> MemberStarted:
    """A case that had waited was opened."""
    return fact(MemberStarted, when, case=member(code))


def member_ended(
    code: str, when: str = "03-06 09:00", *, granted: bool = True, pending: tuple[str, ...] = ()
) -> MemberEnded:
    """A case was closed, with what was applied for or without it."""
    outcome = Outcome.CERTIFICATE_ISSUED if granted else Outcome.RETURNED
    told: Fields = {"stage": Stage.CLOSED, "outcome": outcome, "granted": granted, "pending": pending}
    return fact(MemberEnded, when, case=member(code), **told)


def package_accepted(when: str = "03-03 09:00") -> PackageAccepted:
    """The joint limits run."""
    joint = Limit.working_days(45)
    return fact(
        PackageAccepted, when, effective_on=moment(when).date(), statutory=joint, calendar=CALENDAR.version
    )  # by the officer who accepted the last case


def package_closed(when: str = "03-12 09:00", granted: int = 2, failed: int = 0) -> PackageClosed:
    """Every case has ended."""
    return fact(PackageClosed, when, granted=granted, failed=failed)


def deposited(when: str = "03-02 20:00", deposit: str = "D1", case: str = "A", **rest: Any) -> BoxDeposited:
    """Somebody's papers lie in the box."""
    return fact(BoxDeposited, when, by="li", case=case, deposit=deposit, **rest)


def collected(when: str, *taken: BoxDeposited) -> BoxCollected:
    """The box was emptied of these."""
    out = tuple(BoxDeposit(case=one.case, deposit=one.deposit) for one in taken)
    return fact(BoxCollected, when, by=OFFICER, deposits=out)


ACCEPTED: Final = (opened(), member_accepted(SHOP), package_accepted())
HALF_DONE: Final = (*ACCEPTED, member_ended(SHOP), member_started(SIGN))
FINISHED: Final = (*HALF_DONE, member_accepted(SIGN, "03-09 09:00"), member_ended(SIGN, "03-12 09:00"), package_closed())
