"""Whatever walks a log meets packages and drop boxes among its cases: it takes them for what they are, or passes over."""

import json
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from support.followed import A
from support.story import moment
from support.vandal import Vandal

from adapters import open_engine
from adapters.restating import Publishing, restated
from ops.demo.story_files import load_stories

CASECORE = Path(sys.executable).parent / "casecore"
PACKAGE, BOX, CASES = "DEMO-HOUSE", "小蜜蜂箱", 13


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([CASECORE, *arguments], capture_output=True, text=True, timeout=120, check=False)


def plain(*arguments: str, code: int = 0) -> Any:
    done = run(*arguments, "--json")
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout)


def unreadable(store: str, stream: str, kind: str) -> int:
    """The last fact of the stream cannot be read any more; returns where."""
    position: int = plain(kind, "history", stream, "--store", store)[-1]["position"]
    with closing(Vandal(store)) as vandal:
        vandal.set_event("topic", position, "case.nonsense.v9")
    return position


def test_findings_are_looked_for_in_streams_of_every_kind(all_kinds: str) -> None:
    found = json.loads(run("findings", "--store", all_kinds, "--json").stdout)

    with open_engine(all_kinds, district=A) as engine:
        streams = engine.log.streams(0)
    assert len(streams) > CASES
    assert (found["streams"], found["unreadable"]) == (len(streams), [])


@pytest.mark.parametrize("stream", [PACKAGE, BOX])
def test_findings_of_a_package_or_a_box_can_be_asked_for(all_kinds: str, stream: str) -> None:
    found = json.loads(run("findings", "--store", all_kinds, "--case", stream, "--json").stdout)

    assert found["streams"] == 1
    assert {one["case"] for one in found["findings"]} <= {stream}


def test_time_passes_for_cases_and_boxes_alike(own_kinds: str) -> None:
    done = run("tick", "--store", own_kinds, "--json")

    assert (done.returncode, done.stderr) == (0, "")
    assert BOX in {one["case"] for one in json.loads(done.stdout)["facts"]}


def test_what_could_have_been_promised_is_asked_of_cases_alone(all_kinds: str) -> None:
    found = plain("whatif", "--store", all_kinds, "--promise", "5")

    assert (found["cases"], found["unread"]) == (CASES, [])


def test_a_package_told_of_late_restates_its_month_by_its_cases_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    startup, house, *_ = load_stories(1).trips
    now = moment("2017-10-15 09:00")
    clock = [0]

    def known(when: str) -> None:
        clock[0] = int(moment(when).timestamp()) * 1_000_000_000

    monkeypatch.setattr(time, "time_ns", lambda: clock[0])
    known("2017-08-31 09:00")
    with open_engine("memory:", district=A) as engine:
        for story, known_at in ((startup, "2017-08-31 09:00"), (house, "2017-09-10 09:00")):
            known(known_at)
            for command in story.commands:
                engine.handle(command)

        publishing = Publishing(ZoneInfo("Asia/Shanghai"), 0, None)
        answer = restated([engine.log], publishing, now)

    (found,) = (one for one in answer.restated if one.now.code == "K20-closed")
    assert (found.then.numerator, found.now.numerator, str(found.month)) == (5, 9, "2017-08")
    assert sorted(cause.case for cause in found.causes) == sorted(
        f"{PACKAGE}-{item}" for item in ("house-transfer", "power-transfer", "water-transfer", "gas-transfer")
    )
    assert answer.unread == ()


def test_a_log_of_all_kinds_is_verified_and_its_packages_are_proven(own_kinds: str, tmp_path: Path) -> None:
    key, seen, proof = (str(tmp_path / name) for name in ("hall.key", "kinds.checkpoint", "house.proof"))
    assert run("checkpoint-key", key).returncode == 0
    assert run("checkpoint", "--store", own_kinds, "--key", key, "--out", seen).returncode == 0
    assert run("prove", PACKAGE, "--store", own_kinds, "--checkpoint", seen, "--out", proof).returncode == 0

    checked = run("check-proof", proof, "--key", f"{key}.pub")

    assert run("verify", "--store", own_kinds).returncode == 0
    assert (checked.returncode, f"HOLDS: package {PACKAGE}, versions 1 to " in checked.stdout) == (0, True)


def test_reminders_and_figures_are_of_cases(own_kinds: str) -> None:
    assert run("follow", "--store", own_kinds, "--once").returncode == 0

    closed = next(one for one in plain("report", "--store", own_kinds)["indicators"] if one["code"] == "K20-closed")

    assert closed["numerator"] == CASES
    assert run("reminders", "--store", own_kinds).returncode == 0
    assert run("rebuild", "--store", own_kinds).returncode == 0
    again = next(one for one in plain("report", "--store", own_kinds)["indicators"] if one["code"] == "K20-closed")
    assert again == closed


@pytest.mark.parametrize(("stream", "kind"), [(PACKAGE, "package"), (BOX, "box")])
def test_a_package_or_box_that_cannot_be_read_is_set_aside_and_all_cases_are_served(
    own_kinds: str, stream: str, kind: str
) -> None:
    position = unreadable(own_kinds, stream, kind)

    assert run("follow", "--store", own_kinds, "--once").returncode == 0
    seen = plain("doctor", "--store", own_kinds, code=1)["checks"]

    of = {"box": "drop box"}.get(kind, kind)
    (bad,) = (check for check in seen if check["state"] == "bad")
    assert (bad["what"], f"position {position}" in bad["finding"]) == (f"{of} {stream}", True)
    assert plain("whatif", "--store", own_kinds, "--promise", "5")["unread"] == []
    (why,) = plain("findings", "--store", own_kinds, code=1)["unreadable"]
    assert why.startswith(f"{stream}: ")
    assert run("requeue", "--store", own_kinds).returncode == 1
