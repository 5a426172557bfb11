"""Themes, sites, seals and drop boxes of a catalogue: read key by key, and refused by file, table and key."""

from datetime import date
from pathlib import Path

import pytest

from adapters.catalogue_toml import catalogue_problems, load_catalogue
from casecore.errors import Fault
from casecore.limits import Limit
from casecore.places import DropBox, Elsewhere, Seal, Site
from casecore.service_item import ServiceItem
from casecore.theme import Baseline, Condition, Question, Theme, ThemeItem
from casecore.vocabulary import ApplicantKind, Area, Channel, ItemLabel, Place, Tier

ITEM = """
[[item]]
code = "licence"
version = 1
name_zh = "许可"
name_en = "A licence"
source = "made up"
item_type = "20"
tier = "county"
department = "市场监管局"
valid_from = 2020-01-01
handling = "instant"
promised = {amount = 0, unit = "working_day"}
serves = ["company"]
channels = ["window"]
visits = 1
visit_reason = "取证"
materials = ["身份证", "照片"]
licence_materials = ["身份证"]
labels = ["citywide", "instant_approval"]
handle_area = "cross_county"
before = {source = "the old guide", limit = {amount = 6, unit = "working_day"}, visits = 6, materials = 28}
"""
SEAL_ITEM = ITEM.replace('"licence"\n', '"seal"\n')
TAX_ITEM = ITEM.replace('"licence"\n', '"tax"\n')

START = """
[[theme]]
code = "start"
version = 1
name_zh = "开办"
name_en = "Start"
source = "made up"
valid_from = 2020-01-01
serves = ["company"]
channels = ["window", "website"]
items = [
  {item = "licence"},
  {item = "seal", after = ["licence"], when = [{question = "seal", answers = ["yes"]}]},
  {item = "tax", conditional_on = ["licence"]},
]
questions = [{question = "seal", ask_zh = "要不要刻章?", answers = ["yes", "no"]}]
form = ["名称", "住所"]
materials = ["身份证"]
promised = {amount = 2, unit = "hour"}
visits = 1
before = {source = "the old guide", limit = {amount = 6, unit = "working_day"}, visits = 6, materials = 28}
"""
ENDING = START.replace("valid_from = 2020-01-01", "valid_from = 2020-01-01\nvalid_until = 2020-12-31")

PLACES = """
[[site]]
code = "和顺新村代办点"
name_zh = "代办点"
source = "made up"
place = "village_point"
tier = "village"
items = ["seal", "tax"]
elsewhere = [{item = "licence", where = "银行"}]
away = "cross_city"
valid_from = 2020-02-01
valid_until = 2020-11-30

[[seal]]
code = "S-1"
name_zh = "电子印章"
source = "made up"
department = "市场监管局"
electronic = true
valid_from = 2020-01-01
valid_until = 2020-12-31

[[box]]
code = "bee"
name_zh = "小蜜蜂箱"
source = "made up"
hall = "和顺新村代办点"
collections_a_day = 3
valid_from = 2020-03-01
valid_until = 2020-10-31
"""
ALL = ITEM + SEAL_ITEM + TAX_ITEM + START + PLACES


def problems(folder: Path, text: str, name: str = "start.toml") -> list[str]:
    """Write a file and say what is wrong with its folder; loading must stop at the first of it."""
    (folder / name).write_text(text, encoding="utf-8")
    listed = catalogue_problems(folder)
    if listed:
        with pytest.raises(Fault) as fault:
            load_catalogue(folder)
        assert str(fault.value) == listed[0]
    assert all(len(line.splitlines()) == 1 for line in listed)
    return listed


# --- What is read ---


def test_a_theme_is_read_key_by_key(tmp_path: Path) -> None:
    assert problems(tmp_path, ALL) == []
    (theme,) = load_catalogue(tmp_path).themes
    assert theme == Theme(
        code="start",
        version=1,
        name_zh="开办",
        name_en="Start",
        source="made up",
        valid_from=date(2020, 1, 1),
        serves=(ApplicantKind.COMPANY,),
        channels=(Channel.WINDOW, Channel.WEBSITE),
        items=(
            ThemeItem(item="licence"),
            ThemeItem(item="seal", after=("licence",), when=(Condition(question="seal", answers=("yes",)),)),
            ThemeItem(item="tax", conditional_on=("licence",)),
        ),
        questions=(Question(question="seal", ask_zh="要不要刻章?", answers=("yes", "no")),),
        form=("名称", "住所"),
        materials=("身份证",),
        promised=Limit.hours(2),
        visits=1,
        before=Baseline(source="the old guide", limit=Limit.working_days(6), visits=6, materials=28),
    )


def test_a_site_a_seal_and_a_box_are_read_key_by_key(tmp_path: Path) -> None:
    assert problems(tmp_path, ALL) == []
    found = load_catalogue(tmp_path)
    assert list(found.sites.values()) == [
        Site(
            code="和顺新村代办点",
            name_zh="代办点",
            source="made up",
            place=Place.VILLAGE_POINT,
            tier=Tier.VILLAGE,
            items=("seal", "tax"),
            elsewhere=(Elsewhere(item="licence", where="银行"),),
            away=Area.CROSS_CITY,
            valid_from=date(2020, 2, 1),
            valid_until=date(2020, 11, 30),
        )
    ]
    assert list(found.seals.values()) == [
        Seal(
            code="S-1",
            name_zh="电子印章",
            source="made up",
            department="市场监管局",
            electronic=True,
            valid_from=date(2020, 1, 1),
            valid_until=date(2020, 12, 31),
        )
    ]
    assert list(found.boxes.values()) == [
        DropBox(
            code="bee",
            name_zh="小蜜蜂箱",
            source="made up",
            hall="和顺新村代办点",
            collections_a_day=3,
            valid_from=date(2020, 3, 1),
            valid_until=date(2020, 10, 31),
        )
    ]


def test_a_site_and_a_box_without_dates_have_always_been_in_service(tmp_path: Path) -> None:
    undated = "\n".join(line for line in PLACES.partition("[[seal]]")[0].splitlines() if not line.startswith("valid_"))
    box = "\n".join(line for line in PLACES.partition("[[box]]")[2].splitlines() if not line.startswith("valid_"))
    assert problems(tmp_path, ITEM + SEAL_ITEM + TAX_ITEM + undated + "\n[[box]]" + box) == []
    found = load_catalogue(tmp_path)
    assert all(one.in_force(date.min) and one.in_force(date.max) for one in (*found.sites.values(), *found.boxes.values()))


def test_what_an_item_spares_is_read_with_it(tmp_path: Path) -> None:
    assert problems(tmp_path, ITEM) == []
    item = next(iter(load_catalogue(tmp_path)))
    assert isinstance(item, ServiceItem)
    assert item.licence_materials == ("身份证",)
    assert item.labels == (ItemLabel.CITYWIDE, ItemLabel.INSTANT_APPROVAL)
    assert item.handle_area is Area.CROSS_COUNTY
    assert item.before == Baseline(source="the old guide", limit=Limit.working_days(6), visits=6, materials=28)


def test_a_theme_may_stand_in_a_file_before_its_items(tmp_path: Path) -> None:
    (tmp_path / "z.toml").write_text(ITEM + SEAL_ITEM + TAX_ITEM, encoding="utf-8")
    assert problems(tmp_path, START, "a.toml") == []


def test_a_theme_may_run_through_versions_of_an_item_that_follow_one_another(tmp_path: Path) -> None:
    first = ITEM.replace("valid_from = 2020-01-01", "valid_from = 2020-01-01\nvalid_until = 2020-06-30")
    second = ITEM.replace("version = 1", "version = 2").replace("2020-01-01", "2020-07-01")
    assert problems(tmp_path, second + first + SEAL_ITEM + TAX_ITEM + START) == []


def test_an_item_need_not_outlive_the_theme(tmp_path: Path) -> None:
    ended = ITEM.replace("valid_from = 2020-01-01", "valid_from = 2020-01-01\nvalid_until = 2020-12-31")
    assert problems(tmp_path, ended + SEAL_ITEM + TAX_ITEM + ENDING) == []


def test_an_item_in_force_to_the_end_of_time_is_in_force_whenever_the_theme_is(tmp_path: Path) -> None:
    forever = ITEM.replace("valid_from = 2020-01-01", "valid_from = 2020-01-01\nvalid_until = 9999-12-31")
    assert problems(tmp_path, forever + SEAL_ITEM + TAX_ITEM + START) == []


def test_versions_of_a_theme_may_follow_one_another(tmp_path: Path) -> None:
    second = START.replace("version = 1", "version = 2").replace("2020-01-01", "2021-01-01")
    assert problems(tmp_path, ITEM + SEAL_ITEM + TAX_ITEM + second + ENDING) == []
    found = load_catalogue(tmp_path)
    for on, version in ((date(2020, 12, 31), 1), (date(2021, 1, 1), 2)):
        theme = found.theme("start", on)
        assert theme is not None
        assert theme.version == version
    assert found.theme("start", date(2019, 12, 31)) is None


def test_a_box_stands_anywhere_where_no_site_is_registered(tmp_path: Path) -> None:
    box = PLACES[PLACES.index("[[box]]") :]
    assert problems(tmp_path, ITEM + box) == []


# --- What is refused ---


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("visits = 1\nbefore", "visits = 1\nvisit = 2\nbefore", "visit: unknown key"),
        ('channels = ["window", "website"]', "", "channels: missing"),
        ("version = 1", "version = 0", "version: versions count from 1, not 0"),
        ('serves = ["company"]', 'serves = ["firm"]', "serves[0]: 'firm' is none of"),
        ('{item = "licence"},', '{code = "licence"},', "items[0].code: unknown key"),
        ('{item = "licence"},', '"licence",', "items[0]: must be a table, not 'licence'"),
        ('after = ["licence"]', 'after = "licence"', "items[1].after: must be a list, not 'licence'"),
        ('{question = "seal", answers', "{answers", "items[1].when[0].question: missing"),
        ('ask_zh = "要不要刻章?", ', "", "questions[0].ask_zh: missing"),
        ("amount = 2,", "amount = -2,", "promised: a limit cannot be negative: -2"),
        ("visits = 6", "visits = -6", "before.visits: a number of things cannot be negative: -6"),
        ("materials = 28", "materials = 1.5", "before.materials: must be a whole number, not 1.5"),
        ('source = "the old guide", ', "", "before.source: missing"),
        (
            ', limit = {amount = 6, unit = "working_day"}, visits = 6, materials = 28',
            "",
            "before: says neither a limit nor visits nor materials",
        ),
        ("visits = 1\n", "visits = -1\n", "visits: 到办事现场次数 cannot be negative"),
        ('["window", "website"]', "[]", "channels: no 办理形式"),
        ('serves = ["company"]', "serves = []", "serves: no 服务对象"),
        ('unit = "hour"}', 'unit = "fixed_date", due_on = 2021-01-01}', "promised: a theme promises a time, not a date"),
        (
            "valid_from = 2020-01-01",
            "valid_from = 2020-01-01\nvalid_until = 2019-12-31",
            "valid_until: ends on 2019-12-31, before it begins on 2020-01-01",
        ),
        ('["名称", "住所"]', '["名称", "名称"]', "form: a name stands here twice"),
        ('{item = "licence"},', '{item = "licence"}, {item = "licence"},', "items: a name stands here twice"),
        (
            '{item = "licence"},',
            '{item = "licence", after = ["tax"]},',
            "items: prerequisites run in a circle: licence, seal, tax",
        ),
        ('{item = "licence"},', "", "items: seal waits for licence, which is not in the theme"),
        (
            'conditional_on = ["licence"]',
            'conditional_on = ["licence"], after = ["licence"]',
            "items: tax both waits for licence and overtakes it",
        ),
        ('answers = ["yes", "no"]', "answers = []", "items: seal allows no answer"),
        ('answers = ["yes"]', 'answers = ["perhaps"]', "items: seal depends on an answer seal does not allow: perhaps"),
        ('[{question = "seal", ans', '[{question = "logo", ans', "items: seal depends on logo, which nobody asks"),
        ('{item = "licence"},', '{item = "licence"}, {item = "bank"},', "items: bank is no item of the catalogue"),
        (
            "valid_from = 2020-01-01",
            "valid_from = 2019-12-01",
            "items: licence is not in force on 2019-12-01, when the theme is",
        ),
    ],
)
def test_a_bad_theme_is_refused_by_file_theme_and_key(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in START
    found = problems(tmp_path, ITEM + SEAL_ITEM + TAX_ITEM + START.replace(old, new, 1))
    assert found[0].startswith(f"start.toml: theme start: {message}")


def test_a_theme_without_an_item_is_refused(tmp_path: Path) -> None:
    bare = START[: START.index("items =")] + "items = []\n" + START[START.index("form =") :]
    assert problems(tmp_path, ITEM + bare) == ["start.toml: theme start: items: a theme without an item"]


def test_a_theme_that_outlives_an_item_is_refused_with_the_first_day_without_it(tmp_path: Path) -> None:
    ended = ITEM.replace("valid_from = 2020-01-01", "valid_from = 2020-01-01\nvalid_until = 2020-06-30")
    later = ITEM.replace("version = 1", "version = 2").replace("2020-01-01", "2020-07-02")
    message = "start.toml: theme start: items: licence is not in force on 2020-07-01, when the theme is"
    assert problems(tmp_path, ended + SEAL_ITEM + TAX_ITEM + START) == [message]
    assert problems(tmp_path, ended + later + SEAL_ITEM + TAX_ITEM + START) == [message]


def test_two_versions_of_a_theme_clash_like_those_of_an_item(tmp_path: Path) -> None:
    items = ITEM + SEAL_ITEM + TAX_ITEM
    assert problems(tmp_path, items + START + START) == [
        "start.toml: theme start: version: version 1 is in the catalogue twice"
    ]
    second = START.replace("version = 1", "version = 2").replace("2020-01-01", "2020-12-31")
    assert problems(tmp_path, items + ENDING + second) == [
        "start.toml: theme start: valid_from: versions 1 and 2 are both in force on 2020-12-31"
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('place = "village_point"', 'place = "kiosk"', "site 和顺新村代办点: place: 'kiosk' is none of"),
        ('tier = "village"', "", "site 和顺新村代办点: tier: missing"),
        ('"和顺新村代办点"\nname', '"和 顺"\nname', "site 和 顺: code: an identifier has no spaces"),
        ('where = "银行"', 'bank = "银行"', "site 和顺新村代办点: elsewhere[0].bank: unknown key"),
        ('["seal", "tax"]', '["seal", "seal"]', "site 和顺新村代办点: items: an item stands here twice"),
        (
            'elsewhere = [{item = "licence", where = "银行"}]',
            'elsewhere = [{item = "licence", where = "银行"}, {item = "licence", where = "邮局"}]',
            "site 和顺新村代办点: elsewhere: an item stands here twice",
        ),
        ('["seal", "tax"]', '["seal", "licence"]', "site 和顺新村代办点: elsewhere: taken here as well: licence"),
        ('["seal", "tax"]', '["seal", "bank"]', "site 和顺新村代办点: items: bank is no item of the catalogue"),
        ('{item = "licence", where', '{item = "bank", where', "site 和顺新村代办点: elsewhere: bank is no item of the"),
        ("electronic = true", "electronic = 1", "seal S-1: electronic: must be true or false"),
        ('department = "市场监管局"', "", "seal S-1: department: missing"),
        (
            "valid_until = 2020-12-31",
            "valid_until = 2019-12-31",
            "seal S-1: valid_until: ends on 2019-12-31, before it begins on 2020-01-01",
        ),
        ('place = "village_point"', 'place = "home"', "site 和顺新村代办点: place: nobody's home is a place of intake"),
        ('away = "cross_city"', 'away = "nation"', "site 和顺新村代办点: away: 全国 is no distance: it lies in another"),
        ('away = "cross_city"', 'away = "far"', "site 和顺新村代办点: away: 'far' is none of nation, cross_province"),
        ("valid_from = 2020-02-01", "valid_from = 2020-12-01", "site 和顺新村代办点: valid_until: ends on 2020-11-30"),
        ("valid_from = 2020-03-01", 'valid_from = "2020"', "box bee: valid_from: must be a date such as 2020-01-31"),
        ("valid_until = 2020-10-31", "valid_until = 2020-02-29", "box bee: valid_until: ends on 2020-02-29, before it"),
        (
            "valid_from = 2020-03-01\n",
            "",
            "box bee: hall: 和顺新村代办点 takes papers from 2020-02-01 to 2020-11-30, the",
        ),
        (
            "valid_until = 2020-10-31",
            "",
            "box bee: hall: 和顺新村代办点 takes papers from 2020-02-01 to 2020-11-30, the",
        ),
        ("collections_a_day = 3", "collections_a_day = 0", "box bee: collections_a_day: a box nobody empties"),
        ("collections_a_day = 3", "emptied = 3", "box bee: emptied: unknown key"),
        ('hall = "和顺新村代办点"', 'hall = "H-1"', "box bee: hall: H-1 is no site of the catalogue"),
    ],
)
def test_a_bad_entry_of_a_register_is_refused_by_file_table_and_key(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert old in PLACES
    found = problems(tmp_path, ITEM + SEAL_ITEM + TAX_ITEM + PLACES.replace(old, new, 1))
    assert found[0].startswith(f"start.toml: {message}")


@pytest.mark.parametrize("kind", ["site", "seal", "box"])
def test_a_code_stands_once_in_a_register(tmp_path: Path, kind: str) -> None:
    (tmp_path / "a.toml").write_text(ALL, encoding="utf-8")
    again = next(table for table in PLACES.split("\n\n") if f"[[{kind}]]" in table)
    code = {"site": "和顺新村代办点", "seal": "S-1", "box": "bee"}[kind]
    assert problems(tmp_path, again, "b.toml") == [f"b.toml: {kind} {code}: code: is in the catalogue twice"]


def test_a_table_without_a_code_is_named_by_its_number(tmp_path: Path) -> None:
    nameless = START.replace('code = "start"', "")
    assert problems(tmp_path, ALL + nameless) == ["start.toml: theme number 2: code: missing"]


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    assert problems(tmp_path, "theme = [1]\n" + ITEM) == ["start.toml: theme[0]: must be a table: [[theme]]"]


def test_an_item_that_cannot_be_read_is_not_said_to_be_missing_as_well(tmp_path: Path) -> None:
    broken = ITEM.replace('tier = "county"', 'tier = "moon"')
    (only,) = problems(tmp_path, broken + SEAL_ITEM + TAX_ITEM + START + PLACES)
    assert only.startswith("start.toml: item licence: tier: 'moon' is none of")


def test_what_stands_in_a_file_nobody_can_read_is_not_said_to_be_missing(tmp_path: Path) -> None:
    (tmp_path / "items.toml").write_text("[[item", encoding="utf-8")
    (only,) = problems(tmp_path, START + PLACES)
    assert only.startswith("items.toml: is not TOML: ")


def test_themes_alone_make_no_catalogue(tmp_path: Path) -> None:
    alone = PLACES[PLACES.index("[[seal]]") : PLACES.index("[[box]]")]
    assert problems(tmp_path, alone) == [f"{tmp_path}: no item in any *.toml file of this directory"]
