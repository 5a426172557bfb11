"""The packages, places, seals and drop boxes of the shipped catalogue say what the seeds say, figure by figure."""

from datetime import date, datetime
from itertools import product
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from adapters.catalogue_toml import load_catalogue
from adapters.testing.opened import open_desk
from casecore import Refused
from casecore.door import check
from casecore.limits import Limit
from casecore.package.acts.opening import OpenPackage
from casecore.package.facts.opening import FormField
from casecore.service_item import Catalogue, ServiceItem
from casecore.theme import Choice, Theme, unsound_theme
from casecore.vocabulary import Area, Channel, HandlingKind, ItemLabel, Place, Tier, Unit

ON: Final = date(2021, 3, 1)
SHIPPED: Final = load_catalogue()
STARTUP: Final = ("startup-licence", "startup-seal", "startup-account", "startup-tax", "startup-invoices")


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return SHIPPED


def theme(code: str) -> Theme:
    found = SHIPPED.theme(code, ON)
    assert found is not None
    return found


def item(code: str) -> ServiceItem:
    found = SHIPPED.find(code, ON)
    assert found is not None
    return found


def names(found: Theme) -> tuple[str, ...]:
    return tuple(one.item for one in found.items)


def called_for(found: Theme, **answers: str) -> set[str]:
    return {one.item for one in found.called_for(answers)}


# --- All of them ---


def test_every_shipped_theme_is_sound_and_passes_the_door(shipped: Catalogue) -> None:
    assert [(theme.code, flaw) for theme in shipped.themes for flaw in unsound_theme(theme)] == []
    for one in (*shipped.themes, *shipped.sites.values(), *shipped.seals.values(), *shipped.boxes.values()):
        check(one)


def test_every_item_of_a_theme_takes_whoever_the_theme_serves_however_they_come(shipped: Catalogue) -> None:
    for found in shipped.themes:
        for one in map(item, names(found)):
            assert set(found.channels) <= set(one.channels), (found.code, one.code)
            assert set(found.serves) <= set(one.serves), (found.code, one.code)


def test_every_material_handed_in_for_the_whole_is_required_by_some_item(shipped: Catalogue) -> None:
    for found in shipped.themes:
        required = {material for code in names(found) for material in item(code).materials}
        assert set(found.materials) <= required, found.code


OF_THE_PLAY = "No source document: the demonstration's "


def test_every_theme_site_and_box_names_its_seed_and_so_does_every_figure_of_before(shipped: Catalogue) -> None:
    seeds = ("S0 Chengdu", "S1 Xindu", "S2 ", "S3 Tongzhou", "S4 Zengcheng")
    sourced = (*shipped.themes, *shipped.sites.values(), *shipped.boxes.values())
    before = [one.before for one in (*shipped, *shipped.themes) if one.before is not None]
    assert len(before) > 8
    unsourced = [one.source for one in (*sourced, *before) if not one.source.startswith(seeds)]
    assert [source for source in unsourced if not source.startswith(OF_THE_PLAY)] == []
    assert len(unsourced) == 1


def test_only_the_play_has_seals_without_a_source_document(shipped: Catalogue) -> None:
    organs = {one.department for one in shipped}
    unsourced = [seal for seal in shipped.seals.values() if not seal.source or seal.source.startswith("No source document")]
    assert all(seal.source.startswith(OF_THE_PLAY) for seal in unsourced)
    on_paper = {seal.department for seal in unsourced if not seal.electronic}
    assert on_paper.isdisjoint(organs)
    assert all("新都区" in organ or organ == "市场监管" for organ in on_paper)


@pytest.mark.parametrize("code", [theme.code for theme in SHIPPED.themes])
def test_every_theme_opens_through_each_of_its_channels_whatever_is_answered(code: str) -> None:
    found = theme(code)
    answered = list(product(*(question.answers for question in found.questions)))
    with open_desk("memory:", district="510114", catalogue=SHIPPED) as engine:
        for n, (channel, kind, answers) in enumerate(product(found.channels, found.serves, answered)):
            choices = tuple(Choice(question=q.question, answer=a) for q, a in zip(found.questions, answers, strict=True))
            opened = engine.handle(
                OpenPackage(
                    package=f"PKG-{n}",
                    by="clerk",
                    at=datetime(2021, 3, 1, 10, tzinfo=ZoneInfo("Asia/Shanghai")),
                    theme=code,
                    applicant="applicant",
                    hall="新都区政务服务中心",
                    applicant_kind=kind,
                    channel=channel,
                    answers=choices,
                    form=tuple(FormField(name=field, value="填写") for field in found.form),
                )
            )
            assert not isinstance(opened, Refused), (channel, kind, answers)
            called = found.called_for({choice.question: choice.answer for choice in choices})
            begun = {case for case in (f"PKG-{n}-{one.item}" for one in called) if engine.file(case).applied_at is not None}
            assert begun == {f"PKG-{n}-{one.item}" for one in called if not one.after}


# --- One by one ---


def test_the_020_takes_no_papers_for_28_two_hours_for_six_days_and_one_visit_for_six() -> None:
    start = theme("company-020")
    assert start.before is not None
    assert (start.materials, start.before.materials) == ((), 28)
    assert (start.promised, start.before.limit) == (Limit.hours(2), Limit.working_days(6))
    assert (start.visits, start.before.visits) == (1, 6)
    assert [item(code).fee for code in names(start)] == [False] * 5


def test_the_020_goes_to_five_services_at_the_same_time_and_none_is_final_before_the_licence() -> None:
    start = theme("company-020")
    assert names(start) == STARTUP
    assert all(one.after == () for one in start.items)
    assert [one.conditional_on for one in start.items] == [(), *[("startup-licence",)] * 4]
    assert len({item(code).department for code in names(start)}) == 4  # 照, 章, 户 and 税, which is asked for two things


def test_the_online_start_up_joins_five_links_in_one_filing_of_one_day_without_a_visit() -> None:
    start = theme("company-online")
    assert (start.promised, start.visits, start.before) == (Limit.working_days(1), 0, None)
    assert [item(code).name_zh.removeprefix("“e窗通”") for code in names(start)] == [
        "营业执照申请",
        "公章发放",
        "发票领取",
        "员工“五险一金”登记",
        "银行开户",
    ]
    assert all(item(code).fully_online and not item(code).fee for code in names(start))
    assert {channel for channel in start.channels if channel.online} == set(start.channels)


def test_bookstores_take_ten_working_days_instead_of_twenty_and_two_visits() -> None:
    stores = theme("bookstores")
    assert stores.before is not None
    assert (stores.promised, stores.before.limit, stores.visits) == (Limit.working_days(10), Limit.working_days(20), 2)
    assert names(stores) == ("bookstore-licence",)
    assert item("bookstore-licence").promised == stores.promised
    assert {"新闻出版", "住建"} <= {step.department for step in item("bookstore-licence").plan}
    assert stores.materials == item("bookstore-licence").materials


def test_the_bookstores_theme_begins_with_the_licence_that_asks_the_departments_at_once() -> None:
    assert SHIPPED.theme("bookstores", date(2019, 12, 31)) is None
    assert theme("bookstores").valid_from == item("bookstore-licence").valid_from == date(2020, 1, 1)


def test_a_house_takes_power_water_and_gas_with_it_on_one_visit_instead_of_six() -> None:
    house = theme("house-and-utilities")
    assert names(house) == ("house-transfer", "power-transfer", "water-transfer", "gas-transfer")
    assert [one.after for one in house.items] == [(), *[("house-transfer",)] * 3]
    assert house.before is not None
    windows, halls = item("house-transfer").before, [item(code).before for code in names(house)[1:]]
    assert windows is not None
    assert windows.visits == 3
    assert [hall and hall.visits for hall in halls] == [1, 1, 1]
    assert (house.before.visits, house.visits) == (6, 1)
    # about 40 and about 10 minutes
    assert house.promised.unit is Unit.HOUR
    assert house.promised.amount * 60 >= 40 + 10


def test_the_papers_of_the_house_are_all_that_power_water_and_gas_ask_for() -> None:
    house = theme("house-and-utilities")
    for code in names(house)[1:]:
        assert item(code).materials
        assert set(item(code).materials) <= set(house.materials) & set(item("house-transfer").materials)
        assert item(code).handling is HandlingKind.INSTANT


def test_a_project_goes_through_five_stages_one_strictly_after_the_other() -> None:
    project = theme("investment-project")
    assert [item(code).name_zh for code in names(project)] == [
        "项目单位注册",
        "项目立项",
        "建筑方案审批",
        "施工图审批",
        "竣工验收产权证办理",
    ]
    assert [one.after for one in project.items] == [(), *((code,) for code in names(project)[:-1])]
    assert all(one.conditional_on == () for one in project.items)
    assert sum(item(code).promised.amount for code in names(project)) == project.promised.amount


@pytest.mark.parametrize(
    ("answers", "items"),
    [
        ({"trade": "catering", "food": "yes"}, {"restaurant-licence"}),
        ({"trade": "hotel", "food": "no"}, {"fire-check", "hygiene-licence", "hotel-licence"}),
        ({"trade": "hotel", "food": "yes"}, {"food-licence", "fire-check", "hygiene-licence", "hotel-licence"}),
        ({"trade": "leisure", "food": "no"}, {"fire-check", "hygiene-licence", "entertainment-licence"}),
    ],
)
def test_the_trade_says_which_licences_are_called_for(answers: dict[str, str], items: set[str]) -> None:
    assert called_for(theme("post-licences"), **answers) == items


def test_the_licences_of_a_trade_are_asked_for_on_one_visit_with_one_set_of_papers() -> None:
    post = theme("post-licences")
    assert post.visits == 1
    for code in names(post):
        assert set(item(code).materials) <= set(post.materials)


def test_the_village_point_takes_every_item_but_the_one_that_is_paid_at_the_bank(shipped: Catalogue) -> None:
    point = shipped.sites["和顺新村为民办事代办点"]
    assert (point.place, point.tier, point.items) == (Place.VILLAGE_POINT, Tier.VILLAGE, ())
    where = point.instead("resident-insurance-payment")
    assert where is not None
    assert where.startswith("黄河商业银行")
    assert "38 of 39" in point.source
    refused = {one.code for one in shipped if point.instead(one.code) is not None}
    assert refused == {"resident-insurance-payment"}
    assert item("resident-insurance-payment").name_zh == "城乡居民社会保险缴费"


def test_the_senior_card_is_asked_for_at_village_points_and_took_half_a_month() -> None:
    card = item("senior-card")
    points = [site for site in SHIPPED.sites.values() if site.place is Place.VILLAGE_POINT]
    assert len(points) == 2
    assert all(site.instead("senior-card") is None for site in points)
    assert {Channel.AGENT_POINT, Channel.HOME_SERVICE} <= set(card.channels)
    assert card.before is not None
    assert card.before.limit == Limit.natural_days(15)


def test_the_veterans_allowance_is_asked_for_at_the_township_with_the_market() -> None:
    centre = SHIPPED.sites["西来镇便民服务中心"]
    assert (centre.place, centre.tier) == (Place.HALL, Tier.TOWNSHIP)
    assert centre.instead("veterans-allowance") is None
    assert item("veterans-allowance").tier is Tier.TOWNSHIP


def test_zengcheng_has_three_self_service_zones_and_two_take_their_own_matters_only() -> None:
    zones = {
        code: site for code, site in SHIPPED.sites.items() if code.startswith("增城区") and site.place.value == "hall_kiosk"
    }
    assert len(zones) == 3
    assert sorted(len(site.items) for site in zones.values()) == [0, 1, 1]
    assert zones["增城区税务业务自助区"].instead("company-startup") == ""
    for site in zones.values():
        assert all(Channel.KIOSK in item(code).channels for code in site.items)


def test_the_bee_box_is_emptied_twice_a_day_by_the_hall_at_whose_door_it_stands() -> None:
    (box,) = SHIPPED.boxes.values()
    assert (box.code, box.collections_a_day) == ("小蜜蜂箱", 2)
    assert SHIPPED.sites[box.hall].name_zh == "广州市海珠区琶洲政务服务中心"


START_UP_ONLINE = ("online-licence", "online-seal", "online-invoices", "online-insurance", "online-account")


def test_five_electronic_seals_stand_for_the_number_the_seed_gives() -> None:
    electronic = [one for one in SHIPPED.seals.values() if one.electronic and not one.source.startswith(OF_THE_PLAY)]
    assert all("178" in seal.source and seal.code == f"{seal.department}电子印章" for seal in electronic)
    assert len(electronic) == 5
    assert {seal.department for seal in electronic} == {item(code).department for code in START_UP_ONLINE}
    assert {seal.valid_from for seal in SHIPPED.seals.values()} == {date(2015, 1, 1)}


def test_each_of_tongzhous_lists_has_an_item_and_whole_city_intake_crosses_districts() -> None:
    in_force = [one for one in SHIPPED if one.in_force(ON)]
    assert {label for one in in_force for label in one.labels} == set(ItemLabel)
    citywide = [one for one in in_force if ItemLabel.CITYWIDE in one.labels]
    assert {one.handle_area for one in citywide} == {Area.CROSS_COUNTY}
    joint = [one for one in in_force if ItemLabel.JOINT_REVIEW in one.labels]
    assert all(len({step.department for step in one.plan}) > 2 for one in joint)
