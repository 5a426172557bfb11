"""The catalogue's consistency rules, each reached by one change to a sound item; and finding the version in force."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from casecore.limits import Limit
from casecore.plan import PlanStep
from casecore.service_item import Catalogue, ServiceItem, unsound, working_minutes
from casecore.soundness import flaws
from casecore.theme import Baseline, Theme, ThemeItem
from casecore.vocabulary import ApplicantKind, Channel, HandlingKind, ItemType, Tier, Unit

LICENCE = ServiceItem(
    code="shop",
    version=1,
    name_zh="开店",
    name_en="A shop",
    source="made up",
    item_type=ItemType.LICENCE,
    tier=Tier.COUNTY,
    department="市场监管局",
    valid_from=date(2020, 1, 1),
    handling=HandlingKind.PROMISED,
    promised=Limit.working_days(10),
    statutory=Limit.working_days(20),
    serves=(ApplicantKind.COMPANY, ApplicantKind.PERSON),
    themes=(ApplicantKind.COMPANY,),
    channels=(Channel.WINDOW, Channel.WEBSITE),
    online_depth=(1, 2, 3, 4),
    visits=1,
    visit_reason="领取许可证",
    plan=(
        PlanStep(step="look", department="消防"),
        PlanStep(step="sign", department="局长", after=("look",)),
    ),
    stages=("受理", "审核", "审批", "办结", "送达"),
    fee=True,
    online_payment=True,
)
INSTANT = replace(LICENCE, handling=HandlingKind.INSTANT, promised=Limit.working_days(0), plan=())


def breaches(item: ServiceItem, **changes: Any) -> list[tuple[str, str]]:
    return list(unsound(replace(item, **changes)))


def breach(item: ServiceItem, **changes: Any) -> tuple[str, str]:
    (only,) = breaches(item, **changes)
    return only


# --- Sound ---


def test_the_items_to_be_changed_are_sound() -> None:
    assert breaches(LICENCE) == []
    assert breaches(INSTANT) == []


def test_courier_alone_makes_an_item_one_without_a_visit() -> None:
    assert breaches(LICENCE, visits=0, online_depth=(), channels=(Channel.COURIER,)) == []


def test_a_promise_as_long_as_the_law_is_sound() -> None:
    assert breaches(LICENCE, promised=Limit.working_days(20)) == []


def test_a_fixed_date_is_not_compared_with_the_law() -> None:
    assert breaches(LICENCE, promised=Limit.fixed(date(2030, 1, 1))) == []
    assert breaches(LICENCE, statutory=Limit.fixed(date(2020, 1, 1))) == []


def test_an_item_other_than_a_licence_may_show_fewer_stages() -> None:
    assert breaches(LICENCE, item_type=ItemType.PUBLIC_SERVICE, stages=("受理", "办结")) == []


# --- Unsound ---


def test_an_instant_item_that_promises_days_is_unsound() -> None:
    key, sentence = breach(INSTANT, promised=Limit.working_days(1))
    assert (key, sentence) == ("handling", "即办件 and a promise of 1 working day contradict each other")


def test_a_promised_item_that_promises_nothing_but_now_is_unsound() -> None:
    key, sentence = breach(LICENCE, promised=Limit.hours(0))
    assert (key, sentence) == ("handling", "承诺件 and a promise of 0 hours contradict each other")


def test_an_instant_item_with_a_fixed_date_is_unsound() -> None:
    assert breach(INSTANT, promised=Limit.fixed(date(2020, 6, 1)))[0] == "handling"


@pytest.mark.parametrize(
    ("promised", "statutory"),
    [
        (Limit.working_days(21), Limit.working_days(20)),
        (Limit.working_days(6), Limit.natural_days(7)),
        (Limit.natural_days(29), Limit.working_days(20)),
        (Limit.hours(8), Limit.working_days(1)),
        (Limit.working_days(1), Limit.hours(6)),
    ],
    ids=str,
)
def test_a_promise_longer_than_the_law_is_unsound(promised: Limit, statutory: Limit) -> None:
    key, sentence = breach(LICENCE, promised=promised, statutory=statutory)
    assert (key, sentence) == ("promised", f"the promise of {promised} exceeds the statutory limit of {statutory}")


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("promised", {"promised": Limit(5, Unit.FIXED_DATE, date(2026, 3, 9)), "statutory": None}),
        ("statutory", {"statutory": Limit(5, Unit.FIXED_DATE, date(2026, 3, 9))}),
        ("promised", {"promised": Limit.working_days(999_999), "statutory": None}),
        ("statutory", {"statutory": Limit.years(101)}),
        ("plan", {"plan": (PlanStep(step="look", department="消防", limit=Limit.minutes(10**9)),)}),
        ("before", {"before": Baseline(source="made up", limit=Limit.months(1201))}),
    ],
    ids=["promised twice", "law told twice", "promise of centuries", "law of centuries", "step of centuries", "before"],
)
def test_a_limit_that_says_two_things_or_outlasts_every_calendar_is_unsound(key: str, changes: dict[str, Any]) -> None:
    assert [found for found, _ in flaws(replace(LICENCE, **changes))] == [key]


def test_a_theme_promises_no_centuries_either() -> None:
    theme = Theme(
        code="open", version=1, name_zh="开店", name_en="A shop", source="made up", valid_from=date(2020, 1, 1),
        serves=(ApplicantKind.COMPANY,), channels=(Channel.WINDOW,), items=(ThemeItem(item="shop"),),
        promised=Limit.natural_days(36_501), visits=1, before=Baseline(source="made up", limit=Limit.years(101)),
    )  # fmt: skip

    assert [key for key, _ in flaws(theme)] == ["promised", "before"]


@pytest.mark.parametrize(
    ("promised", "statutory"),
    [
        (Limit.working_days(5), Limit.natural_days(7)),
        (Limit.natural_days(28), Limit.working_days(20)),
        (Limit.hours(7), Limit.working_days(1)),
        (Limit.working_days(20), Limit.months(1)),
        (Limit.months(3), Limit.natural_days(92)),
        (Limit.months(12), Limit.years(1)),
    ],
    ids=str,
)
def test_limits_are_compared_in_working_days(promised: Limit, statutory: Limit) -> None:
    assert breaches(LICENCE, promised=promised, statutory=statutory) == []


@pytest.mark.parametrize(
    ("limit", "at_seven", "at_eight"),
    [
        (Limit.working_days(0), 0, 0),
        (Limit.working_days(6), 2_520, 2_880),
        (Limit.natural_days(7), 2_100, 2_400),
        (Limit.natural_days(1), 300, 343),  # 342.86
        (Limit.natural_days(2), 600, 686),  # 685.71
        (Limit.natural_days(3), 900, 1_029),  # 1028.57
        (Limit.natural_days(4), 1_200, 1_371),  # 1371.43
        (Limit.months(12), 109_500, 125_143),  # 365 natural days; at eight hours 125142.86
        (Limit.years(1), 109_500, 125_143),
        (Limit.months(1), 9_125, 10_429),  # 30.42 natural days; 10428.57
        (Limit.whole_months(2), 18_250, 20_857),  # 20857.14
        (Limit.half_days(1), 210, 240),
        (Limit.half_days(3), 630, 720),
        (Limit.hours(2), 120, 120),
        (Limit.minutes(45), 45, 45),
        (Limit.fixed(date(2030, 1, 1)), None, None),
    ],
    ids=str,
)
def test_a_limit_is_compared_in_whole_working_minutes(limit: Limit, at_seven: int | None, at_eight: int | None) -> None:
    assert working_minutes(limit) == working_minutes(limit, 7) == at_seven
    assert working_minutes(limit, 8) == at_eight


def test_a_negative_number_of_visits_is_unsound() -> None:
    assert breach(LICENCE, visits=-1)[0] == "visits"


@pytest.mark.parametrize("reason", [None, ""])
def test_a_visit_without_its_reason_is_unsound(reason: str | None) -> None:
    assert breach(LICENCE, visit_reason=reason)[0] == "visit_reason"


def test_neither_visit_nor_online_nor_courier_is_unsound() -> None:
    assert breach(LICENCE, visits=0, online_depth=(1,))[0] == "channels"


def test_fully_online_with_a_visit_is_unsound() -> None:
    assert breach(LICENCE, online_depth=(5,)) == ("visits", "全程网办 (depth 5-7) means no visit")


def test_online_payment_without_a_fee_is_unsound() -> None:
    assert breach(LICENCE, fee=False)[0] == "online_payment"


def test_a_licence_with_fewer_than_five_stages_is_unsound() -> None:
    assert breach(LICENCE, stages=("受理", "审核", "审批", "办结"))[0] == "stages"


def test_a_theme_for_someone_the_item_does_not_serve_is_unsound() -> None:
    assert breach(LICENCE, themes=(ApplicantKind.ORGAN,))[0] == "themes"


@pytest.mark.parametrize("depth", [0, 10])
def test_an_online_depth_outside_its_table_is_unsound(depth: int) -> None:
    assert breach(LICENCE, online_depth=(2, depth))[0] == "online_depth"


def test_an_item_nobody_can_apply_for_is_unsound() -> None:
    assert breach(LICENCE, channels=()) == ("channels", "no 办理形式")


def test_an_item_for_nobody_is_unsound() -> None:
    assert breach(LICENCE, serves=(), themes=()) == ("serves", "no 服务对象")


def test_a_version_that_ends_before_it_begins_is_unsound() -> None:
    assert breach(LICENCE, valid_until=date(2019, 12, 31))[0] == "valid_until"


def test_an_application_window_shorter_than_a_month_is_unsound() -> None:
    assert breach(LICENCE, window_months=0)[0] == "window_months"


def test_an_instant_item_with_a_plan_is_unsound() -> None:
    assert breach(INSTANT, plan=LICENCE.plan)[0] == "plan"


def test_a_plan_that_names_a_step_twice_is_unsound() -> None:
    look = PlanStep(step="look", department="消防")
    assert breach(LICENCE, plan=(look, look)) == ("plan", "plan names a step twice")


def test_a_plan_that_waits_for_a_step_it_does_not_have_is_unsound() -> None:
    sign = PlanStep(step="sign", department="局长", after=("pay",))
    assert breach(LICENCE, plan=(sign,)) == ("plan", "plan step sign waits for pay, which is not in the plan")


def test_a_plan_that_runs_in_a_circle_is_unsound() -> None:
    first = PlanStep(step="first", department="甲", after=("second",))
    second = PlanStep(step="second", department="乙", after=("first",))
    free = PlanStep(step="free", department="丙")
    assert breach(LICENCE, plan=(first, second, free)) == ("plan", "plan runs in a circle: first, second")


def test_a_step_that_waits_for_itself_is_unsound() -> None:
    assert breach(LICENCE, plan=(PlanStep(step="look", department="消防", after=("look",)),))[0] == "plan"


def test_every_breach_is_named_not_only_the_first() -> None:
    found = breaches(LICENCE, visit_reason=None, fee=False, stages=())
    assert [key for key, _ in found] == ["visit_reason", "online_payment", "stages"]


# --- Online ---


@pytest.mark.parametrize(
    ("depths", "online", "fully"),
    [((), False, False), ((1,), False, False), ((9,), False, False), ((1, 2), True, False), ((4, 5), True, True)],
)
def test_the_depth_says_how_far_an_item_goes_online(depths: tuple[int, ...], *, online: bool, fully: bool) -> None:
    item = replace(LICENCE, online_depth=depths)
    assert (item.online, item.fully_online) == (online, fully)


# --- The catalogue ---


def test_the_version_in_force_is_found_by_local_date() -> None:
    first = replace(LICENCE, valid_until=date(2020, 12, 31))
    second = replace(LICENCE, version=2, valid_from=date(2021, 1, 1))
    catalogue = Catalogue([second, first])
    assert catalogue.find("shop", date(2019, 12, 31)) is None
    assert catalogue.find("shop", date(2020, 1, 1)) is first
    assert catalogue.find("shop", date(2020, 12, 31)) is first
    assert catalogue.find("shop", date(2021, 1, 1)) is second
    assert catalogue.find("shop", date(2099, 1, 1)) is second


def test_between_two_versions_an_item_is_known_but_not_in_force() -> None:
    catalogue = Catalogue(
        [
            replace(LICENCE, valid_until=date(2020, 6, 30)),
            replace(LICENCE, version=2, valid_from=date(2021, 1, 1)),
        ]
    )
    assert catalogue.find("shop", date(2020, 8, 1)) is None
    assert catalogue.known("shop")
    assert not catalogue.known("ship")
    assert catalogue.find("ship", date(2020, 8, 1)) is None


def test_a_catalogue_is_walked_by_code_and_version() -> None:
    second = replace(LICENCE, version=2, valid_from=date(2021, 1, 1))
    other = replace(LICENCE, code="inn")
    catalogue = Catalogue([second, LICENCE, other])
    assert list(catalogue) == [other, LICENCE, second]
    assert len(catalogue) == 3
