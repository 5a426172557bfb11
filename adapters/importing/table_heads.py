"""What a table has to say at its beginning: how it is written, what its columns hold, and which of its rows will not do.

One bad field, row or line tells against itself, and not against the column or the file it stands in.
"""

import csv
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from adapters.importing.csv_file import csv_rows
from adapters.importing.dates import DateFormat, date_format
from adapters.importing.lines import BROKEN_FILE, HEAD_BYTES, opened
from adapters.importing.log_heads import Said
from adapters.importing.rows import Rows
from adapters.importing.sound_mapping import Encoding, Layout
from adapters.importing.values import parse_instant
from adapters.importing.xlsx_file import sheet_names, xlsx_rows
from casecore.errors import BadInput, Fault, Flaw

__all__ = ["Field", "Seen", "TableHead", "begins", "seen_in", "table_head"]

_SAMPLE: Final = 500
"""Rows that are looked at."""
_HEAD_LINES: Final = 20
"""Lines that tell how it is written: from the header on, where that is said."""
_DELIMITERS: Final = ",;\t|，"
_FORMATS: Final = ("iso", "slashes", "compact", "chinese")
_NOTHING: Final = frozenset(
    {"NULL", "null", "None", "NaN", "nan", "N/A", "n/a", "#N/A", "\\N", "-", "--", "/", "无", "9999-12-31", "0000-00-00"}
)
_TIMED: Final = re.compile(r"时间|日期|date|time|_at$", re.IGNORECASE)
_ODD: Final = 4
"""Of so many fields one may be none of what the others are; a single one always may."""


class Field(NamedTuple):
    """A field of the sample."""

    place: str
    text: str
    """Empty where there is nothing, or a word for nothing."""


class Seen(NamedTuple):
    """A column of the sample."""

    name: str
    fields: Sequence[Field]
    nothing: Sequence[str]
    """Words for nothing, as far as they were met."""
    formats: Sequence[str]
    """How its instants are written; none where it holds none."""
    odd: Sequence[Field]
    """Of instants: the fields that are none."""

    @property
    def told(self) -> Sequence[str]:
        """What its fields say, without those that say nothing."""
        return [field.text for field in self.fields if field.text]

    @property
    def gaps(self) -> Sequence[str]:
        """Where a field says nothing."""
        return [field.place for field in self.fields if not field.text]


class TableHead(NamedTuple):
    """The head of a table."""

    said: list[Said]
    seen: list[Seen]
    bad: list[str]
    """Rows and cells that cannot be read, each with its place."""


def begins(path: Path) -> bytes:
    """The first bytes of a file; raises :class:`~casecore.errors.Fault` where it cannot be read."""
    try:
        with opened(path) as file:
            return file.read(HEAD_BYTES)
    except BROKEN_FILE as flaw:
        raise Fault(f"{path.name}: cannot be read: {flaw}") from flaw


def table_head(path: Path, head: bytes, *, sheet: str | None = None, header: int | None = None) -> TableHead:
    """Look at the first rows of a CSV file or a workbook; raises ``BadInput`` where there is nothing to look at."""
    bad: list[str] = []
    if head.startswith(b"PK"):
        layout, said = _sheet(path, sheet, header)
        rows = xlsx_rows(path, layout, None, lambda row, flaw: bad.append(f"row {row}: {flaw}"))
    elif sheet is not None:
        raise BadInput(Flaw.CONTRADICTION, "sheet", f"{path.name} is no workbook, and has none")
    else:
        layout, said = _written(path, head, header)
        rows = csv_rows(path, layout)
    unit = "row" if head.startswith(b"PK") else "line"
    return TableHead(said, _look(path.name, rows, layout.header, unit, bad), bad)


def seen_in(sample: Sequence[Mapping[str, str]], unit: str) -> list[Seen]:
    """The attributes of some cases, or events."""
    names = dict.fromkeys(name for one in sample for name in one)
    return [
        _seen(name, [Field(f"{unit} {n}", one.get(name, "").strip()) for n, one in enumerate(sample, 1)]) for name in names
    ]


def _sheet(path: Path, sheet: str | None, header: int | None) -> tuple[Layout, list[Said]]:
    """Which sheet of a workbook it is, and where its header stands."""
    names = sheet_names(path)
    if sheet is None and len(names) > 1:
        raise BadInput(Flaw.MISSING_FIELD, "sheet", f"{path.name} has the sheets {', '.join(names)}: say which one")
    said = [Said("format", "xlsx")]
    if sheet is not None:
        said.append(Said("sheet", sheet))
    rows = islice(xlsx_rows(path, Layout(sheet=sheet), frozenset()), _HEAD_LINES)
    first = [(line, 0 if isinstance(row, BadInput) else sum(map(bool, row))) for line, row in rows]
    return _beginning(Layout(sheet=sheet), said, header, first)


def _written(path: Path, head: bytes, header: int | None) -> tuple[Layout, list[Said]]:
    """How a CSV file is written, and what a mapping says of it."""
    encoding = _encoding(head, path.name)
    begin = 0 if header is None else header - 1
    lines = head.decode(encoding, "replace").removeprefix("\ufeff").split("\n")[begin : begin + _HEAD_LINES]
    if not lines and len(head) >= HEAD_BYTES:
        raise BadInput(Flaw.TOO_LARGE, "header", f"line {header} of {path.name} is beyond its first {HEAD_BYTES} bytes")
    delimiter = max(_DELIMITERS, key=lambda sign: max((line.count(sign) for line in lines), default=0))
    said = [Said("format", "csv")]
    if encoding is not Encoding.UTF_8:
        said.append(Said("encoding", encoding.value, "from its bytes"))
    if delimiter != ",":
        said.append(Said("delimiter", delimiter))
    first, number = [], 1
    with suppress(csv.Error):  # what stands above the header, or is broken, need be no CSV
        for row in (reader := csv.reader(lines, delimiter=delimiter)):
            first.append((number, len(row)))
            number = reader.line_num + 1
    return _beginning(Layout(encoding=encoding, delimiter=delimiter), said, header, first)


def _beginning(
    layout: Layout, said: list[Said], header: int | None, first: Sequence[tuple[int, int]]
) -> tuple[Layout, list[Said]]:
    """Where the header stands: where it is said, or else on the first of the lines with as many fields as any."""
    why = ""
    if header is None:
        most = max((count for _, count in first), default=0)
        header = next((number for number, count in first if count == most), 1)
        why = "the first one with as many fields as any"
    if header != 1:
        said.append(Said("header", header, why))
    return Layout(encoding=layout.encoding, delimiter=layout.delimiter, sheet=layout.sheet, header=header), said


def _encoding(head: bytes, name: str) -> Encoding:
    """The encoding in which most lines are text: a line that is none in any spoils itself only."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Encoding.UTF_16
    whole = head if len(head) < HEAD_BYTES else head[: head.rfind(b"\n") + 1]
    lines = [line for line in whole.splitlines() if not line.isascii()]
    if 2 * _decoded(lines, Encoding.UTF_8) >= len(lines):
        return Encoding.UTF_8
    if _decoded(lines, Encoding.GB18030):
        return Encoding.GB18030
    raise BadInput(Flaw.UNDECODABLE, name, "is neither UTF-8 nor GB18030, and no mark says it is UTF-16")


def _decoded(lines: Iterable[bytes], encoding: Encoding) -> int:
    """How many lines are text in an encoding."""
    count = 0
    for line in lines:
        try:
            line.decode(encoding)
        except UnicodeDecodeError:
            continue
        count += 1
    return count


def _look(file: str, rows: Rows, header: int, unit: str, bad: list[str]) -> list[Seen]:
    """The columns of the first rows; those that cannot be read are named in ``bad``."""
    found = ((line, row) for line, row in rows if line >= header)
    _, names = next(found, (header, BadInput(Flaw.NOT_CSV, file, "no header")))
    if isinstance(names, BadInput):
        raise names
    names = [name.strip() for name in names]
    sample = []
    for line, row in islice(found, _SAMPLE):
        if isinstance(row, BadInput):
            bad.append(f"{unit} {line}: {row}")
        elif len(row) != len(names):
            bad.append(f"{unit} {line}: {len(row)} fields, the header has {len(names)}")
        else:
            sample.append((f"{unit} {line}", row))
    if not sample:
        why = f" under the header ({unit} {header}): {bad[0]}" if bad else ""
        raise BadInput(Flaw.MISSING_FIELD, file, f"has no rows to look at{why}")
    sound = [(n, name) for n, name in enumerate(names) if name and names.count(name) == 1]
    return [_seen(name, [Field(place, row[n].strip()) for place, row in sample]) for n, name in sound]


def _seen(name: str, fields: Sequence[Field]) -> Seen:
    nothing = sorted({field.text for field in fields if field.text in _NOTHING})
    fields = [field._replace(text="" if field.text in _NOTHING else field.text) for field in fields]
    formats, odd = _formats(name, [field for field in fields if field.text])
    return Seen(name, fields, nothing, formats, odd)


def _formats(name: str, told: Sequence[Field]) -> tuple[Sequence[str], Sequence[Field]]:
    """The forms its instants are written in, and the fields that are none; none where the column holds something else."""
    left, found = told, list[str]()
    readers = {form: _reader(date_format(form, "dates")) for form in _FORMATS}
    while left:
        rest = {form: [field for field in left if not _fits(read, field.text)] for form, read in readers.items()}
        best = min(rest, key=lambda form: len(rest[form]))
        if len(rest[best]) == len(left):
            break
        found.append(best)
        left = rest[best]
    if not found or len(left) > max(1, len(told) // _ODD):
        return (), ()
    numbers = "compact" in found and any(field.text.isdigit() for field in left)
    if numbers and not _TIMED.search(name):
        return (), ()  # numbers that begin with a date are numbers
    return found, left


def _fits(read: Callable[[str], object], text: str) -> bool:
    try:
        return read(text) is not None
    except (ValueError, OverflowError):
        return False


def _reader(form: DateFormat) -> Callable[[str], object]:
    return form.read or (lambda text: parse_instant(text, "dates"))
