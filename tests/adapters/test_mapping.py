"""Mappings: found by name or file, and refused with file and key where they are unsound."""

from pathlib import Path

import pytest
from support.mapping_texts import CLOSED_IF_OUT, RECEIVED_AND_ACCEPTED, mapping_text

from adapters.calendar_toml import shipped_calendars
from adapters.importing import load_mapping, shipped_mappings
from adapters.importing.sound_mapping import Promise
from casecore import BadInput, Fault, Limit, Unit

CASES = mapping_text(
    "cases",
    RECEIVED_AND_ACCEPTED,
    CLOSED_IF_OUT,
    channel='{from = "way", words = {W = "window", N = "website"}, default = "other"}',
)
LOG = mapping_text(
    "log", RECEIVED_AND_ACCEPTED, CLOSED_IF_OUT.replace('"out"', '"end"'), format='"xes"', case='"concept:name"'
)


def test_a_mapping_is_found_by_its_bare_name() -> None:
    for name in shipped_mappings():
        assert load_mapping(name).name == name
    assert shipped_mappings() == ("chongqing_cases", "chongqing_steps", "coselog_receipt")


def test_an_unknown_name_lists_the_shipped_ones() -> None:
    with pytest.raises(BadInput, match="mapping chonging: unknown, there are chongqing_cases, chongqing_steps, coselog"):
        load_mapping("chonging")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('case = "id"\n', "", "case: missing"),
        ('hall = "hall 1"\n', "", "hall: missing"),
        ('item = "imported"\n', "", "item: missing"),
        ('calendar = "cn-2026.1"\n', "", "calendar: missing"),
        ('by = "clerk"\n', "", "fact[0].by: missing here and above, and no department stands in for it"),
        ('case = "id"', 'case = "id"\ncolour = "red"', "colour: unknown key"),
        ('case = "id"', 'case = "id"\nsuspension_moves_promise = true', "suspension_moves_promise: no fact of this"),
        ('case = "id"', "case = 7", "case: must be text, not 7"),
        ('case = "id"', 'case = "id"\ncontinues = "no"', "continues: must be true or false"),
        ('case = "id"', 'case = "id"\ncontinues = true', "fact: a file that continues cases does not receive them"),
        ('case = "id"', 'case = "id"\nitem_version = 0', "item_version: must be 1 or more"),
        ('format = "csv"', 'format = "xls"', "format: 'xls' is none of csv, xlsx, xes, ocel"),
        ("Asia/Shanghai", "Asia/Chungking2", "zone: 'Asia/Chungking2' is no time zone"),
        ('"cn-2026.1"', '"cn-1949.1"', f"calendar: 'cn-1949.1' is none of {', '.join(sorted(shipped_calendars()))}"),
        ('tier = "county"', 'tier = "shire"', "tier: 'shire' is none of nation, province, city,"),
        ('W = "window"', 'W = "door"', "channel.words.W: 'door' is none of window, website,"),
        ('default = "other"', 'default = "?"', "channel.default: '?' is none of window, website,"),
        ('{from = "way", ', "{", "channel.from: missing"),
        ('{from = "way", ', '{from = "way", scope = "event", ', "channel.scope: what holds for the whole case"),
        ('{from = "way", ', '{from = "way", pattern = "(", ', "channel.pattern: '(' is no regular expression"),
        ('{from = "way", ', '{from = "way", pattern = "x", ', "channel.pattern: 'x' has 0 groups, it needs exactly one"),
        ("limit = {amount = 10", 'due = "out", limit = {amount = 10', "promise: either a limit or due"),
        ("amount = 10", "amount = -1", "promise.limit: a limit cannot be negative: -1"),
        ("working_day", "fortnight", "promise.limit.unit: 'fortnight' is none of working_day,"),
        ("working_day", "fixed_date", "promise.limit: a limit in fixed_date"),
        ('event = "closed"', 'event = "shut"', "fact[2].event: 'shut' is none of received, accepted, closed,"),
        ('event = "closed"', 'event = "accepted"', "fact: accepted stands twice"),
        ('event = "closed"', 'event = "suspension"', "fact[2].until: missing"),
        ('event = "closed"', 'event = "step_completed"', "fact[2].name: missing"),
        ('at = "out"', 'at = "out"\nuntil = "in"', "fact[2].until: means nothing for closed"),
        ('at = "out"', 'at = "out"\nscope = "event"', "fact[2].scope: a row of a table is case and event in one"),
        ('at = "out"', 'at = "out"\nwhen = {way = "W"}', "fact[2].when.way: must be a list, not 'W'"),
        ('event = "received"', 'event = "received"\nrequired = false', "fact[0]: every case of the file is received"),
        ('event = "received"', 'event = "closed"', "fact: closed stands twice"),
        ("[[fact]]", "[fact]", "is not TOML"),
    ],
)
def test_an_unsound_mapping_is_refused_with_file_and_key(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "own.toml"
    assert old in CASES
    path.write_text(CASES.replace(old, new), encoding="utf-8")

    with pytest.raises(Fault) as caught:
        load_mapping(path)
    assert str(caught.value).startswith(f"own.toml: {message}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('format = "xes"', 'format = "xes"\ncontinues = true', "fact: a file that continues cases does not receive"),
        ('at = "end"', 'at = "end"\nscope = "event"', "fact[2].scope: closed is a fact of the case"),
        ('at = "end"', 'at = "end"\nreason = {from = "x", scope = "event"}', "fact[2].reason.scope: a fact of the case"),
    ],
)
def test_a_mapping_of_a_log_keeps_case_and_event_apart(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(LOG.replace(old, new), encoding="utf-8")

    with pytest.raises(Fault) as caught:
        load_mapping(str(path))
    assert str(caught.value).startswith(f"own.toml: {message}")


@pytest.mark.parametrize("name", ["gone.toml", "folder/gone"])
def test_a_mapping_file_that_is_not_there_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(Fault, match="cannot be read"):
        load_mapping(str(tmp_path / name))


@pytest.mark.parametrize("unit", [Unit.MONTH, Unit.WHOLE_MONTH, Unit.YEAR])
def test_a_file_whose_cases_are_promised_in_months_says_so(tmp_path: Path, unit: Unit) -> None:
    file = tmp_path / "own.toml"
    file.write_text(CASES.replace('{amount = 10, unit = "working_day"}', f'{{amount = 3, unit = "{unit.value}"}}'), "utf-8")
    assert load_mapping(str(file)).promise == Promise(limit=Limit(3, unit))
