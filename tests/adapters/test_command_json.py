"""Commands as JSON: all of them there and back, and nothing that is not one."""

import json
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from time import perf_counter
from typing import Any

import orjson
import pytest
from support.sampling import required
from support.story import sample

from adapters.command_json import MAX_COMMAND_BYTES, read_command
from casecore import AddDepartment, BadInput, Flaw, Grade, RateCase, SetAsideResult, SuspendCase
from casecore.door import MAX_DEPTH
from casecore.kinds import COMMANDS, KINDS

FOLLOWING = [command for kind in KINDS for command, rule in kind.rules.items() if rule.follows]
WITHDRAW = {"command": "WithdrawCase", "case": "C-1", "by": "wang", "reason": "changed her mind"}
RECEIVE = {"command": "ReceiveCase", "case": "C-1", "by": "wang", "hall": "Hall 1"}
EXTEND = {"command": "ApproveExtension", "case": "C-1", "by": "wang", "days": 5, "approver": "li", "reason": "flood"}


def plain(value: Any) -> Any:
    """A value as JSON writes it."""
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    if isinstance(value, Enum):
        return value.value if isinstance(value, str) else value.name
    return value.isoformat() if isinstance(value, date) else value


def written(command: Any) -> dict[str, Any]:
    return {"command": type(command).__name__, **plain(command)}


def bare(kind: Any) -> Any:
    full = sample(kind)
    return kind(**{name: getattr(full, name) for name in required(kind)})


def refused(text: bytes | str) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read_command(text)
    return caught.value


def changed(base: dict[str, Any], **rest: Any) -> str:
    return json.dumps({**base, **rest})


@pytest.mark.parametrize("kind", FOLLOWING)
def test_what_only_follows_is_given_by_nobody(kind: Any) -> None:
    flaw = refused(orjson.dumps(written(sample(kind))))
    assert (flaw.code, flaw.place) == (Flaw.UNKNOWN_COMMAND, "command")


@pytest.mark.parametrize("kind", COMMANDS)
def test_a_command_with_everything_filled_in_comes_back(kind: Any) -> None:
    command = sample(kind)
    found = written(command)
    assert None not in found.values()
    assert read_command(orjson.dumps(found)) == command
    assert read_command(json.dumps(found)) == command


@pytest.mark.parametrize("kind", COMMANDS)
def test_a_command_with_only_what_it_needs_comes_back(kind: Any) -> None:
    command = bare(kind)
    found = {f.name: plain(getattr(command, f.name)) for f in fields(kind) if f.name in required(kind)}
    assert read_command(orjson.dumps({"command": kind.__name__, **found})) == command
    assert read_command(orjson.dumps(written(command))) == command  # null says as much as nothing


@pytest.mark.parametrize("kind", COMMANDS)
def test_every_field_a_command_needs_is_named_when_it_is_missing(kind: Any) -> None:
    found = written(bare(kind))
    for missing in required(kind):
        flaw = refused(json.dumps({name: value for name, value in found.items() if name != missing}))
        assert (flaw.code, flaw.place) == (Flaw.MISSING_FIELD, f"{kind.__name__}.{missing}")


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("", Flaw.NOT_JSON, "command"),
        (json.dumps(WITHDRAW)[:-1], Flaw.NOT_JSON, "command"),
        (json.dumps(WITHDRAW) * 2, Flaw.NOT_JSON, "command"),
        ("\ufeff" + json.dumps(WITHDRAW), Flaw.NOT_JSON, "command"),
        (json.dumps(WITHDRAW).replace("mind", "mi\nnd"), Flaw.NOT_JSON, "command"),
        (json.dumps(WITHDRAW).replace("mind", "mi\0nd"), Flaw.CONTROL_CHARACTER, "command"),
        (json.dumps(WITHDRAW) + "\0", Flaw.CONTROL_CHARACTER, "command"),
        (json.dumps(WITHDRAW).encode("utf-16"), Flaw.NOT_UTF8, "command"),
        (b'{"command":"\xed\xa0\x80"}', Flaw.NOT_UTF8, "command"),
        ("[]", Flaw.WRONG_TYPE, "command"),
        ("null", Flaw.WRONG_TYPE, "command"),
        ("{}", Flaw.MISSING_FIELD, "command"),
        ('{"command":["WithdrawCase"]}', Flaw.UNKNOWN_COMMAND, "command"),
        (changed(WITHDRAW, command="Command"), Flaw.UNKNOWN_COMMAND, "command"),
        (changed(WITHDRAW, command="withdraw_case"), Flaw.UNKNOWN_COMMAND, "command"),
        (changed(WITHDRAW, colour="red"), Flaw.UNKNOWN_FIELD, "WithdrawCase.'colour'"),
        (changed(RECEIVE, visit={"visit": "V-1", "colour": "red"}), Flaw.UNKNOWN_FIELD, "ReceiveCase.visit.'colour'"),
        (changed(RECEIVE, visit={}), Flaw.MISSING_FIELD, "ReceiveCase.visit.visit"),
        (changed(RECEIVE, visit="V-1"), Flaw.WRONG_TYPE, "ReceiveCase.visit"),
        (changed(RECEIVE, visit={"visit": 1}), Flaw.WRONG_TYPE, "ReceiveCase.visit.visit"),
        (changed(RECEIVE, materials="form"), Flaw.WRONG_TYPE, "ReceiveCase.materials"),
        (changed(RECEIVE, materials=["form", None]), Flaw.WRONG_TYPE, "ReceiveCase.materials[1]"),
        (changed(RECEIVE, materials=["form", "a\x00"]), Flaw.CONTROL_CHARACTER, "ReceiveCase.materials[1]"),
        (changed(RECEIVE, assisted=0), Flaw.WRONG_TYPE, "ReceiveCase.assisted"),
        (changed(RECEIVE, assisted=None), Flaw.WRONG_TYPE, "ReceiveCase.assisted"),
        (changed(RECEIVE, hall=None), Flaw.WRONG_TYPE, "ReceiveCase.hall"),
        (changed(RECEIVE, tier="shire"), Flaw.UNKNOWN_WORD, "ReceiveCase.tier"),
        (changed(RECEIVE, tier=["county"]), Flaw.UNKNOWN_WORD, "ReceiveCase.tier"),
        (changed(RECEIVE, at="yesterday"), Flaw.WRONG_TYPE, "ReceiveCase.at"),
        (changed(RECEIVE, at="2026-02-30T09:00:00Z"), Flaw.WRONG_TYPE, "ReceiveCase.at"),
        (changed(RECEIVE, at="2026-03-02\x0009:00:00Z"), Flaw.CONTROL_CHARACTER, "ReceiveCase.at"),
        (changed(RECEIVE, tier="cou\u202enty"), Flaw.BIDI_CONTROL, "ReceiveCase.tier"),
        (changed(RECEIVE, at=1_772_000_000), Flaw.WRONG_TYPE, "ReceiveCase.at"),
        (changed(RECEIVE, at="2026-03-02"), Flaw.WRONG_TYPE, "ReceiveCase.at"),
        (changed(RECEIVE, at="2026-03-02T09:00:00"), Flaw.NAIVE_INSTANT, "ReceiveCase.at"),
        (changed(RECEIVE, entitled_from="2026-02-30"), Flaw.WRONG_TYPE, "ReceiveCase.entitled_from"),
        (changed(RECEIVE, entitled_from="20260302"), Flaw.WRONG_TYPE, "ReceiveCase.entitled_from"),
        (changed(EXTEND, days=5.0), Flaw.WRONG_TYPE, "ApproveExtension.days"),
        (changed(EXTEND, days="5"), Flaw.WRONG_TYPE, "ApproveExtension.days"),
        (changed(EXTEND, days=True), Flaw.WRONG_TYPE, "ApproveExtension.days"),
        (changed(EXTEND, days=2**53 + 1), Flaw.NUMBER_OUT_OF_RANGE, "ApproveExtension.days"),
        (changed(EXTEND, days=-(2**53) - 1), Flaw.NUMBER_OUT_OF_RANGE, "ApproveExtension.days"),
        (changed(EXTEND, days=777).replace("777", "9" * 60_000), Flaw.NUMBER_OUT_OF_RANGE, "ApproveExtension.days"),
        (changed(EXTEND, days=777).replace("777", "1e400"), Flaw.NOT_FINITE, "ApproveExtension.days"),
        (changed(EXTEND, days=777).replace("777", "-Infinity"), Flaw.NOT_FINITE, "ApproveExtension.days"),
        (changed(EXTEND, days=777).replace("777", "NaN"), Flaw.NOT_FINITE, "ApproveExtension.days"),
    ],
)
def test_what_is_no_command_has_its_code_and_place(text: str | bytes, code: Flaw, place: str) -> None:
    flaw = refused(text)
    assert (flaw.code, flaw.place) == (code, place)
    assert "\n" not in str(flaw)


@pytest.mark.parametrize(
    "limit",
    [
        {"amount": -1, "unit": "working_day"},
        {"amount": 1, "unit": "fixed_date"},
        {"amount": 1, "unit": "hour", "due_on": "2026-03-02"},
        {"amount": 0, "unit": "fixed_date", "due_on": "2026-03-02", "by_instant": True},
        {"amount": 1, "unit": "hour", "due_at": "2026-03-02T09:00:00Z"},
    ],
)
@pytest.mark.parametrize("kind", [AddDepartment, SetAsideResult])
def test_a_limit_that_is_none_is_refused_where_it_stands(kind: Any, limit: dict[str, object]) -> None:
    flaw = refused(changed(written(sample(kind)), limit=limit))
    assert (flaw.code, flaw.place) == (Flaw.CONTRADICTION, f"{kind.__name__}.limit")


def test_a_grade_is_said_in_words_and_by_nothing_that_equals_its_number() -> None:
    rate = {"command": "RateCase", "case": "C-1", "by": "li", "grade": "very_satisfied"}
    assert read_command(json.dumps(rate)) == RateCase(case="C-1", by="li", grade=Grade.VERY_SATISFIED)
    for grade in (True, 1, 5, 1.0, "1", 0, 6):
        assert refused(json.dumps({**rate, "grade": grade})).code is Flaw.UNKNOWN_WORD


@pytest.mark.parametrize("days", [2**53, -(2**53), 0])
def test_whole_numbers_every_reader_sees_come_in(days: int) -> None:
    text = json.dumps({"command": "SuspendCase", "case": "C-1", "by": "wang", "reason": "flood", "declared_days": days})
    command = read_command(text)
    assert isinstance(command, SuspendCase)
    assert command.declared_days == days


# --- a key stands once ---


TWICE = '{"command":"WithdrawCase","case":"C-1","by":"wang","reason":"a","reason":"b"}'


@pytest.mark.parametrize(
    "text",
    [
        TWICE,
        TWICE.replace('"reason":"b"', '"rea\\u0073on":"b"'),
        TWICE.replace('"b"', '"a"'),
        '{"command":"WithdrawCase",' + TWICE[1:],
        json.dumps(RECEIVE)[:-1] + ', "visit": {"visit": "V-1", "visit": "V-2"}}',
    ],
)
def test_a_key_that_stands_twice_is_refused(text: str) -> None:
    assert refused(text).code is Flaw.DUPLICATE_KEY


def test_the_librarys_reader_would_have_taken_the_last_of_two_keys() -> None:
    assert orjson.loads(TWICE)["reason"] == "b"
    assert read_command(orjson.dumps(orjson.loads(TWICE))).case == "C-1"


# --- how much, and how deep ---


def test_a_command_of_64_kib_is_read_and_one_byte_more_is_not() -> None:
    room = MAX_COMMAND_BYTES - len(changed(WITHDRAW, reason=""))
    assert read_command(changed(WITHDRAW, reason="x" * room)).case == "C-1"
    assert refused(changed(WITHDRAW, reason="x" * (room + 1))).code is Flaw.TOO_LARGE
    assert refused(json.dumps({**WITHDRAW, "reason": "字" * (room // 3 + 1)}, ensure_ascii=False)).code is Flaw.TOO_LARGE
    assert refused(b" " * 10_000_000).code is Flaw.TOO_LARGE


def nested(depth: int) -> str:
    """A command, its object counted, that nests so deep."""
    return json.dumps(RECEIVE)[:-1] + f', "materials": {"[" * (depth - 1)}{"]" * (depth - 1)}}}'


def test_depth_is_asked_before_anything_is_parsed() -> None:
    assert refused(nested(MAX_DEPTH)).code is Flaw.WRONG_TYPE
    assert refused(nested(MAX_DEPTH + 1)).code is Flaw.TOO_DEEP
    assert refused(nested(10_000)).code is Flaw.TOO_DEEP
    assert refused("[" * MAX_COMMAND_BYTES).code is Flaw.TOO_DEEP
    assert refused('{"a":' * 10_000).code is Flaw.TOO_DEEP
    with pytest.raises(RecursionError):
        json.loads("[" * 100_000)  # what the depth is asked for


def test_brackets_in_a_text_are_no_depth() -> None:
    reason = '[{"\\' * 100
    command = read_command(changed(WITHDRAW, reason=reason))
    assert command == read_command(changed(WITHDRAW, reason=reason).encode())


MANY_KEYS = "{" + "".join(f'"{number}":0,' for number in range(7_000)) + '"6999":0}'


@pytest.mark.parametrize(
    "text",
    ['"' + '\\"' * 32_000 + "{" * 33, '"{' * 30_000, "\\" * 60_000 + "[" * 33, '"' * 60_000 + "{" * 33, MANY_KEYS],
    ids=["an endless text", "many texts", "escapes outside a text", "empty texts", "the last of many keys twice"],
)
def test_no_text_makes_the_reader_slow(text: str) -> None:
    begun = perf_counter()
    assert refused(text).code in (Flaw.NOT_JSON, Flaw.TOO_DEEP, Flaw.DUPLICATE_KEY)
    assert perf_counter() - begun < 1  # a few ms; looking back over it would take a minute
