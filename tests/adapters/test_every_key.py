"""Every key of every book has an effect: what a change of it changes in a decision, a row, a clock or a print.

A key that is read and dropped would be the worst kind. Whoever adds one says here where it shows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
from support.whole_books import CALENDAR_FILE, CATALOGUE_FILE, FILES, OVERLAY_FILE, RULE_FILE, SEEN, Kept, kept

from adapters.calendar_readers import CALENDAR_KEYS, OVERLAY_KEYS, YEAR_KEYS
from adapters.catalogue_readers import INNER, SHAPES
from adapters.district_rule_toml import RULE_KEYS
from casecore import AdoptBooks, CalendarSheet, CalendarYear, DistrictRule
from casecore.annotations import shapes_of
from casecore.fingerprint import fingerprint
from casecore.limits import Limit

PRINT: Final = "print"
"""What ``casecore books show`` prints: of keys that say what an entry is, and decide nothing."""


class Shows(NamedTuple):
    """A change of a key, and where it shows."""

    seen: str
    changes: tuple[tuple[str, str, str], ...]


def _in(file: str, seen: str, *texts: str) -> Shows:
    """Texts of a file, each with the one that takes its place."""
    pairs = zip(texts[::2], texts[1::2], strict=True)
    return Shows(seen, tuple((file, text, other) for text, other in pairs))


def item(seen: str, *texts: str) -> Shows:
    return _in(CATALOGUE_FILE, seen, *texts)


def rule(seen: str, *texts: str) -> Shows:
    return _in(RULE_FILE, seen, *texts)


def calendar(seen: str, *texts: str) -> Shows:
    return _in(CALENDAR_FILE, seen, *texts)


def overlay(seen: str, *texts: str) -> Shows:
    return _in(OVERLAY_FILE, seen, *texts)


SHOP: Final = 'code = "SHOP"\nversion = 1'
KEYS: Final[Mapping[str, Shows]] = {
    "item.code": item("receipt", 'code = "FOOD"', 'code = "FOOD2"', '{item = "FOOD"', '{item = "FOOD2"',
                      'after = ["FOOD"]}', 'after = ["FOOD2"]}', 'conditional_on = ["FOOD"]', 'conditional_on = ["FOOD2"]',
                      'items = ["FOOD"', 'items = ["FOOD2"'),
    "item.version": item("acceptance", "version = 1", "version = 7"),
    "item.name_zh": item("rows of items", "食品经营许可", "食品许可"),
    "item.name_en": item(PRINT, 'name_en = "Food"', 'name_en = "Foods"'),
    "item.source": item(PRINT, 'source = "a notice"', 'source = "another notice"'),
    "item.retrieved_on": item(PRINT, "retrieved_on = 2025-12-01", "retrieved_on = 2025-12-02"),
    "item.item_type": item("rows of items", 'item_type = "10"', 'item_type = "20"'),
    "item.implementation_code": item("acceptance", 'implementation_code = "I-1"', 'implementation_code = "I-2"'),
    "item.tier": item("rows of items", 'tier = "county"', 'tier = "city"'),
    "item.department": item("receipt", 'department = "Market"', 'department = "Health"'),
    "item.valid_from": item("receipt in the past", "valid_from = 2025-01-01", "valid_from = 2026-02-02",
                            "valid_from = 2025-01-01\nvalid_until = 2026-12-30\nserves",
                            "valid_from = 2026-02-02\nvalid_until = 2026-12-30\nserves"),
    "item.valid_until": item("receipt on the last day", "valid_until = 2026-12-30", "valid_until = 2026-12-29",
                             "valid_until = 2026-12-30\nserves", "valid_until = 2026-12-29\nserves"),
    "item.handling": item("rows of items", 'handling = "instant"\npromised = {amount = 0, unit = "working_day"}',
                          'handling = "promised"\npromised = {amount = 1, unit = "working_day"}'),
    "item.promised": item("acceptance", "promised = {amount = 5,", "promised = {amount = 6,"),
    "item.statutory": item("acceptance", "statutory = {amount = 20,", "statutory = {amount = 30,"),
    "item.serves": item("receipt of a person", 'serves = ["person", "company"]\nthemes = ["person"]',
                        'serves = ["company"]\nthemes = ["company"]'),
    "item.themes": item(PRINT, 'themes = ["person"]', 'themes = ["company"]'),
    "item.channels": item("receipt by courier", '"website", "courier"]', '"website"]'),
    "item.online_depth": item("rows of items", "online_depth = [2]", "online_depth = [1]"),
    "item.visits": item("acceptance", "visits = 1", "visits = 2"),
    "item.visit_reason": item(PRINT, "核验原件", "核验身份"),
    "item.plan": item("acceptance", 'step = "fire", department', 'step = "fires", department', '["fire"]', '["fires"]'),
    "item.stages": item("rows of items", '["受理", "办结"]', '["受理", "审核", "办结"]'),
    "item.materials": item("acceptance", '["identity", "lease"]', '["identity", "lease", "photo"]'),
    "item.applied_for": item("rows of items", "applied_for = true", "applied_for = false"),
    "item.fee": item("fee", "fee = true", "fee = false", "online_payment = true", "online_payment = false"),
    "item.online_payment": item(PRINT, "online_payment = true", "online_payment = false"),
    "item.window_months": item("receipt", "window_months = 3", "window_months = 1"),
    "item.joint": item("acceptance", "joint = false", "joint = true"),
    "item.licence_materials": item("licence", 'licence_materials = ["identity"]', 'licence_materials = ["lease"]'),
    "item.labels": item("rows of items", '["citywide"]', '["citywide", "joint_review"]'),
    "item.handle_area": item("receipt far away", 'labels = ["citywide"]\nhandle_area = "cross_city"',
                             'labels = ["joint_review"]'),
    "item.before": item("rows of items", "visits = 3, materials = 4", "visits = 4, materials = 4"),
    "Limit.amount": item("acceptance", "promised = {amount = 5,", "promised = {amount = 6,"),
    "Limit.unit": item("acceptance", '{amount = 5, unit = "working_day"}', '{amount = 5, unit = "hour"}'),
    "Limit.due_on": item("acceptance of a date", "due_on = 2026-05-08", "due_on = 2026-05-15"),
    "PlanStep.step": item("acceptance", 'step = "health"', 'step = "hygiene"'),
    "PlanStep.department": item("acceptance", 'department = "Health"', 'department = "Hygiene"'),
    "PlanStep.after": item("acceptance", ', after = ["fire"]', ""),
    "PlanStep.limit": item("acceptance", "limit = {amount = 3,", "limit = {amount = 4,"),
    "PlanStep.preliminary": item("acceptance", "preliminary = false", "preliminary = true"),
    "Baseline.source": item(PRINT, 'source = "the old guide"', 'source = "the older guide"'),
    "Baseline.limit": item("rows of themes", "limit = {amount = 30,", "limit = {amount = 31,"),
    "Baseline.visits": item("rows of themes", "visits = 5, materials = 9", "visits = 6, materials = 9"),
    "Baseline.materials": item("rows of themes", "visits = 5, materials = 9", "visits = 5, materials = 8"),
    "theme.code": item("package", 'code = "SHOP"', 'code = "SHOPS"'),
    "theme.version": item("package", SHOP, 'code = "SHOP"\nversion = 2'),
    "theme.name_zh": item("rows of themes", "开店", "开铺"),
    "theme.name_en": item(PRINT, '"A shop"', '"A store"'),
    "theme.source": item(PRINT, 'name_en = "A shop"\nsource = "a notice"', 'name_en = "A shop"\nsource = "another"'),
    "theme.retrieved_on": item(PRINT, "2025-12-01\nvalid_from = 2025-01-01\nvalid_until = 2026-12-30\nserves",
                               "2025-12-03\nvalid_from = 2025-01-01\nvalid_until = 2026-12-30\nserves"),
    "theme.valid_from": item("package", "valid_from = 2025-01-01\nvalid_until = 2026-12-30\nserves",
                             "valid_from = 2026-03-03\nvalid_until = 2026-12-30\nserves"),
    "theme.valid_until": item("package", "valid_until = 2026-12-30\nserves", "valid_until = 2026-03-01\nserves"),
    "theme.serves": item("package of a person", 'serves = ["person", "company"]\nchannels = ["window"]\nitems',
                         'serves = ["company"]\nchannels = ["window"]\nitems'),
    "theme.channels": item("package by courier", 'channels = ["window"]\nitems', 'channels = ["window", "courier"]\nitems'),
    "theme.items": item("package", '  {item = "PROOF", conditional_on = ["FOOD"]},\n', ""),
    "theme.questions": item("package of books", 'answers = ["food", "books"]', 'answers = ["food", "food2"]'),
    "theme.form": item("package", 'form = ["name"]', 'form = ["name", "address"]'),
    "theme.materials": item("rows of themes", 'form = ["name"]\nmaterials = ["identity"]',
                            'form = ["name"]\nmaterials = ["identity", "lease"]'),
    "theme.promised": item("package", "promised = {amount = 10,", "promised = {amount = 11,"),
    "theme.visits": item("package", "visits = 2\nbefore", "visits = 3\nbefore"),
    "theme.before": item("rows of themes", "limit = {amount = 30,", "limit = {amount = 31,"),
    "ThemeItem.item": item("package", '{item = "SIGN"', '{item = "SIGN2"', 'code = "SIGN"', 'code = "SIGN2"',
                           '"SIGN"]', '"SIGN2"]'),
    "ThemeItem.when": item("package of books", ', when = [{question = "what", answers = ["food"]}]', ""),
    "ThemeItem.after": item("package", '"SIGN", after', '"SIGN", conditional_on'),
    "ThemeItem.conditional_on": item("package", '"PROOF", conditional_on', '"PROOF", after'),
    "Question.question": item("package", '{question = "what", ask', '{question = "which", ask',
                              '{question = "what", answers', '{question = "which", answers'),
    "Question.ask_zh": item(PRINT, "开什么店?", "什么店?"),
    "Question.answers": item("package of books", '["food", "books"]', '["food", "drink"]'),
    "Condition.question": item("package of books", 'questions = [{question = "what"',
                               'questions = [{question = "when", ask_zh = "何时?", answers = ["food"]}, {question = "what"',
                               'when = [{question = "what"', 'when = [{question = "when"'),
    "Condition.answers": item("package of books", '{question = "what", answers = ["food"]}',
                              '{question = "what", answers = ["food", "books"]}'),
    "site.code": item("receipt elsewhere", 'code = "H1"', 'code = "H9"', 'hall = "H1"', 'hall = "H9"'),
    "site.name_zh": item(PRINT, 'name_zh = "大厅"', 'name_zh = "新大厅"'),
    "site.source": item(PRINT, 'name_zh = "大厅"\nsource = "a notice"', 'name_zh = "大厅"\nsource = "another"'),
    "site.retrieved_on": item(PRINT, "2025-12-01\nplace", "2025-12-04\nplace"),
    "site.place": item("receipt in a visit", 'place = "hall"', 'place = "village_point"'),
    "site.away": item("receipt far away", 'away = "cross_county"', 'away = "cross_province"'),
    "site.valid_from": item("receipt far away at the ends", "valid_from = 2026-01-01", "valid_from = 2026-01-02"),
    "site.valid_until": item("receipt far away at the ends", "valid_from = 2026-01-01\nvalid_until = 2026-12-30",
                             "valid_from = 2026-01-01\nvalid_until = 2026-12-29"),
    "site.tier": item("receipt in a visit", 'place = "hall"\ntier = "county"\nitems',
                      'place = "hall"\ntier = "city"\nitems'),
    "site.items": item("receipt at the hall", 'items = ["FOOD", "SIGN"]', 'items = ["FOOD"]'),
    "site.elsewhere": item("receipt elsewhere", "the street office", "the town office"),
    "Elsewhere.item": item("receipt at the hall", 'items = ["FOOD", "SIGN"]\nelsewhere = [{item = "PROOF"',
                           'items = ["FOOD"]\nelsewhere = [{item = "SIGN"'),
    "Elsewhere.where": item("receipt elsewhere", "the street office", "the town office"),
    "seal.code": item("seal", 'code = "seal-7"', 'code = "seal-8"'),
    "seal.name_zh": item(PRINT, "专用章", "公章"),
    "seal.source": item(PRINT, 'name_zh = "专用章"\nsource = "a notice"', 'name_zh = "专用章"\nsource = "another"'),
    "seal.retrieved_on": item(PRINT, "2025-12-01\ndepartment", "2025-12-05\ndepartment"),
    "seal.department": item("seal on paper", '2025-12-01\ndepartment = "Market"', '2025-12-01\ndepartment = "Health"'),
    "seal.electronic": item("seal on an electronic certificate", "electronic = false", "electronic = true"),
    "seal.valid_from": item("seal", "electronic = false\nvalid_from = 2026-01-01",
                            "electronic = false\nvalid_from = 2026-03-06"),
    "seal.valid_until": item("seal", "electronic = false\nvalid_from = 2026-01-01\nvalid_until = 2026-12-30",
                             "electronic = false\nvalid_from = 2026-01-01\nvalid_until = 2026-03-04"),
    "box.code": item("box", 'code = "BOX-1"', 'code = "BOX-2"'),
    "box.name_zh": item(PRINT, "小蜜蜂箱", "投递箱"),
    "box.source": item(PRINT, 'name_zh = "小蜜蜂箱"\nsource = "a notice"', 'name_zh = "小蜜蜂箱"\nsource = "another"'),
    "box.retrieved_on": item(PRINT, "2025-12-01\nhall", "2025-12-06\nhall"),
    "box.hall": item("box", 'hall = "H1"', 'hall = "H2"'),
    "box.collections_a_day": item("emptying", "collections_a_day = 2", "collections_a_day = 1"),
    "box.valid_from": item("deposits at the ends", "valid_from = 2026-02-27", "valid_from = 2026-02-28"),
    "box.valid_until": item("deposits at the ends", "valid_from = 2026-02-27\nvalid_until = 2026-12-30",
                            "valid_from = 2026-02-27\nvalid_until = 2026-12-29"),
    "rule.name": rule("cards of every clock", 'name = "town"', 'name = "city"'),
    "rule.source": rule(PRINT, 'source = "a notice"', 'source = "another"'),
    "rule.retrieved_on": rule(PRINT, "2025-12-01", "2025-12-02"),
    "rule.calendar": rule("acceptance", 'calendar = "own.1"', 'calendar = "own.2"'),
    "rule.moves_promise": rule("ordinary suspension", "moves_promise = []", 'moves_promise = ["ordinary"]'),
    "rule.parallel_procedures": rule("second procedure", "parallel_procedures = false", "parallel_procedures = true"),
    "rule.refusal_ends_review": rule("refusal", "refusal_ends_review = false", "refusal_ends_review = true"),
    "rule.deemed_acceptance": rule("silence", "deemed_acceptance = true", "deemed_acceptance = false"),
    "rule.hours_per_workday": Shows("rows of themes", (
        (RULE_FILE, "hours_per_workday = 7", "hours_per_workday = 8"),
    )),
    "rule.drop_box_receipt": rule("box", '"collection"', '"deposit"'),
    "rule.licence_law_for": rule("silence", 'licence_law_for = ["10"]', "licence_law_for = []"),
    "rule.collect_days": rule("paper nobody fetched", "collect_days = 10", "collect_days = 9"),
    "rule.rectify_days": rule("rating", "rectify_days = 5", "rectify_days = 15"),
    "rule.double_filing_days": rule("the same filed twice", "double_filing_days = 30", "double_filing_days = 8"),
    "rule.instant_seconds": rule("rows of a case", "instant_seconds = 60", "instant_seconds = 20"),
    "rule.skew_minutes": rule("clocks of machines", "skew_minutes = 10", "skew_minutes = 5"),
    "rule.jump_days": rule("clocks of machines", "jump_days = 31", "jump_days = 62"),
    "rule.offday_acceptance.promised": rule("acceptance on a Saturday", 'promised = "receipt_only"', 'promised = "accept"'),
    "rule.offday_acceptance.instant": rule(
        "instant acceptance on a Saturday", 'instant = "accept"', 'instant = "receipt_only"'
    ),
    "rule.window.hall": rule("acceptance at a window on a Saturday", 'hall = "H2"', 'hall = "H1"'),
    "rule.window.window": rule("acceptance at a window on a Saturday", 'window = "12"', 'window = "13"'),
    "rule.window.offday_acceptance": rule("acceptance at a window on a Saturday",
                                          'window = "12"\noffday_acceptance = "accept"',
                                          'window = "12"\noffday_acceptance = "receipt_only"'),
    "rule.trips.near_gross": rule("trips", "near_gross = true\nnear_net = true", "near_gross = false\nnear_net = false"),
    "rule.trips.near_net": rule("trips", "near_net = true", "near_net = false"),
    "rule.trips.before_application": rule("trips", "before_application = false", "before_application = true"),
    "rule.warning.days": rule("cards near", "\ndays = 1", "\ndays = 4"),
    "rule.warning.percent": rule("cards near", "percent = 20", "percent = 40"),
    **{
        f"rule.cards.{ground}": rule("cards near" if ground == "due_soon" else "cards of every clock",
                                     f'\n{ground} = "{level}"', f'\n{ground} = "{other}"')
        for ground, level, other in (
            ("due_soon", "warning", "yellow"), ("promise_overdue", "yellow", "red"), ("statutory_overdue", "red", "yellow"),
            ("step_overdue", "yellow", "red"), ("preliminary_review_overdue", "yellow", "red"),
            ("procedure_overrun", "yellow", "red"), ("acceptance_overdue", "yellow", "red"),
            ("delivery_overdue", "yellow", "red"), ("hearing_overdue", "yellow", "red"),
            ("renewal_overdue", "yellow", "red"), ("rectification_overdue", "yellow", "red"),
            ("reasonless_negative", "red", "yellow"),
        )
    },
    "rule.cards.box_not_emptied": rule("cards of a box", '\nbox_not_emptied = "yellow"', '\nbox_not_emptied = "red"'),
    "calendar.version": Shows("acceptance", (
        (CALENDAR_FILE, '\nversion = "own.1"', '\nversion = "own.9"'),
        (OVERLAY_FILE, 'base = "own.1"', 'base = "own.9"'),
        (OVERLAY_FILE, 'supersedes = "own.1"', 'supersedes = "own.9"'),
        (RULE_FILE, 'calendar = "own.1"', 'calendar = "own.9"'),
    )),
    "calendar.title": calendar(PRINT, "我区日历", "本区日历"),
    "calendar.source": calendar(PRINT, 'source = "a notice"', 'source = "another"'),
    "calendar.retrieved_on": calendar(PRINT, "2025-12-01", "2025-12-02"),
    "calendar.zone": calendar("zone", "Asia/Shanghai", "Asia/Urumqi"),
    "calendar.covers": calendar("rows of days", "2026-12-30]", "2026-12-29]"),
    "calendar.rest_weekdays": calendar("days covered", "rest_weekdays = [6, 7]", "rest_weekdays = [5, 7]",
                                       '2026.work = ["03-07"]', '2026.work = ["03-15"]'),
    "calendar.hours": calendar("days and hours", '["13:00", "17:00"]', '["13:00", "17:30"]'),
    "calendar.years": calendar("days and hours", '2026.rest = ["03-04"]', '2026.rest = ["03-06"]'),
    "calendar.supersedes": calendar("line of calendars", 'supersedes = "cn-2026.1"\n', ""),
    "year.rest": calendar("days and hours", '2026.rest = ["03-04"]', '2026.rest = ["03-06"]'),
    "year.work": calendar("days and hours", '2026.work = ["03-07"]', '2026.work = ["03-14"]'),
    "year.notice": calendar(PRINT, "〔2025〕7号", "〔2025〕8号"),
    "year.retrieved_on": calendar(PRINT, "2025-11-05", "2025-11-07"),
    "overlay.base": Shows("days and hours", (
        (OVERLAY_FILE, 'base = "own.1"', 'base = "cn-2026.1"'),
        (OVERLAY_FILE, "covers = [2026-01-01, 2026-12-20]", "covers = [2026-01-01, 2026-12-20]"),
    )),
    "overlay.version": Shows("days covered", ((OVERLAY_FILE, '\nversion = "own.2"', '\nversion = "own.3"'),)),
    "overlay.title": overlay(PRINT, "我镇日历", "本镇日历"),
    "overlay.source": overlay(PRINT, 'source = "a notice"', 'source = "another"'),
    "overlay.retrieved_on": overlay(PRINT, "2025-12-01", "2025-12-02"),
    "overlay.covers": overlay("days covered", "2026-12-20]", "2026-12-19]"),
    "overlay.hours": overlay("days and hours", '["09:00", "12:00"]', '["09:00", "12:30"]'),
    "overlay.years": overlay("days covered", '2026.rest = ["03-05"]', '2026.rest = ["03-06"]'),
    "overlay.supersedes": overlay("line of calendars", 'supersedes = "own.1"\n', ""),
}  # fmt: skip
"""Every key a file may hold, by its table; of a table within others, by what it is read into."""


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    found = kept(tmp_path_factory.mktemp("usual"))
    assert isinstance(found, Kept), found
    return found


@pytest.mark.parametrize("key", KEYS)
def test_a_change_of_the_key_shows(key: str, usual: Kept, tmp_path: Path) -> None:
    changed = kept(tmp_path, *KEYS[key].changes)
    assert isinstance(changed, Kept), changed
    look = SEEN[KEYS[key].seen]
    assert look(changed) != look(usual), f"{key} changes nothing of {KEYS[key].seen}"


@pytest.mark.parametrize("seen", SEEN)
def test_what_is_looked_at_is_the_same_for_the_same_books(seen: str, usual: Kept, tmp_path: Path) -> None:
    again = kept(tmp_path)
    assert isinstance(again, Kept)
    assert SEEN[seen](again) == SEEN[seen](usual)


@pytest.mark.parametrize("key", KEYS)
def test_a_change_of_the_key_changes_the_fingerprint_of_an_entry(key: str, usual: Kept, tmp_path: Path) -> None:
    changed = kept(tmp_path, *KEYS[key].changes)
    assert isinstance(changed, Kept)
    assert {fact.sha256 for fact in changed.facts if hasattr(fact, "sha256")} != {
        fact.sha256 for fact in usual.facts if hasattr(fact, "sha256")
    }


# --- that none is missing ---


def written() -> Iterator[str]:
    """Every key the readers let in."""
    for kind, shape in SHAPES.items():
        yield from (f"{kind}.{key}" for key in shape.readers)
    for inner, shape in INNER.items():
        yield from (f"{inner.__name__}.{key}" for key in shape.readers)
    yield from (f"calendar.{key}" for key in CALENDAR_KEYS)
    yield from (f"year.{key}" for key in YEAR_KEYS)
    yield from (f"overlay.{key}" for key in OVERLAY_KEYS)
    for key, within in RULE_KEYS.items():
        yield from (f"rule.{key}.{one}" for one in within) if within else (f"rule.{key}",)


def test_every_key_that_is_read_has_its_line() -> None:
    assert set(KEYS) == set(written())


def values(cls: type[Any]) -> Iterator[type[Any]]:
    """A value and all values within it."""
    yield cls
    for shape in shapes_of(cls).values():
        if is_dataclass(shape.kind):
            yield from values(shape.kind)


@pytest.mark.parametrize("field", ["items", "themes", "sites", "seals", "boxes"])
def test_every_field_of_an_entry_of_the_catalogue_is_a_key_of_its_table(field: str) -> None:
    kind = shapes_of(AdoptBooks)[field].kind
    table = next(shape for shape in SHAPES.values() if shape.value is kind)
    assert {one.name for one in fields(kind)} == set(table.readers)
    for inner in set(values(kind)) - {kind}:
        # A deadline is told to the instant by an import alone: a catalogue promises days.
        told_by_imports = {"due_at", "by_instant"} if inner is Limit else set()
        assert {one.name for one in fields(inner)} - told_by_imports == set(INNER[inner].readers)


RULE_FIELDS: Final = {
    "offday_promised": "rule.offday_acceptance.promised",
    "offday_instant": "rule.offday_acceptance.instant",
    "windows": "rule.window.hall",
    "warn_days": "rule.warning.days",
    "warn_percent": "rule.warning.percent",
    "near_visits_gross": "rule.trips.near_gross",
    "near_visits_net": "rule.trips.near_net",
    "count_before_application": "rule.trips.before_application",
    "cards": "rule.cards.due_soon",
}
"""Fields of the rule that are called otherwise in its file."""


def test_every_field_of_the_rule_and_of_a_calendar_is_a_key_of_its_file() -> None:
    assert {RULE_FIELDS.get(one.name, f"rule.{one.name}") for one in fields(DistrictRule)} <= set(KEYS)
    of_a_sheet = {one.name for one in fields(CalendarSheet)} - {"first_on", "last_on"}
    assert of_a_sheet | {"covers", "years"} == set(CALENDAR_KEYS) | {"base"}
    assert {one.name for one in fields(CalendarYear)} - {"calendar", "year"} == set(YEAR_KEYS)


def test_every_key_stands_in_the_files_that_are_changed(usual: Kept) -> None:
    assert set(FILES) == {CATALOGUE_FILE, RULE_FILE, CALENDAR_FILE, OVERLAY_FILE}
    assert len({fingerprint(fact.content) for fact in usual.facts}) > len(FILES)
