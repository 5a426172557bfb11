"""The shipped calendars are what the notices said, and a bad calendar file is refused by file and key."""

from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path

import chinese_calendar
import pytest

from adapters.calendar_toml import NATIONAL, load_calendar, shipped_calendars
from casecore.calendar import WorkCalendar
from casecore.errors import Fault

SOUND = """
version = "town.1"
title = "A town"
zone = "Asia/Shanghai"
covers = [2024-01-01, 2025-12-31]
rest_weekdays = [6, 7]
hours = [["09:00", "12:00"], ["13:00", "17:00"]]

[years]
2024.rest = ["01-01", "02-12"]
2024.work = ["02-04"]
"""


def national() -> WorkCalendar:
    return shipped_calendars()[NATIONAL]


def load(folder: Path, text: str | bytes) -> WorkCalendar:
    source = folder / "town.1.toml"
    source.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_calendar(source)


def refused(folder: Path, text: str | bytes) -> str:
    with pytest.raises(Fault) as fault:
        load(folder, text)
    return str(fault.value)


# --- What is shipped ---


def test_the_national_calendar_is_shipped_under_its_version() -> None:
    assert national().version == NATIONAL
    assert national().zone == "Asia/Shanghai"
    assert national().covers == (date(2004, 1, 1), date(2026, 12, 31))


def test_every_shipped_calendar_is_listed_by_its_own_version() -> None:
    assert {calendar.version for calendar in shipped_calendars().values()} == set(shipped_calendars())
    assert {NATIONAL, "weekdays-nl.1"} <= set(shipped_calendars())


def test_the_shipped_calendars_are_read_once_and_cannot_be_changed() -> None:
    assert shipped_calendars() is shipped_calendars()
    with pytest.raises(TypeError):
        shipped_calendars()["own"] = national()  # type: ignore[index]


def test_the_national_calendar_equals_chinesecalendar_on_every_day_from_2004_to_2026() -> None:
    assert version("chinesecalendar") == "1.11.0"
    first, last = national().covers
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    assert len(days) == 8401
    assert [day for day in days if national().is_working(day) is not chinese_calendar.is_workday(day)] == []


@pytest.mark.parametrize(
    "make_up_day", [date(2017, 9, 30), date(2018, 12, 29), date(2024, 2, 4), date(2024, 2, 18), date(2026, 2, 14)]
)
def test_a_make_up_day_on_a_weekend_is_a_working_day(make_up_day: date) -> None:
    assert make_up_day.isoweekday() in (6, 7)
    assert national().is_working(make_up_day)


# --- What is refused ---


def test_a_sound_file_makes_a_calendar(tmp_path: Path) -> None:
    town = load(tmp_path, SOUND)
    assert (town.version, town.title, town.zone) == ("town.1", "A town", "Asia/Shanghai")
    assert not town.is_working(date(2024, 2, 12))
    assert town.is_working(date(2024, 2, 4))
    assert town.is_working(date(2025, 1, 1))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('version = "town.1"', "", "version: missing"),
        ('version = "town.1"', "version = 1", "version: must be text, not 1"),
        ('version = "town.1"', 'version = "town 1"', "version: an identifier has no spaces"),
        ('title = "A town"', 'title = ""', "title: must be one line of text"),
        ('title = "A town"', 'title = "A\\ntown"', "title: must be one line of text"),
        ('title = "A town"', 'title = "A\\u202etown"', "title: character U+202E is not allowed"),
        ('title = "A town"', 'title = "A town"\nnote = "x"', "note: unknown key"),
        ("Asia/Shanghai", "Asia/Xindu", "zone: 'Asia/Xindu' is no time zone"),
        ("Asia/Shanghai", "../etc/passwd", "zone: '../etc/passwd' is no time zone"),
        ("[2024-01-01, 2025-12-31]", "[2024-01-01]", "covers: must be [first day, last day]"),
        ("[2024-01-01, 2025-12-31]", "[2025-12-31, 2024-01-01]", "covers: must be [first day, last day]"),
        ("[2024-01-01, 2025-12-31]", "[2024-01-01, 9999-12-31]", "covers: the last covered year is before 9999"),
        (
            "[2024-01-01, 2025-12-31]",
            '[2024-01-01, "2025-12-31"]',
            "covers[1]: must be a date such as 2020-01-31, not '2025-12-31'",
        ),
        (
            "2025-12-31]",
            "2025-12-31T00:00:00]",
            "covers[1]: must be a date such as 2020-01-31, not 2025-12-31 00:00:00",
        ),
        (
            "[6, 7]",
            "[6, 8]",
            "rest_weekdays: must be different ISO weekdays from 1 to 7, and not all of them",
        ),
        (
            "[6, 7]",
            "[6, 6]",
            "rest_weekdays: must be different ISO weekdays from 1 to 7, and not all of them",
        ),
        (
            "[6, 7]",
            "[1, 2, 3, 4, 5, 6, 7]",
            "rest_weekdays: must be different ISO weekdays from 1 to 7, and not all of them",
        ),
        ("[6, 7]", "[true]", "rest_weekdays[0]: must be a whole number, not true"),
        ("[6, 7]", "6", "rest_weekdays: must be a list, not 6"),
        ('[["09:00", "12:00"], ["13:00", "17:00"]]', "[]", "hours: must be a list of [opens, closes]"),
        ('["13:00", "17:00"]', '["13:00"]', "hours: must be a list of [opens, closes]"),
        (
            '"13:00"',
            '"11:00"',
            "hours: must go up, with a break between one [opens, closes] and the next",
        ),
        ('"09:00"', '"9:00"', "hours[0][0]: must be a time HH:MM in quotes, not '9:00'"),
        ('"09:00"', "09:00:00", "hours[0][0]: must be a time HH:MM in quotes, not 09:00:00"),
        ('"17:00"', '"24:00"', "hours[1][1]: must be a time HH:MM in quotes, not '24:00'"),
        ("2024.work", "2024.wrok", "years.2024.wrok: unknown key"),
        ("2024.work", "twenty.work", "years: 'twenty' is no year"),
        ('["02-04"]', '"02-04"', "years.2024.work: must be a list, not '02-04'"),
        ('"02-04"', '"02-30"', "years.2024.work: '02-30' is no MM-DD of 2024"),
        ('"02-04"', '"2024-02-04"', "years.2024.work: '2024-02-04' is no MM-DD of 2024"),
        ('"02-04"', '"02-05"', "years.2024.work: 2024-02-05 is not a rest weekday, so it is worked anyway"),
        ('"02-12"', '"02-11"', "years.2024.rest: 2024-02-11 is a rest weekday already"),
        ('"02-12"', '"01-01"', "years.2024.rest: 2024-01-01 is listed twice"),
        (
            "2024.work",
            "2026.work",
            "years.2026: the year lies outside covers (2024-01-01 to 2025-12-31)",
        ),
        (
            "[2024-01-01,",
            "[2024-01-02,",
            "years.2024.rest: 2024-01-01 lies outside covers (2024-01-02 to 2025-12-31)",
        ),
    ],
)
def test_a_bad_calendar_is_refused_by_file_and_key(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in SOUND
    assert refused(tmp_path, SOUND.replace(old, new)) == f"town.1.toml: {message}"


def test_years_must_be_a_table(tmp_path: Path) -> None:
    head = SOUND.partition("[years]")[0]
    assert refused(tmp_path, f"{head}years = 2024") == "town.1.toml: years: must be a table"
    assert refused(tmp_path, head) == "town.1.toml: years: missing"
    assert refused(tmp_path, f"{head}[years]\n2024 = 1") == "town.1.toml: years.2024: must be a table, not 1"


def test_a_file_that_is_no_toml_is_refused_with_its_line(tmp_path: Path) -> None:
    message = refused(tmp_path, SOUND + "\n2024")
    assert message.startswith("town.1.toml: is not TOML: ")
    assert "line" in message or "end of document" in message


def test_a_file_nested_beyond_reason_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, "a = " + "[" * 5000).startswith("town.1.toml: is not TOML: ")


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, SOUND.replace("A town", "新都").encode("gb18030")) == ("town.1.toml: is not UTF-8 (byte 29)")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Fault, match=r"^absent\.toml: cannot be read: No such file or directory$"):
        load_calendar(tmp_path / "absent.toml")
