"""The shipped catalogue is sound and says what its sources say; a bad one is refused by file, item and key."""

from collections import Counter
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from adapters.catalogue_readers import INNER, SHAPES
from adapters.catalogue_toml import catalogue_problems, load_catalogue
from casecore.door import check
from casecore.errors import Fault
from casecore.limits import Limit
from casecore.places import DropBox, Elsewhere, Seal, Site
from casecore.plan import PlanStep
from casecore.service_item import Catalogue, ServiceItem, unsound
from casecore.theme import Baseline, Condition, Question, Theme, ThemeItem
from casecore.vocabulary import ApplicantKind, Channel, HandlingKind, ItemType, Tier, Unit

BEFORE_PACKAGE = date(2019, 12, 31)
WITH_PACKAGE = date(2020, 1, 1)

SHOP = """
[[item]]
code = "shop"
version = 1
name_zh = "开店"
name_en = "A shop"
source = "made up"
item_type = "01"
tier = "county"
department = "市场监管局"
valid_from = 2020-01-01
handling = "promised"
promised = {amount = 10, unit = "working_day"}
statutory = {amount = 20, unit = "working_day"}
serves = ["company", "person"]
themes = ["company"]
channels = ["window", "courier"]
online_depth = [1, 2]
visits = 1
visit_reason = "取证"
plan = [{step = "look", department = "消防"}, {step = "sign", department = "局长", after = ["look"]}]
stages = ["受理", "审核", "审批", "办结", "送达"]
"""
END_OF_SHOP = SHOP.replace("valid_from = 2020-01-01", "valid_from = 2020-01-01\nvalid_until = 2020-12-31")


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return load_catalogue()


def found(catalogue: Catalogue, code: str, on: date = date(2021, 3, 1)) -> ServiceItem:
    item = catalogue.find(code, on)
    assert item is not None
    return item


def problems(folder: Path, text: str | bytes, name: str = "shops.toml") -> list[str]:
    """Write a file and say what is wrong with its folder; loading must stop at the first of it."""
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    listed = catalogue_problems(folder)
    if listed:
        with pytest.raises(Fault) as fault:
            load_catalogue(folder)
        assert str(fault.value) == listed[0]
    assert all(len(line.splitlines()) == 1 for line in listed)
    return listed


# --- What is shipped ---


def test_the_shipped_catalogue_has_no_problem() -> None:
    assert catalogue_problems() == []


def test_the_shipped_catalogue_is_sound_item_by_item(shipped: Catalogue) -> None:
    assert [(item.code, breach) for item in shipped for breach in unsound(item)] == []
    assert len({item.code for item in shipped}) >= 18


def test_what_the_catalogue_freezes_into_facts_passes_the_door(shipped: Catalogue) -> None:
    for item in shipped:
        check(item)


def test_every_shipped_item_names_its_source(shipped: Catalogue) -> None:
    seeds = ("S0 Chengdu", "S1 Xindu", "S2 ", "S3 Tongzhou", "S4 Zengcheng")
    assert [item.code for item in shipped if not item.source.startswith(seeds)] == ["imported"]
    assert {seed for seed in seeds if any(item.source.startswith(seed) for item in shipped)} == set(seeds)


def test_every_shipped_item_is_in_force_from_2017_to_2026(shipped: Catalogue) -> None:
    codes = {item.code for item in shipped}
    for year in range(2017, 2027):
        assert {code for code in codes if shipped.find(code, date(year, 7, 1))} == codes


def test_the_bookstore_licence_took_twenty_days_before_the_package_and_ten_with_it(shipped: Catalogue) -> None:
    before, after = (found(shipped, "bookstore-licence", on) for on in (BEFORE_PACKAGE, WITH_PACKAGE))
    assert (before.version, before.promised, before.statutory) == (1, Limit.working_days(20), Limit.working_days(20))
    assert (after.version, after.promised, after.statutory) == (2, Limit.working_days(10), Limit.working_days(20))
    assert before.visits > after.visits == 2


def test_the_bookstore_licence_opens_three_departments_at_once(shipped: Catalogue) -> None:
    item = found(shipped, "bookstore-licence")
    assert item.plan == (
        PlanStep(step="press", department="新闻出版"),
        PlanStep(step="housing", department="住建"),
        PlanStep(step="fire", department="消防"),
    )
    assert set(item.channels) == {Channel.WINDOW, Channel.WEBSITE, Channel.COURIER}
    assert item.serves == (ApplicantKind.COMPANY,)
    assert item.item_type is ItemType.LICENCE


def test_a_company_starts_in_two_hours_without_papers_on_one_visit(shipped: Catalogue) -> None:
    item = found(shipped, "company-startup")
    assert (item.promised, item.materials, item.visits, item.fee) == (Limit.hours(2), (), 1, False)
    assert [(step.step, step.after) for step in item.plan] == [
        ("licence", ()),
        ("seal", ("licence",)),
        ("bank", ("licence",)),
        ("tax", ("licence",)),
    ]


def test_the_online_start_up_takes_one_day_and_no_visit(shipped: Catalogue) -> None:
    item = found(shipped, "company-startup-online")
    assert (item.promised, item.visits, item.fully_online) == (Limit.working_days(1), 0, True)


def test_the_house_transfer_holds_its_forty_minutes(shipped: Catalogue) -> None:
    item = found(shipped, "house-transfer")
    assert item.promised == Limit.hours(1)
    assert {step.department for step in item.plan} == {"住建", "地税", "国土"}


def test_the_senior_card_is_handled_at_once_wherever_the_old_are(shipped: Catalogue) -> None:
    item = found(shipped, "senior-card")
    assert item.handling is HandlingKind.INSTANT
    assert item.serves == (ApplicantKind.PERSON,)
    wanted = {Channel.WINDOW, Channel.AGENT_POINT, Channel.HOME_SERVICE, Channel.KIOSK, Channel.WEBSITE}
    assert wanted <= set(item.channels)


def test_the_tuition_subsidy_is_open_three_months(shipped: Catalogue) -> None:
    assert found(shipped, "tuition-subsidy").window_months == 3


def test_the_veterans_allowance_belongs_to_the_township(shipped: Catalogue) -> None:
    assert found(shipped, "veterans-allowance").tier is Tier.TOWNSHIP


def test_a_project_is_approved_jointly_in_five_stages_one_after_another(shipped: Catalogue) -> None:
    item = found(shipped, "project-approval")
    assert item.joint
    assert item.statutory == Limit.working_days(45)
    assert [step.after for step in item.plan] == [(), *((step.step,) for step in item.plan[:-1])]
    assert len(item.plan) == 5
    assert sum(step.limit.amount for step in item.plan if step.limit) == item.promised.amount


def test_an_imported_case_may_come_from_anyone_by_any_channel_at_any_time(shipped: Catalogue) -> None:
    item = found(shipped, "imported", date(2010, 10, 1))
    assert set(item.channels) == set(Channel)
    assert set(item.serves) == set(ApplicantKind)
    assert (item.name_zh, item.tier, item.item_type) == ("导入办件", Tier.COUNTY, ItemType.PUBLIC_SERVICE)
    assert (item.promised, item.plan) == (Limit.working_days(10), ())


def test_only_the_imported_item_is_a_placeholder_no_indicator_counts(shipped: Catalogue) -> None:
    assert [item.code for item in shipped if not item.applied_for] == ["imported"]


def test_some_items_promise_no_visit(shipped: Catalogue) -> None:
    visits = Counter(item.visits for item in shipped if item.in_force(date(2021, 3, 1)))
    assert visits[0] >= 4
    assert visits[1] >= 10


# --- What is read ---


def test_an_item_is_read_key_by_key(tmp_path: Path) -> None:
    assert problems(tmp_path, SHOP) == []
    (shop,) = load_catalogue(tmp_path)
    assert shop == ServiceItem(
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
        channels=(Channel.WINDOW, Channel.COURIER),
        online_depth=(1, 2),
        visits=1,
        visit_reason="取证",
        plan=(
            PlanStep(step="look", department="消防"),
            PlanStep(step="sign", department="局长", after=("look",)),
        ),
        stages=("受理", "审核", "审批", "办结", "送达"),
    )


def test_every_field_has_its_key_and_every_key_its_field() -> None:
    shapes = {shape.value: shape for shape in (*SHAPES.values(), *INNER.values())}
    tables = (ServiceItem, Theme, Site, Seal, DropBox)
    assert set(shapes) == {*tables, Limit, PlanStep, Baseline, Question, Condition, ThemeItem, Elsewhere}
    for value, shape in shapes.items():
        of_imports = {"due_at", "by_instant"} if value is Limit else set()
        assert list(shape.readers) == [field.name for field in fields(value) if field.name not in of_imports]


def test_a_promise_may_be_a_fixed_date(tmp_path: Path) -> None:
    fixed = '{amount = 0, unit = "fixed_date", due_on = 2020-06-30}'
    assert problems(tmp_path, SHOP.replace('{amount = 10, unit = "working_day"}', fixed)) == []
    (shop,) = load_catalogue(tmp_path)
    assert shop.promised == Limit(0, Unit.FIXED_DATE, date(2020, 6, 30))


def test_versions_may_follow_one_another_across_files(tmp_path: Path) -> None:
    second = SHOP.replace("version = 1", "version = 2").replace("2020-01-01", "2021-01-01")
    (tmp_path / "a.toml").write_text(second, encoding="utf-8")
    assert problems(tmp_path, END_OF_SHOP, "b.toml") == []
    assert [item.version for item in load_catalogue(tmp_path)] == [1, 2]


def test_only_toml_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("not an item", encoding="utf-8")
    assert problems(tmp_path, SHOP) == []


# --- What is refused ---


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("version = 1", "version = 1\nversoin = 2", "versoin: unknown key"),
        ('name_zh = "开店"', "", "name_zh: missing"),
        ("visits = 1", "", "visits: missing"),
        ("version = 1", 'version = "1"', "version: must be a whole number, not '1'"),
        ("version = 1", "version = true", "version: must be a whole number, not true"),
        ("version = 1", "version = 0", "version: versions count from 1, not 0"),
        ('name_zh = "开店"', "name_zh = 5", "name_zh: must be text, not 5"),
        ('name_zh = "开店"', 'name_zh = " "', "name_zh: must be one line of text"),
        (
            'name_en = "A shop"',
            'name_en = "Cafe\\u0301"',
            "name_en: text is not in normal form NFC: U+0065 U+0301 is to be written U+00E9",
        ),
        (
            'tier = "county"',
            'tier = "district"',
            "tier: 'district' is none of nation, province, city, county, township, village",
        ),
        ('handling = "promised"', "handling = 1", "handling: must be text, not 1"),
        ('["company", "person"]', '"company"', "serves: must be a list, not 'company'"),
        (
            '"courier"]',
            '"fax"]',
            "channels[1]: 'fax' is none of window, website, mobile, courier, kiosk, agent_point, home_service, other",
        ),
        ("= 2020-01-01", '= "2020-01-01"', "valid_from: must be a date such as 2020-01-31, not '2020-01-01'"),
        ("visits = 1", "visits = 1\nfee = 1", "fee: must be true or false"),
        ("visits = 1", "visits = 9007199254740993", "visits: whole number beyond ±2^53"),
        ("{amount = 10,", "{amont = 10,", "promised.amont: unknown key"),
        ("{amount = 10,", "{amount = 1.5,", "promised.amount: must be a whole number, not 1.5"),
        ("{amount = 10,", "{amount = -1,", "promised: a limit cannot be negative: -1"),
        (
            '{amount = 10, unit = "working_day"}',
            "10",
            "promised: must be a table, not 10",
        ),
        (
            '{amount = 10, unit = "working_day"}',
            '{amount = 10, unit = "day"}',
            f"promised.unit: 'day' is none of {', '.join(Unit)}",
        ),
        (
            '{amount = 10, unit = "working_day"}',
            '{amount = 10, unit = "fixed_date"}',
            "promised: a limit in fixed_date and the fixed date None contradict each other",
        ),
        ('{step = "look", department', "{department", "plan[0].step: missing"),
        ('after = ["look"]', 'after = "look"', "plan[1].after: must be a list, not 'look'"),
        ('after = ["look"]', "limit = {amount = 1}", "plan[1].limit.unit: missing"),
        ('after = ["look"]', 'after = ["pay"]', "plan: plan step sign waits for pay, which is not in the plan"),
        (
            "{amount = 10,",
            "{amount = 21,",
            "promised: the promise of 21 working days exceeds the statutory limit of 20 working days",
        ),
        ("visits = 1", "visits = -1", "visits: 到办事现场次数 cannot be negative"),
        (
            'visit_reason = "取证"',
            "",
            "visit_reason: 到办事现场次数 above 0 needs 必须现场办理原因说明",
        ),
    ],
)
def test_a_bad_item_is_refused_by_file_item_and_key(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in SHOP
    assert problems(tmp_path, SHOP.replace(old, new, 1))[0] == f"shops.toml: item shop: {message}"


def test_an_item_without_a_code_is_named_by_its_number(tmp_path: Path) -> None:
    nameless = SHOP.replace('code = "shop"', "")
    assert problems(tmp_path, SHOP + nameless) == ["shops.toml: item number 2: code: missing"]


def test_a_code_has_no_spaces(tmp_path: Path) -> None:
    spaced = SHOP.replace('"shop"', '"my shop"')
    assert problems(tmp_path, spaced) == ["shops.toml: item my shop: code: an identifier has no spaces"]


def test_a_code_that_breaks_the_line_still_makes_one_line(tmp_path: Path) -> None:
    broken = SHOP.replace('"shop"', '"my\\nshop"')
    assert problems(tmp_path, broken) == ["shops.toml: item my shop: code: must be one line of text"]


def test_a_version_is_in_the_catalogue_once(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(SHOP, encoding="utf-8")
    assert problems(tmp_path, SHOP, "b.toml") == ["b.toml: item shop: version: version 1 is in the catalogue twice"]


def test_two_versions_are_never_in_force_on_the_same_day(tmp_path: Path) -> None:
    second = SHOP.replace("version = 1", "version = 2").replace("2020-01-01", "2020-12-31")
    assert problems(tmp_path, END_OF_SHOP + second) == [
        "shops.toml: item shop: valid_from: versions 1 and 2 are both in force on 2020-12-31"
    ]


def test_everything_wrong_is_listed_and_the_first_of_it_is_raised(tmp_path: Path) -> None:
    worse = SHOP.replace("visits = 1", "visit = 1").replace('"county"', '"moon"').replace('"shop"', '"second"')
    (tmp_path / "a.toml").write_text(SHOP.replace("{amount = 10,", "{amount = 30,"), encoding="utf-8")
    (tmp_path / "b.toml").write_text("[[item", encoding="utf-8")
    listed = problems(tmp_path, worse, "c.toml")
    assert [line.rpartition(": ")[0] for line in listed] == [
        "a.toml: item shop: promised",
        "b.toml: is not TOML",
        "c.toml: item second: visit",
        "c.toml: item second: tier",
        "c.toml: item second: visits",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[items]]\n", "shops.toml: items: unknown key"),
        ("item = 1\n", "shops.toml: item: must be a list, not 1"),
        ("item = [1]\n", "shops.toml: item[0]: must be a table: [[item]]"),
        (SHOP.encode("gb18030"), "shops.toml: is not UTF-8 (byte 47)"),
    ],
)
def test_a_file_that_holds_no_items_but_something_else_is_refused(tmp_path: Path, text: str | bytes, message: str) -> None:
    assert problems(tmp_path, text) == [message]


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    (listed,) = problems(tmp_path, "code = ")
    assert listed.startswith("shops.toml: is not TOML: ")


def test_an_impossible_date_is_refused_with_its_line(tmp_path: Path) -> None:
    (listed,) = problems(tmp_path, SHOP.replace("2020-01-01", "2020-02-30"))
    assert listed.startswith("shops.toml: is not TOML: ")
    assert "line 11" in listed


def test_a_folder_named_like_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.toml").mkdir()
    (listed,) = problems(tmp_path, SHOP)
    assert listed.startswith("a.toml: cannot be read: ")


def test_a_directory_without_any_item_is_refused(tmp_path: Path) -> None:
    message = f"{tmp_path}: no item in any *.toml file of this directory"
    assert catalogue_problems(tmp_path) == [message]
    assert problems(tmp_path, "# nothing yet\n") == [message]


def test_a_directory_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Fault, match=r"absent: the directory cannot be read: No such file or directory$"):
        load_catalogue(tmp_path / "absent")
