"""The shipped rule file is the default rule, key by key, and a bad rule file is refused by file and key."""

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from adapters.calendar_toml import NATIONAL
from adapters.district_engine import open_engine
from adapters.district_rule_toml import load_district_rule, shipped_rule
from casecore.district_rule import CardPolicy, DistrictRule, WindowPolicy
from casecore.errors import BadInput, Fault, Flaw
from casecore.vocabulary import CardGround, CardLevel, HandlingKind, OffdayAcceptance, ReceiptDate, SuspensionKind

TOWN = """
name = "town"
calendar = "cn-2017.1"
moves_promise = ["forwarded", "ordinary"]
parallel_procedures = true
refusal_ends_review = true
deemed_acceptance = false
hours_per_workday = 8
drop_box_receipt = "deposit"
collect_days = 20
rectify_days = 15
double_filing_days = 60
instant_seconds = 30

[offday_acceptance]
promised = "accept"
instant = "receipt_only"

[[window]]
hall = "H1"
offday_acceptance = "receipt_only"

[[window]]
hall = "H1"
window = "12"
offday_acceptance = "accept"

[warning]
days = 3
percent = 0

[trips]
near_gross = true
near_net = false
before_application = true

[cards]
due_soon = "yellow"
delivery_overdue = "red"
"""


def load(folder: Path, text: str | bytes) -> DistrictRule:
    source = folder / "town.toml"
    source.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_district_rule(source)


def refused(folder: Path, text: str | bytes) -> str:
    with pytest.raises(Fault) as fault:
        load(folder, text)
    assert len(str(fault.value).splitlines()) == 1
    return str(fault.value)


# --- What is shipped ---


def test_the_shipped_rule_is_the_default_rule() -> None:
    assert load_district_rule(shipped_rule()) == DistrictRule()


def test_the_shipped_rule_spells_out_every_key_that_has_a_default() -> None:
    """A key only in the code would be one nobody finds; what is none by default is shown as comments."""
    shipped = tomllib.loads(shipped_rule().read_text("utf-8"))
    offday = {f"offday_{key}" for key in shipped.pop("offday_acceptance")}
    warning = {f"warn_{key}" for key in shipped.pop("warning")}
    trips = {
        "near_gross": "near_visits_gross",
        "near_net": "near_visits_net",
        "before_application": "count_before_application",
    }
    assert {*shipped.pop("trips")} == {*trips}

    assert {*shipped, *offday, *warning, *trips.values()} == {field.name for field in fields(DistrictRule)} - {
        "calendar",
        "windows",
        "double_filing_days",
        "source",
        "retrieved_on",
    }


def test_the_windows_shown_in_the_shipped_rule_can_be_uncommented(tmp_path: Path) -> None:
    shown = shipped_rule().read_text("utf-8")
    uncommented = re.sub(r"^# (?=\[\[window|hall|window =|offday_acc)", "", shown, flags=re.MULTILINE)

    assert load(tmp_path, uncommented).windows == (
        WindowPolicy(hall="H1", window="12", offday_acceptance=OffdayAcceptance.ACCEPT),
    )


# --- A rule of one's own ---


def test_every_key_of_a_rule_is_read(tmp_path: Path) -> None:
    assert load(tmp_path, TOWN) == DistrictRule(
        name="town",
        calendar="cn-2017.1",
        moves_promise=(SuspensionKind.FORWARDED, SuspensionKind.ORDINARY),
        parallel_procedures=True,
        refusal_ends_review=True,
        deemed_acceptance=False,
        offday_promised=OffdayAcceptance.ACCEPT,
        offday_instant=OffdayAcceptance.RECEIPT_ONLY,
        windows=(
            WindowPolicy(hall="H1", offday_acceptance=OffdayAcceptance.RECEIPT_ONLY),
            WindowPolicy(hall="H1", window="12", offday_acceptance=OffdayAcceptance.ACCEPT),
        ),
        hours_per_workday=8,
        warn_days=3,
        warn_percent=0,
        near_visits_net=False,
        count_before_application=True,
        drop_box_receipt=ReceiptDate.DEPOSIT,
        collect_days=20,
        rectify_days=15,
        double_filing_days=60,
        instant_seconds=30,
        cards=(
            CardPolicy(ground=CardGround.DUE_SOON, level=CardLevel.YELLOW),
            CardPolicy(ground=CardGround.DELIVERY_OVERDUE, level=CardLevel.RED),
        ),
    )


def test_a_key_that_is_left_out_keeps_its_default(tmp_path: Path) -> None:
    assert load(tmp_path, 'name = "town"\n[warning]\ndays = 2') == DistrictRule(name="town", warn_days=2)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("near_gross = false", DistrictRule(name="town", near_visits_gross=False)),
        ("near_net = false", DistrictRule(name="town", near_visits_net=False)),
        ("before_application = true", DistrictRule(name="town", count_before_application=True)),
        ("", DistrictRule(name="town")),
    ],
)
def test_each_key_of_the_trips_is_a_rule_of_its_own(tmp_path: Path, key: str, expected: DistrictRule) -> None:
    assert load(tmp_path, f'name = "town"\n[trips]\n{key}') == expected


def test_an_empty_table_of_cards_means_no_cards(tmp_path: Path) -> None:
    assert load(tmp_path, 'name = "town"\n[cards]').cards == ()


def test_a_path_in_text_is_as_good_as_a_path(tmp_path: Path) -> None:
    rule = load(tmp_path, TOWN)

    assert load_district_rule(str(tmp_path / "town.toml")) == rule


def test_an_engine_takes_a_rule_or_the_file_of_one(tmp_path: Path) -> None:
    rule = load(tmp_path, TOWN)

    for given in (rule, tmp_path / "town.toml", str(tmp_path / "town.toml")):
        with open_engine("memory:", district="510114", rule=given) as engine:
            assert engine.office.rule == rule
    with open_engine("memory:", district="510114") as engine:
        assert engine.office.rule == DistrictRule()


def test_the_version_in_force_is_the_one_said_else_the_rules_else_the_national_one() -> None:
    ruled = DistrictRule(calendar="cn-2017.1")

    for rule, said, version in (
        (ruled, "cn-2026.1", "cn-2026.1"),
        (ruled, None, "cn-2017.1"),
        (None, "cn-2017.1", "cn-2017.1"),
        (None, None, NATIONAL),
    ):
        with open_engine("memory:", district="510114", rule=rule, calendar=said) as engine:
            assert engine.office.calendar.version == version


def test_a_rule_naming_a_calendar_nobody_knows_opens_no_hall() -> None:
    rule = DistrictRule(name="town", calendar="feast.1")

    with pytest.raises(BadInput, match=r"^rule town: calendar: 'feast\.1' is none of cn-2017\.1, ") as flaw:
        open_engine("memory:", district="510114", rule=rule)
    assert flaw.value.code is Flaw.UNKNOWN_CALENDAR


def test_a_window_policy_goes_before_that_of_its_hall_in_whatever_order_they_stand(tmp_path: Path) -> None:
    rule = load(tmp_path, TOWN)

    assert not rule.receipt_only("H1", "12", HandlingKind.PROMISED)
    assert rule.receipt_only("H1", "7", HandlingKind.PROMISED)
    assert not rule.receipt_only("H2", "12", HandlingKind.PROMISED)


# --- What is refused ---


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "town.toml: name: missing"),
        ('name = "town"\nhollidays = true', "town.toml: hollidays: unknown key"),
        ('name = "town"\ncalendar = 2026', "town.toml: calendar: must be text, not 2026"),
        ('name = "our town"', "town.toml: name: an identifier has no spaces"),
        ('name = "town"\nmoves_promise = "ordinary"', "town.toml: moves_promise: must be a list, not 'ordinary'"),
        (
            'name = "town"\nmoves_promise = ["pause"]',
            "town.toml: moves_promise[0]: 'pause' is none of ordinary, special_procedure, forwarded",
        ),
        (
            'name = "town"\nmoves_promise = ["special_procedure"]',
            (
                "town.toml: moves_promise: special_procedure moves every limit by law (Art. 45), told in writing;"
                " no district decides it"
            ),
        ),
        (
            'name = "town"\nmoves_promise = ["ordinary", "ordinary"]',
            "town.toml: moves_promise: a kind of 挂起 is listed twice",
        ),
        ('name = "town"\nparallel_procedures = 1', "town.toml: parallel_procedures: must be true or false"),
        ('name = "town"\nhours_per_workday = 0', "town.toml: hours_per_workday: must be from 1 to 24, not 0"),
        ('name = "town"\nhours_per_workday = 25', "town.toml: hours_per_workday: must be from 1 to 24, not 25"),
        ('name = "town"\nhours_per_workday = 7.5', "town.toml: hours_per_workday: must be a whole number, not 7.5"),
        ('name = "town"\n[warning]\ndays = -1', "town.toml: warning.days: must be from 0 to 366, not -1"),
        ('name = "town"\n[warning]\npercent = 101', "town.toml: warning.percent: must be from 0 to 100, not 101"),
        ('name = "town"\ncollect_days = 0', "town.toml: collect_days: must be from 1 to 366, not 0"),
        ('name = "town"\nrectify_days = 0', "town.toml: rectify_days: must be from 1 to 366, not 0"),
        ('name = "town"\nrectify_days = "5"', "town.toml: rectify_days: must be a whole number, not '5'"),
        ('name = "town"\ndouble_filing_days = 367', "town.toml: double_filing_days: must be from 0 to 366, not 367"),
        ('name = "town"\ninstant_seconds = 0', "town.toml: instant_seconds: must be from 1 to 86400, not 0"),
        ('name = "town"\ninstant_seconds = 86401', "town.toml: instant_seconds: must be from 1 to 86400, not 86401"),
        (
            'name = "town"\ndrop_box_receipt = "sunrise"',
            "town.toml: drop_box_receipt: 'sunrise' is none of collection, deposit",
        ),
        ('name = "town"\n[trips]\nnear = true', "town.toml: trips.near: unknown key"),
        ('name = "town"\n[trips]\nnear_gross = 1', "town.toml: trips.near_gross: must be true or false"),
        (
            'name = "town"\n[trips]\nnear_gross = false\nnear_net = true',
            "town.toml: trips.near_net: what is no trip at all cannot count against the promise",
        ),
        ('name = "town"\n[warning]\nhours = 1', "town.toml: warning.hours: unknown key"),
        (
            'name = "town"\n[offday_acceptance]\npromised = "closed"',
            "town.toml: offday_acceptance.promised: 'closed' is none of accept, receipt_only",
        ),
        ('name = "town"\n[[window]]\nhall = "H1"', "town.toml: window[0].offday_acceptance: missing"),
        (
            'name = "town"\n' + '[[window]]\nhall = "H1"\noffday_acceptance = "accept"\n' * 2,
            "town.toml: window[1]: this hall and window stand in the file twice",
        ),
        (
            'name = "town"\n[cards]\npromise_overdue = "orange"',
            "town.toml: cards.promise_overdue: 'orange' is none of warning, yellow, red",
        ),
        ('name = "town"\n[cards]\nrude_clerk = "red"', "town.toml: cards.rude_clerk: unknown key"),
        (
            'name = "town"\n[cards]\nillegal_fee = "red"',
            "town.toml: cards.illegal_fee: no card of this ground is ever due: a supervisor issues it, and says its level",
        ),
        ("name = ", "town.toml: is not TOML: Invalid value (at end of document)"),
        (b"name = '\xff'", "town.toml: is not UTF-8 (byte 8)"),
    ],
)
def test_a_flaw_is_one_line_with_file_and_key(tmp_path: Path, text: str | bytes, said: str) -> None:
    assert refused(tmp_path, text) == said


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Fault, match=r"^away\.toml: cannot be read: No such file or directory$"):
        load_district_rule(tmp_path / "away.toml")
