"""The codes of bad input: a closed list, every one of which can be met, and none of which is left out anywhere."""

import ast
import pickle
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from support.story import CALENDAR, CATALOGUE, HALL, ask, fact, moment

from adapters import open_engine
from adapters.catalogue_toml import load_catalogue
from adapters.command_json import read_command
from adapters.importing import load_mapping
from adapters.importing.csv_file import csv_rows
from adapters.importing.known import Known, later
from adapters.importing.sound_mapping import Encoding, Layout
from adapters.importing.spreadsheets import check_unmangled
from adapters.toml_reading import parse_toml, read_id
from casecore import (
    AcceptCase,
    BadInput,
    CaseClosed,
    CollectBox,
    CorrectOnSpot,
    Fault,
    Flaw,
    Outcome,
    OutsideCalendarError,
    ReceiveCase,
    Source,
    SuspendCase,
)
from casecore.door import check, check_text
from casecore.histories import History
from casecore.recorded import Envelope, Recorded
from ops.cli.moments import day_of

ROOMS: Final = ("casecore", "projections", "adapters", "ops")
ROOT: Final = Path(__file__).resolve().parents[2]


def handled(*commands: Any) -> None:
    with open_engine("memory:", district="510107", catalogue=CATALOGUE) as engine:
        engine.handle_many(commands)


def recorded(*events: Any, line: Any = 2) -> None:
    with open_engine("memory:", district="510107", catalogue=CATALOGUE) as engine:
        engine.record([History("C-1", "import:C-1", events, Source("cases", "cases.csv", line))])


def another_kind() -> None:
    with open_engine("memory:", district="510107", catalogue=CATALOGUE) as engine:
        engine.handle(CollectBox(box="box-1", by="wang"))
        engine.file("box-1")


def row(text: str | bytes, folder: Path, encoding: Encoding = Encoding.UTF_8) -> None:
    content = text if isinstance(text, bytes) else text.encode()
    (folder / "cases.csv").write_bytes(b"id\n" + content + b"\n")
    for _, found in csv_rows(folder / "cases.csv", Layout(encoding=encoding)):
        if isinstance(found, BadInput):
            raise found


def told_otherwise() -> None:
    known = Known((Recorded("510107", 3, moment("03-02 09:00"), Envelope("C-1", 1, closed("03-03 09:00"))),), 1)
    later(known, (closed("03-04 09:00"),), Source("cases", "week2.csv", 2), "import.2:cases:C-1")


def closed(at: str) -> CaseClosed:
    return fact(CaseClosed, at, outcome=Outcome.OTHER)


def toml(text: str, folder: Path) -> None:
    (folder / "own.toml").write_text(text, "utf-8")
    parse_toml(folder / "own.toml")


def mapping(text: str, folder: Path) -> None:
    (folder / "own.toml").write_text(f'name = "own"\nformat = "csv"\ncase = "id"\n{text}', "utf-8")
    try:
        load_mapping(folder / "own.toml")
    except Fault as fault:
        raise fault.__cause__ or fault from None


def catalogue(text: str, folder: Path) -> None:
    (folder / "own.toml").write_text(text, "utf-8")
    try:
        load_catalogue(folder)
    except Fault as fault:
        raise fault.__cause__ or fault from None


CIRCLE: Final = """
[[theme]]
code = "shop"
version = 1
name_zh = "开店"
name_en = "A shop"
source = "a test"
valid_from = 2020-01-01
serves = ["company"]
channels = ["window"]
items = [{item = "licence", after = ["seal"]}, {item = "seal", conditional_on = ["licence"]}]
promised = {amount = 1, unit = "working_day"}
visits = 1
"""

MET: Final[dict[Flaw, Callable[[Path], Any]]] = {
    Flaw.TOO_LARGE: lambda _: read_command(b" " * 70_000),
    Flaw.TOO_DEEP: lambda _: read_command(b"[" * 33),
    Flaw.NOT_UTF8: lambda _: read_command(b"\xff"),
    Flaw.UNDECODABLE: lambda folder: row(b"\xff", folder, Encoding.GB18030),
    Flaw.NOT_JSON: lambda _: read_command(b"AcceptCase"),
    Flaw.NOT_CSV: lambda folder: row('"A-1" x', folder),
    Flaw.NOT_TOML: lambda folder: toml("=", folder),
    Flaw.DUPLICATE_KEY: lambda _: read_command(b'{"by":"a","by":"b"}'),
    Flaw.UNKNOWN_COMMAND: lambda _: read_command(b'{"command":"Accept"}'),
    Flaw.UNKNOWN_FIELD: lambda _: read_command(b'{"command":"AcceptCase","colour":"red"}'),
    Flaw.MISSING_FIELD: lambda _: read_command(b'{"command":"AcceptCase"}'),
    Flaw.WRONG_TYPE: lambda _: check(ask(ReceiveCase, hall=5)),
    Flaw.UNKNOWN_WORD: lambda _: check(ask(ReceiveCase, hall=HALL, tier="shire")),
    Flaw.NO_FACT: lambda _: recorded(),
    Flaw.CONTROL_CHARACTER: lambda _: check_text("\x00", "hall"),
    Flaw.SURROGATE: lambda _: check_text("\ud800", "hall"),
    Flaw.BIDI_CONTROL: lambda _: check_text("\u202e", "hall"),
    Flaw.NOT_NFC: lambda _: check_text("e\u0301", "hall"),
    Flaw.NOT_ONE_LINE: lambda _: read_id("a b", "code"),
    Flaw.IDENTIFIER_LENGTH: lambda _: check(ask(ReceiveCase, hall="")),
    Flaw.NOT_PLAIN: lambda _: check(ask(ReceiveCase, hall="Hall\u200b1")),
    Flaw.MANGLED_ID: lambda _: check_unmangled("1.10101E+17", "id"),
    Flaw.NUMBER_OUT_OF_RANGE: lambda _: check(ask(SuspendCase, reason="flood", declared_days=2**53 + 1)),
    Flaw.NOT_FINITE: lambda _: check(ask(SuspendCase, reason="flood", declared_days=1e400)),
    Flaw.NAIVE_INSTANT: lambda _: check(AcceptCase(case="C-1", by="wang", at=datetime(2026, 3, 2))),  # noqa: DTZ001
    Flaw.INSTANT_OUT_OF_RANGE: lambda _: handled(AcceptCase(case="C-1", by="wang", at=datetime.max.replace(tzinfo=UTC))),
    Flaw.CONTRADICTION: lambda folder: mapping('[[fact]]\nevent = "ignored"\n', folder),
    Flaw.CONTRADICTS_KNOWN: lambda _: told_otherwise(),
    Flaw.CIRCULAR: lambda folder: catalogue(CIRCLE, folder),
    Flaw.DUPLICATE_ID: lambda _: handled(*[AcceptCase(case="C-1", by="wang", command_id="k")] * 2),
    Flaw.UNKNOWN_NAME: lambda _: open_engine("mysql://x", district="510107"),
    Flaw.OTHER_KIND: lambda _: another_kind(),
    Flaw.UNKNOWN_CALENDAR: lambda _: open_engine("memory:", district="510107", catalogue=CATALOGUE, calendar="cn-1949.1"),
    Flaw.OUTSIDE_CALENDAR: lambda _: CALENDAR.is_working(date(2025, 12, 31)),
    Flaw.UNREADABLE: lambda folder: parse_toml(folder / "gone.toml"),
    Flaw.USAGE: lambda _: day_of("soon", "--from"),
}


@pytest.mark.parametrize("code", Flaw)
def test_every_code_can_be_met(code: Flaw, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        MET[code](tmp_path)
    assert caught.value.code is code
    assert str(caught.value) == ": ".join(filter(None, (caught.value.place, caught.value.sentence)))


def test_the_list_is_closed() -> None:
    assert list(MET) == list(Flaw)
    assert all(code.value == code.name.lower() for code in Flaw)


def raised(room: str) -> Iterator[tuple[str, ast.Call]]:
    """Every BadInput a room makes, with its place in the source."""
    for path in sorted((ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "BadInput":
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def test_every_bad_input_states_its_code_and_only_the_command_line_speaks_of_usage() -> None:
    made = [(place, node) for room in ROOMS for place, node in raised(room)]
    stated = {place: ast.unparse(node.args[0]) for place, node in made}
    assert len(made) > 80
    assert [place for place, code in stated.items() if "Flaw." not in code and not code.endswith("code")] == []
    assert [place for place, code in stated.items() if code == "Flaw.USAGE" and not place.startswith("ops")] == []


@pytest.mark.parametrize(
    "flaw", [BadInput(Flaw.TOO_DEEP, "command", "nested deeper than 32"), OutsideCalendarError("1999-01-01 lies outside")]
)
def test_bad_input_survives_the_way_from_one_process_to_another(flaw: BadInput) -> None:
    again = pickle.loads(pickle.dumps(flaw))  # noqa: S301 - our own
    assert (type(again), again.code, again.place, str(again)) == (type(flaw), flaw.code, flaw.place, str(flaw))


@pytest.mark.parametrize(
    ("events", "line", "code"),
    [
        (("accepted",), 2, Flaw.WRONG_TYPE),
        ((AcceptCase(case="C-1", by="wang"),), 2, Flaw.WRONG_TYPE),
        (((((),),),), 2, Flaw.WRONG_TYPE),
        ((), 2**60, Flaw.NUMBER_OUT_OF_RANGE),
    ],
)
def test_an_import_records_facts_and_nothing_else(events: tuple[Any, ...], line: Any, code: Flaw) -> None:
    with pytest.raises(BadInput) as caught:
        recorded(*events, line=line)
    assert caught.value.code is code


ANYTHING: Final[dict[str, Any]] = {
    "many digits": 10**5000,
    "lists": [[[]]] * 1000,
    "an object": object(),
    "no number": float("-inf"),
    "bytes": b"\xff",
    "a table": {"a": 1},
    "an instant": moment("03-02 09:00"),
}


@pytest.mark.parametrize("name", ANYTHING)
def test_a_message_shows_any_value_on_one_short_line(name: str) -> None:
    with pytest.raises(BadInput) as caught:
        check(ask(CorrectOnSpot, materials=(ANYTHING[name],)))
    assert len(str(caught.value)) < 150
    assert "\n" not in str(caught.value)


def test_lists_nested_without_end_are_bounded_wherever_they_stand() -> None:
    deep: Any = ()
    for _ in range(100_000):
        deep = (deep, deep)  # one object in two places: as deep as it is wide
    for value in (deep, ask(CorrectOnSpot, materials=(deep,)), ask(ReceiveCase, hall=deep)):
        with pytest.raises(BadInput) as caught:
            check(value)
        assert caught.value.code is Flaw.TOO_DEEP
