"""``casecore handle``: commands handed in as lines of JSON, each answered by one."""

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from vandal import Vandal

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
    assert (receipt["command_id"], receipt["stream"], receipt["version"], receipt["position"]) == ("k-1", "C-1", 2, 2)
    assert receipt["events"] == ["case.received.v2", "case.trip_made.v1"]
    assert history(tmp_path, "C-1") == [event for answer in answers for event in answer["receipt"]["events"]]
    assert handed_in(tmp_path, RECEIVE, ACCEPT, by=by)[:2] == (0, answers)


def test_a_case_that_cannot_be_read_keeps_no_other_line_out(tmp_path: Path) -> None:
    handed_in(tmp_path, RECEIVE)
    with closing(Vandal(f"sqlite:///{tmp_path}/cases.db")) as vandal:
        vandal.set_event("topic", 1, "case.nonsense.v9")

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
    assert history(tmp_path, "C-1") == ["case.received.v2", "case.trip_made.v1", "case.accepted.v2"]


def test_a_file_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    arguments = ("handle", "gone.jsonl", "--store", "sqlite:///cases.db", "--district", "510114")
    done = subprocess.run([CASECORE, *arguments], cwd=tmp_path, capture_output=True, timeout=120, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (2, b"", b"casecore: gone.jsonl: there is no such file\n")
    assert list(tmp_path.iterdir()) == []
