"""The shared log of a municipality as a spreadsheet hands it over: GB18030, semicolons, slashes, NULL, a title."""

import csv
import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook
from support.import_bench import Bench

from adapters.district_engine import DistrictEngine
from adapters.importing import Mapping, import_file, load_mapping
from adapters.testing.opened import open_desk

LOCAL: Final = ZoneInfo("Europe/Amsterdam")
OF_CASE: Final = {"办件编号": "concept:name", "渠道": "channel", "经办人": "responsible", "收件": "startdate"}
OF_CASE_LATER: Final = {"办结": "enddate", "承诺": "deadline"}
OF_EVENT: Final = {"环节": "concept:name", "人员": "org:resource", "小组": "org:group", "时间": "time:timestamp"}
HEADER: Final = (*OF_CASE, *OF_CASE_LATER, *OF_EVENT)
TOLD_TWICE: Final = {"case-4187"}
"""It began at 02:06 on the night the clocks were set back: local time does not say in which of the two hours."""
DATES: Final = ("收件", "办结", "承诺", "时间")


@pytest.fixture
def engine() -> Iterator[DistrictEngine]:
    with open_desk("memory:", district="NL") as opened:
        yield opened


def rows(log: Path) -> list[dict[str, Any]]:
    """Every event of the log with what its case says, by another reader than ours; instants as local time to the second."""

    def said(element: ET.Element) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for child in element:
            key, value = child.get("key"), child.get("value")
            if key and value is not None:
                date = child.tag.endswith("date")
                found[key] = datetime.fromisoformat(value).astimezone(LOCAL).replace(microsecond=0) if date else value
        return found

    made = []
    with gzip.open(log) as file:
        for trace in ET.parse(file).getroot():  # noqa: S314 - our own data
            if trace.tag.endswith("trace"):
                case = said(trace)
                ours = {name: case.get(key) for name, key in (OF_CASE | OF_CASE_LATER).items()}
                made += [
                    ours | {name: said(event).get(key) for name, key in OF_EVENT.items()}
                    for event in trace
                    if event.tag.endswith("event")
                ]
    return made


def mapping(bench: Bench, *keys: str, **changes: str) -> Mapping:
    """The shipped mapping of the log, for the columns of a table."""
    shipped = Path(__file__).resolve().parents[2] / "adapters" / "mappings" / "coselog_receipt.toml"
    text = shipped.read_text("utf-8").replace('{from = "concept:name"}', '{from = "环节"}')
    names = {key: name for name, key in (OF_EVENT | OF_CASE | OF_CASE_LATER).items()}
    for key, name in names.items():
        text = text.replace(f'"{key}"', f'"{name}"')
    for old, new in changes.items():
        text = text.replace(old, new)
    head = text.index("[promise]")
    return bench.mapping(text[:head] + "\n".join(keys) + "\n\n" + text[head:])


@cache
def expected(shared: Path) -> dict[str, list[Any]]:
    """The facts the log itself gives, to the second."""
    log = shared / "data" / "receipt.xes.gz"
    with open_desk("memory:", district="NL") as other:
        import_file(other, load_mapping("coselog_receipt"), log)
        bench = Bench(other, shared)
        return {case: to_the_second(bench.events(case)) for case in {row["办件编号"] for row in rows(log)}}


def to_the_second(facts: list[Any]) -> list[Any]:
    """In an order that equal seconds do not change."""
    return sorted((replace(fact, at=fact.at.replace(microsecond=0)) for fact in facts), key=repr)


@pytest.mark.slow
def test_the_log_as_gb18030_gives_the_facts_it_gives_as_a_log(bench: Bench, shared_data: Path, tmp_path: Path) -> None:
    told = rows(shared_data / "data" / "receipt.xes.gz")
    with (tmp_path / "receipt.csv").open("w", encoding="gb18030", newline="") as file:
        file.write("许可受理情况汇总表;;;\r\n")
        table = csv.writer(file, delimiter=";")
        table.writerow(HEADER)
        told.sort(key=lambda row: row["时间"])  # the rows of a case far from each other
        for row in told:
            dated = {name: f"{at.year}/{at.month}/{at.day} {at.hour}:{at:%M:%S}" for name in DATES if (at := row[name])}
            table.writerow([dated.get(name) or row[name] or "NULL" for name in HEADER])
    keys = (
        'rows = "event"',
        'encoding = "gb18030"',
        'delimiter = ";"',
        "header = 2",
        'dates = ["slashes"]',
        'nothing = ["NULL"]',
    )
    report = import_file(bench.engine, mapping(bench, *keys, xes="csv"), tmp_path / "receipt.csv")

    cases = {row["办件编号"] for row in told}
    assert (len(cases), len(told)) == (1434, 8577)
    assert (report.cases, report.source_events, report.rejected) == (len(cases), len(told), [])
    assert (report.closed_with_deadline, report.late_by_date) == (1329, 309)
    facts = expected(shared_data)
    assert {case for case in cases if to_the_second(bench.events(case)) != facts[case]} == TOLD_TWICE


@pytest.mark.slow
def test_the_log_as_a_sheet_gives_the_facts_it_gives_as_a_log(bench: Bench, shared_data: Path, tmp_path: Path) -> None:
    told = rows(shared_data / "data" / "receipt.xes.gz")
    book = Workbook(write_only=True)
    sheet = book.create_sheet("受理")
    sheet.append(HEADER)
    for row in told:
        sheet.append([row[name].replace(tzinfo=None) if name in DATES and row[name] else row[name] for name in HEADER])
    book.save(tmp_path / "receipt.xlsx")
    report = import_file(bench.engine, mapping(bench, 'rows = "event"', xes="xlsx"), tmp_path / "receipt.xlsx")

    cases = {row["办件编号"] for row in told}
    assert (report.cases, report.source_events, report.events, report.rejected) == (1434, 8577, 12774, [])
    facts = expected(shared_data)
    assert {case for case in cases if to_the_second(bench.events(case)) != facts[case]} == TOLD_TWICE
