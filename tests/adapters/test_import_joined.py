"""Two tables of one case, joined by a key: what belongs together, what is left over, and what is refused."""

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest
from openpyxl import Workbook
from support.import_bench import Bench, at, in_memory, traced
from support.mapping_texts import RECEIVED_AND_ACCEPTED, mapping_text

from adapters.importing import ImportReport, import_file, load_mapping
from adapters.importing.joining import Joined
from adapters.importing.readers import read_file
from casecore import BadInput, CaseClosed, Fault, Flaw, StepCompleted
from casecore.refusals import Reason

HEADER: Final = "id,in,number"
CLOSED: Final = """\
[[fact]]
event = "closed"
at = "join:out"
required = false
by = {from = "join:clerk", default = "nobody"}
"""
JOIN: Final = '{key = "case"}'


def said(*facts: str, **keys: str) -> str:
    return mapping_text("own", RECEIVED_AND_ACCEPTED, *(facts or (CLOSED,)), **{"join": JOIN, **keys})


engine = in_memory  # what is joined does not depend on the store


@pytest.fixture
def read(bench: Bench, tmp_path: Path) -> Callable[..., ImportReport]:
    def _read(
        cases: str, results: str | bytes, *, mapping: str = "", rejects: Path | None = None, **keys: str
    ) -> ImportReport:
        (tmp_path / "cases.csv").write_text(cases, encoding="utf-8")
        (tmp_path / "results.csv").write_bytes(results if isinstance(results, bytes) else results.encode())
        found = bench.mapping(mapping or said(**keys))
        return import_file(bench.engine, found, tmp_path / "cases.csv", joined=tmp_path / "results.csv", rejects=rejects)

    return _read


def cases(*names: str) -> str:
    return "\n".join((HEADER, *(f"{name},2026-03-02 09:00,N-{name}" for name in names))) + "\n"


def results(*rows: str) -> str:
    return "\n".join(("case,out,clerk", *rows)) + "\n"


def closing(bench: Bench, case: str) -> CaseClosed | None:
    return next((one for one in bench.events(case) if isinstance(one, CaseClosed)), None)


def test_a_row_has_the_columns_of_the_row_with_its_key_wherever_that_stands(
    bench: Bench, read: Callable[..., ImportReport]
) -> None:
    report = read(cases("A", "B", "C"), results("C,2026-03-04 10:00,li", "A,2026-03-03 16:00,wang"))

    assert (report.recorded, report.rejected, report.unjoined) == (3, [], 0)
    assert [(one.at, one.by) if one else None for one in (closing(bench, case) for case in "ABC")] == [
        (at("2026-03-03T16:00+08:00"), "wang"),
        None,
        (at("2026-03-04T10:00+08:00"), "li"),
    ]


def test_the_key_may_be_another_column_than_the_case(bench: Bench, read: Callable[..., ImportReport]) -> None:
    report = read(cases("A"), results("N-A,2026-03-03 16:00,wang"), join='{key = "case", on = "number"}')

    assert (report.recorded, report.rejected) == (1, [])
    assert closing(bench, "A") is not None


def test_the_second_table_is_written_as_it_says(bench: Bench, read: Callable[..., ImportReport]) -> None:
    other = "月报；；\ncase;out;clerk\nA;2026/3/3 16:00;王\n".encode("gb18030")
    join = '{key = "case", encoding = "gb18030", delimiter = ";", header = 2}'
    report = read(cases("A"), other, join=join, dates='{"join:out" = ["slashes"]}', nothing='{"join:clerk" = ["--"]}')

    assert (report.recorded, report.rejected) == (1, [])
    assert (found := closing(bench, "A")) is not None
    assert (found.at, found.by) == (at("2026-03-03T16:00+08:00"), "王")


def test_the_second_table_may_be_a_sheet(bench: Bench, tmp_path: Path) -> None:
    book = Workbook()
    page: Any = book.active
    for row in (("case", "out", "clerk", "note"), ("A", "2026-03-03 16:00", "wang", 12345678901234567)):
        page.append(row)
    book.save(tmp_path / "results.xlsx")
    (tmp_path / "cases.csv").write_text(cases("A"), encoding="utf-8")
    mapping = bench.mapping(said(join='{key = "case", format = "xlsx"}'))

    report = import_file(bench.engine, mapping, tmp_path / "cases.csv", joined=tmp_path / "results.xlsx")

    assert (report.recorded, report.rejected) == (1, [])  # what nobody reads, a number that lost digits, spoils no row
    assert closing(bench, "A") is not None


def test_rows_that_are_events_have_its_columns_too(bench: Bench, read: Callable[..., ImportReport]) -> None:
    events = "id,in,number\nA,2026-03-02 09:00,1\nB,2026-03-02 10:00,1\nA,2026-03-03 09:00,2\n"
    taken = (
        '[[fact]]\nevent = "received"\nscope = "event"\ntake = "first"\nat = "in"\n',
        '[[fact]]\nevent = "accepted"\nscope = "event"\ntake = "first"\nat = "in"\n',
        '[[fact]]\nevent = "step_completed"\nscope = "event"\nat = "in"\nname = {from = "number"}\n',
    )
    mapping = mapping_text("own", *taken, CLOSED, join=JOIN, rows='"event"')
    report = read(events, results("A,2026-03-04 16:00,wang"), mapping=mapping)

    assert (report.cases, report.rejected) == (2, [])
    assert [closing(bench, case) is not None for case in "AB"] == [True, False]
    assert sum(isinstance(one, StepCompleted) for one in bench.events("A")) == 2


def test_what_belongs_to_no_row_is_rejected_by_its_file_and_line(bench: Bench, read: Callable[..., ImportReport]) -> None:
    report = read(
        cases("A"), results("A,2026-03-03 16:00,wang", "X,2026-03-03 16:00,wang", ",2026-03-03 16:00,li", "Y,2026-03-03")
    )

    assert (report.recorded, report.unjoined) == (1, 1)
    assert [(one.line, one.case, one.code, one.reason) for one in report.rejected] == [
        (3, "X", Flaw.CONTRADICTION, "results.csv: case: no row of the first table has this key"),
        (4, "", Flaw.MISSING_FIELD, "results.csv: case: no key to join it by"),
        (5, "Y", Flaw.NOT_CSV, "results.csv: 2 fields, the header has 3"),
    ]
    assert report.cases + len(report.rejected) == report.rows
    assert bench.events("A")


def test_what_belongs_to_no_row_is_counted_alone_where_the_mapping_says_so(read: Callable[..., ImportReport]) -> None:
    join = '{key = "case", required = false}'
    report = read(cases("A"), results("A,2026-03-03 16:00,wang", "X,2026-03-03 16:00,wang"), join=join)

    assert (report.recorded, report.rows, report.unjoined, report.rejected) == (1, 1, 1, [])


def test_a_key_that_stands_twice_rejects_the_rows_that_ask_for_it_and_they_can_be_mended(
    bench: Bench, read: Callable[..., ImportReport], tmp_path: Path
) -> None:
    twice = results("B,2026-03-03 16:00,wang", "A,2026-03-03 16:00,wang", "B,2026-03-04 16:00,wang")
    report = read(cases("A", "B"), twice, rejects=tmp_path / "rejects.csv")

    assert (report.recorded, report.unjoined) == (1, 0)
    (found,) = report.rejected
    assert (found.line, found.case, found.code) == (3, "B", Flaw.DUPLICATE_ID)
    assert found.reason == "id: results.csv has 2 rows of 'B', on lines 2 and 4"

    mended = read((tmp_path / "rejects.csv").read_text("utf-8-sig"), results("B,2026-03-04 16:00,wang"))
    assert (mended.recorded, mended.rejected) == (1, [])
    assert closing(bench, "B") is not None


def test_a_row_that_cannot_be_read_spoils_the_row_that_asks_for_it(read: Callable[..., ImportReport]) -> None:
    report = read(cases("A", "B"), results("A,2026-03-03 16:00,wang,more", "B,2026-03-03 16:00,li"))

    assert (report.recorded, report.unjoined) == (1, 0)
    assert [(one.line, one.case, one.reason) for one in report.rejected] == [
        (2, "A", "id: results.csv line 2: 4 fields, the header has 3")
    ]


def test_nothing_and_what_a_spreadsheet_left_of_an_id_join_nothing(bench: Bench, read: Callable[..., ImportReport]) -> None:
    rows = f"{HEADER}\nA,2026-03-02 09:00,NULL\nB,2026-03-02 09:00,1.10101E+17\nC,2026-03-02 09:00,N-C\n"
    others = results("NULL,2026-03-03 16:00,li", "1.10101E+17,2026-03-03 16:00,li", "N-C,2026-03-03 16:00,li")
    report = read(rows, others, join='{key = "case", on = "number"}', nothing='["NULL"]')

    assert report.recorded == 2
    assert [closing(bench, case) is not None for case in "AC"] == [False, True]
    assert sorted((one.line, one.code) for one in report.rejected) == [
        (2, Flaw.MISSING_FIELD),
        (3, Flaw.MANGLED_ID),
        (3, Flaw.MANGLED_ID),
    ]


def test_a_later_export_of_either_table_completes_the_case(bench: Bench, read: Callable[..., ImportReport]) -> None:
    first = read(cases("A", "B"), results("A,2026-03-03 16:00,wang"))
    later = read(cases("A", "B"), results("A,2026-03-03 16:00,wang", "B,2026-03-05 09:00,li"))
    again = read(cases("A", "B"), results("B,2026-03-05 09:00,li", "A,2026-03-03 17:00,wang"))

    assert (first.recorded, later.completed, later.known, again.known) == (2, 1, 1, 1)
    assert [one.code for one in again.rejected] == [Flaw.CONTRADICTS_KNOWN]
    assert closing(bench, "B") is not None


def test_rows_that_continue_cases_are_joined_by_what_they_say(bench: Bench, read: Callable[..., ImportReport]) -> None:
    bench.cases("A-1,W,2026-03-02T09:00:00+08:00,")
    step = '[[fact]]\nevent = "step_completed"\nat = "in"\nname = {from = "join:name"}\nby = "li"\n'
    mapping = (
        f'name = "steps"\nformat = "csv"\nzone = "Asia/Shanghai"\ncase = "id"\ncontinues = true\n'
        f'join = {{key = "code", on = "number"}}\n{step}'
    )
    rows = "id,in,number\nA-1,2026-03-02 10:00,1\nA-1,2026-03-02 11:00,2\nA-1,2026-03-02 12:00,1\nQ,2026-03-02 12:00,1\n"
    report = read(rows, "code,name\n1,fire\n2,health\n", mapping=mapping)

    assert [one.code for one in report.rejected] == [Reason.UNKNOWN_CASE]
    assert [one.name for one in bench.events("A-1") if isinstance(one, StepCompleted)] == ["fire", "health", "fire"]


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"join": "{}"}, "join.key: missing"),
        ({"join": '{key = "case", colour = "red"}'}, "join.colour"),
        ({"join": '{key = "case", on = "join:case"}'}, "join.on: a row is joined by what it says itself, as is its case"),
        ({"join": '{key = "case", format = "xes"}'}, "join: means nothing for xes: it is said of CSV and XLSX files"),
        ({"join": '{key = "case", sheet = "1"}'}, "join.sheet: means nothing for csv: it is said of XLSX files"),
        ({"join": '{key = "case", format = "xlsx", encoding = "utf-8"}'}, "join.encoding: means nothing for xlsx"),
        ({"format": '"xes"'}, "join: means nothing for xes: it is said of CSV and XLSX files"),
    ],
)
def test_what_is_wrong_with_a_join_is_named_by_its_key(bench: Bench, keys: dict[str, str], message: str) -> None:
    with pytest.raises(Fault, match=message.replace(".", r"\.")):
        bench.mapping(said(**keys))


def test_a_join_is_read_and_its_columns_stand_for_nothing_without_it(bench: Bench) -> None:
    with pytest.raises(Fault, match="join:clerk: stands for nothing where the mapping joins no second table"):
        bench.mapping(mapping_text("own", RECEIVED_AND_ACCEPTED, CLOSED))
    with pytest.raises(Fault, match="join: no fact of this mapping reads a column of it, as join:COLUMN"):
        bench.mapping(mapping_text("own", RECEIVED_AND_ACCEPTED, join=JOIN))


def test_file_and_mapping_have_to_agree_about_a_second_table(bench: Bench, tmp_path: Path) -> None:
    for name, content in (("cases.csv", cases("A")), ("other.csv", "code,out\n")):
        (tmp_path / name).write_text(content, encoding="utf-8")
    joins, plain = load_mapping(_written(tmp_path, "joins", said())), load_mapping(_written(tmp_path, "plain", _plain()))

    with pytest.raises(BadInput, match="joined: mapping own joins a second table: say which file it is"):
        import_file(bench.engine, joins, tmp_path / "cases.csv")
    with pytest.raises(BadInput, match="joined: mapping own joins no second table"):
        import_file(bench.engine, plain, tmp_path / "cases.csv", joined=tmp_path / "other.csv")
    with pytest.raises(Fault, match=r"other\.csv: column case: mapping own asks for it, it is not in the header"):
        import_file(bench.engine, joins, tmp_path / "cases.csv", joined=tmp_path / "other.csv")


def test_the_second_table_is_read_once_it_is_used(bench: Bench, tmp_path: Path) -> None:
    joined = Joined(bench.mapping(said()), tmp_path / "other.csv")
    (tmp_path / "other.csv").write_text("code,out\n", encoding="utf-8")
    with pytest.raises(Fault, match=r"other\.csv: column case: mapping own asks for it"), joined:
        pass
    (tmp_path / "other.csv").write_text(results("A,2026-03-03,li", ",2026-03-03,li"), encoding="utf-8")
    for _ in range(2):
        with joined as other:
            assert [(one.line, one.case) for one in other.left_over()] == [(3, ""), (2, "A")]


def _plain() -> str:
    return mapping_text("own", RECEIVED_AND_ACCEPTED)


def _written(folder: Path, name: str, text: str) -> Path:
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder / f"{name}.toml"


@pytest.mark.slow
@pytest.mark.parametrize("keyed", [True, False])
def test_memory_does_not_grow_with_either_table(tmp_path: Path, *, keyed: bool) -> None:
    mapping, most = load_mapping(_written(tmp_path, "joins", said())), list[int]()
    for size in (3_000, 12_000):
        names = [f"C-{n}" for n in range(size)]
        (tmp_path / "cases.csv").write_text(cases(*names), encoding="utf-8")
        Random(size).shuffle(names)  # noqa: S311 - an example, no secret
        rows = (f"{n if keyed else ''},2026-03-03 16:00,li" for n in names)
        (tmp_path / "results.csv").write_text(results(*rows), encoding="utf-8")

        def read() -> tuple[int, int]:
            with Joined(mapping, tmp_path / "results.csv") as other:
                found = sum(one.outcome is not None for one in read_file(mapping, tmp_path / "cases.csv", other.beside))
                return found, sum(1 for _ in other.left_over())

        found, peak = traced(read)
        assert found == (size, 0 if keyed else size)
        most.append(peak)
    assert most[1] < most[0] + 2048, most
