"""A hall's own calendars on the command line: a case promised under one is counted under it, or not at all."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.mapping_texts import CLOSED_IF_OUT, RECEIVED_AND_ACCEPTED, mapping_text

from adapters.calendar_toml import known_calendars
from adapters.importing.importing import import_file
from adapters.importing.mapping import load_mapping
from adapters.testing.opened import open_desk

CASECORE = Path(sys.executable).parent / "casecore"
FEAST = """
version = "feast.1"
title = "The nation's calendar and the town's feast"
base = "cn-2026.1"
[years]
2024.rest = ["03-06"]
"""
STORE = ("--store", "sqlite:///cases.db")
OURS = ("--calendars", "ours")
IMPORT = ("import", "cases.csv", "--mapping", "feast.toml", *STORE, "--district", "510107")


def ran(folder: Path, *arguments: str, **env: str) -> tuple[int, str, str]:
    """One run of the command: exit code, stdout, stderr."""
    environment = {name: value for name, value in os.environ.items() if name != "CASECORE_CALENDARS"} | env
    done = subprocess.run(
        [CASECORE, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    return done.returncode, done.stdout, done.stderr


def plain(folder: Path, *arguments: str, **env: str) -> Any:
    code, out, err = ran(folder, *arguments, "--json", **env)
    assert code == 0, err
    return json.loads(out)


def on_time(report: Any) -> tuple[int, int, int]:
    """Closed in time, closed, and how many cases the figures leave behind."""
    (k6,) = (row for row in report["indicators"] if row["code"] == "K6" and row["group"] is None)
    return k6["numerator"], k6["denominator"], report["stale_cases"]


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A folder with a calendar that has a feast, and a case closed on the last day it allows, imported."""
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "feast.1.toml").write_text(FEAST, "utf-8")
    mapping = mapping_text("feast", RECEIVED_AND_ACCEPTED, CLOSED_IF_OUT, calendar='"feast.1"')
    (tmp_path / "feast.toml").write_text(mapping, "utf-8")
    (tmp_path / "cases.csv").write_text("id,in,out\nA-1,2024-03-04T09:00:00,2024-03-19T16:00:00\n", "utf-8")
    code, _, err = ran(tmp_path, *IMPORT, *OURS)
    assert code == 0, err
    return tmp_path


@pytest.fixture
def old_town(town: Path) -> Path:
    """The same with a store in which nobody adopted anything: it was written before books were facts."""
    (town / "cases.db").unlink()
    known = known_calendars(town / "ours")
    with open_desk(f"sqlite:///{town}/cases.db", district="510107", calendars=known) as desk:
        assert not import_file(desk, load_mapping(str(town / "feast.toml"), calendars=known), town / "cases.csv").rejected
    (town / "books" / "calendars").mkdir(parents=True)
    (town / "books" / "calendars" / "feast.1.toml").write_text(FEAST, "utf-8")
    return town


def test_a_case_is_counted_under_the_own_calendar_it_was_promised_under(town: Path) -> None:
    assert on_time(plain(town, "report", *STORE)) == (1, 1, 0)
    clock, *_ = plain(town, "case", "explain", "A-1", *STORE)["clocks"]
    assert (clock["due_on"], clock["calendar_version"], clock["verdict"]) == ("2024-03-19", "feast.1", "on_time")
    assert {day["date"] for day in clock["days"] if "放假" in day["why"]} == {"2024-03-06"}


def test_a_case_whose_calendar_nobody_adopted_waits_by_name_and_is_taken_back_once_it_is(old_town: Path) -> None:
    code, _, err = ran(old_town, "follow", "--once", *STORE)
    assert code == 1
    missing = "district 510107: 1 case waits for a book: calendar 'feast.1' is none of cn-2017.1, cn-2026.1"
    assert f"casecore: {missing}" in err
    assert "casecore books adopt brings it in" in err
    assert on_time(plain(old_town, "report", *STORE)) == (0, 0, 1)
    code, out, _ = ran(old_town, "doctor", *STORE)
    assert code == 1
    assert "no rows of case_facts: book missing: calendar 'feast.1' is none of cn-2017.1, cn-2026.1" in out
    assert ran(old_town, "requeue", *STORE)[0] == 1

    code, _, err = ran(old_town, "books", "adopt", "books", *STORE, "--district", "510107")
    assert code == 0, err
    assert on_time(plain(old_town, "report", "--no-follow", *STORE)) == (0, 0, 1)
    assert ran(old_town, "follow", "--once", *STORE)[0] == 0
    assert on_time(plain(old_town, "report", "--no-follow", *STORE)) == (1, 1, 0)
    assert ran(old_town, "doctor", *STORE)[0] == 0


def test_a_rebuild_without_the_calendar_sets_the_case_aside_too(old_town: Path) -> None:
    assert ran(old_town, "rebuild", *STORE)[0] == 1
    assert on_time(plain(old_town, "report", "--no-follow", *STORE)) == (0, 0, 1)
    assert ran(old_town, "books", "adopt", "books", *STORE, "--district", "510107")[0] == 0
    assert ran(old_town, "rebuild", *STORE)[0] == 0
    assert on_time(plain(old_town, "report", "--no-follow", *STORE)) == (1, 1, 0)


def test_a_case_promised_under_it_is_not_explained_without_it(old_town: Path) -> None:
    code, out, err = ran(old_town, "case", "explain", "A-1", *STORE)
    assert (code, out) == (2, "")
    assert err.startswith("casecore: calendar: 'feast.1' is none of cn-2017.1, ")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (IMPORT, 1, "feast.toml: calendar: 'feast.1' is none of cn-2017.1, "),
        (
            ("due", "--accepted", "2024-03-04", "--limit", "10", "--calendar", "feast.1"),
            2,
            "--calendar: 'feast.1' is none of",
        ),
        (("handle", "-", *STORE, "--district", "510107", "--calendar", "rest.1"), 2, "calendar: 'rest.1' is none of"),
        (
            ("due", "--accepted", "1999-03-04", "--limit", "10"),
            2,
            "1999-03-04 lies outside calendar cn-2026.1 (2004-01-01 to",
        ),
    ],
)
def test_a_calendar_that_is_not_known_is_one_line_with_its_version(
    town: Path, arguments: tuple[str, ...], code: int, message: str
) -> None:
    found, out, err = ran(town, *arguments)
    assert (found, out, len(err.splitlines())) == (code, "", 1)
    assert err.startswith(f"casecore: {message}")


def test_a_due_date_can_be_asked_for_under_an_own_calendar(town: Path) -> None:
    asked = ("due", "--accepted", "2024-03-04", "--limit", "10")
    assert plain(town, *asked)["due_on"] == "2024-03-18"
    assert plain(town, *asked, "--calendar", "feast.1", *OURS)["due_on"] == "2024-03-19"


def commands(case: str) -> str:
    """A case handed in and accepted on 2026-03-02, as lines for ``handle``."""
    said = {"case": case, "by": "window-7", "at": "2026-03-02T10:00:00+08:00"}
    received = {
        **said,
        "command": "ReceiveCase",
        "item": "bookstore-licence",
        "hall": "新都区政务服务中心",
        "applicant": "A-1",
        "applicant_kind": "company",
        "visit": {"visit": f"{case}-V1"},
    }
    return "".join(json.dumps(line) + "\n" for line in (received, {**said, "command": "AcceptCase"}))


def handed_in(folder: Path, text: str, calendar: str) -> tuple[int, list[dict[str, Any]]]:
    """Commands given to a district that has adopted nothing yet: what is given with them has been in force always."""
    (folder / "commands.jsonl").write_text(text, "utf-8")
    options = ("--district", "510107", "--calendar", calendar, *OURS)
    code, out, _ = ran(folder, "handle", "commands.jsonl", "--store", "sqlite:///new.db", *options)
    return code, [json.loads(line) for line in out.splitlines()]


def test_new_promises_can_be_made_under_an_own_calendar(town: Path) -> None:
    code, answers = handed_in(town, commands("H-1"), "feast.1")
    assert (code, [set(answer) for answer in answers]) == (0, [{"line", "receipt"}] * 2)
    history = plain(town, "case", "history", "H-1", "--store", "sqlite:///new.db")
    assert [fact["data"]["calendar"] for fact in history if "calendar" in fact["data"]] == ["feast.1"]


def test_a_calendar_given_later_is_in_force_from_today_and_makes_no_promise_of_before(town: Path) -> None:
    assert handed_in(town, "", "cn-2026.1")[0] == 0
    assert handed_in(town, commands("H-1"), "feast.1")[0] == 0
    history = plain(town, "case", "history", "H-1", "--store", "sqlite:///new.db")
    assert [fact["data"]["calendar"] for fact in history if "calendar" in fact["data"]] == ["cn-2026.1"]
    shown = plain(town, "books", "history", "--store", "sqlite:///new.db")
    assert "feast.1" in json.dumps(shown)


def test_a_promise_no_calendar_can_count_is_refused_and_the_other_lines_are_carried_out(town: Path) -> None:
    spring = 'version = "spring.1"\ntitle = "From April on"\nbase = "cn-2026.1"\ncovers = [2026-04-01, 2026-12-31]\n'
    (town / "ours" / "spring.1.toml").write_text(spring, "utf-8")
    code, answers = handed_in(town, commands("H-1") + commands("H-2"), "spring.1")
    assert code == 1
    assert ["receipt" in answer for answer in answers] == [True, False, True, False]
    assert {answer["refused"]["reason"] for answer in answers[1::2]} == {"outside_calendar"}
    assert answers[1]["refused"]["named"].startswith("2026-03-02 lies outside calendar spring.1 (2026-04-01 to ")


def test_the_calendars_are_listed_with_what_they_supersede_and_which_is_in_force(town: Path) -> None:
    (town / "ours" / "feast.2.toml").write_text(
        FEAST.replace("feast.1", "feast.2").replace("[years]", 'supersedes = "feast.1"\n[years]'), "utf-8"
    )
    rows = {row["version"]: row for row in plain(town, "calendars", *OURS)["calendars"]}
    assert list(rows) == sorted(rows)
    assert rows["feast.1"] == {
        "version": "feast.1",
        "title": "The nation's calendar and the town's feast",
        "zone": "Asia/Shanghai",
        "covers": ["2004-01-01", "2026-12-31"],
        "supersedes": None,
        "newest": "feast.2",
    }
    assert (rows["feast.2"]["supersedes"], rows["feast.2"]["newest"]) == ("feast.1", "feast.2")
    assert (rows["cn-2026.1"]["supersedes"], rows["cn-2017.1"]["newest"]) == ("cn-2017.1", "cn-2026.1")
    assert "feast.1" not in {row["version"] for row in plain(town, "calendars")["calendars"]}
    code, out, _ = ran(town, "calendars", *OURS)
    assert code == 0
    assert all(text in out for text in ("feast.1", "2004-01-01 to 2026-12-31", "cn-2017.1"))


def test_an_unsound_calendar_is_named_by_file_and_key_before_anything_is_done(town: Path) -> None:
    (town / "ours" / "feast.1.toml").write_text(FEAST.replace("03-06", "03-09"), "utf-8")
    flaw = "feast.1.toml: years.2024.rest: 2024-03-09 rests under cn-2026.1 already"
    for command in (("tick", *STORE), ("calendars",), ("due", "--accepted", "2024-03-04", "--limit", "1")):
        assert ran(town, *command, *OURS) == (1, "", f"casecore: {flaw}\n")
    code, out, _ = ran(town, "doctor", *STORE, *OURS)
    assert (code, f"bad calendar: {flaw}" in out) == (1, True)
