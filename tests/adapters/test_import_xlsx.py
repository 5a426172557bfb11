"""Sheets of workbooks: text, numbers, dates, formulas and what they hide, written by the library Excel users' tools use."""

from collections.abc import Callable, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

import pytest
from openpyxl import Workbook
from support.import_bench import Bench, at, in_memory
from support.mapping_texts import CLOSED_IF_OUT, RECEIVED_AND_ACCEPTED, mapping_text

from adapters.importing import ImportReport, import_file
from casecore import Fault, Flaw

HEADER: Final = ("id", "大厅", "in", "out", "note")
IN: Final = datetime(2023, 3, 1, 9, 0)  # noqa: DTZ001 - a cell has no zone
OUT: Final = datetime(2023, 3, 3, 16, 0, 30)  # noqa: DTZ001


engine = in_memory


@pytest.fixture
def read(bench: Bench, tmp_path: Path) -> Callable[..., ImportReport]:
    def _read(*rows: Sequence[Any], change: Callable[[Workbook], object] = lambda _: None, **keys: str) -> ImportReport:
        book = Workbook()
        for row in (HEADER, *rows):
            book.active.append(row)
        change(book)
        book.save(tmp_path / "cases.xlsx")
        said = {"format": '"xlsx"', "hall": '{from = "大厅"}', **keys}
        mapping = bench.mapping(mapping_text("own", RECEIVED_AND_ACCEPTED, CLOSED_IF_OUT, **said))
        return import_file(bench.engine, mapping, tmp_path / "cases.xlsx")

    return _read


def test_a_sheet_is_read_with_the_rows_own_numbers(bench: Bench, read: Callable[..., ImportReport]) -> None:
    report = read(("A-1", "政务大厅①", IN, OUT), (None,) * 5, ("A-2", "北", IN, None, "x"), ("A-3", None, IN))

    assert [fact.at for fact in bench.events("A-1")] == [at("2023-03-01T09:00:00+08:00")] * 2 + [
        at("2023-03-03T16:00:30+08:00")
    ]
    assert (bench.events("A-1")[0].hall, len(bench.events("A-2"))) == ("政务大厅①", 2)
    assert bench.engine.history("A-2")[0].envelope.source == ("own", "cases.xlsx", 4)
    assert [(one.line, one.reason) for one in report.rejected] == [(5, "hall: empty")]
    assert (report.rows, report.recorded) == (3, 2)


@pytest.mark.parametrize(
    ("value", "form", "case"),
    [
        (45100, "General", "45100"),
        (45100.0, "General", "45100"),
        (45100, "000000", "045100"),  # what the cell shows
        (999999999999999, "0", "999999999999999"),
        ("045100", "General", "045100"),
        ("110101199001011234", "@", "110101199001011234"),
        (True, "General", "TRUE"),
        (12.5, "General", "12.5"),
    ],
)
def test_a_number_as_an_id_is_what_its_cell_shows(
    bench: Bench, read: Callable[..., ImportReport], value: Any, form: str, case: str
) -> None:
    def change(book: Workbook) -> None:
        book.active["A2"].number_format = form

    assert read((value, "h", IN), change=change).rejected == []
    assert len(bench.events(case)) == 2


@pytest.mark.parametrize("value", [110101199001011234, 1.10101199001011e17, 1e15, 10**15, -(10**15), 2**70])
def test_a_number_of_more_than_15_digits_is_refused_by_name(read: Callable[..., ImportReport], value: float) -> None:
    report = read((value, "h", IN), ("A-2", "h", IN))

    (rejected,) = report.rejected
    assert (rejected.line, rejected.code, report.recorded) == (2, Flaw.WRONG_TYPE, 1)
    assert rejected.reason.startswith("id: ")
    assert rejected.reason.endswith(
        "is a number of more than 15 digits, and a spreadsheet keeps no more: the cell must be text"
    )


def test_such_a_number_in_a_column_nobody_reads_is_nobodys_business(read: Callable[..., ImportReport]) -> None:
    assert read(("A-1", "h", IN, None, 10**17), ("A-2", "h", IN, None, "=1/0")).rejected == []


@pytest.mark.parametrize(
    ("value", "dates", "instant"),
    [
        (IN, "", "2023-03-01T09:00:00+08:00"),
        (IN, '["slashes"]', "2023-03-01T09:00:00+08:00"),
        (IN.date(), "", "2023-03-01T00:00:00+08:00"),
        ("2023/3/1 9:00", '["slashes"]', "2023-03-01T09:00:00+08:00"),
        ("2023-03-01T01:00:00Z", "", "2023-03-01T09:00:00+08:00"),
        (44986.375, '["excel"]', "2023-03-01T09:00:00+08:00"),
        (20230301090000, '["compact"]', "2023-03-01T09:00:00+08:00"),
    ],
)
def test_a_date_cell_is_a_date_and_text_or_number_is_read_as_the_mapping_says(
    bench: Bench, read: Callable[..., ImportReport], value: Any, dates: str, instant: str
) -> None:
    assert read(("A-1", "h", value), **({"dates": dates} if dates else {})).rejected == []
    assert bench.events("A-1")[0].at == at(instant)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (44986.375, "in: '44986.375' is not an instant such as 2026-03-02T09:30:00+08:00, or a date such as 2026-03-02"),
        (time(9, 0), "in: '09:00:00' is not an instant such as 2026-03-02T09:30:00+08:00, or a date such as 2026-03-02"),
        ("#N/A", "in: '#N/A' is an error of the spreadsheet"),
        (datetime(1900, 2, 28), "in: a date before 1900-03-01, which spreadsheets number differently"),  # noqa: DTZ001
        ("=NOW()", "in: a formula that was never calculated"),
    ],
)
def test_what_is_no_date_is_rejected_with_its_row(read: Callable[..., ImportReport], value: Any, reason: str) -> None:
    (rejected,) = read(("A-1", "h", value), ("A-2", "h", IN)).rejected
    assert rejected.line == 2
    assert rejected.reason.startswith(reason)


def test_a_workbook_that_counts_from_1904_has_the_same_dates(bench: Bench, read: Callable[..., ImportReport]) -> None:
    def change(book: Workbook) -> None:
        book.epoch = datetime(1904, 1, 1)  # noqa: DTZ001

    read(("A-1", "h", IN), change=change)
    assert bench.events("A-1")[0].at == at("2023-03-01T09:00:00+08:00")


def test_the_sheet_the_mapping_names_is_read(bench: Bench, read: Callable[..., ImportReport]) -> None:
    def change(book: Workbook) -> None:
        for row in (HEADER, ("B-1", "h", IN)):
            (book["办件"] if "办件" in book.sheetnames else book.create_sheet("办件")).append(row)

    for keys, message in (({}, "the mapping has to name one of them"), ({"sheet": '"X"'}, "none is X")):
        with pytest.raises(Fault, match=rf"cases\.xlsx: has the sheets Sheet, 办件: {message}"):
            read(("A-1", "h", IN), change=change, **keys)
    assert read(("A-1", "h", IN), change=change, sheet='"办件"').recorded == 1
    assert len(bench.events("B-1")) == 2


def test_a_title_above_the_header_is_passed_over_where_the_mapping_says_so(read: Callable[..., ImportReport]) -> None:
    def change(book: Workbook) -> None:
        book.active.insert_rows(1, 2)
        book.active["A1"] = "2023年3月办件汇总表"

    with pytest.raises(Fault, match="column id: mapping own asks for it, it is not in the header"):
        read(("A-1", "h", IN), change=change)
    assert read(("A-1", "h", IN), change=change, header="3").recorded == 1


def test_a_csv_file_may_have_a_title_as_well(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text('"三月\n汇总"\n\nid,in,out\nA-1,2023-03-01,\n', encoding="utf-8")
    text = mapping_text("own", RECEIVED_AND_ACCEPTED, CLOSED_IF_OUT, header="4")
    assert import_file(bench.engine, bench.mapping(text), tmp_path / "c.csv").recorded == 1
    with pytest.raises(Fault, match="is not in the header"):
        import_file(bench.engine, bench.mapping(text.replace("header = 4", "header = 5")), tmp_path / "c.csv")


def test_a_row_wider_than_the_header_is_rejected(read: Callable[..., ImportReport]) -> None:
    report = read(("A-1", "h", IN, None, None, "beyond"), ("A-2", "h", IN, None, None, None, None))
    assert [(one.line, one.code, one.reason) for one in report.rejected] == [(2, Flaw.NOT_CSV, "6 fields, the header has 5")]


def test_a_sheet_that_says_it_is_one_cell_is_read_whole(
    bench: Bench, read: Callable[..., ImportReport], tmp_path: Path
) -> None:
    read(("A-1", "h", IN))
    lying = tmp_path / "lying.xlsx"
    with ZipFile(tmp_path / "cases.xlsx") as sound, ZipFile(lying, "w") as made:
        for part in sound.namelist():
            content = sound.read(part)
            made.writestr(part, content.replace(b'<dimension ref="A1:E2"', b'<dimension ref="A1"'))
    text = mapping_text("two", RECEIVED_AND_ACCEPTED, CLOSED_IF_OUT, format='"xlsx"', case='"大厅"')
    assert import_file(bench.engine, bench.mapping(text), lying).recorded == 1


@pytest.mark.parametrize(
    "content", [b"", b"id,in\n", b"PK\x03\x04 and no more", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)]
)
def test_what_is_no_workbook_is_named(bench: Bench, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "cases.xlsx").write_bytes(content)
    mapping = bench.mapping(mapping_text("own", RECEIVED_AND_ACCEPTED, CLOSED_IF_OUT, format='"xlsx"'))
    with pytest.raises(Fault, match=r"cases\.xlsx: row 1: cannot be read: "):
        import_file(bench.engine, mapping, tmp_path / "cases.xlsx")


def test_a_workbook_cut_off_is_named_and_keeps_nothing(
    bench: Bench, read: Callable[..., ImportReport], tmp_path: Path
) -> None:
    read(*[(f"A-{n}", "h", IN) for n in range(3000)])
    head = bench.engine.log.head()
    content = (tmp_path / "cases.xlsx").read_bytes()
    (tmp_path / "cut.xlsx").write_bytes(content[: len(content) // 2])
    mapping = bench.mapping(mapping_text("cut", RECEIVED_AND_ACCEPTED, CLOSED_IF_OUT, format='"xlsx"'))
    with pytest.raises(Fault, match=r"cut\.xlsx: row 1: cannot be read: .*; 0 cases were recorded"):
        import_file(bench.engine, mapping, tmp_path / "cut.xlsx")
    assert bench.engine.log.head() == head


@pytest.mark.parametrize("key", ["encoding", "delimiter"])
def test_keys_of_a_csv_file_mean_nothing_for_a_sheet(bench: Bench, key: str) -> None:
    text = mapping_text("own", RECEIVED_AND_ACCEPTED, format='"xlsx"', **{key: '"gb18030"' if key == "encoding" else '";"'})
    with pytest.raises(Fault, match=f"{key}: means nothing for xlsx: it is said of CSV files"):
        bench.mapping(text)


def _damaged(folder: Path, name: str, spoil: Callable[[bytes], bytes]) -> Path:
    book = Workbook()
    for row in (HEADER, ("A-1", "北", IN, OUT)):
        book.active.append(row)
    book.save(folder / "sound.xlsx")
    (folder / name).write_bytes(spoil((folder / "sound.xlsx").read_bytes()))
    return folder / name


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("cases.xls", lambda content: content),
        ("cases", lambda content: content),
        ("text.xlsx", lambda _: b"id,in"),
        ("half.xlsx", lambda content: content[: len(content) // 2]),
        ("stream.xlsx", lambda content: content[:60] + bytes(200) + content[260:]),
        (
            "method.xlsx",
            lambda content: content.replace(
                b"PK\x01\x02\x14\x03\x14\x00\x00\x00\x08\x00", b"PK\x01\x02\x14\x03\x14\x00\x00\x00\x63\x00"
            ),
        ),
        (
            "locked.xlsx",
            lambda content: content.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00"),
        ),
    ],
)
def test_a_file_that_is_no_sound_workbook_is_named(
    bench: Bench, tmp_path: Path, name: str, spoil: Callable[[bytes], bytes]
) -> None:
    path = _damaged(tmp_path, name, spoil)
    said = {"format": '"xlsx"', "hall": '{from = "大厅"}'}
    mapping = bench.mapping(mapping_text("own", RECEIVED_AND_ACCEPTED, CLOSED_IF_OUT, **said))
    with pytest.raises(Fault, match=f"^{name}: "):
        import_file(bench.engine, mapping, path)
