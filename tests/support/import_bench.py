"""A bench for imports: mappings of rows, acts and traces, and what writes such files and imports them."""

import tracemalloc
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest

from adapters.district_engine import DistrictEngine
from adapters.importing import ImportReport, Mapping, import_file, load_mapping
from adapters.testing.opened import open_desk
from support.mapping_texts import CLOSED_IF_OUT, RECEIVED_AND_ACCEPTED, mapping_text

T = TypeVar("T")

CASES = mapping_text(
    "cases",
    RECEIVED_AND_ACCEPTED,
    CLOSED_IF_OUT,
    channel='{from = "way", words = {W = "window", N = "website"}, default = "other"}',
)
HEADER = "id,way,in,out"
GOOD = "A-1,W,2023-03-01T09:00:00+08:00,2023-03-03T16:00:00+08:00"

STEPS = """\
name = "steps"
format = "csv"
zone = "Asia/Shanghai"
continues = true
case = "id"
by = "clerk"
suspension_moves_promise = true

[[fact]]
event = "suspension"
at = "from"
until = "to"
when = {what = ["paused"]}
reason = "held up"

[[fact]]
event = "correction"
at = "from"
until = "to"
when = {what = ["mended"]}

[[fact]]
event = "ignored"
when = {what = ["noise"]}

[[fact]]
event = "step_completed"
at = "from"
until = "to"
unless = {what = ["paused", "mended", "noise", "riddle"]}
name = {from = "what"}
"""
STEP_HEADER = "id,what,from,to"

ACTS = """\
name = "acts"
format = "csv"
zone = "Asia/Shanghai"
continues = true
case = "id"
by = "clerk"

[[fact]]
event = "special_procedure"
at = "from"
until = "to"
when = {what = ["专家评审", "检测", "riddle"]}
reason = {from = "what"}
ground = {from = "what", words = {"专家评审" = "expert_review", "检测" = "testing"}}
declared_days = {from = "days"}
notice = {from = "notice"}

[[fact]]
event = "extension"
at = "from"
when = {what = ["延长"]}
days = {from = "days"}
approver = {from = "who"}
authority = {from = "as", words = {"局长" = "organ_head", "县长" = "government_head"}}
notice = {from = "notice"}
reason = "complex"
"""
ACT_HEADER = "id,what,from,to,days,notice,who,as"

LOG = """\
name = "log"
format = "xes"
zone = "Europe/Amsterdam"
calendar = "weekdays-nl.1"
case = "concept:name"
item = "imported"
hall = "town"
tier = "city"
by = {from = "responsible", default = "nobody named"}
channel = {from = "channel", words = {Web = "website"}, default = "other"}
promise = {due = "deadline"}

[[fact]]
event = "received"
at = "start"

[[fact]]
event = "accepted"
at = "start"

[[fact]]
event = "closed"
at = "end"
required = false
day_only = true

[[fact]]
event = "step_completed"
scope = "event"
at = "time:timestamp"
unless = {"lifecycle:transition" = ["start"]}
name = {from = "concept:name"}
by = {from = "org:resource"}
action = {from = "channel", scope = "case"}

[[fact]]
event = "ignored"
scope = "event"
when = {"lifecycle:transition" = ["start"]}
"""


@pytest.fixture
def in_memory() -> Iterator[DistrictEngine]:
    """An engine in memory: as ``engine`` of a module whose tests do not depend on the store."""
    with open_desk("memory:", district="500000") as opened:
        yield opened


class Bench:
    """Writes mappings and files and imports them."""

    def __init__(self, engine: DistrictEngine, folder: Path) -> None:
        self.engine = engine
        self.folder = folder

    def mapping(self, text: str) -> Mapping:
        path = self.folder / "mapping.toml"
        path.write_text(text, encoding="utf-8")
        return load_mapping(path)

    def cases(self, *rows: str, header: str = HEADER, mapping: str = CASES) -> ImportReport:
        path = self.folder / "cases.csv"
        path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
        return import_file(self.engine, self.mapping(mapping), path)

    def steps(self, *rows: str) -> ImportReport:
        path = self.folder / "steps.csv"
        path.write_text("\n".join((STEP_HEADER, *rows)) + "\n", encoding="utf-8")
        return import_file(self.engine, self.mapping(STEPS), path)

    def acts(self, *rows: str) -> ImportReport:
        path = self.folder / "acts.csv"
        path.write_text("\n".join((ACT_HEADER, *rows)) + "\n", encoding="utf-8")
        return import_file(self.engine, self.mapping(ACTS), path)

    def log(self, *traces: str, mapping: str = LOG) -> ImportReport:
        path = self.folder / "log.xes"
        path.write_text(xes(*traces), encoding="utf-8")
        return import_file(self.engine, self.mapping(mapping), path)

    def events(self, case: str) -> list[Any]:
        return [recorded.event for recorded in self.engine.history(case)]


def xes(*traces: str) -> str:
    return "\n".join(
        (
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<log xes.version="1.0" xmlns="http://www.xes-standard.org/">',
            '<global scope="trace"><date key="start" value="1970-01-01T00:00:00+01:00"/></global>',
            '<global scope="event"><date key="time:timestamp" value="1970-01-01T00:00:00+01:00"/></global>',
            '<string key="about" value="x"><string key="nested" value="y"/></string>',
            *traces,
            "</log>",
        )
    )


def trace(case: str, *events: str, end: str = "2011-05-04T10:00:00+02:00", deadline: str = "2011-05-20T00:00:00Z") -> str:
    parts = {"start": "2011-05-02T08:30:00Z", "deadline": deadline, "end": end}
    dates = "".join(f'<date key="{key}" value="{value}"/>' for key, value in parts.items() if value)
    head = f'<string key="concept:name" value="{case}"/><string key="channel" value="Web"/>'
    return f"<trace>{head}{dates}<!-- remark -->{''.join(events)}</trace>"


def event(name: str, at: str = "2011-05-03T12:00:00+02:00", transition: str = "complete") -> str:
    return (
        f'<event><string key="concept:name" value="{name}"/><string key="org:resource" value="R1"/>'
        f'<string key="lifecycle:transition" value="{transition}"/><date key="time:timestamp" value="{at}"/></event>'
    )


def traced(work: Callable[[], T]) -> tuple[T, int]:
    """What some work gives, and the KiB that Python held for it at the most."""
    tracemalloc.start()
    try:
        return work(), tracemalloc.get_traced_memory()[1] // 1024
    finally:
        tracemalloc.stop()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)
