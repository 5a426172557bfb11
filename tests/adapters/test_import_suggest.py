"""``casecore mapping suggest``: a draft loads, imports the file it was drafted from, and says what it guessed."""

import codecs
import gzip
from datetime import datetime
from pathlib import Path
from typing import Final

import pytest
from openpyxl import Workbook
from support.import_bench import in_memory
from support.ocel_logs import LOGS, ocel_log
from typer.testing import CliRunner

from adapters.district_engine import DistrictEngine
from adapters.importing import import_file, load_mapping
from adapters.importing.suggesting import suggest_mapping
from casecore import BadInput
from ops.cli import app

CASES: Final = (
    "办件编号,大厅,收件时间,办结时间,备注\n"
    "A-1,北,2026/3/2 9:10,2026/3/4 10:00,x\n"
    "A-2,南,2026/3/2 9:20,NULL,\n"
    "A-3,南,2026/3/3 0:00:00,--,x\n"
)
EVENTS: Final = "\n".join(
    ("case_id;activity;timestamp;clerk", *(f"C-{n % 3};step {n};2026030{2 + n // 3}0900;li" for n in range(9)), "")
)


engine = in_memory


def sheet(path: Path) -> None:
    book = Workbook()
    book.active.append(("编号", "申请时间", "办结时间"))
    for n in range(3):
        book.active.append((f"A-{n}", datetime(2026, 3, 2, 9, n), None))  # noqa: DTZ001 - a cell has no zone
    book.save(path)


@pytest.mark.parametrize(
    ("name", "content", "facts", "said"),
    [
        ("cases.csv", CASES.encode(), 7, ['dates = {"收件时间" = ["slashes"]', '"办结时间" = ["--", "NULL"]', "备注"]),
        ("cases.csv", CASES.encode("gb18030"), 7, ['encoding = "gb18030"']),
        ("cases.csv.gz", gzip.compress(CASES.encode("utf-8-sig")), 7, ['case = "办件编号"']),
        (
            "c 1.csv",
            codecs.BOM_UTF16_LE + CASES.replace(",", "\t").encode("utf-16-le"),
            7,
            ['"utf-16"', 'delimiter = "\\t"'],
        ),
        ("cases.csv", ("2026年3月办件,,,,\n\n" + CASES).replace(",,,,", "").encode(), 7, ["header = 3"]),
        (
            "events.csv",
            EVENTS.encode(),
            15,
            ['rows = "event"', 'delimiter = ";"', '"compact"', '{from = "activity"}'],
        ),
        ("cases.xlsx", None, 6, ['format = "xlsx"', 'at = "申请时间"']),
    ],
)
def test_a_draft_loads_and_imports_the_file_it_was_drafted_from(  # noqa: PLR0913, PLR0917 - the parts of a scene
    engine: DistrictEngine, tmp_path: Path, name: str, content: bytes | None, facts: int, said: list[str]
) -> None:
    path = tmp_path / name
    sheet(path) if content is None else path.write_bytes(content)
    draft = suggest_mapping(path)
    (tmp_path / "draft.toml").write_text(draft, "utf-8")
    report = import_file(engine, load_mapping(tmp_path / "draft.toml"), path)

    assert (report.rejected, report.recorded, report.events) == ([], 3, facts)
    assert [one for one in said if one not in draft] == []
    assert "# guessed" in draft


LIFECYCLE: Final = "".join(
    f'<event><string key="concept:name" value="{name}"/><string key="lifecycle:transition" value="{transition}"/>'
    f'<date key="time:timestamp" value="2026-03-0{day}T09:00:00+08:00"/></event>'
    for name, transition, day in (
        ("check", "Schedule", 2), ("check", "start", 2), ("check", "suspend", 3), ("check", "resume", 4),
        ("check", "complete", 5),
    )
)  # fmt: skip


@pytest.mark.parametrize(("transitions", "facts"), [(True, 5), (False, 7)])
def test_the_draft_of_a_log_takes_beginnings_and_ends_together_where_it_tells_both(
    engine: DistrictEngine, tmp_path: Path, facts: int, *, transitions: bool
) -> None:
    events = LIFECYCLE if transitions else LIFECYCLE.replace("lifecycle:transition", "phase")
    path = tmp_path / "log.xes"
    path.write_text(f'<log><trace><string key="concept:name" value="T-1"/>{events}</trace></log>', "utf-8")
    draft = suggest_mapping(path)
    (tmp_path / "draft.toml").write_text(draft, "utf-8")
    report = import_file(engine, load_mapping(tmp_path / "draft.toml"), path)

    assert (report.rejected, report.recorded, report.events) == ([], 1, facts)
    assert ("pairs = {}" in draft, 'event = "suspension"' in draft) == (transitions, transitions)


@pytest.mark.parametrize("name", LOGS)
def test_the_draft_of_a_log_of_objects_takes_the_type_with_most_events_for_cases(
    engine: DistrictEngine, tmp_path: Path, name: str
) -> None:
    path = ocel_log(name, tmp_path)
    draft = suggest_mapping(path)
    (tmp_path / "draft.toml").write_text(draft, "utf-8")
    report = import_file(engine, load_mapping(tmp_path / "draft.toml"), path)

    assert 'ocel = {object = "办件"}   # guessed: most events are of these, or material' in draft
    assert (report.rejected, report.recorded) == ([], report.cases)
    assert report.cases > 1
    assert report.events == 2 * report.cases + report.source_events


def test_the_draft_of_the_shared_log_ends_its_cases_when_they_ended_not_when_planned(
    engine: DistrictEngine, shared_data: Path, tmp_path: Path
) -> None:
    path = shared_data / "data" / "receipt.xes.gz"
    draft = suggest_mapping(path)
    (tmp_path / "draft.toml").write_text(draft.replace("required = false", "required = false\nday_only = true"), "utf-8")
    report = import_file(engine, load_mapping(tmp_path / "draft.toml"), path)

    assert 'at = "enddate"' in draft
    assert (report.rows, report.cases, report.source_events, report.rejected) == (1434, 1434, 8577, [])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no header"),
        (b"id,at\n", "has no rows to look at"),
        (b"id,at\nA-1,03/04/2026\n", "no column holds instants in a form that can be told"),
        (b"x,at\nA,2026-03-02\nA,2026-03-03\n", "no column could be the id of a case"),
        (b"<log/>", "has no events to look at"),
        (b"<log><trace><event/></trace></log>", "not every case has concept:name, which is its id"),
        (b'{"events": []}', "has no objects with events to look at"),
        (b'{"events": [], "objects": [{"id": "1", "type": "t"}]}', "has no objects with events to look at"),
        (b"id,at\n\xff\xff,2026-03-02\n", "is neither UTF-8 nor GB18030"),
    ],
)
def test_what_no_mapping_can_be_drafted_from_is_named(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "cases.csv").write_bytes(content)
    with pytest.raises(BadInput) as caught:
        suggest_mapping(tmp_path / "cases.csv")
    assert message in str(caught.value)


def test_the_command_prints_the_draft_and_names_a_file_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text(CASES, "utf-8")
    run = CliRunner().invoke
    good = run(app, ["mapping", "suggest", str(tmp_path / "cases.csv")])
    gone = run(app, ["mapping", "suggest", str(tmp_path / "gone.csv")])
    assert good.output == suggest_mapping(tmp_path / "cases.csv")
    assert (gone.exit_code, "there is no such file" in gone.output) == (2, True)


@pytest.mark.slow
def test_the_draft_of_the_shared_cases_imports_them(engine: DistrictEngine, shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "data" / "chongqing_cases.csv.gz"
    (tmp_path / "draft.toml").write_text(suggest_mapping(path), "utf-8")
    report = import_file(engine, load_mapping(tmp_path / "draft.toml"), path)
    assert (report.rows, report.cases, len(report.rejected)) == (60218, 60183, 35)
