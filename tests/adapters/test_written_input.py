"""What comes in as it is written: one grammar of instants, words by any of their names, ids a spreadsheet has changed."""

import json
import re
from collections.abc import Iterator
from enum import Enum
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pytest
from support.import_bench import STEPS, Bench, at, trace
from support.sampling import required
from support.story import sample

from adapters.command_json import MAX_COMMAND_BYTES, read_command
from adapters.importing.spreadsheets import check_unmangled
from adapters.json_lines import numbered_lines
from adapters.testing.opened import open_desk
from adapters.toml_reading import parse_toml
from casecore import AcceptCase, BadInput, CloseCase, Flaw, Grade, Outcome, RateCase, ReceiveCase, Tier
from casecore.annotations import Shape, shapes_of
from casecore.door import check
from casecore.instants import A_DAY, AN_INSTANT
from casecore.kinds import COMMANDS, KINDS
from casecore.spelling import meanings, spellings, word_in
from ops.cli.moments import day_of, instant_of

GIVEN: Final = tuple(command for kind in KINDS for command, rule in kind.rules.items() if not rule.follows)
FIELDS: Final = tuple((command, name, shape) for command in GIVEN for name, shape in shapes_of(command).items())
WORDS: Final = tuple({shape.kind: None for _, _, shape in FIELDS if issubclass(shape.kind, Enum)})


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_desk("memory:", district="500000") as engine:
        yield Bench(engine, tmp_path)


def refused(text: str) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read_command(text)
    return caught.value


# --- instants, on every way in ---

NONE: Final = (
    "1712050512345",
    "20240301",
    "2024-03-01日09:10",
    "2024-03-01+08:00",
    "2024-03-01T09",
    "2024-W09-5",
    "2024-03-01 09:10 ",
    "2024-03-01T24:30",
    "2024/3/1 9:10",
)


@pytest.mark.parametrize("text", [text for text in NONE if text == text.strip()])
def test_what_is_no_instant_is_none_in_a_row_and_in_a_trace(bench: Bench, text: str) -> None:
    rows = bench.cases(f"A-1,W,{text},", "A-2,W,2024-03-01,")
    traces = bench.log(trace("T-1", end=text))

    assert [(one.case, one.code) for one in (*rows.rejected, *traces.rejected)] == [
        ("A-1", Flaw.WRONG_TYPE),
        ("T-1", Flaw.WRONG_TYPE),
    ]
    assert all(one.reason.endswith(f"{AN_INSTANT}, or {A_DAY}") for one in (*rows.rejected, *traces.rejected))


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_instant_is_none_in_a_command_and_in_an_option(text: str) -> None:
    flaw = refused(json.dumps({"command": "AcceptCase", "case": "C-1", "by": "wang", "at": text}))
    assert (flaw.code, flaw.place) == (Flaw.WRONG_TYPE, "AcceptCase.at")
    assert AN_INSTANT in flaw.sentence
    for option in (instant_of, day_of):
        with pytest.raises(BadInput, match=r"^--as-of: .* is not a") as caught:
            option(text, "--as-of")
        assert caught.value.code is Flaw.USAGE


@pytest.mark.parametrize("text", ["2024-03-01T09:10:00+08", "2024-03-01 09:10+0800", "2024-03-01T01:10:00.0000000Z"])
def test_an_instant_is_the_same_on_every_way_in(bench: Bench, text: str) -> None:
    wanted = at("2024-03-01T09:10:00+08:00")
    command = read_command(json.dumps({"command": "AcceptCase", "case": "C-1", "by": "wang", "at": text}))
    assert isinstance(command, AcceptCase)
    assert command.at == instant_of(text, "--now") == wanted
    bench.cases(f"A-1,W,{text},")
    assert bench.engine.file("A-1").received_at == wanted


def test_a_closing_at_24_of_the_last_day_is_in_time_and_one_at_0_of_the_next_is_not(bench: Bench) -> None:
    report = bench.log(
        trace("in-time", end="2011-05-20T24:00"),
        trace("late", end="2011-05-21T00:00"),
        trace("due-at-24", end="2011-05-20T23:00", deadline="2011-05-20T24:00"),
        trace("due-at-24-and-late", end="2011-05-21T00:00", deadline="2011-05-20T24:00"),
    )

    assert (report.closed_with_deadline, report.late_by_date, report.rejected) == (4, 2, [])
    closed = bench.engine.file("in-time").closed_at
    assert closed is not None
    assert closed.date().isoformat() == "2011-05-20"


def test_a_step_that_ends_at_24_is_over_on_its_day(bench: Bench) -> None:
    bench.cases("A-1,W,2024-03-01T09:00:00+08:00,")
    report = bench.steps("A-1,check,2024-03-01 24:00,2024-03-02 24:00")
    assert (STEPS[:4], report.rejected) == ("name", [])
    step = bench.events("A-1")[-1]
    assert (step.started_at.date().isoformat(), step.at.date().isoformat()) == ("2024-03-01", "2024-03-02")


# --- words of closed lists ---


@pytest.mark.parametrize("kind", WORDS)
def test_a_word_is_told_by_value_by_name_and_in_chinese(kind: type[Enum]) -> None:
    for word in kind:
        zh = getattr(word, "zh", word.name)
        ways = {word.name, word.name.lower(), word.name.title(), zh}
        if isinstance(word.value, str):
            ways.add(word.value)
        assert {word_in(kind, way) for way in ways} == {word}
        assert zh in meanings(kind)
    assert word_in(kind, "") is None


def test_a_spelling_that_could_mean_two_words_is_none() -> None:
    class Colour(Enum):
        RED = "green"
        GREEN = "lime"

    assert word_in(Colour, "lime") is Colour.GREEN
    assert word_in(Colour, "Red") is Colour.RED
    assert word_in(Colour, "green") is None
    assert "green" not in spellings(Colour)


@pytest.mark.parametrize("grade", [1, 2, 3, 4, 5, "3", "５", 0, 6])
def test_a_bare_number_is_no_grade_and_every_meaning_is_listed(grade: object) -> None:
    flaw = refused(json.dumps({"command": "RateCase", "case": "C-1", "by": "li", "grade": grade}))
    assert (flaw.code, flaw.place) == (Flaw.UNKNOWN_WORD, "RateCase.grade")
    assert flaw.sentence.startswith("no bare number: one of very_satisfied (1 非常满意), satisfied (2 满意)")
    assert all(word.zh in flaw.sentence for word in Grade)


@pytest.mark.parametrize("outcome", [1, 2, 3, 4, 5, "0", "6", 7, -1])
def test_a_bare_number_is_no_outcome_but_an_ordinary_one(outcome: object) -> None:
    flaw = refused(json.dumps({"command": "CloseCase", "case": "C-1", "by": "li", "outcome": outcome, "reason": "x"}))
    assert (flaw.code, flaw.place) == (Flaw.UNKNOWN_WORD, "CloseCase.outcome")
    assert all(word.zh in flaw.sentence for word in Outcome)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (0, Outcome.CERTIFICATE_ISSUED),
        (6, Outcome.OTHER),
        ("作废办结", Outcome.VOIDED),
        ("Returned", Outcome.RETURNED),
        ("FORWARDED", Outcome.FORWARDED),
    ],
)
def test_an_outcome_is_said_in_words(said: object, meant: Outcome) -> None:
    command = read_command(json.dumps({"command": "CloseCase", "case": "C-1", "by": "li", "outcome": said}))
    assert isinstance(command, CloseCase)
    assert command.outcome is meant


# --- a message never asks for what is refused ---


def advised(sentence: str, shape: Shape) -> list[Any]:
    """What a sentence tells to write in the place of what it refuses."""
    wanted = sentence.removeprefix("no bare number: ").partition(" is wanted, not ")[0].partition(" is not ")
    told = wanted[0]
    if told.startswith("one of "):
        each = [part.partition(" (") for part in re.split(r"(?<=\)), ", told.removeprefix("one of "))]
        return [word for word, _, _ in each] + [re.sub(r"^\d+ ", "", zh.removesuffix(")")) for _, _, zh in each]
    if " such as " in told:
        return [told.rpartition(" such as ")[2]]
    if told.startswith("an object with "):
        return [dict.fromkeys(told.removeprefix("an object with ").split(", "))]
    return {"text": ["text"], "a whole number": [5], "true or false": [True, False], "a list": [[]]}[told] if shape else []


@pytest.mark.parametrize(("command", "name", "shape"), FIELDS)
def test_what_a_message_asks_for_is_taken(command: Any, name: str, shape: Shape) -> None:
    plain = {"command": command.__name__, **dict.fromkeys(required(command), "x")}
    for wrong in (7.5, "?", 3, {"a": 1}, [[1]], True):
        found = _told(plain, name, wrong)
        if found is None:
            continue
        for told in advised(found.sentence, shape):
            advice = [told] if found.place.endswith("[0]") else told
            again = _told(plain, name, advice)
            inside = isinstance(told, dict) and again is not None and again.place.startswith(f"{found.place}.")
            assert again is None or inside, (found.sentence, advice, again.sentence)


def _told(plain: dict[str, Any], name: str, value: Any) -> BadInput | None:
    """What is said of this one field; None where it is taken, or what is wrong is another."""
    try:
        read_command(json.dumps({"command": plain["command"], name: value, **{k: v for k, v in plain.items() if k != name}}))
    except BadInput as flaw:
        place = f"{plain['command']}.{name}"
        return (
            flaw if re.match(rf"{place}\b(?!_)", flaw.place) and flaw.code in (Flaw.WRONG_TYPE, Flaw.UNKNOWN_WORD) else None
        )
    return None


def test_python_is_asked_for_members_and_takes_them() -> None:
    full = sample(ReceiveCase)
    fields = {name: getattr(full, name) for name in shapes_of(ReceiveCase)}
    with pytest.raises(BadInput) as caught:
        check(ReceiveCase(**{**fields, "tier": "county"}))
    told = caught.value.sentence.removeprefix("one of ").partition(" is wanted")[0].split(", ")
    assert told == [f"Tier.{word.name}" for word in Tier]
    for one in told:
        check(ReceiveCase(**{**fields, "tier": getattr(Tier, one.partition(".")[2])}))


def test_every_command_that_is_given_is_one_of_all() -> None:
    assert set(GIVEN) <= set(COMMANDS)
    assert len(WORDS) > 20
    assert RateCase in GIVEN


# --- a byte order mark ---

ACCEPT: Final = b'{"command": "AcceptCase", "case": "C-1", "by": "wang"}'
MARK: Final = b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    "text",
    [
        MARK + ACCEPT + b"\r\n" + ACCEPT,
        ACCEPT + b"\n" + MARK + ACCEPT + b"\n",
        MARK + b"\r\n" + MARK + ACCEPT + b"\n" + ACCEPT,
    ],
    ids=["before the file", "of a second file put behind it", "with nothing behind it"],
)
def test_a_byte_order_mark_is_no_part_of_a_line(text: bytes) -> None:
    lines = [line for _, line in numbered_lines(BytesIO(text), MAX_COMMAND_BYTES)]
    assert [read_command(line).stream for line in lines] == ["C-1", "C-1"]


def test_a_longest_line_may_bear_a_mark_and_one_that_is_longer_is_still_too_long() -> None:
    longest = ACCEPT[:-1].ljust(MAX_COMMAND_BYTES - 1) + b"}"
    ((_, line),) = numbered_lines(BytesIO(MARK + longest + b"\r\n"), MAX_COMMAND_BYTES)
    assert read_command(line).stream == "C-1"
    ((_, line),) = numbered_lines(BytesIO(MARK + b" " + longest + b"\n"), MAX_COMMAND_BYTES)
    with pytest.raises(BadInput) as caught:
        read_command(line)
    assert caught.value.code is Flaw.TOO_LARGE


def test_a_settings_file_saved_with_a_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_bytes(MARK + b"a = 1\n")
    assert parse_toml(tmp_path / "own.toml") == {"a": 1}


# --- ids a spreadsheet has changed ---

MANGLED: Final = {
    "1.10101E+17": "a number as a spreadsheet shows it",
    "1,10101E+17": "a number as a spreadsheet shows it",
    "5.10114202603E11": "a number as a spreadsheet shows it",
    "1e+17": "a number as a spreadsheet shows it",
    "510114202603020000.0": "a number as a table of numbers writes it",
    '="110101199001011234"': "a formula of a spreadsheet",
    "=A2&B2": "a formula of a spreadsheet",
    "'110101199001011234": "the mark by which a spreadsheet knows text",
    "`510114-1": "the mark by which a spreadsheet knows text",
    "#NAME?": "in the place of a value",
    "########": "in the place of a value",
    "3月5日": "a day",
    "5-Mar": "a day",
}


@pytest.mark.parametrize("mangled", MANGLED)
def test_an_id_a_spreadsheet_has_changed_is_rejected_by_name(bench: Bench, mangled: str) -> None:
    written = '"' + mangled.replace('"', '""') + '"'
    rows = bench.cases(f"{written},W,2024-03-01,", "A-2,W,2024-03-01,")
    ((line, case, code, reason),) = rows.rejected
    assert (line, case, code) == (2, mangled, Flaw.MANGLED_ID)
    assert MANGLED[mangled] in reason
    assert reason.endswith("save the column as text")
    assert rows.recorded == 1


@pytest.mark.parametrize("mangled", MANGLED)
def test_other_columns_of_names_are_held_to_it_too(bench: Bench, mangled: str) -> None:
    text = STEPS.replace('by = "clerk"', 'by = {from = "clerk"}')
    bench.cases("A-1,W,2024-03-01,")
    written = '"' + mangled.replace('"', '""') + '"'
    report = bench.cases(f"A-1,check,2024-03-01,2024-03-02,{written}", header="id,what,from,to,clerk", mapping=text)
    ((_, _, code, reason),) = report.rejected
    assert (code, reason.partition(":")[0]) == (Flaw.MANGLED_ID, "by")


@pytest.mark.parametrize(
    "sound",
    [
        "510100A001XKCK2023010300001",
        "110101199001011234",
        "E-17",
        "1E5",
        "3E12",
        "'s-Gravenhage",
        "A=B",
        "0017",
        "5-3",
        "#7",
        "1.5",
    ],
)
def test_an_id_that_only_looks_a_little_like_one_comes_in(sound: str) -> None:
    check_unmangled(sound, "id")
