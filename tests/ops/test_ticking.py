"""``casecore tick``: what time has brought is recorded once and printed, a fact a line."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from support.vandal import Vandal

CASECORE = Path(sys.executable).parent / "casecore"
STORE = ("--store", "sqlite:///cases.db")
AFTER_A_MONTH = ("--now", "2026-04-20T09:00:00+08:00")


def ran(folder: Path, *arguments: str, **env: str) -> tuple[int, str, str]:
    """One run of the command: exit code, stdout, stderr."""
    environment = {name: value for name, value in os.environ.items() if name != "CASECORE_RULE"} | env
    done = subprocess.run(
        [CASECORE, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    return done.returncode, done.stdout, done.stderr


def ticked(folder: Path, *arguments: str, **env: str) -> Any:
    code, out, err = ran(folder, "tick", *STORE, "--json", *arguments, **env)
    assert code == 0, err
    return json.loads(out)


def cards(found: Any) -> list[tuple[str, str, str]]:
    return [(fact["case"], fact["level"], fact["card"]) for fact in found["facts"] if fact["event"] == "case.card_issued.v1"]


def handed_in(folder: Path, *commands: dict[str, Any], options: tuple[str, ...] = (), **env: str) -> list[dict[str, Any]]:
    (folder / "commands.jsonl").write_text("\n".join(map(json.dumps, commands)), "utf-8")
    _, out, _ = ran(folder, "handle", "commands.jsonl", *STORE, "--district", "510114", *options, **env)
    return [json.loads(line) for line in out.splitlines()]


def received(case: str, day: str = "03-02") -> dict[str, Any]:
    return {
        "command": "ReceiveCase", "case": case, "by": "window-7", "at": f"2026-{day}T10:00:00+08:00",
        "item": "bookstore-licence", "hall": "H1", "applicant": "A-1", "applicant_kind": "company",
    }  # fmt: skip


def accepted(case: str, day: str = "03-02") -> dict[str, Any]:
    return {"command": "AcceptCase", "case": case, "by": "window-7", "at": f"2026-{day}T11:00:00+08:00"}


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A store with a case accepted in March and one that nobody answered."""
    answers = handed_in(tmp_path, received("C-1"), accepted("C-1"), received("C-2"))
    assert all("receipt" in answer for answer in answers), answers
    return tmp_path


def test_time_accepts_what_nobody_answered_and_issues_cards_a_line_each(town: Path) -> None:
    code, out, _ = ran(town, "tick", *STORE, *AFTER_A_MONTH)

    assert code == 0
    lines = out.splitlines()
    assert any(line.startswith("C-2  视为受理  nobody said what is missing by 2026-03-09") for line in lines)
    assert any(line.startswith("C-1  黄牌  超承诺时限  promised  due 2026-") and " over" in line for line in lines)
    assert any(line.startswith("C-1  红牌  超法定时限  statutory  due 2026-") for line in lines)


def test_a_second_run_brings_nothing(town: Path) -> None:
    first, second = ticked(town, *AFTER_A_MONTH), ticked(town, *AFTER_A_MONTH)

    assert first["looked_at"] == 2
    assert len(cards(first)) == len(set(cards(first))) > 0
    assert second["facts"] == []
    summary = "time brought something to 0 of 0 streams looked at (时间推移)\n"
    assert ran(town, "tick", *STORE, *AFTER_A_MONTH) == (0, summary, "")


def test_json_holds_every_field_of_every_fact(town: Path) -> None:
    found = ticked(town, *AFTER_A_MONTH)

    (card,) = [fact for fact in found["facts"] if fact.get("ground") == "promise_overdue" and fact["case"] == "C-1"]
    assert card["district"] == "510114"
    assert card["rule"] == "default"
    assert {"judged_at", "clock", "department", "due_on", "overdue", "command_id"} <= card.keys()
    assert found["unreadable"] == []


@pytest.mark.parametrize("by", ["option", "variable"])
def test_the_rule_a_district_began_with_says_what_a_card_is_issued_for(tmp_path: Path, by: str) -> None:
    rule = 'name = "town"\ndeemed_acceptance = false\n[cards]\npromise_overdue = "red"\n'
    (tmp_path / "town.toml").write_text(rule, "utf-8")
    commands = received("C-1"), accepted("C-1"), received("C-2")
    if by == "option":
        handed_in(tmp_path, *commands, options=("--rule", "town.toml"))
    else:
        handed_in(tmp_path, *commands, CASECORE_RULE="town.toml")
    found = ticked(tmp_path, *AFTER_A_MONTH)

    assert [(case, level) for case, level, _ in cards(found)] == [("C-1", "red")]
    assert {fact["rule"] for fact in found["facts"]} == {"town"}


def test_a_rule_given_later_is_in_force_from_today_and_changes_nothing_of_what_began_before(town: Path) -> None:
    (town / "town.toml").write_text('name = "town"\n[cards]\npromise_overdue = "red"\n', "utf-8")
    found = ticked(town, *AFTER_A_MONTH, "--rule", "town.toml")

    assert {fact["rule"] for fact in found["facts"] if fact["event"] == "case.card_issued.v1"} == {"default"}


def test_a_bad_rule_file_is_named_and_nothing_is_recorded(town: Path) -> None:
    (town / "town.toml").write_text('name = "town"\n[cards]\npromise_overdue = "blue"\n', "utf-8")

    code, out, err = ran(town, "tick", *STORE, "--rule", "town.toml")

    assert (code, out) == (1, "")
    assert err == "casecore: town.toml: cards.promise_overdue: 'blue' is none of warning, yellow, red\n"


@pytest.mark.parametrize(("options", "day"), [((), "2026-03-09"), (("--rule", "town.toml"), "2026-03-07")])
def test_commands_are_decided_under_the_rule_a_district_began_with(
    tmp_path: Path, options: tuple[str, ...], day: str
) -> None:
    """Received and accepted on a Saturday: as of Monday by default, as of that day where the district says so."""
    rule = 'name = "town"\n[[window]]\nhall = "H1"\noffday_acceptance = "accept"\n'
    (tmp_path / "town.toml").write_text(rule, "utf-8")
    handed_in(tmp_path, received("S-1", "03-07"), accepted("S-1", "03-07"), options=options)

    _, out, _ = ran(tmp_path, "case", "history", "S-1", *STORE, "--json")
    (fact,) = [row for row in json.loads(out) if row["event"].startswith("case.accepted.")]
    assert fact["data"]["effective_on"] == day


def test_a_card_is_revoked_by_a_command_and_not_issued_again(town: Path) -> None:
    name = next(card for case, _, card in cards(ticked(town, *AFTER_A_MONTH)) if case == "C-1" and "promise" in card)
    revoke = {"command": "RevokeCard", "case": "C-1", "by": "supervisor", "card": name, "reason": "系统故障"}

    first, again = handed_in(town, revoke, revoke)

    assert first["receipt"]["events"] == ["case.card_revoked.v1"]
    assert again["refused"]["reason"] == "card_revoked"
    assert ticked(town, *AFTER_A_MONTH)["facts"] == []


def test_a_case_that_cannot_be_read_is_listed_and_the_others_are_served(town: Path) -> None:
    with closing(Vandal(f"sqlite:///{town}/cases.db")) as vandal:
        vandal.set_event("topic", vandal.position("C-1", 1), "case.nonsense.v9")

    code, out, err = ran(town, "tick", *STORE, *AFTER_A_MONTH)

    assert code == 1
    assert "C-2  视为受理" in out
    assert err == "casecore: district 510114: case C-1: C-1 version 1: unknown event name case.nonsense.v9\n"
    _, out, _ = ran(town, "tick", *STORE, "--json", *AFTER_A_MONTH)
    why = "C-1 version 1: unknown event name case.nonsense.v9"
    assert json.loads(out)["unreadable"] == [{"district": "510114", "case": "C-1", "why": why}]


def test_an_instant_in_the_future_is_no_time_that_has_passed(town: Path) -> None:
    code, out, err = ran(town, "tick", *STORE, "--now", "2999-01-01T00:00:00+08:00")

    assert (code, out) == (2, "")
    assert err == "casecore: now: 2999-01-01T00:00:00+08:00 lies in the future\n"


def test_one_instant_and_many_rounds_contradict_each_other(town: Path) -> None:
    assert ran(town, "tick", *STORE, *AFTER_A_MONTH, "--every", "1")[0] == 2


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_goes_on_until_it_is_interrupted_and_ends_cleanly(town: Path, number: signal.Signals) -> None:
    arguments = ("tick", *STORE, "--every", "0.1", "--json")
    with subprocess.Popen([CASECORE, *arguments], cwd=town, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as clock:
        assert clock.stdout is not None
        rounds = [json.loads(clock.stdout.readline()) for _ in range(2)]
        assert rounds[0]["facts"]
        assert rounds[1]["facts"] == []
        handed_in(town, received("C-3"))
        while not any(fact["case"] == "C-3" for fact in json.loads(clock.stdout.readline())["facts"]):
            time.sleep(0)
        clock.send_signal(number)
        _, err = clock.communicate(timeout=60)
    assert (clock.returncode, err) == (0, b"")
