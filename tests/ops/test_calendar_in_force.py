"""A district's rule names the calendar in force: whoever counts what runs before a promise counts under that one."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

CASECORE = Path(sys.executable).parent / "casecore"
STORE = ("--store", "sqlite:///cases.db")
OURS = ("--calendars", "ours")
RULED = (*OURS, "--rule", "town.toml")
FEAST = """
version = "feast.1"
title = "The nation's calendar and the town's feast"
base = "cn-2026.1"
[years]
2026.rest = ["03-05", "03-06"]
"""
NATIONALLY, BY_THE_RULE = "2026-03-09", "2026-03-11"
"""The last day to tell what is missing, of what was received on Monday, 2 March: the feast takes two days of that week."""


def ran(folder: Path, *arguments: str, **env: str) -> tuple[int, str, str]:
    """One run of the command: exit code, stdout, stderr."""
    ours = ("CASECORE_CALENDARS", "CASECORE_RULE")
    environment = {name: value for name, value in os.environ.items() if name not in ours} | env
    done = subprocess.run(
        [CASECORE, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    return done.returncode, done.stdout, done.stderr


def plain(folder: Path, *arguments: str, **env: str) -> Any:
    code, out, err = ran(folder, *arguments, "--json", **env)
    assert code in (0, 1), err
    return json.loads(out)


RECEIVED = {
    "command": "ReceiveCase", "case": "C-1", "by": "window-7", "at": "2026-03-02T10:00:00+08:00",
    "item": "bookstore-licence", "hall": "H1", "applicant": "A-1", "applicant_kind": "company",
}  # fmt: skip


def opened(folder: Path, *options: str) -> Path:
    """A town that has received a case and is silent about it; its books are what is given, and the rest ships."""
    (folder / "ours").mkdir()
    (folder / "ours" / "feast.1.toml").write_text(FEAST, "utf-8")
    (folder / "town.toml").write_text('name = "town"\ncalendar = "feast.1"\n', "utf-8")
    hand_in(folder, RECEIVED, *options)
    return folder


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A town with a feast of its own in its rule."""
    return opened(tmp_path, *RULED)


def hand_in(town: Path, command: dict[str, Any], *options: str) -> None:
    (town / "commands.jsonl").write_text(json.dumps(command), "utf-8")
    code, _, err = ran(town, "handle", "commands.jsonl", *STORE, "--district", "510114", *options)
    assert code == 0, err


def acceptance(clocks: Any) -> str:
    (clock,) = (clock for clock in clocks if clock["kind"] == "acceptance")
    return str(clock["due_on"])


@pytest.mark.parametrize(("options", "last_day"), [((), NATIONALLY), (RULED, BY_THE_RULE)])
def test_tick_status_explain_and_reminders_agree_on_the_last_day_of_silence(
    tmp_path: Path, options: tuple[str, ...], last_day: str
) -> None:
    town = opened(tmp_path, *options)
    silent = ("case", "status", "C-1", *STORE, "--as-of")
    before = plain(town, *silent, f"{last_day}T23:00:00")["acceptance"]
    after = plain(town, *silent, "2026-03-12T08:00:00")["acceptance"]
    explained = plain(town, "case", "explain", "C-1", *STORE)["clocks"]
    reminded = plain(town, "reminders", *STORE, "--as-of", "2026-03-12")["reminders"]
    early = plain(town, "tick", *STORE, "--now", f"{last_day}T23:00:00+08:00")["facts"]
    code, late, _ = ran(town, "tick", *STORE, "--now", "2026-03-12T08:00:00+08:00")

    assert before is None
    assert (after["deemed"], after["recorded"]) == (True, False)
    assert f"until {last_day}" in after["said"]["en"]
    assert acceptance(explained) == acceptance(reminded) == last_day
    assert early == []
    assert code == 0
    version = "feast.1" if options else "cn-2026.1"
    assert f"C-1  视为受理  nobody said what is missing by {last_day}" in late
    assert f"  calendar {version}\n" in late


def test_a_notice_too_late_for_the_nation_is_in_time_where_the_town_kept_its_feast(tmp_path: Path) -> None:
    notice = {"case": "C-1", "by": "window-7", "at": "2026-03-10T10:00:00+08:00", "command": "RequestCorrection"}
    answers = {}
    for name, options in (("nation", ()), ("town", RULED)):
        (tmp_path / name).mkdir()
        town = opened(tmp_path / name, *options)
        (town / "notice.jsonl").write_text(json.dumps({**notice, "materials": ["lease"]}), "utf-8")
        _, out, _ = ran(town, "handle", "notice.jsonl", *STORE, "--district", "510114")
        answers[name] = json.loads(out)
        found = {one["code"] for one in plain(town, "findings", *STORE)["findings"]}
        assert "answered_too_late" not in found

    assert answers["nation"]["refused"]["reason"] == "notice_too_late"
    assert "receipt" in answers["town"]


@pytest.mark.parametrize("made", [("rebuild",), ("follow", "--once"), ("report",)])
def test_the_fact_tables_are_made_under_the_rules_calendar(town: Path, made: tuple[str, ...]) -> None:
    assert ran(town, *made, *STORE)[0] == 0
    found = plain(town, "reminders", "--no-follow", *STORE, "--as-of", "2026-03-12")["reminders"]
    assert (acceptance(found), found[0]["days_left"]) == (BY_THE_RULE, -1)


def test_the_version_said_goes_before_the_rules(tmp_path: Path) -> None:
    town = opened(tmp_path, *RULED, "--calendar", "cn-2026.1")
    found = plain(town, "tick", *STORE, "--now", "2026-03-10T08:00:00+08:00")
    assert [(fact["notice_due_on"], fact["calendar"]) for fact in found["facts"]] == [(NATIONALLY, "cn-2026.1")]


def test_a_rule_whose_calendar_is_not_there_is_one_line_that_says_where_calendars_come_from(tmp_path: Path) -> None:
    town = opened(tmp_path)
    code, out, err = ran(town, "tick", *STORE, "--rule", "town.toml")
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert err.startswith("casecore: rule town: calendar: 'feast.1' is none of cn-2017.1, cn-2026.1")
    assert err.endswith("; a folder of your own: --calendars\n")


def test_clocks_are_checked_and_drawn_under_a_calendar_of_ones_own(town: Path) -> None:
    drawn = ("--seed", "1", "--count", "200", "--out", "vectors.jsonl")
    assert ran(town, "clock", "vectors", *drawn, "--calendar", "feast.1", *OURS)[0] == 0
    assert ran(town, "clock", "check", "vectors.jsonl", "--calendar", "feast.1", *OURS)[0] == 0
    code, _, err = ran(town, "clock", "check", "vectors.jsonl", "--calendar", "feast.1")
    assert (code, err.startswith("casecore: --calendar: 'feast.1' is none of cn-2017.1, ")) == (2, True)
