"""Sheets of XLSX workbooks (ISO/IEC 29500), read row by row; a line is the row's own number.

What a cell shows as a number is no text: leading zeros stay where the cell's format shows them, and a number of more
than 15 digits is refused, for a spreadsheet keeps no more. A cell formatted as a date is that local date and time.
"""

import warnings
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime, time, timedelta
from itertools import repeat
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from adapters.importing.rows import Row, Rows
from adapters.importing.sound_mapping import Layout
from adapters.toml_reading import one_line
from casecore.door import shown
from casecore.errors import BadInput, Fault, Flaw

__all__ = ["sheet_names", "xlsx_rows"]

_EXACT: Final = 10**15
"""From here on a spreadsheet's number has lost digits."""
_AGREED: Final = datetime(1900, 3, 1)  # noqa: DTZ001 - a spreadsheet has no zone
"""Before this day spreadsheets number the days differently, and one day that never was has a number."""
_BROKEN: Final = (
    BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, IndexError, AttributeError, SyntaxError, EOFError,
    OSError, zlib.error, NotImplementedError, RuntimeError,
)  # fmt: skip
"""What the library may raise for a file that is no sound workbook."""


def sheet_names(path: Path) -> list[str]:
    """The sheets of a workbook; raises ``Fault`` where it is broken."""
    try:
        with closing(load_workbook(path, read_only=True)) as book:
            return [one.title for one in book.worksheets]
    except _BROKEN as flaw:
        raise Fault(one_line(f"{path.name}: cannot be read: {flaw}")) from flaw


def xlsx_rows(
    path: Path,
    layout: Layout,
    wanted: frozenset[str] | None = None,
    bad: Callable[[int, BadInput], None] | None = None,
) -> Rows:
    """Each row from the header on that is not blank, as text.

    Only cells of ``wanted`` columns (None: all) can make a row a bad one; with ``bad``, which hears of them, none does: they
    are empty then. Raises ``Fault`` naming file and row where the workbook itself is broken.
    """
    line, read = 0, None
    rows = _cells(path, layout.sheet)
    while True:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a date beyond the calendar is an error in its cell
                cells, formulas = next(rows)
        except StopIteration:
            return
        except Fault:
            raise
        except _BROKEN as flaw:
            raise Fault(one_line(f"{path.name}: row {line + 1}: cannot be read: {flaw}")) from flaw
        line += 1
        if line < layout.header or not (formulas or any(cell.value is not None for cell in cells)):
            continue
        if read is None:
            read = _reader_of(cells, wanted, bad)
        try:
            yield line, read(line, cells, formulas)
        except BadInput as flaw:
            yield line, flaw


def _cells(path: Path, sheet: str | None) -> Iterator[tuple[Sequence[Any], frozenset[int]]]:
    """Each row's cells, with the places of the formulas in it that were never calculated."""
    book = load_workbook(path, read_only=True, data_only=True)
    with closing(book):
        names = [one.title for one in book.worksheets]
        name = sheet or (names[0] if len(names) == 1 else None)
        if name not in names:
            how = "the mapping has to name one of them" if name is None else f"none is {name}"
            raise Fault(one_line(f"{path.name}: has the sheets {', '.join(names)}: {how}"))
        page = book[name]
        page.reset_dimensions()  # some writers say A1 and write a thousand rows
        if not _has_formulas(path, page._worksheet_path):  # noqa: SLF001 - the library names it nowhere else
            yield from zip(page.iter_rows(), repeat(frozenset()))
            return
        asked = load_workbook(path, read_only=True)
        with closing(asked):
            asked[name].reset_dimensions()
            for cells, told in zip(page.iter_rows(), asked[name].iter_rows(), strict=True):
                yield cells, frozenset(n for n, cell in enumerate(told) if cell.data_type == "f" and cells[n].value is None)


def _has_formulas(path: Path, part: str) -> bool:
    """Whether a sheet has formulas: they are asked for a second time, for what the first tells nothing of."""
    with ZipFile(path) as archive, archive.open(part) as file:
        tail = b""
        while chunk := file.read(1 << 20):
            if b"<f>" in tail + chunk or b"<f " in tail + chunk or b":f>" in tail + chunk:
                return True
            tail = chunk[-3:]
    return False


def _reader_of(
    header: Sequence[Any], wanted: frozenset[str] | None, bad: Callable[[int, BadInput], None] | None
) -> Callable[[int, Sequence[Any], frozenset[int]], Row]:
    """Read rows under a header: as wide as it, cells of columns nobody asks for as they are."""
    names = [_shown(cell.value).strip() for cell in header]
    while names and not names[-1]:
        names.pop()
    width = len(names)
    asked = [wanted is None or name in wanted for name in names]

    def read(line: int, cells: Sequence[Any], formulas: frozenset[int]) -> Row:
        row = [""] * width
        for index, cell in enumerate(cells):
            if index >= width:
                row.append(_shown(cell.value))
            elif asked[index]:
                try:
                    row[index] = _text(cell, names[index], formula=index in formulas)
                except BadInput as flaw:
                    if bad is None:
                        raise
                    bad(line, flaw)
            else:
                row[index] = _shown(cell.value)
        while len(row) > width and not row[-1]:
            row.pop()
        return row

    return read


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _text(cell: Any, name: str, *, formula: bool) -> str:  # noqa: ANN401 - the library has no types
    """What a cell says, as text; an instant as ISO 8601 without offset. ``formula``: one that was never calculated."""
    if formula:
        raise BadInput(Flaw.MISSING_FIELD, name, "a formula that was never calculated")
    match cell.value:
        case None:
            return ""
        case str() as text:
            if cell.data_type == "e":
                raise BadInput(Flaw.WRONG_TYPE, name, f"{shown(text)} is an error of the spreadsheet")
            return text
        case bool() as flag:
            return str(flag).upper()
        case int() | float() as number:
            return _number(number, cell.number_format or "", name)
        case datetime() as at:
            if at < _AGREED:
                raise BadInput(
                    Flaw.INSTANT_OUT_OF_RANGE, name, "a date before 1900-03-01, which spreadsheets number differently"
                )
            return at.isoformat()
        case date() | time() | timedelta() as value:
            return str(value)
        case value:
            raise BadInput(Flaw.WRONG_TYPE, name, f"{shown(str(value))} is no text, number or date")


def _number(number: float, form: str, name: str) -> str:
    """A number as its cell shows it, in full."""
    if not abs(number) < _EXACT:
        sentence = (
            f"{number:.15G} is a number of more than 15 digits, and a spreadsheet keeps no more: the cell must be text"
        )
        raise BadInput(Flaw.WRONG_TYPE, name, sentence)
    if number != int(number):
        return repr(number)
    return str(int(number)).zfill(len(form) if form and not form.strip("0") else 0)
