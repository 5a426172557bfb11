"""``casecore handle``: commands handed in as lines of JSON, each answered by one."""

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from support.vandal import Vandal

from casecore.kinds import KINDS

CASECORE = Path(sys.executable).parent / "casecore"
RECEIVE = {
    "command": "ReceiveCase",
    "command_id": "k-1",
    "case": "C-1",
    "by": "window-7",
    "at": "2026-03-02T10:00:00+08:00",
    "item": "bookstore-licence",
    "hall": "新都区政务服务中心",
    "applicant": "A-1",
    "applicant_kind": "company",
    "visit": {"visit": "V-1"},
}
ACCEPT = {"command": "AcceptCase", "command_id": "k-2", "case": "C-1", "by": "window-7", "at": "2026-03-02T11:00:00+08:00"}
FORM = ("房屋坐落", "转让方", "受让方", "电表户号", "水表户号", "燃气户号")
OPEN = {
    "command": "OpenPackage",
    "command_id": "p-1",
    "package": "PKG-1",
    "by": "window-7",
    "at": "2026-03-02T10:00:00+08:00",
    "theme": "house-and-utilities",
    "applicant": "A-1",
    "applicant_kind": "person",
    "hall": "龙游县行政服务中心",
    "form": [{"name": name, "value": f"{name}(略)"} for name in FORM],
    "given": [{"material": "身份证明", "way": "e_licence", "source": "L-1", "level": "A"}],
    "visit": {"visit": "V-1"},
}
SHARE = {
    "command": "ShareMaterial",
    "command_id": "p-2",
    "package": "PKG-1",
    "by": "window-7",
    "at": "2026-03-02T10:05:00+08:00",
    "material": "不动产权证书",
}
COLLECT = {
    "command": "CollectBox",
    "command_id": "b-1",
    "box": "小蜜蜂箱",
    "by": "post",
    "at": "2026-03-02T15:00:00+08:00",
}
WITHDRAW = {"command": "WithdrawCase", "case": "C-9", "by": "A-1", "reason": "改主意"}


def handed_in(folder: Path, *lines: dict[str, Any] | bytes, by: str = "-") -> tuple[int, list[dict[str, Any]], str]:
    """Exit code, answers and stderr."""
    raw = b"\n".join(line if isinstance(line, bytes) else json.dumps(line, ensure_ascii=False).encode() for line in lines)
    if by != "-":
        (folder / by).write_bytes(raw)
    arguments = ("handle", by, "--store", "sqlite:///cases.db", "--district", "510114")
    done = subprocess.run([CASECORE, *arguments], cwd=folder, input=raw, capture_output=True, timeout=120, check=False)
    return done.returncode, [json.loads(answer) for answer in done.stdout.splitlines()], done.stderr.decode()


def history(folder: Path, case: str) -> list[str]:
    arguments = ("case", "history", case, "--store", "sqlite:///cases.db", "--json")
    done = subprocess.run([CASECORE, *arguments], cwd=folder, capture_output=True, timeout=120, check=False)
    return [row["event"] for row in json.loads(done.stdout)] if done.returncode == 0 else []


@pytest.mark.parametrize("by", ["commands.jsonl", "-"])
def test_every_command_is_answered_by_a_receipt_the_same_one_when_handed_in_again(tmp_path: Path, by: str) -> None:
    code, answers, _ = handed_in(tmp_path, RECEIVE, ACCEPT, by=by)

    assert code == 0
    assert [answer["line"] for answer in answers] == [1, 2]
    receipt = answers[0]["receipt"]
    assert receipt.keys() == {"command_id", "stream", "version", "position", "hash", "events"}
    assert (receipt["command_id"], receipt["stream"], receipt["version"]) == ("k-1", "C-1", 2)
    visit = 1  # its opening stands between the two
    assert answers[1]["receipt"]["position"] == receipt["position"] + visit + len(answers[1]["receipt"]["events"])
    assert receipt["events"] == ["case.received.v3", "case.trip_made.v3"]
    assert history(tmp_path, "C-1") == [event for answer in answers for event in answer["receipt"]["events"]]
    assert handed_in(tmp_path, RECEIVE, ACCEPT, by=by)[:2] == (0, answers)


def test_a_package_is_opened_and_a_box_emptied_by_file(tmp_path: Path) -> None:
    code, answers, _ = handed_in(tmp_path, OPEN, SHARE, COLLECT)

    assert code == 0
    receipts = [answer["receipt"] for answer in answers]
    assert [receipt["stream"] for receipt in receipts] == ["PKG-1", "PKG-1", "小蜜蜂箱"]
    assert [receipt["events"] for receipt in receipts] == [
        ["package.opened.v1", "package.material_shared.v1"],
        ["package.material_shared.v1"],
        ["drop_box.collected.v1"],
    ]
    opened = history(tmp_path, "PKG-1-house-transfer")
    assert opened.count("case.material_met.v1") == 2
    assert opened[0] == "case.joined.v1"
    assert handed_in(tmp_path, OPEN, SHARE, COLLECT)[:2] == (0, answers)


def test_a_package_is_refused_with_its_reason_as_a_case_is(tmp_path: Path) -> None:
    code, answers, _ = handed_in(tmp_path, {**OPEN, "theme": "no-such-theme"}, {**SHARE, "package": "PKG-9"})

    found = [(one["refused"]["reason"], one["refused"]["named"]) for one in answers]
    assert (code, found) == (1, [("unknown_theme", "no-such-theme"), ("unknown_package", "PKG-9")])


FOLLOWING = sorted(
    (command for kind in KINDS for command, rule in kind.rules.items() if rule.follows), key=lambda one: one.__name__
)


@pytest.mark.parametrize("command", FOLLOWING, ids=lambda one: str(one.__name__))
def test_what_only_follows_is_no_command_anybody_may_hand_in(tmp_path: Path, command: type) -> None:
    fields = {"command": command.__name__, "case": "C-1", "package": "PKG-1", "box": "小蜜蜂箱", "by": "li"}

    code, (answer,), _ = handed_in(tmp_path, fields)

    assert code == 1
    assert (answer["bad_input"]["code"], answer["bad_input"]["place"]) == ("unknown_command", "command")


def test_a_case_that_cannot_be_read_keeps_no_other_line_out(tmp_path: Path) -> None:
    handed_in(tmp_path, RECEIVE)
    with closing(Vandal(f"sqlite:///{tmp_path}/cases.db")) as vandal:
        vandal.set_event("topic", vandal.position("C-1", 1), "case.nonsense.v9")

    code, answers, _ = handed_in(tmp_path, ACCEPT, {**RECEIVE, "command_id": "k-3", "case": "C-2"})

    assert code == 1
    assert answers[0] == {"line": 1, "fault": {"message": "C-1 version 1: unknown event name case.nonsense.v9"}}
    assert answers[1]["receipt"]["stream"] == "C-2"


def test_a_refusal_says_why_in_both_languages(tmp_path: Path) -> None:
    code, answers, _ = handed_in(tmp_path, WITHDRAW)
    assert (code, answers) == (
        1,
        [
            {
                "line": 1,
                "refused": {
                    "reason": "unknown_case",
                    "named": "C-9",
                    "case": "C-9",
                    "command": "WithdrawCase",
                    "zh": "办件不存在",
                    "en": "no such case",
                },
            }
        ],
    )


def test_bad_lines_are_reported_by_number_code_and_place_and_the_good_ones_are_carried_out(tmp_path: Path) -> None:
    bad = [
        (b"nonsense", "not_json", "command"),
        (b"x" * 10_000_000, "too_large", "command"),
        (b"[" * 10_000, "too_deep", "command"),
        (json.dumps({**ACCEPT, "by": "a\x00"}).encode(), "control_character", "AcceptCase.by"),
        (json.dumps({**ACCEPT, "by": "a\ud800"}).encode(), "surrogate", "AcceptCase.by"),
        (json.dumps({**ACCEPT, "by": "a\u202e"}).encode(), "bidi_control", "AcceptCase.by"),
        (json.dumps(ACCEPT).encode().replace(b'"by"', b'"by": "li", "by"'), "duplicate_key", "'by'"),
        (b"\xff", "not_utf8", "command"),
        (json.dumps({**ACCEPT, "colour": "red"}).encode(), "unknown_field", "AcceptCase.'colour'"),
    ]
    code, answers, err = handed_in(tmp_path, RECEIVE, *(line for line, _, _ in bad), b"", ACCEPT)

    assert code == 1
    assert err == ""
    assert [answer["line"] for answer in answers] == [*range(1, len(bad) + 2), len(bad) + 3]
    found = [(answer["bad_input"]["code"], answer["bad_input"]["place"]) for answer in answers[1:-1]]
    assert found == [(code, place) for _, code, place in bad]
    assert "receipt" in answers[0]
    assert "receipt" in answers[-1]
    assert history(tmp_path, "C-1") == ["case.received.v3", "case.trip_made.v3", "case.accepted.v4"]


def test_a_file_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    arguments = ("handle", "gone.jsonl", "--store", "sqlite:///cases.db", "--district", "510114")
    done = subprocess.run([CASECORE, *arguments], cwd=tmp_path, capture_output=True, timeout=120, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (2, b"", b"casecore: gone.jsonl: there is no such file\n")
    assert list(tmp_path.iterdir()) == []
