"""``casecore mapping suggest`` over files that are not all sound, or want a word more: it goes on, and says where."""

import tomllib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

import pytest
from openpyxl import Workbook
from typer.testing import CliRunner

from adapters.district_engine import DistrictEngine
from adapters.importing import ImportReport, import_file, load_mapping
from adapters.importing.suggesting import suggest_mapping
from adapters.testing.opened import open_desk
from casecore import BadInput
from ops.cli import app

HEADER: Final = "办件编号,收件时间,办结时间"
ROWS: Final = tuple(f"A-{n},2026/3/{n} 9:00,2026/3/{n + 5} 9:00" for n in range(1, 9))


@pytest.fixture
def engine() -> Iterator[DistrictEngine]:
    with open_desk("memory:", district="500000") as opened:
        yield opened


@pytest.fixture
def drafted(engine: DistrictEngine, tmp_path: Path) -> Callable[..., tuple[str, ImportReport]]:
    """The draft of a file, and what an import of the file under it tells."""

    def _drafted(name: str, content: bytes | None, **said: str | int) -> tuple[str, ImportReport]:
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        joined = tmp_path / str(said.pop("joined")) if "joined" in said else None
        draft = suggest_mapping(path, joined=joined, **said)  # type: ignore[arg-type]
        (tmp_path / "draft.toml").write_text(draft, "utf-8")
        return draft, import_file(engine, load_mapping(tmp_path / "draft.toml"), path, joined=joined)

    return _drafted


def table(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join((header, *rows, "")).encode()


@pytest.mark.parametrize(
    ("place", "bad", "said"),
    [
        (3, "A-9,昨天,2026/3/9 9:00", "line 5: 收件时间: '昨天' is no instant"),
        (3, "A-9,2026/3/4 9:00,13:00", "line 5: 办结时间: '13:00' is no instant"),
        (2, "A-9,2026/3/4 9:00", "line 4: 2 fields, the header has 3"),
        (0, ",2026/3/4 9:00,", "line 2: 办件编号: empty"),
        (0, "A-9,NULL,", "line 2: 收件时间: empty"),
        (8, 'A-9,"2026/3/4"9:00,', "line 10: ',' expected after '\"'"),
    ],
)
def test_one_bad_field_is_named_with_its_line_and_the_draft_goes_on(
    drafted: Callable[..., tuple[str, ImportReport]], place: int, bad: str, said: str
) -> None:
    draft, report = drafted("cases.csv", table(*ROWS[:place], bad, *ROWS[place:]))

    assert f"# Of the first rows these will not do as they stand:\n#   {said}" in draft
    assert [one.line for one in report.rejected] == [place + 2], "what is named is what an import rejects"
    assert (report.recorded, report.events) == (len(ROWS), 3 * len(ROWS))


def test_one_line_in_no_encoding_is_named_and_the_others_are_looked_at(
    drafted: Callable[..., tuple[str, ImportReport]],
) -> None:
    for encoding, name in (("utf-8", "UTF-8"), ("gb18030", "GB18030")):
        lines = [line.encode(encoding) for line in (HEADER, *(row.replace("A-", f"{encoding}甲") for row in ROWS))]
        lines.insert(2, b"A-9\xff\xff,2026/3/4,")
        draft, report = drafted("cases.csv", b"\n".join(lines))
        assert f"#   line 3: is not {name} (byte 4 of the line)" in draft
        assert (len(report.rejected), report.recorded) == (1, len(ROWS))


def test_nothing_is_remarked_where_every_row_will_do(drafted: Callable[..., tuple[str, ImportReport]]) -> None:
    draft, report = drafted("cases.csv", table(*ROWS))
    assert ("will not do" in draft, report.rejected) == (False, [])


def test_a_case_told_twice_by_mistake_makes_no_file_of_events(drafted: Callable[..., tuple[str, ImportReport]]) -> None:
    rows = [f"A-{n},2026/3/1 9:00," for n in range(60)]
    draft, report = drafted("cases.csv", table(*rows, "A-7,2026/3/2 9:00,"))
    assert "#   line 62: 办件编号: 'A-7' stood at line 9 before" in draft
    assert ('rows = "event"' in draft, [one.line for one in report.rejected]) == (False, [62])


def test_ids_that_begin_with_a_date_are_ids(drafted: Callable[..., tuple[str, ImportReport]]) -> None:
    rows = [f"20260301{n:04},2026/3/1 9:00," for n in range(1, 75)]
    draft, report = drafted("cases.csv", table(*rows))
    assert ('case = "办件编号"' in draft, report.recorded, report.rejected) == (True, len(rows), [])


def test_instants_written_in_two_ways_have_both_formats(drafted: Callable[..., tuple[str, ImportReport]]) -> None:
    draft, report = drafted("cases.csv", table("A-20,2026年3月1日,", *ROWS, "A-21,2026-03-02,"))
    assert '"收件时间" = ["slashes", "iso", "chinese"]' in draft
    assert (report.recorded, report.rejected) == (len(ROWS) + 2, [])


def test_names_of_any_kind_make_no_unsound_draft(drafted: Callable[..., tuple[str, ImportReport]]) -> None:
    header = f'{HEADER},"two\nlines",\x1bred,"a ""quote"""'
    draft, report = drafted("cases.csv", table(*(f"{row},x,y,z" for row in ROWS), header=header))
    assert tomllib.loads(draft)["case"] == "办件编号"
    assert report.recorded == len(ROWS)


def test_the_draft_says_that_its_name_is_never_to_be_changed(drafted: Callable[..., tuple[str, ImportReport]]) -> None:
    draft, _ = drafted("cases.csv", table(*ROWS))
    assert 'name = "cases"   # never change it once rows were imported under it' in draft


# --- what is said of the file ---


@pytest.mark.parametrize("line", [2, 20, 21, 25, 400])
@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_how_a_table_is_written_is_told_from_its_header_on_wherever_it_stands(
    drafted: Callable[..., tuple[str, ImportReport]], line: int, delimiter: str
) -> None:
    above = "说明,,,,,,,,\n" * (line - 1)
    content = above.encode() + table(*ROWS).replace(b",", delimiter.encode())
    draft, report = drafted("cases.csv", content, header=line)
    assert (f"\nheader = {line}\n" in draft, report.recorded, report.rejected) == (True, len(ROWS), [])


def test_a_header_beyond_what_is_looked_at_is_told(tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_bytes(b"above,\n" * 50_000 + table(*ROWS))
    with pytest.raises(BadInput, match=r"header: line 50001 of cases\.csv is beyond its first 262144 bytes"):
        suggest_mapping(tmp_path / "cases.csv", header=50_001)


def test_the_line_of_the_header_may_be_said(drafted: Callable[..., tuple[str, ImportReport]], tmp_path: Path) -> None:
    content = "一,二,三,四,五\n".encode() + table(*ROWS)
    draft, report = drafted("cases.csv", content, header=2)
    assert ("\nheader = 2\n" in draft, report.recorded, report.rejected) == (True, len(ROWS), [])
    with pytest.raises(BadInput, match=r"no rows to look at under the header \(line 1\): line 2: 3 fields"):
        suggest_mapping(tmp_path / "cases.csv")


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """Two sheets: a cover, and cases under a title, with a number that lost digits and a formula never calculated."""
    made = Workbook()
    made.active.title = "说明"
    made.active.append(("2026年3月",))
    sheet = made.create_sheet("办件")
    sheet.append(("2026年3月办件",))
    sheet.append(("编号", "申请时间", "办结时间", "身份证号"))
    for n in range(1, 6):
        at = datetime(2026, 3, n, 9)  # noqa: DTZ001 - a cell has no zone
        sheet.append((f"A-{n}", at, "=B3+1" if n == 3 else at, 510114199001010011 if n != 2 else "510114199001010011"))
    made.save(tmp_path / "cases.xlsx")
    return tmp_path / "cases.xlsx"


def test_one_sheet_of_several_is_said_and_its_bad_cells_are_named(
    drafted: Callable[..., tuple[str, ImportReport]], workbook: Path
) -> None:
    with pytest.raises(BadInput, match=r"sheet: cases\.xlsx has the sheets 说明, 办件: say which one"):
        suggest_mapping(workbook)
    draft, report = drafted(workbook.name, None, sheet="办件")
    assert 'sheet = "办件"\nheader = 2   # guessed' in draft
    assert "#   row 5: 办结时间: a formula that was never calculated" in draft
    assert "#   row 3: 身份证号: 5.1011419900101E+17 is a number of more than 15 digits" in draft
    assert "row 4:" not in draft
    assert ([one.line for one in report.rejected], report.recorded) == ([5], 4), "nobody reads the 身份证号"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_second_table_is_joined_by_the_column_that_holds_the_cases(
    drafted: Callable[..., tuple[str, ImportReport]], tmp_path: Path, encoding: str
) -> None:
    results = "业务号;结果;办结日期\n" + "".join(f"A-{n};好;2026年3月{n + 9}日\n" for n in range(8, 0, -1))
    (tmp_path / "results.csv").write_bytes((results + "A-4;差;不详\n").encode(encoding))
    draft, report = drafted("cases.csv", table(*(row.rpartition(",")[0] for row in ROWS), header="办件编号,收件时间"),
                            joined="results.csv")  # fmt: skip

    encoded = "" if encoding == "utf-8" else ', encoding = "gb18030"'
    assert f'join = {{key = "业务号"{encoded}, delimiter = ";"}}   # guessed' in draft
    assert 'at = "join:办结日期"   # guessed' in draft
    assert "#   results.csv line 10: join:办结日期: '不详' is no instant" in draft
    assert (report.recorded, report.events, report.unjoined) == (7, 21, 0)
    assert [(one.line, "results.csv has 2 rows of 'A-4'" in one.reason) for one in report.rejected] == [(5, True)]


def test_a_second_table_of_other_cases_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_bytes(table(*ROWS))
    (tmp_path / "results.csv").write_text("业务号,办结日期\nB-1,2026-03-02\n", "utf-8")
    with pytest.raises(BadInput, match=r"results\.csv: no column of it holds what 办件编号 of the first table does"):
        suggest_mapping(tmp_path / "cases.csv", joined=tmp_path / "results.csv")
    (tmp_path / "results.csv").write_text("业务号,结果\nA-1,好\n", "utf-8")
    with pytest.raises(BadInput, match=r"results\.csv: no column of it holds instants"):
        suggest_mapping(tmp_path / "cases.csv", joined=tmp_path / "results.csv")


def test_a_log_is_no_second_table(tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_bytes(table(*ROWS))
    (tmp_path / "log.xes").write_text("<log/>", "utf-8")
    with pytest.raises(BadInput, match=r"joined: log\.xes is no table but a log of events"):
        suggest_mapping(tmp_path / "cases.csv", joined=tmp_path / "log.xes")


@pytest.mark.parametrize(
    ("name", "content", "said", "message"),
    [
        ("log.xes", b"<log/>", {"header": 2}, "header: means nothing for log.xes"),
        ("log.json", b"{}", {"sheet": "x"}, "sheet: means nothing for log.json"),
        ("cases.csv", table(*ROWS), {"sheet": "x"}, "sheet: cases.csv is no workbook"),
    ],
)
def test_what_a_file_of_that_kind_has_not_is_refused(
    tmp_path: Path, name: str, content: bytes, said: dict[str, str | int], message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput) as caught:
        suggest_mapping(tmp_path / name, **said)  # type: ignore[arg-type]
    assert str(caught.value).startswith(message)


def test_the_command_takes_what_an_import_takes(tmp_path: Path, workbook: Path) -> None:
    (tmp_path / "results.csv").write_text("编号,完成时间\nA-1,2026-03-05\n", "utf-8")
    run = CliRunner().invoke
    said = ["--sheet", "办件", "--header", "2", "--joined", str(tmp_path / "results.csv")]
    good = run(app, ["mapping", "suggest", str(workbook), *said])
    expected = suggest_mapping(workbook, sheet="办件", header=2, joined=tmp_path / "results.csv")
    assert (good.exit_code, good.output) == (0, expected)
    assert 'join = {key = "编号", format = "csv"}' in expected
    gone = run(app, ["mapping", "suggest", str(workbook), "--joined", str(tmp_path / "gone.csv")])
    assert (gone.exit_code, "gone.csv: there is no such file" in gone.output) == (2, True)


def test_a_log_with_a_bad_event_is_drafted_and_the_event_named(tmp_path: Path) -> None:
    def event(at: str) -> str:
        return f'<event><string key="concept:name" value="a"/><string key="time:timestamp" value="{at}"/></event>'

    days = "".join(event(f"2026-03-0{n}T09:00:00+08:00") for n in range(1, 5))
    traces = f'<trace><string key="concept:name" value="T"/>{days}{event("x")}</trace><trace>{days}</trace>'
    (tmp_path / "log.xes").write_text(f"<log>{traces}</log>", "utf-8")
    draft = suggest_mapping(tmp_path / "log.xes")
    assert "#   event 5: time:timestamp: 'x' is no instant" in draft
    assert "#   case 2: concept:name: empty" in draft
