"""Limits at the door: each hostile input by every way in it can be written on, into every store: one code, nothing written.

The ways are a command made in Python, a command as a line of JSON, and a row of an imported file. Where a way is left
out of a line of the table, the input cannot be written on it: a row has no numbers and does not nest, an object has no
bytes and no key twice.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
from support.mapping_texts import RECEIVED_AND_ACCEPTED, mapping_text
from support.postgres_server import DatabaseServer
from support.story import CATALOGUE, FOOD, HALL

from adapters.command_json import read_command
from adapters.district_engine import DistrictEngine
from adapters.importing import ImportReport, Mapping, import_file, load_mapping
from adapters.testing.opened import open_desk
from casecore import ApplicantKind, ApproveExtension, BadInput, Channel, Flaw, Receipt, ReceiveCase

CLOSED: Final = """\
[[fact]]
event = "closed"
at = "in"
reason = {from = "why"}
"""
COLUMNS: Final = {"item": f'"{FOOD}"', "hall": '{from = "hall"}', "channel": '{from = "way", words = {W = "window"}}'}
MAPPING: Final = mapping_text("cases", RECEIVED_AND_ACCEPTED, CLOSED, **COLUMNS)
HEADER: Final = b"id,in,way,hall,why\n"

RECEIVE: Final[dict[str, Any]] = {
    "case": "C-1",
    "by": "wang",
    "at": datetime(2026, 3, 2, 9, tzinfo=UTC),
    "hall": HALL,
    "item": FOOD,
    "channel": Channel.WINDOW,
    "applicant_kind": ApplicantKind.PERSON,
}
EXTEND: Final[dict[str, Any]] = {"case": "C-1", "by": "wang", "days": 5, "approver": "li", "reason": "flood"}
ROW: Final = {"id": "C-1", "in": "2026-03-02", "way": "W", "hall": HALL, "why": "done"}


def command(**rest: Any) -> Any:
    """A command that every store would take, but for what is said."""
    return (ApproveExtension(**{**EXTEND, **rest})) if "days" in rest else ReceiveCase(**{**RECEIVE, **rest})


def line(**rest: Any) -> bytes:
    """The same as a line of JSON, everything but ASCII escaped."""
    kind, base = ("ApproveExtension", EXTEND) if "days" in rest else ("ReceiveCase", RECEIVE)
    return json.dumps({"command": kind, **base, **rest}, default=datetime.isoformat).encode()


def row(**rest: str) -> bytes:
    return ",".join({**ROW, **rest}.values()).encode("utf-8", "surrogatepass")


class Hostile(NamedTuple):
    """An input by every way it can be written on."""

    code: Flaw
    command: Any = None
    line: bytes | None = None
    row: bytes | None = None


def text(code: Flaw, hall: str) -> Hostile:
    return Hostile(code, command(hall=hall), line(hall=hall), row(hall=hall))


def number(code: Flaw, written: str, days: Any) -> Hostile:
    return Hostile(code, command(days=days), line(days=777).replace(b"777", written.encode()))


def tuples(depth: int) -> Any:
    nested: Any = ()
    for _ in range(depth):
        nested = (nested,)
    return nested


MEGABYTES: Final = "x" * 10_000_000
TABLE: Final = {
    "NUL": text(Flaw.CONTROL_CHARACTER, "a\x00b"),
    "NUL as it is": Hostile(Flaw.CONTROL_CHARACTER, None, line(hall="a-b").replace(b"a-b", b"a\x00b"), row(hall="a\x00b")),
    "escape": text(Flaw.CONTROL_CHARACTER, "a\x1b[31mb"),
    "next line": text(Flaw.CONTROL_CHARACTER, "a\x85b"),
    "NUL in an instant": Hostile(
        Flaw.CONTROL_CHARACTER,
        command(at="2026-03-02\x0009:00:00Z"),
        line(at="2026-03-02\x0009:00:00Z"),
        row(**{"in": "2026-03-02\x0009:00:00Z"}),
    ),
    "bidi override": text(Flaw.BIDI_CONTROL, "hall\u202e1"),
    "bidi isolate": text(Flaw.BIDI_CONTROL, "hall\u20661\u2069"),
    "bidi in a word": Hostile(
        Flaw.BIDI_CONTROL, command(channel="win\u202edow"), line(channel="win\u202edow"), row(way="W\u202eW")
    ),
    "not NFC": text(Flaw.NOT_NFC, "Zoe\u0308"),
    # A file is UTF-8, where a surrogate has no form; its bytes are the next line.
    "lone surrogate": Hostile(Flaw.SURROGATE, command(hall="a\ud800"), line(hall="a\ud800")),
    "surrogate's bytes": Hostile(
        Flaw.NOT_UTF8,
        None,
        line(hall="a-b").replace(b"a-b", b"\xed\xa0\x80"),
        row(hall="\ud800"),
    ),
    "not UTF-8": Hostile(Flaw.NOT_UTF8, None, line(hall="a-b").replace(b"a-b", b"\xff"), row() + b"\xff"),
    "invisible in an identifier": text(Flaw.NOT_PLAIN, "a\u200bb"),
    "long identifier": text(Flaw.IDENTIFIER_LENGTH, "x" * 201),
    # An empty column of a row is a missing field.
    "empty identifier": Hostile(Flaw.IDENTIFIER_LENGTH, command(hall=""), line(hall="")),
    "depth 10,000": Hostile(
        Flaw.TOO_DEEP,
        command(materials=tuples(10_000)),
        line(materials=[777]).replace(b"777", b"[" * 10_000 + b"]" * 10_000),
    ),
    "10 MB": Hostile(Flaw.TOO_LARGE, command(materials=(MEGABYTES,)), line(materials=[MEGABYTES]), row(why=MEGABYTES)),
    "100 KB": Hostile(
        Flaw.TOO_LARGE, command(materials=("x" * 100_000,)), line(materials=["x" * 100_000]), row(why="x" * 100_000)
    ),
    "1e400": number(Flaw.NOT_FINITE, "1e400", days=1e400),
    "not a number": number(Flaw.NOT_FINITE, "NaN", days=float("nan")),
    "past 2^53": number(Flaw.NUMBER_OUT_OF_RANGE, str(2**53 + 1), days=2**53 + 1),
    "below -2^53": number(Flaw.NUMBER_OUT_OF_RANGE, str(-(2**53) - 1), days=-(2**53) - 1),
    "10,000 digits": number(Flaw.NUMBER_OUT_OF_RANGE, "1" + "0" * 10_000, days=10**10_000),
    "a fraction": number(Flaw.WRONG_TYPE, "1.5", days=1.5),
    "a truth for a number": number(Flaw.WRONG_TYPE, "true", days=True),
    "naive instant": Hostile(  # a row's instant has the zone of its mapping
        Flaw.NAIVE_INSTANT,
        command(at=datetime(2026, 3, 2, 9)),  # noqa: DTZ001 - the point
        line(at="2026-03-02T09:00:00"),
    ),
    "no instant": Hostile(Flaw.WRONG_TYPE, command(at="soon"), line(at="soon"), row(**{"in": "soon"})),
    "beyond any zone": Hostile(
        Flaw.INSTANT_OUT_OF_RANGE,
        command(at=datetime.max.replace(tzinfo=UTC)),
        line(at="9999-12-31T23:59:59Z"),
        row(**{"in": "9999-12-31T23:59:59Z"}),
    ),
    "unknown word": Hostile(Flaw.UNKNOWN_WORD, command(channel="door"), line(channel="door"), row(way="D")),
    # Python itself asks for every field and takes none it does not know.
    "missing field": Hostile(Flaw.MISSING_FIELD, None, line(hall=None).replace(b'"hall": null, ', b""), row(hall="")),
    "unknown field": Hostile(Flaw.UNKNOWN_FIELD, None, line(colour="red")),
    "duplicate key": Hostile(Flaw.DUPLICATE_KEY, None, line().replace(b'"by"', b'"by": "li", "by"')),
    "unknown command": Hostile(Flaw.UNKNOWN_COMMAND, "ReceiveCase", line().replace(b"ReceiveCase", b"Receive")),
    "not JSON": Hostile(Flaw.NOT_JSON, None, line()[:-2]),
    "not CSV": Hostile(Flaw.NOT_CSV, None, None, row() + b",one more"),
}


class House(NamedTuple):
    """An engine over one of the stores, and where its imports come from."""

    engine: DistrictEngine
    mapping: Mapping
    folder: Path

    def imported(self, *rows: bytes) -> ImportReport:
        path = self.folder / "cases.csv"
        path.write_bytes(HEADER + b"\n".join(rows))
        return import_file(self.engine, self.mapping, path)

    def code(self, way: str, hostile: Hostile) -> str:
        """What an input is refused for on a way in."""
        if way == "row":
            assert hostile.row is not None
            (rejected,) = self.imported(hostile.row).rejected
            assert rejected.line == 2
            return rejected.code
        with pytest.raises(BadInput) as caught:
            self.engine.handle(hostile.command if way == "command" else read_command(hostile.line or b""))
        assert "\n" not in str(caught.value)
        assert len(str(caught.value)) < 1000
        return caught.value.code


@pytest.fixture(scope="module", params=["memory", "sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "cases.toml").write_text(MAPPING, "utf-8")
    mapping = load_mapping(folder / "cases.toml")
    server: DatabaseServer | None = None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_server")
        url = server.create_database()
    else:
        url = "memory:" if request.param == "memory" else f"sqlite:///{folder}/cases.db"
    with open_desk(url, district="510107", catalogue=CATALOGUE) as engine:
        yield House(engine, mapping, folder)
    if server is not None:
        server.drop_database(url)


@pytest.mark.parametrize("name", TABLE)
def test_a_hostile_input_has_one_code_on_every_way_in_and_leaves_the_store_as_it_was(house: House, name: str) -> None:
    hostile = TABLE[name]
    ways = [way for way in ("command", "line", "row") if getattr(hostile, way) is not None]
    before = house.engine.log.head()

    assert {way: house.code(way, hostile) for way in ways} == dict.fromkeys(ways, hostile.code)
    assert house.engine.log.head() == before


def test_the_same_ways_take_what_is_plain(house: House) -> None:
    """Without this the table would prove nothing."""
    before = house.engine.log.head().position
    assert isinstance(house.engine.handle(command(case="plain-1")), Receipt)
    assert isinstance(house.engine.handle(read_command(line(case="plain-2"))), Receipt)
    report = house.imported(row(id="plain-3"))
    assert (report.recorded, report.rejected) == (1, [])
    assert house.engine.log.head().position == before + 5


def test_bad_rows_are_kept_apart_by_line_and_code_and_the_good_ones_go_in(house: House) -> None:
    bad = {name: hostile.row for name, hostile in TABLE.items() if hostile.row is not None}
    rows = []
    for number, hostile in enumerate(bad.values()):
        rows += [row(id=f"good-{number}"), hostile.replace(b"C-1", b"bad-%d" % number)]
    report = house.imported(*rows)

    assert [(rejected.line, rejected.code) for rejected in report.rejected] == [
        (2 * number + 3, TABLE[name].code) for number, name in enumerate(bad)
    ]
    assert (report.recorded, report.rows) == (len(bad), 2 * len(bad))
    assert not house.engine.log.versions([f"bad-{number}" for number in range(len(bad))])


def test_most_of_the_table_is_tried_on_every_way_in() -> None:
    tried = {way: sum(getattr(hostile, way) is not None for hostile in TABLE.values()) for way in ("command", "line", "row")}
    print(f"hostile inputs {len(TABLE)}: {tried}")  # noqa: T201 - the count is asked for
    assert tried["command"] >= 24
    assert tried["line"] >= 33
    assert tried["row"] >= 16
