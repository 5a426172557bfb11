"""Cells of the CSV files we write: none is a formula, and every text comes back as it was."""

import ast
import csv
import io
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.import_bench import HEADER, Bench, in_memory
from support.mapping_texts import RECEIVED_AND_ACCEPTED, mapping_text

from adapters.csv_cells import cell, csv_writer, text_of
from adapters.importing import import_file

ROOT: Final = Path(__file__).resolve().parents[2]
SIGNS: Final = "=+-@\t\r\n＝＋－＠"
FORMULAS: Final = ("=1+1", "+1", "-1+1", "@SUM(A1)", "\tx", "\rx", "＝1+1", "＠x", '=HYPERLINK("http://x","科")')

engine = in_memory


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_a_spreadsheet_would_reckon_stands_behind_an_apostrophe(text: str) -> None:
    assert cell(text) == f"'{text}"
    assert text_of(cell(text)) == text


@pytest.mark.parametrize("text", ["科", "'科", "''", "1+1", "a=1", "", "'"])
def test_any_other_text_stands_as_it_is(text: str) -> None:
    assert (cell(text), text_of(text)) == (text, text)


@given(st.text(alphabet=st.sampled_from(f"'a1科{SIGNS}"), max_size=6))
def test_every_text_comes_back_as_it_was_and_none_is_a_formula(text: str) -> None:
    assert text_of(cell(text)) == text
    assert cell(text)[:1] not in SIGNS or not text


@given(st.lists(st.lists(st.text(alphabet=f"'\",; x{SIGNS}", max_size=5), min_size=1, max_size=4), max_size=4))
def test_rows_come_back_as_they_were_through_the_file(rows: list[list[str]]) -> None:
    file = io.StringIO(newline="")
    writer = csv_writer(file, ";")
    for row in rows:
        writer.row(row)
    back = [[*map(text_of, row)] for row in csv.reader(io.StringIO(file.getvalue(), newline=""), delimiter=";")]
    assert back == rows


def test_a_number_stays_a_number_and_nothing_stays_nothing() -> None:
    file = io.StringIO(newline="")
    csv_writer(file).row([-5, -0.5, None, "-5"])
    assert file.getvalue() == "-5,-0.5,,'-5\r\n"


# --- files of rejects ---


STEP: Final = '[[fact]]\nevent = "step_completed"\nat = "in"\nname = {from = "way"}\n'
STEPS: Final = mapping_text("steps", RECEIVED_AND_ACCEPTED, STEP)
"""Steps that bear a name of somebody's own; of an identifier a formula is refused (``mangled_id``)."""
NAMES: Final = ("=1+1", "'=1+1", "'A", "@x", "-1", "＝1")


def rejected(bench: Bench, folder: Path, text: str, name: str) -> list[list[str]]:
    (folder / "cases.csv").write_text(text, "utf-8")
    import_file(bench.engine, bench.mapping(STEPS), folder / "cases.csv", rejects=folder / name)
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        return [*csv.reader(file)]


def names(bench: Bench) -> list[str]:
    return [step.name for n in range(len(NAMES)) for step in bench.engine.file(f"C-{n}").steps]


def test_a_rejected_row_is_no_formula_and_is_read_back_as_it_was(bench: Bench, tmp_path: Path) -> None:
    rows = "".join(f"C-{n},{name},never,\n" for n, name in enumerate(NAMES))
    first = rejected(bench, tmp_path, f"{HEADER}\n{rows}", "first.csv")

    assert [row[1] for row in first[1:]] == ["'=1+1", "''=1+1", "'A", "'@x", "'-1", "'＝1"]
    again = rejected(bench, tmp_path, (tmp_path / "first.csv").read_text("utf-8-sig"), "again.csv")
    assert [row[:-1] for row in again] == [row[:-1] for row in first]

    mended = (tmp_path / "again.csv").read_text("utf-8-sig").replace("never", "2023-03-01")
    (tmp_path / "mended.csv").write_text(mended, "utf-8")
    assert not import_file(bench.engine, bench.mapping(STEPS), tmp_path / "mended.csv").rejected
    assert names(bench) == [*NAMES]


def test_a_file_of_somebody_else_is_read_as_it_is(bench: Bench, tmp_path: Path) -> None:
    rows = "".join(f"C-{n},{name},2023-03-01,\n" for n, name in enumerate(NAMES))
    (tmp_path / "cases.csv").write_text(f"{HEADER}\n{rows}", "utf-8")
    assert not import_file(bench.engine, bench.mapping(STEPS), tmp_path / "cases.csv").rejected
    assert names(bench) == [*NAMES]


# --- one way of writing ---


def writes_csv(source: str) -> bool:
    """Whether a module asks for ``csv.writer`` or ``csv.DictWriter``."""
    return any(
        isinstance(node, ast.Attribute) and node.attr in ("writer", "DictWriter") and getattr(node.value, "id", "") == "csv"
        for node in ast.walk(ast.parse(source))
    )


def test_csv_is_written_in_one_place() -> None:
    rooms = ("casecore", "projections", "adapters", "ops")
    found = [path for room in rooms for path in (ROOT / room).rglob("*.py") if writes_csv(path.read_text("utf-8"))]
    assert [str(path.relative_to(ROOT)) for path in found] == ["adapters/csv_cells.py"]


def test_another_place_would_be_found() -> None:
    assert writes_csv("import csv\ncsv.writer(file)")
    assert not writes_csv("import csv\ncsv.reader(file)")
