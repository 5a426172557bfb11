"""The examples of the guide to mappings: each is imported whole, and reconciled against what another reader counts."""

import csv
import json
import re
import shlex
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner

import adapters
from adapters.district_engine import DistrictEngine
from adapters.importing import ImportReport, import_file, load_mapping
from adapters.testing.opened import open_desk
from casecore import CaseAccepted, CaseClosed, CaseReceived, Outcome, Resumed, StepCompleted, Suspended
from ops.cli import app

MAPPINGS: Final = Path(adapters.__file__).parent / "mappings"
EXAMPLES: Final = MAPPINGS / "examples"
README: Final = (MAPPINGS / "README.md").read_text("utf-8")
COMMANDS: Final = [line for line in README.splitlines() if line.startswith("casecore import ")]


@pytest.fixture
def engine() -> Iterator[DistrictEngine]:
    with open_desk("memory:", district="000000") as opened:
        yield opened


def imported(engine: DistrictEngine, name: str, file: str, joined: str | None = None) -> ImportReport:
    mapping = load_mapping(EXAMPLES / f"{name}.toml")
    other = None if joined is None else EXAMPLES / joined
    first = import_file(engine, mapping, EXAMPLES / file, joined=other)
    again = import_file(engine, mapping, EXAMPLES / file, joined=other)
    assert (again.known, again.events) == (first.recorded, 0), "a second import adds nothing"
    return first


def facts(engine: DistrictEngine, cases: Iterator[str] | list[str]) -> Counter[type]:
    return Counter(type(one.event) for case in cases for one in engine.history(case))


def table(file: str, delimiter: str = ",") -> list[dict[str, str]]:
    with (EXAMPLES / file).open(encoding="utf-8", newline="") as text:
        return [*csv.DictReader(text, delimiter=delimiter)]


def test_rows_that_are_events_are_all_accounted_for(engine: DistrictEngine) -> None:
    report = imported(engine, "events", "events.csv")
    rows = table("events.csv")
    cases, steps = {row["办件编号"] for row in rows}, Counter(row["环节"] for row in rows)

    assert (report.rows, report.cases, report.source_events, report.rejected) == (len(cases), len(cases), len(rows), [])
    assert report.ignored == steps["打印"]
    assert facts(engine, sorted(cases)) == {
        CaseReceived: steps["收件"],
        CaseAccepted: steps["受理"],
        StepCompleted: steps["审查"] + steps["决定"],
        CaseClosed: steps["办结"],
    }
    for row in rows:
        if row["环节"] == "审查":
            (step,) = (
                one.event
                for one in engine.history(row["办件编号"])
                if isinstance(one.event, StepCompleted) and one.event.name == "审查"
            )
            assert (step.by, f"{step.at:%Y/%-m/%-d %-H:%M}") == (row["经办人"], row["时间"])
    assert {case: engine.file(case).hall for case in cases} == {row["办件编号"]: row["大厅"] for row in rows if row["大厅"]}


def test_beginnings_and_ends_are_put_together_as_the_log_has_them(engine: DistrictEngine) -> None:
    report = imported(engine, "pairs", "pairs.xes")
    space = "{http://www.xes-standard.org/}"
    events: list[tuple[str, dict[str, str]]] = []
    for trace in ET.parse(EXAMPLES / "pairs.xes").getroot().iter(f"{space}trace"):  # noqa: S314 - a file of our own
        said = {one.get("key"): one.get("value") for one in trace.findall(f"{space}string")}
        events += [
            (str(said["concept:name"]), {str(one.get("key")): str(one.get("value")) for one in event})
            for event in trace.iter(f"{space}event")
        ]
    ways = Counter(event["lifecycle:transition"] for _, event in events)
    milestones = sum(event["concept:name"] in ("受理", "办结") for _, event in events)

    assert (report.rows, report.source_events, report.rejected) == (2, len(events), [])
    assert report.ignored == ways["schedule"]
    assert report.open_steps == ways["start"] - (ways["complete"] - milestones)
    made = facts(engine, sorted({case for case, _ in events}))
    assert made[StepCompleted] == ways["complete"] - milestones
    assert (made[Suspended], made[Resumed]) == (ways["suspend"], ways["resume"])
    steps = [one.event for one in engine.history("SP-2026-01") if isinstance(one.event, StepCompleted)]
    spans = {(one.by, f"{one.started_at:%H}", f"{one.at:%H}") for one in steps}
    assert spans == {("赵敏", "09", "16"), ("钱伟", "10", "11"), ("孙志", "09", "11")}


def test_two_joined_files_give_each_case_its_result(engine: DistrictEngine) -> None:
    report = imported(engine, "joined", "receipts.csv", "results.csv")
    receipts = table("receipts.csv")
    results = {row["办件号"]: row for row in table("results.csv", ";")}

    assert (report.rows, report.cases, report.unjoined, report.rejected) == (len(receipts), len(receipts), 0, [])
    assert report.events == 2 * len(receipts) + len(results)
    for row in receipts:
        closings = [one.event for one in engine.history(row["业务号"]) if isinstance(one.event, CaseClosed)]
        told = results.get(row["业务号"])
        assert [(one.outcome, one.by) for one in closings] == (
            [] if told is None else [(next(one for one in Outcome if one.zh == told["结果"]), told["经办人"])]
        )


def test_objects_of_one_type_are_cases_with_the_events_that_handle_them(engine: DistrictEngine) -> None:
    report = imported(engine, "objects", "objects.json")
    log: dict[str, Any] = json.loads((EXAMPLES / "objects.json").read_text("utf-8"))
    cases = [one["id"] for one in log["objects"] if one["type"] == "办件"]
    handled = [
        (event["type"], one["objectId"])
        for event in log["events"]
        for one in event["relationships"]
        if one["qualifier"] == "办理"
    ]

    assert (report.rows, report.cases, report.source_events, report.rejected) == (len(cases), len(cases), len(handled), [])
    kinds = Counter(kind for kind, _ in handled)
    assert facts(engine, cases) == {
        CaseReceived: kinds["收件"],
        CaseAccepted: kinds["受理"],
        StepCompleted: kinds["核验"],
        CaseClosed: kinds["办结"],
    }
    for case in cases:
        assert len(engine.history(case)) == sum(one == case for _, one in handled)


def test_the_guide_names_every_example_and_its_commands_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = set(re.findall(r"adapters/mappings/examples/(\S+)", "\n".join(COMMANDS)))
    assert named == {path.name for path in EXAMPLES.iterdir()}
    monkeypatch.chdir(MAPPINGS.parents[1])
    for line in COMMANDS:
        told = CliRunner().invoke(app, shlex.split(line.replace("sqlite:///examples.db", f"sqlite:///{tmp_path}/x.db"))[1:])
        assert (told.exit_code, "0 rejected" in told.stdout) == (0, True), line
    assert len(COMMANDS) == len({path.stem for path in EXAMPLES.glob("*.toml")})
