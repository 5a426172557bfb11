"""Fuzz: sound inputs spoilt at random, by every way in. Whatever comes, only declared errors go out.

A seed is printed with every run; ``CASECORE_FUZZ_SEED`` runs it again.
"""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson
import pytest
from support.chance import seed_from
from support.mapping_texts import RECEIVED_AND_ACCEPTED, mapping_text
from support.registers import WORLD, open_package
from support.story import BOX, FOOD, HALL, ask, sample

from adapters.command_json import read_command
from adapters.district_engine import DistrictEngine, open_engine
from adapters.importing import import_file, load_mapping
from adapters.mapper import WIRE
from casecore import BadInput, CasecoreError, CollectBox, Envelope, Fault, OpenVisit, Refused
from casecore.door import check
from casecore.kinds import COMMANDS, KINDS, kind_of
from casecore.vocabulary.terms import Code

SHORT: Final = 20_000
LONG: Final = 200_000

TOKENS: Final = (
    b"\x00", b"\xff", b"\xed\xa0\x80", "\u202e".encode(), "e\u0301".encode(), "\u2066".encode(), b"\\u0000", b"\\ud800",
    b"\\udfff", b"1e400", b"-1e400", b"NaN", b"Infinity", b"9007199254740993", b"9" * 5000, b"-", b"0.5", b"true", b"null",
    b'"', b"'", b"\\", b",", b":", b"{", b"}", b"[", b"]", b"\n", b"\r", b"\r\n", b"<", b">", b"&", b"&#0;", b"<!--",
    b"[" * 40, b"]" * 40, b'{"a":' * 40, b"[" * 10_000, b'"command":', b'"by":"x",', b'"at":', b"9999-12-31T23:59:59Z",
    b"0001-01-01T00:00:00+14:00", b"2026-02-30", b"-0", b"\xef\xbb\xbf", b"\xf4\x90\x80\x80", b"x" * 201, b"x" * 70_000,
    b"event>", b"</trace>", b"<trace>", b"<string key='", b"\x1b", b"\x85",
)  # fmt: skip
"""What breaks readers."""

VALUES: Final[tuple[Any, ...]] = (
    None, True, 0, -1, 2**53 + 1, 10**5000, 1.5, 1e400, float("nan"), "", "x" * 201, "\x00", "\ud800", "\u202e", "e\u0301",
    b"\xff", (), ((),), ("x", 1), [], [[[[]]]], {}, {"a": {}}, object(), int, Ellipsis, 1j, frozenset(), "2026-03-02",
    datetime(2026, 3, 2), datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC),  # noqa: DTZ001
)  # fmt: skip
"""What does not belong in a field."""

GIVEN: Final[tuple[Any, ...]] = COMMANDS
SAMPLES: Final = (
    *(sample(kind) for kind in GIVEN),
    open_package(None),
    CollectBox(box=BOX, by="x"),
    ask(OpenVisit, "03-02 09:00"),
)
"""A command of each kind, and what makes a package, a drop box and a visit of the stories' world."""

STEP: Final = """\
[[fact]]
event = "step_completed"
scope = "event"
at = "time:timestamp"
name = {from = "concept:name"}
"""
COLUMNS: Final = {"item": f'"{FOOD}"', "hall": '{from = "hall"}', "channel": '{from = "way", words = {W = "window"}}'}
LOG: Final = mapping_text("log", RECEIVED_AND_ACCEPTED, STEP, format='"xes"', case='"concept:name"', **COLUMNS)
TABLE: Final = mapping_text("log", RECEIVED_AND_ACCEPTED, **COLUMNS)
HEADER: Final = b"id,in,way,hall\n"


def spoilt(sound: bytes, dice: random.Random) -> bytes:
    """The input with one to four things wrong with it."""
    found = bytearray(sound)
    for _ in range(dice.randint(1, 4)):
        here = dice.randrange(len(found) + 1)
        there = min(len(found), here + dice.randint(1, 30))
        match dice.randrange(7):
            case 0 if here < len(found):
                found[here] ^= 1 << dice.randrange(8)
            case 1:
                del found[here:there]
            case 2:
                found[here:here] = found[here:there]  # a piece twice, now and then a key
            case 3:
                del found[here:]
            case 4:
                found[here:there] = dice.choice(TOKENS)
            case 5:
                start = found.find(b":", here) + 1
                end = min((at for at in (found.find(b",", start), found.find(b"}", start)) if at > 0), default=start)
                found[start:end] = dice.choice(TOKENS)  # the value of a field
            case _:
                found[here:here] = dice.choice(TOKENS)
    return bytes(found)


def bent(sound: bytes, dice: random.Random) -> bytes:
    """The input with one of its fields gone, renamed or something else: it is JSON still, for the most part."""
    found = place = json.loads(sound)
    while (inner := [value for value in place.values() if isinstance(value, dict) and value]) and dice.random() < 0.6:
        place = dice.choice(inner)
    key = dice.choice(list(place))
    value = place.pop(key)
    match dice.randrange(4):
        case 0:
            place[dice.choice(list(found) or ["by"])] = value
        case 1:
            place[key] = [value]
        case 2:
            place[key] = "@"
    return json.dumps(found).encode().replace(b'"@"', dice.choice(TOKENS))


class Fuzz:
    """One run: what was thrown at the ways in, and what came back."""

    def __init__(self, seed: int, folder: Path, engine: DistrictEngine) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - a seed is the point
        self.folder = folder
        self.engine = engine
        self.came: Counter[str] = Counter()
        self.inputs: Counter[str] = Counter()
        self.kinds: set[str] = set()
        (folder / "cases.toml").write_text(TABLE, "utf-8")
        (folder / "log.toml").write_text(LOG, "utf-8")
        self.table, self.log = load_mapping(folder / "cases.toml"), load_mapping(folder / "log.toml")
        self.commands = [_line(command) for command in SAMPLES]
        self.records = [
            (name, WIRE.encode(Envelope("C-1", 1, sample(cls), "k", None, "cause"))[1]) for name, cls in WIRE.names.items()
        ]

    def throw(self, way: str, number: int, one: Callable[[], Iterator[str]]) -> None:
        """Throw so many inputs by one way; every one is answered, or refused by a declared error."""
        self.inputs[way] += number
        for _ in range(number):
            try:
                self.came.update(one())
            except BadInput as flaw:
                self.came[flaw.code] += 1
            except CasecoreError as error:
                self.came[type(error).__name__] += 1

    def wrong(self, sound: bytes) -> bytes:
        return (bent if self.dice.random() < 0.5 else spoilt)(sound, self.dice)

    def line(self) -> Iterator[str]:
        """A command as JSON, as bytes or as text."""
        found: bytes | str = self.wrong(self.dice.choice(self.commands))
        if self.dice.random() < 0.25:
            found = found.decode("utf-8", self.dice.choice(("replace", "surrogateescape")))
        answer = self.engine.handle(read_command(found))
        yield "refused" if isinstance(answer, Refused) else "done"

    def object(self) -> Iterator[str]:
        """A command made in Python, with one or two fields that hold anything."""
        command = self.dice.choice(SAMPLES)
        names = self.dice.sample([field.name for field in fields(command)], self.dice.randint(1, 2))
        answer = self.engine.handle(replace(command, **{name: self.dice.choice(VALUES) for name in names}))
        yield "refused" if isinstance(answer, Refused) else "done"

    def rows(self, count: int) -> Iterator[str]:
        """A file of cases, every row of it spoilt."""
        sound = [f"C-{self.dice.random()},2026-03-02T09:00:00,W,{HALL}".encode() for _ in range(count)]
        path = self.folder / "cases.csv"
        path.write_bytes(HEADER + b"\n".join(spoilt(row, self.dice) for row in sound))
        report = import_file(self.engine, self.table, path)
        yield from (rejected.code for rejected in report.rejected)
        yield from ["done"] * report.recorded

    def trace(self) -> Iterator[str]:
        """A log of one trace, spoilt."""
        event = b'<event><string key="concept:name" value="a"/><date key="time:timestamp" value="2026-03-03"/></event>'
        pairs = {"concept:name": f"T-{self.dice.random()}", "in": "2026-03-02", "way": "W", "hall": HALL}
        head = "".join(f'<string key="{key}" value="{value}"/>' for key, value in pairs.items()).encode()
        path = self.folder / "log.xes"
        path.write_bytes(b"<log>" + spoilt(b"<trace>" + head + event + b"</trace>", self.dice) + b"</log>")
        report = import_file(self.engine, self.log, path)
        yield from (rejected.code for rejected in report.rejected)
        yield from ["done"] * report.recorded

    def stored(self) -> Iterator[str]:
        """Stored bytes, of which the reader says nothing but that they are faulty."""
        name, state = self.dice.choice(self.records)
        try:
            WIRE.decode("C-1", 1, name, self.wrong(state))
        except Fault:
            yield "Fault"
        else:
            yield "read"


def _line(command: Any) -> bytes:
    said = {field.name: getattr(command, field.name) for field in fields(command)}
    found = {name: value.name if isinstance(value, Code) else value for name, value in said.items()}
    return orjson.dumps({"command": type(command).__name__, **found})


def run(number: int, folder: Path) -> Fuzz:
    seed = seed_from("CASECORE_FUZZ_SEED")
    with open_engine("memory:", district="510107", catalogue=WORLD.catalogue) as engine:
        fuzz = Fuzz(seed, folder, engine)
        fuzz.throw("line", number * 45 // 100, fuzz.line)
        fuzz.throw("object", number * 20 // 100, fuzz.object)
        fuzz.throw("stored", number * 20 // 100, fuzz.stored)
        fuzz.throw("trace", number * 5 // 100, fuzz.trace)
        rows = 10
        fuzz.throw("row", number * 10 // 100 // rows, lambda: fuzz.rows(rows))
        fuzz.inputs["row"] *= rows
        assert engine.log.verify().first_bad_position is None
        for fact in engine.follow():
            check(fact.event)
            fuzz.kinds.add(kind_of(fact.event).name)
    print(f"fuzz: {fuzz.inputs.total()} inputs {dict(fuzz.inputs)}: {dict(fuzz.came.most_common())}")  # noqa: T201
    return fuzz


def test_twenty_thousand_spoilt_inputs_raise_declared_errors_only(tmp_path: Path) -> None:
    fuzz = run(SHORT, tmp_path)
    assert fuzz.inputs.total() == SHORT
    assert fuzz.kinds == {kind.name for kind in KINDS}
    assert fuzz.came.keys() >= {"done", "refused", "read", "Fault", "not_json", "duplicate_key", "too_deep", "not_utf8"}


@pytest.mark.torture
def test_two_hundred_thousand_spoilt_inputs_raise_declared_errors_only(tmp_path: Path) -> None:
    assert run(LONG, tmp_path).inputs.total() == LONG


def test_a_reader_that_trusts_its_input_fails_the_same_fuzz() -> None:
    """The control: what the library reads and Python builds raises errors nobody declared, or takes what nobody sent."""
    dice = random.Random(1)  # noqa: S311
    kinds = {kind.__name__: kind for kind in GIVEN}
    undeclared: Counter[str] = Counter()
    for _ in range(2000):
        try:
            found = json.loads(spoilt(_line(dice.choice(SAMPLES)), dice))
            kinds[found.pop("command")](**found)
        except CasecoreError:
            pass
        except Exception as error:  # noqa: BLE001 - whatever comes is counted
            undeclared[type(error).__name__] += 1
    assert {"JSONDecodeError", "TypeError", "UnicodeDecodeError"} <= undeclared.keys()
    assert all(isinstance(read_command(_line(one)), GIVEN) for one in SAMPLES)
